"""What evidence says of one document and of a period, read from the files that the command writes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from kantor import Kantor, git
from quarter import KASUBAG, LETTER, PK, REASON, TITLE, Quarter, quarter, this_quarter, today
from selectolax.lexbor import LexborHTMLParser

from pipeline.errors import Refused
from pipeline.stages.evidence_period import period

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["quarter"]


# -- periods --


@pytest.mark.parametrize(
    ("name", "label", "start", "end"),
    [
        ("2026", "Tahun 2026", "2026-01-01", "2026-12-31"),
        ("2026-Q4", "Triwulan IV 2026", "2026-10-01", "2026-12-31"),
        ("2026-q1", "Triwulan I 2026", "2026-01-01", "2026-03-31"),
        ("2024-02", "Februari 2024", "2024-02-01", "2024-02-29"),
        ("2026-11", "November 2026", "2026-11-01", "2026-11-30"),
    ],
)
def test_a_period_is_a_year_a_quarter_or_a_month(name: str, label: str, start: str, end: str) -> None:
    found = period(name)
    assert (found.name, found.label) == (name.upper(), label)
    assert (found.start.isoformat(), found.end.isoformat()) == (start, end)


@pytest.mark.parametrize("name", ["", "26", "2026-Q5", "2026-13", "2026-1", "2026-Q4-11", "../2026", "1999"])
def test_anything_else_is_no_period(name: str) -> None:
    with pytest.raises(Refused, match="bukan masa yang dikenal"):
        period(name)


# -- the sheet of one document --


@pytest.fixture
def sheet(quarter: Quarter, tmp_path: Path) -> Callable[[str], LexborHTMLParser]:
    """The sheet of a document, parsed."""

    def made(document: str) -> LexborHTMLParser:
        quarter.evidence(document, "--out", str(tmp_path / "bukti.html"))
        return LexborHTMLParser((tmp_path / "bukti.html").read_text("utf-8"))

    return made


def section(page: LexborHTMLParser, name: str) -> str:
    """The text of a section, as one line."""
    found = page.css_first(f"section[aria-labelledby={name}]")
    assert found, name
    return " ".join(found.text(separator=" ").split())


def test_the_sheet_names_document_decisions_and_the_sop_in_force(
    quarter: Quarter, sheet: Callable[[str], LexborHTMLParser]
) -> None:
    page = sheet(quarter.acting)
    tree = git(quarter.office.server, "rev-parse", f"main:content/{quarter.acting}")
    about = section(page, "naskah")
    assert tree in about
    assert "ditandatangani orang" in about
    assert "SOP/AS/24" in about
    assert "revisi 26 November 2024" in about
    ruled = section(page, "keputusan")
    assert ruled.index("Plh Redaktur") < ruled.index("Kasubag PTIP")
    assert LETTER in ruled
    assert f"1 Januari {today().year} sampai 31 Desember {today().year}" in ruled
    assert ruled.count("diterima server kantor") == 2
    assert "B1" in section(page, "jalan")
    assert "Waktu tunggu" in section(page, "jalan")
    assert "rilis" in section(page, "tayang")


def test_what_the_server_did_not_stamp_is_the_signers_own_time(
    quarter: Quarter, sheet: Callable[[str], LexborHTMLParser]
) -> None:
    ruled = section(sheet(quarter.paper), "keputusan")
    assert ruled.count("waktu menurut penanda tangan") == 2
    assert "diterima server kantor" not in ruled


def test_a_decision_on_paper_tells_its_sheet_and_whom_it_stands_for(
    quarter: Quarter, sheet: Callable[[str], LexborHTMLParser]
) -> None:
    page = sheet(quarter.paper)
    ruled = section(page, "keputusan")
    assert "menggantikan Kasubag PTIP" in ruled
    assert "ditetapkan di atas kertas: nomor 12/SK/2026" in ruled
    assert re.search(r"dimasukkan Admin Website .*dicocokkan Pranata Komputer .*SHA-256 lembar [0-9a-f]{64}", ruled)
    assert "Tingkat bukti ditetapkan di atas kertas" in section(page, "naskah")
    assert "Sekretaris (akun peran) menyetujui" in section(page, "jalan")


def test_a_second_edition_shows_the_first_its_return_and_the_new_sop(
    quarter: Quarter, sheet: Callable[[str], LexborHTMLParser]
) -> None:
    page = sheet(quarter.returned)
    earlier = section(page, "sebelumnya")
    assert "Fakta, nama, tanggal, atau angka perlu dipastikan" in earlier
    assert "Catatan baris 3: Hari apa?" in earlier
    assert "<b>belum</b>" in earlier, "the words as they were written, not as markup"
    assert "revisi 5 Januari 2026" in section(page, "naskah")
    checks = section(page, "pemeriksaan")
    assert "doubled-word : nama tempat Bora Bora memang berulang" in checks
    assert re.search(r"\d\d aturan dijalankan lagi", checks)
    assert page.css_first(".title").text() == TITLE


def test_a_withdrawn_page_says_by_whom_and_why(sheet: Callable[[str], LexborHTMLParser]) -> None:
    page = sheet("jam-layanan")
    assert REASON in section(page, "penarikan")
    assert "Redaktur" in section(page, "penarikan")
    assert "Keadaan ditarik" in section(page, "naskah")


def test_a_document_in_work_says_what_is_missing(quarter: Quarter, sheet: Callable[[str], LexborHTMLParser]) -> None:
    page = sheet(quarter.in_work)
    missing = section(page, "kurang")
    assert "Belum ada persetujuan Redaktur (langkah B2)." in missing
    assert "Belum ada persetujuan Kasubag PTIP (langkah B2)." in missing
    assert "tidak-lengkap (Bahan belum lengkap): Siapa yang hadir?" in section(page, "pengembalian")
    assert "Belum ada persetujuan atas isi yang sekarang." in section(page, "keputusan")


def test_a_page_that_was_taken_over_says_so(quarter: Quarter, sheet: Callable[[str], LexborHTMLParser]) -> None:
    page = sheet(quarter.untouched)
    assert "diambil alih dari isi awal" in section(page, "naskah")
    assert "tidak ada keputusan tersendiri" in section(page, "diambil-alih")
    assert page.css_first("#keputusan") is None


@pytest.mark.parametrize("what", ["returned", "acting", "paper", "withdrawn", "in_work", "untouched"])
def test_a_sheet_needs_no_script_no_network_and_no_other_file(
    quarter: Quarter, sheet: Callable[[str], LexborHTMLParser], what: str
) -> None:
    page = sheet(getattr(quarter, what))
    assert page.css("script, link, img, iframe, object") == []
    assert [node.attributes for node in page.css("[src], [href], [onload], [onclick]")] == []
    policy = page.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"] or ""
    assert policy.startswith("default-src 'none'")
    style = page.css_first("style").text()
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in policy


def test_a_document_is_found_by_its_id_too(quarter: Quarter) -> None:
    found = json.loads(quarter.evidence(quarter.paper, "--json"))
    again = json.loads(quarter.evidence(found["publication"]["id"], "--json"))
    assert again == found
    assert [a["name"] for a in found["publication"]["approvals"]] == [
        "Redaktur (akun peran)",
        "Sekretaris (akun peran)",
    ]
    assert found["publication"]["approvals"][1]["paper"]["number"] == "12/SK/2026"
    assert found["procedure"] == {
        "number": "SOP/AS/24",
        "table": "B",
        "title": "Pengelolaan Website",
        "revised": "2024-11-26",
        "effective": "2024-11-26",
    }


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("tidak-ada",), "Tidak ada naskah yang cocok"),
        (("berita/2026",), "naskah yang cocok dengan berita/2026"),
        ((), "Sebutkan satu naskah atau satu masa"),
        (("x", "--period", "2026"), "Sebutkan satu naskah atau satu masa"),
        (("--period", "triwulan"), "bukan masa yang dikenal"),
    ],
)
def test_what_cannot_be_shown_is_one_sentence(quarter: Quarter, words: tuple[str, ...], sentence: str) -> None:
    said = quarter.office.try_redaksi("admin", "evidence", *words)
    assert said.code in {1, 2}
    assert sentence in said.text


# -- the package of a period --


@pytest.fixture
def data(quarter: Quarter) -> dict[str, Any]:
    """The data of the quarter's package."""
    return dict(json.loads(quarter.evidence("--period", this_quarter(), "--json")))


def test_the_package_tells_what_happened(quarter: Quarter, data: dict[str, Any]) -> None:
    assert [row["document"] for row in data["publications"]].count(quarter.returned) == 2
    assert len(data["publications"]) == 4
    assert {(row["reason"].split(":")[0], row["published"]) for row in data["returns"]} == {
        ("fakta", True),
        ("tidak-lengkap", False),
    }
    assert [row["decision"]["reason"] for row in data["withdrawals"]] == [REASON]
    assert [(row["person"], row["acting"]["letter"], len(row["decisions"])) for row in data["acting"]] == [
        (PK, LETTER, 1)
    ]
    assert {row["rule"] for row in data["exceptions"]} == {"doubled-word"}
    assert [row["paths"] for row in data["policies"]] == [["office/procedures/sop.yml"]]
    assert [row["person"] for row in data["policies"][0]["approvals"]] == [PK, KASUBAG]
    assert [row["about"] for row in data["paper"]] == [quarter.paper]
    assert data["unproven"] == []
    assert len(data["steps"]) == 6


def test_every_object_is_what_its_id_says_and_no_photo_or_draft_is_among_them(
    quarter: Quarter, data: dict[str, Any]
) -> None:
    server = quarter.office.server
    texts = []
    for name, (kind, text) in data["objects"].items():
        raw = base64.b64decode(text)
        assert hashlib.sha1(f"{kind} {len(raw)}\0".encode() + raw, usedforsecurity=False).hexdigest() == name
        if kind == "blob":
            texts.append(raw)
    published = git(server, "show", f"main:content/{quarter.returned}/index.md")
    assert any(raw.decode().strip() == published for raw in texts)
    assert not any(raw.startswith(b"%PDF") for raw in texts), "the scanned sheet stays at the office"
    assert not any(b"Rapat koordinasi" in raw for raw in texts), "what is not published is nobody's business"


def test_another_clone_makes_the_same_data_byte_for_byte(quarter: Quarter) -> None:
    words = ("evidence", "--period", this_quarter(), "--json")
    one, other = (quarter.office.redaksi(person, *words) for person in ("admin", KASUBAG))
    assert one == other


def test_the_package_is_a_folder_and_an_archive_of_it(quarter: Quarter, tmp_path: Path) -> None:
    folder = tmp_path / "paket"
    said = quarter.evidence("--period", this_quarter(), "--out", str(folder))
    assert sorted(path.name for path in folder.iterdir()) == ["data.json", "index.html"]
    digest = hashlib.sha256((folder / "data.json").read_bytes()).hexdigest()
    assert digest in said
    assert digest in (folder / "index.html").read_text("utf-8")
    archive = tmp_path / "paket.zip"
    first = archive.read_bytes()
    with zipfile.ZipFile(archive) as found:
        assert found.read("paket/data.json") == (folder / "data.json").read_bytes()
        assert found.read("paket/index.html") == (folder / "index.html").read_bytes()
    quarter.evidence("--period", this_quarter(), "--out", str(folder))
    assert archive.read_bytes() == first


def test_a_folder_with_other_files_is_left_alone(quarter: Quarter, tmp_path: Path) -> None:
    (tmp_path / "surat.docx").write_bytes(b"x")
    said = quarter.evidence("--period", "2026", "--out", str(tmp_path), code=1)
    assert "berisi berkas lain: surat.docx" in said
    assert [path.name for path in tmp_path.iterdir()] == ["surat.docx"]


def test_the_page_carries_the_same_data_and_lets_only_its_own_script_run(quarter: Quarter, tmp_path: Path) -> None:
    folder = tmp_path / "paket"
    quarter.evidence("--period", this_quarter(), "--out", str(folder))
    page = LexborHTMLParser((folder / "index.html").read_text("utf-8"))
    assert page.css_first("#data").text() == (folder / "data.json").read_text("ascii")
    policy = page.css_first("meta[http-equiv=Content-Security-Policy]").attributes["content"] or ""
    script = page.css_first("script:not([type])").text()
    assert f"script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"\beval\(|new Function\(|innerHTML|outerHTML|document\.write", script)
    assert page.css("[src], link, [style], [onclick]") == []


def test_a_period_in_which_nothing_happened_is_a_package_too(quarter: Quarter, tmp_path: Path) -> None:
    said = quarter.evidence("--period", "2019-03", "--out", str(tmp_path / "kosong"))
    assert "Maret 2019: 0 publikasi" in said
    found = json.loads((tmp_path / "kosong" / "data.json").read_bytes())
    assert (found["publications"], found["steps"], found["opening"]["signers"]) == (
        [],
        [],
        ["Kasubag PTIP (akun peran)", "Ketua (akun peran)"],
    )


def test_the_month_is_the_courts(quarter: Quarter, data: dict[str, Any]) -> None:
    month = f"{today():%Y-%m}"
    assert len(json.loads(quarter.evidence("--period", month, "--json"))["publications"]) == len(data["publications"])


def test_a_step_that_is_not_proven_is_told_and_noticed(kantor: Kantor) -> None:
    kantor.opened()
    work = kantor.desk("admin")
    (work / "content" / "layanan" / "jam-layanan" / "index.md").write_text("diubah\n", "utf-8")
    git(work, "-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "--quiet", "-am", "Langsung")
    git(work, "push", "--quiet", "origin", "HEAD:main")
    found = json.loads(kantor.redaksi("admin", "evidence", "--period", this_quarter(), "--json", code=1))
    assert [(row["code"], row["merge"]) for row in found["unproven"]] == [
        ("direct-commit", git(kantor.server, "rev-parse", "main"))
    ]


def test_an_office_that_is_not_open_has_a_package_that_says_so(kantor: Kantor, tmp_path: Path) -> None:
    kantor.redaksi("admin", "evidence", "--period", this_quarter(), "--out", str(tmp_path / "paket"))
    found = json.loads((tmp_path / "paket" / "data.json").read_bytes())
    assert found["opening"] is None
    assert found["taken_over"] == 2
