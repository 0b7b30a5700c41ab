"""The order in which visitors meet documents, and what the templates see of the court; without MkDocs, without files."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_site import NOW, PROJECT

from pipeline.calendar import Week
from pipeline.model import Document
from pipeline.office import Section
from pipeline.site import dates, pages
from pipeline.site.catalogue import Catalogue, Entry, arrange, months, related, years
from pipeline.site.evidence import Evidence
from pipeline.site.letterhead import dialled, letterhead
from pipeline.site.source import document_path, read_office

SECTIONS = (
    Section(slug="profil", title="Profil", description="Tentang kami."),
    Section(slug="kontak", title="Kontak", description="Alamat kami."),
)


def entry(path: str, **fields: object) -> Entry:
    kind = path.split("/", maxsplit=1)[0] if path.startswith(("berita/", "pengumuman/")) else "halaman"
    document = Document(
        path=path,
        kind=kind,
        shelf=None,
        source="",
        fields={"title": path, **fields},  # type: ignore[dict-item]  # only values that a field can have
        field_lines={},
        body="",
        body_line=1,
    )
    return Entry(document=document, url=f"{path}/")


def catalogue(*entries: Entry) -> Catalogue:
    return arrange(entries, SECTIONS)


def test_pages_stand_by_their_order_then_by_title_and_those_without_order_last() -> None:
    found = catalogue(
        entry("profil/d", title="delta"),
        entry("profil/b", title="Beta", urutan=20),
        entry("profil/a", title="alfa", urutan=20),
        entry("profil/c", title="Zeta", urutan=1),
    )
    assert [e.path for e in found.sections[0].entries] == ["profil/c", "profil/a", "profil/b", "profil/d"]


@settings(max_examples=40, deadline=None)
@given(st.permutations([entry(f"berita/2026/b{n}", tanggal=date(2026, 1, 1 + n // 3)) for n in range(9)]))
def test_the_newest_comes_first_in_whatever_order_documents_are_found(entries: list[Entry]) -> None:
    expected = [f"berita/2026/b{n}" for n in (6, 7, 8, 3, 4, 5, 0, 1, 2)]
    assert [e.path for e in catalogue(*entries).of("berita")] == expected


def test_urgent_announcements_come_first_and_among_equals_the_newest() -> None:
    calm = entry("pengumuman/2026/a", tanggal=date(2026, 2, 20))
    older = entry("pengumuman/2026/c", tanggal=date(2026, 1, 1))
    urgent = entry("pengumuman/2026/b", tanggal=date(2026, 1, 2), mendesak=True)
    found = catalogue(older, calm, urgent)
    assert found.announcements() == (urgent, calm, older)
    assert found.urgent() == (urgent,)


def test_related_items_share_topics_first_and_lie_near_then_and_never_are_the_item_itself() -> None:
    items = [
        entry(f"berita/2026/{n:02}", tanggal=date(2026, 1, 28 - n), tags=("sidang",) if n in {0, 9} else ())
        for n in range(12)
    ]
    found = related(9, items, at_most=3)
    assert [e.path[-2:] for e in found] == ["00", "08", "10"]
    assert related(0, items[:1]) == ()


def test_a_stream_of_thousands_is_related_without_looking_at_all_of_it() -> None:
    items = [entry(f"berita/2026/{n:05}", tags=("sama",) if n in {0, 4000} else ()) for n in range(5000)]
    assert items[0] not in related(4000, items)


def test_years_and_months_group_without_losing_an_item() -> None:
    items = catalogue(
        *(entry(f"berita/{y}/{m}", tanggal=date(y, m, 1)) for y in (2024, 2026) for m in (1, 2)),
        entry("berita/2026/tanpa-tanggal"),
    ).of("berita")
    grouped = years(items)
    assert [(year, len(group)) for year, group in grouped] == [("2026", 3), ("2024", 2)]
    assert [day for day, _ in months(grouped[0][1])] == [date(2026, 2, 1), date(2026, 1, 1), None]


def test_the_menu_leaves_out_what_is_empty_and_ends_with_the_last_section() -> None:
    full = catalogue(entry("profil/a"), entry("kontak/a"), entry("berita/2026/a"))
    assert [door.url for door in pages.menu(full)] == ["profil/", "berita/", "kontak/"]
    assert [door.url for door in pages.menu(catalogue(entry("profil/a"), entry("berita/2026/a")))] == [
        "profil/",
        "berita/",
    ]
    assert pages.menu(catalogue()) == ()


@pytest.mark.parametrize(
    ("src_uri", "path"),
    [
        ("berita/2026/sidang/index.md", "berita/2026/sidang"),
        ("layanan/biaya/index.md", "layanan/biaya"),
        ("layanan/index.md", None),
        ("index.md", None),
        ("berita/sidang/index.md", None),
        ("berita/2026/Sidang/index.md", None),
        ("layanan/biaya/lain.md", None),
        ("layanan/biaya/dalam/index.md", None),
    ],
)
def test_only_the_index_of_a_documents_folder_is_a_document(src_uri: str, path: str | None) -> None:
    assert document_path(src_uri) == path


# --- words


def test_dates_are_indonesian() -> None:
    assert dates.day(date(2026, 8, 17)) == "17 Agustus 2026"
    assert dates.month(date(2026, 5, 1)) == "Mei 2026"
    assert dates.day_and_month(date(2026, 10, 3)) == "3 Oktober"


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Asia/Jakarta", "28 Februari 2026 pukul 23.30 WIB"),
        ("Asia/Makassar", "1 Maret 2026 pukul 00.30 WITA"),
        ("Asia/Jayapura", "1 Maret 2026 pukul 01.30 WIT"),
    ],
)
def test_a_moment_is_told_in_the_courts_zone_by_its_name(zone: str, words: str) -> None:
    assert dates.moment(datetime(2026, 2, 28, 16, 30, tzinfo=UTC), zone) == words


def test_who_approved_is_enumerated_and_a_page_without_proof_says_nothing() -> None:
    def line(*names: str, taken_over: bool = False) -> str:
        return pages.evidence_line(Evidence(approved_by=names, approved_at=NOW, taken_over=taken_over), "Asia/Jakarta")

    assert line("Ketua").startswith("Disetujui oleh Ketua pada")
    assert line("A", "B", "C").startswith("Disetujui oleh A, B, dan C pada")
    assert line("Redaktur", taken_over=True) == line() == pages.evidence_line(None, "Asia/Jakarta") == ""


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("(0286) 592810", "+62286592810"),
        ("+62 286 592810", "+62286592810"),
        ("0812-3456", "+628123456"),
        ("159", "159"),
    ],
)
def test_a_phone_number_is_dialled_with_the_countrys_code(written: str, number: str) -> None:
    assert dialled(written) == number


def test_service_hours_are_shown_only_as_a_fact() -> None:
    court = read_office(PROJECT).court
    days = (((480, 720), (780, 990)),) * 4 + (((480, 1020),),) + ((),) * 2
    guess = Week(days=days, confirmed=False)
    assert letterhead(replace(court, service_hours=guess)).hours == ()
    assert letterhead(replace(court, service_hours=replace(guess, confirmed=True))).hours == (
        "Senin sampai Kamis: 08.00-12.00 dan 13.00-16.30",
        "Jumat: 08.00-17.00",
        "Sabtu sampai Minggu: tutup",
    )


def test_the_kop_stands_above_the_name_without_repeating_it() -> None:
    court = read_office(PROJECT).court
    face = letterhead(replace(court, jurisdiction=("Kota A", "Kota B", "Kota C")))
    assert face.letterhead_above == court.letterhead[:-1]
    assert face.authority == "Mahkamah Agung Republik Indonesia"
    assert face.jurisdiction == "Kota A, Kota B, dan Kota C"
