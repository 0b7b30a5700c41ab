"""A person's own copy of a document on this disk: laid out for writing, cleaned in place, set aside, never overwritten.

What counts is on the document's branch. This file knows what the copy was laid out from, says when that is no longer what
stands on the branch (``Conflict``), and leaves a state that the next command can go on from, wherever it is interrupted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.errors import Refused
from pipeline.model import Shelf
from pipeline.stages.proposal import Opened, find, refuse_if_any
from pipeline.world import clock, files

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from pipeline.stages.images import CleanResult
    from pipeline.stages.session import Session

TEXT: Final = "index.md"
SET_ASIDE: Final = "build/disisihkan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A document laid out for writing: its working folder, and folders of this clone that hold what was set aside.

    ``resumed``: it was opened before, by a command that was interrupted.
    """

    subject: Opened
    folder: Path
    set_aside: tuple[Path, ...] = ()
    resumed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What this clone remembers of a working folder: the tree it was laid out from, and when work began.

    ``pending`` is the tree that was on its way to the branch: it takes the base's place once the branch had it.
    """

    base: str
    started: str
    pending: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """Files to lay out in place of what stands on the branch (a save), and the tree that they go back to."""

    files: Mapping[str, bytes]
    base: str


class Conflict(Refused):
    """The branch and the working folder both changed. Neither is touched; both texts and who wrote the other are told."""

    def __init__(
        self,
        message: str,
        *,
        hint: str,
        code: str,
        base: Mapping[str, bytes] | None,
        theirs: Mapping[str, bytes],
        mine: Mapping[str, bytes],
        others: tuple[str, ...],
    ) -> None:
        super().__init__(message, hint=hint, code=code)
        self.base = base
        self.theirs = theirs
        self.mine = mine
        self.others = others


# -- looking --


def wanted(session: Session, query: str) -> Opened:
    """The open document; ``query`` may also be the path of its working folder."""
    path = Path(query)
    if path.exists() and path.resolve().is_relative_to(session.repo.root.resolve()):
        shelf, _, document = path.resolve().relative_to(session.repo.root.resolve()).as_posix().partition("/")
        if shelf in set(Shelf) and document:
            return find(session, document.removesuffix(f"/{TEXT}"))
    return find(session, query)


def folder_of(session: Session, subject: Opened) -> Path:
    """Where the document's working folder is, or would be."""
    return session.repo.root / subject.shelf / subject.path


def content(folder: Path) -> dict[str, bytes]:
    """The files of a working folder by name, without what a killed run left half written; empty if there is none."""
    found = files.read_folder(folder) if folder.exists() else {}
    return {name: data for name, data in found.items() if not files.HALF_WRITTEN.fullmatch(name.rpartition("/")[2])}


def require_base(session: Session, subject: Opened, mark: Mark | None, mine: Mapping[str, bytes], tree: str) -> None:
    """Two people's work is never silently overwritten: what changed meanwhile must be looked at first."""
    if subject.tree not in {tree, mark.base if mark else ""}:
        raise conflict(
            session,
            subject,
            mark,
            mine,
            message="Naskah ini diubah orang lain sejak Anda membukanya; kedua isi tetap tersimpan.",
            code="draft-changed",
        )


def conflict(
    session: Session, subject: Opened, mark: Mark | None, mine: Mapping[str, bytes], *, message: str, code: str
) -> Conflict:
    """Both texts, and the command with which nothing is lost."""
    return Conflict(
        message,
        hint=f"Jalankan redaksi edit {subject.path} --set-aside: isi terbaru disiapkan, dan tulisan Anda dipindahkan "
        "(tidak dihapus) agar dapat digabungkan.",
        code=code,
        base=_base_files(session, mark),
        theirs=session.repo.files_of_tree(subject.tree),
        mine=mine,
        others=_others(session, subject, mark.base if mark else ""),
    )


def _base_files(session: Session, mark: Mark | None) -> dict[str, bytes] | None:
    """What the folder was laid out from; None where nobody noted it, or this clone no longer has it."""
    if mark is None or not mark.base or session.repo.objects([mark.base])[mark.base] is None:
        return None
    return session.repo.files_of_tree(mark.base)


def _others(session: Session, subject: Opened, base: str) -> tuple[str, ...]:
    """Names of those who changed the text after ``base`` stood there."""
    names: list[str] = []
    for change in reversed(subject.history.changes):
        if any(move.after == base for move in change.moves):
            break
        if len(change.moves) == 1:  # an edit; a rename moves twice
            person = session.office.person_by_email(change.author)
            names.append(person.name if person else change.author)
    return tuple(dict.fromkeys(reversed(names)))


# -- laying out --


def lay_out(
    session: Session,
    subject: Opened,
    *,
    given: Given | None = None,
    aside: bool = False,
    kept: Collection[str] = (),
) -> Desk:
    """Write the document's files (or ``given`` ones) into the working folder, unless that would lose something.

    ``aside`` moves what stands there away first; ``kept`` are trees that can be had back from elsewhere.
    """
    refuse_if_any(subject.standing.refusals)
    folder, mark = folder_of(session, subject), mark_of(session, subject)
    there = content(folder)
    chosen = given or Given(files=session.repo.files_of_tree(subject.tree), base=subject.tree)
    tree = session.repo.store(there) if there else ""
    untouched = tree in {"", subject.tree, mark.base if mark else "", *kept}
    if aside and not untouched:
        set_aside(session, subject, folder)
        there = {}
    elif not untouched and given is None and mark and mark.base == subject.tree:
        return _desk(session, subject, folder)
    elif not untouched and not _is_half_laid_out(session, there, mark, subject, chosen):
        raise _unsaved(session, subject, mark, there, folder)
    _replace(folder, there, chosen.files)
    remember(session, subject, Mark(base=chosen.base, started=clock.now().isoformat(timespec="seconds")))
    return _desk(session, subject, folder)


def _is_half_laid_out(
    session: Session, there: Mapping[str, bytes], mark: Mark | None, subject: Opened, chosen: Given
) -> bool:
    """Whether every file is a known version of itself: an interrupted run left old and new ones side by side."""
    known = [chosen.files, session.repo.files_of_tree(subject.tree), _base_files(session, mark) or {}]
    return all(any(version.get(name) == data for version in known) for name, data in there.items())


def _unsaved(
    session: Session, subject: Opened, mark: Mark | None, there: Mapping[str, bytes], folder: Path
) -> Conflict:
    if mark and mark.base == subject.tree:
        message = f"Folder {folder} berisi perubahan yang belum diajukan maupun disimpan."
    else:
        message = f"Folder {folder} berisi perubahan yang belum diajukan, sedangkan naskahnya sudah berubah."
    return conflict(session, subject, mark, there, message=message, code="unsaved-work")


def _desk(session: Session, subject: Opened, folder: Path) -> Desk:
    return Desk(subject=subject, folder=folder, set_aside=tuple(what_was_set_aside(session, subject)))


def _replace(folder: Path, there: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> None:
    for name, data in wanted.items():
        if there.get(name) != data:
            files.write_atomic(folder / name, data)
    with files.told(folder):
        for name in there.keys() - wanted.keys():
            (folder / name).unlink(missing_ok=True)
        for left in folder.rglob(".*.baru"):
            if files.HALF_WRITTEN.fullmatch(left.name):
                left.unlink(missing_ok=True)


def set_aside(session: Session, subject: Opened, folder: Path) -> Path:
    """Move a working folder to a free place of this clone, where nothing ever writes again; say where."""
    place = _free_place(session, subject)
    files.make_folder(place.parent)
    with files.told(folder):
        folder.rename(place)
    return place


def _free_place(session: Session, subject: Opened) -> Path:
    stem = f"{name_of(subject)}-{session.office.local(clock.now()):%Y%m%d-%H%M%S}"
    names = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(p for name in names if not (p := session.repo.root / SET_ASIDE / name).exists())


def what_was_set_aside(session: Session, subject: Opened) -> Iterator[Path]:
    """Folders of this clone with text of this document that was set aside, oldest first."""
    document_id = name_of(subject).partition("-")[0]
    yield from sorted((session.repo.root / SET_ASIDE).glob(f"{document_id}-*"))


# -- cleaned photos take the place of the originals --


def put_in_place(session: Session, subject: Opened, folder: Path, cleaned: CleanResult) -> None:
    """The working folder gets the cleaned photos; the originals stay in this clone only, never on a branch.

    The text first, then each photo under its old name, then its new name: cleaning once more after an interruption gives
    the same folder.
    """
    before = content(folder)
    for name, data in before.items():
        if name != TEXT and data not in cleaned.files.values():
            files.write_atomic(_originals(session, subject, name, data), data)
    if cleaned.files.get(TEXT, before.get(TEXT)) != before.get(TEXT):
        files.write_atomic(folder / TEXT, cleaned.files[TEXT])
    renamed = {photo.name: photo.new_name for photo in cleaned.cleaned if photo.name != photo.new_name}
    if not renamed.keys() & set(renamed.values()):
        for old, new in renamed.items():
            files.write_atomic(folder / old, cleaned.files[new])
            with files.told(folder / old):
                (folder / old).replace(folder / new)
            before[new] = cleaned.files[new]
            del before[old]
    beside = {name: data for name, data in before.items() if name != TEXT}
    _replace(folder, beside, {name: data for name, data in cleaned.files.items() if name != TEXT})


def _originals(session: Session, subject: Opened, name: str, data: bytes) -> Path:
    """Where the original of a photo is kept: under its own name, or a numbered one beside another of that name."""
    place = session.repo.private / "asli" / subject.path / name
    names = (place if number == 1 else place.with_stem(f"{place.stem}-{number}") for number in count(1))
    return next(path for path in names if not path.exists() or path.read_bytes() == data)


# -- what this clone remembers --


def name_of(subject: Opened) -> str:
    """The last part of the branch's name: the id, and the attempt where it is not the first."""
    return subject.branch.rpartition("/")[2]


def _mark_path(session: Session, subject: Opened) -> Path:
    return session.repo.private / "meja" / f"{name_of(subject)}-{subject.shelf}.json"


def mark_of(session: Session, subject: Opened) -> Mark | None:
    """What was noted when the folder on this shelf was laid out; None if nothing was, or it can't be read."""
    found = files.read_json(_mark_path(session, subject))
    if not {"dasar", "mulai"} <= found.keys():
        return None
    pending = str(found.get("calon", ""))
    arrived = any(move.after == pending for change in subject.history.changes for move in change.moves)
    return Mark(base=pending if arrived else str(found["dasar"]), started=str(found["mulai"]))


def remember(session: Session, subject: Opened, mark: Mark) -> None:
    """Note what the folder on the document's shelf was laid out from."""
    noted = {"dasar": mark.base, "mulai": mark.started, "calon": mark.pending}
    files.write_atomic(_mark_path(session, subject), json.dumps(noted).encode())


def forget(session: Session, subject: Opened) -> None:
    """The document's branch is gone for good: nothing was laid out from it."""
    path = _mark_path(session, subject)
    with files.told(path):
        path.unlink(missing_ok=True)


def started_at(mark: Mark | None, now: datetime) -> str:
    """When work on the folder began, as the trailer ``Mulai`` says it."""
    return (mark.started if mark else "") or now.isoformat(timespec="seconds")
