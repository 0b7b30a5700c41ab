"""A warm interpreter for the guard of test servers, so that a hundred pushes do not start Python a hundred times.

``hook install`` writes scripts that start an interpreter; ``warm`` gives it one that hands folder, environment and streams
to a process that has imported the program and forks for every push. What runs is the guard itself, each time anew.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST: Final = 1 << 20
_CLIENT: Final = """#!{python} -IS
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as line:
    line.connect({address!r})
    told = json.dumps([os.getcwd(), dict(os.environ), sys.argv[6:]]).encode()
    socket.send_fds(line, [told], [0, 1, 2])
    sys.exit((line.recv(1) or b"\\x7f")[0])
"""


@contextmanager
def warm() -> Iterator[Path]:
    """The path of the interpreter to install the guard with; it works until the end of the block."""
    folder = Path(tempfile.mkdtemp(prefix="r-"))  # an address has at most 107 letters
    address, client = str(folder / "s"), folder / "python"
    client.write_text(_CLIENT.format(python=sys.executable, address=address), "utf-8")
    client.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(address)
        door.listen()
        command = [sys.executable, "-X", "utf8", __file__, str(door.fileno())]
        server = subprocess.Popen(command, pass_fds=[door.fileno()], stdin=subprocess.DEVNULL)
    try:
        yield client
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def serve(door: socket.socket) -> None:
    """Fork for every push; the child judges it and tells how it ended."""
    import pipeline.cli.hook
    import pipeline.stages.hook
    import pipeline.stages.verify  # noqa: F401 -- what every push needs is imported once

    while True:
        line, _ = door.accept()
        if os.fork() == 0:
            _judge(line)
        line.close()
        with suppress(ChildProcessError):  # none is left
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _judge(line: socket.socket) -> None:
    code = 127
    try:
        told, streams, _, _ = socket.recv_fds(line, _MOST, 3)
        for at, stream in enumerate(streams):
            os.dup2(stream, at)
        folder, environment, words = json.loads(told)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        from pipeline import cli

        code = cli.run(words)
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        line.send(bytes([code]))
        os._exit(code)


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
