"""Judul dan isian lain tidak lebih panjang daripada tempatnya di situs.

Judul di atas 90 huruf terpotong di daftar, hasil pencarian, dan tautan WhatsApp; di bawah 70 huruf lebih mudah dibaca.
Sumber: docs/jenis-naskah.md (tabel isian setiap jenis naskah).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.kinds import KINDS
from pipeline.model import Finding, Level
from pipeline.rules import Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.kinds import Field
    from pipeline.model import Document, FieldValue

LEVEL = Level.ERROR
GOOD = Example(fields={"title": "Sidang keliling perdana 2026 digelar di aula Kecamatan Wanayasa"})
BAD = (
    Example(
        fields={
            "title": "Pengadilan Agama menggelar sidang keliling pertama tahun 2026 di aula Kecamatan Wanayasa hari Jumat"
        }
    ),
    Example(fields={"title": "Pengadilan Agama menggelar sidang keliling pertama tahun ini di Wanayasa"}),
    Example(fields={"tags": f"[{'layanan ' * 6}]"}),
    Example(fields={"urutan": "5000", "tanggal": None}, path="layanan/biaya-perkara"),
)


def check(document: Document) -> Iterator[Finding]:
    """Yield a finding per field beyond its maximum, a hint beyond what is comfortable."""
    for entry in KINDS[document.kind].fields:
        value = document.fields.get(entry.name)
        if value is not None and entry.name != "description" and entry.maximum is not None:
            yield from _too_long(entry, value, document.line_of(entry.name))


def _too_long(entry: Field, value: FieldValue, line: int) -> Iterator[Finding]:
    most = entry.maximum or 0
    if isinstance(value, int):
        if value > most:
            yield Finding(
                line=line,
                message=f"Isian {entry.name} bernilai {value}, paling besar {most}.",
                hint=f"Tulis seperti: {entry.name}: {entry.example}",
            )
        return
    longest = max((str(item) for item in (value if isinstance(value, tuple) else (value,))), key=len, default="")
    if len(longest) > most:
        yield Finding(
            line=line,
            message=f"{entry.label} {len(longest)} huruf, paling panjang {most}.",
            hint="Pendekkan; hal yang rinci ditulis di badan naskah.",
        )
    elif entry.comfortable is not None and len(longest) > entry.comfortable:
        yield Finding(
            line=line,
            level=Level.HINT,
            message=f"{entry.label} {len(longest)} huruf; di bawah {entry.comfortable} lebih mudah dibaca.",
            hint="Buang kata yang dapat ditebak pembaca.",
        )
