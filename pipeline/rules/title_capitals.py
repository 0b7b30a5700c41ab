"""Judul tidak ditulis dengan huruf besar semua.

Kalimat berhuruf besar semua lebih lambat dibaca, dieja huruf demi huruf oleh sebagian pembaca layar, dan menyamarkan
singkatan. Singkatan seperti PTSP dan SIPP tetap ditulis besar.
Sumber: EYD edisi V, bagian huruf kapital.
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
GOOD = (
    Example(fields={"title": "Sidang keliling di Wanayasa"}),
    Example(fields={"title": "IPKP dan IPAK PA Banjarnegara"}),
    Example(fields={"title": "SIPP, SIWAS, DIPA"}),
    Example(fields={"title": "SE KMA RI Nomor 2 Tahun 2026"}),
)
BAD = (
    Example(fields={"title": "SIDANG KELILING DI WANAYASA"}),
    Example(fields={"title": "PENGUMUMAN"}),
    Example(body="## SYARAT PENDAFTARAN\n"),
)

_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_LONGEST_ABBREVIATION: Final = 5
_SHARE: Final = 0.7
_SMALL: Final = frozenset("di ke dari dan atau yang untuk pada dalam dengan oleh bagi serta tentang kepada".split())  # noqa: SIM905 - a list of words reads as one
_ABBREVIATIONS: Final = frozenset("PA PTA MA RI PTSP SIPP SIWAS DIPA SK SE KMA TI IT HUT WIB WBK WBBM LHKPN".split())  # noqa: SIM905 - as above


def check(document: Document) -> Iterator[Finding]:
    """Yield a finding for a title in capitals (an error) and for each such heading (a warning)."""
    title = str(document.fields.get("title", ""))
    if is_shouted(title):
        yield Finding(
            line=document.line_of("title"),
            message="Judul ditulis dengan huruf besar semua.",
            hint=f"Tulis seperti kalimat biasa, misalnya: {_calm(title)}",
        )
    for heading in document.headings:
        if is_shouted(heading.text):
            yield Finding(
                line=heading.line,
                level=Level.WARNING,
                message="Subjudul ditulis dengan huruf besar semua.",
                hint=f"Tulis seperti kalimat biasa, misalnya: {_calm(heading.text)}",
            )


def is_shouted(text: str) -> bool:
    """Whether most letters stand in words of capitals, among them one too long to be an abbreviation."""
    words = _WORD.findall(text)
    loud = [word for word in words if word.isupper()]
    if not any(len(word) > _LONGEST_ABBREVIATION for word in loud):
        return False
    return sum(map(len, loud)) >= _SHARE * sum(map(len, words))


def _calm(text: str) -> str:
    """A first proposal in title case; the writer knows the names better."""

    def spelled(found: re.Match[str]) -> str:
        word = found[0]
        if word in _ABBREVIATIONS:
            return word
        return word.lower() if word.lower() in _SMALL and found.start() else word.capitalize()

    return _WORD.sub(spelled, text)
