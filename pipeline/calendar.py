"""The working time of a court: hours, breaks, Ramadan hours, holidays and cuti bersama, in the court's own zone.

National holidays and cuti bersama come from the package ``holidays`` (country ID, categories public and government); what a
decree moved comes from the office. Where neither knows (cuti bersama of a year not yet published, Ramadan without its
circular) the answer says *kalender belum lengkap* and its minutes are provisional: this file never guesses in silence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

DAYS: Final = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_DAY: Final = timedelta(days=1)
_MINUTES_A_DAY: Final = 24 * 60
_RAMADAN_DAYS: Final = 30  # a Hijri month has 29 or 30; the longer one, so that no day of it is missed
_LONGEST_CLOSURE: Final = 60  # days; no office of the state is closed longer

Span = tuple[int, int]
"""Minutes after midnight: from, until."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Open spans a day of the week (Monday first). ``confirmed`` is False while it is only our reading."""

    days: tuple[tuple[Span, ...], ...]
    confirmed: bool
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialHours:
    """Other hours from ``start`` to ``end`` (both included), such as those of a Ramadan."""

    label: str
    start: date
    end: date
    week: Week


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The court's working hours: the normal week and the periods that differ."""

    normal: Week
    special: tuple[SpecialHours, ...] = ()

    def on(self, day: date) -> Week:
        """The week that holds on ``day``."""
        return next((period.week for period in self.special if period.start <= day <= period.end), self.normal)


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalDays:
    """What the office knows better than the package: more days off, days worked after all, years it vouches for."""

    off: Mapping[date, str] = field(default_factory=dict)
    worked: Mapping[date, str] = field(default_factory=dict)
    complete_years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """Working minutes of an interval. ``gaps`` says in Indonesian what the calendar does not know of it.

    ``overtime`` marks work done wholly outside the working hours: its minutes are elapsed ones.
    """

    minutes: float
    missing_years: tuple[int, ...] = ()
    gaps: tuple[str, ...] = ()
    overtime: bool = False

    @property
    def provisional(self) -> bool:
        """Whether the minutes may still change, because the calendar is incomplete."""
        return bool(self.missing_years)

    def describe(self) -> str:
        """The time in words, with its reservations."""
        words = describe_minutes(self.minutes)
        if self.overtime:
            words += " (di luar jam kerja)"
        return f"{words}, sementara: kalender belum lengkap ({', '.join(self.gaps)})" if self.provisional else words


@dataclass(frozen=True, slots=True, kw_only=True)
class _Year:
    """What the package knows of one year."""

    off: Mapping[date, str]
    has_government_days: bool
    ramadans: tuple[tuple[date, date], ...]


@lru_cache(maxsize=64)
def _national(year: int) -> _Year:
    """Holidays of Indonesia in ``year`` (the package costs a quarter of a second, so it is imported here).

    Ramadan is counted back from the package's Idul Fitri, which may be an estimate.
    """
    from holidays import country_holidays

    public = country_holidays("ID", years=year, categories=("public",), language="id")
    government = country_holidays("ID", years=year, categories=("government",), language="id")
    feasts = [
        day for day, name in public.items() if "Hari Raya Idul Fitri" in name and not name.startswith("Hari kedua")
    ]
    return _Year(
        off={**public, **government},
        has_government_days=bool(government),
        ramadans=tuple((day - timedelta(days=_RAMADAN_DAYS), day - _DAY) for day in sorted(feasts)),
    )


class Calendar:
    """Answers how much of an interval is working time. Every moment given must be aware; days are the court's."""

    def __init__(self, *, timezone: str, hours: Hours, local: LocalDays | None = None) -> None:
        self._zone = ZoneInfo(timezone)
        self._hours = hours
        self._local = local or LocalDays()
        self._spans: dict[date, tuple[Span, ...]] = {}

    def holiday(self, day: date) -> str | None:
        """The name of the day off, or None on any other day (a Sunday is no holiday by itself)."""
        if day in self._local.worked:
            return None
        return self._local.off.get(day) or _national(day.year).off.get(day)

    def spans(self, day: date) -> tuple[Span, ...]:
        """When the office works on ``day``, in minutes after the court's midnight; empty on a day off."""
        if day not in self._spans:
            self._spans[day] = () if self.holiday(day) else self._hours.on(day).days[day.weekday()]
        return self._spans[day]

    def minutes(self, start: datetime, end: datetime) -> WorkingTime:
        """Working minutes from ``start`` to ``end`` (none where the end is not later)."""
        first, last = self._at_court(start), self._at_court(end)
        if end <= start:
            return WorkingTime(minutes=0.0)
        gaps = tuple(self._gaps(first.date(), last.date()))
        return WorkingTime(
            minutes=sum(self._worked(day, first, last) for day in _days(first.date(), last.date())),
            missing_years=tuple(sorted({year for year, _ in gaps})),
            gaps=tuple(words for _, words in gaps),
        )

    def spent(self, start: datetime, end: datetime) -> WorkingTime:
        """Waktu pengerjaan: the working minutes, or the elapsed ones where all of it was overtime."""
        within = self.minutes(start, end)
        if within.minutes or end <= start:
            return within
        elapsed = (end - start).total_seconds() / 60
        return WorkingTime(minutes=elapsed, missing_years=within.missing_years, gaps=within.gaps, overtime=True)

    def is_open(self, moment: datetime) -> bool:
        """Whether the office works at ``moment``."""
        local = self._at_court(moment)
        return any(start <= _minute_of(local) < end for start, end in self.spans(local.date()))

    def next_opening(self, moment: datetime) -> datetime | None:
        """``moment`` itself while the office works, else when it next does; None where no such day is near."""
        if self.is_open(moment):
            return moment
        local = self._at_court(moment)
        for day in _days(local.date(), local.date() + timedelta(days=_LONGEST_CLOSURE)):
            for start, _ in self.spans(day):
                opening = self._moment(day, start)
                if opening > moment:
                    return opening
        return None

    def working_days(self, first: date, last: date) -> tuple[date, ...]:
        """The days on which the office works, from ``first`` to ``last`` (both included)."""
        return tuple(day for day in _days(first, last) if self.spans(day))

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days follow ``start`` up to and with ``end``."""
        return len(self.working_days(start + _DAY, end))

    def deadline(self, start: datetime, working_days: int) -> datetime:
        """The same time of day, ``working_days`` working days after ``start``: when a reminder falls due.

        Waiting that starts outside the hours counts from the next opening.
        """
        local = self._at_court(self.next_opening(start) or start)
        days = _days(local.date() + _DAY, local.date() + timedelta(days=_LONGEST_CLOSURE + 7 * working_days))
        open_days = list(islice((day for day in days if self.spans(day)), working_days))
        return datetime.combine(open_days[-1] if open_days else local.date(), local.timetz())

    def _at_court(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError("a moment without time zone")
        return moment.astimezone(self._zone)

    def _moment(self, day: date, minute: int) -> datetime:
        return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=self._zone)

    def _worked(self, day: date, first: datetime, last: datetime) -> float:
        earliest = _minute_of(first) if day == first.date() else 0.0
        latest = _minute_of(last) if day == last.date() else float(_MINUTES_A_DAY)
        return sum(max(0.0, min(end, latest) - max(start, earliest)) for start, end in self.spans(day))

    def _gaps(self, first: date, last: date) -> Iterator[tuple[int, str]]:
        """What is not known between two days: the year it belongs to, and its name."""
        for year in range(first.year, last.year + 1):
            if year not in self._local.complete_years and not _national(year).has_government_days:
                yield year, f"cuti bersama {year}"
        for year in range(first.year, last.year + 2):
            for start, end in _national(year).ramadans:
                if start <= last and first <= end and not self._has_hours(start, end):
                    yield max(start, first).year, f"jam kerja Ramadan {end.year}"

    def _has_hours(self, start: date, end: date) -> bool:
        return any(period.start <= end and start <= period.end for period in self._hours.special)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))


def _minute_of(moment: datetime) -> float:
    return moment.hour * 60 + moment.minute + moment.second / 60 + moment.microsecond / 60_000_000


def describe_minutes(minutes: float) -> str:
    """A duration in plain words: ``kurang dari 1 menit``, ``5 menit``, ``1 jam``, ``1 jam 5 menit``."""
    if minutes < 1:
        return "kurang dari 1 menit" if minutes > 0 else "0 menit"
    hours, rest = divmod(int(minutes), 60)
    return " ".join(words for words in (f"{hours} jam" if hours else "", f"{rest} menit" if rest else "") if words)
