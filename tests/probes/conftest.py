"""Real servers to measure: one that answers as an ``Example`` says, on an ephemeral port of this machine."""

from __future__ import annotations

import hashlib
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest

from pipeline.probes import Example, LiveSite, Thresholds
from pipeline.world.files import FileFact
from pipeline.world.web import Limits, Web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class ExampleServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, example: Example) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.example = example
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join()


class Handler(BaseHTTPRequestHandler):
    server: ExampleServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer on a kept connection waits 40 ms

    def do_GET(self) -> None:
        page = self.server.example.pages.get(self.path, self.server.example.missing)
        time.sleep(page.delay)
        self.send_response(page.status)
        for name, value in page.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(page.body)))
        self.end_headers()
        self.wfile.write(page.body)

    def log_message(self, *_args: object) -> None: ...


@pytest.fixture
def serve() -> Iterator[Callable[[Example], LiveSite]]:
    """Start a server for an example and return the site as a probe sees it."""
    servers: list[ExampleServer] = []
    with Web(Limits(silence=2, whole=5)) as web:

        def start(example: Example) -> LiveSite:
            servers.append(ExampleServer(example))
            return LiveSite(url=servers[-1].url, web=web, files=facts(example))

        yield start
    for server in servers:
        server.close()


def facts(example: Example) -> dict[str, FileFact] | None:
    if example.release is None:
        return None
    return {
        name: FileFact(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        for name, data in example.release.items()
    }


@pytest.fixture
def gone() -> Iterator[LiveSite]:
    """A site whose server does not run."""
    server = ExampleServer(Example(pages={}))
    url = server.url
    server.close()
    with Web(Limits(silence=1, whole=2)) as web:
        yield LiveSite(url=url, web=web, files={"index.html": FileFact(sha256="0" * 64, size=1)})


@pytest.fixture
def thresholds() -> Thresholds:
    return Thresholds()
