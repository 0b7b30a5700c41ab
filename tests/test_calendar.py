"""Working time of the court: hours, breaks, Ramadan, holidays, the court's own zone, and what is not known."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.calendar import Calendar, Hours, LocalDays, SpecialHours, Week, describe_minutes
from pipeline.office import Office, load_office

ROOT = Path(__file__).parent.parent
WIB = ZoneInfo("Asia/Jakarta")
OFFICE: Office = load_office(
    {f"office/{p.relative_to(ROOT / 'office').as_posix()}": p.read_bytes() for p in (ROOT / "office").rglob("*.yml")}
)
HOURS = OFFICE.court.hours


@pytest.fixture(scope="module")
def calendar() -> Calendar:
    return OFFICE.calendar()


def at(day: str, clock: str = "00:00") -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=WIB)


def local(**more: object) -> Calendar:
    return Calendar(timezone="Asia/Jakarta", hours=HOURS, local=LocalDays(**more))  # type: ignore[arg-type]  # named by the tests


# -- an ordinary week --


def test_a_working_day_has_seven_and_a_half_hours(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-01-26"), at("2026-01-27")).minutes == 450


def test_the_break_is_no_working_time(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-01-26", "11:30"), at("2026-01-26", "13:30")).minutes == 60
    assert calendar.minutes(at("2026-01-26", "12:00"), at("2026-01-26", "13:00")).minutes == 0


def test_the_break_of_friday_is_longer(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-01-30", "11:00"), at("2026-01-30", "13:30")).minutes == 60
    assert calendar.minutes(at("2026-01-30", "16:30"), at("2026-01-30", "20:00")).minutes == 30


def test_a_weekend_passes_without_working_time(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-01-30", "16:00"), at("2026-02-02", "09:00")).minutes == 60 + 60


def test_a_week_has_the_hours_of_five_days(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-01-26"), at("2026-02-02")).minutes == 37.5 * 60


def test_seconds_count(calendar: Calendar) -> None:
    start = at("2026-01-26", "09:00")
    assert calendar.minutes(start, start + timedelta(seconds=90)).minutes == pytest.approx(1.5)


def test_an_end_before_its_start_is_no_time(calendar: Calendar) -> None:
    time_back = calendar.minutes(at("2028-01-27"), at("2026-01-26"))
    assert (time_back.minutes, time_back.missing_years) == (0, ())
    assert calendar.spent(at("2026-01-27"), at("2026-01-26")).minutes == 0


def test_a_moment_without_zone_is_refused(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar.minutes(datetime(2026, 1, 26), at("2026-01-27"))  # noqa: DTZ001  the naive moment is what is refused


# -- Ramadan --


def test_ramadan_has_its_own_hours(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-02-23"), at("2026-02-24")).minutes == 390
    assert calendar.minutes(at("2026-02-27"), at("2026-02-28")).minutes == 390
    assert calendar.minutes(at("2026-02-23"), at("2026-02-28")).minutes == 32.5 * 60


def test_ramadan_starts_and_ends_on_its_days(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-02-18"), at("2026-02-19")).minutes == 450
    assert calendar.minutes(at("2026-02-19"), at("2026-02-20")).minutes == 390
    assert calendar.minutes(at("2026-03-25"), at("2026-03-26")).minutes == 450


def test_the_break_of_ramadan_is_another_one(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-02-23", "12:00"), at("2026-02-23", "13:00")).minutes == 30
    assert calendar.minutes(at("2026-02-23", "15:00"), at("2026-02-23", "16:30")).minutes == 0


def test_a_ramadan_without_its_circular_is_a_gap(calendar: Calendar) -> None:
    within = calendar.minutes(at("2027-02-15"), at("2027-02-16"))
    assert within.missing_years == (2027,)
    assert within.gaps == ("jam kerja Ramadan 2027",)
    assert within.provisional


def test_outside_ramadan_the_same_year_is_complete(calendar: Calendar) -> None:
    assert calendar.minutes(at("2027-06-07"), at("2027-06-08")).missing_years == ()


def test_a_circular_closes_the_gap_of_ramadan() -> None:
    ramadan = SpecialHours(label="Ramadan", start=date(2027, 2, 8), end=date(2027, 3, 9), week=HOURS.special[0].week)
    calendar = Calendar(timezone="Asia/Jakarta", hours=Hours(normal=HOURS.normal, special=(*HOURS.special, ramadan)))
    within = calendar.minutes(at("2027-02-15"), at("2027-02-16"))
    assert (within.minutes, within.missing_years) == (390, ())


# -- holidays --


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-01-16", "Isra Mikraj"),
        ("2026-02-16", "Cuti Bersama Tahun Baru Imlek"),
        ("2026-03-19", "Nyepi"),
        ("2026-03-20", "Cuti Bersama Hari Raya Idul Fitri"),
        ("2026-05-01", "Buruh"),
        ("2026-08-17", "Kemerdekaan"),
        ("2026-12-24", "Cuti Bersama Hari Raya Natal"),
    ],
)
def test_holidays_and_cuti_bersama_are_no_working_days(calendar: Calendar, day: str, name: str) -> None:
    assert name in (calendar.holiday(date.fromisoformat(day)) or "")
    assert calendar.minutes(at(day), at(day, "23:59")).minutes == 0


def test_the_office_may_add_a_day_off() -> None:
    calendar = local(off={date(2026, 11, 2): "Libur daerah"})
    assert calendar.holiday(date(2026, 11, 2)) == "Libur daerah"
    assert calendar.minutes(at("2026-11-02"), at("2026-11-03")).minutes == 0


def test_the_office_may_say_that_a_holiday_was_moved() -> None:
    calendar = local(worked={date(2026, 12, 24): "digeser"})
    assert calendar.holiday(date(2026, 12, 24)) is None
    assert calendar.minutes(at("2026-12-24"), at("2026-12-25")).minutes == 450


def test_2026_and_2027_are_known_and_2028_is_incomplete(calendar: Calendar) -> None:
    assert calendar.minutes(at("2026-06-02"), at("2026-06-03")).missing_years == ()
    assert calendar.minutes(at("2027-07-01"), at("2027-12-31")).missing_years == ()
    later = calendar.minutes(at("2028-07-03"), at("2028-07-04"))
    assert later.minutes == 450
    assert later.missing_years == (2028,)
    assert later.describe() == "7 jam 30 menit, sementara: kalender belum lengkap (cuti bersama 2028)"


def test_an_interval_over_several_years_names_each_that_is_missing(calendar: Calendar) -> None:
    over = calendar.minutes(at("2027-12-01"), at("2029-01-31"))
    assert over.missing_years == (2028, 2029)
    assert over.gaps == ("cuti bersama 2028", "cuti bersama 2029", "jam kerja Ramadan 2028", "jam kerja Ramadan 2029")


def test_the_office_may_vouch_for_a_year() -> None:
    calendar = local(complete_years=(2028,), off={date(2028, 7, 3): "Cuti bersama"})
    assert calendar.minutes(at("2028-07-03"), at("2028-07-05")).missing_years == ()
    assert calendar.minutes(at("2028-07-03"), at("2028-07-05")).minutes == 450


# -- another zone --


def test_a_court_in_jayapura_works_by_its_own_clock() -> None:
    jayapura = Calendar(timezone="Asia/Jayapura", hours=HOURS)
    start = datetime(2026, 1, 25, 23, 0, tzinfo=UTC)  # Monday 08.00 in Jayapura, 06.00 in Jakarta
    assert jayapura.minutes(start, start + timedelta(hours=2)).minutes == 120
    assert OFFICE.calendar().minutes(start, start + timedelta(hours=2)).minutes == 0
    assert jayapura.is_open(start)
    assert not OFFICE.calendar().is_open(start)


def test_the_zone_in_which_a_moment_is_written_does_not_matter(calendar: Calendar) -> None:
    start, end = at("2026-01-26", "09:00"), at("2026-01-28", "10:00")
    assert calendar.minutes(start.astimezone(UTC), end.astimezone(ZoneInfo("Asia/Jayapura"))) == calendar.minutes(
        start, end
    )


# -- openings, days, deadlines --


def test_the_office_is_open_within_its_spans_only(calendar: Calendar) -> None:
    moments = {
        "07:59": False,
        "08:00": True,
        "11:59": True,
        "12:00": False,
        "13:00": True,
        "16:29": True,
        "16:30": False,
    }
    assert {clock: calendar.is_open(at("2026-01-26", clock)) for clock in moments} == moments


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        (at("2026-01-26", "09:00"), at("2026-01-26", "09:00")),
        (at("2026-01-26", "12:15"), at("2026-01-26", "13:00")),
        (at("2026-01-30", "17:00"), at("2026-02-02", "08:00")),
        (at("2026-03-17", "15:00"), at("2026-03-25", "08:00")),  # Nyepi, Idul Fitri and their cuti bersama
    ],
)
def test_the_next_opening_passes_breaks_nights_and_holidays(
    calendar: Calendar, moment: datetime, opening: datetime
) -> None:
    assert calendar.next_opening(moment) == opening


def test_an_office_that_never_opens_has_no_next_opening() -> None:
    closed = Calendar(timezone="Asia/Jakarta", hours=Hours(normal=Week(days=((),) * 7, confirmed=True)))
    assert closed.next_opening(at("2026-01-26")) is None


def test_working_days_are_counted_after_the_first_day(calendar: Calendar) -> None:
    assert calendar.working_days_between(date(2026, 1, 30), date(2026, 2, 2)) == 1
    assert calendar.working_days_between(date(2026, 3, 17), date(2026, 3, 25)) == 1
    assert calendar.working_days_between(date(2026, 1, 30), date(2026, 1, 30)) == 0
    assert calendar.working_days_between(date(2026, 1, 30), date(2026, 1, 1)) == 0


def test_working_days_leave_out_weekends_and_holidays_and_include_both_ends(calendar: Calendar) -> None:
    days = calendar.working_days(date(2026, 3, 16), date(2026, 3, 25))
    assert days == (date(2026, 3, 16), date(2026, 3, 17), date(2026, 3, 25))
    assert calendar.working_days(date(2026, 3, 21), date(2026, 3, 24)) == ()


def test_a_deadline_is_the_same_time_of_day_some_working_days_later(calendar: Calendar) -> None:
    assert calendar.deadline(at("2026-01-29", "10:00"), 1) == at("2026-01-30", "10:00")
    assert calendar.deadline(at("2026-01-30", "10:00"), 1) == at("2026-02-02", "10:00")
    assert calendar.deadline(at("2026-01-31", "10:00"), 1) == at("2026-02-03", "08:00")
    assert calendar.deadline(at("2026-01-26", "10:00"), 0) == at("2026-01-26", "10:00")


# -- waktu pengerjaan --


def test_work_within_the_hours_counts_its_working_minutes(calendar: Calendar) -> None:
    spent = calendar.spent(at("2026-01-26", "16:00"), at("2026-01-26", "18:00"))
    assert (spent.minutes, spent.overtime) == (30, False)


def test_work_wholly_outside_the_hours_counts_as_overtime(calendar: Calendar) -> None:
    spent = calendar.spent(at("2026-01-31", "20:00"), at("2026-01-31", "20:25"))
    assert (spent.minutes, spent.overtime) == (25, True)
    assert spent.describe() == "25 menit (di luar jam kerja)"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 menit"),
        (0.4, "kurang dari 1 menit"),
        (1, "1 menit"),
        (59.9, "59 menit"),
        (60, "1 jam"),
        (65, "1 jam 5 menit"),
        (6000, "100 jam"),
    ],
)
def test_a_duration_reads_as_people_say_it(minutes: float, words: str) -> None:
    assert describe_minutes(minutes) == words


# -- laws --

MINUTES = st.integers(min_value=0, max_value=60 * 24 * 60)
CALENDAR = OFFICE.calendar()


@settings(max_examples=60, deadline=None)
@given(start=MINUTES, length=st.integers(min_value=0, max_value=4 * 24 * 60))
def test_working_minutes_are_those_at_which_the_office_is_open(start: int, length: int) -> None:
    first = at("2026-02-01") + timedelta(minutes=start)
    opened = sum(CALENDAR.is_open(first + timedelta(minutes=minute)) for minute in range(length))
    assert CALENDAR.minutes(first, first + timedelta(minutes=length)).minutes == pytest.approx(opened)


@settings(max_examples=60, deadline=None)
@given(moments=st.lists(MINUTES, min_size=3, max_size=3).map(sorted))
def test_two_parts_of_an_interval_add_up_to_the_whole(moments: list[int]) -> None:
    first, middle, last = (at("2026-02-01") + timedelta(minutes=moment) for moment in moments)
    parts = CALENDAR.minutes(first, middle).minutes + CALENDAR.minutes(middle, last).minutes
    assert parts == pytest.approx(CALENDAR.minutes(first, last).minutes)


def test_an_interval_of_ten_years_costs_little(calendar: Calendar) -> None:
    calendar.minutes(at("2017-01-01"), at("2027-01-01"))
    before = time.perf_counter()
    calendar.minutes(at("2017-01-01"), at("2027-01-01"))
    assert time.perf_counter() - before < 0.5
