"""The rules: each proven by its own examples, by the pairs in ``cases/``, and run so that none can hide another."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import frontmatter, kinds, rules
from pipeline.model import Attachment, Document, Finding, Level, Shelf
from pipeline.rules import RULES, Context, Example, Rule, masked, run
from pipeline.rules.photo_metadata import GOOD as CLEAN_PHOTO

if TYPE_CHECKING:
    from collections.abc import Iterator

CASES = Path(__file__).parent / "cases"
COURT = Context(
    own_hosts=("www.pa-banjarnegara.go.id", "pa-banjarnegara.go.id"),
    partner_hosts=("mahkamahagung.go.id", "pta-semarang.go.id", "banjarnegarakab.go.id"),
    known_paths=frozenset({"layanan/biaya-perkara", "layanan/e-court", "berita/2025/rapat-mediator"}),
    today=date(2026, 2, 1),
)
NIK = "3379991203560001"  # of a regency that does not exist
BY_NAME = {rule.name: rule for rule in RULES}
each_rule = pytest.mark.parametrize("rule", RULES, ids=BY_NAME)


def said(rule: Rule, example: Example) -> list[Finding]:
    return [finding for finding in run(example.document(), example.context) if finding.rule == rule.name]


# --- every rule, by its own examples


@each_rule
def test_a_rule_finds_nothing_in_its_good_examples(rule: Rule) -> None:
    assert rule.good
    for example in rule.good:
        assert said(rule, example) == [], example


@each_rule
def test_a_rule_finds_something_in_each_bad_example_and_says_what_to_do(rule: Rule) -> None:
    assert rule.bad
    for example in rule.bad:
        found = said(rule, example)
        assert found, example
        for finding in found:
            assert len(finding.message) > 10
            assert finding.message.endswith((".", "?")) or ": " in finding.message
            assert len(finding.hint) > 10
            assert "\n" not in finding.message + finding.hint


@each_rule
def test_a_rule_names_its_weight_at_least_once_in_its_bad_examples(rule: Rule) -> None:
    levels = {finding.level for example in rule.bad for finding in said(rule, example)}
    assert rule.level in levels


@each_rule
def test_a_finding_stands_on_a_line_of_its_file(rule: Rule) -> None:
    for example in rule.bad:
        document = example.document()
        for finding in said(rule, example):
            if finding.path == "index.md":
                assert 0 <= finding.line <= document.source.count("\n") + 1
            else:
                assert finding.path in example.files


@each_rule
def test_the_documentation_of_a_rule_is_indonesian_and_names_its_source(rule: Rule) -> None:
    first, _, rest = rule.documentation.partition("\n")
    assert first.endswith(".")
    assert rest.startswith("\n")
    assert "Sumber:" in rest
    words = set(re.findall(r"[a-z]+", rule.documentation.lower()))
    assert len(words & {"yang", "dan", "di", "tidak", "dengan", "atau", "ke", "dari", "untuk", "dapat", "bukan"}) >= 3
    assert not words & {"the", "and", "with", "this", "that", "must", "should"}


def test_the_rules_of_the_issue_are_there() -> None:
    assert {
        "nik", "missing-alt", "title-capitals", "raw-html", "link-scheme", "unknown-field", "impossible-date",
        "missing-description", "photo-metadata", "look-alike-host", "doubled-word", "broken-link",
    } <= set(BY_NAME)  # fmt: skip


def test_every_file_of_the_folder_is_a_rule() -> None:
    names = {
        path.stem.replace("_", "-") for path in Path(rules.__file__).parent.glob("*.py") if path.stem != "__init__"
    }
    assert names == set(BY_NAME)


def test_the_rules_can_be_listed_each_with_its_sentence() -> None:
    lines = list(rules.describe())
    assert len(lines) == len(RULES)
    assert "nik (galat): Naskah tidak memuat NIK atau nomor Kartu Keluarga." in lines


# --- the pairs that anybody may add


def case(file: Path) -> Document:
    bare = CLEAN_PHOTO.files["sidang.jpg"]
    first = frontmatter.read(file.read_bytes(), path="berita/2026/contoh", shelf=Shelf.DRAFTS)
    return replace(first, attachments=tuple(Attachment(name=image.src, data=bare) for image in first.images))


def cases(pattern: str) -> list[Path]:
    return sorted(CASES.glob(pattern))


def name_of(file: Path) -> str:
    return file.relative_to(CASES).as_posix()


@pytest.mark.parametrize("file", cases("*/*.buruk.md"), ids=name_of)
def test_a_bad_case_is_found_by_the_rule_whose_folder_it_stands_in(file: Path) -> None:
    assert file.parent.name in {finding.rule for finding in run(case(file), COURT)}


@pytest.mark.parametrize("file", cases("*/*.baik.md"), ids=name_of)
def test_a_good_case_is_left_alone(file: Path) -> None:
    complaints = run(case(file), COURT)
    if file.parent.name != "prosa":
        complaints = tuple(finding for finding in complaints if finding.rule == file.parent.name)
    assert complaints == ()


def test_every_case_has_its_pair_and_belongs_to_a_rule() -> None:
    assert {file.parent.name for file in cases("*/*.md")} <= {*BY_NAME, "prosa"}
    for file in cases("*/*.buruk.md"):
        assert file.with_name(file.name.replace(".buruk.", ".baik.")).exists(), file
    assert len(cases("prosa/*.baik.md")) >= 3


def test_every_template_is_unfinished_until_its_blanks_are_filled() -> None:
    for kind in kinds.KINDS.values():
        path = kinds.document_path(kind, slug="baru", year=2026, section="layanan")
        text = kinds.draft_text(kind, id="2026k7m2qx", title="Judul naskah", today=date(2026, 1, 30))
        found = run(frontmatter.read(text.encode(), path=path, shelf=Shelf.DRAFTS), COURT)
        assert {finding.rule for finding in found} == {"unfinished"}
        filled = kinds.BLANK.sub("Sidang berlangsung tertib dan selesai pada waktunya menurut jadwal", text).replace(
            "…", ""
        )
        filled = re.sub(r"`!\[.*?`", "foto", filled)
        assert not run(frontmatter.read(filled.encode(), path=path, shelf=Shelf.DRAFTS), COURT)


# --- running


def made(check: object, **changes: object) -> Rule:
    settled = {
        "name": "buatan",
        "documentation": "Buatan.",
        "level": Level.ERROR,
        "excusable": True,
        "for_ever": False,
        "good": (),
        "bad": (),
    }
    return Rule(**{**settled, "check": check, **changes})  # type: ignore[arg-type]


def findings(*levels: Level, line: int = 0) -> object:
    return lambda _document, _context: [
        Finding(message=f"m{at}", hint="h", level=level, line=line) for at, level in enumerate(levels)
    ]


def test_a_finding_gets_the_name_of_its_rule_and_at_most_its_weight() -> None:
    document = Example().document()
    warn = made(findings(Level.ERROR, Level.WARNING, Level.HINT), level=Level.WARNING)
    assert [(one.rule, one.level) for one in run(document, rules=[warn])] == [
        ("buatan", Level.WARNING), ("buatan", Level.WARNING), ("buatan", Level.HINT),
    ]  # fmt: skip


def test_a_rule_that_fails_is_an_error_and_the_others_go_on() -> None:
    def broken(_document: Document, _context: Context) -> Iterator[Finding]:
        yield Finding(message="sebelum gagal", hint="h")
        raise KeyError("rahasia")

    found = run(Example().document(), rules=[made(broken, name="rusak"), made(findings(Level.HINT))])
    assert {(one.rule, one.level) for one in found} == {("rusak", Level.ERROR), ("buatan", Level.HINT)}
    assert any("tidak dapat dijalankan (KeyError)" in one.message for one in found)
    assert any(one.message == "sebelum gagal" for one in found)
    assert not any("rahasia" in one.message for one in found)


def test_a_rule_that_fails_at_once_is_an_error_too() -> None:
    found = run(Example().document(), rules=[made(lambda _document, _context: 1 // 0)])
    assert [one.level for one in found] == [Level.ERROR]


def test_a_rule_that_never_stops_finding_is_stopped() -> None:
    found = run(Example().document(), rules=[made(findings(*[Level.ERROR] * 5000))])
    assert len(found) == rules.MOST_FINDINGS + 1
    assert any("Masih ada temuan serupa" in one.message for one in found)


def test_findings_come_by_file_and_line_the_heaviest_first() -> None:
    found = run(
        Example().document(),
        rules=[made(findings(Level.HINT, line=9)), made(findings(Level.HINT, Level.ERROR, line=3), name="lain")],
    )
    assert [(one.line, one.level) for one in found] == [(3, Level.ERROR), (3, Level.HINT), (9, Level.HINT)]


def test_problems_of_reading_reach_the_report_even_without_their_rule() -> None:
    document = Example(fields={"tmpat": "Batur"}).document()
    assert [one.rule for one in run(document, rules=[])] == ["unknown-field"]
    assert [one.rule for one in run(document)].count("unknown-field") == 1


# --- exceptions


def excepting(rule: str, reason: str, body: str) -> Document:
    return Example(fields={"izinkan": f"[{{aturan: {rule}, alasan: {reason}}}]"}, body=body).document()


def test_an_exception_turns_an_error_into_a_warning_that_says_why() -> None:
    found = run(excepting("nik", "nomor contoh dari peraturan", f"NIK {NIK}\n"))
    assert [(one.rule, one.level) for one in found] == [("nik", Level.WARNING)]
    assert found[0].message.endswith("(dikecualikan: nomor contoh dari peraturan)")


def test_an_exception_turns_a_warning_into_a_hint_and_never_into_nothing() -> None:
    found = run(excepting("doubled-word", "memang ditulis begitu di sana", "Sidang di di sana.\n"))
    assert [(one.rule, one.level) for one in found] == [("doubled-word", Level.HINT)]


@pytest.mark.parametrize(
    ("rule", "reason"),
    [("nik", "boleh"), ("nikk", "nomor contoh dari peraturan"), ("raw-html", "diminta oleh pimpinan")],
)
def test_an_exception_without_reason_or_for_a_rule_that_allows_none_changes_nothing(rule: str, reason: str) -> None:
    found = run(excepting(rule, reason, f"NIK {NIK} <b>x</b>\n"))
    assert {one.rule for one in found if one.level is Level.ERROR} == {"nik", "raw-html", "exceptions"}


def test_a_personal_number_in_a_reason_is_masked_too() -> None:
    found = run(excepting("nik", f"nomor {NIK} itu contoh", f"NIK {NIK}\n"))
    assert NIK not in " ".join(one.message + one.hint for one in found)


# --- personal numbers


@pytest.mark.parametrize(
    "number",
    [NIK, "3379 9912 0356 0001", "33.79.99.120356.0001", "337999-120356-0001", "3379.9912.0356.0001", "337999 120356 0001",
     "3379\u00a09912\u00a00356\u00a00001", "33 79 99 52 03 56 00 01", "3379_9912_0356_0001", "3379\u20139912\u20130356\u20130001"],
)  # fmt: skip
def test_a_nik_is_found_however_it_is_grouped(number: str) -> None:
    found = run(Example(body=f"Pemohon {number} hadir.\n").document())
    assert [(one.rule, one.line, one.column) for one in found] == [("nik", 8, 9)]
    assert re.sub(r"\D", "", number) not in found[0].message


@pytest.mark.parametrize(
    "text",
    ["3379991303560001234", "0813 9912 0356 0001", "3379 9912 0356", "3379993203560001", "3379991213560001", "0079991203560001",
     "3379991203560000", "3.379.991.203.560.001", "1203560001 337999", "19700101 199503 1 001", "197001011995031001",
     "2021 2022 2023 2024", "33,79,99,120356,0001"],
)  # fmt: skip
def test_other_numbers_are_left_alone(text: str) -> None:
    assert run(Example(body=f"Angka {text} tercatat.\n").document()) == ()


@pytest.mark.parametrize(
    "label", ["NIK", "No. KTP:", "nomor KK", "Kartu Keluarga nomor", "nomor induk kependudukan =", "NIK no. 1:"]
)
def test_beside_its_name_any_sixteen_digits_are_one(label: str) -> None:
    assert [one.rule for one in run(Example(body=f"{label} 9999 8888 7777 6666\n").document())] == ["nik"]


def test_a_nik_in_an_address_is_found_only_by_its_name() -> None:
    assert run(Example(body=f"<https://a.id/rapat/{NIK}>\n").document()) == ()
    assert [one.rule for one in run(Example(body=f"<https://a.id/?nik={NIK}>\n").document())] == ["nik"]


def test_two_numbers_on_a_line_are_two_findings_and_the_same_twice_is_one() -> None:
    other = "3379995203560002"
    assert len(run(Example(body=f"{NIK} dan {other}\n").document())) == 2
    assert len(run(Example(body=f"{NIK} dan {NIK}\n").document())) == 1


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 10**16 - 1), st.sampled_from(["", " ", ".", "-"]))
def test_a_masked_text_never_shows_the_number(number: int, joint: str) -> None:
    digits = f"{number:016d}"
    grouped = joint.join(digits[at : at + 4] for at in range(0, 16, 4))
    assert masked(f"Nomor {grouped}.") == f"Nomor {digits[:4]}********{digits[12:]}."


def test_masking_leaves_dates_and_officials_numbers() -> None:
    for text in ("30 Januari 2026 pukul 08.00-16.30", "NIP 197001011995031001", "(0286) 592810"):
        assert masked(text) == text


# --- details that an example would hide


@pytest.mark.parametrize(
    ("host", "real"),
    [("pa-banjarnegara.go.ld", "folds l to i"), ("pa-banjamegara.go.id", "one letter"), ("pa-banjarnegara-go.id", "a hyphen"),
     ("pa-banjarnegara.or.id", "another suffix"), ("www.pa-banjarnegara.go.id.evil.id", "wears the name"),
     ("mahkamahaqung.go.id", "q for g"), ("mahkarnahagung.go.id", "rn for m"), ("192.168.1.1", "a number"), ("[::1]", "a number")],
)  # fmt: skip
def test_a_host_that_looks_like_ours_or_a_partners_is_found(host: str, real: str) -> None:
    assert real
    found = run(Example(body=f"[Daftar](https://{host}/)\n").document(), COURT)
    assert [one.rule for one in found] == ["look-alike-host"]


@pytest.mark.parametrize(
    "host",
    ["pn-banjarnegara.go.id", "pa-semarang.go.id", "pta-yogyakarta.go.id", "pa-banyumas.go.id", "sipp.pa-banjarnegara.go.id",
     "jdih.mahkamahagung.go.id", "bps.go.id", "lapor.go.id", "kemenag.go.id", "www.youtube.com", "instagram.com", "wa.me", "s.id"],
)  # fmt: skip
def test_an_honest_host_is_left_alone(host: str) -> None:
    found = run(Example(body=f"[Daftar](https://{host}/)\n").document(), COURT)
    assert [one for one in found if one.rule == "look-alike-host"] == []


def test_without_the_courts_data_no_host_is_like_another() -> None:
    assert run(Example(body="[Daftar](https://pa-banjamegara.go.id/)\n").document()) == ()


def test_a_link_to_the_document_itself_and_to_archives_is_known() -> None:
    body = (
        "[ini](/berita/2026/sidang-keliling/) [tahun](/berita/2025/) [bagian](/layanan/) [umpan](/berita/umpan.xml)\n"
    )
    assert run(Example(body=body).document(), COURT) == ()


def test_a_picture_is_sought_by_its_decoded_name() -> None:
    photo = CLEAN_PHOTO.files["sidang.jpg"]
    document = Example(
        body="![Ketua membuka sidang](<foto%20sidang.jpg>)\n", files={"foto sidang.jpg": photo}
    ).document()
    assert {one.rule for one in run(document)} == {"attached-file"}  # its name, not its absence


def test_an_unreadable_front_matter_is_told_once_and_not_as_five_missing_fields() -> None:
    found = run(Example(source=b"---\ntitle: x\n\nIsi.\n").document())
    assert [one.rule for one in found] == ["front-matter"]


def test_a_wrong_value_is_not_also_a_missing_one() -> None:
    assert [one.rule for one in run(Example(fields={"tanggal": "kemarin"}).document())] == ["field-value"]


def test_a_large_document_is_checked_in_seconds() -> None:
    body = "Sidang digelar di aula 12 34 56 78, Jumat (30/1/2026); lihat [biaya](/layanan/biaya-perkara/). " * 1900
    started = time.perf_counter()
    run(Example(body=body).document(), COURT)
    assert time.perf_counter() - started < 10  # about one second on an idle core


hostile = st.text(st.sampled_from([*"0123456789 .-\n|[]()<>!#:/*`", "é", "\u200b"]), max_size=200)


@settings(max_examples=150, deadline=None)
@given(hostile)
def test_no_rule_fails_on_any_text(body: str) -> None:
    found = run(Example(body=body).document(), COURT)
    assert not [one for one in found if "tidak dapat dijalankan" in one.message]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200), st.binary(max_size=40), st.text(min_size=1, max_size=20))
def test_no_rule_fails_on_any_bytes(source: bytes, data: bytes, name: str) -> None:
    found = run(
        Example(source=b"---\n" + source, files={name: data, f"{name}.jpg": data, f"{name}.csv": data}).document(),
        COURT,
    )
    assert not [one for one in found if "tidak dapat dijalankan" in one.message]
