"""Alamat naskah terdiri atas huruf kecil, angka, dan tanda hubung, sesuai jenis naskahnya.

Alamat dibuat sekali dan tidak berubah lagi. Bentuknya harus sah di Linux dan Windows, paling panjang 180 huruf, dan
menunjukkan jenisnya: berita/2026/sidang-keliling. Sumber: rancangan Redaksi, bagian 7 (slug dan panjang alamat).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.kinds import KINDS, MAX_PATH, is_document_path
from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
EXCUSABLE = False
GOOD = (
    Example(path="berita/2026/sidang-keliling"),
    Example(path="layanan/biaya-perkara", fields={"tanggal": None}),
)
BAD = (
    Example(path="berita/2026/Sidang Keliling"),
    Example(path="berita/sidang-keliling"),
    Example(path="layanan/perkara/biaya", fields={"tanggal": None}),
    Example(path=f"berita/2026/{'sidang-' * 30}"),
)


def check(document: Document) -> Iterator[Finding]:
    """Yield a finding where a document on a shelf does not stand where its kind belongs; a loose file has no place."""
    if document.shelf is not None and not is_document_path(document.path):
        yield Finding(
            message=f"Alamat naskah {document.path[:MAX_PATH]} tidak sesuai bentuknya.",
            hint=f"Pindahkan foldernya menjadi {KINDS[document.kind].shape}, dengan huruf kecil, angka, dan tanda hubung.",
        )
