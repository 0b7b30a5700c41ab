"""Who can still decide what is open: one seat a deciding position, with distinct people, given who wrote and who voted.

Pure arithmetic over the office's people (SOP B2 and C2 need distinct eyes); whether a decision counts is ``judgement``'s.
It looks for a way on and shows where there is none; it appoints nobody.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.procedure import Act, Answer

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import date

    from pipeline.office import Deputies, Office
    from pipeline.people import Person
    from pipeline.procedure import Position, Procedure


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A deciding position and who may take it; the first of ``deputies.people`` leaves the others to later seats."""

    position: Position
    deputies: Deputies


def way_on(
    office: Office, procedure: Procedure, day: date, authors: Collection[str], voted: Sequence[str]
) -> tuple[Seat, ...]:
    """A seat for each deciding position of a document that is still open on ``day``, with distinct people.

    ``authors`` are ids of people; ``voted`` the ids of those whose approvals hold, in their order: their positions are
    done. Where there is a way that seats everybody it is given; a seat without people is a gap.
    """
    open_positions = tuple(deciding(procedure))[len(voted) :]
    can_compare = _handlers(office, day) - frozenset(authors)
    return _seated(office, day, open_positions, frozenset(authors) | frozenset(voted), can_compare)


def gaps(seats: Iterable[Seat]) -> tuple[Seat, ...]:
    """The seats that nobody can take."""
    return tuple(seat for seat in seats if not seat.deputies.people)


def deciding(procedure: Procedure) -> Iterator[Position]:
    """The positions that decide a document one after another, from the first work on it until somebody else is asked."""
    position = procedure.after(procedure.first(), Answer.DONE)
    passed: set[Position] = set()
    while position is not None and position.act is Act.DECIDE and position not in passed:
        yield position
        passed.add(position)
        position = procedure.after(position, Answer.YES)


def _handlers(office: Office, day: date) -> frozenset[str]:
    """Who may enter or compare a sheet signed on paper: people with a key and a role."""
    return frozenset(p.id for p in office.people.values() if p.keys and not p.machine and p.roles_on(day))


def _seated(
    office: Office, day: date, positions: Sequence[Position], barred: frozenset[str], can_compare: frozenset[str]
) -> tuple[Seat, ...]:
    if not positions:
        return ()
    position, *later = positions
    found = office.deputies(position.role, day, barred)
    can_enter = _handlers(office, day)
    able = (p for p in found.people if p.keys or _is_handled(p.id, can_enter, can_compare))
    deputies = replace(found, people=tuple(able))
    if not deputies.people:
        return (Seat(position=position, deputies=deputies), *_seated(office, day, later, barred, can_compare))
    ways = (
        (
            Seat(position=position, deputies=_first(person, deputies)),
            *_seated(office, day, later, barred | {person.id}, can_compare),
        )
        for person in deputies.people
    )
    return min(ways, key=lambda way: len(gaps(way)))


def _is_handled(official: str, can_enter: frozenset[str], can_compare: frozenset[str]) -> bool:
    """Whether two different people are left for an official's sheet: one enters it, one who did not write compares it."""
    comparing = can_compare - {official}
    return bool(comparing) and len((can_enter | comparing) - {official}) > 1


def _first(person: Person, deputies: Deputies) -> Deputies:
    others = (other for other in deputies.people if other is not person)
    return replace(deputies, people=(person, *others))
