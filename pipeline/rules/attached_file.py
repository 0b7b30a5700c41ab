"""Di samping naskah hanya ada foto (JPEG, PNG, WebP) dan data (CSV, YAML).

Berkas Word, PDF, SVG, dan arsip dapat memuat program, komentar, dan riwayat perubahan yang ikut terunduh pembaca;
isinya belum dapat diperiksa, jadi belum dapat tayang. Nama berkas menjadi alamat di situs, maka ditulis sederhana.
Sumber: rancangan Redaksi, bagian 7 (batas); CWE-434.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
EXCUSABLE = False
GOOD = Example(files={"biaya.csv": b"jenis,biaya\n"})
BAD = (
    Example(files={"laporan.docx": b"PK"}),
    Example(files={"lampiran/sidang.jpg": b""}),
    Example(files={"gambar.svg": b"<svg/>"}),
    Example(files={"surat putusan.csv": b""}),
    Example(files={"a.csv": b"", "A.csv": b""}),
)

_ALLOWED: Final = re.compile(r".*\.(?:jpe?g|png|webp|csv|ya?ml)", re.IGNORECASE | re.DOTALL)
_HEIC: Final = re.compile(r".*\.hei[cf]", re.IGNORECASE | re.DOTALL)
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per file that may not stand beside a document, by its name."""
    seen: dict[str, str] = {}
    for attachment in document.attachments:
        name = attachment.name
        if problem := _problem(name):
            yield Finding(path=name, message=f"Berkas {_shown(name)} {problem[0]}", hint=problem[1])
        if name.casefold() in seen:
            yield Finding(
                path=name,
                message=f"Berkas {_shown(name)} dan {_shown(seen[name.casefold()])} hanya berbeda huruf besar-kecilnya.",
                hint="Ganti nama salah satunya; di Windows keduanya dianggap sama.",
            )
        seen[name.casefold()] = name


def _problem(name: str) -> tuple[str, str] | None:
    if "/" in name:
        return "berada di dalam folder lain.", "Letakkan berkas langsung di samping index.md."
    if _HEIC.fullmatch(name):
        return "berjenis HEIC, yang tidak dibuka semua peramban.", "Simpan foto sebagai JPEG, lalu ganti berkasnya."
    if not _ALLOWED.fullmatch(name):
        return "bukan foto atau data yang dapat ditayangkan.", "Pindahkan berkas itu; tulis isinya di naskah."
    if not _NAME.fullmatch(name):
        return "memakai spasi atau tanda khusus pada namanya.", "Ganti namanya dengan huruf, angka, dan tanda hubung."
    return None


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in name)[:80]
