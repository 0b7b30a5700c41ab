"""What somebody is writing is kept: saves on the office server until the document is done, and both texts of a conflict.

A save is a signed commit on ``refs/simpan/<id>/<person>`` that holds the document's folder alone, on top of the person's
save before it. It is never merged and never judged; ``prune`` removes it 30 days after the document's end, no earlier.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from pipeline import signature
from pipeline.errors import Refused
from pipeline.model import Shelf
from pipeline.stages import archive, check, hygiene, images
from pipeline.stages.proposal import Opened, find, message
from pipeline.stages.review import changed_words
from pipeline.stages.session import now_after
from pipeline.stages.working_folder import (
    TEXT,
    Conflict,
    Desk,
    Given,
    content,
    folder_of,
    lay_out,
    mark_of,
    put_in_place,
    wanted,
)
from pipeline.world import clock
from pipeline.world.history import ARCHIVE, BRANCHES, id_of_branch, trailers_of
from pipeline.world.repo import BranchMove

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from pipeline.model import Document, Finding
    from pipeline.office import Office
    from pipeline.stages.session import Actor, Session

SAVES: Final = "refs/simpan"
KEPT_FOR: Final = timedelta(days=30)
"""How long saves outlive their document (DESIGN section 4)."""

_SLOW_CLOCK: Final = timedelta(days=1)
"""A save may bear a later time than the end of its document when the clock of the writer's computer is ahead."""
_AT_ONCE: Final = 100  # references removed in one push


# -- saves while writing --


@dataclass(frozen=True, slots=True, kw_only=True)
class Save:
    """One save: the document's folder as a person left it, and the tree that this work went back to (empty: unknown)."""

    ref: str
    commit: str
    parents: tuple[str, ...]
    tree: str
    base: str
    document: str
    time: datetime

    @property
    def person(self) -> str:
        """The id of whoever saved."""
        return self.ref.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saving:
    """What became of a wish to save. ``save`` is None where ``problems`` stand in its way (a photo that can't be cleaned).

    ``personal`` are findings of what must not stay for ever: told, not refused, because a save does not stay.
    """

    subject: Opened
    document: Document
    save: Save | None
    photos: tuple[str, ...]
    problems: tuple[Finding, ...]
    personal: tuple[Finding, ...]
    anew: bool = True


def save(session: Session, actor: Actor, query: str, *, dry_run: bool = False) -> Saving:
    """Keep what stands in the working folder on the office server, photos cleaned, without submitting it."""
    subject = wanted(session, query)
    folder = folder_of(session, subject)
    there = content(folder)
    if not there:
        raise _nothing_to_save(subject, "belum ada di folder kerja")
    cleaned = images.clean_photos(there, max_photos=session.office.court.limits.photos)
    document = check.read(cleaned.files, path=subject.path, shelf=subject.shelf)
    tree = session.repo.store(cleaned.files)
    latest = latest_save(session, actor.person.id, subject)
    if tree == subject.tree:
        raise _nothing_to_save(subject, "sama dengan yang sudah ada di server")
    kept = latest
    if not cleaned.problems and (latest is None or latest.tree != tree) and not dry_run:
        _require_size(session, cleaned.files)
        put_in_place(session, subject, folder, cleaned)
        kept = _write_save(session, actor, subject, tree, latest, document.title)
    return Saving(
        subject=subject,
        document=document,
        save=None if cleaned.problems else kept,
        photos=tuple(images.describe(cleaned)),
        problems=cleaned.problems,
        personal=hygiene.for_ever(document),
        anew=kept is not latest,
    )


def _nothing_to_save(subject: Opened, why: str) -> Refused:
    return Refused(
        f"Tidak ada tulisan baru untuk disimpan: {subject.path} {why}.",
        hint=f"Untuk mengubahnya, jalankan redaksi edit {subject.path}",
        code="nothing-to-save",
    )


def _require_size(session: Session, files: Mapping[str, bytes]) -> None:
    limit, size = session.office.court.limits.document_bytes, sum(map(len, files.values()))
    if size > limit:
        raise Refused(
            f"Naskah beserta lampirannya {size // 1_000_000} MB, paling besar {limit // 1_000_000} MB.",
            hint="Pindahkan berkas yang tidak diperlukan ke luar folder naskah, lalu ulangi.",
            code="too-large",
        )


def _write_save(session: Session, actor: Actor, subject: Opened, tree: str, latest: Save | None, title: str) -> Save:
    repo, mark = session.repo, mark_of(session, subject)
    base = mark.base if mark else ""
    text = message(f"Simpanan: {title}", Id=id_of_branch(subject.branch), Dokumen=subject.path, Dasar=base)
    root = repo.graft(None, f"{subject.shelf}/{subject.path}", tree)
    when = now_after(max(filter(None, (subject.latest, latest.time if latest else None)), default=None))
    parents = [latest.commit] if latest else []
    commit = actor.write(session, tree=root, parents=parents, message=text, when=when)
    ref = f"{SAVES}/{id_of_branch(subject.branch)}/{actor.person.id}"
    repo.move(BranchMove(branch=ref, old=latest.commit if latest else None, new=commit))
    return Save(ref=ref, commit=commit, parents=tuple(parents), tree=tree, base=base, document=subject.path, time=when)


def latest_save(session: Session, person: str, subject: Opened) -> Save | None:
    """The newest save of this document by a person, fetched from the office server; None if there is none."""
    folder = f"{SAVES}/{id_of_branch(subject.branch)}"
    ref = f"{folder}/{person}"
    tip = session.repo.beside(folder).get(ref)
    if tip is None:
        return None
    session.repo.obtain([ref])
    return _save_at(session, ref, tip, session.known_keys())


def _save_at(session: Session, ref: str, commit: str, keys: Collection[str]) -> Save | None:
    """A save as its commit tells it; None for a commit that is none, or that none of ``keys`` signed."""
    found = session.repo.commit(commit)
    document = trailers_of(found.message).get("Dokumen", ("",))[0]
    tree = next(filter(None, (session.repo.tree_id(commit, f"{shelf}/{document}") for shelf in Shelf)), None)
    signer = signature.signer_of(found.payload, found.signature) if found.signature else ""
    if not document or tree is None or signer not in keys:
        return None
    base = trailers_of(found.message).get("Dasar", ("",))[0]
    return Save(ref=ref, commit=commit, parents=found.parents, tree=tree, base=base, document=document, time=found.time)


def _line_of(session: Session, save: Save) -> Iterator[Save]:
    """A save, the one before it, and so on."""
    at: Save | None = save
    keys = session.known_keys()
    while at is not None:
        yield at
        at = _save_at(session, at.ref, at.parents[0], keys) if at.parents else None


def edit_saved(session: Session, actor: Actor, query: str, *, older: int = 0, set_aside: bool = False) -> Desk:
    """Lay out this person's save: the newest, or the one ``older`` saves before it. What it goes back to stays known."""
    subject = find(session, query)
    latest = latest_save(session, actor.person.id, subject)
    line = list(_line_of(session, latest)) if latest else []
    if older >= len(line):
        raise Refused(
            f"Simpanan {actor.person.name} atas naskah ini ada {len(line)}.",
            hint=f"Untuk isi yang terakhir diajukan: redaksi edit {subject.path}",
            code="no-save",
        )
    chosen = Given(files=session.repo.files_of_tree(line[older].tree), base=line[older].base)
    return lay_out(session, subject, given=chosen, aside=set_aside, kept=[held.tree for held in line])


def newer_save(session: Session, actor: Actor, desk: Desk) -> Save | None:
    """A save of this person that is neither what lies on the desk nor was it submitted or passed over since."""
    subject = desk.subject
    found = latest_save(session, actor.person.id, subject)
    if found is None or found.tree == session.repo.store(content(desk.folder)):
        return None
    own = [c for c in subject.history.changes if c.author in actor.person.emails and len(c.moves) == 1]
    passed = any(c.time > found.time or (found.base and c.moves[0].before == found.base) for c in own)
    return None if passed or _was_on_branch(subject, found.tree) else found


def _was_on_branch(subject: Opened, tree: str) -> bool:
    return any(move.after == tree for change in subject.history.changes for move in change.moves)


# -- pruning --


@dataclass(frozen=True, slots=True, kw_only=True)
class Pruning:
    """Saves that were removed, each with the end of its document; and saves of documents whose end nobody knows."""

    removed: tuple[tuple[Save, datetime], ...]
    unknown: tuple[Save, ...]


def prune(session: Session, *, dry_run: bool = False) -> Pruning:
    """Remove saves 30 days after their document was published or put away; those of documents in work stay."""
    repo = session.repo
    in_work = {id_of_branch(branch) for branch in repo.tips(BRANCHES)}
    refs = {ref: tip for ref, tip in repo.beside(SAVES).items() if ref.split("/")[2] not in in_work}
    repo.obtain(list(refs))
    keys = session.known_keys()
    found = [kept for ref, tip in sorted(refs.items()) if (kept := _save_at(session, ref, tip, keys))]
    ends = _ends(session) if found else {}
    ended = {
        kept: ends[_id(kept)] for kept in found if _id(kept) in ends and kept.time <= ends[_id(kept)] + _SLOW_CLOCK
    }
    due = tuple((kept, end) for kept, end in ended.items() if clock.now() - max(end, kept.time) >= KEPT_FOR)
    for start in range(0, 0 if dry_run else len(due), _AT_ONCE):
        part = due[start : start + _AT_ONCE]
        repo.move(*(BranchMove(branch=kept.ref, old=kept.commit, new=None) for kept, _ in part))
    return Pruning(removed=due, unknown=tuple(kept for kept in found if kept not in ended))


def _id(save: Save) -> str:
    return save.ref.split("/")[2]


def _ends(session: Session) -> dict[str, datetime]:
    """When each document was last published or put away, by its id, as far as main and the archive tell."""
    repo = session.repo
    merges = repo.commits(repo.mentioning(session.main, "Id")).values()
    published = [(name, merge.time) for merge in merges for name in trailers_of(merge.message).get("Id", ())]
    tips = repo.tips(ARCHIVE)
    archived = [(id_of_branch(branch), repo.commit(tip).time) for branch, tip in tips.items()]
    closed = [(closing.id, closing.time) for closing in archive.closings(session).values()]
    ends: dict[str, datetime] = {}
    for name, time in (*published, *archived, *closed):
        ends[name] = max(time, ends.get(name, time))
    return ends


# -- showing --


def describe_saving(done: Saving, office: Office) -> Iterator[str]:
    """What was saved, and what will stand in the way of submitting it."""
    if done.save is None:
        yield "Tulisan belum disimpan di server: ada foto yang belum dapat dibersihkan. Berkas Anda tidak berubah."
        return
    since = office.local(done.save.time).strftime("%d-%m-%Y %H.%M")
    yield f"Tersimpan di server kantor ({since}), belum diajukan." if done.anew else f"Sudah tersimpan sejak {since}."
    if done.personal:
        yield "PERHATIAN: tulisan ini memuat data yang tidak boleh diajukan. Hapus segera, lalu simpan lagi."
    yield f"Di komputer lain: redaksi edit {done.subject.path} --saved"


def describe_newer(found: Save | None, desk: Desk, office: Office) -> Iterator[str]:
    """That this person's save is not what lies on the desk, and how to get it."""
    if found is not None:
        since = office.local(found.time).strftime("%d-%m-%Y %H.%M")
        yield f"Ada simpanan Anda tanggal {since} yang belum diajukan dan berbeda dari isi folder ini."
        yield f"Untuk membukanya: redaksi edit {desk.subject.path} --saved"


def describe_pruning(done: Pruning, office: Office, *, dry_run: bool = False) -> Iterator[str]:
    """What was removed, and what was left because its document's end is not known."""
    word = "Akan dihapus" if dry_run else "Dihapus"
    for kept, end in done.removed:
        yield f"{word}: simpanan {kept.person} atas {kept.document}; naskahnya berakhir {office.day(end):%d-%m-%Y}."
    for kept in done.unknown:
        yield f"Dibiarkan: simpanan {kept.person} atas {kept.document}; akhir naskahnya tidak diketahui."
    if not done.removed:
        yield "Tidak ada simpanan yang sudah lewat 30 hari sejak naskahnya berakhir."


def describe_conflict(found: Conflict) -> Iterator[str]:
    """Both texts of a conflict: the words that each side changed, and the other files that differ."""
    theirs = f"Yang diubah {' dan '.join(found.others) or 'di server kantor'} sejak Anda membukanya"
    if found.base is None:
        yield from difference("Beda isi naskah sekarang dengan tulisan Anda", found.theirs, found.mine)
        return
    yield from difference(theirs, found.base, found.theirs)
    yield from difference("Yang Anda ubah", found.base, found.mine)


def difference(label: str, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Iterator[str]:
    """Words that changed in the text, and names of other files that did."""
    yield f"{label} (yang dihapus [-...-], yang ditambah {{+...+}}):"
    texts = [files.get(TEXT, b"").decode("utf-8", "replace") for files in (before, after)]
    changed = [f"  {line}" for line in changed_words(texts[0], texts[1])]
    names = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    others = [f"  berkas {name}" for name in names if name != TEXT]
    yield from (*changed, *others) or ("  tidak ada",)
