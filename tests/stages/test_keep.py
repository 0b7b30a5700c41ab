"""Saves while writing, and documents begun anew: what stays, what goes, and that each goes only when it should."""

from __future__ import annotations

import io
import re
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from kantor import Kantor, git
from PIL import Image

from pipeline.picture_metadata import metadata_in
from pipeline.world import clock

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "Sidang keliling di Wanayasa"
NUMBER = "3379991203560001"


def begun(kantor: Kantor, title: str = TITLE) -> str:
    """The path of a news item that the Admin began and wrote, not yet submitted."""
    said = kantor.redaksi("admin", "new", "berita", title)
    path = re.search(r"Naskah (\S+) dibuka", said)
    assert path
    kantor.write(path[1])
    return path[1]


def text_of(kantor: Kantor, path: str, person: str = "admin", shelf: str = "drafts") -> Path:
    return kantor.desk(person) / shelf / path / "index.md"


def add(place: Path, sentence: str) -> None:
    place.write_text(place.read_text("utf-8") + f"\n{sentence}\n", "utf-8")


def saves(kantor: Kantor) -> dict[str, str]:
    lines = git(kantor.server, "for-each-ref", "--format=%(refname) %(objectname)", "refs/simpan").splitlines()
    return dict(line.split(" ") for line in lines)


def photo_with_place() -> bytes:
    picture, out = Image.new("RGB", (900, 600), "teal"), io.BytesIO()
    exif = Image.Exif()
    exif[0x8825] = {1: "S", 2: (7.0, 24.0, 0.0)}
    picture.save(out, "JPEG", exif=exif)
    return out.getvalue()


def other_computer(kantor: Kantor, person: str = "admin") -> str:
    """A second clone of the same person; its name as a desk."""
    git(kantor.folder, "clone", "--quiet", str(kantor.server), str(kantor.folder / f"{person}-rumah"))
    return f"{person}-rumah"


# -- saving --


@pytest.mark.parametrize("guarded", [False, True])
def test_what_is_saved_on_one_computer_is_opened_on_another(kantor: Kantor, *, guarded: bool) -> None:
    if guarded:
        kantor.opened().guarded()
    path = begun(kantor)
    assert "Tersimpan di server kantor" in kantor.redaksi("admin", "save", path)
    home = other_computer(kantor)
    said = kantor.redaksi("admin", "edit", path, desk=home)
    assert "Ada simpanan Anda" in said
    assert "di luar gedung" not in (kantor.folder / home / "drafts" / path / "index.md").read_text("utf-8")
    kantor.redaksi("admin", "edit", path, "--saved", desk=home)
    at_home = kantor.folder / home / "drafts" / path / "index.md"
    assert at_home.read_bytes() == text_of(kantor, path).read_bytes()
    add(at_home, "Warga menyambut baik sidang itu.")
    kantor.redaksi("admin", "save", path, desk=home)
    add(at_home, "Kalimat terakhir.")
    kantor.redaksi("admin", "submit", path, desk=home)
    assert "Ada simpanan" not in kantor.redaksi("admin", "edit", path, desk=home)


def test_a_save_holds_only_this_document_signed_on_top_of_the_last_one(kantor: Kantor) -> None:
    path = begun(kantor)
    kantor.redaksi("admin", "save", path)
    ((ref, first),) = saves(kantor).items()
    assert re.fullmatch(r"refs/simpan/20\d\d[a-z0-9]{6}/admin", ref)
    assert git(kantor.server, "ls-tree", "-r", "--name-only", first) == f"drafts/{path}/index.md"
    assert git(kantor.server, "rev-list", "--count", first) == "1"
    add(text_of(kantor, path), "Sidang berlangsung tertib.")
    kantor.redaksi("admin", "save", path)
    second = saves(kantor)[ref]
    assert git(kantor.server, "rev-parse", f"{second}^") == first
    assert git(kantor.server, "log", "--format=%ae", second).splitlines() == ["admin@kantor.invalid"] * 2
    assert git(kantor.server, "cat-file", "commit", second).count("gpgsig") == 1
    assert "Sudah tersimpan" in kantor.redaksi("admin", "save", path)
    assert saves(kantor)[ref] == second


def test_an_older_save_is_still_there_and_each_person_has_their_own(kantor: Kantor) -> None:
    path = begun(kantor)
    for sentence in ("Kalimat pertama.", "Kalimat kedua."):
        add(text_of(kantor, path), sentence)
        kantor.redaksi("admin", "save", path)
    kantor.redaksi("admin", "edit", path, "--saved", "--older", "1")
    assert "Kalimat kedua" not in text_of(kantor, path).read_text("utf-8")
    kantor.redaksi("admin", "edit", path, "--saved")
    assert "Kalimat kedua" in text_of(kantor, path).read_text("utf-8")
    assert "ada 2" in kantor.redaksi("admin", "edit", path, "--saved", "--older", "2", code=1)
    assert "ada 0" in kantor.redaksi("redaktur", "edit", path, "--saved", code=1)


def test_photos_are_cleaned_before_they_are_saved(kantor: Kantor) -> None:
    path = begun(kantor)
    folder = text_of(kantor, path).parent
    (folder / "IMG 1.JPG").write_bytes(photo_with_place())
    add(folder / "index.md", "![Ketua membuka sidang](<IMG 1.JPG>)")
    said = kantor.redaksi("admin", "save", path)
    assert "lokasi (GPS)" in said
    (ref,) = saves(kantor)
    assert "IMG" not in git(kantor.server, "ls-tree", "-r", "--name-only", ref)
    assert metadata_in((folder / "img-1.jpg").read_bytes()) == ()
    assert "](<img-1.jpg>)" in (folder / "index.md").read_text("utf-8")
    blob = git(kantor.server, "rev-parse", f"{ref}:drafts/{path}/img-1.jpg")
    assert blob == git(kantor.desk("admin"), "hash-object", str(folder / "img-1.jpg"))
    originals = (kantor.desk("admin") / ".git" / "redaksi" / "asli").rglob("*.JPG")
    assert [p.read_bytes() for p in originals] == [photo_with_place()]


def test_a_photo_that_cannot_be_cleaned_is_not_saved_and_stays_on_the_desk(kantor: Kantor) -> None:
    path = begun(kantor)
    (text_of(kantor, path).parent / "rusak.jpg").write_bytes(b"\xff\xd8\xff" + b"0" * 50)
    said = kantor.redaksi("admin", "save", path, code=1)
    assert "belum disimpan" in said
    assert "rusak.jpg" in said
    assert saves(kantor) == {}


def test_a_personal_number_in_a_save_is_a_warning_in_a_submission_a_refusal(kantor: Kantor) -> None:
    path = begun(kantor)
    add(text_of(kantor, path), f"Pemohon dengan NIK {NUMBER} hadir.")
    said = kantor.redaksi("admin", "save", path)
    assert "PERHATIAN" in said
    assert NUMBER not in said
    assert len(saves(kantor)) == 1
    kantor.redaksi("admin", "submit", path, code=1)


def test_saving_what_is_not_there_or_not_new_is_refused(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    assert "Tidak ada tulisan baru" in kantor.redaksi("redaktur", "save", path, code=1)
    kantor.redaksi("redaktur", "edit", path)
    assert "sama dengan yang sudah ada" in kantor.redaksi("redaktur", "save", path, code=1)
    assert saves(kantor) == {}


def test_a_rehearsal_of_a_save_changes_nothing(kantor: Kantor) -> None:
    path = begun(kantor)
    (text_of(kantor, path).parent / "IMG 1.JPG").write_bytes(photo_with_place())
    kantor.redaksi("admin", "save", path, "--dry-run")
    assert saves(kantor) == {}
    assert (text_of(kantor, path).parent / "IMG 1.JPG").exists()


def test_a_save_that_was_made_over_an_older_text_is_not_submitted_over_a_newer_one(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "return", path, "Perjelas.", "--reason", "bahasa")
    kantor.redaksi("admin", "edit", path)
    add(text_of(kantor, path), "Kalimat Admin.")
    kantor.redaksi("admin", "save", path)
    kantor.redaksi("pranata-komputer", "edit", path)
    add(text_of(kantor, path, "pranata-komputer"), "Kalimat Pranata.")
    kantor.redaksi("pranata-komputer", "submit", path)
    kantor.redaksi("redaktur", "return", path, "Lagi.", "--reason", "bahasa")
    home = other_computer(kantor)
    kantor.redaksi("admin", "edit", path, "--saved", desk=home)
    said = kantor.redaksi("admin", "submit", path, desk=home, code=1)
    assert "Kalimat Pranata" in said.replace("{+", "")
    assert "Kalimat Admin" in said.replace("{+", "")


def test_a_save_that_somebody_forged_is_not_laid_out(kantor: Kantor) -> None:
    path = begun(kantor)
    kantor.redaksi("admin", "save", path)
    ((ref, tip),) = saves(kantor).items()
    message = git(kantor.server, "log", "-1", "--format=%B", tip)
    forged = git(
        kantor.server,
        *("-c", "user.name=admin", "-c", "user.email=admin@kantor.invalid"),
        *("commit-tree", "-p", tip, "-m", message, f"{tip}^{{tree}}"),
    )
    git(kantor.server, "update-ref", ref, forged)
    assert "ada 0" in kantor.redaksi("admin", "edit", path, "--saved", code=1)


def test_unsaved_writing_is_not_overwritten_by_a_save(kantor: Kantor) -> None:
    path = begun(kantor)
    kantor.redaksi("admin", "save", path)
    add(text_of(kantor, path), "Kalimat yang belum disimpan.")
    assert "belum diajukan maupun disimpan" in kantor.redaksi("admin", "edit", path, "--saved", code=1)
    assert "belum disimpan" in text_of(kantor, path).read_text("utf-8")
    kantor.redaksi("admin", "edit", path, "--saved", "--set-aside")
    assert "belum disimpan" not in text_of(kantor, path).read_text("utf-8")
    (aside,) = (kantor.desk("admin") / "build" / "disisihkan").iterdir()
    assert "belum disimpan" in (aside / "index.md").read_text("utf-8")


def test_a_clone_without_a_server_saves_in_itself(kantor: Kantor) -> None:
    path = begun(kantor)
    git(kantor.desk("admin"), "fetch", "--quiet", "origin", "+refs/heads/*:refs/heads/*", "--update-head-ok")
    git(kantor.desk("admin"), "remote", "remove", "origin")
    kantor.redaksi("admin", "save", path)
    add(text_of(kantor, path), "Kalimat berikutnya.")
    kantor.redaksi("admin", "edit", path, "--saved", "--set-aside")
    assert "Kalimat berikutnya" not in text_of(kantor, path).read_text("utf-8")
    assert saves(kantor) == {}


# -- pruning --


def later(kantor: Kantor, days: float) -> None:
    """Let the program's clock run ahead."""
    moment = datetime.now(UTC) + timedelta(days=days)
    kantor.monkeypatch.setattr(clock, "now", lambda: moment)


@pytest.mark.parametrize("guarded", [False, True])
def test_saves_go_thirty_days_after_the_document_was_published(kantor: Kantor, *, guarded: bool) -> None:
    kantor.opened()
    if guarded:
        kantor.guarded()
    path = begun(kantor)
    kantor.redaksi("admin", "save", path)
    kantor.redaksi("admin", "submit", path)
    for person in ("redaktur", "kasubag-ptip"):
        kantor.redaksi(person, "approve", path)
    later(kantor, 400)
    assert "Tidak ada simpanan" in kantor.redaksi("penerbit", "prune")
    kantor.monkeypatch.undo()
    kantor.redaksi("penerbit", "publish")
    later(kantor, 29)
    assert "Tidak ada simpanan" in kantor.redaksi("penerbit", "prune")
    assert len(saves(kantor)) == 1
    later(kantor, 30.1)
    assert "Akan dihapus" in kantor.redaksi("penerbit", "prune", "--dry-run")
    assert len(saves(kantor)) == 1
    said = kantor.redaksi("penerbit", "prune")
    assert f"Dihapus: simpanan admin atas {path}" in said
    assert saves(kantor) == {}


def test_saves_go_thirty_days_after_the_document_was_closed(kantor: Kantor) -> None:
    closed, working = begun(kantor), begun(kantor, "Sidang keliling di Karangkobar")
    for path in (closed, working):
        kantor.redaksi("admin", "save", path)
    kantor.redaksi("admin", "discard", closed, "--reason", "Batal.")
    later(kantor, 31)
    kantor.redaksi("penerbit", "prune")
    (left,) = saves(kantor)
    assert git(kantor.server, "ls-tree", "-r", "--name-only", left) == f"drafts/{working}/index.md"


def test_saves_of_a_document_whose_branch_vanished_stay_and_are_told(kantor: Kantor) -> None:
    path = begun(kantor)
    kantor.redaksi("admin", "save", path)
    git(
        kantor.server,
        "update-ref",
        "-d",
        git(kantor.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah"),
    )
    later(kantor, 400)
    assert f"Dibiarkan: simpanan admin atas {path}" in kantor.redaksi("penerbit", "prune")
    assert len(saves(kantor)) == 1


def test_saves_of_a_page_that_was_opened_again_and_vanished_outlive_its_first_publication(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved(TITLE)
    kantor.redaksi("penerbit", "publish")
    later(kantor, 10)
    kantor.redaksi("admin", "edit", path)
    add(text_of(kantor, path), "Kalimat tambahan.")
    kantor.redaksi("admin", "save", path)
    git(
        kantor.server,
        "update-ref",
        "-d",
        git(kantor.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah"),
    )
    later(kantor, 90)
    assert "Dibiarkan" in kantor.redaksi("penerbit", "prune")


# -- a history that must not stay --


def smuggled(kantor: Kantor, path: str, sentence: str) -> None:
    """The Admin writes something into the draft's branch by plain Git, past every check."""
    work = kantor.folder / "jalan-belakang"
    shutil.rmtree(work, ignore_errors=True)
    git(kantor.folder, "clone", "--quiet", str(kantor.server), str(work))
    branch = git(work, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin/naskah")
    git(work, "checkout", "--quiet", "-b", "x", f"origin/{branch}")
    add(work / "drafts" / path / "index.md", sentence)
    key = kantor.keys / "admin"
    identity = ("-c", "user.name=admin", "-c", "user.email=admin@kantor.invalid")
    signing = ("-c", "gpg.format=ssh", "-c", f"user.signingkey={key}", "-c", "commit.gpgsign=true")
    git(work, *identity, *signing, "commit", "--quiet", "-am", "Isi naskah")
    git(work, "push", "--quiet", "origin", f"x:{branch}")


def reachable(repository: Path, number: str = NUMBER) -> bool:
    """Whether any object of a repository still holds the number, after Git threw away what nothing refers to."""
    git(repository, "reflog", "expire", "--expire=now", "--all")
    git(repository, "gc", "--quiet", "--prune=now")
    listed = git(repository, "cat-file", "--batch-check=%(objectname) %(objecttype)", "--batch-all-objects")
    blobs = [line.split()[0] for line in listed.splitlines() if line.endswith("blob")]
    return any(number in git(repository, "cat-file", "blob", blob) for blob in blobs)


@pytest.fixture
def stained(kantor: Kantor) -> str:
    """A draft whose branch held a personal number once; its text no longer does."""
    path = begun(kantor)
    smuggled(kantor, path, f"Pemohon dengan NIK {NUMBER} hadir.")
    kantor.redaksi("redaktur", "status")
    kantor.redaksi("admin", "edit", path, "--set-aside")
    kantor.write(path)
    return path


def test_a_cleaned_document_goes_on_and_its_old_history_is_out_of_reach(kantor: Kantor, stained: str) -> None:
    assert reachable(kantor.server)
    said = kantor.redaksi("admin", "clean", stained)
    assert "persetujuan lama tidak ikut" in said
    assert "Yang tercatat sebagai penulis mulai sekarang: Admin" in said
    branches = git(kantor.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah", "refs/heads/arsip")
    assert re.fullmatch(r"refs/heads/naskah/20\d\d[a-z0-9]{6}-2", branches)
    for person in ("redaktur", "admin"):
        kantor.redaksi(person, "status")
        shutil.rmtree(kantor.desk(person) / "build", ignore_errors=True)
        assert not reachable(kantor.desk(person))
    assert not reachable(kantor.server)
    assert "records/tutup/" in git(kantor.server, "ls-tree", "-r", "--name-only", "catatan")
    kantor.redaksi("admin", "submit", stained)
    for person in ("redaktur", "kasubag-ptip"):
        kantor.redaksi(person, "approve", stained)


def test_a_cleaned_document_is_published_and_proven(kantor: Kantor) -> None:
    kantor.opened()
    path = begun(kantor)
    smuggled(kantor, path, f"Pemohon dengan NIK {NUMBER} hadir.")
    kantor.redaksi("admin", "edit", path, "--set-aside")
    kantor.write(path)
    kantor.redaksi("admin", "clean", path)
    kantor.redaksi("admin", "submit", path)
    for person in ("redaktur", "kasubag-ptip"):
        kantor.redaksi(person, "approve", path)
    assert "tayang" in kantor.redaksi("penerbit", "publish")
    assert "Semua terbukti" in kantor.redaksi("admin", "verify")


def test_an_unclean_history_is_not_archived(kantor: Kantor, stained: str) -> None:
    before = kantor.refs()
    assert "redaksi clean" in kantor.redaksi("admin", "restart", stained, code=1)
    assert kantor.refs() == before


def test_cleaning_is_refused_while_the_text_itself_is_unclean(kantor: Kantor) -> None:
    path = begun(kantor)
    smuggled(kantor, path, f"Pemohon dengan NIK {NUMBER} hadir.")
    before = kantor.refs()
    said = kantor.redaksi("redaktur", "clean", path, code=1)
    assert "NIK" in said
    assert NUMBER not in said
    assert kantor.refs() == before


def test_a_clean_history_is_let_go_of_only_for_a_reason_that_is_kept(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    before = kantor.refs()
    assert "tidak menemukan data terlarang" in kantor.redaksi("admin", "clean", path, code=1)
    assert "bukan penulis" in kantor.redaksi("ketua", "clean", path, "--reason", "Nama anak.", code=1)
    kantor.redaksi("admin", "clean", path, "--reason", "Memuat nama anak.", "--dry-run")
    assert kantor.refs() == before
    kantor.redaksi("admin", "clean", path, "--reason", "Memuat nama anak.")
    record = git(kantor.server, "ls-tree", "-r", "--name-only", "catatan", "records/tutup/")
    assert "Memuat nama anak." in git(kantor.server, "show", f"catatan:{record}")


def test_an_unclean_save_goes_with_the_history_and_others_are_named(kantor: Kantor, stained: str) -> None:
    for person in ("admin", "pranata-komputer"):
        if person != "admin":
            kantor.redaksi(person, "edit", stained)
        add(text_of(kantor, stained, person), f"Pemohon dengan NIK {NUMBER} hadir.")
        kantor.redaksi(person, "save", stained)
    kantor.write(stained)
    said = kantor.redaksi("admin", "clean", stained)
    assert "Simpanan pranata-komputer masih memuat" in said
    assert "Simpanan Anda yang memuatnya ikut dihapus" in said
    assert [ref.rpartition("/")[2] for ref in saves(kantor)] == ["pranata-komputer"]


def test_a_guarded_server_lets_go_of_history_and_save_together(kantor: Kantor) -> None:
    kantor.opened().guarded()
    path = begun(kantor)
    add(text_of(kantor, path), f"Pemohon dengan NIK {NUMBER} hadir.")
    kantor.redaksi("admin", "save", path)
    kantor.write(path)
    kantor.redaksi("admin", "clean", path, "--reason", "Memuat nama anak.")
    assert saves(kantor) == {}
    assert git(kantor.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah").endswith("-2")


def test_a_document_in_review_begins_anew_as_a_draft_with_nothing_lost(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "approve", path)
    kantor.redaksi("admin", "edit", path)
    add(text_of(kantor, path, shelf="review"), "Kalimat koreksi.")
    add(text_of(kantor, path), "Kalimat lama di folder draf.")
    kantor.redaksi("admin", "restart", path)
    assert "Kalimat koreksi" in text_of(kantor, path).read_text("utf-8")
    assert not text_of(kantor, path, shelf="review").exists()
    (aside,) = (kantor.desk("admin") / "build" / "disisihkan").iterdir()
    assert "Kalimat lama" in (aside / "index.md").read_text("utf-8")
    assert "menunggu Redaktur" not in kantor.redaksi("admin", "status")
    kantor.redaksi("admin", "submit", path)
    assert "Kalimat koreksi" in kantor.redaksi("redaktur", "read", path)


def test_a_second_restart_counts_on(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    for attempt in (2, 3):
        kantor.redaksi("admin", "restart", path)
        assert "tidak ada yang perlu diulang" in kantor.redaksi("admin", "restart", path)
        branch = git(kantor.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah")
        assert branch.endswith(f"-{attempt}")
        kantor.redaksi("admin", "submit", path)
    archived = git(kantor.server, "for-each-ref", "--format=%(refname)", "refs/heads/arsip").splitlines()
    assert len(archived) == 2
    assert path in kantor.redaksi("admin", "recover")
    assert "sedang dikerjakan" in kantor.redaksi("admin", "recover", archived[0].rpartition("/")[2], code=1)
