"""Who signed these bytes: SSHSIG signatures over ed25519, verified in-process and without any file.

Exactly one format is believed: OpenSSH's SSHSIG, namespace ``git``, key type ``ssh-ed25519`` (source: PROTOCOL.sshsig of
OpenSSH). Everything else is "not signed". This file signs nothing and knows no person; it answers with the fingerprint
of the key, and ``office`` says whose key that is. Git's own check spawns a process a commit; the tests hold both equal.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from typing import Final

_MAGIC: Final = b"SSHSIG"
_KEY_TYPE: Final = b"ssh-ed25519"
_NAMESPACE: Final = b"git"
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----"
_END: Final = "-----END SSH SIGNATURE-----"
_HASHES: Final = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}


class _Malformed(Exception):
    """The armour or one of its fields is not what PROTOCOL.sshsig says."""


def fingerprint(public_key: str) -> str:
    """``SHA256:...`` of an OpenSSH public key line, as ``ssh-keygen -l`` prints it; empty if it is no ed25519 key."""
    parts = public_key.split()
    if len(parts) < 2 or parts[0] != _KEY_TYPE.decode():  # noqa: PLR2004 -- type and key, a comment may follow
        return ""
    try:
        blob = base64.b64decode(parts[1], validate=True)
        _key_bytes(blob)
    except (binascii.Error, _Malformed):
        return ""
    return _fingerprint_of(blob)


def signer_of(payload: bytes, armoured: str) -> str:
    """Fingerprint of the key whose valid signature ``armoured`` is over ``payload``; empty if there is none."""
    try:
        blob, signature, signed = _parse(payload, armoured)
        key = _key_bytes(blob)
    except _Malformed:
        return ""
    return _fingerprint_of(blob) if _is_valid(key, signature, signed) else ""


def _parse(payload: bytes, armoured: str) -> tuple[bytes, bytes, bytes]:
    """Give the key blob, the 64 bytes of the signature and the bytes that it covers."""
    reader = _Reader(_dearmour(armoured))
    if reader.raw(len(_MAGIC)) != _MAGIC or reader.number() != 1:
        raise _Malformed
    blob, namespace, reserved, hash_name, signature = (reader.text() for _ in range(5))
    reader.end()
    if namespace != _NAMESPACE or reserved or hash_name not in _HASHES:
        raise _Malformed
    inner = _Reader(signature)
    if inner.text() != _KEY_TYPE:
        raise _Malformed
    raw = inner.text()
    inner.end()
    digest = _HASHES[hash_name](payload).digest()
    return blob, raw, _MAGIC + b"".join(map(_packed, (namespace, reserved, hash_name, digest)))


def _dearmour(armoured: str) -> bytes:
    lines = armoured.strip().splitlines()
    if len(lines) < 3 or lines[0] != _BEGIN or lines[-1] != _END:  # noqa: PLR2004 -- first, body, last
        raise _Malformed
    try:
        return base64.b64decode("".join(lines[1:-1]), validate=True)
    except binascii.Error as error:
        raise _Malformed from error


def _key_bytes(blob: bytes) -> bytes:
    reader = _Reader(blob)
    if reader.text() != _KEY_TYPE:
        raise _Malformed
    key = reader.text()
    reader.end()
    return key


def _is_valid(key: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def _fingerprint_of(blob: bytes) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")


def _packed(text: bytes) -> bytes:
    return struct.pack(">I", len(text)) + text


class _Reader:
    """Reads SSH wire format from ``data``; a length beyond the end is malformed."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def raw(self, length: int) -> bytes:
        piece = self._data[self._at : self._at + length]
        if len(piece) != length:
            raise _Malformed
        self._at += length
        return piece

    def number(self) -> int:
        return int(struct.unpack(">I", self.raw(4))[0])

    def text(self) -> bytes:
        return self.raw(self.number())

    def end(self) -> None:
        if self._at != len(self._data):
            raise _Malformed
