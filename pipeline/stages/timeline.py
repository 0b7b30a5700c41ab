"""One document's way as rows: step of the SOP, who, when, and both clocks.

*Waktu pengerjaan* runs from the moment a person starts to the act and is held against the SOP's minutes; where no start was
recorded it is *tidak terukur*. *Waktu tunggu* runs from the end of the previous act to the start, in working time, and is
never called a breach. ``timeline`` is pure: everything comes from the history's commits and from the receipt.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pipeline.errors import Refused
from pipeline.judgement import Change, Decision, Ruling
from pipeline.model import Shelf
from pipeline.procedure import Act, Answer
from pipeline.stages import verify
from pipeline.stages.proposal import find, published_path
from pipeline.world import records

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.calendar import Calendar, WorkingTime
    from pipeline.judgement import History, Paper, Standing
    from pipeline.office import Office
    from pipeline.procedure import Procedure
    from pipeline.stages.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One act.

    ``worked`` is None where no start was recorded; ``standard`` is the SOP's share of minutes, None where the act is no
    step of it.
    """

    step: str
    role: str
    person: str
    act: str
    ended: datetime
    started: datetime | None
    worked: WorkingTime | None
    waited: WorkingTime | None
    standard: float | None
    remarks: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether the work took longer than the SOP's standard time."""
        return self.worked is not None and self.standard is not None and self.worked.minutes > self.standard


def timeline(
    history: History,
    standing: Standing,
    office: Office,
    procedure: Procedure,
    *,
    receipt: Mapping[str, Any] | None = None,
) -> tuple[Row, ...]:
    """The rows of a document's way, oldest first; ``receipt`` is the record of its publication if there is one."""
    teller = _Teller(office, procedure, {d.commit: d for d in standing.decisions}, receipt)
    return tuple(teller.tell(history))


@dataclass(slots=True)
class _Teller:
    office: Office
    procedure: Procedure
    decisions: Mapping[str, Decision]
    receipt: Mapping[str, Any] | None
    previous: datetime | None = None

    def tell(self, history: History) -> Iterator[Row]:
        calendar = self.office.calendar()
        for change in history.changes:
            for row in self._rows(change, calendar):
                yield row
                self.previous = row.ended

    def _rows(self, change: Change, calendar: Calendar) -> Iterator[Row]:
        decision = self.decisions.get(change.commit)
        if decision is not None:
            yield self._decided(change, decision, calendar)
            return
        way = {move.after is not None: move.shelf for move in change.moves} if len(change.moves) > 1 else {}
        match (way.get(False), way.get(True)):
            case (Shelf.DRAFTS, Shelf.REVIEW):
                yield self._step(change, "mengajukan", self.procedure.first().step, calendar)
            case (Shelf.REVIEW, Shelf.DRAFTS) if not self._follows_return(change):
                yield self._row(change, "menarik pengajuan", "", None, calendar)
            case (Shelf.REVIEW, Shelf.CONTENT):
                yield self._published(change, calendar)
            case (None, None) if any(move.shelf is Shelf.REVIEW and move.before for move in change.moves):
                yield self._row(change, "mengoreksi", "", None, calendar)

    def _follows_return(self, change: Change) -> bool:
        return bool(self.previous and change.time == self.previous)

    def _decided(self, change: Change, decision: Decision, calendar: Calendar) -> Row:
        acts = {
            Ruling.APPROVED: "menyetujui",
            Ruling.RETURNED: "mengembalikan",
            Ruling.RETRACTED: "menarik keputusan",
            Ruling.NOTED: "mengetahui",
            Ruling.COMPLETED: "menyelesaikan",
        }
        needed = (decision.step, decision.stands_for or decision.role)
        measured = (p for p in self.procedure.positions() if p.act is not Act.NOTE)
        position = next((p for p in measured if (p.step, p.role) == needed), None)
        standard = self.procedure.minutes_of(position) if position and decision.ruling is not Ruling.RETRACTED else None
        label = self.office.role_label(decision.role)
        role = f"{decision.acting} {label}" if decision.acting else label
        remarks = (decision.reason, *(f"baris {note}" for note in decision.notes)) if decision.reason else ()
        step = decision.step if standard is not None else ""
        row = self._row(change, acts[decision.ruling], step, standard, calendar, role=role, remarks=remarks)
        return self._on_paper(row, decision, decision.paper) if decision.paper else row

    def _on_paper(self, row: Row, decision: Decision, paper: Paper) -> Row:
        """Who confirmed the sheet signed the commit; who decided is the official. How long that took nobody measured."""
        official = self.office.people.get(decision.person)
        remarks = (*row.remarks, f"ditetapkan di atas kertas, nomor {paper.number}")
        return replace(row, person=official.name if official else decision.person, worked=None, remarks=remarks)

    def _step(self, change: Change, act: str, step: str, calendar: Calendar) -> Row:
        position = next(p for p in self.procedure.positions() if p.step == step)
        return self._row(
            change,
            act,
            step,
            self.procedure.minutes_of(position),
            calendar,
            role=self.office.role_label(position.role),
        )

    def _published(self, change: Change, calendar: Calendar) -> Row:
        position = self.procedure.after(self.procedure.decisions()[-1], Answer.YES)
        step = position.step if position and position.act is Act.COMPLETE else ""
        ended = datetime.fromisoformat(self.receipt["selesai"]) if self.receipt else change.time
        return self._row(
            change,
            "menerbitkan",
            step,
            self.procedure.minutes_of(position) if position and step else None,
            calendar,
            role="atas nama " + self.office.role_label(position.role) if position else "",
            ended=ended,
            remarks=("belum ada tanda terima tayang",) if self.receipt is None else (),
        )

    def _row(
        self,
        change: Change,
        act: str,
        step: str,
        standard: float | None,
        calendar: Calendar,
        *,
        role: str = "",
        ended: datetime | None = None,
        remarks: tuple[str, ...] = (),
    ) -> Row:
        ended = ended or change.time
        started = _moment(change.trailer("Mulai"), not_after=ended)
        person = self.office.person_by_key(change.fingerprint)
        return Row(
            step=f"{self.procedure.code}{step}" if step else "",
            role=role,
            person=person.name if person else change.author,
            act=act,
            ended=ended,
            started=started,
            worked=calendar.spent(started, ended) if started and step else None,
            waited=calendar.minutes(self.previous, max(self.previous, started or ended)) if self.previous else None,
            standard=standard,
            remarks=remarks,
        )


def _moment(text: str, *, not_after: datetime) -> datetime | None:
    """The recorded start; None if it is missing, unreadable or after the act."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None and moment <= not_after else None


def of_document(session: Session, query: str) -> tuple[Row, ...]:
    """The rows of a document: of its open branch if it has one, else of its last proven publication."""
    try:
        subject = find(session, query)
    except Refused as refusal:
        if refusal.code != "already-published":
            raise
    else:
        return timeline(subject.history, subject.standing, session.office, subject.procedure)
    path = published_path(session, query)
    proof = verify.prove(session).latest().get(path)
    if proof is None:
        raise Refused(
            f"{path} termasuk isi awal yang diambil alih; jalannya tidak tercatat.",
            hint="Jalannya naskah tercatat sejak kantor dibuka.",
            code="taken-over",
        )
    diary = records.read(session.repo, "terbit", session.known_keys())
    receipt = next((record for record in diary.records if record.get("merge") == proof.merge), None)
    return timeline(proof.history, proof.standing, session.office, session.procedure(proof.document), receipt=receipt)


def describe(rows: tuple[Row, ...], office: Office) -> Iterator[str]:
    """The rows as a table to print, each column as wide as it needs to be."""
    table: list[tuple[str, ...]] = [("Langkah", "Waktu", "Siapa", "Waktu pengerjaan", "Standar SOP", "Waktu tunggu")]
    table += [_cells(row, office) for row in rows]
    widths = [max(len(cells[column]) for cells in table) for column in range(len(table[0]))]
    for at, cells in enumerate(table):
        yield "  ".join(cell.ljust(width) for cell, width in zip(cells, widths, strict=True)).rstrip()
        for remark in rows[at - 1].remarks if at else ():
            yield " " * (widths[0] + widths[1] + 4) + remark


def _cells(row: Row, office: Office) -> tuple[str, ...]:
    worked = "–" if row.standard is None else row.worked.describe() if row.worked else "tidak terukur"
    return (
        row.step or "–",
        office.local(row.ended).strftime("%d-%m-%Y %H.%M"),
        f"{row.person} {row.act}",
        f"{worked}, lewat standar" if row.over else worked,
        "–" if row.standard is None else f"{row.standard:g} menit",
        row.waited.describe() if row.waited else "–",
    )


def as_json(rows: tuple[Row, ...]) -> list[dict[str, Any]]:
    """The rows for machines; minutes of working time."""
    return [
        {
            "step": row.step,
            "role": row.role,
            "person": row.person,
            "act": row.act,
            "started": row.started.isoformat() if row.started else None,
            "ended": row.ended.isoformat(),
            "worked_minutes": row.worked.minutes if row.worked else None,
            "waited_minutes": row.waited.minutes if row.waited else None,
            "standard_minutes": row.standard,
            "provisional": any(time.provisional for time in (row.worked, row.waited) if time),
            "remarks": list(row.remarks),
        }
        for row in rows
    ]
