"""Setiap foto memiliki teks alternatif (uraian foto untuk pembaca layar).

Pembaca layar membacakannya bagi pengunjung yang tidak melihat foto; keterangan foto (caption) adalah hal lain. Nama
berkas atau kata "foto" saja tidak menguraikan apa pun. Sumber: WCAG 2.2, kriteria 1.1.1.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document, Image

LEVEL = Level.ERROR
GOOD = "![Ketua membuka sidang keliling](sidang.jpg)"
BAD = (
    "![](sidang.jpg)",
    "![sidang.jpg](sidang.jpg)",
    "![IMG_20260130_0912](foto.jpg)",
    "![WhatsApp Image 2026-01-30 at 09.12.00](foto.jpg)",
    "![Foto kegiatan](sidang.jpg)",
    Example(body="![sidang keliling 1](sidang-keliling-1.jpg)"),
)

_REMEDY: Final = "Tulis satu kalimat di antara [ dan ]: ![Ketua membuka sidang](sidang.jpg)"
_FILE_NAME: Final = re.compile(
    r".*\.(?:jpe?g|png|webp|gif|heic)|(?:img|dsc|pxl|vid|screenshot|p)[ _-]?\d{3,}[\w -]*|whatsapp image .*",
    re.IGNORECASE,
)
_EMPTY_WORDS: Final = re.compile(
    r"(?:(?:foto|gambar|dokumentasi|image|picture|kegiatan|bersama|berita|ini|\d+)\W*)+", re.IGNORECASE
)


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per image without a description, or with one that describes nothing."""
    for image in document.images:
        if not image.alt:
            yield Finding(line=image.line, message=f"Foto {image.src} belum memiliki teks alternatif.", hint=_REMEDY)
        elif _is_file_name(image):
            yield Finding(line=image.line, message=f"Teks alternatif foto {image.src} hanya nama berkas.", hint=_REMEDY)
        elif _EMPTY_WORDS.fullmatch(image.alt):
            yield Finding(
                line=image.line,
                level=Level.WARNING,
                message=f'Teks alternatif "{image.alt}" tidak menguraikan isi foto.',
                hint=_REMEDY,
            )


def _is_file_name(image: Image) -> bool:
    alt, stem = image.alt.strip(), PurePosixPath(image.src).stem
    same = re.sub(r"[\W_]+", " ", alt).casefold() == re.sub(r"[\W_]+", " ", stem).casefold()
    return bool(_FILE_NAME.fullmatch(alt)) or (same and bool(re.search(r"[\d_-]|^\S+$", stem)))
