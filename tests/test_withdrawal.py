"""A page is taken down by one who may, over the page as it stands, with a reason: the table in docs/keputusan.md."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
import ways
from ways import DOCUMENT, ID, NOON

from pipeline.judgement import Decision, Move, Refusal, Ruling
from pipeline.model import Shelf
from pipeline.office import Office, load_office
from pipeline.withdrawal import judge_withdrawal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CASES = list(ways.rows("Penarikan halaman"))
TREE, REASON = "7" * 40, "Jadwal ini sudah tidak berlaku."
OWN = {"kasubag-ptip": "kasubag-ptip", "admin": "admin", "ketua": "ketua", "pranata-komputer": "pranata-komputer"}


@pytest.fixture(scope="module")
def office(office_files: Mapping[str, bytes], keys: Path) -> Office:
    return ways.full_office(load_office(office_files), keys)


@dataclass(frozen=True, kw_only=True)
class Page(ways.Way):
    """A published page and the one commit that would take it down."""

    tree: str | None = TREE

    def verdict(self) -> Decision | Refusal:
        """The verdict."""
        (change,) = self.changes
        return judge_withdrawal(change, self.office, document=DOCUMENT, document_id=ID, tree=TREE)

    def withdrawn(self, person: str, **changes: str) -> ways.Way:
        """A withdrawal in the person's own role."""
        return self.decided(
            person, Ruling.WITHDRAWN, **({"Peran": OWN.get(person, "redaktur"), "Alasan": REASON} | changes)
        )

    # -- the words of the table --

    def _menarik_halaman(self, person: str, role: str = "") -> ways.Way:
        return self.withdrawn(person, **({"Peran": role} if role else {}))

    def _menarik_halaman_tanpa_alasan(self, person: str) -> ways.Way:
        return self.withdrawn(person, Alasan="")

    def _menarik_halaman_lain(self, person: str) -> ways.Way:
        return self.withdrawn(person, Dokumen="layanan/biaya")

    def _menarik_halaman_ber_id_lain(self, person: str) -> ways.Way:
        return self.withdrawn(person, Id="2026zzzzzz")

    def _menarik_isi_lama(self, person: str) -> ways.Way:
        return self.withdrawn(person, Sidik="6" * 40)

    def _menarik_halaman_sambil_mengubah(self, person: str) -> ways.Way:
        return self.withdrawn(person).again(moves=(Move(shelf=Shelf.CONTENT, before=TREE, after=None),))

    def _menarik_halaman_sambil_menyelipkan(self, person: str) -> ways.Way:
        return self.withdrawn(person).again(strays=("office/people.yml",))


def told(office: Office, way: str) -> Decision | Refusal:
    page = Page(office=office).tell(way)
    assert isinstance(page, Page)
    return page.verdict()


def accepted(office: Office, way: str) -> Decision:
    found = told(office, way)
    assert isinstance(found, Decision), found
    return found


@pytest.mark.parametrize(("case", "way", "expected"), [row[1:] for row in CASES], ids=[row[1] for row in CASES])
def test_the_table_of_withdrawals_in_the_documentation_holds(
    case: str, way: str, expected: str, office: Office
) -> None:
    found = told(office, way)
    assert (found.code if isinstance(found, Refusal) else found.ruling) == expected, case


def test_every_refusal_has_a_sentence_and_a_remedy(office: Office) -> None:
    found = [told(office, way) for _, _, way, _ in CASES]
    refusals = [refusal for refusal in found if isinstance(refusal, Refusal)]
    assert len(refusals) > 12
    for refusal in refusals:
        assert ways.is_sentence(refusal.message)
        assert ways.is_sentence(refusal.hint)


def test_the_decision_says_who_in_which_role_over_what_and_why(office: Office) -> None:
    assert accepted(office, "kasubag menarik-halaman") == Decision(
        commit="c0",
        person="kasubag-ptip",
        role="kasubag-ptip",
        acting="",
        ruling=Ruling.WITHDRAWN,
        tree=TREE,
        step="",
        time=NOON,
        started="",
        reason=REASON,
    )
    assert accepted(office, "plh menarik-halaman-sebagai-redaktur").acting == "Plh"


def test_the_clock_of_a_withdrawal_is_told(office: Office) -> None:
    begun = Page(office=office).withdrawn("redaktur", Mulai="2026-11-23T11:58:00+07:00")
    assert isinstance(begun, Page)
    found = begun.verdict()
    assert isinstance(found, Decision)
    assert found.started == "2026-11-23T11:58:00+07:00"


@pytest.mark.parametrize(("days", "code"), [(0, "ditarik"), (1, "wrong-role")], ids=["the last day", "the day after"])
def test_the_role_is_asked_for_on_the_day_of_the_decision(office: Office, days: int, code: str) -> None:
    plh = ways.appointed(replace(office.people["plh"], acting=()), "redaktur", date(2026, 11, 23), days=0)
    page = Page(office=replace(office, people={**office.people, "plh": plh}), start=NOON + timedelta(days=days))
    signed = page.go("plh", "menarik-halaman-sebagai-redaktur")
    assert isinstance(signed, Page)
    found = signed.verdict()
    assert (found.code if isinstance(found, Refusal) else found.ruling) == code


def test_who_may_withdraw_is_the_offices_to_say(office: Office) -> None:
    only_above = replace(office, authority=replace(office.authority, withdrawal=("ketua",)))
    assert isinstance(told(only_above, "redaktur menarik-halaman"), Refusal)
    assert accepted(only_above, "ketua menarik-halaman").role == "ketua"
