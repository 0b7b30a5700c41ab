"""Every document of the site in the order in which visitors meet them; pure, and without a word of HTML.

It sorts, groups and relates. It reads no file, draws nothing and knows no name of a court or of a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final

from pipeline.correction import corrections

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.correction import Correction
    from pipeline.model import Document
    from pipeline.office import Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A kind whose documents come one after another, each with its day: its folder, and how its list presents itself."""

    kind: str
    title: str
    description: str
    one: str
    template: str


STREAMS: Final = (
    Stream(
        kind="berita",
        title="Berita",
        description="Kegiatan dan layanan pengadilan, dari yang terbaru.",
        one="berita",
        template="stream.html",
    ),
    Stream(
        kind="pengumuman",
        title="Pengumuman",
        description="Pengumuman resmi pengadilan yang masih tayang.",
        one="pengumuman",
        template="announcements.html",
    ),
)


_WINDOW: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A document as the site shows it; ``url`` is relative to the root of the site and ends in a slash."""

    document: Document
    url: str

    @property
    def path(self) -> str:
        """The document's path, without shelf."""
        return self.document.path

    @property
    def kind(self) -> str:
        """Name of the document's kind."""
        return self.document.kind

    @property
    def title(self) -> str:
        """The document's title."""
        return self.document.title

    @property
    def description(self) -> str:
        """The summary for lists, search and sharing; may be empty in a preview."""
        return self.text("description")

    @property
    def day(self) -> date | None:
        """The day of the event or of the announcement."""
        return self.day_of("tanggal")

    @property
    def folder(self) -> str:
        """First segment of the path: a stream's kind or a section's slug."""
        return self.path.partition("/")[0]

    @property
    def group(self) -> str:
        """Second segment of a dated document's path: its year."""
        return self.path.split("/")[1] if self.path.count("/") > 1 else ""

    @property
    def corrections(self) -> tuple[Correction, ...]:
        """What was put right after publication, newest first."""
        return corrections(self.document)

    @property
    def corrected(self) -> date | None:
        """The day of the latest correction."""
        return next((each.day for each in self.corrections), None)

    @property
    def is_urgent(self) -> bool:
        """Whether an announcement asks to stand on every page."""
        return self.document.fields.get("mendesak") is True

    def text(self, name: str) -> str:
        """The field ``name`` as text, empty where it is missing."""
        value = self.document.fields.get(name)
        return value if isinstance(value, str) else ""

    def day_of(self, name: str) -> date | None:
        """The field ``name`` where it is a day."""
        value = self.document.fields.get(name)
        return value if isinstance(value, date) and not isinstance(value, datetime) else None

    def lines(self, name: str) -> tuple[str, ...]:
        """The field ``name`` as a list of lines."""
        value = self.document.fields.get(name)
        return tuple(str(item) for item in value) if isinstance(value, tuple) else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPages:
    """A section of the site and its pages by ``urutan``, then title."""

    section: Section
    entries: tuple[Entry, ...]

    @property
    def url(self) -> str:
        """Where the section's landing page stands."""
        return f"{self.section.slug}/"


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Sections in the office's order, streams newest first; what waits or has ended is not in it."""

    sections: tuple[SectionPages, ...]
    streams: tuple[tuple[Stream, tuple[Entry, ...]], ...]

    def entries(self) -> Iterator[Entry]:
        """All documents that the site shows."""
        for section in self.sections:
            yield from section.entries
        for _, entries in self.streams:
            yield from entries

    def of(self, kind: str) -> tuple[Entry, ...]:
        """Documents of a stream, newest first."""
        return next((entries for stream, entries in self.streams if stream.kind == kind), ())

    def section(self, slug: str) -> SectionPages | None:
        """The section ``slug``, or None."""
        return next((section for section in self.sections if section.section.slug == slug), None)

    def announcements(self) -> tuple[Entry, ...]:
        """Announcements, urgent ones first."""
        return tuple(sorted(self.of("pengumuman"), key=lambda entry: not entry.is_urgent))

    def urgent(self) -> tuple[Entry, ...]:
        """Announcements that stand on every page."""
        return tuple(entry for entry in self.announcements() if entry.is_urgent)


def arrange(entries: Iterable[Entry], sections: Sequence[Section]) -> Catalogue:
    """Sort documents into sections and streams; a document of no section and no stream is left out."""
    by_folder: dict[str, list[Entry]] = {}
    for entry in entries:
        by_folder.setdefault(entry.folder, []).append(entry)
    return Catalogue(
        sections=tuple(
            SectionPages(section=section, entries=tuple(sorted(by_folder.get(section.slug, ()), key=_page_order)))
            for section in sections
        ),
        streams=tuple((stream, _newest_first(by_folder.get(stream.kind, ()))) for stream in STREAMS),
    )


def years(entries: Sequence[Entry]) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    """Entries by the year in their path, latest year first."""
    ordered = sorted(entries, key=lambda entry: entry.group, reverse=True)
    return tuple((year, tuple(group)) for year, group in groupby(ordered, key=lambda entry: entry.group))


def months(entries: Sequence[Entry]) -> tuple[tuple[date | None, tuple[Entry, ...]], ...]:
    """Entries by month, in the order given; the key is the first day of the month."""
    return tuple(
        (key, tuple(group)) for key, group in groupby(entries, key=lambda e: e.day.replace(day=1) if e.day else None)
    )


def related(position: int, entries: Sequence[Entry], *, at_most: int = 3) -> tuple[Entry, ...]:
    """Other items near ``position`` in a stream: most tags in common first, then the nearest.

    Only a window of the stream is looked at, so that a stream of thousands stays cheap and an old page stays as it is.
    """
    own = set(entries[position].lines("tags"))
    first = max(0, position - _WINDOW)
    near = [(abs(place - position), entry) for place, entry in enumerate(entries[first : position + _WINDOW], first)]
    ranked = sorted(
        (pair for pair in near if pair[0]), key=lambda pair: (-len(own.intersection(pair[1].lines("tags"))), pair[0])
    )
    return tuple(entry for _, entry in ranked[:at_most])


def _newest_first(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    by_path = sorted(entries, key=lambda entry: entry.path)
    return tuple(sorted(by_path, key=lambda entry: entry.day or date.min, reverse=True))


def _page_order(entry: Entry) -> tuple[int, str, str]:
    order = entry.document.fields.get("urutan")
    return (order if isinstance(order, int) else 10**6, entry.title.casefold(), entry.path)
