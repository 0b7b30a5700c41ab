"""SSHSIG read in-process, held against ssh-keygen and Git, and against everything that is almost a signature."""

from __future__ import annotations

import base64
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import signature

if TYPE_CHECKING:
    from pathlib import Path

PAYLOAD = b"tree 4b825dc642cb6eb9a060e54bf8d69288fbee4904\n\nKeputusan: disetujui\n"


def sign(folder: Path, key: Path, *, namespace: str = "git", payload: bytes = PAYLOAD) -> str:
    message = folder / "pesan"
    message.write_bytes(payload)
    (folder / "pesan.sig").unlink(missing_ok=True)
    command = ["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-f", str(key), str(message)]
    subprocess.run(command, check=True, capture_output=True)
    return (folder / "pesan.sig").read_text("utf-8")


def make_key(folder: Path, kind: str, *more: str) -> Path:
    key = folder / kind
    subprocess.run(["ssh-keygen", "-q", "-t", kind, *more, "-N", "", "-f", str(key)], check=True)
    return key


def test_the_fingerprint_is_the_one_that_ssh_keygen_prints(keys: Path) -> None:
    printed = subprocess.run(
        ["ssh-keygen", "-l", "-f", str(keys / "admin.pub")], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    assert printed.split()[1] == signature.fingerprint((keys / "admin.pub").read_text("utf-8"))


def test_a_signature_by_ssh_keygen_names_its_key(tmp_path: Path, keys: Path) -> None:
    expected = signature.fingerprint((keys / "admin.pub").read_text("utf-8"))
    assert signature.signer_of(PAYLOAD, sign(tmp_path, keys / "admin")) == expected


def test_one_changed_byte_of_the_payload_is_no_signature(tmp_path: Path, keys: Path) -> None:
    assert signature.signer_of(PAYLOAD + b" ", sign(tmp_path, keys / "admin")) == ""


def test_a_signature_made_for_another_purpose_is_no_signature(tmp_path: Path, keys: Path) -> None:
    assert signature.signer_of(PAYLOAD, sign(tmp_path, keys / "admin", namespace="file")) == ""


@pytest.mark.parametrize(("kind", "bits"), [("rsa", ["-b", "2048"]), ("ecdsa", [])])
def test_other_kinds_of_keys_are_not_believed(tmp_path: Path, kind: str, bits: list[str]) -> None:
    key = make_key(tmp_path, kind, *bits)
    assert signature.signer_of(PAYLOAD, sign(tmp_path, key)) == ""
    assert signature.fingerprint((tmp_path / f"{kind}.pub").read_text("utf-8")) == ""


def test_anything_behind_the_signature_is_no_signature(tmp_path: Path, keys: Path) -> None:
    lines = sign(tmp_path, keys / "admin").strip().splitlines()
    blob = base64.b64decode("".join(lines[1:-1])) + b"\0"
    assert signature.signer_of(PAYLOAD, "\n".join([lines[0], base64.b64encode(blob).decode(), lines[-1]])) == ""


@pytest.mark.parametrize("line", ["", "ssh-ed25519", "ssh-ed25519 ???", "ssh-ed25519 AAAA", "ssh-rsa AAAAB3NzaC1yc2E="])
def test_a_malformed_public_key_has_no_fingerprint(line: str) -> None:
    assert signature.fingerprint(line) == ""


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=300), blob=st.binary(max_size=300))
def test_no_input_raises(text: str, blob: bytes) -> None:
    armoured = (
        f"-----BEGIN SSH SIGNATURE-----\n{base64.b64encode(b'SSHSIG' + blob).decode()}\n-----END SSH SIGNATURE-----"
    )
    assert signature.signer_of(blob, text) == ""
    assert signature.signer_of(blob, armoured) == ""


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_no_signature(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory, keys: Path
) -> None:
    lines = sign(tmp_path_factory.mktemp("tanda"), keys / "admin").strip().splitlines()
    blob = bytearray(base64.b64decode("".join(lines[1:-1])))
    at = data.draw(st.integers(0, len(blob) * 8 - 1))
    blob[at // 8] ^= 1 << at % 8
    assert signature.signer_of(PAYLOAD, "\n".join([lines[0], base64.b64encode(bytes(blob)).decode(), lines[-1]])) == ""
