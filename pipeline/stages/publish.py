"""SOP B3: what is approved and due goes to main and live, in this order: prove, make objects, build, audit, swap, switch.

Until main is swapped nothing is visible and everything can be thrown away; after it, a repeated run finishes what an
interrupted one left. A machine's key is enough: it has no vote, and can only carry what people decided.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import PipelineError, Refused
from pipeline.judgement import Refusal, objection_at
from pipeline.model import Level, Shelf
from pipeline.site.timetable import next_change
from pipeline.stages import check, draft, golive, notice, returns, verify
from pipeline.stages.proposal import Opened, find, message, opened, refuse_if_any
from pipeline.stages.session import MAIN, now_after
from pipeline.stages.verify import Proof
from pipeline.world import clock, records
from pipeline.world.history import id_of_branch, read_document
from pipeline.world.repo import BranchMove

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.office import Office
    from pipeline.rules import Context
    from pipeline.stages import audit
    from pipeline.stages.golive import Live, Settled
    from pipeline.stages.session import Actor, Session

RECORD: Final = "terbit"
WITHDRAWN: Final = "tarik"
_WAITS: Final = "Naskah tetap menunggu; tidak ada yang berubah."


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What came of bringing a proven main live: the audit, the targets, the records written.

    ``followed`` is False where the working folder of a clone without server could not follow main.
    """

    audit: audit.Audit
    live: tuple[Live, ...] = ()
    receipts: tuple[str, ...] = ()
    followed: bool = True

    @property
    def sound(self) -> bool:
        """Whether the live pages are what was released, as far as they could be looked at."""
        return all(place.sound for place in self.live)


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What one run did: documents that went to main, what came of it, and which approved ones wait, and why.

    ``next_change`` is when the site changes by time alone; None if it does not.
    """

    promoted: tuple[Proof, ...]
    released: Released
    waiting: tuple[Refusal, ...]
    next_change: datetime | None = None

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against the live pages."""
        return self.released.sound


@dataclass(frozen=True, slots=True, kw_only=True)
class _Promotion:
    """One document on its way to main, as objects that no branch knows yet."""

    subject: Opened
    proof: Proof


def publish(session: Session, actor: Actor, *, only: str = "", dry_run: bool = False) -> Publication:
    """Publish everything approved and due, or only the document ``only``; nothing changes unless all of it stands."""
    with golive.alone(session):
        started = clock.now().replace(microsecond=0)
        proven = verify.prove(session)
        verify.require_proof(proven)
        ready, waiting = _ready(session, only, started)
        promotions, refused = _promote(session, actor, ready, started)
        if only:
            refuse_if_any(refused)
        promoted = tuple(promotion.proof for promotion in promotions)
        main = promoted[-1].merge if promoted else session.main
        found = replace(proven, main=main, proofs=(*proven.proofs, *promoted))
        ended = [BranchMove(branch=p.subject.branch, old=p.subject.tip, new=None) for p in promotions]
        released = release(session, actor, found, ended, started, dry_run=dry_run)
        soon = next_change(golive.published(session, main), started, session.office.court.timezone)
    return Publication(promoted=promoted, released=released, waiting=(*waiting, *refused), next_change=soon)


def release(
    session: Session,
    actor: Actor,
    found: verify.Verification,
    ended: Sequence[BranchMove],
    started: datetime,
    *,
    dry_run: bool = False,
) -> Released:
    """Build and audit ``found.main`` (proven by the caller), swap main and end branches, then switch targets and record it.

    The swap is all or nothing.     Until the swap nothing is visible; after it, a repeated run finishes what an interrupted one left.
    """
    with tempfile.TemporaryDirectory(prefix="redaksi-") as scratch:
        site, report = golive.built(session, found.main, found, Path(scratch), started)
        if dry_run:
            return Released(audit=report)
        anew = found.main != session.main
        followed = _swap(session, found.main, ended) if anew else True
        settled: Settled = {"commit": found.main, "evidence": golive.digest_of(found), "now": started}
        live = _go_live(session, site, settled, anew=anew)
        receipts = _receive(session, actor, found, live, started)
    return Released(audit=report, live=live, receipts=receipts, followed=followed)


# -- which documents --


def _ready(session: Session, only: str, now: datetime) -> tuple[list[Opened], tuple[Refusal, ...]]:
    """The documents to publish, and why others that are approved wait."""
    if only:
        subjects = [find(session, only)]
        _require_approved(session, subjects[0])
    else:
        branches = session.branches()
        subjects = [s for b in sorted(branches.documents) if (s := opened(session, b, branches)).standing.approved]
    context = draft.context(session) if subjects else None
    obstacles = {subject.path: _obstacle(session, subject, context, now) for subject in subjects}
    waiting = tuple(found for found in obstacles.values() if found)
    if only:
        refuse_if_any(waiting)
    return [subject for subject in subjects if not obstacles[subject.path]], waiting


def _require_approved(session: Session, subject: Opened) -> None:
    standing = subject.standing
    refuse_if_any(standing.refusals)
    if standing.approved:
        return
    label = session.office.role_label(standing.position.role)
    if standing.voided and standing.voided[-1].tree != standing.tree:
        who = " dan ".join(session.office.role_label(d.role) for d in standing.voided)
        old, new = standing.voided[-1].tree[:12], str(standing.tree)[:12]
        raise Refused(
            f"Isi {subject.path} berubah sesudah disetujui {who}: yang disetujui {old}, isi sekarang {new}.",
            hint=f"Persetujuan lama tidak berlaku lagi. Naskah kembali menunggu {label}: redaksi read {subject.path}",
            code="changed-after-approval",
        )
    raise Refused(
        f"{subject.path} belum disetujui; naskah ini menunggu {label}.",
        hint="Lihat siapa yang harus bertindak dengan redaksi status.",
        code="not-approved",
    )


def _obstacle(session: Session, subject: Opened, context: Context | None, now: datetime) -> Refusal | None:
    """Why an approved document does not go out now; None if it does."""
    document = read_document(session.repo, str(subject.tip), Shelf.REVIEW, subject.path, whole=True)
    if document.id != id_of_branch(subject.branch):
        message = f"Tanda pengenal {subject.path} tidak sama dengan tanda pengenal cabangnya."
        return Refusal(code="changed-id", message=message, hint=_WAITS)
    if (objection := objection_at(subject.standing, session.office, now)) is not None:
        return replace(objection, message=f"{subject.path}: {objection.message}")
    errors = [f for f in check.check_document(document, context) if f.level is Level.ERROR]
    if errors:
        return Refusal(code="findings", message=f"{subject.path} masih memuat galat: {errors[0].message}", hint=_WAITS)
    due = document.fields.get("terbit")
    if isinstance(due, datetime) and session.office.moment(due) > now:
        message = f"{subject.path} menunggu waktu terbitnya, {due:%d-%m-%Y %H.%M}."
        return Refusal(code="not-due", message=message, hint=_WAITS)
    return None


# -- objects, then branches --


def _promote(
    session: Session, actor: Actor, ready: Sequence[Opened], started: datetime
) -> tuple[list[_Promotion], tuple[Refusal, ...]]:
    """The documents as the next steps of main, as objects that no branch knows yet; one that main could not prove waits."""
    left, refused = list(ready), list[Refusal]()
    while True:
        promotions, main = list[_Promotion](), session.main
        for subject in left:
            promotions.append(_merged(session, actor, subject, main, started))
            main = promotions[-1].proof.merge
        unproven = verify.verify(session.repo, main, since=session.main).unproven if promotions else ()
        if not unproven:
            return promotions, tuple(refused)
        at = next(n for n, promotion in enumerate(promotions) if promotion.proof.merge == unproven[0].commit)
        subject, refusal = left.pop(at), unproven[0].refusal
        refused.append(replace(refusal, message=f"{subject.path}: {refusal.message}"))


def _merged(session: Session, actor: Actor, subject: Opened, main: str, started: datetime) -> _Promotion:
    """Rename one document to ``content/`` and merge it on top of ``main``."""
    repo, tree = session.repo, subject.tree
    when = now_after(max(repo.commit(main).time, subject.latest or started))
    title = read_document(repo, str(subject.tip), Shelf.REVIEW, subject.path).title
    identity = {"Id": subject.history.id, "Dokumen": subject.path, "Sidik": tree}
    root = repo.graft(repo.tree_id(str(subject.tip)), f"{Shelf.REVIEW}/{subject.path}", None)
    root = repo.graft(root, f"{Shelf.CONTENT}/{subject.path}", tree)
    text = message(f"Ke tempat terbit: {title}", **identity, Mulai=started.isoformat())
    renamed = actor.write(session, tree=root, parents=[str(subject.tip)], message=text, when=when)
    merged = repo.graft(repo.tree_id(main), f"{Shelf.CONTENT}/{subject.path}", tree)
    text = message(f"Terbit: {title}", **identity)
    merge = actor.write(session, tree=merged, parents=[main, renamed], message=text, when=when)
    proof = Proof(
        document=subject.path,
        id=subject.history.id,
        title=title,
        merge=merge,
        tree=tree,
        published=when,
        history=subject.history,
        standing=subject.standing,
    )
    return _Promotion(subject=subject, proof=proof)


def _swap(session: Session, main: str, ended: Sequence[BranchMove]) -> bool:
    """Move main and end the branches, all or nothing; say whether the working folder followed."""
    session.repo.move(BranchMove(branch=MAIN, old=session.main, new=main), *ended)
    return session.repo.refresh(session.main, main)


def _go_live(session: Session, site: Path, settled: Settled, *, anew: bool) -> tuple[Live, ...]:
    try:
        return tuple(
            golive.switch(session, settings, site, settled, anew=anew, hold=True)
            for settings in session.office.site.targets
        )
    except PipelineError as error:
        raise PipelineError(
            f"Naskah yang disetujui sudah masuk main, tetapi situs belum tayang: {error.message}",
            hint=f"{error.hint} Sesudah itu jalankan redaksi publish sekali lagi; pekerjaan dilanjutkan dari sini.",
        ) from error


# -- receipts --


def _receive(
    session: Session, actor: Actor, found: verify.Verification, live: Sequence[Live], started: datetime
) -> tuple[str, ...]:
    """Record everything that has no receipt yet: this run's, and what an interrupted run left."""
    session.repo.sync()
    keys = session.known_keys()
    diaries = (records.read(session.repo, what, keys).records for what in (RECORD, WITHDRAWN))
    known = {str(record.get("merge")) for diary in diaries for record in diary}
    finished = clock.now().replace(microsecond=0)
    fresh: list[tuple[str, Proof | verify.Withdrawal, dict[str, Any]]] = [
        *((RECORD, p, receipt(p, live, started, finished)) for p in found.proofs if p.merge not in known),
        *(
            (WITHDRAWN, w, withdrawal_receipt(w, live, started, finished))
            for w in found.withdrawals
            if w.merge not in known
        ),
    ]
    return tuple(
        records.append(session.repo, what, f"{step.id}-{step.merge[:8]}", data, when=finished, signer=actor.signer)
        for what, step, data in fresh
    )


def withdrawal_receipt(
    withdrawal: verify.Withdrawal, live: Sequence[Live], started: datetime, finished: datetime
) -> dict[str, Any]:
    """The record of one withdrawal: what, by whom, why, and where the page is down."""
    decision = withdrawal.decision
    return {
        "dokumen": withdrawal.document,
        "id": withdrawal.id,
        "merge": withdrawal.merge,
        "sidik": decision.tree,
        "mulai": started.isoformat(),
        "selesai": finished.isoformat(),
        "ditarik": {"orang": decision.person, "peran": decision.role, "sebagai": decision.acting},
        "alasan": withdrawal.reason,
        "tayang": _places(live),
    }


def receipt(proof: Proof, live: Sequence[Live], started: datetime, finished: datetime) -> dict[str, Any]:
    """The record of one publication: what, with whose approval, where it went live and whether the live pages agree."""
    return {
        "dokumen": proof.document,
        "id": proof.id,
        "merge": proof.merge,
        "sidik": proof.tree,
        "mulai": started.isoformat(),
        "selesai": finished.isoformat(),
        "persetujuan": [
            {"orang": d.person, "peran": d.role, "sebagai": d.acting, "waktu": d.time.isoformat()}
            for d in proof.approvals
        ],
        "pengembalian": returns.as_record(returns.returns_of(proof.standing)),
        "tayang": _places(live),
    }


def _places(live: Sequence[Live]) -> list[dict[str, Any]]:
    return [
        {
            "tujuan": place.target,
            "rilis": place.release.id,
            "alamat": place.url,
            "sesuai": place.check.ok if place.check else None,
        }
        for place in live
    ]


# -- showing --


def describe(done: Publication, office: Office, *, dry_run: bool = False) -> Iterator[str]:
    """What happened as lines to print."""
    if dry_run:
        yield "(percobaan, tidak ada yang berubah)"
    for proof in done.promoted:
        people = ", lalu ".join(office.role_label(d.role) for d in proof.approvals)
        yield f"{'Akan terbit' if dry_run else 'Terbit'}: {proof.title} (disetujui {people})"
    if not done.promoted:
        yield "Tidak ada naskah baru yang siap terbit."
    yield f"Audit: {len(done.released.audit.items)} catatan, tidak ada kerusakan yang menghalangi."
    yield from describe_release(done.released)
    yield from (f"Menunggu: {reason.message}" for reason in done.waiting)
    if done.next_change is not None:
        yield f"Situs berubah lagi dengan sendirinya pada {office.local(done.next_change):%d-%m-%Y %H.%M}."
    for proof in done.promoted if done.released.live and done.sound else ():
        base = next((live.url for live in done.released.live if live.url), office.court.url).rstrip("/")
        yield from notice.describe(notice.published(proof.title, f"{base}/{proof.document}/"))


def describe_release(done: Released) -> Iterator[str]:
    """Where it went live and what was recorded, as lines to print."""
    for live in done.live:
        yield from golive.describe(live)
    yield from (f"Tercatat di {path}" for path in done.receipts)
    if not done.followed:
        yield "Folder kerja ini belum mengikuti main karena berisi perubahan lain. Simpan perubahan itu, lalu jalankan:"
        yield "  git restore --source=HEAD --staged --worktree -- content"
