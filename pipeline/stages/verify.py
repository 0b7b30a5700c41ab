"""Replays the evidence: is every document on main there because the right people approved exactly these bytes?

The office is *open* from its opening on; what stood on main then is *taken over* and counted as such. Every later step of
main must be a proven publication, withdrawal or change of policy. It needs a clone and nothing else; it writes nothing,
and what it could not read is refused, never passed over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import PipelineError, Refused
from pipeline.stages import bootstrap
from pipeline.stages.bootstrap import Opening
from pipeline.stages.replay import PolicyChange, Proof, Replay, Unproven, Withdrawal, documents
from pipeline.world import clock, files

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.judgement import Decision
    from pipeline.office import Office
    from pipeline.stages.session import Session
    from pipeline.world.repo import Repository

__all__ = [
    "Opening",
    "PolicyChange",
    "Proof",
    "Unproven",
    "Verification",
    "Withdrawal",
    "as_json",
    "describe",
    "describe_doubtful",
    "documents",
    "opening_of",
    "prove",
    "verify",
]

GRADE_SIGNED: Final = "ditandatangani orang"
GRADE_PAPER: Final = "ditetapkan di atas kertas"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a replay of main found. ``opening`` is None while the office is not open.

    ``since`` is the commit from which on it was replayed: the opening, or one that the caller knew to be proven.
    """

    main: str
    opening: Opening | None
    proofs: tuple[Proof, ...]
    unproven: tuple[Unproven, ...]
    taken_over: tuple[str, ...]
    withdrawals: tuple[Withdrawal, ...] = ()
    policies: tuple[PolicyChange, ...] = ()
    since: str = ""

    @property
    def sound(self) -> bool:
        """Whether the office is open and nothing on main is unproven."""
        return self.opening is not None and not self.unproven

    def latest(self) -> dict[str, Proof]:
        """The last proof of each document."""
        return {proof.document: proof for proof in self.proofs}

    def withdrawn(self) -> dict[str, Withdrawal]:
        """The withdrawal of each document that is down now: taken down, and not published anew since."""
        shown = {proof.document: proof.published for proof in self.proofs}
        return {w.document: w for w in self.withdrawals if w.document not in shown or shown[w.document] < w.withdrawn}


def verify(repo: Repository, main: str, *, since: str = "", opening: str = "") -> Verification:
    """Replay main from the opening of the office, or from the proven commit ``since``, to ``main``.

    ``opening`` pins the opening that the office noted: ``Refused`` (``other-opening``) if main descends from another.
    Cost: a few batches of Git reads, one signature check a commit.
    """
    if repo.is_shallow():
        raise PipelineError(
            "Salinan ini tidak lengkap (hanya sebagian riwayat), jadi tidak ada yang dapat dibuktikan.",
            hint="Ambil seluruh riwayat: git fetch --unshallow, lalu ulangi.",
        )
    if repo.is_grafted():
        raise Refused(
            "Riwayat di salinan ini disambung dengan berkas info/grafts, jadi tidak dapat dipercaya.",
            hint="Hapus berkas itu, atau salin repositori kantor dari awal, lalu ulangi.",
            code="grafted",
        )
    found = opening_of(repo, main, pinned=opening)
    if found is None:
        return Verification(main=main, opening=None, proofs=(), unproven=(), taken_over=documents(repo, main))
    line = list(repo.first_parents(main))
    start = _start(line, since, found)
    replay = Replay(repo=repo, start=start, line=line)
    replay.run()
    proofs = tuple(step for step in replay.proven if isinstance(step, Proof))
    changed = {proof.document for proof in proofs}
    return Verification(
        main=main,
        opening=found,
        proofs=proofs,
        withdrawals=tuple(step for step in replay.proven if isinstance(step, Withdrawal)),
        policies=tuple(step for step in replay.proven if isinstance(step, PolicyChange)),
        unproven=tuple(replay.unproven),
        taken_over=() if since else tuple(d for d in documents(repo, main) if d not in changed),
        since=start,
    )


def opening_of(repo: Repository, main: str, *, pinned: str = "") -> Opening | None:
    """The opening that counts on the way to ``main``; see ``bootstrap.opening_of``."""

    def office_after(opening: str, until: str) -> Office:
        replay = Replay(repo=repo, start=opening, line=list(repo.first_parents(until)))
        replay.run()
        return replay.office()

    return bootstrap.opening_of(repo, main, pinned=pinned, office_after=office_after)


def prove(session: Session, *, since: str = "", opening: str = "") -> Verification:
    """``verify`` main of a session, held to what this clone noted when it last proved it.

    ``Refused`` if main descends from another opening (``other-opening``; ``opening`` says which one it must be), or no
    longer holds what was proven here before (``rolled-back``): an older main can be flawless and still be an attack.
    """
    note = session.repo.private / "terbukti.json"
    noted = files.read_json(note)
    found = verify(session.repo, session.main, since=since, opening=opening or str(noted.get("pembukaan", "")))
    _require_progress(session, str(noted.get("main", "")))
    if found.sound and found.opening is not None:
        text = json.dumps({"pembukaan": found.opening.first, "main": session.main})
        files.write_atomic(note, text.encode())
    return found


def require_proof(found: Verification) -> None:
    """``Refused`` unless the replay found the office open and every step of main proven."""
    if found.opening is None:
        raise Refused(
            "Kantor ini belum dibuka, jadi belum ada yang dapat diterbitkan.",
            hint="Isi office/people.yml dengan orang dan kuncinya, lalu jalankan redaksi open-office.",
            code="office-not-open",
        )
    latest = max((s.published for s in found.proofs), default=clock.now())
    if latest > clock.now() + clock.TOLERANCE:
        raise Refused(
            "Main memuat penerbitan yang tanggalnya belum tiba.",
            hint="Periksa jam komputer ini; bila sudah benar, mintalah Pranata Komputer memeriksa main.",
            code="future-dated",
        )
    for step in found.unproven:
        raise Refused(
            f"Isi main tidak terbukti sejak {step.commit[:12]}: {step.refusal.message}",
            hint=step.refusal.hint,
            code=step.refusal.code,
        )


def _require_progress(session: Session, noted: str) -> None:
    repo = session.repo
    if noted and not (repo.is_commit(noted) and repo.is_ancestor(noted, session.main)):
        raise Refused(
            f"Main di kantor tidak lagi memuat {noted[:12]}, yang sudah pernah terbukti di komputer ini.",
            hint="Riwayat mundur atau diganti. Jangan terbitkan; mintalah Pranata Komputer memulihkan main.",
            code="rolled-back",
        )


def _start(line: Sequence[str], since: str, opening: Opening) -> str:
    """Where the replay begins; a commit before the opening, or none of main's, is no place to begin."""
    if since not in line:
        if since:
            raise PipelineError(
                f"{since[:12]} bukan bagian dari riwayat main.", hint="Sebutkan nomor catatan yang ada pada main."
            )
        return opening.commit
    return since if line.index(since) <= line.index(opening.commit) else opening.commit


# -- showing --


def describe(found: Verification) -> Iterator[str]:
    """The result as lines to print."""
    if found.opening is None:
        yield f"Kantor ini belum dibuka: {len(found.taken_over)} naskah dihitung sebagai isi awal yang diambil alih."
        yield "Belum ada publikasi yang perlu atau dapat dibuktikan, dan situs ini hanya boleh tayang sebagai pratinjau."
        yield "Langkah berikutnya: isi office/people.yml dengan orang dan kuncinya, lalu redaksi open-office."
        return
    yield f"Kantor dibuka oleh {' dan '.join(found.opening.signers)}, catatan {found.opening.first}."
    yield "Cocokkan nomor catatan itu dengan yang disimpan kantor; dari sanalah semua bukti berawal."
    if found.opening.commit != found.opening.first:
        yield f"Kantor dibuka kembali, catatan {found.opening.commit}."
    steps = len(found.proofs) + len(found.withdrawals) + len(found.policies) + len(found.unproven)
    yield f"Diperiksa {steps} langkah sejak {found.since[:12]}; {len(found.taken_over)} naskah diambil alih dari isi awal."
    for proof in found.proofs:
        people = ", lalu ".join(_decided(d) for d in proof.approvals)
        yield f"  terbukti  {proof.document}  disetujui {people}; sidik {proof.tree[:12]}"
    for withdrawal in found.withdrawals:
        yield f"  ditarik   {withdrawal.document}  oleh {_decided(withdrawal.decision)}: {withdrawal.reason}"
    for policy in found.policies:
        people = " dan ".join(_decided(d) for d in policy.approvals)
        yield f"  aturan    {', '.join(policy.paths[:3])}  disetujui {people}"
    for step in found.unproven:
        yield f"  DITOLAK   {step.commit[:12]}  [{step.refusal.code}] {step.refusal.message}"
    yield "Semua terbukti." if found.sound else f"{len(found.unproven)} langkah tidak terbukti."


def _decided(decision: Decision) -> str:
    role = " ".join(filter(None, (decision.acting, decision.role)))
    marks = [
        f"menggantikan {decision.stands_for}" if decision.stands_for else "",
        GRADE_PAPER if decision.paper else "",
    ]
    return f"{decision.person} ({', '.join(filter(None, (role, *marks)))})"


def grade(decision: Decision) -> str:
    """How a decision is vouched for, in the words that every report uses."""
    return GRADE_PAPER if decision.paper else GRADE_SIGNED


def describe_doubtful(paths: Sequence[str]) -> Iterator[str]:
    """Records that nobody listed added, or that were changed since, as lines to print."""
    if paths:
        yield f"{len(paths)} catatan tidak dapat dipercaya, jadi tidak dibaca: {', '.join(paths[:3])}."


def as_json(found: Verification) -> dict[str, Any]:
    """The result for machines."""
    return {
        "main": found.main,
        "opening": found.opening.first if found.opening else None,
        "opened_again": found.opening.commit if found.opening and found.opening.commit != found.opening.first else None,
        "opened_by": list(found.opening.signers) if found.opening else [],
        "since": found.since,
        "sound": found.sound,
        "taken_over": list(found.taken_over),
        "proven": [
            {
                "document": proof.document,
                "id": proof.id,
                "merge": proof.merge,
                "tree": proof.tree,
                "published": proof.published.isoformat(),
                "grade": GRADE_PAPER if any(d.paper for d in proof.approvals) else GRADE_SIGNED,
                "approvals": [_decision_json(d) for d in proof.approvals],
            }
            for proof in found.proofs
        ],
        "withdrawn": [
            {
                "document": w.document,
                "id": w.id,
                "merge": w.merge,
                "withdrawn": w.withdrawn.isoformat(),
                "reason": w.reason,
                "decision": _decision_json(w.decision),
            }
            for w in found.withdrawals
        ],
        "policy": [
            {
                "merge": p.merge,
                "summary": p.summary,
                "paths": list(p.paths),
                "everyday": p.everyday,
                "changed": p.changed.isoformat(),
                "approvals": [_decision_json(d) for d in p.approvals],
            }
            for p in found.policies
        ],
        "unproven": [
            {"commit": s.commit, "code": s.refusal.code, "message": s.refusal.message} for s in found.unproven
        ],
    }


def _decision_json(decision: Decision) -> dict[str, Any]:
    return {
        "person": decision.person,
        "role": decision.role,
        "acting": decision.acting,
        "stands_for": decision.stands_for,
        "grade": grade(decision),
        "time": decision.time.isoformat(),
        "commit": decision.commit,
    }
