"""A document's text as the HTML of its page: links that work from where the page stands, and its pictures.

``markdown.render`` gives sanitised HTML; what is added here is made of known parts only. A link to a page that does not
exist stays in the text and is reported: the author's words are never changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from pipeline import markdown
from pipeline.site.photos import picture_html

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import Document, Image
    from pipeline.site.photos import Picture

PHOTO_SIZES: Final = "(min-width: 70em) 47rem, 100vw"

_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def is_local_photo(src: str) -> bool:
    """Whether ``src`` is the bare name of a file beside ``index.md``."""
    return bool(src) and "/" not in src and "\\" not in src and ":" not in src and not src.startswith((".", "#", "?"))


def render_body(
    document: Document,
    *,
    photo: Callable[[str], Picture | None],
    relative: Callable[[str], str],
    is_known: Callable[[str], bool],
    report: Callable[[str], None],
) -> str:
    """The HTML of the document's text.

    ``photo`` gives the picture of a file name; ``relative`` turns a URL from the root into one for this page;
    ``is_known`` says whether a URL from the root (with trailing slash, without leading one) is a page of the site.
    """

    def link(href: str) -> str:
        return _link(href, relative=relative, is_known=is_known, report=report)

    def image(found: Image, is_first: bool) -> str | None:  # noqa: FBT001 - the shape that markdown.render calls
        picture = photo(found.src)
        return None if picture is None else _figure(found, picture, relative=relative, eager=is_first)

    return markdown.render(document.body, link=link, image=image, first_line=document.body_line).html


def _link(
    href: str, *, relative: Callable[[str], str], is_known: Callable[[str], bool], report: Callable[[str], None]
) -> str:
    if not href or href.startswith(("#", "?", "//")) or _SCHEME.match(href):
        return href
    path, mark, fragment = href.partition("#")
    if not path.startswith("/") or not is_known(path.lstrip("/")):
        report(href)
        return href
    return relative(path.lstrip("/")) + mark + fragment


def _figure(image: Image, picture: Picture, *, relative: Callable[[str], str], eager: bool) -> str:
    shown = picture_html(picture, alt=image.alt, relative=relative, sizes=PHOTO_SIZES, eager=eager)
    caption = Markup("<figcaption>{}</figcaption>").format(image.title) if image.title else ""
    return Markup('<figure class="photo">{}{}</figure>').format(shown, caption)
