"""Returned documents, counted by the reason codes that the procedure lists (``alasan_pengembalian``).

Every return on a document's way counts, not only the last. A code that the procedure does not list (a return made by hand)
is counted as it is written and marked as unknown; nothing is guessed into another code.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline.judgement import Ruling

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from pipeline.judgement import Standing
    from pipeline.procedure import Procedure

_CODE: Final = re.compile(r"[a-z0-9-]{1,40}")
_NO_CODE: Final = "tanpa-kode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """One return: at which step, by whom in which role, when, and why. ``code`` is empty where none was given."""

    step: str
    role: str
    person: str
    time: datetime
    code: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How often documents were returned at one step of a procedure for one reason."""

    procedure: str
    step: str
    code: str
    label: str
    number: int

    @property
    def known(self) -> bool:
        """Whether the procedure lists the code."""
        return bool(self.label)


def returns_of(standing: Standing) -> tuple[Return, ...]:
    """Every return on a document's way, oldest first."""
    return tuple(
        Return(step=held.step, role=held.role, person=held.person, time=held.time, code=code, text=text)
        for held in standing.decisions
        if held.ruling is Ruling.RETURNED
        for code, text in [_parted(held.reason)]
    )


def _parted(reason: str) -> tuple[str, str]:
    """Code and sentence of the trailer ``Alasan: kode: kalimat``."""
    code, colon, text = reason.partition(":")
    return (code.strip(), text.strip()) if colon and _CODE.fullmatch(code.strip()) else ("", reason)


def as_record(found: Iterable[Return]) -> list[dict[str, str]]:
    """The returns as the receipt of a publication keeps them."""
    return [{"kode": one.code, "peran": one.role, "waktu": one.time.isoformat()} for one in found]


def tally(ways: Iterable[tuple[Procedure, Standing]]) -> tuple[Tally, ...]:
    """The returns of many documents, the most frequent reason of each step first."""
    procedures: dict[str, Procedure] = {}
    counted: Counter[tuple[str, str, str]] = Counter()
    for procedure, standing in ways:
        procedures[procedure.code] = procedure
        counted.update((procedure.code, one.step, one.code) for one in returns_of(standing))
    return tuple(
        Tally(
            procedure=code,
            step=step,
            code=reason or _NO_CODE,
            label=procedures[code].step(step).reasons.get(reason, ""),
            number=number,
        )
        for (code, step, reason), number in sorted(counted.items(), key=lambda item: (*item[0][:2], -item[1], item[0]))
    )


def describe(found: Iterable[Tally]) -> Iterator[str]:
    """One line with the reasons of all procedures together; nothing where nothing was returned."""
    numbers: Counter[str] = Counter()
    for one in found:
        numbers[one.code if one.known else f"{one.code} (tidak dikenal)"] += one.number
    if numbers:
        yield f"Dikembalikan: {', '.join(f'{code} {number}' for code, number in numbers.most_common())}."


def as_json(found: Iterable[Tally]) -> list[dict[str, Any]]:
    """The tallies for machines."""
    return [
        {
            "procedure": one.procedure,
            "step": one.step,
            "code": one.code,
            "label": one.label or None,
            "known": one.known,
            "number": one.number,
        }
        for one in found
    ]
