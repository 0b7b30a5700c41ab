"""Tanggal di isian dan di teks benar-benar ada, dan hari serta urutannya cocok.

Tanggal 30 Februari, hari yang tidak cocok dengan tanggalnya, atau pengumuman yang berakhir sebelum mulai membuat pembaca
datang pada hari yang salah. Sumber: kalender Masehi (ISO 8601).
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from pipeline.frontmatter import MONTHS, why_impossible
from pipeline.model import Finding, Level
from pipeline.rules import Context, Example, from_reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document, Passage

LEVEL = Level.ERROR
EXCUSABLE = False

_NOTICE: Final = "pengumuman/2026/jam-layanan"
_TODAY: Final = Context(today=date(2026, 2, 1))

GOOD = (
    Example(
        fields={"tanggal": "2026-01-30"}, body="Sidang digelar Jumat (30/1/2026), bukan Kamis, 29 Februari 2024.\n"
    ),
    Example(path=_NOTICE, fields={"berlaku_sejak": "2026-02-01", "tayang_sampai": "2026-02-01"}),
    "Perma Nomor 1/2/2026 dan perkara 31/4/2026; hari Jumat pukul 10.00.\n",
)
BAD = (
    Example(fields={"tanggal": "2026-02-30"}),
    Example(fields={"terbit": "2026-13-01 10:30"}),
    "Sidang berikutnya digelar 31 April 2026.\n",
    "Sidang digelar Kamis, 30 Januari 2026.\n",
    "Sidang digelar Senin (30/1/2026).\n",
    Example(fields={"tanggal": "2025-01-30"}),
    Example(context=_TODAY, fields={"tanggal": "2026-12-30"}),
    Example(path=_NOTICE, fields={"tayang_sampai": "2026-01-01"}),
    Example(path=_NOTICE, fields={"berlaku_sejak": "2026-03-01", "tayang_sampai": "2026-02-01"}),
    Example(path=_NOTICE, fields={"terbit": "2026-02-02 08:00", "tayang_sampai": "2026-02-01"}),
)

_DAYS: Final = ("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu")
_DAY: Final = r"(?:\b(?P<weekday>senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad),?\s+)?"
_WORDS: Final = re.compile(
    rf"{_DAY}\b(?P<day>\d{{1,2}})\s+(?P<month>{'|'.join(MONTHS)})\s+(?P<year>\d{{4}})\b", re.IGNORECASE
)
# A bare 31/4/2026 may be the number of a case or a decree: only behind the name of a day is it a date.
_DIGITS: Final = re.compile(
    rf"{_DAY.removesuffix('?')}\(?(?P<day>\d{{1,2}})[/-](?P<month>\d{{1,2}})[/-](?P<year>\d{{4}})\b\)?",
    re.IGNORECASE,
)


def check(document: Document, context: Context) -> Iterator[Finding]:
    """Yield a finding per date that can't be, in the fields (errors) and in the text (a wrong weekday: a warning)."""
    yield from from_reading(document, "impossible-date")
    yield from _of_fields(document, context)
    for passage in document.passages:
        yield from _of_text(passage)


def _of_fields(document: Document, context: Context) -> Iterator[Finding]:
    happened, starts, ends = (_day(document, name) for name in ("tanggal", "berlaku_sejak", "tayang_sampai"))
    year = re.fullmatch(r"(?:berita|pengumuman)/(\d{4})/.*", document.path)
    if happened and year and int(year[1]) != happened.year:
        yield _field(
            document, "tanggal", f"Tanggal {happened} tidak cocok dengan tahun alamatnya ({year[1]}).", warn=True
        )
    if document.kind == "berita" and happened and context.today and happened > context.today + timedelta(days=1):
        yield _field(document, "tanggal", f"Tanggal berita {happened} belum terjadi.", warn=True)
    first = max((day for day in (happened, starts) if day), default=None)
    if first and ends and ends < first:
        yield _field(document, "tayang_sampai", f"Pengumuman berakhir {ends}, sebelum mulai {first}.", warn=False)
    opens = document.fields.get("terbit")
    if isinstance(opens, datetime) and ends and opens.date() > ends:
        yield _field(
            document, "terbit", f"Naskah baru terbit {opens.date()}, sesudah masa tayangnya berakhir.", warn=False
        )


def _day(document: Document, name: str) -> date | None:
    value = document.fields.get(name)
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _field(document: Document, name: str, message: str, *, warn: bool) -> Finding:
    level = Level.WARNING if warn else Level.ERROR
    return Finding(line=document.line_of(name), level=level, message=message, hint=f"Periksa isian {name}.")


def _of_text(passage: Passage) -> Iterator[Finding]:
    for pattern in (_WORDS, _DIGITS):
        for found in pattern.finditer(passage.text):
            yield from _of_written(found, passage.line)


def _of_written(found: re.Match[str], line: int) -> Iterator[Finding]:
    day, year = int(found["day"]), int(found["year"])
    named = [name.casefold() for name in MONTHS]
    month = int(found["month"]) if found["month"].isdigit() else named.index(found["month"].casefold()) + 1
    if not (1 <= month <= len(MONTHS) and year > 0 and 1 <= day <= monthrange(year, month)[1]):
        yield Finding(line=line, message=f"Tanggal {found[0]} tidak ada.", hint=why_impossible(year, month))
    elif found["weekday"]:
        weekday = found["weekday"].casefold().replace("'", "").replace("ahad", "minggu")
        actual = _DAYS[date(year, month, day).weekday()]
        if weekday != actual:
            yield Finding(
                line=line,
                level=Level.WARNING,
                message=f"Hari dan tanggal tidak cocok: {found[0]}.",
                hint=f"{day} {MONTHS[month - 1]} {year} jatuh pada hari {actual.capitalize()}.",
            )
