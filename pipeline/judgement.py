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
    from collections.abc import Iterator, Mapping
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
    ``id`` is what the front matter says now, ``first_id`` what it was at the beginning (empty: not known), ``since`` when
    the commit was made at which the branch left main.
    """

    document: str
    id: str
    base: Mapping[Shelf, str]
    changes: tuple[Change, ...]
    published_tree: str | None
    first_id: str = ""
    since: datetime | None = None


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
    refusals: tuple[Refusal, ...] = ()
    voided: tuple[Decision, ...] = ()

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
    refusals: list[Refusal] = field(default_factory=list)
    latest: datetime | None = None

    def __post_init__(self) -> None:
        self.places = dict(self.history.base)
        self.latest = self.history.since
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
            refusals=tuple(self.refusals),
            voided=tuple(self.voided),
        )

    def hear(self, change: Change) -> None:
        """Take in one commit: first whether it is one at all, then whose, then what it does."""
        for move in change.moves:
            self.places.pop(move.shelf, None)
            if move.after is not None:
                self.places[move.shelf] = move.after
        if self._is_wellformed(change):
            person = self._signer(change)
            if person is not None:
                self._act(change, person)
        self.latest = change.time

    def _settle(self) -> None:
        """What only the end of the branch can show: one shelf, the same id, and no other change on main meanwhile."""
        if not self.places:
            self._refuse("document-gone", "Isi naskah ini sudah dihapus dari cabangnya.", _HINT_ASK_IT)
        if self.history.first_id and self.history.id != self.history.first_id:
            self._refuse(
                "changed-id",
                f"Tanda pengenal naskah berubah dari {self.history.first_id} menjadi {self.history.id or '(kosong)'}.",
                f"Kembalikan barisnya menjadi id: {self.history.first_id}, lalu ajukan lagi.",
            )
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
                "Simpan teks Anda di tempat lain, lalu mintalah Pranata Komputer menutup cabang naskah ini.",
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
        if self.latest and change.time < self.latest:
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
        if not self._corrects(person, move, change.time):
            self.authors.add(person.id)
        self._reset()

    def _corrects(self, person: Person, move: Move, when: datetime) -> bool:
        """Correcting somebody's text is a decider's duty (SOP B2, C2: memeriksa/mengoreksi), not authorship.

        Where nobody else has written yet there is nothing to correct: then the decider is the author.
        """
        deciders = self.procedure.step(self._first_decision().step).deciders
        return (
            move.shelf is Shelf.REVIEW
            and person.id not in self.authors
            and bool(self.authors)
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
            self._reset()
            self.voided.clear()
        elif target is Shelf.DRAFTS:
            self._reset()
        elif (source, target) == (Shelf.REVIEW, Shelf.CONTENT):
            if not self.approvals or self.position.act is Act.DECIDE:
                self._refuse("published-early", "Naskah dipindahkan ke tempat terbit sebelum disetujui.", "", change)
        else:
            self._refuse("unknown-rename", f"Naskah dipindahkan dari {source} ke {target}.", _HINT_ASK_IT, change)

    def _decide(self, change: Change, person: Person) -> None:
        decision = self._decision(change, person)
        if decision is None:
            return
        if (refusal := self._objection(decision, person, change)) is not None:
            self.refusals.append(refusal)
            return
        if decision.ruling is Ruling.RETRACTED:
            self._retract(decision)
            return
        self.decisions.append(decision)
        if decision.ruling is Ruling.APPROVED:
            self.approvals.append(decision)
            self.position = self.procedure.after(self.position, Answer.YES) or self.position
        else:
            self._reset()
            self.position = self.procedure.first()

    def _retract(self, decision: Decision) -> None:
        """A person's approval falls, and with it those that were given after it."""
        first = next(at for at, held in enumerate(self.approvals) if held.person == decision.person)
        self.voided.extend(self.approvals[first:])
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
        particular = self._retracts_nothing if decision.ruling is Ruling.RETRACTED else self._out_of_turn
        objections = (*self._misaddressed(decision, person, change), *particular(decision, person, change))
        return next(
            (Refusal(code=o.code, message=o.message, hint=o.hint, commit=change.commit) for o in objections), None
        )

    def _misaddressed(self, decision: Decision, person: Person, change: Change) -> Iterator[Refusal]:
        """What is wrong with any decision: a machine's, about another document, at another time, over other bytes."""
        if person.machine:
            yield _because(
                "machine-votes",
                f"{person.name} tidak memiliki suara.",
                "Bertindaklah atas nama Anda sendiri, misalnya: redaksi --as redaktur approve NASKAH.",
            )
        if change.trailer("Id") != self.history.id or change.trailer("Dokumen") != self.history.document:
            yield _because("other-document", "Keputusan ini dibuat untuk naskah lain.", _HINT_ASK_IT)
        if Shelf.REVIEW not in self.places:
            yield _because(
                "not-in-review",
                "Naskah ini tidak sedang diperiksa.",
                "Naskah harus diajukan lebih dahulu: redaksi submit NASKAH.",
            )
        if decision.tree != self.places.get(Shelf.REVIEW, ""):
            yield _because(
                "other-tree",
                "Keputusan ini dibuat atas isi yang berbeda dari isi sekarang.",
                "Baca isi yang sekarang dengan redaksi read, lalu putuskan lagi.",
            )

    def _retracts_nothing(self, decision: Decision, person: Person, change: Change) -> Iterator[Refusal]:
        del decision, change
        if all(held.person != person.id for held in self.approvals):
            yield _because(
                "nothing-to-retract", "Tidak ada keputusan Anda yang dapat ditarik.", "Lihat redaksi history NASKAH."
            )

    def _out_of_turn(self, decision: Decision, person: Person, change: Change) -> Iterator[Refusal]:
        """Who may not decide now: without the role, as an author, a second time, or before one's turn."""
        label = self.office.role_label
        if decision.role not in person.roles_on(self.office.day(change.time)):
            yield _because(
                "wrong-role",
                f"{person.name} tidak menjabat sebagai {label(decision.role)} pada hari keputusan.",
                "Periksa jabatan dan masa Plh/Plt di office/people.yml.",
            )
        if person.id in self.authors:
            yield _because(
                "author-decides",
                f"{person.name} ikut menulis naskah ini, jadi tidak dapat memutuskannya.",
                "Mintalah pejabat lain atau Plh yang memutuskan.",
            )
        if any(held.person == person.id for held in self.approvals):
            yield _because(
                "votes-twice",
                f"{person.name} sudah menyetujui isi naskah ini.",
                "Satu orang satu suara. Tunggu langkah berikutnya, atau tarik dengan redaksi retract NASKAH.",
            )
        if self.position.act is not Act.DECIDE:
            yield _because(
                "already-approved",
                "Naskah ini sudah disetujui semua pemutus.",
                "Jalankan redaksi publish untuk menerbitkannya.",
            )
        elif decision.role != self.position.role:
            yield _because(
                "wrong-order",
                f"Naskah ini menunggu keputusan {label(self.position.role)}, belum {label(decision.role)}.",
                "Tunggu giliran sesuai urutan SOP.",
            )

    def _refuse(self, code: str, message: str, hint: str, change: Change | None = None) -> None:
        commit = change.commit if change else ""
        self.refusals.append(Refusal(code=code, message=message, hint=hint or _HINT_ASK_IT, commit=commit))


def objection_at(standing: Standing, office: Office, when: datetime) -> Refusal | None:
    """Why the approvals of a standing do not carry a publication at ``when``: judged again, as at the signing."""
    for held in standing.approvals:
        person = office.people.get(held.person)
        if held.time > when:
            return _because("decided-later", "Ada keputusan yang tertanggal sesudah penerbitan.", _HINT_ASK_IT)
        if person is None or held.role not in person.roles_on(office.day(when)):
            return _because(
                "role-ended",
                f"Masa jabatan {office.role_label(held.role)} dari {held.person} sudah berakhir sebelum naskah terbit.",
                "Mintalah pejabat yang sekarang memutuskan: tarik atau kembalikan, lalu ajukan lagi.",
            )
    return None


def _because(code: str, message: str, hint: str) -> Refusal:
    return Refusal(code=code, message=message, hint=hint)


def _rename_of(moves: tuple[Move, ...]) -> tuple[Shelf, Shelf] | None:
    """Source and target shelf if these moves are one pure rename: the same tree leaves one shelf and lands on another."""
    if len(moves) != 2:  # noqa: PLR2004 -- leaving and landing
        return None
    leaving = [move for move in moves if move.after is None]
    landing = [move for move in moves if move.before is None]
    if len(leaving) != 1 or len(landing) != 1 or leaving[0].before != landing[0].after:
        return None
    return leaving[0].shelf, landing[0].shelf
