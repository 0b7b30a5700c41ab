"""Bad input along the way: one clear sentence each, nothing changed, the exit code of the table."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from kantor import Kantor, git

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def refused(kantor: Kantor, person: str, *words: str, code: int = 1) -> str:
    """What the command says when it refuses: a sentence, a remedy, and every branch as before."""
    before = kantor.refs()
    said = kantor.redaksi(person, *words, code=code)
    assert "→ " in said
    assert "Traceback" not in said
    assert kantor.refs() == before
    return said


def test_an_unknown_person(kantor: Kantor) -> None:
    path = kantor.submitted()
    assert "orang-asing tidak terdaftar" in refused(kantor, "orang-asing", "approve", path)


def test_a_person_without_the_role(kantor: Kantor) -> None:
    path = kantor.submitted()
    assert "tidak menjabat sebagai Redaktur" in refused(kantor, "sekretaris", "approve", path)


def test_the_author_approves(kantor: Kantor) -> None:
    path = kantor.submitted()
    assert "tidak menjabat sebagai Redaktur" in refused(kantor, "admin", "approve", path)


def test_the_kasubag_before_the_redaktur(kantor: Kantor) -> None:
    path = kantor.submitted()
    assert "menunggu keputusan Redaktur" in refused(kantor, "kasubag-ptip", "approve", path)


def test_approving_twice(kantor: Kantor) -> None:
    path = kantor.submitted()
    kantor.redaksi("redaktur", "approve", path)
    assert "sudah menyetujui" in refused(kantor, "redaktur", "approve", path)


def test_a_document_that_does_not_exist(kantor: Kantor) -> None:
    assert "Tidak ada naskah yang cocok" in refused(kantor, "redaktur", "read", "berita/2026/tidak-ada")


def test_a_name_that_fits_two_documents(kantor: Kantor) -> None:
    kantor.submitted("Sidang keliling satu")
    kantor.submitted("Sidang keliling dua")
    assert "Ada 2 naskah" in refused(kantor, "redaktur", "read", "sidang-keliling")


def test_publishing_what_is_not_approved(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.submitted()
    assert "belum disetujui; naskah ini menunggu Redaktur" in refused(kantor, "penerbit", "publish", path)


def test_a_change_after_the_approval(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved()
    kantor.redaksi("admin", "edit", path)
    source = kantor.desk("admin") / "review" / path / "index.md"
    source.write_text(source.read_text("utf-8").replace("warga.", "warga;"), "utf-8")
    kantor.redaksi("admin", "submit", path)
    said = refused(kantor, "penerbit", "publish", path)
    assert "berubah sesudah disetujui Redaktur dan Kasubag PTIP" in said


def test_submitting_twice(kantor: Kantor) -> None:
    path = kantor.submitted()
    assert "Tidak ada perubahan untuk diajukan" in refused(kantor, "admin", "submit", path)


def test_a_return_with_an_unknown_reason(kantor: Kantor) -> None:
    path = kantor.submitted()
    said = refused(kantor, "redaktur", "return", path, "Pesan", "--reason", "entah")
    assert "Tidak ada kode alasan" in said
    assert "bahasa" in said


def test_a_note_at_a_line_that_does_not_exist(kantor: Kantor) -> None:
    path = kantor.submitted()
    said = refused(kantor, "redaktur", "return", path, "Pesan", "--reason", "bahasa", "--note", "900", "Di mana?")
    assert "baris 900" in said


def test_retracting_what_one_never_decided(kantor: Kantor) -> None:
    path = kantor.submitted()
    assert "Tidak ada keputusan atau pengajuan" in refused(kantor, "kasubag-ptip", "retract", path)


def test_an_unknown_kind(kantor: Kantor) -> None:
    assert "Tidak ada jenis naskah" in refused(kantor, "admin", "new", "puisi", "Judul naskah")


def test_a_page_without_a_section(kantor: Kantor) -> None:
    assert "bagian situs" in refused(kantor, "admin", "new", "halaman", "Judul halaman")


def test_a_key_that_is_not_the_persons(kantor: Kantor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kantor.submitted()
    stolen = tmp_path / "kunci-lain"
    stolen.mkdir()
    (stolen / "redaktur").write_bytes((kantor.keys / "orang-luar").read_bytes())
    (stolen / "redaktur").chmod(0o600)
    monkeypatch.setattr(kantor, "keys", stolen)
    assert "bukan kunci" in refused(kantor, "redaktur", "approve", path, code=2)


def test_front_matter_that_does_not_close(kantor: Kantor) -> None:
    kantor.redaksi("admin", "new", "berita", "Judul naskah yang wajar")
    path = "berita/2026/judul-naskah-yang-wajar"
    source = kantor.desk("admin") / "drafts" / path / "index.md"
    text = source.read_text("utf-8")
    source.write_text(text.replace("\n---\n", "\n", 1), "utf-8")
    before = kantor.refs()
    said = kantor.redaksi("admin", "submit", path, code=1)
    assert "galat" in said
    assert "front-matter" in said
    assert kantor.refs() == before


def test_an_office_file_with_a_typing_mistake(kantor: Kantor) -> None:
    work = kantor.folder / "perbaikan"
    git(kantor.folder, "clone", "--quiet", str(kantor.server), str(work))
    people = work / "office" / "people.yml"
    people.write_text(people.read_text("utf-8").replace("    nama: Redaktur", "    namma: Redaktur", 1), "utf-8")
    git(work, "-c", "user.name=x", "-c", "user.email=x@y.invalid", "commit", "--quiet", "-am", "salah ketik")
    git(work, "push", "--quiet", "origin", "main")
    said = refused(kantor, "admin", "status", code=2)
    assert "office/people.yml" in said
    assert "namma" in said


def test_an_unknown_option_and_an_unknown_command(kantor: Kantor) -> None:
    assert "tidak dikenal" in refused(kantor, "admin", "status", "--warna", code=2)
    assert "tidak dikenal" in refused(kantor, "admin", "terbitkan", code=2)


def test_outside_a_repository(kantor: Kantor, tmp_path: Path) -> None:
    (tmp_path / "kosong").mkdir()
    said = kantor.redaksi("admin", "-C", str(tmp_path / "kosong"), "status", code=None)
    assert "bukan bagian dari repositori kantor" in said


def test_two_people_on_one_draft_lose_nothing(kantor: Kantor) -> None:
    path = kantor.submitted()
    kantor.redaksi("redaktur", "edit", path)
    kantor.redaksi("kasubag-ptip", "edit", path)
    first = kantor.desk("redaktur") / "review" / path / "index.md"
    first.write_text(first.read_text("utf-8").replace("lebih dekat", "makin dekat"), "utf-8")
    second = kantor.desk("kasubag-ptip") / "review" / path / "index.md"
    second.write_text(second.read_text("utf-8").replace("lebih dekat", "semakin dekat"), "utf-8")
    kantor.redaksi("redaktur", "submit", path)
    assert "diubah orang lain" in refused(kantor, "kasubag-ptip", "submit", path)
    assert "semakin dekat" in second.read_text("utf-8")
    assert "belum diajukan" in refused(kantor, "kasubag-ptip", "edit", path)
    assert "semakin dekat" in second.read_text("utf-8")


def test_two_people_at_one_desk_lose_nothing(kantor: Kantor) -> None:
    path = kantor.submitted()
    kantor.redaksi("redaktur", "edit", path, desk="admin")
    source = kantor.desk("admin") / "review" / path / "index.md"
    source.write_text(source.read_text("utf-8").replace("lebih dekat", "semakin dekat"), "utf-8")
    kantor.redaksi("redaktur", "submit", path, desk="admin")
    kantor.redaksi("redaktur", "return", path, "Lengkapi.", "--reason", "bahasa", desk="admin")
    kantor.redaksi("admin", "edit", path)
    assert "semakin dekat" in (kantor.desk("admin") / "drafts" / path / "index.md").read_text("utf-8")


def test_a_copy_from_another_computer_overwrites_nothing(kantor: Kantor) -> None:
    path = kantor.submitted()
    shutil.copytree(kantor.desk("admin") / "drafts" / path, kantor.desk("redaktur") / "drafts" / path)
    kantor.redaksi("admin", "retract", path)
    kantor.redaksi("admin", "edit", path)
    kantor.write(path, body="Kalimat baru yang panjangnya cukup untuk sebuah berita.\n")
    kantor.redaksi("admin", "submit", path)
    kantor.redaksi("admin", "retract", path)
    assert "diubah orang lain" in refused(kantor, "redaktur", "submit", path)


def test_two_documents_at_one_path_are_told_apart_by_their_ids(kantor: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    path = kantor.submitted()
    first = git(kantor.server, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/heads/naskah")
    monkeypatch.setattr("pipeline.stages.draft._free_path", lambda *_: path)  # as if both had begun at once
    kantor.redaksi("redaktur", "new", "berita", "Sidang keliling di Wanayasa")
    assert first in refused(kantor, "kasubag-ptip", "read", path)
    assert "Sidang keliling" in kantor.redaksi("kasubag-ptip", "read", first)


def test_notes_of_this_clone_that_got_damaged_are_forgotten(kantor: Kantor) -> None:
    path = kantor.submitted()
    kantor.redaksi("redaktur", "read", path)
    for desk in ("admin", "redaktur"):
        for note in (kantor.desk(desk) / ".git" / "redaksi").rglob("*.json"):
            note.write_text("{", "utf-8")
    assert "tidak terukur" in kantor.redaksi("redaktur", "approve", path)
    kantor.redaksi("admin", "edit", path)


def test_an_exact_address_never_means_another_document(kantor: Kantor) -> None:
    kantor.opened()
    first = kantor.approved("Jadwal libur hari raya")
    kantor.redaksi("penerbit", "publish")
    kantor.submitted("Jadwal libur hari raya")
    assert "sudah terbit" in refused(kantor, "redaktur", "approve", first)
    assert "menerbitkan" in kantor.redaksi("admin", "history", first)


def test_nobody_unknown_changes_what_is_live(kantor: Kantor) -> None:
    kantor.opened()
    for title in ("Berita pertama hari ini", "Berita kedua hari ini"):
        kantor.approved(title)
        kantor.redaksi("penerbit", "publish")
    for command in ("rollback", "deploy"):
        assert "tidak terdaftar" in refused(kantor, "orang-asing", command)
    assert "Tercatat di records/rilis/" in kantor.redaksi("penerbit", "rollback")
    assert "Tercatat di records/rilis/" in kantor.redaksi("penerbit", "deploy")


def test_a_return_without_a_message(kantor: Kantor) -> None:
    path = kantor.submitted()
    assert "masih kosong" in refused(kantor, "redaktur", "return", path, " ", "--reason", "bahasa")


def test_a_machine_that_decides_is_told_to_let_people_do_it(kantor: Kantor) -> None:
    path = kantor.submitted()
    assert "atas nama Anda sendiri" in refused(kantor, "penerbit", "approve", path)


def test_an_empty_title(kantor: Kantor) -> None:
    assert "Judul naskah masih kosong" in refused(kantor, "admin", "new", "berita", " ")


def test_a_preview_at_an_address_that_is_none(kantor: Kantor) -> None:
    assert "ALAMAT:PORT" in refused(kantor, "admin", "serve", "--address", "sini", code=2)


def test_the_server_is_out_of_reach(kantor: Kantor) -> None:
    path = kantor.submitted()
    kantor.desk("redaktur")
    hidden = kantor.server.rename(kantor.folder / "mati.git")
    said = kantor.redaksi("redaktur", "approve", path, code=1)
    assert "Server kantor tidak dapat dihubungi" in said
    for command in ("status", "verify"):
        assert "keadaan salinan ini" in kantor.redaksi("redaktur", command)
    hidden.rename(kantor.server)
