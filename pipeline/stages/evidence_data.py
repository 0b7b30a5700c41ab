"""The evidence as data for other programs: of one document (``redaksi evidence --json``), and the rows of a period's package.

Times are ISO 8601 in UTC, ids are Git's own. What the package's page checks, it compares with these very words, so a value
here is never prettier than what was signed.
"""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from pipeline.stages import timeline

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from pipeline.office import Acting
    from pipeline.procedure import Procedure
    from pipeline.stages.evidence import Account, Dossier, Ruled


def instant(moment: datetime) -> str:
    """A moment in UTC, to the second as Git keeps it."""
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()


def ruled(found: Ruled) -> dict[str, Any]:
    """One decision."""
    decision, paper = found.decision, found.decision.paper
    return {
        "commit": decision.commit,
        "ruling": decision.ruling.value,
        "person": decision.person,
        "name": found.name,
        "role": decision.role,
        "role_label": found.label,
        "acting": acting(found.acting),
        "stands_for": decision.stands_for,
        "stands_for_label": found.stands_for,
        "tree": decision.tree,
        "time": instant(decision.time),
        "received": instant(found.stamped) if found.stamped else None,
        "reason": decision.reason,
        "notes": list(decision.notes),
        "paper": {
            "entry": found.entry,
            "sha256": paper.sha256,
            "official": paper.official,
            "number": paper.number,
            "date": paper.date.isoformat(),
            "entered_by": found.entered_by,
            "confirmed_by": found.confirmed_by,
        }
        if paper
        else None,
    }


def acting(period: Acting | None) -> dict[str, str] | None:
    """A Plh/Plt period; None where the person decided in the own role."""
    if period is None:
        return None
    return {
        "as": period.as_,
        "letter": period.letter,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
    }


def receipt(found: Account) -> dict[str, Any] | None:
    """What the publishing machine noted; None where there is no receipt."""
    if found.receipt is None:
        return None
    return {
        "finished": found.receipt.get("selesai"),
        "targets": [
            {
                "target": place.get("tujuan"),
                "release": place.get("rilis"),
                "url": place.get("alamat"),
                "live_as_released": place.get("sesuai"),
            }
            for place in found.receipt.get("tayang") or ()
        ],
    }


def procedure(found: Procedure) -> dict[str, str]:
    """The SOP that was in force."""
    head = found.head
    return {
        "number": head.number,
        "table": found.code,
        "title": found.title,
        "revised": head.revised.isoformat(),
        "effective": head.effective.isoformat(),
    }


def publication(found: Account) -> dict[str, Any]:
    """One publication, without its way."""
    return {
        "document": found.document,
        "id": found.id,
        "title": found.title,
        "tree": found.tree,
        "merge": found.merge,
        "published": instant(found.published) if found.published else None,
        "grade": found.grade if found.merge else None,
        "approvals": [ruled(one) for one in found.approvals],
        "receipt": receipt(found),
    }


def as_json(dossier: Dossier) -> dict[str, Any]:
    """The dossier of one document."""
    shown, withdrawal, by = dossier.shown, dossier.withdrawal, dossier.withdrawn_by
    return {
        "document": dossier.document,
        "title": dossier.title,
        "state": dossier.state.value,
        "main": dossier.main,
        "publication": publication(shown) if shown and shown.merge else None,
        "in_work": dossier.in_work,
        "work": publication(shown) if shown and not shown.merge else None,
        "procedure": procedure(shown.procedure) if shown else None,
        "returns": _returns(shown.returns if shown else ()),
        "exceptions": [{"rule": one.rule, "reason": one.reason} for one in (shown.exempted if shown else ())],
        "way": timeline.as_json(shown.rows) if shown else [],
        "findings": None
        if dossier.findings is None
        else [{"rule": f.rule, "level": f.level.value, "message": f.message} for f in dossier.findings],
        "rules": dossier.rules,
        "earlier": [publication(one) for one in dossier.earlier],
        "withdrawal": {"withdrawn": instant(withdrawal.withdrawn), "merge": withdrawal.merge, **ruled(by)}
        if withdrawal and by
        else None,
        "missing": list(dossier.missing),
    }


def _returns(found: Iterable[Ruled]) -> list[dict[str, Any]]:
    return [{**ruled(one), "code": one.code, "text": one.text, "meaning": one.meaning} for one in found]
