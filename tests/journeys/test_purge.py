"""The purge of docs/pemurnian.md, tried: its own commands, on a small office, with what is lost and what stays proven."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from kantor import PROJECT, Kantor, git

if TYPE_CHECKING:
    from pathlib import Path

PAGE = PROJECT / "docs" / "pemurnian.md"
SECRET = "Melati binti Contoh"
BEFORE, STAINED, AFTER = "Berita sebelum kejadian", "Berita yang memuat nama", "Berita sesudah kejadian"


def commands() -> str:
    """The blocks of the page that are to be run, one after another."""
    return "\n".join(re.findall(r"(?ms)^```bash\n(.*?)^```$", PAGE.read_text("utf-8")))


def purge(kantor: Kantor) -> subprocess.CompletedProcess[str]:
    """Run the page's commands on this office; only the two places are ours, and the text to look for."""
    work = kantor.folder / "pemurnian"
    script = re.sub(r"(?m)^SITUS=.*$", f"SITUS={kantor.server}", commands())
    script = re.sub(r"(?m)^KERJA=.*$", f"KERJA={work}", script)
    script = script.replace('cd "$KERJA"\n', f"cd \"$KERJA\"\nprintf '%s\\n' '{SECRET}' > teks.txt\n", 1)
    return subprocess.run(
        ["bash", "-e", "-c", script], capture_output=True, encoding="utf-8", check=False, cwd=kantor.folder
    )


def published(kantor: Kantor, title: str, **changes: str) -> str:
    path = kantor.approved(title, **changes)
    kantor.redaksi("penerbit", "publish")
    return path


def holds(repository: Path, *, text: str = SECRET) -> bool:
    """Whether any object of a repository, reachable or not, holds the text."""
    found = subprocess.run(
        ["git", "cat-file", "--batch-all-objects", "--batch"], cwd=repository, capture_output=True, check=True
    )
    return text.encode() in found.stdout


def verified(kantor: Kantor, person: str, *, code: int | None = None) -> dict[str, list[dict[str, str]]]:
    found: dict[str, list[dict[str, str]]] = json.loads(kantor.redaksi(person, "verify", "--json", code=code))
    return found


@pytest.fixture
def stained(kantor: Kantor) -> Kantor:
    """An office with three publications; the second one's first version held a name, and the page is down by now."""
    kantor.opened()
    published(kantor, BEFORE)
    path = published(kantor, STAINED, body=f"Sidang dihadiri pemohon {SECRET} dari kecamatan.\n")
    published(kantor, AFTER)
    kantor.redaksi("ketua", "withdraw", path, "Memuat nama orang.")
    return kantor


def renewed(kantor: Kantor) -> None:
    """Everybody throws the old clone away, as the page says, and the office is opened again."""
    for person in ("admin", "redaktur", "kasubag-ptip", "sekretaris", "penerbit", "ketua"):
        shutil.rmtree(kantor.folder / person, ignore_errors=True)
    kantor.redaksi("kasubag-ptip", "open-office")
    kantor.redaksi("sekretaris", "open-office")


def test_the_documented_steps_remove_it_and_change_nothing_else(stained: Kantor) -> None:
    tree = git(stained.server, "rev-parse", "main^{tree}")
    assert holds(stained.server)
    done = purge(stained)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not holds(stained.server)
    assert holds(stained.folder / "pemurnian" / "lama.git"), "the copy under lock still has it"
    assert git(stained.server, "rev-parse", "main^{tree}") == tree
    git(stained.server, "fsck", "--full", "--strict")
    numbers = (stained.folder / "pemurnian" / "buruk.nomor").read_text().split()
    assert numbers
    for number in numbers:
        with pytest.raises(subprocess.CalledProcessError):
            git(stained.server, "cat-file", "-e", number)


def test_what_was_proven_before_the_point_stays_proven(stained: Kantor, tmp_path: Path) -> None:
    done = purge(stained)
    (clean,) = re.findall(r"titik bersih: (\w+)", done.stdout)
    git(tmp_path, "clone", "--quiet", "--no-checkout", str(stained.server), "periksa")
    check = tmp_path / "periksa"
    git(check, "update-ref", "refs/heads/main", clean)
    git(check, "remote", "remove", "origin")
    found = json.loads(stained.redaksi("ketua", "-C", str(check), "verify", "--json"))
    assert found["sound"]
    assert [proof["document"] for proof in found["proven"]] == ["berita/2026/berita-sebelum-kejadian"]


def test_verify_is_honest_until_the_office_is_opened_again(stained: Kantor) -> None:
    purge(stained)
    shutil.rmtree(stained.folder / "redaktur")
    found = verified(stained, "redaktur", code=1)
    assert not found["sound"]
    assert [proof["document"] for proof in found["proven"]] == ["berita/2026/berita-sebelum-kejadian"]
    assert len(found["unproven"]) >= 3
    assert "Main di kantor tidak lagi memuat" in stained.redaksi("penerbit", "publish", code=1)

    renewed(stained)
    found = verified(stained, "redaktur", code=0)
    assert found["sound"]
    assert found["proven"] == []
    assert "berita/2026/berita-sesudah-kejadian" in found["taken_over"]
    assert "berita/2026/berita-yang-memuat-nama" not in found["taken_over"]
    path = published(stained, "Berita pertama yang baru")
    assert [proof["document"] for proof in verified(stained, "redaktur")["proven"]] == [path]
    stained.guarded()
    published(stained, "Berita kedua yang baru")


def test_the_steps_stop_while_the_page_still_stands(kantor: Kantor) -> None:
    kantor.opened()
    published(kantor, STAINED, body=f"Sidang dihadiri pemohon {SECRET} dari kecamatan.\n")
    refs = kantor.refs()
    done = purge(kantor)
    assert done.returncode == 1
    assert done.stdout.endswith("BERHENTI\n")
    assert kantor.refs() == refs


def test_the_steps_stop_where_nothing_was_found(kantor: Kantor) -> None:
    kantor.opened()
    refs = kantor.refs()
    assert purge(kantor).returncode == 1
    assert kantor.refs() == refs


def test_what_was_there_from_the_beginning_costs_the_whole_line(kantor: Kantor) -> None:
    kantor.opened()
    kantor.redaksi("ketua", "withdraw", "layanan/jam-layanan", "Memuat nama orang.")
    kantor.monkeypatch.setitem(globals(), "SECRET", "title: Jam layanan")
    done = purge(kantor)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "titik bersih: \n" in done.stdout
    assert not holds(kantor.server, text="title: Jam layanan")
    renewed(kantor)
    assert verified(kantor, "redaktur")["sound"]
