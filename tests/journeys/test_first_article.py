"""The main job: a news item from draft to live, by three people at three desks, through the real command line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from kantor import Kantor, git

if TYPE_CHECKING:
    from pathlib import Path

TITLE = "Sidang keliling di Wanayasa"


def live(kantor: Kantor, path: str) -> str:
    return (kantor.folder / "www" / "current" / path / "index.html").read_text("utf-8")


def test_an_article_goes_the_whole_way_and_everyone_can_prove_it(kantor: Kantor, tmp_path: Path) -> None:
    kantor.opened()
    path = kantor.submitted(TITLE)
    assert "menunggu redaktur" in kantor.redaksi("redaktur", "status").lower()
    said = kantor.redaksi(
        "redaktur", "return", path, "Sebut tempatnya.", "--reason", "bahasa", "--note", "10", "Di mana?"
    )
    assert "perlu diperbaiki" in said
    desk = kantor.redaksi("admin", "edit", path)
    assert "bahasa: Sebut tempatnya." in desk
    assert "baris 10: Di mana?" in desk
    kantor.write(path, body="Pengadilan menggelar sidang di Wanayasa agar layanan lebih dekat denga warga.\n")
    kantor.redaksi("admin", "submit", path)
    kantor.redaksi("redaktur", "edit", path)
    correction = kantor.desk("redaktur") / "review" / path / "index.md"
    correction.write_text(correction.read_text("utf-8").replace("denga warga", "dengan warga"), "utf-8")
    assert "Koreksi disimpan" in kantor.redaksi("redaktur", "submit", path)
    kantor.redaksi("redaktur", "read", path)
    assert "wa.me" in kantor.redaksi("redaktur", "approve", path)
    assert "{+dengan+}" in kantor.redaksi("kasubag-ptip", "read", path)
    kantor.redaksi("kasubag-ptip", "approve", path)
    assert "siap terbit" in kantor.redaksi("admin", "status")
    said = kantor.redaksi("penerbit", "publish")
    assert "tayang" in said
    page = live(kantor, path)
    assert "lebih dekat dengan warga" in page
    assert "Disetujui oleh Redaktur dan Kasubag PTIP" in page
    assert "terbukti" in kantor.redaksi("admin", "verify")
    assert "naskah terbit" in kantor.redaksi("admin", "status")

    # an auditor with a fresh clone and no other help
    git(tmp_path, "clone", "--quiet", str(kantor.server), "auditor")
    proof = json.loads(kantor.redaksi("admin", "-C", str(tmp_path / "auditor"), "verify", "--json"))
    assert proof["sound"]
    assert [entry["document"] for entry in proof["proven"]] == [path]
    assert [step["role"] for step in proof["proven"][0]["approvals"]] == ["redaktur", "kasubag-ptip"]


def test_the_approved_tree_is_the_live_tree_by_plain_git(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved(TITLE)
    branch = git(kantor.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah")
    approved = git(kantor.server, "rev-parse", f"{branch}:review/{path}")
    before = git(kantor.server, "rev-parse", "main")
    kantor.redaksi("penerbit", "publish")
    assert git(kantor.server, "rev-parse", f"main:content/{path}") == approved
    assert git(kantor.server, "rev-parse", "main^1") == before
    changed = git(kantor.server, "diff", "--name-only", before, "main").splitlines()
    assert changed == [f"content/{path}/index.md"]
    assert git(kantor.server, "for-each-ref", "refs/heads/naskah") == ""


def test_git_itself_finds_every_signature_good(kantor: Kantor, tmp_path: Path) -> None:
    kantor.opened()
    kantor.approved(TITLE)
    kantor.redaksi("penerbit", "publish")
    allowed = tmp_path / "allowed"
    lines = [
        f"{person}@kantor.invalid {(kantor.keys / f'{person}.pub').read_text('utf-8').strip()}"
        for person in ("admin", "redaktur", "kasubag-ptip", "sekretaris", "penerbit")
    ]
    allowed.write_text("\n".join(lines) + "\n", "utf-8")
    setting = ("-c", f"gpg.ssh.allowedSignersFile={allowed}")
    marks = git(kantor.server, *setting, "log", "--format=%G? %ae %GS", "main").splitlines()
    signed = [mark.split() for mark in marks[:-1]]
    assert len(signed) >= 8
    assert all(good == "G" and author == signer for good, author, signer in signed)
    assert marks[-1].startswith("N")  # the taken-over stock was never signed


def test_an_office_that_is_not_open_publishes_nothing_and_says_so(kantor: Kantor) -> None:
    assert "2 naskah dihitung sebagai isi awal" in kantor.redaksi("admin", "verify")
    before = kantor.refs()
    said = kantor.redaksi("penerbit", "publish", code=1)
    assert "belum dibuka" in said
    assert kantor.refs() == before


def test_publishing_again_changes_nothing(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved(TITLE)
    kantor.redaksi("penerbit", "publish", path)
    main = git(kantor.server, "rev-parse", "main")
    said = kantor.redaksi("penerbit", "publish", path, code=1)
    assert "sudah terbit" in said
    assert git(kantor.server, "rev-parse", "main") == main


def test_a_timer_with_nothing_new_makes_no_release_and_leaves_a_rollback_alone(kantor: Kantor) -> None:
    kantor.opened()
    kantor.approved("Berita pertama tentang sidang")
    kantor.redaksi("penerbit", "publish")
    second = kantor.approved("Berita kedua tentang sidang")
    kantor.redaksi("penerbit", "publish")
    assert "sudah memuat semuanya" in kantor.redaksi("penerbit", "publish", "--due")
    assert "2 rilis tersimpan" in kantor.redaksi("penerbit", "releases")
    kantor.redaksi("penerbit", "rollback")
    assert not (kantor.folder / "www" / "current" / second).exists()
    assert "dikembalikan ke rilis lama" in kantor.redaksi("penerbit", "publish", "--due")
    assert not (kantor.folder / "www" / "current" / second).exists()
    kantor.redaksi("penerbit", "deploy")
    assert (kantor.folder / "www" / "current" / second).exists()


def test_a_published_document_that_nobody_changed_is_not_submitted(kantor: Kantor) -> None:
    kantor.redaksi("admin", "edit", "jam-layanan")
    assert "Tidak ada perubahan" in kantor.redaksi("admin", "submit", "jam-layanan", code=1)


def test_a_publish_that_was_interrupted_after_main_moved_is_finished_by_the_next(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved(TITLE)
    www = kantor.folder / "www"
    www.write_text("bukan folder", "utf-8")
    assert kantor.try_redaksi("penerbit", "publish").code in {1, 2}
    assert git(kantor.server, "rev-parse", "--verify", f"main:content/{path}")
    assert "catatan" not in kantor.refs()
    www.unlink()
    said = kantor.redaksi("penerbit", "publish")
    assert "tayang" in said
    assert re.search(r"Tercatat di records/terbit/\d{4}/\d{2}/", said)
    assert "agar layanan lebih dekat" in live(kantor, path)


def test_a_build_that_fails_leaves_main_and_the_site_alone(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved(TITLE, body="Baca [syaratnya](/layanan/jam-layanan/) sebelum datang.\n")
    kantor.redaksi("admin", "edit", "layanan/jam-layanan")
    before = kantor.refs()
    config = kantor.desk("penerbit")
    assert config.exists()
    broken = kantor.approved(
        "Pengumuman dengan tautan", body="Lihat [bagian itu](/layanan/biaya-perkara/#tidak-ada).\n"
    )
    with_branch = kantor.refs()
    assert with_branch != before
    said = kantor.redaksi("penerbit", "publish", code=1)
    assert "kerusakan" in said
    assert broken in said
    assert kantor.refs() == with_branch
    assert not (kantor.folder / "www" / "current").exists()
    kantor.redaksi("penerbit", "publish", path)


def test_a_published_page_is_edited_along_the_same_way(kantor: Kantor) -> None:
    kantor.opened()
    page = "layanan/jam-layanan"
    kantor.redaksi("admin", "edit", page)
    source = kantor.desk("admin") / "drafts" / page / "index.md"
    source.write_text(source.read_text("utf-8").replace("secara ringkas", "secara ringkas dan jelas"), "utf-8")
    kantor.redaksi("admin", "submit", page)
    for person in ("redaktur", "kasubag-ptip"):
        kantor.redaksi(person, "read", page)
        kantor.redaksi(person, "approve", page)
    kantor.redaksi("penerbit", "publish")
    assert "ringkas dan jelas" in live(kantor, page)
    assert kantor.redaksi("admin", "verify").count("terbukti  ") == 1


def test_a_document_with_a_time_waits_for_it(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved(TITLE, terbit="2999-01-01 08:00")
    said = kantor.redaksi("penerbit", "publish", "--due")
    assert "menunggu waktu terbitnya" in said
    assert not (kantor.folder / "www" / "current" / path).exists()
    assert path in kantor.redaksi("admin", "status")


def test_the_history_shows_steps_people_and_both_clocks(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.approved(TITLE)
    kantor.redaksi("penerbit", "publish")
    rows = json.loads(kantor.redaksi("admin", "history", path, "--json"))
    assert [row["step"] for row in rows] == ["B1", "B2", "B2", "B3"]
    assert [row["standard_minutes"] for row in rows] == [30, 15, 15, 30]
    assert all(row["worked_minutes"] is not None for row in rows)
    assert "Standar SOP" in kantor.redaksi("admin", "history", path)


def test_a_decision_without_reading_is_not_measured(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.submitted(TITLE)
    assert "tidak terukur" in kantor.redaksi("redaktur", "approve", path)
    assert "tidak terukur" in kantor.redaksi("admin", "history", path)


def test_nobodys_head_or_working_tree_is_touched_by_deciding(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.submitted(TITLE)
    desk = kantor.desk("redaktur")
    (desk / "mkdocs.yml").write_text("# sedang diubah\n", "utf-8")
    before = (git(desk, "rev-parse", "HEAD"), git(desk, "status", "--porcelain"))
    kantor.redaksi("redaktur", "read", path)
    kantor.redaksi("redaktur", "approve", path)
    kantor.redaksi("redaktur", "status")
    kantor.redaksi("redaktur", "verify")
    assert (git(desk, "rev-parse", "HEAD"), git(desk, "status", "--porcelain")) == before


def test_a_dry_run_changes_nothing(kantor: Kantor) -> None:
    kantor.opened()
    path = kantor.submitted(TITLE)
    before = kantor.refs()
    kantor.redaksi("redaktur", "approve", path, "--dry-run")
    kantor.redaksi("redaktur", "return", path, "x", "--reason", "bahasa", "--dry-run")
    kantor.redaksi("admin", "retract", path, "--dry-run")
    assert kantor.refs() == before
    for person in ("redaktur", "kasubag-ptip"):
        kantor.redaksi(person, "approve", path)
    before = kantor.refs()
    assert "Akan terbit" in kantor.redaksi("penerbit", "publish", "--dry-run")
    assert kantor.refs() == before
    assert not (kantor.folder / "www").exists()
