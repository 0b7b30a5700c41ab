"""An office that lived through a quarter: everything that evidence must be able to tell happened in it once.

It is made once a process, for it takes a while; tests only look at it.
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from kantor import Kantor, git

from pipeline.stages import stamps
from pipeline.world.repo import Repository, Signer

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
LETTER = "W11-A9/21/KP/2026"
REASON = "jam layanan berubah dan sedang dicocokkan"
TITLE = 'Kunjungan kerja & "rapat" bersama'
WORDS = "Hari <b>belum</b> disebut </script><script>alert(1)</script>."
OLD_SOP, NEW_SOP = "2024-11-26", "2026-01-05"
PK, KASUBAG = "pranata-komputer", "kasubag-ptip"
_LIVED: dict[Path, Quarter] = {}


def today() -> date:
    """The court's day."""
    return datetime.now(UTC).astimezone(ZoneInfo("Asia/Jakarta")).date()


def this_quarter() -> str:
    """The name of the period in which the quarter was lived."""
    day = today()
    return f"{day.year}-Q{(day.month + 2) // 3}"


@dataclass(frozen=True)
class Quarter:
    """The office, and the documents by what happened to them."""

    office: Kantor
    returned: str
    acting: str
    paper: str
    in_work: str
    withdrawn: str = "layanan/jam-layanan"
    untouched: str = "layanan/biaya-perkara"

    def evidence(self, *words: str, code: int = 0) -> str:
        """What ``redaksi evidence`` says."""
        return self.office.redaksi("admin", "evidence", *words, code=code)


@pytest.fixture
def quarter(
    tmp_path_factory: pytest.TempPathFactory, _seed: Path, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> Quarter:
    """The office that lived through the quarter."""
    if keys not in _LIVED:
        folder = tmp_path_factory.mktemp("triwulan")
        shutil.copytree(_seed, folder / "server.git")
        _LIVED[keys] = _lived(Kantor(folder=folder, keys=keys, monkeypatch=monkeypatch))
    lived = _LIVED[keys]
    return replace(lived, office=replace(lived.office, monkeypatch=monkeypatch))


def _lived(kantor: Kantor) -> Quarter:
    """Live through it: returns, an exception, a Plh, a substitute on paper, policy, a withdrawal, a second edition."""
    _staffed(kantor)
    kantor.redaksi(KASUBAG, "open-office")
    kantor.redaksi("ketua", "open-office")
    returned = _returned_once(kantor)
    acting = kantor.submitted("Pelatihan petugas informasi")
    kantor.redaksi(PK, "approve", acting)
    kantor.redaksi(KASUBAG, "approve", acting)
    paper = _on_paper(kantor)
    kantor.redaksi("penerbit", "publish")
    _stamped(kantor, acting)
    _new_sop(kantor)
    _second_edition(kantor, returned)
    kantor.redaksi("redaktur", "withdraw", "layanan/jam-layanan", REASON)
    in_work = kantor.submitted("Rapat koordinasi bulanan")
    kantor.redaksi("redaktur", "return", in_work, "Siapa yang hadir?", "--reason", "tidak-lengkap")
    return Quarter(office=kantor, returned=returned, acting=acting, paper=paper, in_work=in_work)


def _staffed(kantor: Kantor) -> None:
    """The Sekretaris holds no key; the Pranata Komputer is Plh Redaktur all year."""
    work = kantor.desk(PK)
    people = work / "office" / "people.yml"
    text = people.read_text("utf-8")
    public = (kantor.keys / "sekretaris.pub").read_text("utf-8").strip()
    text = text.replace(f'kunci: ["{public}"]', "kunci: []")
    year = today().year
    period = f"{{peran: redaktur, sebagai: Plh, mulai: {year}-01-01, sampai: {year}-12-31, surat: {LETTER}}}"
    text = text.replace("peran: [pranata-komputer]", f"peran: [pranata-komputer]\n    wakil:\n      - {period}")
    people.write_text(text, "utf-8")
    git(work, "-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "--quiet", "-am", "Petugas")
    git(work, "push", "--quiet", "origin", "main")


def _returned_once(kantor: Kantor) -> str:
    exception = "[{aturan: doubled-word, alasan: nama tempat Bora Bora memang berulang}]"
    path = kantor.submitted(TITLE, izinkan=exception, body="Kunjungan ke Bora Bora.\n")
    kantor.redaksi("redaktur", "read", path)
    kantor.redaksi("redaktur", "return", path, WORDS, "--reason", "fakta", "--note", "3", "Hari apa?")
    kantor.redaksi("admin", "edit", path)
    kantor.write(path, body="Kunjungan ke Bora Bora pada hari Senin.\n")
    kantor.redaksi("admin", "submit", path)
    for person in ("redaktur", KASUBAG):
        kantor.redaksi(person, "read", path)
        kantor.redaksi(person, "approve", path)
    return path


def _on_paper(kantor: Kantor) -> str:
    """The Kasubag wrote it, so the Sekretaris decides in that place: on paper, for want of a key."""
    said = kantor.redaksi(KASUBAG, "new", "berita", "Sidang keliling di Wanayasa")
    found = re.search(r"Naskah (\S+) dibuka", said)
    assert found
    kantor.write(found[1], desk=KASUBAG)
    kantor.redaksi(KASUBAG, "submit", found[1])
    kantor.redaksi("redaktur", "approve", found[1])
    scan = kantor.folder / "lembar.pdf"
    scan.write_bytes(PDF)
    words = ("--official", "sekretaris", "--number", "12/SK/2026", "--date", today().isoformat(), "--scan", str(scan))
    kantor.redaksi("admin", "paper", "enter", found[1], *words)
    kantor.redaksi(PK, "paper", "confirm", found[1])
    return found[1]


def _stamped(kantor: Kantor, path: str) -> None:
    """The office server noted when it received the approvals of one document."""
    proven = json.loads(kantor.redaksi("admin", "verify", "--json"))["proven"]
    commits = [held["commit"] for proof in proven if proof["document"] == path for held in proof["approvals"]]
    repo = Repository.open(kantor.desk("penerbit"))
    repo.sync()
    gate = Signer(name="gate", email="gate@kantor.invalid", key=str(kantor.keys / "gate"))
    stamps.stamp(repo, {"naskah": commits}, when=datetime.now(UTC), signer=gate)


def _new_sop(kantor: Kantor) -> None:
    git(kantor.desk(PK), "pull", "--quiet", "--ff-only")
    place = kantor.desk(PK) / "office" / "procedures" / "sop.yml"
    place.write_text(place.read_text("utf-8").replace(OLD_SOP, NEW_SOP), "utf-8")
    kantor.redaksi(PK, "policy", "submit", "Revisi SOP 2026")
    kantor.redaksi(KASUBAG, "policy", "approve", "revisi-sop-2026")


def _second_edition(kantor: Kantor, path: str) -> None:
    kantor.redaksi("admin", "edit", path)
    place = kantor.desk("admin") / "drafts" / path / "index.md"
    place.write_text(place.read_text("utf-8").replace("hari Senin", "hari Selasa"), "utf-8")
    kantor.redaksi("admin", "submit", path)
    for person in ("redaktur", KASUBAG):
        kantor.redaksi(person, "approve", path)
    kantor.redaksi("penerbit", "publish")
