"""SOP B2: the document is read as the public will see it, and approved or returned by those whom the procedure names.

``read`` starts this person's clock and remembers what was read, in this clone only; the start travels in the decision.
Whether a decision counts is ``judgement``'s to say; nothing here touches a working folder.
"""

from __future__ import annotations

import difflib
import json
import re
import textwrap
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from pipeline.correction import corrections
from pipeline.errors import Refused
from pipeline.judgement import Ruling
from pipeline.model import Level, Shelf
from pipeline.procedure import Act
from pipeline.site import dates
from pipeline.stages import check, draft
from pipeline.stages.proposal import Opened, Planned, carry_out, find, message, rename, require_no_number
from pipeline.world import clock, files
from pipeline.world.history import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pipeline.model import Document, Finding
    from pipeline.procedure import Step
    from pipeline.stages.session import Actor, Session

_WIDTH: Final = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class Perusal:
    """What a person sees of a document: the text, and how it differs from what this person (or the Admin) last had."""

    subject: Opened
    document: Document
    before: Document | None
    before_is: str
    findings: tuple[Finding, ...]


def read(session: Session, actor: Actor, query: str) -> Perusal:
    """Show the document and start the clock of waktu pengerjaan (SOP B2; reference: monev, two figures a step)."""
    subject = find(session, query)
    tip, shelf = str(subject.tip), subject.shelf
    document = read_document(session.repo, tip, shelf, subject.path, whole=True)
    before, before_is = _earlier(session, actor, subject)
    _remember_reading(session, actor, subject)
    return Perusal(
        subject=subject,
        document=document,
        before=before,
        before_is=before_is,
        findings=(*check.check_document(document, draft.context(session)), *_untold(session, subject, document)),
    )


def _untold(session: Session, subject: Opened, document: Document) -> Iterator[Finding]:
    """The warning for an edit of a published item that tells its readers of no change."""
    if subject.history.published_tree is not None:
        published = read_document(session.repo, session.main, Shelf.CONTENT, subject.path)
        if (finding := check.missing_correction(published, document)) is not None:
            yield finding


def _earlier(session: Session, actor: Actor, subject: Opened) -> tuple[Document | None, str]:
    """The version to compare with: what this person last read, else the Admin's text before a correction."""
    last = _reading_of(session, actor, subject)
    if last.get("pohon") and last["pohon"] != subject.tree and last.get("rak") in set(Shelf):
        earlier = read_document(session.repo, last.get("versi", ""), Shelf(last["rak"]), subject.path)
        return earlier, "sejak terakhir Anda baca"
    submitted = _submitted_tree(subject)
    if submitted is not None and subject.standing.tree != submitted[1]:
        return (
            read_document(session.repo, submitted[0], Shelf.REVIEW, subject.path),
            "sejak naskah diajukan penulis",
        )
    return None, ""


def _submitted_tree(subject: Opened) -> tuple[str, str] | None:
    """Commit and tree of the last submission."""
    for change in reversed(subject.history.changes):
        landing = [move for move in change.moves if move.shelf is Shelf.REVIEW and move.before is None]
        if landing and landing[0].after:
            return change.commit, landing[0].after
    return None


def _reading_path(session: Session, actor: Actor, subject: Opened) -> Path:
    return session.repo.private / "baca" / actor.person.id / f"{subject.history.id}.json"


def _reading_of(session: Session, actor: Actor, subject: Opened) -> dict[str, str]:
    found = files.read_json(_reading_path(session, actor, subject))
    return {name: str(value) for name, value in found.items()}


def _remember_reading(session: Session, actor: Actor, subject: Opened) -> None:
    last = _reading_of(session, actor, subject)
    started = _still_working(last.get("mulai", ""), actor, subject) or clock.now().isoformat(timespec="seconds")
    path = _reading_path(session, actor, subject)
    path.parent.mkdir(parents=True, exist_ok=True)
    seen = {
        "mulai": started,
        "pohon": subject.tree,
        "versi": str(subject.tip),
        "rak": subject.shelf,
    }
    files.write_atomic(path, json.dumps(seen).encode())


def has_read(session: Session, actor: Actor, subject: Opened) -> bool:
    """Whether this person opened the document, here, as it stands now."""
    return _reading_of(session, actor, subject).get("pohon") == subject.tree


def _still_working(started: str, actor: Actor, subject: Opened) -> str:
    """A start that no decision of this person has ended yet; an interrupted command may have left one behind."""
    mine = (held.time for held in subject.standing.decisions if held.person == actor.person.id)
    return "" if not started or any(when >= datetime.fromisoformat(started) for when in mine) else started


def _stop_clock(session: Session, actor: Actor, subject: Opened) -> None:
    """The act is done: the next reading starts a new clock, but what was read stays known."""
    last = _reading_of(session, actor, subject)
    if last:
        files.write_atomic(_reading_path(session, actor, subject), json.dumps({**last, "mulai": ""}).encode())


# -- deciding --


def approve(session: Session, actor: Actor, query: str, *, dry_run: bool = False) -> Opened:
    """Approve exactly the bytes that stand in review, in the role that the procedure waits for."""
    subject = find(session, query)
    _require_clean(session, subject)
    plan = [Planned(message=_decision(session, actor, subject, Ruling.APPROVED))]
    after = carry_out(session, actor, subject, plan, dry_run=dry_run)
    if not dry_run:
        _stop_clock(session, actor, subject)
    return after


def send_back(
    session: Session,
    actor: Actor,
    query: str,
    *,
    reason: str,
    text: str,
    notes: Sequence[tuple[int, str]] = (),
    dry_run: bool = False,
) -> Opened:
    """Return the document to its author with a reason of the procedure's list, a sentence, and notes at lines."""
    subject = find(session, query)
    if not text.strip():
        raise Refused(
            "Pesan pengembalian masih kosong.", hint="Tulis satu kalimat: apa yang perlu diperbaiki.", code="no-message"
        )
    require_reason(subject, reason)
    require_no_number(text, *(note for _, note in notes))
    _require_lines(session, subject, notes)
    ruling = _decision(
        session, actor, subject, Ruling.RETURNED, Alasan=f"{reason}: {text}", Catatan=[f"{n}: {t}" for n, t in notes]
    )
    moves = rename(Shelf.REVIEW, Shelf.DRAFTS, subject.tree)
    back = message("Kembali ke penulis", Id=subject.history.id, Dokumen=subject.path)
    plan = [Planned(message=ruling), Planned(message=back, moves=moves)]
    after = carry_out(session, actor, subject, plan, dry_run=dry_run)
    if not dry_run:
        _stop_clock(session, actor, subject)
    return after


def take_note(session: Session, actor: Actor, query: str, *, dry_run: bool = False) -> Opened:
    """Take note (mengetahui) where the procedure waits for it: neither yes nor no."""
    return _done(session, actor, query, Ruling.NOTED, dry_run=dry_run)


def complete(session: Session, actor: Actor, query: str, *, dry_run: bool = False) -> Opened:
    """Say that a step of the procedure is done, where it waits for a person and not for a machine."""
    return _done(session, actor, query, Ruling.COMPLETED, dry_run=dry_run)


def _done(session: Session, actor: Actor, query: str, ruling: Ruling, *, dry_run: bool) -> Opened:
    subject = find(session, query)
    plan = [Planned(message=_decision(session, actor, subject, ruling))]
    after = carry_out(session, actor, subject, plan, dry_run=dry_run)
    if not dry_run:
        _stop_clock(session, actor, subject)
    return after


def require_reason(subject: Opened, code: str) -> None:
    """``Refused`` unless ``code`` is one of the procedure's reasons for a return."""
    reasons = _deciding_step(subject).reasons
    if code not in reasons:
        known = "; ".join(f"{known} ({meaning})" for known, meaning in reasons.items())
        raise Refused(f"Tidak ada kode alasan {code!r}.", hint=f"Pilih: {known}.", code="unknown-reason")


def _deciding_step(subject: Opened) -> Step:
    procedure = subject.procedure
    position = subject.standing.position
    if position.act is not Act.DECIDE:
        position = next(iter(procedure.decisions()), position)
    return procedure.step(position.step)


def _decision(session: Session, actor: Actor, subject: Opened, ruling: Ruling, **more: str | list[str]) -> str:
    role = _role(session, actor, subject)
    return message(
        f"Keputusan: {ruling}",
        Id=subject.history.id,
        Dokumen=subject.path,
        Sidik=subject.tree,
        Langkah=f"{subject.procedure.code}-{_deciding_step(subject).no}",
        Peran=role,
        Keputusan=ruling,
        Mulai=_reading_of(session, actor, subject).get("mulai", ""),
        **more,
    )


def _role(session: Session, actor: Actor, subject: Opened) -> str:
    """The role in which this person decides: the one that is waited for, else one of the step's that the person has."""
    day = session.office.day(clock.now())
    held = actor.person.roles_on(day)
    waiting = subject.standing.position.role
    standing_in = session.office.deputies(waiting, day, subject.standing.barred).role
    if waiting in held:
        return waiting
    if standing_in in held:
        return standing_in
    return next((role for role in _deciding_step(subject).deciders if role in held), waiting)


def _require_clean(session: Session, subject: Opened) -> None:
    """A check that has something against the text, or could not run, stands in the way of an approval."""
    if subject.shelf is not Shelf.REVIEW:
        return
    document = read_document(session.repo, str(subject.tip), Shelf.REVIEW, subject.path, whole=True)
    errors = [f for f in check.check_document(document, draft.context(session)) if f.level is Level.ERROR]
    if errors:
        raise Refused(
            f"Naskah ini masih memuat {len(errors)} galat, antara lain: {errors[0].message}",
            hint=f"Kembalikan kepada penulis, atau koreksi dengan redaksi edit {subject.path}.",
            code="findings",
        )


def _require_lines(session: Session, subject: Opened, notes: Sequence[tuple[int, str]]) -> None:
    source = session.repo.read(str(subject.tip), f"{subject.shelf}/{subject.path}/index.md") or b""
    last = source.count(b"\n") + 1
    for line, _ in notes:
        if not 1 <= line <= last:
            raise Refused(
                f"Catatan menunjuk baris {line}, sedangkan naskah ini mempunyai {last} baris.",
                hint="Lihat nomor baris dengan redaksi read, lalu ulangi.",
                code="no-such-line",
            )


# -- showing --


def describe(perusal: Perusal, court_label: str) -> Iterator[str]:
    """The document as lines to print, numbered like its source, then what changed, pictures and exceptions."""
    document = perusal.document
    yield f"Naskah {document.path}"
    yield document.title
    yield "=" * min(len(document.title), _WIDTH)
    day = document.fields.get("tanggal")
    yield f"{document.fields.get('tempat', court_label)} · {dates.day(day) if isinstance(day, date) else 'tanpa tanggal'}"
    yield from textwrap.wrap(str(document.fields.get("description", "")), _WIDTH)
    yield from (f"Ralat ({dates.day(each.day)}): {each.text}" for each in corrections(document))
    yield ""
    yield from _numbered(document)
    yield from _pictures(document)
    yield from _exceptions(document)
    yield from _difference(perusal)


def _numbered(document: Document) -> Iterator[str]:
    for number, line in enumerate(document.body.split("\n"), start=document.body_line):
        for part, text in enumerate(textwrap.wrap(line, _WIDTH) or [""]):
            yield f"{number if part == 0 else '':>4}  {text}".rstrip()


def _pictures(document: Document) -> Iterator[str]:
    sizes = {attachment.name: len(attachment.data) for attachment in document.attachments}
    if document.images:
        yield "Foto:"
    for image in document.images:
        size = f"{sizes[image.src] // 1024 + 1} kB" if image.src in sizes else "berkas tidak ada"
        yield f"  {image.src} ({size}) — teks alternatif: {image.alt or 'BELUM ADA'}"
        if image.title:
            yield f"    keterangan: {image.title}"


def _exceptions(document: Document) -> Iterator[str]:
    exceptions = document.fields.get("izinkan") or ()
    if isinstance(exceptions, tuple) and exceptions:
        yield "Pengecualian aturan yang ikut Anda setujui:"
        for exception in exceptions:
            if not isinstance(exception, str) and hasattr(exception, "get"):
                yield f"  {exception.get('aturan')}: {exception.get('alasan')}"


def _difference(perusal: Perusal) -> Iterator[str]:
    if perusal.before is None:
        return
    changed = list(changed_words(perusal.before.source, perusal.document.source))
    yield f"Yang berubah {perusal.before_is} (yang dihapus [-...-], yang ditambah {{+...+}}):"
    yield from (f"  {line}" for text in changed for line in textwrap.wrap(text, _WIDTH))


def changed_words(before: str, after: str) -> Iterator[str]:
    """The words that changed, each with a few unchanged words around it."""
    old, new = re.findall(r"\S+", before), re.findall(r"\S+", after)
    for group in difflib.SequenceMatcher(a=old, b=new, autojunk=False).get_grouped_opcodes(n=4):
        words: list[str] = []
        for what, a1, a2, b1, b2 in group:
            if what == "equal":
                words += old[a1:a2]
                continue
            if a2 > a1:
                words.append(f"[-{' '.join(old[a1:a2])}-]")
            if b2 > b1:
                words.append(f"{{+{' '.join(new[b1:b2])}+}}")
        yield "… " + " ".join(words) + " …"
