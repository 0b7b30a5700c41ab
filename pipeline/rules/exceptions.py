"""Pengecualian (izinkan) menyebut aturan yang ada dan alasan yang dapat dinilai Redaktur.

Pengecualian adalah bagian dari yang disetujui Redaktur. Nama aturan yang keliru tidak mengecualikan apa pun, dan alasan
yang kosong tidak dapat dinilai. Sumber: rancangan Redaksi, data pribadi (pengecualian tertulis di naskah).
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipeline import rules
from pipeline.model import Finding, Level
from pipeline.rules import SHORTEST_REASON, Example

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document

LEVEL = Level.ERROR
EXCUSABLE = False
GOOD = Example(
    fields={"izinkan": "[{aturan: doubled-word, alasan: nama tempat Bora Bora memang berulang}]"},
    body="Kunjungan ke Bora Bora.\n",
)
BAD = (
    Example(fields={"izinkan": "[{aturan: nikk, alasan: nomor contoh dari peraturan}]"}),
    Example(fields={"izinkan": "[{aturan: nik, alasan: boleh}]"}),
    Example(fields={"izinkan": "[{aturan: link-scheme, alasan: diminta oleh pimpinan}]"}),
)


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per exception that names no rule, one that allows none, or no real reason."""
    known = {rule.name: rule for rule in rules.RULES}
    line = document.line_of("izinkan")
    entries = document.fields.get("izinkan", ())
    for entry in entries if isinstance(entries, tuple) else ():
        if not isinstance(entry, Mapping):
            continue
        name, reason = str(entry["aturan"]), str(entry["alasan"])
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f"Mungkin maksudnya: {near[0]}" if near else "Nama aturan tertulis di antara [ dan ] pada temuan."
            yield Finding(line=line, message=f"Aturan {name[:40]} tidak ada.", hint=hint)
        elif not known[name].excusable:
            yield Finding(
                line=line,
                message=f"Aturan {name} tidak dapat dikecualikan.",
                hint="Perbaiki naskahnya, lalu hapus pengecualian ini.",
            )
        if len(reason) < SHORTEST_REASON:
            yield Finding(
                line=line,
                message=f"Alasan pengecualian {name[:40]} terlalu singkat.",
                hint="Tulis alasan yang dapat dinilai Redaktur, dalam satu kalimat.",
            )
