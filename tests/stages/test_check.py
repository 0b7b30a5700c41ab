"""Checking documents on disk: what is found, what it says, and what it refuses to open."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import frontmatter, kinds
from pipeline.errors import PipelineError
from pipeline.model import Finding, Level, Shelf
from pipeline.rules.photo_metadata import BAD as DIRTY_PHOTO
from pipeline.rules.photo_metadata import GOOD as CLEAN_PHOTO
from pipeline.stages import check
from pipeline.stages.check import CheckReport, check_paths, describe

PROJECT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows makes no such links and pipes")
NIK = "3379991203560001"
CLEAN = CLEAN_PHOTO.files["sidang.jpg"]
DIRTY = DIRTY_PHOTO[0].files["sidang.jpg"]
GOOD = """---
id: {id}
title: {title}
description: Warga Wanayasa mengikuti sidang di pendopo kecamatan tanpa perjalanan ke kota.
tanggal: 2026-01-30
---

{body}
"""


def text(
    title: str = "Sidang keliling di Wanayasa", body: str = "Sidang berlangsung tertib.", number: str = "2026k7m2qx"
) -> str:
    return GOOD.format(id=number, title=title, body=body)


def put(folder: Path, source: str | bytes, **beside: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.md").write_bytes(source.encode() if isinstance(source, str) else source)
    for name, data in beside.items():
        (folder / name.replace("__", ".")).write_bytes(data)
    return folder


@pytest.fixture
def draft(tmp_path: Path) -> Path:
    return put(tmp_path / "drafts/berita/2026/sidang", text())


def rules_of(report: CheckReport) -> set[str]:
    return {finding.rule for one in report.checked for finding in one.findings}


# --- a document in memory


def test_a_document_is_read_with_everything_beside_it() -> None:
    document = check.read(
        {"index.md": text().encode(), "b.csv": b"2", "a.jpg": b"1"}, path="berita/2026/x", shelf=Shelf.REVIEW
    )
    assert document.title == "Sidang keliling di Wanayasa"
    assert [(file.name, file.data) for file in document.attachments] == [("a.jpg", b"1"), ("b.csv", b"2")]
    assert document.shelf is Shelf.REVIEW


def test_a_folder_without_a_text_is_a_document_with_an_error() -> None:
    document = check.read({"a.jpg": b"1"}, path="berita/2026/x", shelf=Shelf.DRAFTS)
    assert any(finding.level is Level.ERROR for finding in check.check_document(document))


def test_a_changed_id_is_an_error_that_tells_the_right_one() -> None:
    document = check.read({"index.md": text(number="2026zzzzzz").encode()}, path="berita/2026/x")
    finding = check.changed_id(document, "2026k7m2qx")
    assert (finding.level, finding.line) == (Level.ERROR, 2)
    assert finding.hint == "Kembalikan: id: 2026k7m2qx"


# --- files and folders


def test_a_good_draft_has_no_findings(draft: Path) -> None:
    report = check_paths([draft])
    assert report.ok
    assert list(describe(report)) == ["1 naskah diperiksa: tidak ada temuan."]
    (one,) = report.checked
    assert (one.kind, one.id, one.file) == ("berita", "2026k7m2qx", draft / "index.md")


def test_a_draft_may_be_named_by_its_folder_its_text_or_a_folder_above_and_counts_once(
    tmp_path: Path, draft: Path
) -> None:
    report = check_paths([draft, draft / "index.md", tmp_path, tmp_path / "drafts"])
    assert len(report.checked) == 1


def test_a_whole_shelf_is_checked_and_its_readme_is_no_document(tmp_path: Path, draft: Path) -> None:
    put(tmp_path / "drafts/layanan/biaya", "tanpa isian")
    put(tmp_path / "drafts/pengumuman/2026/jam", text(number="2026aaaaaa"))
    (tmp_path / "drafts/README.md").write_text("Penjelasan.")
    (tmp_path / "drafts/.git").mkdir()
    (tmp_path / "drafts/.git/x.md").write_text("x")
    report = check_paths([tmp_path / "drafts"])
    assert draft / "index.md" in {one.file for one in report.checked}
    assert sorted(one.kind for one in report.checked) == ["berita", "halaman", "pengumuman"]


def test_the_shelf_and_path_come_from_the_folders_above(tmp_path: Path) -> None:
    page = text().replace("tanggal: 2026-01-30\n", "")
    put(tmp_path / "content/layanan/biaya", page)
    assert check_paths([tmp_path / "content/layanan/biaya"]).ok
    (tmp_path / "office").mkdir()
    put(tmp_path / "content/layanan/Salah Nama", page.replace("k7m2qx", "aaaaaa"))
    assert rules_of(check_paths([tmp_path / "content/layanan/Salah Nama"])) == {"document-path"}


def test_a_folder_of_ones_own_called_content_is_no_shelf(tmp_path: Path) -> None:
    folder = put(tmp_path / "content/Naskah Saya", text())
    assert check_paths([folder]).ok


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_the_kind_of_a_document_on_no_shelf_is_told_by_its_fields(tmp_path: Path, kind: str) -> None:
    # Fields that two kinds share do not decide: a notice shows itself by a field of its own.
    own = {"berita": "tempat: Batur", "pengumuman": "mendesak: ya", "halaman": "urutan: 3"}[kind]
    source = text().replace("---\n\n", f"{own}\n---\n\n")
    if kind == "halaman":
        source = source.replace("tanggal: 2026-01-30\n", "")
    file = tmp_path / "naskah.md"
    file.write_text(source)
    report = check_paths([file])
    assert report.checked[0].kind == kind
    assert report.ok


def test_the_kind_can_be_told(tmp_path: Path) -> None:
    file = tmp_path / "naskah.md"
    file.write_text(text())
    assert "unknown-field" in rules_of(check_paths([file], kind="halaman"))


def test_a_loose_file_sees_the_pictures_that_it_shows_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "lain.docx").write_bytes(b"PK")
    (tmp_path / "sidang.jpg").write_bytes(DIRTY)
    (tmp_path / "naskah.md").write_text(
        text(body="![Ketua membuka sidang](sidang.jpg)\n\n![Camat memberi sambutan](tidak-ada.jpg)")
    )
    report = check_paths([tmp_path / "naskah.md"])
    assert sorted((finding.rule, finding.path) for finding in report.checked[0].findings) == [
        ("broken-link", "index.md"), ("photo-metadata", "sidang.jpg"),
    ]  # fmt: skip
    assert any(line.startswith(f"{tmp_path / 'sidang.jpg'} galat") for line in describe(report))


def test_photos_and_data_beside_a_draft_are_checked(draft: Path) -> None:
    put(draft, text(body="![Ketua membuka sidang](sidang.jpg)"), sidang__jpg=DIRTY, data__csv=f"nik\n{NIK}\n".encode())
    report = check_paths([draft])
    assert rules_of(report) == {"photo-metadata", "nik"}
    assert any(line.startswith(f"{draft / 'data.csv'}:2:1 galat [nik]") for line in describe(report))


def test_a_copied_draft_is_found_by_its_id(tmp_path: Path, draft: Path) -> None:
    twin = put(tmp_path / "drafts/berita/2026/salinan", text(title="Judul lain"))
    report = check_paths([tmp_path / "drafts"])
    assert rules_of(report) == {"double-id"}
    assert report.errors == 2
    assert {draft / "index.md", twin / "index.md"} == {one.file for one in report.checked}


def test_what_does_not_exist_is_an_error_and_nothing_to_check_is_never_fine(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="tidak ada"):
        check_paths([tmp_path / "hilang"])
    with pytest.raises(PipelineError, match="Tidak ada naskah") as caught:
        check_paths([tmp_path])
    assert "index.md" in caught.value.hint
    with pytest.raises(PipelineError, match="Tidak ada naskah"):
        check_paths([])


# --- hostile files


def test_a_file_of_100_mb_is_a_finding_and_is_not_read(tmp_path: Path) -> None:
    for place in (tmp_path / "naskah.md", put(tmp_path / "drafts/berita/2026/besar", text()) / "index.md"):
        with place.open("r+b" if place.exists() else "wb") as file:
            file.truncate(100_000_000)
        started = time.perf_counter()
        report = check_paths([place])
        assert time.perf_counter() - started < 5  # reading and judging it all takes a minute
        assert "text-size" in rules_of(report)
        assert not report.ok
        place.unlink()


def test_a_long_text_is_told_to_be_too_long(draft: Path) -> None:
    put(draft, text(body="Sidang berlangsung tertib.\n" * 10_000))
    report = check_paths([draft])
    assert rules_of(report) == {"text-size"}
    assert not report.ok


@pytest.mark.parametrize("data", [b"PK\x03\x04\0\0", bytes(range(256)) * 50, CLEAN, b"\0"])
def test_a_binary_file_called_md_is_told_to_be_no_text(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "naskah.md").write_bytes(data)
    report = check_paths([tmp_path / "naskah.md"])
    assert any("bukan teks" in finding.message for finding in report.checked[0].findings)


def test_a_folder_that_is_too_large_is_told(draft: Path) -> None:
    put(draft, text())
    with (draft / "besar.jpg").open("wb") as file:
        file.truncate(check.MAX_FOLDER_BYTES + 1)
    assert "document-size" in rules_of(check_paths([draft]))


@POSIX
def test_a_link_to_another_file_is_never_followed(tmp_path: Path, draft: Path) -> None:
    secret = tmp_path / "rahasia.md"
    secret.write_text(text(title="Rahasia"))
    (draft / "foto.jpg").symlink_to(secret)
    loose = tmp_path / "naskah.md"
    loose.symlink_to(secret)
    folder = tmp_path / "folder"
    folder.symlink_to(draft)
    report = check_paths([draft, loose, folder])
    assert [rule for one in report.checked for rule in {finding.rule for finding in one.findings}] == [
        "unreadable-file"
    ] * 3
    assert "Rahasia" not in "\n".join(describe(report))


@POSIX
def test_a_pipe_in_place_of_a_text_does_not_make_us_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "naskah.md")
    assert rules_of(check_paths([tmp_path])) == {"unreadable-file"}


@POSIX
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_a_finding_and_the_others_are_checked(tmp_path: Path, draft: Path) -> None:
    locked = put(tmp_path / "drafts/berita/2026/terkunci", text()) / "index.md"
    locked.chmod(0)
    report = check_paths([tmp_path / "drafts"])
    assert len(report.checked) == 2
    assert rules_of(report) == {"unreadable-file"}
    assert draft.exists()


def test_an_unreadable_document_is_named_with_its_reason_and_remedy(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/index.md").mkdir()
    report = check_paths([tmp_path / "a"])
    lines = list(describe(report))
    assert "galat [unreadable-file]" in lines[0]
    assert lines[1].startswith("    ")
    assert lines[-1] == "1 naskah diperiksa: 1 galat; perbaiki galat sebelum mengajukan."


# --- what is printed


def test_the_lines_say_where_what_and_how_errors_first(draft: Path) -> None:
    body = f"Sidang di di aula.\n\n![](sidang.jpg)\n\nPemohon {NIK} hadir."
    put(draft, text(title="SIDANG KELILING DI WANAYASA", body=body), sidang__jpg=CLEAN)
    lines = list(describe(check_paths([draft])))
    place = draft / "index.md"
    assert lines[0] == f"{place}:3 galat [title-capitals] Judul ditulis dengan huruf besar semua."
    assert lines[1] == "    Tulis seperti kalimat biasa, misalnya: Sidang Keliling di Wanayasa"
    assert lines[2].startswith(f"{place}:10 galat [missing-alt]")
    assert lines[4].startswith(f"{place}:12:9 galat [nik]")
    assert lines[6].startswith(f"{place}:8 peringatan [doubled-word]")
    assert lines[-1] == "1 naskah diperiksa: 3 galat, 1 peringatan; perbaiki galat sebelum mengajukan."


def test_a_personal_number_is_never_printed_in_full_not_even_in_a_file_name(draft: Path) -> None:
    put(draft, text(title=f"Perkara {NIK}", body=f"NIK {NIK} dan 3379 9912 0356 0001\n\n![x]({NIK}.jpg)"))
    (draft / f"ktp-{NIK}.csv").write_bytes(b"")
    report = check_paths([draft])
    for out in ("\n".join(describe(report)), json.dumps(check.as_json(report))):
        assert NIK not in out
        assert "3379 9912 0356 0001" not in out
        assert "3379********0001" in out


def test_no_more_than_five_hints_are_shown_and_the_rest_are_counted(draft: Path) -> None:
    put(draft, text(), **{f"foto-{at}__jpg": CLEAN for at in range(17)})
    lines = list(describe(check_paths([draft])))
    assert sum(" saran [" in line for line in lines) == 5
    assert lines[-2] == "dan 12 saran lainnya"
    assert lines[-1] == "1 naskah diperiksa: 17 saran; siap diajukan."


def test_a_name_cannot_move_the_cursor_of_the_terminal(draft: Path) -> None:
    (draft / "a\x1b[2Jb.docx").write_bytes(b"")
    assert all(line.isprintable() for line in describe(check_paths([draft])))


def test_the_findings_on_one_document_are_printed_alike() -> None:
    findings = [
        Finding(message="Saran.", hint="Boleh.", level=Level.HINT, rule="a"),
        Finding(message="Salah.", hint="Ubah.", line=3, rule="b"),
    ]
    assert list(check.lines("berita/2026/x", findings)) == [
        f"{Path('berita/2026/x/index.md')}:3 galat [b] Salah.", "    Ubah.",
        f"{Path('berita/2026/x/index.md')} saran [a] Saran.", "    Boleh.",
    ]  # fmt: skip


def test_the_report_is_json_for_other_programs(draft: Path) -> None:
    put(draft, text(title="PENGUMUMAN"))
    out = json.loads(json.dumps(check.as_json(check_paths([draft]))))
    assert out["ok"] is False
    assert out["counts"] == {"galat": 1, "peringatan": 0, "saran": 0}
    assert out["checked"] == [(draft / "index.md").as_posix()]
    (finding,) = out["findings"]
    assert {key: finding[key] for key in ("line", "level", "rule")} == {
        "line": 3,
        "level": "galat",
        "rule": "title-capitals",
    }


# --- weight


def test_checking_imports_no_git_no_network_and_no_site(draft: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from pipeline.stages import check, folder;"
        f"report = check.check_paths([Path({str(draft)!r})], context=folder.context_at(Path({str(PROJECT)!r})));"
        "list(check.describe(report)); check.as_json(report); assert report.ok, report;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=PROJECT)
    heavy = {
        "git",
        "gitdb",
        "requests",
        "urllib3",
        "babel",
        "holidays",
        "mkdocs",
        "material",
        "PIL",
        "cryptography",
        "jinja2",
        "click",
    }
    assert heavy & set(done.stdout.split()) == set()
    assert "markdown_it" in done.stdout.split()


def test_a_hundred_documents_are_checked_in_a_few_seconds(tmp_path: Path) -> None:
    for at in range(100):
        number = kinds.new_id(2026, bytes([at % 32, at // 32, 0, 0, 0, 0]))
        put(
            tmp_path / f"drafts/berita/2026/sidang-{at}",
            text(body="Sidang berlangsung tertib di aula.\n\n" * 8, number=number),
        )
    started = time.perf_counter()
    report = check_paths([tmp_path / "drafts"])
    assert time.perf_counter() - started < 8  # under one second on an idle core
    assert len(report.checked) == 100
    assert report.ok


def test_the_limit_of_a_text_is_that_of_the_reader() -> None:
    assert frontmatter.MAX_BYTES == 200_000
