"""What stands at an address that no longer shows its document: taken down, or its time is over. Pure.

The address is kept, so that a link or a bookmark finds an answer instead of an error. Of the document itself nothing stays
but the title.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from pipeline.kinds import KINDS
from pipeline.site import dates, timetable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.model import Document
    from pipeline.site.catalogue import Entry
    from pipeline.site.evidence import Withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """An address and what it says now; ``title`` may be empty."""

    path: str
    title: str
    sentence: str
    is_withdrawn: bool

    @property
    def url(self) -> str:
        """The address, relative to the root of the site."""
        return f"{self.path}/"

    @property
    def mark(self) -> str:
        """One word on what became of it."""
        return "Ditarik" if self.is_withdrawn else "Berakhir"

    @property
    def heading(self) -> str:
        """What the page is called in the browser's tab and in shared links."""
        return f"{self.mark}: {self.title}" if self.title else "Halaman yang sudah ditarik"


def withdrawn(path: str, told: Withdrawn, timezone: str) -> Gone:
    """The page at ``path`` was taken down."""
    day = dates.day(told.on.astimezone(ZoneInfo(timezone)).date())
    reason = " ".join(told.reason.split()).rstrip(".")
    sentence = f"Halaman ini ditarik pada {day} karena {reason}."
    return Gone(path=path, title=told.title, sentence=sentence, is_withdrawn=True)


def ended(document: Document) -> Gone:
    """The last day of ``document`` is over."""
    last = timetable.last_day(document)
    until = f" pada {dates.day(last)}" if last else ""
    sentence = f"Masa tayang {KINDS[document.kind].label.lower()} ini berakhir{until}."
    return Gone(path=document.path, title=document.title, sentence=sentence, is_withdrawn=False)


def links_to(gone: Iterable[Gone], entries: Iterable[Entry]) -> Iterator[str]:
    """A sentence for each link in a shown text that leads to such an address."""
    marks = {f"/{each.url}": each.mark.lower() for each in gone}
    for entry in entries:
        for link in entry.document.links:
            if mark := marks.get(link.href.partition("#")[0]):
                yield f"{entry.path} baris {link.line}: tautan {link.href} menuju halaman yang sudah {mark}."
