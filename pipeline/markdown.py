"""The one Markdown of the product: CommonMark with tables and footnotes, read with line numbers, rendered for the page.

Check, preview, pages and import all come here. HTML in a text is text: it is shown, never obeyed. What is rendered is
sanitised at the very end (nh3), and only then is our own trusted HTML put in: pictures and the frames of tables. It
refuses to open a file, to guess links out of plain words, and to know where a document stands on the site.
Source of the dialect: https://spec.commonmark.org/0.31.2/ , GitHub's tables, Pandoc's footnotes.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.rules_inline import autolink, backtick, image, link
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from pipeline.kinds import new_slug
from pipeline.model import Heading, Image, Link, Passage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from markdown_it.rules_inline import StateInline

    InlineRule = Callable[[StateInline, bool], bool]
    PictureHtml = Callable[[Image, bool], str | None]

SCHEMES: Final = frozenset({"http", "https", "mailto", "tel"})
"""What a link may be besides an address of the site itself."""

TOP_LEVEL: Final = 2
"""The page's title is its only h1, so headings of a text begin here."""

_LOWEST_LEVEL: Final = 6
_CELL_JOINT: Final = " | "


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What stands in a text. ``passages`` are its visible words by line, ``paragraphs`` the same grouped by block."""

    images: tuple[Image, ...]
    links: tuple[Link, ...]
    headings: tuple[Heading, ...]
    passages: tuple[Passage, ...]
    paragraphs: tuple[tuple[Passage, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A text as safe HTML, and its headings for a table of contents."""

    html: str
    headings: tuple[Heading, ...]


def is_safe(href: str) -> bool:
    """Whether a link may lead there: an allowed scheme, or an address within the site; nothing ambiguous.

    Browsers drop control characters from an address and read a backslash as a slash, so neither is let through.
    """
    if re.search(r"[\x00-\x20\x7f-\x9f\\]", href) or href.startswith("//"):
        return False
    first = re.split(r"[/?#]", href, maxsplit=1)[0]
    if ":" not in first:
        return True
    scheme = first.partition(":")[0].lower()
    if scheme in {"http", "https"}:
        return re.match(r"https?://[^/?#]", href, re.IGNORECASE) is not None
    return scheme in SCHEMES


def is_external(href: str) -> bool:
    """Whether a link leads to a host by name."""
    return re.match(r"https?://", href, re.IGNORECASE) is not None


# --- reading


@lru_cache(maxsize=16)
def parse(body: str, first_line: int = 1) -> Parsed:
    """What stands in ``body``, with lines counted in the file; ``first_line`` is the file's line on which it begins."""
    tokens = _parser(as_written=True).parse(body)
    found = _Found(first_line)
    for token in tokens:
        found.take(token)
    return found.parsed(_headings(tokens, first_line))


def raw_html(body: str, first_line: int = 1) -> Iterator[Passage]:
    """Every piece of ``body`` that is HTML by CommonMark's definition: its line and the piece itself."""
    for token in _html_parser().parse(body):
        start = first_line + (token.map[0] if token.map else 0)
        if token.type == "html_block":
            yield Passage(line=start, text=token.content.strip())
        for child, line in _located_children(token, start):
            if child.type == "html_inline":
                yield Passage(line=line, text=child.content)


class _Found:
    """Collects images, links and words while walking over the tokens of a text."""

    def __init__(self, first_line: int) -> None:
        self._first_line = first_line
        self._line = first_line
        self._images: list[Image] = []
        self._links: list[Link] = []
        self._blocks: list[dict[int, str]] = []

    def take(self, token: Token) -> None:
        if token.map:
            self._line = self._first_line + token.map[0]
        if token.type == "inline":
            self._inline(token)
        elif token.type in {"fence", "code_block"}:
            start = self._line + (token.type == "fence")
            self._blocks.append(dict(enumerate(token.content.split("\n"), start)))

    def _inline(self, token: Token) -> None:
        words: dict[int, str] = {}
        opened: list[tuple[str, int, list[str]]] = []
        for child, line in _located_children(token, self._line):
            text = child.content if child.type in {"text", "code_inline"} else ""
            words[line] = words.get(line, "") + text
            for _, _, label in opened:
                label.append(text or " " * child.type.endswith("break"))
            if child.type == "image":
                self._images.append(_image(child, line))
                for _, _, label in opened:
                    label.append(child.content)
            elif child.type == "link_open":
                opened.append((str(child.attrs["href"]), line, []))
            elif child.type == "link_close":
                href, at, label = opened.pop()
                self._links.append(Link(line=at, href=href, text="".join(label)))
        self._blocks.append(words)

    def parsed(self, headings: tuple[Heading, ...]) -> Parsed:
        paragraphs = tuple(
            tuple(Passage(line=line, text=text.strip()) for line, text in sorted(block.items()) if text.strip())
            for block in self._blocks
        )
        return Parsed(
            images=tuple(sorted(self._images, key=lambda found: found.line)),
            links=tuple(sorted(self._links, key=lambda found: found.line)),
            headings=headings,
            passages=_by_line(paragraphs),
            paragraphs=tuple(block for block in paragraphs if block),
        )


def _by_line(paragraphs: Iterable[tuple[Passage, ...]]) -> tuple[Passage, ...]:
    """One passage a line: the cells of a table's row stand on the same line and are joined."""
    lines: dict[int, list[str]] = {}
    for block in paragraphs:
        for passage in block:
            lines.setdefault(passage.line, []).append(passage.text)
    return tuple(Passage(line=line, text=_CELL_JOINT.join(texts)) for line, texts in sorted(lines.items()))


def _located_children(token: Token, line: int) -> Iterator[tuple[Token, int]]:
    """The children of an inline token, each with the line of the file on which it begins.

    Links, pictures and code spans carry their position (see ``_locating``); between them only a break ends a line.
    """
    seen = 0
    for child in token.children or ():
        at = int(child.meta.get("at", seen))
        line += token.content.count("\n", seen, at)
        seen = max(seen, at)
        yield child, line
        to = child.meta.get("to")
        if to is None and child.type in {"softbreak", "hardbreak"}:
            to = token.content.index("\n", seen) + 1
        if to is not None:
            line += token.content.count("\n", seen, to)
            seen = max(seen, to)


def _image(token: Token, line: int) -> Image:
    alt = re.sub(r"\s+", " ", _alt(token)).strip()
    return Image(line=line, src=str(token.attrs["src"]), alt=alt, title=str(token.attrs.get("title", "")))


def _alt(token: Token) -> str:
    """The words of a picture's description, its Markdown signs taken off."""
    if token.type == "image":
        return "".join(_alt(child) for child in token.children or ())
    return " " if token.type.endswith("break") else token.content


def _headings(tokens: Sequence[Token], first_line: int) -> tuple[Heading, ...]:
    """The headings outside footnotes and quotations too, with the level and the unique anchor they get on the page."""
    headings: list[Heading] = []
    taken: dict[str, int] = {}
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            text = "".join(_alt(child) for child in inline.children or ()).strip()
            headings.append(
                Heading(
                    line=first_line + (opening.map[0] if opening.map else 0),
                    level=_page_level(opening),
                    text=re.sub(r"\s+", " ", text),
                    anchor=_anchor(text, taken),
                )
            )
    return tuple(headings)


def _page_level(token: Token) -> int:
    return min(max(int(token.tag[1:]), TOP_LEVEL), _LOWEST_LEVEL)


def _anchor(text: str, taken: dict[str, int]) -> str:
    """A unique id for a heading; ``taken`` holds each id given, with the number last tried behind it."""
    slug = new_slug(text)
    # The anchors of footnotes are ours (see _footnote_reference); a heading must not stand in for one.
    if re.match(r"(?:rujukan-)?catatan-[0-9]", slug):
        slug = f"bagian-{slug}"
    anchor = slug
    while anchor in taken:
        taken[slug] += 1
        anchor = f"{slug}-{taken[slug]}"
    taken[anchor] = 1
    return anchor


class _Parser(MarkdownIt):
    """Takes every address as a link, so that the check can name the bad ones; ``render`` drops them itself."""

    as_written = False

    def validateLink(self, url: str) -> bool:  # noqa: N802 - the library's name
        del url
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802 - the library's name
        return url if self.as_written else super().normalizeLink(url)


@cache
def _parser(*, as_written: bool) -> _Parser:
    """The parser: for reading with addresses as the writer wrote them, for rendering with them percent-encoded."""
    parser = _Parser("commonmark", {"html": False, "linkify": False, "typographer": False})
    parser.as_written = as_written
    parser.enable("table")
    parser.use(footnote_plugin, inline=False)
    _locate(parser)
    for name, rule in _RENDERING.items():
        parser.add_render_rule(name, rule)
    return parser


@cache
def _html_parser() -> MarkdownIt:
    """The same dialect, but it sees HTML where CommonMark sees it. Nothing is ever rendered with it."""
    parser = MarkdownIt("commonmark", {"html": True})
    parser.enable("table")
    parser.use(footnote_plugin, inline=False)
    _locate(parser)
    return parser


def _locate(parser: MarkdownIt) -> None:
    """Make the rules whose match may span several lines note where it begins and ends."""
    for name, rule in (("link", link), ("image", image), ("autolink", autolink), ("backticks", backtick)):
        parser.inline.ruler.at(name, _locating(rule))


def _locating(rule: InlineRule) -> InlineRule:
    def locate(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the library's signature
        start, count = state.pos, len(state.tokens)
        if not rule(state, silent):
            return False
        if not silent:
            _note_place([token for token in state.tokens[count:] if token.type in _LOCATED], start, state.pos)
        return True

    return locate


def _note_place(added: Sequence[Token], start: int, end: int) -> None:
    """The first of a rule's tokens says where it begins, the last where it ends; what stands inside has said so."""
    if added:
        added[0].meta.setdefault("at", start)
        added[-1].meta.setdefault("to", end)


_LOCATED: Final = frozenset({"link_open", "link_close", "image", "code_inline"})


# --- rendering


def render(
    body: str,
    *,
    link: Callable[[str], str] = lambda href: href,
    image: PictureHtml = lambda _image, _is_first: None,
    first_line: int = 1,
) -> Rendered:
    """The text as safe HTML.

    ``link`` gives the address to write for an address of the text. ``image`` gives our own HTML for a picture (it is
    told whether it is the text's first) and is trusted: it goes in after sanitising; None leaves a plain ``<img>``.
    An address that ``is_safe`` refuses loses its link and keeps its words.
    """
    parser = _parser(as_written=False)
    tokens = parser.parse(body)
    headings = _headings(tokens, first_line)
    pictures = _Pictures(body, image)
    shaped = list(_shaped(tokens, iter(headings), link, pictures, first_line))
    safe = _framed(_cleaner().clean(parser.renderer.render(shaped, parser.options, {})))
    return Rendered(html=pictures.put_into(safe), headings=headings)


class _Pictures:
    """Keeps our HTML for pictures out of the sanitiser's way.

    A picture is first a word that stands for it; the word holds a digest of the whole text, so no text can contain it.
    """

    def __init__(self, body: str, picture_html: PictureHtml) -> None:
        self._word = "gambar" + hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest()
        self._picture_html = picture_html
        self._html: list[str] = []
        self._count = 0

    def placed(self, token: Token, line: int) -> Token:
        """The token to render for the picture ``token``, which stands on ``line`` of the file."""
        picture = _image(token, line)
        trusted = self._picture_html(picture, self._count == 0)
        self._count += 1
        if trusted is None:
            return _plain_picture(picture)
        self._html.append(trusted)
        return Token("text", "", 0, content=f"{self._word}x{len(self._html) - 1}x", meta={"picture": True})

    def put_into(self, text: str) -> str:
        return re.sub(f"{self._word}x([0-9]+)x", lambda found: self._html[int(found[1])], text)


def _plain_picture(picture: Image) -> Token:
    """A picture without our HTML; one from another host would be a request to a third party and stays words."""
    if not is_safe(picture.src) or is_external(picture.src):
        return Token("text", "", 0, content=picture.alt)
    attrs: dict[str, str | int | float] = {"src": picture.src, "alt": picture.alt}
    if picture.title:
        attrs["title"] = picture.title
    return Token("picture", "img", 0, attrs=attrs, meta={"picture": True})


def _shaped(
    tokens: Iterable[Token],
    headings: Iterator[Heading],
    address: Callable[[str], str],
    pictures: _Pictures,
    first_line: int,
) -> Iterator[Token]:
    """The tokens as the page needs them: levels and anchors, addresses, pictures beside paragraphs, our classes."""
    line = first_line
    done: list[Token] = []
    for token in tokens:
        line = first_line + token.map[0] if token.map else line
        _style(token, headings)
        if token.type == "inline":
            token.children = list(_addressed(token, address, pictures, line))
        done.append(token)
    return _beside_paragraphs(done)


def _style(token: Token, headings: Iterator[Heading]) -> None:
    """Give a heading its level and anchor, a cell of a table its class and scope."""
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{_page_level(token)}"
    if token.type == "heading_open":
        token.attrSet("id", next(headings).anchor)
    if token.type in {"th_open", "td_open"}:
        align = str(token.attrs.get("style", "")).removeprefix("text-align:")
        token.attrs = {"class": _ALIGN[align]} if align in _ALIGN else {}
    if token.type == "th_open":
        token.attrSet("scope", "col")


_ALIGN: Final = {"left": "rata-kiri", "center": "rata-tengah", "right": "rata-kanan"}


def _addressed(token: Token, address: Callable[[str], str], pictures: _Pictures, line: int) -> Iterator[Token]:
    """The children of an inline token with their final addresses; a refused link leaves its words."""
    kept: list[bool] = []
    for child, at in _located_children(token, line):
        if child.type == "link_open":
            kept.append(_address(child, address))
        if child.type == "image":
            yield pictures.placed(child, at)
        elif child.type == "link_close":
            if kept.pop():
                yield child
        elif child.type != "link_open" or kept[-1]:
            yield child


def _address(token: Token, address: Callable[[str], str]) -> bool:
    """Write the final address into a link's token; False where the link must go."""
    written = str(token.attrs["href"])
    if not is_safe(written):
        return False
    final = address(written)
    token.attrSet("href", final)
    if is_external(final):
        token.attrSet("rel", "noopener")
    return is_safe(final)


def _beside_paragraphs(tokens: Sequence[Token]) -> Iterator[Token]:
    """Split each paragraph that holds a picture: our HTML for it is a block, which a paragraph can't contain."""
    hide_close = False
    for token, after in pairwise([*tokens, Token("", "", 0)]):
        if token.type == "paragraph_open" and not token.hidden and _has_picture(after):
            units = list(_units(after.children or ()))
            hide_close = _has_picture(units[-1])
            yield from _pieces(token, units)
            after.children = []
        elif token.type == "paragraph_close" and hide_close:
            hide_close = False
        else:
            yield token


def _has_picture(token: Token) -> bool:
    return any("picture" in child.meta for child in token.children or ())


def _units(children: Iterable[Token]) -> Iterator[Token]:
    """Runs of words and single pictures in turn; a picture keeps the link or emphasis that it stands in."""
    words: list[Token] = []
    depth, nest = 0, list[Token]()
    for child in children:
        depth += child.nesting
        nest.append(child)
        if depth:
            continue
        unit = Token("inline", "", 0, children=nest)
        nest = []
        if not _has_picture(unit):
            words.extend(unit.children or ())
            continue
        yield from _words(words)
        words = []
        yield unit
    yield from _words([*words, *nest])


def _words(children: list[Token]) -> Iterator[Token]:
    """The run of words as one inline token, or nothing where only white space is left."""
    while children and children[-1].type in {"softbreak", "hardbreak"}:
        children = children[:-1]
    while children and children[0].type in {"softbreak", "hardbreak"}:
        children = children[1:]
    if any(child.type != "text" or child.content.strip() for child in children):
        yield Token("inline", "", 0, children=children)


def _pieces(opening: Token, units: Sequence[Token]) -> Iterator[Token]:
    """Pictures bare, words in paragraphs; the last paragraph stays open for what follows in the token stream."""
    for position, unit in enumerate(units, 1):
        if _has_picture(unit):
            yield unit
            continue
        yield opening
        yield unit
        if position < len(units):
            yield Token("paragraph_close", "p", -1, block=True)


# --- footnotes: our anchors and Indonesian labels


def _number(token: Token) -> str:
    return str(token.meta["id"] + 1)


def _reference_anchor(token: Token) -> str:
    again = token.meta.get("subId", 0)
    return f"rujukan-catatan-{_number(token)}" + (f"-{again + 1}" if again else "")


def _footnote_reference(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    number, anchor = _number(tokens[at]), _reference_anchor(tokens[at])
    return f'<sup class="catatan"><a href="#catatan-{number}" id="{anchor}">[{number}]</a></sup>'


def _footnotes_open(*_: object) -> str:
    return '<section class="catatan-kaki" aria-label="Catatan kaki">\n<ol>\n'


def _footnote_open(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    return f'<li id="catatan-{_number(tokens[at])}">'


def _footnote_return(_: object, tokens: Sequence[Token], at: int, *__: object) -> str:
    token = tokens[at]
    return f' <a href="#{_reference_anchor(token)}" class="kembali" aria-label="Kembali ke teks">\u21a9\ufe0e</a>'


_RENDERING: Final[Mapping[str, Callable[..., str]]] = {
    "footnote_ref": _footnote_reference,
    "footnote_block_open": _footnotes_open,
    "footnote_open": _footnote_open,
    "footnote_anchor": _footnote_return,
}


# --- the last word: what may stand on a page


@cache
def _cleaner() -> nh3.Cleaner:
    """The allowlist. Text can make no other tag than these; it is the second guard, behind ``html: False``."""
    classes = {
        "a": {"kembali"},
        "section": {"catatan-kaki"},
        "sup": {"catatan"},
        "td": set(_ALIGN.values()),
        "th": set(_ALIGN.values()),
    }
    return nh3.Cleaner(
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        tag_attribute_values={"a": {"rel": {"noopener"}}, "th": {"scope": {"col"}}},
        allowed_classes=classes,
        attribute_filter=_attribute,
        url_schemes=set(SCHEMES),
        url_relative=lambda url: url if is_safe(url) else None,
        link_rel=None,
    )


_TAGS: Final = frozenset(
    [
        "a",
        "blockquote",
        "br",
        "code",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "strong",
        "sup",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_ATTRIBUTES: Final = {
    "a": {"href", "title", "id", "aria-label"},
    "img": {"src", "alt", "title"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"aria-label"},
    **{f"h{level}": {"id"} for level in range(TOP_LEVEL, _LOWEST_LEVEL + 1)},
}


def _attribute(_: str, name: str, value: str) -> str | None:
    if name == "id" and not re.fullmatch(r"[a-z0-9-]{1,120}", value):
        return None
    if name == "start" and not re.fullmatch(r"[0-9]{1,9}", value):
        return None
    return value


def _framed(safe: str) -> str:
    """Tables in a frame that scrolls on a phone and can be reached by keyboard (WCAG 2.2, 2.1.1)."""
    numbers = iter(range(1, safe.count("<table>") + 1))
    return re.sub(
        "<table>",
        lambda found: f'<div class="tabel" role="region" aria-label="Tabel {next(numbers)}" tabindex="0">{found[0]}',
        safe,
    ).replace("</table>", "</table></div>")
