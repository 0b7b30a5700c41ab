"""Who has to be appointed, or given a key, so that somebody can decide: found by trying, not by rule.

A seat stays empty by ``succession``'s arithmetic (documents) or by the policy quorum's. Every remedy that is named was tried
on a copy of the office and mends it; the role named is the earliest that an outsider would fill, so that whoever stands in
from above keeps the own seat. Pure; it appoints nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final

from pipeline.authority import Deputies
from pipeline.people import Acting, Person
from pipeline.procedure import Act, Position
from pipeline.succession import Seat, gaps, way_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.office import Office
    from pipeline.procedure import Procedure

_TRIAL: Final = ("-",)
"""The keys of somebody who is given one only to see what would happen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question: who decides on a day a document with these writers and votes (no ``procedure``: a change of policy)."""

    day: date
    procedure: Procedure | None
    authors: tuple[str, ...] = ()
    voted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remedy:
    """Who would mend it (ids): by registering a key, by being appointed, or by both."""

    keys: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    unkeyed: tuple[str, ...] = ()


# -- seats --


def seats(office: Office, case: Case) -> tuple[Seat, ...]:
    """A seat for each decision that is still open, with distinct people; one without people is a gap."""
    if case.procedure is None:
        return _quorum(office, case.day, office.authority.policy, frozenset())
    return way_on(office, case.procedure, case.day, case.authors, case.voted)


def _quorum(office: Office, day: date, roles: Sequence[str], taken: frozenset[str]) -> tuple[Seat, ...]:
    """A seat for each role of the policy quorum with distinct people; a superior may sign for a role."""
    if not roles:
        return ()
    role, *later = roles
    ways = [
        (_seat(role, person), *_quorum(office, day, later, taken | {person.id}))
        for person in _signers(office, role, day)
        if person.id not in taken
    ]
    return min([*ways, (_seat(role), *_quorum(office, day, later, taken))], key=lambda way: len(gaps(way)))


def _seat(role: str, *people: Person) -> Seat:
    return Seat(position=Position(step="", role=role, act=Act.DECIDE), deputies=Deputies(role=role, people=people))


def _signers(office: Office, role: str, day: date) -> Iterator[Person]:
    """Who may sign for ``role`` in the quorum: its holders with a key, then those of its superiors."""
    for at in office.chain_above(role):
        yield from (person for person in office.people_in(at, day) if person.keys)


def _left(office: Office, case: Case) -> int:
    """How many seats stay empty."""
    return len(gaps(seats(office, case)))


def roles_of(found: Iterable[Seat]) -> frozenset[str]:
    """The roles that are needed at some seats."""
    return frozenset(seat.position.role for seat in found)


# -- trying --


def wanting(office: Office, case: Case) -> tuple[str, ...]:
    """The roles to appoint somebody for, until no seat is empty: of each the earliest that an outsider would mend."""
    found = seats(office, case)
    roles = dict.fromkeys(seat.position.role for seat in found)
    wanted: list[str] = []
    for number in range(len(gaps(found))):
        left = _left(office, case)
        trials = ((role, _appointed(office, _outsider(number), role)) for role in roles)
        role, office = next((t for t in trials if _left(t[1], case) < left), ("", office))
        wanted.append(role)
    return tuple(filter(None, wanted))


def _outsider(number: int) -> Person:
    return Person(id=f"({number})", name="", emails=())


def _appointed(office: Office, person: Person, role: str) -> Office:
    """The office as it would be if ``person``, with a key, acted in ``role``."""
    period = Acting(role=role, start=date.min, end=date.max, letter="", as_="Plh")
    return _keyed(office, replace(person, acting=(*person.acting, period)))


def _keyed(office: Office, person: Person) -> Office:
    """The office as it would be with this person, and with a key of this person."""
    return replace(office, people={**office.people, person.id: replace(person, keys=person.keys or _TRIAL)})


def mended(office: Office, found: Iterable[tuple[str, Remedy]]) -> Office:
    """The office as it would be if the first way of each remedy were gone for its role; by an outsider where there is none."""
    for number, (role, remedy) in enumerate(found):
        if remedy.keys:
            office = _keyed(office, office.people[remedy.keys[0]])
        else:
            chosen = next((office.people[name] for name in (*remedy.people, *remedy.unkeyed)), _outsider(number))
            office = _appointed(office, chosen, role)
    return office


def remedy_for(office: Office, cases: Sequence[Case], role: str) -> Remedy:
    """Who would mend ``role`` in all the cases; rather its own holders by a key, rather people whom no other seat needs."""
    left = [_left(office, case) for case in cases]

    def mends(trial: Office) -> bool:
        """Whether ``role`` is taken and fewer seats stay empty, in every case."""
        ways = [(gaps(seats(trial, case)), before) for case, before in zip(cases, left, strict=True)]
        return all(len(empty) < before and role not in roles_of(empty) for empty, before in ways)

    def holds(person: Person) -> bool:
        return all(role in person.roles_on(case.day) for case in cases)

    keyless = [p for p in office.people.values() if _lacks_key(p) and not p.machine and mends(_keyed(office, p))]
    fit = [p for p in office.people.values() if _may_serve(p, cases) and mends(_appointed(office, p, role))]
    return Remedy(
        keys=_ids(_rather(keyless, holds)),
        people=_ids(_free([person for person in fit if not _lacks_key(person)], office, cases)),
        unkeyed=_ids(_free([person for person in fit if _lacks_key(person)], office, cases)),
    )


def _lacks_key(person: Person) -> bool:
    return person.keys in ((), _TRIAL)


def _may_serve(person: Person, cases: Sequence[Case]) -> bool:
    """Whether a person of the office could be appointed: there all the time, and no writer."""
    is_known = bool(person.emails) and not person.machine
    return is_known and all(serves(person, case.day) and person.id not in case.authors for case in cases)


def serves(person: Person, day: date) -> bool:
    """Whether a person is in the office at all on ``day``, in whatever role."""
    return (person.since is None or person.since <= day) and (person.until is None or day <= person.until)


def _free(people: Sequence[Person], office: Office, cases: Sequence[Case]) -> Sequence[Person]:
    """Rather those who hold no other needed role meanwhile."""
    needed = roles_of(seats(office, cases[0]))
    return _rather(people, lambda person: not any(needed.intersection(person.roles_on(case.day)) for case in cases))


def _rather(people: Sequence[Person], fits: Callable[[Person], bool]) -> Sequence[Person]:
    """Those who fit; all of them where nobody does."""
    return [person for person in people if fits(person)] or people


def _ids(people: Iterable[Person]) -> tuple[str, ...]:
    return tuple(person.id for person in people)
