"""How long ``redaksi verify`` takes over many publishes, beside Git's own signature check of the same commits.

    .venv/bin/python benchmarks/verify.py [N ...]

Builds an opened office and publishes N documents (default 100, 1,000 and 10,000) of six commits each: draft, submission,
two approvals, the rename and the merge. Prints seconds of the whole process, best of three, and how they grow.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from status import PROJECT, Office, best, run

from pipeline import kinds
from pipeline.model import Shelf
from pipeline.stages.proposal import message

RUNS = 3


class Archive(Office):
    """An opened office in which documents are published one after another."""

    def opened(self) -> None:
        """Both signatures over main as it stands."""
        tree = str(self.repo.tree_id(self.main))
        for person in ("kasubag-ptip", "sekretaris"):
            text = message("Pembukaan kantor", Pembukaan=tree, Peran=person)
            self.main = self.commit(person, tree, self.main, text)

    def publish(self, number: int) -> None:
        """One document on its whole way to main."""
        document_id = kinds.new_id(2026, bytes(number >> 5 * place & 31 for place in range(6)))
        path = f"berita/{2017 + number // 1000}/berita-nomor-{number}"
        text = f"---\nid: {document_id}\ntitle: Berita nomor {number}\ndescription: Contoh\ntanggal: 2026-11-02\n---\n\nIsi.\n"
        tree, root = self.repo.store({"index.md": text.encode()}), str(self.repo.tree_id(self.main))
        shelves = {shelf: self.repo.graft(root, f"{shelf}/{path}", tree) for shelf in Shelf}
        named = {"Id": document_id, "Dokumen": path}
        tip = self.commit("admin", shelves[Shelf.DRAFTS], self.main, message("Naskah dibuka", **named))
        tip = self.commit("admin", shelves[Shelf.REVIEW], tip, message("Diajukan", **named, Sidik=tree))
        for person in ("redaktur", "kasubag-ptip"):
            ruling = message("Keputusan", **named, Sidik=tree, Peran=person, Keputusan="disetujui")
            tip = self.commit(person, shelves[Shelf.REVIEW], tip, ruling)
        tip = self.commit("penerbit", shelves[Shelf.CONTENT], tip, message("Ke tempat terbit", **named, Sidik=tree))
        self.main = self.commit("penerbit", shelves[Shelf.CONTENT], self.main, message("Terbit", **named), tip)


def measured(number: int) -> tuple[float, float]:
    """Seconds of ``verify`` and of Git's signature check over ``number`` publishes."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        archive = Archive(folder, people=("admin", "redaktur", "kasubag-ptip", "sekretaris", "penerbit"))
        archive.opened()
        for at in range(number):
            archive.publish(at)
        run(folder, "update-ref", "refs/heads/main", archive.main)
        run(folder, "gc", "--quiet")
        ours = best([sys.executable, "-m", "pipeline", "-C", str(folder), "verify", "--json"], PROJECT, runs=RUNS)
        (folder / "signers").write_text("".join(f"{s.email} {s.public}\n" for s in archive.signers.values()), "utf-8")
        checked = [
            "git",
            "-c",
            f"gpg.ssh.allowedSignersFile={folder / 'signers'}",
            "log",
            "--format=%G?",
            "-200",
            "main",
        ]
        sample = best(checked, folder, runs=1) / 200 * number * 6
        found = subprocess.run(
            [*checked[:5], "--format=%G?", "-3", "main"], cwd=folder, capture_output=True, check=True
        )
        if set(found.stdout.split()) != {b"G"}:
            raise SystemExit("Git does not accept these signatures: the benchmark measures nothing")
    return ours, sample


def main() -> None:
    """Build, measure, print."""
    before: float | None = None
    for number in [int(word) for word in sys.argv[1:]] or [100, 1_000, 10_000]:
        ours, gits = measured(number)
        grown = f", {ours / before:.1f} kali yang sebelumnya" if before else ""
        print(
            f"{number:>6} terbitan: redaksi verify {ours:6.2f} s{grown}; git log --format=%G? kira-kira {gits:7.1f} s"
        )
        before = ours


if __name__ == "__main__":
    main()
