"""The starting stock: what was written from the sources before the office opened, and nothing invented.

The office's own edits end it: from the first item that names somebody else or shows a new figure on, this file has
done its work and goes; ``test_content`` stays.
"""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import pytest

from pipeline import frontmatter, markdown
from pipeline.model import Document, Shelf

CONTENT: Final = Path(__file__).resolve().parents[2] / "content"
MONTHS: Final = frontmatter.MONTHS
WEEKDAYS: Final = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")

PERSONS: Final = {"Dr. Azmir, S.H., M.H.", "Supriyanto, S.Ag., M.S.I."}
"""The only persons whom the sources of the starting stock name, each in a dated item."""

HOSTS: Final = {
    "www.mahkamahagung.go.id",
    "badilag.mahkamahagung.go.id",
    "ecourt.mahkamahagung.go.id",
    "siwas.mahkamahagung.go.id",
    "gugatanmandiri.badilag.net",
    "www.lapor.go.id",
}
"""Official hosts that surely exist; any other link out of the site needs somebody who has looked at it."""

DEGREE: Final = re.compile(r"\b(?:Dr\.|Drs\.|Dra\.|Hj?\.) ?[A-Z]|\bS\.(?:H|Ag|Kom|E|Sos|Pd)\b|\bM\.(?:H|S\.I|Ag|Kom)\b")
NAMED_DATE: Final = re.compile(rf"\b(\d{{1,2}}) ({'|'.join(MONTHS)}) (\d{{4}})\b")
DAY_AND_DATE: Final = re.compile(rf"\b({'|'.join(WEEKDAYS)}) \((\d{{1,2}})/(\d{{1,2}})/(\d{{4}})\)")
NUMBER: Final = re.compile(r"\d[\d.]*\d")
PERSONAL: Final = {
    "identity or card number": re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)"),
    "mobile phone": re.compile(r"(?<![\d.])(?:\+62 ?8|62 ?8|08)\d[\d -]{6,}"),
    "e-mail address": re.compile(r"\S@\S"),
    "case number": re.compile(r"\d+/Pdt", re.IGNORECASE),
    "bin or binti": re.compile(r"\bbin(?:ti)? [A-Z]"),
}


def _documents() -> list[Document]:
    return [
        frontmatter.read(file.read_bytes(), path=file.parent.relative_to(CONTENT).as_posix(), shelf=Shelf.CONTENT)
        for file in sorted(CONTENT.rglob("index.md"))
    ]


DOCUMENTS: Final = {document.path: document for document in _documents()}
NEWS: Final = [document for document in DOCUMENTS.values() if document.kind == "berita"]
NOTICES: Final = [document for document in DOCUMENTS.values() if document.kind == "pengumuman"]
PAGES: Final = [document for document in DOCUMENTS.values() if document.kind == "halaman"]

each_document = pytest.mark.parametrize("document", DOCUMENTS.values(), ids=lambda document: document.path)
each_news_item = pytest.mark.parametrize("document", NEWS, ids=lambda document: document.path)
each_page = pytest.mark.parametrize("document", PAGES, ids=lambda document: document.path)


def _words(document: Document) -> int:
    return sum(len(passage.text.split()) for passage in document.passages)


def _paragraphs(document: Document) -> list[str]:
    return [part for part in document.body.strip().split("\n\n") if part.strip()]


def test_there_are_at_least_seven_news_items_and_three_announcements() -> None:
    assert len(NEWS) >= 7
    assert len(NOTICES) >= 3


def test_the_menu_of_a_courts_site_is_covered() -> None:
    sections = {document.path.split("/")[0] for document in PAGES}
    assert sections >= {
        "profil",
        "layanan",
        "informasi-publik",
        "transparansi",
        "pengaduan",
        "reformasi-birokrasi",
        "kontak",
    }


@each_document
def test_the_description_fits_a_list_and_a_shared_link(document: Document) -> None:
    assert 80 <= len(str(document.fields["description"])) <= 180


@each_document
def test_the_title_is_short_and_not_shouted(document: Document) -> None:
    assert len(document.title) <= 70
    assert not document.title.isupper()
    assert not document.title.endswith(".")


@each_document
def test_a_link_out_of_the_site_leads_to_an_official_host_by_https(document: Document) -> None:
    outside = [urlsplit(link.href) for link in document.links if markdown.is_external(link.href)]
    assert [link.geturl() for link in outside if link.scheme != "https" or link.hostname not in HOSTS] == []


@each_document
def test_headings_start_below_the_title_and_skip_no_level(document: Document) -> None:
    levels = [1, *(heading.level for heading in document.headings)]
    assert [pair for pair in pairwise(levels) if pair[1] < 2 or pair[1] - pair[0] > 1] == []


@each_document
def test_no_person_is_named_whom_no_source_names(document: Document) -> None:
    text = document.source
    for person in PERSONS if document.kind == "berita" else ():
        text = text.replace(person, "")
    assert DEGREE.search(text) is None


def test_a_name_with_a_degree_is_recognised() -> None:
    assert all(DEGREE.search(name) for name in (*PERSONS, "Drs. H. Ahmad", "Siti, S.Ag.", "Rini, M.Kom."))


@each_document
def test_no_personal_number_or_address_stands_in_the_text(document: Document) -> None:
    assert [what for what, pattern in PERSONAL.items() if pattern.search(document.body)] == []


@each_document
def test_every_date_in_words_exists(document: Document) -> None:
    for day, month, year in NAMED_DATE.findall(document.body):
        assert date(int(year), MONTHS.index(month) + 1, int(day))


@each_news_item
def test_a_news_item_has_the_length_that_people_read(document: Document) -> None:
    assert 190 <= _words(document) <= 350
    assert 5 <= len(_paragraphs(document)) <= 7


@each_news_item
def test_a_news_item_tells_weekday_and_date_of_its_event_in_the_first_paragraph(document: Document) -> None:
    [(weekday, *numbers)] = DAY_AND_DATE.findall(_paragraphs(document)[0].replace(",", ""))
    day, month, year = map(int, numbers)
    assert date(year, month, day) == document.fields["tanggal"]
    assert WEEKDAYS[date(year, month, day).weekday()] == weekday


@each_news_item
def test_a_news_item_leads_the_reader_on_to_a_page(document: Document) -> None:
    assert any(link.href.strip("/").split("/")[0] != "berita" for link in document.links)


@each_page
def test_a_page_is_neither_empty_nor_endless(document: Document) -> None:
    assert 60 <= _words(document) <= 350


@each_page
def test_a_page_says_who_answers_for_it_and_where_it_stands(document: Document) -> None:
    assert document.fields.get("unit")
    assert isinstance(document.fields.get("urutan"), int)


@each_page
def test_a_page_says_in_its_text_that_something_is_missing_when_it_is_and_only_then(document: Document) -> None:
    assert ("Kantor belum mengisi" in document.body) == bool(document.fields.get("belum_diisi"))


def test_the_figures_of_2022_add_up_wherever_they_stand() -> None:
    audience = set(NUMBER.findall(DOCUMENTS["berita/2022/audiensi-dengan-penjabat-bupati"].body))
    statistics = set(NUMBER.findall(DOCUMENTS["transparansi/statistik-perkara"].body))
    assert 2_083 + 568 == 2_651
    assert {"2.083", "568", "2.651"} <= audience & statistics
    assert 1_990 + 643 == 2_633
    assert {"1.990", "643", "2.633"} <= statistics
