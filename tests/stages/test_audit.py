"""The content audit: each kind of remark is found where it is, and nothing unknown is called good."""

from __future__ import annotations

import dataclasses
import json
import shutil
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser

from pipeline import frontmatter
from pipeline.errors import PipelineError
from pipeline.model import Shelf
from pipeline.office import load_office
from pipeline.stages.audit import (
    ASPECTS,
    Audit,
    Code,
    Item,
    RequiredItem,
    Severity,
    as_json,
    audit,
    describe,
    page,
    priorities,
)
from pipeline.world import files

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Document
    from pipeline.office import Office

TODAY = date(2026, 11, 22)
ROOT = Path(__file__).parents[2]
SUMMARY = "Ringkasan yang cukup panjang untuk menjelaskan isi halaman ini."


@pytest.fixture(scope="module")
def office() -> Office:
    folder = files.read_folder(ROOT / "office")
    loaded = load_office({f"office/{name}": data for name, data in folder.items()})
    court = dataclasses.replace(
        loaded.court, url="https://pa-contoh.go.id", own_hosts=("pa-contoh.go.id", "www.pa-contoh.go.id")
    )
    return dataclasses.replace(loaded, court=court)


def document(path: str, *fields: str, body: str = "Isi.") -> Document:
    front = "\n".join(("id: 2026abcdef", "title: Judul", f"description: {SUMMARY}", *fields))
    return frontmatter.read(f"---\n{front}\n---\n{body}\n".encode(), path=path, shelf=Shelf.CONTENT)


def html(*body: str, head: str = f'<meta name="description" content="{SUMMARY}">') -> str:
    return f'<!doctype html><html lang="id"><head><title>t</title>{head}</head><body>{"".join(body)}</body></html>'


def site(folder: Path, pages: Mapping[str, str], *others: str) -> Path:
    for name, text in {**pages, **dict.fromkeys(others, "x")}.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return folder


def found(documents: Sequence[Document], office: Office, built: Path | None = None, **others: object) -> Audit:
    return audit(documents, site=built, office=office, today=TODAY, **others)  # type: ignore[arg-type]  # by name, as given


def told(result: Audit) -> list[tuple[Code, str]]:
    return [(item.code, item.document) for item in result.items]


# --- Documents --------------------------------------------------------------------------------------------------------


def test_what_the_office_has_yet_to_supply_is_counted_by_page_and_in_total(office: Office) -> None:
    pages = [
        document("layanan/biaya", "berlaku_sejak: 2026-01-02", "belum_diisi: [panjar, tarif, rekening]"),
        document("profil/pejabat", "berlaku_sejak: 2026-01-02", "belum_diisi: [nama ketua]"),
        document("profil/sejarah", "berlaku_sejak: 2026-01-02"),
    ]
    result = found(pages, office)
    assert told(result) == [(Code.MISSING_DATA, "layanan/biaya"), (Code.MISSING_DATA, "profil/pejabat")]
    assert result.total(Code.MISSING_DATA) == 4
    assert "panjar; tarif; rekening" in result.items[0].message


@pytest.mark.parametrize(
    ("fields", "changed", "code"),
    [
        (["berlaku_sejak: 2025-11-22"], None, None),
        (["berlaku_sejak: 2025-11-21"], None, Code.STALE),
        (["berlaku_sejak: 2020-01-01"], date(2026, 5, 1), None),
        (["berlaku_sejak: 2020-01-01"], date(2024, 5, 1), Code.STALE),
        ([], date(2026, 5, 1), None),
        ([], None, Code.UNKNOWN_AGE),
        (["berlaku_sejak: 2027-01-01"], None, Code.UNKNOWN_AGE),
    ],
)
def test_a_page_is_old_by_its_last_known_day_and_unknown_without_one(
    fields: list[str], changed: date | None, code: Code | None, office: Office
) -> None:
    history = None if changed is None else {"layanan/biaya": changed}
    result = found([document("layanan/biaya", *fields)], office, last_changed=history)
    assert told(result) == ([] if code is None else [(code, "layanan/biaya")])


def test_a_limit_of_age_can_be_set_and_news_never_grows_old(office: Office) -> None:
    pages = [
        document("layanan/biaya", "berlaku_sejak: 2026-10-01"),
        document("berita/2020/lama", "tanggal: 2020-01-01"),
    ]
    assert told(found(pages, office, max_age_days=30)) == [(Code.STALE, "layanan/biaya")]
    assert told(found(pages, office)) == []


def test_an_announcement_is_past_on_the_day_after_its_last_day(office: Office) -> None:
    def notice(until: str) -> Document:
        return document("pengumuman/2026/a", "tanggal: 2026-01-01", f"tayang_sampai: {until}")

    assert told(found([notice("2026-11-22")], office)) == []
    assert told(found([notice("2026-11-21")], office)) == [(Code.EXPIRED, "pengumuman/2026/a")]
    assert "21 November 2026" in found([notice("2026-11-21")], office).items[0].message


def test_what_has_ended_proves_nothing_any_more_and_is_asked_for_nothing(office: Office) -> None:
    fields = ("tanggal: 2026-01-01", "informasi_publik: [E.3.b]")
    required = [RequiredItem(id="E.3.b", title="DIPA")]
    bare = "![](a.jpg)"
    shown = document("pengumuman/2026/a", *fields, "tayang_sampai: 2026-11-22", body=bare)
    ended = document("pengumuman/2026/a", *fields, "tayang_sampai: 2026-11-21", body=bare)
    assert told(found([shown], office, required=required)) == [(Code.NO_ALT, "pengumuman/2026/a")]
    result = found([ended], office, required=required)
    assert told(result) == [(Code.UNPROVEN, "E.3.b"), (Code.EXPIRED, "pengumuman/2026/a")]
    assert "tidak lagi membuktikan informasi wajib E.3.b" in result.items[1].message


def test_a_document_without_summary_or_with_bare_pictures_is_named(office: Office) -> None:
    source = b"---\nid: 2026abcdef\ntitle: Judul\ntanggal: 2026-01-01\n---\n![](a.jpg) ![ ](b.jpg) ![Ketua](c.jpg)\n"
    bare = frontmatter.read(source, path="berita/2026/a", shelf=Shelf.CONTENT)
    result = found([bare], office)
    assert told(result) == [(Code.NO_ALT, "berita/2026/a"), (Code.NO_DESCRIPTION, "berita/2026/a")]
    assert result.total(Code.NO_ALT) == 2
    assert "c.jpg" not in result.items[0].message


def test_required_information_is_asked_for_only_where_the_office_lists_it(office: Office) -> None:
    proof = document("transparansi/dipa", "berlaku_sejak: 2026-01-02", "informasi_publik: [E.3.b]")
    required = [RequiredItem(id="E.3.b", title="DIPA"), RequiredItem(id="E.3.c", title="LRA")]
    assert told(found([proof], office, required=required)) == [(Code.UNPROVEN, "E.3.c")]
    without = found([proof], office)
    assert told(without) == []
    assert any("Informasi wajib tidak dicocokkan" in sentence for sentence in without.unmeasured)
    assert not any("Informasi wajib" in sentence for sentence in found([proof], office, required=required).unmeasured)


def test_a_field_of_the_wrong_type_is_no_crash(office: Office) -> None:
    odd = document(
        "layanan/a", "belum_diisi: satu", "berlaku_sejak: kemarin", "tayang_sampai: [x]", "informasi_publik: E.3"
    )
    assert told(found([odd], office)) == [(Code.UNKNOWN_AGE, "layanan/a")]


# --- The built site ---------------------------------------------------------------------------------------------------

HOME = html('<a href="layanan/">Layanan</a>')
SECTION = html('<h1 id="atas">L</h1><a href="biaya/">Biaya</a><a href="../">Beranda</a>')


def broken(folder: Path, office: Office, body: str, *others: str) -> list[tuple[Code, str]]:
    pages = {"index.html": HOME, "layanan/index.html": SECTION, "layanan/biaya/index.html": html(body)}
    return told(found([], office, site(folder, pages, *others)))


@pytest.mark.parametrize(
    "body",
    [
        '<a href="../">naik</a><a href="/">akar</a><a href="../../index.html">beranda</a><a href="">sini</a>',
        '<a href="/layanan">tanpa garis miring</a><a href="/layanan/?q=1#atas">anjungan</a><a href="../#atas">atas</a>',
        '<a href="#">ke atas</a><a href="#top">ke atas</a><a href="#syarat">s</a><h2 id="syarat">Syarat</h2>',
        '<a href="#b%C3%A9">s</a><a name="bé"></a><a href="#syarat:~:text=abc">s</a><a id="syarat"></a>',
        '<a href="https://lain.go.id/x">luar</a><a href="mailto:a@b.id">s</a><a href="tel:+62286">t</a>',
        '<a href="//lain.go.id/x">luar</a><img src="data:image/png;base64,AAAA" alt="">',
        '<a href="https://www.pa-contoh.go.id/layanan/">sendiri</a><a href="HTTPS://PA-CONTOH.GO.ID/layanan/">s</a>',
        '<a href="../../../../../layanan/">di atas akar</a><a href="./">sini</a><a href="/layanan/biaya/../">l</a>',
        '<img src="/foto%20a.jpg" alt="" srcset="/foto%20a.jpg 480w, ../../foto%20a.jpg 960w">',
        '<link rel="stylesheet" href="/foto%20a.jpg"><script src="/foto%20a.jpg"></script><a href="/foto%20a.jpg">u</a>',
    ],
)
def test_links_that_a_browser_follows_are_not_called_broken(body: str, tmp_path: Path, office: Office) -> None:
    assert broken(tmp_path, office, body, "foto a.jpg") == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ('<a href="tidak-ada/">x</a>', Code.BROKEN_LINK),
        ('<a href="/Layanan/">x</a>', Code.BROKEN_LINK),
        ('<a href="https://pa-contoh.go.id/tidak-ada/">x</a>', Code.BROKEN_LINK),
        ('<a href="http://[rusak">x</a>', Code.BROKEN_LINK),
        ('<area href="/tidak-ada/">', Code.BROKEN_LINK),
        ('<form action="/cari/"></form>', Code.BROKEN_LINK),
        ('<a href="#tidak-ada">x</a>', Code.BROKEN_ANCHOR),
        ('<a href="../#tidak-ada">x</a>', Code.BROKEN_ANCHOR),
        ('<img src="hilang.jpg" alt="">', Code.MISSING_FILE),
        ('<img src="/ada.jpg" srcset="/ada.jpg 480w, /hilang.webp 960w" alt="">', Code.MISSING_FILE),
        ('<picture><source srcset="hilang.webp"><img src="/ada.jpg" alt=""></picture>', Code.MISSING_FILE),
        ('<link rel="stylesheet" href="hilang.css">', Code.MISSING_FILE),
        ('<script src="/hilang.js"></script>', Code.MISSING_FILE),
        ('<meta property="og:image" content="https://pa-contoh.go.id/hilang.jpg">', Code.MISSING_FILE),
        ('<link rel="canonical" href="https://pa-contoh.go.id/lain/">', Code.MISSING_FILE),
    ],
)
def test_what_leads_nowhere_inside_the_site_blocks_a_publication(
    body: str, code: Code, tmp_path: Path, office: Office
) -> None:
    assert broken(tmp_path, office, body, "ada.jpg") == [(code, "layanan/biaya")]
    assert ASPECTS[code].severity is Severity.BLOCKING


def test_only_broken_addresses_block(tmp_path: Path, office: Office) -> None:
    assert {code for code, aspect in ASPECTS.items() if aspect.severity is Severity.BLOCKING} == {
        Code.BROKEN_LINK,
        Code.BROKEN_ANCHOR,
        Code.MISSING_FILE,
    }
    pages = {
        "index.html": html('<a href="x/">x</a>', "<img src='/a.jpg'>"),
        "a.jpg": "",
        "lain/index.html": html(head=""),
    }
    result = found([document("layanan/a", "belum_diisi: [x]")], office, site(tmp_path, pages))
    assert [item.code for item in result.blocking] == [Code.BROKEN_LINK]
    assert len(result.items) > 4


def test_one_broken_address_on_many_pages_is_one_item(tmp_path: Path, office: Office) -> None:
    pages = {f"berita/{number}/index.html": html('<a href="/hilang/">x</a>') for number in range(50)}
    result = found([], office, site(tmp_path, {"index.html": HOME.replace("layanan/", "berita/0/"), **pages}))
    (item,) = result.blocking
    assert item.count == 50
    assert "pada 50 halaman" in item.message
    assert "dan 47 lainnya" in item.message


def test_a_site_below_a_folder_of_its_host_is_read_from_there(tmp_path: Path, office: Office) -> None:
    below = dataclasses.replace(office, court=dataclasses.replace(office.court, url="https://pa-contoh.go.id/situs/"))
    pages = {
        "index.html": html('<a href="/situs/a/">a</a>'),
        "a/index.html": html('<a href="/a/">di luar</a><a href="../">b</a>'),
    }
    assert told(found([], below, site(tmp_path, pages))) == [(Code.BROKEN_LINK, "a")]


def test_pages_that_no_path_from_home_reaches_are_orphans(tmp_path: Path, office: Office) -> None:
    pages = {
        "index.html": html('<a href="a/">a</a>'),
        "a/index.html": html('<a href="../lama/">b</a>'),
        "lama/index.html": html(head='<meta http-equiv="refresh" content="0; url=../b/">'),
        "b/index.html": html(),
        "yatim/index.html": html('<a href="../kakak/">k</a>'),
        "kakak/index.html": html('<a href="../yatim/">y</a>'),
        "alamat-lama/index.html": html(head='<meta http-equiv="refresh" content="0; url=/b/">'),
        "404.html": html(head=""),
    }
    result = found([], office, site(tmp_path, pages))
    assert told(result) == [(Code.ORPHAN, "kakak"), (Code.ORPHAN, "yatim")]


NOTICE = html(
    "<h1>Ditarik</h1>", head='<meta name="robots" content="noindex"><meta name="description" content="Ditarik.">'
)


def test_a_notice_is_no_orphan_and_stops_nobody_but_a_link_to_it_is_told(tmp_path: Path, office: Office) -> None:
    pages = {
        "index.html": html('<a href="a/">a</a>'),
        "a/index.html": html('<a href="../lama/#syarat">l</a><a href="../lama/">l</a><a href="../">b</a>'),
        "lama/index.html": NOTICE,
        "lain/index.html": NOTICE,
    }
    result = found([], office, site(tmp_path / "a", pages))
    assert told(result) == [(Code.GONE_LINK, "a")]
    assert result.items[0].count == 1
    assert "menautkan lama, yang sudah ditarik atau berakhir" in result.items[0].message
    live = found([], office, site(tmp_path / "b", {**pages, "lama/index.html": html(), "lain/index.html": NOTICE}))
    assert told(live) == [(Code.BROKEN_ANCHOR, "a")], "the same page while it is shown"


def test_a_notice_with_a_broken_link_of_its_own_still_blocks(tmp_path: Path, office: Office) -> None:
    pages = {"index.html": html(), "lama/index.html": NOTICE.replace("<h1>", '<a href="/hilang/">h</a><h1>')}
    assert told(found([], office, site(tmp_path, pages))) == [(Code.BROKEN_LINK, "lama")]


def test_images_without_alt_in_the_site_are_counted_and_decorative_ones_are_not(tmp_path: Path, office: Office) -> None:
    pages = {
        "index.html": html(
            '<img src="/a.jpg"><img src="/a.jpg" alt=""><img src="/b.jpg" alt="Ketua"><img src="/b.jpg">'
        )
    }
    result = found([], office, site(tmp_path, pages, "a.jpg", "b.jpg"))
    assert [(item.code, item.document, item.count) for item in result.items] == [(Code.NO_ALT, "index.html", 2)]


def test_a_document_and_its_page_tell_a_missing_summary_once(tmp_path: Path, office: Office) -> None:
    bare = frontmatter.read(b"---\ntanggal: 2026-01-01\n---\nIsi\n", path="berita/2026/a", shelf=Shelf.CONTENT)
    pages = {"index.html": html('<a href="berita/2026/a/">a</a>'), "berita/2026/a/index.html": html(head="")}
    assert told(found([bare], office, site(tmp_path, pages))) == [(Code.NO_DESCRIPTION, "berita/2026/a")]


def test_a_published_document_without_a_page_is_missed_unless_its_time_has_not_come(
    tmp_path: Path, office: Office
) -> None:
    documents = [
        document("berita/2026/hilang", "tanggal: 2026-01-01"),
        document("berita/2026/nanti", "tanggal: 2026-01-01", "terbit: 2026-11-23 10:30"),
        document("berita/2026/lewat", "tanggal: 2026-01-01", "terbit: 2026-11-21 10:30"),
    ]
    result = found(documents, office, site(tmp_path, {"index.html": html()}))
    assert told(result) == [(Code.NOT_ON_SITE, "berita/2026/hilang"), (Code.NOT_ON_SITE, "berita/2026/lewat")]


def test_without_a_site_nothing_of_it_is_called_good(office: Office) -> None:
    result = found([], office)
    assert (result.pages, result.links) == (0, 0)
    assert "situs belum dibangun" in result.unmeasured[0]
    assert "riwayat Git" in " ".join(result.unmeasured)


@pytest.mark.parametrize("name", ["", "tidak-ada"])
def test_a_folder_that_is_no_site_is_refused(name: str, tmp_path: Path, office: Office) -> None:
    with pytest.raises(PipelineError, match="tidak memiliki beranda"):
        found([], office, tmp_path / name)


def test_a_page_that_is_not_utf8_is_still_read(tmp_path: Path, office: Office) -> None:
    (tmp_path / "index.html").write_bytes(html('<a href="hilang/">\xff</a>').encode("latin-1"))
    assert told(found([], office, tmp_path)) == [(Code.BROKEN_LINK, "index.html")]


def test_two_thousand_pages_are_audited_quickly(tmp_path: Path, office: Office) -> None:
    menu = "".join(f'<li><a href="../../../{name}/">{name}</a></li>' for name in "abcdefghij")
    sections = {f"{name}/index.html": html() for name in "abcdefghij"}
    site(tmp_path, {"index.html": html('<a href="berita/">b</a>'), **sections})
    listed = "".join(f'<a href="2026/x{number}/">{number}</a>' for number in range(2000))
    site(tmp_path, {"berita/index.html": html(listed, menu.replace("../../../", "../"))})
    text = html(f"<ul>{menu}</ul>", '<h2 id="isi">Isi</h2><a href="#isi">isi</a>' + "<p>kata kata kata</p>" * 20)
    for number in range(2000):
        site(tmp_path, {f"berita/2026/x{number}/index.html": text})
    start = time.monotonic()
    result = found([], office, tmp_path)
    assert time.monotonic() - start < 6
    assert (result.pages, result.items) == (2012, ())


# --- Telling it -------------------------------------------------------------------------------------------------------


@pytest.fixture
def mixed(tmp_path: Path, office: Office) -> Audit:
    pages = {
        "index.html": html('<a href="layanan/biaya/">b</a><a href="/hilang/">h</a>'),
        "layanan/biaya/index.html": html(),
    }
    documents = [
        document("layanan/biaya", "belum_diisi: [panjar <script>alert(1)</script>, tarif]"),
        document("profil/sejarah", "belum_diisi: [tahun]"),
        document("pengumuman/2026/a", "tanggal: 2026-01-01", "tayang_sampai: 2026-02-01"),
    ]
    return found(documents, office, site(tmp_path / "situs", pages))


def test_the_heaviest_and_then_the_most_is_to_be_done_first(mixed: Audit) -> None:
    steps = [(step.code, step.things, step.documents, step.begin) for step in priorities(mixed)]
    assert steps == [
        (Code.BROKEN_LINK, 1, 1, "index.html"),
        (Code.MISSING_DATA, 3, 2, "layanan/biaya"),
        (Code.NOT_ON_SITE, 2, 2, "pengumuman/2026/a"),
        (Code.EXPIRED, 1, 1, "pengumuman/2026/a"),
        (Code.UNKNOWN_AGE, 2, 2, "layanan/biaya"),
    ]


def test_the_lines_tell_totals_blockers_first_steps_and_what_was_not_looked_at(mixed: Audit) -> None:
    lines = list(describe(mixed))
    text = "\n".join(lines)
    assert "22 November 2026" in lines[0]
    assert "Diperiksa: 3 naskah, 2 halaman situs" in lines[1]
    assert "Data yang belum diisi kantor" in text
    assert "[menghalangi penerbitan] index.html: Tautan /hilang/ tidak menuju halaman mana pun" in text
    assert "1. Perbaiki tautan yang rusak (1 hal di 1 tempat), mulai dari index.html." in text
    assert "Catatan: Tautan ke situs lain tidak diperiksa di sini." in text


def test_an_audit_without_findings_says_so_and_still_what_was_not_looked_at(tmp_path: Path, office: Office) -> None:
    clean = found([], office, site(tmp_path, {"index.html": html()}))
    assert "Tidak ada temuan pada hal yang diperiksa." in list(describe(clean))
    assert any(line.startswith("Catatan:") for line in describe(clean))
    assert "Tidak ada temuan" in page(clean)


def test_large_numbers_are_written_as_indonesian_does(mixed: Audit) -> None:
    large = dataclasses.replace(mixed, links=740252)
    assert "740.252 tautan" in "\n".join(describe(large))
    assert "740.252 tautan" in page(large)


def test_the_json_carries_every_item_and_a_version(mixed: Audit) -> None:
    data = json.loads(json.dumps(as_json(mixed)))
    assert data["versi"] == 1
    assert data["tanggal"] == "2026-11-22"
    assert data["jumlah"]["belum-diisi"] == 3
    assert data["jumlah"]["yatim"] == 0
    assert len(data["temuan"]) == len(mixed.items)
    assert data["temuan"][0]["kode"] == "tautan-rusak"
    assert data["tidak_diperiksa"] == list(mixed.unmeasured)


def test_the_page_escapes_what_documents_say_and_needs_nothing_else(mixed: Audit) -> None:
    tree = LexborHTMLParser(page(mixed))
    assert tree.css("script, link, img, iframe") == []
    assert "<script>alert(1)</script>" in tree.css("main")[0].text()
    assert [node.attributes["href"] for node in tree.css("table th a")][:1] == ["https://pa-contoh.go.id/"]
    anchors = {node.id for node in tree.css("[id]")}
    assert all((node.attributes["href"] or "")[1:] in anchors for node in tree.css(".first a"))


def test_what_all_items_have_in_common_is_said_once(mixed: Audit) -> None:
    remedy = next(item.remedy for item in mixed.items if item.code is Code.MISSING_DATA)
    assert page(mixed).count(remedy) == 1


def test_the_page_fits_a_phone_and_every_link_can_be_reached_by_keyboard(mixed: Audit, tmp_path: Path) -> None:
    many = tuple(
        Item(
            code=Code.STALE, document=f"layanan/{'panjang-sekali-' * 4}{number}", message=f"{number}", remedy="Tinjau."
        )
        for number in range(9)
    )
    target = tmp_path / "audit.html"
    target.write_text(page(dataclasses.replace(mixed, items=(*mixed.items, *many))), encoding="utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        view = browser.new_page(viewport={"width": 360, "height": 700}, java_script_enabled=True)
        view.goto(target.as_uri())
        assert view.evaluate("document.documentElement.scrollWidth") <= 360
        assert view.evaluate("document.documentElement.lang") == "id"
        view.keyboard.press("Tab")
        assert view.evaluate("document.activeElement.getAttribute('href')") == "#tautan-rusak"
        view.keyboard.press("Enter")
        assert view.evaluate("document.querySelector('#tautan-rusak').getBoundingClientRect().top") < 700
        browser.close()
