"""People and their keys change: an edit of ``people.yml``, tried out as a whole, warned about, then proposed to the quorum.

An ``Intent`` says what is to change and from which day; ``plan`` tries it on the office's files without touching anything.
In an open office it becomes a proposal (``policy``); before the opening nobody can sign, so it is written in the working
folder. A lost key is taken off the list: every past decision stays proven, because each is judged by the list of its time.
"""

from __future__ import annotations

import difflib
import os
import re
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pipeline import people_file, signature
from pipeline.errors import ConfigurationError, Refused
from pipeline.office import load_office
from pipeline.site import dates
from pipeline.stages import policy, verify
from pipeline.stages.session import PEOPLE, Session, person_named
from pipeline.world import clock, files, keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from pipeline.office import Office, Person
    from pipeline.people import Acting
    from pipeline.people_file import Newcomer
    from pipeline.stages.policy import Proposal
    from pipeline.stages.session import Actor

_ID: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ENOUGH_KEYS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One intended change of people.yml: the edits in their order, a sentence for the proposal, whom it is about, since when."""

    who: str
    summary: str
    edits: tuple[Callable[[str], str], ...]
    since: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The text of people.yml before and after, and what the office should know before it agrees."""

    summary: str
    before: str
    after: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a plan: a proposal, or a file in the working folder while the office is not open; neither if tried."""

    plan: Plan
    proposal: Proposal | None = None
    written: Path | None = None


# -- what may be intended --


def entering(newcomer: Newcomer, today: date) -> Intent:
    """Enter a person."""
    _require_id(newcomer.id)
    return Intent(
        who=newcomer.id,
        summary=f"{newcomer.name} ({newcomer.id}) didaftarkan sebagai {', '.join(newcomer.roles)}",
        edits=(partial(people_file.add_person, newcomer=newcomer),),
        since=newcomer.since or today,
    )


def leaving(who: str, until: date, reason: str) -> Intent:
    """Let a person's roles end with the day ``until``."""
    if not reason.strip():
        raise Refused(
            "Alasan berakhirnya jabatan masih kosong.", hint="Sebutkan, misalnya: mutasi, pensiun.", code="no-reason"
        )
    return Intent(
        who=who,
        summary=f"Masa tugas {who} berakhir {dates.day(until)}: {reason}",
        edits=(partial(people_file.retire, who=who, until=until),),
        since=until + timedelta(days=1),
    )


def changing_keys(who: str, *, add: Sequence[str], remove: Sequence[str], today: date) -> Intent:
    """List the public lines ``add`` and take off the keys with the fingerprints ``remove``, in one step."""
    if not add and not remove:
        raise Refused(
            "Kunci mana yang didaftarkan atau dicabut?",
            hint="Sebutkan --add BERKAS.pub atau --remove SIDIK.",
            code="no-key",
        )
    return Intent(
        who=who,
        summary=f"Kunci {who} {'diganti' if add and remove else 'didaftarkan' if add else 'dicabut'}",
        edits=(
            *(partial(people_file.add_key, who=who, line=line) for line in add),
            *(partial(people_file.remove_key, who=who, fingerprint=mark) for mark in remove),
        ),
        since=today,
    )


def acting(who: str, period: Acting) -> Intent:
    """Let a person act in a role for a while."""
    return Intent(
        who=who,
        summary=f"{who} menjadi {period.as_} {period.role} {_span(period)} ({period.letter})",
        edits=(partial(people_file.add_acting, who=who, acting=period),),
        since=period.start,
    )


def key_named(text: str) -> str:
    """The fingerprint that somebody means by a fingerprint, or by the ``.pub`` file (or line) of the key."""
    return text if text.startswith("SHA256:") else signature.fingerprint(public_key(text))


def public_key(text: str) -> str:
    """The public line that somebody means by a ``.pub`` file, or by the line itself."""
    if text.startswith(("ssh-", "-----BEGIN")):
        return keys.public_line(text, "isian ini")
    return keys.read_public(Path(text))


def _require_id(who: str) -> None:
    if not _ID.fullmatch(who):
        raise Refused(
            f"{who!r} tidak dapat menjadi nama pendek orang.",
            hint="Gunakan huruf kecil, angka, dan tanda hubung, misalnya: siti atau siti-aminah.",
            code="no-id",
        )


# -- trying it out --


def plan(office_files: Mapping[str, bytes], intent: Intent) -> Plan:
    """Try an intent on the office's files by path; one sentence says what is wrong with it. Pure."""
    before = load_office(office_files)
    text = office_files[PEOPLE].decode("utf-8")
    changed = text
    for edit in intent.edits:
        changed = edit(changed)
    try:
        after = load_office({**office_files, PEOPLE: changed.encode()})
    except ConfigurationError as error:
        raise Refused(
            f"Perubahan ini tidak dapat diterima: {error.message}", hint=error.hint, code="broken-office"
        ) from error
    return Plan(summary=intent.summary, before=text, after=changed, warnings=tuple(_warnings(before, after, intent)))


def _warnings(before: Office, after: Office, intent: Intent) -> Iterator[str]:
    """What the change would leave behind: roles that nobody can sign for, people with one key or none."""
    for role in _needed(before):
        if _holders(before, role, intent.since) and not _holders(after, role, intent.since):
            yield (
                f"Mulai {dates.day(intent.since)} tidak ada yang dapat menandatangani sebagai {after.role_label(role)}. "
                "Daftarkan penggantinya, atau tunjuk Plh/Plt dengan redaksi person acting."
            )
    person = after.people[intent.who]
    if person.until and person.until != before.people[intent.who].until and person.keys:
        yield (
            f"Kunci {person.id} tetap terdaftar sampai dicabut. Sesudah {dates.day(person.until)} jalankan: "
            f"redaksi person key {person.id} --remove SIDIK"
        )
    else:
        yield from _few_keys(after, person)


def _few_keys(office: Office, person: Person) -> Iterator[str]:
    if not person.keys:
        yield f"{person.name} belum memiliki kunci, jadi belum dapat menandatangani apa pun."
    elif len(person.keys) < _ENOUGH_KEYS and set(person.roles) & set(office.authority.policy):
        yield (
            f"{person.name} hanya memiliki satu kunci; bila kunci itu hilang, aturan kantor tidak dapat diubah tanpa atasannya. "
            f"Daftarkan kunci cadangan: redaksi person key {person.id} --add BERKAS.pub"
        )


def _needed(office: Office) -> tuple[str, ...]:
    """Roles that decide on documents, and those that change policy."""
    deciders = (position.role for procedure in office.procedures.values() for position in procedure.decisions())
    return tuple(dict.fromkeys((*deciders, *office.authority.policy)))


def _holders(office: Office, role: str, day: date) -> tuple[Person, ...]:
    return tuple(person for person in office.people_in(role, day) if person.keys)


# -- doing it --


def change(session: Session, actor: Callable[[], Actor], intent: Intent, *, dry_run: bool = False) -> Outcome:
    """Propose the intent in an open office; else write it in the working folder. ``actor`` is called where one signs."""
    if verify.opening_of(session.repo, session.main) is None:
        return _written(session, intent, dry_run=dry_run)
    content = session.repo.files(session.main, "office")
    planned = plan({f"office/{name}": data for name, data in content.items()}, intent)
    returned = tuple(_back_again(session, planned))
    planned = Plan(
        summary=planned.summary, before=planned.before, after=planned.after, warnings=returned + planned.warnings
    )
    proposal = policy.propose(session, actor(), {PEOPLE: planned.after.encode()}, planned.summary, dry_run=dry_run)
    return Outcome(plan=planned, proposal=proposal)


def _written(session: Session, intent: Intent, *, dry_run: bool) -> Outcome:
    root = session.repo.root
    content = files.read_folder(root / "office", max_bytes_per_file=files.MIB)
    planned = plan({f"office/{name}": data for name, data in content.items()}, intent)
    if dry_run:
        return Outcome(plan=planned)
    files.write_atomic(root / PEOPLE, planned.after.encode())
    return Outcome(plan=planned, written=root / PEOPLE)


def _back_again(session: Session, planned: Plan) -> Iterator[str]:
    """Keys that come back to the list after they were taken off it: lost keys may be in other hands."""
    new = _new_keys(planned)
    for mark in sorted(session.known_keys().intersection(new)) if new else ():
        yield f"Kunci {mark} pernah dicabut dari daftar. Kunci yang pernah hilang jangan didaftarkan lagi."


def _new_keys(planned: Plan) -> list[str]:
    """Fingerprints of the keys that stand in the text afterwards and did not before."""
    before, after = (re.findall(r"ssh-ed25519 [A-Za-z0-9+/=]+", text) for text in (planned.before, planned.after))
    return [signature.fingerprint(line) for line in after if line not in before]


def today(session: Session) -> date:
    """The day in the court's zone."""
    return session.office.day(clock.now())


# -- a key of one's own --


def key_owner(folder: Path, name: str | None, environment: Mapping[str, str] = os.environ) -> str:
    """For whom a key is to be made: the name given, else whoever Git's identity is in the office's list."""
    named = name or environment.get("REDAKSI_AS") or ""
    if named:
        _require_id(named)
        return named
    return person_named(Session.open(folder, offline=True), "").id


def describe_key(place: Path, public: str, who: str) -> Iterator[str]:
    """A new key as lines to print: where it is, what to hand over, and to whom."""
    yield f"Kunci dibuat: {place}"
    yield "Berkas itu rahasia: jangan dikirim, jangan disalin ke komputer orang lain."
    yield f"Sidik kunci: {signature.fingerprint(public)}"
    yield "Kunci publiknya, satu baris:"
    yield public
    yield f"Serahkan baris itu, atau berkas {place.name}.pub, kepada Pranata Komputer. Ia mendaftarkannya dengan:"
    yield f"  redaksi person key {who} --add {place.name}.pub"


# -- showing --


def describe(outcome: Outcome, office: Office) -> Iterator[str]:
    """The changed lines, the warnings and what comes next, as lines to print."""
    yield f"{outcome.plan.summary}."
    before, after = (text.splitlines() for text in (outcome.plan.before, outcome.plan.after))
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    yield from (f"  {line[0]} {line[1:].strip()}" for line in lines if not line.startswith("@@"))
    yield from (f"Cocokkan sidik kunci ini dengan pemiliknya: {mark}" for mark in _new_keys(outcome.plan))
    yield from (f"Perhatian: {warning}" for warning in outcome.plan.warnings)
    if outcome.proposal is not None:
        yield from policy.describe(outcome.proposal, office)
    if outcome.written is not None:
        yield f"Tertulis di {outcome.written}."
        yield "Kantor belum dibuka, jadi belum ada yang perlu menyetujui: periksa berkasnya, simpan ke main, lalu open-office."


def describe_people(office: Office, day: date) -> Iterator[str]:
    """Everybody with roles, acting periods and keys, as lines to print."""
    for person in office.people.values():
        yield f"{person.id}: {person.name}{' (mesin)' if person.machine else ''}"
        yield from (f"  {line}" for line in (*_roles(office, person, day), *_keys(person)))
        if not person.machine and _is_past(person, day):
            if person.keys:
                yield f"  Perhatian: masa tugasnya sudah berakhir; cabut kuncinya: redaksi person key {person.id} --remove SIDIK"
        else:
            yield from (f"  Perhatian: {warning}" for warning in _few_keys(office, person))


def _roles(office: Office, person: Person, day: date) -> Iterator[str]:
    labels = ", ".join(office.role_label(role) for role in person.roles)
    span = [f"mulai {dates.day(person.since)}"] if person.since and person.since > day else []
    span += [f"sampai {dates.day(person.until)}"] if person.until else []
    if labels:
        yield f"peran: {labels}" + (f" ({', '.join(span)})" if span else "")
    for period in person.acting:
        if period.end >= day:
            label = office.role_label(period.role)
            yield f"{period.as_} {label}: {_span(period)} ({period.letter})"


def _span(period: Acting) -> str:
    return f"{dates.day(period.start)} s.d. {dates.day(period.end)}"


def _keys(person: Person) -> Iterator[str]:
    yield from (f"kunci: {mark}" for mark in person.fingerprints())


def _is_past(person: Person, day: date) -> bool:
    return person.until is not None and person.until < day


def as_json(office: Office, day: date) -> list[dict[str, Any]]:
    """Everybody for machines."""
    return [
        {
            "id": person.id,
            "name": person.name,
            "machine": person.machine,
            "roles": list(person.roles),
            "roles_today": list(person.roles_on(day)),
            "until": person.until.isoformat() if person.until else None,
            "keys": list(person.fingerprints()),
        }
        for person in office.people.values()
    ]
