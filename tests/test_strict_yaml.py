"""The one YAML parser: text stays text, every line is right, everything clever is refused."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError
from pipeline.strict_yaml import Mapping, Node, Scalar, Sequence, YamlError, load


def plain(node: Node) -> object:
    match node:
        case Scalar(text=text):
            return text
        case Sequence(items=items):
            return [plain(item) for item in items]
        case Mapping(items=items):
            return {name: plain(value) for name, value in items.items()}


@pytest.mark.parametrize(
    "written", ["10:30", "012", "no", "yes", "null", "~", "1e3", "2026-01-30", "0x1F", "0o17", "true", "1_000", ".inf"]
)
def test_a_value_stays_the_text_that_was_written(written: str) -> None:
    assert plain(load(f"nilai: {written}\n")) == {"nilai": written}


def test_lists_and_mappings_nest_and_keep_their_order() -> None:
    node = load("b: [1, 2]\na:\n  - x: y\n    z: ''\n")
    assert plain(node) == {"b": ["1", "2"], "a": [{"x": "y", "z": ""}]}
    assert isinstance(node, Mapping)
    assert list(node.items) == ["b", "a"]


@pytest.mark.parametrize("empty", ["", "\n\n", "# hanya catatan\n", "---\n"])
def test_an_empty_text_is_an_empty_mapping(empty: str) -> None:
    node = load(empty)
    assert isinstance(node, Mapping)
    assert node.items == {}


def test_every_node_knows_its_line_in_the_whole_file() -> None:
    node = load("# catatan\n\njudul: Sidang\ndaftar:\n  - satu\n  - dua\n", first_line=11)
    assert isinstance(node, Mapping)
    assert node.key_lines == {"judul": 13, "daftar": 14}
    judul, daftar = node.items["judul"], node.items["daftar"]
    assert isinstance(judul, Scalar)
    assert judul.line == 13
    assert isinstance(daftar, Sequence)
    assert [item.line for item in daftar.items] == [15, 16]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "ditulis dua kali (pertama di baris 1)"),
        ("a: &x 1\n", 1, "jangkar"),
        ("a: 1\nb: *x\n", 2, "jangkar"),
        ("a: &x {b: 1}\n<<: *x\n", 1, "jangkar"),
        ("a: !!python/object/apply:os.system [ls]\n", 1, "jenis data"),
        ("a: !ENV HOME\n", 1, "jenis data"),
        ("a: 1\n---\nb: 2\n", 2, "dua bagian"),
        ("%YAML 1.1\n---\na: 1\n", 1, "diawali %"),
        ("? [a, b]\n: 1\n", 1, "satu kata"),
        ("judul: Sidang: keliling\n", 1, "tidak dapat dibaca"),
        ("a: 1\n\tb: 2\n", 2, "tidak dapat dibaca"),
        ('a: 1\nb: "tidak ditutup\n', 3, "tidak dapat dibaca"),
        ("a: \x07\n", 1, "tidak dapat dibaca"),
    ],
)
def test_what_is_clever_or_broken_is_refused_with_its_line(text: str, line: int, words: str) -> None:
    with pytest.raises(YamlError) as caught:
        load(text)
    assert words in caught.value.message
    assert caught.value.line == line
    assert caught.value.hint.endswith(".")
    assert isinstance(caught.value, ConfigurationError)


def test_depth_and_size_are_bounded() -> None:
    deep = "a: " + "[" * 20 + "]" * 20
    with pytest.raises(YamlError, match="terlalu dalam"):
        load(deep)
    assert load(deep, max_depth=30)
    with pytest.raises(YamlError, match="lebih besar dari 8 kB"):
        load("a: " + "x" * 9000, max_bytes=8192)


def test_extreme_nesting_is_an_error_and_no_crash() -> None:
    for text in ("[" * 100_000, "- " * 50_000 + "a", "{a: " * 20_000):
        with pytest.raises(YamlError):
            load(text)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | st.text(alphabet="ab:-#[]{}&*!|>'\"%@` \n\t", max_size=120))
def test_any_text_is_a_node_or_one_error_with_a_line_of_the_text(text: str) -> None:
    error = outcome(text)
    # PyYAML counts a few exotic line ends too, so the bound is generous.
    assert error is None or (1 <= error.line <= len(text) + 2 and error.hint)


def outcome(text: str) -> YamlError | None:
    try:
        load(text)
    except YamlError as error:
        return error
    return None


values = st.recursive(
    st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abcdef", min_size=1, max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.text("abcdef", min_size=1, max_size=4), values, min_size=1, max_size=4))
def test_json_text_reads_as_the_same_tree(tree: dict[str, object]) -> None:
    assert plain(load(json.dumps(tree, ensure_ascii=False))) == tree
