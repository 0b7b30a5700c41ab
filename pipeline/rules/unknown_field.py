"""Setiap isian di awal naskah dikenal oleh jenis naskahnya.

Isian yang salah ketik tidak akan pernah terbaca, padahal penulisnya mengira sudah berlaku: "tayang_smpai" membuat
pengumuman tayang terus. Karena itu isian yang tidak dikenal ditolak, dengan isian terdekat sebagai petunjuk.
Sumber: docs/jenis-naskah.md (tabel isian setiap jenis naskah).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Level
from pipeline.rules import Example, from_reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document, Finding

LEVEL = Level.ERROR
EXCUSABLE = False
GOOD = Example(fields={"tempat": "Wanayasa"})
BAD = (Example(fields={"tmpat": "Wanayasa"}), Example(fields={"urutan": "3"}), Example(fields={"penulis": "Tim TI"}))


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per field that the kind's table does not know."""
    return from_reading(document, "unknown-field")
