"""Pictures as the visitor loads them: variants of a master by content hash, kept in a cache that may be thrown away.

A cache entry is an index written last and files named by their own hash: whatever is missing or damaged is simply made
again. Nothing here decides what a photo may be (``picture`` does), and no master ever gets a place in the site.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from pipeline.world import files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.picture import Variant

URL_FOLDER: Final = "assets/foto"
_SUFFIXES: Final = {"WEBP": "webp", "JPEG": "jpg", "PNG": "png"}
_FIRST: Final = Markup('fetchpriority="high"')
_LATER: Final = Markup('loading="lazy"')
_NAME_LENGTH: Final = 20  # hex digits of a file's SHA-256 in its name: 80 bits, no clash among millions


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """One file of a picture: its URL from the root of the site, pixels, and where its bytes lie in the cache."""

    url: str
    width: int
    height: int
    format: str
    source: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All files of one picture; the last resort for old browsers and for sharing is ``fallback``."""

    webp: tuple[PictureFile, ...]
    fallback: PictureFile

    @property
    def files(self) -> tuple[PictureFile, ...]:
        """Every file that the site must carry for this picture."""
        return (*self.webp, self.fallback)


@dataclass(slots=True)
class PhotoStore:
    """Makes pictures or takes them from ``folder`` (``.cache/foto``); ``used`` collects what this build shows."""

    folder: Path
    used: dict[str, PictureFile] = field(default_factory=dict)
    made: int = 0

    def photo(self, master: bytes) -> Picture:
        """The variants of a master. Raises ``PictureError`` where it can't be decoded."""
        return self._picture(_key("foto", master), lambda: _variants(master))

    def card(self, title: str, *, court: str, kicker: str = "") -> Picture:
        """The drawn card of an item without a photo; ``kicker`` is the kind of item, as people call it."""
        key = _key("kartu", title.encode(), court.encode(), kicker.encode())
        return self._picture(key, lambda: _variants(_card(title, court, kicker)))

    def _picture(self, key: str, make: Callable[[], Iterable[Variant]]) -> Picture:
        index = self.folder / f"{key}.json"
        picture = self._cached(index)
        if picture is None:
            picture = self._keep(index, make())
            self.made += 1
        self.used.update({file.url: file for file in picture.files})
        return picture

    def _cached(self, index: Path) -> Picture | None:
        try:
            rows = json.loads(index.read_bytes())
            listed = [self._file(**row) for row in rows]
            return _assembled(listed) if all(map(_is_whole, listed)) else None
        except (OSError, ValueError, TypeError, LookupError):
            return None

    def _keep(self, index: Path, variants: Iterable[Variant]) -> Picture:
        rows: list[dict[str, Any]] = []
        for variant in variants:
            name = f"{hashlib.sha256(variant.data).hexdigest()[:_NAME_LENGTH]}.{_SUFFIXES[variant.format]}"
            files.write_atomic(self.folder / name, variant.data)
            rows.append({"name": name, "width": variant.width, "height": variant.height, "format": variant.format})
        files.write_atomic(index, json.dumps(rows).encode())
        return _assembled([self._file(**row) for row in rows])

    def _file(self, *, name: str, width: int, height: int, format: str) -> PictureFile:  # noqa: A002 - Pillow's word
        if Path(name).name != name:
            raise ValueError(name)
        return PictureFile(
            url=f"{URL_FOLDER}/{name}", width=int(width), height=int(height), format=format, source=self.folder / name
        )


def picture_html(
    picture: Picture,
    *,
    alt: str,
    relative: Callable[[str], str],
    sizes: str,
    eager: bool = False,
) -> Markup:
    """A ``<picture>`` with WebP sources and a JPEG, its size known before it loads; ``relative`` makes URLs for the page."""
    source_set = ", ".join(f"{relative(file.url)} {file.width}w" for file in picture.webp)
    urgency = _FIRST if eager else _LATER
    source = Markup('<source type="image/webp" srcset="{}" sizes="{}">').format(source_set, sizes) if source_set else ""
    image = Markup('<img src="{}" alt="{}" width="{}" height="{}" {} decoding="async">').format(
        relative(picture.fallback.url), alt, picture.fallback.width, picture.fallback.height, urgency
    )
    return Markup("<picture>{}{}</picture>").format(source, image)


def _assembled(listed: list[PictureFile]) -> Picture:
    webp = sorted((file for file in listed if file.format == "WEBP"), key=lambda file: file.width)
    fallbacks = [file for file in listed if file.format != "WEBP"]
    if len(fallbacks) != 1:
        raise ValueError("a picture has one fallback")
    return Picture(webp=tuple(webp), fallback=fallbacks[0])


def _is_whole(file: PictureFile) -> bool:
    digest = hashlib.sha256(file.source.read_bytes()).hexdigest()
    return digest.startswith(file.source.stem)


def _key(what: str, *parts: bytes) -> str:
    digest = hashlib.sha256(f"{what} {_recipe()}".encode())
    for part in parts:
        digest.update(b"%d:" % len(part) + part)
    return digest.hexdigest()[:32]


@cache
def _recipe() -> str:
    """What the bytes of a variant depend on beside the master: our code and Pillow's version."""
    import PIL

    from pipeline import picture

    digest = hashlib.sha256(PIL.__version__.encode())
    for source in sorted(Path(picture.__file__).parent.glob("picture*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def _variants(master: bytes) -> tuple[Variant, ...]:
    from pipeline import picture

    return picture.variants(master)


def _card(title: str, court: str, kicker: str) -> bytes:
    from pipeline import picture

    return picture.card(title, court=court, kicker=kicker)
