"""An official without a key decides on a printed sheet; one person enters it, another compares it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from kantor import Kantor, git

if TYPE_CHECKING:
    from pathlib import Path

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def office(kantor: Kantor) -> Kantor:
    """An office in which the Redaktur writes himself, and Sekretaris and Ketua hold no key."""
    work = kantor.desk("pranata-komputer")
    people = work / "office" / "people.yml"
    text = people.read_text("utf-8")
    public = (kantor.keys / "sekretaris.pub").read_text("utf-8").strip()
    text = text.replace(f'kunci: ["{public}"]', "kunci: []")
    people.write_text(text, "utf-8")
    git(work, "-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "--quiet", "-am", "Sekretaris tanpa kunci")
    git(work, "push", "--quiet", "origin", "main")
    kantor.redaksi("kasubag-ptip", "open-office")
    kantor.redaksi("ketua", "open-office")
    return kantor


def today() -> str:
    """The court's day: a sheet is signed after the text that it shows was submitted, and before it is entered."""
    return datetime.now(ZoneInfo("Asia/Jakarta")).date().isoformat()


def half_approved(office: Kantor) -> str:
    """A news item by the Redaktur that the Kasubag approved in his place."""
    said = office.redaksi("redaktur", "new", "berita", "Sidang keliling di Wanayasa")
    path = re.search(r"Naskah (\S+) dibuka", said)
    assert path
    office.write(path[1], desk="redaktur")
    office.redaksi("redaktur", "submit", path[1])
    office.redaksi("kasubag-ptip", "approve", path[1])
    return path[1]


def entered(office: Kantor, path: str, scan: bytes = PDF, code: int = 0, **more: str) -> str:
    place = office.folder / "lembar.pdf"
    place.write_bytes(scan)
    words = {"--official": "sekretaris", "--number": "12/SK/2026", "--date": today()} | more
    flat = [word for pair in words.items() for word in pair]
    return office.redaksi("admin", "paper", "enter", path, *flat, "--scan", str(place), code=code)


def test_a_sheet_that_two_people_handled_carries_a_publication(office: Kantor) -> None:
    path = half_approved(office)
    sheet = office.folder / "lembar.html"
    office.redaksi("admin", "paper", "sheet", path, "--official", "sekretaris", "--out", str(sheet))
    tree = git(office.server, "rev-parse", f"naskah/{identity(office)}:review/{path}")
    assert tree in sheet.read_text("utf-8")
    assert "Sekretaris" in sheet.read_text("utf-8")
    assert "sesudah dicocokkan" in entered(office, path)
    copy = office.folder / "salinan.pdf"
    assert "nomor 12/SK/2026" in office.redaksi("kasubag-ptip", "paper", "scan", path, "--out", str(copy))
    assert copy.read_bytes() == PDF
    office.redaksi("kasubag-ptip", "paper", "confirm", path)
    office.redaksi("penerbit", "publish")
    found = json.loads(office.redaksi("admin", "verify", "--json"))
    approvals = found["proven"][0]["approvals"]
    assert [(a["person"], a["stands_for"], a["grade"]) for a in approvals] == [
        ("kasubag-ptip", "redaktur", "ditandatangani orang"),
        ("sekretaris", "kasubag-ptip", "ditetapkan di atas kertas"),
    ]
    assert found["proven"][0]["grade"] == "ditetapkan di atas kertas"
    assert "records" not in git(office.server, "ls-tree", "--name-only", "main").split()
    assert git(office.server, "ls-tree", "-r", "--name-only", "main^2", "records/kertas").endswith(".pdf")


def identity(office: Kantor) -> str:
    return git(office.server, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/heads/naskah")


def test_whoever_entered_it_does_not_confirm_it(office: Kantor) -> None:
    path = half_approved(office)
    entered(office, path)
    assert "[same-eyes]" in office.redaksi("admin", "paper", "confirm", path, code=1)
    assert "[not-approved]" in office.redaksi("penerbit", "publish", path, code=1)


@pytest.mark.parametrize(
    ("scan", "changes", "code"),
    [
        (b"bukan pdf", {}, "paper-incomplete"),
        (PDF, {"--number": " "}, "paper-incomplete"),
        (PDF, {"--date": "2036-01-01"}, "paper-date"),
        (PDF, {"--date": "2026-11-20"}, "paper-date"),
        (PDF, {"--official": "redaktur"}, "paper-not-allowed"),
        (PDF, {"--official": "siapa"}, "unknown-person"),
    ],
    ids=["no PDF", "no number", "not yet", "before the text", "not on paper", "unknown"],
)
def test_an_incomplete_or_foreign_sheet_is_refused(
    office: Kantor, scan: bytes, changes: dict[str, str], code: str
) -> None:
    path = half_approved(office)
    before = office.refs()
    assert f"[{code}]" in entered(office, path, scan, 1, **changes)
    assert office.refs() == before


def test_a_return_on_paper_goes_back_to_the_author(office: Kantor, tmp_path: Path) -> None:
    path = half_approved(office)
    scan = tmp_path / "tolak.pdf"
    scan.write_bytes(PDF)
    words = ("--official", "sekretaris", "--number", "12", "--date", today(), "--scan", str(scan))
    office.redaksi("admin", "paper", "enter", path, *words, "--returned", "fakta", "Tanggalnya belum pasti")
    office.redaksi("kasubag-ptip", "paper", "confirm", path)
    assert "dikembalikan" in office.redaksi("admin", "status")
