"""Setiap ralat menyebut harinya dan apa yang diperbaiki.

Pembaca yang sudah membaca teks lama perlu tahu apa yang berubah dan sejak kapan. Ralat yang harinya belum tiba, mendahului
peristiwanya, atau tanpa isi tidak memberi tahu apa-apa. Sumber: Pedoman Pemberitaan Media Siber (Peraturan Dewan Pers
Nomor 1/Peraturan-DP/III/2012) butir 4 huruf c, waktu pemuatan ralat wajib dicantumkan; diikuti sebagai kebiasaan baik.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from pipeline.correction import FIELD
from pipeline.kinds import CORRECTION_TEXT
from pipeline.model import Finding, Level
from pipeline.rules import Context, Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document, FieldValue

LEVEL = Level.ERROR
EXCUSABLE = False

_TODAY = Context(today=date(2026, 2, 2))
_TEXT = "Sidang dimulai pukul 09.00. Semula tertulis pukul 10.00."

GOOD = (
    Example(fields={"ralat": f"[{{tanggal: 2026-02-02, isi: {_TEXT}}}]"}, context=_TODAY),
    Example(
        fields={"ralat": f"[{{tanggal: 2026-01-30, isi: {_TEXT}}}, {{tanggal: 2026-01-31, isi: {_TEXT}}}]"},
        context=_TODAY,
    ),
    Example(
        path="layanan/biaya-perkara",
        fields={"tanggal": None, "berlaku_sejak": "2026-02-01", "ralat": f"[{{tanggal: 2025-03-01, isi: {_TEXT}}}]"},
        context=_TODAY,
    ),
)
BAD = (
    Example(fields={"ralat": f"[{{tanggal: 2026-02-03, isi: {_TEXT}}}]"}, context=_TODAY),
    Example(fields={"ralat": f"[{{tanggal: 2026-01-29, isi: {_TEXT}}}]"}, context=_TODAY),
    Example(fields={"ralat": '[{tanggal: 2026-02-02, isi: ""}]'}, context=_TODAY),
    Example(fields={"ralat": "[{tanggal: 2026-02-02, isi: ralat}]"}),
    Example(fields={"ralat": f"[{{tanggal: 2026-02-02, isi: {'panjang ' * 40}}}]"}),
    Example(fields={"ralat": f'[{{tanggal: "", isi: {_TEXT}}}]'}),
)


def check(document: Document, context: Context) -> Iterator[Finding]:
    """Yield a finding per notice without a day or a text, or of a day that can't be."""
    line = document.line_of(FIELD)
    entries = document.fields.get(FIELD, ())
    for entry in entries if isinstance(entries, tuple) else ():
        if isinstance(entry, Mapping):
            yield from _of_day(entry["tanggal"], _day(document), context.today, line)
            yield from _of_text(str(entry["isi"]), line)


def _of_day(day: FieldValue, happened: date | None, today: date | None, line: int) -> Iterator[Finding]:
    if not isinstance(day, date):
        yield Finding(line=line, message="Ralat belum bertanggal.", hint="Tulis harinya, seperti: tanggal: 2026-02-02")
    elif today and day > today:
        yield Finding(
            line=line,
            message=f"Tanggal ralat {day} belum tiba.",
            hint="Tulis hari perbaikannya, paling lambat hari ini.",
        )
    elif happened and day < happened:
        yield Finding(
            line=line,
            message=f"Tanggal ralat {day} mendahului tanggal naskah ({happened}).",
            hint="Periksa kedua tanggal itu; ralat dibuat sesudah naskah tayang.",
        )


def _of_text(text: str, line: int) -> Iterator[Finding]:
    least, most = CORRECTION_TEXT.minimum or 1, CORRECTION_TEXT.maximum or len(text)
    if len(text) < least:
        yield Finding(
            line=line,
            message="Ralat belum menyebut apa yang diperbaiki.",
            hint=f"Tulis yang benar dan yang semula tertulis, seperti: {CORRECTION_TEXT.example}",
        )
    elif len(text) > most:
        yield Finding(
            line=line,
            message=f"Isi ralat {len(text)} huruf, paling panjang {most}.",
            hint="Sebutkan yang diperbaiki saja; keterangan lain ditulis di badan naskah.",
        )


def _day(document: Document) -> date | None:
    value = document.fields.get("tanggal")
    return value if isinstance(value, date) and not isinstance(value, datetime) else None
