"""``redaksi demo``: the main job end to end, on a new repository with an office server, three desks and their own keys.

A program of its own: it imports nothing of ``pipeline``, runs ``./redaksi`` commands as separate processes, prints each, and
believes only what it then reads from disk and over HTTP. Git, ssh-keygen and a small web server set the stage. It never
deletes a folder that it did not make.
"""

from __future__ import annotations

import functools
import io
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import urllib.request
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, NoReturn, Self

PROJECT: Final = Path(__file__).resolve().parents[1]
PROGRAM: Final = PROJECT / "redaksi"
MARKER: Final = ".redaksi-demo"
SEED: Final = ("content", "office", "drafts", "review", "records", "mkdocs.yml", ".gitattributes", ".gitignore")
PEOPLE: Final = ("admin", "redaktur", "kasubag-ptip", "sekretaris", "penerbit", "monev")
DESKS: Final = ("admin", "redaktur", "kasubag-ptip", "penerbit")
SERVE_PORT: Final = 8000
TITLE: Final = "SIDANG KELILING HADIR LEBIH DEKAT DENGAN WARGA"
SLUG: Final = "sidang-keliling-hadir-lebih-dekat-dengan-warga"
NIK: Final = "7901014505900001"  # no regency has the number 79

BROKEN: Final = f"""
Naskah ini adalah bahan peragaan Redaksi; peristiwa di dalamnya tidak sungguh terjadi. Sidang keliling adalah sidang yang
diselenggarakan di luar gedung pengadilan, lebih dekat dengan tempat tinggal para pencari keadilan.

![](IMG_2031.JPG)

Salah seorang warga yang hadir, dengan NIK {NIK}, datang bersama keluarganya sejak pagi.

Perkara yang diperiksa diajukan seperti biasa, yaitu melalui meja pelayanan atau secara elektronik. Biaya perkara dan tata
cara persidangan sama dengan sidang di gedung pengadilan.

Informasi tentang layanan pengadilan tersedia pada halaman layanan situs ini.
"""
MENDED: Final = (
    (TITLE, TITLE.capitalize()),
    (
        "![](IMG_2031.JPG)",
        '![Ruang sidang keliling dengan meja hakim dan kursi para pihak](IMG_2031.JPG "Ruang sidang keliling")',
    ),
    (f", dengan NIK {NIK},", ""),
)
NOTICE: Final = """
Naskah ini adalah bahan peragaan Redaksi. Pelayanan pada meja informasi dibuka seperti biasa, dan perubahan jam layanan
diumumkan lebih dahulu melalui halaman ini.
"""


class Trouble(Exception):
    """The demo found something that is not as it should be."""


def main(arguments: list[str]) -> int:
    """Run the demo in the folder that ``arguments`` name; 0 only if every expectation held."""
    folder = Path(next((word for word in arguments if not word.startswith("--")), "build/demo")).resolve()
    began = time.monotonic()
    try:
        stage = Stage(folder)
        with stage:
            play(stage)
            say(f"\nPeragaan selesai dalam {time.monotonic() - began:.0f} detik; semua yang diharapkan terjadi.")
        if "--serve" in arguments:
            serve_for_ever(folder / "www" / "current")
    except Trouble as trouble:
        say(f"\nPeragaan berhenti: {trouble}")
        return 1
    except KeyboardInterrupt:
        say("\nDihentikan.")
        return 130
    return 0


def play(stage: Stage) -> None:
    """The whole play: an article that goes live, and an announcement that must not."""
    open_the_office(stage)
    article = f"berita/{stage.year}/{SLUG}"
    write_an_article(stage, article)
    review_it(stage, article)
    publish_it(stage, article)
    notice = tamper_with_an_announcement(stage)
    measure(stage)
    headline("Jalannya naskah, menurut SOP/AS/24 bagian B")
    stage.redaksi("admin", "history", article)
    headline("Keadaan akhir")
    stage.redaksi("admin", "status")
    stage.redaksi("admin", "verify")
    say_where(stage, article, notice)


# -- the acts --


def open_the_office(stage: Stage) -> None:
    """Two officials sign what is taken over; from now on nothing goes live without evidence."""
    headline("1. Kantor dibuka oleh Kasubag PTIP dan Sekretaris")
    stage.redaksi("kasubag-ptip", "open-office")
    stage.redaksi("sekretaris", "open-office", desk="kasubag-ptip")


def write_an_article(stage: Stage, article: str) -> None:
    """The Admin writes with three mistakes and a photo that carries a place; the check refuses; the Admin mends."""
    headline("2. Admin menulis berita: tiga kesalahan, dan foto yang menyimpan lokasi")
    stage.redaksi("admin", "new", "berita", TITLE)
    draft = stage.desk("admin") / "drafts" / article
    text = (draft / "index.md").read_text("utf-8")
    text = re.sub(
        r"(?m)^description:.*$",
        "description: Peragaan Redaksi tentang sidang keliling yang mendekatkan layanan kepada warga.",
        text,
    )
    body_at = text.index("\n---", 4) + len("\n---")
    (draft / "index.md").write_text(text[:body_at] + "\n" + BROKEN, "utf-8")
    (draft / "IMG_2031.JPG").write_bytes(photo_with_place())
    said = stage.redaksi("admin", "check", str(draft), expect=1)
    for rule in ("title-capitals", "missing-alt", "nik"):
        require(f"[{rule}]" in said, f"pemeriksaan tidak menemukan {rule}")
    require(NIK not in said, "pemeriksaan mencetak NIK secara utuh")
    stage.redaksi("admin", "submit", article, expect=1)
    note("Admin memperbaiki judul, teks alternatif, dan menghapus NIK, lalu mengajukan.")
    replace(draft / "index.md", *MENDED)
    stage.redaksi("admin", "submit", article)
    require(b"Exif" not in next(draft.glob("*.jpg")).read_bytes(), "foto yang diajukan masih memuat metadata")


def review_it(stage: Stage, article: str) -> None:
    """Returned with a reason and a note at a line, mended, corrected by the Redaktur, approved by both."""
    headline("3. Redaktur mengembalikan dengan alasan; Admin memperbaiki")
    stage.redaksi("redaktur", "read", article)
    line = line_of(stage.desk("admin") / "drafts" / article / "index.md", "datang bersama keluarganya")
    stage.redaksi(
        "redaktur", "return", article, "--reason", "bahasa", "--note", str(line), "Siapa? Cukup sebut “warga”.",
        "Kalimat tentang warga belum jelas.",
    )  # fmt: skip
    stage.redaksi("admin", "edit", article)
    replace(
        stage.desk("admin") / "drafts" / article / "index.md",
        (
            "Salah seorang warga yang hadir datang bersama keluarganya sejak pagi.",
            "Warga hadir sejak pagi bersma keluarga.",
        ),
    )
    stage.redaksi("admin", "submit", article)
    headline("4. Redaktur mengoreksi satu kata, lalu menyetujui")
    stage.redaksi("redaktur", "edit", article)
    replace(stage.desk("redaktur") / "review" / article / "index.md", ("bersma", "bersama"))
    stage.redaksi("redaktur", "submit", article)
    stage.redaksi("redaktur", "read", article)
    stage.redaksi("redaktur", "approve", article)
    headline("5. Kasubag PTIP membaca dan menyetujui")
    said = stage.redaksi("kasubag-ptip", "read", article)
    require("{+bersama+}" in said, "Kasubag tidak diperlihatkan kata yang dikoreksi")
    stage.redaksi("kasubag-ptip", "approve", article)


def publish_it(stage: Stage, article: str) -> None:
    """Built, audited, live, and looked at again over HTTP."""
    headline("6. Penerbitan: dibangun, diaudit, tayang, dan dibandingkan")
    stage.redaksi("penerbit", "publish")
    page = stage.fetch(f"{article}/")
    on_disk = (stage.folder / "www" / "current" / article / "index.html").read_bytes()
    require(page == on_disk, "halaman yang tayang berbeda dari rilis")
    text = page.decode()
    require(TITLE.capitalize() in text and "bersama keluarga" in text, "berita tidak tayang seperti yang disetujui")
    require("<picture" in text, "foto tidak tayang sebagai picture")
    require(NIK not in text, "NIK ikut tayang")
    pictures = sorted((stage.folder / "www" / "current").rglob("*.jpg"))
    require(bool(pictures), "tidak ada foto JPEG di situs")
    leaking = [p.name for p in pictures if b"Exif" in p.read_bytes() or b"GPS" in p.read_bytes()]
    require(not leaking, f"foto di situs memuat metadata: {leaking}")
    note(f"Dibaca lewat HTTP: {stage.url}/{article}/ ({len(page)} bita), sama dengan rilis di disk.")


def tamper_with_an_announcement(stage: Stage) -> str:
    """A second document is approved by both; then one byte changes, and publishing refuses."""
    headline("7. Pengumuman disetujui, lalu satu huruf diubah: penerbitan menolak")
    title = "Pelayanan meja informasi dibuka seperti biasa"
    notice = f"pengumuman/{stage.year}/pelayanan-meja-informasi-dibuka-seperti-biasa"
    stage.redaksi("admin", "new", "pengumuman", title)
    draft = stage.desk("admin") / "drafts" / notice / "index.md"
    text = draft.read_text("utf-8")
    text = re.sub(
        r"(?m)^description:.*$", "description: Peragaan Redaksi tentang pelayanan pada meja informasi pengadilan.", text
    )
    draft.write_text(text[: text.index("\n---", 4) + len("\n---")] + "\n" + NOTICE, "utf-8")
    stage.redaksi("admin", "submit", notice)
    for person in ("redaktur", "kasubag-ptip"):
        stage.redaksi(person, "read", notice)
        stage.redaksi(person, "approve", notice)
    stage.redaksi("admin", "edit", notice)
    replace(stage.desk("admin") / "review" / notice / "index.md", ("seperti biasa, dan", "seperti biasa; dan"))
    stage.redaksi("admin", "submit", notice)
    before = (stage.folder / "www" / "current").readlink()
    said = stage.redaksi("penerbit", "publish", notice, expect=1)
    require("berubah sesudah disetujui" in said, "alasan penolakan tidak disebut")
    require((stage.folder / "www" / "current").readlink() == before, "situs berubah padahal penerbitan ditolak")
    return notice


def measure(stage: Stage) -> None:
    """SOP B4: the live site is measured and one record is kept."""
    headline("8. Monev website (SOP B4)")
    stage.redaksi("monev", "monev", "website", desk="penerbit", expect=None)
    tracked = git(stage.folder / "server.git", "ls-tree", "-r", "--name-only", "catatan")
    require(len(re.findall(r"records/monev/.*-website\.json", tracked)) == 1, "tidak ada satu catatan monev")


def say_where(stage: Stage, article: str, notice: str) -> None:
    """What lies where."""
    headline("Di mana hasilnya")
    rows = (
        ("Situs yang tayang", stage.folder / "www" / "current"),
        ("Berita", stage.folder / "www" / "current" / article / "index.html"),
        ("Server kantor (repositori)", stage.folder / "server.git"),
        ("Meja Admin, Redaktur, Kasubag, penerbit", stage.folder / "meja"),
        ("Kunci tanda tangan peragaan", stage.folder / "kunci"),
        ("Catatan terbit dan monev", "cabang catatan di server.git"),
        ("Pengumuman yang ditolak", f"{notice}, kembali menunggu Redaktur"),
    )
    for label, place in rows:
        say(f"  {label:<42}{place}")


# -- the stage --


class Stage:
    """The folder of the demo: a bare office server, a desk (clone) for each role, keys, and the web server of the site."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.year = time.localtime().tm_year
        self._server = ThreadingHTTPServer(
            ("127.0.0.1", 0), functools.partial(Pages, directory=str(folder / "www" / "current"))
        )
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self) -> Self:
        prepare_folder(self.folder)
        make_keys(self.folder / "kunci")
        self._seed()
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def desk(self, person: str) -> Path:
        """The clone in which a person works."""
        return self.folder / "meja" / person

    def _seed(self) -> None:
        seed, server = self.folder / "benih", self.folder / "server.git"
        for name in SEED:
            source = PROJECT / name
            if source.is_dir():
                shutil.copytree(source, seed / name, ignore=documents_in_work)
            elif source.exists():
                seed.mkdir(parents=True, exist_ok=True)
                shutil.copy2(source, seed / name)
        enter_keys(seed / "office" / "people.yml", self.folder / "kunci")
        replace(seed / "office" / "site.yml", ("folder: build/www\n", f"folder: ../../www\n    url: {self.url}\n"))
        git(self.folder, "init", "--quiet", "--bare", "--initial-branch=main", str(server))
        git(self.folder, "init", "--quiet", "--initial-branch=main", str(seed))
        git(seed, "add", "--all")
        git(
            seed,
            "-c",
            "user.name=Peragaan",
            "-c",
            "user.email=peragaan@kantor.invalid",
            "commit",
            "--quiet",
            "-m",
            "Isi awal situs",
        )
        git(seed, "push", "--quiet", str(server), "main")
        for person in DESKS:
            git(self.folder, "clone", "--quiet", str(server), str(self.desk(person)))

    def redaksi(self, person: str, *words: str, desk: str = "", expect: int | None = 0) -> str:
        """Run one command as ``person``, print it and what it says; its exit code must be ``expect`` (None: any but a bug)."""
        place = self.desk(desk or person)
        command = [*program(), "-C", str(place), "--as", person, *words]
        say(f"\n$ ./redaksi --as {person} {' '.join(quoted(word, place) for word in words)}")
        environment = {**os.environ, "REDAKSI_KEYS": str(self.folder / "kunci"), "PYTHONIOENCODING": "utf-8"}
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
        said = done.stdout + done.stderr
        say("\n".join(f"  {line}" for line in said.rstrip().split("\n")))
        if done.returncode != expect if expect is not None else done.returncode > 1:
            raise Trouble(f"perintah itu berakhir dengan kode {done.returncode}, bukan {expect}.")
        return said

    def fetch(self, path: str) -> bytes:
        """The bytes that a visitor gets."""
        with urllib.request.urlopen(f"{self.url}/{path}", timeout=10) as answer:  # noqa: S310 -- our own loopback server
            return bytes(answer.read())


class Pages(SimpleHTTPRequestHandler):
    """Serves the released site with the headers that a court's server is expected to send."""

    def end_headers(self) -> None:
        """Add the headers to every answer."""
        policy = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
        self.send_header("Content-Security-Policy", policy)
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "strict-origin-when-cross-origin")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class names it so
        """Keep quiet: the demo prints its own story."""


def prepare_folder(folder: Path) -> None:
    """An empty folder that is the demo's own; one that holds anything else is left alone."""
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARKER).exists():
        raise Trouble(f"folder {folder} berisi hal lain. Pilih folder lain dengan --dir.")
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise Trouble(f"folder {folder} tidak dapat dibuat. Pilih folder lain dengan --dir") from error
    (folder / MARKER).write_text("Folder ini dibuat dan boleh dihapus oleh redaksi demo.\n", "utf-8")


def make_keys(folder: Path) -> None:
    """One ed25519 key a person; without passphrase, because nobody sits at the demo's keyboard."""
    folder.mkdir()
    for person in PEOPLE:
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", str(folder / person))


def enter_keys(people: Path, keys: Path) -> None:
    """List each person's public key in ``people.yml``."""
    text = people.read_text("utf-8")
    for person in PEOPLE:
        public = (keys / f"{person}.pub").read_text("utf-8").strip()
        pattern = rf"(?m)(^  {person}:\n(?:    .*\n)*?    kunci: )\[\]"
        text, count = re.subn(pattern, rf'\1["{public}"]', text)
        require(count == 1, f"{person} tidak ditemukan di office/people.yml")
    people.write_text(text, "utf-8")


def documents_in_work(path: str, names: list[str]) -> list[str]:
    """What not to copy from ``drafts/`` and ``review/``: somebody's working folders."""
    return [name for name in names if Path(path).name in {"drafts", "review"} and (Path(path) / name).is_dir()]


def photo_with_place() -> bytes:
    """A JPEG of 12 megapixels as a phone makes it: turned by its orientation tag, with a place in its metadata."""
    from PIL import Image, ImageDraw, ImageFilter

    picture = Image.linear_gradient("L").resize((4000, 3000)).convert("RGB")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 1900, 4000, 3000), fill=(150, 118, 84))
    draw.rectangle((0, 0, 4000, 1900), fill=(222, 214, 196))
    for left in (300, 1500, 2700):
        draw.rectangle((left, 350, left + 900, 1250), fill=(176, 206, 220), outline=(110, 90, 70), width=36)
        draw.line((left + 450, 350, left + 450, 1250), fill=(110, 90, 70), width=24)
    draw.rectangle((900, 1650, 3100, 2250), fill=(96, 62, 40))
    draw.rectangle((850, 1580, 3150, 1680), fill=(124, 84, 56))
    for left in (1050, 1850, 2650):
        draw.rounded_rectangle((left, 1150, left + 330, 1590), radius=70, fill=(34, 92, 66))
    for left in range(250, 3700, 700):
        draw.rounded_rectangle((left, 2480, left + 420, 2940), radius=60, fill=(60, 70, 80))
    picture = picture.filter(ImageFilter.GaussianBlur(3)).rotate(-90, expand=True)
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Peragaan", "Kamera", 8
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "S", (7.0, 18.0, 12.0), "E", (109.0, 47.0, 30.0)
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=92, exif=exif)
    return stream.getvalue()


# -- small tools --


def program() -> list[str]:
    """How to start ``./redaksi`` on this system."""
    return [sys.executable, str(PROGRAM)] if os.name == "nt" else [str(PROGRAM)]


def run(*command: str, cwd: Path | None = None) -> str:
    """Run a program of the system; its complaint is the demo's."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, encoding="utf-8", check=False)
    if done.returncode:
        raise Trouble(f"{command[0]} gagal: {done.stderr.strip()[:300]}")
    return done.stdout


def git(folder: Path, *words: str) -> str:
    """Plain Git, as the stage hand."""
    return run("git", *words, cwd=folder)


def replace(path: Path, *pairs: tuple[str, str]) -> None:
    """Edit a text as a person at the keyboard would; every passage must be there."""
    text = path.read_text("utf-8")
    for old, new in pairs:
        require(old in text, f"{path.name} tidak memuat {old[:40]!r}")
        text = text.replace(old, new)
    path.write_text(text, "utf-8")


def line_of(path: Path, words: str) -> int:
    """The number of the line that holds ``words``, counted from 1."""
    return next(n for n, line in enumerate(path.read_text("utf-8").split("\n"), start=1) if words in line)


def quoted(word: str, place: Path) -> str:
    """A word as one would type it."""
    word = word.replace(str(place) + "/", "")
    return f'"{word}"' if " " in word else word


def require(holds: bool, what: str) -> None:  # noqa: FBT001 -- reads like assert
    """Stop the demo if an expectation does not hold."""
    if not holds:
        raise Trouble(what + ".")


def headline(text: str) -> None:
    """Start a new act."""
    say(f"\n== {text} ==")


def note(text: str) -> None:
    """A stage direction."""
    say(f"\n  ({text})")


def say(text: str) -> None:
    """Print at once, so that the story can be followed."""
    print(text, flush=True)  # noqa: T201 -- a program of its own


def serve_for_ever(folder: Path) -> NoReturn:
    """Leave the site open for a look."""
    server = ThreadingHTTPServer(("127.0.0.1", SERVE_PORT), functools.partial(Pages, directory=str(folder)))
    say(f"Situs peragaan terbuka di http://127.0.0.1:{SERVE_PORT} (Ctrl+C untuk berhenti)")
    server.serve_forever()
    raise AssertionError


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
