"""A published page is taken down at once by one person, with a reason that visitors read; it comes back the usual way."""

from __future__ import annotations

import json

import pytest
from kantor import Kantor, git

PAGE = "layanan/jam-layanan"
REASON = "jam layanan berubah dan sedang dicocokkan"


@pytest.fixture
def office(kantor: Kantor) -> Kantor:
    office = kantor.opened()
    office.redaksi("penerbit", "publish")
    return office


def live(office: Kantor, path: str) -> str:
    return (office.folder / "www" / "current" / path / "index.html").read_text("utf-8")


def test_one_signature_takes_a_page_down_and_the_reason_stays_at_its_address(office: Kantor) -> None:
    assert "secara ringkas" in live(office, PAGE)
    said = office.redaksi("redaktur", "withdraw", PAGE, REASON)
    assert "Ditarik: Jam layanan (Redaktur)" in said
    assert REASON in live(office, PAGE)
    assert "secara ringkas" not in live(office, PAGE)
    assert "Jam layanan" not in live(office, "layanan")
    assert PAGE not in (office.folder / "www" / "current" / "sitemap.xml").read_text("utf-8")
    found = json.loads(office.redaksi("admin", "verify", "--json"))
    assert found["sound"]
    assert [(w["document"], w["reason"], w["decision"]["person"]) for w in found["withdrawn"]] == [
        (PAGE, REASON, "redaktur")
    ]


def test_a_withdrawal_is_recorded(office: Kantor) -> None:
    office.redaksi("kasubag-ptip", "withdraw", PAGE, REASON)
    names = git(office.server, "ls-tree", "-r", "--name-only", "catatan", "records/tarik").split()
    record = json.loads(git(office.server, "show", f"catatan:{names[0]}"))
    assert (len(names), record["dokumen"], record["alasan"]) == (1, PAGE, REASON)
    assert record["ditarik"] == {"orang": "kasubag-ptip", "peran": "kasubag-ptip", "sebagai": ""}


@pytest.mark.parametrize(
    ("person", "words", "sentence"),
    [
        ("admin", (PAGE, REASON), "tidak berwenang menarik halaman"),
        ("penerbit", (PAGE, REASON), "tidak memiliki suara"),
        ("redaktur", (PAGE, "salah"), "Alasan penarikan belum jelas"),
        ("redaktur", ("layanan/tidak-ada", REASON), "Tidak ada naskah yang cocok"),
    ],
)
def test_who_may_not_or_says_too_little_is_refused(
    office: Kantor, person: str, words: tuple[str, ...], sentence: str
) -> None:
    before = office.refs()
    assert sentence in office.redaksi(person, "withdraw", *words, code=1)
    assert office.refs() == before
    assert "secara ringkas" in live(office, PAGE)


def test_a_rehearsal_changes_nothing(office: Kantor) -> None:
    before = office.refs()
    assert "Akan ditarik" in office.redaksi("redaktur", "withdraw", PAGE, REASON, "--dry-run")
    assert office.refs() == before


def test_an_open_edit_of_the_page_is_stale_after_the_withdrawal(office: Kantor) -> None:
    office.redaksi("admin", "edit", PAGE)
    source = office.desk("admin") / "drafts" / PAGE / "index.md"
    source.write_text(source.read_text("utf-8").replace("secara ringkas", "secara singkat"), "utf-8")
    office.redaksi("admin", "submit", PAGE)
    office.redaksi("redaktur", "withdraw", PAGE, REASON)
    assert "[stale-base]" in office.redaksi("redaktur", "approve", PAGE, code=1)


def test_a_withdrawn_page_comes_back_only_with_both_approvals(office: Kantor) -> None:
    office.redaksi("redaktur", "withdraw", PAGE, REASON)
    said = office.redaksi("admin", "edit", PAGE)
    assert "submit" in said
    source = office.desk("admin") / "drafts" / PAGE / "index.md"
    source.write_text(source.read_text("utf-8").replace("secara ringkas", "dengan jam yang baru"), "utf-8")
    office.redaksi("admin", "submit", PAGE)
    for person in ("redaktur", "kasubag-ptip"):
        office.redaksi(person, "approve", PAGE)
    office.redaksi("penerbit", "publish")
    assert "dengan jam yang baru" in live(office, PAGE)
    assert REASON not in live(office, PAGE)
    assert json.loads(office.redaksi("admin", "verify", "--json"))["sound"]
