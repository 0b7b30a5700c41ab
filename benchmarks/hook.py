"""How long a push to a guarded office server takes, beside the same push to one without the guard.

    .venv/bin/python benchmarks/hook.py [OPEN [PUBLISHED]]

Builds an office with OPEN open documents (default 500) and PUBLISHED publishes (default 1,000), guards a bare copy of it
with a machine that stamps receipts, and pushes a decision, a new document and a publication. Best of three, in seconds
of the clock and of the processor (client and server together: on a busy machine only those compare).
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import git
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from status import PROJECT, run
from verify import Archive

from pipeline import kinds
from pipeline.model import Shelf
from pipeline.stages.proposal import message
from pipeline.world.repo import Repository

RUNS = 3
FIRST = 100_000  # the number of the first open document: its id belongs to no published one
PEOPLE = ("admin", "redaktur", "kasubag-ptip", "sekretaris", "penerbit", "gate")


class Desk:
    """A clone whose pushes are timed; it makes them with the keys of an office under construction."""

    def __init__(self, office: Archive, folder: Path, server: Path) -> None:
        run(folder, "clone", "--quiet", str(server), "meja")
        self.office, self.work = office, folder / "meja"
        office.store = git.Repo(self.work).odb
        office.repo = Repository.open(self.work)

    def tip(self, name: str) -> str:
        """Where a branch of the server stands."""
        run(self.work, "fetch", "--quiet")
        return run(self.work, "rev-parse", f"origin/{name}").strip()

    def push(self, *specs: str) -> tuple[float, float]:
        """Seconds of one push, which must be accepted: of the clock, and of the processor."""
        began, used = time.perf_counter(), processor()
        done = subprocess.run(
            ["git", "push", "--atomic", "origin", *specs], cwd=self.work, capture_output=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stderr.decode())
        return time.perf_counter() - began, processor() - used

    def decide(self, number: int) -> tuple[float, float]:
        """The Redaktur approves a submitted document."""
        document_id, path, tip, tree = self.document(number)
        named = {"Id": document_id, "Dokumen": path, "Sidik": tree}
        ruling = message("Keputusan", **named, Peran="redaktur", Keputusan="disetujui")
        new = self.office.commit("redaktur", str(self.office.repo.tree_id(tip)), tip, ruling)
        return self.push(f"{new}:refs/heads/naskah/{document_id}")

    def begin(self, number: int) -> tuple[float, float]:
        """A new document is submitted."""
        self.office.main = self.tip("main")
        branch, tip = self.office.open_document(number)
        return self.push(f"{tip}:{branch}")

    def publish(self, number: int) -> tuple[float, float]:
        """A document that both approved goes to main."""
        document_id, path, tip, tree = self.document(number)
        repo, main = self.office.repo, self.tip("main")
        root = repo.graft(repo.graft(repo.tree_id(tip), f"review/{path}", None), f"{Shelf.CONTENT}/{path}", tree)
        renamed = self.office.commit("penerbit", root, tip, message("Ke tempat terbit", Id=document_id))
        merged = repo.graft(repo.tree_id(main), f"{Shelf.CONTENT}/{path}", tree)
        merge = self.office.commit("penerbit", merged, main, message("Terbit", Id=document_id), renamed)
        return self.push(f"{merge}:refs/heads/main", f":refs/heads/naskah/{document_id}")

    def document(self, number: int) -> tuple[str, str, str, str]:
        """Id, path, tip and tree of an open document."""
        document_id = kinds.new_id(2026, bytes(number >> 5 * place & 31 for place in range(6)))
        path, tip = f"berita/2026/berita-nomor-{number}", self.tip(f"naskah/{document_id}")
        return document_id, path, tip, run(self.work, "rev-parse", f"{tip}:review/{path}").strip()


def processor() -> float:
    """Seconds that the processes which this one started have used up."""
    spent = os.times()
    return spent.children_user + spent.children_system


def built(folder: Path, number: int, published: int) -> Archive:
    """The office, its bare server beside it, and the private key of the machine that stamps."""
    (folder / "kantor").mkdir()
    office = Archive(folder / "kantor", people=PEOPLE)
    for at in range(published):
        office.publish(at)
    run(folder / "kantor", "update-ref", "refs/heads/main", office.main)
    lines = [f"update {branch} {tip}\n" for branch, tip in map(office.open_document, range(FIRST, FIRST + number))]
    run(folder / "kantor", "update-ref", "--stdin", text="".join(lines))
    run(folder, "clone", "--quiet", "--mirror", "kantor", "situs.git")
    run(folder / "situs.git", "gc", "--quiet")
    gate = office.signers["gate"]
    secret = gate._key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())  # noqa: SLF001
    (folder / "gate").write_bytes(secret)
    (folder / "gate").chmod(0o600)
    (folder / "gate.pub").write_text(gate.public, "utf-8")
    return office


def main() -> None:
    """Build, measure, print."""
    number, published = [int(word) for word in (*sys.argv[1:], "500", "1000")[:2]]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        office = built(folder, number, published)
        desk = Desk(office, folder, folder / "situs.git")
        acts = {"keputusan": (desk.decide, 1), "naskah baru": (desk.begin, 40_001), "penerbitan": (desk.publish, 3)}
        figures: dict[str, list[tuple[float, float]]] = {}
        for at in range(2):
            for name, (act, first) in acts.items():
                start = FIRST + first + at * 4 * RUNS
                figures.setdefault(name, []).append(min(act(start + 4 * turn) for turn in range(RUNS)))
            key = str(folder / "gate")
            command = [sys.executable, "-m", "pipeline", "hook", "install", str(folder / "situs.git"), "--key", key]
            subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    print(f"{number} naskah terbuka, {published} terbitan")
    for name, (bare, guarded) in figures.items():
        print(
            f"  kiriman {name:<12} {guarded[0]:5.2f} s, prosesor {guarded[1]:5.2f} s   (tanpa penjaga {bare[0]:5.2f} s)"
        )


if __name__ == "__main__":
    main()
