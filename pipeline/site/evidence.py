"""What the build was told about each document: who approved it, or that it was taken down, when and why.

The proof itself is judged elsewhere (``judgement``, ``stages.verify``); here stands only what a page may say of it.
A document without an entry says nothing: the site never invents an approval, nor a withdrawal.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipeline.errors import ConfigurationError
from pipeline.kinds import is_document_path

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = ".redaksi/evidence.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Who approved a document (role labels as people read them) and when the last of them did (aware)."""

    approved_by: tuple[str, ...]
    approved_at: datetime
    taken_over: bool = False

    @property
    def is_shown(self) -> bool:
        """Whether a page carries the line: the starting stock was taken over, not approved here."""
        return bool(self.approved_by) and not self.taken_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A document that was taken down: when (aware) and why, as its old address tells visitors.

    ``reason`` is read after the word "karena", so without its code and without a full stop. ``title`` may be empty where
    the title itself must not be repeated.
    """

    title: str
    on: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """Everything that a build is told, by document path."""

    documents: Mapping[str, Evidence] = field(default_factory=dict)
    withdrawn: Mapping[str, Withdrawn] = field(default_factory=dict)


def read_evidence(path: Path) -> Told:
    """Read ``.redaksi/evidence.json``; no file means that nothing is told.

    Raises ``ConfigurationError`` where the file is not what the pipeline writes.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Told()
    try:
        data = json.loads(text)
        return Told(
            documents={_document(name): _approved(value) for name, value in data["documents"].items()},
            withdrawn={_document(name): _withdrawn(value) for name, value in data["withdrawn"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"Catatan persetujuan {path.name} tidak dapat dibaca.",
            hint=f"Hapus {path}, lalu ulangi; berkas itu dibuat kembali saat terbit.",
        ) from error


def as_text(told: Told) -> str:
    """Text that ``read_evidence`` gives back unchanged."""
    data = {
        "documents": {
            path: {
                "approved_by": list(entry.approved_by),
                "approved_at": entry.approved_at.isoformat(),
                "taken_over": entry.taken_over,
            }
            for path, entry in sorted(told.documents.items())
        },
        "withdrawn": {
            path: {"title": entry.title, "on": entry.on.isoformat(), "reason": entry.reason}
            for path, entry in sorted(told.withdrawn.items())
        },
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _approved(value: Mapping[str, object]) -> Evidence:
    names = value["approved_by"]
    if not isinstance(names, list):
        raise TypeError(names)
    return Evidence(
        approved_by=tuple(str(name) for name in names),
        approved_at=_moment(value["approved_at"]),
        taken_over=value.get("taken_over") is True,
    )


def _withdrawn(value: Mapping[str, object]) -> Withdrawn:
    title, reason = value["title"], value["reason"]
    if not isinstance(title, str) or not isinstance(reason, str) or not reason:
        raise TypeError(title, reason)
    return Withdrawn(title=title, on=_moment(value["on"]), reason=reason)


def _document(path: str) -> str:
    if not is_document_path(path):
        raise ValueError(path)
    return path


def _moment(value: object) -> datetime:
    if not isinstance(value, str):
        raise TypeError(value)
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment
