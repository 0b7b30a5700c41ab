from __future__ import annotations

import json
import threading
from datetime import UTC, datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from pipeline.errors import PipelineError
from pipeline.model import Reading, Verdict
from pipeline.probes import LiveSite, Probe, Thresholds
from pipeline.stages import deploy, monev

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

NOW = datetime(2026, 1, 30, 3, 30, tzinfo=UTC)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Handler(SimpleHTTPRequestHandler):
    def end_headers(self) -> None:
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_args: object) -> None: ...


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "berita").mkdir()
    (tmp_path / "index.html").write_text("<link rel=stylesheet href=gaya.css>beranda")
    (tmp_path / "gaya.css").write_text("p { margin: 0 }")
    (tmp_path / "berita" / "index.html").write_text("berita " * 100)
    return tmp_path


@pytest.fixture
def url(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def manifest(site: Path) -> deploy.Manifest:
    return deploy.make_manifest(site, commit="c", evidence="e", now=NOW)


def reading(verdict: Verdict = Verdict.GOOD, **changes: object) -> Reading:
    given = {
        "aspect": "sistem",
        "indicator": "Uji",
        "value": 1.5,
        "unit": "ms",
        "limit": "2 ms",
        "verdict": verdict,
        "evidence": "GET /",
    }
    return Reading(**(given | changes))  # type: ignore[arg-type]  # a test's shorthand


def probe(measure: Callable[[LiveSite, Thresholds], object], name: str = "pipeline.probes.uji") -> Probe:
    made = SimpleNamespace(__name__=name, ASPECT="data", INDICATOR="Uji coba", measure=measure)
    return cast("Probe", made)


def run(*readings: Reading) -> monev.MonevRun:
    return monev.MonevRun(url="http://a/", release=None, started=NOW, finished=NOW, readings=readings)


def test_a_released_site_is_measured_by_every_probe(url: str, manifest: deploy.Manifest) -> None:
    found = monev.measure(url, manifest, Thresholds(samples=2), now=NOW)
    indicators = {entry.indicator: entry.verdict for entry in found.readings}
    hsts = indicators.pop("Kepala keamanan strict-transport-security")
    assert hsts is Verdict.UNKNOWN  # this site speaks http
    assert set(indicators.values()) == {Verdict.GOOD}, found.readings
    assert len(indicators) >= 12
    assert (found.url, found.release, found.started) == (f"{url}/", manifest.release, NOW)
    assert found.finished > NOW
    assert not found.ok


def test_one_changed_byte_on_the_live_site_is_found(url: str, manifest: deploy.Manifest, site: Path) -> None:
    (site / "berita" / "index.html").write_text("berita " * 99 + "beritA ")
    found = monev.measure(url, manifest, Thresholds(samples=1), now=NOW)
    (equal,) = (entry for entry in found.readings if entry.indicator == "Situs sama dengan rilis")
    assert (equal.verdict, equal.value) == (Verdict.POOR, 1)
    assert equal.details == ("Berbeda: berita/index.html",)


def test_without_a_manifest_the_run_says_what_it_could_not_know(url: str) -> None:
    found = monev.measure(url, None, Thresholds(samples=1), now=NOW)
    (equal,) = (entry for entry in found.readings if entry.indicator == "Situs sama dengan rilis")
    assert equal.verdict is Verdict.UNKNOWN
    assert found.release is None


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "bukan alamat", ""])
def test_a_dead_site_is_a_run_without_anything_good(url: str, manifest: deploy.Manifest) -> None:
    found = monev.measure(url, manifest, Thresholds(samples=1), now=NOW)
    assert found.count(Verdict.GOOD) == 0
    assert found.count(Verdict.POOR) == 1
    assert len({entry.indicator for entry in found.readings}) >= 5


def test_a_probe_with_a_bug_is_one_unknown_and_the_others_go_on() -> None:
    def broken(_site: LiveSite, _thresholds: Thresholds) -> Iterator[Reading]:
        yield reading()
        raise ZeroDivisionError("bagi nol")

    found = monev.measure(
        "http://127.0.0.1:1", None, Thresholds(), now=NOW, probes=(probe(broken), probe(lambda *_: [reading()]))
    )
    good, unknown = found.readings
    assert good.verdict is Verdict.GOOD
    assert (unknown.aspect, unknown.indicator, unknown.verdict) == ("data", "Uji coba", Verdict.UNKNOWN)
    assert unknown.evidence == "Kesalahan program di pengukur uji: ZeroDivisionError: bagi nol"


def test_a_probe_that_can_not_measure_gives_its_reason() -> None:
    def unable(_site: LiveSite, _thresholds: Thresholds) -> list[Reading]:
        raise PipelineError("Server tidak menjawab.", hint="Ulangi.")

    (unknown,) = monev.measure("http://127.0.0.1:1", None, Thresholds(), now=NOW, probes=(probe(unable),)).readings
    assert (unknown.verdict, unknown.evidence) == (Verdict.UNKNOWN, "Server tidak menjawab.")


def test_a_probe_that_says_nothing_is_unknown() -> None:
    (unknown,) = monev.measure("http://a.invalid", None, Thresholds(), now=NOW, probes=(probe(lambda *_: []),)).readings
    assert unknown.verdict is Verdict.UNKNOWN


def test_the_record_holds_every_reading_and_the_counts() -> None:
    data = json.loads(json.dumps(monev.as_json(run(reading(), reading(Verdict.POOR, value=None, details=("x",))))))
    assert data["schema"] == 1
    assert data["summary"] == {"good": 1, "poor": 1, "unknown": 0}
    assert data["started"] == "2026-01-30T03:30:00+00:00"
    assert data["readings"][1] == {
        "aspect": "sistem",
        "indicator": "Uji",
        "value": None,
        "unit": "ms",
        "limit": "2 ms",
        "verdict": "perlu tindakan",
        "evidence": "GET /",
        "details": ["x"],
    }


def test_the_summary_counts_every_verdict() -> None:
    made = run(*[reading()] * 9, *[reading(Verdict.POOR)] * 2, reading(Verdict.UNKNOWN))
    assert monev.summary(made) == "12 indikator: 9 baik, 2 perlu tindakan, 1 tidak dapat diukur"


def test_the_table_is_aligned_and_explains_what_is_not_good() -> None:
    made = run(
        reading(indicator="Pendek", details=("tidak perlu",)),
        reading(Verdict.POOR, indicator="Indikator yang panjang", value=1234.5, details=("foto.jpg: 900 kB",)),
        reading(Verdict.UNKNOWN, value=None, evidence="Server tidak menjawab."),
        reading(value="503", unit="", limit="200"),
    )
    lines = list(monev.describe(made))
    assert lines[0].split() == ["Aspek", "Indikator", "Hasil", "Batas", "Status"]
    assert "1,5 ms" in lines[1]
    assert "1234,5 ms" in lines[2]
    assert len({line.index(verdict) for line, verdict in zip(lines[:3], ("Status", "baik", "perlu"), strict=True)}) == 1
    assert lines[3:5] == ["    GET /", "    foto.jpg: 900 kB"]
    assert "    Server tidak menjawab." in lines
    assert not any("tidak perlu" in line for line in lines)
    assert lines[-1] == monev.summary(made)


def test_a_run_without_readings_is_not_good() -> None:
    assert not run().ok
    assert run(reading()).ok
    assert not run(reading(), reading(Verdict.UNKNOWN)).ok


def test_aspects_stand_in_the_order_of_the_report() -> None:
    aspects = ("data", "kapasitas", "lain", "sistem", "keamanan")
    probes = [probe(lambda *_, aspect=aspect: [reading(aspect=aspect)]) for aspect in aspects]
    found = monev.measure("http://127.0.0.1:1", None, Thresholds(), now=NOW, probes=probes)
    assert [entry.aspect for entry in found.readings] == ["sistem", "keamanan", "kapasitas", "data", "lain"]
