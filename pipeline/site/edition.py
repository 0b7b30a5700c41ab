"""One edition of the site: everything that one build shows, gathered before the first page is written.

A function of the source folder, the evidence and ``now``; MkDocs is unknown here. Mistakes that would break a page are
collected in ``problems``, so that one run tells them all; nothing is guessed to get around one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pipeline.errors import PipelineError
from pipeline.site import gone, machines, pages, source, timetable
from pipeline.site.assets import load_assets
from pipeline.site.body import is_local_photo, render_body
from pipeline.site.catalogue import Entry, arrange
from pipeline.site.letterhead import letterhead
from pipeline.site.photos import PhotoStore
from pipeline.site.timetable import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from pipeline.office import Office
    from pipeline.site.assets import Asset
    from pipeline.site.catalogue import Catalogue
    from pipeline.site.gone import Gone
    from pipeline.site.job import Job
    from pipeline.site.letterhead import Letterhead
    from pipeline.site.pages import Described
    from pipeline.site.photos import Picture

_MIDNIGHT: Final = "T00:00:00"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the frame of a page is filled with; ``url`` is absolute and empty where the page has no address of its own."""

    title: str
    description: str
    path: str
    branch: str
    url: str
    kind: str
    published: str
    modified: str
    unlisted: bool
    image: Picture | None
    image_url: str

    @property
    def is_home(self) -> bool:
        """Whether it is the home page, whose title is the court's name alone."""
        return self.path == pages.HOME


@dataclass(slots=True, kw_only=True)
class Edition:
    """See the module. Made by ``gather``."""

    office: Office
    content: Path
    now: datetime
    photos: PhotoStore
    site_url: str
    court: Letterhead
    catalogue: Catalogue
    pages: tuple[Described, ...]
    waiting: frozenset[str]
    assets: Mapping[str, Asset] = field(default_factory=load_assets)
    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    _pictures: dict[tuple[str, str], Picture | None] = field(default_factory=dict)
    _urls: frozenset[str] = frozenset()

    @property
    def base_path(self) -> str:
        """Path of the site's root on its server, for the page that is shown at any wrong address."""
        return urlsplit(self.site_url).path or "/"

    def draw(self) -> None:
        """Make every picture that the pages show; what can't be made becomes a problem."""
        self._urls = frozenset(page.url for page in self.pages)
        self._site_card()
        for entry in self.catalogue.entries():
            for image in entry.document.images:
                self.photo(entry.path, image.src)
            if pages.is_stream(entry.kind):
                self.picture_of(entry)

    def photo(self, path: str, src: str) -> Picture | None:
        """The photo called ``src`` in the text of the document at ``path``; None where it is none of the document's."""
        if (path, src) not in self._pictures:
            self._pictures[path, src] = self._photo(path, src)
        return self._pictures[path, src]

    def picture_of(self, entry: Entry) -> Picture | None:
        """The picture that stands for the entry on lists and in shared links: its first photo, else a drawn card."""
        for image in entry.document.images:
            if found := self.photo(entry.path, image.src):
                return found
        return self._card(entry.path, entry.title, kicker=pages.stream_title(entry.kind))

    def html(self, page: Described, relative: Callable[[str], str]) -> str:
        """The text of a document's page; a page without document has none of its own."""
        entry = page.entry
        if entry is None:
            return ""
        return render_body(
            entry.document,
            photo=lambda src: self.photo(entry.path, src),
            relative=relative,
            is_known=self._urls.__contains__,
            report=lambda href: self.warnings.append(
                f"{entry.path}: tautan {href} menuju halaman yang tidak ada di situs ini."
            ),
        )

    def head(self, page: Described) -> Head:
        """The head of a page."""
        entry = page.entry
        is_article = entry is not None and pages.is_stream(entry.kind)
        image = self.picture_of(entry) if entry is not None and is_article else self._site_card()
        return Head(
            title=page.title,
            description=page.description,
            path=page.url,
            branch=page.branch,
            url="" if page.url == pages.NOT_FOUND_URL else self.site_url + page.url,
            kind="article" if is_article else "website",
            published=self._midnight(entry.day) if entry is not None and is_article else "",
            modified=self._midnight(entry.corrected) if entry is not None and is_article else "",
            unlisted=page.unlisted,
            image=image,
            image_url=self.site_url + image.fallback.url if image else "",
        )

    def texts(self) -> Iterator[tuple[str, str]]:
        """Small files that go with the pages: URL and text."""
        for asset in self.assets.values():
            yield asset.url, asset.text
        shown = [page for page in self.pages if not page.unlisted and page.url not in self.waiting]
        yield "sitemap.xml", machines.site_map((self.site_url + page.url, page.changed) for page in shown)
        yield "robots.txt", machines.robots(self.site_url)
        news = self.catalogue.of("berita")
        title = f"Berita {self.court.name}"
        yield machines.FEED_URL, machines.feed(title, title, self.site_url, news, self.office.court.timezone)

    def _site_card(self) -> Picture | None:
        return self._card("", self.court.name)

    def _card(self, path: str, title: str, *, kicker: str = "") -> Picture | None:
        if (path, "") not in self._pictures:
            self._pictures[path, ""] = self._tried(
                path, lambda: self.photos.card(title, court=self.court.name, kicker=kicker)
            )
        return self._pictures[path, ""]

    def _photo(self, path: str, src: str) -> Picture | None:
        if not is_local_photo(src):
            self.problems.append(f"{path}: gambar {src} bukan berkas di folder naskah.")
            return None
        return self._tried(path, lambda: self.photos.photo(source.read_photo(self.content, path, src)))

    def _tried(self, path: str, make: Callable[[], Picture]) -> Picture | None:
        try:
            return make()
        except PipelineError as error:
            self.problems.append(f"{path or 'situs'}: {error.message} {error.hint}")
            return None

    def _midnight(self, day: date | None) -> str:
        if day is None:
            return ""
        offset = self.now.astimezone(pages.zone(self.office.court.timezone)).strftime("%z")
        return f"{day.isoformat()}{_MIDNIGHT}{offset[:3]}:{offset[3:]}"


def gather(
    office: Office, content: Path, paths: Iterable[str], job: Job, *, site_url: str, shows_waiting: bool = False
) -> Edition:
    """Read the documents at ``paths`` and describe every page.

    One whose ``terbit`` is ahead waits; one whose ``tayang_sampai`` is over, or that was withdrawn, leaves a notice.
    """
    read = [Entry(document=source.read_document(content, path), url=f"{path}/") for path in sorted(paths)]
    phases = {entry.path: timetable.phase(entry.document, job.now, office.court.timezone) for entry in read}
    wanted = {Phase.SHOWN, Phase.WAITING} if shows_waiting else {Phase.SHOWN}
    shown = [entry for entry in read if phases[entry.path] in wanted]
    ended = [entry for entry in read if phases[entry.path] is Phase.ENDED]
    departed = tuple(_departed(job, [entry.path for entry in shown], ended, office.court.timezone))
    catalogue = arrange(shown, office.site.sections)
    around = pages.Around(
        catalogue=catalogue,
        court=letterhead(office.court),
        site_url=site_url,
        timezone=office.court.timezone,
        default_place=office.site.default_place,
        evidence=job.evidence,
        gone=departed,
    )
    return Edition(
        office=office,
        content=content,
        now=job.now,
        photos=PhotoStore(job.cache / "foto"),
        site_url=site_url,
        court=around.court,
        catalogue=catalogue,
        pages=tuple(pages.describe(around)),
        waiting=frozenset(entry.url for entry in shown if phases[entry.path] is Phase.WAITING),
        warnings=list(gone.links_to(departed, catalogue.entries())),
        problems=[
            *(problem for entry in read for problem in source.breaks_of(entry.document)),
            *_homeless(shown, catalogue),
        ],
    )


def _departed(job: Job, shown: Iterable[str], ended: Iterable[Entry], timezone: str) -> Iterator[Gone]:
    """Addresses that leave a notice, by path; what was published anew after a withdrawal is there again."""
    notices = {path: gone.withdrawn(path, told, timezone) for path, told in job.withdrawn.items()}
    notices |= {entry.path: gone.ended(entry.document) for entry in ended}
    for path in sorted(notices.keys() - set(shown)):
        yield notices[path]


def _homeless(entries: Iterable[Entry], catalogue: Catalogue) -> Iterator[str]:
    """Documents whose first folder is neither a section of the office nor a stream: nobody would find them."""
    shown = {entry.path for entry in catalogue.entries()}
    for entry in entries:
        if entry.path not in shown:
            yield f"{entry.path}: bagian {entry.folder} tidak ada di office/site.yml."
