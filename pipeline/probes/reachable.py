"""Situs dapat dibuka, dan halaman yang tidak ada dijawab dengan 404.

Halaman depan harus menjawab 200. Alamat karangan harus menjawab 404: server yang menjawab 200 untuk alamat apa saja sering
menyembunyikan halaman sisipan dan merusak hasil mesin pencari. Bila jaringan kantor sendiri terputus, hasilnya sama dengan
situs mati; ulangi dari jaringan lain sebelum menyimpulkan. Sumber: SOP B4 (sistem); RFC 9110 bagian 15.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from pipeline.model import Reading, Verdict
from pipeline.probes import Example, ExamplePage
from pipeline.world.web import Answer, Unreachable, address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.probes import LiveSite, Thresholds

ASPECT = "sistem"
INDICATOR = "Situs dapat dibuka"
GOOD = Example(pages={"/": ExamplePage(body=b"<title>Beranda</title>")})
BAD = Example(
    pages={"/": ExamplePage(body=b"galat", status=503)},
    missing=ExamplePage(body=b"<title>Beranda</title>"),
)
_OK: Final = 200
_NOT_FOUND: Final = (404, 410)


def measure(site: LiveSite, _thresholds: Thresholds) -> Iterator[Reading]:
    """Yield whether the home page answers 200 and an invented address 404."""
    # A silent home page is the very thing measured; how a dead server answers other addresses is not known.
    yield _reading(INDICATOR, _ask(site, ""), (_OK,), silence=Verdict.POOR)
    # Invented anew each time: an address known beforehand could be served specially.
    invented = _ask(site, f"tidak-ada-{secrets.token_hex(6)}/")
    yield _reading("Halaman yang tidak ada dijawab 404", invented, _NOT_FOUND, silence=Verdict.UNKNOWN)


def _ask(site: LiveSite, path: str) -> Answer | Unreachable:
    try:
        return site.web.get(address(site.url, path))
    except Unreachable as error:
        return error


def _reading(indicator: str, answer: Answer | Unreachable, wanted: tuple[int, ...], *, silence: Verdict) -> Reading:
    if isinstance(answer, Unreachable):
        value, evidence, verdict = "tidak menjawab", answer.message, silence
    else:
        value, evidence = str(answer.status), f"GET {answer.url}"
        verdict = Verdict.GOOD if answer.status in wanted else Verdict.POOR
    return Reading(
        aspect=ASPECT,
        indicator=indicator,
        value=value,
        unit="",
        limit=f"status HTTP {' atau '.join(map(str, wanted))}",
        verdict=verdict,
        evidence=evidence,
    )
