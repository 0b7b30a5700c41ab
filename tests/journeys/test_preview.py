"""A draft in the real site, seen over HTTP before anybody decided on it, following what is typed."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from kantor import Kantor, git

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parents[2]
PATIENCE = 60


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, *words: str) -> Iterator[str]:
    """The address of a running ``redaksi serve``."""
    port = free_port()
    command = [sys.executable, "-m", "pipeline", "-C", str(folder), "serve", *words, "--address", f"127.0.0.1:{port}"]
    server = subprocess.Popen(command, cwd=PROJECT, env=os.environ, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(timeout=20)


def eventually(address: str, words: str) -> str:
    """The page once it holds ``words``; fails after a minute."""
    seen = ""
    for _ in range(PATIENCE * 2):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                seen = answer.read().decode()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            seen = ""
        if words in seen:
            return seen
        time.sleep(0.5)
    raise AssertionError(f"{words!r} never appeared at {address}: {seen[:200]}")


def test_a_draft_is_seen_in_the_real_site_and_follows_what_is_typed(kantor: Kantor) -> None:
    said = kantor.redaksi("admin", "new", "berita", "Sidang keliling di Wanayasa")
    path = re.search(r"Naskah (\S+) dibuka", said)
    assert path
    desk = kantor.write(path[1], body="Kalimat pertama dari draf ini.\n")
    before = git(kantor.desk("admin"), "status", "--porcelain")
    with served(kantor.desk("admin"), path[1]) as address:
        page = eventually(f"{address}/{path[1]}/", "Kalimat pertama dari draf ini.")
        assert "Pengadilan Agama Banjarnegara" in page
        source = desk / "index.md"
        source.write_text(source.read_text("utf-8").replace("Kalimat pertama", "Kalimat yang baru diketik"), "utf-8")
        eventually(f"{address}/{path[1]}/", "Kalimat yang baru diketik")
    assert git(kantor.desk("admin"), "status", "--porcelain") == before
    assert not (kantor.desk("admin") / "content" / path[1]).exists()
