"""Several documents approved in one go: each is judged and signed on its own, and the passphrase is entered once.

Stricter than a single ``approve``: a document that this person has not read since it last changed is left alone, so that a
list of names can't replace reading. One refusal stops no other. What an approval is stays ``review``'s business.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import Refused
from pipeline.stages import review
from pipeline.stages.proposal import find

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.stages.proposal import Opened
    from pipeline.stages.session import Actor, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one document of the list: ``subject`` as it is now, or why it was left alone."""

    query: str
    subject: Opened | None = None
    refusal: Refused | None = None


def approve(session: Session, actor: Actor, queries: Sequence[str], *, dry_run: bool = False) -> Iterator[Answer]:
    """Approve each document that this person has read as it stands; yield one answer a document, as it happens."""
    for query in dict.fromkeys(queries):
        try:
            yield Answer(query=query, subject=_approve_read(session, actor, query, dry_run=dry_run))
        except Refused as refusal:
            yield Answer(query=query, refusal=refusal)


def _approve_read(session: Session, actor: Actor, query: str, *, dry_run: bool) -> Opened:
    subject = find(session, query)
    if not review.has_read(session, actor, subject):
        raise Refused(
            "Naskah ini belum Anda baca sejak terakhir berubah.",
            hint=f"Baca dahulu dengan redaksi read {subject.path}, lalu setujui.",
            code="not-read",
        )
    return review.approve(session, actor, query, dry_run=dry_run)


def describe(answer: Answer) -> Iterator[str]:
    """One answer as lines to print."""
    if answer.refusal is not None:
        yield f"{answer.query}: tidak disetujui. {answer.refusal.message}"
        yield f"→ {answer.refusal.hint}"
    elif answer.subject is not None:
        yield f"{answer.subject.path}: disetujui. Sidik isi yang disetujui: {str(answer.subject.standing.tree)[:12]}."
