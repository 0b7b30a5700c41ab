"""The court's repository as a folder: where it begins, what it says of the court, which document a name means."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import ConfigurationError, PipelineError
from pipeline.rules import Context
from pipeline.stages import folder
from pipeline.stages.check import check_paths

PROJECT = Path(__file__).resolve().parents[2]
DOCUMENT = """---
id: {number}
title: Sidang keliling di Wanayasa
description: Warga Wanayasa mengikuti sidang di pendopo kecamatan tanpa perjalanan ke kota.
tanggal: 2026-01-30
---

{body}
"""


def text(body: str = "Sidang berlangsung tertib.", number: str = "2026k7m2qx") -> str:
    return DOCUMENT.format(body=body, number=number)


def put(place: Path, source: str) -> Path:
    place.mkdir(parents=True, exist_ok=True)
    (place / "index.md").write_text(source, "utf-8")
    return place


@pytest.fixture
def office(tmp_path: Path) -> Path:
    """A folder with this court's office and two documents at work."""
    root = tmp_path / "kantor"
    shutil.copytree(PROJECT / "office", root / "office")
    put(root / "content/layanan/biaya-perkara", text(number="2026bbbbbb"))
    put(root / "drafts/berita/2026/sidang-keliling", text())
    put(root / "review/berita/2026/rapat", text(number="2026cccccc"))
    return root


def test_the_office_is_found_from_any_folder_below_it(office: Path) -> None:
    below = office / "drafts/berita/2026"
    assert folder.root_of(below) == office
    assert folder.office_at(below).court.url.startswith("https://")
    with pytest.raises(ConfigurationError, match="tidak berada di dalam repositori"):
        folder.root_of(office.parent)


def test_the_context_knows_the_court_the_sections_and_what_is_published(office: Path) -> None:
    found = folder.context_at(office)
    court = folder.office_at(office).court
    assert found.own_hosts == court.own_hosts
    assert found.known_paths is not None
    assert {"layanan/biaya-perkara", "layanan", "kontak"} <= found.known_paths
    assert "berita/2026/sidang-keliling" not in found.known_paths
    assert isinstance(found.today, date)


def test_outside_an_office_nothing_is_known_and_the_check_still_works(tmp_path: Path) -> None:
    assert folder.context_at(tmp_path) == Context()


def test_links_are_judged_by_what_the_office_has_published(office: Path) -> None:
    draft = put(
        office / "drafts/berita/2026/sidang-keliling",
        text(body="[Biaya](/layanan/biaya-perkara/) dan [tarif](/layanan/tarif/)"),
    )
    report = check_paths([draft], context=folder.context_at(office))
    assert [finding.message for finding in report.checked[0].findings] == ["Halaman /layanan/tarif/ tidak ada."]


@pytest.mark.parametrize(
    "name",
    ["drafts/berita/2026/sidang-keliling", "berita/2026/sidang-keliling", "keliling", "/berita/2026/sidang-keliling/"],
)
def test_a_document_is_meant_by_its_path_or_a_part_of_it(office: Path, name: str) -> None:
    (found,) = folder.locate(office, [name])
    assert found.resolve() == office / "drafts/berita/2026/sidang-keliling"


def test_no_name_means_all_that_is_at_work_and_none_is_said(office: Path, tmp_path: Path) -> None:
    assert {path.resolve().name for path in folder.locate(office, [])} == {"sidang-keliling", "rapat"}
    with pytest.raises(PipelineError, match="Tidak ada naskah di folder kerja"):
        folder.locate(tmp_path, [])


def test_a_name_that_means_nothing_or_too_much_is_refused(office: Path) -> None:
    with pytest.raises(PipelineError, match="tidak ada di folder kerja"):
        folder.locate(office, ["pelantikan"])
    with pytest.raises(PipelineError, match="beberapa naskah"):
        folder.locate(office, ["2026"])
    with pytest.raises(PipelineError, match="tidak ada di folder kerja"):
        folder.locate(office, [office.name])


def test_a_path_is_shown_as_a_person_in_this_folder_would_write_it(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(office)
    assert folder.locate(Path(), ["keliling"]) == [Path("drafts/berita/2026/sidang-keliling")]
