"""The office is opened: the last decider and a superior sign what stands on main, one after the other.

From the second signature on everything needs evidence; what stands on main then is taken over and listed by ``verify``.
Opening again takes over whatever main has become by then (a change of people or procedures, for instance); only people who
could sign under the opening before may do so, and both signatures stay in main's history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import Refused
from pipeline.procedure import Origin
from pipeline.stages import bootstrap, verify
from pipeline.stages.proposal import message
from pipeline.stages.session import MAIN, now_after, office_at
from pipeline.world.repo import BranchMove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pipeline.office import Office, Person
    from pipeline.procedure import Procedure
    from pipeline.stages.session import Actor, Session
    from pipeline.world.repo import Commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """One signature of an opening. ``opened`` says whether it was the second; else ``waits_for`` names the roles."""

    commit: str
    opened: bool
    waits_for: tuple[str, ...]
    taken_over: tuple[str, ...]


def open_office(session: Session, actor: Actor, *, dry_run: bool = False) -> Opening:
    """Sign the opening; refused when the office is open, somebody needed has no key, or this person may not."""
    repo = session.repo
    before = verify.prove(session)
    if before.sound:
        raise Refused("Kantor ini sudah dibuka.", hint="Periksa dengan redaksi verify.", code="already-open")
    _require_keys(session)
    office = office_at(repo, before.opening.commit) if before.opening else session.office
    tip = repo.commit(session.main)
    first = bootstrap.opener_of(office, tip)
    wanted = _wanted(office, first, tip)
    person = office.person_by_key(actor.fingerprint)
    roles = person.roles_on(office.day(now_after(tip.time))) if person else ()
    mine = sorted(wanted.intersection(roles))
    if not mine or (first is not None and first == person):
        raise Refused(
            f"{actor.person.name} tidak dapat menandatangani pembukaan ini.",
            hint=f"Yang ditunggu: {', '.join(session.office.role_label(role) for role in sorted(wanted))}.",
            code="may-not-open",
        )
    procedures = str(repo.tree_id(session.main, "office/procedures"))
    text = message(f"Pembukaan kantor: {office.court.name}", Pembukaan=tip.tree, Prosedur=procedures, Peran=mine[0])
    commit = session.main
    if not dry_run:
        commit = actor.write(session, tree=tip.tree, parents=[tip.id], message=text, when=now_after(tip.time))
        repo.move(BranchMove(branch=MAIN, old=session.main, new=commit))
        repo.refresh(session.main, commit)
    return Opening(
        commit=commit,
        opened=first is not None,
        waits_for=() if first is not None else tuple(sorted(other_side(office, mine))),
        taken_over=verify.documents(repo, session.main),
    )


def _wanted(office: Office, first: Person | None, tip: Commit) -> frozenset[str]:
    """The roles that may sign now: either side at first, then the side that has not signed yet."""
    if first is None:
        deciders, superiors = bootstrap.opening_roles(office)
        return deciders | superiors
    return other_side(office, first.roles_on(office.day(tip.time)))


def other_side(office: Office, signed: Iterable[str]) -> frozenset[str]:
    """The roles whose signature is missing beside that of somebody with the roles ``signed``."""
    deciders, superiors = bootstrap.opening_roles(office)
    missing = superiors if deciders.intersection(signed) else frozenset[str]()
    return missing | (deciders if superiors.intersection(signed) else frozenset())


def _require_keys(session: Session) -> None:
    """Every role that decides on documents must be held by somebody with a key, and somebody must publish."""
    office = session.office
    missing = {role for p in office.procedures.values() for role in office.deciders_without_people(p)}
    deciding = {role for p in office.procedures.values() for s in p.steps if s.unit == "naskah" for role in s.deciders}
    if missing & deciding:
        raise Refused(
            f"Belum ada orang dengan kunci untuk peran {', '.join(office.role_label(r) for r in sorted(missing & deciding))}.",
            hint="Daftarkan orang dan kuncinya di office/people.yml lebih dahulu.",
            code="no-key",
        )


def describe(found: Opening, office: Office) -> Iterator[str]:
    """The result as lines to print."""
    readings = sum(origin is Origin.READING for p in office.procedures.values() for origin in _origins(p))
    yield f"Yang ditandatangani: keadaan main sekarang, termasuk pembacaan SOP ({readings} isian masih bertanda tafsiran)."
    if not found.opened:
        roles = " atau ".join(office.role_label(role) for role in found.waits_for)
        yield f"Tanda tangan pertama tersimpan. Sekarang {roles} menjalankan: redaksi open-office"
        return
    yield f"Kantor dibuka; {len(found.taken_over)} naskah diambil alih sebagai isi awal:"
    yield from (f"  {path}" for path in found.taken_over)
    yield f"Catatan pembukaan: {found.commit}"
    yield "Simpan nomor itu di luar komputer ini (misalnya di berita acara); dari sanalah semua bukti berawal."


def _origins(procedure: Procedure) -> Iterator[Origin]:
    for step in procedure.steps:
        yield from step.origins.values()
        yield from (arrow.origin for arrow in step.arrows)
