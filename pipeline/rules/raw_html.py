"""Naskah tidak memuat HTML.

HTML di dalam naskah tidak dijalankan, melainkan tampil apa adanya di situs, sehingga pembaca melihat tanda yang tidak
berarti. Teks, tabel, dan catatan kaki ditulis dengan Markdown.
Sumber: rancangan Redaksi, bagian 5 (satu Markdown); OWASP Cross Site Scripting Prevention.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from pipeline import markdown
from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
EXCUSABLE = False
GOOD = (
    "Biaya < Rp500.000 dan waktu > 1 jam; lihat <https://www.mahkamahagung.go.id>.\n",
    "Tulis `<b>` bila perlu.\n\n```\n<div>\n```\n",
    "Baris pertama  \nbaris kedua &amp; seterusnya.\n",
)
BAD = (
    "Sidang <b>tertib</b>.\n",
    "<script>alert(1)</script>\n",
    "<div style='color:red'>\n\nPenting\n\n</div>\n",
    "Sidang <!-- catatan --> tertib.\n",
    "| a |\n|---|\n| <br> |\n",
    Example(fields={"title": "Sidang <i>keliling</i>"}),
)

_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]*>|<!--")
_MOST_SHOWN: Final = 30


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per line that holds HTML, and per field that holds a tag."""
    for name, value in document.fields.items():
        if isinstance(value, str) and (tag := _TAG.search(value)):
            yield _finding(tag[0], document.line_of(name))
    pieces = {piece.line: piece.text for piece in reversed(list(markdown.raw_html(document.body, document.body_line)))}
    yield from (_finding(text, line) for line, text in sorted(pieces.items()))


def _finding(html: str, line: int) -> Finding:
    first = html.split("\n", 1)[0]
    shown = first if len(first) <= _MOST_SHOWN else first[: _MOST_SHOWN - 1] + "…"
    return Finding(
        line=line,
        message=f"Naskah memuat HTML: {shown}",
        hint="Hapus tandanya dan pakai Markdown (**tebal**, *miring*). Bila memang teks, tulis \\ sebelum tanda <.",
    )
