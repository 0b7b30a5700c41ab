"""SOP B1: a document is begun, written in a working folder, submitted, and taken back by its author.

The working folder (``drafts/...`` or, for a correction, ``review/...``) is the person's own desk: only ``start`` and
``edit`` write there, ``submit`` puts cleaned photos in place, and nothing unsaved is ever overwritten. What counts is on
the document's branch.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from pathlib import Path
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
    published_path,
    refuse_if_any,
    rename,
    unopened,
)
from pipeline.world import clock, files
from pipeline.world.history import id_of_branch, read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.model import Document, Finding
    from pipeline.office import Office
    from pipeline.rules import Context
    from pipeline.stages.session import Actor, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A document laid out for writing: where its working folder is, and the notes of the last return."""

    subject: Opened
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """What became of a submission: refused by findings (``subject`` is as before), or on its way."""

    subject: Opened
    document: Document
    findings: tuple[Finding, ...]
    photos: tuple[str, ...]
    corrected: bool
    accepted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    """What this clone remembers of a working folder: the tree it was laid out from, and when work began."""

    base: str
    started: str


# -- beginning and laying out --


def start(session: Session, actor: Actor, kind: str, title: str, *, section: str = "") -> Desk:
    """Open a new document of ``kind`` with its template, on a branch of its own."""
    chosen = _kind(kind)
    _require_title(title)
    today = session.office.day(clock.now())
    if chosen.name == "halaman":
        _require_section(session, section)
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
    return _lay_out(session, carry_out(session, actor, unopened(session, path, document_id), plan))


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
    taken = {id_of_branch(branch) for branch in session.repo.tips("naskah")}
    while (document_id := kinds.new_id(year, secrets.token_bytes(8))) in taken:
        pass
    return document_id


def edit(session: Session, actor: Actor, query: str) -> Desk:
    """Lay out a document for writing: one in work as it stands now, or a published one on a new branch."""
    try:
        return _lay_out(session, find(session, query))
    except Refused as refusal:
        if refusal.code not in {"no-such-document", "already-published"}:
            raise
        return _lay_out(session, _reopen(session, actor, published_path(session, query)))


def _reopen(session: Session, actor: Actor, path: str) -> Opened:
    document = read_document(session.repo, session.main, Shelf.CONTENT, path)
    subject = unopened(session, path, document.id)
    text = message(f"Naskah dibuka kembali: {document.title}", Id=document.id, Dokumen=path)
    plan = [Planned(message=text, moves=rename(Shelf.CONTENT, Shelf.DRAFTS, subject.tree))]
    return carry_out(session, actor, subject, plan)


def _lay_out(session: Session, subject: Opened) -> Desk:
    """Write the document's files into the working folder, unless that would overwrite something not submitted."""
    refuse_if_any(subject.standing)
    folder = session.repo.root / subject.shelf / subject.path
    mark = _mark_of(session, subject)
    there = files.read_folder(folder) if folder.exists() else {}
    unsaved = bool(there) and session.repo.store(there) not in {mark.base if mark else "", subject.tree}
    if unsaved and mark is not None and mark.base == subject.tree:
        return Desk(subject=subject, folder=folder)
    if unsaved:
        raise Refused(
            f"Folder {folder} berisi perubahan yang belum diajukan, sedangkan naskahnya sudah berubah.",
            hint="Pindahkan folder itu ke tempat lain, ulangi perintah ini, lalu salin perubahan Anda kembali.",
            code="unsaved-work",
        )
    wanted = session.repo.files_of_tree(subject.tree)
    _write(folder, wanted)
    for name in there.keys() - wanted.keys():
        (folder / name).unlink()
    _remember(session, subject, subject.tree, started=clock.now().isoformat(timespec="seconds"))
    return Desk(subject=subject, folder=folder)


def _write(folder: Path, content: Mapping[str, bytes]) -> None:
    for name, data in content.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomic(target, data)


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
    subject = _wanted(session, query)
    folder = session.repo.root / subject.shelf / subject.path
    if not folder.exists():
        raise _nothing_to_submit(subject)
    cleaned = images.clean_photos(files.read_folder(folder), max_photos=session.office.court.limits.photos)
    tree = session.repo.store(cleaned.files)
    mark = _mark_of(session, subject)
    _require_base(subject, mark, tree)
    document = check.read(cleaned.files, path=subject.path, shelf=subject.shelf)
    findings = (*cleaned.problems, *check.check_document(document, context(session)), *_identity(subject, document))
    accepted = not any(finding.level is Level.ERROR for finding in findings)
    corrected = subject.shelf is Shelf.REVIEW
    if accepted:
        plan = list(_submission(subject, document, tree, mark))
        if not plan:
            raise _nothing_to_submit(subject)
        before, subject = subject, carry_out(session, actor, subject, plan, dry_run=dry_run)
        if not dry_run:
            _remember(session, before, tree, started="")
            _put_in_place(session, subject, folder, cleaned.files)
    return Submission(
        subject=subject,
        document=document,
        findings=tuple(findings),
        photos=tuple(images.describe(cleaned)),
        corrected=corrected,
        accepted=accepted,
    )


def _wanted(session: Session, query: str) -> Opened:
    """The open document; ``query`` may also be the path of its working folder."""
    path = Path(query)
    if path.exists() and path.resolve().is_relative_to(session.repo.root.resolve()):
        shelf, _, document = path.resolve().relative_to(session.repo.root.resolve()).as_posix().partition("/")
        if shelf in set(Shelf) and document:
            return find(session, document.removesuffix("/index.md"))
    return find(session, query)


def _nothing_to_submit(subject: Opened) -> Refused:
    where = (
        "sudah diajukan dan sedang diperiksa" if subject.standing.shelf is Shelf.REVIEW else "belum ada di folder kerja"
    )
    return Refused(
        f"Tidak ada perubahan untuk diajukan: {subject.path} {where}.",
        hint=f"Untuk mengubahnya, jalankan redaksi edit {subject.path}",
        code="nothing-to-submit",
    )


def _require_base(subject: Opened, mark: _Mark | None, tree: str) -> None:
    """Two people's work is never silently overwritten: what changed meanwhile must be looked at first."""
    if subject.tree not in {mark.base if mark else "", tree}:
        raise Refused(
            "Naskah ini diubah orang lain sejak Anda membukanya; kedua isi tetap tersimpan.",
            hint=f"Pindahkan folder kerja Anda, jalankan redaksi edit {subject.path}, lalu gabungkan isinya.",
            code="draft-changed",
        )


def _identity(subject: Opened, document: Document) -> Iterator[Finding]:
    if document.id != subject.history.id and subject.history.id:
        yield check.changed_id(document, subject.history.id)


def _submission(subject: Opened, document: Document, tree: str, mark: _Mark | None) -> Iterator[Planned]:
    standing = subject.standing
    identity = {"Id": subject.history.id or document.id, "Dokumen": subject.path}
    first = subject.procedure.first()
    started = (mark.started if mark else "") or clock.now().isoformat(timespec="seconds")
    if tree != standing.tree:
        move = Move(shelf=subject.shelf, before=standing.tree, after=tree)
        subject_line = "Koreksi" if standing.shelf is Shelf.REVIEW else "Isi naskah"
        yield Planned(message=message(f"{subject_line}: {document.title}", **identity, Mulai=started), moves=(move,))
    if standing.shelf is Shelf.DRAFTS and tree != subject.history.base.get(Shelf.CONTENT):
        step = f"{subject.procedure.code}-{first.step}"
        text = message(f"Diajukan: {document.title}", **identity, Sidik=tree, Langkah=step, Mulai=started)
        yield Planned(message=text, moves=rename(Shelf.DRAFTS, Shelf.REVIEW, tree))


def _put_in_place(session: Session, subject: Opened, folder: Path, cleaned: Mapping[str, bytes]) -> None:
    """The working folder gets the cleaned photos; the originals stay in this clone only, never on a branch."""
    before = files.read_folder(folder)
    replaced = {name: data for name, data in before.items() if cleaned.get(name) != data and name != "index.md"}
    if replaced:
        _write(session.repo.private / "asli" / subject.path, replaced)
    _write(folder, {name: data for name, data in cleaned.items() if before.get(name) != data})
    for name in before.keys() - cleaned.keys():
        (folder / name).unlink()


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


# -- what this clone remembers --


def _mark_path(session: Session, subject: Opened) -> Path:
    return session.repo.private / "meja" / f"{subject.branch.rpartition('/')[2]}-{subject.shelf}.json"


def _mark_of(session: Session, subject: Opened) -> _Mark | None:
    """What was noted when the folder on this shelf was laid out; None if nothing was, or it can't be read."""
    found = files.read_json(_mark_path(session, subject))
    if not {"dasar", "mulai"} <= found.keys():
        return None
    return _Mark(base=str(found["dasar"]), started=str(found["mulai"]))


def _remember(session: Session, subject: Opened, tree: str, *, started: str) -> None:
    path = _mark_path(session, subject)
    path.parent.mkdir(exist_ok=True)
    files.write_atomic(path, json.dumps({"dasar": tree, "mulai": started}).encode())
