"""What happened in a period, for an auditor: publications, returns, withdrawals, acting officials, exceptions, policy, paper.

A moment belongs to a period by the court's own calendar. Everything comes from the proofs that ``verify`` gives and from the
open and archived ways of documents; it is put in rows here and judged nowhere.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import Refused
from pipeline.judgement import Ruling, judge
from pipeline.stages import evidence_data, verify
from pipeline.stages.evidence import Register
from pipeline.stages.verify import opening_of
from pipeline.world.history import ARCHIVE, BRANCHES, Branches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import datetime

    from pipeline.judgement import Decision, Standing
    from pipeline.stages.evidence import Account, Ruled
    from pipeline.stages.session import Session
    from pipeline.stages.verify import PolicyChange, Proof, Unproven, Verification, Withdrawal

_NAME: Final = re.compile(r"(?P<year>20[0-9]{2})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?", re.IGNORECASE)
_MONTHS: Final = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli"),
    *("Agustus", "September", "Oktober", "November", "Desember"),
)
_QUARTERS: Final = ("I", "II", "III", "IV")
_WAYS: Final = (BRANCHES, ARCHIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A year, a quarter or a month, both days included; ``label`` is what people call it."""

    name: str
    label: str
    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Whether a day lies in it."""
        return self.start <= day <= self.end


def period(text: str) -> Period:
    """The period that ``2026``, ``2026-Q4`` or ``2026-11`` names; ``Refused`` for anything else."""
    match = _NAME.fullmatch(text.strip())
    if match is None:
        raise Refused(
            f"{text!r} bukan masa yang dikenal.",
            hint="Tulis tahun (2026), triwulan (2026-Q4), atau bulan (2026-11).",
            code="no-such-period",
        )
    year, name = int(match["year"]), match[0].upper()
    if match["quarter"]:
        number = int(match["quarter"])
        return _span(name, f"Triwulan {_QUARTERS[number - 1]} {year}", year, 3 * number - 2, 3 * number)
    if match["month"]:
        number = int(match["month"])
        return _span(name, f"{_MONTHS[number - 1]} {year}", year, number, number)
    return _span(name, f"Tahun {year}", year, 1, 12)


def _span(name: str, label: str, year: int, first: int, last: int) -> Period:
    end = date(year, last, monthrange(year, last)[1])
    return Period(name=name, label=label, start=date(year, first, 1), end=end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """A return: of which document, decided under which state of the office, and whether the document was published since."""

    document: str
    title: str
    office: str
    published: bool
    ruled: Ruled


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The rows of a period.

    ``steps`` are main's commits from the first to the last of the period, oldest first, ``before`` the one that precedes
    them. ``chains`` are the commits that each merge brought. ``last`` is when main last changed: later nothing is known.
    """

    period: Period
    found: Verification
    last: datetime
    opened_under: str
    steps: tuple[str, ...]
    before: str
    publications: tuple[Account, ...]
    returns: tuple[Returned, ...]
    withdrawals: tuple[tuple[Withdrawal, Ruled], ...]
    policies: tuple[tuple[PolicyChange, tuple[Ruled, ...]], ...]
    unproven: tuple[Unproven, ...]
    chains: dict[str, tuple[str, ...]]

    def rulings(self) -> Iterator[tuple[Ruled, str]]:
        """Every decision of the period's rows, and what it was about."""
        yield from ((one, account.document) for account in self.publications for one in account.approvals)
        yield from ((row.ruled, row.document) for row in self.returns)
        yield from ((one, withdrawal.document) for withdrawal, one in self.withdrawals)
        yield from ((one, change.summary) for change, approvals in self.policies for one in approvals)


def gather(session: Session, wanted: Period) -> Findings:
    """Everything of a period that the packages shows; one replay of main, one look at every open and archived way."""
    found, register = verify.prove(session), Register(session)
    office, repo = session.office, session.repo

    def inside(moment: datetime) -> bool:
        return wanted.holds(office.day(moment))

    publications = tuple(register.publication(p) for p in found.proofs if inside(p.published))
    withdrawals = tuple(w for w in found.withdrawals if inside(w.withdrawn))
    policies = tuple(p for p in found.policies if inside(p.changed))
    unproven = tuple(step for step in found.unproven if inside(repo.commit(step.commit).time))
    mainline = list(repo.first_parents(session.main))
    merges = {p.merge for p in publications} | {w.merge for w in withdrawals} | {p.merge for p in policies}
    merges |= {step.commit for step in unproven}
    steps, before = _steps(mainline, found, merges)
    return Findings(
        period=wanted,
        found=found,
        last=repo.commit(session.main).time,
        opened_under=_opened_under(session, found),
        steps=steps,
        before=before,
        publications=publications,
        returns=_returns(session, found, register, inside),
        withdrawals=tuple((w, register.ruled(w.decision, register.office_before(w.merge))) for w in withdrawals),
        policies=tuple((p, _signatures(register, p)) for p in policies),
        unproven=unproven,
        chains=_chains(session, found, policies, frozenset(mainline)),
    )


def _signatures(register: Register, change: PolicyChange) -> tuple[Ruled, ...]:
    office = register.office_before(change.merge)
    return tuple(register.ruled(decision, office) for decision in change.approvals)


def _steps(mainline: Sequence[str], found: Verification, merges: set[str]) -> tuple[tuple[str, ...], str]:
    """Main without a gap from the first to the last of ``merges``, and the commit before it."""
    if found.opening is None:
        return (), ""
    line = list(reversed(mainline[: mainline.index(found.opening.commit) + 1]))
    places = [at for at, commit in enumerate(line) if commit in merges]
    return (tuple(line[places[0] : places[-1] + 1]), line[places[0] - 1]) if places else ((), "")


def _opened_under(session: Session, found: Verification) -> str:
    """The commit whose people judged the opening: its own at first, later those of the opening before."""
    if found.opening is None or found.opening.commit == found.opening.first:
        return found.opening.commit if found.opening else ""
    second = session.repo.commit(found.opening.commit)
    earlier = opening_of(session.repo, session.repo.commit(second.parents[0]).parents[0])
    return earlier.commit if earlier else found.opening.commit


def _chains(
    session: Session, found: Verification, policies: Iterable[PolicyChange], mainline: frozenset[str]
) -> dict[str, tuple[str, ...]]:
    chains = {proof.merge: tuple(change.commit for change in proof.history.changes) for proof in found.proofs}
    chains |= {withdrawal.merge: (withdrawal.decision.commit,) for withdrawal in found.withdrawals}
    return chains | {p.merge: tuple(reversed(tuple(_back(session, p.commit, mainline)))) for p in policies}


def _back(session: Session, commit: str, mainline: frozenset[str]) -> Iterator[str]:
    while commit not in mainline:
        yield commit
        commit = session.repo.commit(commit).parents[0]


def _returns(
    session: Session, found: Verification, register: Register, inside: Callable[[datetime], bool]
) -> tuple[Returned, ...]:
    """Returns on the way to a publication, and on ways that led to none so far; each decision once."""
    rows: dict[str, Returned] = {}
    for row in (*_of_proofs(session, found.proofs, register), *_unpublished(session, register)):
        if inside(row.ruled.decision.time):
            rows.setdefault(row.ruled.decision.commit, row)
    return tuple(rows.values())


def _of_proofs(session: Session, proofs: Iterable[Proof], register: Register) -> Iterator[Returned]:
    for proof in proofs:
        if _returned(proof.standing):
            office, before = register.office_before(proof.merge), session.repo.commit(proof.merge).parents[0]
            procedure = office.procedures[session.procedure(proof.document).code]
            for decision in _returned(proof.standing):
                one = register.ruled(decision, office, procedure, proof.history.changes)
                yield Returned(document=proof.document, title=proof.title, office=before, published=True, ruled=one)


def _unpublished(session: Session, register: Register) -> Iterator[Returned]:
    for shelf in _WAYS:
        branches = Branches(session.repo, session.main, session.repo.tips(shelf))
        for branch, document in branches.documents.items():
            history, procedure = branches.history(branch), session.procedure(document)
            title = str(branches.fields(branch).get("title") or document)
            for decision in _returned(judge(history, session.office, procedure)):
                one = register.ruled(decision, session.office, procedure, history.changes)
                yield Returned(document=document, title=title, office=session.main, published=False, ruled=one)


def _returned(standing: Standing) -> tuple[Decision, ...]:
    return tuple(decision for decision in standing.decisions if decision.ruling is Ruling.RETURNED)


# -- as data --


def rows(found: Findings) -> dict[str, Any]:
    """The tables of the package, as its page checks them."""
    return {
        "publications": [
            {**evidence_data.publication(account), "chain": list(found.chains[account.merge])}
            for account in found.publications
        ],
        "returns": [
            {
                "document": row.document,
                "title": row.title,
                "office": row.office,
                "published": row.published,
                **evidence_data.ruled(row.ruled),
            }
            for row in found.returns
        ],
        "withdrawals": [_withdrawal(found, withdrawal, one) for withdrawal, one in found.withdrawals],
        "policies": [_policy(found, change, approvals) for change, approvals in found.policies],
        "exceptions": [
            {"merge": account.merge, "document": account.document, "rule": one.rule, "reason": one.reason}
            for account in found.publications
            for one in account.exempted
        ],
        "acting": _acting(found),
        "paper": [
            {**_who(one), "commit": one.decision.commit, "about": about, "paper": evidence_data.ruled(one)["paper"]}
            for one, about in found.rulings()
            if one.decision.paper
        ],
        "unproven": [
            {"merge": step.commit, "code": step.refusal.code, "message": step.refusal.message}
            for step in found.unproven
        ],
    }


def _withdrawal(found: Findings, withdrawal: Withdrawal, one: Ruled) -> dict[str, Any]:
    return {
        "document": withdrawal.document,
        "id": withdrawal.id,
        "title": withdrawal.title,
        "merge": withdrawal.merge,
        "withdrawn": evidence_data.instant(withdrawal.withdrawn),
        "chain": list(found.chains[withdrawal.merge]),
        "decision": evidence_data.ruled(one),
    }


def _policy(found: Findings, change: PolicyChange, approvals: Iterable[Ruled]) -> dict[str, Any]:
    return {
        "merge": change.merge,
        "name": change.name,
        "summary": change.summary,
        "paths": list(change.paths),
        "everyday": change.everyday,
        "changed": evidence_data.instant(change.changed),
        "chain": list(found.chains[change.merge]),
        "approvals": [evidence_data.ruled(one) for one in approvals],
    }


def _who(one: Ruled) -> dict[str, str]:
    decision = one.decision
    return {"person": decision.person, "name": one.name, "role": decision.role, "role_label": one.label}


def _acting(found: Findings) -> list[dict[str, Any]]:
    """One row a person, role and period of Plh/Plt, with the decisions that were made under it."""
    grouped: dict[tuple[str, ...], dict[str, Any]] = {}
    for one, _ in found.rulings():
        if one.acting is not None:
            key = (one.decision.person, one.decision.role, one.acting.letter, one.acting.start.isoformat())
            row: dict[str, Any] = {**_who(one), "acting": evidence_data.acting(one.acting), "decisions": []}
            grouped.setdefault(key, row)["decisions"].append(one.decision.commit)
    return list(grouped.values())
