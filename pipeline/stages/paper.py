"""A decision on paper: an official without a key signs a printed sheet, one person enters it, another compares and confirms.

The sheet carries the document's text and the fingerprint of exactly these bytes. The scan goes with the decision into the
document's history and never onto the site. Whether it counts is ``judgement``'s to say; nothing here signs for the official.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pipeline import markdown
from pipeline.errors import Refused
from pipeline.judgement import Ruling
from pipeline.model import Shelf
from pipeline.site import dates
from pipeline.stages import review
from pipeline.stages.proposal import Opened, Planned, carry_out, find, message, rename, require_no_number
from pipeline.world import clock
from pipeline.world.history import is_scan, read_document, scan_path

if TYPE_CHECKING:
    from datetime import date

    from pipeline.office import Office, Person
    from pipeline.stages.session import Actor, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A sheet as it came back: who signed it, its number and day, the scan, and why where the official said no.

    ``returned`` is a reason code of the procedure and a sentence; None: approved.
    """

    official: str
    number: str
    day: date
    scan: bytes
    returned: tuple[str, str] | None = None


_BLANK: Final = ".........................."


def sheet(session: Session, query: str, official: str) -> tuple[Opened, str]:
    """The sheet to print for ``official`` (a person's id): a page of HTML that needs nothing else."""
    subject = find(session, query)
    person = _official(session, official)
    role = _role(session.office, subject, person)
    document = read_document(session.repo, str(subject.tip), subject.shelf, subject.path)
    court, label = session.office.court, session.office.role_label(role)
    today = dates.day(session.office.day(clock.now()))
    lines = "".join(f"<li>{html.escape(line)}</li>" for line in court.letterhead)
    body = markdown.render(document.body).html
    return subject, _SHEET.format(
        title=html.escape(document.title),
        letterhead=lines,
        path=html.escape(subject.path),
        id=html.escape(subject.history.id),
        tree=subject.tree,
        person=html.escape(person.name),
        role=html.escape(label),
        today=today,
        body=body,
        blank=_BLANK,
    )


def enter(session: Session, actor: Actor, query: str, signed: Signed, *, dry_run: bool = False) -> Opened:
    """Enter a signed sheet; it counts once somebody else confirmed it."""
    subject = find(session, query)
    if signed.returned is not None:
        review.require_reason(subject, signed.returned[0])
        require_no_number(signed.returned[1])
    if not is_scan(signed.scan):
        raise Refused(
            "Hasil pindai bukan berkas PDF, atau lebih besar dari 5 MB.",
            hint="Pindai lembar bertanda tangan itu menjadi PDF satu atau dua halaman.",
            code="paper-incomplete",
        )
    person = _official(session, signed.official)
    ruling = Ruling.APPROVED if signed.returned is None else Ruling.RETURNED
    text = message(
        f"Keputusan di atas kertas: {ruling}",
        Id=subject.history.id,
        Dokumen=subject.path,
        Sidik=subject.tree,
        Peran=_role(session.office, subject, person),
        Keputusan=ruling,
        Kertas=sha256(signed.scan).hexdigest(),
        Pejabat=person.id,
        Nomor=signed.number,
        Tanggal=signed.day.isoformat(),
        Alasan=": ".join(signed.returned or ()),
    )
    return carry_out(session, actor, subject, [Planned(message=text, scan=signed.scan)], dry_run=dry_run)


def confirm(session: Session, actor: Actor, query: str, *, dry_run: bool = False) -> Opened:
    """Confirm that the sheet on paper says what was entered; from then on it counts."""
    subject = find(session, query)
    entered = subject.standing.entered
    paper = entered.paper if entered else None
    identity = {"Id": subject.history.id, "Dokumen": subject.path}
    text = message(
        f"Keputusan: {Ruling.CONFIRMED}",
        **identity,
        Sidik=subject.tree,
        Keputusan=Ruling.CONFIRMED,
        Kertas=paper.sha256 if paper else "",
    )
    plan = [Planned(message=text)]
    if entered and entered.ruling is Ruling.RETURNED:
        moves = rename(Shelf.REVIEW, Shelf.DRAFTS, subject.tree)
        plan.append(Planned(message=message("Kembali ke penulis", **identity), moves=moves))
    return carry_out(session, actor, subject, plan, dry_run=dry_run)


def scan_of(session: Session, query: str) -> tuple[Opened, bytes]:
    """The scan that waits to be compared with the sheet."""
    subject = find(session, query)
    paper = subject.standing.entered.paper if subject.standing.entered else None
    data = paper and session.repo.read(str(subject.tip), scan_path(subject.history.id, paper.sha256))
    if not data:
        raise Refused(
            "Tidak ada lembar keputusan yang menunggu dicocokkan.",
            hint="Masukkan lembarnya lebih dahulu dengan redaksi paper enter.",
            code="nothing-to-confirm",
        )
    return subject, data


def _official(session: Session, name: str) -> Person:
    person = session.office.people.get(name)
    if person is None or person.machine:
        able = [
            p.id for role in session.office.authority.paper for p in session.office.people_in(role, _today(session))
        ]
        raise Refused(
            f"{name} tidak terdaftar sebagai pejabat di office/people.yml.",
            hint=f"Yang dapat memutuskan di atas kertas: {', '.join(able) or 'belum ada'}.",
            code="unknown-person",
        )
    return person


def _today(session: Session) -> date:
    return session.office.day(clock.now())


def _role(office: Office, subject: Opened, person: Person) -> str:
    """The role in which this official decides now: the awaited one, the superior that stands in, else any of theirs."""
    day = office.day(clock.now())
    held = person.roles_on(day)
    waiting = subject.standing.position.role
    standing_in = office.deputies(waiting, day, subject.standing.barred).role
    return next((role for role in (waiting, standing_in, *held) if role in held), waiting)


_SHEET: Final = """<!doctype html>
<html lang="id"><head><meta charset="utf-8"><title>Lembar keputusan: {title}</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
@page {{ size: A4; margin: 20mm }}
body {{ font: 11pt/1.45 serif; max-width: 170mm; margin: auto; padding: 8mm }}
ul {{ list-style: none; padding: 0; text-align: center; border-bottom: 2pt solid; font-weight: bold }}
code {{ word-break: break-all }}
article {{ border: .5pt solid #666; padding: 4mm; margin: 4mm 0 }}
table td {{ padding: .5mm 3mm .5mm 0; vertical-align: top }}
.sign {{ break-inside: avoid; margin-top: 8mm }}
</style></head><body>
<ul>{letterhead}</ul>
<h1>Lembar keputusan</h1>
<table>
<tr><td>Nomor</td><td>: {blank}</td></tr>
<tr><td>Naskah</td><td>: {title}<br>{path} ({id})</td></tr>
<tr><td>Sidik isi</td><td>: <code>{tree}</code></td></tr>
<tr><td>Dicetak</td><td>: {today}</td></tr>
</table>
<article><h2>{title}</h2>{body}</article>
<div class="sign">
<p>Setelah membaca isi di atas, saya sebagai {role} memutuskan:</p>
<p>&#9744; disetujui &nbsp; &#9744; dikembalikan, karena {blank}</p>
<p>Tanggal {blank}</p><p style="margin-top:18mm">{person}</p>
</div>
</body></html>
"""
