"""The one verdict: how far a document has come, who decided what over which bytes, and what is wrong with its way.

``judge`` is a pure fold over the commits of a document's branch, given the office (people, roles, procedures) **as main
had it before the change**. The command line, publishing and ``verify`` all ask here; nobody else may decide what counts.
It reads no repository, writes nothing, and never says "probably": what is not proven is a ``Refusal``.
Source of the rules: docs/keputusan.md (the table of cases) and SOP/AS/24 B2 and C2.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pipeline.model import Shelf
from pipeline.procedure import Act, Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from pipeline.office import Office, Person
    from pipeline.procedure import Position, Procedure


class Ruling(StrEnum):
    """The words of authority, as the trailer ``Keputusan`` carries them. Never *putusan*: in a court, a judgment."""

    APPROVED = "disetujui"
    RETURNED = "dikembalikan"
    RETRACTED = "ditarik kembali"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What one commit did to the document's folder on one shelf: its tree id before and after (None: not there)."""

    shelf: Shelf
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One commit of a document's branch, as facts. ``fingerprint`` is empty when no valid signature was found.

    ``strays`` are changed paths outside the document's folder, ``forbidden`` paths inside it that are no plain file
    (symlink, submodule, executable) or whose name is not allowed.
    """

    commit: str
    parents: int
    author: str
    committer: str
    time: datetime
    fingerprint: str
    trailers: Mapping[str, tuple[str, ...]]
    moves: tuple[Move, ...] = ()
    strays: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()

    def trailer(self, name: str) -> str:
        """The value of a trailer that must stand exactly once; empty if it is missing or repeated."""
        values = self.trailers.get(name, ())
        return values[0] if len(values) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A document's branch: where its folder stood on main when the branch began, and every commit since.

    ``published_tree`` is the folder's tree in ``content/`` of the main that would take the document in (None: none).
    """

    document: str
    id: str
    base: Mapping[Shelf, str]
    changes: tuple[Change, ...]
    published_tree: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One ruling of one person in one role over one tree."""

    commit: str
    person: str
    role: str
    acting: str
    ruling: Ruling
    tree: str
    step: str
    time: datetime
    started: str
    reason: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the way so far does not count: a code for machines, a sentence and a remedy for people."""

    code: str
    message: str
    hint: str
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The verdict. ``position`` is what the procedure waits for; ``approvals`` hold for ``tree`` as it stands now."""

    shelf: Shelf | None
    tree: str | None
    position: Position
    approvals: tuple[Decision, ...] = ()
    decisions: tuple[Decision, ...] = ()
    authors: frozenset[str] = frozenset()
    correctors: frozenset[str] = frozenset()
    refusals: tuple[Refusal, ...] = ()
    voided: tuple[Decision, ...] = ()
    submitted: datetime | None = None

    @property
    def approved(self) -> bool:
        """Whether every decider of the procedure approved exactly this tree and nothing else is wrong."""
        return bool(self.approvals) and self.position.act is not Act.DECIDE and not self.refusals


_HINT_ASK_IT: Final = "Jangan lanjutkan; mintalah Pranata Komputer memeriksa riwayat naskah ini."
_POLICY: Final = ("office/", "pipeline/", ".github/", "mkdocs.yml", "redaksi", "requirements", "pyproject.toml")


def judge(history: History, office: Office, procedure: Procedure) -> Standing:
    """Fold the document's changes into its standing. Pure; costs one pass over the changes."""
    bench = _Bench(history, office, procedure)
    for change in history.changes:
        bench.hear(change)
    return bench.standing()


@dataclass(slots=True)
class _Bench:
    """The state of the fold."""

    history: History
    office: Office
    procedure: Procedure
    places: dict[Shelf, str] = field(default_factory=dict)
    position: Position = field(init=False)
    approvals: list[Decision] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    voided: list[Decision] = field(default_factory=list)
    authors: set[str] = field(default_factory=set)
    correctors: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)
    submitted: datetime | None = None
    previous: Change | None = None

    def __post_init__(self) -> None:
        self.places = dict(self.history.base)
        self.position = self.procedure.first()

    def standing(self) -> Standing:
        self._settle()
        shelf, tree = next(iter(self.places.items()), (None, None))
        return Standing(
            shelf=shelf,
            tree=tree,
            position=self.position,
            approvals=tuple(self.approvals),
            decisions=tuple(self.decisions),
            authors=frozenset(self.authors),
            correctors=frozenset(self.correctors),
            refusals=tuple(self.refusals),
            voided=tuple(self.voided),
            submitted=self.submitted,
        )

    def hear(self, change: Change) -> None:
        """Take in one commit: first whether it is one at all, then whose, then what it does."""
        if self._is_wellformed(change):
            person = self._signer(change)
            if person is not None:
                self._act(change, person)
        for move in change.moves:
            self.places.pop(move.shelf, None)
            if move.after is not None:
                self.places[move.shelf] = move.after
        self.previous = change

    def _settle(self) -> None:
        """What only the end of the branch can show: one shelf, and nobody changed the published document meanwhile."""
        if len(self.places) > 1:
            self._refuse(
                "two-shelves",
                f"Naskah ini berada di {len(self.places)} tempat sekaligus: {', '.join(sorted(self.places))}.",
                _HINT_ASK_IT,
            )
        if self.history.published_tree != self.history.base.get(Shelf.CONTENT):
            self._refuse(
                "stale-base",
                "Halaman yang sudah terbit berubah sejak naskah ini dibuka; belum ada yang membaca gabungan keduanya.",
                f"Jalankan redaksi edit {self.history.document} untuk memulai dari versi terbit yang sekarang.",
            )

    # -- is it a commit that may stand on a document's branch at all? --

    def _is_wellformed(self, change: Change) -> bool:
        before = len(self.refusals)
        if change.parents != 1:
            self._refuse("merge-in-branch", "Cabang naskah memuat gabungan dari cabang lain.", _HINT_ASK_IT, change)
        if change.forbidden:
            self._refuse(
                "forbidden-file",
                f"Naskah memuat berkas yang tidak diperbolehkan: {', '.join(change.forbidden[:3])}.",
                "Hapus berkas itu; hanya teks, foto, dan data biasa yang dapat diterbitkan.",
                change,
            )
        if change.strays:
            policy = any(path.startswith(_POLICY) for path in change.strays)
            self._refuse(
                "policy-in-document" if policy else "foreign-path",
                f"Perubahan ini menyentuh berkas di luar naskah: {', '.join(change.strays[:3])}.",
                "Pisahkan: satu usulan hanya memuat satu naskah, dan aturan kantor diubah lewat jalannya sendiri.",
                change,
            )
        if self.previous and change.time < self.previous.time:
            self._refuse("backdated", "Tanggal perubahan ini mendahului perubahan sebelumnya.", _HINT_ASK_IT, change)
        return len(self.refusals) == before

    def _signer(self, change: Change) -> Person | None:
        if not change.fingerprint:
            self._refuse("unsigned", "Ada perubahan tanpa tanda tangan yang sah.", _HINT_ASK_IT, change)
            return None
        person = self.office.person_by_key(change.fingerprint)
        if person is None:
            self._refuse(
                "unknown-key",
                "Ada perubahan yang ditandatangani dengan kunci yang tidak terdaftar di office/people.yml.",
                _HINT_ASK_IT,
                change,
            )
            return None
        if {change.author.lower(), change.committer.lower()} - set(person.emails):
            self._refuse(
                "signer-is-not-author",
                f"Perubahan atas nama {change.author} ditandatangani dengan kunci {person.name}.",
                _HINT_ASK_IT,
                change,
            )
            return None
        return person

    # -- what it does --

    def _act(self, change: Change, person: Person) -> None:
        if not change.moves:
            self._decide(change, person)
        elif (way := _rename_of(change.moves)) is not None:
            self._rename(change, person, *way)
        elif len(change.moves) == 1:
            self._edit(change, person, change.moves[0])
        else:
            self._refuse(
                "two-shelves", "Satu perubahan menyentuh naskah di dua tempat sekaligus.", _HINT_ASK_IT, change
            )

    def _edit(self, change: Change, person: Person, move: Move) -> None:
        if person.machine:
            self._refuse(
                "machine-edits", f"Mesin {person.name} mengubah isi naskah; itu hanya hak orang.", _HINT_ASK_IT, change
            )
        if move.shelf is Shelf.CONTENT:
            self._refuse("edit-on-content", "Isi diubah langsung di tempat terbit.", _HINT_ASK_IT, change)
        if self._corrects(person, move, change.time):
            self.correctors.add(person.id)
        else:
            self.authors.add(person.id)
        self._reset()

    def _corrects(self, person: Person, move: Move, when: datetime) -> bool:
        """Correcting is a decider's duty (SOP B2, C2: memeriksa/mengoreksi), not authorship."""
        deciders = self.procedure.step(self._first_decision().step).deciders
        return (
            move.shelf is Shelf.REVIEW
            and person.id not in self.authors
            and bool(set(deciders) & set(person.roles_on(self.office.day(when))))
        )

    def _reset(self) -> None:
        """Bytes changed: no approval holds any more, and the first decider is asked again."""
        self.voided.extend(self.approvals)
        self.approvals.clear()
        self.position = self._first_decision() if Shelf.REVIEW in self.places else self.procedure.first()

    def _first_decision(self) -> Position:
        position = self.procedure.after(self.procedure.first(), Answer.DONE)
        if position is None:
            raise ValueError(f"procedure {self.procedure.code} has no step after its first")
        return position

    def _rename(self, change: Change, person: Person, source: Shelf, target: Shelf) -> None:
        if (source, target) == (Shelf.DRAFTS, Shelf.REVIEW):
            if person.machine:
                self._refuse("machine-submits", "Mesin tidak dapat mengajukan naskah.", _HINT_ASK_IT, change)
            self.submitted = change.time
            self.voided.clear()
            self.position = self._first_decision()
        elif (source, target) == (Shelf.REVIEW, Shelf.DRAFTS):
            self._reset()
            self.position = self.procedure.first()
        elif (source, target) == (Shelf.REVIEW, Shelf.CONTENT):
            if not self.approvals or self.position.act is Act.DECIDE:
                self._refuse("published-early", "Naskah dipindahkan ke tempat terbit sebelum disetujui.", "", change)
        elif (source, target) == (Shelf.CONTENT, Shelf.DRAFTS):
            self.position = self.procedure.first()
        else:
            self._refuse("unknown-rename", f"Naskah dipindahkan dari {source} ke {target}.", _HINT_ASK_IT, change)

    def _decide(self, change: Change, person: Person) -> None:
        decision = self._decision(change, person)
        if decision is None:
            return
        if decision.ruling is Ruling.RETRACTED:
            self._retract(decision, change)
            return
        refusal = self._objection(decision, person, change)
        if refusal is not None:
            self.refusals.append(refusal)
            return
        self.decisions.append(decision)
        if decision.ruling is Ruling.APPROVED:
            self.approvals.append(decision)
            self.position = self.procedure.after(self.position, Answer.YES) or self.position
        else:
            self._reset()
            self.position = self.procedure.first()

    def _retract(self, decision: Decision, change: Change) -> None:
        kept = [held for held in self.approvals if held.person != decision.person]
        if len(kept) == len(self.approvals):
            self._refuse(
                "nothing-to-retract", "Tidak ada keputusan Anda yang dapat ditarik.", "Lihat redaksi history.", change
            )
            return
        first = next(at for at, held in enumerate(self.approvals) if held.person == decision.person)
        self.approvals = self.approvals[:first]
        self.decisions.append(decision)
        self.position = self._first_decision()
        for _ in self.approvals:
            self.position = self.procedure.after(self.position, Answer.YES) or self.position

    def _decision(self, change: Change, person: Person) -> Decision | None:
        try:
            ruling = Ruling(change.trailer("Keputusan"))
        except ValueError:
            self._refuse("unknown-act", "Ada catatan tanpa perubahan dan tanpa keputusan.", _HINT_ASK_IT, change)
            return None
        role = change.trailer("Peran")
        return Decision(
            commit=change.commit,
            person=person.id,
            role=role,
            acting=person.acting_as(role, self.office.day(change.time)),
            ruling=ruling,
            tree=change.trailer("Sidik"),
            step=self.position.step,
            time=change.time,
            started=change.trailer("Mulai"),
            reason=change.trailer("Alasan"),
            notes=change.trailers.get("Catatan", ()),
        )

    def _objection(self, decision: Decision, person: Person, change: Change) -> Refusal | None:
        """Why this decision does not count, by the rules of the procedure; None if it does."""
        for code, holds, message, hint in self._objections(decision, person, change):
            if holds:
                return Refusal(code=code, message=message, hint=hint, commit=change.commit)
        return None

    def _objections(self, decision: Decision, person: Person, change: Change) -> Iterable[tuple[str, bool, str, str]]:
        label = self.office.role_label
        roles = person.roles_on(self.office.day(change.time))
        waiting = self.position
        yield (
            "machine-votes", person.machine, f"{person.name} adalah mesin dan tidak memiliki suara.", _HINT_ASK_IT
        )  # fmt: skip
        yield (
            "other-document",
            change.trailer("Id") != self.history.id or change.trailer("Dokumen") != self.history.document,
            "Keputusan ini dibuat untuk naskah lain.",
            _HINT_ASK_IT,
        )
        yield (
            "not-in-review",
            Shelf.REVIEW not in self.places,
            "Naskah ini tidak sedang diperiksa.",
            "Naskah harus diajukan lebih dahulu: redaksi submit NASKAH.",
        )
        yield (
            "other-tree",
            decision.tree != self.places.get(Shelf.REVIEW, ""),
            "Keputusan ini dibuat atas isi yang berbeda dari isi sekarang.",
            "Baca isi yang sekarang dengan redaksi read, lalu putuskan lagi.",
        )
        yield (
            "wrong-role",
            decision.role not in roles,
            f"{person.name} tidak menjabat sebagai {label(decision.role)} pada hari keputusan.",
            "Periksa jabatan dan masa Plh/Plt di office/people.yml.",
        )
        yield (
            "author-decides",
            person.id in self.authors,
            f"{person.name} ikut menulis naskah ini, jadi tidak dapat memutuskannya.",
            "Mintalah pejabat lain atau Plh yang memutuskan.",
        )
        yield (
            "votes-twice",
            any(held.person == person.id for held in self.approvals),
            f"{person.name} sudah menyetujui isi naskah ini.",
            "Satu orang satu suara. Tunggu langkah berikutnya, atau tarik dengan redaksi retract NASKAH.",
        )
        yield (
            "already-approved",
            waiting.act is not Act.DECIDE,
            "Naskah ini sudah disetujui semua pemutus.",
            "Jalankan redaksi publish untuk menerbitkannya.",
        )
        yield (
            "wrong-order",
            decision.role != waiting.role,
            f"Naskah ini menunggu keputusan {label(waiting.role)}, belum {label(decision.role)}.",
            "Tunggu giliran sesuai urutan SOP.",
        )

    def _refuse(self, code: str, message: str, hint: str, change: Change | None = None) -> None:
        commit = change.commit if change else ""
        self.refusals.append(Refusal(code=code, message=message, hint=hint or _HINT_ASK_IT, commit=commit))


def _rename_of(moves: tuple[Move, ...]) -> tuple[Shelf, Shelf] | None:
    """Source and target shelf if these moves are one pure rename: the same tree leaves one shelf and lands on another."""
    if len(moves) != 2:  # noqa: PLR2004 -- leaving and landing
        return None
    leaving = [move for move in moves if move.after is None]
    landing = [move for move in moves if move.before is None]
    if len(leaving) != 1 or len(landing) != 1 or leaving[0].before != landing[0].after:
        return None
    return leaving[0].shelf, landing[0].shelf
