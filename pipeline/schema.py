"""Reads the text scalars of an office file as the types that they stand for, and tells every mistake with file and line.

A ``Value`` is one node with its place; asked for a type, it answers or raises a ``ConfigurationError`` with one Indonesian
sentence and a remedy. A ``Section`` is a mapping whose keys are known. What the values mean is the caller's business: this
file knows no court, no person and no procedure.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Final, TypeVar

from pipeline import strict_yaml
from pipeline.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from enum import StrEnum

_E = TypeVar("_E", bound="StrEnum")
_T = TypeVar("_T")
_D = TypeVar("_D")

_HOUR: Final = 60  # minutes
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}")
_DURATION: Final = re.compile(r"(?:([0-9]{1,4}) *jam)? *(?:([0-9]{1,4}) *menit)?", re.IGNORECASE)
_SPAN: Final = re.compile(r"([0-9]{1,2})[.:]([0-9]{2}) *[-–] *([0-9]{1,2})[.:]([0-9]{2})")
_LETTER: Final = re.compile(r"[A-Z]")
_VARIABLE: Final = re.compile(r"[A-Z][A-Z0-9_]{2,63}")
_SLUG: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")
_EMAIL: Final = re.compile(r"[^@\s,;<>]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
_URL: Final = re.compile(r"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[^\s?#]*)?")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` probably stands for, or None."""
    matches = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def mistake(path: str, line: int, sentence: str, *, hint: str) -> ConfigurationError:
    """The one shape in which a mistake in an office file is told: file, line, sentence, remedy."""
    return ConfigurationError(f"{path} baris {line}: {sentence}", hint=hint)


def unknown(word: str, known: Iterable[str], *, what: str) -> tuple[str, str]:
    """Sentence and remedy for a word outside a closed list; the remedy names the nearest one."""
    names = sorted(known)
    guess = nearest(word, names)
    meant = f'Mungkin maksudnya "{guess}". ' if guess else ""
    return f'{what} "{word}" tidak dikenal.', f"{meant}Yang dikenal: {', '.join(names) or 'belum ada'}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One node of an office file. ``name`` is what staff call it (the key, or ``key ke-2`` in a list)."""

    path: str
    line: int
    name: str
    node: strict_yaml.Node

    def wrong(self, sentence: str, *, hint: str) -> ConfigurationError:
        """The error to raise when this value can't be what it should be."""
        return mistake(self.path, self.line, sentence, hint=hint)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written after the key."""
        return isinstance(self.node, strict_yaml.Scalar) and not self.node.text.strip()

    def text(self) -> str:
        """The words, on one line; an empty value is a mistake."""
        if not isinstance(self.node, strict_yaml.Scalar):
            raise self.wrong(f'isian "{self.name}" harus berupa teks.', hint="Tulis satu teks setelah titik dua.")
        if self.is_empty:
            raise self.wrong(
                f'isian "{self.name}" masih kosong.', hint="Isilah, atau hapus barisnya bila memang tidak wajib."
            )
        return " ".join(self.node.text.split())

    def _match(self, pattern: re.Pattern[str], what: str, example: str) -> re.Match[str]:
        text = self.text()
        match = pattern.fullmatch(text)
        if match is None:
            raise self.wrong(
                f'isian "{self.name}" berisi "{text}", bukan {what}.', hint=f"Tulis seperti ini: {example}."
            )
        return match

    def slug(self) -> str:
        """A short name of small letters, digits and hyphens."""
        return self._match(_SLUG, "nama pendek (huruf kecil, angka, tanda hubung)", "informasi-publik").group()

    def letter(self) -> str:
        """One capital letter, the code of a table."""
        return self._match(_LETTER, "satu huruf besar", "B").group()

    def variable(self) -> str:
        """The name of an environment variable (never its value)."""
        return self._match(_VARIABLE, "nama variabel (huruf besar, angka, garis bawah)", "REDAKSI_SANDI").group()

    def host(self) -> str:
        """A host name without scheme or path."""
        return self._match(
            _HOST, "nama situs (huruf kecil, tanpa https:// dan tanpa garis miring)", "mahkamahagung.go.id"
        ).group()

    def email(self) -> str:
        """An e-mail address."""
        return self._match(_EMAIL, "alamat surel", "nama@contoh.go.id").group()

    def url(self) -> str:
        """An http or https address without query, without trailing slash."""
        return self._match(_URL, "alamat situs", "https://www.contoh.go.id").group().rstrip("/")

    def number(self, *, least: int = 0, most: int = 999_999_999) -> int:
        """A whole number within bounds."""
        number = int(self._match(_NUMBER, "bilangan bulat", str(max(least, 1))).group())
        if not least <= number <= most:
            raise self.wrong(
                f'isian "{self.name}" berisi {number}.',
                hint=f"Nilainya paling sedikit {least} dan paling banyak {most}.",
            )
        return number

    def date(self) -> date:
        """A day, written as ISO says."""
        text = self._match(_DATE, "tanggal", "2026-01-30 (tahun-bulan-hari)").group()
        try:
            return date.fromisoformat(text)
        except ValueError as error:
            raise self.wrong(
                f'isian "{self.name}": tanggal {text} tidak ada di kalender.', hint="Periksa bulan dan harinya."
            ) from error

    def minutes(self) -> int:
        """A duration as the form prints it (``1 jam``, ``4 Jam 30 menit``), in minutes."""
        match = self._match(_DURATION, "lama waktu", "1 jam 30 menit")
        minutes = int(match[1] or 0) * _HOUR + int(match[2] or 0)
        if not minutes:
            raise self.wrong(f'isian "{self.name}" berisi "{self.text()}".', hint="Lama waktu paling sedikit 1 menit.")
        return minutes

    def span(self) -> tuple[int, int]:
        """Two times of one day (``08.00-16.30``), in minutes after midnight; the second is later."""
        hour, minute, end_hour, end_minute = map(int, self._match(_SPAN, "rentang jam", "08.00-16.30").groups())
        start, end = hour * _HOUR + minute, end_hour * _HOUR + end_minute
        if max(minute, end_minute) >= _HOUR or end > 24 * _HOUR:
            raise self.wrong(
                f'isian "{self.name}": jam "{self.text()}" tidak ada.', hint="Jam dari 00.00 sampai dengan 24.00."
            )
        if start >= end:
            raise self.wrong(
                f'isian "{self.name}": jam selesai tidak sesudah jam mulai.',
                hint="Tulis jam mulai dahulu: 08.00-16.30.",
            )
        return start, end

    def flag(self) -> bool:
        """Ya or tidak."""
        return self.one_of(("ya", "tidak")) == "ya"

    def one_of(self, known: Iterable[str], *, what: str | None = None) -> str:
        """One word of a closed list."""
        text, names = self.text(), tuple(known)
        if text not in names:
            sentence, hint = unknown(text, names, what=what or f"{self.name}")
            raise self.wrong(sentence, hint=hint)
        return text

    def member(self, kind: type[_E]) -> _E:
        """One word of an enumeration."""
        return kind(self.one_of(member.value for member in kind))

    def as_key(self) -> Value:
        """The key itself as a value, to be asked for its type."""
        return replace(self, node=strict_yaml.Scalar(line=self.line, text=self.name))

    def items(self) -> tuple[Value, ...]:
        """The entries of a list; nothing after the key is an empty list."""
        if self.is_empty:
            return ()
        if not isinstance(self.node, strict_yaml.Sequence):
            raise self.wrong(
                f'isian "{self.name}" harus berupa daftar.',
                hint="Tulis setiap butir di baris sendiri dengan awalan tanda hubung.",
            )
        return tuple(
            Value(path=self.path, line=item.line, name=f"{self.name} ke-{number}", node=item)
            for number, item in enumerate(self.node.items, 1)
        )

    def some(self) -> tuple[Value, ...]:
        """The entries of a list that may not be empty."""
        items = self.items()
        if not items:
            raise self.wrong(f'daftar "{self.name}" masih kosong.', hint="Isi paling sedikit satu butir.")
        return items

    def texts(self) -> tuple[str, ...]:
        """A list of texts."""
        return tuple(item.text() for item in self.items())

    def _mapping(self) -> strict_yaml.Mapping:
        if self.is_empty:
            return strict_yaml.Mapping(line=self.line)
        if not isinstance(self.node, strict_yaml.Mapping):
            raise self.wrong(
                f'isian "{self.name}" harus berupa kelompok isian.',
                hint='Tulis pasangan "nama: isi" di bawahnya, menjorok dua spasi.',
            )
        return self.node

    def entries(self) -> tuple[tuple[str, Value], ...]:
        """The pairs of a mapping whose keys are free (ids, codes), in the order written."""
        mapping = self._mapping()
        return tuple(
            (key, Value(path=self.path, line=mapping.key_lines[key], name=key, node=node))
            for key, node in mapping.items.items()
        )

    def some_entries(self) -> tuple[tuple[str, Value], ...]:
        """The pairs of a mapping that may not be empty."""
        entries = self.entries()
        if not entries:
            raise self.wrong(f'bagian "{self.name}" masih kosong.', hint="Isi paling sedikit satu butir.")
        return entries

    def section(self, *keys: str) -> Section:
        """The pairs of a mapping whose keys are ``keys``; any other key is a mistake."""
        entries = dict(self.entries())
        for key, value in entries.items():
            if key not in keys:
                sentence, hint = unknown(key, keys, what="isian")
                raise value.wrong(sentence, hint=hint)
        return Section(value=self, entries=entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A mapping with known keys: ``section["nama"]`` is required, ``section.get("url")`` may be missing or left empty."""

    value: Value
    entries: dict[str, Value]

    def __getitem__(self, key: str) -> Value:
        if key not in self.entries:
            raise self.value.wrong(f'isian "{key}" belum ada.', hint=f'Tambahkan baris "{key}: ..." di bagian ini.')
        return self.entries[key]

    def get(self, key: str, read: Callable[[Value], _T], default: _D) -> _T | _D:
        """``read`` of the value under ``key``, or ``default`` where nothing was written."""
        value = self.entries.get(key)
        return default if value is None or value.is_empty else read(value)

    def wrong(self, sentence: str, *, hint: str) -> ConfigurationError:
        """The error to raise when the values do not go together."""
        return self.value.wrong(sentence, hint=hint)


def parse(data: bytes, path: str) -> Value:
    """The root of the office file ``path``; raises ``ConfigurationError`` where it is not UTF-8 or not our YAML."""
    try:
        node = strict_yaml.load(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise mistake(
            path, line, "ada huruf yang bukan UTF-8.", hint="Simpan ulang berkas ini dengan pengodean UTF-8."
        ) from error
    except strict_yaml.YamlError as error:
        raise mistake(path, error.line, error.message[:1].lower() + error.message[1:], hint=error.hint) from error
    return Value(path=path, line=node.line, name=path, node=node)
