"""Documents that leave the table and come back: closed by those who may, or vanished from the office server.

Closing moves a branch to ``arsip/`` in one step with the record (kind ``tutup``) that says who and why; coming back moves it
back under its own name. Nothing is rewritten, no branch is forced, and whose approvals hold is ``judgement``'s as before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipeline.errors import Refused
from pipeline.stages.proposal import Opened, opened, require_no_number, without_shelf
from pipeline.stages.session import now_after
from pipeline.stages.working_folder import name_of, wanted
from pipeline.succession import deciding
from pipeline.world import clock, records
from pipeline.world.history import ARCHIVE, BRANCHES, Branches, id_of_branch
from pipeline.world.repo import LOST, BranchMove

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.office import Office
    from pipeline.stages.session import Actor, Session

CLOSED: Final = "tutup"
"""The kind of the records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What the record of a closed document says."""

    id: str
    time: datetime
    person: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A document that is not in work and could be: put away (``closing`` says why, if known), or vanished."""

    branch: str
    source: str
    tip: str
    path: str
    title: str
    closing: Closing | None = None

    @property
    def archived(self) -> bool:
        """Whether it was put away; else it vanished from the office server, and this clone still has it."""
        return not self.source.startswith(LOST)

    @property
    def name(self) -> str:
        """The last part of the branch's name, which no other has."""
        return self.branch.rpartition("/")[2]

    @property
    def names(self) -> frozenset[str]:
        """What else somebody may call it."""
        return frozenset({self.path, self.path.rpartition("/")[2], id_of_branch(self.branch)})


def discard(session: Session, actor: Actor, query: str, *, reason: str, dry_run: bool = False) -> Opened:
    """Close an open document: its branch goes to the archive in one step with the record that says why."""
    subject = wanted(session, query)
    require_reason(reason)
    require_say(session, actor, subject)
    if not dry_run:
        session.repo.move(*put_away(subject), closing_record(session, actor, subject, reason))
    return subject


def put_away(subject: Opened) -> tuple[BranchMove, BranchMove]:
    """The moves that bring a document's branch to the archive as it is."""
    tip = str(subject.tip)
    return (
        BranchMove(branch=subject.branch, old=tip, new=None),
        BranchMove(branch=f"{ARCHIVE}/{name_of(subject)}", old=None, new=tip),
    )


def require_reason(reason: str) -> None:
    """A reason that may be kept for ever: a sentence, without a personal number."""
    if not reason.strip():
        raise Refused(
            "Alasan belum ditulis.", hint="Tulis satu kalimat: mengapa naskah ini ditutup.", code="no-message"
        )
    require_no_number(reason)


def require_say(session: Session, actor: Actor, subject: Opened) -> None:
    """Only whoever opened or wrote a document and those who decide in its procedure may end its way."""
    held = actor.person.roles_on(session.office.day(clock.now()))
    deciders = {position.role for position in deciding(subject.procedure)}
    opener = subject.history.changes[0].author if subject.history.changes else ""
    wrote = actor.person.id in subject.standing.authors or opener.lower() in actor.person.emails
    if actor.person.machine or not (wrote or deciders & set(held)):
        raise Refused(
            f"{actor.person.name} bukan penulis dan bukan pemutus naskah ini, jadi tidak dapat menutup atau memulainya lagi.",
            hint=f"Mintalah penulisnya, atau {_labels(session.office, subject)}.",
            code="not-yours",
        )


def _labels(office: Office, subject: Opened) -> str:
    return " atau ".join(office.role_label(position.role) for position in deciding(subject.procedure))


def closing_record(session: Session, actor: Actor, subject: Opened, reason: str) -> BranchMove:
    """The move that records the end of a document's branch: at which tip, by whom, and why."""
    data = {
        "dokumen": subject.path,
        "id": id_of_branch(subject.branch),
        "cabang": subject.branch,
        "ujung": subject.tip,
        "orang": actor.person.id,
        "alasan": " ".join(reason.split()),
    }
    when = now_after(subject.latest)
    _, move = records.entry(session.repo, CLOSED, name_of(subject), data, when=when, signer=actor.signer)
    return move


def closings(session: Session) -> dict[str, Closing]:
    """What the records say of closed documents, by the tip at which they ended."""
    return {
        str(record.get("ujung")): Closing(
            id=str(record.get("id")),
            time=datetime.fromisoformat(str(record.get("waktu"))),
            person=str(record.get("orang")),
            reason=str(record.get("alasan")),
        )
        for record in records.read(session.repo, CLOSED, session.known_keys()).records
    }


def lost(session: Session) -> tuple[Lost, ...]:
    """Every document that was put away, or that vanished from the office server and this clone still has."""
    repo = session.repo
    tips = {name: tip for name, tip in repo.tips(ARCHIVE).items() if not name.startswith(f"{ARCHIVE}/kebijakan-")}
    tips |= repo.refs(LOST)
    found = Branches(repo, session.main, tips)
    told = closings(session) if tips else {}
    return tuple(
        Lost(
            branch=f"{BRANCHES}/{source.rpartition('/')[2]}",
            source=source,
            tip=tips[source],
            path=path,
            title=str(found.fields(source).get("title") or path),
            closing=told.get(tips[source]),
        )
        for source, path in sorted(found.documents.items(), key=lambda item: item[1])
    )


def recover(session: Session, query: str, *, dry_run: bool = False) -> Opened:
    """Bring a closed or vanished document back under its own name, exactly as it was."""
    chosen = _chosen(lost(session), query)
    _require_free(session, chosen)
    if not dry_run:
        moves = [BranchMove(branch=chosen.branch, old=None, new=chosen.tip)]
        moves += [BranchMove(branch=chosen.source, old=chosen.tip, new=None)] if chosen.archived else []
        session.repo.move(*moves)
        if not chosen.archived:
            session.repo.hold(chosen.source, None)
    return opened(session, chosen.branch, Branches(session.repo, session.main, {chosen.branch: chosen.tip}))


def _chosen(found: Sequence[Lost], query: str) -> Lost:
    typed = without_shelf(query)
    exact = [one for one in found if typed == one.name] or [one for one in found if typed in one.names]
    matching = exact or [one for one in found if typed and typed in one.path]
    if len(matching) == 1:
        return matching[0]
    if matching:
        listed = ", ".join(f"{one.path} ({one.name})" for one in matching[:5])
        raise Refused(
            f"Ada {len(matching)} naskah yang cocok dengan {typed}: {listed}.",
            hint="Sebutkan tanda pengenal di dalam kurung.",
            code="ambiguous-document",
        )
    raise Refused(
        f"Tidak ada naskah yang hilang atau diarsipkan dengan nama {typed!r}.",
        hint="Lihat daftarnya dengan redaksi recover. Naskah yang hilang hanya dikenal komputer yang pernah membukanya.",
        code="nothing-to-recover",
    )


def _require_free(session: Session, chosen: Lost) -> None:
    for branch, path in session.branches().documents.items():
        if path == chosen.path or id_of_branch(branch) == id_of_branch(chosen.branch):
            raise Refused(
                f"Naskah {path} sedang dikerjakan sebagai {branch.rpartition('/')[2]}, jadi yang lama belum dapat kembali.",
                hint=f"Selesaikan atau tutup dahulu yang sedang dikerjakan: redaksi discard {path} --reason ALASAN",
                code="already-open",
            )


# -- showing --


def describe_lost(found: Sequence[Lost], office: Office) -> Iterator[str]:
    """Everything that can come back, and how."""
    for one in found:
        yield f"{one.title}"
        yield f"  {one.path} ({one.name}) · {_why(one, office)}"
    yield "Untuk mengembalikan: redaksi recover NASKAH" if found else "Tidak ada naskah yang diarsipkan atau hilang."


def _why(one: Lost, office: Office) -> str:
    if one.closing is not None:
        person = office.people.get(one.closing.person)
        name = person.name if person else one.closing.person
        return f"ditutup {name} {office.day(one.closing.time):%d-%m-%Y}: {one.closing.reason}"
    return "diarsipkan" if one.archived else "hilang dari server kantor; komputer ini masih menyimpannya"
