"""The four tables of SOP/AS/24 as data: their sums, their pairs, every arrow, and the way they are printed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.errors import PipelineError, Refused
from pipeline.office import Office, load_office
from pipeline.procedure import WIDTH, Act, Answer, Origin, Position, Procedure, Unit, as_json, heading, table

ROOT = Path(__file__).parent.parent
OFFICE: Office = load_office(
    {f"office/{p.relative_to(ROOT / 'office').as_posix()}": p.read_bytes() for p in (ROOT / "office").rglob("*.yml")}
)
A, B, C, D = (OFFICE.procedures[code] for code in "ABCD")
ALL = pytest.mark.parametrize("procedure", [A, B, C, D], ids="ABCD")

REDAKTUR = Position(step="2", role="redaktur", act=Act.DECIDE)
KASUBAG = Position(step="2", role="kasubag-ptip", act=Act.DECIDE)


def way(procedure: Procedure) -> list[str]:
    """The positions met by answering ya and selesai from the first step, as ``2 redaktur putuskan``."""
    met: list[str] = []
    here: Position | None = procedure.first()
    while here is not None:
        met.append(f"{here.step} {here.role} {here.act}")
        here = procedure.after(here, Answer.YES if here.act is Act.DECIDE else Answer.DONE)
    return met


# -- the form --


def test_there_are_four_tables() -> None:
    assert list(OFFICE.procedures) == ["A", "B", "C", "D"]


@pytest.mark.parametrize(("procedure", "minutes"), [(A, 480), (B, 270), (C, 160), (D, 480)], ids="ABCD")
def test_the_steps_add_up_to_the_forms_total(procedure: Procedure, minutes: int) -> None:
    assert sum(step.minutes for step in procedure.steps) == procedure.total_minutes == minutes


@pytest.mark.parametrize(("procedure", "pairs"), [(A, 2), (B, 2), (C, 2), (D, 1)], ids="ABCD")
def test_there_are_as_many_pairs_of_ya_and_tidak_as_the_form_draws(procedure: Procedure, pairs: int) -> None:
    assert procedure.pairs() == pairs
    answers = [answer for _, answer, _ in procedure.arrows()]
    assert answers.count(Answer.YES) == answers.count(Answer.NO) == pairs


def test_the_forms_numbers_are_kept_even_where_it_skips_one() -> None:
    assert [step.no for step in D.steps] == ["1", "2", "3", "4", "5", "7"]
    assert [step.no for step in A.steps] == list("1234567")


@pytest.mark.parametrize(
    ("procedure", "minutes"),
    [
        (A, [120, 60, 30, 120, 30, 60, 60]),
        (B, [30, 30, 30, 60, 30, 60, 30]),
        (C, [30, 30, 15, 10, 15, 60]),
        (D, [120, 30, 120, 30, 60, 120]),
    ],
    ids="ABCD",
)
def test_each_step_has_the_forms_minutes(procedure: Procedure, minutes: list[int]) -> None:
    assert [step.minutes for step in procedure.steps] == minutes


def test_the_words_are_the_forms_own() -> None:
    assert B.step("1").activity == ("Menyiapkan bahan berita / konten website", "Mengumpulkan data penilaian")
    assert B.step("2").activity == ("Memeriksa/ mengoreksi konsep konten website",)
    assert B.step("4").inputs == ("Hosting", "Jaringan", "Konten")
    assert B.total == "4 Jam 30 menit"
    assert D.step("5").activity == ("Analisa Tindaklanjut pemeliharaan",)
    assert [column.label for column in A.columns] == ["Tim / Pranata Komputer", "Kasubag PTIP", "Sekretaris", "Ketua"]


def test_the_head_is_shared_and_its_odd_law_is_remarked_not_mended() -> None:
    assert A.head == B.head == C.head == D.head
    assert A.head.number == "SOP/AS/24"
    assert len(A.head.legal_basis) == 5
    (remarked,) = [basis for basis in A.head.legal_basis if basis.remark]
    assert "Nomor 11 Tahun 2024" in remarked.text
    assert "[sic]" in remarked.remark
    assert "Nomor 1 Tahun 2024" in remarked.remark


@pytest.mark.parametrize(
    ("procedure", "units"),
    [(A, "periode " * 7), (B, "naskah " * 3 + "periode " * 4), (C, "naskah " * 4 + "periode " * 2), (D, "jadwal " * 6)],
    ids="ABCD",
)
def test_each_step_says_what_it_is_done_once_for(procedure: Procedure, units: str) -> None:
    assert [step.unit.value for step in procedure.steps] == units.split()


@ALL
def test_every_role_and_arrow_is_marked_as_our_reading(procedure: Procedure) -> None:
    for step in procedure.steps:
        assert set(step.origins.values()) == {Origin.READING}
        assert step.origins.keys() == {*step.performers, *step.deciders, *step.notes_taken_by, *step.addressed_to}
        assert all(arrow.origin is Origin.READING for arrow in step.arrows)
        assert step.reasons_origin is Origin.READING


@ALL
def test_every_decision_offers_reasons_to_return(procedure: Procedure) -> None:
    for position in procedure.decisions():
        assert "lainnya" in procedure.step(position.step).reasons


def test_the_reasons_of_website_and_social_media_are_those_of_an_article() -> None:
    assert list(B.step("2").reasons) == list(C.step("2").reasons)
    assert list(B.step("2").reasons) == ["bahasa", "fakta", "data-pribadi", "foto", "tidak-lengkap", "lainnya"]


# -- the way through --


WAYS = {
    "A": """1 pranata-komputer selesaikan
            2 kasubag-ptip putuskan
            3 ketua putuskan
            4 pranata-komputer selesaikan
            5 kasubag-ptip selesaikan
            6 sekretaris selesaikan
            7 pranata-komputer selesaikan""",
    "B": """1 admin selesaikan
            2 redaktur putuskan
            2 kasubag-ptip putuskan
            3 admin selesaikan
            4 admin selesaikan
            5 redaktur selesaikan
            6 kasubag-ptip selesaikan
            6 sekretaris ketahui
            7 admin selesaikan""",
    "C": """1 admin selesaikan
            2 redaktur putuskan
            2 kasubag-ptip putuskan
            3 admin selesaikan
            4 admin selesaikan
            5 redaktur selesaikan
            5 kasubag-ptip ketahui
            6 admin selesaikan
            6 sekretaris ketahui""",
    "D": """1 pranata-komputer selesaikan
            2 kasubag-ptip putuskan
            3 pranata-komputer selesaikan
            4 kasubag-ptip selesaikan
            5 kasubag-ptip selesaikan
            5 sekretaris ketahui
            7 pranata-komputer selesaikan""",
}


@ALL
def test_ya_and_selesai_lead_through_every_position_to_the_end(procedure: Procedure) -> None:
    assert way(procedure) == [line.strip() for line in WAYS[procedure.code].splitlines()]
    assert len(way(procedure)) == len(procedure.positions())


@pytest.mark.parametrize(
    ("procedure", "arrows"),
    [
        (A, {"2 kasubag-ptip": ("3 ketua", "1 pranata-komputer"), "3 ketua": ("4 pranata-komputer", "2 kasubag-ptip")}),
        (B, {"2 redaktur": ("2 kasubag-ptip", "1 admin"), "2 kasubag-ptip": ("3 admin", "1 admin")}),
        (C, {"2 redaktur": ("2 kasubag-ptip", "1 admin"), "2 kasubag-ptip": ("3 admin", "1 admin")}),
        (D, {"2 kasubag-ptip": ("3 pranata-komputer", "1 pranata-komputer")}),
    ],
    ids="ABCD",
)
def test_ya_and_tidak_lead_where_our_reading_says(procedure: Procedure, arrows: dict[str, tuple[str, str]]) -> None:
    def place(answer: Answer, position: Position) -> str:
        there = procedure.after(position, answer)
        assert there is not None
        return f"{there.step} {there.role}"

    assert arrows == {
        f"{position.step} {position.role}": (place(Answer.YES, position), place(Answer.NO, position))
        for position in procedure.decisions()
    }


@ALL
def test_every_arrow_lands_on_a_position_or_the_end(procedure: Procedure) -> None:
    arrows = procedure.arrows()
    assert {there for _, _, there in arrows} <= {*procedure.positions(), None}
    assert [there for _, _, there in arrows].count(None) == 1
    assert len(arrows) == len(procedure.positions()) + procedure.pairs()


def test_the_decisions_of_a_document_come_in_their_order() -> None:
    assert B.decisions(Unit.DOCUMENT) == (REDAKTUR, KASUBAG)
    assert B.decisions(Unit.PERIOD) == ()
    assert A.decisions() == (
        Position(step="2", role="kasubag-ptip", act=Act.DECIDE),
        Position(step="3", role="ketua", act=Act.DECIDE),
    )


def test_an_answer_that_does_not_fit_the_act_is_refused() -> None:
    with pytest.raises(Refused) as caught:
        B.after(REDAKTUR, Answer.DONE)
    assert caught.value.message == "Langkah B2 oleh Redaktur tidak dapat dijawab dengan selesai."
    assert caught.value.hint == "Jawaban yang tersedia: ya, tidak."
    assert caught.value.code == "jawaban-tidak-sesuai"
    with pytest.raises(Refused):
        B.after(B.first(), Answer.YES)


def test_a_step_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(PipelineError) as caught:
        D.step("6")
    assert caught.value.message == "SOP D tidak memiliki langkah 6."
    assert caught.value.hint == "Langkahnya: 1, 2, 3, 4, 5, 7."


def test_a_role_that_has_nothing_to_do_on_a_step_is_told() -> None:
    with pytest.raises(PipelineError, match=r"Pada langkah B2, Sekretaris tidak bertugas memutuskan\."):
        B.after(Position(step="2", role="sekretaris", act=Act.DECIDE), Answer.YES)


def test_two_deciders_share_the_minutes_of_their_step() -> None:
    assert B.minutes_of(REDAKTUR) == B.minutes_of(KASUBAG) == 15
    assert A.minutes_of(A.decisions()[0]) == 60


def test_taking_note_takes_none_of_the_steps_minutes() -> None:
    analysis, note = B.step("6").positions()
    assert (analysis.act, note.act) == (Act.COMPLETE, Act.NOTE)
    assert (B.minutes_of(analysis), B.minutes_of(note)) == (60, 0)


@ALL
def test_the_minutes_of_all_positions_add_up_to_the_total(procedure: Procedure) -> None:
    assert sum(procedure.minutes_of(position) for position in procedure.positions()) == procedure.total_minutes


def test_a_machine_may_complete_in_a_roles_name_but_never_decide() -> None:
    assert B.who_may_act(B.step("3").positions()[0]) == ("admin", "penerbit")
    assert B.who_may_act(B.step("4").positions()[0]) == ("admin", "monev")
    assert [B.who_may_act(position) for position in B.decisions()] == [("redaktur",), ("kasubag-ptip",)]


# -- printed --


@ALL
def test_the_table_fits_its_width_and_ends_with_total_and_legend(procedure: Procedure) -> None:
    lines = list(table(procedure))
    assert max(map(len, lines)) <= WIDTH == 120
    assert lines[0] == f"SOP/AS/24  {procedure.code}. {procedure.title}"
    assert f"Waktu yang diperlukan : {procedure.total}" in lines
    assert lines[-1].startswith("* tafsiran kami; formulir hanya memuat kata.")


@ALL
def test_the_table_holds_every_word_of_the_form(procedure: Procedure) -> None:
    printed = set(" ".join(table(procedure)).split())
    for step in procedure.steps:
        words = " ".join((*step.activity, ", ".join(step.inputs), step.time, ", ".join(step.outputs))).split()
        assert printed.issuperset(words), step.no


def test_the_table_marks_what_is_our_reading() -> None:
    lines = list(table(B))
    start = next(index for index, line in enumerate(lines) if line.startswith("2 "))
    row = lines[start : start + 7]
    assert row[0].endswith("  Redaktur:")
    assert row[0].count("ya/tidak*") == 2
    assert [line.split("  ")[-1].strip() for line in row[1:6]] == [
        "ya: ke Kasubag", "PTIP*", "tidak: ke 1*", "Kasubag PTIP:", "ya: ke 3*"
    ]  # fmt: skip


def test_a_line_that_the_office_confirmed_loses_its_mark() -> None:
    path = "office/procedures/d-pemeliharaan.yml"
    files = {
        f"office/{p.relative_to(ROOT / 'office').as_posix()}": p.read_bytes() for p in (ROOT / "office").rglob("*.yml")
    }
    confirmed = load_office({**files, path: files[path].replace(b"tafsiran}", b"formulir}")}).procedures["D"]
    marked = [line for line in table(confirmed) if "*" in line and not line.startswith("*")]
    assert marked == []
    assert any("*" in line and not line.startswith("*") for line in table(D))


def test_the_heading_carries_the_forms_first_page() -> None:
    text = "\n".join(heading(B.head))
    assert "Nomor SOP SOP/AS/24" in text
    assert "Tanggal pembuatan 01/03/2018 · Tanggal revisi 26/11/2024 · Tanggal efektif 26/11/2024" in text
    assert "Catatan kami: [sic]" in text
    assert "Rencana dan Realisasi Pemeliharaan" in text
    assert max(map(len, text.splitlines())) <= WIDTH


@ALL
def test_the_table_as_json_holds_the_same_steps(procedure: Procedure) -> None:
    data = json.loads(json.dumps(as_json(procedure)))
    assert data["menit"] == sum(step["menit"] for step in data["langkah"])
    assert [step["no"] for step in data["langkah"]] == [step.no for step in procedure.steps]
    assert sum(len(step["panah"]) for step in data["langkah"]) == procedure.pairs()
    assert all(role["asal"] == "tafsiran" for step in data["langkah"] for role in step["pelaksana"] + step["pemutus"])
