"""A document that is not published yet, in the real site, on this computer only: main's site with this one folder in it.

The working folder wins over the branch, so that an Admin sees what stands on the desk now; ``follow`` keeps the preview at
its heels. Nothing is written outside a temporary folder.
"""

from __future__ import annotations

import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline.model import Shelf
from pipeline.stages import golive
from pipeline.stages.proposal import find
from pipeline.world import files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.stages.proposal import Opened
    from pipeline.stages.session import Session

_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A folder that can be built as the site, and the document's path in it."""

    folder: Path
    path: str


@contextmanager
def laid_out(session: Session, query: str) -> Iterator[Laid]:
    """Lay the site with the document out in a temporary folder that follows the working folder until the end."""
    subject = find(session, query)
    desk = session.repo.root / subject.shelf / subject.path
    with tempfile.TemporaryDirectory(prefix="redaksi-pratinjau-") as scratch:
        session.repo.export(session.main, Path(scratch), golive.SOURCES)
        place = Path(scratch, Shelf.CONTENT, subject.path)
        _copy(_current(session, subject, desk), place)
        stopped = threading.Event()
        follower = threading.Thread(target=_follow, args=(desk, place, stopped), daemon=True)
        follower.start()
        try:
            yield Laid(folder=Path(scratch), path=subject.path)
        finally:
            stopped.set()
            follower.join()


def _current(session: Session, subject: Opened, desk: Path) -> Mapping[str, bytes]:
    return files.read_folder(desk) if desk.exists() else session.repo.files_of_tree(subject.tree)


def _copy(content: Mapping[str, bytes], place: Path) -> None:
    for name, data in content.items():
        target = place / name
        if not target.exists() or target.read_bytes() != data:
            target.parent.mkdir(parents=True, exist_ok=True)
            files.write_atomic(target, data)
    for stale in place.rglob("*"):
        if stale.is_file() and stale.relative_to(place).as_posix() not in content:
            stale.unlink()


def _follow(desk: Path, place: Path, stopped: threading.Event) -> None:
    while not stopped.wait(_SECONDS):
        if desk.exists():
            _copy(files.read_folder(desk), place)
