"""Nilai setiap isian sesuai bentuknya: tanggal, jam, bilangan, ya/tidak, atau daftar.

Situs menyusun daftar, urutan, dan saat terbit dari nilai isian. Nilai yang bentuknya keliru tidak boleh ditebak.
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
GOOD = Example(fields={"terbit": "2026-01-30 10:30"})
BAD = (
    Example(fields={"tanggal": "30 Januari 2026"}),
    Example(fields={"terbit": "besok pagi"}),
    Example(fields={"tags": "layanan"}),
    Example(fields={"id": "1"}),
    Example(fields={"izinkan": "[nik]"}),
    Example(fields={"mendesak": "mungkin"}, path="pengumuman/2026/jam-layanan"),
    Example(fields={"urutan": "pertama", "tanggal": None}, path="layanan/biaya-perkara"),
)


def check(document: Document) -> Iterator[Finding]:
    """Yield what the reader could not read as the field's type."""
    return from_reading(document, "field-value")
