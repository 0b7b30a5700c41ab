"""The machines' diary: one new JSON file an event on the branch ``catatan``, each in a commit signed by a machine.

Nothing is ever changed or removed here; ``append`` adds one file on top of the newest state and tries again when another
machine was quicker. Documents that people decided are not records: they travel like every document.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import Refused
from pipeline.world.repo import BranchMove

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pipeline.world.repo import Repository, Signer


BRANCH: Final = "catatan"
SCHEMA: Final = 1
_TRIES: Final = 5


def append(repo: Repository, what: str, name: str, data: Mapping[str, Any], *, when: datetime, signer: Signer) -> str:
    """Add one record of the kind ``what`` (``monev``, ``terbit``) and give its path; ``when`` is aware."""
    path = f"records/{what}/{when:%Y/%m}/{when:%Y%m%dT%H%M%SZ}-{name}.json"
    text = json.dumps({"skema": SCHEMA, "waktu": when.isoformat(), **data}, ensure_ascii=False, indent=1) + "\n"
    for attempt in range(1, _TRIES + 1):
        try:
            _append(repo, path, text.encode(), when=when, signer=signer)
        except Refused:
            if attempt == _TRIES:
                raise
            repo.sync()
        else:
            break
    return path


def _append(repo: Repository, path: str, data: bytes, *, when: datetime, signer: Signer) -> None:
    tip = repo.tip(BRANCH)
    folder, _, file = path.rpartition("/")
    there = repo.files(tip, folder) if tip else {}
    if file in there:
        raise Refused(
            f"Catatan {path} sudah ada.", hint="Ulangi sesaat lagi; catatan tidak pernah ditimpa.", code="record-exists"
        )
    root = repo.tree_id(tip) if tip else None
    tree = repo.graft(root, folder, repo.store({**there, file: data}))
    commit = repo.write_commit(
        tree=tree, parents=[tip] if tip else [], message=f"Catatan: {path}", signer=signer, when=when
    )
    repo.move(BranchMove(branch=BRANCH, old=tip, new=commit))


def read(repo: Repository, what: str) -> list[dict[str, Any]]:
    """Every record of a kind, oldest first, each with its ``path``."""
    tip = repo.tip(BRANCH)
    files = repo.files(tip, f"records/{what}") if tip else {}
    return [{"path": f"records/{what}/{name}", **json.loads(files[name])} for name in sorted(files)]
