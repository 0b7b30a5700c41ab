"""What stands on the pages of a built site."""

from __future__ import annotations

import gzip
import hashlib
import itertools
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin
from xml.etree import ElementTree as ET

import pytest
from small_site import COURT, tree

if TYPE_CHECKING:
    from kantor import Built
    from selectolax.lexbor import LexborHTMLParser

ARTICLE = "berita/2026/sidang-keliling/"


def text_of(page: LexborHTMLParser, selector: str) -> str:
    node = page.css_first(selector)
    assert node is not None, selector
    return " ".join(node.text().split())


def hrefs(page: LexborHTMLParser, selector: str) -> list[str]:
    return [str(node.attributes["href"]) for node in page.css(selector)]


def test_every_page_is_indonesian_with_one_heading_one_main_and_a_description(built: Built) -> None:
    for name, page in built.pages().items():
        html = page.css_first("html")
        assert html is not None, name
        assert html.attributes["lang"] == "id", name
        assert len(page.css("h1")) == 1, name
        assert len(page.css("main")) == 1, name
        description = page.css_first('meta[name="description"]')
        assert description is not None, name
        assert len(str(description.attributes["content"])) > 20, name


def test_every_image_has_an_alternative_text_and_a_size(built: Built) -> None:
    images = [(name, image) for name, page in built.pages().items() for image in page.css("img")]
    assert images
    for name, image in images:
        assert {"alt", "width", "height"} <= set(image.attributes), name


def test_every_internal_link_and_file_of_every_page_exists(built: Built) -> None:
    for name, page in built.pages().items():
        base = f"http://x/{name}" if name != "404.html" else "http://x/"
        wanted = [str(n.attributes["href"]) for n in page.css("a[href], link[href]:not([rel=canonical])")]
        wanted += [str(n.attributes["src"]) for n in page.css("[src]")]
        wanted += [part.split()[0] for n in page.css("[srcset]") for part in str(n.attributes["srcset"]).split(",")]
        for url in {urljoin(base, address).partition("#")[0] for address in wanted}:
            if url.startswith("http://x/"):
                path = built.folder / unquote(url.removeprefix("http://x/"))
                assert (path / "index.html" if url.endswith("/") else path).is_file(), (name, url)


def test_no_address_of_a_third_party_is_loaded_by_any_page_or_style(built: Built) -> None:
    for name, page in built.pages().items():
        loaded = [str(n.attributes.get("src") or n.attributes.get("srcset")) for n in page.css("[src], [srcset]")]
        loaded += hrefs(page, "link[rel=stylesheet], link[rel=icon]")
        assert not [address for address in loaded if "//" in address], name
    styles = next(built.folder.glob("assets/situs.*.css")).read_text("utf-8")
    assert not re.findall(r"url\((?![\"']?data:)", styles)
    assert "@import" not in styles


def test_nothing_of_the_theme_and_no_search_index_is_shipped(built: Built) -> None:
    names = set(tree(built.folder))
    assert not [name for name in names if name.endswith((".map", ".gz", ".md", ".json"))]
    assert not [name for name in names if "lunr" in name or "search" in name or "bundle" in name]
    assert len([name for name in names if name.startswith("assets/") and not name.startswith("assets/foto/")]) == 3


def test_no_file_of_the_site_has_the_bytes_of_a_master(built: Built) -> None:
    masters = {hashlib.sha256(p.read_bytes()).digest() for p in (built.source.folder / "content").rglob("*.jpg")}
    assert len(masters) == 2
    assert not masters & {hashlib.sha256(data).digest() for data in tree(built.folder).values()}


def test_the_name_of_the_court_comes_from_its_office_alone(built: Built) -> None:
    assert text_of(built.page(""), "title") == COURT
    assert text_of(built.page("layanan/"), "title") == f"Layanan - {COURT}"
    assert text_of(built.page(""), ".brand-name") == COURT
    assert not [name for name, data in tree(built.folder).items() if b"Pengadilan Agama Banjarnegara" in data]


def test_the_menu_leads_to_sections_that_have_pages_and_never_to_an_article(built: Built) -> None:
    links = hrefs(built.page(""), "#menu a")
    assert links == ["profil/", "layanan/", "berita/", "pengumuman/", "kontak/"]
    marked = built.page(ARTICLE).css("#menu [aria-current]")
    assert [node.text() for node in marked] == ["Berita"]


def test_home_shows_the_six_services_that_the_order_field_puts_first(built: Built) -> None:
    names = [node.text() for node in built.page("").css(".tile strong")]
    assert names == [f"Layanan {number}" for number in (8, 7, 6, 5, 4, 3)]


def test_home_shows_the_latest_news_with_pictures_and_the_current_announcements(built: Built) -> None:
    page = built.page("")
    assert text_of(page, ".item-lead h3") == "Sidang keliling"
    assert len(page.css(".items .item")) == len(page.css(".items picture")) == 4
    assert [node.text() for node in page.css(".row-title")] == ["Gangguan listrik", "Jam ramadan"]


def test_hours_that_are_only_our_reading_are_on_no_page(built: Built) -> None:
    assert "belum dicantumkan" in text_of(built.page(""), ".contact")
    assert not [name for name, page in built.pages().items() if "16.30" in (page.text() or "")]


def test_a_section_lists_its_pages_by_their_order(built: Built) -> None:
    names = [node.text() for node in built.page("layanan/").css(".door a")]
    assert names == [f"Layanan {number}" for number in range(8, 0, -1)]


def test_a_section_without_pages_says_so_and_is_not_in_the_menu(built: Built) -> None:
    assert "belum memiliki halaman" in text_of(built.page("transparansi/"), "main")


def test_the_list_of_news_has_the_newest_first_and_leads_to_every_year(built: Built) -> None:
    page = built.page("berita/")
    titles = [node.text() for node in page.css(".item h3")]
    assert titles[:2] == ["Sidang keliling", "Berita 14"]
    assert len(titles) == 12
    assert hrefs(page, ".years a") == ["2026/", "2025/"]


def test_the_archive_of_a_year_has_every_item_of_it_by_month(built: Built) -> None:
    page = built.page("berita/2026/")
    assert [node.text() for node in page.css(".month h2")] == ["Januari 2026"]
    assert len(page.css(".row")) == 15
    assert text_of(built.page("berita/2025/"), ".month h2") == "Mei 2025"


def test_the_list_of_announcements_has_those_that_are_shown_the_urgent_one_first(built: Built) -> None:
    page = built.page("pengumuman/")
    assert [node.text() for node in page.css(".rows a")] == ["Gangguan listrik", "Jam ramadan"]
    assert "Berlaku sejak 18 Februari 2026" in text_of(built.page("pengumuman/2026/jam-ramadan/"), ".notice")


# --- what is no longer shown


def test_a_withdrawn_page_says_when_and_why_and_strikes_its_title(built: Built) -> None:
    page = built.page("berita/2026/salah-kutip/")
    assert text_of(page, "h1") == "Ditarik: Salah <i>kutip</i>"
    assert text_of(page, "h1 s") == "Salah <i>kutip</i>"
    assert text_of(page, ".gone p") == "Halaman ini ditarik pada 1 Maret 2026 karena memuat kutipan yang keliru."
    assert text_of(page, "title").startswith("Ditarik: Salah <i>kutip</i> - ")
    assert page.css(".prose, .evidence, .share, article, time, main img") == []
    assert hrefs(page, "main a:not([href^=tel])") == ["../../../", "../../", "../../"]
    assert [node.text() for node in page.css("#menu [aria-current]")] == ["Berita"]


def test_a_withdrawn_page_of_a_section_leads_back_to_it(built: Built) -> None:
    page = built.page("layanan/layanan-lama/")
    assert [node.text() for node in page.css(".crumbs a, .more a")] == ["Beranda", "Layanan", "Layanan lainnya"]


def test_a_title_that_must_not_be_repeated_is_not(built: Built) -> None:
    page = built.page("pengumuman/2024/nama-pemohon/")
    assert text_of(page, "h1") == "Halaman yang sudah ditarik"
    assert page.css("s") == []
    assert text_of(page, ".gone p") == "Halaman ini ditarik pada 1 Maret 2026 karena memuat data pribadi."


def test_an_announcement_past_its_last_day_leaves_its_title_and_that_day(built: Built) -> None:
    page = built.page("pengumuman/2026/libur-awal-tahun/")
    assert text_of(page, "h1") == "Libur awal tahun"
    assert text_of(page, ".gone p") == "Masa tayang pengumuman ini berakhir pada 5 Januari 2026."
    assert page.css("s, .prose, .share, article") == []
    described = page.css_first('meta[name="description"]')
    assert described is not None
    assert described.attributes["content"] == "Masa tayang pengumuman ini berakhir pada 5 Januari 2026."


GONE = (
    "berita/2026/salah-kutip/",
    "layanan/layanan-lama/",
    "pengumuman/2024/nama-pemohon/",
    "pengumuman/2026/libur-awal-tahun/",
)


def test_no_list_menu_feed_site_map_or_other_page_knows_what_is_gone(built: Built) -> None:
    texts = {name: data.decode() for name, data in tree(built.folder).items() if name.endswith((".html", ".xml"))}
    for url in GONE:
        slug = url.split("/")[-2]
        assert [name for name, text in texts.items() if slug in text] == [f"{url}index.html"], url


def test_robots_are_asked_to_forget_what_is_gone_and_nothing_else(built: Built) -> None:
    hidden = {name for name, page in built.pages().items() if page.css('meta[name="robots"][content="noindex"]')}
    assert hidden == {*(f"{url}index.html" for url in GONE), "pengumuman/2024/index.html", "404.html"}


def test_a_year_of_which_nothing_is_shown_keeps_its_address_but_no_place_in_a_list(built: Built) -> None:
    page = built.page("pengumuman/2024/")
    assert text_of(page, ".page-head p") == "Tidak ada pengumuman tahun 2024 yang masih tayang."
    assert page.css(".row") == []
    assert hrefs(built.page("pengumuman/"), ".years a") == ["2026/"]


# --- corrections


def test_corrections_stand_above_the_text_the_newest_first_and_are_never_html(built: Built) -> None:
    page = built.page("berita/2026/berita-05/")
    assert [" ".join(node.text().split()) for node in page.css(".corrections p")] == [
        "Ralat (2 Februari 2026): Nama <b>tempat</b>: Batur. Semula tertulis Batu.",
        "Ralat (30 Januari 2026): Hadir 12 orang. Semula tertulis 21.",
    ]
    article = str((built.folder / "berita/2026/berita-05/index.html").read_text("utf-8"))
    assert article.index("<h1") < article.index('class="notice corrections"') < article.index('class="prose"')
    modified = page.css_first('meta[property="article:modified_time"]')
    assert modified is not None
    assert modified.attributes["content"] == "2026-02-02T00:00:00+07:00"


def test_a_page_shows_its_correction_too_and_a_page_without_one_shows_nothing(built: Built) -> None:
    line = text_of(built.page("kontak/wilayah/"), ".corrections p")
    assert line == "Ralat (20 Februari 2026): Ada 20 kecamatan. Semula tertulis 19."
    shown = {name for name, page in built.pages().items() if page.css(".corrections")}
    assert shown == {"berita/2026/berita-05/index.html", "kontak/wilayah/index.html"}


def test_the_feed_and_the_site_map_tell_the_day_of_the_latest_correction(built: Built) -> None:
    feed = ET.fromstring((built.folder / "berita/umpan.xml").read_bytes())
    updated = {
        item.findtext("title"): item.findtext("{http://www.w3.org/2005/Atom}updated")
        for item in feed.findall("channel/item")
    }
    assert updated.pop("Berita 05") == "2026-02-01T17:00:00+00:00"
    assert set(updated.values()) == {None}
    rows = (built.folder / "sitemap.xml").read_text("utf-8")
    assert "berita/2026/berita-05/</loc><lastmod>2026-02-02<" in rows
    assert "kontak/wilayah/</loc><lastmod>2026-02-20<" in rows


# --- articles


def test_an_urgent_announcement_stands_on_every_page(built: Built) -> None:
    for name, page in built.pages().items():
        assert text_of(page, ".urgent") == "Penting: Gangguan listrik", name


def test_an_article_shows_dateline_photo_caption_and_the_way_back(built: Built) -> None:
    page = built.page(ARTICLE)
    assert text_of(page, ".dateline") == "Wanayasa, 30 Januari 2026"
    assert text_of(page, "figcaption") == "Sidang di balai desa."
    assert hrefs(page, ".crumbs a") == ["../../../", "../../", "../"]
    assert hrefs(page, ".neighbours a") == ["../berita-14/"]
    assert "../../2025/berita-lama/" in hrefs(page, ".related a")[0]


def test_a_news_item_without_place_gets_the_office_default(built: Built) -> None:
    assert text_of(built.page("berita/2026/berita-02/"), ".dateline") == "Banjarnegara, 2 Januari 2026"
    assert text_of(built.page("pengumuman/2026/jam-ramadan/"), ".dateline") == "15 Januari 2026"


def test_a_photo_is_offered_in_two_sizes_of_webp_and_a_jpeg_the_first_at_once(built: Built) -> None:
    first, second = built.page(ARTICLE).css(".photo picture")
    source, image = first.css_first("source"), first.css_first("img")
    assert source is not None
    assert image is not None
    assert source.attributes["type"] == "image/webp"
    assert [part.split()[1] for part in str(source.attributes["srcset"]).split(", ")] == ["480w", "640w"]
    assert str(image.attributes["src"]).endswith(".jpg")
    assert (image.attributes["width"], image.attributes["height"]) == ("640", "420")
    assert image.attributes["decoding"] == "async"
    assert "loading" not in image.attributes
    later = second.css_first("img")
    assert later is not None
    assert later.attributes["loading"] == "lazy"


def test_an_item_without_photo_has_a_decorative_card_on_lists_and_in_shared_links(built: Built) -> None:
    image = built.page("berita/").css("img[loading=lazy]")[-1]
    assert image.attributes["alt"] == ""
    shared = built.page("berita/2026/berita-01/").css_first('meta[property="og:image"]')
    assert shared is not None
    address = str(shared.attributes["content"])
    assert address.startswith("https://www.pa-contoh.go.id/assets/foto/")
    assert (built.folder / address.removeprefix("https://www.pa-contoh.go.id/")).stat().st_size < 300_000


def test_the_approval_is_told_where_it_is_proven_and_nowhere_else(built: Built) -> None:
    line = text_of(built.page(ARTICLE), ".evidence")
    assert line == "Disetujui oleh Redaktur dan Kasubag PTIP pada 1 Maret 2026 pukul 10.00 WIB."
    others = [name for name, page in built.pages().items() if page.css(".evidence")]
    assert others == [f"{ARTICLE}index.html"]


def test_sharing_needs_no_script_of_others(built: Built) -> None:
    link = hrefs(built.page(ARTICLE), ".share a")[0]
    assert link.startswith("https://wa.me/?text=Sidang%20keliling%20https%3A%2F%2Fwww.pa-contoh.go.id%2Fberita")
    assert [str(node.attributes["src"]) for node in built.page(ARTICLE).css("script")] != []
    assert all("//" not in str(node.attributes["src"]) for node in built.page(ARTICLE).css("script"))


def test_a_page_tells_what_the_office_has_yet_to_supply_its_unit_and_since_when_it_holds(built: Built) -> None:
    page = built.page("profil/sejarah/")
    assert text_of(page, ".notice") == "Informasi ini belum tersedia: nama ketua pertamatahun berdiri"
    assert text_of(page, ".facts") == "Penanggung jawab isi: Kepaniteraan Berlaku sejak: 2 Januari 2026"
    assert page.css_first(".tabel table") is not None
    assert page.css_first(".catatan-kaki") is not None


def test_links_of_the_text_work_from_where_the_page_stands(built: Built) -> None:
    assert "../../../layanan/layanan-1/#atas" in hrefs(built.page(ARTICLE), ".prose a")
    assert hrefs(built.page("layanan/layanan-1/"), ".prose a") == ["../../profil/sejarah/"]


def test_the_page_for_a_wrong_address_leads_on_from_the_root_of_the_server(built: Built) -> None:
    page = built.page("404.html")
    assert "/layanan/" in hrefs(page, ".door a")
    assert "/" in hrefs(page, ".brand")
    assert page.css_first('meta[name="robots"]') is not None
    assert page.css_first("link[rel=canonical]") is None


def test_the_site_map_has_every_page_but_the_wrong_address_with_the_days_that_are_known(built: Built) -> None:
    found = ET.fromstring((built.folder / "sitemap.xml").read_bytes())
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    rows = {row.findtext(f"{space}loc"): row.findtext(f"{space}lastmod") for row in found}
    root = "https://www.pa-contoh.go.id/"
    listed = {name for name, page in built.pages().items() if not page.css('meta[name="robots"]')}
    wanted = {root + name.removesuffix("index.html") for name in listed}
    assert set(rows) == wanted
    assert rows[root + ARTICLE] == "2026-03-01", "the day of its approval"
    assert rows[root + "berita/2026/berita-02/"] == "2026-01-02"
    assert rows[root + "kontak/alamat/"] is None
    assert f"Sitemap: {root}sitemap.xml" in (built.folder / "robots.txt").read_text("utf-8")


def test_the_feed_has_the_newest_items_with_their_day_in_the_courts_zone(built: Built) -> None:
    found = ET.fromstring((built.folder / "berita/umpan.xml").read_bytes())
    items = found.findall("channel/item")
    assert items[0].findtext("title") == "Sidang keliling"
    assert items[0].findtext("pubDate") == "Thu, 29 Jan 2026 17:00:00 +0000"
    assert len(items) == 16


def test_the_first_view_of_home_weighs_at_most_60_kb_compressed_in_12_requests(built: Built) -> None:
    page = built.page("")
    files = [built.folder / "index.html", *built.folder.glob("assets/*.*")]
    assert sum(len(gzip.compress(path.read_bytes())) for path in files) <= 60_000
    assert len(files) + len(page.css("img[src*='foto']")) <= 12


def test_static_files_carry_the_hash_of_their_bytes(built: Built) -> None:
    for path in built.folder.glob("assets/*.*"):
        assert path.name.split(".")[1] == hashlib.sha256(path.read_bytes()).hexdigest()[:10]
    for path in built.folder.glob("assets/foto/*"):
        assert hashlib.sha256(path.read_bytes()).hexdigest().startswith(path.stem)


@pytest.mark.parametrize("url", ["", "layanan/", "berita/", ARTICLE, "profil/sejarah/", "404.html", GONE[0]])
def test_headings_never_skip_a_level_downwards(built: Built, url: str) -> None:
    levels = [int(str(node.tag)[1]) for node in built.page(url).css("main h1, main h2, main h3, main h4")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
