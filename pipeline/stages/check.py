"""Checks documents: finds them, reads them from disk, runs the rules, and says what was found.

``check_document`` judges a document that somebody has read already; ``check_paths`` takes files and folders, inside a
repository or outside one. A file that can't be read is a finding, never a silence. It changes nothing, prints nothing,
and imports neither Git nor anything of the network or the site, so that ``redaksi check`` answers at once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import frontmatter, kinds, rules
from pipeline.correction import FIELD as CORRECTION
from pipeline.correction import needs_correction_notice
from pipeline.errors import PipelineError
from pipeline.model import Attachment, Document, Finding, Level, Shelf
from pipeline.rules import Context, masked
from pipeline.world import files

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from pipeline.office import Office

TEXT: Final = "index.md"
MAX_FOLDER_BYTES: Final = 25_000_000
"""A document with all that lies beside it (DESIGN section 7); ``court.yml`` decides at ``submit``."""

MOST_HINTS: Final = 5
"""Hints that ``describe`` shows; the rest are counted."""

_PICTURE_LIMIT: Final = 32 * files.MIB
_ORDER: Final = {Level.ERROR: 0, Level.WARNING: 1, Level.HINT: 2}
_LOOSE: Final = re.compile(r"(?!readme\.md$).*\.(?:md|markdown)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """One document that was looked at; ``file`` is its text, named as the user named it."""

    file: Path
    kind: str
    title: str
    id: str
    findings: tuple[Finding, ...]

    def path_of(self, finding: Finding) -> Path:
        """Where ``finding`` stands: the text itself, or a file beside it."""
        return self.file if finding.path == TEXT else self.file.parent / finding.path


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """Everything that was looked at; ``ok`` where no error stands."""

    checked: tuple[Checked, ...]

    @property
    def errors(self) -> int:
        """Findings that stop ``submit``."""
        return self.count(Level.ERROR)

    @property
    def ok(self) -> bool:
        """Whether nothing stops ``submit``."""
        return not self.errors

    def count(self, level: Level) -> int:
        """Findings of one level."""
        return sum(finding.level is level for checked in self.checked for finding in checked.findings)


def context(office: Office, *, known_paths: Iterable[str] | None, today: date) -> Context:
    """What the rules may know: the court's hosts, and the published documents plus the sections of the site."""
    sections = {section.slug for section in office.site.sections}
    return Context(
        own_hosts=office.court.own_hosts,
        partner_hosts=office.court.partner_hosts,
        known_paths=None if known_paths is None else frozenset(known_paths) | sections,
        today=today,
    )


# --- a document in memory


def read(
    content: Mapping[str, bytes],
    *,
    path: str,
    shelf: Shelf | None = None,
    kind: str | None = None,
    max_bytes: int = frontmatter.MAX_BYTES,
) -> Document:
    """The document in a folder given as bytes by name; a folder without ``index.md`` is a document without text."""
    return frontmatter.read(
        content.get(TEXT, b""),
        path=path,
        shelf=shelf,
        kind=kind,
        attachments=[Attachment(name=name, data=data) for name, data in sorted(content.items()) if name != TEXT],
        max_bytes=max_bytes,
    )


def check_document(document: Document, context: Context | None = None) -> tuple[Finding, ...]:
    """Every finding on ``document``."""
    return rules.run(document, context)


def changed_id(document: Document, expected: str) -> Finding:
    """The finding for a document whose id is no longer the one it was made with."""
    return Finding(
        rule="changed-id",
        line=document.line_of("id"),
        message=f"Nomor naskah berubah dari {expected} menjadi {document.id or '(kosong)'}.",
        hint=f"Kembalikan: id: {expected}",
    )


def missing_correction(before: Document, after: Document) -> Finding | None:
    """The warning for an edit of the published item ``before`` that tells its readers of no change."""
    if not needs_correction_notice(before, after):
        return None
    entry = kinds.KINDS[after.kind].field(CORRECTION)
    example = entry.example if entry else ""
    return Finding(
        rule="missing-correction",
        level=Level.WARNING,
        line=after.line_of("title"),
        message=f"Isi {kinds.KINDS[after.kind].label.lower()} yang sudah tayang berubah tanpa ralat.",
        hint="Bila keterangan yang keliru diperbaiki, tambahkan isian seperti "
        f"{CORRECTION}: {example}. Bila hanya ejaan atau tata letak, biarkan.",
    )


# --- documents on disk


def check_paths(paths: Sequence[Path], *, kind: str | None = None, context: Context | None = None) -> CheckReport:
    """Check files and folders; ``kind`` names the kind of those that stand on no shelf.

    Raises ``PipelineError`` for a path that does not exist, or where there is nothing to check: nothing is not "fine".
    """
    found = list(dict.fromkeys(file for path in paths for file in _texts(path)))
    if not found:
        raise PipelineError(
            f"Tidak ada naskah di {_named(paths)}.",
            hint="Sebutkan folder naskah yang berisi index.md, atau sebuah berkas .md.",
        )
    checked = [_checked(file, kind, context) for file in found]
    return CheckReport(checked=tuple(_with_unique_ids(checked)))


def _named(paths: Sequence[Path]) -> str:
    return ", ".join(str(path) for path in paths) or "daftar yang kosong"


def _texts(path: Path) -> Iterator[Path]:
    """The texts at or below ``path``: a document's index.md, or loose Markdown files; README files are none."""
    if path.is_symlink() or path.is_file():
        yield path
        return
    if not path.is_dir():
        raise PipelineError(f"{path} tidak ada.", hint="Periksa letak dan namanya.")
    with files.told(path):
        entries = sorted(path.iterdir())
    names = {entry.name for entry in entries}
    if TEXT in names:
        yield path / TEXT
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        if entry.is_symlink() or not entry.is_dir():
            if _LOOSE.fullmatch(entry.name):
                yield entry
        else:
            yield from _texts(entry)


def _checked(file: Path, kind: str | None, context: Context | None) -> Checked:
    try:
        document, findings = _judged(file, kind, context)
    except PipelineError as error:
        unreadable = Finding(rule="unreadable-file", message=error.message, hint=error.hint)
        return Checked(file=file, kind=kind or "", title=file.name, id="", findings=(unreadable,))
    return Checked(file=file, kind=document.kind, title=document.title, id=document.id, findings=findings)


def _judged(file: Path, kind: str | None, context: Context | None) -> tuple[Document, tuple[Finding, ...]]:
    """The document whose text is ``file``, and what is to be said of it; reads no more than a document may hold."""
    source = _bounded(file)
    if len(source) > frontmatter.MAX_BYTES:
        shelf, path = place_of(file.parent) if file.name == TEXT else (None, file.stem)
        document = frontmatter.read(
            source, path=path, shelf=shelf, kind=None if shelf else kind or _guessed(source, path)
        )
        return document, document.problems
    if file.name != TEXT:
        document = _loose(source, file, kind)
        return document, check_document(document, context)
    beside = files.read_folder(file.parent, max_bytes_per_file=_PICTURE_LIMIT, max_bytes=4 * MAX_FOLDER_BYTES)
    size = sum(map(len, beside.values()))
    shelf, path = place_of(file.parent)
    chosen = None if shelf else kind or _guessed(source, path)
    document = read(beside, path=path, shelf=shelf, kind=chosen)
    large = (_too_large(size),) if size > MAX_FOLDER_BYTES else ()
    return document, (*large, *check_document(document, context))


def _bounded(file: Path) -> bytes:
    """The text's bytes, one more than allowed at most, so that the reader sees that it is too long."""
    with files.told(file), files.open_file(file) as descriptor, open(descriptor, "rb", closefd=False) as opened:
        return opened.read(frontmatter.MAX_BYTES + 1)


def _too_large(size: int) -> Finding:
    return Finding(
        rule="document-size",
        level=Level.WARNING,
        message=f"Naskah beserta lampirannya {size / 1_000_000:.0f} MB, paling besar {MAX_FOLDER_BYTES // 1_000_000} MB.",
        hint="Pilih foto yang paling bercerita; redaksi submit mengecilkan foto yang terlalu besar.",
    )


def _loose(source: bytes, file: Path, kind: str | None) -> Document:
    """A file on its own: of its neighbours only the pictures that it shows are looked at."""
    chosen = kind or _guessed(source, file.stem)
    document = frontmatter.read(source, path=file.stem, kind=chosen)
    shown = {image.src for image in document.images if re.fullmatch(r"[\w.-]+", image.src)}
    beside = [
        Attachment(name=name, data=files.read_file(file.parent / name))
        for name in sorted(shown)
        if (file.parent / name).is_file()
    ]
    return replace(document, attachments=tuple(beside))


def place_of(folder: Path) -> tuple[Shelf | None, str]:
    """Shelf and path of a document's folder by the names above it; a folder on no shelf goes by its own name.

    A folder of somebody's own that happens to be called ``content`` is no shelf: a shelf stands beside ``office``, or
    holds paths of the right shape.
    """
    whole = folder.resolve()
    for above in whole.parents:
        path = whole.relative_to(above).as_posix()
        if above.name in set(Shelf) and ((above.parent / "office").is_dir() or kinds.is_document_path(path)):
            return Shelf(above.name), path
    return None, whole.name


def _guessed(source: bytes, path: str) -> str:
    """The kind that leaves the fewest fields unknown or missing, where no shelf tells it."""
    front = {
        kind: frontmatter.read(source[: 2 * frontmatter.MAX_FRONT_MATTER], path=path, kind=kind) for kind in kinds.KINDS
    }

    def misfit(kind: str) -> int:
        missing = sum(entry.required and entry.name not in front[kind].fields for entry in kinds.KINDS[kind].fields)
        return missing + sum(problem.rule == "unknown-field" for problem in front[kind].problems)

    return min(kinds.KINDS, key=misfit)


def _with_unique_ids(checked: Sequence[Checked]) -> Iterator[Checked]:
    """Add a finding to every document whose id another one of the same run bears too."""
    owners = defaultdict[str, list[Path]](list)
    for one in checked:
        owners[one.id].append(one.file)
    for one in checked:
        others = [file for file in owners[one.id] if file != one.file]
        if one.id and others:
            twin = Finding(
                rule="double-id",
                message=f"Nomor naskah {one.id} juga dipakai {others[0]}.",
                hint="Salah satunya salinan: buat naskah baru dengan redaksi new, lalu pindahkan isinya.",
            )
            yield replace(one, findings=(twin, *one.findings))
        else:
            yield one


# --- what people and programs read


def describe(report: CheckReport) -> Iterator[str]:
    """The lines to print: errors first, then warnings, at most ``MOST_HINTS`` hints, and a closing sentence."""
    yield from _lines((one.path_of(finding), finding) for one in report.checked for finding in one.findings)
    yield _closing(report)


def lines(path: str, findings: Iterable[Finding]) -> Iterator[str]:
    """The same lines for the findings on the one document at ``path``, without a closing sentence."""
    yield from _lines((Path(path, finding.path), finding) for finding in findings)


def _lines(placed: Iterable[tuple[Path, Finding]]) -> Iterator[str]:
    hints = 0
    for place, finding in sorted(placed, key=lambda pair: _ORDER[pair[1].level]):
        hints += finding.level is Level.HINT
        if finding.level is not Level.HINT or hints <= MOST_HINTS:
            yield _printable(f"{_where(place, finding)} {finding.level.value} [{finding.rule}] {finding.message}")
            yield _printable(f"    {finding.hint}")
    if hints > MOST_HINTS:
        yield f"dan {hints - MOST_HINTS} saran lainnya"


def _where(place: Path, finding: Finding) -> str:
    numbers = (finding.line, finding.column) if finding.column else (finding.line,)
    return ":".join((str(place), *(str(number) for number in numbers if finding.line)))


def _printable(line: str) -> str:
    """The line as a terminal may show it: no personal number in full, nothing that moves the cursor."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in masked(line))


def _closing(report: CheckReport) -> str:
    looked_at = f"{len(report.checked)} naskah diperiksa"
    counts = [f"{report.count(level)} {level.value}" for level in Level if report.count(level)]
    if not counts:
        return f"{looked_at}: tidak ada temuan."
    verdict = "siap diajukan" if report.ok else "perbaiki galat sebelum mengajukan"
    return f"{looked_at}: {', '.join(counts)}; {verdict}."


def as_json(report: CheckReport) -> dict[str, Any]:
    """The report for other programs; personal numbers are masked here too."""
    return {
        "schema": 1,
        "ok": report.ok,
        "checked": [masked(one.file.as_posix()) for one in report.checked],
        "counts": {level.value: report.count(level) for level in Level},
        "findings": [
            {
                "file": masked(one.path_of(finding).as_posix()),
                "line": finding.line,
                "column": finding.column,
                "level": finding.level.value,
                "rule": finding.rule,
                "message": masked(finding.message),
                "hint": masked(finding.hint),
            }
            for one in report.checked
            for finding in one.findings
        ],
    }
