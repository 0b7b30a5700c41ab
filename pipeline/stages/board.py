"""The board: every document in work, what it waits for, whom it waits for, and since when. It changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from pipeline.judgement import Ruling
from pipeline.model import Shelf
from pipeline.procedure import Act
from pipeline.stages import verify
from pipeline.stages.proposal import Opened, opened
from pipeline.world import clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.calendar import Calendar, WorkingTime
    from pipeline.model import FieldValue
    from pipeline.office import Office
    from pipeline.stages.session import Session


class State(StrEnum):
    """The columns of the board, as people read them."""

    DRAFT = "Draf"
    REVIEW = "Diperiksa"
    APPROVED = "Disetujui, menunggu terbit"
    BROKEN = "Perlu diperiksa Pranata Komputer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One document in work. ``role`` is whom it waits for; ``waited`` counts working time since the last act."""

    path: str
    title: str
    state: State
    role: str
    since: datetime
    waited: WorkingTime
    late: bool
    returned: bool
    due: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """What is in work, oldest first, and how much is published; ``strange`` are branches that hold no document."""

    rows: tuple[Row, ...]
    published: int
    strange: tuple[str, ...] = ()


def board(session: Session) -> Board:
    """Read and judge every open document. Cost: a handful of Git processes however many there are."""
    branches = session.branches()
    now, calendar = clock.now(), session.office.calendar()
    rows = [
        _row(session.office, calendar, opened(session, branch, branches), branches.fields(branch), now)
        for branch in branches.documents
    ]
    count = len(verify.documents(session.repo, session.main))
    return Board(rows=tuple(sorted(rows, key=lambda row: row.since)), published=count, strange=branches.strange)


def _row(office: Office, calendar: Calendar, subject: Opened, fields: Mapping[str, FieldValue], now: datetime) -> Row:
    standing = subject.standing
    since = subject.history.changes[-1].time
    state, due = _state(subject), fields.get("terbit")
    return Row(
        path=subject.path,
        title=str(fields.get("title") or subject.path),
        state=state,
        role=office.role_label(standing.position.role),
        since=since,
        waited=calendar.minutes(since, now),
        late=state is not State.DRAFT and now > calendar.deadline(since, office.site.reminders.waiting_days),
        returned=state is State.DRAFT and bool(standing.decisions) and standing.decisions[-1].ruling is Ruling.RETURNED,
        due=f"{due:%d-%m-%Y %H.%M}" if isinstance(due, datetime) else "",
        trouble=standing.refusals[0].message if standing.refusals else "",
    )


def _state(subject: Opened) -> State:
    standing = subject.standing
    if standing.refusals:
        return State.BROKEN
    if standing.shelf is Shelf.DRAFTS:
        return State.DRAFT
    return State.REVIEW if standing.position.act is Act.DECIDE else State.APPROVED


def describe(found: Board, office: Office) -> Iterator[str]:
    """The board as lines to print."""
    if found.strange:
        yield f"{len(found.strange)} cabang tidak memuat naskah: {', '.join(map(ascii, found.strange[:3]))}."
    if not found.rows:
        yield f"Tidak ada naskah yang sedang dikerjakan; {found.published} naskah terbit."
        return
    for state in State:
        rows = [row for row in found.rows if row.state is state]
        if rows:
            yield f"{state} ({len(rows)})"
            for row in rows:
                yield from _lines(row, office)
    yield f"{len(found.rows)} naskah dikerjakan, {found.published} naskah terbit."


def _lines(row: Row, office: Office) -> Iterator[str]:
    since = office.local(row.since).strftime("%d-%m-%Y %H.%M")
    marks = [f"menunggu {row.role}" if row.state is not State.APPROVED else "", "dikembalikan" if row.returned else ""]
    marks += [f"terbit {row.due}" if row.due else "", "melewati batas pengingat" if row.late else ""]
    yield f"  {row.title}"
    yield f"    {row.path} · {' · '.join(filter(None, marks)) or 'siap terbit'} · sejak {since} ({row.waited.describe()})"
    if row.trouble:
        yield f"    {row.trouble}"


def as_json(found: Board) -> dict[str, Any]:
    """The board for machines; ``waited_minutes`` is working time."""
    return {
        "published": found.published,
        "open": [
            {
                "path": row.path,
                "title": row.title,
                "state": row.state.name.lower(),
                "waits_for": row.role,
                "since": row.since.isoformat(),
                "waited_minutes": round(row.waited.minutes, 1),
                "provisional": row.waited.provisional,
                "late": row.late,
                "returned": row.returned,
                "due": row.due,
                "trouble": row.trouble,
            }
            for row in found.rows
        ],
    }
