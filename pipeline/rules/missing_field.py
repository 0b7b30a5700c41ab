"""Isian yang wajib bagi jenis naskahnya sudah ditulis.

Tanpa nomor, judul, atau tanggal, naskah tidak dapat dikenali, didaftar, dan diurutkan. Ringkasan memiliki aturannya
sendiri. Sumber: docs/jenis-naskah.md (tabel isian setiap jenis naskah).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.kinds import KINDS
from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
EXCUSABLE = False
GOOD = Example()
BAD = (Example(fields={"title": None}), Example(fields={"tanggal": None}), Example(fields={"id": '""'}))


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per required field that is absent or empty; a wrong value is ``field_value``'s finding."""
    if not document.field_lines:
        return  # the front matter as a whole could not be read: one finding says so, five more hide it
    reported = {problem.line for problem in document.problems}
    for entry in KINDS[document.kind].fields:
        if not entry.required or entry.name in document.fields or entry.name == "description":
            continue
        if document.line_of(entry.name) in reported and entry.name in document.field_lines:
            continue
        yield Finding(
            line=document.line_of(entry.name),
            message=f"Isian {entry.name} ({entry.label.lower()}) belum ada.",
            hint=entry.help if entry.pattern else f"Tulis seperti: {entry.name}: {entry.example}",
        )
