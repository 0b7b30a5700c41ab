"""Where every proof begins: the opening of the office, found and judged in main's history.

An office is open from the second of two consecutive empty commits on main that the last decider and a superior signed
over main's tree. The first opening can only be believed, and compared with the one that was noted (``pinned``: the hook
and the auditor do); a later one may not bring its own judges. Nothing is written here; ``opening`` does that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pipeline.errors import Refused
from pipeline.judgement import Refusal, identified
from pipeline.stages.session import office_at
from pipeline.world.history import empty_change

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.office import Office, Person
    from pipeline.world.repo import Commit, Repository

OPENING: Final = "Pembukaan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The second of the two commits that opened the office, and the names of those who signed them.

    ``first`` is the opening from which all proofs descend: the same one unless the office was opened again.
    """

    commit: str
    first: str
    signers: tuple[str, ...]


def opening_of(
    repo: Repository, main: str, *, pinned: str = "", office_after: Callable[[str, str], Office]
) -> Opening | None:
    """The opening that counts on the way to ``main``, None if the office is not open. Cheap: one walk along main.

    ``pinned`` is the opening that was noted once; ``Refused`` (code ``other-opening``) if main does not descend from it.
    ``office_after(opening, until)`` gives the office of the last proven step between two commits of main: who retired since
    the opening before can't open again.
    """
    found: Opening | None = None
    for name in repo.mentioning(main, OPENING):
        if found is None and pinned and name != pinned:
            continue
        second = repo.commit(name)
        office = office_at(repo, name) if found is None else office_after(found.commit, name)
        signers = _signers(repo, second, office)
        if signers:
            found = Opening(commit=name, first=found.first if found else name, signers=signers)
    if pinned and (found is None or found.first != pinned):
        raise Refused(
            f"Pembukaan kantor di repositori ini bukan {pinned[:12]} yang dicatat kantor.",
            hint="Jangan lanjutkan; mintalah Pranata Komputer memulihkan main dari cadangan.",
            code="other-opening",
        )
    return found


def _signers(repo: Repository, second: Commit, office: Office) -> tuple[str, ...]:
    return openers(repo, office, repo.commit(second.parents[0]), second) if len(second.parents) == 1 else ()


def opening_roles(office: Office) -> tuple[frozenset[str], frozenset[str]]:
    """Who opens an office: the last decider of its documents, and one of that role's superiors."""
    last = {
        step.deciders[-1]
        for p in office.procedures.values()
        for step in p.steps
        if step.unit == "naskah" and step.deciders
    }
    superiors = {above for role in last for above in office.chain_above(role)}
    return frozenset(last), frozenset(superiors - last)


def openers(repo: Repository, office: Office, first: Commit, second: Commit) -> tuple[str, ...]:
    """Names of the two who opened with these consecutive commits of main; empty if they do not open the office.

    Both must be empty and signed, one by a holder of the last deciding role, the other by a superior's.
    """
    if second.parents != (first.id,) or len(first.parents) != 1 or first.tree != second.tree:
        return ()
    if repo.tree_id(first.parents[0]) != first.tree:
        return ()
    signers = [opener_of(office, commit) for commit in (first, second)]
    if signers[0] is None or signers[1] is None or signers[0] == signers[1]:
        return ()
    deciders, superiors = opening_roles(office)
    roles = [_roles(office, person, commit) for person, commit in zip(signers, (first, second), strict=True)]
    if any(a & deciders and b & superiors for a, b in (roles, roles[::-1])):
        return (signers[0].name, signers[1].name)
    return ()


def _roles(office: Office, person: Person | None, commit: Commit) -> set[str]:
    return set(person.roles_on(office.day(commit.time))) if person else set()


def opener_of(office: Office, commit: Commit) -> Person | None:
    """The person whose valid signature an opening commit carries over its own tree, None if there is none."""
    change = empty_change(commit)
    person = identified(change, office)
    if change.trailer(OPENING) != commit.tree or isinstance(person, Refusal) or person.machine:
        return None
    return person
