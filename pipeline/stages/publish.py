"""SOP B3: what is approved and due goes to main and live, in this order: prove, make objects, build, audit, swap, switch.

Until main is swapped nothing is visible and everything can be thrown away; after it, a repeated run finishes what an
interrupted one left (``go_live`` brings the site to main whatever brought main there, if it is proven). A machine's key is
enough: it has no vote, and can only carry what people decided.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import ConfigurationError, Refused
from pipeline.model import Level, Shelf
from pipeline.stages import audit, build, check, deploy, draft, notice, timeline, verify
from pipeline.stages.proposal import Opened, find, message, opened, refuse_if_any
from pipeline.stages.session import MAIN, Session, now_after
from pipeline.world import clock, records
from pipeline.world.history import Branches, branch_of, document_at, read_document
from pipeline.world.repo import BranchMove

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.model import Document
    from pipeline.office import Office, TargetSettings
    from pipeline.probes.live_equals_release import LiveCheck
    from pipeline.site.evidence import Evidence
    from pipeline.stages.session import Actor
    from pipeline.targets import Target

RECORD: Final = "terbit"
_SOURCES: Final = ("content", "office", "mkdocs.yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An approved document that is not published now, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """One document on its way to main: its branch, the merge, and the standing that allows it."""

    subject: Opened
    document: Document
    renamed: str
    merge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """One target after the switch: the release, and what a look at the live pages found (None: it has no address)."""

    target: str
    release: deploy.Release
    url: str
    check: LiveCheck | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What one run did: documents that went to main, targets that went live, records written, what still waits."""

    promoted: tuple[Promotion, ...]
    live: tuple[Live, ...]
    waiting: tuple[Waiting, ...]
    receipts: tuple[str, ...]
    audit: audit.Audit | None
    main: str


def publish(session: Session, actor: Actor, *, only: str = "", dry_run: bool = False) -> Publication:
    """Publish everything approved and due, or only the document ``only``; nothing changes unless all of it stands."""
    with _alone(session):
        started = clock.now().replace(microsecond=0)
        proven = require_proof(session)
        ready, waiting = _ready(session, only, started)
        promotions = _promote(session, actor, ready, started)
        main = promotions[-1].merge if promotions else session.main
        with tempfile.TemporaryDirectory(prefix="redaksi-") as scratch:
            site, report = _built(session, main, proven, promotions, Path(scratch), started)
            if dry_run:
                live: tuple[Live, ...] = ()
            else:
                _swap(session, promotions, main)
                live = _go_live(session, site, main, _digest(proven, promotions), started)
        receipts = () if dry_run else _receive(session, actor, live, started)
    return Publication(
        promoted=tuple(promotions), live=live, waiting=tuple(waiting), receipts=receipts, audit=report, main=main
    )


def _alone(session: Session) -> Any:  # noqa: ANN401 -- filelock is imported only here
    """One publish at a time in this clone; elsewhere main's compare-and-swap decides."""
    from filelock import FileLock, Timeout

    lock = FileLock(session.repo.private / "terbit.lock", timeout=session.office.court.limits.lock_seconds)
    try:
        lock.acquire()
    except Timeout as error:
        raise Refused(
            "Penerbitan lain sedang berjalan.", hint="Tunggu sampai selesai, lalu ulangi.", code="publish-running"
        ) from error
    return lock


def require_proof(session: Session) -> verify.Verification:
    """The replay of main; ``Refused`` unless the office is open and every step of main is proven."""
    found = verify.verify(session.repo, session.main)
    if found.opening is None:
        raise Refused(
            "Kantor ini belum dibuka, jadi belum ada yang dapat diterbitkan.",
            hint="Isi office/people.yml dengan orang dan kuncinya, lalu jalankan redaksi open-office.",
            code="office-not-open",
        )
    for step in found.unproven:
        raise Refused(
            f"Isi main tidak terbukti sejak {step.commit[:12]}: {step.refusal.message}",
            hint=step.refusal.hint,
            code=step.refusal.code,
        )
    return found


# -- which documents --


def _ready(session: Session, only: str, now: datetime) -> tuple[list[Opened], list[Waiting]]:
    branches = session.branches()
    if only:
        subject = _named(session, branches, only)
        _require_approved(session, subject)
        subjects = [subject]
    else:
        subjects = [s for b in sorted(branches.documents) if (s := opened(session, b, branches)).standing.approved]
    ready: list[Opened] = []
    waiting: list[Waiting] = []
    for subject in subjects:
        document = read_document(session.repo, str(subject.tip), Shelf.REVIEW, subject.path, whole=True)
        reason = _obstacle(session, subject, document, now)
        if reason:
            waiting.append(Waiting(path=subject.path, reason=reason))
        else:
            ready.append(subject)
    if only and waiting:
        raise Refused(waiting[0].reason, hint="Naskah tetap menunggu; tidak ada yang berubah.", code="not-due")
    return ready, waiting


def _named(session: Session, branches: Branches, query: str) -> Opened:
    subject = find(session, query)
    return opened(session, subject.branch, branches)


def _require_approved(session: Session, subject: Opened) -> None:
    standing = subject.standing
    refuse_if_any(standing)
    if standing.approved:
        return
    label = session.office.role_label(standing.position.role)
    if standing.voided:
        who = " dan ".join(session.office.role_label(d.role) for d in standing.voided)
        old, new = standing.voided[-1].tree[:12], str(standing.tree)[:12]
        raise Refused(
            f"Isi {subject.path} berubah sesudah disetujui {who}: yang disetujui {old}, isi sekarang {new}.",
            hint=f"Persetujuan lama tidak berlaku lagi. Naskah kembali menunggu {label}: redaksi read {subject.path}.",
            code="changed-after-approval",
        )
    raise Refused(
        f"{subject.path} belum disetujui; naskah ini menunggu {label}.",
        hint="Lihat siapa yang harus bertindak dengan redaksi status.",
        code="not-approved",
    )


def _obstacle(session: Session, subject: Opened, document: Document, now: datetime) -> str:
    """Why an approved document does not go out now; empty if it does."""
    if branch_of(document.id) != subject.branch:
        return f"Tanda pengenal {subject.path} tidak sama dengan tanda pengenal cabangnya."
    errors = [f for f in check.check_document(document, draft.context(session)) if f.level is Level.ERROR]
    if errors:
        return f"{subject.path} masih memuat galat: {errors[0].message}"
    due = document.fields.get("terbit")
    if isinstance(due, datetime) and session.office.moment(due) > now:
        return f"{subject.path} menunggu waktu terbitnya, {due}."
    return ""


# -- objects --


def _promote(session: Session, actor: Actor, ready: Sequence[Opened], started: datetime) -> list[Promotion]:
    """Rename each document to ``content/`` and merge it on top of main, as objects that no branch knows yet."""
    repo, main = session.repo, session.main
    promotions: list[Promotion] = []
    for subject in ready:
        when = now_after(subject.latest)
        tree = str(subject.standing.tree)
        document = read_document(repo, str(subject.tip), Shelf.REVIEW, subject.path)
        identity = {"Id": subject.history.id, "Dokumen": subject.path, "Sidik": tree}
        root = repo.graft(repo.tree_id(str(subject.tip)), f"{Shelf.REVIEW}/{subject.path}", None)
        root = repo.graft(root, f"{Shelf.CONTENT}/{subject.path}", tree)
        text = message(f"Ke tempat terbit: {document.title}", **identity, Mulai=started.isoformat())
        renamed = actor.write(session, tree=root, parents=[str(subject.tip)], message=text, when=when)
        merged = repo.graft(repo.tree_id(main), f"{Shelf.CONTENT}/{subject.path}", tree)
        text = message(f"Terbit: {document.title}", **identity)
        main = actor.write(session, tree=merged, parents=[main, renamed], message=text, when=when)
        promotions.append(Promotion(subject=subject, document=document, renamed=renamed, merge=main))
    return promotions


def _swap(session: Session, promotions: Sequence[Promotion], main: str) -> None:
    """Move main and end the branches, all or nothing."""
    if not promotions:
        return
    ended = [BranchMove(branch=p.subject.branch, old=p.subject.tip, new=None) for p in promotions]
    session.repo.move(BranchMove(branch=MAIN, old=session.main, new=main), *ended)
    session.repo.refresh(session.main, main)


# -- the site --


def _built(
    session: Session,
    main: str,
    proven: verify.Verification,
    promotions: Sequence[Promotion],
    scratch: Path,
    now: datetime,
) -> tuple[Path, audit.Audit]:
    """Build and audit the site from ``main``'s objects; a site with broken links is refused."""
    site = built_site(session, main, _evidence(session, proven, promotions), scratch, now)
    report = audit.audit(
        list(published(session, main)), site=site, office=session.office, today=session.office.day(now)
    )
    blocking = report.blocking
    if blocking:
        raise Refused(
            f"Situs yang baru dibangun memuat {len(blocking)} kerusakan, antara lain {blocking[0].document}: {blocking[0].message}",
            hint="Tidak ada yang diterbitkan. Perbaiki naskahnya, lalu ulangi.",
            code="audit-failed",
        )
    return site, report


def built_site(session: Session, main: str, evidence: Mapping[str, Evidence], scratch: Path, now: datetime) -> Path:
    """The site of a commit, built from its objects below ``scratch``; pictures are kept in this clone for the next time."""
    source, site = scratch / "source", scratch / "site"
    session.repo.export(main, source, _SOURCES)
    build.build(source, site, now=now, evidence=evidence, cache=session.repo.private / "gambar")
    return site


def published(session: Session, main: str) -> Iterator[Document]:
    """Every document of ``main``'s content, without its photos."""
    for name in session.repo.paths(main, Shelf.CONTENT):
        place = document_at(f"{Shelf.CONTENT}/{name}")
        if place is not None and name == f"{place[1]}/index.md":
            yield read_document(session.repo, main, Shelf.CONTENT, place[1])


def _evidence(session: Session, proven: verify.Verification, promotions: Sequence[Promotion]) -> Mapping[str, Evidence]:
    from pipeline.site.evidence import Evidence

    standings = {document: proof.standing for document, proof in proven.latest().items()}
    standings |= {p.subject.path: p.subject.standing for p in promotions}
    label = session.office.role_label
    return {
        document: Evidence(
            approved_by=tuple(" ".join(filter(None, (d.acting, label(d.role)))) for d in standing.approvals),
            approved_at=standing.approvals[-1].time,
        )
        for document, standing in standings.items()
    }


def _digest(proven: verify.Verification, promotions: Sequence[Promotion]) -> str:
    """One hash over every proof on which a release rests."""
    facts = [[p.merge, p.tree] for p in proven.proofs] + [[p.merge, str(p.subject.standing.tree)] for p in promotions]
    return hashlib.sha256(json.dumps([proven.opening, facts]).encode()).hexdigest()


def _go_live(session: Session, site: Path, main: str, evidence: str, now: datetime) -> tuple[Live, ...]:
    return tuple(_switch(session, settings, site, main, evidence, now) for settings in session.office.site.targets)


def _switch(
    session: Session,
    settings: TargetSettings,
    site: Path,
    main: str,
    evidence: str,
    now: datetime,
    *,
    allow_delete: bool = False,
) -> Live:
    target = connect(session, settings)
    keep = session.office.court.limits.releases_kept
    release = deploy.release(
        site, target, commit=main, evidence=evidence, now=now, allow_delete=allow_delete, keep=keep
    )
    found = None
    if settings.url:
        found = deploy.compare_live(settings.url, deploy.read_manifest(target.manifest(release.id) or b""))
    return Live(target=settings.name, release=release, url=settings.url or "", check=found)


def connect(session: Session, settings: TargetSettings) -> Target:
    """The target that ``office/site.yml`` describes; relative folders count from the repository's root."""
    from pipeline import targets

    return targets.connect(settings, base=session.repo.root)


# -- receipts --


def _receive(session: Session, actor: Actor, live: Sequence[Live], started: datetime) -> tuple[str, ...]:
    """Record every publication that has no receipt yet: this run's, and what an interrupted run left."""
    session.repo.sync()
    fresh = Session(repo=session.repo, main=str(session.repo.tip(MAIN)), office=session.office)
    known = {str(record.get("merge")) for record in records.read(session.repo, RECORD)}
    written = []
    for proof in verify.verify(session.repo, fresh.main).proofs:
        if proof.merge not in known:
            finished = clock.now().replace(microsecond=0)
            data = receipt(proof, live, started=started, finished=finished)
            written.append(records.append(session.repo, RECORD, proof.id, data, when=finished, signer=actor.signer))
    return tuple(written)


def receipt(proof: verify.Proof, live: Sequence[Live], *, started: datetime, finished: datetime) -> dict[str, Any]:
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
        "tayang": [
            {
                "tujuan": place.target,
                "rilis": place.release.id,
                "alamat": place.url,
                "sesuai": place.check.ok if place.check else None,
            }
            for place in live
        ],
    }


# -- other ways live --


def targets_of(session: Session, name: str = "") -> tuple[TargetSettings, ...]:
    """The target with this name, or all; ``ConfigurationError`` if there is none."""
    found = tuple(t for t in session.office.site.targets if not name or t.name == name)
    if not found:
        known = ", ".join(t.name for t in session.office.site.targets) or "belum ada"
        raise ConfigurationError(
            f"Tidak ada tujuan penayangan {name!r}." if name else "Belum ada tujuan penayangan.",
            hint=f"Lihat bagian target di office/site.yml. Yang ada: {known}.",
        )
    return found


def deploy_main(
    session: Session, name: str = "", *, allow_delete: bool = False, dry_run: bool = False
) -> Iterator[str]:
    """Bring targets to what main proves; while the office is not open, only targets that are previews."""
    found = verify.verify(session.repo, session.main)
    chosen = targets_of(session, name)
    if found.opening is None:
        real = [t.name for t in chosen if not t.preview]
        if real:
            raise Refused(
                f"Kantor ini belum dibuka, jadi {real[0]} tidak boleh menerima situs.",
                hint="Tayangkan ke tujuan pratinjau, atau buka kantor dengan redaksi open-office.",
                code="office-not-open",
            )
    else:
        require_proof(session)
    with _alone(session), tempfile.TemporaryDirectory(prefix="redaksi-") as scratch:
        now = clock.build_time()
        site, _ = _built(session, session.main, found, (), Path(scratch), now)
        for settings in chosen:
            target = connect(session, settings)
            if dry_run:
                plan = deploy.prepare(site, target, commit=session.main, evidence=_digest(found, ()), now=now)
                yield from deploy.describe(plan)
            else:
                live = _switch(
                    session, settings, site, session.main, _digest(found, ()), now, allow_delete=allow_delete
                )
                yield from _describe_live(live)


def describe_releases(session: Session, settings: TargetSettings) -> Iterator[str]:
    """The releases kept at a target as lines to print."""
    found = deploy.releases(connect(session, settings))
    yield f"{settings.name}: {len(found)} rilis tersimpan"
    for release in found:
        mark = "→" if release.current else " "
        when = session.office.local(release.built_at).strftime("%d-%m-%Y %H.%M")
        yield f"{mark} {release.id}  {when}  {release.pages} halaman, {release.files} berkas"


# -- one document's way --


def rows_of(session: Session, query: str) -> tuple[timeline.Row, ...]:
    """The timeline of a document, open or published."""
    path = query.strip("/")
    proofs = [p for p in verify.verify(session.repo, session.main).proofs if path and path in p.document]
    open_documents = session.branches().documents.values()
    if path in open_documents or not proofs:
        subject = find(session, query)
        return timeline.timeline(subject.history, subject.standing, session.office, subject.procedure)
    proof = proofs[-1]
    receipts = {record.get("merge"): record for record in records.read(session.repo, RECORD)}
    return timeline.timeline(
        proof.history,
        proof.standing,
        session.office,
        session.procedure(proof.document),
        receipt=receipts.get(proof.merge),
    )


# -- showing --


def describe(done: Publication, office: Office, *, dry_run: bool = False) -> Iterator[str]:
    """What happened as lines to print."""
    if dry_run:
        yield "(percobaan, tidak ada yang berubah)"
    for promotion in done.promoted:
        people = ", lalu ".join(office.role_label(d.role) for d in promotion.subject.standing.approvals)
        yield f"{'Akan terbit' if dry_run else 'Terbit'}: {promotion.document.title} (disetujui {people})"
    if not done.promoted:
        yield "Tidak ada naskah baru yang siap terbit."
    if done.audit is not None:
        yield f"Audit: {len(done.audit.items)} catatan, tidak ada kerusakan yang menghalangi."
    for live in done.live:
        yield from _describe_live(live)
    yield from (f"Menunggu: {entry.reason}" for entry in done.waiting)
    yield from (f"Tercatat di {path}" for path in done.receipts)
    for promotion in done.promoted if done.live else ():
        base = next((live.url for live in done.live if live.url), office.court.url).rstrip("/")
        yield from notice.describe(notice.published(promotion.document.title, f"{base}/{promotion.subject.path}/"))


def _describe_live(live: Live) -> Iterator[str]:
    yield f"{live.target}: rilis {live.release.id} tayang ({live.release.pages} halaman, {live.release.files} berkas)"
    yield from live.release.remarks
    if live.check is None:
        yield "  Halaman yang tayang belum dibandingkan: tujuan ini tidak mempunyai url di office/site.yml."
    else:
        yield from (f"  {line}" for line in live.check.describe())
