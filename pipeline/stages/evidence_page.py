"""The evidence of one document as one page to print: A4, the court's letterhead, no script, no network, no other file.

It only lays out a ``Dossier``: it looks at nothing itself, and every text of a document is escaped on its way in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.site import dates
from pipeline.stages.evidence import CLAIMED, State
from pipeline.stages.evidence_package import asset, policy_hash
from pipeline.stages.verify import GRADE_PAPER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from pipeline.stages.evidence import Dossier, Ruled
    from pipeline.stages.timeline import Row

_HEADINGS = {
    State.PUBLISHED: "Lembar bukti publikasi",
    State.WITHDRAWN: "Lembar bukti publikasi yang ditarik",
    State.IN_WORK: "Lembar bukti sementara",
    State.TAKEN_OVER: "Keterangan halaman yang diambil alih",
}


def html(dossier: Dossier) -> str:
    """The dossier as one HTML page in Indonesian."""
    from jinja2 import Environment, StrictUndefined

    zone, style = dossier.office.court.timezone, "\n" + asset("sheet.css")

    def moment(value: datetime) -> str:
        return dates.moment(value, zone)

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"moment": moment, "day": dates.day, "role": role_of, "worked": worked, "waited": waited}
    return environment.from_string(asset("sheet.html")).render(
        heading=_HEADINGS[dossier.state],
        dossier=dossier,
        shown=dossier.shown,
        court=dossier.office.court,
        state=State,
        on_paper=GRADE_PAPER,
        claimed=CLAIMED,
        live=list(_live(dossier)),
        style=style,
        style_policy=policy_hash(style),
    )


def role_of(found: Ruled) -> str:
    """The role as it is written below a signature: ``Plh Redaktur``."""
    return f"{found.decision.acting} {found.label}".strip()


def worked(row: Row) -> str:
    """Waktu pengerjaan, held against the SOP's minutes."""
    if row.standard is None:
        return "–"
    if row.worked is None:
        return "tidak terukur"
    return row.worked.describe() + (", lewat standar" if row.over else "")


def waited(row: Row) -> str:
    """Waktu tunggu: told, never called a breach."""
    return row.waited.describe() if row.waited else "–"


def _live(dossier: Dossier) -> Iterator[dict[str, Any]]:
    receipt = dossier.shown.receipt if dossier.shown else None
    words = {True: "sama dengan rilisnya", False: "berbeda dari rilisnya"}
    for place in (receipt or {}).get("tayang") or ():
        yield {
            "target": place.get("tujuan"),
            "release": place.get("rilis"),
            "url": place.get("alamat"),
            "check": words.get(place.get("sesuai"), "tidak dibandingkan"),
        }


def describe(dossier: Dossier, place: str) -> Iterator[str]:
    """What was written, as lines to print."""
    yield f"{_HEADINGS[dossier.state]}: {dossier.title} ({dossier.state.value})."
    yield from (f"  {sentence}" for sentence in dossier.missing)
    yield f"Tersimpan di {place}. Buka di peramban, lalu cetak."
