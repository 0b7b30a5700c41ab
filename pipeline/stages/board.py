"""The board: whether the office is open, what it will lack soon, and every document in work with whom it waits for.

It changes nothing, and whatever it says of a document is ``judgement``'s word: a document that nobody may decide is shown
with the remedy.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from pipeline.judgement import Ruling
from pipeline.model import Shelf
from pipeline.procedure import Act, Unit
from pipeline.stages import bootstrap, opening, outlook, policy, returns, verify
from pipeline.stages.proposal import Opened, opened
from pipeline.succession import way_on
from pipeline.world import clock
from pipeline.world.repo import LOST

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import date

    from pipeline.calendar import Calendar, WorkingTime
    from pipeline.model import FieldValue
    from pipeline.office import Office, Person
    from pipeline.stages.outlook import Shortage
    from pipeline.stages.policy import Proposal
    from pipeline.stages.returns import Tally
    from pipeline.stages.session import Session
    from pipeline.succession import Seat

_NAMED: Final = 3  # people at most on one line


class State(StrEnum):
    """The columns of the board, as people read them."""

    DRAFT = "Draf"
    REVIEW = "Diperiksa"
    APPROVED = "Disetujui, menunggu terbit"
    BROKEN = "Perlu diperiksa Pranata Komputer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person who may act now.

    ``role`` (an id) is the superior's role in which the person stands in, empty in the needed role itself; ``acting`` says
    Plh or Plt, whose period ends with the day ``until``; ``paper`` that there is no key, so only a decision on paper.
    """

    person: str
    name: str
    role: str
    acting: str = ""
    until: date | None = None
    paper: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document in work.

    ``role`` (an id) and ``label`` are whom it waits for, ``candidates`` who may act now; ``remedy`` says what to do where
    nobody may, or will be able to at a later step. ``waited`` counts working time since the last act; ``entered`` says that a
    decision on paper waits to be compared.
    """

    path: str
    title: str
    state: State
    role: str
    label: str
    candidates: tuple[Candidate, ...]
    since: datetime
    waited: WorkingTime
    late: bool
    returned: bool
    due: str = ""
    trouble: str = ""
    remedy: str = ""
    entered: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is in work, oldest first, and how much is published; ``strange`` are branches that hold no document.

    ``next_step`` is what opens the office, empty if it is open; ``warnings`` look ahead from ``today``; ``proposals`` are
    changes of policy that are not in force yet, ``vanished`` counts documents that the server lost and this clone has.
    """

    today: date
    rows: tuple[Row, ...]
    published: int
    strange: tuple[str, ...] = ()
    next_step: str = ""
    warnings: tuple[Shortage, ...] = ()
    returned: tuple[Tally, ...] = ()
    vanished: int = 0
    proposals: tuple[Proposal, ...] = ()


def board(session: Session, now: datetime | None = None) -> Board:
    """Read and judge every open document. Cost: a handful of Git processes however many there are."""
    branches, office = session.branches(), session.office
    now = now or clock.now()
    today, calendar, desk = office.day(now), office.calendar(), _Desk(office, office.day(now))
    subjects = {branch: opened(session, branch, branches) for branch in branches.documents}
    rows = [_row(desk, calendar, subject, branches.fields(branch), now) for branch, subject in subjects.items()]
    next_step = _next_step(session, today)
    return Board(
        today=today,
        rows=tuple(sorted(rows, key=lambda row: row.since)),
        published=len(verify.documents(session.repo, session.main)),
        strange=branches.strange,
        next_step=next_step,
        warnings=() if next_step and _without_key(office, today) else outlook.outlook(office, today),
        returned=returns.tally((subject.procedure, subject.standing) for subject in subjects.values()),
        proposals=policy.waiting(session),
        vanished=len(session.repo.refs(LOST)),
    )


# -- the opening --


def _next_step(session: Session, today: date) -> str:
    """What has to be done next to open the office; empty if it is open."""
    if verify.opening_of(session.repo, session.main) is not None:
        return ""
    office = session.office
    if missing := _without_key(office, today):
        return f"daftarkan kunci publik {' dan '.join(missing)} di office/people.yml"
    deciders, superiors = bootstrap.opening_roles(office)
    tip = session.repo.commit(session.main)
    first = bootstrap.opener_of(office, tip)
    if first is None:
        return f"{_labels(office, deciders)}, lalu {_labels(office, superiors)}, menjalankan redaksi open-office"
    wanted = opening.other_side(office, first.roles_on(office.day(tip.time)))
    return f"{_labels(office, wanted)} menandatangani juga dengan redaksi open-office, sesudah {first.name}"


def _without_key(office: Office, today: date) -> tuple[str, ...]:
    """Labels of what no office opens without: each decider of documents, and one superior of the last of them."""
    deciders = {p.role for code in office.procedures.values() for p in code.decisions(Unit.DOCUMENT)}
    held = {role for p in office.people.values() if p.keys and not p.machine for role in p.roles_on(today)}
    _, superiors = bootstrap.opening_roles(office)
    labels = [office.role_label(role) for role in office.roles if role in deciders - held]
    return tuple(labels) if superiors & held else (*labels, _labels(office, superiors) or "seorang atasan")


def _labels(office: Office, roles: Collection[str]) -> str:
    return " atau ".join(office.role_label(role) for role in office.roles if role in roles)


# -- one document --


@dataclass(slots=True)
class _Desk:
    """Who may act today; asked once for all documents with the same writers and the same approvals."""

    office: Office
    today: date
    known: dict[object, tuple[tuple[Candidate, ...], str]] = field(default_factory=dict)

    def of(self, subject: Opened) -> tuple[tuple[Candidate, ...], str]:
        """The people who may act on a document now, and what to do where nobody may."""
        standing = subject.standing
        voted = tuple(held.person for held in standing.approvals)
        key = (subject.procedure.code, standing.shelf, standing.position, standing.authors, voted)
        if key not in self.known:
            self.known[key] = self._ask(subject, voted)
        return self.known[key]

    def _ask(self, subject: Opened, voted: tuple[str, ...]) -> tuple[tuple[Candidate, ...], str]:
        standing, procedure = subject.standing, subject.procedure
        lacking = outlook.of_document(self.office, procedure, self.today, standing.authors, voted)
        remedy = outlook.advice(lacking, self.office)
        seats = way_on(self.office, procedure, self.today, standing.authors, voted)
        if standing.shelf is Shelf.DRAFTS or (not seats and standing.position.act is Act.DECIDE):
            return tuple(self._plain(self.office.people[person]) for person in sorted(standing.authors)), remedy
        if standing.position.act is Act.NOTE:
            return tuple(self._plain(one) for one in self.office.people_in(standing.position.role, self.today)), remedy
        return tuple(self._candidate(person, seat) for seat in seats[:1] for person in seat.deputies.people), remedy

    def _plain(self, person: Person) -> Candidate:
        """Somebody who decides nothing: works on the own draft, agrees to a correction, takes note."""
        return Candidate(person=person.id, name=person.name, role="")

    def _candidate(self, person: Person, seat: Seat) -> Candidate:
        role = seat.deputies.role
        acting = person.acting_as(role, self.today)
        ends = [p.end for p in person.acting if p.role == role and p.start <= self.today <= p.end]
        return Candidate(
            person=person.id,
            name=person.name,
            role=role if role != seat.position.role else "",
            acting=acting,
            until=max(ends) if acting else None,
            paper=not person.keys,
        )


def _row(desk: _Desk, calendar: Calendar, subject: Opened, fields: Mapping[str, FieldValue], now: datetime) -> Row:
    standing, office = subject.standing, desk.office
    since = subject.history.changes[-1].time
    state, due = _state(subject), fields.get("terbit")
    candidates, remedy = desk.of(subject) if state in {State.DRAFT, State.REVIEW} else ((), "")
    return Row(
        path=subject.path,
        title=str(fields.get("title") or subject.path),
        state=state,
        role=standing.position.role,
        label=office.role_label(standing.position.role),
        candidates=candidates,
        since=since,
        waited=calendar.minutes(since, now),
        late=state is not State.DRAFT and now > calendar.deadline(since, office.site.reminders.waiting_days),
        returned=state is State.DRAFT and bool(standing.decisions) and standing.decisions[-1].ruling is Ruling.RETURNED,
        due=f"{due:%d-%m-%Y %H.%M}" if isinstance(due, datetime) else "",
        trouble=standing.refusals[0].message if standing.refusals else "",
        remedy=remedy,
        entered=standing.entered is not None,
    )


def _state(subject: Opened) -> State:
    standing = subject.standing
    if standing.refusals:
        return State.BROKEN
    if standing.shelf is Shelf.DRAFTS:
        return State.DRAFT
    return State.APPROVED if standing.approved else State.REVIEW


# -- showing --


def describe(found: Board, office: Office) -> Iterator[str]:
    """The board as lines to print: what concerns the office first, then the documents."""
    if found.next_step:
        yield "Kantor ini belum dibuka: halamannya hanya boleh tayang sebagai pratinjau, dan belum ada yang dapat dibuktikan."
        yield f"Langkah berikutnya: {found.next_step}."
    yield from outlook.describe(found.warnings, office, found.today)
    if found.strange:
        yield f"{len(found.strange)} cabang tidak memuat naskah: {', '.join(map(ascii, found.strange[:3]))}."
    yield from (line for proposal in found.proposals for line in policy.describe(proposal, office))
    if found.vanished:
        yield f"{found.vanished} naskah hilang dari server kantor dan masih ada di komputer ini: redaksi recover"
    yield from returns.describe(found.returned)
    if not found.rows:
        yield f"Tidak ada naskah yang sedang dikerjakan; {found.published} naskah terbit."
        return
    for state in State:
        rows = [row for row in found.rows if row.state is state]
        if rows:
            yield f"{state} ({len(rows)})"
            for row in rows:
                yield from _lines(row, office)
    yield f"{len(found.rows)} naskah dikerjakan, {found.published} naskah terbit."


def _lines(row: Row, office: Office) -> Iterator[str]:
    since = office.local(row.since).strftime("%d-%m-%Y %H.%M")
    marks = [_waits_for(row, office) if row.state is not State.APPROVED else "", "dikembalikan" if row.returned else ""]
    marks += ["lembar keputusan menunggu dicocokkan" if row.entered else ""]
    marks += [f"terbit {row.due}" if row.due else "", "melewati batas pengingat" if row.late else ""]
    yield f"  {row.title}"
    yield f"    {row.path} · {' · '.join(filter(None, marks)) or 'siap terbit'} · sejak {since} ({row.waited.describe()})"
    yield from (f"    {text}" for text in (row.trouble, row.remedy) if text)


def _waits_for(row: Row, office: Office) -> str:
    names = [_named(candidate, office) for candidate in row.candidates[:_NAMED]]
    more = [f"dan {len(row.candidates) - _NAMED} orang lain"] if len(row.candidates) > _NAMED else []
    return f"menunggu {row.label}" + (f": {', '.join([*names, *more])}" if names else "")


def _named(one: Candidate, office: Office) -> str:
    name = f"{one.acting} {one.name}" if one.acting else one.name
    name += f" selaku {office.role_label(one.role)}" if one.role else ""
    name += f" sampai {one.until:%d-%m-%Y}" if one.until else ""
    return name + (" di atas kertas" if one.paper else "")


def as_json(found: Board, office: Office) -> dict[str, Any]:
    """The board for machines; ``waited_minutes`` is working time."""
    return {
        "opened": not found.next_step,
        "next_step": found.next_step,
        "warnings": outlook.as_json(found.warnings, office, found.today),
        "policy": [_proposal_json(proposal) for proposal in found.proposals],
        "published": found.published,
        "vanished": found.vanished,
        "returns": returns.as_json(found.returned),
        "open": [_row_json(row) for row in found.rows],
    }


def _proposal_json(proposal: Proposal) -> dict[str, Any]:
    standing = proposal.standing
    return {
        "name": proposal.name,
        "summary": proposal.summary,
        "paths": list(standing.paths),
        "everyday": standing.everyday,
        "approved_by": [held.person for held in standing.approvals],
        "waits_for": list(standing.missing),
        "trouble": [refusal.message for refusal in standing.refusals],
    }


def _row_json(row: Row) -> dict[str, Any]:
    return {
        "path": row.path,
        "title": row.title,
        "state": row.state.name.lower(),
        "waits_for": row.label,
        "role": row.role,
        "who": [_candidate_json(one) for one in row.candidates],
        "remedy": row.remedy,
        "since": row.since.isoformat(),
        "waited_minutes": round(row.waited.minutes, 1),
        "provisional": row.waited.provisional,
        "late": row.late,
        "returned": row.returned,
        "paper_entered": row.entered,
        "due": row.due,
        "trouble": row.trouble,
    }


def _candidate_json(one: Candidate) -> dict[str, Any]:
    return {
        "person": one.person,
        "name": one.name,
        "stands_in_as": one.role,
        "acting": one.acting,
        "until": one.until.isoformat() if one.until else None,
        "on_paper": one.paper,
    }
