"""Edits the text of ``people.yml`` for one intended change; comments, order and every other line stay as they are.

Pure functions from text to text. Positions come from PyYAML's nodes, meaning from ``strict_yaml``: after each edit the text
is read again, and unless exactly the intended value has changed the edit is refused. Whether the new office makes sense is
``people``'s to say; nothing here reads a file, and nobody is ever removed: a person who leaves gets a last day.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from pipeline import signature, strict_yaml
from pipeline.errors import PipelineError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from pipeline.people import Acting

_GROUPS: Final = ("orang", "mesin")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9 .,()/@_-]*[A-Za-z0-9.)]|[A-Za-z0-9]|[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLAIN_IN_LIST: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@_-]*")
_BOM: Final = "\ufeff"

Plain = dict[str, Any]
"""The file as dictionaries, lists and texts, to say what an edit means."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer:
    """A person to be entered. ``since`` is the first day in the roles, None for at once."""

    id: str
    name: str
    emails: tuple[str, ...]
    roles: tuple[str, ...]
    keys: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """Replace the characters from ``start`` to ``end`` by ``new``."""

    start: int
    end: int
    new: str


# -- the edits --


def add_person(text: str, newcomer: Newcomer) -> str:
    """Enter a person after the last one; ``Refused`` where the name is taken."""

    def meant(file: Plain) -> None:
        file["orang"][newcomer.id] = dict(_fields_of(newcomer))

    def edit(layout: _Layout) -> _Change:
        if newcomer.id in layout.owners:
            raise Refused(
                f'"{newcomer.id}" sudah ada di office/people.yml.',
                hint="Pilih nama pendek lain, atau ubah yang ada dengan redaksi person key, retire, atau acting.",
                code="person-exists",
            )
        first, _ = layout.group("orang").value[0]
        lines = [f"{newcomer.id}:", *(f"  {name}: {_written(value)}" for name, value in _fields_of(newcomer))]
        return layout.below(layout.group("orang"), first.start_mark.column, lines)

    return _edited(text, edit, meant)


def _fields_of(newcomer: Newcomer) -> list[tuple[str, Any]]:
    fields: list[tuple[str, Any]] = [
        ("nama", newcomer.name),
        ("surel", list(newcomer.emails)),
        ("kunci", list(newcomer.keys)),
        ("peran", list(newcomer.roles)),
    ]
    return fields + ([("mulai", newcomer.since.isoformat())] if newcomer.since else [])


def retire(text: str, who: str, until: date) -> str:
    """Give a person a last day in every role."""

    def meant(file: Plain) -> None:
        file["orang"][who]["sampai"] = until.isoformat()

    def edit(layout: _Layout) -> _Change:
        if layout.owner(who) == "mesin":
            raise Refused(
                f"{who} adalah mesin, jadi tidak memiliki masa jabatan.",
                hint=f"Cabut kuncinya dengan redaksi person key {who} --remove SIDIK.",
                code="machine",
            )
        found = layout.fields(who).get("sampai")
        if found is None:
            return layout.new_field(who, [f"sampai: {until}"])
        return _Change(start=found.start_mark.index, end=found.end_mark.index, new=_after_colon(found, str(until)))

    return _edited(text, edit, meant)


def add_key(text: str, who: str, line: str) -> str:
    """List one more public key of a person or machine."""

    def meant(file: Plain) -> None:
        entry = _entry(file, who)
        entry["kunci"] = [*(entry.get("kunci") or []), line]

    def edit(layout: _Layout) -> _Change:
        found = layout.fields(who).get("kunci")
        if found is None:
            return layout.new_field(who, [f"kunci: [{_quoted(line)}]"])
        return _appended(layout, found, _quoted(line))

    return _edited(text, edit, meant)


def remove_key(text: str, who: str, fingerprint: str) -> str:
    """Take the key with this fingerprint from a person's or machine's list; ``Refused`` where it is not on it."""

    def is_it(line: str) -> bool:
        return signature.fingerprint(line) == fingerprint

    def meant(file: Plain) -> None:
        entry = _entry(file, who)
        entry["kunci"] = [line for line in entry["kunci"] if not is_it(line)]

    def edit(layout: _Layout) -> _Change:
        found = layout.fields(who).get("kunci")
        listed = found.value if isinstance(found, yaml.SequenceNode) else []
        at = next((n for n, item in enumerate(listed) if is_it(item.value)), None)
        if not isinstance(found, yaml.SequenceNode) or at is None:
            raise Refused(
                f"Kunci {fingerprint} tidak tercatat pada {who}.",
                hint="Lihat sidik kunci setiap orang dengan redaksi person list.",
                code="no-such-key",
            )
        return _without(layout, found, at) if found.value[1:] or found.flow_style else layout.emptied(who, "kunci")

    return _edited(text, edit, meant)


def add_acting(text: str, who: str, acting: Acting) -> str:
    """Enter a period as Plh or Plt."""
    fields = {
        "peran": acting.role,
        "sebagai": acting.as_,
        "mulai": acting.start.isoformat(),
        "sampai": acting.end.isoformat(),
        "surat": acting.letter,
    }

    def meant(file: Plain) -> None:
        entry = _entry(file, who)
        entry["wakil"] = [*(entry.get("wakil") or []), dict(fields)]

    def edit(layout: _Layout) -> _Change:
        found = layout.fields(who).get("wakil")
        block = [f"{'  ' if n else '- '}{name}: {_written(value)}" for n, (name, value) in enumerate(fields.items())]
        if found is None:
            return layout.new_field(who, ["wakil:", *(f"  {line}" for line in block)])
        if isinstance(found, yaml.SequenceNode) and not found.flow_style:
            return layout.below(found, found.start_mark.column, block)
        pairs = ", ".join(f"{name}: {_quoted(value)}" for name, value in fields.items())
        return _appended(layout, found, f"{{{pairs}}}")

    return _edited(text, edit, meant)


# -- lists --


def _appended(layout: _Layout, found: yaml.Node, written: str) -> _Change:
    """One more item at the end of a list, in the list's own style."""
    if isinstance(found, yaml.SequenceNode) and not found.flow_style:
        return layout.below(found, found.start_mark.column, [f"- {written}"])
    if isinstance(found, yaml.SequenceNode):
        end = found.value[-1].end_mark.index if found.value else found.start_mark.index + 1
        return _Change(start=end, end=end, new=f", {written}" if found.value else written)
    return _Change(start=found.start_mark.index, end=found.end_mark.index, new=_after_colon(found, f"[{written}]"))


def _without(layout: _Layout, found: yaml.SequenceNode, at: int) -> _Change:
    """A list without its item number ``at``; a block list keeps at least one."""
    first, last = found.value[at].start_mark.index, found.value[at].end_mark.index
    line_start, line_end = layout.line_around(first, last)
    whole_line = _Change(start=line_start, end=line_end, new="")
    if not found.flow_style:
        return whole_line
    before, after = layout.text[line_start:first], layout.text[last:line_end]
    if not before.strip() and re.fullmatch(r"\s*(?:,\s*)?(?:#.*\s*)?", after):
        return whole_line
    if at:
        return _Change(start=found.value[at - 1].end_mark.index, end=last, new="")
    comma = re.compile(r"\s*,[^\S\n]*").match(layout.text, last)
    return _Change(start=first, end=comma.end() if comma else last, new="")


def _after_colon(found: yaml.Node, written: str) -> str:
    """A value in the place of ``found``, which may be nothing right behind its colon."""
    return f" {written}" if found.start_mark.index == found.end_mark.index else written


# -- where things stand --


class _Layout:
    """The positions of people and their fields in the text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.newline = "\r\n" if "\r\n" in text else "\n"
        self._root = yaml.compose(text, Loader=yaml.SafeLoader)
        self.owners: Mapping[str, tuple[str, yaml.Node]] = {
            key.value: (name, node)
            for name in _GROUPS
            if (group := self._group(name)) is not None
            for key, node in group.value
        }

    def _group(self, name: str) -> yaml.MappingNode | None:
        pairs = self._root.value if isinstance(self._root, yaml.MappingNode) else ()
        found = next((node for key, node in pairs if key.value == name), None)
        return found if isinstance(found, yaml.MappingNode) and found.value else None

    def group(self, name: str) -> yaml.MappingNode:
        """``orang`` or ``mesin``, written one below the other."""
        found = self._group(name)
        if found is None or found.flow_style:
            raise _unusual(name)
        return found

    def owner(self, who: str) -> str:
        """Whether ``who`` is under ``orang`` or ``mesin``; ``Refused`` where nobody is called so."""
        if who not in self.owners:
            raise Refused(
                f"{who} tidak ada di office/people.yml.",
                hint=f"Yang terdaftar: {', '.join(sorted(self.owners))}.",
                code="unknown-person",
            )
        return self.owners[who][0]

    def fields(self, who: str) -> dict[str, yaml.Node]:
        """A person's fields by name."""
        self.owner(who)
        node = self.owners[who][1]
        return {key.value: value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}

    def new_field(self, who: str, lines: list[str]) -> _Change:
        """Lines after the last field of a person."""
        node = self.owners[who][1]
        if not isinstance(node, yaml.MappingNode) or node.flow_style:
            raise _unusual(who)
        return self.below(node, node.start_mark.column, lines)

    def below(self, node: yaml.Node, column: int, lines: list[str]) -> _Change:
        """Lines, indented to ``column``, right after the last line of ``node``."""
        at = self.line_around(0, _last(node))[1]
        missing = "" if self.text[:at].endswith("\n") else self.newline
        return _Change(start=at, end=at, new=missing + "".join(f"{' ' * column}{line}{self.newline}" for line in lines))

    def emptied(self, who: str, name: str) -> _Change:
        """``[]`` behind the name of a field instead of the one item below it; comments between them stay."""
        pairs: list[tuple[yaml.Node, yaml.Node]] = self.owners[who][1].value
        key, found = next(pair for pair in pairs if pair[0].value == name)
        behind = self.text.index(":", key.end_mark.index) + 1
        start, end = self.line_around(found.start_mark.index, _last(found))
        return _Change(start=behind, end=end, new=f" []{self.text[behind:start]}")

    def line_around(self, first: int, last: int) -> tuple[int, int]:
        """The start of the line of ``first`` and the end, newline included, of the line of ``last``."""
        end = self.text.find("\n", last)
        return self.text.rfind("\n", 0, first) + 1, len(self.text) if end < 0 else end + 1


def _last(node: yaml.Node) -> int:
    """Where the text of a node really ends: PyYAML lets a block run on over the comments that follow it."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return _last(last[1] if isinstance(node, yaml.MappingNode) else last)


# -- texts --


def _written(value: str | list[str]) -> str:
    if isinstance(value, list):
        return f"[{', '.join(item if _PLAIN_IN_LIST.fullmatch(item) else _quoted(item) for item in value)}]"
    return value if _PLAIN.fullmatch(value) else _quoted(value)


def _quoted(text: str) -> str:
    """A text between double quotes; JSON's escapes are YAML's too (source: YAML 1.2, 1.3)."""
    return json.dumps(text, ensure_ascii=not text.isprintable())


# -- reading again --


def _edited(text: str, edit: Callable[[_Layout], _Change], meant: Callable[[Plain], None]) -> str:
    """Make one change and read the result again; refused where it is not exactly what was meant."""
    mark, text = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
    before = _plain(strict_yaml.load(text))
    change = edit(_Layout(text))
    result = text[: change.start] + change.new + text[change.end :]
    meant(before)
    try:
        after = _plain(strict_yaml.load(result))
    except PipelineError as error:
        raise _unusual("yang diubah") from error
    if after != before:
        raise _unusual("yang diubah")
    return mark + result


def _plain(node: strict_yaml.Node) -> Any:  # noqa: ANN401 -- the shape is the file's
    match node:
        case strict_yaml.Mapping():
            return {key: _plain(value) for key, value in node.items.items()}
        case strict_yaml.Sequence():
            return [_plain(item) for item in node.items]
        case strict_yaml.Scalar():
            return node.text


def _entry(file: Plain, who: str) -> Plain:
    group = next(name for name in _GROUPS if who in (file.get(name) or {}))
    found: Plain = file[group][who]
    return found


def _unusual(where: str) -> PipelineError:
    return PipelineError(
        f'Susunan bagian "{where}" di office/people.yml tidak dapat diubah dengan perintah ini.',
        hint="Ubah berkas itu dengan penyunting teks, lalu usulkan dengan redaksi policy submit. Tidak ada yang berubah.",
    )
