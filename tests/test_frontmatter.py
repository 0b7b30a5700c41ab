"""Front matter: any bytes are a document; what is right is kept, what is wrong has a line and a remedy."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import frontmatter, kinds
from pipeline.model import Attachment, Document, FieldValue, Level, Shelf

NEWS = "berita/2026/sidang"
FRONT = "id: 2026k7m2qx\ntitle: Sidang keliling\ndescription: Ringkasan yang cukup panjang untuk daftar berita.\ntanggal: 2026-01-30\n"
GOOD = f"---\n{FRONT}---\n\nIsi naskah.\n"


def read(text: str | bytes, path: str = NEWS) -> Document:
    return frontmatter.read(text.encode() if isinstance(text, str) else text, path=path)


def with_field(line: str, path: str = NEWS) -> Document:
    return read(f"---\n{FRONT}{line}\n---\n\nIsi.\n", path)


def test_a_good_document_is_read_with_types_and_lines() -> None:
    document = read(GOOD)
    assert document.problems == ()
    assert document.kind == "berita"
    assert document.id == "2026k7m2qx"
    assert document.fields["tanggal"] == date(2026, 1, 30)
    assert document.field_lines == {"id": 2, "title": 3, "description": 4, "tanggal": 5}
    assert document.body == "\nIsi naskah.\n"
    assert document.body_line == 7
    assert [(passage.line, passage.text) for passage in document.passages] == [(8, "Isi naskah.")]


def test_the_source_shelf_and_attachments_stay_with_the_document() -> None:
    photo = Attachment(name="a.jpg", data=b"x")
    document = frontmatter.read(GOOD.encode(), path=NEWS, shelf=Shelf.REVIEW, attachments=[photo])
    assert (document.source, document.shelf, document.attachments) == (GOOD, Shelf.REVIEW, (photo,))


def test_the_kind_can_be_told_against_the_path() -> None:
    assert frontmatter.read(b"", path="catatan", kind="berita").kind == "berita"
    assert frontmatter.read(b"", path="catatan").kind == "halaman"


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("terbit: 2026-01-30 10:30", "terbit", datetime(2026, 1, 30, 10, 30)),  # noqa: DTZ001 - the court's zone is added later
        ("terbit: 2026-01-30T07:05", "terbit", datetime(2026, 1, 30, 7, 5)),  # noqa: DTZ001 - as above
        ("terbit: 2026-01-30 10.30", "terbit", datetime(2026, 1, 30, 10, 30)),  # noqa: DTZ001 - as above
        ("tempat: 012", "tempat", "012"),
        ("tempat: no", "tempat", "no"),
        ("tempat: 10:30", "tempat", "10:30"),
        ("tempat: '  Wanayasa '", "tempat", "Wanayasa"),
        ("tempat: >-\n  Kecamatan\n  Wanayasa", "tempat", "Kecamatan Wanayasa"),
        ("tags: [a, '', b]", "tags", ("a", "b")),
        ("tags:\n  - a\n  - 1", "tags", ("a", "1")),
        ("izinkan:\n  - aturan: nik\n    alasan: contoh", "izinkan", ({"aturan": "nik", "alasan": "contoh"},)),
    ],
)
def test_a_value_has_the_type_of_its_field(line: str, name: str, value: FieldValue) -> None:
    document = with_field(line)
    assert document.problems == ()
    assert document.fields[name] == value


@pytest.mark.parametrize(("written", "value"), [("ya", True), ("Tidak", False)])
def test_yes_and_no_are_indonesian(written: str, value: bool) -> None:  # noqa: FBT001 - a test's parameter
    assert with_field(f"mendesak: {written}", "pengumuman/2026/x").fields["mendesak"] is value


def test_a_whole_number_is_read_in_base_ten() -> None:
    document = read("---\nurutan: 010\n---\n", "layanan/x")
    assert document.fields["urutan"] == 10


@pytest.mark.parametrize(
    "line", ["tempat:", "tags:", "tags: []", "terbit: ''", "izinkan:", "mendesak: ''", "berlaku_sejak:"]
)
def test_an_empty_value_is_no_value_and_no_mistake(line: str) -> None:
    path = "pengumuman/2026/x" if line.startswith(("mendesak", "berlaku")) else NEWS
    document = with_field(line, path)
    assert document.problems == ()
    assert line.partition(":")[0] not in document.fields


@pytest.mark.parametrize(
    ("line", "rule", "words", "remedy"),
    [
        ("tempat: [a]", "field-value", "satu baris teks", "tempat: Wanayasa"),
        ("tempat: |\n  a\n  b", "field-value", "satu baris", "satu baris"),
        ('tempat: "a\\u202Eb"', "field-value", "tak terlihat", "Tulis ulang"),
        ("tags: layanan", "field-value", "daftar", "tags: ["),
        ("tags: {a: b}", "field-value", "daftar", "tags: ["),
        ("tags: [[a]]", "field-value", "daftar", "tags: ["),
        ("terbit: besok", "field-value", "bukan tanggal dan jam", "terbit: 2026"),
        ("terbit: 2026-01-30 24:00", "field-value", "bukan tanggal dan jam", "terbit: 2026"),
        ("terbit: 2026-02-30 10:00", "impossible-date", "2026-02-30", "berakhir pada tanggal 28"),
        ("izinkan: [nik]", "field-value", "pasangan aturan dan alasan", "izinkan: ["),
        ("izinkan: [{aturan: nik}]", "field-value", "pasangan aturan dan alasan", "izinkan: ["),
        ("izinkan: nik", "field-value", "pasangan aturan dan alasan", "izinkan: ["),
        ("tmpat: x", "unknown-field", "tmpat", "tempat"),
        ("mendesak: ya", "unknown-field", "mendesak", "pengumuman"),
        ("zzz: x", "unknown-field", "zzz", "Isian yang dikenal"),
        ("title: lagi", "front-matter", "ditulis dua kali (pertama di baris 3)", "Hapus"),
        ("tempat: *jangkar", "front-matter", "jangkar", "tanda kutip"),
        ("tempat: a: b", "front-matter", "tidak dapat dibaca", "tanda kutip"),
    ],
)  # fmt: skip
def test_a_mistake_is_one_finding_with_line_and_remedy_and_the_rest_is_kept(
    line: str, rule: str, words: str, remedy: str
) -> None:
    document = with_field(line)
    (problem,) = document.problems
    assert problem.rule == rule
    assert words in problem.message
    assert remedy in problem.hint
    assert 6 <= problem.line <= 7
    assert problem.level is Level.ERROR
    assert document.fields["title"] == "Sidang keliling"
    assert document.fields["tanggal"] == date(2026, 1, 30)


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("30 Januari 2026", "tanggal: 2026-01-30"),
        ("30 jan 2026", "tanggal: 2026-01-30"),
        ("5/2/2026", "tanggal: 2026-02-05"),
        ("05-02-2026", "tanggal: 2026-02-05"),
        ("kemarin", "tahun-bulan-hari"),
        ("2026-1-3", "tahun-bulan-hari"),
    ],
)
def test_a_date_written_otherwise_is_shown_as_it_must_be_written(written: str, remedy: str) -> None:
    (problem,) = read(f"---\ntanggal: {written}\n---\n").problems
    assert remedy in problem.hint


@pytest.mark.parametrize(
    "written", ["2026-02-30", "2026-13-01", "2026-00-10", "2026-04-31", "2025-02-29", "0026-01-30", "9999-99-99"]
)
def test_a_date_that_does_not_exist_is_named_as_such(written: str) -> None:
    document = read(f"---\ntanggal: {written}\n---\n")
    assert [problem.rule for problem in document.problems] == ["impossible-date"]
    assert "tanggal" not in document.fields


def test_several_mistakes_are_told_at_once_each_at_its_line() -> None:
    document = read(
        "---\ntitle: Sidang: keliling\ntanggal: 2026-02-30\ntmpat: x\ntitle: dua\ntempat: Batur\n---\nIsi.\n"
    )
    assert [(problem.line, problem.rule) for problem in document.problems] == [
        (2, "front-matter"), (3, "impossible-date"), (4, "unknown-field"),
    ]  # fmt: skip
    assert document.fields == {"title": "dua", "tempat": "Batur"}


@pytest.mark.parametrize(
    ("source", "line", "words"),
    [
        (b"", 1, "belum memiliki bagian isian"),
        (b"Isi saja.\n", 1, "belum memiliki bagian isian"),
        (b"\n---\ntitle: x\n---\n", 1, "tidak berada di awal"),
        (b" ---\ntitle: x\n---\n", 1, "tidak berada di awal"),
        (b"---\ntitle: x\n\nIsi.\n", 1, "tidak ditutup"),
        (b"---", 1, "tidak ditutup"),
        (b"---\ntitle: x\n----\nIsi.\n", 1, "tidak ditutup"),
        (b"---\n- a\n---\n", 2, "pasangan nama dan nilai"),
        (b"---\njudul\n---\n", 2, "pasangan nama dan nilai"),
        (b"\xef\xbb\xbf---\ntitle: x\n---\n", 1, "BOM"),
        (b"---\ntitle: x\n---\n\xff\xfe", 4, "UTF-8"),
        (b"---\ntitle: x\n---\n\nIsi \0 naskah", 5, "bukan teks"),
        (b"PK\x03\x04\n\0\0", 2, "bukan teks"),
        (b"---\ntitle: " + b"x" * 9000 + b"\n---\n", 2, "lebih besar dari 8 kB"),
        (b"---\ntags: [[[[[a]]]]]\n---\n", 2, "terlalu dalam"),
    ],
)
def test_a_file_of_the_wrong_form_is_a_finding_with_its_line(source: bytes, line: int, words: str) -> None:
    document = read(source)
    problem = next(problem for problem in document.problems if words in problem.message)
    assert problem.rule == "front-matter"
    assert problem.line == line
    assert problem.hint


def test_front_matter_that_does_not_close_is_never_text() -> None:
    document = read("---\ntitle: Rahasia\n\nIsi.\n")
    assert document.body == ""
    assert document.passages == ()
    assert "Rahasia" in document.source


def test_windows_line_ends_are_read_and_only_advised_against() -> None:
    document = read(GOOD.replace("\n", "\r\n"))
    (problem,) = document.problems
    assert (problem.level, problem.line) == (Level.HINT, 1)
    assert document.fields == read(GOOD).fields
    assert document.passages == read(GOOD).passages


def test_a_byte_order_mark_does_not_hide_the_fields() -> None:
    assert read(b"\xef\xbb\xbf" + GOOD.encode()).title == "Sidang keliling"


def test_a_text_beyond_the_limit_is_cut_and_said_to_be() -> None:
    document = read(GOOD.encode() + "é".encode() * 150_000)
    assert [problem.rule for problem in document.problems] == ["text-size"]
    assert len(document.source.encode()) <= frontmatter.MAX_BYTES + 2
    assert document.title == "Sidang keliling"


def test_a_letter_cut_at_the_limit_is_no_damage_but_damage_before_it_is() -> None:
    cut = read(GOOD.encode() + b"a" * 199_000 + "é".encode() * 2000)
    assert [problem.rule for problem in cut.problems] == ["text-size"]
    damaged = read(GOOD.encode() + b"\xff" + b"a" * 250_000)
    assert {problem.rule for problem in damaged.problems} == {"text-size", "front-matter"}


def test_only_the_fields_can_be_read_for_long_lists() -> None:
    assert frontmatter.fields_of(GOOD.encode(), path=NEWS) == read(GOOD).fields
    assert frontmatter.fields_of(b"\0") == {}
    assert frontmatter.fields_of(b"---\ntitle: x\n") == {}


hostile = st.binary(max_size=300) | st.lists(
    st.sampled_from(
        [*"-:#[]{}'\"\n\r\t &*!|>%@`", "---\n", "title", "tanggal", "2026-02-30", "\ufeff", "\0", "\u2028", "\u202e"]
    ),
    max_size=60,
).map(lambda parts: "".join(parts).encode())


@settings(max_examples=400, deadline=timedelta(seconds=1))
@given(hostile, st.booleans())
def test_any_bytes_are_a_document_with_findings_that_can_be_acted_on(source: bytes, framed: bool) -> None:  # noqa: FBT001 - drawn
    document = read(b"---\n" + source + b"\n---\n" if framed else source)
    known = {entry.name for entry in kinds.KINDS["berita"].fields}
    assert set(document.fields) <= known
    for problem in document.problems:
        assert problem.rule in {"front-matter", "field-value", "impossible-date", "unknown-field", "text-size"}
        assert problem.message
        assert problem.hint
        assert problem.message.isprintable()


def test_hostile_front_matter_costs_less_than_a_tenth_of_a_second() -> None:
    for front in ("a: " + "[" * 8000, "- " * 4000, "x: y\n" * 1600, "? " * 4000, '"' * 8000, "a:\n" * 2600):
        started = time.perf_counter()
        read(f"---\n{front}\n---\n")
        assert time.perf_counter() - started < 0.5  # ten times what it takes, for a busy machine


line_text = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" :#'\"-[]{}"),
        min_size=1,
        max_size=40,
    )
    .map(str.strip)
    .filter(bool)
)
days = st.dates(date(1950, 1, 1), date(2100, 1, 1))
news_fields = st.fixed_dictionaries(
    {"title": line_text},
    optional={
        "tanggal": days,
        "tempat": line_text,
        "tags": st.lists(line_text, min_size=1, max_size=3).map(tuple),
        "terbit": st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda at: at.replace(second=0, microsecond=0)),  # noqa: DTZ001 - naive on purpose
        "izinkan": st.lists(st.fixed_dictionaries({"aturan": line_text, "alasan": line_text}), min_size=1, max_size=2).map(tuple),
    },
)  # fmt: skip
body_text = st.text(st.characters(codec="utf-8", exclude_characters="\r\0\ufeff"), max_size=80)


@settings(max_examples=200, deadline=None)
@given(news_fields, body_text)
def test_what_is_written_reads_back_unchanged(fields: dict[str, FieldValue], body: str) -> None:
    text = frontmatter.write(fields, body)
    document = read(text)
    assert document.fields == fields
    assert list(document.fields) == list(fields)
    assert document.body == body
    assert document.problems == ()


def test_yes_no_and_numbers_are_written_as_staff_write_them() -> None:
    text = frontmatter.write({"mendesak": True, "urutan": 3, "tanggal": date(2026, 1, 30), "tags": ()}, "\nIsi.\n")
    assert text == "---\nmendesak: ya\nurutan: 3\ntanggal: 2026-01-30\n---\n\nIsi.\n"
