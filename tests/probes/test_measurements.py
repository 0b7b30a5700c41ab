"""What the examples of the probes can't show: borders, half failures, and what is looked at."""

from __future__ import annotations

import gzip
import shutil
import socket
import subprocess
import time
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Verdict
from pipeline.probes import (
    Example,
    ExamplePage,
    LiveSite,
    Thresholds,
    live_equals_release,
    page_weight,
    reachable,
    response_time,
    security_headers,
)
from pipeline.world import web
from pipeline.world.files import digest_folder
from pipeline.world.web import Answer, Unreachable, Web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def page(body: bytes = b"", **headers: str) -> ExamplePage:
    return ExamplePage(body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})


class TestReachable:
    def test_a_site_that_answers_anything_with_200_is_told(self, serve: Callable[[Example], LiveSite]) -> None:
        site = serve(Example(pages={}, missing=page(b"beranda")))
        home, invented = reachable.measure(site, Thresholds())
        assert (home.verdict, invented.verdict) == (Verdict.GOOD, Verdict.POOR)
        assert invented.value == "200"

    def test_a_dead_home_page_is_poor_and_the_rest_unknown(self, gone: LiveSite) -> None:
        home, invented = reachable.measure(gone, Thresholds())
        assert (home.verdict, invented.verdict) == (Verdict.POOR, Verdict.UNKNOWN)
        assert "tidak dapat dihubungi" in home.evidence


class TestResponseTime:
    def test_errors_that_come_fast_are_no_good_time(self, serve: Callable[[Example], LiveSite]) -> None:
        site = serve(Example(pages={"/": ExamplePage(status=500)}))
        found = list(response_time.measure(site, Thresholds(samples=2)))
        assert [(reading.value, reading.verdict) for reading in found] == [(None, Verdict.UNKNOWN)] * 2
        assert "0 dari 2 kunjungan" in found[0].evidence

    def test_the_median_forgives_one_slow_visit_and_the_worst_shows_it(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._visits(monkeypatch, [10, 10, 10, 10, 400])
        median, worst = response_time.measure(_nowhere(), Thresholds(response_ms=100, samples=5))
        assert (median.value, median.verdict) == (10, Verdict.GOOD)
        assert (worst.value, worst.verdict) == (400, Verdict.POOR)

    def test_the_worst_may_take_twice_the_limit(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._visits(monkeypatch, [10, 200])
        worst = list(response_time.measure(_nowhere(), Thresholds(response_ms=105, samples=2)))[1]
        assert worst.verdict is Verdict.GOOD

    def test_a_visit_that_failed_is_not_forgotten(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._visits(monkeypatch, [10, None, 10])
        found = list(response_time.measure(_nowhere(), Thresholds(samples=3)))
        assert {reading.verdict for reading in found} == {Verdict.POOR}
        assert "2 dari 3 kunjungan" in found[0].evidence
        assert "memutus" in found[0].details[0]

    @staticmethod
    def _visits(monkeypatch: pytest.MonkeyPatch, times: list[int | None]) -> None:
        """Let visits take so long (milliseconds); None fails. A clock can't be asked to be slow once in five."""
        left = iter(times)

        def get(url: str, **_options: object) -> Answer:
            taken = next(left)
            if taken is None:
                raise Unreachable(url, "memutus sambungan")
            return Answer(url=url, status=200, headers={}, body=b"", seconds=taken / 1000, transferred=0)

        monkeypatch.setattr(web, "get", get)


def _nowhere() -> LiveSite:
    return LiveSite(url="http://127.0.0.1:1/", web=Web())


class TestPageWeight:
    def test_what_goes_over_the_line_is_counted_and_not_what_it_becomes(
        self, serve: Callable[[Example], LiveSite]
    ) -> None:
        packed = gzip.compress(b"a" * 100_000)
        site = serve(Example(pages={"/": page(packed, Content_Encoding="gzip")}))
        (reading,) = page_weight.measure(site, Thresholds(page_kb=10))
        assert reading.value == round(len(packed) / 1000, 1)
        assert reading.verdict is Verdict.GOOD

    def test_each_own_file_counts_once_and_foreign_ones_are_named(self, serve: Callable[[Example], LiveSite]) -> None:
        html = (
            b'<base href="/x/"><link rel="stylesheet preload" href="a.css#1"><link rel=stylesheet href="/x/a.css">'
            b'<link rel=canonical href="/kanon/"><script src="http://luar.invalid/s.js"></script>'
            b'<img src="data:image/gif;base64,AAAA"><img src="b.jpg"><a href="/besar.zip">unduh</a>'
        )
        pages = {"/": page(html), "/x/a.css": page(b"a" * 2000), "/x/b.jpg": page(b"b" * 3000)}
        (reading,) = page_weight.measure(serve(Example(pages=pages)), Thresholds())
        assert reading.value == round((len(html) + 5000) / 1000, 1)
        assert "2 berkas miliknya" in reading.evidence
        assert reading.details[-1] == "Dari situs lain, tidak dihitung: http://luar.invalid/s.js"

    @pytest.mark.parametrize(("limit", "verdict"), [(1500, Verdict.UNKNOWN), (1, Verdict.POOR)])
    def test_a_part_that_does_not_come_leaves_only_poor_or_unknown(
        self, serve: Callable[[Example], LiveSite], limit: int, verdict: Verdict
    ) -> None:
        html = b'<img src="ada.jpg"><img src="hilang.jpg">'
        site = serve(Example(pages={"/": page(html), "/ada.jpg": page(b"a" * 5000)}))
        (reading,) = page_weight.measure(site, Thresholds(page_kb=limit))
        assert reading.verdict is verdict
        assert "hilang.jpg menjawab 404" in reading.details[0]

    def test_the_largest_page_of_the_release_is_weighed_too(self, serve: Callable[[Example], LiveSite]) -> None:
        large = b"a" * 40_000
        site = serve(
            Example(
                pages={"/": page(b"kecil"), "/berita/b/": page(large)},
                release={"index.html": b"kecil", "berita/b/index.html": large, "foto.jpg": b"j" * 90_000},
            )
        )
        home, largest = page_weight.measure(site, Thresholds(page_kb=10))
        assert (home.verdict, largest.verdict) == (Verdict.GOOD, Verdict.POOR)
        assert largest.evidence.startswith(f"GET {site.url}berita/b/ ")

    def test_an_error_page_has_no_weight(self, serve: Callable[[Example], LiveSite]) -> None:
        (reading,) = page_weight.measure(serve(Example(pages={})), Thresholds())
        assert (reading.value, reading.verdict) == (None, Verdict.UNKNOWN)


GOOD_CSP = "default-src 'none'; script-src 'self'; frame-ancestors 'self'"


class TestSecurityHeaders:
    @pytest.mark.parametrize(
        ("name", "sent", "good"),
        [
            ("content-security-policy", {"Content-Security-Policy": GOOD_CSP}, True),
            ("content-security-policy", {"Content-Security-Policy": "DEFAULT-SRC 'Self'"}, True),
            ("content-security-policy", {"Content-Security-Policy": "script-src 'nonce-abc' 'unsafe-inline'"}, True),
            ("content-security-policy", {"Content-Security-Policy": "script-src 'unsafe-inline'"}, False),
            ("content-security-policy", {"Content-Security-Policy": "default-src 'self' 'unsafe-eval'"}, False),
            ("content-security-policy", {"Content-Security-Policy": "script-src https:"}, False),
            ("content-security-policy", {"Content-Security-Policy": "script-src 'strict-dynamic' https:"}, True),
            ("content-security-policy", {"Content-Security-Policy": "style-src 'self'"}, False),
            ("content-security-policy", {"Content-Security-Policy": "script-src *; script-src 'self'"}, False),
            ("content-security-policy", {"Content-Security-Policy": f"style-src *, {GOOD_CSP}"}, True),
            ("content-security-policy", {"Content-Security-Policy": ","}, False),
            ("content-security-policy", {}, False),
            ("x-content-type-options", {"X-Content-Type-Options": "NoSniff"}, True),
            ("x-content-type-options", {"X-Content-Type-Options": "sniff"}, False),
            ("x-content-type-options", {"X-Content-Type-Options": "x, nosniff"}, False),
            ("referrer-policy", {"Referrer-Policy": "no-referrer"}, True),
            ("referrer-policy", {"Referrer-Policy": "unsafe-url, strict-origin, baru-2030"}, True),
            ("referrer-policy", {"Referrer-Policy": "strict-origin, unsafe-url"}, False),
            ("referrer-policy", {"Referrer-Policy": "entah"}, False),
            ("frame-ancestors", {"Content-Security-Policy": GOOD_CSP}, True),
            ("frame-ancestors", {"X-Frame-Options": "SameOrigin"}, True),
            ("frame-ancestors", {"Content-Security-Policy": "frame-ancestors *", "X-Frame-Options": "DENY"}, False),
            ("frame-ancestors", {"X-Frame-Options": "ALLOW-FROM http://a"}, False),
            ("x-frame-options", {"X-Frame-Options": "DENY"}, True),
            ("cross-origin-resource-policy", {"Cross-Origin-Resource-Policy": "same-site"}, True),
            ("cross-origin-resource-policy", {"Cross-Origin-Resource-Policy": "cross-origin"}, False),
            ("X-Kantor", {"X-Kantor": "ada"}, True),
            ("X-Kantor", {}, False),
        ],
    )
    def test_the_value_is_judged_and_not_only_its_presence(
        self,
        serve: Callable[[Example], LiveSite],
        name: str,
        sent: dict[str, str],
        good: bool,  # noqa: FBT001 - a row of the table
    ) -> None:
        answer = ExamplePage(headers=sent)
        site = serve(Example(pages={"/": answer}, missing=replace(answer, status=404)))
        (reading,) = security_headers.measure(site, Thresholds(required_headers=(name,)))
        assert reading.verdict is (Verdict.GOOD if good else Verdict.POOR), reading

    def test_a_header_that_is_missing_on_error_pages_is_told_with_the_place(
        self, serve: Callable[[Example], LiveSite]
    ) -> None:
        site = serve(Example(pages={"/": page(X_Content_Type_Options="nosniff")}))
        (reading,) = security_headers.measure(site, Thresholds(required_headers=("x-content-type-options",)))
        assert reading.verdict is Verdict.POOR
        assert reading.value == "benar di 1 dari 2 tempat"
        assert reading.details[0].startswith("tidak-ada-")

    def test_one_asset_of_the_release_is_looked_at_too(self, serve: Callable[[Example], LiveSite]) -> None:
        sniff = page(X_Content_Type_Options="nosniff")
        site = serve(
            Example(pages={"/": sniff, "/a.css": page(b"")}, missing=sniff, release={"index.html": b"", "a.css": b""})
        )
        (reading,) = security_headers.measure(site, Thresholds(required_headers=("x-content-type-options",)))
        assert reading.details == ("a.css: tidak ada",)

    def test_hsts_over_http_is_not_measured(self, serve: Callable[[Example], LiveSite]) -> None:
        site = serve(Example(pages={"/": page(Strict_Transport_Security="max-age=63072000")}))
        (reading,) = security_headers.measure(site, Thresholds(required_headers=("strict-transport-security",)))
        assert (reading.value, reading.verdict) == (None, Verdict.UNKNOWN)

    @pytest.mark.parametrize(
        ("value", "fault"),
        [
            ("max-age=63072000; includeSubDomains", ""),
            ('Max-Age = "15552000"', ""),
            ("max-age=60", "max-age 60 terlalu pendek"),
            ("includeSubDomains", "tanpa max-age"),
            ("", "tidak ada"),
        ],
    )
    def test_hsts_must_hold_for_half_a_year(self, value: str, fault: str) -> None:
        assert security_headers._hsts({"strict-transport-security": value}) == fault


class TestLiveEqualsRelease:
    def test_without_a_manifest_nothing_is_known(self, serve: Callable[[Example], LiveSite]) -> None:
        (reading,) = live_equals_release.measure(serve(Example(pages={"/": page()})), Thresholds())
        assert reading.verdict is Verdict.UNKNOWN

    def test_changed_and_missing_files_are_named_and_the_unseen_is_said(
        self, serve: Callable[[Example], LiveSite]
    ) -> None:
        site = serve(
            Example(
                pages={"/": page(b"a"), "/b.css": page(b"diubah")},
                release={"index.html": b"a", "b.css": b"b", "c.css": b"c", ".htaccess": b"x"},
            )
        )
        (reading,) = live_equals_release.measure(site, Thresholds())
        assert (reading.value, reading.verdict) == (2, Verdict.POOR)
        assert reading.details == ("Berbeda: b.css", "Hilang: c.css")
        assert "3 dari 4 berkas dibandingkan" in reading.evidence
        assert "berkas tambahan tidak terlihat" in reading.evidence

    def test_a_file_that_can_not_be_fetched_makes_the_whole_unknown(self, serve: Callable[[Example], LiveSite]) -> None:
        pages = {"/": page(b"a"), "/b.css": ExamplePage(status=503)}
        site = serve(Example(pages=pages, release={"index.html": b"a", "b.css": b"b"}))
        (reading,) = live_equals_release.measure(site, Thresholds())
        assert reading.verdict is Verdict.UNKNOWN
        assert reading.details == ("Tak terbaca: b.css",)

    def test_the_page_for_missing_pages_may_come_with_its_own_status(
        self, serve: Callable[[Example], LiveSite]
    ) -> None:
        release = {"index.html": b"a", "404.html": b"tidak ada"}
        site = serve(Example(pages={"/": page(b"a")}, release=release))
        (reading,) = live_equals_release.measure(site, Thresholds())
        assert reading.verdict is Verdict.GOOD
        defaced = serve(
            Example(pages={"/": page(b"a")}, release=release, missing=ExamplePage(body=b"slot", status=404))
        )
        (reading,) = live_equals_release.measure(defaced, Thresholds())
        assert reading.verdict is Verdict.POOR

    def test_a_dead_server_is_given_up_soon(self, gone: LiveSite) -> None:
        fact = next(iter((gone.files or {}).values()))
        began = time.monotonic()
        check = live_equals_release.compare(gone.url, {f"{at}.html": fact for at in range(2000)}, limit=2000)
        assert len(check.unreachable) == 2000
        assert not check.ok
        assert time.monotonic() - began < 5

    def test_all_files_are_seen_in_turn_and_the_home_page_always(self) -> None:
        paths = ["index.html", "robots.txt", *(f"{at:03}.html" for at in range(100))]
        seen: set[str] = set()
        for turn in range(739_000, 739_000 + 6):
            chosen = live_equals_release.choose(paths, limit=22, turn=turn)
            assert len(chosen) == len(set(chosen)) == 22
            assert {"index.html", "robots.txt"} <= set(chosen)
            seen.update(chosen)
        assert seen == set(paths)

    @pytest.mark.parametrize("limit", [1, 2, 3, 102, 500])
    def test_never_more_than_the_limit_is_chosen(self, limit: int) -> None:
        paths = ["index.html", "robots.txt", *(f"{at:03}.html" for at in range(100))]
        chosen = live_equals_release.choose(paths, limit=limit, turn=7)
        assert len(chosen) == len(set(chosen)) == min(limit, len(paths))

    def test_an_empty_release_is_never_equal(self, gone: LiveSite) -> None:
        assert not live_equals_release.compare(gone.url, {}, limit=10).ok


NGINX = shutil.which("nginx") or (shutil.which("nginx", path="/usr/sbin"))


@pytest.fixture
def nginx(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A real nginx over a folder, with the headers that it is usually given; its socket tells when it is ready."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (tmp_path / "www").mkdir()
    (tmp_path / "nginx.conf").write_text(
        f"""
        daemon off; master_process off; worker_processes 1; pid {tmp_path}/pid; error_log {tmp_path}/error.log;
        events {{}}
        http {{
          access_log off; types {{ text/html html; text/css css; }}
          client_body_temp_path {tmp_path}/b; proxy_temp_path {tmp_path}/p; fastcgi_temp_path {tmp_path}/f;
          uwsgi_temp_path {tmp_path}/u; scgi_temp_path {tmp_path}/s;
          gzip on; gzip_min_length 0;
          server {{
            listen 127.0.0.1:{port}; root {tmp_path}/www;
            add_header X-Content-Type-Options nosniff;
            add_header Referrer-Policy same-origin always;
          }}
        }}"""
    )
    process = subprocess.Popen(
        [NGINX or "nginx", "-p", tmp_path, "-c", tmp_path / "nginx.conf"], stderr=subprocess.DEVNULL
    )
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.02)
    yield tmp_path / "www", f"http://127.0.0.1:{port}/"
    process.terminate()
    process.wait(timeout=10)


@pytest.mark.skipif(NGINX is None, reason="nginx is not installed here")
def test_a_real_nginx_is_measured(nginx: tuple[Path, str]) -> None:
    folder, url = nginx
    (folder / "index.html").write_text("<link rel=stylesheet href=gaya.css>" + "a" * 50_000)
    (folder / "gaya.css").write_text("p { color: red }")
    with Web() as visitor:
        site = LiveSite(url=url, web=visitor, files=digest_folder(folder))
        limits = Thresholds(page_kb=5, required_headers=("x-content-type-options", "referrer-policy"))
        (equal,) = live_equals_release.measure(site, limits)
        (weight,) = page_weight.measure(site, limits)
        sniff, referrer = security_headers.measure(site, limits)
    assert equal.verdict is Verdict.GOOD, equal
    assert weight.verdict is Verdict.GOOD, weight
    # nginx leaves out what is not said to be `always` on its error pages.
    assert (sniff.verdict, referrer.verdict) == (Verdict.POOR, Verdict.GOOD)
