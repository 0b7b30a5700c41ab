"""Days ahead: from which day nobody can decide any more, why, and what to do while there is time.

For every deciding position of the procedures that are gone once a document, and for the quorum that changes policy, each
working day of the next two weeks is tried with the people of that day: periods of Plh/Plt that end, people who leave or have
not come, missing keys, one person in two needed roles. The writers are taken to be the holders of the first step's role, one
at a time. Pure; it appoints nobody, and whether a decision counts is ``judgement``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from pipeline.calendar import DAYS
from pipeline.procedure import Unit
from pipeline.stages.remedy import Case, Remedy, mended, remedy_for, roles_of, seats, serves, wanting
from pipeline.succession import deciding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.office import Office
    from pipeline.people import Person
    from pipeline.procedure import Procedure

HORIZON: Final = 14
"""How many days ahead is looked: a letter of appointment takes days, and plans change over more than two weeks."""
_NAMED: Final = 3  # candidates at most in one sentence


class Kind(StrEnum):
    """How short the office is: nobody can decide, or only people without a key, on paper."""

    NOBODY = "nobody"
    PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortage:
    """A role in which nobody can decide from ``start`` to ``end`` (None: as far as was looked), or only on paper.

    ``policy`` tells the quorum from the documents; ``authors`` (ids) and ``procedures`` (codes) are empty where it concerns
    all of them; ``paper`` are those who can decide on paper.
    """

    kind: Kind
    policy: bool
    role: str
    authors: tuple[str, ...]
    procedures: tuple[str, ...]
    start: date
    end: date | None
    paper: tuple[str, ...] = ()
    cause: str = ""
    remedy: Remedy = field(default_factory=Remedy)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Need:
    """What a day lacks, comparable from day to day."""

    kind: Kind
    policy: bool
    role: str
    authors: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    paper: tuple[str, ...] = ()


def outlook(office: Office, today: date, days: int = HORIZON) -> tuple[Shortage, ...]:
    """The shortages on the working days from ``today`` to ``days`` later, the nearest first."""
    workdays = office.calendar().working_days(today, today + timedelta(days=days))
    cache: dict[object, tuple[_Need, ...]] = {}
    needs = {day: _needs_on(office, day, cache) for day in workdays}
    spans = [
        (need, span)
        for need in dict.fromkeys(need for found in needs.values() for need in found)
        for span in _spans(workdays, need, needs)
    ]
    return _explained(office, sorted(spans, key=lambda found: found[1][0]), workdays)


def of_document(
    office: Office, procedure: Procedure, day: date, authors: Iterable[str], voted: Sequence[str]
) -> tuple[Shortage, ...]:
    """What stands in the way of one open document on ``day``, given who wrote it and whose approvals hold."""
    case = Case(day=day, procedure=procedure, authors=tuple(sorted(authors)), voted=tuple(voted))
    found: list[Shortage] = []
    for role in wanting(office, case):
        remedy = remedy_for(mended(office, _ways(found)), [case], role)
        need = _Need(kind=Kind.NOBODY, policy=False, role=role)
        found.append(_shortage(office, need, [day], [case], remedy, day))
    return tuple(found)


def _spans(workdays: Sequence[date], need: _Need, needs: Mapping[date, Sequence[_Need]]) -> Iterator[list[date]]:
    """The runs of working days on which ``need`` stands."""
    for stands, days in groupby(workdays, key=lambda day: need in needs[day]):
        if stands:
            yield list(days)


# -- what one day lacks --


def _needs_on(office: Office, day: date, cache: dict[object, tuple[_Need, ...]]) -> tuple[_Need, ...]:
    """What ``day`` lacks; days on which everybody has the same roles lack the same."""
    staff = _staff(office, day)
    if staff not in cache:
        cache[staff] = tuple(_needs(office, day))
    return cache[staff]


def _staff(office: Office, day: date) -> tuple[object, ...]:
    """Who is there on ``day`` and in which roles: days with the same answer are alike."""
    return tuple((person.roles_on(day), serves(person, day)) for person in office.people.values())


def _needs(office: Office, day: date) -> Iterator[_Need]:
    cases = [case for procedure in _procedures(office) for case in _cases(office, procedure, day)]
    lacking: dict[tuple[Kind, str, tuple[str, ...]], list[Case]] = {}
    for case in cases:
        for found in _lacks(office, case):
            lacking.setdefault(found, []).append(case)
    for (kind, role, paper), concerned in lacking.items():
        for authors, procedures in _concerned(concerned, cases):
            yield _Need(kind=kind, policy=False, role=role, authors=authors, procedures=procedures, paper=paper)
    for role in wanting(office, Case(day=day, procedure=None)):
        yield _Need(kind=Kind.NOBODY, policy=True, role=role)


def _procedures(office: Office) -> tuple[Procedure, ...]:
    """The procedures that decide documents."""
    return tuple(procedure for procedure in office.procedures.values() if procedure.decisions(Unit.DOCUMENT))


def _cases(office: Office, procedure: Procedure, day: date) -> list[Case]:
    """A document of each possible writer; of nobody in particular where the first step's role has no key."""
    writers = [person.id for person in office.people_in(procedure.first().role, day) if person.keys]
    return [Case(day=day, procedure=procedure, authors=(writer,)) for writer in writers] or [
        Case(day=day, procedure=procedure)
    ]


def _lacks(office: Office, case: Case) -> Iterator[tuple[Kind, str, tuple[str, ...]]]:
    for role in wanting(office, case):
        yield Kind.NOBODY, role, ()
    for seat in seats(office, case):
        people = seat.deputies.people
        if people and not any(person.keys for person in people):
            yield Kind.PAPER, seat.position.role, tuple(sorted(person.id for person in people))


def _concerned(concerned: Sequence[Case], cases: Sequence[Case]) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Authors and procedures of some cases, each empty where it means all of them."""
    everywhere = {code for code, _ in _by_procedure(cases)}
    procedures: dict[tuple[str, ...], list[str]] = {}
    possible = dict(_by_procedure(cases))
    for code, authors in _by_procedure(concerned):
        procedures.setdefault(() if authors == possible[code] else authors, []).append(code)
    for authors, codes in procedures.items():
        yield authors, () if set(codes) == everywhere else tuple(codes)


def _by_procedure(cases: Sequence[Case]) -> Iterator[tuple[str, tuple[str, ...]]]:
    for code in dict.fromkeys(case.procedure.code for case in cases if case.procedure):
        yield code, tuple(a for case in cases if case.procedure and case.procedure.code == code for a in case.authors)


# -- why, and what to do --


def _explained(
    office: Office, spans: Sequence[tuple[_Need, list[date]]], workdays: Sequence[date]
) -> tuple[Shortage, ...]:
    """The shortages with cause and remedy; a later remedy counts on what an earlier one proposed."""
    found: list[Shortage] = []
    for need, span in spans:
        cases = _distinct(office, [case for day in span for case in _cases_of(office, need, day)])
        before = [one for one in found if one.policy == need.policy and (one.end is None or one.end >= span[0])]
        remedy = remedy_for(mended(office, _ways(before)), cases, need.role)
        found.append(_shortage(office, need, span, cases, remedy, workdays[-1]))
    return tuple(found)


def _distinct(office: Office, cases: Iterable[Case]) -> list[Case]:
    """The cases without those that are like an earlier one: the same writers, deciders and staff."""
    found: dict[object, Case] = {}
    for case in cases:
        roles = tuple(position.role for position in deciding(case.procedure)) if case.procedure else ()
        found.setdefault((_staff(office, case.day), roles, case.authors), case)
    return list(found.values())


def _ways(found: Iterable[Shortage]) -> Iterator[tuple[str, Remedy]]:
    return ((one.role, one.remedy) for one in found if one.kind is Kind.NOBODY)


def _cases_of(office: Office, need: _Need, day: date) -> list[Case]:
    if need.policy:
        return [Case(day=day, procedure=None)]
    return [
        case
        for procedure in _procedures(office)
        if not need.procedures or procedure.code in need.procedures
        for case in _cases(office, procedure, day)
        if not need.authors or set(case.authors) <= set(need.authors)
    ]


def _shortage(
    office: Office, need: _Need, span: Sequence[date], cases: Sequence[Case], remedy: Remedy, last: date
) -> Shortage:
    return Shortage(
        kind=need.kind,
        policy=need.policy,
        role=need.role,
        authors=need.authors,
        procedures=need.procedures,
        start=span[0],
        end=None if span[-1] == last else span[-1],
        paper=need.paper,
        cause=_cause(office, need.role, cases[0]) if need.kind is Kind.NOBODY else "",
        remedy=remedy if need.kind is Kind.NOBODY else Remedy(),
    )


def _cause(office: Office, role: str, case: Case) -> str:
    """Why nobody can decide as ``role``, in words."""
    holders = office.people_in(role, case.day)
    if not holders:
        return ", ".join(_absences(office, role, case.day)) or "belum ada yang memegang jabatan ini"
    keyed = [person for person in holders if person.keys]
    if not keyed:
        return f"kunci publik {_list(person.name for person in holders)} belum terdaftar"
    return ", ".join(_obstacle(office, person, role, case) for person in keyed)


def _absences(office: Office, role: str, day: date) -> Iterator[str]:
    """Who held the role last, and who will."""
    ended = [(end, words) for end, words in _ends(office, role) if end < day]
    if ended:
        yield max(ended)[1]
    for person in office.people.values():
        if role in person.roles and person.since is not None and person.since > day:
            yield f"{person.name} mulai bertugas {_date(person.since)}"


def _ends(office: Office, role: str) -> Iterator[tuple[date, str]]:
    for person in office.people.values():
        if role in person.roles and person.until is not None:
            yield person.until, f"{person.name} bertugas sampai {_date(person.until)}"
        for period in person.acting:
            end = min(period.end, person.until or date.max)
            if period.role == role:
                yield end, f"masa {period.as_} {person.name} berakhir {_date(end)}"


def _obstacle(office: Office, person: Person, role: str, case: Case) -> str:
    """What keeps a holder of the role from deciding."""
    if person.id in case.authors:
        return f"{person.name} penulis naskahnya"
    if person.id in case.voted:
        return f"{person.name} sudah menyetujui"
    others = sorted((roles_of(seats(office, case)) - {role}).intersection(person.roles_on(case.day)))
    if others:
        return f"{person.name} juga diperlukan sebagai {_list(map(office.role_label, others))}"
    return f"{person.name} diperlukan di tempat lain"


# -- showing --


def describe(found: Iterable[Shortage], office: Office, today: date) -> Iterator[str]:
    """The shortages as lines to print, one sentence each."""
    for one in found:
        when = _when(one, today)
        yield (_nobody if one.kind is Kind.NOBODY else _on_paper)(one, office, when) + _in_time(one, today)


def advice(found: Iterable[Shortage], office: Office) -> str:
    """The shortages of one document now, as one text; empty if there are none."""
    return " ".join(_capital(_nobody(one, office, "")) for one in found)


def _nobody(one: Shortage, office: Office, when: str) -> str:
    what = " perubahan aturan" if one.policy else ""
    label = office.role_label(one.role)
    start = f"{when} tidak ada yang dapat menyetujui{what} sebagai {label}{_scope(one, office)}".strip()
    return f"{start}: {_do(one, office)}. Sebabnya: {one.cause}."


def _on_paper(one: Shortage, office: Office, when: str) -> str:
    names = _list((_titled(office, person, one) for person in one.paper), "atau")
    return (
        f"{when} keputusan sebagai {office.role_label(one.role)}{_scope(one, office)} hanya dapat diambil di atas kertas, "
        f"oleh {names}, karena kuncinya belum terdaftar."
    )


def _in_time(one: Shortage, today: date) -> str:
    """An appointment is itself a change of policy: it has to come while that can still be approved."""
    if not one.policy or one.start <= today:
        return ""
    return " Ubahlah office/people.yml sebelum hari itu, selagi perubahan aturan masih dapat disetujui."


def _scope(one: Shortage, office: Office) -> str:
    authors = (
        f" untuk naskah yang ditulis {_list((_name(office, a) for a in one.authors), 'atau')}" if one.authors else ""
    )
    return authors + (f" (SOP {_list(one.procedures)})" if one.procedures else "")


def _do(one: Shortage, office: Office) -> str:
    """What to do: register a key, or appoint somebody; with a letter for Plh where the role is held, for either where not."""
    held = any(one.role in person.roles_on(one.start) for person in office.people.values())
    appoint, remedy = "tunjuk Plh" if held else "tunjuk Plh atau Plt", one.remedy
    ways = [f"daftarkan kunci publik {_names(office, remedy.keys)}"] if remedy.keys else []
    if remedy.people:
        ways.append(f"{appoint}, misalnya {_names(office, remedy.people)}")
    elif not ways and remedy.unkeyed:
        ways.append(f"{appoint}, misalnya {_names(office, remedy.unkeyed)}, dan daftarkan kunci publiknya lebih dahulu")
    elif not ways:
        ways.append(f"{appoint}; orangnya perlu didaftarkan dahulu beserta kunci publiknya di office/people.yml")
    return ", atau ".join(ways)


def _when(one: Shortage, today: date) -> str:
    if one.end is None:
        return "Mulai hari ini" if one.start == today else f"Mulai {_day(one.start)}"
    if one.end == one.start:
        return "Hari ini" if one.start == today else f"Pada {_day(one.start)}"
    return f"{'Mulai hari ini' if one.start == today else f'Mulai {_day(one.start)}'} sampai {_day(one.end)}"


def _day(day: date) -> str:
    return f"{DAYS[day.weekday()].capitalize()}, {_date(day)}"


def _date(day: date) -> str:
    from pipeline.site import dates

    return dates.day(day)


def _name(office: Office, person: str) -> str:
    return office.people[person].name if person in office.people else person


def _names(office: Office, people: Sequence[str]) -> str:
    return _list((_name(office, person) for person in people[:_NAMED]), "atau")


def _titled(office: Office, person: str, one: Shortage) -> str:
    """A person with the role in which a decision on paper is allowed."""
    roles = [r for r in office.people[person].roles_on(one.start) if r in office.authority.paper]
    return f"{_name(office, person)} selaku {_list(map(office.role_label, roles))}"


def _list(words: Iterable[str], last: str = "dan") -> str:
    *first, final = words
    if not first:
        return final
    return f"{', '.join(first)}{',' if len(first) > 1 else ''} {last} {final}"


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def as_json(found: Iterable[Shortage], office: Office, today: date) -> list[dict[str, Any]]:
    """The shortages for machines, each with its sentence."""
    return [
        {
            "kind": one.kind.value,
            "matter": "policy" if one.policy else "documents",
            "role": one.role,
            "authors": list(one.authors),
            "procedures": list(one.procedures),
            "from": one.start.isoformat(),
            "until": one.end.isoformat() if one.end else None,
            "register_keys": list(one.remedy.keys),
            "appoint": list(one.remedy.people),
            "appoint_with_new_key": list(one.remedy.unkeyed),
            "on_paper": list(one.paper),
            "sentence": sentence,
        }
        for one in found
        for sentence in describe([one], office, today)
    ]
