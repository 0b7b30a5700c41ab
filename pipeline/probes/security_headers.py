"""Kepala jawaban (header) keamanan di halaman depan, di halaman "tidak ditemukan", dan di satu berkas gaya atau skrip.

Yang dinilai ialah yang diwajibkan kantor di office/site.yml (`kepala_wajib`). Nilainya ikut diperiksa, bukan hanya adanya;
server sering lupa mengirimkannya pada jawaban galat, karena itu tiga tempat dilihat. HSTS hanya bermakna lewat https:
situs yang diukur lewat http mendapat "tidak dapat diukur". Kepala wajib yang tidak dikenal di sini hanya dilihat adanya.
Sumber: SOP B4 (keamanan); MDN HTTP Observatory, https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pipeline.model import Reading, Verdict
from pipeline.probes import Example, ExamplePage, Thresholds
from pipeline.world.web import address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pipeline.probes import LiveSite
    from pipeline.world.web import Answer

ASPECT = "keamanan"
INDICATOR = "Kepala keamanan"
_HSTS: Final = "strict-transport-security"
_FRAMES: Final = "frame-ancestors"
_SIX_MONTHS: Final = 15_552_000  # seconds; the Observatory's least max-age
_REFERRERS: Final = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
_REFERRER_WORDS: Final = _REFERRERS | {"unsafe-url", "origin", "origin-when-cross-origin", "no-referrer-when-downgrade"}
_TRUSTED: Final = re.compile(r"'(?:nonce-|sha(?:256|384|512)-|strict-dynamic)")
_OPEN_SOURCES: Final = {"*", "http:", "https:", "data:", "blob:"}

_HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# No HSTS: the example server speaks http.
_EXAMPLE: Final = Thresholds(
    required_headers=tuple(name for name in Thresholds().required_headers if name != _HSTS),
)
GOOD = Example(
    pages={"/": ExamplePage(body=b"aman", headers=_HEADERS)},
    missing=ExamplePage(status=404, headers=_HEADERS),
    thresholds=_EXAMPLE,
)
BAD = Example(
    pages={"/": ExamplePage(body=b"terbuka", headers={"Content-Security-Policy": "script-src 'unsafe-inline' *"})},
    thresholds=_EXAMPLE,
)


def measure(site: LiveSite, thresholds: Thresholds) -> Iterator[Reading]:
    """Yield one reading a required header, judged on every place looked at; the worst place counts."""
    places = {path or "halaman depan": site.web.get(address(site.url, path)) for path in _paths(site)}
    for name in dict.fromkeys(header.lower() for header in thresholds.required_headers):
        yield _reading(name, site.url, places)


def _paths(site: LiveSite) -> tuple[str, ...]:
    assets = sorted(path for path in site.files or () if path.endswith((".css", ".js")))
    return ("", f"tidak-ada-{secrets.token_hex(6)}/", *assets[:1])


def _reading(name: str, url: str, places: Mapping[str, Answer]) -> Reading:
    judge, limit = _JUDGES.get(name, (_present(name), "ada"))
    faults = tuple(f"{place}: {fault}" for place, answer in places.items() if (fault := judge(answer.headers)))
    measurable = name != _HSTS or urlsplit(next(iter(places.values())).url).scheme == "https"
    poor = Verdict.POOR if faults else Verdict.GOOD
    return Reading(
        aspect=ASPECT,
        indicator=f"{INDICATOR} {name}",
        value=f"benar di {len(places) - len(faults)} dari {len(places)} tempat" if measurable else None,
        unit="",
        limit=limit,
        verdict=poor if measurable else Verdict.UNKNOWN,
        evidence=f"GET {url} dan {len(places) - 1} alamat lain" if measurable else "Situs diukur lewat http.",
        details=faults if measurable else (),
    )


def _present(name: str) -> Callable[[Mapping[str, str]], str]:
    return lambda headers: "" if headers.get(name) else "tidak ada"


def _csp(headers: Mapping[str, str]) -> str:
    value = headers.get("content-security-policy", "")
    if not value:
        return "tidak ada"
    # Several policies hold at once: it is enough that one of them is tight.
    faults = [_script_fault(_directives(policy)) for policy in value.split(",") if policy.strip()]
    return "" if "" in faults else next(iter(faults), "kosong")


def _script_fault(directives: Mapping[str, tuple[str, ...]]) -> str:
    sources = directives.get("script-src", directives.get("default-src"))
    if sources is None:
        return "tidak membatasi skrip (script-src atau default-src)"
    if "'unsafe-eval'" in sources:
        return "mengizinkan 'unsafe-eval'"
    if "'unsafe-inline'" in sources and not any(map(_TRUSTED.match, sources)):
        return "mengizinkan 'unsafe-inline' untuk skrip"
    opened = _OPEN_SOURCES.intersection(sources)
    if opened and "'strict-dynamic'" not in sources:
        return f"mengizinkan skrip dari mana saja ({', '.join(sorted(opened))})"
    return ""


def _directives(policy: str) -> dict[str, tuple[str, ...]]:
    """Parse one policy; of a directive written twice the first counts (CSP 3, 2.2.1)."""
    found: dict[str, tuple[str, ...]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        found.setdefault(name.lower(), tuple(source.lower() for source in sources))
    return found


def _hsts(headers: Mapping[str, str]) -> str:
    value = headers.get(_HSTS, "")
    age = re.search(r'max-age\s*=\s*"?(\d{1,12})', value, re.IGNORECASE)
    if age is None:
        return "tidak ada" if not value else "tanpa max-age"
    return "" if int(age[1]) >= _SIX_MONTHS else f"max-age {age[1]} terlalu pendek"


def _nosniff(headers: Mapping[str, str]) -> str:
    # The first value counts where it was sent twice (Fetch, 3.6).
    value = headers.get("x-content-type-options", "").split(",")[0].strip().lower()
    return "" if value == "nosniff" else _wrong(value)


def _referrer(headers: Mapping[str, str]) -> str:
    # The last value that a browser knows counts (Referrer Policy, 8.1).
    words = [word.strip().lower() for word in headers.get("referrer-policy", "").split(",")]
    known = [word for word in words if word in _REFERRER_WORDS]
    value = known[-1] if known else ""
    return "" if value in _REFERRERS else _wrong(value)


def _frames(headers: Mapping[str, str]) -> str:
    policies = map(_directives, headers.get("content-security-policy", "").split(","))
    ancestors = [policy[_FRAMES] for policy in policies if _FRAMES in policy]
    if any(set(sources) <= {"'none'", "'self'"} for sources in ancestors):
        return ""
    if ancestors:  # browsers then ignore X-Frame-Options (CSP 3, 6.4.2)
        return _wrong(" ".join(ancestors[0]))
    value = headers.get("x-frame-options", "").split(",")[0].strip().lower()
    return "" if value in {"deny", "sameorigin"} else _wrong(value)


def _corp(headers: Mapping[str, str]) -> str:
    value = headers.get("cross-origin-resource-policy", "").strip().lower()
    return "" if value in {"same-origin", "same-site"} else _wrong(value)


def _wrong(value: str) -> str:
    return f"bernilai {value!r}" if value else "tidak ada"


_JUDGES: Final[Mapping[str, tuple[Callable[[Mapping[str, str]], str], str]]] = {
    "content-security-policy": (_csp, "skrip dibatasi, tanpa 'unsafe-inline' dan 'unsafe-eval'"),
    _HSTS: (_hsts, "max-age paling sedikit enam bulan"),
    "x-content-type-options": (_nosniff, "nosniff"),
    "referrer-policy": (_referrer, "strict-origin-when-cross-origin atau lebih ketat"),
    _FRAMES: (_frames, "'none' atau 'self' (atau X-Frame-Options DENY/SAMEORIGIN)"),
    "x-frame-options": (_frames, "'none' atau 'self' (atau X-Frame-Options DENY/SAMEORIGIN)"),
    "cross-origin-resource-policy": (_corp, "same-origin atau same-site"),
}
