"""Tidak ada kata yang tertulis dua kali berturut-turut.

Kata ganda seperti "di di" muncul ketika kalimat disunting dan mengganggu pembaca layar. Kata ulang ditulis dengan tanda
hubung (masing-masing). Sumber: EYD edisi V, bagian bentuk ulang.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline import markdown
from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.model import Document, Passage

LEVEL = Level.WARNING
GOOD = (
    "Hak-hak para pihak dijelaskan; masing-masing pihak, pihak lain, dan undang-undang undangan.\n",
    "Semua yang ada ada di lampiran. Rapat selesai. Selesai pukul 10.00.\n",
    "- Wanayasa\n- Wanayasa Barat\n",
    "| Jenis | Jenis |\n|---|---|\n| gugatan | gugatan |\n",
)
BAD = (
    "Sidang digelar di di Wanayasa.\n",
    "Sidang digelar di\ndi Wanayasa.\n",
    "Sidang **yang** yang pertama.\n",
    "Masing masing pihak hadir.\n",
    Example(fields={"title": "Sidang keliling di di Wanayasa"}),
    Example(body="![Ketua membuka membuka sidang](sidang.jpg)\n"),
)

_DOUBLED: Final = re.compile(r"(?<![\w-])([^\W\d_]{2,})\s+(\1)(?![\w-])", re.IGNORECASE)
_LEGITIMATE: Final = frozenset({"ada", "baden", "bora", "pago", "wagga", "walla"})
"""Words that may stand twice: "yang ada ada di ...", and names of places."""

_PARTICLES: Final = frozenset(
    {
        "di",
        "ke",
        "dari",
        "dan",
        "yang",
        "untuk",
        "pada",
        "dengan",
        "ini",
        "itu",
        "akan",
        "atau",
        "oleh",
        "dalam",
        "para",
    }
)


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per word written twice in a row, across the lines of a paragraph too."""
    for name in ("title", "description"):
        yield from _in_text(str(document.fields.get(name, "")), (document.line_of(name),))
    for paragraph in markdown.parse(document.body, document.body_line).paragraphs:
        yield from _in_text("\n".join(passage.text for passage in paragraph), _lines(paragraph))
    for image in document.images:
        for text in (image.alt, image.title):
            yield from _in_text(text, (image.line,))


def _remedy(word: str) -> str:
    hint = "Hapus salah satunya"
    return f"{hint}." if word in _PARTICLES else f"{hint}; bila kata ulang, tulis {word}-{word}."


def _lines(paragraph: Iterable[Passage]) -> tuple[int, ...]:
    return tuple(passage.line for passage in paragraph)


def _in_text(text: str, lines: tuple[int, ...]) -> Iterator[Finding]:
    """Findings in ``text``, whose lines stand on ``lines`` of the file."""
    for found in _DOUBLED.finditer(text):
        word = found[2]
        if word.casefold() not in _LEGITIMATE:
            yield Finding(
                line=lines[min(text.count("\n", 0, found.start(2)), len(lines) - 1)],
                message=f'Kata "{word}" tertulis dua kali.',
                hint=_remedy(word.casefold()),
            )
