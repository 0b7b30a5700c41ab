"""Building a site: the same input gives the same bytes, a broken page stops it, and what stood there stays."""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from selectolax.lexbor import LexborHTMLParser
from small_site import COURT, NOW, SmallSite, photo_bytes, tree

from pipeline.errors import ConfigurationError, PipelineError
from pipeline.site import evidence as site_evidence
from pipeline.site.evidence import Told
from pipeline.stages.build import BuildResult, Evidence, Withdrawn, as_json, build, describe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOWN = {"berita/2026/salah": Withdrawn(title="Salah", on=NOW, reason="keterangannya keliru")}
HOSTILE = "<script>alert(1)</script> {{ 7 * 7 }} {% raw %} \"' <b>tebal</b>"


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> SmallSite:
    """A court with one page, one news item and one photo, its pictures already in the cache."""
    folder = tmp_path_factory.mktemp("tergambar")
    site = SmallSite.empty(folder / "sumber")
    site.document("layanan/biaya-perkara")
    article = site.document("berita/2026/sidang-keliling", "![Hakim membuka sidang](sidang.jpg)\n\nIsi.")
    (article / "sidang.jpg").write_bytes(photo_bytes(1))
    build(site.folder, folder / "site", now=NOW)
    return site


@pytest.fixture
def source(drawn: SmallSite, tmp_path: Path) -> SmallSite:
    """A copy of it for one test."""
    return SmallSite(shutil.copytree(drawn.folder, tmp_path / "sumber"))


def parsed(site: Path, url: str) -> LexborHTMLParser:
    return LexborHTMLParser((site / url / "index.html").read_text("utf-8"))


def mentions(site: Path, word: str) -> set[str]:
    """Files of the site in which ``word`` stands."""
    return {name for name, data in tree(site).items() if word.encode() in data}


def test_two_builds_of_the_same_input_are_byte_identical_wherever_they_stand(source: SmallSite, tmp_path: Path) -> None:
    first, second = tmp_path / "satu" / "site", tmp_path / "dua" / "lain"
    source.document("pengumuman/2026/usai", tayang_sampai="2026-02-01")
    source.document("berita/2026/nanti", terbit="2026-03-02 08:00")
    build(source.folder, first, now=NOW, withdrawn=DOWN, cache=tmp_path / "c1")
    source.folder.rename(tmp_path / "pindah")
    time.sleep(1.1)  # a clock of whole seconds would show itself
    build(tmp_path / "pindah", second, now=NOW, withdrawn=DOWN, cache=tmp_path / "c2")
    assert tree(first) == tree(second)
    assert {"berita/2026/salah/index.html", "pengumuman/2026/usai/index.html"} <= set(tree(first))


def test_mkdocs_alone_gives_the_same_site(source: SmallSite, tmp_path: Path) -> None:
    evidence = {"berita/2026/sidang-keliling": Evidence(approved_by=("Redaktur", "Kasubag PTIP"), approved_at=NOW)}
    build(source.folder, tmp_path / "site", now=NOW, evidence=evidence, withdrawn=DOWN)
    told = source.folder / site_evidence.FILE
    told.parent.mkdir()
    told.write_text(site_evidence.as_text(Told(documents=evidence, withdrawn=DOWN)), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet"],
        cwd=source.folder,
        env={**os.environ, "SOURCE_DATE_EPOCH": str(int(NOW.timestamp())), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert tree(source.folder / "site") == tree(tmp_path / "site")
    assert "Disetujui" in (tmp_path / "site/berita/2026/sidang-keliling/index.html").read_text("utf-8")
    assert "ditarik pada" in (tmp_path / "site/berita/2026/salah/index.html").read_text("utf-8")


def test_evidence_beside_the_configuration_is_used_unless_the_build_is_given_its_own(
    source: SmallSite, tmp_path: Path
) -> None:
    told = source.folder / site_evidence.FILE
    told.parent.mkdir()
    proven = {"layanan/biaya-perkara": Evidence(approved_by=("Ketua",), approved_at=NOW)}
    told.write_text(site_evidence.as_text(Told(documents=proven, withdrawn=DOWN)), "utf-8")
    build(source.folder, tmp_path / "a", now=NOW)
    assert parsed(tmp_path / "a", "layanan/biaya-perkara").css_first(".evidence") is not None
    assert (tmp_path / "a/berita/2026/salah/index.html").is_file()
    build(source.folder, tmp_path / "b", now=NOW, evidence={}, withdrawn={})
    assert parsed(tmp_path / "b", "layanan/biaya-perkara").css_first(".evidence") is None
    assert not (tmp_path / "b/berita/2026/salah").exists()
    told.write_text("{", "utf-8")
    build(source.folder, tmp_path / "c", now=NOW, evidence={}, withdrawn={})
    with pytest.raises(ConfigurationError):
        build(source.folder, tmp_path / "d", now=NOW, evidence={})


def test_a_build_replaces_the_whole_site_and_leaves_nothing_beside_it(source: SmallSite, tmp_path: Path) -> None:
    site = tmp_path / "hasil" / "site"
    site.mkdir(parents=True)
    (site / "lama.html").write_text("lama")
    result = build(source.folder, site, now=NOW)
    assert not (site / "lama.html").exists()
    assert [path.name for path in site.parent.iterdir()] == ["site"]
    names = tree(site)
    assert result.files == len(names)
    assert result.pages == len([name for name in names if name.endswith(".html")])


def test_a_site_can_be_read_by_the_web_servers_user(source: SmallSite, tmp_path: Path) -> None:
    build(source.folder, tmp_path / "site", now=NOW)
    for path in (tmp_path / "site", *(tmp_path / "site").rglob("*")):
        assert path.stat().st_mode & 0o044 == 0o044, path


def test_a_document_that_cannot_be_read_stops_the_build_and_what_stood_there_stays(
    source: SmallSite, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    build(source.folder, site, now=NOW)
    before = tree(site)
    page = source.folder / "content/layanan/biaya-perkara/index.md"
    page.write_text("---\ntitle: Biaya\n\nTidak pernah ditutup.\n", "utf-8")
    with pytest.raises(PipelineError, match=r"layanan/biaya-perkara/index\.md baris \d+"):
        build(source.folder, site, now=NOW)
    assert tree(site) == before
    assert {path.name for path in tmp_path.iterdir()} == {"site", "sumber"}


def test_all_broken_pages_are_told_at_once(source: SmallSite, tmp_path: Path) -> None:
    source.document("berita/2026/tanpa-foto", "![Uraian foto](hilang.jpg)")
    source.document("berita/2026/foto-rusak", "![Uraian foto](rusak.jpg)")
    (source.folder / "content/berita/2026/foto-rusak/rusak.jpg").write_bytes(photo_bytes(3)[:900])
    source.document("bagian-asing/halaman")
    with pytest.raises(PipelineError) as told:
        build(source.folder, tmp_path / "site", now=NOW)
    for part in ("hilang.jpg", "rusak", "bagian-asing"):
        assert part in told.value.message
    assert not (tmp_path / "site").exists()


@pytest.mark.parametrize("src", ["https://lain.example/foto.jpg", "../sidang-keliling/sidang.jpg", "/etc/passwd"])
def test_a_picture_from_elsewhere_stops_the_build(source: SmallSite, tmp_path: Path, src: str) -> None:
    source.document("berita/2026/meminjam", f"![Uraian foto]({src})")
    with pytest.raises(PipelineError, match="bukan berkas di folder naskah"):
        build(source.folder, tmp_path / "site", now=NOW)


def test_a_link_to_a_page_that_is_not_there_is_a_warning_with_its_place(source: SmallSite, tmp_path: Path) -> None:
    source.document("layanan/rusak", "Lihat [ini](/layanan/tidak-ada/) dan [itu](/layanan/biaya-perkara/).")
    result = build(source.folder, tmp_path / "site", now=NOW)
    assert result.warnings == ("layanan/rusak: tautan /layanan/tidak-ada/ menuju halaman yang tidak ada di situs ini.",)


def test_author_text_is_never_code_neither_in_the_template_nor_in_the_page(source: SmallSite, tmp_path: Path) -> None:
    title = "{{ config }} <script>alert(1)</script>"
    quoted = json.dumps(f"{HOSTILE} dan masih ada beberapa kata lagi di ringkasan ini")
    source.document(
        "berita/2026/nakal",
        f"{HOSTILE}\n\n[klik](javascript:alert(1)) {{{{ page.file.abs_src_path }}}} [x](vbscript:x)",
        title=json.dumps(title),
        description=quoted,
        tempat=json.dumps('"><img src=x onerror=alert(1)>'),
    )
    site = tmp_path / "site"
    build(source.folder, site, now=NOW)
    page = parsed(site, "berita/2026/nakal")
    for place in (page, parsed(site, ""), parsed(site, "berita")):
        assert [node.attributes.get("src") for node in place.css("script")] == [
            node.attributes["src"] for node in place.css("head script[defer]")
        ]
        assert place.css("[onerror], [onclick], b, img[src=x]") == []
    heading = page.css_first("h1")
    assert heading is not None
    assert heading.text() == title
    body = page.css_first(".prose")
    assert body is not None
    assert "{{ 7 * 7 }} {% raw %}" in body.text()
    assert "{{ page.file.abs_src_path }}" in body.text()
    assert [href for node in page.css("a") if "script:" in (href := str(node.attributes["href"]))] == []
    assert not [name for name, data in tree(site).items() if b"<script>alert" in data]


def test_the_front_matter_chooses_no_template(source: SmallSite, tmp_path: Path) -> None:
    source.document("layanan/licik", template="404.html")
    with pytest.raises(PipelineError, match="template"):
        build(source.folder, tmp_path / "site", now=NOW)


@pytest.mark.parametrize("where", ["content/layanan/intip", "content/layanan/biaya-perkara/data.csv", "office/intip"])
def test_a_symbolic_link_never_reaches_the_site(source: SmallSite, tmp_path: Path, where: str) -> None:
    secret = tmp_path / "rahasia"
    secret.mkdir()
    (secret / "index.md").write_text("rahasia")
    (source.folder / where).symlink_to(secret)
    with pytest.raises(PipelineError, match="tautan simbolik"):
        build(source.folder, tmp_path / "site", now=NOW)
    assert not (tmp_path / "site").exists()


def test_a_loop_of_symbolic_links_does_not_hang_the_build(source: SmallSite, tmp_path: Path) -> None:
    (source.folder / "content/layanan/putar").symlink_to(source.folder / "content")
    with pytest.raises(ConfigurationError, match="tautan simbolik"):
        build(source.folder, tmp_path / "site", now=NOW)


def test_only_documents_and_their_pictures_come_out(source: SmallSite, tmp_path: Path) -> None:
    folder = source.folder / "content/layanan/biaya-perkara"
    for name in ("biaya.csv", "catatan.txt", "index.html", "muat.js", "lain.md", ".rahasia"):
        (folder / name).write_text("isi lampiran")
    (source.folder / "content/berita/2026/sidang-keliling/tak-dipakai.jpg").write_bytes(photo_bytes(9))
    (source.folder / "content/sembarang.md").write_text("# Halaman liar")
    result = build(source.folder, tmp_path / "site", now=NOW)
    assert not [name for name, data in tree(tmp_path / "site").items() if b"isi lampiran" in data]
    assert "sembarang/index.html" not in tree(tmp_path / "site")
    assert any("sembarang.md bukan naskah" in warning for warning in result.warnings)


def test_a_document_waits_for_its_time_in_the_courts_zone(source: SmallSite, tmp_path: Path) -> None:
    source.document("berita/2026/nanti", terbit="2026-03-01 10:30")
    early, late = (datetime(2026, 3, 1, 3, minute, tzinfo=UTC) for minute in (29, 30))
    build(source.folder, tmp_path / "a", now=early)
    assert not [name for name, data in tree(tmp_path / "a").items() if b"nanti" in data]
    build(source.folder, tmp_path / "b", now=late)
    assert (tmp_path / "b/berita/2026/nanti/index.html").is_file()


def test_an_announcement_ends_when_only_time_passes(source: SmallSite, tmp_path: Path) -> None:
    source.document("pengumuman/2026/pendek", "Loket tutup sehari.", tayang_sampai="2026-03-01", mendesak="ya")
    last_minute = datetime(2026, 3, 1, 16, 59, tzinfo=UTC)  # 23.59 WIB
    build(source.folder, tmp_path / "a", now=last_minute)
    build(source.folder, tmp_path / "b", now=last_minute + timedelta(minutes=1))
    before, after = (mentions(tmp_path / name, "pendek") for name in "ab")
    assert {"index.html", "layanan/index.html", "pengumuman/index.html", "sitemap.xml"} <= before
    assert after == {"pengumuman/2026/pendek/index.html"}
    assert mentions(tmp_path / "a", "Loket tutup") == after
    assert mentions(tmp_path / "b", "Loket tutup") == set()


def test_a_withdrawn_document_leaves_its_title_and_reason_and_nothing_of_its_pictures(
    source: SmallSite, tmp_path: Path
) -> None:
    build(source.folder, tmp_path / "a", now=NOW)
    shutil.rmtree(source.folder / "content/berita/2026/sidang-keliling")
    gone = {"berita/2026/sidang-keliling": Withdrawn(title="Sidang keliling", on=NOW, reason="fotonya keliru")}
    build(source.folder, tmp_path / "b", now=NOW, withdrawn=gone)
    assert len(mentions(tmp_path / "a", "sidang-keliling")) > 3
    assert mentions(tmp_path / "b", "sidang-keliling") == {"berita/2026/sidang-keliling/index.html"}
    assert parsed(tmp_path / "b", "berita/2026/sidang-keliling").css("main img") == []
    photos = {name for name in tree(tmp_path / "a") if name.startswith("assets/foto/")}
    left = {name for name in tree(tmp_path / "b") if name.startswith("assets/foto/")}
    assert left < photos


def test_what_is_published_anew_after_a_withdrawal_is_shown_once_its_time_has_come(
    source: SmallSite, tmp_path: Path
) -> None:
    source.document("berita/2026/salah", "Keterangan yang benar.", terbit="2026-03-02 08:00")
    build(source.folder, tmp_path / "a", now=NOW, withdrawn=DOWN)
    assert "ditarik pada" in parsed(tmp_path / "a", "berita/2026/salah").text()
    assert mentions(tmp_path / "a", "2026/salah/") == {"berita/2026/salah/index.html"}
    build(source.folder, tmp_path / "b", now=NOW + timedelta(days=1), withdrawn=DOWN)
    page = parsed(tmp_path / "b", "berita/2026/salah")
    assert "Keterangan yang benar." in page.text()
    assert "ditarik" not in page.text()
    assert {"berita/umpan.xml", "sitemap.xml", "berita/index.html"} <= mentions(tmp_path / "b", "2026/salah/")


def test_a_link_to_what_is_gone_is_no_broken_one_but_a_warning_with_its_line(source: SmallSite, tmp_path: Path) -> None:
    source.document("pengumuman/2026/usai", tayang_sampai="2026-02-01")
    source.document("layanan/tautan", "[ini](/berita/2026/salah/#isi)\n\n[itu](/pengumuman/2026/usai/)")
    result = build(source.folder, tmp_path / "site", now=NOW, withdrawn=DOWN)
    assert result.warnings == (
        "layanan/tautan baris 7: tautan /berita/2026/salah/#isi menuju halaman yang sudah ditarik.",
        "layanan/tautan baris 9: tautan /pengumuman/2026/usai/ menuju halaman yang sudah berakhir.",
    )
    links = [str(node.attributes["href"]) for node in parsed(tmp_path / "site", "layanan/tautan").css(".prose a")]
    assert links == ["../../berita/2026/salah/#isi", "../../pengumuman/2026/usai/"]


def test_a_withdrawn_page_of_a_section_that_is_gone_too_still_answers(source: SmallSite, tmp_path: Path) -> None:
    gone = {"bagian-lama/halaman": Withdrawn(title="Halaman", on=NOW, reason="bagiannya ditutup")}
    build(source.folder, tmp_path / "site", now=NOW, withdrawn=gone)
    page = parsed(tmp_path / "site", "bagian-lama/halaman")
    assert "karena bagiannya ditutup." in page.text()
    assert [node.text() for node in page.css(".crumbs a")] == ["Beranda"]


def test_the_day_of_a_withdrawal_is_the_courts(source: SmallSite, tmp_path: Path) -> None:
    late = datetime(2026, 2, 28, 18, tzinfo=UTC)  # 1 Maret 01.00 WIB
    build(
        source.folder, tmp_path / "site", now=NOW, withdrawn={"layanan/x": replace(DOWN["berita/2026/salah"], on=late)}
    )
    assert "ditarik pada 1 Maret 2026 karena" in parsed(tmp_path / "site", "layanan/x").text()


def test_a_build_sets_nothing_for_the_next_one(source: SmallSite, tmp_path: Path) -> None:
    """MkDocs keeps one instance of a plugin for the whole process."""
    other = SmallSite.empty(tmp_path / "lain")
    other.document("profil/sejarah")
    broken = SmallSite.empty(tmp_path / "rusak")
    broken.document("bagian-asing/halaman")
    build(source.folder, tmp_path / "a", now=NOW, evidence={})
    with pytest.raises(PipelineError):
        build(broken.folder, tmp_path / "b", now=NOW)
    build(other.folder, tmp_path / "c", now=NOW + timedelta(days=400))
    build(source.folder, tmp_path / "d", now=NOW, evidence={})
    assert tree(tmp_path / "a") == tree(tmp_path / "d")


def test_pictures_are_made_once_and_a_broken_cache_entry_is_made_again(source: SmallSite, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    build(source.folder, tmp_path / "a", now=NOW, cache=cache)
    before = {path: path.stat().st_mtime_ns for path in (cache / "foto").iterdir()}
    build(source.folder, tmp_path / "b", now=NOW, cache=cache)
    assert {path: path.stat().st_mtime_ns for path in (cache / "foto").iterdir()} == before
    victims = sorted(cache.rglob("*.webp"))[:2] + sorted(cache.rglob("*.json"))[-1:]
    victims[0].write_bytes(b"rusak")
    victims[1].unlink()
    victims[2].write_text('[{"name": "../../luar.webp"}]')
    build(source.folder, tmp_path / "c", now=NOW, cache=cache)
    assert tree(tmp_path / "a") == tree(tmp_path / "b") == tree(tmp_path / "c")


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("office/court.yml", "zona_waktu: Asia/Jakarta", "zona_waktu: Asia/Jakarata", r"court\.yml baris \d+"),
        ("mkdocs.yml", "  - redaksi", "  - search", "plugin redaksi"),
        ("mkdocs.yml", "name: material", "name: tidak-ada", "tidak dapat dibangun"),
    ],
)
def test_a_mistake_of_the_configuration_is_one_sentence(
    source: SmallSite, tmp_path: Path, name: str, old: str, new: str, told: str
) -> None:
    source.change(name, old, new)
    with pytest.raises(PipelineError, match=told) as error:
        build(source.folder, tmp_path / "site", now=NOW)
    assert error.value.hint
    assert not (tmp_path / "site").exists()


def test_a_folder_without_configuration_or_content_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"mkdocs\.yml tidak ada"):
        build(tmp_path, tmp_path / "site", now=NOW)
    source = SmallSite.empty(tmp_path / "sumber")
    (source.folder / "content").rmdir()
    with pytest.raises(PipelineError, match="content"):
        build(source.folder, tmp_path / "site", now=NOW)


def test_an_empty_court_still_has_its_pages(tmp_path: Path) -> None:
    source = SmallSite.empty(tmp_path / "sumber")
    build(source.folder, tmp_path / "site", now=NOW)
    home = parsed(tmp_path / "site", "")
    assert home.css(".tile") == []
    assert COURT in home.text()
    assert "Belum ada berita" in parsed(tmp_path / "site", "berita").text()


def test_a_file_or_link_where_the_site_should_stand_is_left_alone(source: SmallSite, tmp_path: Path) -> None:
    (tmp_path / "berkas").write_text("penting")
    (tmp_path / "tautan").symlink_to(tmp_path / "sumber")
    for name in ("berkas", "tautan"):
        with pytest.raises(PipelineError, match="bukan folder biasa"):
            build(source.folder, tmp_path / name, now=NOW)
    assert (tmp_path / "berkas").read_text() == "penting"
    assert (source.folder / "mkdocs.yml").exists()


def test_a_build_prints_nothing_and_leaves_the_logger_as_it_was(
    source: SmallSite, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = (logging.getLogger("mkdocs").handlers[:], logging.getLogger("mkdocs").propagate)
    source.document("layanan/rusak", "Lihat [ini](/tidak/ada/).")
    build(source.folder, tmp_path / "site", now=NOW)
    assert capfd.readouterr() == ("", "")
    assert (logging.getLogger("mkdocs").handlers, logging.getLogger("mkdocs").propagate) == before


def test_a_moment_without_zone_is_a_bug(source: SmallSite, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="time zone"):
        build(source.folder, tmp_path / "site", now=NOW.replace(tzinfo=None))


def test_the_result_is_told_in_words_and_to_machines() -> None:
    result = BuildResult(pages=3, files=9, seconds=1.25, warnings=("a: tautan rusak.",))
    assert list(describe(result)) == [
        "Situs dibangun: 3 halaman, 9 berkas, 1.2 detik.",
        "Perhatikan: a: tautan rusak.",
    ]
    assert as_json(replace(result, warnings=())) == {"pages": 3, "files": 9, "seconds": 1.25, "warnings": []}


# --- preview

SERVE = """
import sys
from pathlib import Path
from pipeline.errors import PipelineError
from pipeline.stages.build import serve
try:
    serve(Path(sys.argv[1]), sys.argv[2], say=lambda line: print(line, flush=True))
except PipelineError as error:
    print("GAGAL", error.message, error.hint, flush=True)
"""


def free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@contextmanager
def serving(source: SmallSite, address: str, said: Path) -> Iterator[None]:
    """A preview in a process of its own, stopped as people stop it; what it says goes into ``said``."""
    command = [sys.executable, "-c", SERVE, str(source.folder), address]
    with said.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out) as process:
        try:
            yield
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0


def fetched(url: str) -> str:
    deadline = time.monotonic() + 15
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


def test_a_preview_shows_the_site_with_waiting_documents_and_tells_what_is_wrong(
    source: SmallSite, tmp_path: Path
) -> None:
    source.document("berita/2026/nanti", "![Uraian](hilang.jpg)\n\nIsi.", terbit="2099-01-01 08:00")
    address = f"127.0.0.1:{free_port()}"
    with serving(source, address, tmp_path / "kata"):
        assert "Apa yang ingin Anda urus" in fetched(f"http://{address}/")
        page = fetched(f"http://{address}/berita/2026/nanti/")
        assert "<h1>Nanti</h1>" in page
        assert re.search(r'href="\.\./\.\./\.\./assets/situs', page)
    assert (tmp_path / "kata").read_text("utf-8").startswith("berita/2026/nanti: Foto hilang.jpg tidak ada")


def test_a_preview_on_a_taken_address_is_told(source: SmallSite) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        command = [sys.executable, "-c", SERVE, str(source.folder), address]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=30, check=False)
    assert f"GAGAL Pratinjau tidak dapat dibuka di {address}." in done.stdout
    assert "Traceback" not in done.stdout + done.stderr
