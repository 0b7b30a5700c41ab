"""Who may do what the SOP's tables do not say: change policy, take a page down, decide on paper. Read from ``authority.yml``.

Pure data; whether one decision counts is ``judgement``'s to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

    from pipeline.people import Person
    from pipeline.schema import Value

_ORIGINS: Final = ("resmi", "tafsiran")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Roles by what they may do; ``everyday`` are files of ``office/`` that one signature of ``everyday_roles`` changes."""

    policy: tuple[str, ...]
    everyday: tuple[str, ...]
    everyday_roles: tuple[str, ...]
    withdrawal: tuple[str, ...]
    paper: tuple[str, ...]
    official: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Deputies:
    """Who may decide now: ``role`` is the needed one or the superior that stands in for it; ``people`` hold it.

    Empty ``people``: nobody may, somebody has to be appointed (Plh or Plt).
    """

    role: str
    people: tuple[Person, ...] = ()


def read_authority(value: Value, roles: Collection[str]) -> Authority:
    """The office's authority file."""
    section = value.section("asal", "aturan", "harian", "penarikan", "kertas")
    everyday = section["harian"].section("berkas", "pemutus")
    return Authority(
        policy=_roles(section["aturan"].section("pemutus")["pemutus"], roles),
        everyday=tuple(f"office/{item.text()}" for item in everyday["berkas"].items()),
        everyday_roles=_roles(everyday["pemutus"], roles),
        withdrawal=_roles(section["penarikan"].section("pemutus")["pemutus"], roles),
        paper=_roles(section["kertas"].section("peran")["peran"], roles, least=0),
        official=section["asal"].one_of(_ORIGINS, what="asal") == "resmi",
    )


def _roles(value: Value, roles: Collection[str], *, least: int = 1) -> tuple[str, ...]:
    items = value.some() if least else value.items()
    return tuple(item.one_of(roles, what="peran") for item in items)
