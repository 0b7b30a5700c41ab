"""Naskah tidak memuat NIK atau nomor Kartu Keluarga.

Satu NIK membuka jalan ke data keluarga, rekening, dan riwayat perkara seseorang, dan halaman yang sudah tayang disalin
mesin pencari. Diperiksa juga judul, ringkasan, teks alternatif, keterangan foto, nama berkas, dan berkas data. NIP
pejabat (18 angka), nomor surat, dan nomor rapat di dalam alamat situs bukan NIK.
Sumber: UU 27/2022 pasal 4; SK KMA 2-144/2022 (pengaburan identitas).
"""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pipeline import markdown
from pipeline.model import Finding, Level, Passage
from pipeline.rules import DIGIT_RUN, Example

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.model import Attachment, Document

LEVEL = Level.ERROR
FOR_EVER = True
GOOD = (
    "Acara dibuka oleh Ketua (NIP 19700101 199503 1 001) dan Panitera (NIP. 19700101.199503.2.001).\n",
    "Rapat daring: <https://zoom.us/j/3379991203560001?pwd=33.79>.\n",
    "Surat Nomor 2677/SEK.PTA.W13-A/UND.HM3.1.3/VI/2025; telepon (0286) 592810, tahun 2021 2022 2023 2024.\n",
    "Anggaran Rp3.379.991.203.560.001 dan kode 9904011203560001.\n",
)
BAD = (
    "NIK 3379991203560001\n",
    "Pemohon (33.79.99.120356.0001) hadir.\n",
    "Pemohon 3379 9912 0356 0001 hadir.\n",
    "Pemohon 337999-520356-0001 hadir.\n",
    "Pemohon 3379**9912**03560001 hadir.\n",
    "Pemohon 3379 9912\n0356 0001 hadir.\n",
    "Nomor Induk Kependudukan: 9999888877776666.\n",
    "No. KK 3379999912310007\n",
    Example(fields={"description": "Pemohon dengan nomor 3379991203560001 hadir pada sidang keliling di Wanayasa."}),
    Example(body='![Ketua membuka sidang](sidang.jpg "KTP 3379991203560001")\n'),
    Example(files={"ktp-3379991203560001.jpg": b""}),
    Example(files={"daftar.csv": b"nama,nik\nA,3379991203560001\n"}),
    "Pemohon \uff13\uff13\uff17\uff19\uff19\uff19\uff11\uff12\uff10\uff13\uff15\uff16\uff10\uff10\uff10\uff11 hadir.\n",
)

_LENGTH: Final = 16
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+")
# An official's number: date of birth, month of appointment, sex, serial. It may be published (privacy: allowed).
_NIP: Final = re.compile(
    r"(?<!\d)(?:19[3-9]\d|20[01]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ .-]?(?:19[5-9]\d|20\d\d)(?:0[1-9]|1[0-2])"
    r"[ .-]?[12][ .-]?\d{3}(?!\d)"
)
_URL: Final = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"]+", re.IGNORECASE)
_NAMED: Final = re.compile(
    r"(?:\bNIK\b|\bKTP\b|\bKK\b|Kartu Keluarga|Induk Kependudukan)(?:[^\d\n]|(?<!\d)\d{1,2}(?!\d)){0,40}$",
    re.IGNORECASE,
)
_PROVINCES: Final = frozenset(
    {*range(11, 20), 21, *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77), *range(81, 83), *range(91, 98)}
)
_REGENCIES: Final = range(1, 80)
_WOMAN: Final = 40
_TEXT_SUFFIXES: Final = (".csv", ".yml", ".yaml")


def check(document: Document) -> Iterator[Finding]:
    """Yield one finding per line and number, wherever in the document's folder it stands."""
    seen: set[tuple[str, int, str]] = set()
    for path, passage in _places(document):
        for line, column, number in _numbers(passage):
            if (path, line, number) not in seen:
                seen.add((path, line, number))
                yield Finding(
                    path=path,
                    line=line,
                    column=column,
                    message=f"Terdapat nomor kependudukan (NIK atau nomor KK) {number}.",
                    hint="Hapus nomornya. Orangnya cukup disebut dengan kedudukannya, misalnya Pemohon.",
                )


def _places(document: Document) -> Iterator[tuple[str, Passage]]:
    """Every text of the folder: the source as written, the paragraphs as read, names and contents of files."""
    for line, text in enumerate(document.source.split("\n"), 1):
        yield "index.md", Passage(line=line, text=text)
    for paragraph in markdown.parse(document.body, document.body_line).paragraphs:
        yield from (("index.md", passage) for passage in _with_its_lines(paragraph))
    for attachment in document.attachments:
        yield from ((attachment.name, passage) for passage in _of_file(attachment))


def _with_its_lines(paragraph: Iterable[Passage]) -> Iterator[Passage]:
    """The lines of a paragraph, each with the next one, since a number may be broken over two lines."""
    for passage, following in pairwise([*paragraph, None]):
        if passage is not None:
            text = passage.text if following is None else f"{passage.text}\n{following.text}"
            yield Passage(line=passage.line, text=text)


def _of_file(attachment: Attachment) -> Iterator[Passage]:
    yield Passage(line=0, text=attachment.name)
    if attachment.name.lower().endswith(_TEXT_SUFFIXES):
        for line, text in enumerate(attachment.data.decode("utf-8", "replace").split("\n"), 1):
            yield Passage(line=line, text=text)


def _numbers(passage: Passage) -> Iterator[tuple[int, int, str]]:
    """Line, column (1-based) and digits of each number in ``passage`` that is one, or is called one."""
    text = _folded(passage.text)
    for pattern in (_NIP, _URL):
        text = pattern.sub(lambda found: _without_digits(found[0]), text)
    for run in DIGIT_RUN.finditer(text):
        named = _NAMED.search(text, max(0, run.start() - 80), run.start()) is not None
        for at, number in _in_run(run[0], named=named):
            start = run.start() + at
            line = passage.line + text.count("\n", 0, start) if passage.line else 0
            yield line, start - text.rfind("\n", 0, start) if line else 0, number


def _without_digits(found: str) -> str:
    """A number called by its name stays, even within an address; other digits go, the length stays."""
    if re.search(r"\b(?:nik|ktp|kk)=\d{16}\b", found, re.IGNORECASE):
        return found
    return re.sub(r"\d", "#", found)


def _folded(text: str) -> str:
    """``text`` with every kind of digit as an ASCII digit, letter for letter."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.digit(letter)) if letter.isdigit() else letter for letter in text)


def _in_run(run: str, *, named: bool) -> Iterator[tuple[int, str]]:
    """The numbers of sixteen digits that begin and end at a group's edge of ``run``, with their place in it."""
    groups = [(found.start(), found[0]) for found in re.finditer(r"\d+", run)]
    for first, (start, _) in enumerate(groups):
        digits, edges = "", list[int]()
        for _, group in groups[first:]:
            digits += group
            edges.append(len(digits))
            if len(digits) >= _LENGTH:
                break
        if len(digits) == _LENGTH and (named or (_is_grouped(run[start:], edges) and _is_valid(digits))):
            yield start, digits
            return


def _is_grouped(run: str, edges: Iterable[int]) -> bool:
    """Whether the digits stand in groups as people write such numbers, not as an amount of money."""
    return all(edge % 2 == 0 for edge in edges) and not _THOUSANDS.fullmatch(run)


def _is_valid(digits: str) -> bool:
    """Whether the digits have the structure of a NIK: province, regency, district, date of birth, serial.

    Source: PP 37/2007, pasal 37; about three of a hundred random numbers pass.
    """
    province, regency, district = int(digits[:2]), int(digits[2:4]), int(digits[4:6])
    day, month, year, serial = int(digits[6:8]), int(digits[8:10]), int(digits[10:12]), int(digits[12:])
    if day > _WOMAN:
        day -= _WOMAN
    return (
        province in _PROVINCES
        and regency in _REGENCIES
        and district > 0
        and serial > 0
        and 1 <= month <= 12  # noqa: PLR2004 - months of a year
        and 1 <= day <= monthrange(2000 + year, month)[1]
    )
