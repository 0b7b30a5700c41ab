"""The office server as an office has it: a bare repository behind a real sshd, guarded, and clones that reach it over ssh."""

from __future__ import annotations

import getpass
import json
import os
import shutil
import socket
import subprocess
import sys
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from kantor import Kantor, git

from pipeline.stages import stamps
from pipeline.world import clock
from pipeline.world.repo import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the office server runs on Linux")
ROOT = Path(__file__).parents[2]


def sshd_program() -> str:
    """The SSH server, which Debian keeps outside an ordinary user's PATH."""
    found = shutil.which("sshd", path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"]))
    if found is None:
        pytest.fail("sshd is missing: install Debian's openssh-server; .ci/run does.")
    return found


@dataclass
class Distant(Kantor):
    """An office whose desks reach the server over ssh alone."""

    address: str = ""

    def desk(self, person: str) -> Path:
        place = self.folder / person
        if not place.exists():
            git(self.folder, "clone", "--quiet", self.address, str(place))
        return place


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, keys: Path) -> Iterator[str]:
    """A real sshd on this machine's loopback; whoever has a key of the office may enter, for Git alone."""
    place = tmp_path_factory.mktemp("sshd")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(place / "tuan")], check=True)
    host = (place / "tuan.pub").read_text("utf-8")
    (place / "dikenal").write_text(f"[127.0.0.1]:{port} {host}", "utf-8")
    only = 'restrict,command="git-shell -c \\"$SSH_ORIGINAL_COMMAND\\""'
    lines = [f"{only} {public.read_text('utf-8')}" for public in sorted(keys.glob("*.pub"))]
    (place / "boleh").write_text("".join(lines), "utf-8")
    settings = {
        "ListenAddress": "127.0.0.1",
        "Port": port,
        "HostKey": place / "tuan",
        "PidFile": "none",
        "AuthorizedKeysFile": place / "boleh",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "PermitRootLogin": "forced-commands-only",
        "StrictModes": "no",
        "UsePAM": "no",
    }
    (place / "config").write_text("".join(f"{name} {value}\n" for name, value in settings.items()), "utf-8")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    command = [sshd_program(), "-D", "-e", "-f", str(place / "config")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8") as server:
        assert server.stderr is not None
        said = []
        for line in server.stderr:  # it tells when it listens
            said.append(line)
            if "Server listening" in line:
                break
        else:
            pytest.fail(f"sshd did not start: {''.join(said)}")
        with pytest.MonkeyPatch.context() as patch:
            known = f"-o IdentitiesOnly=yes -o UserKnownHostsFile={place / 'dikenal'}"
            patch.setenv("GIT_SSH_COMMAND", f"ssh -F /dev/null -i {keys / 'admin'} {known}")
            yield f"ssh://{getpass.getuser()}@127.0.0.1:{port}"
        server.terminate()


@pytest.fixture
def office(tmp_path: Path, _guarded: Path, keys: Path, door: str, monkeypatch: pytest.MonkeyPatch) -> Distant:
    shutil.copytree(_guarded, tmp_path / "server.git")
    return Distant(folder=tmp_path, keys=keys, monkeypatch=monkeypatch, address=f"{door}{tmp_path / 'server.git'}")


def receipts(office: Kantor) -> dict[str, str]:
    """Every commit that the server says to have received, with the time."""
    repo = Repository.open(office.server)
    main = repo.tip("main")
    assert main is not None
    return {c: t.isoformat() for c, t in stamps.stamps(repo, stamps.machine_keys(repo, main)).items()}


def test_an_article_from_the_first_word_to_the_public_over_ssh(office: Distant) -> None:
    path = office.approved()
    assert "Terbit: " in office.redaksi("penerbit", "publish")
    found = json.loads(office.redaksi("admin", "verify", "--json", desk="pemeriksa"))
    assert found["sound"]
    assert [proof["document"] for proof in found["proven"]] == [path]
    came = git(office.server, "rev-list", "main", "--not", "main~3").split()
    assert set(came) <= receipts(office).keys()
    assert git(office.server, "for-each-ref", "refs/heads/naskah") == ""


def test_whoever_sends_what_may_not_come_in_reads_why_in_indonesian(office: Kantor) -> None:
    before = office.refs()
    desk = office.desk("admin")
    refused = pushed(desk, "HEAD:refs/tags/v1")
    assert refused.returncode != 0
    assert "Server kantor menolak kiriman ini; tidak ada yang berubah." in refused.stderr
    assert "[foreign-ref] refs/tags/v1: Server kantor tidak menyimpan refs/tags/v1." in refused.stderr
    assert "→ " in refused.stderr
    assert "Traceback" not in refused.stderr
    assert office.refs() == before
    assert "Naskah" in office.redaksi("admin", "new", "berita", "Sidang keliling di Wanayasa")


def pushed(desk: Path, *specs: str) -> subprocess.CompletedProcess[str]:
    command = ["git", "push", "origin", *specs]
    return subprocess.run(command, cwd=desk, capture_output=True, encoding="utf-8", check=False)


def test_a_desk_whose_clock_is_ahead_is_told_by_the_server(office: Kantor, monkeypatch: pytest.MonkeyPatch) -> None:
    path = office.submitted()
    before = office.refs()
    now = clock.now()
    with monkeypatch.context() as patch:
        patch.setattr(clock, "now", lambda: now + timedelta(hours=1))
        said = office.redaksi("redaktur", "approve", path, code=1)
    assert "Server kantor menolak: naskah/" in said
    assert "lebih maju daripada jam server kantor" in said
    assert "Perbaiki jam komputer Anda" in said
    assert "future-dated" in said
    assert office.refs() == before
    assert "Disetujui" in office.redaksi("redaktur", "approve", path)


def at_once(office: Kantor, *words: str) -> list[tuple[str, int]]:
    """The same command at two desks at the same time: what each said, and its exit code."""
    running = []
    for desk in ("satu", "dua"):
        command = [sys.executable, "-m", "pipeline", "-C", str(office.desk(desk)), *words]
        environment = {**os.environ, "REDAKSI_KEYS": str(office.keys)}
        pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        running.append(subprocess.Popen(command, cwd=ROOT, env=environment, encoding="utf-8", **pipe))
    return [(process.communicate(timeout=120)[0], process.returncode) for process in running]


def test_two_clones_that_publish_at_once(office: Kantor) -> None:
    path = office.approved()
    said = at_once(office, "--as", "penerbit", "publish")
    assert all("Traceback" not in text and code in {0, 1} for text, code in said), said
    assert any(code == 0 and "Terbit: " in text for text, code in said), said
    found = json.loads(office.redaksi("admin", "verify", "--json"))
    assert found["sound"]
    assert [proof["document"] for proof in found["proven"]] == [path]
    assert git(office.server, "rev-list", "--merges", "--count", "main") == "1"


def test_two_clones_that_decide_at_once(office: Kantor) -> None:
    path = office.submitted()
    said = at_once(office, "--as", "redaktur", "approve", path)
    # Both win only where both signed in the same second: that is one decision, the same to the last byte.
    assert {code for _, code in said} in ({0}, {0, 1}), said
    lost = [text for text, code in said if code == 1]
    assert all("lebih dahulu" in text or "sudah menyetujui" in text for text in lost), said
    branch = git(office.server, "for-each-ref", "--format=%(refname)", "refs/heads/naskah")
    decisions = git(office.server, "log", "--format=%s", "--grep=^Keputusan: disetujui", branch)
    assert len(decisions.split("\n")) == 1
    office.redaksi("kasubag-ptip", "approve", path)
    assert "Terbit: " in office.redaksi("penerbit", "publish")


def test_two_clones_that_begin_documents_at_once_lose_none(office: Kantor) -> None:
    said = at_once(office, "--as", "admin", "new", "berita", "Sidang keliling di Wanayasa")
    assert [code for _, code in said] == [0, 0], said
    assert len(git(office.server, "for-each-ref", "refs/heads/naskah").split("\n")) == 2
    branches = git(office.server, "for-each-ref", "--format=%(objectname)", "refs/heads/naskah").split()
    assert set(branches) <= receipts(office).keys()
