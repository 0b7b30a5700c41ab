"""SOP B1: a document is begun, written in a working folder, submitted, and taken back by its author.

Nobody becomes an author where then nobody could decide any more, and no submission passes over what somebody else wrote
meanwhile. The working folder itself is ``working_folder``'s; what counts is on the document's branch.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline import kinds
from pipeline.errors import Refused
from pipeline.judgement import Move, Ruling
from pipeline.model import Level, Shelf
from pipeline.stages import check, images, verify
from pipeline.stages.proposal import (
    Opened,
    Planned,
    carry_out,
    find,
    message,
    opened,
    published_path,
    rename,
    taken_down,
    unopened,
)
from pipeline.stages.working_folder import (
    Desk,
    Mark,
    content,
    folder_of,
    lay_out,
    mark_of,
    put_in_place,
    remember,
    require_base,
    started_at,
    wanted,
)
from pipeline.succession import gaps, way_on
from pipeline.world import clock
from pipeline.world.history import ARCHIVE, BRANCHES, attempt_of_branch, branch_of, id_of_branch, read_document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document, Finding
    from pipeline.office import Office
    from pipeline.rules import Context
    from pipeline.stages.session import Actor, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What became of a submission: refused by findings (``subject`` is as before), or on its way."""

    subject: Opened
    document: Document
    findings: tuple[Finding, ...]
    photos: tuple[str, ...]
    corrected: bool
    accepted: bool


# -- beginning and laying out --


def start(session: Session, actor: Actor, kind: str, title: str, *, section: str = "") -> Desk:
    """Open a new document of ``kind`` with its template, on a branch of its own."""
    chosen = _kind(kind)
    _require_title(title)
    today = session.office.day(clock.now())
    if chosen.name == "halaman":
        _require_section(session, section)
    if (
        begun := _begun(
            session, actor, kinds.document_path(chosen, slug=kinds.new_slug(title), year=today.year, section=section)
        )
    ) is not None:
        return replace(lay_out(session, begun), resumed=True)
    path = _free_path(session, chosen, title, today.year, section)
    document_id = _free_id(session, today.year)
    text = kinds.draft_text(chosen, id=document_id, title=title, today=today)
    tree = session.repo.store({"index.md": text.encode()})
    plan = [
        Planned(
            message=message(f"Naskah dibuka: {title}", Id=document_id, Dokumen=path),
            moves=(Move(shelf=Shelf.DRAFTS, before=None, after=tree),),
        )
    ]
    subject = unopened(session, path, document_id)
    require_way_on(session, actor, subject, carry_out(session, actor, subject, plan, dry_run=True))
    return lay_out(session, carry_out(session, actor, subject, plan))


def _begun(session: Session, actor: Actor, path: str) -> Opened | None:
    """The document that this person's interrupted ``new`` left behind: opened, but never quite laid out here."""
    branches = session.branches()
    for branch in (name for name, document in branches.documents.items() if document == path):
        subject = opened(session, branch, branches)
        only_opened = len(subject.history.changes) == 1 and subject.standing.authors == {actor.person.id}
        if only_opened and not (folder_of(session, subject).exists() and mark_of(session, subject)):
            return subject
    return None


def _kind(name: str) -> kinds.Kind:
    if name not in kinds.KINDS:
        raise Refused(
            f"Tidak ada jenis naskah {name!r}.",
            hint=f"Pilih salah satu: {', '.join(kinds.KINDS)}.",
            code="unknown-kind",
        )
    return kinds.KINDS[name]


def _require_title(title: str) -> None:
    if not any(letter.isalnum() for letter in title):
        raise Refused(
            "Judul naskah masih kosong.",
            hint='Tulis judulnya di antara tanda kutip: redaksi new berita "Judul".',
            code="no-title",
        )


def _require_section(session: Session, section: str) -> None:
    known = [entry.slug for entry in session.office.site.sections]
    if section not in known:
        raise Refused(
            "Halaman harus berada di salah satu bagian situs.",
            hint=f"Tambahkan --section BAGIAN. Bagian yang ada: {', '.join(known)}.",
            code="unknown-section",
        )


def _free_path(session: Session, kind: kinds.Kind, title: str, year: int, section: str) -> str:
    slug = kinds.new_slug(title)
    taken = set(session.branches().documents.values())
    for number in range(1, 100):
        numbered = slug if number == 1 else f"{slug[:76]}-{number}"
        path = kinds.document_path(kind, slug=numbered, year=year, section=section)
        published = session.repo.tree_id(session.main, f"{Shelf.CONTENT}/{path}") is not None
        if path not in taken and not published and not (session.repo.root / Shelf.DRAFTS / path).exists():
            return path
    raise Refused(
        f"Sudah ada 99 naskah dengan judul {title!r}.", hint="Pilih judul yang lebih khusus.", code="title-taken"
    )


def _free_id(session: Session, year: int) -> str:
    taken = {id_of_branch(branch) for shelf in (BRANCHES, ARCHIVE) for branch in session.repo.tips(shelf)}
    while (document_id := kinds.new_id(year, secrets.token_bytes(8))) in taken:
        pass
    return document_id


def edit(session: Session, actor: Actor, query: str, *, set_aside: bool = False) -> Desk:
    """Lay out a document for writing: one in work as it stands now, or a published one on a new branch.

    ``set_aside`` first moves what stands in the working folder to a place where it stays.
    """
    try:
        subject = find(session, query)
    except Refused as refusal:
        if refusal.code not in {"no-such-document", "already-published"}:
            raise
        gone = taken_down(session, query)
        subject = (
            _bring_back(session, actor, *gone) if gone else _reopen(session, actor, published_path(session, query))
        )
    return lay_out(session, subject, aside=set_aside)


def _reopen(session: Session, actor: Actor, path: str) -> Opened:
    document = read_document(session.repo, session.main, Shelf.CONTENT, path)
    subject = fresh(session, path, document.id)
    text = message(f"Naskah dibuka kembali: {document.title}", Id=document.id, Dokumen=path)
    plan = [Planned(message=text, moves=rename(Shelf.CONTENT, Shelf.DRAFTS, subject.tree))]
    return carry_out(session, actor, subject, plan)


def _bring_back(session: Session, actor: Actor, path: str, commit: str) -> Opened:
    """Begin a withdrawn document anew with the text that ``commit`` of main published; it needs every approval again."""
    document = read_document(session.repo, commit, Shelf.CONTENT, path)
    tree = session.repo.tree_id(commit, f"{Shelf.CONTENT}/{path}")
    text = message(f"Naskah dibuka kembali: {document.title}", Id=document.id, Dokumen=path)
    plan = [Planned(message=text, moves=(Move(shelf=Shelf.DRAFTS, before=None, after=tree),))]
    return carry_out(session, actor, fresh(session, path, document.id), plan)


def fresh(session: Session, path: str, document_id: str) -> Opened:
    """A document that a new branch begins: the first attempt at it, or the one after those that are known."""
    names = [name for shelf in (BRANCHES, ARCHIVE) for name in session.repo.tips(shelf)]
    known = [attempt_of_branch(name) for name in names if id_of_branch(name) == document_id]
    branch = branch_of(document_id, max(known, default=0) + 1)
    return replace(unopened(session, path, document_id), branch=branch)


def describe(desk: Desk, office: Office) -> Iterator[str]:
    """Why the document came back, with each note beside the line that it speaks of."""
    yield f"Naskah {desk.subject.path} siap diubah."
    decisions = desk.subject.standing.decisions
    if not decisions or decisions[-1].ruling is not Ruling.RETURNED or desk.subject.standing.shelf is not Shelf.DRAFTS:
        return
    last = decisions[-1]
    yield f"Dikembalikan {office.role_label(last.role)}: {last.reason}"
    lines = (desk.folder / "index.md").read_text("utf-8", "replace").split("\n")
    for note in last.notes:
        number, _, text = note.partition(": ")
        quoted = lines[int(number) - 1].strip() if number.isdigit() and 0 < int(number) <= len(lines) else ""
        yield f"  baris {number}: {text}" + (f"  («{quoted[:60]}»)" if quoted else "")


# -- submitting --


def submit(session: Session, actor: Actor, query: str, *, dry_run: bool = False) -> Submission:
    """Hand in what stands in the working folder: photos cleaned, checked, and only then put on the branch.

    On the drafts shelf this ends SOP B1; on the review shelf it saves a correction, which voids every approval.
    """
    subject = wanted(session, query)
    folder, mark = folder_of(session, subject), mark_of(session, subject)
    there = content(folder)
    if not there:
        raise _nothing_to_submit(subject)
    cleaned = images.clean_photos(there, max_photos=session.office.court.limits.photos)
    tree = session.repo.store(cleaned.files)
    require_base(session, subject, mark, there, tree)
    document = check.read(cleaned.files, path=subject.path, shelf=subject.shelf)
    findings = (*cleaned.problems, *check.check_document(document, context(session)), *_identity(subject, document))
    accepted = not any(finding.level is Level.ERROR for finding in findings)
    after = subject
    if accepted:
        plan = list(_submission(subject, document, tree, mark))
        if not plan:
            raise _nothing_to_submit(subject)
        after = carry_out(session, actor, subject, plan, dry_run=True)
        require_way_on(session, actor, subject, after)
        if not dry_run:
            put_in_place(session, subject, folder, cleaned)
            after = _hand_in(session, actor, subject, plan, mark or Mark(base="", started=""), tree)
    return Submission(
        subject=after,
        document=document,
        findings=tuple(findings),
        photos=tuple(images.describe(cleaned)),
        corrected=subject.shelf is Shelf.REVIEW,
        accepted=accepted,
    )


def _hand_in(session: Session, actor: Actor, subject: Opened, plan: list[Planned], mark: Mark, tree: str) -> Opened:
    """Move the branch between two notes, so that whichever of them an interruption leaves tells the truth."""
    remember(session, subject, replace(mark, pending=tree))
    after = carry_out(session, actor, subject, plan)
    remember(session, subject, Mark(base=tree, started=""))
    return after


def require_way_on(session: Session, actor: Actor, before: Opened, after: Opened) -> None:
    """Who may decide becomes an author only where somebody else can still take every deciding position."""
    authors, person = after.standing.authors, actor.person
    if person.id not in authors - before.standing.authors:
        return
    office, day = session.office, session.office.day(clock.now())
    empty = gaps(way_on(office, after.procedure, day, authors, ()))
    if len(empty) > len(gaps(way_on(office, after.procedure, day, authors - {person.id}, ()))):
        raise Refused(
            f"Jika {person.name} ikut menulis naskah ini, tidak ada lagi yang dapat memutuskannya sebagai "
            f"{' dan '.join(office.role_label(seat.position.role) for seat in empty)}.",
            hint="Biarkan orang lain menulis dan mengajukannya, lalu koreksilah pada saat memeriksa; "
            "atau mintalah Plh/Plt ditunjuk lebih dahulu (office/people.yml).",
            code="no-decider-left",
        )


def _nothing_to_submit(subject: Opened) -> Refused:
    where = (
        "sudah diajukan dan sedang diperiksa" if subject.standing.shelf is Shelf.REVIEW else "belum ada di folder kerja"
    )
    return Refused(
        f"Tidak ada perubahan untuk diajukan: {subject.path} {where}.",
        hint=f"Untuk mengubahnya, jalankan redaksi edit {subject.path}",
        code="nothing-to-submit",
    )


def _identity(subject: Opened, document: Document) -> Iterator[Finding]:
    if document.id != subject.history.id and subject.history.id:
        yield check.changed_id(document, subject.history.id)


def _submission(subject: Opened, document: Document, tree: str, mark: Mark | None) -> Iterator[Planned]:
    standing = subject.standing
    identity = {"Id": subject.history.id or document.id, "Dokumen": subject.path}
    first = subject.procedure.first()
    started = started_at(mark, clock.now())
    if tree != standing.tree:
        move = Move(shelf=subject.shelf, before=standing.tree, after=tree)
        subject_line = "Koreksi" if standing.shelf is Shelf.REVIEW else "Isi naskah"
        yield Planned(message=message(f"{subject_line}: {document.title}", **identity, Mulai=started), moves=(move,))
    if standing.shelf is Shelf.DRAFTS and tree != subject.history.base.get(Shelf.CONTENT):
        step = f"{subject.procedure.code}-{first.step}"
        text = message(f"Diajukan: {document.title}", **identity, Sidik=tree, Langkah=step, Mulai=started)
        yield Planned(message=text, moves=rename(Shelf.DRAFTS, Shelf.REVIEW, tree))


def context(session: Session) -> Context:
    """What the rules may know of the court and of the published site."""
    known = verify.documents(session.repo, session.main)
    return check.context(session.office, known_paths=known, today=session.office.day(clock.now()))


# -- taking back --


def retract(session: Session, actor: Actor, query: str, *, dry_run: bool = False) -> Opened:
    """Take one's approval back before release; for an author, take the submission back."""
    subject = find(session, query)
    standing = subject.standing
    identity = {"Id": subject.history.id, "Dokumen": subject.path, "Sidik": subject.tree}
    mine = [held for held in standing.approvals if held.person == actor.person.id]
    if mine:
        text = message("Keputusan: ditarik kembali", **identity, Peran=mine[0].role, Keputusan=Ruling.RETRACTED)
        plan = [Planned(message=text)]
    elif actor.person.id in standing.authors and standing.shelf is Shelf.REVIEW:
        moves = rename(Shelf.REVIEW, Shelf.DRAFTS, subject.tree)
        plan = [Planned(message=message("Ditarik penulis", **identity), moves=moves)]
    else:
        raise Refused(
            f"Tidak ada keputusan atau pengajuan {actor.person.name} yang dapat ditarik dari naskah ini.",
            hint=f"Lihat jalannya naskah dengan redaksi history {subject.path}.",
            code="nothing-to-retract",
        )
    return carry_out(session, actor, subject, plan, dry_run=dry_run)
