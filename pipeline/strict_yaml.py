"""The one YAML parser of the product: text scalars with line numbers, and nothing else of YAML.

Everything under ``office/`` and every front matter goes through ``load``. It reads each scalar as the text that was
written (``10:30``, ``012`` and ``no`` stay what they are), remembers where it stands, and refuses anchors, aliases, tags,
duplicate keys, several documents, depth and size beyond the limits. It types nothing: that is the caller's schema.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import yaml

from pipeline.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scalar:
    """A text as written. ``line`` counts from 1 in the whole file."""

    line: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequence:
    """A list of nodes."""

    line: int
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapping:
    """Nodes by key; ``key_lines`` says where each key stands."""

    line: int
    items: dict[str, Node] = field(default_factory=dict)
    key_lines: dict[str, int] = field(default_factory=dict)


Node = Scalar | Sequence | Mapping


class YamlError(ConfigurationError):
    """The text is not the YAML that we read. ``line`` counts from 1 in the whole file."""

    def __init__(self, message: str, *, hint: str, line: int) -> None:
        super().__init__(message, hint=hint)
        self.line = line


def load(text: str, *, first_line: int = 1, max_depth: int = 12, max_bytes: int = 512_000) -> Node:
    """Parse ``text``; ``first_line`` is the line of the file on which it starts.

    Raises ``YamlError`` with one Indonesian sentence, a remedy and the line. An empty text is an empty mapping.
    """
    if len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise YamlError(
            f"Bagian data ini lebih besar dari {max_bytes // 1024} kB.",
            hint="Ringkas isinya; teks panjang ditulis di badan naskah.",
            line=first_line,
        )
    return _Composer(text, first_line=first_line, max_depth=max_depth).compose()


class _Composer:
    """Builds nodes from PyYAML's events, so that nothing is resolved or constructed."""

    def __init__(self, text: str, *, first_line: int, max_depth: int) -> None:
        self._events = self._read(text)
        self._first_line = first_line
        self._max_depth = max_depth

    def _read(self, text: str) -> Iterator[yaml.Event]:
        try:
            yield from yaml.parse(text, Loader=_LOADER)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise YamlError(
                "Susunan data tidak dapat dibaca.",
                hint='Periksa jarak di awal baris, titik dua, dan tanda kutip; teks yang memuat ": " ditulis di antara tanda kutip.',
                line=self._first_line + (mark.line if mark else 0),
            ) from error
        except (yaml.YAMLError, UnicodeError, RecursionError) as error:
            raise YamlError(
                "Ada huruf atau susunan yang tidak dapat dibaca.",
                hint="Hapus karakter tak terlihat, lalu ketik ulang baris itu.",
                line=self._first_line,
            ) from error

    def compose(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    raise self._refuse(event, "Ada dua bagian data dalam satu berkas.", "Hapus garis --- yang kedua.")
                if event.version or event.tags:
                    raise self._refuse(event, "Baris yang diawali % tidak dipakai di sini.", "Hapus baris itu.")
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event, depth=1)
        if root is None:
            return Mapping(line=self._first_line)
        if isinstance(root, Scalar) and not root.text:
            return Mapping(line=root.line)
        return root

    def _node(self, event: yaml.Event, *, depth: int) -> Node:
        if depth > self._max_depth:
            raise self._refuse(event, "Data bersarang terlalu dalam.", "Sederhanakan susunannya.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise self._refuse(
                event, "Tanda & dan * (jangkar) tidak dipakai di sini.", "Tulis isinya di antara tanda kutip."
            )
        if getattr(event, "tag", None):
            raise self._refuse(
                event, "Tanda ! (jenis data) tidak dipakai di sini.", "Tulis isinya di antara tanda kutip."
            )
        if isinstance(event, yaml.ScalarEvent):
            return Scalar(line=self._line(event), text=event.value)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(event, depth=depth)
        return self._mapping(event, depth=depth)

    def _sequence(self, start: yaml.Event, *, depth: int) -> Sequence:
        items = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            items.append(self._node(event, depth=depth + 1))
        return Sequence(line=self._line(start), items=tuple(items))

    def _mapping(self, start: yaml.Event, *, depth: int) -> Mapping:
        mapping = Mapping(line=self._line(start))
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            key = self._node(event, depth=depth + 1)
            if not isinstance(key, Scalar):
                raise self._refuse(event, "Nama isian harus berupa satu kata.", "Tulis nama isian, lalu titik dua.")
            if key.text in mapping.items:
                raise self._refuse(
                    event,
                    f"Isian {key.text} ditulis dua kali (pertama di baris {mapping.key_lines[key.text]}).",
                    "Hapus salah satunya.",
                )
            mapping.key_lines[key.text] = key.line
            mapping.items[key.text] = self._node(next(self._events), depth=depth + 1)
        return mapping

    def _line(self, event: yaml.Event) -> int:
        mark = event.start_mark
        return self._first_line + (mark.line if mark else 0)

    def _refuse(self, event: yaml.Event, message: str, hint: str) -> YamlError:
        return YamlError(message, hint=hint, line=self._line(event))
