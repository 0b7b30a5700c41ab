"""The door to signing keys on this computer: make one, tell what it is without opening it, open it once a command.

A key is a file of OpenSSH's named after its person. A locked key is opened into a private ssh-agent, which ends with the
command, also where the command is killed. A passphrase reaches OpenSSH through a pipe that only this user can open: it is
never on a command line, in an environment, in a file or in a log. Nothing here asks a person or prints; ``Keyring`` is told
how. This file verifies no signature (``signature``) and knows no office.
"""

from __future__ import annotations

import base64
import binascii
import os
import re
import shlex
import shutil
import signal
import struct
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from pipeline import signature
from pipeline.errors import ConfigurationError, PipelineError, Refused
from pipeline.world import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

SHORTEST: Final = 8
"""Letters of a passphrase (source: NIST SP 800-63B, 5.1.1: at least eight where people choose)."""
TRIES: Final = 3
_LONGEST: Final = 1000  # bytes; ssh-keygen's own buffer holds 1024
_ROUNDS: Final = (
    "64"  # of bcrypt: half a second of work for each guess at a stolen file, once for each command of its owner
)
_PATIENCE: Final = 60  # seconds for a program of OpenSSH that waits for nobody
_MOST: Final = 64_000  # bytes of a key file; a real one has 500
_MAGIC: Final = b"openssh-key-v1\0"
_BEGIN, _END = "-----BEGIN OPENSSH PRIVATE KEY-----", "-----END OPENSSH PRIVATE KEY-----"
_AGENT: Final = 'printf "%s\\n%s\\n" "$SSH_AUTH_SOCK" "$SSH_AGENT_PID"; exec cat'
_OPEN_TO_OTHERS: Final = 0o077
_COMMENT: Final = re.compile(r"[^\w@.,+ -]")


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFile:
    """What a private key file says of itself without its passphrase: the public line, and whether it is locked."""

    public: str
    locked: bool


# -- where keys are, and what they are --


def folder(environment: Mapping[str, str]) -> Path:
    """This user's key folder: ``REDAKSI_KEYS``, else ``redaksi/kunci`` where the system keeps a user's configuration."""
    if named := environment.get("REDAKSI_KEYS"):
        return Path(named).absolute()
    home = environment.get("APPDATA") if os.name == "nt" else environment.get("XDG_CONFIG_HOME")
    base = Path(home) if home and Path(home).is_absolute() else Path.home() / ".config"
    return base / "redaksi" / "kunci"


def inspect(key: Path) -> KeyFile | None:
    """What the key file is; None if it is no key in OpenSSH's own format (source: PROTOCOL.key of OpenSSH)."""
    try:
        text = files.read_file(key, max_bytes=_MOST).decode("ascii").strip()
        raw = base64.b64decode("".join(text.removeprefix(_BEGIN).removesuffix(_END).split()), validate=True)
    except (PipelineError, ValueError, binascii.Error):
        return None
    if not text.startswith(_BEGIN) or not raw.startswith(_MAGIC):
        return None
    try:
        cipher, public = _cipher_and_public(raw[len(_MAGIC) :])
        kind, _ = _string(public)
    except struct.error:
        return None
    return KeyFile(public=f"{kind.decode('ascii', 'replace')} {_armoured(public)}", locked=cipher != b"none")


def _cipher_and_public(raw: bytes) -> tuple[bytes, bytes]:
    """The cipher's name, and the first public key after the names of the derivation and the number of keys."""
    cipher, raw = _string(raw)
    _derivation, raw = _string(raw)
    _options, raw = _string(raw)
    return cipher, _string(raw[4:])[0]


def _string(raw: bytes) -> tuple[bytes, bytes]:
    (length,) = struct.unpack_from(">I", raw)
    return struct.unpack_from(f"{length}s", raw, 4)[0], raw[4 + length :]


def _armoured(blob: bytes) -> str:
    return base64.b64encode(blob).decode()


def fingerprint_of(key: Path) -> str:
    """Fingerprint of a private key file, else of the public half beside it; empty where neither can be told."""
    found = inspect(key)
    public = key.with_name(key.name + ".pub")
    if found is None and public.is_file():
        return signature.fingerprint(public.read_text("utf-8", errors="replace"))
    return signature.fingerprint(found.public) if found else ""


def in_agent() -> frozenset[str]:
    """Fingerprints of the keys that this user's own ssh-agent holds; none where there is no agent."""
    if not os.environ.get("SSH_AUTH_SOCK") or shutil.which("ssh-add") is None:
        return frozenset()
    done = _run(["ssh-add", "-L"], {})
    return frozenset(map(signature.fingerprint, done.stdout.splitlines())) - {""}


def read_public(path: Path) -> str:
    """The one public line of a ``.pub`` file, ready for people.yml; ``Refused`` says what else was found instead."""
    return public_line(files.read_file(path, max_bytes=_MOST).decode("utf-8", "replace"), str(path))


def public_line(text: str, source: str) -> str:
    """A public ed25519 line with a harmless comment. ``source`` is what to call it; its content is never repeated."""
    if "PRIVATE KEY" in text:
        raise Refused(
            f"{source} adalah kunci pribadi, bukan kunci publik.",
            hint="Jangan kirimkan kepada siapa pun. Yang didaftarkan ialah berkas yang berakhiran .pub; "
            "kunci pribadi yang telanjur terkirim harus diganti.",
            code="private-key",
        )
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) != 1 or not (words := lines[0].split(maxsplit=2))[1:]:
        raise _no_public_key(f"{source} bukan satu baris kunci publik.")
    if words[0] != "ssh-ed25519":
        kind = _COMMENT.sub("", words[0])[:30]
        raise _no_public_key(f"Kunci di {source} berjenis {kind}, sedangkan yang diterima ssh-ed25519.")
    if not signature.fingerprint(lines[0]):
        raise _no_public_key(f"Kunci di {source} terpotong atau rusak.")
    return " ".join((*words[:2], *_COMMENT.sub("", " ".join(words[2:])).split()))


def _no_public_key(sentence: str) -> Refused:
    return Refused(
        sentence,
        hint="Gunakan berkas .pub utuh dari kunci yang dibuat dengan redaksi key new.",
        code="no-public-key",
    )


# -- making one --


def asks_itself() -> bool:
    """Whether OpenSSH has to ask for the passphrase by itself, because this system has no private pipes (Windows)."""
    return not hasattr(os, "mkfifo")


def make(key: Path, *, comment: str, passphrase: str | None) -> str:
    """Make an ed25519 key at ``key`` and its public half beside it; give the public line.

    An empty passphrase makes an unlocked key (machines); None lets OpenSSH ask. Nothing is ever overwritten, and a key
    that should be locked and is not does not stay.
    """
    require_free(key)
    public = key.with_name(key.name + ".pub")
    _make_private(key.parent)
    command = ["ssh-keygen", "-q", "-t", "ed25519", "-a", _ROUNDS, "-C", comment, "-f", str(key)]
    with _asked(passphrase, times=2) as environment:
        done = _run(command if passphrase != "" else [*command, "-N", ""], environment, asks=passphrase is None)
    found = inspect(key)
    if done.returncode or found is None or found.locked is (passphrase == ""):
        for half in (key, public):
            half.unlink(missing_ok=True)
        raise PipelineError(
            "Kunci tidak dapat dibuat, atau kata sandinya kosong.",
            hint="Periksa izin folder kunci, lalu ulangi. Tidak ada kunci yang tertinggal.",
        )
    return f"{found.public} {comment}"


def require_free(key: Path) -> None:
    """Refuse to make a key where one stands."""
    for taken in (key, key.with_name(key.name + ".pub")):
        if os.path.lexists(taken):
            raise Refused(
                f"{taken} sudah ada dan tidak ditimpa.",
                hint="Pakailah kunci itu. Bila hendak menggantinya, ikuti panduan kunci: docs/panduan/kunci.md.",
                code="key-exists",
            )


def _make_private(place: Path) -> None:
    with files.told(place):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)


def require_strong(passphrase: str) -> None:
    """Refuse a passphrase that is too short to protect a file that may be copied."""
    if len(passphrase) < SHORTEST or len(passphrase.encode()) > _LONGEST:
        raise Refused(
            f"Kata sandi kunci paling sedikit {SHORTEST} huruf atau angka.",
            hint="Pakailah empat kata yang tidak berhubungan; mudah diingat dan sukar ditebak.",
            code="weak-passphrase",
        )


# -- opening one --


class Keyring:
    """Opens keys for the length of one command, asking at most once for each; ends its private agents when it is left.

    ``ask`` gives a passphrase: it is told the key's file and which try it is (1 to ``TRIES``). ``tell`` passes on a
    sentence to the person.
    """

    def __init__(self, ask: Callable[[Path, int], str], tell: Callable[[str], None]) -> None:
        self._ask = ask
        self._tell = tell
        self._agents = ExitStack()
        self._opened: dict[Path, dict[str, str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.clear()
        self._agents.close()

    def unlock(self, key: Path) -> Mapping[str, str]:
        """What the signing process must find in its environment to sign with ``key``; asks where that is needed."""
        if key not in self._opened:
            self._opened[key] = self._open(key)
        return self._opened[key]

    def _open(self, key: Path) -> dict[str, str]:
        _refuse_open_to_others(key)
        found = inspect(key)
        if found is None or not found.locked or signature.fingerprint(found.public) in in_agent():
            return {}
        if asks_itself() or shutil.which("ssh-agent") is None:
            self._tell("Komputer ini tidak memiliki ssh-agent, jadi kata sandi diminta untuk setiap tanda tangan.")
            return {}
        return self._opened_by_asking(key)

    def _opened_by_asking(self, key: Path) -> dict[str, str]:
        """Ask until the key opens. The agent starts after the first answer: whoever gives up has started nothing."""
        environment: dict[str, str] = {}
        for number in range(1, TRIES + 1):
            passphrase = self._ask(key, number)
            environment = environment or self._agents.enter_context(_private_agent())
            if _added(key, passphrase, environment):
                return environment
        raise PipelineError(
            f"Kata sandi kunci {key.name} tidak cocok, sudah {TRIES} kali dicoba.",
            hint="Tidak ada yang berubah. Bila kata sandinya terlupa, kuncinya diganti: docs/panduan/kunci.md.",
        )


def _refuse_open_to_others(key: Path) -> None:
    """OpenSSH signs with no key that others can read (source: sshkey_perm_ok); say so before anybody types."""
    if os.name == "nt":
        return
    with files.told(key):
        status = key.stat()
    if status.st_uid == os.getuid() and status.st_mode & _OPEN_TO_OTHERS:
        raise ConfigurationError(
            f"Berkas kunci {key} dapat dibuka pengguna lain di komputer ini.",
            hint=f"Tutup dengan: chmod 600 {shlex.quote(str(key))}. Tidak ada yang berubah.",
        )


@contextmanager
def _private_agent() -> Iterator[dict[str, str]]:
    """An ssh-agent of this command alone, in a folder that OpenSSH keeps private; gives the environment that finds it.

    The agent lives as long as its ``cat``, which lives as long as this process holds the other end of its pipe: also a
    killed command leaves no opened key behind (source: ssh-agent(1), "the agent exits when the command does").
    """
    with subprocess.Popen(
        ["ssh-agent", "sh", "-c", _AGENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        encoding="utf-8",
        start_new_session=True,
    ) as holder:
        socket, pid = (holder.stdout.readline().strip() if holder.stdout else "" for _ in range(2))
        if not pid.isdecimal():
            raise ConfigurationError(
                "Kunci tidak dapat dibuka, karena ssh-agent tidak dapat dijalankan.",
                hint="Mintalah Pranata Komputer memeriksa pemasangan OpenSSH. Tidak ada yang berubah.",
            )
        try:
            yield {"SSH_AUTH_SOCK": socket}
        finally:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGTERM)


def _added(key: Path, passphrase: str, environment: Mapping[str, str]) -> bool:
    """Whether the agent took the key with this passphrase; ``PipelineError`` where something else is wrong."""
    if not passphrase or len(passphrase.encode()) > _LONGEST:
        return False
    with _asked(passphrase, times=1) as asking:
        done = _run(["ssh-add", "-q", str(key)], {**environment, **asking})
    if done.returncode and done.stderr.strip() and "passphrase" not in done.stderr:
        raise PipelineError(
            f"Berkas kunci {key} tidak dapat dibuka; mungkin rusak.",
            hint="Pulihkan berkas itu dari cadangan Anda, atau gantilah kuncinya: docs/panduan/kunci.md.",
        )
    return not done.returncode


@contextmanager
def _asked(passphrase: str | None, *, times: int) -> Iterator[dict[str, str]]:
    """The environment in which OpenSSH's questions are answered with ``passphrase``, then with nothing.

    The answer waits in a named pipe in a folder of this user alone, that is in memory; OpenSSH runs a helper that takes
    one line of it for each question (source: ssh(1), SSH_ASKPASS; ``DISPLAY`` is for OpenSSH before 8.4).
    """
    if not passphrase:
        yield {}
        return
    with tempfile.TemporaryDirectory(prefix="redaksi-") as place, ExitStack() as opened:
        pipe, helper = Path(place, "jawaban"), Path(place, "tanya")
        os.mkfifo(pipe, 0o600)
        end = os.open(pipe, os.O_RDWR)
        opened.callback(os.close, end)
        helper.write_text(
            f"#!/bin/sh\nIFS= read -r line < {shlex.quote(str(pipe))} && printf '%s\\n' \"$line\"\n", "utf-8"
        )
        helper.chmod(0o700)
        if not os.access(helper, os.X_OK):
            raise ConfigurationError(
                f"Folder sementara {tempfile.gettempdir()} tidak mengizinkan program berjalan.",
                hint="Arahkan TMPDIR ke folder lain milik Anda, lalu ulangi.",
            )
        os.write(end, (f"{passphrase}\n" * times + "\n").encode())
        yield {"SSH_ASKPASS": str(helper), "SSH_ASKPASS_REQUIRE": "force", "DISPLAY": os.environ.get("DISPLAY") or ":"}


def _run(command: list[str], environment: Mapping[str, str], *, asks: bool = False) -> subprocess.CompletedProcess[str]:
    """Run a program of OpenSSH, away from the terminal unless it asks by itself."""
    if shutil.which(command[0]) is None:
        raise ConfigurationError(
            f"Program {command[0]} tidak ada di komputer ini.", hint="Mintalah Pranata Komputer memasang OpenSSH."
        )
    pipe = None if asks else subprocess.PIPE
    try:
        return subprocess.run(
            command,
            env={**os.environ, "LC_ALL": "C", **environment},
            stdin=None if asks else subprocess.DEVNULL,
            stdout=pipe,
            stderr=pipe,
            encoding="utf-8",
            errors="replace",
            start_new_session=not asks,
            timeout=None if asks else _PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PipelineError(
            f"Program {command[0]} tidak menjawab selama {_PATIENCE} detik.",
            hint="Ulangi; bila tetap demikian, mintalah Pranata Komputer memeriksa OpenSSH. Tidak ada yang berubah.",
        ) from error
