"""A document begins anew from today's main: because its published page changed meanwhile, or because its history is unclean.

``restart`` puts the old branch into the archive; ``clean`` lets go of it, so that what it holds is no longer reachable. Both
happen in one step with a record that says who and why. No approval carries over, whoever does it is the author from then on,
and neither is done while the text itself still holds what may never enter history.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline.errors import Refused
from pipeline.judgement import Move
from pipeline.model import Shelf
from pipeline.stages import archive, check, hygiene, images
from pipeline.stages.draft import fresh, require_way_on
from pipeline.stages.keep import SAVES, difference
from pipeline.stages.proposal import Opened, Planned, carry_out, message, rename
from pipeline.stages.working_folder import (
    content,
    folder_of,
    forget,
    lay_out,
    mark_of,
    name_of,
    put_in_place,
    set_aside,
    wanted,
)
from pipeline.world.files import told
from pipeline.world.history import ARCHIVE, id_of_branch
from pipeline.world.repo import REPLACES, BranchMove, first_parents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipeline.model import Document
    from pipeline.stages.images import CleanResult
    from pipeline.stages.session import Actor, Session
    from pipeline.stages.working_folder import Desk

_UNCLEAN: Final = "Riwayatnya memuat data yang tidak boleh tersimpan."


@dataclass(frozen=True, slots=True, kw_only=True)
class Afresh:
    """A document that began anew: as it was and as it is, where it lies (None: a rehearsal), and what was moved away.

    ``published`` are the texts of its published page when the old branch began, and now. ``unclean_saves`` are people whose
    saves of it still hold what must go; ``save_gone``: the actor's own did, and went.
    """

    old: Opened
    new: Opened
    author: str
    cleaned: bool
    desk: Desk | None
    photos: tuple[str, ...]
    published: tuple[Mapping[str, bytes], Mapping[str, bytes]]
    unclean_saves: tuple[str, ...] = ()
    save_gone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """What the fresh branch will hold, and the working folder that it comes from (None: the old branch's tip)."""

    cleaned: CleanResult
    document: Document
    tree: str
    folder: Path | None


def restart(session: Session, actor: Actor, query: str, *, dry_run: bool = False) -> Afresh:
    """Begin anew from today's main; the old branch goes to the archive."""
    subject = wanted(session, query)
    archive.require_say(session, actor, subject)
    if unclean(session, str(subject.tip)):
        raise Refused(
            f"{_UNCLEAN} Arsip tidak boleh menyimpannya juga.",
            hint=f"Jalankan redaksi clean {subject.path}",
            code="unclean",
        )
    reason = (
        subject.standing.refusals[0].message if subject.standing.refusals else "Dimulai lagi dari isi main sekarang."
    )
    return _begin(session, actor, subject, reason, cleaned=False, dry_run=dry_run)


def clean(session: Session, actor: Actor, query: str, *, reason: str = "", dry_run: bool = False) -> Afresh:
    """Begin anew from today's main; the old branch is let go of, because it holds what must not stay."""
    subject = wanted(session, query)
    archive.require_say(session, actor, subject)
    if reason:
        archive.require_reason(reason)
    elif not unclean(session, str(subject.tip)):
        raise Refused(
            f"Program tidak menemukan data terlarang dalam riwayat {subject.path}.",
            hint="Bila ada data lain yang harus hilang (misalnya nama anak), tambahkan --reason ALASAN tanpa menyebut datanya. "
            f"Bila halaman terbitnya berubah: redaksi restart {subject.path}",
            code="nothing-unclean",
        )
    return _begin(session, actor, subject, reason or _UNCLEAN, cleaned=True, dry_run=dry_run)


def unclean(session: Session, tip: str) -> bool:
    """Whether a version of a file on the way to ``tip`` may not stay in history."""
    repo = session.repo
    commits = repo.commits(repo.between([tip], session.main))
    touches = repo.touches(first_parents(commits.values()))
    messages = {name: commit.message for name, commit in commits.items()}
    return bool(hygiene.unclean(repo, touches, messages))


# -- doing --


def _begin(session: Session, actor: Actor, subject: Opened, reason: str, *, cleaned: bool, dry_run: bool) -> Afresh:
    text = _text(session, subject)
    _require_fit(subject, text)
    if _has_begun(subject, actor, text):  # an interrupted run got that far
        desk = None if dry_run else lay_out(session, subject, aside=True)
        return _told(session, actor, subject, subject, text, desk, cleaned=cleaned)
    begun = fresh(session, subject.path, id_of_branch(subject.branch))
    plan = _plan(subject, begun, text)
    require_way_on(session, actor, begun, carry_out(session, actor, begun, plan, dry_run=True))
    saves = _unclean_saves(session, subject) if cleaned else {}
    own = saves.pop(actor.person.id, None)
    desk = None
    if not dry_run:
        if text.folder is not None:
            put_in_place(session, subject, text.folder, text.cleaned)
        also = [*archive.put_away(subject)[: 1 if cleaned else 2], *([own] if own else [])]
        also.append(archive.closing_record(session, actor, subject, reason))
        begun = carry_out(session, actor, begun, plan, also=also)
        desk = _follow(session, subject, begun, text)
    done = _told(session, actor, subject, begun, text, desk, cleaned=cleaned)
    return replace(done, unclean_saves=tuple(sorted(saves)), save_gone=own is not None)


def _has_begun(subject: Opened, actor: Actor, text: _Text) -> bool:
    """Whether this person already began the document anew, with this very text and nothing since."""
    changes, standing = subject.history.changes, subject.standing
    return (
        bool(changes and changes[0].trailer(REPLACES))
        and {change.author for change in changes} == {actor.signer.email}
        and not standing.refusals
        and (standing.shelf, standing.tree) == (Shelf.DRAFTS, text.tree)
    )


def _told(
    session: Session, actor: Actor, old: Opened, new: Opened, text: _Text, desk: Desk | None, *, cleaned: bool
) -> Afresh:
    return Afresh(
        old=old,
        new=new,
        author=actor.person.name,
        cleaned=cleaned,
        desk=desk,
        photos=tuple(images.describe(text.cleaned)),
        published=(_published(session, old), _published(session, new)),
    )


def _text(session: Session, subject: Opened) -> _Text:
    """The working folder's text where it goes back to the branch as it stands, else the branch's own."""
    folder = folder_of(session, subject)
    there, mark = content(folder), mark_of(session, subject)
    here = bool(there) and (
        session.repo.store(there) == subject.tree or (mark is not None and mark.base == subject.tree)
    )
    found = there if here else session.repo.files_of_tree(subject.tree)
    cleaned = images.clean_photos(found, max_photos=session.office.court.limits.photos)
    return _Text(
        cleaned=cleaned,
        document=check.read(cleaned.files, path=subject.path, shelf=Shelf.DRAFTS),
        tree=session.repo.store(cleaned.files),
        folder=folder if here else None,
    )


def _require_fit(subject: Opened, text: _Text) -> None:
    """The fresh text keeps its id and holds nothing that may never enter history."""
    findings = (*text.cleaned.problems, *hygiene.for_ever(text.document))
    if text.document.id != id_of_branch(subject.branch):
        findings = (check.changed_id(text.document, id_of_branch(subject.branch)), *findings)
    if findings:
        place = "folder kerja" if text.folder else "isi terakhir naskah"
        first = findings[0]
        raise Refused(
            f"Naskah belum dapat dimulai lagi: di {place}, {first.path} baris {first.line}: {first.message}",
            hint=f"{first.hint} Ubahlah dengan redaksi edit {subject.path}, lalu ulangi perintah ini.",
            code="still-unclean",
        )


def _plan(old: Opened, begun: Opened, text: _Text) -> list[Planned]:
    """A published page first comes down to the drafts shelf as it stands, so that the branch begins with a pure rename."""
    identity = {"Id": id_of_branch(begun.branch), "Dokumen": begun.path, REPLACES: str(old.tip)}
    before = begun.standing.tree
    plan = []
    if before is not None:
        moves = rename(Shelf.CONTENT, Shelf.DRAFTS, before)
        plan.append(Planned(message=message(f"Naskah dimulai lagi: {text.document.title}", **identity), moves=moves))
    if before != text.tree:
        move = Move(shelf=Shelf.DRAFTS, before=before, after=text.tree)
        plan.append(Planned(message=message(f"Isi naskah: {text.document.title}", **identity), moves=(move,)))
    return plan


def _unclean_saves(session: Session, subject: Opened) -> dict[str, BranchMove]:
    """By person, the move that would remove a line of saves of this document that holds what must go."""
    repo = session.repo
    refs = repo.beside(f"{SAVES}/{id_of_branch(subject.branch)}")
    repo.obtain(list(refs))
    return {
        ref.rpartition("/")[2]: BranchMove(branch=ref, old=tip, new=None)
        for ref, tip in refs.items()
        if unclean(session, tip)
    }


def _follow(session: Session, old: Opened, begun: Opened, text: _Text) -> Desk:
    """The working folder and its mark follow to the new branch; what was not taken over is set aside, never overwritten."""
    source = folder_of(session, old)
    if old.shelf is not Shelf.DRAFTS and text.folder is None and content(source):
        set_aside(session, begun, source)
    versions = [move.after for change in old.history.changes for move in change.moves if move.after]
    desk = lay_out(session, begun, aside=True, kept=versions)
    if old.shelf is not Shelf.DRAFTS and text.folder is not None:
        with told(source):
            shutil.rmtree(source)  # its files stand on the new branch and in drafts/
    forget(session, old)
    return desk


def _published(session: Session, subject: Opened) -> Mapping[str, bytes]:
    """The published page as it stood when the branch began; empty if there was none."""
    tree = subject.history.base.get(Shelf.CONTENT)
    return session.repo.files_of_tree(tree) if tree else {}


# -- showing --


def describe(done: Afresh) -> Iterator[str]:
    """What began anew, who counts as its author now, and what must be looked at."""
    if done.old.branch == done.new.branch:
        yield f"Naskah {done.new.path} sudah dimulai lagi oleh {done.author}; tidak ada yang perlu diulang."
        return
    yield f"Naskah {done.new.path} dimulai lagi dari isi situs sekarang; persetujuan lama tidak ikut."
    yield f"Yang tercatat sebagai penulis mulai sekarang: {done.author}. Karena itu {done.author} tidak dapat memutuskannya."
    if done.cleaned:
        yield "Isi lama tidak lagi terjangkau; dari setiap komputer hilang sesudah pembersihan berkala (docs/pemurnian.md)."
        yield from ["Simpanan Anda yang memuatnya ikut dihapus."] if done.save_gone else []
    else:
        yield f"Yang lama tersimpan di arsip: {ARCHIVE}/{name_of(done.old)}"
    yield from (
        f"Simpanan {person} masih memuat data itu; hapus menurut docs/pemurnian.md." for person in done.unclean_saves
    )
    before, now = done.published
    if before != now:
        yield from difference("Yang berubah pada halaman terbit sejak naskah lama dibuka", before, now)
        yield "Masukkan perubahan itu ke naskah Anda bila masih berlaku."
