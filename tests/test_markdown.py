"""Markdown: true line numbers when reading, and nothing alive in what is rendered."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from pipeline import markdown
from pipeline.markdown import is_safe, parse, raw_html, render

if TYPE_CHECKING:
    from pipeline.model import Image

TEXT = """# Judul *satu*

Kata [tautan
dua baris](/a/b/
"judul") lalu `kode
x` dan ![Foto **tebal**
dua](a.jpg "keterangan") teks[^1] akhir
**tebal** <https://www.mahkamahagung.go.id>

> kutipan
> [dalam](/c/)

| a | b |
|---|---|
| 1 | [k](/k/) |

- satu
- dua ![di daftar](d.jpg)
  \\
  tiga

```
kode
dua
```

[rujukan][r] dan ![R][p]

## Judul satu

[^1]: Catatan
    [kaki](/kaki/)

[r]: /rujukan/ "x"
[p]: p.jpg
"""


def line_of(words: str, first_line: int = 1) -> int:
    return TEXT[: TEXT.index(words)].count("\n") + first_line


# --- reading


@pytest.mark.parametrize("first_line", [1, 9])
def test_links_and_pictures_stand_on_the_line_on_which_they_begin(first_line: int) -> None:
    found = parse(TEXT, first_line)
    assert {link.href: link.line for link in found.links} == {
        "/a/b/": line_of("[tautan", first_line),
        "https://www.mahkamahagung.go.id": line_of("<https", first_line),
        "/c/": line_of("[dalam]", first_line),
        "/k/": line_of("[k]", first_line),
        "/rujukan/": line_of("[rujukan]", first_line),
        "/kaki/": line_of("[kaki]", first_line),
    }
    assert {image.src: image.line for image in found.images} == {
        "a.jpg": line_of("![Foto", first_line),
        "d.jpg": line_of("![di daftar", first_line),
        "p.jpg": line_of("![R]", first_line),
    }


def test_a_picture_has_its_description_without_signs_and_its_caption() -> None:
    image = parse(TEXT).images[0]
    assert (image.alt, image.title) == ("Foto tebal dua", "keterangan")


def test_a_link_has_the_words_that_carry_it() -> None:
    assert parse(TEXT).links[0].text == "tautan dua baris"
    assert parse("[![Peta **kantor**](a.jpg)](/x/)").links[0].text == "Peta **kantor**"


@pytest.mark.parametrize(
    "words",
    [
        "Judul",
        "Kata",
        "dua baris",
        "lalu",
        "dan",
        "teks",
        "tebal",
        "kutipan",
        "satu\n- dua",
        "tiga",
        "kode\ndua",
        "Catatan",
        "kaki",
    ],
)
def test_words_stand_on_their_own_line(words: str) -> None:
    # The reader sees words, not signs; each is looked for where the source has it.
    first = words.split("\n", maxsplit=1)[0]
    lines = {passage.line for passage in parse(TEXT).passages if first in passage.text}
    source = {number for number, line in enumerate(TEXT.split("\n"), 1) if first in line}
    assert lines
    assert lines <= source | {line_of("x` dan")}


def test_a_row_of_a_table_is_one_passage_and_its_cells_are_paragraphs_of_their_own() -> None:
    found = parse("| a | b |\n|---|---|\n| c | d |\n")
    assert [(passage.line, passage.text) for passage in found.passages] == [(1, "a | b"), (3, "c | d")]
    assert [[passage.text for passage in paragraph] for paragraph in found.paragraphs] == [["a"], ["b"], ["c"], ["d"]]


def test_the_lines_of_a_paragraph_stay_together_and_apart_from_other_blocks() -> None:
    found = parse("satu\ndua\n\n- tiga\n- empat\n")
    assert [[passage.text for passage in paragraph] for paragraph in found.paragraphs] == [
        ["satu", "dua"],
        ["tiga"],
        ["empat"],
    ]


def test_code_is_visible_words_too() -> None:
    assert [(p.line, p.text) for p in parse("```\nNIK\n\nlain\n```\n\n    blok\n").passages] == [
        (2, "NIK"),
        (4, "lain"),
        (7, "blok"),
    ]


def test_headings_get_the_level_of_the_page_and_unique_anchors() -> None:
    found = parse("# Syarat\n\n## Syarat\n\n### Syarat 2\n\nSyarat\n---\n\n# محكمة\n\n# Catatan 1\n").headings
    assert [(heading.level, heading.anchor) for heading in found] == [
        (2, "syarat"), (2, "syarat-2"), (3, "syarat-2-2"), (2, "syarat-3"), (2, "naskah"), (2, "bagian-catatan-1"),
    ]  # fmt: skip
    assert [heading.line for heading in found] == [1, 3, 5, 7, 10, 12]


def test_an_address_is_given_as_it_was_written() -> None:
    assert [link.href for link in parse("[a](javascript:x) [b](//evil) [c](https://pä.id/ä) [d](<a b>)").links] == [
        "javascript:x", "//evil", "https://pä.id/ä", "a b",
    ]  # fmt: skip


def test_plain_addresses_are_no_links() -> None:
    assert parse("Lihat www.contoh.id dan https://contoh.id atau a@contoh.id").links == ()


def test_html_is_found_with_its_line_but_not_in_code() -> None:
    text = "Sidang <b>tertib\n</b> dan `<i>`\n\n<div>\nx\n</div>\n\n```\n<p>\n```\n\n[a](/b/\n'c') <br>\n<https://a.id> 1 < 2\n"
    assert [(piece.line, piece.text.split("\n", maxsplit=1)[0]) for piece in raw_html(text)] == [
        (1, "<b>"), (2, "</b>"), (4, "<div>"), (13, "<br>"),
    ]  # fmt: skip


# --- addresses


@pytest.mark.parametrize(
    "href",
    [
        "",
        "#a",
        "/",
        "/a/b/",
        "a.jpg",
        "?q=1",
        "a/b:c",
        "#a:b",
        "https://a.id/x?y=z:1#w",
        "HTTP://a.id",
        "mailto:a@b.id",
        "tel:+62286",
    ],
)
def test_an_address_of_the_site_or_of_an_allowed_scheme_is_safe(href: str) -> None:
    assert is_safe(href)


@pytest.mark.parametrize(
    "href",
    ["javascript:x", "JaVaScRiPt:x", "vbscript:x", "data:text/html,x", "file:///x", "blob:x", "//a.id", "\\\\a.id", "/\\a.id",
     "java\tscript:x", "java\nscript:x", " javascript:x", "\x01javascript:x", "https:a.id", "http:/a.id", "https://", "x:y", "ms-word:x",
     "\u0085javascript:x", "view-source:x", "https://\\a"],
)  # fmt: skip
def test_any_other_or_ambiguous_address_is_not(href: str) -> None:
    assert not is_safe(href)


# --- rendering


def dom(body: str, **options: object) -> LexborHTMLParser:
    return LexborHTMLParser(render(body, **options).html)  # type: ignore[arg-type]


def test_a_text_is_rendered_as_a_page_needs_it() -> None:
    page = dom(TEXT)
    assert [node.tag for node in page.css("h1, h2, h3")] == ["h2", "h2"]
    assert page.css_first("h2").attributes == {"id": "judul-satu"}
    assert page.css_first("blockquote a").attributes["href"] == "/c/"
    assert page.css_first("pre code").text() == "kode\ndua\n"


def test_the_headings_of_the_page_are_those_that_reading_gives() -> None:
    assert render(TEXT, first_line=5).headings == parse(TEXT, 5).headings
    assert {node.attributes["id"] for node in dom(TEXT).css("h2")} == {
        heading.anchor for heading in parse(TEXT).headings
    }


def test_a_heading_keeps_its_level_below_the_title() -> None:
    assert [node.tag for node in dom("# a\n\n## b\n\n### c\n\n###### d\n").css("h1,h2,h3,h4,h5,h6")] == [
        "h2",
        "h2",
        "h3",
        "h6",
    ]


def test_only_links_to_other_hosts_get_noopener() -> None:
    page = dom("[a](https://a.id/) [b](/b/) [c](mailto:c@c.id)")
    assert [node.attributes.get("rel") for node in page.css("a")] == ["noopener", None, None]


def test_addresses_are_written_as_the_site_needs_them() -> None:
    page = dom("[a](/layanan/biaya/#x) [b](b.csv)", link=lambda href: f"../..{href}" if href.startswith("/") else href)
    assert [node.attributes["href"] for node in page.css("a")] == ["../../layanan/biaya/#x", "b.csv"]


def test_an_address_made_dangerous_by_the_site_is_dropped_too() -> None:
    assert "href" not in render("[a](/b/)", link=lambda _: "javascript:x").html


def test_a_table_scrolls_in_a_frame_that_the_keyboard_reaches() -> None:
    page = dom("| a | b |\n|:-:|--:|\n| 1 | 2 |\n\ntengah\n\n| c |\n|---|\n| `<table>` |\n")
    frames = page.css("div.tabel > table")
    assert [frame.parent.attributes for frame in frames if frame.parent] == [
        {"class": "tabel", "role": "region", "aria-label": f"Tabel {number}", "tabindex": "0"} for number in (1, 2)
    ]
    assert [cell.attributes for cell in page.css("th")] == [
        {"class": "rata-tengah", "scope": "col"}, {"class": "rata-kanan", "scope": "col"}, {"scope": "col"},
    ]  # fmt: skip
    assert page.css("[style]") == []
    assert page.css("table code")[0].text() == "<table>"


def test_a_footnote_leads_there_and_back() -> None:
    page = dom("Kata[^a] dan[^a] lain[^b].\n\n[^a]: Satu\n[^b]: Dua\n\n## Catatan 1\n")
    targets = {node.attributes["id"] for node in page.css("[id]")}
    assert len(targets) == len(page.css("[id]"))
    assert {str(node.attributes["href"])[1:] for node in page.css("a[href^='#']")} <= targets
    assert page.css_first("section").attributes["aria-label"] == "Catatan kaki"
    assert all(node.attributes["aria-label"] == "Kembali ke teks" for node in page.css("a.kembali"))


def figure(image: Image, is_first: bool) -> str:  # noqa: FBT001 - the shape that render calls
    return f'<figure data-line="{image.line}" data-first="{is_first}"><img src="{image.src}" onload="ours()"></figure>'


def test_our_own_html_for_pictures_goes_in_after_sanitising() -> None:
    page = dom("![a](a.jpg)\n\n![b](b.jpg)\n", image=figure, first_line=7)
    assert [node.attributes for node in page.css("figure")] == [
        {"data-line": "7", "data-first": "True"}, {"data-line": "9", "data-first": "False"},
    ]  # fmt: skip
    assert len(page.css("img[onload]")) == 2


@pytest.mark.parametrize(
    ("body", "outline"),
    [
        ("![a](a.jpg)", "figure"),
        ("![a](a.jpg)\n![b](b.jpg)", "figure figure"),
        ("sebelum\n![a](a.jpg)\nsesudah", "p figure p"),
        ("sebelum ![a](a.jpg)", "p figure"),
        ("![a](a.jpg) sesudah **tebal**", "figure p"),
        ("[![a](a.jpg)](/x/)", "a"),
        ("kata *miring ![a](a.jpg)* kata", "p em p"),
        ("tanpa foto", "p"),
    ],
)
def test_a_picture_stands_beside_paragraphs_because_it_is_a_block(body: str, outline: str) -> None:
    root = dom(body, image=figure).body
    assert root is not None
    assert " ".join(str(node.tag) for node in root.iter()) == outline
    assert not LexborHTMLParser(render(body, image=figure).html).css("p figure, p:empty")


def test_a_picture_in_a_list_or_a_footnote_keeps_the_list_whole() -> None:
    page = dom("- satu ![a](a.jpg)\n- dua\n\nx[^1]\n\n[^1]: ![b](b.jpg)\n", image=figure)
    assert len(page.css("ul > li")) == 2
    assert len(page.css("li figure")) == 2
    assert page.css("li > a.kembali") or page.css("li p a.kembali")


def test_without_our_html_a_picture_is_plain_and_one_from_another_host_is_words() -> None:
    page = dom('![uraian](a.jpg "judul") ![luar](https://a.id/a.jpg) ![skema](data:image/png;base64,AA)')
    assert [node.attributes for node in page.css("img")] == [{"src": "a.jpg", "alt": "uraian", "title": "judul"}]
    assert "luar" in (page.text() or "")


def test_a_text_that_copies_the_placeholder_of_a_picture_changes_nothing() -> None:
    seen: list[str] = []

    def spy(image: Image, *_: bool) -> str:
        seen.append(image.src)
        return "<hr class=ours>"

    first = "![a](a.jpg)"
    pictures = markdown._Pictures(first, spy)
    word = pictures._word
    page = dom(f"{first}\n\n{word}x0x {word}x1x `{word}x0x`\n", image=spy)
    assert len(page.css("hr")) == 1
    assert (page.text() or "").count(word) == 3


# --- hostile texts

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<iframe src=//evil.id></iframe>",
    "<style>*{background:url(//evil.id)}</style>",
    "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    "<!--><script>alert(1)</script>-->",
    "<table><td background='javascript:alert(1)'>",
    "<base href='//evil.id/'>",
    "<meta http-equiv=refresh content='0;url=//evil.id'>",
    "<form action=//evil.id><input name=nik></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](javascript&#58;alert(1))",
    "[x](java&Tab;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](<java\\script:alert(1)>)",
    "[x](\\javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](data:image/svg+xml,<svg/onload=alert(1)>)",
    "[x](//evil.id/)",
    "[x](/\\\\evil.id/)",
    "[x](\\\\\\\\evil.id)",
    "[x](https:evil.id)",
    "[x](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "[x][r]\n\n[r]: javascript:alert(1) 'x'",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zy9vbmxvYWQ9YWxlcnQoMSk+)",
    "![x](//evil.id/a.jpg)",
    "![x](x' onerror='alert(1))",
    '![x](a.jpg "\\" onerror=\\"alert(1)")',
    '![" onerror="alert(1)](a.jpg)',
    "![<img src=x onerror=alert(1)>](a.jpg)",
    '[x](/a/ "\\" onmouseover=\\"alert(1)")',
    "[<script>alert(1)</script>](/a/)",
    "[![x](javascript:alert(1))](javascript:alert(2))",
    "[a [b](javascript:alert(1)) c](/x/)",
    '```"onmouseover=alert(1)\nx\n```',
    "```<script>\n</code></pre><script>alert(1)</script>\n```",
    "    </code></pre><script>alert(1)</script>",
    "# <script>alert(1)</script>",
    "## x {onclick=alert(1)}",
    "| <script>alert(1)</script> |\n|---|\n| [x](javascript:alert(1)) |",
    "x[^1]\n\n[^1]: <script>alert(1)</script> [y](javascript:alert(1))",
    'x[^"><script>]\n\n[^"><script>]: y',
    "{: onclick='alert(1)'}",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script\\>alert(1)",
    "`<script>alert(1)</script>`",
    "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>alert(1)</x:script>",
    "<div\n onclick=alert(1)>",
    "{{ 7*7 }} {% import os %} ${7*7} <%= 7*7 %>",
]  # fmt: skip
FRAMES = [
    "{}",
    "- {}",
    "> {}",
    "**{}**",
    "a {} b",
    "1. x\n\n   {}",
    "![{}](a.jpg)",
    "[{}](/a/)",
    "| a |\n|---|\n| {} |",
    '![a](a.jpg "{}")',
]
LIVE_TAGS = "script,style,svg,math,iframe,object,embed,form,input,base,meta,link,template,noscript,video,audio,frame,applet,textarea,title"


def alive(html: str) -> list[str]:
    """Everything in ``html`` that could act, judged over the parsed tree."""
    page = LexborHTMLParser(f"<!doctype html><body>{html}</body>")
    body = page.body
    assert body is not None
    found = [f"<{node.tag}>" for node in body.css(LIVE_TAGS)]
    for node in body.css("*"):
        for name, value in node.attributes.items():
            address = (value or "").strip().lower()
            if name.startswith("on") or name in {"style", "srcdoc", "formaction", "xlink:href", "background", "srcset"}:
                found.append(f"{node.tag}[{name}]")
            if name in {"href", "src"} and not re.match(
                r"https?://[^/\\]|mailto:|tel:|[^:/\\]*(?:[/?#](?![/\\])|$)", address
            ):
                found.append(f"{node.tag}[{name}={value}]")
    return found


def test_the_judge_itself_sees_what_is_alive() -> None:
    for payload in (
        "<script></script>",
        "<p onclick=x>",
        "<a href=javascript:x>",
        "<a href=//evil.id>",
        "<p style=x>",
        "<a href='/\\e'>",
    ):
        assert alive(payload), payload
    assert alive('<a href="/a/b/#c">x</a> <a href="https://a.id">y</a> <a href="#d">z</a> <img src="a.jpg">') == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_of_a_hostile_text_stays_alive(payload: str) -> None:
    for frame in FRAMES:
        body = frame.format(payload.replace("\n", "\n   ") if frame.startswith(("-", "1.")) else payload)
        html = render(body).html
        assert alive(html) == [], html
        assert alive(render(body, image=lambda image, _: f'<img src="a.jpg" data-x="{len(image.alt)}">').html) == []


def test_the_braces_of_template_languages_stay_what_they_are() -> None:
    assert render("{{ 7 }} {% import os %} ${7*7}").html == "<p>{{ 7 }} {% import os %} ${7*7}</p>\n"


def test_a_refused_link_keeps_its_words() -> None:
    html = render("[baca **ini**](javascript:x) dan [itu](//evil.id)").html
    assert html == "<p>baca <strong>ini</strong> dan itu</p>\n"


pieces = st.lists(
    st.sampled_from(
        ["<", ">", "script", "javascript:", "](", "[", "!", ")", '"', "'", "&colon;", "\n", "\n\n", "`", "|", "---", "#", " ", "*",
         "onerror=", "//evil.id", "\\", "&#x0A;", "[^1]", "[^1]:", "a.jpg", "- ", "> ", "&quot;", "data:", "\t", "https://a.id"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(pieces | st.text(max_size=80))
def test_any_text_is_read_and_rendered_and_nothing_lives(body: str) -> None:
    found = parse(body, 3)
    lines = body.count("\n") + body.count("\r") + 3
    assert all(3 <= thing.line <= lines for group in (found.images, found.links, found.passages) for thing in group)
    rendered = render(body, image=lambda *_: "<figure></figure>")
    assert alive(rendered.html) == []
    assert len(re.findall("<figure>", rendered.html)) == len(found.images)


@pytest.mark.parametrize(
    "body",
    ["[" * 16_000, "![" * 8_000, "*a " * 6_000, "`" * 16_000, "<" * 16_000, ">" * 16_000, "[a](" * 4_000, "*_" * 8_000,
     "# a\n" * 4_000, "|a|b|\n|-|-|\n" + "|x\n" * 4_000, "- " * 8_000, "[^1]" * 3_000 + "\n\n[^1]: x"],
    ids=lambda body: body[:6].strip(),
)  # fmt: skip
def test_texts_made_to_be_slow_are_not(body: str) -> None:
    started = time.perf_counter()
    parse(body)
    render(body)
    assert time.perf_counter() - started < 8  # well under a second each on an idle core; quadratic would be minutes
