"""Two people and one document: both texts stay, everybody is told, and nobody writes the office into a dead end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from kantor import Kantor, git

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "Sidang keliling di Wanayasa"


def lying(kantor: Kantor, person: str, path: str, shelf: str = "drafts") -> Path:
    return kantor.desk(person) / shelf / path / "index.md"


def change(place: Path, before: str, after: str) -> None:
    text = place.read_text("utf-8")
    assert before in text
    place.write_text(text.replace(before, after), "utf-8")


def refused(kantor: Kantor, person: str, *words: str) -> str:
    before = kantor.refs()
    said = kantor.redaksi(person, *words, code=1)
    assert kantor.refs() == before
    return said


def in_work(kantor: Kantor) -> list[str]:
    return git(kantor.server, "for-each-ref", "--format=%(refname:short)", "refs/heads/naskah").splitlines()


@pytest.fixture
def returned(kantor: Kantor) -> str:
    """A draft that came back, open on the desks of the Admin and of the Pranata Komputer."""
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "return", path, "Perjelas.", "--reason", "bahasa")
    for person in ("admin", "pranata-komputer"):
        kantor.redaksi(person, "edit", path)
    return path


# -- two writers --


def test_the_second_of_two_writers_sees_both_texts_and_loses_none(kantor: Kantor, returned: str) -> None:
    change(lying(kantor, "pranata-komputer", returned), "di luar gedung", "di balai desa")
    change(lying(kantor, "admin", returned), "lebih dekat", "makin dekat")
    kantor.redaksi("pranata-komputer", "submit", returned)
    kantor.redaksi("redaktur", "return", returned, "Hampir.", "--reason", "bahasa")
    said = refused(kantor, "admin", "submit", returned)
    assert "Yang diubah Pranata Komputer (akun peran) sejak Anda membukanya" in said
    assert "[-luar gedung-] {+balai desa+}" in said
    assert "[-lebih-] {+makin+}" in said
    assert said.index("balai desa") < said.index("Yang Anda ubah") < said.index("makin")
    assert "--set-aside" in said
    assert "makin dekat" in lying(kantor, "admin", returned).read_text("utf-8")

    assert "berisi perubahan yang belum diajukan" in refused(kantor, "admin", "edit", returned)
    said = kantor.redaksi("admin", "edit", returned, "--set-aside")
    (aside,) = (kantor.desk("admin") / "build" / "disisihkan").iterdir()
    assert aside.name in said
    assert "makin dekat" in (aside / "index.md").read_text("utf-8")
    assert "balai desa" in lying(kantor, "admin", returned).read_text("utf-8")
    change(lying(kantor, "admin", returned), "lebih dekat", "makin dekat")
    kantor.redaksi("admin", "submit", returned)
    text = git(kantor.server, "show", f"{in_work(kantor)[0]}:review/{returned}/index.md")
    assert "balai desa" in text
    assert "makin dekat" in text


def test_setting_aside_twice_at_the_same_moment_keeps_both(kantor: Kantor, returned: str) -> None:
    for words in ("satu kali", "dua kali"):
        change(lying(kantor, "admin", returned), "Pengadilan menggelar", f"Pengadilan {words} menggelar")
        kantor.redaksi("admin", "edit", returned, "--set-aside")
    kept = [p / "index.md" for p in (kantor.desk("admin") / "build" / "disisihkan").iterdir()]
    assert len(kept) == 2
    assert {"satu kali", "dua kali"} == {re.search(r"\w+ kali", p.read_text("utf-8"))[0] for p in kept}


def test_a_photo_that_somebody_else_added_is_named_in_the_conflict(kantor: Kantor, returned: str) -> None:
    lying(kantor, "pranata-komputer", returned).with_name("data.csv").write_text("bulan,perkara\nMei,4\n", "utf-8")
    kantor.redaksi("pranata-komputer", "submit", returned)
    kantor.redaksi("redaktur", "return", returned, "Hampir.", "--reason", "bahasa")
    change(lying(kantor, "admin", returned), "lebih dekat", "makin dekat")
    assert "berkas data.csv" in refused(kantor, "admin", "submit", returned)


def test_a_correction_that_came_first_is_not_overwritten_by_another(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    for person in ("redaktur", "kasubag-ptip"):
        kantor.redaksi(person, "edit", path)
    change(lying(kantor, "redaktur", path, "review"), "lebih dekat", "makin dekat")
    change(lying(kantor, "kasubag-ptip", path, "review"), "di luar gedung", "di balai desa")
    kantor.redaksi("redaktur", "submit", path)
    said = refused(kantor, "kasubag-ptip", "submit", path)
    assert "Yang diubah Redaktur" in said
    assert "{+makin+}" in said


def test_two_submissions_at_once_leave_one_and_tell_the_other(kantor: Kantor, returned: str) -> None:
    """The second person's clone has not heard of the first one's submission when it pushes."""
    from pipeline.world.repo import Repository

    change(lying(kantor, "admin", returned), "lebih dekat", "makin dekat")
    change(lying(kantor, "pranata-komputer", returned), "lebih dekat", "sangat dekat")
    move = Repository.move

    def first_the_other(repo: Repository, *moves: object) -> None:
        kantor.monkeypatch.setattr(Repository, "move", move)
        kantor.redaksi("pranata-komputer", "submit", returned)
        move(repo, *moves)

    kantor.monkeypatch.setattr(Repository, "move", first_the_other)
    said = kantor.redaksi("admin", "submit", returned, code=1)
    assert "Orang lain lebih dahulu" in said
    assert "sangat dekat" in git(kantor.server, "show", f"{in_work(kantor)[0]}:review/{returned}/index.md")
    assert "makin dekat" in lying(kantor, "admin", returned).read_text("utf-8")
    assert "sedang diperiksa" in kantor.redaksi("admin", "submit", returned, code=1)


# -- nobody writes the office into a dead end --


def without(kantor: Kantor, *people: str) -> None:
    """Take the roles of these people away on main, before the office is opened."""
    work = kantor.folder / "aturan"
    git(kantor.folder, "clone", "--quiet", str(kantor.server), str(work))
    place = work / "office" / "people.yml"
    text = place.read_text("utf-8")
    for person in people:
        text, count = re.subn(rf"(?m)(^  {person}:\n(?:    .*\n)*?    peran: )\[[^]]*\]", r"\1[]", text)
        assert count == 1
    place.write_text(text, "utf-8")
    git(work, "-c", "user.name=x", "-c", "user.email=x@y.invalid", "commit", "--quiet", "-am", "kantor kecil")
    git(work, "push", "--quiet", "origin", "main")


def test_in_an_office_of_three_the_redaktur_may_correct_but_not_write(kantor: Kantor) -> None:
    without(kantor, "sekretaris", "ketua")
    said = refused(kantor, "redaktur", "new", "berita", TITLE)
    assert "tidak ada lagi yang dapat memutuskannya" in said
    assert "Kasubag PTIP" in said
    assert "koreksilah" in said
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "edit", path)
    change(lying(kantor, "redaktur", path, "review"), "lebih dekat", "makin dekat")
    kantor.redaksi("redaktur", "submit", path)
    kantor.redaksi("redaktur", "return", path, "Lengkapi.", "--reason", "bahasa")
    kantor.redaksi("redaktur", "edit", path)
    change(lying(kantor, "redaktur", path), "makin dekat", "sangat dekat")
    assert "tidak ada lagi yang dapat memutuskannya" in refused(kantor, "redaktur", "submit", path)
    kantor.redaksi("admin", "edit", path)
    change(lying(kantor, "admin", path), "makin dekat", "amat dekat")
    kantor.redaksi("admin", "submit", path)


def test_where_superiors_are_left_the_redaktur_may_write(kantor: Kantor) -> None:
    kantor.redaksi("redaktur", "new", "berita", TITLE)
    assert len(in_work(kantor)) == 1


def test_a_vacancy_is_not_blamed_on_whoever_writes(kantor: Kantor) -> None:
    without(kantor, "redaktur")
    kantor.redaksi("admin", "new", "berita", TITLE)
    assert len(in_work(kantor)) == 1


# -- closing and coming back --


@pytest.mark.parametrize("guarded", [False, True])
def test_a_closed_document_leaves_the_board_and_comes_back_as_it_was(kantor: Kantor, *, guarded: bool) -> None:
    if guarded:
        kantor.opened().guarded()
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "approve", path)
    before = git(kantor.server, "for-each-ref", "refs/heads/naskah")
    assert "ditutup" in kantor.redaksi("admin", "discard", path, "--reason", "Kegiatannya batal.")
    assert in_work(kantor) == []
    assert TITLE not in kantor.redaksi("admin", "status")
    said = kantor.redaksi("kasubag-ptip", "recover")
    assert "ditutup Admin Website (akun peran)" in said
    assert "Kegiatannya batal." in said
    assert "kembali seperti sebelumnya" in kantor.redaksi("kasubag-ptip", "recover", "wanayasa")
    assert git(kantor.server, "for-each-ref", "refs/heads/naskah") == before
    assert git(kantor.server, "for-each-ref", "refs/heads/arsip") == ""
    assert "menunggu Kasubag PTIP" in kantor.redaksi("admin", "status")


def test_only_its_authors_and_deciders_close_a_document_and_only_with_a_reason(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    assert "bukan penulis" in refused(kantor, "ketua", "discard", path, "--reason", "Tidak perlu.")
    assert "Alasan belum ditulis" in refused(kantor, "admin", "discard", path, "--reason", "  ")
    said = refused(kantor, "admin", "discard", path, "--reason", "Memuat NIK 3379991203560001.")
    assert "tersimpan selamanya" in said
    kantor.redaksi("admin", "discard", path, "--reason", "Memuat data pribadi.", "--dry-run")
    assert len(in_work(kantor)) == 1
    kantor.redaksi("redaktur", "discard", path, "--reason", "Memuat data pribadi.")
    assert in_work(kantor) == []


def test_the_address_of_a_closed_document_is_free_and_then_it_does_not_come_back(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    kantor.redaksi("admin", "discard", path, "--reason", "Diganti.")
    for left in ("drafts", "review"):
        git(kantor.desk("admin"), "clean", "-fdxq", left)
    assert f"Naskah {path} dibuka." in kantor.redaksi("admin", "new", "berita", TITLE)
    assert "sedang dikerjakan" in refused(kantor, "admin", "recover", path)


# -- a branch that vanished --


def test_a_branch_deleted_by_mistake_comes_back_from_any_clone_that_knew_it(kantor: Kantor) -> None:
    path = kantor.submitted(TITLE)
    kantor.redaksi("redaktur", "status")
    kantor.redaksi("ketua", "status")
    before = git(kantor.server, "for-each-ref", "refs/heads/naskah")
    git(kantor.server, "update-ref", "-d", f"refs/heads/{in_work(kantor)[0]}")
    git(kantor.server, "gc", "--quiet", "--prune=now")
    kantor.redaksi("redaktur", "status")
    git(kantor.desk("redaktur"), "gc", "--quiet", "--prune=now")
    said = kantor.redaksi("redaktur", "recover")
    assert path in said
    assert "hilang dari server kantor" in said
    assert "Tidak ada naskah yang hilang" in refused(kantor, "sekretaris", "recover", path)
    kantor.redaksi("redaktur", "recover", path)
    assert git(kantor.server, "for-each-ref", "refs/heads/naskah") == before
    for person in ("redaktur", "ketua"):
        kantor.redaksi(person, "status")
        assert git(kantor.desk(person), "for-each-ref", "refs/redaksi") == ""
    kantor.redaksi("redaktur", "approve", path)


def test_what_was_published_closed_or_begun_anew_is_not_called_lost(kantor: Kantor) -> None:
    kantor.opened()
    published = kantor.approved("Berita yang terbit")
    closed = kantor.submitted("Berita yang ditutup")
    restarted = kantor.submitted("Berita yang dimulai lagi")
    cleaned = kantor.submitted("Berita yang dibersihkan")
    kantor.redaksi("ketua", "status")
    kantor.redaksi("penerbit", "publish", published)
    kantor.redaksi("admin", "discard", closed, "--reason", "Batal.")
    kantor.redaksi("admin", "restart", restarted)
    kantor.redaksi("admin", "clean", cleaned, "--reason", "Memuat nama anak.")
    kantor.redaksi("ketua", "status")
    assert git(kantor.desk("ketua"), "for-each-ref", "refs/redaksi") == ""


# -- beginning anew --


def publish_the_hours(kantor: Kantor) -> str:
    """Let the page of opening hours change on main while the Admin edits it too; say the Admin's working copy."""
    kantor.redaksi("admin", "edit", "layanan/jam-layanan")
    mine = lying(kantor, "admin", "layanan/jam-layanan")
    kantor.redaksi("admin", "discard", "jam-layanan", "--reason", "Nanti dulu.")
    kantor.redaksi("pranata-komputer", "edit", "layanan/jam-layanan")
    change(lying(kantor, "pranata-komputer", "layanan/jam-layanan"), "secara ringkas", "secara lengkap")
    kantor.redaksi("pranata-komputer", "submit", "jam-layanan")
    for person in ("redaktur", "kasubag-ptip"):
        kantor.redaksi(person, "approve", "jam-layanan")
    kantor.redaksi("penerbit", "publish")
    kantor.redaksi("admin", "recover", "jam-layanan")
    return str(mine)


@pytest.mark.parametrize("guarded", [False, True])
def test_a_page_that_changed_meanwhile_is_begun_anew_with_both_changes_in_sight(
    kantor: Kantor, *, guarded: bool
) -> None:
    kantor.opened()
    if guarded:
        kantor.guarded()
    publish_the_hours(kantor)
    change(lying(kantor, "admin", "layanan/jam-layanan"), "kepada masyarakat.", "kepada warga.")
    assert "sudah terbit berubah" in refused(kantor, "admin", "submit", "jam-layanan")
    said = kantor.redaksi("admin", "restart", "jam-layanan")
    assert "persetujuan lama tidak ikut" in said
    assert "[-ringkas.-] {+lengkap.+}" in said
    assert re.fullmatch(r"naskah/2026aaaaaa-2", in_work(kantor)[0])
    assert "arsip/2026aaaaaa" in kantor.refs()
    kantor.redaksi("admin", "submit", "jam-layanan")
    for person in ("redaktur", "kasubag-ptip"):
        kantor.redaksi(person, "approve", "jam-layanan")
    kantor.redaksi("penerbit", "publish")
    assert "kepada warga." in git(kantor.server, "show", "main:content/layanan/jam-layanan/index.md")
    assert "Semua terbukti" in kantor.redaksi("admin", "verify")
