# ruff: noqa: INP001 -- docs/ is a folder of pages, not a package
"""Make every picture of README.md and of the guides, from real commands and the real site.

Run ``./redaksi test`` once (it installs the development tools), then ``.venv/bin/python docs/pictures.py``; it needs a
``chromium`` on the PATH. The script plays ``redaksi demo`` in a temporary folder, drives the desks as each role would, and
photographs what the commands printed and what the site shows. It refuses to draw a line that no command printed, to go on
after a command that ended otherwise than the guides say, and to keep a picture that is larger than a page should carry.
"""

from __future__ import annotations

import functools
import html
import io
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from playwright.sync_api import sync_playwright

from pipeline.demo import Pages, photo_with_place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT: Final = Path(__file__).resolve().parents[1]
PICTURES: Final = ROOT / "docs" / "gambar"
LARGEST_BYTES: Final = 150_000
COLOURS: Final = 96
TITLE: Final = "Pelatihan petugas PTSP"
TEXT: Final = """
Naskah ini contoh untuk panduan; peristiwanya tidak sungguh terjadi. Petugas pelayanan terpadu satu pintu (PTSP)
mengikuti pelatihan pelayanan.

![](IMG_2031.JPG)

Pelatihan berlangsung di di ruang pertemuan. Peserta berlatih menjelaskan [biaya perkara](/layanan/biaya-perkara/).
"""
SUMMARY: Final = "Petugas pelayanan terpadu satu pintu berlatih menjelaskan biaya perkara kepada warga."
STYLE: Final = """
* { box-sizing: border-box; margin: 0 }
body { background: #fff; padding: 8px }
figure { display: inline-block; min-width: 900px; border: 1px solid #b9c2bd; border-radius: 8px; overflow: hidden }
figcaption { background: #1f5d49; color: #fff; font: 600 14px "DejaVu Sans", sans-serif; padding: 8px 14px }
pre { background: #fcfcfa; color: #1d2321; font: 13.5px/1.5 "DejaVu Sans Mono", monospace; padding: 12px 14px;
      white-space: pre-wrap; overflow-wrap: anywhere }
b { color: #14533f } i { color: #8a9690; font-style: normal; user-select: none }
"""


class Surprise(Exception):
    """A command or a picture is not what the guides say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The office that the demo left behind: a desk a person, and the address that its site is published at."""

    folder: Path
    url: str

    def desk(self, person: str) -> Path:
        """The clone in which a person works."""
        return self.folder / "meja" / person

    def ask(self, person: str, *words: str, expect: int = 0) -> str:
        """Run one command at a person's desk; give the command as typed there and what it printed."""
        environment = {**os.environ, "REDAKSI_KEYS": str(self.folder / "kunci"), "REDAKSI_AS": person}
        done = subprocess.run(
            [str(ROOT / "redaksi"), *words],
            cwd=self.desk(person),
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if done.returncode != expect:
            raise Surprise(f"{words} ended with {done.returncode}, not {expect}:\n{done.stdout}")
        typed = " ".join(f'"{word}"' if re.search(r"[\s?“]", word) else word for word in words)
        return f"$ ./redaksi {typed}\n{done.stdout.rstrip()}"

    @contextmanager
    def previewed(self, person: str, document: str) -> Iterator[str]:
        """``redaksi serve DOCUMENT`` while the block runs; gives the page's address."""
        address = f"127.0.0.1:{free_port()}"
        environment = {**os.environ, "REDAKSI_AS": person}
        command = [str(ROOT / "redaksi"), "serve", document, "--address", address]
        with subprocess.Popen(
            command, cwd=self.desk(person), env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                wait_for(f"http://{address}/{document}/")
                yield f"http://{address}/{document}/"
            finally:
                process.send_signal(signal.SIGINT)


@dataclass(slots=True, kw_only=True)
class Camera:
    """A browser, and what it has taken so far."""

    browser: Browser
    taken: list[str] = field(default_factory=list)

    def terminal(self, name: str, who: str, *said: str, width: int = 920) -> None:
        """Photograph what commands printed, as a window of its own."""
        self._figure(name, f"Jendela perintah {who}", "\n\n".join(marked(text) for text in said), width=width)

    def editor(self, name: str, path: Path, caption: str) -> None:
        """Photograph a text with its line numbers."""
        lines = path.read_text("utf-8").rstrip("\n").split("\n")
        rows = (f"<i>{number:>3}</i>  {html.escape(line)}" for number, line in enumerate(lines, start=1))
        self._figure(name, caption, "\n".join(rows))

    def site(self, name: str, url: str, *, width: int = 1180, height: int = 900) -> None:
        """Photograph the upper part of a page."""
        page = self.browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=1)
        page.goto(url)  # to "load": the preview keeps a connection open for ever
        self._keep(name, page.screenshot())
        page.close()

    def _figure(self, name: str, caption: str, body: str, *, width: int = 920) -> None:
        page = self.browser.new_page(viewport={"width": width, "height": 400}, device_scale_factor=1.3)
        page.set_content(
            f"<style>{STYLE}</style><figure><figcaption>{html.escape(caption)}</figcaption><pre>{body}</pre></figure>"
        )
        self._keep(name, page.locator("figure").screenshot())
        page.close()

    def _keep(self, name: str, data: bytes) -> None:
        small = io.BytesIO()
        Image.open(io.BytesIO(data)).convert("RGB").quantize(COLOURS).save(small, "PNG", optimize=True)
        if small.tell() > LARGEST_BYTES:
            raise Surprise(f"{name} weighs {small.tell()} bytes, more than {LARGEST_BYTES}")
        (PICTURES / name).write_bytes(small.getvalue())
        self.taken.append(name)


def marked(said: str) -> str:
    """Output as HTML, the typed command in bold."""
    command, _, output = said.partition("\n")
    return f"<b>{html.escape(command)}</b>\n{html.escape(output)}"


def main() -> int:
    """Make all pictures and remove those that nothing makes any more."""
    PICTURES.mkdir(exist_ok=True)
    chromium = shutil.which("chromium")
    with (
        tempfile.TemporaryDirectory(prefix="redaksi-gambar-") as scratch,
        sync_playwright() as engine,
        engine.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]) as browser,
    ):
        camera = Camera(browser=browser)
        office = opened(Path(scratch, "kantor"))
        with served(office):
            play(office, camera)
        another_court(office, camera)
    for stale in PICTURES.glob("*.png"):
        if stale.name not in camera.taken:
            stale.unlink()
    sys.stdout.write("".join(f"{(PICTURES / n).stat().st_size:>8} {n}\n" for n in camera.taken))
    return 0


# -- the story of the guides --


def play(office: Office, camera: Camera) -> None:
    """One news item from the first word to the live page, photographed where the guides speak of it."""
    camera.site("situs-beranda.png", f"{office.url}/")
    said = office.ask("admin", "new", "berita", TITLE)
    document = said.partition("Naskah ")[2].partition(" ")[0]
    folder = office.desk("admin") / "drafts" / document
    camera.terminal("admin-baru.png", "Admin", said)
    write(office, camera, folder, document)
    review(office, camera, folder, document)
    publish(office, camera, document)


def write(office: Office, camera: Camera, folder: Path, document: str) -> None:
    """The Admin's part: write, check, look, submit."""
    camera.editor("admin-templat.png", folder / "index.md", "Berkas index.md yang baru dibuat")
    source = (folder / "index.md").read_text("utf-8")
    source = re.sub(r"(?m)^description:.*$", f"description: {SUMMARY}", source)
    (folder / "index.md").write_text(source[: source.index("\n---", 4) + 4] + "\n" + TEXT, "utf-8")
    (folder / "IMG_2031.JPG").write_bytes(photo_with_place())
    camera.terminal("admin-periksa.png", "Admin", office.ask("admin", "check", document, expect=1))
    mend(folder, ("![](", "![Ruang pelatihan dengan satu meja dan tiga kursi]("), ("di di ruang", "di ruang"))
    with office.previewed("admin", document) as url:
        camera.site("admin-pratinjau.png", url, width=900, height=760)
    camera.terminal("admin-ajukan.png", "Admin", office.ask("admin", "submit", document))


def review(office: Office, camera: Camera, folder: Path, document: str) -> None:
    """Returned once, mended, corrected by the Redaktur, approved by both."""
    camera.terminal(
        "redaktur-baca.png", "Redaktur", office.ask("redaktur", "status"), office.ask("redaktur", "read", document)
    )
    back = ["return", document, "--reason", "fakta", "Hari pelatihan belum disebut.", "--note", "15", "Hari apa?"]
    camera.terminal("redaktur-kembalikan.png", "Redaktur", office.ask("redaktur", *back))
    camera.terminal("admin-dikembalikan.png", "Admin", office.ask("admin", "edit", document))
    mend(folder, ("mengikuti pelatihan pelayanan.", "mengikuti pelatihan pelayanan pada hari Seninn."))
    office.ask("admin", "submit", document)
    said = [office.ask("redaktur", "edit", document)]
    mend(office.desk("redaktur") / "review" / document, ("Seninn", "Senin"))
    said.append(office.ask("redaktur", "submit", document))
    camera.terminal("redaktur-koreksi.png", "Redaktur", *said)
    office.ask("redaktur", "read", document)
    camera.terminal("redaktur-setuju.png", "Redaktur", office.ask("redaktur", "approve", document))
    camera.terminal("kasubag-baca.png", "Kasubag PTIP", office.ask("kasubag-ptip", "read", document))
    camera.terminal("kasubag-setuju.png", "Kasubag PTIP", office.ask("kasubag-ptip", "approve", document))


def publish(office: Office, camera: Camera, document: str) -> None:
    """What the publishing machine says and what the records prove."""
    camera.terminal("pranata-terbit.png", "server", office.ask("penerbit", "publish", "--due"))
    said = office.ask("kasubag-ptip", "history", document)
    camera.terminal("kasubag-riwayat.png", "Kasubag PTIP", said, width=1180)  # a table must not be wrapped
    proof, kept = office.ask("penerbit", "verify"), office.ask("penerbit", "releases")
    camera.terminal("pranata-bukti.png", "server", proof, kept)


def another_court(office: Office, camera: Camera) -> None:
    """The same program with another court's name in ``office/court.yml``."""
    seed = office.folder / "benih"
    text = (seed / "office" / "court.yml").read_text("utf-8")
    for old, new in (("Banjarnegara", "Contoh"), ("BANJARNEGARA", "CONTOH"), ("(0286) 592810", "(0000) 000000")):
        text = text.replace(old, new)
    (seed / "office" / "court.yml").write_text(text, "utf-8")
    subprocess.run([str(ROOT / "redaksi"), "-C", str(seed), "build"], check=True, stdout=subprocess.DEVNULL)
    with on_a_port(seed / "site", 0) as url:
        camera.site("situs-pengadilan-lain.png", f"{url}/", height=520)


# -- the stage --


def opened(folder: Path) -> Office:
    """Play the demo in ``folder``; its office stays open for the story."""
    command = [str(ROOT / "redaksi"), "demo", "--dir", str(folder)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise Surprise(f"the demo failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    settings = (folder / "meja" / "admin" / "office" / "site.yml").read_text("utf-8")
    found = re.search(r"url: (http://127\.0\.0\.1:\d+)", settings)
    if found is None:
        raise Surprise("the demo's site has no address")
    return Office(folder=folder, url=found[1])


@contextmanager
def served(office: Office) -> Iterator[None]:
    """The office's site at the address that its settings name, as its own web server would."""
    with on_a_port(office.folder / "www" / "current", int(office.url.rpartition(":")[2])):
        yield


@contextmanager
def on_a_port(folder: Path, port: int) -> Iterator[str]:
    """A folder over HTTP on this computer."""
    handler = functools.partial(Pages, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        return server.server_port


def wait_for(url: str) -> None:
    """Wait until the page answers, at most half a minute."""
    for _ in range(150):
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 -- our own loopback server
                return
        except OSError:
            time.sleep(0.2)
    raise Surprise(f"{url} does not answer")


def mend(folder: Path, *pairs: tuple[str, str]) -> None:
    """Edit a text as a person at the keyboard would."""
    path = folder / "index.md"
    text = path.read_text("utf-8")
    for old, new in pairs:
        if old not in text:
            raise Surprise(f"{shlex.quote(old)} is not in {path.name}")
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
