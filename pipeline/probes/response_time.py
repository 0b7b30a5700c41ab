"""Waktu tanggap halaman depan: nilai tengah dan yang terlama dari beberapa kali kunjungan.

Setiap kunjungan memakai sambungan baru, seperti pengunjung yang baru datang, dan dihitung sampai byte terakhir. Nilai tengah
dibandingkan dengan ambang kantor; yang terlama boleh sampai dua kali ambang itu, karena satu kunjungan yang lambat dapat
berasal dari jaringan pengukur. Sumber: SOP B4 (sistem); ambang di office/site.yml.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from pipeline.model import Reading, Verdict
from pipeline.probes import Example, ExamplePage, Thresholds
from pipeline.world import web

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.probes import LiveSite

ASPECT = "sistem"
INDICATOR = "Waktu tanggap (nilai tengah)"
GOOD = Example(pages={"/": ExamplePage(body=b"cepat")}, thresholds=Thresholds(response_ms=5_000, samples=3))
BAD = Example(pages={"/": ExamplePage(body=b"lambat", delay=0.06)}, thresholds=Thresholds(response_ms=20, samples=3))
WORST_FACTOR: Final = 2
_OK: Final = 200


def measure(site: LiveSite, thresholds: Thresholds) -> Iterator[Reading]:
    """Yield the median and the worst of ``thresholds.samples`` visits in milliseconds; a failed visit counts as worst."""
    times, failures = _visits(site, thresholds.samples)
    evidence = f"{len(times)} dari {thresholds.samples} kunjungan ke {site.url} dijawab"
    for indicator, value, limit in (
        (INDICATOR, median(times) if times else None, thresholds.response_ms),
        ("Waktu tanggap (terlama)", max(times, default=None), thresholds.response_ms * WORST_FACTOR),
    ):
        yield Reading(
            aspect=ASPECT,
            indicator=indicator,
            value=None if value is None else round(value, 1),
            unit="ms",
            limit=f"paling lama {limit} ms",
            verdict=_verdict(value, limit, failed=bool(failures)),
            evidence=evidence,
            details=failures,
        )


def _visits(site: LiveSite, count: int) -> tuple[list[float], tuple[str, ...]]:
    times, failures = [], []
    for _ in range(count):
        try:
            answer = web.get(site.url, compressed=True)
        except web.Unreachable as error:
            failures.append(error.message)
            continue
        if answer.status == _OK:
            times.append(answer.seconds * 1000)
        else:
            # How fast an error comes says nothing about the page.
            failures.append(f"{site.url} menjawab {answer.status}.")
    return times, tuple(failures)


def _verdict(value: float | None, limit: float, *, failed: bool) -> Verdict:
    if value is None:
        return Verdict.UNKNOWN
    return Verdict.POOR if value > limit or failed else Verdict.GOOD
