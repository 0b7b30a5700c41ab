"""When the office server received what: written by its own machine, believed only where a machine signed it.

A date typed at a desk proves nothing; the receipt of the server bounds it from above (docs/keputusan.md). One record
a push names every commit that came in. Where nothing was stamped the time stays *waktu menurut penanda tangan*.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from pipeline.stages.session import keys_ever
from pipeline.world import records

if TYPE_CHECKING:
    from collections.abc import Container, Mapping, Sequence

    from pipeline.world.repo import Repository, Signer

RECORD: Final = "diterima"
_SHOWN: Final = 12


def stamp(repo: Repository, received: Mapping[str, Sequence[str]], *, when: datetime, signer: Signer) -> str:
    """Record that commits (by branch) were received at ``when`` (aware); give the record's path."""
    items = [{"naskah": branch, "keputusan": commit} for branch, commits in received.items() for commit in commits]
    data = {"diterima": when.isoformat(), "butir": items}
    return records.append(repo, RECORD, items[-1]["keputusan"][:_SHOWN], data, when=when, signer=signer)


def stamps(repo: Repository, keys: Container[str]) -> dict[str, datetime]:
    """When each commit was received first, by the records that one of ``keys`` (``machine_keys``) signed."""
    found: dict[str, datetime] = {}
    for record in records.read(repo, RECORD, keys).records:
        when = _moment(record.get("diterima"))
        items = record.get("butir")
        for item in items if when is not None and isinstance(items, list) else ():
            commit = item.get("keputusan") if isinstance(item, dict) else None
            if isinstance(commit, str) and when is not None and when < found.get(commit, _LATEST):
                found[commit] = when
    return found


_LATEST: Final = datetime.fromisoformat("9999-12-31T23:59:59+00:00")


def _moment(written: object) -> datetime | None:
    try:
        when = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return when if when.tzinfo is not None else None


def machine_keys(repo: Repository, main: str) -> frozenset[str]:
    """Fingerprints of every machine key that main has ever listed; a person's key stamps nothing."""
    return keys_ever(repo, main, of_machines=True)
