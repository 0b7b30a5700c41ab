"""The only door to HTTP: asks for one address at a time, within limits of time and size, and returns a frozen answer.

It follows no redirect to another host unless told so, keeps no cookie, sends no credential, and lets no exception of
``requests`` out: whatever can't be fetched is ``Unreachable``, with a sentence in Indonesian. It judges nothing.
"""

from __future__ import annotations

import http.client
import socket
import threading
import time
import zlib
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import SplitResult, quote, urljoin, urlsplit
from weakref import WeakSet

import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

USER_AGENT: Final = "Redaksi-monev"
MAX_REDIRECTS: Final = 5
_CHUNK: Final = 64 * 1024
_PORTS: Final = {"http": 80, "https": 443}
_GZIP: Final = 31  # zlib's window bits for a gzip header
_LOOPBACK: Final = {"localhost", "127.0.0.1", "::1"}


class Unreachable(PipelineError):
    """Nothing usable came from ``url``."""

    def __init__(
        self, url: str, reason: str, *, hint: str = "Periksa alamat, jaringan, dan server, lalu ulangi."
    ) -> None:
        super().__init__(f"{url} {reason}.", hint=hint)
        self.url = url
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Seconds to wait for a sign of life and for the whole answer (redirects included), and bytes of the body."""

    silence: float = 10.0
    whole: float = 30.0
    body: int = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back from ``url`` (where redirects ended). Header names are lower case; ``body`` is decompressed.

    ``transferred`` counts the bytes of the body as they came over the line; ``seconds`` runs until its last byte.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float
    transferred: int


class Web:
    """A visitor with its own connections; use it in one thread, and close it (``with``)."""

    def __init__(self, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._session = requests.Session()
        self._session.headers.clear()
        self._session.auth = _anonymous  # else requests would look for a password in ~/.netrc
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in _PORTS:
            self._session.mount(f"{scheme}://", _Adapter(max_retries=0))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def get(self, url: str, *, compressed: bool = False, other_hosts: bool = False) -> Answer:
        """Fetch ``url``; any status is an answer. ``compressed`` offers gzip, as a browser does.

        Raises ``Unreachable`` where no whole answer within the limits came, or where it leads to another host.
        """
        started = time.monotonic()
        with _deadline(url, self._limits.whole), _told(url, self._limits):
            response = self._follow(url, compressed=compressed, other_hosts=other_hosts)
            try:
                raw = self._body(response, url)
            finally:
                response.close()
            headers = {name.lower(): value for name, value in response.headers.items()}
            return Answer(
                url=response.url or url,
                status=response.status_code,
                headers=headers,
                body=_decoded(raw, headers.get("content-encoding", ""), url, self._limits.body),
                seconds=time.monotonic() - started,
                transferred=len(raw),
            )

    def _follow(self, url: str, *, compressed: bool, other_hosts: bool) -> requests.Response:
        asked = url
        for _ in range(MAX_REDIRECTS + 1):
            response = self._ask(asked, compressed=compressed)
            if not response.is_redirect:
                return response
            response.close()
            onward = urljoin(asked, response.headers["location"])
            if not other_hosts and not _same_host(_parts(asked), _parts(onward)):
                raise Unreachable(
                    url, f"mengalihkan ke tempat lain ({onward})", hint="Periksa pengalihan di server itu."
                )
            asked = onward
        raise Unreachable(url, f"mengalihkan lebih dari {MAX_REDIRECTS} kali", hint="Periksa pengalihan di server itu.")

    def _ask(self, url: str, *, compressed: bool) -> requests.Response:
        host = _parts(url).hostname or ""
        headers = {
            "User-Agent": USER_AGENT,
            "Accept": "*/*",
            "Accept-Encoding": "gzip" if compressed else "identity",
            "Cache-Control": "no-cache",
        }
        return self._session.get(
            url,
            headers=headers,
            timeout=(self._limits.silence, self._limits.silence),
            # A proxy of the environment is for the outside world, never for this machine.
            proxies={"no_proxy": host} if host in _LOOPBACK else None,
            stream=True,
            allow_redirects=False,
        )

    def _body(self, response: requests.Response, url: str) -> bytes:
        body = bytearray()
        for chunk in response.raw.stream(_CHUNK, decode_content=False):
            body += chunk
            if len(body) > self._limits.body:
                raise _too_large(url, self._limits.body)
        return bytes(body)


def get(url: str, *, limits: Limits | None = None, compressed: bool = False, other_hosts: bool = False) -> Answer:
    """Fetch ``url`` over a connection of its own, as a new visitor does; see ``Web.get``."""
    with Web(limits) as web:
        return web.get(url, compressed=compressed, other_hosts=other_hosts)


def address(base: str, path: str) -> str:
    """Return the public address of a file of the site whose root is ``base``: ``a/index.html`` is shown as ``a/``."""
    shown = path.removesuffix("index.html") if path == "index.html" or path.endswith("/index.html") else path
    return f"{base.rstrip('/')}/{quote(shown)}"


def same_host(one: str, other: str) -> bool:
    """Say whether ``other`` is on the host and port of ``one``, or the same host's https."""
    try:
        return _same_host(urlsplit(one), urlsplit(other))
    except ValueError:
        return False


def _same_host(one: SplitResult, other: SplitResult) -> bool:
    if one.hostname != other.hostname:
        return False
    return _place(one) == _place(other) or (_place(one), _place(other)) == (("http", 80), ("https", 443))


def _place(parts: SplitResult) -> tuple[str, int | None]:
    return parts.scheme, parts.port or _PORTS.get(parts.scheme)


def _parts(url: str) -> SplitResult:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS or not parts.hostname:
        raise Unreachable(url, "bukan alamat web", hint="Alamat diawali https:// atau http:// dan nama host.")
    if parts.username is not None or parts.password is not None:
        hidden = f"{parts.scheme}://...@{parts.hostname}"
        raise Unreachable(hidden, "memuat nama pengguna atau kata sandi", hint="Hapus bagian sebelum tanda @.")
    return parts


def _decoded(raw: bytes, encoding: str, url: str, limit: int) -> bytes:
    if encoding.strip().lower() in {"", "identity"}:
        return raw
    if encoding.strip().lower() not in {"gzip", "x-gzip"}:
        raise Unreachable(url, f"dikirim dengan pemampatan {encoding!r} yang tidak diminta")
    body, rest = b"", raw
    while rest:
        stream = zlib.decompressobj(_GZIP)
        body += stream.decompress(rest, limit + 1 - len(body))
        if len(body) > limit:
            raise _too_large(url, limit)
        if not stream.eof:
            raise Unreachable(url, "terpotong")
        rest = stream.unused_data
    return body


def _too_large(url: str, limit: int) -> Unreachable:
    return Unreachable(url, f"lebih besar dari {limit // 1_000_000} MB")


@contextmanager
def _told(url: str, limits: Limits) -> Iterator[None]:
    """Turn whatever the libraries raise into ``Unreachable``; the first match names the reason."""
    try:
        yield
    except requests.exceptions.SSLError as error:
        raise Unreachable(url, "ditolak karena sertifikat TLS-nya tidak sah") from error
    except (requests.Timeout, urllib3.exceptions.TimeoutError, TimeoutError) as error:
        raise Unreachable(url, f"tidak menjawab dalam {limits.silence:g} detik") from error
    except (requests.ConnectionError, OSError) as error:
        raise Unreachable(url, "tidak dapat dihubungi atau memutus sambungan") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
        raise Unreachable(url, "menjawab dengan cara yang tidak dapat dibaca") from error
    except (ValueError, zlib.error) as error:  # a host name or a Location that is none, a body that is no gzip
        raise Unreachable(url, "menjawab dengan cara yang tidak dapat dibaca") from error


class _Open(threading.local):
    """The sockets of this thread, so that a deadline can cut them.

    Not the connections: one that the server will close lets go of its socket while the answer is still being read.
    """

    def __init__(self) -> None:
        self.sockets: WeakSet[socket.socket] = WeakSet()

    def add(self, connection: HTTPConnection) -> None:
        if isinstance(connection.sock, socket.socket):
            self.sockets.add(connection.sock)


_OPEN: Final = _Open()


@contextmanager
def _deadline(url: str, seconds: float) -> Iterator[None]:
    """End this thread's connections when the block's time is up.

    The libraries only bound each wait for the next bytes: a server that sends one byte now and then would hold us for ever.
    """
    expired = threading.Event()
    timer = threading.Timer(seconds, _cut, (expired, _OPEN.sockets))
    timer.daemon = True
    timer.start()
    try:
        yield
    except Unreachable as error:
        if expired.is_set():
            raise Unreachable(url, f"belum selesai menjawab setelah {seconds:g} detik") from error
        raise
    finally:
        timer.cancel()
    if expired.is_set():  # a body that ends with its connection looks whole when it was cut
        raise Unreachable(url, f"belum selesai menjawab setelah {seconds:g} detik")


def _cut(expired: threading.Event, sockets: WeakSet[socket.socket]) -> None:
    expired.set()
    for sock in list(sockets):
        # The plain socket's shutdown: that of TLS would take the connection apart under the reading thread.
        with suppress(OSError):
            socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _Http(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _OPEN.add(self)


class _Https(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _OPEN.add(self)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _Http


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _Https


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - handed on as they come
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}


def _anonymous(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
