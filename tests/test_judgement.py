"""The table of cases in docs/keputusan.md, run row by row, and what the table can't say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import ways
from ways import ASKING, FULL, GOING_ON, NOON, THREE, TWO, Way

from pipeline.judgement import Paper, Refusal, Standing, judge, objection_at
from pipeline.model import Shelf
from pipeline.office import Office, load_office
from pipeline.procedure import Act

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CASES = list(ways.rows(FULL, THREE, TWO, ASKING, GOING_ON))


@pytest.fixture(scope="module")
def offices(office_files: Mapping[str, bytes], keys: Path) -> Mapping[str, Office]:
    """The office of each section of the table; in the small ones those above have no key and decide on paper."""
    return ways.offices(load_office(office_files), keys)


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
    assert len(CASES) > 120
    assert {case[0] for case in CASES} == {FULL, THREE, TWO, ASKING, GOING_ON}


APPROVED = "admin menulis; admin mengajukan; redaktur setuju; kasubag setuju"
ON_PAPER = "redaktur menulis; redaktur mengajukan; kasubag setuju; admin memasukkan-kertas-sekretaris"
ONLY_AT_THE_END = {"document-gone", "changed-id", "name-clash", "stale-base"}


def codes(standing: Standing) -> list[str]:
    return [refusal.code for refusal in standing.refusals]


# -- what the verdict tells --


def test_the_standing_tells_where_the_document_is_who_wrote_it_and_what_was_decided(office: Office) -> None:
    told = Way(office=office).tell(APPROVED)
    standing = told.standing()
    assert (standing.shelf, standing.tree) == (Shelf.REVIEW, told.tree)
    assert standing.authors == {"admin"}
    assert standing.barred == {"admin", "redaktur", "kasubag-ptip"}
    assert [(d.person, d.step, d.commit, d.stands_for) for d in standing.decisions] == [
        ("redaktur", "2", "c2", ""),
        ("kasubag-ptip", "2", "c3", ""),
    ]
    assert standing.decisions == standing.approvals
    assert (standing.agreements, standing.entered, standing.voided) == ((), None, ())


def test_nothing_heard_is_nothing_wrong_but_there_is_no_document(office: Office) -> None:
    standing = Way(office=office).standing()
    assert (standing.shelf, standing.tree) == (None, None)
    assert standing.position == office.procedures["B"].first()
    assert codes(standing) == ["document-gone"]


def test_a_decision_says_why_since_when_and_at_which_lines(office: Office) -> None:
    submitted = Way(office=office).tell("admin menulis; admin mengajukan")
    started = submitted.decided("redaktur", "disetujui", Mulai="2026-11-23T11:58:00+07:00")
    assert started.standing().approvals[0].started == "2026-11-23T11:58:00+07:00"
    assert started.standing().approvals[0].notes == ()
    (returned,) = submitted.go("redaktur", "mengembalikan").standing().decisions
    assert (returned.reason, returned.notes) == ("bahasa: belum jelas", ("3: diperiksa lagi",))
    (taken_back,) = (d for d in started.go("redaktur", "menarik").standing().decisions if d.ruling == "ditarik kembali")
    assert (taken_back.person, taken_back.commit) == ("redaktur", "c3")


def test_an_approval_names_the_acting_official(office: Office) -> None:
    told = Way(office=office).tell("admin menulis; admin mengajukan; plh setuju")
    assert [(d.person, d.role, d.acting) for d in told.standing().approvals] == [("plh", "redaktur", "Plh")]


def test_a_correction_voids_the_approvals_and_says_which(office: Office) -> None:
    standing = Way(office=office).tell(f"{APPROVED}; admin mengoreksi").standing()
    assert standing.approvals == ()
    assert [held.role for held in standing.voided] == ["redaktur", "kasubag-ptip"]


def test_a_retracted_approval_voids_those_after_it_and_not_those_before(office: Office) -> None:
    standing = Way(office=office).tell(f"{APPROVED}; kasubag menarik").standing()
    assert [held.role for held in standing.approvals] == ["redaktur"]
    assert [held.role for held in standing.voided] == ["kasubag-ptip"]
    assert [held.ruling for held in standing.decisions] == ["disetujui", "disetujui", "ditarik kembali"]


def test_what_was_voided_is_forgotten_at_the_next_submission(office: Office) -> None:
    told = Way(office=office).tell(f"{APPROVED}; kasubag mengembalikan; admin mengajukan")
    assert told.standing().voided == ()


def test_an_author_who_agrees_to_a_correction_is_named(offices: Mapping[str, Office]) -> None:
    told = Way(office=offices[ASKING]).tell("admin menulis; admin mengajukan; redaktur mengoreksi")
    agreed = told.go("admin", "setuju-sebagai-admin").standing()
    assert [(d.person, d.role) for d in agreed.agreements] == [("admin", "admin")]
    assert agreed.approvals == ()
    waiting = told.tell("redaktur setuju; kasubag setuju").standing()
    assert (waiting.position.step, waiting.position.act) == ("2", Act.DECIDE)


def test_a_decision_on_paper_names_the_official_the_sheet_and_both_who_handled_it(
    offices: Mapping[str, Office],
) -> None:
    entered = Way(office=offices[THREE]).tell(ON_PAPER)
    waiting = entered.standing().entered
    assert waiting is not None
    assert (waiting.person, waiting.commit, waiting.stands_for) == ("sekretaris", "c3", "kasubag-ptip")
    confirmed = entered.go("kasubag-ptip", "mencocokkan")
    held = confirmed.standing().approvals[-1]
    assert (held.person, held.role, held.stands_for, held.step) == ("sekretaris", "sekretaris", "kasubag-ptip", "2")
    assert (held.commit, held.time) == ("c4", confirmed.changes[-1].time)
    assert held.paper == Paper(
        sha256=ways.SCAN,
        official="sekretaris",
        number="12/SK/2026",
        date=date(2026, 11, 23),
        entered_by="admin",
        confirmed_by="kasubag-ptip",
    )
    assert confirmed.standing().entered is None
    assert entered.go("admin", "mengoreksi").standing().entered is None


def test_a_sheet_counts_for_whom_the_procedure_waits_for_when_it_is_confirmed(offices: Mapping[str, Office]) -> None:
    """The next day the Kasubag takes his approval back and a Plh Redaktur decides: now the Kasubag's own seat is his."""
    plh = ways.appointed(replace(offices[FULL].people["plh"], acting=()), "redaktur", date(2026, 11, 24))
    office = replace(offices[THREE], people={**offices[THREE].people, "plh": plh})
    told = replace(Way(office=office).tell(ON_PAPER), start=NOON + timedelta(days=1))
    assert codes(told.tell("kasubag mencocokkan").standing()) == []
    assert codes(told.tell("kasubag menarik; plh setuju; kasubag mencocokkan").standing()) == ["wrong-order"]


@pytest.mark.parametrize(("days", "expected"), [(0, []), (1, ["wrong-role"])], ids=["still in office", "no longer"])
def test_a_role_on_paper_is_asked_for_on_the_day_of_the_sheet(
    offices: Mapping[str, Office], days: int, expected: list[str]
) -> None:
    """Entered three days later, when the Sekretaris is gone: what he signed in office counts, what he signed after does not."""
    three = offices[THREE]
    leaving = replace(three.people["sekretaris"], until=date(2026, 11, 23))
    told = Way(office=replace(three, people={**three.people, "sekretaris": leaving})).tell(ON_PAPER)
    day = f"2026-11-{23 + days}"
    trailers = {**told.changes[-1].trailers, "Tanggal": (day,)}
    late = told.again(time=NOON + timedelta(days=3), trailers=trailers)
    assert codes(late.standing()) == expected
    confirmed = late.go("kasubag-ptip", "mencocokkan").again(time=NOON + timedelta(days=3))
    assert confirmed.standing().approved == (not expected)


def test_a_plh_who_signed_on_paper_is_named_as_on_that_day(offices: Mapping[str, Office]) -> None:
    three = offices[THREE]
    plh = ways.appointed(replace(three.people["ketua"], roles=()), "sekretaris", date(2026, 11, 23), days=0)
    people = {n: p for n, p in three.people.items() if n != "sekretaris"} | {"ketua": plh}
    told = Way(office=replace(three, people=people)).tell("redaktur menulis; redaktur mengajukan; kasubag setuju")
    sheet = told.entered("admin", "ketua", Peran="sekretaris").again(time=NOON + timedelta(days=3))
    confirmed = sheet.go("kasubag-ptip", "mencocokkan").again(time=NOON + timedelta(days=3))
    assert [(d.person, d.acting) for d in confirmed.standing().approvals][-1] == ("ketua", "Plh")


# -- refusals --


def test_every_refusal_has_a_sentence_and_a_remedy_and_names_the_change(offices: Mapping[str, Office]) -> None:
    for section, _, way, _ in CASES:
        told = Way(office=offices[section]).tell(way)
        for refusal in told.standing().refusals:
            is_spoken(refusal)
        lasting = [refusal for refusal in told.standing().refusals if refusal.commit]
        assert [refusal.commit for refusal in lasting[:1]] == _first_wrong(told), way
        assert all(
            refusal.commit or refusal.code in {*ONLY_AT_THE_END, "two-shelves"} for refusal in told.standing().refusals
        )


def _first_wrong(told: Way) -> list[str]:
    """The first change with which something is wrong that no later change mends."""
    for count in range(1, len(told.changes) + 1):
        found = replace(told, changes=told.changes[:count]).standing().refusals
        if any(refusal.commit for refusal in found):
            return [told.changes[count - 1].commit]
    return []


def is_spoken(refusal: Refusal) -> None:
    """A code for machines; for people a sentence and a remedy."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", refusal.code)
    assert ways.is_sentence(refusal.message)
    assert ways.is_sentence(refusal.hint)


def test_a_change_in_two_places_is_told_from_a_document_in_two_places(office: Office) -> None:
    moved = Way(office=office).tell("admin menulis; admin mengajukan-sambil-mengubah").standing()
    assert [(refusal.code, refusal.commit) for refusal in moved.refusals] == [("two-shelves", "c1")]
    copied = Way(office=office).tell("admin menulis; admin menyalin-ke-pemeriksaan").standing()
    (refusal,) = copied.refusals
    assert (refusal.code, refusal.commit) == ("two-shelves", "")
    assert refusal.message == "Naskah ini berada di 2 tempat sekaligus: drafts, review."


def test_a_document_that_changed_on_main_meanwhile_is_refused(office: Office) -> None:
    told = Way(office=office).tell(APPROVED)
    standing = judge(replace(told.history(), published_tree="e" * 40), office, office.procedures["B"])
    assert codes(standing) == ["stale-base"]
    assert not standing.approved
    is_spoken(standing.refusals[0])


def test_a_changed_id_is_refused(office: Office) -> None:
    history = Way(office=office).tell("admin menulis; admin mengajukan").history()
    for id_now, shown in ((ways.ID, ways.ID), ("", "(kosong)")):
        standing = judge(replace(history, id=id_now, first_id="2026zzzzzz"), office, office.procedures["B"])
        assert codes(standing) == ["changed-id"]
        assert f"menjadi {shown}." in standing.refusals[0].message
        assert "id: 2026zzzzzz" in standing.refusals[0].hint
        is_spoken(standing.refusals[0])
    assert codes(judge(replace(history, first_id=ways.ID), office, office.procedures["B"])) == []


def test_names_that_some_computers_cannot_tell_apart_are_refused(office: Office) -> None:
    clashes = ("Foto.jpg", "foto.jpg", "A.jpg", "a.jpg")
    history = replace(Way(office=office).tell(APPROVED).history(), clashes=clashes)
    (refusal,) = judge(history, office, office.procedures["B"]).refusals
    assert refusal.code == "name-clash"
    assert "Foto.jpg, foto.jpg, A.jpg hanya" in refusal.message
    is_spoken(refusal)


@pytest.mark.parametrize("field", ["strays", "forbidden"])
def test_of_many_wrong_paths_three_are_named(office: Office, field: str) -> None:
    paths = tuple(f"content/{name}" for name in "abcd")
    told = Way(office=office).go("admin", "menulis").again(**{field: paths})
    assert "content/a, content/b, content/c." in told.standing().refusals[0].message


@pytest.mark.parametrize(
    "path", ["office/a", "pipeline/a.py", ".github/b", "mkdocs.yml", "requirements.lock", "redaksi", "pyproject.toml"]
)
def test_policy_that_travels_with_a_document_is_called_so(office: Office, path: str) -> None:
    told = Way(office=office).go("admin", "menulis").again(strays=("content/a", path))
    assert codes(told.standing())[0] == "policy-in-document"


@pytest.mark.parametrize("field", ["author", "committer"])
def test_both_names_on_a_change_are_the_signers(office: Office, field: str) -> None:
    written = Way(office=office).go("admin", "menulis")
    assert codes(written.again(**{field: "ADMIN@kantor.invalid"}).standing()) == []
    assert codes(written.again(**{field: "redaktur@kantor.invalid"}).standing())[0] == "signer-is-not-author"


def test_a_wrong_change_does_nothing_but_is_not_forgotten(office: Office) -> None:
    """An unsigned edit makes nobody an author; what follows is judged, and the way stays refused."""
    told = Way(office=office).tell("admin menulis; tanpa menulis; admin mengajukan; redaktur setuju; kasubag setuju")
    standing = told.standing()
    assert standing.authors == {"admin"}
    assert codes(standing) == ["unsigned"]
    assert len(standing.approvals) == 2
    assert not standing.approved


# -- time --


def test_a_change_older_than_the_main_that_it_started_from_is_backdated(office: Office) -> None:
    history = Way(office=office).tell("admin menulis").history()
    for minutes, expected in ((-1, []), (0, []), (1, ["backdated"])):
        since = history.changes[0].time + timedelta(minutes=minutes)
        assert codes(judge(replace(history, since=since), office, office.procedures["B"])) == expected


def test_several_acts_may_fall_into_one_second(office: Office) -> None:
    told = Way(office=office).tell(APPROVED)
    at_once = replace(told, changes=tuple(replace(change, time=NOON) for change in told.changes))
    assert at_once.standing().approved


@pytest.mark.parametrize(
    ("days", "code"),
    [(0, None), (4, None), (5, "role-ended"), (-1, "decided-later")],
    ids=["in time", "the last day", "Plh ended", "before"],
)
def test_approvals_are_judged_again_when_the_document_is_published(office: Office, days: int, code: str | None) -> None:
    told = Way(office=office).tell("admin menulis; admin mengajukan; plh setuju; kasubag setuju")
    found = objection_at(told.standing(), office, told.changes[-1].time + timedelta(days=days))
    assert (found.code if found else None) == code
    if found:
        is_spoken(found)


def test_whoever_left_the_office_carries_no_publication(office: Office) -> None:
    standing = Way(office=office).tell(APPROVED).standing()
    without = replace(office, people={name: p for name, p in office.people.items() if name != "redaktur"})
    found = objection_at(standing, without, NOON + timedelta(hours=1))
    assert found is not None
    assert found.code == "role-ended"


# -- editions and procedures --


def test_the_author_of_an_earlier_edition_is_not_the_author_of_this_one(office: Office) -> None:
    tree = "1" * 40
    published = Way(office=office, tree=tree, shelf=Shelf.CONTENT, base={Shelf.CONTENT: tree})
    told = published.tell(
        "redaktur menarik-pengajuan; admin menulis; admin mengajukan; redaktur setuju; kasubag setuju"
    )
    assert told.standing().approved


def test_the_last_step_of_a_procedure_may_be_one_that_people_do(office: Office) -> None:
    b = office.procedures["B"]
    short = replace(b, steps=(*b.steps[:2], replace(b.steps[2], machine=None)))
    told = Way(office=replace(office, procedures={"B": short})).tell(f"{APPROVED}; admin menyelesaikan")
    assert told.standing().approved


def test_a_procedure_without_a_second_step_decides_nothing(office: Office) -> None:
    b = office.procedures["B"]
    single = replace(office, procedures={"B": replace(b, steps=b.steps[:1])})
    with pytest.raises(ValueError, match="procedure B has no step after its first"):
        Way(office=single).tell("admin menulis; admin mengajukan").standing()
