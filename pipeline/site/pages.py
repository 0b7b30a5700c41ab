"""The pages of the site and what each shows: those of documents, and those that no document holds.

A page is described here (address, template, what stands in its head, what its template sees); how MkDocs is told of it is
the plugin's business. Home, section pages, lists, archives and the page for a wrong address come from the catalogue alone.
An address once given is kept: where a document is gone, a notice stands, and a year whose items are all gone says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from pipeline.site import dates
from pipeline.site.catalogue import STREAMS, Catalogue, Entry, SectionPages, Stream, months, related, years
from pipeline.site.letterhead import enumeration

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from pipeline.site.evidence import Evidence
    from pipeline.site.gone import Gone
    from pipeline.site.letterhead import Letterhead

SERVICES: Final = "layanan"  # the section whose first pages are the large doors of the home page
_SERVICES_ON_HOME: Final = 6
_NEWS_ON_HOME: Final = 4
_ANNOUNCEMENTS_ON_HOME: Final = 4
_ON_LIST: Final = 12
_RELATED: Final = 3

HOME: Final = ""
NOT_FOUND_URL: Final = "404.html"
HOME_CRUMB: Final = "Beranda"


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A door of the menu or a crumb of the trail; ``url`` is relative to the root of the site."""

    title: str
    url: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A page: its URL below the root (``""`` is home), template, head, and what its template sees as ``view``.

    ``branch`` is the URL of the menu's door that it stands behind. ``entry`` is None where no document holds it. What is
    ``unlisted`` answers at its address and is found nowhere else: no list, no site map, no robot keeps it.
    """

    url: str
    template: str
    title: str
    description: str
    branch: str = ""
    entry: Entry | None = None
    changed: date | None = None
    unlisted: bool = False
    view: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What every page is described with."""

    catalogue: Catalogue
    court: Letterhead
    site_url: str
    timezone: str
    default_place: str
    evidence: Mapping[str, Evidence]
    gone: tuple[Gone, ...] = ()


def menu(catalogue: Catalogue) -> tuple[Link, ...]:
    """The main menu: sections that have pages, and the streams before the last section (by custom: Kontak)."""
    doors = [
        Link(title=pages.section.title, url=pages.url, description=pages.section.description)
        for pages in catalogue.sections
        if pages.entries
    ]
    streams = [
        Link(title=stream.title, url=f"{stream.kind}/", description=stream.description)
        for stream, entries in catalogue.streams
        if entries
    ]
    ends_in_last = bool(catalogue.sections and catalogue.sections[-1].entries)
    place = len(doors) - 1 if ends_in_last else len(doors)
    return (*doors[:place], *streams, *doors[place:])


def describe(around: Around) -> Iterator[Described]:
    """Every page of the site, home first, in an order that never depends on the file system."""
    catalogue = around.catalogue
    yield _home(around)
    for section in catalogue.sections:
        yield _section(section)
        yield from (_page(entry, section, around) for entry in section.entries)
    for stream, entries in catalogue.streams:
        yield _list(stream, entries, catalogue)
        yield from (_archive(stream, year, group, entries) for year, group in years(entries) if year)
        yield from (_article(position, stream, entries, around) for position in range(len(entries)))
        yield from (_archive(stream, year, (), entries) for year in _years_gone(stream, entries, around.gone))
    yield from (_gone(each, catalogue) for each in around.gone)


def not_found() -> Described:
    """The page for an address that does not exist."""
    return Described(
        url=NOT_FOUND_URL,
        template=NOT_FOUND_URL,
        title="Halaman tidak ditemukan",
        description="Alamat ini tidak ada. Mungkin salah ketik, atau halamannya sudah dipindahkan.",
        unlisted=True,
    )


def evidence_line(evidence: Evidence | None, timezone: str) -> str:
    """``Disetujui oleh Redaktur dan Kasubag PTIP pada ...``; nothing where nothing is proven here."""
    if evidence is None or not evidence.is_shown:
        return ""
    people = enumeration(evidence.approved_by)
    return f"Disetujui oleh {people} pada {dates.moment(evidence.approved_at, timezone)}."


def _home(around: Around) -> Described:
    catalogue = around.catalogue
    services = catalogue.section(SERVICES)
    area = f" bagi masyarakat {around.court.jurisdiction}" if around.court.jurisdiction else ""
    return Described(
        url=HOME,
        template="redaksi/home.html",
        title=around.court.name,
        description=f"Layanan, informasi, dan berita {around.court.name}{area}.",
        view={
            "services": services.entries[:_SERVICES_ON_HOME] if services else (),
            "services_section": services,
            "news": catalogue.of("berita")[:_NEWS_ON_HOME],
            "announcements": catalogue.announcements()[:_ANNOUNCEMENTS_ON_HOME],
        },
    )


def _section(section: SectionPages) -> Described:
    return Described(
        url=section.url,
        template="redaksi/section.html",
        title=section.section.title,
        description=section.section.description,
        branch=section.url,
        view={"entries": section.entries, "trail": _trail()},
    )


def _list(stream: Stream, entries: Sequence[Entry], catalogue: Catalogue) -> Described:
    return Described(
        url=f"{stream.kind}/",
        template=f"redaksi/{stream.template}",
        title=stream.title,
        description=stream.description,
        branch=f"{stream.kind}/",
        view={
            "stream": stream,
            "entries": entries[:_ON_LIST],
            "announcements": catalogue.announcements(),
            "year": "",
            "years": _year_names(entries),
            "trail": _trail(),
        },
    )


def _archive(stream: Stream, year: str, group: Sequence[Entry], entries: Sequence[Entry]) -> Described:
    url = f"{stream.kind}/"
    return Described(
        url=f"{url}{year}/",
        template="redaksi/archive.html",
        title=f"{stream.title} tahun {year}",
        description=f"Semua {stream.one} tahun {year}, menurut bulan."
        if group
        else f"Tidak ada {stream.one} tahun {year} yang masih tayang.",
        branch=url,
        unlisted=not group,
        view={
            "stream": stream,
            "year": year,
            "months": months(group),
            "years": _year_names(entries),
            "trail": _trail(Link(title=stream.title, url=url)),
        },
    )


def _page(entry: Entry, section: SectionPages, around: Around) -> Described:
    evidence = around.evidence.get(entry.path)
    return Described(
        url=entry.url,
        template="redaksi/page.html",
        title=entry.title,
        description=entry.description,
        branch=section.url,
        entry=entry,
        changed=_changed(evidence, around.timezone) or _latest(entry.day_of("berlaku_sejak"), entry.corrected),
        view={
            "entry": entry,
            "section": section,
            "siblings": section.entries,
            "corrections": entry.corrections,
            "missing": entry.lines("belum_diisi"),
            "unit": entry.text("unit"),
            "valid_from": entry.day_of("berlaku_sejak"),
            "evidence": evidence_line(evidence, around.timezone),
            "trail": _trail(Link(title=section.section.title, url=section.url)),
        },
    )


def _article(position: int, stream: Stream, entries: Sequence[Entry], around: Around) -> Described:
    entry = entries[position]
    evidence = around.evidence.get(entry.path)
    url = f"{stream.kind}/"
    year = (Link(title=entry.group, url=f"{url}{entry.group}/"),) if entry.group else ()
    return Described(
        url=entry.url,
        template="redaksi/article.html",
        title=entry.title,
        description=entry.description,
        branch=url,
        entry=entry,
        changed=_changed(evidence, around.timezone) or _latest(entry.day, entry.corrected),
        view={
            "entry": entry,
            "stream": stream,
            "place": entry.text("tempat") or (around.default_place if stream.kind == "berita" else ""),
            "corrections": entry.corrections,
            "validity": tuple(_validity(entry)),
            "evidence": evidence_line(evidence, around.timezone),
            "share": _share(entry, around.site_url),
            "newer": entries[position - 1] if position else None,
            "older": entries[position + 1] if position + 1 < len(entries) else None,
            "related": related(position, entries, at_most=_RELATED),
            "trail": _trail(Link(title=stream.title, url=url), *year),
        },
    )


def _gone(gone: Gone, catalogue: Catalogue) -> Described:
    """The notice at the address of a document that is no longer shown."""
    folder = gone.path.partition("/")[0]
    section = catalogue.section(folder)
    title = section.section.title if section else stream_title(folder)
    door = (Link(title=title, url=f"{folder}/"),) if title else ()
    return Described(
        url=gone.url,
        template="redaksi/gone.html",
        title=gone.heading,
        description=gone.sentence,
        branch=door[0].url if door else "",
        unlisted=True,
        view={"gone": gone, "door": door[0] if door else None, "trail": _trail(*door)},
    )


def _years_gone(stream: Stream, entries: Sequence[Entry], gone: Sequence[Gone]) -> Iterator[str]:
    """Years of a stream of which nothing is shown any more."""
    years_of_gone = {each.path.split("/")[1] for each in gone if each.path.startswith(f"{stream.kind}/")}
    yield from sorted(years_of_gone - set(_year_names(entries)), reverse=True)


def _validity(entry: Entry) -> Iterator[str]:
    since, until = entry.day_of("berlaku_sejak"), entry.day_of("tayang_sampai")
    if since:
        yield f"Berlaku sejak {dates.day(since)}."
    if until:
        yield f"Tayang sampai {dates.day(until)}."


def _share(entry: Entry, site_url: str) -> str:
    return f"https://wa.me/?text={quote(f'{entry.title} {site_url}{entry.url}', safe='')}" if site_url else ""


def _changed(evidence: Evidence | None, timezone: str) -> date | None:
    return evidence.approved_at.astimezone(ZoneInfo(timezone)).date() if evidence and evidence.is_shown else None


def _latest(*days: date | None) -> date | None:
    return max((day for day in days if day), default=None)


def _year_names(entries: Sequence[Entry]) -> tuple[str, ...]:
    return tuple(year for year, _ in years(entries) if year)


def _trail(*links: Link) -> tuple[Link, ...]:
    return (Link(title=HOME_CRUMB, url="."), *links)


def stream_title(kind: str) -> str:
    """What people call the stream of ``kind``, empty where there is none."""
    return next((stream.title for stream in STREAMS if stream.kind == kind), "")


def is_stream(kind: str) -> bool:
    """Whether documents of ``kind`` come one after another, each with its day."""
    return any(stream.kind == kind for stream in STREAMS)


def zone(timezone: str) -> ZoneInfo:
    """The court's zone by its IANA name."""
    return ZoneInfo(timezone)
