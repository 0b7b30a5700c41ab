"""Naskah memiliki ringkasan (description) sepanjang 40 sampai 200 huruf.

Ringkasan tampil di daftar berita, hasil pencarian, dan tautan yang dibagikan; tanpanya pembaca hanya melihat judul.
Ringkasan yang hanya mengulang judul tidak menambah apa pun.
Sumber: docs/jenis-naskah.md (isian description).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.kinds import BLANK, KINDS
from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
GOOD = Example(fields={"description": "Sidang keliling pertama tahun ini memangkas waktu dan biaya warga Wanayasa."})
BAD = (
    Example(fields={"description": None}),
    Example(fields={"description": '""'}),
    Example(fields={"description": "Sidang keliling."}),
    Example(fields={"description": "kata " * 41}),
    Example(
        fields={
            "title": "Sidang keliling pertama tahun 2026 di Wanayasa",
            "description": "Sidang keliling pertama tahun 2026 di Wanayasa.",
        }
    ),
)


def check(document: Document) -> Iterator[Finding]:
    """Yield a finding where the description is absent, too short, too long or the title again."""
    if not document.field_lines:
        return  # the front matter as a whole could not be read
    text, line = str(document.fields.get("description", "")), document.line_of("description")
    entry = KINDS[document.kind].by_name["description"]
    least, most = entry.minimum or 0, entry.maximum or len(text)
    if not text:
        yield Finding(
            line=line,
            message="Naskah belum memiliki ringkasan.",
            hint=f"Tulis satu atau dua kalimat, seperti: description: {entry.example}",
        )
    elif BLANK.search(text):
        return  # the rule "unfinished" says it better
    elif not least <= len(text) <= most:
        yield Finding(
            line=line,
            level=Level.WARNING,
            message=f"Ringkasan {len(text)} huruf; sebaiknya {least} sampai {most}.",
            hint="Ceritakan isi naskah dalam satu atau dua kalimat.",
        )
    elif _plain(text) == _plain(document.title):
        yield Finding(
            line=line,
            level=Level.WARNING,
            message="Ringkasan hanya mengulang judul.",
            hint="Tulis hal terpenting yang belum ada di judul.",
        )


def _plain(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())
