"""Keys as OpenSSH makes them: made, told apart, opened once a command, and nothing of a passphrase anywhere."""

from __future__ import annotations

import base64
import os
import shutil
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError, PipelineError, Refused
from pipeline.world import keys
from pipeline.world.keys import Keyring

if TYPE_CHECKING:
    from collections.abc import Iterator

WORDS = "é $HOME `id` 'dua' \\ tiga"  # what a careless shell would take apart


def keygen(*words: str) -> str:
    return subprocess.run(["ssh-keygen", *words], capture_output=True, check=True, encoding="utf-8").stdout


def nobody(_key: Path, _number: int) -> str:
    pytest.fail("nobody should be asked")


@pytest.fixture(autouse=True)
def _no_agent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys to look at: ``locked`` (with WORDS; few rounds, to be quick), ``open``, ``rsa`` and ``old`` (PEM)."""
    folder = tmp_path_factory.mktemp("stok")
    keygen("-q", "-t", "ed25519", "-a", "1", "-N", WORDS, "-C", "locked", "-f", str(folder / "locked"))
    keygen("-q", "-t", "ed25519", "-N", "", "-C", "open", "-f", str(folder / "open"))
    keygen("-q", "-t", "rsa", "-b", "2048", "-N", "", "-C", "rsa", "-f", str(folder / "rsa"))
    keygen("-q", "-t", "rsa", "-b", "2048", "-m", "PEM", "-N", "", "-C", "old", "-f", str(folder / "old"))
    return folder


@pytest.fixture
def locked(stock: Path) -> Path:
    return stock / "locked"


class Typist:
    """Somebody who types these answers, one a question."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked: list[int] = []
        self.told: list[str] = []

    def __call__(self, _key: Path, number: int) -> str:
        self.asked.append(number)
        return self.answers.pop(0)

    def ring(self) -> Keyring:
        return Keyring(self, self.told.append)


# -- where keys are --


def test_the_folder_is_the_one_named() -> None:
    assert keys.folder({"REDAKSI_KEYS": "/srv/kunci", "XDG_CONFIG_HOME": "/x"}) == Path("/srv/kunci")


@pytest.mark.skipif(os.name == "nt", reason="Windows has its own place")
def test_without_a_name_it_is_in_the_users_configuration() -> None:
    assert keys.folder({"XDG_CONFIG_HOME": "/x"}) == Path("/x/redaksi/kunci")
    home = Path.home() / ".config" / "redaksi" / "kunci"
    assert keys.folder({}) == home
    assert keys.folder({"XDG_CONFIG_HOME": "relatif"}) == home  # the XDG specification: relative paths are ignored


# -- what they are --


@pytest.mark.parametrize(("name", "is_locked"), [("locked", True), ("open", False)])
def test_a_key_says_what_it_is_without_its_passphrase(stock: Path, name: str, *, is_locked: bool) -> None:
    found = keys.inspect(stock / name)
    assert found is not None
    assert found.locked is is_locked
    assert f"{found.public} {name}" == (stock / f"{name}.pub").read_text("utf-8").strip()


@pytest.mark.parametrize("name", ["locked", "open"])
def test_its_fingerprint_is_ssh_keygens(stock: Path, name: str) -> None:
    assert keys.fingerprint_of(stock / name) == keygen("-l", "-f", str(stock / f"{name}.pub")).split()[1]


def test_an_rsa_key_has_no_fingerprint_for_us(stock: Path) -> None:
    assert keys.fingerprint_of(stock / "rsa") == ""
    assert keys.fingerprint_of(stock / "old") == ""
    assert keys.inspect(stock / "old") is None


def test_where_the_file_is_of_another_format_its_public_half_tells(stock: Path, tmp_path: Path) -> None:
    (tmp_path / "kunci").write_text("bukan kunci OpenSSH")
    assert keys.fingerprint_of(tmp_path / "kunci") == ""
    shutil.copy(stock / "open.pub", tmp_path / "kunci.pub")
    assert keys.fingerprint_of(tmp_path / "kunci") == keys.fingerprint_of(stock / "open")


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_no_damaged_file_is_more_than_no_key(
    data: st.DataObject, stock: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    raw = bytearray((stock / "locked").read_bytes())
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / "rusak"
    path.write_bytes(raw[: data.draw(st.integers(at, len(raw)))])
    keys.inspect(path)
    keys.fingerprint_of(path)


# -- public lines --


def test_a_public_file_is_read_with_a_harmless_comment(stock: Path, tmp_path: Path) -> None:
    line = (stock / "open.pub").read_text("utf-8").strip().removesuffix(" open")
    path = tmp_path / "x.pub"
    path.write_text(f'{line}  Siti: "Ani"\t# {{x}}\n\n')
    assert keys.read_public(path) == f"{line} Siti Ani x"
    path.write_text(line)
    assert keys.read_public(path) == line


@pytest.mark.parametrize(
    ("code", "says", "text"),
    [
        ("private-key", "kunci pribadi", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbn\n"),
        ("private-key", "kunci pribadi", "-----BEGIN RSA PRIVATE KEY-----\n"),
        ("no-public-key", "ssh-rsa", "ssh-rsa AAAAB3NzaC1yc2E siti"),
        ("no-public-key", "sk-ssh-ed25519", "sk-ssh-ed25519@openssh.com AAAA siti"),
        ("no-public-key", "terpotong", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA siti"),
        ("no-public-key", "satu baris", "ssh-ed25519 AAAA a\nssh-ed25519 AAAA b\n"),
        ("no-public-key", "satu baris", "rahasia"),
        ("no-public-key", "satu baris", ""),
    ],
)
def test_anything_else_is_refused_by_what_it_is_and_never_repeated(code: str, says: str, text: str) -> None:
    with pytest.raises(Refused, match=says) as refused:
        keys.public_line(text, "siti.pub")
    assert refused.value.code == code
    assert "AAAA" not in refused.value.message
    assert "b3Blbn" not in refused.value.message


# -- making one --


def test_a_new_key_is_locked_private_and_opens_with_its_passphrase(tmp_path: Path) -> None:
    place = tmp_path / "jauh" / "kunci" / "siti"
    public = keys.make(place, comment="siti", passphrase=WORDS)
    assert public == place.with_name("siti.pub").read_text("utf-8").strip()
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
    found = keys.inspect(place)
    assert found is not None
    assert found.locked
    assert keygen("-y", "-P", WORDS, "-f", str(place)).split()[:2] == public.split()[:2]


def test_a_machines_key_has_no_passphrase(tmp_path: Path) -> None:
    keys.make(tmp_path / "penerbit", comment="penerbit", passphrase="")
    found = keys.inspect(tmp_path / "penerbit")
    assert found is not None
    assert not found.locked


@pytest.mark.parametrize("half", ["siti", "siti.pub"])
def test_nothing_is_overwritten(tmp_path: Path, half: str) -> None:
    (tmp_path / half).write_text("lama")
    with pytest.raises(Refused) as refused:
        keys.make(tmp_path / "siti", comment="siti", passphrase=WORDS)
    assert refused.value.code == "key-exists"
    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {half: "lama"}


def program(folder: Path, name: str, script: str) -> None:
    """Put a program of this name before OpenSSH's own, which the script finds as ``$REAL``."""
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_text(f"#!/bin/sh\nREAL={shutil.which(name)}\n{script}\n", "utf-8")
    path.chmod(0o700)


def test_a_key_that_should_be_locked_and_is_not_does_not_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "bin", "ssh-keygen", 'exec "$REAL" "$@" -N ""')
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    with pytest.raises(PipelineError):
        keys.make(tmp_path / "kunci" / "siti", comment="siti", passphrase=WORDS)
    assert list((tmp_path / "kunci").iterdir()) == []


@pytest.mark.parametrize("weak", ["", "tujuh77", "x" * 1001])
def test_a_weak_passphrase_is_refused(weak: str) -> None:
    with pytest.raises(Refused) as refused:
        keys.require_strong(weak)
    assert refused.value.code == "weak-passphrase"


def test_a_passphrase_of_eight_letters_is_enough() -> None:
    keys.require_strong("delapan8")


def test_no_passphrase_is_on_a_command_line_in_an_environment_or_in_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "kuda-laut-naik-sepeda"
    seen, temporary = tmp_path / "terlihat", tmp_path / "tmp"
    temporary.mkdir()
    look = f'{{ tr "\\0" "\\n" < /proc/$$/cmdline; env; grep -rs "" "{temporary}" --devices=skip; }} >> "{seen}"\nexec "$REAL" "$@"'
    for name in ("ssh-keygen", "ssh-add", "ssh-agent"):
        program(tmp_path / "bin", name, look)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    keys.make(tmp_path / "siti", comment="siti", passphrase=secret)
    with Typist(secret).ring() as ring:
        ring.unlock(tmp_path / "siti")
    text = seen.read_text("utf-8")
    assert "SSH_ASKPASS_REQUIRE=force" in text
    assert "IFS= read -r line" in text, "the helper was looked at"
    assert secret not in text
    assert list(temporary.iterdir()) == []


# -- opening one --


def test_one_entry_serves_many_signatures(locked: Path, tmp_path: Path) -> None:
    typist = Typist(WORDS)
    with typist.ring() as ring:
        for name in ("a", "b"):
            (tmp_path / name).write_text(name)
            environment = {**os.environ, **ring.unlock(locked)}
            command = ["ssh-keygen", "-q", "-Y", "sign", "-n", "git", "-f", str(locked), str(tmp_path / name)]
            subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=True, timeout=20)
    assert typist.asked == [1]
    assert {(tmp_path / f"{name}.sig").exists() for name in ("a", "b")} == {True}


def test_the_agent_is_private_and_ends_with_the_command(locked: Path) -> None:
    with Typist(WORDS).ring() as ring:
        socket = Path(ring.unlock(locked)["SSH_AUTH_SOCK"])
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        assert listed(socket) == keys.fingerprint_of(locked)
    assert listed(socket) == ""


def test_the_agent_ends_also_when_the_command_fails(locked: Path) -> None:
    socket: list[Path] = []

    def fail() -> None:
        with Typist(WORDS).ring() as ring:
            socket.append(Path(ring.unlock(locked)["SSH_AUTH_SOCK"]))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert listed(socket[0]) == ""


def listed(socket: Path) -> str:
    """The fingerprint that the agent behind this socket holds; empty where nobody answers."""
    done = subprocess.run(
        ["ssh-add", "-l"], env={**os.environ, "SSH_AUTH_SOCK": str(socket)}, capture_output=True, check=False, text=True
    )
    return done.stdout.split()[1] if done.returncode == 0 else ""


def test_there_are_three_tries(locked: Path) -> None:
    typist = Typist("salah", "", WORDS)
    with typist.ring() as ring:
        assert ring.unlock(locked)["SSH_AUTH_SOCK"]
    assert typist.asked == [1, 2, 3]


def test_after_three_wrong_ones_nothing_is_opened(locked: Path) -> None:
    typist = Typist("salah", "x" * 70_000, "\x00", WORDS)
    with typist.ring() as ring, pytest.raises(PipelineError, match="tidak cocok"):
        ring.unlock(locked)
    assert typist.asked == [1, 2, 3]


def test_an_open_key_asks_nobody(stock: Path) -> None:
    with Keyring(nobody, pytest.fail) as ring:
        assert ring.unlock(stock / "open") == {}


@pytest.fixture
def own_agent(locked: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The user's own agent, which holds the locked key already."""
    with Typist(WORDS).ring() as ring:
        monkeypatch.setenv("SSH_AUTH_SOCK", ring.unlock(locked)["SSH_AUTH_SOCK"])
        yield


@pytest.mark.usefixtures("own_agent")
def test_a_key_that_the_users_own_agent_holds_asks_nobody(locked: Path) -> None:
    assert keys.in_agent() == {keys.fingerprint_of(locked)}
    with Keyring(nobody, pytest.fail) as ring:
        assert ring.unlock(locked) == {}


def test_without_an_agent_nothing_is_held(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert keys.in_agent() == frozenset()
    monkeypatch.setenv("SSH_AUTH_SOCK", str(tmp_path / "tidak-ada"))
    assert keys.in_agent() == frozenset()


def test_where_there_is_no_ssh_agent_the_person_is_told(
    locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    typist = Typist()
    with typist.ring() as ring:
        assert ring.unlock(locked) == {}
        assert ring.unlock(locked) == {}
    assert len(typist.told) == 1
    assert "setiap tanda tangan" in typist.told[0]


def test_an_agent_that_does_not_start_is_told(locked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path, "ssh-agent", "exit 1")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with Typist(WORDS).ring() as ring, pytest.raises(ConfigurationError, match="ssh-agent"):
        ring.unlock(locked)


def test_a_key_that_others_can_read_is_told_before_anybody_types(locked: Path, tmp_path: Path) -> None:
    path = tmp_path / "siti"
    shutil.copy(locked, path)
    path.chmod(0o640)
    with Keyring(nobody, pytest.fail) as ring, pytest.raises(ConfigurationError, match="pengguna lain") as told:
        ring.unlock(path)
    assert f"chmod 600 {path}" in told.value.hint


def test_a_damaged_key_is_not_taken_for_a_wrong_passphrase(locked: Path, tmp_path: Path) -> None:
    path = tmp_path / "siti"
    first, *middle, last = locked.read_text("ascii").splitlines()
    raw = base64.b64decode("".join(middle)).replace(b"aes256-ctr", b"aes999-ctr")
    path.write_text(f"{first}\n{base64.b64encode(raw).decode()}\n{last}\n", "ascii")
    path.chmod(0o600)
    found = keys.inspect(path)
    assert found is not None
    assert found.locked
    typist = Typist(WORDS)
    with typist.ring() as ring, pytest.raises(PipelineError, match="mungkin rusak"):
        ring.unlock(path)
    assert typist.asked == [1]
