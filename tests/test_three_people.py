"""An office of exactly three people never meets a dead end: every way that three people can take is walked to its end.

A document's way is a graph: its states are what the verdict tells (bytes apart), its edges are the acts of Admin, Redaktur
and Kasubag, who hold keys, and the sheets of those above them, who hold none. The graph is finite and searched whole.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
import ways
from ways import NOON, Way

from pipeline.errors import Refused
from pipeline.judgement import Ruling, Standing
from pipeline.model import Shelf
from pipeline.office import Office, load_office
from pipeline.stages import draft
from pipeline.succession import gaps, way_on

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
    from pathlib import Path

A, R, K = "admin", "redaktur", "kasubag-ptip"
BOSSES = ways.BOSSES
THREE = frozenset({A, R, K})


@pytest.fixture(scope="module")
def full(office_files: Mapping[str, bytes], keys: Path) -> Office:
    return ways.full_office(load_office(office_files), keys)


# -- the graph --


@dataclass(frozen=True, kw_only=True)
class State:
    """A way to get there, the verdict over it, and whether a correction waits for its author's word."""

    way: Way
    standing: Standing
    corrected: bool = False

    @property
    def key(self) -> Hashable:
        """What decides how it can go on: everything that the verdict tells, except which bytes they are."""
        held, entered = self.standing, self.standing.entered
        return (
            held.shelf,
            held.position,
            held.authors,
            self.corrected,
            tuple((d.person, d.role, d.stands_for) for d in held.approvals),
            tuple(d.person for d in held.agreements),
            entered and (entered.person, entered.role, entered.ruling, entered.paper and entered.paper.entered_by),
        )


def begun(office: Office) -> State:
    """A document that nobody has written yet."""
    return State(way=Way(office=office), standing=Way(office=office).standing())


def steps(at: State) -> Iterator[tuple[str, str, Way]]:
    """Every act that a person with a key can try now: its name, the person, and the way after it."""
    office, way = at.way.office, at.way
    for name in (p.id for p in office.people.values() if p.keys and not p.machine):
        if at.standing.shelf is not Shelf.REVIEW:
            yield "write", name, way.edited(name, Shelf.DRAFTS)
            if at.standing.shelf is Shelf.DRAFTS:
                yield "submit", name, way.renamed(name, Shelf.REVIEW)
            continue
        yield "correct", name, way.edited(name, Shelf.REVIEW)
        yield "take back", name, way.renamed(name, Shelf.DRAFTS)
        yield "retract", name, way.decided(name, Ruling.RETRACTED)
        for role in office.people[name].roles_on(office.day(way.start)):
            yield "approve", name, way.decided(name, Ruling.APPROVED, Peran=role)
            yield "return", name, way.decided(name, Ruling.RETURNED, Peran=role).renamed(name, Shelf.DRAFTS)
        for boss, ruling in product(BOSSES, (Ruling.APPROVED, Ruling.RETURNED)):
            day = office.day(way.start).isoformat()
            yield "enter", name, way.entered(name, boss, ruling, Tanggal=day)
        confirmed = way.decided(name, Ruling.CONFIRMED, Kertas=ways.SCAN)
        entered = at.standing.entered
        returned = entered is not None and entered.ruling is Ruling.RETURNED
        yield "confirm", name, confirmed.renamed(name, Shelf.DRAFTS) if returned else confirmed


@dataclass(frozen=True, kw_only=True)
class Edge:
    """One act of one person that the judgement lets pass, whatever program it was done with."""

    act: str
    name: str
    before: State
    after: State

    @property
    def offered(self) -> bool:
        """Whether our own program does it too: it keeps from writing whoever is needed to decide."""
        mine = self.act != "take back" or self.name in self.before.standing.authors
        return mine and not _kept_from_writing(self.before, self.name, self.after)


def edges(at: State) -> Iterator[Edge]:
    for act, name, way in steps(at):
        standing = way.standing()
        if not standing.refusals:
            corrects = act == "correct" and name not in standing.authors
            settles = act == "submit" and name in standing.authors
            then = State(way=way, standing=standing, corrected=(at.corrected or corrects) and not settles)
            yield Edge(act=act, name=name, before=at, after=then)


def _kept_from_writing(before: State, name: str, then: State) -> bool:
    office = then.way.office
    session, actor = SimpleNamespace(office=office), SimpleNamespace(person=office.people[name])
    opened = (SimpleNamespace(standing=s.standing, procedure=office.procedures["B"]) for s in (before, then))
    try:
        draft.require_way_on(session, actor, *opened)  # type: ignore[arg-type] -- it asks these for nothing else
    except Refused as refusal:
        assert refusal.code == "no-decider-left"  # noqa: PT017 -- any other refusal would be a mistake of this test
        return True
    return False


@dataclass(repr=False)
class Graph:
    """All states that can be reached from some, and which of them can come to an approval."""

    states: dict[Hashable, State] = field(default_factory=dict)
    onward: dict[Hashable, tuple[Edge, ...]] = field(default_factory=dict)

    @property
    def open(self) -> set[Hashable]:
        """States from which the document can still be approved."""
        back: dict[Hashable, set[Hashable]] = {}
        for key, found in self.onward.items():
            for edge in found:
                back.setdefault(edge.after.key, set()).add(key)
        alive = {key for key, state in self.states.items() if state.standing.approved}
        queue = deque(alive)
        while queue:
            for key in back.get(queue.popleft(), set()) - alive:
                alive.add(key)
                queue.append(key)
        return alive

    def dead_ends(self) -> list[State]:
        """States from which it can't."""
        alive = self.open
        return [state for key, state in self.states.items() if key not in alive]

    def offered(self) -> Graph:
        """What is left of it for whoever uses our own program."""
        start = next(iter(self.states.values()))
        return _searched([start], lambda at: (edge for edge in self.onward[at.key] if edge.offered))


def explored(*starts: State) -> Graph:
    return _searched(starts, edges)


def _searched(starts: Iterable[State], moves: Callable[[State], Iterable[Edge]]) -> Graph:
    graph = Graph(states={start.key: start for start in starts})
    queue = deque(graph.states.values())
    while queue:
        at = queue.popleft()
        graph.onward[at.key] = tuple(moves(at))
        for edge in graph.onward[at.key]:
            if edge.after.key not in graph.states:
                graph.states[edge.after.key] = edge.after
                queue.append(edge.after)
    return graph


def has_gap(state: State) -> bool:
    """Whether ``status`` reports that a decision of this document can be taken by nobody."""
    office, standing = state.way.office, state.standing
    voted = [held.person for held in standing.approvals]
    return bool(gaps(way_on(office, office.procedures["B"], office.day(NOON), standing.authors, voted)))


def authors(states: Iterable[State]) -> set[frozenset[str]]:
    return {state.standing.authors for state in states}


@pytest.fixture(scope="module")
def offices(full: Office) -> Mapping[str, Office]:
    three = ways.three_people(full, *BOSSES)
    return {
        "three": three,
        "three who ask the author": ways.asking_the_author(three),
        "three alone": ways.three_people(full),
        "two": ways.two_people(full, *BOSSES),
        "two alone": ways.two_people(full),
    }


@pytest.fixture(scope="module")
def graphs(offices: Mapping[str, Office]) -> Mapping[str, Graph]:
    return {name: explored(begun(office)) for name, office in offices.items()}


# -- three people, and those above them on paper --


def test_the_whole_graph_is_walked(graphs: Mapping[str, Graph]) -> None:
    every = {frozenset(names) for names in ((), (A,), (R,), (K,), (A, R), (A, K), (R, K), (A, R, K))}
    for name in ("three", "three who ask the author", "three alone"):
        assert authors(graphs[name].states.values()) == every
    assert len(graphs["three"].states) > 150
    asked = graphs["three who ask the author"].states.values()
    assert any(state.standing.agreements for state in asked)
    assert any(state.standing.entered for state in asked)


@pytest.mark.parametrize("name", ["three alone", "two"])
def test_two_ways_to_one_state_go_on_alike(name: str, graphs: Mapping[str, Graph]) -> None:
    """Otherwise a state would hide another one, and the search would be no proof."""
    onward = {key: {edge.after.key for edge in found} for key, found in graphs[name].onward.items()}
    for edge in (edge for found in graphs[name].onward.values() for edge in found):
        assert {later.after.key for later in edges(edge.after)} == onward[edge.after.key]


@pytest.mark.parametrize("name", ["three", "three who ask the author"])
def test_three_people_can_always_come_to_an_approval_unless_all_of_them_wrote(
    name: str, graphs: Mapping[str, Graph]
) -> None:
    """Where all three wrote, Sekretaris and Ketua could still sign: nobody is left who may compare the sheet."""
    graph = graphs[name]
    assert authors(graph.dead_ends()) == {THREE}
    alive = graph.open
    assert THREE not in authors(graph.states[key] for key in alive)


def test_every_approval_is_by_two_people_who_did_not_write_in_the_order_of_the_procedure(
    graphs: Mapping[str, Graph],
) -> None:
    for graph in graphs.values():
        for standing in (s.standing for s in graph.states.values() if s.standing.approved):
            assert [held.stands_for or held.role for held in standing.approvals] == [R, K]
            people = {held.person for held in standing.approvals}
            assert len(people) == 2
            assert not people & standing.authors
            assert {held.tree for held in standing.approvals} == {standing.tree}


def test_a_sheet_counts_only_after_two_people_with_a_key_handled_it(graphs: Mapping[str, Graph]) -> None:
    for graph in graphs.values():
        for state in graph.states.values():
            for paper in (held.paper for held in state.standing.approvals if held.paper):
                assert len({paper.official, paper.entered_by, paper.confirmed_by}) == 3
                assert paper.confirmed_by not in state.standing.authors


def test_where_all_three_wrote_a_clean_restart_by_any_of_them_opens_a_way(graphs: Mapping[str, Graph]) -> None:
    """``restart`` and ``clean`` make whoever begins anew the only author."""
    graph = graphs["three"]
    alive = graph.open
    for name in THREE:
        anew = begun(graph.dead_ends()[0].way.office)
        restarted = next(edge.after for edge in edges(anew) if edge.name == name)
        assert restarted.standing.authors == {name}
        assert restarted.key in alive


@pytest.mark.parametrize("name", ["three", "three who ask the author", "two"])
def test_a_document_that_nobody_can_decide_is_reported(name: str, graphs: Mapping[str, Graph]) -> None:
    assert {has_gap(state) for state in graphs[name].dead_ends()} == {True}


@pytest.mark.parametrize("name", ["three", "three who ask the author", "two"])
def test_our_program_never_leads_into_a_dead_end(name: str, graphs: Mapping[str, Graph]) -> None:
    assert authors(graphs[name].offered().dead_ends()) == set()


# -- exactly three people, nobody above them --


def test_without_anybody_above_a_document_stands_still_exactly_where_a_gap_is_reported(
    graphs: Mapping[str, Graph],
) -> None:
    """Whoever decides must not write: as soon as Redaktur or Kasubag is an author, one seat is empty."""
    graph = graphs["three alone"]
    dead = graph.dead_ends()
    assert authors(dead) == {names for names in authors(graph.states.values()) if names & {R, K}}
    assert {state.key for state in graph.states.values() if has_gap(state)} == {state.key for state in dead}


def test_our_program_keeps_redaktur_and_kasubag_from_writing_where_nobody_is_above_them(
    graphs: Mapping[str, Graph],
) -> None:
    graph = graphs["three alone"].offered()
    assert authors(graph.states.values()) == {frozenset(), frozenset({A})}
    assert authors(graph.dead_ends()) == set()


def test_a_plh_from_among_the_three_closes_every_gap_unless_fewer_than_two_did_not_write(
    graphs: Mapping[str, Graph],
) -> None:
    dead = graphs["three alone"].dead_ends()
    rescued = {key for office in _appointments(dead[0].way.office) for key in _alive_in(office, dead)}
    for state in dead:
        assert (state.key in rescued) == (len(THREE - state.standing.authors) >= 2), state.standing.authors
    lost = authors(state for state in dead if state.key not in rescued)
    assert lost == {frozenset({A, R}), frozenset({A, K}), frozenset({R, K}), THREE}


def _appointments(office: Office) -> Iterator[Office]:
    """The office from the next day on with one of the three as Plh in a role of another."""
    tomorrow = office.day(NOON + timedelta(days=1))
    for name, role in product(sorted(THREE), (R, K)):
        plh = ways.appointed(office.people[name], role, tomorrow)
        yield replace(office, people={**office.people, name: plh})


def _alive_in(office: Office, dead: Iterable[State]) -> Iterator[Hashable]:
    """Which of these states can come to an approval in ``office`` on the next day."""
    starts = {state.key: _next_day(state, office) for state in dead}
    graph = explored(*starts.values())
    alive = graph.open
    yield from (key for key, start in starts.items() if start.key in alive)


def _next_day(state: State, office: Office) -> State:
    way = replace(state.way, office=office, start=NOON + timedelta(days=1))
    return replace(state, way=way, standing=way.standing())


# -- two people --


def test_two_people_with_those_above_on_paper_come_to_an_approval_unless_both_wrote(
    graphs: Mapping[str, Graph],
) -> None:
    assert authors(graphs["two"].dead_ends()) == {frozenset({A, K})}


def test_two_people_alone_are_told_before_anybody_writes(offices: Mapping[str, Office]) -> None:
    office = offices["two alone"]
    nothing_yet = begun(office)
    assert has_gap(nothing_yet)
    assert all(has_gap(state) for state in explored(nothing_yet).states.values())
    way = way_on(office, office.procedures["B"], office.day(NOON), (), ())
    assert [seat.position.role for seat in gaps(way)] == [K]


def test_a_third_person_as_plh_closes_the_gap_of_two(full: Office, offices: Mapping[str, Office]) -> None:
    office = offices["two alone"]
    plh = ways.appointed(replace(full.people["plh"], acting=()), R, office.day(NOON))
    helped = replace(office, people={**office.people, "plh": plh})
    graph = explored(begun(helped))
    assert authors(graph.states[key] for key in graph.open) >= {frozenset({A})}
    assert not has_gap(begun(helped))
