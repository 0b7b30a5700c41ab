"""Builds the site from a source folder with MkDocs, in a folder of its own, and puts it in place by one rename.

A build is a function of (source, evidence, now): two builds of the same three give the same bytes. A build that fails
leaves what stood at ``site`` as it was. This stage reads no Git and decides nothing about approvals.
"""

from __future__ import annotations

import logging
import os
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from pipeline.errors import ConfigurationError, PipelineError
from pipeline.site.evidence import FILE as EVIDENCE_FILE
from pipeline.site.evidence import Evidence, Told, Withdrawn, read_evidence
from pipeline.site.job import Job
from pipeline.world import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from mkdocs.config.defaults import MkDocsConfig

    from pipeline.site.plugin import RedaksiPlugin

__all__ = ["BuildResult", "Evidence", "Withdrawn", "as_json", "build", "describe", "serve"]

_CONFIGURATION: Final = "mkdocs.yml"
_ONE_AT_A_TIME: Final = Lock()  # MkDocs keeps plugins and themes for the whole process


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build made: counts, seconds, and sentences about what is not broken but not right either."""

    pages: int
    files: int
    seconds: float
    warnings: tuple[str, ...] = ()


def build(
    source: Path,
    site: Path,
    *,
    now: datetime,
    evidence: Mapping[str, Evidence] | None = None,
    withdrawn: Mapping[str, Withdrawn] | None = None,
    cache: Path | None = None,
) -> BuildResult:
    """Build the site of ``source`` (content/, office/, mkdocs.yml) into the folder ``site``, which it replaces.

    ``now`` is aware. By document path ``evidence`` is what pages say of their approval, and ``withdrawn`` what the
    addresses of documents say that were taken down (default of each: what stands in ``.redaksi/evidence.json``); ``cache``
    (default: ``.cache`` in ``source``) keeps pictures between builds. Raises ``PipelineError`` where a page would be
    broken; ``site`` then stays.
    """
    if now.tzinfo is None:
        raise ValueError("now without time zone")
    start = time.perf_counter()
    files.make_folder(site.parent)
    with tempfile.TemporaryDirectory(dir=site.parent, prefix=f".{site.name}.") as folder:
        made = Path(folder, "site")
        with _ONE_AT_A_TIME, _listening() as heard:
            config, plugin = _configured(source, made, heard)
            is_told = evidence is not None and withdrawn is not None
            told = Told() if is_told else read_evidence(source / EVIDENCE_FILE)
            job = Job(
                now=now,
                evidence=told.documents if evidence is None else evidence,
                withdrawn=told.withdrawn if withdrawn is None else withdrawn,
                cache=cache or source / ".cache",
            )
            _run(config, plugin, job, heard)
        pages, total = _counted(made)
        _put_in_place(made, site, Path(folder, "old"))
    return BuildResult(pages=pages, files=total, seconds=time.perf_counter() - start, warnings=heard.warnings())


def serve(source: Path, address: str, *, say: Callable[[str], None] = lambda _: None) -> None:
    """Show the site of ``source`` at ``address`` (``127.0.0.1:8000``) and anew after each change, until interrupted.

    A preview also shows documents whose time has not come; ``say`` is told what is wrong in them, sentence by sentence.
    Raises ``PipelineError`` where it can't start.
    """
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    from mkdocs.commands.serve import serve as mkdocs_serve

    with _listening(say) as heard, _explained(heard, None):
        try:
            mkdocs_serve(str(_configuration(source)), dev_addr=address)
        except OSError as error:
            raise PipelineError(
                f"Pratinjau tidak dapat dibuka di {address}.",
                hint="Alamat itu mungkin sedang dipakai; tutup pratinjau yang lain atau pilih alamat lain.",
            ) from error


def describe(result: BuildResult) -> Iterator[str]:
    """The result in the words that staff read, a line each."""
    yield f"Situs dibangun: {result.pages} halaman, {result.files} berkas, {result.seconds:.1f} detik."
    yield from (f"Perhatikan: {warning}" for warning in result.warnings)


def as_json(result: BuildResult) -> dict[str, object]:
    """The result for machines."""
    return {
        "pages": result.pages,
        "files": result.files,
        "seconds": round(result.seconds, 3),
        "warnings": list(result.warnings),
    }


class _Heard(logging.Handler):
    """Keeps what MkDocs and our plugin say instead of printing it."""

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []
        self._say = say

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)
        self._say(record.getMessage())

    def warnings(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(record.getMessage() for record in self.records if record.levelno < logging.ERROR))

    def first_error(self) -> str:
        return next((record.getMessage() for record in self.records if record.levelno >= logging.ERROR), "")


@contextmanager
def _listening(say: Callable[[str], None] = lambda _: None) -> Iterator[_Heard]:
    logger, heard = logging.getLogger("mkdocs"), _Heard(say)
    before = logger.propagate
    logger.addHandler(heard)
    logger.propagate = False
    try:
        yield heard
    finally:
        logger.removeHandler(heard)
        logger.propagate = before


@contextmanager
def _explained(heard: _Heard, plugin: RedaksiPlugin | None) -> Iterator[None]:
    """Turn MkDocs' own way of giving up into one sentence; what our plugin raised comes out as it went in."""
    from mkdocs.exceptions import MkDocsException

    try:
        yield
    except MkDocsException as error:
        if plugin is not None and plugin.failure is not None:
            raise plugin.failure from error
        raise PipelineError(
            f"Situs tidak dapat dibangun: {heard.first_error() or error}",
            hint=f"Periksa {_CONFIGURATION} dan berkas yang disebut, lalu ulangi.",
        ) from error


def _configuration(source: Path) -> Path:
    path = source / _CONFIGURATION
    if not path.is_file():
        raise ConfigurationError(
            f"{_CONFIGURATION} tidak ada di {source}.", hint="Jalankan dari folder utama repositori ini."
        )
    return path


def _configured(source: Path, site: Path, heard: _Heard) -> tuple[MkDocsConfig, RedaksiPlugin]:
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # Material's alarm box is for its own users, not for staff
    from mkdocs.config import load_config

    from pipeline.site.plugin import RedaksiPlugin

    with _explained(heard, None):
        config = load_config(str(_configuration(source)), site_dir=str(site))
    plugin = config.plugins.get("redaksi")
    if not isinstance(plugin, RedaksiPlugin):
        raise ConfigurationError(
            f"{_CONFIGURATION} tidak memakai plugin redaksi.", hint="Pulihkan baris plugins: [redaksi]."
        )
    return config, plugin


def _run(config: MkDocsConfig, plugin: RedaksiPlugin, job: Job, heard: _Heard) -> None:
    from mkdocs.commands.build import build as mkdocs_build

    # MkDocs keeps one instance of a plugin for the whole process: what one build set must not reach the next.
    plugin.job = job
    try:
        with _explained(heard, plugin):
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build(config)
    finally:
        plugin.job = None
        config.plugins.on_shutdown()


def _counted(site: Path) -> tuple[int, int]:
    names = [name for _, _, group in os.walk(site) for name in group]
    return sum(name.endswith(".html") for name in names), len(names)


def _put_in_place(made: Path, site: Path, old: Path) -> None:
    if site.is_symlink() or (site.exists() and not site.is_dir()):
        raise PipelineError(f"{site} bukan folder biasa.", hint="Pindahkan dahulu, lalu ulangi.")
    with files.told(site):
        if site.exists():
            site.rename(old)
        made.rename(site)
        files.sync_folder(site.parent)
