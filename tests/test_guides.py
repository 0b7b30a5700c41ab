"""What README.md and the guides say is so: commands, options, messages, pictures and links.

The commands are parsed by the real command line without being run; the messages are looked for in the program's own texts.
The pictures are remade by ``docs/pictures.py``.
"""

from __future__ import annotations

import ast
import re
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click
import pytest

from pipeline.cli import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "docs" / "panduan"
PICTURES = ROOT / "docs" / "gambar"
PAGES = (ROOT / "README.md", ROOT / "docs" / "README.md", *sorted(GUIDES.glob("*.md")))
STAFF = ("admin.md", "redaktur.md", "kasubag.md")
LARGEST_BYTES, LARGEST_TOTAL = 150_000, 1_000_000
FORBIDDEN = re.compile(r"\b(?:commit|branch|merge|push|hash|pull request|repo(?:sitory)?)\b", re.IGNORECASE)
# What the launcher answers itself, before there is a command line.
LAUNCHER = {"test"}


def by_name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


each_page = pytest.mark.parametrize("page", PAGES, ids=by_name)


# -- commands --


def blocks(page: Path, *languages: str) -> Iterator[str]:
    """The lines of the fenced blocks of these languages."""
    for language, block in re.findall(r"(?ms)^ *```(\w*)\n(.*?)^ *```$", page.read_text("utf-8")):
        if language in languages:
            yield from block.splitlines()


def commands(page: Path) -> list[list[str]]:
    """The words after ``redaksi`` of everything that somebody might type: in blocks, unit files, and between backticks."""
    prose = re.sub(r"(?ms)^ *```.*?^ *```$", "", page.read_text("utf-8"))
    spans = [span for span in re.findall(r"`([^`]+)`", prose) if "…" not in span and "..." not in span]
    lines = [shlex.split(line, comments=True) for line in (*blocks(page, "sh", "ini"), *spans)]
    return [words for line in lines if (words := after_redaksi(line))]


def after_redaksi(line: list[str]) -> list[str]:
    """What follows the launcher in a line of words; nothing where the line does not start it."""
    for place, word in enumerate(line):
        before = line[place - 1] if place else ""
        if word.endswith("/redaksi") and not before.startswith("-"):  # not the value of an option
            return line[place + 1 :]
        if word == "redaksi" and before in {"", "py"}:
            return line[place + 1 :]
    return []


def parsed(words: list[str]) -> str:
    """The name of the command, after its words were accepted by the real parser; a ``ClickException`` otherwise."""
    top = click.Context(cli, info_name="redaksi")
    _, rest, _ = cli.make_parser(top).parse_args(list(words))
    name, command, arguments = cli.resolve_command(top, rest)
    assert name is not None
    assert command is not None
    if "--help" not in arguments:
        command.make_context(name, arguments, parent=top)
    return name


@each_page
def test_every_command_on_the_page_is_one(page: Path) -> None:
    for words in commands(page):
        if words[0] not in LAUNCHER:
            assert parsed(words) in cli.commands, words


@pytest.mark.parametrize(
    "line", ["setujui x", "approve", "return x --reason bahasa", "submit x --force", "check --format xml", "deploy a b"]
)
def test_a_command_that_does_not_exist_is_found(line: str) -> None:
    with pytest.raises(click.ClickException):
        parsed(shlex.split(line))


def test_the_guides_show_the_whole_way_of_a_document() -> None:
    shown = {parsed(words) for page in PAGES for words in commands(page) if words[0] not in LAUNCHER}
    assert shown >= {
        *("new", "check", "serve", "submit", "edit", "retract", "status", "history", "read", "approve", "return"),
        *("verify", "open-office", "publish", "deploy", "releases", "rollback", "monev", "audit", "sop", "demo"),
    }


def test_commands_are_found_wherever_a_page_shows_them(tmp_path: Path) -> None:
    page = tmp_path / "x.md"
    unit = "```ini\nExecStart=/srv/x/redaksi --as d berunit\n```\n"
    page.write_text(
        f"Tulis `./redaksi aneh x`.\n\n   ```sh\n   sudo -u a env B=c /srv/redaksi/y/redaksi ganjil\n   ```\n{unit}"
        "`py redaksi langka` `adduser --home /srv/redaksi --shell z` `git -C redaksi`\n"
    )
    assert sorted(commands(page)) == [["--as", "d", "berunit"], ["aneh", "x"], ["ganjil"], ["langka"]]


# -- messages --


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    """Every text of the program, with ``…`` where a value stands."""
    files = [*(ROOT / "pipeline").rglob("*.py"), ROOT / "redaksi"]
    return [text for file in files for text in texts(ast.parse(file.read_text("utf-8")))]


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)


def messages(page: Path) -> list[str]:
    """The first column of the table of messages, without the place that the office's files put before theirs."""
    table = page.read_text("utf-8").partition("## Jika muncul pesan")[2].partition("\n## ")[0]
    return [re.sub(r"^office/\w+\.yml baris …: ", "", m) for m in re.findall(r"(?m)^\| `([^`]+)` \|", table)]


def says(sentence: str, message: str) -> bool:
    """Whether a message, with ``…`` for what varies, may come from a sentence of the program."""
    parts = [part.strip() for part in message.split("…")]
    return any(parts) and all(part in sentence for part in parts)


@pytest.mark.parametrize("page", sorted(GUIDES.glob("*.md")), ids=by_name)
def test_every_message_in_a_guide_is_one_of_the_program(page: Path, sentences: list[str]) -> None:
    found = messages(page)
    assert len(found) >= 3
    strange = [message for message in found if not any(says(sentence, message) for sentence in sentences)]
    assert strange == []


def test_an_invented_message_is_found(sentences: list[str]) -> None:
    assert not any(says(sentence, "Naskah … sudah kami terima dengan baik.") for sentence in sentences)


# -- pictures --


def pictures(page: Path) -> list[Path]:
    return [
        (page.parent / name).resolve() for name in re.findall(r"!\[[^\]]+\]\(([^)\s]+\.png)\)", page.read_text("utf-8"))
    ]


@each_page
def test_every_picture_exists_and_is_described(page: Path) -> None:
    assert [by_name(picture) for picture in pictures(page) if not picture.is_file()] == []
    assert "![](" not in re.sub(r"(?ms)^ *```.*?^ *```$", "", page.read_text("utf-8"))


def test_every_picture_is_shown_somewhere_and_small() -> None:
    shown = {picture for page in PAGES for picture in pictures(page)}
    there = set(PICTURES.iterdir())
    assert shown == there
    assert max(file.stat().st_size for file in there) <= LARGEST_BYTES
    assert sum(file.stat().st_size for file in there) <= LARGEST_TOTAL


@pytest.mark.parametrize("name", STAFF)
def test_a_staff_guide_has_pictures(name: str) -> None:
    assert len(pictures(GUIDES / name)) >= 3


def test_every_picture_is_made_by_the_script() -> None:
    script = (ROOT / "docs" / "pictures.py").read_text("utf-8")
    assert [file.name for file in PICTURES.iterdir() if f'"{file.name}"' not in script] == []


# -- links and words --


def anchors(page: Path) -> set[str]:
    """The anchors that a forge makes of the headings."""
    headings = re.findall(r"(?m)^#+ (.+)$", page.read_text("utf-8"))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    prose = re.sub(r"(?ms)^ *```.*?^ *```$", "", page.read_text("utf-8"))
    for link in re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", prose):
        if not re.match(r"https?:", link):
            place, _, anchor = link.partition("#")
            target = (page.parent / place).resolve() if place else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def test_every_guide_is_in_the_index_and_in_the_readme() -> None:
    for index in (ROOT / "docs" / "README.md", ROOT / "README.md"):
        text = index.read_text("utf-8")
        assert [guide.name for guide in GUIDES.glob("*.md") if f"panduan/{guide.name})" not in text] == []


@pytest.mark.parametrize("name", STAFF)
def test_a_staff_guide_speaks_no_git(name: str) -> None:
    assert FORBIDDEN.findall((GUIDES / name).read_text("utf-8")) == []


@pytest.mark.parametrize("name", STAFF)
def test_a_staff_guide_is_short_and_says_what_to_do_when_stuck(name: str) -> None:
    text = (GUIDES / name).read_text("utf-8")
    assert len(text.split()) <= 1100
    assert "\n## Jika muncul pesan\n" in text
    assert "\n## Jika buntu\n" in text


def test_the_words_that_staff_need_not_know_are_found() -> None:
    assert FORBIDDEN.findall("Lakukan commit, lalu push ke branch; rehash tidak terhitung.") == [
        "commit",
        "push",
        "branch",
    ]
