"""Bobot halaman: byte yang harus diunduh pengunjung untuk halaman depan dan untuk halaman terbesar.

Dihitung seperti yang lewat di jaringan (dengan gzip bila server memberikannya): HTML serta gaya, skrip, dan gambar yang
ditulis di halaman itu dari situs sendiri. Untuk `<picture>` dan `srcset` dihitung satu berkas, yaitu `src`. Tidak dihitung:
berkas dari situs lain (disebut di rincian), huruf dan gambar yang dipanggil dari dalam CSS, dan yang dimuat skrip kemudian.
Sumber: SOP B4 (kapasitas); ambang di office/site.yml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urldefrag, urljoin

from pipeline.model import Reading, Verdict
from pipeline.probes import Example, ExamplePage, Thresholds
from pipeline.world.web import Unreachable, address, same_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.probes import LiveSite
    from pipeline.world.web import Answer

ASPECT = "kapasitas"
INDICATOR = "Bobot halaman depan"
_HOME: Final = b'<link rel="stylesheet" href="gaya.css"><img src="/foto.jpg" alt=""><script src="s.js"></script>'
GOOD = Example(
    pages={
        "/": ExamplePage(body=_HOME),
        "/gaya.css": ExamplePage(body=b"a" * 500),
        "/foto.jpg": ExamplePage(body=b"a" * 5000),
        "/s.js": ExamplePage(body=b"a" * 500),
    },
    thresholds=Thresholds(page_kb=10),
)
BAD = Example(
    pages={**GOOD.pages, "/foto.jpg": ExamplePage(body=b"a" * 20_000)},
    thresholds=Thresholds(page_kb=10),
)
_OK: Final = 200
_PARTS: Final = (
    ('link[rel~="stylesheet"]', "href"),
    ('link[rel~="preload"]', "href"),
    ('link[rel~="modulepreload"]', "href"),
    ("script", "src"),
    ("img", "src"),
)


def measure(site: LiveSite, thresholds: Thresholds) -> Iterator[Reading]:
    """Yield the weight in kilobytes (1,000 bytes) of the home page and of the release's largest page."""
    yield _reading(site, INDICATOR, address(site.url, ""), thresholds)
    pages = {path: fact.size for path, fact in (site.files or {}).items() if path.endswith(".html")}
    largest = max(sorted(pages), key=pages.__getitem__, default="index.html")
    if largest != "index.html":
        yield _reading(site, "Bobot halaman terbesar", address(site.url, largest), thresholds)


def _reading(site: LiveSite, indicator: str, url: str, thresholds: Thresholds) -> Reading:
    page = site.web.get(url, compressed=True)
    own, foreign = _parts(page) if page.status == _OK else ((), ())
    weights, failures = _weigh(site, own)
    total = page.transferred + sum(weights.values())
    heaviest = sorted(weights.items(), key=lambda item: -item[1])[:5]
    return Reading(
        aspect=ASPECT,
        indicator=indicator,
        value=round(total / 1000, 1) if page.status == _OK else None,
        unit="kB",
        limit=f"paling besar {thresholds.page_kb} kB",
        verdict=_verdict(total, thresholds.page_kb, whole=page.status == _OK and not failures),
        evidence=f"GET {url} (status {page.status}) dan {len(weights)} berkas miliknya",
        details=(
            *failures,
            *(f"{part}: {weight / 1000:.1f} kB".replace(".", ",") for part, weight in heaviest),
            *(f"Dari situs lain, tidak dihitung: {part}" for part in foreign),
        ),
    )


def _parts(page: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the addresses that the page loads: its own ones and those of other hosts, each once."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page.body)
    base_tag = tree.css_first("base[href]")
    base = urljoin(page.url, (base_tag.attributes.get("href") or "") if base_tag else "")
    written = [node.attributes.get(name) for query, name in _PARTS for node in tree.css(f"{query}[{name}]")]
    found = dict.fromkeys(urldefrag(urljoin(base, src.strip())).url for src in written if src)
    loaded = [url for url in found if url.startswith(("http://", "https://"))]
    own = tuple(url for url in loaded if same_host(page.url, url))
    return own, tuple(url for url in loaded if url not in own)


def _weigh(site: LiveSite, urls: tuple[str, ...]) -> tuple[dict[str, int], tuple[str, ...]]:
    weights: dict[str, int] = {}
    failures = []
    for url in urls:
        try:
            answer = site.web.get(url, compressed=True)
        except Unreachable as error:
            failures.append(error.message)
            continue
        weights[url] = answer.transferred
        if answer.status != _OK:
            failures.append(f"{url} menjawab {answer.status}.")
    return weights, tuple(failures)


def _verdict(total: int, limit_kb: int, *, whole: bool) -> Verdict:
    """Over the limit is poor even when parts are missing; below it, only a whole measurement is good."""
    if total > limit_kb * 1000:
        return Verdict.POOR
    return Verdict.GOOD if whole else Verdict.UNKNOWN
