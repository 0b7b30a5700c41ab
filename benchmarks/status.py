"""How long ``redaksi status`` takes with many open documents, beside ``git log`` over the same branches.

    .venv/bin/python benchmarks/status.py [N]

Builds an opened office with N open documents (default 500): a quarter drafts, a quarter submitted, a quarter approved by the
Redaktur, a quarter approved by both, every commit signed. Prints seconds of the whole process, best of five.
"""

from __future__ import annotations

import base64
import os
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from hashlib import sha512
from io import BytesIO
from pathlib import Path

import git
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from gitdb import IStream

from pipeline import kinds
from pipeline.model import Shelf
from pipeline.stages.proposal import message
from pipeline.world.repo import Repository

PROJECT = Path(__file__).resolve().parents[1]
PEOPLE = ("admin", "redaktur", "pranata-komputer", "kasubag-ptip", "sekretaris", "penerbit")
RUNS = 5


class Signer:
    """An ed25519 key that signs commits in this process, as ssh-keygen would (PROTOCOL.sshsig)."""

    def __init__(self, person: str) -> None:
        self.email = f"{person}@kantor.invalid"
        self._key = Ed25519PrivateKey.generate()
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._blob = packed(b"ssh-ed25519") + packed(raw)
        self.public = f"ssh-ed25519 {base64.b64encode(self._blob).decode()}"

    def armoured(self, payload: bytes) -> str:
        """The signature over ``payload`` in the armour that Git stores."""
        middle = packed(b"git") + packed(b"") + packed(b"sha512")
        signature = self._key.sign(b"SSHSIG" + middle + packed(sha512(payload).digest()))
        inner = packed(packed(b"ssh-ed25519") + packed(signature))
        text = base64.b64encode(b"SSHSIG" + struct.pack(">I", 1) + packed(self._blob) + middle + inner).decode()
        lines = [text[at : at + 70] for at in range(0, len(text), 70)]
        return "\n".join(["-----BEGIN SSH SIGNATURE-----", *lines, "-----END SSH SIGNATURE-----"])


def packed(data: bytes) -> bytes:
    """SSH's length-prefixed bytes."""
    return struct.pack(">I", len(data)) + data


class Office:
    """A repository under construction."""

    def __init__(self, folder: Path, people: tuple[str, ...] = PEOPLE) -> None:
        self.signers = {person: Signer(person) for person in people}
        shutil.copytree(PROJECT / "office", folder / "office")
        shutil.copytree(PROJECT / "content", folder / "content")
        people = folder / "office" / "people.yml"
        text = people.read_text("utf-8")
        for person, signer in self.signers.items():
            text = re.sub(rf"(?m)(^  {person}:\n(?:    .*\n)*?    kunci: )\[\]", rf'\1["{signer.public}"]', text)
        people.write_text(text, "utf-8")
        run(folder, "init", "--quiet", "--initial-branch=main")
        run(folder, "add", "--all")
        self.when = int(time.time()) - 100_000
        os.environ["GIT_COMMITTER_DATE"] = f"{self.when} +0000"
        run(folder, "-c", "user.name=x", "-c", "user.email=x@y.invalid", "commit", "--quiet", "-m", "awal")
        self.store = git.Repo(folder).odb
        self.repo = Repository.open(folder)
        self.main = str(self.repo.tip("main"))
        tree = str(self.repo.tree_id(self.main))
        for person in ("kasubag-ptip", "sekretaris"):
            self.main = self.commit(person, tree, self.main, message("Pembukaan", Pembukaan=tree, Peran=person))
        run(folder, "update-ref", "refs/heads/main", self.main)

    def commit(self, person: str, tree: str, parent: str, text: str, *more: str) -> str:
        """A signed commit with one parent or ``more``, written straight into the object store."""
        self.when += 1
        signer = self.signers[person]
        who = f"{person} <{signer.email}> {self.when} +0000"
        parents = "".join(f"parent {name}\n" for name in (parent, *more))
        head = f"tree {tree}\n{parents}author {who}\ncommitter {who}\n"
        armour = signer.armoured(f"{head}\n{text}".encode()).replace("\n", "\n ")
        raw = f"{head}gpgsig {armour}\n\n{text}".encode()
        found = self.store.store(IStream(b"commit", len(raw), BytesIO(raw))).hexsha
        return found.decode() if isinstance(found, bytes) else str(found)

    def open_document(self, number: int) -> tuple[str, str]:
        """One document, as far along its way as its number says; give branch and tip."""
        document_id = kinds.new_id(2026, bytes(number >> 5 * place & 31 for place in range(6)))
        path = f"berita/2026/berita-nomor-{number}"
        text = f"---\nid: {document_id}\ntitle: Berita nomor {number}\ndescription: Contoh\ntanggal: 2026-11-02\n---\n\nIsi.\n"
        tree = self.repo.store({"index.md": text.encode()})
        root = self.repo.tree_id(self.main)
        in_drafts = self.repo.graft(root, f"{Shelf.DRAFTS}/{path}", tree)
        in_review = self.repo.graft(root, f"{Shelf.REVIEW}/{path}", tree)
        named = {"Id": document_id, "Dokumen": path}
        tip = self.commit("admin", in_drafts, self.main, message("Naskah dibuka", **named))
        if number % 4 > 0:
            tip = self.commit("admin", in_review, tip, message("Diajukan", **named, Sidik=tree))
        for person, role, least in (("redaktur", "redaktur", 2), ("kasubag-ptip", "kasubag-ptip", 3)):
            if number % 4 >= least:
                ruling = message("Keputusan", **named, Sidik=tree, Peran=role, Keputusan="disetujui")
                tip = self.commit(person, in_review, tip, ruling)
        return f"refs/heads/naskah/{document_id}", tip


def run(folder: Path, *words: str, text: str | None = None) -> str:
    """Plain Git."""
    done = subprocess.run(["git", *words], cwd=folder, check=True, capture_output=True, encoding="utf-8", input=text)
    return done.stdout


def best(command: list[str], folder: Path, runs: int = RUNS) -> float:
    """Seconds of the fastest of some runs of a command."""
    seconds = []
    for _ in range(runs):
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def main() -> None:
    """Build, measure, print."""
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        office = Office(folder)
        lines = [f"update {branch} {tip}\n" for branch, tip in map(office.open_document, range(number))]
        run(folder, "update-ref", "--stdin", text="".join(lines))
        run(folder, "gc", "--quiet")
        status = best([sys.executable, "-m", "pipeline", "-C", str(folder), "status"], PROJECT)
        bare = best(
            [
                sys.executable,
                "-c",
                "import click, git, cryptography; from holidays import country_holidays as c; c('ID', years=2026)",
            ],
            PROJECT,
        )
        signers = "".join(f"{s.email} {s.public}\n" for s in office.signers.values())
        (folder / "signers").write_text(signers, "utf-8")
        checked = ["git", "-c", f"gpg.ssh.allowedSignersFile={folder / 'signers'}", "log", "--format=%H %G?"]
        log = best([*checked, "--branches=naskah/*"], folder, runs=1)
    print(f"{number} naskah terbuka, {number * 10 // 4} commit bertanda tangan")
    print(f"redaksi status          {status:6.2f} s")
    print(f"  impor pustaka saja    {bare:6.2f} s")
    print(
        f"git log --format=%G?    {log:6.2f} s   (redaksi/git = {status / log:.2f}, git hanya memeriksa tanda tangan)"
    )


if __name__ == "__main__":
    main()
