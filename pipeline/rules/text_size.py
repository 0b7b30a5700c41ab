"""Teks naskah tidak melebihi 200 kB.

Teks sepanjang itu (sekitar seratus halaman) biasanya gambar atau berkas lain yang tertempel tanpa sengaja, dan bagian
yang melewati batas tidak dapat diperiksa. Sumber: rancangan Redaksi, bagian 7 (batas ukuran).
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
GOOD = "Sidang berlangsung tertib.\n"
BAD = Example(source=b"---\ntitle: Sidang\n---\n" + b"Sidang berlangsung tertib.\n" * 10_000)


def check(document: Document) -> Iterator[Finding]:
    """Yield what the reader said of the text's length."""
    return from_reading(document, "text-size")
