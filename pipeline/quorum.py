"""The verdict on a change of policy: who must sign a change of ``office/``, of the program or of the workflow, and over what.

A proposal is a branch whose signed commits touch no document; its ``tree`` is everything of the repository but documents.
Approvals name that tree, so one changed letter voids them, and a document published meanwhile does not. Everyday data
(``office/authority.yml``, harian) needs one signature. Pure; it reads no repository.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import permutations
from typing import TYPE_CHECKING, Final

from pipeline.judgement import Decision, Refusal, Ruling, identified
from pipeline.model import Shelf

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pipeline.judgement import Change
    from pipeline.office import Office
    from pipeline.people import Person

DOCUMENTS: Final = (*Shelf, "records")
"""Top-level folders that hold documents; everything else is policy."""

_HINT: Final = "Usulkan lagi dari keadaan sekarang, atau mintalah Pranata Komputer memeriksanya."


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyHistory:
    """A proposal as facts: its commits (each with the touched paths as ``strays``) and the trees of everything but documents.

    ``base`` stood where the branch left main, ``current`` stands on the main that would take it in, ``tree`` at its tip.
    """

    name: str
    base: str
    current: str
    tree: str
    changes: tuple[Change, ...]
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyStanding:
    """How far a proposal has come. ``missing`` are roles of the quorum whose signature is still wanted."""

    paths: tuple[str, ...]
    everyday: bool
    approvals: tuple[Decision, ...]
    authors: tuple[str, ...]
    missing: tuple[str, ...]
    refusals: tuple[Refusal, ...] = ()

    @property
    def approved(self) -> bool:
        """Whether the quorum signed exactly this tree and nothing is wrong with the way to it."""
        return not self.missing and not self.refusals


def judge_policy(history: PolicyHistory, office: Office) -> PolicyStanding:
    """Fold a proposal's commits into its standing, given the office as main has it before the change."""
    fold = _Fold(history, office)
    for change in history.changes:
        fold.hear(change)
    return fold.standing()


def policy_objection_at(standing: PolicyStanding, office: Office, when: datetime) -> Refusal | None:
    """Why the approvals do not carry a change at ``when``: roles are judged again, as at the signing."""
    for held in standing.approvals:
        person = office.people.get(held.person)
        if held.time > when:
            return _because("decided-later", "Ada persetujuan yang tertanggal sesudah perubahan aturan berlaku.")
        if person is None or held.role not in person.roles_on(office.day(when)):
            return _because(
                "role-ended", f"Masa jabatan {office.role_label(held.role)} dari {held.person} sudah berakhir."
            )
    return None


@dataclass(slots=True)
class _Fold:
    history: PolicyHistory
    office: Office
    paths: dict[str, None] = field(default_factory=dict)
    approvals: list[Decision] = field(default_factory=list)
    authors: dict[str, None] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)
    latest: datetime | None = None

    def __post_init__(self) -> None:
        self.latest = self.history.since

    def hear(self, change: Change) -> None:
        if (wrong := self._malformed(change)) is not None:
            self._refuse(wrong, change)
        elif isinstance(person := identified(change, self.office), Refusal):
            self._refuse(person, change)
        elif change.strays:
            self.paths.update(dict.fromkeys(change.strays))
            self.authors[person.id] = None
            self.approvals.clear()
        else:
            self._decide(change, person)
        self.latest = change.time

    def standing(self) -> PolicyStanding:
        if self.history.base != self.history.current:
            self.refusals.append(
                _because("stale-policy", "Aturan di kantor sudah berubah sejak perubahan ini diusulkan.")
            )
        if not self.paths:
            self.refusals.append(_because("empty-policy", "Usulan ini tidak mengubah apa pun."))
        everyday = bool(self.paths) and set(self.paths) <= set(self.office.authority.everyday)
        return PolicyStanding(
            paths=tuple(self.paths),
            everyday=everyday,
            approvals=tuple(self.approvals),
            authors=tuple(self.authors),
            missing=missing([held.role for held in self.approvals], self.office, everyday=everyday),
            refusals=tuple(self.refusals),
        )

    def _malformed(self, change: Change) -> Refusal | None:
        if change.parents != 1:
            return _because("merge-in-branch", "Usulan ini memuat gabungan dari cabang lain.")
        if change.forbidden:
            return _because("forbidden-file", f"Berkas yang tidak diperbolehkan: {', '.join(change.forbidden[:3])}.")
        documents = [path for path in change.strays if path.partition("/")[0] in DOCUMENTS]
        if documents:
            return _because("document-in-policy", f"Usulan ini juga mengubah naskah: {', '.join(documents[:3])}.")
        if self.latest and change.time < self.latest:
            return _because("backdated", "Tanggal perubahan ini mendahului perubahan sebelumnya.")
        return None

    def _decide(self, change: Change, person: Person) -> None:
        role = change.trailer("Peran")
        if (wrong := self._objection(change, person, role)) is not None:
            self._refuse(wrong, change)
        elif change.trailer("Keputusan") == Ruling.RETRACTED:
            self.approvals = [held for held in self.approvals if held.person != person.id]
        else:
            self.approvals.append(
                Decision(
                    commit=change.commit,
                    person=person.id,
                    role=role,
                    acting=person.acting_as(role, self.office.day(change.time)),
                    ruling=Ruling.APPROVED,
                    tree=change.trailer("Sidik"),
                    step="",
                    time=change.time,
                    started="",
                )
            )

    def _objection(self, change: Change, person: Person, role: str) -> Refusal | None:
        if change.trailer("Keputusan") not in {Ruling.APPROVED, Ruling.RETRACTED}:
            return _because("unknown-act", "Ada catatan tanpa perubahan dan tanpa keputusan.")
        if person.machine:
            return _because("machine-votes", f"{person.name} tidak memiliki suara.")
        if change.trailer("Kebijakan") != self.history.name:
            return _because("other-document", "Keputusan ini dibuat untuk usulan lain.")
        if change.trailer("Sidik") != self.history.tree and not self._edited_after(change):
            return _because("other-tree", "Keputusan ini dibuat atas isi yang berbeda dari isi usulan sekarang.")
        if role not in person.roles_on(self.office.day(change.time)):
            return _because(
                "wrong-role",
                f"{person.name} tidak menjabat sebagai {self.office.role_label(role)} pada hari keputusan.",
            )
        if change.trailer("Keputusan") == Ruling.APPROVED and any(held.person == person.id for held in self.approvals):
            return _because("votes-twice", f"{person.name} sudah menyetujui usulan ini; satu orang satu suara.")
        return None

    def _edited_after(self, change: Change) -> bool:
        at = self.history.changes.index(change)
        return any(later.strays for later in self.history.changes[at + 1 :])

    def _refuse(self, refusal: Refusal, change: Change) -> None:
        self.refusals.append(
            Refusal(code=refusal.code, message=refusal.message, hint=refusal.hint, commit=change.commit)
        )


def missing(signed: Sequence[str], office: Office, *, everyday: bool) -> tuple[str, ...]:
    """The roles whose signature is still wanted, given the roles in which distinct people ``signed``.

    A superior may sign for a role; one person fills one seat, his own rather than somebody else's.
    """
    if everyday:
        roles = office.authority.everyday_roles
        return () if any(role in office.chain_above(seat) for role in signed for seat in roles) else roles[:1]
    seats = office.authority.policy
    best = max(
        permutations((*signed, *("",) * len(seats)), len(seats)),
        key=lambda way: (
            sum(role in office.chain_above(seat) for role, seat in zip(way, seats, strict=True)),
            sum(role == seat for role, seat in zip(way, seats, strict=True)),
        ),
    )
    return tuple(seat for role, seat in zip(best, seats, strict=True) if role not in office.chain_above(seat))


def _because(code: str, message: str) -> Refusal:
    return Refusal(code=code, message=message, hint=_HINT)
