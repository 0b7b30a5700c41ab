"""What the build was told about the approval of each document, for the line at the foot of a page.

The proof itself is judged elsewhere (``judgement``, ``stages.deploy``); here stands only what a page may say of it.
A document without an entry says nothing: the site never invents an approval.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipeline.errors import ConfigurationError

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


def read_evidence(path: Path) -> Mapping[str, Evidence]:
    """Read ``.redaksi/evidence.json``: document path -> evidence; no file means none.

    Raises ``ConfigurationError`` where the file is not what the pipeline writes.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    try:
        return {name: _entry(value) for name, value in json.loads(text).items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConfigurationError(
            f"Catatan persetujuan {path.name} tidak dapat dibaca.",
            hint=f"Hapus {path}, lalu ulangi; berkas itu dibuat kembali saat terbit.",
        ) from error


def as_text(evidence: Mapping[str, Evidence]) -> str:
    """Text that ``read_evidence`` gives back unchanged."""
    data = {
        path: {
            "approved_by": list(entry.approved_by),
            "approved_at": entry.approved_at.isoformat(),
            "taken_over": entry.taken_over,
        }
        for path, entry in sorted(evidence.items())
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _entry(value: Mapping[str, object]) -> Evidence:
    names, when = value["approved_by"], value["approved_at"]
    if not isinstance(names, list) or not isinstance(when, str):
        raise TypeError(names)
    approved_at = datetime.fromisoformat(when)
    if approved_at.tzinfo is None:
        raise ValueError(when)
    return Evidence(
        approved_by=tuple(str(name) for name in names),
        approved_at=approved_at,
        taken_over=value.get("taken_over") is True,
    )
