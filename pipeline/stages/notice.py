"""The ready message after an act: who must act now, on which document, how to open it; to paste into the office's chat."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from pipeline.model import Shelf
from pipeline.procedure import Act

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.office import Office
    from pipeline.stages.proposal import Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A message in Indonesian; ``link`` opens WhatsApp with it (source: wa.me/?text=, WhatsApp's click to chat)."""

    text: str

    @property
    def link(self) -> str:
        """The address that opens WhatsApp with this message, recipient still to be chosen."""
        return f"https://wa.me/?text={quote(self.text, safe='')}"


def notice(subject: Opened, title: str, office: Office, *, note: str = "") -> Notice:
    """The message for whoever must act next; ``note`` is a sentence of the person who acted."""
    standing = subject.standing
    label = office.role_label(standing.position.role)
    if standing.approved:
        news, order = f"“{title}” sudah disetujui dan siap terbit.", f"Terbitkan: redaksi publish {subject.path}"
    elif standing.shelf is Shelf.REVIEW and standing.position.act is Act.DECIDE:
        news, order = f"Yth. {label}, “{title}” menunggu keputusan Anda.", f"Buka: redaksi read {subject.path}"
    elif standing.shelf is Shelf.REVIEW and standing.position.act is Act.NOTE:
        news, order = f"Yth. {label}, “{title}” perlu Anda ketahui.", f"Catat: redaksi note {subject.path}"
    else:
        news, order = f"Yth. {label}, “{title}” perlu diperbaiki.", f"Buka: redaksi edit {subject.path}"
    return Notice(text=" ".join(filter(None, (news, note, order))))


def published(title: str, address: str) -> Notice:
    """The message after a document went live."""
    return Notice(text=f"“{title}” sudah tayang: {address}")


def describe(made: Notice) -> Iterator[str]:
    """The message as lines to print."""
    yield "Pesan siap kirim:"
    yield f"  {made.text}"
    yield f"  {made.link}"
