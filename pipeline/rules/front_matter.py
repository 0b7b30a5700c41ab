"""Bagian isian di awal naskah ditutup dengan garis --- dan tersusun rapi.

Bagian isian yang tidak ditutup akan tampil sebagai teks di situs, dan isian yang ditulis dua kali membuat orang membaca
nilai yang berbeda dari yang tayang. Berkas harus berupa teks UTF-8 yang diawali garis --- pada baris pertama.
Sumber: rancangan Redaksi, bagian 7 (aturan data).
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
GOOD = Example(fields={"tags": "[layanan, sidang keliling]"})
BAD = (
    Example(fields={"tempat": "Wanayasa\ntempat: Batur"}),
    Example(source=b"---\ntitle: Sidang keliling\n\nIsi naskah tanpa garis penutup.\n"),
    Example(source=b"Isi naskah tanpa isian.\n"),
    Example(source=b"\xef\xbb\xbf---\ntitle: Sidang keliling\n---\n"),
    Example(source=b"\n---\ntitle: Sidang keliling\n---\n"),
    Example(source=b"---\ntitle: \xff\xfe\n---\n"),
    Example(source=b"PK\x03\x04\0\0\0\0"),
)


def check(document: Document) -> Iterator[Finding]:
    """Yield what the reader found wrong with the form of the front matter and the encoding of the file."""
    return from_reading(document, "front-matter")
