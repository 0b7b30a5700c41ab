"""Dates and hours as the public reads them, by Babel in Indonesian; the engine prints none.

Refuses to guess a zone: a moment must be aware, and its zone is the court's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime

if TYPE_CHECKING:
    from datetime import date, datetime

LOCALE: Final = "id"

# Keputusan Presiden Nomor 41 Tahun 1987: Indonesia's three zones and their names.
_ZONE_NAMES: Final = {7: "WIB", 8: "WITA", 9: "WIT"}


def day(value: date) -> str:
    """``30 Januari 2026``."""
    return format_date(value, "d MMMM y", locale=LOCALE)


def day_and_month(value: date) -> str:
    """``30 Januari``, for lists that already stand under their year."""
    return format_date(value, "d MMMM", locale=LOCALE)


def month(value: date) -> str:
    """``Januari 2026``."""
    return format_date(value, "MMMM y", locale=LOCALE)


def moment(value: datetime, timezone: str) -> str:
    """``30 Januari 2026 pukul 10.30 WIB``; ``value`` is aware, ``timezone`` an IANA name."""
    local = value.astimezone(ZoneInfo(timezone))
    offset = local.utcoffset()
    hours = int(offset.total_seconds() // 3600) if offset is not None else 0
    zone = _ZONE_NAMES.get(hours, local.strftime("%Z"))
    return f"{format_datetime(local, 'd MMMM y', locale=LOCALE)} pukul {local:%H.%M} {zone}"
