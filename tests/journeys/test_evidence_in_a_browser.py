"""The period's package in Debian's own Chromium: it finds the genuine sound, and every forgery that we could think of."""

from __future__ import annotations

import copy
import hashlib
import json
import random
import re
from base64 import b64decode
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import sync_playwright
from quarter import TITLE, Quarter, quarter, this_quarter
from step_by_git import CASES as STEPS
from step_by_git import Case as StepCase
from step_by_git import Step
from way_by_git import CASES, Case, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

__all__ = ["quarter"]

QUIET = ["--no-sandbox", "--disable-gpu"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1200, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Closed with this file: a process holds one playwright at a time, and other rooms have their own."""
    with sync_playwright() as engine:
        opened = engine.chromium.launch(executable_path="/usr/bin/chromium", args=QUIET)
        yield opened
        opened.close()


@dataclass
class Seen:
    """What the page showed: the verdict over everything, each publication's mark, and what it asked of the network."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        self.page.locator("html[data-verdict=sah], html[data-verdict=tidak-sah]").wait_for()
        return str(self.page.evaluate("document.documentElement.dataset.verdict"))

    @property
    def words(self) -> str:
        assert self.verdict
        return self.page.locator("#verdict").inner_text()

    @property
    def marks(self) -> list[str]:
        assert self.verdict
        return self.page.locator("#publications summary .mark").all_inner_texts()


@contextmanager
def opened(browser: Browser, file: Path, script: str = "", **options: object) -> Iterator[Seen]:
    context = browser.new_context(**{"viewport": DESKTOP, **options})
    page = context.new_page()
    seen = Seen(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda message: seen.errors.append(message.text) if message.type == "error" else None)
    if script:
        page.add_init_script(script)
    try:
        page.goto(file.as_uri())
        yield seen
    finally:
        context.close()


@dataclass
class Package:
    """A package on disk, and how a forger would change it: data and the digest that the page holds, together."""

    folder: Path

    @property
    def page(self) -> Path:
        return self.folder / "index.html"

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "data.json").read_bytes()))

    def forged(self, data: dict[str, Any], place: Path) -> Path:
        old = (self.folder / "data.json").read_text("ascii")
        new = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
        digests = [hashlib.sha256(text.encode()).hexdigest() for text in (old, new)]
        text = self.page.read_text("utf-8")
        assert old in text
        assert digests[0] in text
        place.write_text(text.replace(old, new).replace(*digests), "utf-8")
        return place


@pytest.fixture
def package(quarter: Quarter) -> Package:
    """The package of the quarter that was lived; made once, for tests only read it."""
    folder = quarter.office.folder / "paket"
    if not folder.exists():
        quarter.evidence("--period", this_quarter(), "--out", str(folder))
    return Package(folder)


# -- the genuine package --


def test_the_genuine_package_is_found_sound_offline(browser: Browser, package: Package) -> None:
    with opened(browser, package.page) as seen:
        assert seen.verdict == "sah"
        assert seen.words.startswith("Semua sah")
        assert seen.marks == ["sah"] * 4
        text = seen.page.locator("main").inner_text()
        assert TITLE in text
        assert "<b>belum</b>" in text, "words of a return are text, whatever they look like"
        assert "tidak dapat" not in seen.words
        assert (seen.requests, seen.errors) == ([package.page.as_uri()], [])
    signatures = re.search(r"(\d+) tanda tangan", seen_words(browser, package.page))
    assert signatures
    assert int(signatures[1]) > 30


def seen_words(browser: Browser, file: Path) -> str:
    with opened(browser, file) as seen:
        return seen.words


def test_nothing_scrolls_sideways_on_a_phone_and_cards_open_for_print(browser: Browser, package: Package) -> None:
    with opened(browser, package.page, viewport=PHONE) as seen:
        assert seen.verdict == "sah"
        seen.page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert seen.page.locator("details:not([open])").count() == 0
        assert seen.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_a_period_in_which_nothing_happened_is_sound_and_says_so(
    browser: Browser, quarter: Quarter, tmp_path: Path
) -> None:
    quarter.evidence("--period", "2019-03", "--out", str(tmp_path / "kosong"))
    with opened(browser, tmp_path / "kosong" / "index.html") as seen:
        assert seen.verdict == "sah"
        assert "tidak ada publikasi pada masa ini" in seen.words
        assert "Tidak ada pengembalian pada masa ini." in seen.page.locator("main").inner_text()


def test_without_scripts_nothing_is_called_sound(browser: Browser, package: Package) -> None:
    with opened(browser, package.page, java_script_enabled=False) as seen:
        text = seen.page.locator("main").inner_text()
        assert "Belum diperiksa" in text
        assert "Semua sah" not in text


NO_ED25519 = """const original = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (form, key, algorithm, ...rest) => algorithm.name === "Ed25519"
  ? Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError")) : original(form, key, algorithm, ...rest);"""
ALWAYS_TRUE = "crypto.subtle.verify = async () => true;"
NO_DIGEST = "Object.defineProperty(globalThis, 'crypto', {value: {}});"


@pytest.mark.parametrize(
    ("lacking", "shown"),
    [(NO_ED25519, 4), (ALWAYS_TRUE, 4), (NO_DIGEST, 0)],
    ids=["no Ed25519", "says yes to everything", "no digest"],
)
def test_a_browser_that_cannot_check_proves_nothing(
    browser: Browser, package: Package, lacking: str, shown: int
) -> None:
    with opened(browser, package.page, lacking) as seen:
        assert seen.verdict == "tidak-sah"
        assert "Tidak dapat diperiksa di peramban ini" in seen.words
        assert [mark.partition(":")[0] for mark in seen.marks] == ["tidak dapat diperiksa"] * shown


# -- other data in the genuine page --


def chosen(seen: Seen, file: Path) -> str:
    assert seen.verdict
    seen.page.evaluate("() => { document.documentElement.dataset.verdict = ''; }")
    seen.page.locator("#other").set_input_files(file)
    return seen.verdict


def test_one_changed_byte_of_data_json_anywhere_turns_red(browser: Browser, package: Package, tmp_path: Path) -> None:
    genuine = (package.folder / "data.json").read_bytes()
    at = random.Random(7)
    other = tmp_path / "lain.json"
    with opened(browser, package.page) as seen:
        assert chosen(seen, package.folder / "data.json") == "sah"
        for place in [0, len(genuine) - 1, *(at.randrange(len(genuine)) for _ in range(20))]:
            letter = b"A" if genuine[place : place + 1] != b"A" else b"B"
            other.write_bytes(genuine[:place] + letter + genuine[place + 1 :])
            assert chosen(seen, other) == "tidak-sah", place
        other.write_bytes(genuine[:-1])
        assert chosen(seen, other) == "tidak-sah"
        assert chosen(seen, package.folder / "data.json") == "sah"
        assert seen.errors == []


# -- forgeries whose digest was made to fit --


def the(data: dict[str, Any], document: str) -> dict[str, Any]:
    return dict_of(data["publications"], "document", document)


def dict_of(rows: list[dict[str, Any]], key: str, value: str) -> dict[str, Any]:
    return next(row for row in rows if value in row[key])


def flip(data: dict[str, Any], name: str) -> None:
    kind, text = data["objects"][name]
    place = len(text) // 2
    data["objects"][name] = [kind, text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]]


def blob_of(data: dict[str, Any], words: bytes) -> str:
    return next(name for name, (kind, text) in data["objects"].items() if kind == "blob" and words in b64decode(text))


def drop(rows: list[Any], at: int = 0) -> None:
    del rows[at]


FORGERIES: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "a text": (lambda d: flip(d, blob_of(d, b"hari Senin")), "bahan bukti"),
    "the people": (lambda d: flip(d, blob_of(d, b"ssh-ed25519")), "bahan bukti"),
    "the SOP": (lambda d: flip(d, blob_of(d, b"kolom_pelaksana")), "bahan bukti"),
    "a merge": (lambda d: flip(d, d["publications"][0]["merge"]), "bahan bukti"),
    "a decision": (lambda d: flip(d, d["publications"][0]["approvals"][0]["commit"]), "bahan bukti"),
    "a missing object": (lambda d: d["objects"].pop(d["publications"][0]["tree"]), "bahan bukti"),
    "an object of another kind": (
        lambda d: d["objects"][d["publications"][0]["tree"]].__setitem__(0, "blob"),
        "bahan bukti",
    ),
    "a title": (lambda d: d["publications"][0].update(title="Judul lain"), "judul pada data"),
    "an address": (lambda d: d["publications"][0].update(document="berita/2026/lain"), ""),
    "an id": (lambda d: d["publications"][0].update(id="2026abcdef"), ""),
    "a tree": (lambda d: d["publications"][0].update(tree=d["publications"][1]["tree"]), "sidik isi pada data"),
    "a time of publication": (
        lambda d: d["publications"][0].update(published="2026-10-01T00:00:00+00:00"),
        "waktu terbit pada data",
    ),
    "a grade": (lambda d: the(d, "sidang").update(grade="ditandatangani orang"), "tingkat bukti pada data"),
    "a name": (lambda d: the(d, "pelatihan")["approvals"][0].update(name="Orang Lain"), "nama pada data"),
    "a person": (lambda d: the(d, "pelatihan")["approvals"][0].update(person="ketua"), "orang pada data"),
    "a role": (lambda d: the(d, "pelatihan")["approvals"][0].update(role="ketua"), "peran pada data"),
    "a role's label": (lambda d: the(d, "pelatihan")["approvals"][0].update(role_label="Ketua"), "jabatan pada data"),
    "an acting letter": (
        lambda d: the(d, "pelatihan")["approvals"][0]["acting"].update(letter="lain"),
        "Plh/Plt pada data",
    ),
    "no acting": (lambda d: the(d, "pelatihan")["approvals"][0].update(acting=None), "Plh/Plt pada data"),
    "a time of a decision": (
        lambda d: the(d, "pelatihan")["approvals"][0].update(time="2026-10-01T00:00:00+00:00"),
        "waktu pada data",
    ),
    "no substitute": (
        lambda d: the(d, "sidang")["approvals"][1].update(stands_for="", stands_for_label=""),
        "peran yang digantikan pada data",
    ),
    "no paper": (lambda d: the(d, "sidang")["approvals"][1].update(paper=None), "pada data"),
    "another sheet": (lambda d: the(d, "sidang")["approvals"][1]["paper"].update(number="13"), "lembar pada data"),
    "another confirmer": (
        lambda d: the(d, "sidang")["approvals"][1]["paper"].update(confirmed_by="Ketua"),
        "yang mencocokkan lembar pada data",
    ),
    "approvals in another order": (lambda d: the(d, "pelatihan")["approvals"].reverse(), "pada data"),
    "an approval less": (lambda d: drop(the(d, "pelatihan")["approvals"]), "jumlah persetujuan pada data"),
    "a commit less": (lambda d: drop(the(d, "pelatihan")["chain"], 1), "rangkaian keputusan terputus"),
    "the first commit less": (lambda d: drop(the(d, "pelatihan")["chain"]), "awal jalannya naskah"),
    "a publication less": (lambda d: drop(d["publications"]), "tidak tercantum pada tempatnya"),
    "a publication and its step less": (
        lambda d: (d["steps"].remove(d["publications"][1]["merge"]), drop(d["publications"], 1)),
        "terputus",
    ),
    "a publication twice": (lambda d: d["publications"].append(copy.deepcopy(d["publications"][0])), "dua kali"),
    "no exception": (lambda d: d["exceptions"].clear(), "pengecualian aturan pada data"),
    "an exception's reason": (lambda d: d["exceptions"][0].update(reason="boleh"), "pengecualian aturan pada data"),
    "an invented exception": (
        lambda d: d["exceptions"].append({"merge": "0", "document": "x", "rule": "nik", "reason": "x"}),
        "pengecualian tanpa publikasi",
    ),
    "a reason of a return": (lambda d: d["returns"][0].update(reason="bahasa: lain"), "alasan pada data"),
    "a note of a return": (
        lambda d: dict_of(d["returns"], "reason", "fakta").update(notes=[]),
        "catatan pada data",
    ),
    "whose return": (lambda d: d["returns"][0].update(name="Ketua"), "nama pada data"),
    "a return of another document": (lambda d: d["returns"][0].update(document="berita/2026/x"), "naskah lain"),
    "a reason of a withdrawal": (lambda d: d["withdrawals"][0]["decision"].update(reason="lain"), "alasan pada data"),
    "a withdrawal less": (lambda d: d["withdrawals"].clear(), "tidak tercantum pada tempatnya"),
    "a withdrawal of another page": (lambda d: d["withdrawals"][0].update(document="layanan/biaya-perkara"), ""),
    "what policy changed": (lambda d: d["policies"][0].update(paths=["office/site.yml"]), "berkas yang berubah"),
    "why policy changed": (lambda d: d["policies"][0].update(summary="lain"), "ringkasan pada data"),
    "a signature of policy less": (lambda d: drop(d["policies"][0]["approvals"]), "jumlah persetujuan"),
    "policy less": (lambda d: d["policies"].clear(), "tidak tercantum pada tempatnya"),
    "no acting official": (lambda d: d["acting"].clear(), "daftar Plh/Plt"),
    "an acting official's name": (lambda d: d["acting"][0].update(name="Ketua"), "pada data"),
    "no paper in the list": (lambda d: d["paper"].clear(), "daftar keputusan di atas kertas"),
    "who opened": (lambda d: d["opening"].update(signers=["A", "B"]), "penanda tangan pembukaan"),
    "another opening": (lambda d: d["opening"].update(commit=d["main"]), ""),
    "never opened": (lambda d: d.update(opening=None), "belum dibuka"),
    "another period": (lambda d: d["period"].update(start="2019-01-01", end="2019-12-31"), "tidak tercantum"),
    "another last change": (lambda d: d.update(last_change="2019-01-01T00:00:00+00:00"), "keadaan terakhir"),
    "no tables": (lambda d: d.pop("returns"), "tidak dapat dibaca"),
    "something unproven": (
        lambda d: d["unproven"].append({"merge": d["steps"][0], "code": "x", "message": "sebab"}),
        "",
    ),
}


@pytest.fixture(scope="module")
def one_page(browser: Browser) -> Iterator[Seen]:
    context = browser.new_context(viewport=DESKTOP)
    yield Seen(context.new_page())
    context.close()


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forgery_whose_digest_fits_is_found_by_the_proof(
    package: Package, tmp_path: Path, one_page: Seen, what: str
) -> None:
    forge, reason = FORGERIES[what]
    data = package.data
    forge(data)
    assert data != package.data
    one_page.page.goto(package.forged(data, tmp_path / "palsu.html").as_uri())
    assert one_page.verdict == "tidak-sah"
    assert reason in one_page.page.locator("main").inner_text()
    assert "berkas data berubah" not in one_page.words.lower(), "the digest was made to fit"


def test_data_that_is_no_package_is_refused(package: Package, tmp_path: Path, one_page: Seen) -> None:
    for text in ("", "[]", "null", '{"objects":{}}', "{"):
        other = tmp_path / "lain.json"
        other.write_text(text, "ascii")
        one_page.page.goto(package.page.as_uri())
        assert chosen(one_page, other) == "tidak-sah", text


# -- ways that no office allows, with genuine signatures: the page judges by itself --


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_page_judges_a_way_by_itself(
    case: Case, package: Package, tmp_path: Path, keys: Path, one_page: Seen
) -> None:
    way = Way.begun(tmp_path / "jalan", keys)
    case.go(way)
    one_page.page.goto(package.forged(way.package(package.data), tmp_path / "jalan.html").as_uri())
    (mark,) = one_page.marks
    if case.reason:
        assert mark.startswith("TIDAK SAH: ")
        assert case.reason in mark
        assert one_page.verdict == "tidak-sah"
    else:
        assert mark == "sah"


@pytest.mark.parametrize("case", STEPS, ids=lambda case: case.name)
def test_the_page_judges_a_withdrawal_or_a_change_of_policy_by_itself(
    case: StepCase, package: Package, tmp_path: Path, keys: Path, one_page: Seen
) -> None:
    step = Step.begun(tmp_path / "langkah", keys)
    case.go(step)
    one_page.page.goto(package.forged(step.package(package.data), tmp_path / "langkah.html").as_uri())
    assert one_page.verdict == "tidak-sah", "the rest of the package is about another office"
    (mark,) = one_page.page.locator(f"#{step.table} .mark").all_inner_texts()
    if case.reason:
        assert mark.startswith("TIDAK SAH: ")
        assert case.reason in mark
    else:
        assert mark == "sah"
