"""Correction notices: read from the front matter, written back, and missed where a published item changes without one."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline import frontmatter
from pipeline.correction import Correction, corrections, needs_correction_notice
from pipeline.model import Document, Level
from pipeline.stages import check

TEXT = "Sidang dimulai pukul 09.00. Semula tertulis pukul 10.00."


def item(*fields: str, body: str = "Sidang dimulai pukul 10.00.", path: str = "berita/2026/sidang") -> Document:
    front = "\n".join(("id: 2026k7m2qx", "title: Sidang keliling", "tanggal: 2026-01-30", *fields))
    if path.startswith("layanan"):
        front = front.replace("\ntanggal: 2026-01-30", "")
    return frontmatter.read(f"---\n{front}\n---\n\n{body}\n".encode(), path=path)


def ralat(*days: str) -> str:
    return "ralat: [" + ", ".join(f"{{tanggal: {day}, isi: {TEXT}}}" for day in days) + "]"


def test_notices_come_newest_first_in_whatever_order_they_are_written() -> None:
    found = corrections(item(ralat("2026-02-02", "2026-03-01", "2026-02-20")))
    assert [each.day for each in found] == [date(2026, 3, 1), date(2026, 2, 20), date(2026, 2, 2)]
    assert found[0] == Correction(day=date(2026, 3, 1), text=TEXT)


def test_notices_are_written_back_as_they_were_read() -> None:
    first = item(ralat("2026-02-02", "2026-03-01"))
    again = frontmatter.read(frontmatter.write(first.fields, first.body).encode(), path=first.path)
    assert again.problems == ()
    assert corrections(again) == corrections(first) != ()


def test_no_field_an_empty_one_and_an_unfinished_notice_are_no_notices() -> None:
    for field in (
        "tags: [a]",
        "ralat:",
        "ralat: []",
        'ralat: [{tanggal: "", isi: ada}]',
        'ralat: [{tanggal: 2026-02-02, isi: ""}]',
    ):
        document = item(field)
        assert document.problems == (), field
        assert corrections(document) == (), field


@pytest.mark.parametrize(
    "field",
    ["ralat: salah", "ralat: [salah]", "ralat: {tanggal: 2026-02-02, isi: a}", "ralat: [{isi: a}]",
     "ralat: [{tanggal: kemarin, isi: a}]",
     "ralat: [{tanggal: 2026-02-02, isi: a, oleh: b}]"],
)  # fmt: skip
def test_another_shape_is_a_finding_with_its_line(field: str) -> None:
    document = item(field)
    assert [(found.rule, found.line) for found in document.problems] == [("field-value", 5)]
    assert corrections(document) == ()


def test_a_day_that_no_calendar_has_is_told() -> None:
    document = item("ralat: [{tanggal: 2026-02-30, isi: ada sepuluh huruf}]")
    assert [found.rule for found in document.problems] == ["impossible-date"]


BEFORE = item("tempat: Batur")


@pytest.mark.parametrize(
    "after",
    [
        item("tempat: Batur", body="Sidang dimulai pukul 09.00."),
        item("tempat: Wanayasa"),
        frontmatter.read(BEFORE.source.replace("Sidang keliling", "Sidang").encode(), path=BEFORE.path),
        frontmatter.read(BEFORE.source.replace("2026-01-30", "2026-01-29").encode(), path=BEFORE.path),
    ],
)
def test_an_edit_that_tells_readers_something_else_needs_a_notice(after: Document) -> None:
    assert needs_correction_notice(BEFORE, after)
    found = check.missing_correction(BEFORE, after)
    assert found is not None
    assert (found.level, found.rule) == (Level.WARNING, "missing-correction")
    assert found.message == "Isi berita yang sudah tayang berubah tanpa ralat."
    assert "ralat: [{tanggal: 2026-02-02" in found.hint


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        item("tempat: Batur", "tags: [sidang]"),
        item("tempat: Batur", body="Sidang  dimulai\npukul 10.00.\n\n"),
        item("tempat: Batur", ralat("2026-02-02"), body="Sidang dimulai pukul 09.00."),
    ],
)
def test_an_edit_that_changes_no_word_or_tells_of_it_needs_none(after: Document) -> None:
    assert check.missing_correction(BEFORE, after) is None


def test_an_old_notice_does_not_stand_for_a_new_change() -> None:
    told = item(ralat("2026-02-02"))
    changed = item(ralat("2026-02-02"), body="Sidang batal.")
    assert needs_correction_notice(told, changed)
    assert not needs_correction_notice(told, item(ralat("2026-02-02", "2026-02-03"), body="Sidang batal."))


def test_a_page_follows_what_it_describes_without_a_notice() -> None:
    before, after = (item(body=text, path="layanan/biaya") for text in ("Rp10.000.", "Rp20.000."))
    assert not needs_correction_notice(before, after)
