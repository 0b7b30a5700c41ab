"""Commands interrupted between any two side effects: nothing is lost, the server holds no half state, the next command works.

Each story is prepared once and copied; the command is then stopped before its first, second, third ... side effect, until it
runs through. A side effect is a file written, a folder renamed, a branch moved.
"""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kantor import Kantor, git
from PIL import Image

from pipeline.world import files
from pipeline.world.repo import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator

TITLE = "Sidang keliling di Wanayasa"
INTERRUPTED = 130
MINE = "Kalimat yang tidak boleh hilang."


@dataclass
class Stopper:
    """Lets a number of side effects happen, then stops the command before the next, as Ctrl+C would."""

    monkeypatch: pytest.MonkeyPatch
    left: int
    inside: bool = False

    def watch(self, place: object, name: str) -> None:
        effect = getattr(place, name)

        def watched(*args: object, **settings: object) -> object:
            if self.inside:
                return effect(*args, **settings)
            if self.left == 0:
                raise KeyboardInterrupt
            self.left -= 1
            self.inside = True
            try:
                return effect(*args, **settings)
            finally:
                self.inside = False

        self.monkeypatch.setattr(place, name, watched)


EFFECTS = ((Repository, "move"), (files, "write_atomic"), (Path, "rename"), (Path, "replace"), (shutil, "rmtree"))


def copied(kantor: Kantor, number: int) -> Kantor:
    """The whole office in another folder, each clone with the server of that folder."""
    folder = kantor.folder.parent / f"{kantor.folder.name}-{number}"
    shutil.copytree(kantor.folder, folder, symlinks=True)
    for config in folder.glob("*/.git/config"):
        config.write_text(config.read_text("utf-8").replace(str(kantor.folder), str(folder)), "utf-8")
    return Kantor(folder=folder, keys=kantor.keys, monkeypatch=kantor.monkeypatch)


def interruptions(
    kantor: Kantor, person: str, *words: str, effects: tuple[tuple[object, str], ...] = EFFECTS
) -> Iterator[Kantor]:
    """The office after the command was stopped at each point, the last one where it was not stopped at all."""
    for number in range(100):
        office = copied(kantor, number)
        with pytest.MonkeyPatch.context() as patch:
            stopper = Stopper(patch, number)
            for place, name in effects:
                stopper.watch(place, name)
            said = office.try_redaksi(person, *words)
        if said.code == INTERRUPTED:
            assert "aman diulangi" in said.text
            sound(office)
        else:
            assert said.code == 0, said.text
            assert number >= 1, "the command had no side effect"
        yield office
        shutil.rmtree(office.folder)
        if said.code == 0:
            return
    pytest.fail("the command does not come to an end")


def sound(kantor: Kantor) -> None:
    """No branch on the server holds something that does not count."""
    found = json.loads(kantor.redaksi("ketua", "status", "--json"))
    assert [row["trouble"] for row in found["open"] if row["trouble"]] == []


def again(kantor: Kantor, person: str, *words: str, done: str = "") -> str:
    """The command once more: it works, or says that it was done already."""
    said = kantor.try_redaksi(person, *words)
    assert said.code == 0 or (done and done in said.text), said.text
    return said.text


def branches(kantor: Kantor, shelf: str = "naskah") -> list[str]:
    return git(kantor.server, "for-each-ref", "--format=%(refname:short)", f"refs/heads/{shelf}").splitlines()


def on_server(kantor: Kantor, shelf: str, path: str) -> str:
    (branch,) = branches(kantor)
    return git(kantor.server, "rev-parse", f"{branch}:{shelf}/{path}")


def lying(kantor: Kantor, path: str, shelf: str = "drafts") -> Path:
    return kantor.desk("admin") / shelf / path / "index.md"


def add(place: Path, sentence: str) -> None:
    place.write_text(place.read_text("utf-8") + f"\n{sentence}\n", "utf-8")


def picture() -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (7.0, 24.0, 0.0)}
    Image.new("RGB", (900, 600), "teal").save(out, "JPEG", exif=exif)
    return out.getvalue()


def with_photo(kantor: Kantor) -> str:
    """A draft with a photo as it comes from a camera, not yet submitted."""
    said = kantor.redaksi("admin", "new", "berita", TITLE)
    path = re.search(r"Naskah (\S+) dibuka", said)[1]
    kantor.write(path)
    (lying(kantor, path).parent / "IMG 1.JPG").write_bytes(picture())
    add(lying(kantor, path), f'{MINE}\n\n![Ketua membuka sidang](<IMG 1.JPG> "Sidang")')
    return path


def returned(kantor: Kantor) -> str:
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "return", path, "Perjelas.", "--reason", "bahasa")
    return path


# -- the Admin --


def test_new(kantor: Kantor) -> None:
    documents = []
    for office in interruptions(kantor, "admin", "new", "berita", TITLE):
        said = again(office, "admin", "new", "berita", TITLE)
        documents.append(len(branches(office)))
        path = re.search(r"Naskah (\S+) ", said)[1]
        office.write(path)
        office.redaksi("admin", "submit", path)
    # Not until its text lay on the desk is the same title a second document.
    assert documents == [1, 1, 1, 2]


def test_submit_with_a_photo(kantor: Kantor) -> None:
    path = with_photo(kantor)
    trees = set()
    for office in interruptions(kantor, "admin", "submit", path):
        again(office, "admin", "submit", path, done="sudah diajukan dan sedang diperiksa")
        trees.add(on_server(office, "review", path))
        assert sorted(p.name for p in lying(office, path).parent.iterdir()) == ["img-1.jpg", "index.md"]
        originals = (office.desk("admin") / ".git" / "redaksi" / "asli").rglob("*.JPG")
        assert [original.read_bytes() for original in originals] == [picture()]
        office.redaksi("redaktur", "return", path, "Perjelas.", "--reason", "bahasa")
        office.redaksi("admin", "edit", path)
        add(lying(office, path), "Kalimat sesudahnya.")
        office.redaksi("admin", "submit", path)
    assert len(trees) == 1


def test_submitting_a_correction_and_going_on_writing(kantor: Kantor) -> None:
    """An interrupted submission must not make the next one look like somebody else's."""
    path = kantor.submitted(TITLE)
    kantor.redaksi("admin", "edit", path)
    add(lying(kantor, path, "review"), MINE)
    for office in interruptions(kantor, "admin", "submit", path):
        add(lying(office, path, "review"), "Kalimat sesudahnya.")
        assert "Koreksi disimpan" in office.redaksi("admin", "submit", path)
        (branch,) = branches(office)
        text = git(office.server, "show", f"{branch}:review/{path}/index.md")
        assert MINE in text
        assert "Kalimat sesudahnya." in text


def test_edit_of_a_draft_that_changed(kantor: Kantor) -> None:
    path = with_photo(kantor)
    kantor.redaksi("admin", "submit", path)
    kantor.redaksi("redaktur", "return", path, "Perjelas.", "--reason", "bahasa")
    kantor.redaksi("pranata-komputer", "edit", path)
    other = kantor.desk("pranata-komputer") / "drafts" / path
    (other / "data.csv").write_text("bulan,perkara\nMei,4\n", "utf-8")
    (other / "img-1.jpg").unlink()
    text = (other / "index.md").read_text("utf-8")
    (other / "index.md").write_text(text.partition("![")[0].rstrip() + "\n", "utf-8")
    kantor.redaksi("pranata-komputer", "submit", path)
    kantor.redaksi("redaktur", "return", path, "Lagi.", "--reason", "bahasa")
    for office in interruptions(kantor, "admin", "edit", path):
        office.redaksi("admin", "edit", path)
        assert sorted(p.name for p in lying(office, path).parent.iterdir()) == ["data.csv", "index.md"]
        add(lying(office, path), MINE)
        office.redaksi("admin", "submit", path)


def test_edit_of_a_published_page(kantor: Kantor) -> None:
    for office in interruptions(kantor, "admin", "edit", "layanan/jam-layanan"):
        office.redaksi("admin", "edit", "layanan/jam-layanan")
        assert len(branches(office)) == 1
        add(lying(office, "layanan/jam-layanan"), MINE)
        office.redaksi("admin", "submit", "jam-layanan")


def test_setting_aside(kantor: Kantor) -> None:
    path = returned(kantor)
    kantor.redaksi("admin", "edit", path)
    add(lying(kantor, path), MINE)
    for office in interruptions(kantor, "admin", "edit", path, "--set-aside"):
        said = again(office, "admin", "edit", path, "--set-aside")
        (aside,) = (office.desk("admin") / "build" / "disisihkan").iterdir()
        assert aside.name in said
        assert MINE in (aside / "index.md").read_text("utf-8")
        assert MINE not in lying(office, path).read_text("utf-8")


def test_save(kantor: Kantor) -> None:
    path = with_photo(kantor)
    for office in interruptions(kantor, "admin", "save", path):
        office.redaksi("admin", "save", path)
        (ref,) = git(office.server, "for-each-ref", "--format=%(refname)", "refs/simpan").splitlines()
        assert git(office.server, "rev-list", "--count", ref) == "1"
        assert MINE in git(office.server, "show", f"{ref}:drafts/{path}/index.md")
        office.redaksi("admin", "submit", path)


# -- the deciders --


def test_approve(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "read", path)
    for office in interruptions(kantor, "redaktur", "approve", path):
        again(office, "redaktur", "approve", path, done="sudah menyetujui")
        (branch,) = branches(office)
        subjects = git(office.server, "log", "--format=%s", branch).splitlines()
        assert subjects.count("Keputusan: disetujui") == 1
        office.redaksi("kasubag-ptip", "approve", path)


def test_return(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    words = ("return", path, "Perjelas.", "--reason", "bahasa")
    for office in interruptions(kantor, "redaktur", *words):
        again(office, "redaktur", *words, done="tidak sedang diperiksa")
        (branch,) = branches(office)
        subjects = git(office.server, "log", "--format=%s", branch).splitlines()
        assert subjects.count("Keputusan: dikembalikan") == 1
        assert "bahasa: Perjelas." in office.redaksi("admin", "edit", path)


def test_retract(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    for office in interruptions(kantor, "admin", "retract", path):
        again(office, "admin", "retract", path, done="Tidak ada keputusan atau pengajuan")
        office.redaksi("admin", "edit", path)
        add(lying(office, path), MINE)
        office.redaksi("admin", "submit", path)


# -- publishing --


def test_publish(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved(TITLE)
    for office in interruptions(kantor, "penerbit", "publish", effects=((Repository, "move"),)):
        office.redaksi("penerbit", "publish")
        assert branches(office) == []
        page = office.folder / "www" / "current" / path / "index.html"
        assert "lebih dekat dengan warga" in page.read_text("utf-8")
        receipts = git(office.server, "ls-tree", "-r", "--name-only", "catatan", "records/terbit/").splitlines()
        assert len(receipts) == 1
        assert "Semua terbukti" in office.redaksi("admin", "verify")


# -- closing, coming back, beginning anew --


def test_discard(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    words = ("discard", path, "--reason", "Batal.")
    for office in interruptions(kantor, "admin", *words):
        again(office, "admin", *words, done="Tidak ada naskah yang cocok")
        assert len(git(office.server, "ls-tree", "-r", "--name-only", "catatan", "records/tutup/").splitlines()) == 1
        assert "Batal." in office.redaksi("admin", "recover")


def test_recover_of_a_vanished_branch(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "status")
    tips = kantor.refs()
    git(kantor.server, "update-ref", "-d", f"refs/heads/{branches(kantor)[0]}")
    kantor.redaksi("redaktur", "status")
    for office in interruptions(kantor, "redaktur", "recover", path):
        again(office, "redaktur", "recover", path, done="Tidak ada naskah yang hilang")
        assert office.refs() == tips
        assert "Tidak ada naskah yang diarsipkan atau hilang" in office.redaksi("redaktur", "recover")


@pytest.mark.parametrize("words", [("restart",), ("clean", "--reason", "Memuat nama anak.")], ids=["restart", "clean"])
def test_beginning_anew_from_review(kantor: Kantor, words: tuple[str, ...]) -> None:
    path = kantor.submitted(TITLE)
    kantor.redaksi("admin", "edit", path)
    add(lying(kantor, path, "review"), MINE)
    command, *options = words
    for office in interruptions(kantor, "admin", command, path, *options):
        office.redaksi("admin", command, path, *options)
        (branch,) = branches(office)
        assert branch.endswith("-2")
        assert MINE in git(office.server, "show", f"{branch}:drafts/{path}/index.md")
        assert MINE in lying(office, path).read_text("utf-8")
        assert len(branches(office, "arsip")) == (command == "restart")
        office.redaksi("admin", "submit", path)
        office.redaksi("redaktur", "approve", path)


# -- a killed process leaves more behind than an interrupted one --


def test_a_file_that_was_left_half_written_is_no_part_of_the_document(kantor: Kantor) -> None:
    path = with_photo(kantor)
    (lying(kantor, path).parent / ".index.md.0123456789ab.baru").write_text("separuh", "utf-8")
    kantor.redaksi("admin", "submit", path)
    (branch,) = branches(kantor)
    names = git(kantor.server, "ls-tree", "-r", "--name-only", branch, f"review/{path}/").splitlines()
    assert [name.rpartition("/")[2] for name in names] == ["img-1.jpg", "index.md"]


def test_a_note_that_cannot_be_read_costs_nothing_but_a_question(kantor: Kantor) -> None:
    path = returned(kantor)
    kantor.redaksi("admin", "edit", path)
    add(lying(kantor, path), MINE)
    for note in (kantor.desk("admin") / ".git" / "redaksi" / "meja").iterdir():
        note.write_text("{", "utf-8")
    said = kantor.redaksi("admin", "submit", path, code=1)
    assert "Beda isi naskah sekarang dengan tulisan Anda" in said
    assert MINE in said.replace("{+", "").replace("+}", "")
    kantor.redaksi("admin", "edit", path, "--set-aside")
    (aside,) = (kantor.desk("admin") / "build" / "disisihkan").iterdir()
    assert MINE in (aside / "index.md").read_text("utf-8")
