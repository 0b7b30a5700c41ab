"""One small site, built once, and a real browser that looks at it over a real (loopback) server."""

from __future__ import annotations

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import sync_playwright
from selectolax.lexbor import LexborHTMLParser
from small_site import NOW, SmallSite

from pipeline.stages.build import BuildResult, Evidence, Withdrawn, build

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

CHROMIUM = Path("/usr/bin/chromium")
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")


class Built:
    """A built site: its folder, and its pages parsed."""

    def __init__(self, source: SmallSite, folder: Path, result: BuildResult) -> None:
        self.source = source
        self.folder = folder
        self.result = result
        self._parsed: dict[str, LexborHTMLParser] = {}

    def page(self, url: str) -> LexborHTMLParser:
        name = url if url.endswith(".html") else f"{url}index.html"
        if name not in self._parsed:
            self._parsed[name] = LexborHTMLParser((self.folder / name).read_text("utf-8"))
        return self._parsed[name]

    def pages(self) -> dict[str, LexborHTMLParser]:
        names = [path.relative_to(self.folder).as_posix() for path in sorted(self.folder.rglob("*.html"))]
        return {name: self.page(name) for name in names}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    source = SmallSite.empty(tmp_path_factory.mktemp("sumber")).filled()
    site = tmp_path_factory.mktemp("hasil") / "site"
    evidence = {
        "berita/2026/sidang-keliling": Evidence(approved_by=("Redaktur", "Kasubag PTIP"), approved_at=NOW),
        "berita/2026/berita-01": Evidence(approved_by=("Redaktur",), approved_at=NOW, taken_over=True),
    }
    withdrawn = {
        "berita/2026/salah-kutip": Withdrawn(title="Salah <i>kutip</i>", on=NOW, reason="memuat kutipan yang keliru."),
        "layanan/layanan-lama": Withdrawn(title="Layanan lama", on=NOW, reason="layanan ini sudah dihentikan"),
        "pengumuman/2024/nama-pemohon": Withdrawn(title="", on=NOW, reason="memuat data pribadi"),
    }
    return Built(source, site, build(source.folder, site, now=NOW, evidence=evidence, withdrawn=withdrawn))


class _Quiet(SimpleHTTPRequestHandler):
    """Serves the site as a plain web server does, with the site's own page for a wrong address."""

    def log_message(self, *_: object) -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        del message, explain
        body = Path(self.directory, "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture(scope="session")
def address(built: Built) -> Iterator[str]:
    """Where the built site is served."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(built.folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(f"{CHROMIUM} is missing: these tests look at pages in Debian's own browser")
    with sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path=str(CHROMIUM), args=list(QUIET))
        yield opened
        opened.close()
