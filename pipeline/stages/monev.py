"""Monitoring and evaluation of the live site (SOP B4): runs every probe and keeps what they found as one run.

A probe that fails makes one unknown reading with its reason, and the others go on. Nothing is stored here: the caller
appends ``as_json(run)`` as one record. No follow-up is decided either; a poor reading only says so.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import PipelineError
from pipeline.model import Reading, Verdict
from pipeline.probes import LiveSite, Probe, Thresholds, load_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from pipeline.stages.deploy import Manifest

SCHEMA: Final = 1
_ORDER: Final = ("sistem", "keamanan", "kapasitas", "data")


@dataclass(frozen=True, slots=True, kw_only=True)
class MonevRun:
    """One run over the site at ``url``; ``release`` is what should be live there, None where that was not known."""

    url: str
    release: str | None
    started: datetime
    finished: datetime
    readings: tuple[Reading, ...]

    def count(self, verdict: Verdict) -> int:
        """How many readings came to ``verdict``."""
        return sum(reading.verdict is verdict for reading in self.readings)

    @property
    def ok(self) -> bool:
        """Whether everything was measured and found good."""
        return bool(self.readings) and self.count(Verdict.GOOD) == len(self.readings)


def measure(
    url: str,
    manifest: Manifest | None,
    thresholds: Thresholds,
    *,
    now: datetime,
    probes: Iterable[Probe] | None = None,
) -> MonevRun:
    """Run ``probes`` (all of them by default) against the site whose home page is ``url``; never raises for a dead site.

    ``manifest`` is that of the release which should be live; without it nothing is compared, and the run says so.
    """
    from pipeline.world.web import Web

    begun = time.monotonic()
    files = manifest.files if manifest else None
    with Web() as web:
        site = LiveSite(url=_home(url), web=web, files=files, turn=now.toordinal())
        readings = [reading for probe in probes or load_all() for reading in _run(probe, site, thresholds)]
    return MonevRun(
        url=site.url,
        release=manifest.release if manifest else None,
        started=now,
        finished=now + timedelta(seconds=round(time.monotonic() - begun, 3)),
        readings=tuple(sorted(readings, key=lambda reading: _rank(reading.aspect))),
    )


def as_json(run: MonevRun) -> dict[str, Any]:
    """Return the run as one record (branch ``catatan``, ``records/monev/``)."""
    return {
        "schema": SCHEMA,
        "what": "website",
        "url": run.url,
        "release": run.release,
        "started": run.started.isoformat(),
        "finished": run.finished.isoformat(),
        "summary": {verdict.name.lower(): run.count(verdict) for verdict in Verdict},
        "readings": [_entry(reading) for reading in run.readings],
    }


def describe(run: MonevRun) -> Iterator[str]:
    """Yield the run as an Indonesian table and, last, its summary; details stand below what is not good."""
    rows = [("Aspek", "Indikator", "Hasil", "Batas", "Status")]
    rows += [(r.aspect, r.indicator, _shown(r), r.limit, r.verdict.value) for r in run.readings]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for at, row in enumerate(rows):
        cells = (cell.ljust(width) for cell, width in zip(row[:4], widths, strict=True))
        yield "  ".join((*cells, row[4]))
        if at:
            yield from _details(run.readings[at - 1])
    yield summary(run)


def summary(run: MonevRun) -> str:
    """Return one line: ``12 indikator: 9 baik, 2 perlu tindakan, 1 tidak dapat diukur``."""
    counts = ", ".join(f"{run.count(verdict)} {verdict.value}" for verdict in Verdict)
    return f"{len(run.readings)} indikator: {counts}"


def _run(probe: Probe, site: LiveSite, thresholds: Thresholds) -> list[Reading]:
    try:
        readings = list(probe.measure(site, thresholds))
    except PipelineError as error:
        return [_unknown(probe, error.message)]
    except Exception as error:  # noqa: BLE001 - a probe's bug must not hide what the others see; it is told as it is
        name = probe.__name__.rpartition(".")[2]
        return [_unknown(probe, f"Kesalahan program di pengukur {name}: {type(error).__name__}: {error}")]
    return readings or [_unknown(probe, "Pengukur tidak memberi hasil.")]


def _unknown(probe: Probe, reason: str) -> Reading:
    return Reading(
        aspect=probe.ASPECT,
        indicator=probe.INDICATOR,
        value=None,
        unit="",
        limit="",
        verdict=Verdict.UNKNOWN,
        evidence=reason,
    )


def _entry(reading: Reading) -> dict[str, Any]:
    return {
        "aspect": reading.aspect,
        "indicator": reading.indicator,
        "value": reading.value,
        "unit": reading.unit,
        "limit": reading.limit,
        "verdict": reading.verdict.value,
        "evidence": reading.evidence,
        "details": list(reading.details),
    }


def _details(reading: Reading) -> Iterator[str]:
    if reading.verdict is Verdict.GOOD:
        return
    yield f"    {reading.evidence}"
    yield from (f"    {detail}" for detail in reading.details)


def _shown(reading: Reading) -> str:
    if reading.value is None:
        return "-"
    value = f"{reading.value:g}" if isinstance(reading.value, float) else str(reading.value)
    return f"{value.replace('.', ',') if isinstance(reading.value, float) else value} {reading.unit}".strip()


def _rank(aspect: str) -> int:
    return _ORDER.index(aspect) if aspect in _ORDER else len(_ORDER)


def _home(url: str) -> str:
    """Return ``url`` as the address of a folder, because that is what pages are found below."""
    return url.rstrip("/") + "/"
