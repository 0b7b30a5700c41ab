"""The office as data: the court, its people, its site and its procedures, read from ``office/`` into frozen objects.

``load_office`` takes bytes by path, so that it reads a folder and a commit alike. Every mistake is one Indonesian sentence
with file, line and remedy. This file knows no Git, verifies no signature and says nothing about a document.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from pipeline import schema
from pipeline.authority import Authority, Deputies, read_authority
from pipeline.calendar import Calendar, LocalDays
from pipeline.court import Address, Court, Limits, read_court, read_local_days
from pipeline.errors import ConfigurationError
from pipeline.people import Acting, Person, Role, read_people
from pipeline.procedure_file import read_head, read_procedure
from pipeline.schema import Value

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from pipeline.procedure import Position, Procedure

__all__ = [
    "Acting",
    "Address",
    "Authority",
    "Court",
    "Deputies",
    "Limits",
    "MonevThresholds",
    "Office",
    "Person",
    "Reminders",
    "Role",
    "Section",
    "SiteSettings",
    "TargetSettings",
    "load_office",
]

_AUTHORITY: Final = "office/authority.yml"
_COURT: Final = "office/court.yml"
_HOURS: Final = "office/hours.yml"
_PEOPLE: Final = "office/people.yml"
_SITE: Final = "office/site.yml"
_HOLIDAYS: Final = "office/holidays.yml"
_PROCEDURES: Final = "office/procedures/"
_HEAD: Final = _PROCEDURES + "sop.yml"
_ELSEWHERE: Final = ("office/informasi-publik.yml", "office/penilaian.yml")
"""Files of the office that the audit reads, not this file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A section of the site: ``slug`` is its address and its folder in ``content/``."""

    slug: str
    title: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSettings:
    """A way to the live site. ``secrets`` are names of environment variables, never their values."""

    name: str
    kind: str
    folder: str
    url: str | None
    preview: bool
    secrets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminders:
    """After how many working days a waiting document is mentioned; never called a breach of the SOP."""

    waiting_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonevThresholds:
    """What a measurement of the live site is held against: milliseconds, bytes, names of response headers."""

    response_ms: int
    page_bytes: int
    required_headers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSettings:
    """The site as ``office/site.yml`` says. ``platforms`` says which social platforms are switched on."""

    sections: tuple[Section, ...]
    targets: tuple[TargetSettings, ...]
    default_place: str
    reminders: Reminders
    monev: MonevThresholds
    platforms: Mapping[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Everything under ``office/``. ``people`` and ``roles`` are by id, machines among the people; ``procedures`` by code."""

    court: Court
    people: Mapping[str, Person]
    authority: Authority
    site: SiteSettings
    procedures: Mapping[str, Procedure]
    roles: Mapping[str, Role] = field(default_factory=dict)
    local_days: LocalDays = field(default_factory=LocalDays)

    def calendar(self) -> Calendar:
        """The court's working time."""
        return Calendar(timezone=self.court.timezone, hours=self.court.hours, local=self.local_days)

    def day(self, moment: datetime) -> date:
        """The day of an aware moment in the court's zone."""
        return self.local(moment).date()

    def local(self, moment: datetime) -> datetime:
        """An aware moment as the court's clock shows it."""
        if moment.tzinfo is None:
            raise ValueError("a moment without time zone")
        return moment.astimezone(ZoneInfo(self.court.timezone))

    def moment(self, written: datetime) -> datetime:
        """What a document wrote in the court's zone (``terbit: 2026-01-30 10:30``) as an aware moment."""
        if written.tzinfo is not None:
            raise ValueError("a time of a document carries no zone")
        return written.replace(tzinfo=ZoneInfo(self.court.timezone))

    def role_label(self, role: str) -> str:
        """What people call the role."""
        return self.roles[role].label if role in self.roles else role

    def superior(self, role: str) -> str | None:
        """The role that decides where ``role`` cannot, None at the top."""
        return self.roles[role].superior if role in self.roles else None

    def chain_above(self, role: str) -> tuple[str, ...]:
        """The role, its superior, that one's superior, up to the top."""
        chain, above = [role], self.superior(role)
        while above is not None:
            chain.append(above)
            above = self.superior(above)
        return tuple(chain)

    def people_in(self, role: str, day: date) -> tuple[Person, ...]:
        """Who may act in ``role`` on ``day``, with or without a key."""
        return tuple(person for person in self.people.values() if role in person.roles_on(day))

    def deputies(self, role: str, day: date, barred: Collection[str] = ()) -> Deputies:
        """Who may decide as ``role`` on ``day`` when the people ``barred`` (ids: authors, those who voted) may not.

        The holders of the role; where it is held but every holder is barred, those of the next superior that has
        somebody (SOP B2 needs distinct people). A role that nobody holds goes to no superior: somebody is appointed.
        """
        if not self._able(role, day, ()):
            return Deputies(role=role)
        at: str | None = role
        while at is not None:
            if people := self._able(at, day, barred):
                return Deputies(role=at, people=people)
            at = self.superior(at)
        return Deputies(role=role)

    def _able(self, role: str, day: date, barred: Collection[str]) -> tuple[Person, ...]:
        """Holders of a role who can decide: by a key of their own, or on paper where the role may."""
        return tuple(
            person
            for person in self.people_in(role, day)
            if person.id not in barred and (person.keys or role in self.authority.paper)
        )

    def who_may_act(self, procedure: Procedure, position: Position, day: date) -> tuple[Person, ...]:
        """The people, and the machine that completes the step in their name, who may act at ``position`` on ``day``."""
        role, *machines = procedure.who_may_act(position)
        return (*self.people_in(role, day), *(self.people[name] for name in machines))

    def person_by_email(self, email: str) -> Person | None:
        """Whose address it is."""
        return next((person for person in self.people.values() if email.lower() in person.emails), None)

    def person_by_key(self, fingerprint: str) -> Person | None:
        """Whose key it is, by the fingerprint as ``ssh-keygen -l`` prints it."""
        if not fingerprint:
            return None
        return next((person for person in self.people.values() if fingerprint in person.fingerprints()), None)

    def deciders_without_people(self, procedure: Procedure, day: date | None = None) -> tuple[str, ...]:
        """Deciding roles of ``procedure`` that nobody with a key holds (on ``day``: acting officials count, leavers do not)."""
        held = {
            role
            for person in self.people.values()
            if person.keys and not person.machine
            for role in (person.roles if day is None else person.roles_on(day))
        }
        return tuple(dict.fromkeys(position.role for position in procedure.decisions() if position.role not in held))


def load_office(files: Mapping[str, bytes]) -> Office:
    """The office from its files by path (``office/court.yml`` ...); ``ConfigurationError`` tells the first mistake."""
    _refuse_unknown(files)
    court = read_court(_open(files, _COURT), _open(files, _HOURS))
    roles, people = read_people(_open(files, _PEOPLE))
    machines = [person.id for person in people.values() if person.machine]
    head = read_head(_open(files, _HEAD))
    procedures: dict[str, Procedure] = {}
    for path in sorted(path for path in files if _is_yaml(path) and path.startswith(_PROCEDURES) and path != _HEAD):
        value = _open(files, path)
        procedure = read_procedure(value, head=head, roles=roles, machines=machines)
        if procedure.code in procedures:
            raise value.wrong(f"kode {procedure.code} sudah dipakai SOP lain.", hint="Beri setiap SOP kode tersendiri.")
        procedures[procedure.code] = procedure
    if not procedures:
        raise _missing(_PROCEDURES + "b-website.yml", files)
    return Office(
        court=court,
        people=people,
        authority=read_authority(_open(files, _AUTHORITY), roles),
        site=_read_site(_open(files, _SITE)),
        procedures=procedures,
        roles=roles,
        local_days=read_local_days(_open(files, _HOLIDAYS)) if _HOLIDAYS in files else LocalDays(),
    )


def _is_yaml(path: str) -> bool:
    return path.startswith("office/") and path.endswith((".yml", ".yaml"))


def _refuse_unknown(files: Mapping[str, bytes]) -> None:
    """A file that nobody reads is a mistake in its name: its content would be missed in silence."""
    known = (_AUTHORITY, _COURT, _HOURS, _PEOPLE, _SITE, _HOLIDAYS, *_ELSEWHERE)
    for path in sorted(files):
        if _is_yaml(path) and path not in known and not (path.startswith(_PROCEDURES) and path.endswith(".yml")):
            sentence, hint = schema.unknown(path, known, what="Berkas")
            raise ConfigurationError(sentence, hint=hint)


def _missing(path: str, files: Mapping[str, bytes]) -> ConfigurationError:
    guess = schema.nearest(path, (other for other in files if other.startswith("office/")))
    return ConfigurationError(
        f"Berkas {path} belum ada.",
        hint=f"Pulihkan berkas itu{f' (mungkin maksudnya {guess})' if guess else ''} lalu ulangi.",
    )


def _open(files: Mapping[str, bytes], path: str) -> Value:
    if path not in files:
        raise _missing(path, files)
    return schema.parse(files[path], path)


def _read_site(value: Value) -> SiteSettings:
    section = value.section("bagian", "tempat_default", "target", "pengingat", "monev", "platform")
    reminders = section["pengingat"].section("waktu_tunggu")
    return SiteSettings(
        sections=_read_sections(section["bagian"]),
        targets=tuple(_read_target(name, item) for name, item in section["target"].entries()),
        default_place=section["tempat_default"].text(),
        reminders=Reminders(waiting_days=reminders["waktu_tunggu"].number(least=1, most=60)),
        monev=_read_monev(section["monev"]),
        platforms={name: item.flag() for name, item in section.get("platform", Value.entries, ())},
    )


def _read_sections(value: Value) -> tuple[Section, ...]:
    sections: dict[str, Section] = {}
    for item in value.some():
        entry = item.section("slug", "judul", "ringkasan")
        slug = entry["slug"].slug()
        if slug in sections:
            raise entry["slug"].wrong(f'bagian "{slug}" ditulis dua kali.', hint="Hapus salah satunya.")
        sections[slug] = Section(slug=slug, title=entry["judul"].text(), description=entry["ringkasan"].text())
    return tuple(sections.values())


def _read_target(name: str, item: Value) -> TargetSettings:
    section = item.section("jenis", "folder", "url", "pratinjau", "rahasia")
    return TargetSettings(
        name=name,
        kind=section["jenis"].slug(),
        folder=section["folder"].text(),
        url=section.get("url", Value.url, None),
        preview=section["pratinjau"].flag(),
        secrets=tuple(secret.variable() for secret in section.get("rahasia", Value.items, ())),
    )


def _read_monev(value: Value) -> MonevThresholds:
    section = value.section("tanggapan_ms", "halaman_kb", "kepala_wajib")
    return MonevThresholds(
        response_ms=section["tanggapan_ms"].number(least=1),
        page_bytes=section["halaman_kb"].number(least=1) * 1000,
        required_headers=tuple(item.slug() for item in section["kepala_wajib"].items()),
    )
