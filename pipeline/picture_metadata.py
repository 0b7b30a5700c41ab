"""Says which hidden data a picture file carries, by reading its structure alone.

Walks JPEG segments, PNG chunks and WebP chunks by hand, so that ``check`` and the gate need neither Pillow nor a decoder
of hostile pixels. Knows what a picture needs to be shown and names everything else: what is not on that list is reported,
even where nobody knows what it is. It removes nothing (``picture`` does) and raises on no bytes.
Sources: ITU T.81 annex B (JPEG), Exif 2.32 (CIPA DC-008), W3C PNG third edition, RFC 9649 (WebP).
"""

from __future__ import annotations

import re
import struct
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator


class Metadata(StrEnum):
    """What may lie in a picture file beside its pixels, in the words that staff read."""

    GPS = "lokasi (GPS)"
    EXIF = "data kamera (EXIF)"
    XMP = "XMP"
    IPTC = "IPTC"
    COMMENT = "komentar"
    PROFILE = "profil warna"
    THUMBNAIL = "gambar kecil (thumbnail)"
    ANIMATION = "animasi"
    TRAILING = "data tambahan di akhir berkas"
    OTHER = "data lain yang tidak dikenal"
    BROKEN = "berkas terpotong atau rusak"
    UNKNOWN_TYPE = "jenis berkas tidak dikenal"


class PictureType(StrEnum):
    """The three types that the pipeline reads, by Pillow's names for them."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"


_PNG_SIGNATURE: Final = b"\x89PNG\r\n\x1a\n"
_HEAD: Final = 8  # bytes: a PNG chunk's length and name, a RIFF chunk's name and length, a TIFF header
_GPS_IN_XMP: Final = re.compile(rb"GPSL(?:ati|ongi)tude", re.IGNORECASE)


def picture_type(data: bytes) -> PictureType | None:
    """The type that the first bytes tell, whatever the file is called; None for anything that we don't read."""
    if data[:3] == b"\xff\xd8\xff":
        return PictureType.JPEG
    if data[:8] == _PNG_SIGNATURE:
        return PictureType.PNG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return PictureType.WEBP
    return None


def metadata_in(data: bytes) -> tuple[str, ...]:
    """Names of what ``data`` carries beside the pixels, each once, in the order of ``Metadata``; empty means clean.

    A type that we can't read and a file that ends too early are named too: what could not be looked at is never clean.
    A colour profile counts, because a master of ours is sRGB without one.
    """
    kind = picture_type(data)
    if kind is None:
        return (Metadata.UNKNOWN_TYPE.value,)
    walk = {PictureType.JPEG: _in_jpeg, PictureType.PNG: _in_png, PictureType.WEBP: _in_webp}[kind]
    found = set(walk(data))
    return tuple(name.value for name in Metadata if name in found)


# --- JPEG -------------------------------------------------------------------------------------------------------------

_EOI, _SOS, _COM = 0xD9, 0xDA, 0xFE
_APP0, _APP1, _APP2, _APP13, _APP14 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE
# Frames (C0-CF, among them the Huffman and arithmetic tables), scans, DQT, DNL and DRI: what a decoder needs.
_NEEDED_JPEG: Final = frozenset({*range(0xC0, 0xD0), _SOS, 0xDB, 0xDC, 0xDD}) - {0xC8}
_JPEG_NAMES: Final = (
    (_COM, b"", Metadata.COMMENT),
    (_APP0, b"JFXX\0", Metadata.THUMBNAIL),
    (_APP2, b"ICC_PROFILE\0", Metadata.PROFILE),
    (_APP2, b"MPF\0", Metadata.THUMBNAIL),
    (_APP13, b"", Metadata.IPTC),
)
# In coded data FF 00 is a stuffed byte, FF FF fill, and FF D0-D7 a restart: none of them ends the scan.
_SCAN_END: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_JFIF_BARE_LENGTH: Final = 14
_ADOBE_LENGTH: Final = 12


def _in_jpeg(data: bytes) -> Iterator[Metadata]:
    position = 2
    while True:
        marker, position = _next_marker(data, position)
        if marker == _EOI:
            if position < len(data):
                yield Metadata.TRAILING
            return
        payload = _segment(data, position)
        if marker is None or payload is None:
            yield Metadata.BROKEN
            return
        yield from _in_segment(marker, payload)
        position += 2 + len(payload)
        if marker == _SOS:
            end = _SCAN_END.search(data, position)
            position = end.start() if end else len(data)


def _next_marker(data: bytes, position: int) -> tuple[int | None, int]:
    """The marker at ``position`` (fill bytes skipped) and the place behind it; None where there is no marker."""
    if data[position : position + 1] != b"\xff":
        return None, position
    while data[position : position + 1] == b"\xff":
        position += 1
    if position >= len(data):
        return None, position
    return data[position], position + 1


def _segment(data: bytes, position: int) -> bytes | None:
    """The payload of the segment whose length field stands at ``position``; None where it doesn't fit."""
    length = int.from_bytes(data[position : position + 2], "big")
    payload = data[position + 2 : position + length]
    return payload if len(payload) == length - 2 else None


def _in_segment(marker: int, payload: bytes) -> Iterator[Metadata]:
    if marker in _NEEDED_JPEG or (marker == _APP14 and payload.startswith(b"Adobe") and len(payload) == _ADOBE_LENGTH):
        return
    if marker == _APP0 and payload.startswith(b"JFIF\0"):
        if len(payload) != _JFIF_BARE_LENGTH:
            yield Metadata.THUMBNAIL
    elif marker == _APP1 and payload.startswith(b"Exif\0"):
        yield from _in_exif(payload[6:])
    elif marker == _APP1 and payload.startswith(b"http://ns.adobe.com/"):
        yield from _in_xmp(payload)
    else:
        names = (name for known, start, name in _JPEG_NAMES if marker == known and payload.startswith(start))
        yield next(names, Metadata.OTHER)


# --- PNG --------------------------------------------------------------------------------------------------------------

_NEEDED_PNG: Final = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_PNG_NAMES: Final = {
    **dict.fromkeys((b"acTL", b"fcTL", b"fdAT"), Metadata.ANIMATION),
    **dict.fromkeys((b"iCCP", b"gAMA", b"cHRM", b"sRGB", b"cICP", b"mDCV", b"cLLI"), Metadata.PROFILE),
}
_TEXT_KEYWORDS: Final = {
    b"XML:com.adobe.xmp": Metadata.XMP,
    b"Raw profile type exif": Metadata.EXIF,
    b"Raw profile type APP1": Metadata.EXIF,
    b"Raw profile type xmp": Metadata.XMP,
    b"Raw profile type iptc": Metadata.IPTC,
    b"Raw profile type 8bim": Metadata.IPTC,
}


def _in_png(data: bytes) -> Iterator[Metadata]:
    position = len(_PNG_SIGNATURE)
    while True:
        head = data[position : position + _HEAD]
        length = int.from_bytes(head[:4], "big")
        end = position + 12 + length
        if len(head) < _HEAD or end > len(data):
            yield Metadata.BROKEN
            return
        name = head[4:]
        yield from _in_png_chunk(name, data[position + _HEAD : end - 4])
        position = end
        if name == b"IEND":
            break
    if position < len(data):
        yield Metadata.TRAILING


def _in_png_chunk(name: bytes, payload: bytes) -> Iterator[Metadata]:
    if name in _NEEDED_PNG:
        return
    if name == b"eXIf":
        yield from _in_exif(payload)
    elif name in {b"tEXt", b"zTXt", b"iTXt"}:
        keyword = payload.partition(b"\0")[0]
        yield _TEXT_KEYWORDS.get(keyword, Metadata.COMMENT)
        if _GPS_IN_XMP.search(payload):
            yield Metadata.GPS
    else:
        yield _PNG_NAMES.get(name, Metadata.OTHER)


# --- WebP -------------------------------------------------------------------------------------------------------------

_NEEDED_WEBP: Final = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})
_WEBP_NAMES: Final = {
    b"ICCP": Metadata.PROFILE,
    b"ANIM": Metadata.ANIMATION,
    b"ANMF": Metadata.ANIMATION,
}


def _in_webp(data: bytes) -> Iterator[Metadata]:
    stated_end = _HEAD + int.from_bytes(data[4:8], "little")
    if stated_end > len(data):
        yield Metadata.BROKEN
    elif stated_end < len(data):
        yield Metadata.TRAILING
    position, end = 12, min(stated_end, len(data))
    while position < end:
        head = data[position : position + _HEAD]
        length = int.from_bytes(head[4:], "little")
        if len(head) < _HEAD or position + _HEAD + length > end:
            yield Metadata.BROKEN
            return
        yield from _in_webp_chunk(head[:4], data[position + _HEAD : position + _HEAD + length])
        position += _HEAD + length + length % 2


def _in_webp_chunk(name: bytes, payload: bytes) -> Iterator[Metadata]:
    if name in _NEEDED_WEBP:
        return
    if name == b"EXIF":
        yield from _in_exif(payload.removeprefix(b"Exif\0\0"))
    elif name == b"XMP ":
        yield from _in_xmp(payload)
    else:
        yield _WEBP_NAMES.get(name, Metadata.OTHER)


# --- Exif and XMP, wherever they lie ----------------------------------------------------------------------------------

_GPS_TAG: Final = 0x8825
_ENTRY_BYTES: Final = 12


def _in_xmp(payload: bytes) -> Iterator[Metadata]:
    yield Metadata.XMP
    if _GPS_IN_XMP.search(payload):
        yield Metadata.GPS


def _in_exif(tiff: bytes) -> Iterator[Metadata]:
    """What a TIFF block holds; one that can't be read is still camera data."""
    yield Metadata.EXIF
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < _HEAD:
        return
    tags, following = _directory(tiff, order, struct.unpack_from(f"{order}I", tiff, 4)[0])
    if _GPS_TAG in tags:
        yield Metadata.GPS
    if following:
        yield Metadata.THUMBNAIL


def _directory(tiff: bytes, order: str, offset: int) -> tuple[frozenset[int], int]:
    """Tags of the directory at ``offset`` and the offset of the next one (0: none); as much as fits in ``tiff``."""
    if offset + 2 > len(tiff):
        return frozenset(), 0
    count = struct.unpack_from(f"{order}H", tiff, offset)[0]
    end = offset + 2 + count * _ENTRY_BYTES
    starts = range(offset + 2, min(end, len(tiff) - 1), _ENTRY_BYTES)
    tags = frozenset(struct.unpack_from(f"{order}H", tiff, start)[0] for start in starts)
    following = struct.unpack_from(f"{order}I", tiff, end)[0] if end + 4 <= len(tiff) else 0
    return tags, following
