"""Kinds: one table of fields, and everything that is made from it."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import frontmatter, kinds
from pipeline.kinds import BLANK, ID, KINDS, MAX_PATH, SLUG, Kind, draft_text, kind_of, new_id, new_slug
from pipeline.strict_yaml import Mapping, Scalar, load

TODAY = date(2026, 1, 30)
PATHS = {"berita": "berita/2026/sidang", "pengumuman": "pengumuman/2026/jam", "halaman": "layanan/biaya-perkara"}
each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)


def new_draft(kind: Kind) -> str:
    return draft_text(kind, id="2026k7m2qx", title="Sidang keliling di Wanayasa", today=TODAY)


def test_the_first_segment_of_a_path_names_the_kind_and_all_else_is_a_page() -> None:
    assert {name: kind_of(path).name for name, path in PATHS.items()} == {name: name for name in PATHS}
    assert kind_of("beritaku/x").name == "halaman"


@pytest.mark.parametrize("path", PATHS.values())
def test_a_path_of_the_right_shape_is_one(path: str) -> None:
    assert kinds.is_document_path(path)


@pytest.mark.parametrize(
    "path",
    ["berita/sidang", "berita/2026", "berita/2026/a/b", "berita/26/a", "layanan", "layanan/a/b", "berita/2026/Sidang",
     "berita/2026/sidang keliling", "berita/2026/../x", "/layanan/a", "layanan/a/", "", "layanan/" + "a" * 81,
     "berita/2026/a\n"],
)  # fmt: skip
def test_a_path_of_another_shape_is_none(path: str) -> None:
    assert not kinds.is_document_path(path)


@each_kind
def test_a_new_document_stands_where_its_kind_belongs(kind: Kind) -> None:
    path = kinds.document_path(kind, slug="sidang", year=2026, section="layanan")
    assert kinds.is_document_path(path)
    assert kind_of(path) is kind
    assert len(kinds.document_path(kind, slug="a" * 80, year=2026, section="b" * 80)) <= MAX_PATH


@each_kind
def test_every_field_has_a_label_a_help_and_an_example_that_reads_back(kind: Kind) -> None:
    for entry in kind.fields:
        assert entry.label
        assert entry.help.endswith(".")
        text = f"---\n{entry.name}: {entry.example}\n---\n"
        document = frontmatter.read(text.encode(), path=PATHS[kind.name])
        assert document.problems == (), entry.name
        assert entry.name in document.fields


@each_kind
def test_a_new_draft_reads_without_a_problem_and_holds_the_required_fields(kind: Kind) -> None:
    document = frontmatter.read(new_draft(kind).encode(), path=PATHS[kind.name])
    assert document.problems == ()
    assert set(document.fields) == {entry.name for entry in kind.fields if entry.required}
    assert document.title == "Sidang keliling di Wanayasa"


@each_kind
def test_every_optional_field_of_a_new_draft_is_right_once_its_sign_is_removed(kind: Kind) -> None:
    text = re.sub(r"^# (?=\w+: )", "", new_draft(kind), flags=re.MULTILINE)
    document = frontmatter.read(text.encode(), path=PATHS[kind.name])
    assert document.problems == ()
    assert set(document.fields) == {entry.name for entry in kind.fields if entry.name != "ralat"}


@each_kind
def test_a_new_draft_offers_no_correction_because_nobody_has_read_it_yet(kind: Kind) -> None:
    assert kind.field("ralat") is not None
    assert "ralat" not in new_draft(kind)


@each_kind
def test_every_blank_of_a_template_is_recognised(kind: Kind) -> None:
    lines = [line for line in kind.template.split("\n") if "…" in line]
    assert len(lines) >= 4
    assert all(BLANK.search(line) for line in lines)


@pytest.mark.parametrize(
    "prose",
    [
        "Isi: lihat lampiran",
        "dan seterusnya… Isinya baik",
        "[isi](/x/)",
        "daftar isi: bab satu",
        "… isian: nama",
        "...isi ulang",
    ],
)
def test_ordinary_prose_is_no_blank(prose: str) -> None:
    assert BLANK.search(prose) is None


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Sidang keliling di Wanayasa", "sidang-keliling-di-wanayasa"),
        ("  Ketua: “Layanan” & Café №5! ", "ketua-layanan-cafe-no5"),
        ("محكمة", "naskah"),
        ("", "naskah"),
        ("---", "naskah"),
        ("CON", "naskah-con"),
        ("lpt1", "naskah-lpt1"),
        ("a" * 200, "a" * 80),
        ("kata " * 40, "-".join(["kata"] * 16)),
    ],
)
def test_a_slug_is_made_of_the_title(title: str, slug: str) -> None:
    assert new_slug(title) == slug


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_a_slug_is_always_valid_and_stable(title: str) -> None:
    slug = new_slug(title)
    assert SLUG.fullmatch(slug)
    assert not slug.startswith("-")
    assert not slug.endswith("-")
    assert new_slug(slug) == slug


def test_an_id_is_the_year_and_six_letters_of_the_random_bytes() -> None:
    assert new_id(2026, bytes([0, 25, 26, 31, 32, 255])) == "2026az27a7"
    assert ID.fullmatch(new_id(2026, b"abcdefgh"))
    with pytest.raises(ValueError, match="6 random bytes"):
        new_id(2026, b"abc")


def test_every_letter_of_an_id_is_equally_likely() -> None:
    letters = Counter(new_id(2026, bytes([byte] * 6))[4] for byte in range(256))
    assert set(letters.values()) == {8}
    assert len(letters) == 32


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=60))
def test_a_text_written_as_yaml_reads_back_unchanged(value: str) -> None:
    node = load(f"nilai: {kinds.yaml_text(value)}\n")
    assert isinstance(node, Mapping)
    scalar = node.items["nilai"]
    assert isinstance(scalar, Scalar)
    assert scalar.text == value


@pytest.mark.parametrize("value", ["Sidang keliling", "10:30", "no", "Biaya 2026/2027", "é"])
def test_an_ordinary_text_is_written_without_quotes(value: str) -> None:
    assert kinds.yaml_text(value) == value


def front_matter(kind: Kind) -> dict[str, object]:
    """An example of every field, as an editor's YAML plug-in reads it."""
    values: dict[str, object] = {}
    for entry in kind.fields:
        node = load(f"x: {entry.example}\n")
        assert isinstance(node, Mapping)
        values[entry.name] = plain(node.items["x"])
    return values


def plain(node: object) -> object:
    if isinstance(node, Scalar):
        return int(node.text) if node.text.isdigit() and len(node.text) < 4 else node.text
    if isinstance(node, Mapping):
        return {name: plain(value) for name, value in node.items.items()}
    return [plain(item) for item in node.items]  # type: ignore[attr-defined]


@each_kind
def test_the_json_schema_accepts_the_examples_and_refuses_what_the_check_refuses(kind: Kind) -> None:
    schema = kinds.json_schema(kind)
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    good = front_matter(kind)
    validator.validate(good)
    missing = {name: value for name, value in good.items() if name != "title"}
    for bad in (
        good | {"judul": "x"},
        good | {"id": "1"},
        good | {"title": "x" * 91},
        missing,
        good | {"izinkan": ["nik"]},
        good | {"ralat": [{"tanggal": "2026-02-02"}]},
        good | {"ralat": [{"tanggal": "2026-02-02", "isi": ""}]},
    ):
        assert not validator.is_valid(bad), bad


@each_kind
def test_the_table_of_fields_names_every_field_once(kind: Kind) -> None:
    rows = kinds.fields_table(kind).splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [entry.name for entry in kind.fields]
    assert all(row.count("|") == 6 for row in rows)


def test_the_fields_of_a_kind_are_found_by_name() -> None:
    assert KINDS["berita"].field("tempat") is not None
    assert KINDS["halaman"].field("tempat") is None
