"""When a document appears and goes by time alone: ``terbit`` opens it, the end of the day ``tayang_sampai`` closes it.

Pure; days and times are the court's own. Nobody decides anything at these moments: what they do was approved beforehand.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Document


class Phase(StrEnum):
    """Where a published document is in its time."""

    WAITING = "menunggu"
    SHOWN = "tayang"
    ENDED = "berakhir"


def phase(document: Document, now: datetime, timezone: str) -> Phase:
    """Whether ``document`` waits, is shown, or has ended at ``now`` (aware)."""
    first, end = opens(document, timezone), closes(document, timezone)
    if first is not None and now < first:
        return Phase.WAITING
    return Phase.ENDED if end is not None and now >= end else Phase.SHOWN


def next_change(documents: Iterable[Document], now: datetime, timezone: str) -> datetime | None:
    """The first moment after ``now`` at which time alone changes the site; None where nothing is ahead."""
    moments = (moment for document in documents for moment in (opens(document, timezone), closes(document, timezone)))
    return min((moment for moment in moments if moment is not None and moment > now), default=None)


def opens(document: Document, timezone: str) -> datetime | None:
    """The moment of ``terbit``, which is written in the court's zone."""
    due = document.fields.get("terbit")
    if not isinstance(due, datetime):
        return None
    return due if due.tzinfo else due.replace(tzinfo=ZoneInfo(timezone))


def closes(document: Document, timezone: str) -> datetime | None:
    """The midnight after the last day (``tayang_sampai``)."""
    last = last_day(document)
    if last is None or last == date.max:
        return None
    return datetime.combine(last + timedelta(days=1), time(), ZoneInfo(timezone))


def last_day(document: Document) -> date | None:
    """The last day on which the document is shown, where it has one."""
    value = document.fields.get("tayang_sampai")
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
