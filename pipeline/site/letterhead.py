"""The court as the templates show it: name, kop, address, telephone, and hours where they are a fact.

Hours that the office's data marks as our own reading (``tafsiran``) are no fact and are never printed on a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.calendar import DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.calendar import Span, Week
    from pipeline.court import Court


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What header, footer and contact box print. ``phone_number`` is the number as a phone dials it."""

    name: str
    level_class: str
    authority: str
    letterhead_above: tuple[str, ...]
    address: tuple[str, ...]
    phone: str
    phone_number: str
    emails: tuple[str, ...]
    hours: tuple[str, ...]
    jurisdiction: str


def letterhead(court: Court) -> Letterhead:
    """The court's face, from ``office/court.yml`` and ``office/hours.yml`` alone."""
    own = court.name.casefold()
    return Letterhead(
        name=court.name,
        level_class=court.level_class,
        authority=_title_case(court.letterhead[0]),
        letterhead_above=tuple(line for line in court.letterhead if line.casefold() != own),
        address=(
            court.address.street,
            f"{court.address.regency} {court.address.postcode}".strip(),
            court.address.province,
        ),
        phone=court.phone,
        phone_number=dialled(court.phone),
        emails=court.emails,
        hours=tuple(_week(court.service_hours)) if court.service_hours and court.service_hours.confirmed else (),
        jurisdiction=enumeration(court.jurisdiction),
    )


def dialled(phone: str) -> str:
    """A number with Indonesia's country code: ``(0286) 592810`` is ``+62286592810``."""
    digits = re.sub(r"[^0-9+]", "", phone)
    return f"+62{digits[1:]}" if digits.startswith("0") else digits


def _title_case(line: str) -> str:
    """``MAHKAMAH AGUNG REPUBLIK INDONESIA`` in the header's small line; mixed case stays as it is."""
    return line.title() if line.isupper() else line


def enumeration(names: tuple[str, ...]) -> str:
    """``A``, ``A dan B``, ``A, B, dan C`` (EYD V: a comma before the last ``dan`` from three on)."""
    if len(names) < 2:  # noqa: PLR2004 - a single name needs no "dan"
        return "".join(names)
    return f"{', '.join(names[:-1])}{',' if len(names) > 2 else ''} dan {names[-1]}"  # noqa: PLR2004 - EYD V: serial comma from three on


def _week(week: Week) -> Iterator[str]:
    named = list(zip(DAYS, week.days, strict=True))
    for spans, group in groupby(named, key=lambda pair: pair[1]):
        names = [name.capitalize() for name, _ in group]
        days = names[0] if len(names) == 1 else f"{names[0]} sampai {names[-1]}"
        yield f"{days}: {_spans(spans)}"


def _spans(spans: tuple[Span, ...]) -> str:
    return " dan ".join(f"{_clock(start)}-{_clock(end)}" for start, end in spans) or "tutup"


def _clock(minute: int) -> str:
    return f"{minute // 60:02}.{minute % 60:02}"
