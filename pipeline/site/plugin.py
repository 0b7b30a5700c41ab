"""The MkDocs plugin: it tells MkDocs what the site consists of, and gives every page its text and its words.

``mkdocs build`` and ``mkdocs serve`` need nothing else. Name, address and menu come from ``office/`` and ``content/``, the
templates from this package. MkDocs parses neither front matter nor Markdown of ours, copies no master of a photo and no
file of its themes. Mistakes that would break a page stop the build with one Indonesian sentence.
"""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar, cast

from jinja2 import FileSystemLoader, StrictUndefined
from mkdocs.config.base import Config
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import TableOfContents
from mkdocs.utils import get_relative_url

from pipeline.errors import PipelineError
from pipeline.site import dates, machines, pages, source
from pipeline.site.edition import Edition, gather
from pipeline.site.evidence import FILE as EVIDENCE_FILE
from pipeline.site.evidence import read_evidence
from pipeline.site.job import Job
from pipeline.site.photos import picture_html
from pipeline.world import clock

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Literal

    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.livereload import LiveReloadServer
    from mkdocs.structure.files import Files
    from mkdocs.utils.templates import TemplateContext

    from pipeline.site.pages import Described

THEME: Final = Path(__file__).parent / "theme"
CACHE: Final = ".cache"
_MISTAKES_SHOWN: Final = 8

log = logging.getLogger("mkdocs.plugins.redaksi")

T = TypeVar("T")


class SitePage(Page):
    """A page whose text is ours: MkDocs reads no source, no front matter and no Markdown for it."""

    def __init__(self, described: Described, file: File, config: MkDocsConfig, edition: Edition) -> None:
        super().__init__(described.title, file, config)
        self.described = described
        self._edition = edition

    def relative(self, url: str) -> str:
        """A URL from the root of the site as it is written on this page."""
        if url in {pages.HOME, "."}:
            return f"{get_relative_url('.', self.url).rstrip('/')}/"
        return get_relative_url(url, self.url)

    def read_source(self, config: MkDocsConfig) -> None:
        """Take title and fields from the document as the pipeline read it."""
        del config
        entry = self.described.entry
        self.markdown = entry.document.body if entry else ""
        self.meta = {**(entry.document.fields if entry else {}), "template": self.described.template}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Render the text by the product's one Markdown."""
        del config, files
        self.content = self._edition.html(self.described, self.relative)
        self.toc = TableOfContents([])
        self.present_anchor_ids, self.links_to_anchors = set(), {}


class Settings(Config):  # type: ignore[no-untyped-call]  # MkDocs' base is annotated in part
    """The plugin takes no options in ``mkdocs.yml``: everything comes from ``office/``, ``content/`` and the job."""


class RedaksiPlugin(BasePlugin[Settings]):  # type: ignore[no-untyped-call]  # MkDocs' base is annotated in part
    """See the module. ``job`` is set by ``stages.build``; MkDocs alone builds for now, with the evidence it finds."""

    def __init__(self) -> None:
        self.job: Job | None = None
        self.failure: PipelineError | None = None
        self.edition: Edition | None = None
        self._serves = False
        self._theme_dirs: list[str] = []

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether this is a preview, which shows waiting documents too."""
        del dirty
        self._serves = command == "serve"

    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Fill in what ``mkdocs.yml`` does not hold."""
        self.failure = self.edition = None  # MkDocs may keep this instance for the next build
        root = _root(config)
        court = self._told(lambda: source.read_office(root)).court
        config.site_name = court.name
        if not (self._serves and config.site_url):
            config.site_url = court.url.rstrip("/") + "/"
        # MkDocs ships every file of a theme's folders: it gets to see ours alone, the templates get the rest in on_env.
        self._theme_dirs, config.theme.dirs = config.theme.dirs, [str(THEME)]
        config.theme.static_templates = {pages.NOT_FOUND_URL}
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Look the folder over before MkDocs walks through it."""
        self._told(lambda: source.refuse_odd_files(Path(config.docs_dir)))

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Decide what becomes a page, and add the pages and pictures that no file holds."""
        self._drop_foreign(files, config.docs_dir)
        edition = self.edition = self._told(lambda: self._gather(files, config))
        self._told(lambda: self._settle(edition))
        for described in edition.pages:
            self._add_page(described, files, config, edition)
        for picture in edition.photos.used.values():
            files.append(File.generated(config, picture.url, abs_src_path=str(picture.source)))
        for url, text in edition.texts():
            files.append(File.generated(config, url, content=text))
        config.nav = _navigation(edition)
        return files

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """Let templates escape whatever they print, and fail on a name that does not exist."""
        del config, files
        edition = self._ready()
        env.loader = FileSystemLoader([str(THEME), *self._theme_dirs])
        env.autoescape = True
        env.undefined = StrictUndefined
        env.globals.update(
            court=edition.court,
            menu=pages.menu(edition.catalogue),
            urgent=edition.catalogue.urgent(),
            assets=edition.assets,
            feed_url=machines.FEED_URL,
            dates=dates,
            picture_of=edition.picture_of,
        )
        for message in edition.warnings:
            log.warning(message)
        return env

    def on_page_context(
        self, context: TemplateContext, *, page: Page, config: MkDocsConfig, **_: object
    ) -> TemplateContext:
        """Give the template what the page shows."""
        del config
        if isinstance(page, SitePage):
            self._fill(context, page.described, page.relative)
        return context

    def on_template_context(
        self, context: TemplateContext, *, template_name: str, config: MkDocsConfig
    ) -> TemplateContext:
        """Fill in the page for a wrong address; it is shown anywhere, so its links begin at the root of the server."""
        del config
        if template_name == pages.NOT_FOUND_URL:
            base = self._ready().base_path
            self._fill(context, pages.not_found(), lambda url: base + url.removeprefix("."))
        return context

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: Callable[..., None]
    ) -> LiveReloadServer:
        """Build anew when the office's data change."""
        del builder
        server.watch(str(_root(config) / "office"))
        return server

    def _fill(self, context: TemplateContext, described: Described, relative: Callable[[str], str]) -> None:
        names = cast("dict[str, object]", context)  # MkDocs' own type lists only MkDocs' own names
        names["view"] = described.view
        names["head"] = self._ready().head(described)
        names["relative"] = relative
        names["picture_html"] = partial(picture_html, relative=relative)

    def _gather(self, files: Files, config: MkDocsConfig) -> Edition:
        root, content = _root(config), Path(config.docs_dir)
        job = self.job or _own_job(root)
        paths = [path for file in files if (path := source.document_path(file.src_uri)) is not None]
        office, site_url = source.read_office(root), config.site_url or ""
        return gather(office, content, paths, job, site_url=site_url, shows_waiting=self._serves)

    def _drop_foreign(self, files: Files, content: str) -> None:
        """Leave themes' files out altogether, and everything that is no document out of the output."""
        for file in list(files):
            if file.src_dir != content:
                files.remove(file)
                continue
            file.inclusion = InclusionLevel.EXCLUDED
            if file.src_uri.endswith(".md") and source.document_path(file.src_uri) is None:
                log.warning("%s bukan naskah (letaknya tidak sesuai), jadi tidak ditayangkan.", file.src_uri)

    def _settle(self, edition: Edition) -> None:
        edition.draw()
        if not edition.problems:
            return
        more = len(edition.problems) - _MISTAKES_SHOWN
        shown = [*edition.problems[:_MISTAKES_SHOWN], *([f"dan {more} lainnya"] if more > 0 else [])]
        if self._serves:
            for message in edition.problems:
                log.warning(message)
            return
        raise PipelineError("Situs tidak dapat dibangun: " + " ".join(shown), hint="Perbaiki naskah itu, lalu ulangi.")

    def _add_page(self, described: Described, files: Files, config: MkDocsConfig, edition: Edition) -> None:
        src_uri = f"{described.url}index.md"
        file = files.get_file_from_path(src_uri)
        if file is None:
            file = File.generated(config, src_uri, content="")
            files.append(file)
        is_waiting = described.url in edition.waiting
        in_menu = not described.unlisted and (described.entry is None or not pages.is_stream(described.entry.kind))
        shown = InclusionLevel.INCLUDED if in_menu else InclusionLevel.NOT_IN_NAV
        file.inclusion = InclusionLevel.DRAFT if is_waiting else shown
        SitePage(described, file, config, edition)

    def _ready(self) -> Edition:
        if self.edition is None:
            raise RuntimeError("MkDocs asked for a page before it listed the files")
        return self.edition

    def _told(self, act: Callable[[], T]) -> T:
        """Hand an Indonesian sentence to MkDocs as an error of its own kind, which it prints without a traceback."""
        try:
            return act()
        except PipelineError as error:
            self.failure = error
            raise PluginError(f"{error.message} {error.hint}") from error


def _own_job(root: Path) -> Job:
    """What MkDocs alone builds: for now, with what it finds told beside its configuration."""
    told = read_evidence(root / EVIDENCE_FILE)
    return Job(now=clock.build_time(), evidence=told.documents, withdrawn=told.withdrawn, cache=root / CACHE)


def _root(config: MkDocsConfig) -> Path:
    return Path(config.config_file_path).parent


def _navigation(edition: Edition) -> list[object]:
    """MkDocs' navigation: home, sections with their pages, and the lists; never the articles."""
    sections = [
        {pages_of.section.title: [f"{url}index.md" for url in (pages_of.url, *(e.url for e in pages_of.entries))]}
        for pages_of in edition.catalogue.sections
    ]
    return ["index.md", *sections, *(f"{stream.kind}/index.md" for stream, _ in edition.catalogue.streams)]
