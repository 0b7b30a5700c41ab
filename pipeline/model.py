"""The nouns that every room shares: frozen facts without I/O, without behaviour that needs the outside.

A document as it is written (``Document`` and what stands in it), what a check says of it (``Finding``), and what a
measurement says of the live system (``Reading``). What people decided about a document lives in ``judgement``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Shelf(StrEnum):
    """Where a document's folder stands; the path below the shelf never changes."""

    DRAFTS = "drafts"
    REVIEW = "review"
    CONTENT = "content"


class Level(StrEnum):
    """How much a finding weighs: an error stops ``submit``, a warning is shown to the Redaktur, a hint never delays."""

    ERROR = "galat"
    WARNING = "peringatan"
    HINT = "saran"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One remark on a document: what is wrong and what to do, both plain Indonesian.

    ``line`` and ``column`` count from 1 in ``path`` (a file below the document's folder); line 0 means the whole file.
    """

    message: str
    hint: str
    line: int = 0
    column: int = 0
    path: str = "index.md"
    rule: str = ""
    level: Level = Level.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture in the text: ``src`` as written, ``alt`` its description for screen readers, ``title`` its caption."""

    line: int
    src: str
    alt: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the text: ``href`` as written and the words that carry it."""

    line: int
    href: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A heading in the text; ``anchor`` is the id that it gets on the page."""

    line: int
    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The visible words of one line of the text, without Markdown's signs."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file beside ``index.md``: its name and its bytes."""

    name: str
    data: bytes


FieldValue = str | bool | int | date | datetime | tuple["FieldValue", ...] | Mapping[str, "FieldValue"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A document as written: the typed front matter, the text, and what stands in the text.

    ``path`` has no shelf (``berita/2026/sidang-wanayasa``); ``shelf`` is None for a file checked on its own.
    ``problems`` are the findings made while reading (front matter that does not close, a field of the wrong type ...):
    a document that can hardly be read is still a document. ``field_lines`` says where each field stands.
    """

    path: str
    kind: str
    shelf: Shelf | None
    source: str
    fields: Mapping[str, FieldValue]
    field_lines: Mapping[str, int]
    body: str
    body_line: int
    images: tuple[Image, ...] = ()
    links: tuple[Link, ...] = ()
    headings: tuple[Heading, ...] = ()
    passages: tuple[Passage, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    problems: tuple[Finding, ...] = ()

    @property
    def title(self) -> str:
        """The title, or the path where there is none yet."""
        return str(self.fields.get("title") or self.path)

    @property
    def id(self) -> str:
        """The document's id (year and six base-32 letters), empty where it is missing."""
        return str(self.fields.get("id") or "")

    def line_of(self, name: str) -> int:
        """Line of the field ``name``, or of the front matter's first line."""
        return self.field_lines.get(name, 1)


class Verdict(StrEnum):
    """What a measurement amounts to; a probe that could not measure is never good."""

    GOOD = "baik"
    POOR = "perlu tindakan"
    UNKNOWN = "tidak dapat diukur"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One measurement of the live system (SOP B4): its aspect (data, keamanan, kapasitas, sistem), value and limit."""

    aspect: str
    indicator: str
    value: float | str | None
    unit: str
    limit: str
    verdict: Verdict
    evidence: str
    details: tuple[str, ...] = field(default=())
