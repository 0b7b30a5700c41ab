"""The table of cases in docs/keputusan.md, run row by row, and what the table can't say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import ways
from ways import NOON, Way

from pipeline.judgement import Standing, judge, objection_at
from pipeline.model import Shelf
from pipeline.office import Office, load_office

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FULL, THREE, TWO, ASKING = (
    "Kantor lengkap",
    "Kantor tiga orang",
    "Kantor dua orang",
    "Koreksi perlu persetujuan penulis",
)
CASES = list(ways.rows(FULL, THREE, TWO, ASKING))


@pytest.fixture(scope="module")
def offices(office_files: Mapping[str, bytes], keys: Path) -> Mapping[str, Office]:
    """The office of each section of the table; in the small ones those above have no key and decide on paper."""
    full = ways.full_office(load_office(office_files), keys)
    return {
        FULL: full,
        THREE: ways.three_people(full, *ways.BOSSES),
        TWO: ways.two_people(full, *ways.BOSSES),
        ASKING: ways.asking_the_author(full),
    }


@pytest.fixture(scope="module")
def office(offices: Mapping[str, Office]) -> Office:
    return offices[FULL]


def outcome(standing: Standing) -> str:
    if standing.refusals:
        return standing.refusals[0].code
    return "disetujui" if standing.approved else f"menunggu {standing.position.role}"


@pytest.mark.parametrize(("section", "case", "way", "expected"), CASES, ids=[case[1] for case in CASES])
def test_the_table_of_cases_in_the_documentation_holds(
    section: str, case: str, way: str, expected: str, offices: Mapping[str, Office]
) -> None:
    assert outcome(Way(office=offices[section]).tell(way).standing()) == expected, case


def test_the_table_is_not_empty() -> None:
    assert len(CASES) > 80
    assert {case[0] for case in CASES} == {FULL, THREE, TWO, ASKING}


def test_an_approval_names_the_acting_official(office: Office) -> None:
    told = Way(office=office).tell("admin menulis; admin mengajukan; plh setuju")
    assert [(d.person, d.role, d.acting) for d in told.standing().approvals] == [("plh", "redaktur", "Plh")]


def test_a_correction_voids_the_approvals_and_says_which(office: Office) -> None:
    told = Way(office=office).tell("admin menulis; admin mengajukan; redaktur setuju; kasubag setuju; admin mengoreksi")
    standing = told.standing()
    assert standing.approvals == ()
    assert [held.role for held in standing.voided] == ["redaktur", "kasubag-ptip"]


def test_a_document_that_changed_on_main_meanwhile_is_refused(office: Office) -> None:
    told = Way(office=office).tell("admin menulis; admin mengajukan; redaktur setuju; kasubag setuju")
    changed = replace(told.history(), published_tree="e" * 40)
    standing = judge(changed, office, office.procedures["B"])
    assert [refusal.code for refusal in standing.refusals] == ["stale-base"]
    assert not standing.approved


def test_the_author_of_an_earlier_edition_is_not_the_author_of_this_one(office: Office) -> None:
    tree = "1" * 40
    published = Way(office=office, tree=tree, shelf=Shelf.CONTENT, base={Shelf.CONTENT: tree})
    told = published.tell(
        "redaktur menarik-pengajuan; admin menulis; admin mengajukan; redaktur setuju; kasubag setuju"
    )
    assert told.standing().approved


def test_a_change_older_than_the_main_that_it_started_from_is_backdated(office: Office) -> None:
    told = Way(office=office).tell("admin menulis")
    late = replace(told.history(), since=NOON + timedelta(days=1))
    assert [r.code for r in judge(late, office, office.procedures["B"]).refusals] == ["backdated"]


def test_a_changed_id_is_refused(office: Office) -> None:
    told = Way(office=office).tell("admin menulis; admin mengajukan")
    other = replace(told.history(), first_id="2026zzzzzz")
    assert [r.code for r in judge(other, office, office.procedures["B"]).refusals] == ["changed-id"]


@pytest.mark.parametrize(
    ("days", "code"), [(0, None), (30, "role-ended"), (-1, "decided-later")], ids=["in time", "Plh ended", "before"]
)
def test_approvals_are_judged_again_when_the_document_is_published(office: Office, days: int, code: str | None) -> None:
    told = Way(office=office).tell("admin menulis; admin mengajukan; plh setuju; kasubag setuju")
    found = objection_at(told.standing(), office, NOON + timedelta(days=days, hours=1))
    assert (found.code if found else None) == code


def test_every_refusal_has_a_sentence_and_a_remedy(offices: Mapping[str, Office]) -> None:
    for section, _, way, _ in CASES:
        for refusal in Way(office=offices[section]).tell(way).standing().refusals:
            assert refusal.message.endswith(".")
            assert refusal.hint.endswith(".")
