"""A change of policy counts when the quorum signed exactly it: the table in docs/keputusan.md, and what the table can't say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import permutations
from typing import TYPE_CHECKING

import pytest
import ways
from hypothesis import given, settings
from hypothesis import strategies as st
from ways import NOON

from pipeline.judgement import Ruling
from pipeline.office import Office, load_office
from pipeline.quorum import PolicyHistory, PolicyStanding, judge_policy, missing, policy_objection_at

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.judgement import Refusal

NAME = "kasubag-baru"
CASES = list(ways.rows("Perubahan aturan"))
SIGNED = "admin mengusulkan-aturan; pranata setuju; kasubag setuju"


@pytest.fixture(scope="module")
def office(office_files: Mapping[str, bytes], keys: Path) -> Office:
    """The full office, and somebody who is Pranata Komputer and Kasubag at once."""
    full = ways.full_office(load_office(office_files), keys)
    both = ways.someone(keys, "rangkap", roles=("pranata-komputer", "kasubag-ptip"))
    return replace(full, people={**full.people, both.id: both})


@dataclass(frozen=True, kw_only=True)
class Proposal(ways.Way):
    """Tells the way of a proposal; ``tree`` is everything but documents."""

    def history(self) -> PolicyHistory:
        """The facts as ``quorum`` gets them."""
        return PolicyHistory(name=NAME, base="b" * 40, current="b" * 40, tree=str(self.tree), changes=self.changes)

    def standing(self) -> PolicyStanding:
        """The verdict."""
        return judge_policy(self.history(), self.office)

    def proposed(self, person: str, *paths: str, **more: object) -> Proposal:
        """New bytes at these paths."""
        after = self.added(person, trailers={"Kebijakan": NAME}, strays=paths, **more)
        return replace(after, tree=f"{len(self.changes) + 1:040x}")

    def decided(self, person: str, ruling: str, **changes: str) -> Proposal:
        """A decision over the proposal as it stands, in the person's own role."""
        known = self.office.people.get(person)
        trailers = {"Kebijakan": NAME, "Sidik": str(self.tree), "Keputusan": ruling}
        own = {"Peran": known.roles[0]} if known and known.roles else {}
        return self.added(person, trailers=trailers | own | changes)

    # -- the words of the table --

    def _mengusulkan_aturan(self, person: str) -> Proposal:
        return self.proposed(person, "office/people.yml")

    def _mengusulkan_jam(self, person: str) -> Proposal:
        return self.proposed(person, "office/hours.yml")

    def _mengusulkan_program(self, person: str) -> Proposal:
        return self.proposed(person, "pipeline/judgement.py", "requirements.lock")

    def _menyelipkan_naskah(self, person: str) -> Proposal:
        return self.proposed(person, "office/people.yml", "content/layanan/biaya/index.md")

    def _menyelipkan_konsep(self, person: str) -> Proposal:
        return self.proposed(person, "drafts/berita/2026/baru/index.md")

    def _menyelipkan_catatan(self, person: str) -> Proposal:
        return self.proposed(person, "records/terbit/2026/11/a.json")

    def _menyelipkan_symlink(self, person: str) -> Proposal:
        return self.proposed(person, "office/people.yml", forbidden=("office/people.yml",))

    def _setuju_usulan_lain(self, person: str) -> Proposal:
        return self.decided(person, Ruling.APPROVED, Kebijakan="usulan-lain")

    def _setuju_bertanggal_mundur(self, person: str) -> Proposal:
        return self.decided(person, Ruling.APPROVED).again(time=self.start - timedelta(days=1))

    def _menolak(self, person: str) -> Proposal:
        return self.decided(person, Ruling.RETURNED)


def outcome(standing: PolicyStanding) -> str:
    if standing.refusals:
        return standing.refusals[0].code
    return "berlaku" if standing.approved else f"menunggu {', '.join(standing.missing)}"


def told(office: Office, way: str = SIGNED) -> Proposal:
    return Proposal(office=office).tell(way)  # type: ignore[return-value] -- every word of a proposal gives one


def is_spoken(refusal: Refusal) -> None:
    assert ways.is_sentence(refusal.message)
    assert ways.is_sentence(refusal.hint)


@pytest.mark.parametrize(("case", "way", "expected"), [row[1:] for row in CASES], ids=[row[1] for row in CASES])
def test_the_table_of_policy_changes_in_the_documentation_holds(
    case: str, way: str, expected: str, office: Office
) -> None:
    assert outcome(told(office, way).standing()) == expected, case


def test_the_table_is_not_empty() -> None:
    assert len(CASES) > 40


def test_every_refusal_has_a_sentence_and_names_the_change(office: Office) -> None:
    for _, _, way, _ in CASES:
        proposal = told(office, way)
        for refusal in proposal.standing().refusals:
            is_spoken(refusal)
            assert refusal.commit in {"" if refusal.code == "empty-policy" else proposal.changes[-1].commit, "c0"}


def test_the_standing_tells_what_changes_who_proposed_it_and_who_signed(office: Office) -> None:
    proposal = told(office, "admin mengusulkan-jam; redaktur mengusulkan-program; admin mengusulkan-jam; plh diam")
    standing = replace(proposal, changes=proposal.changes[:-1]).standing()
    assert standing.paths == ("office/hours.yml", "pipeline/judgement.py", "requirements.lock")
    assert standing.authors == ("admin", "redaktur")
    assert not standing.everyday
    assert told(office, "admin mengusulkan-jam").standing().everyday
    assert Proposal(office=office).proposed("admin", *office.authority.everyday).standing().everyday


def test_a_signature_names_the_role_the_tree_and_whether_somebody_acts(office: Office) -> None:
    proposal = told(office, "admin mengusulkan-aturan; plh setuju-sebagai-redaktur; kasubag setuju")
    acting, own = proposal.standing().approvals
    assert (acting.person, acting.role, acting.acting, acting.ruling) == ("plh", "redaktur", "Plh", Ruling.APPROVED)
    assert (own.acting, own.tree, own.commit, own.step, own.started) == ("", proposal.tree, "c2", "", "")
    assert own.time == proposal.changes[-1].time


def test_policy_that_changed_in_the_office_meanwhile_is_asked_for_again(office: Office) -> None:
    standing = judge_policy(replace(told(office).history(), current="c" * 40), office)
    assert [refusal.code for refusal in standing.refusals] == ["stale-policy"]
    assert not standing.approved
    is_spoken(standing.refusals[0])


def test_a_proposal_that_changes_nothing_is_no_everyday_matter(office: Office) -> None:
    standing = told(office, "pranata setuju").standing()
    assert standing.paths == ()
    assert not standing.everyday


def test_of_many_wrong_paths_three_are_named(office: Office) -> None:
    names = tuple(f"content/{name}" for name in "abcd")
    inside = Proposal(office=office).proposed("admin", "office/site.yml", *names)
    assert inside.standing().refusals[0].message.endswith("content/a, content/b, content/c.")
    forbidden = Proposal(office=office).proposed("admin", "office/site.yml", forbidden=names)
    assert forbidden.standing().refusals[0].message.endswith("content/a, content/b, content/c.")


def test_a_proposal_older_than_the_main_that_it_started_from_is_backdated(office: Office) -> None:
    history = told(office).history()
    for minutes, expected in ((-1, []), (0, []), (1, ["backdated"])):
        since = history.changes[0].time + timedelta(minutes=minutes)
        found = judge_policy(replace(history, since=since), office).refusals
        assert [refusal.code for refusal in found][:1] == expected


def test_several_signatures_may_fall_into_one_second(office: Office) -> None:
    proposal = told(office)
    at_once = replace(proposal, changes=tuple(replace(change, time=NOON) for change in proposal.changes))
    assert at_once.standing().approved


def test_a_change_that_was_refused_counts_for_nothing(office: Office) -> None:
    """Neither its paths nor its author nor the time before it are forgotten: the proposal stays refused."""
    standing = told(office, f"luar mengusulkan-jam; {SIGNED}").standing()
    assert [refusal.code for refusal in standing.refusals] == ["unknown-key"]
    assert standing.paths == ("office/people.yml",)
    assert standing.missing == ()
    assert not standing.approved


def test_a_signature_over_an_earlier_text_is_no_forgery_only_void(office: Office) -> None:
    proposal = told(office, "admin mengusulkan-aturan; kasubag setuju; admin mengusulkan-aturan; pranata setuju")
    assert proposal.standing().refusals == ()
    assert proposal.standing().missing == ("kasubag-ptip",)
    late = proposal.decided("kasubag-ptip", Ruling.APPROVED, Sidik=f"{1:040x}")
    assert [refusal.code for refusal in late.standing().refusals] == ["other-tree"]


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, None), (4, None), (5, "role-ended"), (-1, "decided-later")],
    ids=["in time", "the last day", "Plh ended", "before"],
)
def test_signatures_are_judged_again_when_the_change_comes_into_force(
    office: Office, days: int, code: str | None
) -> None:
    proposal = told(office, "admin mengusulkan-jam; pranata setuju; plh setuju-sebagai-redaktur")
    found = policy_objection_at(proposal.standing(), office, proposal.changes[-1].time + timedelta(days=days))
    assert (found.code if found else None) == code
    if found:
        is_spoken(found)


def test_whoever_left_the_office_carries_no_change(office: Office) -> None:
    standing = told(office).standing()
    without = replace(office, people={name: p for name, p in office.people.items() if name != "kasubag-ptip"})
    found = policy_objection_at(standing, without, NOON + timedelta(hours=1))
    assert found is not None
    assert found.code == "role-ended"


def test_a_plh_fills_the_seat_on_his_days(office: Office) -> None:
    people = {**office.people, "plh": ways.appointed(office.people["plh"], "kasubag-ptip", date(2026, 11, 23), days=0)}
    way = "admin mengusulkan-aturan; pranata setuju; plh setuju-sebagai-kasubag"
    assert told(replace(office, people=people), way).standing().approved


SIGNERS = ("admin", "redaktur", "pranata-komputer", "kasubag-ptip", "sekretaris", "ketua", "rangkap")


@settings(deadline=None)
@given(signers=st.lists(st.sampled_from(SIGNERS), unique=True))
def test_the_quorum_is_complete_exactly_when_distinct_people_can_take_every_seat(
    office: Office, signers: list[str]
) -> None:
    proposal = told(office, "admin mengusulkan-aturan")
    for signer in signers:
        proposal = proposal.decided(signer, Ruling.APPROVED)
    seats = office.authority.policy
    standing = proposal.standing()
    roles = {held.person: held.role for held in standing.approvals}
    lines = permutations(roles, len(seats))
    takes = any(
        all(roles[p] in office.chain_above(seat) for p, seat in zip(line, seats, strict=True)) for line in lines
    )
    assert standing.approved == takes
    assert set(standing.missing) <= set(seats)


@settings(deadline=None)
@given(signers=st.lists(st.sampled_from(SIGNERS), unique=True), everyday=st.booleans())
def test_another_signature_never_makes_more_missing(office: Office, signers: list[str], *, everyday: bool) -> None:
    proposal = told(office, "admin mengusulkan-aturan")
    for signer in signers:
        proposal = proposal.decided(signer, Ruling.APPROVED)
    roles = [held.role for held in proposal.standing().approvals]
    counts = [len(missing(roles[:n], office, everyday=everyday)) for n in range(len(roles) + 1)]
    assert counts[0] == (1 if everyday else 2)
    assert counts == sorted(counts, reverse=True)
