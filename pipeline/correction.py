"""Correction notices (``ralat``): what a published text said wrongly, and the day on which the court put it right.

Pure. It shows what is written and says when one is missing; it never guesses what was wrong, and judges no wording.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from pipeline.kinds import KINDS

if TYPE_CHECKING:
    from pipeline.model import Document

FIELD: Final = "ralat"
_TOLD: Final = ("title", "tanggal", "tempat")  # what a reader was told beside the text


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """One notice: the day of the correction, and what the text says now that it did not say before."""

    day: date
    text: str


def corrections(document: Document) -> tuple[Correction, ...]:
    """The notices of a document, newest first; one without day or text is left out (rule ``correction`` tells it)."""
    entries = document.fields.get(FIELD)
    found = [_read(entry) for entry in entries] if isinstance(entries, tuple) else []
    return tuple(sorted((each for each in found if each), key=lambda each: each.day, reverse=True))


def needs_correction_notice(before: Document, after: Document) -> bool:
    """Whether an edit of the published item ``before`` says something else to readers and tells nobody.

    Only items with a day (news, announcements) are asked for one: a page is expected to follow what it describes.
    Spacing and line breaks are no change.
    """
    is_dated = KINDS[after.kind].field("tanggal") is not None
    has_new_one = bool(set(corrections(after)) - set(corrections(before)))
    return is_dated and not has_new_one and _said(before) != _said(after)


def _read(entry: object) -> Correction | None:
    if not isinstance(entry, Mapping):
        return None
    day, text = entry.get("tanggal"), entry.get("isi")
    return Correction(day=day, text=text) if isinstance(day, date) and isinstance(text, str) and text else None


def _said(document: Document) -> tuple[str, ...]:
    words = (document.body, *(str(document.fields.get(name, "")) for name in _TOLD))
    return tuple(" ".join(text.split()) for text in words)
