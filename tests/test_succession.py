"""Who can still decide: distinct people for every open position, superiors where holders are barred, gaps told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.office import Office, load_office
from pipeline.people import Acting
from pipeline.succession import Seat, deciding, gaps, way_on

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

DAY = date(2026, 11, 23)
REDAKTUR, KASUBAG, SEKRETARIS = "redaktur", "kasubag-ptip", "sekretaris"


@pytest.fixture(scope="module")
def office(office_files: Mapping[str, bytes]) -> Office:
    return load_office(office_files)


def only(office: Office, **held: tuple[str, ...]) -> Office:
    """The office with only these people (ids with _ for -), each in exactly these roles."""
    roles = {name.replace("_", "-"): own for name, own in held.items()}
    return replace(office, people={name: replace(office.people[name], roles=own) for name, own in roles.items()})


def seats(office: Office, authors: Collection[str] = (), voted: Sequence[str] = (), day: date = DAY) -> list[str]:
    """Each open position as ``role: first choice (role held)``."""
    return [shown(seat) for seat in way_on(office, office.procedures["B"], day, authors, voted)]


def shown(seat: Seat) -> str:
    people = seat.deputies.people
    return f"{seat.position.role}: {people[0].id} ({seat.deputies.role})" if people else f"{seat.position.role}: -"


def test_in_a_full_office_each_position_falls_to_its_own_role(office: Office) -> None:
    assert seats(office, authors=["admin"]) == [
        "redaktur: redaktur (redaktur)",
        "kasubag-ptip: kasubag-ptip (kasubag-ptip)",
    ]


def test_a_position_that_was_decided_is_no_longer_open(office: Office) -> None:
    assert seats(office, ["admin"], [REDAKTUR]) == ["kasubag-ptip: kasubag-ptip (kasubag-ptip)"]
    assert seats(office, ["admin"], [REDAKTUR, KASUBAG]) == []


def test_a_redaktur_who_wrote_leaves_the_seat_to_the_next_superior_and_so_on(office: Office) -> None:
    assert seats(office, [REDAKTUR]) == [
        "redaktur: kasubag-ptip (kasubag-ptip)",
        "kasubag-ptip: sekretaris (sekretaris)",
    ]


def test_in_an_office_of_three_a_redaktur_who_writes_leaves_a_gap(office: Office) -> None:
    three = only(office, admin=("admin",), redaktur=(REDAKTUR,), kasubag_ptip=(KASUBAG,))
    assert seats(three, ["admin"]) == ["redaktur: redaktur (redaktur)", "kasubag-ptip: kasubag-ptip (kasubag-ptip)"]
    assert seats(three, [REDAKTUR]) == ["redaktur: kasubag-ptip (kasubag-ptip)", "kasubag-ptip: -"]
    way = way_on(three, three.procedures["B"], DAY, [REDAKTUR], [])
    assert [seat.position.role for seat in gaps(way)] == [KASUBAG]


def test_one_person_in_two_roles_takes_only_one_seat(office: Office) -> None:
    double = only(office, redaktur=(REDAKTUR, KASUBAG), sekretaris=(SEKRETARIS,))
    assert seats(double, ["admin"]) == ["redaktur: redaktur (redaktur)", "kasubag-ptip: sekretaris (sekretaris)"]
    alone = only(office, redaktur=(REDAKTUR, KASUBAG))
    assert seats(alone, ["admin"]) == ["redaktur: redaktur (redaktur)", "kasubag-ptip: -"]


def test_the_first_seat_is_given_to_whoever_is_not_needed_for_the_second(office: Office) -> None:
    """Greedy alone would seat the Kasubag first and find nobody for the second seat."""
    both = only(office, kasubag_ptip=(KASUBAG, REDAKTUR), redaktur=(REDAKTUR,))
    assert seats(both, ["admin"]) == ["redaktur: redaktur (redaktur)", "kasubag-ptip: kasubag-ptip (kasubag-ptip)"]
    first = way_on(both, both.procedures["B"], DAY, ["admin"], [])[0]
    assert [person.id for person in first.deputies.people] == [REDAKTUR, KASUBAG]


def test_a_role_that_nobody_holds_goes_to_no_superior(office: Office) -> None:
    vacant = only(office, kasubag_ptip=(KASUBAG,), sekretaris=(SEKRETARIS,))
    assert seats(vacant, ["admin"]) == ["redaktur: -", "kasubag-ptip: kasubag-ptip (kasubag-ptip)"]


def test_an_acting_official_fills_a_seat_from_the_first_to_the_last_day(office: Office) -> None:
    acting = Acting(role=REDAKTUR, start=DAY, end=DAY, letter="1/2026", as_="Plh")
    people = only(office, admin=("admin",), kasubag_ptip=(KASUBAG,)).people
    with_plh = replace(office, people={**people, "admin": replace(people["admin"], acting=(acting,))})
    assert seats(with_plh, ["sekretaris"])[0] == "redaktur: admin (redaktur)"
    assert seats(with_plh, ["sekretaris"], day=date(2026, 11, 24))[0] == "redaktur: -"


def test_every_procedure_names_its_deciding_chain(office: Office) -> None:
    assert [p.role for p in deciding(office.procedures["B"])] == [REDAKTUR, KASUBAG]
    assert all(list(deciding(procedure)) for procedure in office.procedures.values())


ROLES = st.lists(st.sampled_from([REDAKTUR, KASUBAG, SEKRETARIS, "ketua"]), unique=True, max_size=3)
PEOPLE = st.dictionaries(st.sampled_from(["admin", REDAKTUR, KASUBAG, SEKRETARIS, "ketua"]), ROLES, max_size=5)


@given(held=PEOPLE, authors=st.sets(st.sampled_from(["admin", REDAKTUR, KASUBAG]), max_size=2))
def test_whenever_any_order_of_people_would_do_a_way_is_found(
    office: Office, held: Mapping[str, list[str]], authors: set[str]
) -> None:
    small = replace(office, people={name: replace(office.people[name], roles=tuple(own)) for name, own in held.items()})
    procedure = small.procedures["B"]
    way = way_on(small, procedure, DAY, authors, [])
    chosen = [seat.deputies.people[0].id for seat in way if seat.deputies.people]
    assert len(set(chosen)) == len(chosen)
    assert not set(chosen) & authors
    assert bool(gaps(way)) == (not any(fits(small, line, authors) for line in permutations(held, len(way))))


def fits(office: Office, line: Sequence[str], authors: set[str]) -> bool:
    """Whether these people, one after another, could take the seats of procedure B as ``deputies`` says."""
    barred = set(authors)
    for position, name in zip(deciding(office.procedures["B"]), line, strict=True):
        if name not in {person.id for person in office.deputies(position.role, DAY, barred).people}:
            return False
        barred.add(name)
    return True
