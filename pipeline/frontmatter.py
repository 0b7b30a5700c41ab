"""Text <-> a typed document: the front matter between ``---`` lines, and the body after it.

``read`` takes any bytes and always gives a ``Document``: what is wrong with them becomes findings with line and remedy,
what is right is kept. ``write`` gives text that ``read`` reads back unchanged. This file judges nothing beyond form
and type (``rules`` do), and gives no zone to a time: a ``datetime`` from here is naive and means the court's own zone.
"""

from __future__ import annotations

import difflib
import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Final

from frontmatter import Post, dumps
from frontmatter.default_handlers import BaseHandler

from pipeline import strict_yaml
from pipeline.kinds import KINDS, Field, FieldType, Kind, kind_of, yaml_text
from pipeline.model import Document, FieldValue, Finding, Level

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pipeline.model import Attachment, Shelf

MAX_BYTES: Final = 200_000
"""Longest text that is read, in bytes (DESIGN section 7; ``court.yml`` may set it lower or higher)."""

MAX_FRONT_MATTER: Final = 8 * 1024
MAX_DEPTH: Final = 4
_FENCE: Final = re.compile(r"---[ \t]*")
_ID: Final = re.compile(rb"^id:[ \t]*(\w+)[ \t]*$", re.MULTILINE)
_EARLIEST_YEAR: Final = 1900

MONTHS: Final = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
"""The names of the months, as staff write and read them."""


def read(
    source: bytes,
    *,
    path: str,
    shelf: Shelf | None = None,
    kind: str | None = None,
    attachments: Iterable[Attachment] = (),
    max_bytes: int = MAX_BYTES,
) -> Document:
    """The document that ``source`` (the bytes of ``index.md``) holds, whatever the bytes; never raises.

    ``path`` has no shelf and names the kind unless ``kind`` does. Problems of reading carry the rules ``front-matter``,
    ``field-value``, ``impossible-date``, ``unknown-field`` and ``text-size``.
    """
    from pipeline import markdown  # a third of the cost of starting, and lists of documents read fields only

    table = KINDS.get(kind or "", kind_of(path))
    problems = list(_of_bytes(source, max_bytes))
    text = "" if _is_binary(source) else _text(source[:max_bytes])
    halves = HANDLER.halves(text)
    fields = _Fields(table)
    if halves.closed:
        problems += fields.take(halves.front)
    elif not _is_binary(source):
        problems += _of_fences(halves, text)
    found = markdown.parse(halves.body, halves.body_line)
    return Document(
        path=path,
        kind=table.name,
        shelf=shelf,
        source=text,
        fields=fields.values,
        field_lines=fields.lines,
        body=halves.body,
        body_line=halves.body_line,
        images=found.images,
        links=found.links,
        headings=found.headings,
        passages=found.passages,
        attachments=tuple(attachments),
        problems=tuple(sorted(problems, key=lambda problem: problem.line)),
    )


def fields_of(source: bytes, *, path: str = "") -> Mapping[str, FieldValue]:
    """Only the typed fields of ``source``, for lists of many documents: the text is not parsed; never raises."""
    fields = _Fields(kind_of(path))
    halves = HANDLER.halves("" if _is_binary(source) else _text(source[: 2 * MAX_FRONT_MATTER]))
    fields.take(halves.front)
    return fields.values


def id_in(source: bytes) -> str:
    """The document's id as its front matter writes it, without reading the rest; empty if there is none.

    For looking at thousands at once; what counts as this document's id is ``fields_of``'s to say.
    """
    found = _ID.search(source, 0, max(0, source.find(b"\n---", 4)))
    return found[1].decode("ascii", "replace") if found else ""


def write(fields: Mapping[str, FieldValue], body: str) -> str:
    """The text of a document, fields in the order given; ``read`` reads it back as the same fields and body."""
    return dumps(Post(body, HANDLER, **dict(fields)))


# --- bytes


def _is_binary(source: bytes) -> bool:
    return b"\0" in source


def _text(source: bytes) -> str:
    """The text with Unix line ends, damaged letters shown as U+FFFD, without a byte order mark."""
    text = source.decode("utf-8", "replace").removeprefix("\ufeff")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _of_bytes(source: bytes, max_bytes: int) -> Iterator[Finding]:
    if len(source) > max_bytes:
        yield Finding(
            rule="text-size",
            message=f"Naskah lebih besar dari {max_bytes // 1000} kB, sehingga hanya bagian awalnya yang diperiksa.",
            hint="Bagi menjadi beberapa naskah; foto dan tabel besar disimpan sebagai berkas di samping naskah.",
        )
    if _is_binary(source):
        yield _structure(
            "Berkas ini bukan teks (mungkin berkas Word atau gambar yang diganti namanya).",
            "Salin isinya ke naskah baru yang dibuat dengan: redaksi new",
            source.count(b"\n", 0, source.index(b"\0")) + 1,
        )
        return
    yield from _of_encoding(source, cut=len(source) > max_bytes)


def _of_encoding(source: bytes, *, cut: bool) -> Iterator[Finding]:
    if source.startswith(b"\xef\xbb\xbf"):
        yield _structure(
            "Berkas diawali tanda tak terlihat (BOM).",
            'Simpan ulang dengan pilihan "UTF-8" tanpa BOM; di Notepad: Save As, Encoding: UTF-8.',
            1,
        )
    try:
        source.decode("utf-8")
    except UnicodeDecodeError as error:
        if not cut or error.start < len(source) - 4:
            yield _structure(
                "Ada huruf yang rusak karena berkas tidak disimpan sebagai UTF-8.",
                "Simpan ulang berkas dengan pilihan UTF-8, lalu perbaiki huruf yang tampak sebagai \ufffd.",
                source.count(b"\n", 0, error.start) + 1,
            )
    if b"\r" in source:
        yield Finding(
            rule="front-matter",
            level=Level.HINT,
            message="Baris berakhir dengan cara Windows (CRLF).",
            hint="Isinya tetap terbaca. Agar seragam, pilih akhir baris LF di penyunting teks.",
            line=source.count(b"\n", 0, source.index(b"\r")) + 1,
        )


def _structure(message: str, hint: str, line: int) -> Finding:
    return Finding(rule="front-matter", message=message, hint=hint, line=line)


# --- the two halves of a file


@dataclass(frozen=True, slots=True, kw_only=True)
class _Halves:
    """The text cut at its ``---`` lines; ``body_line`` is the file's line on which the body begins.

    A block that is opened and never closed has no body: its fields must not be published as text.
    """

    front: str = ""
    body: str = ""
    body_line: int = 1
    opened: bool = False
    closed: bool = False


class _Handler(BaseHandler):
    """python-frontmatter's door to our own format: strict YAML between ``---`` lines at the file's very start.

    The library's ``parse`` is not used for reading: it strips the text (so lines and bytes are lost) and takes an
    unclosed block for text to publish.
    """

    FM_BOUNDARY = re.compile(r"^---[ \t]*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "---"

    def halves(self, text: str) -> _Halves:
        lines = text.split("\n")
        if not _FENCE.fullmatch(lines[0]):
            return _Halves(body=text)
        for number, line in enumerate(lines[1:], 1):
            if _FENCE.fullmatch(line):
                front, body = "\n".join(lines[1:number]), "\n".join(lines[number + 1 :])
                return _Halves(front=front, body=body, body_line=number + 2, opened=True, closed=True)
        return _Halves(opened=True)

    def split(self, text: str) -> tuple[str, str]:
        halves = self.halves(text)
        return halves.front, halves.body

    def load(self, fm: str) -> Any:  # noqa: ANN401 - the library's signature
        return strict_yaml.load(fm, first_line=2, max_depth=MAX_DEPTH, max_bytes=MAX_FRONT_MATTER)

    def export(self, metadata: Mapping[str, object], **_: object) -> str:
        return "".join(_written(name, value) for name, value in metadata.items())

    def format(self, post: Post, **_: object) -> str:
        return f"---\n{self.export(post.metadata)}---\n{post.content}"


HANDLER: Final = _Handler()


def _of_fences(halves: _Halves, text: str) -> Iterator[Finding]:
    if halves.opened:
        yield _structure(
            "Bagian isian di awal naskah tidak ditutup.",
            "Tambahkan satu baris --- setelah isian terakhir, sebelum teks naskah.",
            1,
        )
    elif text.lstrip().startswith("---"):
        yield _structure(
            "Bagian isian tidak berada di awal berkas.",
            "Hapus baris kosong atau spasi sebelum garis --- yang pertama.",
            1,
        )
    else:
        yield _structure(
            "Naskah belum memiliki bagian isian (judul, tanggal, ringkasan) di awalnya.",
            "Mulai berkas dengan baris ---, lalu isian seperti title: ..., lalu baris --- lagi.",
            1,
        )


# --- front matter text -> typed values


class _Mistake(Exception):
    """A value that isn't of its field's type. It never leaves this file: it is a finding on its way."""

    def __init__(self, message: str, hint: str, *, rule: str = "field-value", line: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.rule = rule
        self.line = line


@dataclass(slots=True, kw_only=False)
class _Fields:
    """Collects the typed values of a front matter, and where each stands."""

    kind: Kind
    values: dict[str, FieldValue] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def take(self, front: str) -> list[Finding]:
        """Type every field of ``front``; returns what is wrong."""
        try:
            return list(self._top(HANDLER.load(front)))
        except strict_yaml.YamlError as error:
            nodes, problems = _salvaged(front)
            problems += [problem for node in nodes for problem in self._top(node)]
            return problems or [_structure(error.message, error.hint, error.line)]

    def _top(self, node: strict_yaml.Node) -> Iterator[Finding]:
        if isinstance(node, strict_yaml.Mapping):
            for name, value in node.items.items():
                yield from self._field(name, value, node.key_lines[name])
        else:
            yield _structure(
                "Bagian isian harus berupa pasangan nama dan nilai.", "Tulis seperti: title: Judul", node.line
            )

    def _field(self, name: str, node: strict_yaml.Node, line: int) -> Iterator[Finding]:
        if name in self.lines:
            yield _structure(
                f"Isian {_shown(name)} ditulis dua kali (pertama di baris {self.lines[name]}).",
                "Hapus salah satunya.",
                line,
            )
            return
        self.lines[name] = line
        entry = self.kind.field(name)
        if entry is None:
            yield _unknown(name, self.kind, line)
            return
        try:
            value = _READERS[entry.type](node, entry)
        except _Mistake as mistake:
            yield Finding(rule=mistake.rule, message=mistake.message, hint=mistake.hint, line=mistake.line or line)
        else:
            if value not in ("", ()):
                self.values[name] = value


def _salvaged(front: str) -> tuple[list[strict_yaml.Node], list[Finding]]:
    """Read a front matter that YAML refuses field by field, so that one bad line does not hide the others."""
    nodes: list[strict_yaml.Node] = []
    problems: list[Finding] = []
    if len(front.encode("utf-8", "surrogatepass")) > MAX_FRONT_MATTER:
        return nodes, problems
    for first_line, text in _chunks(front):
        try:
            nodes.append(strict_yaml.load(text, first_line=first_line, max_depth=MAX_DEPTH))
        except strict_yaml.YamlError as error:
            problems.append(_structure(error.message, error.hint, error.line))
    return nodes, problems


def _chunks(front: str) -> Iterator[tuple[int, str]]:
    """The top-level fields of a front matter as written, each with the file's line on which it begins."""
    start, chunk = 2, list[str]()
    for number, line in enumerate(front.split("\n"), 2):
        if chunk and line[:1] not in {"", " ", "\t", "-", "#", "]", "}"}:
            yield start, "\n".join(chunk)
            start, chunk = number, []
        chunk.append(line)
    if chunk:
        yield start, "\n".join(chunk)


def _unknown(name: str, kind: Kind, line: int) -> Finding:
    names = [entry.name for entry in kind.fields]
    near = difflib.get_close_matches(name.lower(), names, n=1, cutoff=0.6)
    elsewhere = [other.label.lower() for other in KINDS.values() if other.field(name)]
    if elsewhere:
        hint = f"Isian ini hanya untuk {' dan '.join(elsewhere)}; hapus barisnya."
    elif near:
        hint = f"Mungkin maksudnya: {near[0]}"
    else:
        hint = f"Hapus baris itu. Isian yang dikenal: {', '.join(names)}."
    return Finding(
        rule="unknown-field",
        message=f"Isian {_shown(name)} tidak dikenal pada {kind.label.lower()}.",
        hint=hint,
        line=line,
    )


def _shown(text: str) -> str:
    """A text of the draft as it may stand in a sentence: printable and short."""
    plain = "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
    return plain if len(plain) <= 40 else plain[:39] + "…"  # noqa: PLR2004 - a sentence stays on a line


def _scalar(node: strict_yaml.Node, entry: Field) -> str:
    if not isinstance(node, strict_yaml.Scalar):
        raise _Mistake(
            f"Isian {entry.name} harus berupa {entry.type.value}.",
            f"Tulis seperti: {entry.name}: {entry.example}",
            line=node.line,
        )
    return node.text.strip()


def _read_line(node: strict_yaml.Node, entry: Field) -> str:
    text = _scalar(node, entry)
    if not all(letter.isprintable() or letter in "\u00a0\u200b\u00ad" for letter in text):
        raise _Mistake(
            f"Isian {entry.name} harus satu baris tanpa karakter tak terlihat.",
            "Tulis ulang nilainya dalam satu baris.",
            line=node.line,
        )
    if text and entry.pattern and not re.fullmatch(entry.pattern, text):
        raise _Mistake(
            f"Isian {entry.name} tidak sesuai bentuknya: {_shown(text)}.",
            entry.help,
            line=node.line,
        )
    return text


def _read_date(node: strict_yaml.Node, entry: Field) -> FieldValue:
    text = _scalar(node, entry)
    return _as_date(text, entry, node.line) if text else ""


def _as_date(text: str, entry: Field, line: int) -> date:
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise _Mistake(f"Isian {entry.name} bukan tanggal: {_shown(text)}.", _date_remedy(text, entry), line=line)
    year, month, day = (int(part) for part in text.split("-"))
    return _possible(year, month, day, entry.name, line)


def _possible(year: int, month: int, day: int, name: str, line: int) -> date:
    if year >= _EARLIEST_YEAR and 1 <= month <= len(MONTHS) and 1 <= day <= monthrange(year, month)[1]:
        return date(year, month, day)
    raise _Mistake(
        f"Tanggal {year:04d}-{month:02d}-{day:02d} pada isian {name} tidak ada.",
        why_impossible(year, month),
        rule="impossible-date",
        line=line,
    )


def why_impossible(year: int, month: int) -> str:
    """The remedy for a date that no calendar has."""
    if not 1 <= month <= len(MONTHS):
        return "Tulis tahun-bulan-hari; bulan adalah 01 sampai 12."
    if year < _EARLIEST_YEAR:
        return "Periksa tahunnya."
    return f"{MONTHS[month - 1]} {year} berakhir pada tanggal {monthrange(year, month)[1]}."


def _date_remedy(text: str, entry: Field) -> str:
    """Show the date that the writer meant in the form we read, where it can be told."""
    names = {name[:3].lower(): number for number, name in enumerate(MONTHS, 1)}
    if found := re.fullmatch(r"([0-9]{1,2})[\s./-]+([A-Za-z]+|[0-9]{1,2})[\s./-]+([0-9]{4})", text):
        month = int(found[2]) if found[2].isdigit() else names.get(found[2][:3].lower(), 0)
        if 1 <= month <= len(MONTHS):
            return f"Tulis: {entry.name}: {found[3]}-{month:02d}-{int(found[1]):02d}"
    return f"Tulis tahun-bulan-hari, seperti: {entry.name}: {entry.example}"


def _read_datetime(node: strict_yaml.Node, entry: Field) -> FieldValue:
    text = _scalar(node, entry)
    if not text:
        return ""
    found = re.fullmatch(r"(\S{10})[ T]+([0-9]{1,2})[:.]([0-9]{2})", text)
    if not found or int(found[2]) >= 24 or int(found[3]) >= 60:  # noqa: PLR2004 - a day and an hour
        raise _Mistake(
            f"Isian {entry.name} bukan tanggal dan jam: {_shown(text)}.",
            f"Tulis seperti: {entry.name}: {entry.example}",
            line=node.line,
        )
    return datetime.combine(_as_date(found[1], entry, node.line), time(int(found[2]), int(found[3])))


def _read_boolean(node: strict_yaml.Node, entry: Field) -> FieldValue:
    text = _scalar(node, entry).lower()
    if text in {"ya", "tidak"}:
        return text == "ya"
    if not text:
        return ""
    raise _Mistake(f"Isian {entry.name} bukan ya atau tidak: {_shown(text)}.", "Tulis ya atau tidak.", line=node.line)


def _read_integer(node: strict_yaml.Node, entry: Field) -> FieldValue:
    text = _scalar(node, entry)
    if not text:
        return ""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise _Mistake(
            f"Isian {entry.name} bukan bilangan bulat: {_shown(text)}.",
            f"Tulis angka saja, seperti: {entry.name}: {entry.example}",
            line=node.line,
        )
    return int(text)


def _read_lines(node: strict_yaml.Node, entry: Field) -> FieldValue:
    if isinstance(node, strict_yaml.Scalar):
        if not node.text.strip():
            return ()
        raise _Mistake(
            f"Isian {entry.name} harus berupa daftar.", f"Tulis seperti: {entry.name}: {entry.example}", line=node.line
        )
    if isinstance(node, strict_yaml.Mapping):
        _scalar(node, entry)
    return tuple(text for item in _items(node) if (text := _read_line(item, entry)))


def _items(node: strict_yaml.Node) -> Sequence[strict_yaml.Node]:
    return node.items if isinstance(node, strict_yaml.Sequence) else ()


def _read_entries(node: strict_yaml.Node, entry: Field) -> FieldValue:
    if not isinstance(node, strict_yaml.Sequence):
        if isinstance(node, strict_yaml.Scalar) and not node.text.strip():
            return ()
        raise _entries_mistake(entry, node.line)
    return tuple(_read_entry(item, entry) for item in node.items)


def _read_entry(node: strict_yaml.Node, entry: Field) -> Mapping[str, FieldValue]:
    if not isinstance(node, strict_yaml.Mapping) or set(node.items) != {part.name for part in entry.parts}:
        raise _entries_mistake(entry, node.line)
    return {part.name: _READERS[part.type](node.items[part.name], part) for part in entry.parts}


def _entries_mistake(entry: Field, line: int) -> _Mistake:
    return _Mistake(
        f"Isian {entry.name} harus berupa daftar pasangan {' dan '.join(part.name for part in entry.parts)}.",
        f"Tulis seperti: {entry.name}: {entry.example}",
        line=line,
    )


_READERS: Final[Mapping[FieldType, Callable[[strict_yaml.Node, Field], FieldValue]]] = {
    FieldType.LINE: _read_line,
    FieldType.DATE: _read_date,
    FieldType.DATETIME: _read_datetime,
    FieldType.BOOLEAN: _read_boolean,
    FieldType.INTEGER: _read_integer,
    FieldType.LINES: _read_lines,
    FieldType.EXCEPTIONS: _read_entries,
    FieldType.CORRECTIONS: _read_entries,
}


# --- typed values -> front matter text


def _written(name: str, value: object) -> str:
    if isinstance(value, tuple):
        return f"{name}:\n" + "".join(_written_item(item) for item in value) if value else ""
    return f"{name}: {_as_text(value)}\n"


def _written_item(item: object) -> str:
    if isinstance(item, Mapping):
        pairs = [f"{yaml_text(name)}: {_as_text(value)}" for name, value in item.items()]
        return "  - " + "\n    ".join(pairs) + "\n"
    return f"  - {_as_text(item)}\n"


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    return yaml_text(str(value))
