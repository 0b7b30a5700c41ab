"""Who signed these bytes: SSHSIG signatures over ed25519, verified in-process and without any file.

Exactly one format is believed: OpenSSH's SSHSIG, version 1, namespace ``git``, key type ``ssh-ed25519`` (source:
PROTOCOL.sshsig of OpenSSH). All its fields but key, hash name and signature are then constants, so a signature is read by
comparing bytes; everything else is "not signed". This file signs nothing and knows no person; it answers with the
fingerprint of the key, and ``office`` says whose key that is. The tests hold it and Git's own check equal.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def _packed(text: bytes) -> bytes:
    """SSH's string: its length in four bytes, then its bytes."""
    return struct.pack(">I", len(text)) + text


_KEY_LENGTH: Final = 32
_SIGNATURE_LENGTH: Final = 64
_BEGIN: Final = "-----BEGIN SSH SIGNATURE-----\n"
_END: Final = "\n-----END SSH SIGNATURE-----"
_KEY_HEAD: Final = _packed(b"ssh-ed25519") + struct.pack(">I", _KEY_LENGTH)
_BLOB_LENGTH: Final = len(_KEY_HEAD) + _KEY_LENGTH
_HEAD: Final = b"SSHSIG" + struct.pack(">II", 1, _BLOB_LENGTH)
_SIGNATURE_HEAD: Final = struct.pack(">I", 83) + _packed(b"ssh-ed25519") + struct.pack(">I", _SIGNATURE_LENGTH)
_PURPOSE: Final = _packed(b"git") + _packed(b"")
_HASHES: Final = {_packed(b"sha512"): hashlib.sha512, _packed(b"sha256"): hashlib.sha256}
_HASH_LENGTH: Final = len(_packed(b"sha512"))


def fingerprint(public_key: str) -> str:
    """``SHA256:...`` of an OpenSSH public key line, as ``ssh-keygen -l`` prints it; empty if it is no ed25519 key."""
    words = public_key.split()
    if len(words) < 2 or words[0] != "ssh-ed25519":  # noqa: PLR2004 -- type and key, a comment may follow
        return ""
    blob = _decoded(words[1])
    return _fingerprint_of(blob) if len(blob) == _BLOB_LENGTH and blob.startswith(_KEY_HEAD) else ""


def signer_of(payload: bytes, armoured: str) -> str:
    """Fingerprint of the key whose valid signature ``armoured`` is over ``payload``; empty if there is none."""
    text = armoured.strip()
    if not text.startswith(_BEGIN) or not text.endswith(_END):
        return ""
    layout = _Layout(_decoded(text[len(_BEGIN) : -len(_END)].replace("\n", "")))
    head = layout.take(len(_HEAD))
    blob = layout.take(_BLOB_LENGTH)
    purpose = layout.take(len(_PURPOSE))
    hash_name = layout.take(_HASH_LENGTH)
    signature_head = layout.take(len(_SIGNATURE_HEAD))
    signature = layout.take(_SIGNATURE_LENGTH)
    if (head, purpose, signature_head) != (_HEAD, _PURPOSE, _SIGNATURE_HEAD):
        return ""
    if not blob.startswith(_KEY_HEAD) or hash_name not in _HASHES or len(signature) != _SIGNATURE_LENGTH or layout.rest:
        return ""
    signed = b"SSHSIG" + _PURPOSE + hash_name + _packed(_HASHES[hash_name](payload).digest())
    return _fingerprint_of(blob) if _is_valid(blob[-_KEY_LENGTH:], signature, signed) else ""


class _Layout:
    """Bytes to be taken from the front; what is missing comes out short and equals nothing that is expected."""

    def __init__(self, data: bytes) -> None:
        self.rest = data

    def take(self, length: int) -> bytes:
        piece, self.rest = self.rest[:length], self.rest[length:]
        return piece


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""


@lru_cache(maxsize=1024)
def _public_key(key: bytes) -> Ed25519PublicKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    return Ed25519PublicKey.from_public_bytes(key)


def _is_valid(key: bytes, signature: bytes, signed: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        _public_key(key).verify(signature, signed)
    except (InvalidSignature, ValueError):
        return False
    return True


@lru_cache(maxsize=1024)
def _fingerprint_of(blob: bytes) -> str:
    return "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
