"""The people and machines of the office: their addresses, keys and roles, and who acts for whom. Read from ``people.yml``.

A machine has keys and no role, hence no vote. A person without a key cannot decide: the office is not open for that role.
This file answers who holds a role on a day; whether a decision counts is ``judgement``'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pipeline import signature
from pipeline.court import read_period
from pipeline.schema import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from datetime import date

    from pipeline.schema import Section

_ACTING: Final = ("Plh", "Plt")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of the office. ``superior`` decides where two needed roles fall on one person; None at the top."""

    id: str
    label: str
    superior: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting:
    """A period, both days included, in which a person acts in ``role`` by the letter numbered ``letter``."""

    role: str
    start: date
    end: date
    letter: str
    as_: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person or a machine. ``keys`` are OpenSSH public lines; ``since`` and ``until`` bound the person's own roles."""

    id: str
    name: str
    emails: tuple[str, ...]
    keys: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    machine: bool = False
    acting: tuple[Acting, ...] = ()
    since: date | None = None
    until: date | None = None

    def roles_on(self, day: date) -> tuple[str, ...]:
        """The roles that this person may act in on ``day``: own ones, then those as Plh or Plt."""
        own = self.roles if self._serves(day) else ()
        return tuple(dict.fromkeys((*own, *(period.role for period in self._acting_on(day)))))

    def acting_as(self, role: str, day: date) -> str:
        """``Plh`` or ``Plt`` where ``role`` is acted in on ``day`` and not the person's own; else empty."""
        if role in self.roles and self._serves(day):
            return ""
        return next((period.as_ for period in self._acting_on(day) if period.role == role), "")

    def fingerprints(self) -> tuple[str, ...]:
        """Fingerprints of the keys, as ``ssh-keygen -l`` prints them."""
        return tuple(_fingerprint(key) for key in self.keys)

    def _acting_on(self, day: date) -> tuple[Acting, ...]:
        """Acting may precede one's own office, never outlast it."""
        if self.until is not None and day > self.until:
            return ()
        return tuple(period for period in self.acting if period.start <= day <= period.end)

    def _serves(self, day: date) -> bool:
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@lru_cache(maxsize=512)
def _fingerprint(key: str) -> str:
    return signature.fingerprint(key)


def read_people(value: Value) -> tuple[dict[str, Role], dict[str, Person]]:
    """Roles and people (machines with them) by id, from ``office/people.yml``."""
    section = value.section("peran", "orang", "mesin")
    roles = _read_roles(section["peran"])
    people = {key: _read_person(item, roles) for key, item in section["orang"].some_entries()}
    machines = section.get("mesin", Value.entries, ())
    for key, item in machines:
        if key in people:
            raise item.wrong(f'"{key}" sudah dipakai sebagai nama orang.', hint="Beri mesin ini nama pendek lain.")
        people[key] = _read_machine(item)
    _refuse_doubles((*section["orang"].entries(), *machines))
    return roles, people


def _read_roles(value: Value) -> dict[str, Role]:
    entries = value.some_entries()
    names = [key for key, _ in entries]
    roles = {}
    for key, item in entries:
        section = item.section("label", "atasan")
        superior = section.get("atasan", lambda found: found.one_of(names, what="peran"), None)
        roles[key] = Role(id=item.as_key().slug(), label=section["label"].text(), superior=superior)
    for key, item in entries:
        _refuse_circle(key, item, roles)
    return roles


def _refuse_circle(key: str, item: Value, roles: Mapping[str, Role]) -> None:
    seen, above = [key], roles[key].superior
    while above is not None:
        if above in seen:
            raise item.wrong(
                f'atasan peran "{key}" berputar: {" → ".join([*seen, above])}.',
                hint="Peran teratas tidak memiliki atasan.",
            )
        seen.append(above)
        above = roles[above].superior


def _read_person(item: Value, roles: Collection[str]) -> Person:
    section = item.section("nama", "surel", "kunci", "peran", "wakil", "mulai", "sampai")
    if {"mulai", "sampai"} <= section.entries.keys():
        read_period(section)
    return Person(
        id=item.as_key().slug(),
        name=section["nama"].text(),
        emails=_read_emails(section),
        keys=_read_keys(section),
        roles=tuple(role.one_of(roles, what="peran") for role in section["peran"].items()),
        acting=tuple(_read_acting(entry, roles) for entry in section.get("wakil", Value.items, ())),
        since=section.get("mulai", Value.date, None),
        until=section.get("sampai", Value.date, None),
    )


def _read_machine(item: Value) -> Person:
    section = item.section("nama", "surel", "kunci")
    return Person(
        id=item.as_key().slug(),
        name=section["nama"].text(),
        emails=_read_emails(section),
        keys=_read_keys(section),
        machine=True,
    )


def _read_emails(section: Section) -> tuple[str, ...]:
    return tuple(item.email().lower() for item in section["surel"].some())


def _read_keys(section: Section) -> tuple[str, ...]:
    return tuple(_read_key(item) for item in section["kunci"].items())


def _read_key(item: Value) -> str:
    line = item.text()
    if "PRIVATE KEY" in line:
        raise item.wrong(
            "yang tertulis adalah kunci pribadi, bukan kunci publik.",
            hint="Hapus sekarang juga, buat pasangan kunci baru, lalu tulis isi berkas yang berakhiran .pub.",
        )
    if not _fingerprint(line):
        raise item.wrong(
            "kunci publik tidak dapat dibaca.",
            hint="Salin satu baris utuh dari berkas .pub; awalnya ssh-ed25519 AAAA... (jenis lain tidak diterima).",
        )
    return line


def _read_acting(item: Value, roles: Collection[str]) -> Acting:
    section = item.section("peran", "sebagai", "mulai", "sampai", "surat")
    start, end = read_period(section)
    return Acting(
        role=section["peran"].one_of(roles, what="peran"),
        as_=section["sebagai"].one_of(_ACTING, what="sebutan"),
        start=start,
        end=end,
        letter=section["surat"].text(),
    )


def _refuse_doubles(entries: Iterable[tuple[str, Value]]) -> None:
    """One address and one key belong to one person: one person has one vote however many keys there are."""
    owners: dict[str, str] = {}
    for owner, item in entries:
        fields = dict(item.entries())
        found = [(value, value.text().lower(), "alamat surel") for value in fields["surel"].items()]
        found += [(value, _fingerprint(value.text()), "kunci") for value in fields["kunci"].items()]
        for value, mark, what in found:
            if mark in owners:
                whose = f'sudah dipakai oleh "{owners[mark]}"' if owners[mark] != owner else "ditulis dua kali"
                raise value.wrong(
                    f'{what} milik "{owner}" {whose}.',
                    hint="Satu alamat dan satu kunci hanya milik satu orang atau mesin.",
                )
            owners[mark] = owner
