"""Our own few static files: one style sheet, one small script, one emblem, each named by the hash of its bytes.

No file of another's, no font, no source map. A name with a hash may be cached for ever; the template asks for its URL here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "assets"

# The first parts of the style sheet come first in the output: tokens are what the components are made of.
_BUNDLES: Final = {
    "style": ("assets/situs.{}.css", ("tokens.css", "components.css", "print.css")),
    "script": ("assets/menu.{}.js", ("menu.js",)),
    "emblem": ("assets/lambang.{}.svg", ("emblem.svg",)),
}
_CSS_COMMENT: Final = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_INDENT: Final = re.compile(r"\s*\n\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """A static file of the site: its URL from the root, and its text."""

    url: str
    text: str


def load_assets() -> dict[str, Asset]:
    """The site's static files by role: ``style``, ``script``, ``emblem``."""
    return {role: _bundle(pattern, names) for role, (pattern, names) in _BUNDLES.items()}


def _bundle(pattern: str, names: tuple[str, ...]) -> Asset:
    text = "".join((FOLDER / name).read_text(encoding="utf-8") for name in names)
    if pattern.endswith(".css"):
        text = _CSS_INDENT.sub("\n", _CSS_COMMENT.sub("", text)).strip() + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()[:10]
    return Asset(url=pattern.format(digest), text=text)
