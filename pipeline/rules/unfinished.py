"""Bagian contoh dari templat sudah diganti atau dihapus.

Naskah baru berisi tanda seperti "…isi: siapa yang hadir…" sebagai penuntun. Tanda yang tertinggal, juga "lorem ipsum"
dari contoh rancangan, pernah tayang di banyak situs kantor. Sumber: pipeline/kinds.py (templat naskah baru).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.kinds import BLANK
from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
EXCUSABLE = False
GOOD = "Pengadilan mengisi formulir… lalu menyerahkannya. Isi: lihat lampiran.\n"
BAD = (
    "Ketua membuka sidang.\n\n…isi: siapa yang hadir…\n",
    "...isi: apa hasilnya...\n",
    "Lorem ipsum dolor sit amet.\n",
    Example(fields={"description": '"…isi: ringkasan satu atau dua kalimat, 40 sampai 200 huruf…"'}),
)

_FILLER: Final = re.compile(r"\blorem\s+ipsum\b", re.IGNORECASE)


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per line of the file that still holds a blank of the template or filler text."""
    for number, line in enumerate(document.source.split("\n"), 1):
        if blank := BLANK.search(line):
            yield Finding(
                line=number,
                column=blank.start() + 1,
                message=f"Belum diisi: {blank['what'].strip(' .') or 'bagian dari templat'}.",
                hint="Ganti seluruh tanda dari … sampai … dengan isinya, atau hapus barisnya.",
            )
        elif filler := _FILLER.search(line):
            yield Finding(
                line=number,
                column=filler.start() + 1,
                message='Teks contoh "lorem ipsum" masih tertinggal.',
                hint="Ganti dengan isi yang sebenarnya, atau hapus.",
            )
