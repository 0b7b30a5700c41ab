"""Turns any photo into one clean master, a master into what a visitor loads, and a title into a card.

Bytes in, bytes out: it opens no file, knows no document and keeps nothing. It refuses what it can't decode whole (SVG,
animations, HEIC, cut-off files, bombs) with a sentence that says how to save the photo instead, and no byte of metadata
leaves it. It decodes in its own process; hostile bytes go through ``stages.images.intake_safely``, which sets limits.
"""

from __future__ import annotations

import io
import re
import unicodedata
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageCms, ImageDraw, ImageFont

from pipeline.errors import PipelineError
from pipeline.picture_metadata import Metadata, PictureType, metadata_in, picture_type

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Master", "PictureError", "Variant", "card", "intake", "metadata_in", "slugged", "variants"]

MAX_PIXELS: Final = 50_000_000
MAX_SIDE: Final = 2560  # pixels of a master's longer side: enough for a full-width print of the site
MIN_SIDE: Final = 16  # pixels of a master's shorter side; less is no photo
MAX_INPUT: Final = 60_000_000  # bytes of a file that is looked at at all
MAX_BYTES: Final = 1_500_000  # of a master, as office/court.yml's default says
_DRAWN_COLOURS: Final = 4096  # a lossless original with fewer colours is drawn (a chart, a screen), not photographed

# Process-wide on purpose: no part of the pipeline decodes more than this, and a warning about it is an error (_decoding).
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

_SAVE_AS_JPEG: Final = (
    "Buka foto itu, simpan sebagai JPEG (di Windows: Paint, lalu Simpan sebagai > Gambar JPEG), lalu pakai hasilnya."
)


_SHRINK: Final = "Kecilkan foto itu, misalnya dengan Paint > Ubah ukuran, lalu simpan sebagai JPEG."


class PictureError(PipelineError):
    """This file can't become a photo of the site."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Master:
    """The one picture kept in Git: upright, sRGB, at most 2560 px and 1.5 MB, without metadata.

    ``name`` is a slug with the extension of ``format`` (JPEG or PNG); ``removed`` names the metadata that was inside.
    """

    data: bytes = field(repr=False)
    name: str
    format: str
    width: int
    height: int
    removed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One encoding of a master for visitors: ``format`` is WEBP or JPEG, sizes in pixels."""

    width: int
    height: int
    format: str
    data: bytes = field(repr=False)

    @property
    def suffix(self) -> str:
        """The extension of its file."""
        return _SUFFIXES[self.format]


_SUFFIXES: Final = {PictureType.JPEG.value: ".jpg", PictureType.PNG.value: ".png", PictureType.WEBP.value: ".webp"}


# --- Intake -----------------------------------------------------------------------------------------------------------


def intake(data: bytes, name: str) -> Master:
    """Make the master of the photo ``data``, called ``name`` by its author.

    A photo that already is a clean master comes back byte for byte. Raises ``PictureError`` in Indonesian.
    """
    kind = _accepted(data, name)
    removed = metadata_in(data)
    _refuse_unusable(removed, name)
    with _decoding(name):
        image = _opened(data, kind)
        if not removed and _is_master(image, data):
            image.load()
            return _master(data, name, PictureType(image.format or kind), image.size)
        lossless = kind is PictureType.PNG or b"VP8L" in data[:64]
        flat = _flat(image)
        drawn = lossless and flat.getcolors(maxcolors=_DRAWN_COLOURS) is not None
        pixels = _in_srgb(_fitted(flat, _within(flat.size, MAX_SIDE, name)), image.info.get("icc_profile"))
        encoded, made, size = _encoded(_upright(pixels, image), drawn=drawn)
    if left := metadata_in(encoded):
        raise RuntimeError(f"metadata left in {name}: {left}")
    return _master(encoded, name, made, size, removed)


def slugged(name: str) -> str:
    """The slug of a file name without its extension: ASCII, small, at most 60 characters, no name Windows reserves."""
    stem = re.split(r"[/\\]", name)[-1].rpartition(".")[0] or name
    plain = unicodedata.normalize("NFKD", stem).encode("ascii", "ignore").decode("ascii").lower()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-")
    return f"foto-{slug}".rstrip("-") if not slug or _RESERVED.fullmatch(slug) else slug


_RESERVED: Final = re.compile(r"con|prn|aux|nul|com\d|lpt\d")


def _master(data: bytes, name: str, kind: PictureType, size: tuple[int, int], removed: tuple[str, ...] = ()) -> Master:
    return Master(
        data=data,
        name=slugged(name) + _SUFFIXES[kind],
        format=kind.value,
        width=size[0],
        height=size[1],
        removed=removed,
    )


def _accepted(data: bytes, name: str) -> PictureType:
    if len(data) > MAX_INPUT:
        raise PictureError(f"Foto {name} terlalu besar: {len(data) // 1_000_000} MB.", hint=_SHRINK)
    kind = picture_type(data)
    if kind is not None:
        return kind
    if not data:
        raise PictureError(f"Foto {name} kosong (0 bita).", hint="Salin ulang foto itu dari kamera atau ponsel.")
    head = data[:1024].lower()
    for is_type, label, hint in _REFUSED:
        if is_type(head):
            raise PictureError(f"Foto {name} berjenis {label}, yang tidak dapat dipakai di situs.", hint=hint)
    raise PictureError(f"Berkas {name} bukan foto JPEG, PNG, atau WebP.", hint=_SAVE_AS_JPEG)


_HEIC_HINT: Final = (
    "Di iPhone pilih Pengaturan > Kamera > Format > Paling Kompatibel untuk foto berikutnya; "
    "foto yang sudah ada dibuka lalu diekspor atau disimpan sebagai JPEG."
)
_REFUSED: Final = (
    (lambda head: re.match(rb"....ftyp(?:hei|hev|mif1|msf1)", head, re.DOTALL), "HEIC", _HEIC_HINT),
    (lambda head: re.match(rb"....ftypavi[fs]", head, re.DOTALL), "AVIF", _SAVE_AS_JPEG),
    (lambda head: head.startswith(b"gif8"), "GIF", "Animasi tidak dipakai di situs. " + _SAVE_AS_JPEG),
    (lambda head: b"<svg" in head, "SVG", "Gambar SVG dapat memuat program. Ekspor gambar itu sebagai PNG."),
    (lambda head: head.startswith((b"ii*\0", b"mm\0*")), "TIFF", _SAVE_AS_JPEG),
    (lambda head: head.startswith(b"bm"), "BMP", _SAVE_AS_JPEG),
    (lambda head: head.startswith(b"%pdf"), "PDF", "Buka PDF itu, lalu simpan halaman yang diperlukan sebagai JPEG."),
)


def _refuse_unusable(found: tuple[str, ...], name: str) -> None:
    if Metadata.ANIMATION in found:
        raise PictureError(f"Foto {name} bergerak (animasi).", hint="Simpan satu gambarnya sebagai JPEG.")
    if Metadata.BROKEN in found:
        raise _broken(name)


def _broken(name: str) -> PictureError:
    return PictureError(
        f"Foto {name} terpotong atau rusak sehingga tidak dapat dibaca sampai habis.",
        hint="Salin ulang foto itu dari kamera atau ponsel; bila tetap gagal, buka lalu simpan ulang sebagai JPEG.",
    )


def _is_master(image: Image.Image, data: bytes) -> bool:
    return (
        len(data) <= MAX_BYTES
        and min(image.size) >= MIN_SIDE
        and max(image.size) <= MAX_SIDE
        and image.format in {PictureType.JPEG, PictureType.PNG}
        and image.mode in {"RGB", "L"}
        and "transparency" not in image.info
    )


# --- Pixels -----------------------------------------------------------------------------------------------------------


@contextmanager
def _decoding(name: str) -> Iterator[None]:
    """Turn whatever a decoder raises on hostile bytes into one sentence."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of metadata that is thrown away
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except PictureError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError) as error:
        raise PictureError(
            f"Foto {name} terlalu besar: lebih dari {MAX_PIXELS // 1_000_000} juta piksel.",
            hint=_SHRINK,
        ) from error
    except Exception as error:  # a decoder of hostile bytes may raise anything; the author gets one sentence
        raise _broken(name) from error


def _opened(data: bytes, kind: PictureType) -> Image.Image:
    """The picture with its pixels still undecoded."""
    # A JPEG with several pictures (MPO: portrait mode, 3D) opens at its first, which is the photo.
    return Image.open(io.BytesIO(data), formats=[kind.value])


def _flat(image: Image.Image) -> Image.Image:
    """The pixels decoded, as L, RGB or CMYK of 8 bits, transparency laid on white."""
    image.draft(None, _bounded(image.size, MAX_SIDE))
    image.load()
    if image.mode.startswith("I"):
        # Pillow's own conversion cuts 16-bit greys off at 255 instead of scaling them.
        return image.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    if image.mode in {"L", "RGB", "CMYK"} and "transparency" not in image.info:
        return image
    if image.mode == "1":
        return image.convert("L")
    layered = image.convert("RGBA")
    white = Image.new("RGBA", layered.size, "white")
    return Image.alpha_composite(white, layered).convert("RGB")


def _bounded(size: tuple[int, int], side: int) -> tuple[int, int]:
    """``size`` shrunk until the longer side is ``side``; never enlarged."""
    longest = max(size)
    if longest <= side:
        return size
    return max(1, round(size[0] * side / longest)), max(1, round(size[1] * side / longest))


def _within(size: tuple[int, int], side: int, name: str) -> tuple[int, int]:
    fitted = _bounded(size, side)
    if min(fitted) < MIN_SIDE:
        raise PictureError(
            f"Foto {name} hanya {size[0]} x {size[1]} piksel: terlalu kecil atau terlalu sempit.",
            hint=f"Pakai foto aslinya; sisi terpendek sekurang-kurangnya {MIN_SIDE} piksel.",
        )
    return fitted


def _fitted(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    return image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB pixels in sRGB; a profile that can't be used is passed over, as browsers do."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            return image.convert("RGB")
        if converted is not None:
            return converted
    return image.convert("RGB")


_TURNS: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION: Final = 0x0112


def _upright(pixels: Image.Image, original: Image.Image) -> Image.Image:
    """``pixels`` turned as the original's Exif says; Exif that can't be read turns nothing."""
    try:
        turn = _TURNS.get(original.getexif().get(_ORIENTATION, 1))
    except (SyntaxError, ValueError, LookupError, TypeError, OSError):
        return pixels
    return pixels if turn is None else pixels.transpose(turn)


# --- Encoding ---------------------------------------------------------------------------------------------------------


def _encoded(image: Image.Image, *, drawn: bool) -> tuple[bytes, PictureType, tuple[int, int]]:
    """A PNG for what was drawn, else the best JPEG that fits ``MAX_BYTES``."""
    if drawn:
        data = _saved(image, "PNG", optimize=True)
        if len(data) <= MAX_BYTES:
            return data, PictureType.PNG, image.size
    sizes = dict.fromkeys(_bounded(image.size, side) for side in (MAX_SIDE, 2048, 1600, 1280))
    for size, quality in product(sizes, (88, 80, 72)):
        shrunk = _fitted(image, size)
        data = _saved(shrunk, "JPEG", quality=quality, optimize=True, progressive=True)
        if len(data) <= MAX_BYTES:
            break
    return data, PictureType.JPEG, shrunk.size


def _saved(image: Image.Image, kind: str, **options: int) -> bytes:
    bare = image.copy() if image.info else image
    bare.info = {}  # Pillow writes comments, profiles and densities it finds here
    target = io.BytesIO()
    bare.save(target, kind, **options)
    return target.getvalue()


# --- Variants ---------------------------------------------------------------------------------------------------------

WEBP_WIDTHS: Final = (480, 960)
JPEG_SIDE: Final = 1200  # pixels: for old browsers, and as the picture of a shared link


def variants(data: bytes) -> tuple[Variant, ...]:
    """What visitors load instead of the master ``data``: WebP at 480 and 960 px wide, then one JPEG, none enlarged.

    The same master gives the same bytes with the same Pillow. Measured in reference/site.md: WebP method 2 and resizing
    from the next larger size halve the time at equal bytes. A photo that is no master yet (a draft on view) is taken in
    first. Raises ``PictureError`` where it can't be decoded.
    """
    clean = intake(data, "pratinjau").data if metadata_in(data) else data
    with _decoding("naskah"):
        image = _opened(clean, _accepted(clean, "naskah"))
        webp_sizes = sorted({_at_width(image.size, width) for width in WEBP_WIDTHS})
        jpeg_size = _bounded(image.size, JPEG_SIDE)
        image.draft(None, max([*webp_sizes, jpeg_size]))
        made = _chain(_in_srgb(_flat(image), None), {*webp_sizes, jpeg_size})
        webp = [_variant(made[size], PictureType.WEBP, quality=75, method=2) for size in webp_sizes]
        jpeg = _variant(made[jpeg_size], PictureType.JPEG, quality=80, optimize=True, progressive=True)
    return (*webp, jpeg)


def _at_width(size: tuple[int, int], width: int) -> tuple[int, int]:
    if size[0] <= width:
        return size
    return width, max(1, round(size[1] * width / size[0]))


def _chain(image: Image.Image, sizes: set[tuple[int, int]]) -> dict[tuple[int, int], Image.Image]:
    made = {}
    for size in sorted(sizes, reverse=True):
        image = made[size] = _fitted(image, size)
    return made


def _variant(image: Image.Image, kind: PictureType, **options: int) -> Variant:
    data = _saved(image, kind.value, **options)
    return Variant(width=image.width, height=image.height, format=kind.value, data=data)


# --- Card -------------------------------------------------------------------------------------------------------------

CARD_SIZE: Final = (1200, 630)
_GREEN: Final = (13, 59, 46)
_LINES: Final = (46, 104, 84)  # the ornament: felt, not read
_GOLD: Final = (226, 190, 106)  # 7.5:1 on the green
_IVORY: Final = (250, 247, 238)  # 12:1 on the green
_MARGIN: Final = 84
_TEXT_WIDTH: Final = 860
_TITLE_TOP: Final = 176
_TITLE_HEIGHT: Final = 292
_TITLE_SIZES: Final = (92, 84, 76, 70, 64, 58, 52, 46, 42, 38)
_LEADING: Final = 1.22


def card(title: str, *, court: str, kicker: str = "") -> bytes:
    """A title card of 1200x630 px as JPEG (at most 300 kB) for an item without a photo, and for sharing.

    ``title`` is set as large as fits and never leaves its field; ``court`` signs below, ``kicker`` (the kind of item)
    stands above. Drawn with the font inside Pillow, so that every machine gives the same bytes. Contrast is AA or more.
    """
    image = _backdrop().copy()
    draw = ImageDraw.Draw(image)
    _kicker(draw, _drawable(kicker).upper())
    _title(draw, _drawable(title))
    _signature(draw, _drawable(court))
    return _saved(image, "JPEG", quality=90, subsampling=0, optimize=True, progressive=True)


@cache
def _backdrop() -> Image.Image:
    """Green ground with an eight-pointed star in fine lines at the right edge, drawn twice as large for smooth lines."""
    image = Image.new("RGB", (CARD_SIZE[0] * 2, CARD_SIZE[1] * 2), _GREEN)
    draw = ImageDraw.Draw(image)
    centre = (2320, 630)
    for radius, width in ((640, 3), (600, 6), (450, 3), (412, 6), (264, 3), (228, 6), (110, 3)):
        for turn in (0, 45):
            draw.regular_polygon((*centre, radius), 4, rotation=turn, outline=_LINES, width=width)
    draw.rectangle((0, 0, 27, image.height), fill=_GOLD)
    return image.resize(CARD_SIZE, Image.Resampling.LANCZOS)


def _font(size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size=size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise PictureError("Pillow di komputer ini tidak memuat FreeType.", hint="Pasang ulang dengan ./redaksi.")
    return font


def _kicker(draw: ImageDraw.ImageDraw, text: str) -> None:
    if text:
        left = _MARGIN
        font = _font(28)
        for letter in _cut(text, font, _TEXT_WIDTH - 5 * len(text)):
            draw.text((left, 96), letter, font=font, fill=_GOLD, anchor="ls")
            left += round(font.getlength(letter)) + 5
    draw.rectangle((_MARGIN, 122, _MARGIN + 96, 126), fill=_GOLD)


def _title(draw: ImageDraw.ImageDraw, text: str) -> None:
    font, lines = _set(text)
    leading = round(font.size * _LEADING)
    for number, line in enumerate(lines):
        # A stroke of one pixel stands in for the bold weight that the font lacks.
        place = (_MARGIN, _TITLE_TOP + number * leading)
        draw.text(place, line, font=font, fill=_IVORY, stroke_width=1, stroke_fill=_IVORY, anchor="la")


def _signature(draw: ImageDraw.ImageDraw, court: str) -> None:
    font = _font(32)
    draw.text((_MARGIN, 560), _cut(court, font, _TEXT_WIDTH), font=font, fill=_GOLD, anchor="ls")


def _set(text: str) -> tuple[ImageFont.FreeTypeFont, list[str]]:
    """The largest font in which ``text`` fits its field without a broken word, and its lines; else the smallest, cut."""
    for size in _TITLE_SIZES:
        font = _font(size)
        room = int(_TITLE_HEIGHT / (size * _LEADING))
        words = max(map(font.getlength, text.split()), default=0)
        lines = _wrapped(text, font, _TEXT_WIDTH)
        if len(lines) <= room and words <= _TEXT_WIDTH:
            return font, _balanced(text, font, lines, words)
    kept = lines[:room]
    if len(lines) > room:
        kept[-1] = _cut(f"{kept[-1]} {lines[room]}", font, _TEXT_WIDTH, always=True)
    return font, kept


def _balanced(text: str, font: ImageFont.FreeTypeFont, lines: list[str], narrowest: float) -> list[str]:
    """The same number of lines, each as short as possible, so that no word is left alone on the last one."""
    for width in range(_TEXT_WIDTH, int(narrowest), -20):
        tighter = _wrapped(text, font, width)
        if len(tighter) > len(lines):
            break
        lines = tighter
    return lines


def _wrapped(text: str, font: ImageFont.FreeTypeFont, width: int) -> list[str]:
    """Lines no wider than ``width`` pixels; a word that is wider on its own is broken between letters."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if font.getlength(joined) <= width:
            lines[-1] = joined
            continue
        lines.append("")
        for letter in word:
            if font.getlength(lines[-1] + letter) > width:
                lines.append("")
            lines[-1] += letter
    return [line for line in lines if line]


def _cut(text: str, font: ImageFont.FreeTypeFont, width: float, *, always: bool = False) -> str:
    """``text``, shortened with an ellipsis where it is wider than ``width`` pixels (or always)."""
    if font.getlength(text) <= width and not always:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def _drawable(text: str) -> str:
    """``text`` in the letters that Pillow's font has: dashes plain, accents dropped, anything else left out."""
    plain = text.translate(_PLAIN)
    known = (letter if letter in _GLYPHS else unicodedata.normalize("NFKD", letter) for letter in plain)
    return " ".join("".join(letter for letter in "".join(known) if letter in _GLYPHS).split())


_PLAIN: Final = str.maketrans(
    {"–": "-", "—": "-", "‑": "-", "−": "-", "ʿ": "'", "ʾ": "'", "\t": " ", "\n": " ", "\r": " "}
)
_GLYPHS: Final = frozenset(map(chr, range(32, 127))) | frozenset("’‘“”…·°")
