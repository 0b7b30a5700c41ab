"""Foto tidak memuat data tersembunyi seperti lokasi pengambilan.

Telepon genggam menyimpan letak, waktu, dan nama perangkat di dalam berkas foto; siapa pun yang mengunduh foto dapat
membacanya, dan riwayat Git menyimpannya selamanya. Sumber: UU 27/2022 tentang Pelindungan Data Pribadi; Exif 2.32.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.model import Finding, Level
from pipeline.picture_metadata import metadata_in, picture_type
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Attachment, Document

LEVEL = Level.ERROR
FOR_EVER = True
EXCUSABLE = False

_BARE: Final = bytes.fromhex("ffd8 ffdb0003 01 ffc0000b 08 0001 0001 01 01 11 00 ffda0008 01 01 00 00 3f 00 00 ffd9")
_COMMENT: Final = bytes.fromhex("fffe") + (2 + len(b"diambil di rumah")).to_bytes(2, "big") + b"diambil di rumah"

GOOD = Example(body="![Ketua membuka sidang](sidang.jpg)\n", files={"sidang.jpg": _BARE})
BAD = (
    Example(body="![Ketua membuka sidang](sidang.jpg)\n", files={"sidang.jpg": _BARE[:2] + _COMMENT + _BARE[2:]}),
    Example(files={"data.csv": _BARE[:2] + _COMMENT + _BARE[2:]}),
    Example(files={"sidang.jpg": b"bukan foto"}),
)

_PICTURE_NAME: Final = re.compile(r".*\.(?:jpe?g|png|webp|gif|heic|heif|avif|bmp|tiff?)", re.IGNORECASE | re.DOTALL)


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per picture whose file carries more than a picture, or can't be looked into."""
    for attachment in document.attachments:
        if is_picture(attachment) and (found := metadata_in(attachment.data)):
            yield Finding(
                path=attachment.name,
                message=f"Foto {attachment.name} belum bersih: {', '.join(found)}.",
                hint="Foto JPEG, PNG, dan WebP dibersihkan sendiri oleh redaksi submit; berkas lain simpan dahulu sebagai JPEG.",
            )


def is_picture(attachment: Attachment) -> bool:
    """Whether a file is a picture by its bytes or by its name."""
    return picture_type(attachment.data) is not None or _PICTURE_NAME.fullmatch(attachment.name) is not None
