"""The office's real files are read as they stand; each mistake in them is told with file, line and remedy."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import ConfigurationError
from pipeline.office import Acting, Office, Person, load_office
from pipeline.signature import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parent.parent
FILES = {str(path.relative_to(ROOT).as_posix()): path.read_bytes() for path in (ROOT / "office").rglob("*.yml")}

COURT, HOURS, PEOPLE, SITE = (f"office/{name}.yml" for name in ("court", "hours", "people", "site"))
HOLIDAYS = "office/holidays.yml"


@pytest.fixture(scope="module")
def office() -> Office:
    return load_office(FILES)


def key(seed: int, comment: str = "kantor") -> str:
    """An OpenSSH public line of 32 bytes; nothing is ever verified against it here."""
    parts = (b"ssh-ed25519", bytes([seed]) * 32)
    blob = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return f"ssh-ed25519 {base64.b64encode(blob).decode()} {comment}"


def changed(path: str, old: str, new: str) -> dict[str, bytes]:
    """The office's files with the first ``old`` in ``path`` replaced."""
    text = FILES[path].decode()
    assert old in text, f"{old!r} does not stand in {path}"
    return {**FILES, path: text.replace(old, new, 1).encode()}


def with_people(**lines: str) -> Office:
    """The office where the person or machine ``name`` (underscore for hyphen) has other lines instead of ``kunci: []``."""
    text = FILES[PEOPLE].decode()
    for name, more in lines.items():
        start = text.index(f"\n  {name.replace('_', '-')}:\n    nama:")
        at = text.index("    kunci: []\n", start)
        text = text[:at] + more + text[at + len("    kunci: []\n") :]
    return load_office({**FILES, PEOPLE: text.encode()})


def refusal(files: Mapping[str, bytes]) -> ConfigurationError:
    with pytest.raises(ConfigurationError) as caught:
        load_office(files)
    return caught.value


# -- what stands in the files --


def test_the_court_is_the_one_of_the_form(office: Office) -> None:
    court = office.court
    assert court.name == "Pengadilan Agama Banjarnegara"
    assert court.letterhead[-1] == "PENGADILAN AGAMA BANJARNEGARA"
    assert (court.satker_code, court.case_suffix, court.address.postcode) == ("401106", "PA.Ba", "53418")
    assert court.phone == "(0286) 592810"
    assert court.timezone == "Asia/Jakarta"


def test_what_is_not_known_of_the_court_is_not_stated_as_fact(office: Office) -> None:
    assert not office.court.hours.normal.confirmed
    assert office.court.service_hours is None
    assert office.court.emails == ()


def test_the_ramadan_hours_of_2026_have_their_letter(office: Office) -> None:
    (ramadan,) = office.court.hours.special
    assert (ramadan.start, ramadan.end) == (date(2026, 2, 19), date(2026, 3, 20))
    assert ramadan.week.confirmed
    assert "Nomor 2 Tahun 2026" in ramadan.week.source
    assert ramadan.week.days[0] == ((480, 720), (750, 900))
    assert ramadan.week.days[4] == ((480, 690), (750, 930))


def test_the_limits_are_those_of_the_design(office: Office) -> None:
    limits = office.court.limits
    assert (limits.text_bytes, limits.photos, limits.photo_bytes) == (200_000, 20, 1_500_000)
    assert (limits.document_bytes, limits.check_seconds, limits.lock_seconds) == (25_000_000, 2, 30)
    assert (limits.monev_per_day, limits.releases_kept) == (1, 10)


def test_limits_left_out_are_the_same_as_those_written() -> None:
    text = FILES[COURT].decode()
    start, end = text.index("\nbatas:"), text.index("\n# Situs milik sendiri")
    assert (
        load_office({**FILES, COURT: (text[:start] + text[end:]).encode()}).court.limits
        == load_office(FILES).court.limits
    )


def test_no_person_is_invented_and_the_office_is_not_open(office: Office) -> None:
    assert {"admin", "redaktur", "kasubag-ptip", "sekretaris", "ketua", "pranata-komputer"} <= office.people.keys()
    for person in office.people.values():
        assert person.keys == ()
        assert all(email.endswith("@kantor.invalid") for email in person.emails)
    assert office.deciders_without_people(office.procedures["B"]) == ("redaktur", "kasubag-ptip")
    assert office.deciders_without_people(office.procedures["A"]) == ("kasubag-ptip", "ketua")


def test_machines_have_no_role_and_hence_no_vote(office: Office) -> None:
    machines = {person.id: person for person in office.people.values() if person.machine}
    assert machines.keys() == {"penerbit", "gate", "monev"}
    assert all(not machine.roles_on(date(2026, 1, 30)) for machine in machines.values())


def test_roles_carry_labels_and_superiors(office: Office) -> None:
    assert office.role_label("kasubag-ptip") == "Kasubag PTIP"
    assert office.superior("redaktur") == "kasubag-ptip"
    assert office.superior("ketua") is None
    assert office.role_label("tidak-ada") == "tidak-ada"


def test_the_site_has_its_sections_and_one_local_preview_target(office: Office) -> None:
    assert [section.slug for section in office.site.sections] == [
        *("profil", "layanan", "informasi-publik", "transparansi", "pengaduan", "reformasi-birokrasi", "kontak"),
    ]
    (target,) = office.site.targets
    assert (target.name, target.kind, target.folder, target.url, target.preview) == (
        "lokal",
        "local",
        "build/www",
        None,
        True,
    )
    assert office.site.reminders.waiting_days == 1
    assert not any(office.site.platforms.values())


def test_a_second_target_may_name_its_secrets_but_never_hold_one() -> None:
    text = "  utama:\n    jenis: sftp\n    folder: /srv/www\n    url: https://www.contoh.go.id/\n    pratinjau: tidak\n    rahasia: [{}]\n"
    at = "\n# Pengingat waktu tunggu"
    office = load_office(changed(SITE, at, text.format("SFTP_SANDI") + at))
    assert office.site.targets[1].secrets == ("SFTP_SANDI",)
    assert office.site.targets[1].url == "https://www.contoh.go.id"
    assert "bukan nama variabel" in refusal(changed(SITE, at, text.format("rahasia123") + at)).message


def test_files_outside_the_office_and_of_other_readers_are_left_alone() -> None:
    others = {"content/profil/visi.yml": b"\xff", "office/penilaian.yml": b"[", "office/README.md": b"\xff"}
    assert load_office({**FILES, **others}) == load_office(FILES)


def test_a_byte_order_mark_of_a_windows_editor_is_harmless() -> None:
    assert load_office({**FILES, COURT: b"\xef\xbb\xbf" + FILES[COURT]}) == load_office(FILES)


def test_windows_line_ends_are_harmless() -> None:
    assert load_office({path: data.replace(b"\n", b"\r\n") for path, data in FILES.items()}) == load_office(FILES)


def test_the_holidays_file_may_be_missing() -> None:
    assert load_office({path: data for path, data in FILES.items() if path != HOLIDAYS}) == load_office(FILES)


def test_local_days_reach_the_calendar() -> None:
    line = "hari_libur:\n  - {tanggal: 2026-11-02, keterangan: Libur daerah, sumber: Surat bupati}"
    calendar = load_office(changed(HOLIDAYS, "hari_libur: []", line)).calendar()
    assert calendar.holiday(date(2026, 11, 2)) == "Libur daerah (Surat bupati)"


def test_the_day_of_a_moment_is_the_courts(office: Office) -> None:
    assert office.day(datetime(2026, 1, 29, 17, 30, tzinfo=UTC)) == date(2026, 1, 30)
    with pytest.raises(ValueError, match="time zone"):
        office.day(datetime(2026, 1, 29, 17, 30))  # noqa: DTZ001  the naive moment is what is refused


def test_a_time_written_in_a_document_is_the_courts_clock(office: Office) -> None:
    written = datetime(2026, 1, 30, 10, 30)  # noqa: DTZ001  a document writes no zone
    assert office.moment(written) == datetime(2026, 1, 30, 3, 30, tzinfo=UTC)
    assert office.local(office.moment(written)).replace(tzinfo=None) == written
    with pytest.raises(ValueError, match="no zone"):
        office.moment(datetime(2026, 1, 30, tzinfo=UTC))


# -- people with keys, periods and acting officials --


def test_a_key_leads_to_its_person_and_to_nobody_else() -> None:
    office = with_people(redaktur=f"    kunci: [{key(1)}]\n", penerbit=f"    kunci: [{key(2)}]\n")
    assert office.person_by_key(fingerprint(key(1, "other comment"))) == office.people["redaktur"]
    assert office.person_by_key(fingerprint(key(2))) == office.people["penerbit"]
    assert office.person_by_key(fingerprint(key(3))) is None
    assert office.person_by_key("") is None


def test_an_address_leads_to_its_person_whatever_its_capitals(office: Office) -> None:
    assert office.person_by_email("Redaktur@Kantor.invalid") == office.people["redaktur"]
    assert office.person_by_email("asing@kantor.invalid") is None


ACTING = """    kunci: [{key}]
    wakil:
      - peran: redaktur
        sebagai: Plh
        mulai: 2026-03-02
        sampai: 2026-03-06
        surat: nomor surat
"""


def test_an_acting_official_has_the_role_on_the_days_of_the_letter_only() -> None:
    person = with_people(sekretaris=ACTING.format(key=key(1))).people["sekretaris"]
    assert person.roles_on(date(2026, 3, 1)) == ("sekretaris",)
    assert person.roles_on(date(2026, 3, 2)) == ("sekretaris", "redaktur")
    assert person.roles_on(date(2026, 3, 6)) == ("sekretaris", "redaktur")
    assert person.roles_on(date(2026, 3, 7)) == ("sekretaris",)
    assert person.acting == (
        Acting(role="redaktur", start=date(2026, 3, 2), end=date(2026, 3, 6), letter="nomor surat", as_="Plh"),
    )
    assert person.acting_as("redaktur", date(2026, 3, 3)) == "Plh"
    assert person.acting_as("redaktur", date(2026, 3, 7)) == ""
    assert person.acting_as("sekretaris", date(2026, 3, 3)) == ""


def test_an_acting_official_with_a_key_fills_the_missing_decider_while_it_lasts() -> None:
    office = with_people(sekretaris=ACTING.format(key=key(1)), kasubag_ptip=f"    kunci: [{key(2)}]\n")
    procedure = office.procedures["B"]
    assert office.deciders_without_people(procedure, date(2026, 3, 3)) == ()
    assert office.deciders_without_people(procedure, date(2026, 3, 9)) == ("redaktur",)
    assert office.deciders_without_people(procedure) == ("redaktur",)


def test_a_machines_key_does_not_open_the_office() -> None:
    office = with_people(penerbit=f"    kunci: [{key(1)}]\n")
    assert office.deciders_without_people(office.procedures["B"]) == ("redaktur", "kasubag-ptip")


def test_who_left_or_has_not_come_yet_holds_no_role() -> None:
    person = Person(
        id="x",
        name="X",
        emails=("x@kantor.invalid",),
        roles=("admin",),
        since=date(2026, 2, 1),
        until=date(2026, 5, 31),
    )
    assert [bool(person.roles_on(date(2026, *day))) for day in ((1, 31), (2, 1), (5, 31), (6, 1))] == [
        False,
        True,
        True,
        False,
    ]


def test_acting_never_outlasts_the_persons_own_time() -> None:
    period = Acting(role="ketua", start=date(2026, 1, 1), end=date(2026, 12, 31), letter="1", as_="Plt")
    person = Person(id="x", name="X", emails=("x@kantor.invalid",), acting=(period,), until=date(2026, 5, 31))
    assert person.roles_on(date(2026, 5, 31)) == ("ketua",)
    assert person.roles_on(date(2026, 6, 1)) == ()
    assert person.acting_as("ketua", date(2026, 6, 1)) == ""


def test_who_may_act_names_people_of_the_role_and_the_machine_in_their_place(office: Office) -> None:
    procedure = office.procedures["B"]
    decision, publishing = procedure.decisions()[0], procedure.step("3").positions()[0]
    day = date(2026, 1, 30)
    assert [person.id for person in office.who_may_act(procedure, decision, day)] == ["redaktur"]
    assert [person.id for person in office.who_may_act(procedure, publishing, day)] == ["admin", "penerbit"]


def test_another_court_has_its_own_zone_and_service_hours() -> None:
    hours = "jam_pelayanan:\n  asal: resmi\n  sumber: Surat ketua\n  jadwal:\n    - {hari: [senin, jumat], jam: 08:30-15:00}\n"
    files = changed(COURT, "Asia/Jakarta", "Asia/Jayapura")
    court = load_office({**files, HOURS: files[HOURS] + hours.encode()}).court
    assert court.timezone == "Asia/Jayapura"
    assert court.service_hours is not None
    assert court.service_hours.days == (((510, 900),), (), (), (), ((510, 900),), (), ())
    assert court.service_hours.confirmed
