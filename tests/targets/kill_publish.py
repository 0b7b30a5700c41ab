"""Publish the second version of a small site and be killed before every single call to the system, one folder a call.

Run as a program of its own, because it forks: `kill_publish.py FOLDER V1 V2`. For n = 1, 2, ... it publishes V1 to FOLDER/n
and lets a child that publishes V2 kill itself at its n-th call, until a child survives. What that leaves is judged by
test_local.py.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

from pipeline.stages import deploy
from pipeline.targets.local import LocalTarget

CALLS = (
    "open",
    "write",
    "fsync",
    "close",
    "fchmod",
    "chmod",
    "mkdir",
    "link",
    "symlink",
    "rename",
    "replace",
    "unlink",
    "rmdir",
)


def publish(root: Path, site: Path) -> None:
    version = int(site.name[1:])
    now = datetime(2026, 1, version, tzinfo=UTC)
    deploy.release(site, LocalTarget(root), commit=f"{version:040}", evidence="0" * 64, now=now, keep=1)


def armed(at: int) -> None:
    """Make this process kill itself at its ``at``-th call from now on."""
    count = itertools.count(1)
    for name in CALLS:
        real = getattr(os, name)

        def call(*args: object, real: object = real, **options: object) -> object:
            if next(count) == at:
                os.kill(os.getpid(), signal.SIGKILL)
            return real(*args, **options)  # type: ignore[operator]  # a call of os

        setattr(os, name, call)


def main(base: Path, old: Path, new: Path) -> None:
    for at in itertools.count(1):
        publish(base / str(at), old)
        child = os.fork()
        if not child:
            armed(at)
            publish(base / str(at), new)
            os._exit(0)
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
            return


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
