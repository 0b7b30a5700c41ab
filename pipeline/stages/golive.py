"""From a commit of main to what visitors see: build it with its evidence, audit it, release it, look at the live pages.

Used by ``publish`` (which moves main first) and by ``deploy_main`` (which brings a target to what main proves). It believes
``verify`` and nothing else; how a release reaches a target is ``deploy``'s and ``targets``' to know.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypedDict

from pipeline import targets
from pipeline.errors import ConfigurationError, Refused
from pipeline.model import Shelf
from pipeline.site.evidence import Evidence, Withdrawn
from pipeline.stages import audit, build, check, deploy, verify
from pipeline.world import clock, records
from pipeline.world.history import document_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from pipeline.model import Document
    from pipeline.office import Office, TargetSettings
    from pipeline.probes.live_equals_release import LiveCheck
    from pipeline.stages.session import Actor, Session
    from pipeline.targets import Target

SOURCES: Final = ("content", "office", "mkdocs.yml")
"""What of the repository a site is built from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """One target: the release that visitors get, and what a look at the live pages found.

    ``check`` is None where nothing was looked at: the target has no address, or nothing was ``switched``. A target is
    ``held`` where somebody went back to an older release and nothing new has come since.
    """

    target: str
    release: deploy.Release
    url: str
    check: LiveCheck | None
    switched: bool = True
    held: bool = False

    @property
    def sound(self) -> bool:
        """Whether nothing speaks against the live pages."""
        return self.check is None or self.check.ok


class Settled(TypedDict):
    """What a release rests on: main, the evidence's digest, and the moment it stands for."""

    commit: str
    evidence: str
    now: datetime


@contextmanager
def alone(session: Session) -> Iterator[None]:
    """One publish or deploy at a time in this clone; between clones main's compare-and-swap decides."""
    from filelock import FileLock, Timeout

    lock = FileLock(session.repo.private / "terbit.lock")
    try:
        lock.acquire(timeout=session.office.court.limits.lock_seconds)
    except Timeout as error:
        raise Refused(
            "Penerbitan lain sedang berjalan.", hint="Tunggu sampai selesai, lalu ulangi.", code="publish-running"
        ) from error
    try:
        yield
    finally:
        lock.release()


# -- the site --


def built(
    session: Session, main: str, found: verify.Verification, scratch: Path, now: datetime
) -> tuple[Path, audit.Audit]:
    """The audited site of a commit with the evidence ``found``; a site with broken links is refused."""
    site = built_site(session, main, found, scratch, now)
    documents = list(published(session, main))
    report = audit.audit(documents, site=site, office=session.office, today=session.office.day(now))
    if report.blocking:
        worst = report.blocking[0]
        raise Refused(
            f"Situs yang baru dibangun memuat {len(report.blocking)} kerusakan, antara lain {worst.document}: {worst.message}",
            hint="Tidak ada yang diterbitkan. Perbaiki naskahnya, lalu ulangi.",
            code="audit-failed",
        )
    return site, report


def built_site(session: Session, main: str, found: verify.Verification, scratch: Path, now: datetime) -> Path:
    """The site of a commit, built from its objects below ``scratch``; pictures are kept in this clone for the next time."""
    source, site = scratch / "source", scratch / "site"
    session.repo.export(main, source, SOURCES)
    build.build(
        source,
        site,
        now=now,
        evidence=evidence_of(session.office, found.proofs),
        withdrawn=withdrawn_of(found),
        cache=session.repo.private / "gambar",
    )
    return site


def published(session: Session, main: str) -> Iterator[Document]:
    """Every document of ``main``'s content, without its photos; one batch."""
    texts = {f"{main}:{Shelf.CONTENT}/{path}/{check.TEXT}": path for path in verify.documents(session.repo, main)}
    for name, source in session.repo.objects(list(texts)).items():
        yield check.read({check.TEXT: source or b""}, path=texts[name], shelf=Shelf.CONTENT)


def last_changed(session: Session) -> dict[str, datetime]:
    """When each published document's folder last changed on main."""
    found: dict[str, datetime] = {}
    for name, moment in session.repo.last_changes(session.main, Shelf.CONTENT).items():
        place = document_at(name)
        if place is not None:
            found[place[1]] = max(found.get(place[1], moment), moment)
    return found


def evidence_of(office: Office, proofs: Iterable[verify.Proof]) -> dict[str, Evidence]:
    """What each proven page may say of its approval; the latest proof of a document counts."""
    return {
        proof.document: Evidence(
            approved_by=tuple(" ".join(filter(None, (d.acting, office.role_label(d.role)))) for d in proof.approvals),
            approved_at=proof.approvals[-1].time,
        )
        for proof in proofs
    }


def withdrawn_of(found: verify.Verification) -> dict[str, Withdrawn]:
    """What stands at the address of each page that is down now."""
    return {path: Withdrawn(title=w.title, on=w.withdrawn, reason=w.reason) for path, w in found.withdrawn().items()}


def digest_of(found: verify.Verification) -> str:
    """One hash over everything on which a release rests."""
    facts = [
        found.opening.commit if found.opening else None,
        [[proof.merge, proof.tree] for proof in found.proofs],
        [withdrawal.merge for withdrawal in found.withdrawals],
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


# -- targets --


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


def connect(session: Session, settings: TargetSettings) -> Target:
    """The target that ``office/site.yml`` describes; relative folders count from the repository's root."""
    return targets.connect(settings, base=session.repo.root)


def switch(
    session: Session,
    settings: TargetSettings,
    site: Path,
    settled: Settled,
    *,
    allow_delete: bool = False,
    anew: bool = True,
    hold: bool = False,
) -> Live:
    """Make the built site the current release of one target, and look at its pages over HTTP where it has an address.

    Without ``anew`` a target that already shows this site is left alone; with ``hold`` also one that was taken back.
    """
    target = connect(session, settings)
    standing = None if anew else _standing(target, settings, site, settled)
    if standing is not None and (hold or not standing.held):
        return standing
    keep = session.office.court.limits.releases_kept
    release = deploy.release(site, target, **settled, allow_delete=allow_delete, keep=keep)
    found = None
    if settings.url:
        found = deploy.compare_live(settings.url, deploy.read_manifest(target.manifest(release.id) or b""))
    return Live(target=settings.name, release=release, url=settings.url or "", check=found)


def _standing(target: Target, settings: TargetSettings, site: Path, settled: Settled) -> Live | None:
    """The target as it stands, if there is no reason to release this site to it again."""
    kept = deploy.releases(target)
    current = next((release for release in kept if release.current), None)
    if current is None or kept[0].commit != settled["commit"]:
        return None
    held = kept[0].id != current.id
    if not held:
        plan = deploy.prepare(site, target, **settled)
        live = deploy.read_manifest(target.manifest(current.id) or b"")
        if plan.uploads or plan.deletes or live.evidence != settled["evidence"]:
            return None
    return Live(target=settings.name, release=current, url=settings.url or "", check=None, switched=False, held=held)


def deploy_main(
    session: Session, found: verify.Verification, name: str = "", *, allow_delete: bool = False
) -> tuple[Live, ...]:
    """Bring targets to what main proves; while the office is not open, only targets that are previews."""
    with _proven_site(session, found, name) as (chosen, site, settled):
        return tuple(switch(session, target, site, settled, allow_delete=allow_delete, anew=False) for target in chosen)


def plan_main(session: Session, found: verify.Verification, name: str = "") -> Iterator[str]:
    """What ``deploy_main`` would do, as lines to print."""
    with _proven_site(session, found, name) as (chosen, site, settled):
        for settings in chosen:
            yield from deploy.describe(deploy.prepare(site, connect(session, settings), **settled))


@contextmanager
def _proven_site(
    session: Session, found: verify.Verification, name: str
) -> Iterator[tuple[tuple[TargetSettings, ...], Path, Settled]]:
    """The targets, the built site of main, and what its release rests on."""
    chosen = targets_of(session, name)
    if found.opening is None:
        _require_previews(chosen)
    else:
        verify.require_proof(found)
    with alone(session), tempfile.TemporaryDirectory(prefix="redaksi-") as scratch:
        now = clock.build_time()
        site, _ = built(session, session.main, found, Path(scratch), now)
        yield chosen, site, {"commit": session.main, "evidence": digest_of(found), "now": now}


def note_release(session: Session, actor: Actor, target: str, release: str, act: str) -> str:
    """Record by whom a target was brought to a release without a publication; give the record's path."""
    when = clock.now().replace(microsecond=0)
    data = {"tujuan": target, "rilis": release, "tindakan": act, "oleh": actor.person.id}
    return records.append(session.repo, "rilis", f"{target}-{release}", data, when=when, signer=actor.signer)


def _require_previews(chosen: Sequence[TargetSettings]) -> None:
    for settings in chosen:
        if not settings.preview:
            raise Refused(
                f"Kantor ini belum dibuka, jadi {settings.name} tidak boleh menerima situs.",
                hint="Tayangkan ke tujuan pratinjau, atau buka kantor dengan redaksi open-office.",
                code="office-not-open",
            )


# -- showing --


def describe(live: Live) -> Iterator[str]:
    """One target as lines to print."""
    if live.held:
        yield f"{live.target}: dibiarkan pada rilis {live.release.id}, karena tujuan ini dikembalikan ke rilis lama."
        yield f"  Untuk menayangkan yang terbaru lagi: redaksi deploy {live.target}"
        return
    if not live.switched:
        yield f"{live.target}: rilis {live.release.id} sudah memuat semuanya; tidak ada yang perlu ditayangkan."
        return
    yield f"{live.target}: rilis {live.release.id} tayang ({live.release.pages} halaman, {live.release.files} berkas)"
    yield from live.release.remarks
    if live.check is not None and live.check.unreachable and not live.check.equal:
        yield f"  Situs di {live.url} tidak dapat dibuka, jadi belum terbukti tayang. Periksa server situs itu."
    elif live.check is None:
        yield "  Halaman yang tayang belum dibandingkan: tujuan ini tidak mempunyai url di office/site.yml."
    else:
        yield from (f"  {line}" for line in live.check.describe())


def describe_all(found: Sequence[Live]) -> Iterator[str]:
    """Several targets as lines to print."""
    for live in found:
        yield from describe(live)


def describe_releases(session: Session, settings: TargetSettings) -> Iterator[str]:
    """The releases kept at a target as lines to print."""
    found = deploy.releases(connect(session, settings))
    yield f"{settings.name}: {len(found)} rilis tersimpan"
    for release in found:
        mark = "→" if release.current else " "
        when = session.office.local(release.built_at).strftime("%d-%m-%Y %H.%M")
        yield f"{mark} {release.id}  {when}  {release.pages} halaman, {release.files} berkas"
