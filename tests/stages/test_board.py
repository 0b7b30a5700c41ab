"""The board of a real office: what opens it, what it will lack, who may act on each document, and why documents came back."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from kantor import Kantor, git

from pipeline.judgement import Decision, Ruling, Standing
from pipeline.office import load_office
from pipeline.stages import board, returns
from pipeline.stages.session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping

PEOPLE = "office/people.yml"
NOON = datetime(2026, 11, 13, 5, 0, tzinfo=UTC)


def changed(kantor: Kantor, path: str, *pairs: tuple[str, str]) -> None:
    """Change a file of the office on main with plain Git, as is done before an office is opened."""
    desk = kantor.desk("pranata-komputer")
    text = (desk / path).read_text("utf-8")
    for old, new in pairs:
        text, count = re.subn(old, new, text)
        assert count, old
    (desk / path).write_text(text, "utf-8")
    identity = ("-c", "user.name=Pranata Komputer", "-c", "user.email=pranata-komputer@kantor.invalid")
    git(desk, *identity, "commit", "--quiet", "--all", "-m", "Mengubah berkas kantor")
    git(desk, "push", "--quiet", "origin", "HEAD:main")


def keyless(person: str) -> tuple[str, str]:
    return rf"(?m)(^  {person}:\n(?:    .*\n)*?    kunci: )\[.*\]", r"\1[]"


def lines_of(person: str, lines: str) -> tuple[str, str]:
    """More lines for a person."""
    return rf"(?m)(^  {person}:\n(?:    .*\n)*?    kunci: .*\n)", rf"\1{lines}"


def acting(role: str, start: str, end: str) -> str:
    return (
        f"    wakil:\n      - peran: {role}\n        sebagai: Plh\n        mulai: {start}\n"
        f"        sampai: {end}\n        surat: nomor surat\n"
    )


def status(kantor: Kantor) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(kantor.redaksi("admin", "status", "--json"))
    return found


def seen_at(kantor: Kantor, now: datetime) -> list[str]:
    """The board's lines as they are at ``now``."""
    session = Session.open(kantor.desk("admin"))
    return list(board.describe(board.board(session, now), session.office))


# -- an office that is not open --


def test_an_office_without_keys_is_told_whose_keys_it_needs(kantor: Kantor) -> None:
    changed(kantor, PEOPLE, *(keyless(person) for person in ("redaktur", "kasubag-ptip", "sekretaris", "ketua")))
    said = kantor.redaksi("admin", "status").splitlines()
    assert said[0].startswith("Kantor ini belum dibuka: ")
    assert said[1] == (
        "Langkah berikutnya: daftarkan kunci publik Redaktur dan Kasubag PTIP dan Sekretaris atau Ketua di office/people.yml."
    )
    assert (
        said[2] == "Tidak ada naskah yang sedang dikerjakan; 2 naskah terbit."
    )  # its first step comes before any forecast


def test_each_step_of_the_opening_names_the_next(kantor: Kantor) -> None:
    assert "Langkah berikutnya: Kasubag PTIP, lalu Sekretaris atau Ketua, menjalankan redaksi open-office." in (
        kantor.redaksi("admin", "status")
    )
    kantor.redaksi("kasubag-ptip", "open-office")
    assert (
        "Langkah berikutnya: Sekretaris atau Ketua menandatangani juga dengan redaksi open-office, sesudah Kasubag"
        in (kantor.redaksi("admin", "status"))
    )
    assert not status(kantor)["opened"]
    kantor.redaksi("sekretaris", "open-office")
    assert "belum dibuka" not in kantor.redaksi("admin", "status")
    assert (status(kantor)["opened"], status(kantor)["next_step"]) == (True, "")


def test_where_a_superior_signed_first_the_kasubag_is_next(kantor: Kantor) -> None:
    kantor.redaksi("ketua", "open-office")
    assert "Langkah berikutnya: Kasubag PTIP menandatangani juga dengan " in kantor.redaksi("admin", "status")


# -- what the office will lack --


def test_a_shortage_is_told_on_top_days_ahead(kantor: Kantor) -> None:
    changed(kantor, PEOPLE, lines_of("redaktur", "    sampai: 2026-11-20\n"))
    kantor.opened()
    assert seen_at(kantor, NOON)[0] == (
        "Mulai Senin, 23 November 2026 tidak ada yang dapat menyetujui sebagai Redaktur: tunjuk Plh atau Plt, misalnya "
        "Pranata Komputer (akun peran), Sekretaris (akun peran), atau Ketua (akun peran). "
        "Sebabnya: Redaktur (akun peran) bertugas sampai 20 November 2026."
    )
    assert "tidak ada yang dapat" not in "\n".join(seen_at(kantor, datetime(2026, 11, 2, 5, tzinfo=UTC)))


def test_the_warnings_are_there_for_machines(kantor: Kantor) -> None:
    changed(kantor, PEOPLE, lines_of("redaktur", "    sampai: 2020-01-31\n"))
    (warning,) = status(kantor.opened())["warnings"]
    assert (warning["role"], warning["until"], warning["matter"]) == ("redaktur", None, "documents")
    assert warning["appoint"] == ["pranata-komputer", "sekretaris", "ketua"]
    assert warning["sentence"] in kantor.redaksi("admin", "status").splitlines()


# -- who may act --


def test_a_document_names_the_person_it_waits_for(kantor: Kantor) -> None:
    path = kantor.opened().submitted()
    assert "menunggu Redaktur: Redaktur (akun peran) · " in kantor.redaksi("admin", "status")
    (row,) = status(kantor)["open"]
    assert row["path"] == path
    assert row["who"] == [
        {
            "person": "redaktur",
            "name": "Redaktur (akun peran)",
            "stands_in_as": "",
            "acting": "",
            "until": None,
            "on_paper": False,
        }
    ]
    kantor.redaksi("redaktur", "approve", path)
    assert "menunggu Kasubag PTIP: Kasubag PTIP (akun peran) · " in kantor.redaksi("admin", "status")
    kantor.redaksi("kasubag-ptip", "approve", path)
    assert " · siap terbit · " in kantor.redaksi("admin", "status")


def test_a_draft_waits_for_its_writer(kantor: Kantor) -> None:
    kantor.opened().redaksi("admin", "new", "berita", "Sidang keliling di Wanayasa")
    assert "menunggu Admin: Admin Website (akun peran) · " in kantor.redaksi("admin", "status")


def test_an_acting_official_is_shown_with_the_last_day(kantor: Kantor) -> None:
    changed(kantor, PEOPLE, lines_of("pranata-komputer", acting("redaktur", "2020-01-01", "2039-12-31")))
    kantor.opened().submitted()
    assert (
        "menunggu Redaktur: Redaktur (akun peran), Plh Pranata Komputer (akun peran) sampai 31-12-2039 · "
        in kantor.redaksi("admin", "status")
    )


def test_a_superior_who_stands_in_is_shown_in_the_own_role(kantor: Kantor) -> None:
    changed(kantor, PEOPLE, (r"peran: \[admin\]", "peran: [admin, redaktur]"), (r"peran: \[redaktur\]", "peran: []"))
    kantor.opened().submitted()
    assert "menunggu Redaktur: Kasubag PTIP (akun peran) selaku Kasubag PTIP · " in kantor.redaksi("admin", "status")


def test_somebody_without_key_is_shown_as_deciding_on_paper(kantor: Kantor) -> None:
    changed(
        kantor,
        PEOPLE,
        (r"peran: \[admin\]", "peran: [admin, kasubag-ptip]"),
        (r"peran: \[kasubag-ptip\]", "peran: [pranata-komputer]"),
        keyless("sekretaris"),
    )
    path = kantor.submitted()
    kantor.redaksi("redaktur", "approve", path)
    assert "menunggu Kasubag PTIP: Sekretaris (akun peran) selaku Sekretaris di atas kertas · " in kantor.redaksi(
        "admin", "status"
    )
    assert status(kantor)["open"][0]["who"][0]["on_paper"]


def test_a_document_that_nobody_may_decide_is_shown_with_the_remedy(kantor: Kantor) -> None:
    kantor.submitted()
    changed(
        kantor,
        PEOPLE,
        (r"peran: \[admin\]", "peran: [admin, redaktur]"),
        (r"peran: \[redaktur\]", "peran: []"),
        *((rf"peran: \[{role}\]", "peran: []") for role in ("sekretaris", "ketua")),
    )
    said = kantor.redaksi("admin", "status")
    remedy = (
        "Tidak ada yang dapat menyetujui sebagai Redaktur: tunjuk Plh, misalnya Redaktur (akun peran), "
        "Pranata Komputer (akun peran), atau Sekretaris (akun peran). Sebabnya: Admin Website (akun peran) penulis naskahnya."
    )
    assert f"    {remedy}" in said.splitlines()
    assert status(kantor)["open"][0]["remedy"] == remedy


# -- changes of policy --


def test_a_waiting_change_of_policy_is_on_the_board(kantor: Kantor) -> None:
    desk = kantor.opened().desk("pranata-komputer")
    site = desk / "office" / "site.yml"
    site.write_text(site.read_text("utf-8").replace("waktu_tunggu: 1", "waktu_tunggu: 2"), "utf-8")
    kantor.redaksi("pranata-komputer", "policy", "submit", "Pengingat sesudah dua hari")
    assert "menunggu Kasubag PTIP" in kantor.redaksi("admin", "status")
    (proposal,) = status(kantor)["policy"]
    assert (proposal["name"], proposal["waits_for"]) == ("pengingat-sesudah-dua-hari", ["kasubag-ptip"])
    kantor.redaksi("kasubag-ptip", "policy", "approve", "pengingat-sesudah-dua-hari")
    assert status(kantor)["policy"] == []


def test_a_strange_branch_among_the_proposals_does_not_hide_the_board(kantor: Kantor) -> None:
    kantor.opened().submitted()
    work = kantor.desk("penyusup")
    git(work, "checkout", "--quiet", "--orphan", "asing")
    git(work, "-c", "user.name=x", "-c", "user.email=x@y.invalid", "commit", "--quiet", "--allow-empty", "-m", "asing")
    git(work, "push", "--quiet", "origin", "asing:kebijakan/asing")
    said = kantor.redaksi("admin", "status")
    assert "Usulan asing tidak berasal dari main." in said
    assert "menunggu Redaktur" in said


# -- why documents came back --


def test_every_return_is_counted_by_its_reason(kantor: Kantor) -> None:
    path = kantor.opened().submitted()
    for reason in ("bahasa", "fakta"):
        kantor.redaksi("redaktur", "return", path, "Tolong diperbaiki dahulu.", "--reason", reason)
        kantor.redaksi("admin", "edit", path)
        kantor.redaksi("admin", "submit", path)
    other = kantor.submitted("Sidang keliling di Kalibening")
    kantor.redaksi("redaktur", "return", other, "Tolong diperbaiki dahulu.", "--reason", "bahasa")
    assert "Dikembalikan: bahasa 2, fakta 1." in kantor.redaksi("admin", "status").splitlines()
    label = "Bahasa, ejaan, atau susunan kalimat perlu diperbaiki"
    assert status(kantor)["returns"][0] == {
        "procedure": "B",
        "step": "2",
        "code": "bahasa",
        "label": label,
        "known": True,
        "number": 2,
    }


def test_nothing_returned_is_not_mentioned(kantor: Kantor) -> None:
    kantor.opened().submitted()
    assert "Dikembalikan" not in kantor.redaksi("admin", "status")
    assert status(kantor)["returns"] == []


def returned(*reasons: str, ruling: Ruling = Ruling.RETURNED) -> Standing:
    """A standing with these decisions, as ``judgement`` gives it."""
    decisions = tuple(
        Decision(
            commit="",
            person="redaktur",
            role="redaktur",
            acting="",
            ruling=ruling,
            tree="",
            step="2",
            time=NOON,
            started="",
            reason=reason,
        )
        for reason in reasons
    )
    return Standing(shelf=None, tree=None, position=None, decisions=decisions)  # type: ignore[arg-type]  # no position is asked for


@pytest.mark.parametrize(
    ("reason", "code", "text"),
    [
        ("bahasa: Belum jelas: siapa?", "bahasa", "Belum jelas: siapa?"),
        ("gaya: Terlalu panjang", "gaya", "Terlalu panjang"),
        ("Belum jelas", "", "Belum jelas"),
        ("Belum jelas: siapa?", "", "Belum jelas: siapa?"),
        ("\x1b[31m: merah", "", "\x1b[31m: merah"),
        ("", "", ""),
    ],
)
def test_a_reason_is_parted_into_code_and_sentence(reason: str, code: str, text: str) -> None:
    (found,) = returns.returns_of(returned(reason))
    assert (found.code, found.text) == (code, text)


def test_only_returns_are_returns() -> None:
    assert returns.returns_of(returned("bahasa: x", ruling=Ruling.APPROVED)) == ()


def test_a_code_that_the_procedure_does_not_list_is_counted_as_it_is_and_marked(
    office_files: Mapping[str, bytes],
) -> None:
    procedure = load_office(office_files).procedures["B"]
    ways = [
        (procedure, returned("gaya: x", "gaya: y", "bahasa: x", "tanpa titik dua")),
        (procedure, returned("gaya: z")),
    ]
    found = returns.tally(ways)
    assert [(one.code, one.known, one.number) for one in found] == [
        ("gaya", False, 3),
        ("tanpa-kode", False, 1),
        ("bahasa", True, 1),
    ]
    (line,) = returns.describe(found)
    assert line.startswith("Dikembalikan: gaya (tidak dikenal) 3, ")
    assert "bahasa 1" in line


def test_the_record_of_returns_holds_code_role_and_time() -> None:
    assert returns.as_record(returns.returns_of(returned("bahasa: x"))) == [
        {"kode": "bahasa", "peran": "redaktur", "waktu": NOON.isoformat()}
    ]
