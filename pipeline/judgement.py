"""The one verdict: how far a document has come, who decided what over which bytes, and what is wrong with its way.

``judge`` is a pure fold over the commits of a document's branch, given the office (people, roles, procedures) **as main
had it before the change**. The command line, publishing and ``verify`` all ask here; nobody else may decide what counts.
It reads no repository, writes nothing, and never says "probably": what is not proven is a ``Refusal``.
Source of the rules: docs/keputusan.md (the table of cases) and SOP/AS/24 B2 and C2.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pipeline.model import Shelf
from pipeline.procedure import Act, Answer, Position

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import datetime

    from pipeline.office import Office, Person
    from pipeline.procedure import Procedure


class Ruling(StrEnum):
    """The words of authority, as the trailer ``Keputusan`` carries them. Never *putusan*: in a court, a judgment."""

    APPROVED = "disetujui"
    RETURNED = "dikembalikan"
    RETRACTED = "ditarik kembali"
    NOTED = "mengetahui"
    COMPLETED = "selesai"
    WITHDRAWN = "ditarik"
    CONFIRMED = "dicocokkan"


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
    (symlink, submodule, executable) or whose name is not allowed. ``papers`` are the SHA-256 of the scans it brings.
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
    papers: tuple[str, ...] = ()

    def trailer(self, name: str) -> str:
        """The value of a trailer that must stand exactly once; empty if it is missing or repeated."""
        values = self.trailers.get(name, ())
        return values[0] if len(values) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """A document's branch: where its folder stood on main when the branch began, and every commit since.

    ``published_tree`` is the folder's tree in ``content/`` of the main that would take the document in (None: none).
    ``clashes`` are names of the folder as it is now that some computers can't tell apart (Foto.jpg, foto.jpg).
    ``id`` is what the front matter says now, ``first_id`` what it was at the beginning (empty: not known), ``since`` when
    the commit was made at which the branch left main.
    """

    document: str
    id: str
    base: Mapping[Shelf, str]
    changes: tuple[Change, ...]
    published_tree: str | None
    clashes: tuple[str, ...] = ()
    first_id: str = ""
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A decision that an official signed on paper: the scan's hash, number and date of the letter, and who handled it."""

    sha256: str
    official: str
    number: str
    date: date
    entered_by: str
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One ruling of one person in one role over one tree.

    ``stands_for`` is the role that was needed, where a superior decided in its place; ``paper`` is set where the person
    signed a sheet and two others entered and confirmed it.
    """

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
    stands_for: str = ""
    paper: Paper | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why the way so far does not count: a code for machines, a sentence and a remedy for people."""

    code: str
    message: str
    hint: str
    commit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The verdict. ``position`` is what the procedure waits for; ``approvals`` hold for ``tree`` as it stands now.

    ``agreements`` are authors' consents to a correction, ``entered`` a decision on paper that waits for confirmation.
    """

    shelf: Shelf | None
    tree: str | None
    position: Position
    approvals: tuple[Decision, ...] = ()
    decisions: tuple[Decision, ...] = ()
    authors: frozenset[str] = frozenset()
    refusals: tuple[Refusal, ...] = ()
    voided: tuple[Decision, ...] = ()
    agreements: tuple[Decision, ...] = ()
    entered: Decision | None = None

    @property
    def approved(self) -> bool:
        """Whether every decider of the procedure approved exactly this tree and nothing else is wrong."""
        return bool(self.approvals) and self.position.act is Act.COMPLETE and not self.refusals

    @property
    def barred(self) -> frozenset[str]:
        """Who may not decide next: the authors, and those who approved already."""
        return self.authors | {held.person for held in self.approvals}


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
    agreements: list[Decision] = field(default_factory=list)
    corrected: bool = False
    entered: Decision | None = None
    authors: set[str] = field(default_factory=set)
    refusals: list[Refusal] = field(default_factory=list)
    latest: datetime | None = None
    moved: datetime | None = None
    opening: Position | None = None

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
            agreements=tuple(self.agreements),
            entered=self.entered,
        )

    def hear(self, change: Change) -> None:
        """Take in one commit: first whether it is one at all, then whose, then what it does."""
        if change.moves:
            self.moved = change.time
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
        if self.history.clashes:
            self._refuse(
                "name-clash",
                f"Nama berkas {', '.join(self.history.clashes[:3])} hanya berbeda huruf besar dan kecilnya.",
                "Ganti namanya; di sebagian komputer keduanya menjadi satu berkas.",
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
                "Mulai lagi dari isi yang sekarang: redaksi restart NASKAH. Tulisan Anda ikut, dan yang berubah ditampilkan.",
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
        if change.papers and (change.moves or change.papers != (change.trailer("Kertas"),)):
            self._refuse("foreign-path", "Lembar keputusan tidak disertai keputusannya.", _HINT_ASK_IT, change)
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
        found = identified(change, self.office)
        if isinstance(found, Refusal):
            self.refusals.append(found)
            return None
        return found

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
            self.corrected = True
        else:
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
        self.agreements.clear()
        self.entered = None
        self.position = self._first_decision() if Shelf.REVIEW in self.places else self.procedure.first()

    def _first_decision(self) -> Position:
        if self.opening is None:
            self.opening = self._found_first_decision()
        return self.opening

    def _found_first_decision(self) -> Position:
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
            self.corrected = self.corrected and person.id not in self.authors  # an author who submits it, agrees to it
        elif target is Shelf.DRAFTS:
            self._reset()
        elif (source, target) == (Shelf.REVIEW, Shelf.CONTENT):
            if not self.approvals or self.position.act is Act.DECIDE:
                self._refuse(
                    "published-early", "Naskah dipindahkan ke tempat terbit sebelum disetujui.", _HINT_ASK_IT, change
                )
        else:
            self._refuse("unknown-rename", f"Naskah dipindahkan dari {source} ke {target}.", _HINT_ASK_IT, change)

    def _decide(self, change: Change, person: Person) -> None:
        decision = self._decision(change, person)
        if decision is None:
            return
        if (refusal := self._objection(decision, person, change)) is not None:
            self.refusals.append(refusal)
            return
        match decision.ruling:
            case Ruling.RETRACTED:
                self._retract(decision)
            case Ruling.CONFIRMED:
                self._confirm(decision, person, change)
            case _ if decision.paper is not None:
                self.entered = decision
            case _:
                self._take(decision)

    def _take(self, decision: Decision) -> None:
        """A decision counts: the procedure goes on from it."""
        self.decisions.append(decision)
        match decision.ruling:
            case Ruling.APPROVED if self._is_agreement(decision):
                self.agreements.append(decision)
            case Ruling.APPROVED:
                self.approvals.append(decision)
            case Ruling.NOTED | Ruling.COMPLETED:
                self.position = self.procedure.after(self.position, Answer.DONE) or self.position
                return
            case _:
                self._reset()
                self.position = self.procedure.first()
                return
        self._go_on()

    def _go_on(self) -> None:
        """Where the approvals so far lead; a correction waits for the author's consent where the procedure asks for it."""
        self.position = self._first_decision()
        for _ in self.approvals:
            self.position = self.procedure.after(self.position, Answer.YES) or self.position
        if self.position.act is not Act.DECIDE and self._wants_agreement():
            self.position = Position(step=self._first_decision().step, role=self._agreeing(), act=Act.DECIDE)

    def _agreeing(self) -> str:
        return self.procedure.correction_agreed_by or ""

    def _wants_agreement(self) -> bool:
        return self.corrected and bool(self._agreeing()) and not self.agreements

    def _awaits_author(self) -> bool:
        """Whether it is the author's consent that is waited for: nobody stands in for an author."""
        return self._wants_agreement() and self.position.role == self._agreeing()

    def _is_agreement(self, decision: Decision) -> bool:
        return self._wants_agreement() and decision.role == self._agreeing() and decision.person in self.authors

    def _retract(self, decision: Decision) -> None:
        """A person's approval falls, and with it those that were given after it."""
        first = next(at for at, held in enumerate(self.approvals) if held.person == decision.person)
        self.voided.extend(self.approvals[first:])
        self.approvals = self.approvals[:first]
        self.decisions.append(decision)
        self._go_on()

    def _confirm(self, decision: Decision, person: Person, change: Change) -> None:
        """A second person compared the sheet with what was entered: now it counts, as the official's decision."""
        entered = self.entered
        self.entered = None
        if entered is None or entered.paper is None:
            raise ValueError("a confirmation without entry was not refused")
        official = self.office.people[entered.person]
        paper = replace(entered.paper, confirmed_by=person.id)
        stands_for = self.position.role if self._stands_in(entered.role, paper.date) else ""
        confirmed = replace(entered, commit=decision.commit, time=decision.time, stands_for=stands_for, paper=paper)
        if (refusal := self._first(self._out_of_turn(confirmed, official, paper.date), change)) is not None:
            self.refusals.append(refusal)
            return
        self._take(confirmed)

    def _decision(self, change: Change, person: Person) -> Decision | None:
        try:
            ruling = Ruling(change.trailer("Keputusan"))
        except ValueError:
            self._refuse("unknown-act", "Ada catatan tanpa perubahan dan tanpa keputusan.", _HINT_ASK_IT, change)
            return None
        role = change.trailer("Peran")
        paper = self._paper(change, person)
        official = self.office.people.get(paper.official, person) if paper else person
        day = paper.date if paper else self.office.day(change.time)
        return Decision(
            commit=change.commit,
            person=official.id,
            role=role,
            acting=official.acting_as(role, day),
            ruling=ruling,
            tree=change.trailer("Sidik"),
            step=self.position.step,
            time=change.time,
            started=change.trailer("Mulai"),
            reason=change.trailer("Alasan"),
            notes=change.trailers.get("Catatan", ()),
            stands_for=self.position.role if self._stands_in(role, day) else "",
            paper=paper,
        )

    def _paper(self, change: Change, person: Person) -> Paper | None:
        """The sheet that a decision rests on, None if it rests on none."""
        if not change.papers:
            return None
        try:
            signed = date.fromisoformat(change.trailer("Tanggal"))
        except ValueError:
            signed = date.min
        return Paper(
            sha256=change.papers[0],
            official=change.trailer("Pejabat"),
            number=change.trailer("Nomor"),
            date=signed,
            entered_by=person.id,
        )

    def _stands_in(self, role: str, day: date) -> bool:
        """Whether ``role`` is the superior that decides because no holder of the needed role may (distinct people)."""
        if role == self.position.role or self.position.act is not Act.DECIDE or self._awaits_author():
            return False
        barred = self.authors | {held.person for held in self.approvals}
        found = self.office.deputies(self.position.role, day, barred)
        return bool(found.people) and found.role == role

    def _objection(self, decision: Decision, person: Person, change: Change) -> Refusal | None:
        """Why this decision does not count, by the rules of the procedure; None if it does."""
        match decision.ruling:
            case Ruling.RETRACTED:
                particular = self._retracts_nothing(person)
            case Ruling.CONFIRMED:
                particular = self._confirms_nothing(person, change)
            case Ruling.NOTED | Ruling.COMPLETED:
                particular = self._not_awaited(decision, person, change)
            case Ruling.WITHDRAWN:
                particular = iter([_because("unknown-act", "Penarikan halaman tidak dibuat di naskah.", _HINT_ASK_IT)])
            case _ if decision.paper is not None or change.trailer("Kertas"):
                particular = self._wrong_paper(decision, change)
            case _:
                particular = self._out_of_turn(decision, person, self.office.day(change.time))
        return self._first((*self._misaddressed(decision, person, change), *particular), change)

    @staticmethod
    def _first(objections: Iterable[Refusal], change: Change) -> Refusal | None:
        return next((replace(objection, commit=change.commit) for objection in objections), None)

    def _confirms_nothing(self, person: Person, change: Change) -> Iterator[Refusal]:
        """Why this confirmation does not count: nothing was entered, or it is no second pair of eyes."""
        entered = self.entered.paper if self.entered else None
        if entered is None or entered.sha256 != change.trailer("Kertas"):
            yield _because(
                "nothing-to-confirm",
                "Tidak ada lembar keputusan yang menunggu dicocokkan untuk isi naskah ini.",
                "Masukkan lembarnya lebih dahulu dengan redaksi paper enter.",
            )
        elif person.id in {entered.entered_by, entered.official} or person.id in self.authors:
            yield _because(
                "same-eyes",
                f"{person.name} memasukkan lembar ini atau menulis naskahnya, jadi tidak dapat mencocokkannya.",
                "Mintalah petugas lain membandingkan lembar asli dengan hasil pindaiannya.",
            )

    def _not_awaited(self, decision: Decision, person: Person, change: Change) -> Iterator[Refusal]:
        """Why taking note or completing does not count: the procedure waits for something else, or for somebody else."""
        wanted = Act.NOTE if decision.ruling is Ruling.NOTED else Act.COMPLETE
        by_machine = self.procedure.step(self.position.step).machine is not None
        if self.position.act is not wanted or self.position.role != decision.role or by_machine:
            yield _because(
                "not-awaited",
                "Naskah ini tidak sedang menunggu tindakan itu.",
                "Lihat apa yang ditunggu dengan redaksi status.",
            )
        if decision.role not in person.roles_on(self.office.day(change.time)):
            yield self._no_role(decision, person)

    def _wrong_paper(self, decision: Decision, change: Change) -> Iterator[Refusal]:
        """Why a decision on paper can't be entered: the sheet is incomplete, or it is not this official's turn."""
        paper = decision.paper
        if paper is None or change.trailer("Kertas") != paper.sha256 or not paper.number or paper.date == date.min:
            yield _because(
                "paper-incomplete",
                "Lembar keputusan belum lengkap: nomor, tanggal, dan hasil pindai harus ada dan cocok.",
                "Ulangi redaksi paper enter dengan nomor, tanggal, dan berkas PDF-nya.",
            )
            return
        official = self.office.people.get(paper.official)
        if official is None or official.machine or decision.role not in self.office.authority.paper:
            yield _because(
                "paper-not-allowed",
                "Pejabat atau peran ini tidak memutuskan di atas kertas.",
                "Peran yang boleh tertulis di office/authority.yml bagian kertas.",
            )
            return
        if paper.date > self.office.day(change.time):
            yield _because("paper-date", "Tanggal lembar keputusan belum tiba.", "Periksa tanggal pada lembar.")
        if self.moved and paper.date < self.office.day(self.moved):
            yield _because(
                "paper-date",
                "Tanggal lembar keputusan mendahului isi yang tercetak padanya.",
                "Periksa tanggal pada lembar; isi yang diajukan lagi memerlukan lembar baru.",
            )
        yield from self._out_of_turn(decision, official, paper.date)

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
        if decision.tree != self.places.get(Shelf.REVIEW):
            yield _because(
                "other-tree",
                "Keputusan ini dibuat atas isi yang berbeda dari isi sekarang.",
                "Baca isi yang sekarang dengan redaksi read, lalu putuskan lagi.",
            )

    def _retracts_nothing(self, person: Person) -> Iterator[Refusal]:
        if all(held.person != person.id for held in self.approvals):
            yield _because(
                "nothing-to-retract", "Tidak ada keputusan Anda yang dapat ditarik.", "Lihat redaksi history NASKAH."
            )

    def _out_of_turn(self, decision: Decision, person: Person, day: date) -> Iterator[Refusal]:
        """Who may not decide now: without the role, as an author, a second time, or before one's turn."""
        label = self.office.role_label
        if decision.role not in person.roles_on(day):
            yield self._no_role(decision, person)
        if self._is_agreement(decision) and decision.ruling is Ruling.APPROVED:
            return
        if self._awaits_author() and decision.role == self.position.role:
            yield _because(
                "not-the-author",
                f"{person.name} bukan penulis naskah ini, jadi tidak dapat menyetujui koreksinya.",
                "Mintalah penulisnya membaca dan menyetujui koreksi itu.",
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
        elif decision.role != self.position.role and not decision.stands_for:
            yield _because(
                "wrong-order",
                f"Naskah ini menunggu keputusan {label(self.position.role)}, belum {label(decision.role)}.",
                "Tunggu giliran sesuai urutan SOP.",
            )

    def _no_role(self, decision: Decision, person: Person) -> Refusal:
        return _because(
            "wrong-role",
            f"{person.name} tidak menjabat sebagai {self.office.role_label(decision.role)} pada hari keputusan.",
            "Periksa jabatan dan masa Plh/Plt di office/people.yml.",
        )

    def _refuse(self, code: str, message: str, hint: str, change: Change | None = None) -> None:
        commit = change.commit if change else ""
        self.refusals.append(Refusal(code=code, message=message, hint=hint, commit=commit))


def identified(change: Change, office: Office) -> Person | Refusal:
    """Whose commit it is: author, committer and signer are one listed person or machine; else why not."""
    code = message = ""
    person = office.person_by_key(change.fingerprint)
    if not change.fingerprint:
        code, message = "unsigned", "Ada perubahan tanpa tanda tangan yang sah."
    elif person is None:
        code = "unknown-key"
        message = "Ada perubahan yang ditandatangani dengan kunci yang tidak terdaftar di office/people.yml."
    elif {change.author.lower(), change.committer.lower()} - set(person.emails):
        code = "signer-is-not-author"
        message = f"Perubahan atas nama {change.author} ditandatangani dengan kunci {person.name}."
    if person is not None and not code:
        return person
    return Refusal(code=code, message=message, hint=_HINT_ASK_IT, commit=change.commit)


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
