"""Policy is changed by its own quorum, everyday data by one signature, and nothing that would lock the office out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from kantor import Kantor, git

if TYPE_CHECKING:
    from pathlib import Path

PK, KASUBAG = "pranata-komputer", "kasubag-ptip"


@pytest.fixture
def office(kantor: Kantor) -> Kantor:
    return kantor.opened()


def changed(office: Kantor, person: str, path: str, old: str, new: str) -> Path:
    """The file at ``path`` of a person's desk, with one text replaced; the desk is brought up to date first."""
    git(office.desk(person), "pull", "--quiet", "--ff-only")
    place = office.desk(person) / path
    text = place.read_text("utf-8")
    assert old in text
    place.write_text(text.replace(old, new), "utf-8")
    return place


def policy_of(office: Kantor) -> list[dict[str, object]]:
    found = json.loads(office.redaksi("admin", "verify", "--json"))
    assert found["sound"]
    return list(found["policy"])


def test_two_signatures_bring_a_change_of_policy_into_force(office: Kantor) -> None:
    changed(office, PK, "office/site.yml", "waktu_tunggu: 1", "waktu_tunggu: 2")
    said = office.redaksi(PK, "policy", "submit", "Pengingat sesudah dua hari")
    assert "menunggu Kasubag PTIP" in said
    assert "pengingat-sesudah-dua-hari" in office.redaksi(KASUBAG, "policy", "list")
    assert "+  waktu_tunggu: 2" in office.redaksi(KASUBAG, "policy", "read", "pengingat-sesudah-dua-hari")
    assert "Aturan berlaku" in office.redaksi(KASUBAG, "policy", "approve", "pengingat-sesudah-dua-hari")
    assert "waktu_tunggu: 2" in git(office.server, "show", "main:office/site.yml")
    assert [(p["paths"], p["everyday"]) for p in policy_of(office)] == [(["office/site.yml"], False)]
    assert git(office.server, "for-each-ref", "refs/heads/kebijakan") == ""


def test_the_superior_who_signs_first_leaves_the_others_seat_free(office: Kantor) -> None:
    changed(office, KASUBAG, "office/site.yml", "waktu_tunggu: 1", "waktu_tunggu: 2")
    assert "menunggu Pranata Komputer" in office.redaksi(KASUBAG, "policy", "submit", "Pengingat")
    assert "Aturan berlaku" in office.redaksi(PK, "policy", "approve", "pengingat")


def test_everyday_data_needs_one_signature(office: Kantor) -> None:
    changed(
        office,
        PK,
        "office/holidays.yml",
        "hari_libur: []",
        "hari_libur:\n  - {tanggal: 2026-12-28, keterangan: Libur daerah, sumber: Surat Bupati}",
    )
    assert "Aturan berlaku" in office.redaksi(PK, "policy", "submit", "Hari libur daerah")
    assert [p["everyday"] for p in policy_of(office)] == [True]


def test_documents_that_are_published_meanwhile_do_not_void_the_signatures(office: Kantor) -> None:
    changed(office, PK, "office/site.yml", "waktu_tunggu: 1", "waktu_tunggu: 2")
    office.redaksi(PK, "policy", "submit", "Pengingat")
    office.approved()
    office.redaksi("penerbit", "publish")
    assert "Aturan berlaku" in office.redaksi(KASUBAG, "policy", "approve", "pengingat")
    assert policy_of(office)


def test_policy_that_changed_meanwhile_is_asked_for_again(office: Kantor) -> None:
    changed(office, PK, "office/site.yml", "waktu_tunggu: 1", "waktu_tunggu: 2")
    office.redaksi(PK, "policy", "submit", "Pengingat")
    changed(
        office,
        KASUBAG,
        "office/holidays.yml",
        "hari_libur: []",
        "hari_libur:\n  - {tanggal: 2026-12-28, keterangan: Libur daerah, sumber: Surat Bupati}",
    )
    office.redaksi(KASUBAG, "policy", "submit", "Libur")
    assert "[stale-policy]" in office.redaksi(KASUBAG, "policy", "approve", "pengingat", code=1)
    assert "ditutup" in office.redaksi(PK, "policy", "discard", "pengingat")
    assert git(office.server, "for-each-ref", "--format=%(refname)", "refs/heads/arsip").endswith("kebijakan-pengingat")


def test_an_admin_may_propose_and_not_sign(office: Kantor) -> None:
    changed(office, "admin", "office/site.yml", "waktu_tunggu: 1", "waktu_tunggu: 2")
    said = office.redaksi("admin", "policy", "submit", "Pengingat")
    assert "menunggu Pranata Komputer dan Kasubag PTIP" in said
    assert "[wrong-role]" in office.redaksi("admin", "policy", "approve", "pengingat", code=1)
    office.redaksi(PK, "policy", "approve", "pengingat")
    assert "[wrong-role]" in office.redaksi(PK, "policy", "approve", "pengingat", code=1)
    assert "Aturan berlaku" in office.redaksi("sekretaris", "policy", "approve", "pengingat")


@pytest.mark.parametrize(
    ("path", "old", "new", "code"),
    [
        ("office/site.yml", "waktu_tunggu: 1", "waktu_tunggu: nol", "broken-office"),
        ("office/people.yml", "peran: [kasubag-ptip]", "peran: [admin]", None),
    ],
)
def test_a_change_that_would_break_the_office_is_refused(
    office: Kantor, path: str, old: str, new: str, code: str | None
) -> None:
    changed(office, PK, path, old, new)
    before = office.refs()
    said = office.redaksi(PK, "policy", "submit", "Percobaan", code=1 if code else 0)
    if code:
        assert f"[{code}]" in said
        assert office.refs() == before


def test_nobody_is_locked_out(office: Kantor) -> None:
    people = git(office.server, "show", "main:office/people.yml")
    place = office.desk(PK) / "office" / "people.yml"
    for role in ("kasubag-ptip", "sekretaris", "ketua"):
        people = people.replace(f"peran: [{role}]", "peran: [admin]")
    place.write_text(people, "utf-8")
    assert "[locks-out]" in office.redaksi(PK, "policy", "submit", "Semua admin", code=1)


def test_a_desk_that_is_behind_can_not_undo_what_others_changed(office: Kantor) -> None:
    office.desk(PK)
    changed(
        office,
        KASUBAG,
        "office/holidays.yml",
        "hari_libur: []",
        "hari_libur:\n  - {tanggal: 2026-12-28, keterangan: Libur daerah, sumber: Surat Bupati}",
    )
    office.redaksi(KASUBAG, "policy", "submit", "Libur")
    place = office.desk(PK) / "office" / "site.yml"
    place.write_text(place.read_text("utf-8").replace("waktu_tunggu: 1", "waktu_tunggu: 2"), "utf-8")
    assert "[folder-behind]" in office.redaksi(PK, "policy", "submit", "Pengingat", code=1)


def test_before_the_office_is_open_there_is_nothing_to_sign(kantor: Kantor) -> None:
    place = kantor.desk(PK) / "office" / "site.yml"
    place.write_text(place.read_text("utf-8").replace("waktu_tunggu: 1", "waktu_tunggu: 2"), "utf-8")
    assert "[office-not-open]" in kantor.redaksi(PK, "policy", "submit", "Pengingat", code=1)


def test_the_program_is_policy_too(office: Kantor) -> None:
    (office.desk(PK) / "requirements.lock").write_text("click==9.9.9\n", "utf-8")
    assert "menunggu Kasubag PTIP" in office.redaksi(PK, "policy", "submit", "Rilis program")
    office.redaksi(KASUBAG, "policy", "approve", "rilis-program")
    assert policy_of(office)[0]["paths"] == ["requirements.lock"]
