"""An SOP as data: its head, its steps, and where ya, tidak and selesai lead. It knows no SOP by name and reads no file.

A step is done by a chain of positions: the deciders or the performers in their order, then those who take note. Who holds
a role is the office's knowledge; whether a decision counts is ``judgement``'s. ``table`` prints the SOP as the form does and
marks what is our reading.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise, zip_longest
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import PipelineError, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

END: Final = "akhir"
WIDTH: Final = 120


class Act(StrEnum):
    """What a role does at a position."""

    DECIDE = "putuskan"
    COMPLETE = "selesaikan"
    NOTE = "ketahui"


class Answer(StrEnum):
    """How a position is left: ya and tidak for a decision, selesai for the other acts."""

    YES = "ya"
    NO = "tidak"
    DONE = "selesai"


_DUTY: Final = {Act.DECIDE: "memutuskan", Act.COMPLETE: "mengerjakannya", Act.NOTE: "mengetahuinya"}


class Origin(StrEnum):
    """Whether the form itself says it, or we read it so (its drawn marks are lost in the text layer)."""

    FORM = "formulir"
    READING = "tafsiran"


class Unit(StrEnum):
    """What a step is done once for: a document, a reporting period, a maintenance schedule."""

    DOCUMENT = "naskah"
    PERIOD = "periode"
    SCHEDULE = "jadwal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of Pelaksana: the role, and the words printed above it."""

    role: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """One pair of ya and tidak as the form draws it, leaving the decider ``role`` of its step.

    ``yes`` is the number of a step, the next decider of the same step, or None for the end; ``no`` the number of a step.
    """

    role: str
    yes: str | None
    no: str
    origin: Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One row of the form. ``no`` is the number as printed; ``minutes`` is the time that the work takes."""

    no: str
    activity: tuple[str, ...]
    inputs: tuple[str, ...]
    minutes: int
    time: str
    outputs: tuple[str, ...]
    unit: Unit
    act: Act
    performers: tuple[str, ...] = ()
    deciders: tuple[str, ...] = ()
    notes_taken_by: tuple[str, ...] = ()
    addressed_to: tuple[str, ...] = ()
    machine: str | None = None
    arrows: tuple[Arrow, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    reasons_origin: Origin = Origin.READING
    origins: Mapping[str, Origin] = field(default_factory=dict)

    def positions(self) -> tuple[Position, ...]:
        """Who acts on this step, in order: deciders or performers, then those who take note."""
        actors = self.deciders if self.act is Act.DECIDE else self.performers
        return tuple(Position(step=self.no, role=role, act=self.act) for role in actors) + tuple(
            Position(step=self.no, role=role, act=Act.NOTE) for role in self.notes_taken_by
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A place on the way of a piece of work: at ``step``, waiting for ``role`` to do ``act``."""

    step: str
    role: str
    act: Act


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalBasis:
    """One entry of Dasar Hukum as printed, and our remark on it (empty where there is none)."""

    text: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The first page of the form, shared by all its procedures."""

    number: str
    title: str
    made: date
    revised: date
    effective: date
    approved_by: str
    legal_basis: tuple[LegalBasis, ...]
    related: tuple[str, ...]
    qualifications: tuple[str, ...]
    equipment: str
    warning: str
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One table of the form.

    ``correction_agreed_by`` is the role of the author whose consent a decider's correction needs; None: it needs none.
    """

    code: str
    title: str
    head: Head
    columns: tuple[Column, ...]
    steps: tuple[Step, ...]
    total_minutes: int
    total: str
    correction_agreed_by: str | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles in the order of the form's columns."""
        return tuple(column.role for column in self.columns)

    def role_label(self, role: str) -> str:
        """The words that the form prints above the role's column."""
        return next((column.label for column in self.columns if column.role == role), role)

    def step(self, no: str) -> Step:
        """The step numbered ``no`` on the form; ``PipelineError`` where there is none."""
        for step in self.steps:
            if step.no == no:
                return step
        raise PipelineError(
            f"SOP {self.code} tidak memiliki langkah {no}.",
            hint=f"Langkahnya: {', '.join(step.no for step in self.steps)}.",
        )

    def first(self) -> Position:
        """Where every piece of work starts."""
        return self.steps[0].positions()[0]

    def positions(self) -> tuple[Position, ...]:
        """Every position, in the order of the form."""
        return tuple(position for step in self.steps for position in step.positions())

    def decisions(self, unit: Unit | None = None) -> tuple[Position, ...]:
        """The positions that decide, in the order in which ya leads to them; only those of ``unit`` if given."""
        return tuple(p for p in self.positions() if p.act is Act.DECIDE and unit in (None, self.step(p.step).unit))

    def answers(self, position: Position) -> tuple[Answer, ...]:
        """How ``position`` may be left."""
        return (Answer.YES, Answer.NO) if position.act is Act.DECIDE else (Answer.DONE,)

    def after(self, position: Position, answer: Answer) -> Position | None:
        """Where ``answer`` leads from ``position``; None is the end. ``Refused`` when the answer does not fit the act."""
        step = self._step_of(position)
        if answer not in self.answers(position):
            raise Refused(
                f"Langkah {self.code}{step.no} oleh {self.role_label(position.role)} tidak dapat dijawab dengan {answer.value}.",
                hint=f"Jawaban yang tersedia: {', '.join(self.answers(position))}.",
                code="jawaban-tidak-sesuai",
            )
        if answer is Answer.DONE:
            chain = self.positions()
            return dict(pairwise(chain)).get(position)
        arrow = next(arrow for arrow in step.arrows if arrow.role == position.role)
        return self._target(step, arrow.yes if answer is Answer.YES else arrow.no)

    def _step_of(self, position: Position) -> Step:
        step = self.step(position.step)
        if position not in step.positions():
            raise PipelineError(
                f"Pada langkah {self.code}{step.no}, {self.role_label(position.role)} tidak bertugas {_DUTY[position.act]}.",
                hint=f"Lihat tabelnya: redaksi sop {self.code}",
            )
        return step

    def _target(self, step: Step, name: str | None) -> Position | None:
        if name is None:
            return None
        if name in step.deciders:
            return Position(step=step.no, role=name, act=Act.DECIDE)
        return self.step(name).positions()[0]

    def minutes_of(self, position: Position) -> float:
        """The step's minutes that fall to ``position``: deciders (or performers) share equally, taking note has none."""
        step = self._step_of(position)
        if position.act is Act.NOTE:
            return 0.0
        return step.minutes / len(step.deciders or step.performers)

    def who_may_act(self, position: Position) -> tuple[str, ...]:
        """The role, and the machine that may complete the step in its name."""
        machine = self._step_of(position).machine
        return (position.role, machine) if machine and position.act is Act.COMPLETE else (position.role,)

    def arrows(self) -> tuple[tuple[Position, Answer, Position | None], ...]:
        """Every way out of every position."""
        return tuple(
            (position, answer, self.after(position, answer))
            for position in self.positions()
            for answer in self.answers(position)
        )

    def pairs(self) -> int:
        """How many pairs of ya and tidak the form draws."""
        return sum(len(step.arrows) for step in self.steps)


def heading(head: Head) -> Iterator[str]:
    """The first page of the form as lines of text; our remarks are told apart by ``Catatan kami``."""
    yield f"{head.title}  ·  Nomor SOP {head.number}"
    dates = (("pembuatan", head.made), ("revisi", head.revised), ("efektif", head.effective))
    yield " · ".join(f"Tanggal {name} {day:%d/%m/%Y}" for name, day in dates)
    yield f"Disahkan oleh {head.approved_by}"
    yield "Dasar hukum:"
    for number, basis in enumerate(head.legal_basis, 1):
        yield from textwrap.wrap(f"{number}. {basis.text}", WIDTH, subsequent_indent="   ")
        if basis.remark:
            yield from textwrap.wrap(
                f"Catatan kami: {basis.remark}", WIDTH, initial_indent="   ", subsequent_indent="   "
            )
    rest = (
        ("Keterkaitan", "; ".join(head.related)),
        ("Kualifikasi pelaksana", "; ".join(head.qualifications)),
        ("Peralatan/perlengkapan", head.equipment),
        ("Peringatan", head.warning),
        ("Pencatatan dan pendataan", "; ".join(head.records)),
    )
    for name, text in rest:
        yield from textwrap.wrap(f"{name}: {text}", WIDTH, subsequent_indent="   ")


_LEGEND: Final = (
    "selesai: mengerjakan · ya/tidak: memutuskan · tahu: mengetahui · kepada: menerima usul atau laporan",
    "* tafsiran kami; formulir hanya memuat kata. Tanda pelaksana dan panahnya berupa gambar yang tidak terbaca.",
)
_GAP: Final = "  "


def table(procedure: Procedure) -> Iterator[str]:
    """The SOP as the form prints it, at most ``WIDTH`` columns wide; our reading carries a ``*`` and a legend."""
    columns = procedure.columns
    widths = _widths(columns)
    rule = "-" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    yield f"{procedure.head.number}  {procedure.code}. {procedure.title}"
    yield rule
    yield from _row(
        ("No", "Kegiatan", *(column.label for column in columns), "Kelengkapan", "Waktu", "Output", "Ket."), widths
    )
    yield rule
    for step in procedure.steps:
        yield from _row(_cells(procedure, step), widths)
        yield rule
    yield f"Waktu yang diperlukan : {procedure.total}"
    yield from (line for legend in _LEGEND for line in textwrap.wrap(legend, WIDTH, subsequent_indent="  "))


def _widths(columns: Sequence[Column]) -> tuple[int, ...]:
    """Widths of No, Kegiatan, the roles, Kelengkapan, Waktu, Output, Ket.; Kegiatan takes what is left."""
    roles = (max(len("ya/tidak*"), *map(len, column.label.split())) for column in columns)
    fixed = (2, *roles, 12, 8, 12, 14)
    return (fixed[0], WIDTH - sum(fixed) - len(_GAP) * len(fixed), *fixed[1:])


def _row(cells: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    columns = [
        [line for part in cell.split("\n") for line in textwrap.wrap(part, width)]
        for cell, width in zip(cells, widths, strict=True)
    ]
    for lines in zip_longest(*columns, fillvalue=""):
        yield _GAP.join(line.ljust(width) for line, width in zip(lines, widths, strict=True)).rstrip()


def _cells(procedure: Procedure, step: Step) -> tuple[str, ...]:
    marks = (_mark(step, column.role) for column in procedure.columns)
    inputs, outputs = ", ".join(step.inputs), ", ".join(step.outputs)
    return (step.no, "\n".join(step.activity), *marks, inputs, step.time, outputs, "\n".join(_remarks(procedure, step)))


def _mark(step: Step, role: str) -> str:
    words = (
        ("selesai", step.performers),
        ("ya/tidak", step.deciders),
        ("tahu", step.notes_taken_by),
        ("kepada", step.addressed_to),
    )
    return "\n".join(word + _star(step.origins.get(role)) for word, roles in words if role in roles)


def _star(origin: Origin | None) -> str:
    return "*" if origin is Origin.READING else ""


def _remarks(procedure: Procedure, step: Step) -> Iterator[str]:
    """The column Keterangan: where ya and tidak lead, and which machine works in a role's name."""
    for arrow in step.arrows:
        target = procedure.role_label(arrow.yes) if arrow.yes in step.deciders else arrow.yes
        if len(step.arrows) > 1:
            yield f"{procedure.role_label(arrow.role)}:"
        yield f"ya: ke {target or END}{_star(arrow.origin)}"
        yield f"tidak: ke {arrow.no}{_star(arrow.origin)}"
    if step.machine:
        yield f"oleh mesin {step.machine}*"


def as_json(procedure: Procedure) -> dict[str, Any]:
    """The procedure for other programs; the keys are those of the office's files."""
    return {
        "nomor": procedure.head.number,
        "kode": procedure.code,
        "judul": procedure.title,
        "waktu_diperlukan": procedure.total,
        "menit": procedure.total_minutes,
        "kolom_pelaksana": [{"peran": column.role, "tercetak": column.label} for column in procedure.columns],
        "langkah": [_step_json(step) for step in procedure.steps],
    }


def _step_json(step: Step) -> dict[str, Any]:
    roles = {
        "pelaksana": step.performers,
        "pemutus": step.deciders,
        "mengetahui": step.notes_taken_by,
        "kepada": step.addressed_to,
    }
    return {
        "no": step.no,
        "kegiatan": list(step.activity),
        "kelengkapan": list(step.inputs),
        "waktu": step.time,
        "menit": step.minutes,
        "output": list(step.outputs),
        "satuan": step.unit.value,
        "tindakan": step.act.value,
        **{name: [{"peran": role, "asal": step.origins[role].value} for role in held] for name, held in roles.items()},
        "oleh_mesin": step.machine,
        "panah": [
            {"dari": arrow.role, "ya": arrow.yes or END, "tidak": arrow.no, "asal": arrow.origin.value}
            for arrow in step.arrows
        ],
        "alasan_pengembalian": dict(step.reasons),
    }
