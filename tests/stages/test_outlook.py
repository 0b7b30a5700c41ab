"""Days ahead: offices of one, two, three and more people are told exactly when nobody can decide, why, and whom to appoint."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from pipeline.office import Office, load_office
from pipeline.stages import outlook, remedy
from pipeline.stages.outlook import Kind
from pipeline.succession import gaps, way_on

ROOT = Path(__file__).resolve().parents[2]
FILES = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in (ROOT / "office").rglob("*.yml")}
PEOPLE = "office/people.yml"
FRIDAY = date(2026, 11, 13)
MONDAY = date(2026, 11, 16)


def key(seed: int) -> str:
    """An OpenSSH public line of 32 bytes; nothing is ever verified against it here."""
    blob = b"".join(struct.pack(">I", len(part)) + part for part in (b"ssh-ed25519", bytes([seed]) * 32))
    return f"ssh-ed25519 {base64.b64encode(blob).decode()}"


@dataclass(frozen=True)
class Entry:
    """One entry of ``orang`` in people.yml: ``id nama: peran, peran``; with further lines, with or without a key."""

    who: str
    lines: str = ""
    key: bool = True

    def text(self, seed: int) -> str:
        person, name, roles = self.who.split(maxsplit=2)
        found = [f"  {person}:", f"    nama: {name}", f"    surel: [{person}@kantor.invalid]"]
        found += [f"    kunci: [{key(seed) if self.key else ''}]", f"    peran: [{roles}]", self.lines.rstrip()]
        return "\n".join(filter(None, found)) + "\n"


def acting(role: str, start: str, end: str) -> str:
    return (
        f"    wakil:\n      - peran: {role}\n        sebagai: Plh\n        mulai: {start}\n"
        f"        sampai: {end}\n        surat: nomor surat\n"
    )


def staffed(*entries: Entry, paper: str = "[sekretaris, ketua]") -> Office:
    """The office's files with only these people."""
    text = FILES[PEOPLE].decode()
    start, end = text.index("\norang:\n"), text.index("\n# Mesin hanya")
    people = "".join(entry.text(seed) for seed, entry in enumerate(entries, 1))
    authority = FILES["office/authority.yml"].decode()
    assert "peran: [sekretaris, ketua]" in authority
    return load_office(
        {
            **FILES,
            PEOPLE: f"{text[:start]}\norang:\n{people}{text[end:]}".encode(),
            "office/authority.yml": authority.replace("peran: [sekretaris, ketua]", f"peran: {paper}").encode(),
        }
    )


def told(office: Office, today: date = FRIDAY) -> list[str]:
    return list(outlook.describe(outlook.outlook(office, today), office, today))


ADMIN = Entry("adi Adi admin")
REDAKTUR = Entry("rini Rini redaktur")
KASUBAG = Entry("kartika Kartika kasubag-ptip")
PK = Entry("putra Putra pranata-komputer")
SEKRETARIS = Entry("sri Sri sekretaris")
KETUA = Entry("hakim Hakim ketua", key=False)
STAFF_OF_ALL = Entry("adi Adi admin, redaktur, pranata-komputer")


# -- offices that lack nothing --


def test_a_full_office_is_told_nothing() -> None:
    assert told(staffed(ADMIN, REDAKTUR, KASUBAG, PK, SEKRETARIS, KETUA)) == []


def test_an_office_of_three_is_told_nothing() -> None:
    assert told(staffed(Entry("adi Adi admin, pranata-komputer"), REDAKTUR, KASUBAG)) == []


def test_what_ends_after_the_horizon_is_not_told_yet() -> None:
    entries = (ADMIN, Entry("rini Rini redaktur", "    sampai: 2026-11-27\n"), KASUBAG, PK)
    assert told(staffed(*entries), FRIDAY) == []
    assert told(staffed(*entries), date(2026, 11, 16)) != []


# -- one sentence a gap: from when, what to do, why --


def test_the_end_of_an_acting_period_is_told_days_ahead() -> None:
    office = staffed(ADMIN, KASUBAG, PK, Entry("sri Sri sekretaris", acting("redaktur", "2026-11-01", "2026-11-20")))
    assert told(office) == [
        (
            "Mulai Senin, 23 November 2026 tidak ada yang dapat menyetujui sebagai Redaktur: tunjuk Plh atau Plt, "
            "misalnya Putra atau Sri. Sebabnya: masa Plh Sri berakhir 20 November 2026."
        )
    ]


def test_who_leaves_is_named_with_the_last_day() -> None:
    office = staffed(ADMIN, REDAKTUR, Entry("kartika Kartika kasubag-ptip", "    sampai: 2026-11-17\n"), PK, SEKRETARIS)
    assert told(office) == [
        (
            "Mulai Rabu, 18 November 2026 tidak ada yang dapat menyetujui sebagai Kasubag PTIP: tunjuk Plh atau Plt, "
            "misalnya Putra atau Sri. Sebabnya: Kartika bertugas sampai 17 November 2026."
        )
    ]


def test_a_gap_until_the_successor_comes_has_two_ends() -> None:
    leaver, successor = (
        Entry("rini Rini redaktur", "    sampai: 2026-11-20\n"),
        Entry("budi Budi redaktur", "    mulai: 2026-11-25\n"),
    )
    assert told(staffed(ADMIN, leaver, successor, KASUBAG, PK)) == [
        (
            "Mulai Senin, 23 November 2026 sampai Selasa, 24 November 2026 tidak ada yang dapat menyetujui sebagai Redaktur: "
            "tunjuk Plh atau Plt, misalnya Putra. Sebabnya: Rini bertugas sampai 20 November 2026, "
            "Budi mulai bertugas 25 November 2026."
        )
    ]


def test_a_gap_of_one_day_names_one_day() -> None:
    leaver, successor = (
        Entry("rini Rini redaktur", "    sampai: 2026-11-16\n"),
        Entry("budi Budi redaktur", "    mulai: 2026-11-18\n"),
    )
    office = staffed(ADMIN, leaver, successor, KASUBAG, PK)
    (sentence,) = told(office)
    assert sentence.startswith("Pada Selasa, 17 November 2026 tidak ada yang dapat menyetujui sebagai Redaktur: ")
    (sentence,) = told(office, date(2026, 11, 17))
    assert sentence.startswith("Hari ini tidak ada yang dapat menyetujui sebagai Redaktur: ")


def test_a_gap_on_days_off_only_is_none() -> None:
    leaver, successor = (
        Entry("rini Rini redaktur", "    sampai: 2026-11-20\n"),
        Entry("budi Budi redaktur", "    mulai: 2026-11-23\n"),
    )
    assert told(staffed(ADMIN, leaver, successor, KASUBAG, PK)) == []


def test_a_gap_over_a_weekend_is_one_gap() -> None:
    leaver, successor = (
        Entry("rini Rini redaktur", "    sampai: 2026-11-18\n"),
        Entry("budi Budi redaktur", "    mulai: 2026-11-25\n"),
    )
    (found,) = outlook.outlook(staffed(ADMIN, leaver, successor, KASUBAG, PK), FRIDAY)
    assert (found.start, found.end) == (date(2026, 11, 19), date(2026, 11, 24))


def test_a_decider_without_key_is_told_as_such() -> None:
    office = staffed(ADMIN, Entry("rini Rini redaktur", key=False), KASUBAG, PK, SEKRETARIS)
    assert told(office) == [
        (
            "Mulai hari ini tidak ada yang dapat menyetujui sebagai Redaktur: daftarkan kunci publik Rini, "
            "atau tunjuk Plh, misalnya Putra atau Sri. Sebabnya: kunci publik Rini belum terdaftar."
        )
    ]


def test_no_more_than_three_are_named() -> None:
    more = [Entry(f"staf-{n} Staf-{n} admin", "    mulai: 2027-01-04\n") for n in range(2)]
    helpers = [Entry(f"pk-{n} Pk-{n} pranata-komputer") for n in range(4)]
    (sentence,) = told(staffed(ADMIN, *more, KASUBAG, *helpers))
    assert "misalnya Pk-0, Pk-1, atau Pk-2. " in sentence


# -- two roles on one person --


def test_an_office_of_two_is_told_days_ahead_whom_to_appoint() -> None:
    staff = Entry("adi Adi admin, pranata-komputer", acting("redaktur", "2026-11-16", "2026-11-27"))
    third = Entry("rini Rini redaktur", "    sampai: 2026-11-13\n")
    helper = Entry("budi Budi ketua")
    today = date(2026, 11, 10)
    (sentence,) = told(staffed(staff, third, KASUBAG), today)
    assert sentence == (
        "Mulai Senin, 16 November 2026 tidak ada yang dapat menyetujui sebagai Redaktur: tunjuk Plh; orangnya perlu "
        "didaftarkan dahulu beserta kunci publiknya di office/people.yml. Sebabnya: Adi penulis naskahnya."
    )
    assert told(staffed(staff, third, KASUBAG, helper), today) == []  # the Ketua stands in for the Kasubag


def test_an_office_of_two_is_told_the_same_whoever_holds_the_two_roles() -> None:
    (of_staff,) = outlook.outlook(staffed(STAFF_OF_ALL, KASUBAG), FRIDAY)
    kasubag = Entry("kartika Kartika kasubag-ptip, redaktur")
    (of_kasubag,) = outlook.outlook(staffed(Entry("adi Adi admin, pranata-komputer"), kasubag), FRIDAY)
    assert of_staff.role == of_kasubag.role == "redaktur"
    assert of_staff.cause == "Adi penulis naskahnya"
    assert of_kasubag.cause == "Kartika juga diperlukan sebagai Kasubag PTIP"


def test_in_an_office_of_two_somebody_without_key_is_named_with_the_key_to_register() -> None:
    (sentence,) = told(staffed(STAFF_OF_ALL, KASUBAG, Entry("budi Budi admin", key=False)))
    assert "tunjuk Plh, misalnya Budi, dan daftarkan kunci publiknya lebih dahulu." in sentence


def test_in_an_office_of_two_a_superior_decides_on_paper_and_that_is_said() -> None:
    office = staffed(STAFF_OF_ALL, KASUBAG, Entry("sri Sri sekretaris", key=False))
    assert told(office) == [
        (
            "Mulai hari ini keputusan sebagai Kasubag PTIP hanya dapat diambil di atas kertas, oleh Sri selaku Sekretaris, "
            "karena kuncinya belum terdaftar."
        )
    ]


def test_where_paper_is_not_allowed_the_superior_needs_a_key() -> None:
    office = staffed(STAFF_OF_ALL, KASUBAG, Entry("sri Sri sekretaris", key=False), paper="[]")
    (sentence,) = told(office)
    assert "sebagai Redaktur: daftarkan kunci publik Sri. Sebabnya: Adi penulis naskahnya." in sentence


def test_an_office_of_one_is_told_of_every_missing_person() -> None:
    office = staffed(Entry("kartika Kartika admin, redaktur, pranata-komputer, kasubag-ptip"))
    found = outlook.outlook(office, FRIDAY)
    assert [(one.policy, one.role) for one in found] == [
        (False, "redaktur"),
        (False, "kasubag-ptip"),
        (True, "pranata-komputer"),
    ]


def test_what_concerns_one_writer_only_names_the_writer() -> None:
    office = staffed(ADMIN, Entry("rini Rini redaktur, admin"), KASUBAG, PK)
    assert told(office) == [
        (
            "Mulai hari ini tidak ada yang dapat menyetujui sebagai Redaktur untuk naskah yang ditulis Rini: tunjuk Plh, "
            "misalnya Adi atau Putra. Sebabnya: Rini penulis naskahnya."
        )
    ]


def test_a_writer_is_never_proposed_as_decider() -> None:
    office = staffed(ADMIN, KASUBAG, SEKRETARIS, Entry("rini Rini redaktur", "    sampai: 2026-11-13\n"), PK)
    (found,) = outlook.outlook(office, FRIDAY)
    assert found.remedy.people == ("sri", "putra")


def test_what_concerns_one_procedure_only_names_it() -> None:
    path = "office/procedures/c-media-sosial.yml"
    text = FILES[path].decode()
    assert text.count("peran: redaktur, asal: tafsiran") == 2
    text = text.replace("- {peran: redaktur, asal: tafsiran}", "- {peran: ketua, asal: tafsiran}", 1)
    text = text.replace("dari: redaktur", "dari: ketua").replace(
        "{peran: sekretaris, tercetak", "{peran: ketua, tercetak"
    )
    text = text.replace("mengetahui:\n      - {peran: sekretaris", "mengetahui:\n      - {peran: ketua")
    people = staffed(ADMIN, REDAKTUR, KASUBAG, PK).people
    office = load_office({**FILES, path: text.encode()})
    found = outlook.outlook(replace(office, people=people), FRIDAY)
    assert [(one.role, one.procedures) for one in found] == [("ketua", ("C",))]


# -- the quorum of policy --


def test_the_quorum_of_policy_is_watched_and_the_change_is_urged_in_time() -> None:
    office = staffed(ADMIN, REDAKTUR, KASUBAG, Entry("putra Putra pranata-komputer", "    sampai: 2026-11-17\n"))
    assert told(office) == [
        (
            "Mulai Rabu, 18 November 2026 tidak ada yang dapat menyetujui perubahan aturan sebagai Pranata Komputer: tunjuk Plh "
            "atau Plt, misalnya Adi atau Rini. Sebabnya: Putra bertugas sampai 17 November 2026. "
            "Ubahlah office/people.yml sebelum hari itu, selagi perubahan aturan masih dapat disetujui."
        )
    ]


def test_a_superior_with_a_key_keeps_the_quorum() -> None:
    leaver = Entry("putra Putra pranata-komputer", "    sampai: 2026-11-17\n")
    assert told(staffed(ADMIN, REDAKTUR, KASUBAG, leaver, SEKRETARIS)) == []


def test_one_person_does_not_make_a_quorum_of_two_roles() -> None:
    office = staffed(ADMIN, REDAKTUR, Entry("kartika Kartika kasubag-ptip, pranata-komputer"))
    (found,) = outlook.outlook(office, FRIDAY)
    assert (found.policy, found.role) == (True, "pranata-komputer")
    assert found.cause == "Kartika juga diperlukan sebagai Kasubag PTIP"


# -- every remedy that is named mends it --

LACKING = {
    "Redaktur leaves": (ADMIN, Entry("rini Rini redaktur", "    sampai: 2026-11-16\n"), KASUBAG, PK, SEKRETARIS, KETUA),
    "nobody is Kasubag": (ADMIN, REDAKTUR, PK, SEKRETARIS, KETUA),
    "no keys at all": tuple(Entry(entry.who, key=False) for entry in (ADMIN, REDAKTUR, KASUBAG, PK, SEKRETARIS, KETUA)),
    "Kasubag is Redaktur": (ADMIN, Entry("kartika Kartika kasubag-ptip, redaktur"), PK),
    "Admin is Redaktur": (STAFF_OF_ALL, KASUBAG, Entry("budi Budi admin", key=False)),
}


@pytest.mark.parametrize("entries", LACKING.values(), ids=LACKING.keys())
def test_taking_the_first_remedy_of_each_leaves_nothing_open(entries: tuple[Entry, ...]) -> None:
    office = staffed(*entries)
    found = [one for one in outlook.outlook(office, FRIDAY) if not one.policy]
    assert found
    assert all(one.remedy.keys or one.remedy.people or one.remedy.unkeyed for one in found)
    mended = remedy.mended(office, [(one.role, one.remedy) for one in found])
    writers = [person.id for person in office.people_in("admin", found[0].start) if person.keys][:1]
    way = way_on(mended, mended.procedures["B"], found[0].start, writers, ())
    assert gaps(way) == ()


@pytest.mark.parametrize("entries", LACKING.values(), ids=LACKING.keys())
def test_everybody_named_exists_and_an_appointment_without_key_is_never_called_enough(
    entries: tuple[Entry, ...],
) -> None:
    office = staffed(*entries)
    for one in outlook.outlook(office, FRIDAY):
        assert {*one.remedy.keys, *one.remedy.people, *one.remedy.unkeyed} <= office.people.keys()
        assert all(office.people[person].keys for person in one.remedy.people)
        assert not any(office.people[person].keys for person in (*one.remedy.keys, *one.remedy.unkeyed))


# -- one open document --


def test_a_document_that_its_redaktur_wrote_is_stuck_in_an_office_of_three() -> None:
    office = staffed(Entry("adi Adi admin, pranata-komputer"), REDAKTUR, KASUBAG)
    found = outlook.of_document(office, office.procedures["B"], MONDAY, {"rini"}, ())
    assert outlook.advice(found, office) == (
        "Tidak ada yang dapat menyetujui sebagai Redaktur: tunjuk Plh, misalnya Adi. Sebabnya: Rini penulis naskahnya."
    )


def test_a_document_that_waits_for_somebody_who_voted_already_is_stuck() -> None:
    office = staffed(ADMIN, Entry("kartika Kartika kasubag-ptip, redaktur"), PK)
    found = outlook.of_document(office, office.procedures["B"], MONDAY, {"adi"}, ("kartika",))
    assert outlook.advice(found, office) == (
        "Tidak ada yang dapat menyetujui sebagai Kasubag PTIP: tunjuk Plh, misalnya Putra. Sebabnya: Kartika sudah menyetujui."
    )


def test_a_document_that_can_go_on_gets_no_advice() -> None:
    office = staffed(ADMIN, REDAKTUR, KASUBAG)
    assert outlook.advice(outlook.of_document(office, office.procedures["B"], MONDAY, {"adi"}, ()), office) == ""


# -- for machines --


def test_json_carries_each_sentence_with_its_facts() -> None:
    office = staffed(ADMIN, Entry("rini Rini redaktur", "    sampai: 2026-11-20\n"), KASUBAG, PK)
    found = outlook.outlook(office, FRIDAY)
    (data,) = outlook.as_json(found, office, FRIDAY)
    assert json.loads(json.dumps(data)) == {
        "kind": Kind.NOBODY,
        "matter": "documents",
        "role": "redaktur",
        "authors": [],
        "procedures": [],
        "from": "2026-11-23",
        "until": None,
        "register_keys": [],
        "appoint": ["putra"],
        "appoint_with_new_key": [],
        "on_paper": [],
        "sentence": told(office)[0],
    }
