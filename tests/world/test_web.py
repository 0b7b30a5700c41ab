from __future__ import annotations

import contextlib
import gzip
import ipaddress
import socket
import ssl
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.world import web
from pipeline.world.web import Limits, Unreachable, Web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

FAST = Limits(silence=0.3, whole=0.5, body=100_000)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer on a kept connection waits 40 ms
    seen: ClassVar[list[tuple[str, dict[str, str]]]] = []

    def do_GET(self) -> None:
        self.seen.append((self.path, dict(self.headers.items())))
        status, headers, body = self.answer()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def answer(self) -> tuple[int, dict[str, str], bytes]:
        name, _, rest = self.path.strip("/").partition("/")
        answers: dict[str, tuple[int, dict[str, str], bytes]] = {
            "ke": (302, {"Location": f"/{rest}"}, b"pindah"),
            "luar": (301, {"Location": "http://localhost:9/judi"}, b""),
            "putar": (302, {"Location": "/putar"}, b""),
            "gzip": (200, {"Content-Encoding": "gzip"}, gzip.compress(b"a" * 5000)),
            "kuki": (200, {"Set-Cookie": "sesi=1; Path=/"}, b""),
            "404": (404, {}, b"tidak ada"),
        }
        return answers.get(name, (200, {"X-Dua": "isi"}, b"halo"))

    def log_message(self, *_args: object) -> None: ...


@pytest.fixture
def base() -> Iterator[str]:
    Handler.seen.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


class RawServer:
    """Answers every request with fixed bytes, then drips others one by one for ever, or holds its peace."""

    def __init__(self, data: bytes, *, drip: bytes = b"", hold: bool = False, tls: Path | None = None) -> None:
        self.data, self.drip, self.hold = data, drip, hold
        self.stop = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self.listener = context.wrap_socket(self.listener, server_side=True)
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.listener.getsockname()[1]}/"
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self) -> None:
        while not self.stop.is_set():
            # A client that does not trust us, or has seen enough, leaves in the middle.
            with contextlib.suppress(OSError):
                connection, _ = self.listener.accept()
                with connection:
                    self.talk(connection)

    def talk(self, connection: socket.socket) -> None:
        connection.recv(10_000)
        connection.sendall(self.data)
        while (self.drip or self.hold) and not self.stop.wait(0.02):
            connection.sendall(self.drip)

    def close(self) -> None:
        self.stop.set()
        with contextlib.suppress(OSError):
            socket.socket.shutdown(self.listener, socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()


@pytest.fixture
def raw() -> Iterator[Callable[..., str]]:
    """Start a ``RawServer`` and return its address."""
    servers: list[RawServer] = []

    def serve(data: bytes, *, drip: bytes = b"", hold: bool = False, tls: Path | None = None) -> str:
        servers.append(RawServer(data, drip=drip, hold=hold, tls=tls))
        return servers[-1].url

    yield serve
    for server in servers:
        server.close()


def test_an_answer_holds_status_headers_body_and_time(base: str) -> None:
    answer = web.get(f"{base}/x")
    assert (answer.status, answer.body, answer.headers["x-dua"]) == (200, b"halo", "isi")
    assert (answer.url, answer.transferred) == (f"{base}/x", 4)
    assert 0 < answer.seconds < 5


def test_a_status_of_failure_is_an_answer_too(base: str) -> None:
    assert web.get(f"{base}/404").status == 404


def test_the_server_learns_who_asks_and_nothing_else(
    base: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login admin password rahasia\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with Web() as visitor:
        visitor.get(f"{base}/kuki")
        visitor.get(f"{base}/lagi")
    headers = {name.lower(): value for name, value in Handler.seen[1][1].items()}
    assert headers["user-agent"] == "Redaksi-monev"
    assert set(headers) == {"host", "user-agent", "accept", "accept-encoding", "cache-control"}


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert web.get(f"{base}/x").status == 200


def test_a_redirect_on_the_same_host_is_followed(base: str) -> None:
    answer = web.get(f"{base}/ke/ke/sana")
    assert (answer.url, answer.body) == (f"{base}/sana", b"halo")


def test_a_redirect_to_another_host_is_refused_unless_said(base: str) -> None:
    with pytest.raises(Unreachable, match="mengalihkan ke tempat lain"):
        web.get(f"{base}/luar")
    with pytest.raises(Unreachable, match="tidak dapat dihubungi"):
        web.get(f"{base}/luar", other_hosts=True)


def test_a_redirect_without_end_is_refused(base: str) -> None:
    with pytest.raises(Unreachable, match="mengalihkan lebih dari 5 kali"):
        web.get(f"{base}/putar")
    assert len(Handler.seen) == 6


def test_a_compressed_body_is_unpacked_and_both_sizes_are_known(base: str) -> None:
    answer = web.get(f"{base}/gzip", compressed=True)
    assert answer.body == b"a" * 5000
    assert answer.transferred == len(gzip.compress(b"a" * 5000))
    offered = {name.lower(): value for name, value in Handler.seen[0][1].items()}
    assert offered["accept-encoding"] == "gzip"


def test_two_gzip_members_are_one_body(raw: Callable[..., str]) -> None:
    body = gzip.compress(b"satu") + gzip.compress(b"dua")
    assert web.get(raw(_response(body, "Content-Encoding: gzip"))).body == b"satudua"


def _response(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close"]
    return "\r\n".join([*lines, *headers, "", ""]).encode() + body


def test_a_bomb_is_not_unpacked(raw: Callable[..., str]) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < FAST.body
    with pytest.raises(Unreachable, match="lebih besar dari"):
        web.get(raw(_response(bomb, "Content-Encoding: gzip")), limits=FAST)


def test_a_body_over_the_limit_is_not_read_to_its_end(raw: Callable[..., str]) -> None:
    with pytest.raises(Unreachable, match="lebih besar dari"):
        web.get(raw(_response(b"", length=10**12), drip=b"a" * 50_000), limits=FAST)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "memutus sambungan"),
        (b"halo\r\n\r\n", "memutus sambungan"),
        (b"HTTP/1.1 abc OK\r\n\r\n", "memutus sambungan"),
        (_response(b"setengah", length=100), "memutus sambungan|tidak dapat dibaca"),
        (_response(b"bukan gzip", "Content-Encoding: gzip"), "tidak dapat dibaca"),
        (_response(gzip.compress(b"a" * 999)[:-9], "Content-Encoding: gzip"), "terpotong"),
        (_response(b"x", "Content-Encoding: br"), "pemampatan 'br'"),
        (_response(b"", "Location: http://[::1", status="302 Found"), "tidak dapat dibaca"),
        (_response(b"", "Location: ftp://127.0.0.1/x", status="302 Found"), "bukan alamat web|mengalihkan"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "memutus sambungan|tidak dapat dibaca"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", "memutus sambungan|tidak dapat dibaca"),
    ],
)
def test_a_broken_answer_is_one_sentence(raw: Callable[..., str], data: bytes, reason: str) -> None:
    with pytest.raises(Unreachable, match=reason) as caught:
        web.get(raw(data), limits=FAST)
    assert caught.value.hint


def test_a_silent_server_is_left_after_the_time_for_silence(raw: Callable[..., str]) -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"tidak menjawab dalam 0\.3 detik"):
        web.get(raw(b"", hold=True), limits=FAST)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    "start",
    [b"", b"HTTP/1.1 200 OK\r\nX-Lambat: ", b"HTTP/1.1 200 OK\r\n\r\n", _response(b"", length=1000)],
    ids=["status line", "header", "body without length", "body"],
)
def test_a_server_that_drips_is_left_after_the_time_for_the_whole(raw: Callable[..., str], start: bytes) -> None:
    began = time.monotonic()
    with pytest.raises(Unreachable, match=r"belum selesai menjawab setelah 0\.5 detik"):
        web.get(raw(start, drip=b"a"), limits=FAST)
    assert time.monotonic() - began < 3


def test_after_a_cut_the_same_visitor_can_go_on(base: str, raw: Callable[..., str]) -> None:
    with Web(FAST) as visitor:
        visitor.get(f"{base}/x")
        with pytest.raises(Unreachable):
            visitor.get(raw(_response(b"", length=1000), drip=b"a"))
        assert visitor.get(f"{base}/x").body == b"halo"


def test_a_closed_port_and_an_unknown_host_are_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    for url in (f"http://127.0.0.1:{port}/", "http://tidak-ada.invalid/", f"https://127.0.0.1:{port}/"):
        with pytest.raises(Unreachable, match="tidak dapat dihubungi"):
            web.get(url)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that nobody vouches for, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "uji")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(address, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (tmp_path / "tls.pem").write_bytes(private + made.public_bytes(pem))
    return tmp_path / "tls.pem"


def test_a_certificate_that_nobody_vouches_for_is_refused(raw: Callable[..., str], certificate: Path) -> None:
    with pytest.raises(Unreachable, match="sertifikat TLS-nya tidak sah"):
        web.get(raw(_response(b"halo"), tls=certificate), limits=FAST)


def test_a_certificate_authority_of_the_environment_is_trusted(
    raw: Callable[..., str], certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
    assert web.get(raw(_response(b"halo"), tls=certificate), limits=FAST).body == b"halo"
    with pytest.raises(Unreachable, match="belum selesai"):
        web.get(raw(_response(b"", length=1000), drip=b"a", tls=certificate), limits=FAST)


def test_plain_text_where_tls_is_expected_is_unreachable(base: str) -> None:
    with pytest.raises(Unreachable):
        web.get(base.replace("http:", "https:"), limits=FAST)


@pytest.mark.parametrize(
    "url", ["", "beranda", "ftp://127.0.0.1/x", "file:///etc/hostname", "javascript:alert(1)", "http://", "http://[::1"]
)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(Unreachable):
        web.get(url)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(Unreachable) as caught:
        web.get("http://admin:rahasia@127.0.0.1/")
    assert "memuat nama pengguna" in caught.value.message


@settings(max_examples=80, deadline=None)
@example("http://a" + "a" * 70 + ".invalid/")
@example("http://\udcff/")
@example("http://127.0.0.1:99999999/")
@example("http://xn--a.invalid/")
@given(st.text(max_size=30).map(lambda rest: f"http://127.0.0.1:1{rest}"))
def test_no_address_makes_a_traceback(url: str) -> None:
    with pytest.raises(PipelineError):
        web.get(url, limits=FAST)


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("index.html", "http://a/x/"),
        ("berita/index.html", "http://a/x/berita/"),
        ("myindex.html", "http://a/x/myindex.html"),
        ("assets/a b?.css", "http://a/x/assets/a%20b%3F.css"),
        ("", "http://a/x/"),
    ],
)
def test_a_file_of_the_site_has_one_address(path: str, shown: str) -> None:
    assert web.address("http://a/x", path) == web.address("http://a/x/", path) == shown


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a/", "http://a/x", True),
        ("http://a/", "http://A:80/", True),
        ("http://a/", "https://a/", True),
        ("https://a/", "http://a/", False),
        ("http://a/", "http://a:8080/", False),
        ("http://a/", "http://b/", False),
        ("http://a/", "http://a.b/", False),
        ("http://a/", "http://[", False),
        ("http://a/", "http://a:99999/", False),
    ],
)
def test_the_same_host_is_host_and_port_or_its_https(one: str, other: str, same: bool) -> None:  # noqa: FBT001 - a row of the table
    assert web.same_host(one, other) is same


def test_the_time_limit_leaves_no_thread_behind(base: str) -> None:
    web.get(f"{base}/x", limits=Limits(whole=60))
    time.sleep(0.05)
    assert not [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]


def test_other_stages_do_not_pay_for_http() -> None:
    program = "import sys; import pipeline.stages.deploy, pipeline.stages.monev; sys.exit('requests' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False, timeout=60).returncode == 0
