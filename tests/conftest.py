"""Fixtures that every room may use: keys made by ssh-keygen, the office's files, and an office on disk."""

from __future__ import annotations

import shutil
import signal
import subprocess
from typing import TYPE_CHECKING

import pytest
from kantor import PEOPLE, PROJECT, STOCK, Kantor, git, with_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A suite that was started in the background hands this on to every program it starts, and Ctrl+C would do nothing.
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one ed25519 key a person, made by ssh-keygen."""
    folder = tmp_path_factory.mktemp("kunci")
    for person in (*PEOPLE, "orang-luar"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", person, "-f", str(folder / person)]
        subprocess.run(command, check=True)
    return folder


@pytest.fixture(scope="session")
def office_files(keys: Path) -> Mapping[str, bytes]:
    """The office's own files, everybody with a key."""
    root = PROJECT / "office"
    found = {f"office/{p.relative_to(root).as_posix()}": p.read_bytes() for p in root.rglob("*.yml")}
    found["office/people.yml"] = with_keys(found["office/people.yml"].decode(), keys).encode()
    return found


@pytest.fixture(scope="session")
def _seed(tmp_path_factory: pytest.TempPathFactory, office_files: Mapping[str, bytes]) -> Path:
    """A bare server with the office's data and two pages, to be copied by each test."""
    folder = tmp_path_factory.mktemp("benih")
    work = folder / "work"
    for name, data in office_files.items():
        target = work / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data.replace(b"folder: build/www", b"folder: ../www"))
    for letter, slug, title in (("a", "jam-layanan", "Jam layanan"), ("b", "biaya-perkara", "Biaya perkara")):
        page = work / "content" / "layanan" / slug / "index.md"
        page.parent.mkdir(parents=True)
        page.write_text(STOCK.format(letter=letter, title=title), "utf-8")
    for name in ("mkdocs.yml", ".gitattributes", ".gitignore"):
        shutil.copy(PROJECT / name, work / name)
    git(folder, "init", "--quiet", "--bare", "--initial-branch=main", "server.git")
    git(work, "init", "--quiet", "--initial-branch=main")
    git(work, "add", "--all")
    git(work, "-c", "user.name=Awal", "-c", "user.email=awal@kantor.invalid", "commit", "--quiet", "-m", "Isi awal")
    git(work, "push", "--quiet", str(folder / "server.git"), "main")
    return folder / "server.git"


@pytest.fixture(scope="session")
def _guarded(tmp_path_factory: pytest.TempPathFactory, _seed: Path, keys: Path) -> Iterator[Path]:
    """The server of an office that was guarded and then opened, to be copied by each test."""
    folder = tmp_path_factory.mktemp("terbuka")
    shutil.copytree(_seed, folder / "server.git")
    with pytest.MonkeyPatch.context() as patch:
        yield Kantor(folder=folder, keys=keys, monkeypatch=patch).guarded().opened().server


@pytest.fixture
def kantor(tmp_path: Path, _seed: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Kantor:
    """An office of its own for one test, not yet opened."""
    shutil.copytree(_seed, tmp_path / "server.git")
    return Kantor(folder=tmp_path, keys=keys, monkeypatch=monkeypatch)
