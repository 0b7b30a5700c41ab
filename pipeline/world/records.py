"""The machines' diary: one new JSON file an event on the branch ``catatan``, each in a commit signed by a listed key.

Nothing is ever changed or removed here; ``append`` adds one file on top of the newest state and tries again when another
machine was quicker. ``read`` believes only what a listed key added and nobody changed since; the rest is named, not read.
Documents that people decided are not records: they travel like every document.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pipeline import signature
from pipeline.errors import Refused
from pipeline.world.repo import BranchMove, first_parents

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from datetime import datetime

    from pipeline.world.repo import Repository, Signer

BRANCH: Final = "catatan"
SCHEMA: Final = 1
_TRIES: Final = 5
_FILE: Final = 0o100644


@dataclass(frozen=True, slots=True, kw_only=True)
class Diary:
    """The records of one kind, oldest first, each with its ``path``; and the paths of those that are not believed."""

    records: tuple[dict[str, Any], ...]
    doubtful: tuple[str, ...]


def append(repo: Repository, what: str, name: str, data: Mapping[str, Any], *, when: datetime, signer: Signer) -> str:
    """Add one record of the kind ``what`` (``monev``, ``terbit``) and give its path; ``when`` is aware."""
    for attempt in range(1, _TRIES + 1):
        path, move = entry(repo, what, name, data, when=when, signer=signer)
        try:
            repo.move(move)
        except Refused as refusal:
            if attempt == _TRIES or refusal.code != "moved":
                raise
            repo.sync()
        else:
            break
    return path


def entry(
    repo: Repository, what: str, name: str, data: Mapping[str, Any], *, when: datetime, signer: Signer
) -> tuple[str, BranchMove]:
    """The path of one new record and the move that adds it, for whoever moves other branches in the same step."""
    path = f"records/{what}/{when:%Y/%m}/{when:%Y%m%dT%H%M%SZ}-{name}.json"
    text = json.dumps({"skema": SCHEMA, "waktu": when.isoformat(), **data}, ensure_ascii=False, indent=1) + "\n"
    tip = repo.tip(BRANCH)
    if tip and repo.read(tip, path) is not None:
        raise Refused(
            f"Catatan {path} sudah ada.", hint="Ulangi sesaat lagi; catatan tidak pernah ditimpa.", code="record-exists"
        )
    commit = repo.write_commit(
        tree=repo.with_file(repo.tree_id(tip) if tip else None, path, text.encode()),
        parents=[tip] if tip else [],
        message=f"Catatan: {path}",
        signer=signer,
        when=when,
    )
    return path, BranchMove(branch=BRANCH, old=tip, new=commit)


def read(repo: Repository, what: str, keys: Container[str]) -> Diary:
    """The records of a kind (empty: of all) that a key of ``keys`` (fingerprints) added and that nobody changed since."""
    tip = repo.tip(BRANCH)
    if tip is None:
        return Diary(records=(), doubtful=())
    folder = f"records/{what}".rstrip("/")
    paths = sorted(f"{folder}/{name}" for name in repo.paths(tip, folder))
    now = repo.ids([f"{tip}:{path}" for path in paths])
    added = dict(_added(repo, tip, folder, keys))
    sources = repo.objects([f"{tip}:{path}" for path in paths])
    records: list[dict[str, Any]] = []
    doubtful: list[str] = []
    for path in paths:
        name = f"{tip}:{path}"
        record = _parsed(sources[name]) if added.get(path) == now[name] else None
        if record is None:
            doubtful.append(path)
        else:
            records.append({"path": path, **record})
    return Diary(records=tuple(records), doubtful=tuple(doubtful))


def _added(repo: Repository, tip: str, folder: str, keys: Container[str]) -> Iterator[tuple[str, str | None]]:
    """Path and blob of every file that a commit signed by one of ``keys`` added below ``folder``."""
    commits = repo.commits(repo.versions(tip, folder))
    touches = repo.touches(first_parents(commits.values()))
    for commit in reversed(commits.values()):
        if commit.signature and signature.signer_of(commit.payload, commit.signature) in keys:
            for touch in touches.get(commit.id, ()):
                if touch.before is None and touch.mode == _FILE:
                    yield touch.path, touch.after


def _parsed(source: bytes | None) -> dict[str, Any] | None:
    try:
        found = json.loads(source or b"")
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
