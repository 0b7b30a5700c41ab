"""A published page is taken down at once, by one person who may, with a reason; the reason stays at its address.

The decision is a signed commit on top of main, merged in the same move; the page's folder leaves main, so that lists, feeds
and search forget it, and the site shows when and why it was withdrawn. It comes back only the way of every document.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.errors import Refused
from pipeline.judgement import Refusal, Ruling
from pipeline.model import Shelf
from pipeline.stages import golive, publish, verify
from pipeline.stages.proposal import intended, message, published_path, refused, require_no_number
from pipeline.stages.session import now_after
from pipeline.withdrawal import judge_withdrawal
from pipeline.world import clock
from pipeline.world.history import read_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pipeline.judgement import Decision
    from pipeline.office import Office
    from pipeline.stages.publish import Released
    from pipeline.stages.session import Actor, Session

_SHORTEST: int = 10
"""Characters of a reason that the public can make something of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn:
    """A page that was taken down, and what came of bringing that live."""

    withdrawal: verify.Withdrawal
    released: Released


def withdraw(session: Session, actor: Actor, query: str, reason: str, *, dry_run: bool = False) -> Withdrawn:
    """Take the published page that ``query`` means down; visitors then read ``reason``."""
    if len(reason.strip()) < _SHORTEST:
        raise Refused(
            "Alasan penarikan belum jelas.",
            hint="Tulis satu kalimat yang dapat dibaca masyarakat; alasan ini tampil di alamat halamannya.",
            code="no-reason",
        )
    require_no_number(reason)
    path = published_path(session, query)
    with golive.alone(session):
        started = clock.now().replace(microsecond=0)
        proven = verify.prove(session)
        verify.require_proof(proven)
        withdrawal = _merged(session, actor, path, reason)
        verify.require_proof(verify.verify(session.repo, withdrawal.merge, since=session.main))
        found = replace(proven, main=withdrawal.merge, withdrawals=(*proven.withdrawals, withdrawal))
        released = publish.release(session, actor, found, [], started, dry_run=dry_run)
    return Withdrawn(withdrawal=withdrawal, released=released)


def _merged(session: Session, actor: Actor, path: str, reason: str) -> verify.Withdrawal:
    """The decision and the merge as objects that no branch knows yet."""
    repo, main = session.repo, session.main
    place = f"{Shelf.CONTENT}/{path}"
    document = read_document(repo, main, Shelf.CONTENT, path)
    tree, when = str(repo.tree_id(main, place)), now_after(repo.commit(main).time)
    text = message(
        f"Keputusan: {Ruling.WITHDRAWN}",
        Id=document.id,
        Dokumen=path,
        Sidik=tree,
        Peran=_role(session, actor, when),
        Keputusan=Ruling.WITHDRAWN,
        Alasan=reason,
    )
    decision = _judged(session, actor, text, when, path, document.id, tree)
    commit = actor.write(session, tree=str(repo.tree_id(main)), parents=[main], message=text, when=when)
    merged = repo.graft(repo.tree_id(main), place, None)
    text = message(f"Ditarik: {document.title}", Id=document.id, Dokumen=path)
    merge = actor.write(session, tree=merged, parents=[main, commit], message=text, when=when)
    return verify.Withdrawal(
        document=path,
        id=document.id,
        title=document.title,
        merge=merge,
        decision=replace(decision, commit=commit),
        withdrawn=when,
    )


def _role(session: Session, actor: Actor, when: datetime) -> str:
    held = actor.person.roles_on(session.office.day(when))
    return next((role for role in session.office.authority.withdrawal if role in held), held[0] if held else "")


def _judged(
    session: Session, actor: Actor, text: str, when: datetime, path: str, document_id: str, tree: str
) -> Decision:
    change = intended(actor, text, when)
    found = judge_withdrawal(change, session.office, document=path, document_id=document_id, tree=tree)
    if isinstance(found, Refusal):
        raise refused(found)
    return found


def describe(done: Withdrawn, office: Office, *, dry_run: bool = False) -> Iterator[str]:
    """What happened as lines to print."""
    if dry_run:
        yield "(percobaan, tidak ada yang berubah)"
    decision = done.withdrawal.decision
    yield f"{'Akan ditarik' if dry_run else 'Ditarik'}: {done.withdrawal.title} ({office.role_label(decision.role)})"
    yield f"  Di alamatnya masyarakat membaca: ditarik karena {done.withdrawal.reason}"
    yield from publish.describe_release(done.released)
