"""Foto di folder naskah dipakai di dalam naskah.

Foto yang tidak disebut di naskah tidak tampil di situs, tetapi tetap tersimpan selamanya di riwayat. Biasanya nama
berkasnya salah ketik, atau fotonya lupa dihapus. Sumber: rancangan Redaksi, bagian 4 (riwayat tidak dapat dihapus).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

from pipeline.model import Finding, Level
from pipeline.rules import Example
from pipeline.rules.photo_metadata import is_picture

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.HINT
GOOD = Example(body="![Ketua membuka sidang](sidang.jpg)\n", files={"sidang.jpg": b"", "biaya.csv": b""})
BAD = Example(body="![Ketua membuka sidang](sidang.jpg)\n", files={"sidang.jpg": b"", "rapat.jpg": b""})


def check(document: Document) -> Iterator[Finding]:
    """Yield one hint per picture that the text does not show."""
    used = {unquote(image.src) for image in document.images}
    for attachment in document.attachments:
        if is_picture(attachment) and attachment.name not in used:
            yield Finding(
                path=attachment.name,
                message=f"Foto {attachment.name} tidak dipakai di dalam naskah.",
                hint=f"Tulis ![uraian foto]({attachment.name}) di tempatnya, atau hapus berkasnya.",
            )
