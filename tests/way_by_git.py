"""A document's way made with plain Git and real keys, legal or not, and the package that claims it was proven.

None of our own code makes a commit here, so that the page's verdict can be tried on what our own code would never write.
"""

from __future__ import annotations

import base64
import io
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from kantor import PROJECT, git, with_keys

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DOCUMENT: Final = "berita/2026/sidang"
ID: Final = "2026abcdef"
START: Final = 1_795_000_000  # seconds; a working day at the court
TEXT: Final = f"---\nid: {ID}\ntitle: Sidang keliling\n---\n\nIsi.\n"
EMAIL: Final = "{}@kantor.invalid"


@dataclass
class Way:
    """A repository with an office on main and one branch of a document; each act is one commit, a minute after the last."""

    folder: Path
    keys: Path
    now: int = START
    chain: list[str] = field(default_factory=list)
    approvals: list[tuple[str, str]] = field(default_factory=list)
    merge: str = ""

    @classmethod
    def begun(cls, folder: Path, keys: Path) -> Way:
        """An office whose Ketua acts as Redaktur on one day only, long past."""
        shutil.copytree(PROJECT / "office", folder / "office")
        people = folder / "office" / "people.yml"
        text = with_keys(people.read_text("utf-8"), keys)
        past = "wakil:\n      - {peran: redaktur, sebagai: Plh, mulai: 2020-01-01, sampai: 2020-01-01, surat: lama}"
        people.write_text(text.replace("peran: [ketua]", f"peran: [ketua]\n    {past}"), "utf-8")
        (folder / "content" / "layanan" / "jam").mkdir(parents=True)
        (folder / "content" / "layanan" / "jam" / "index.md").write_text("Jam.\n", "utf-8")
        git(folder, "init", "--quiet", "--initial-branch=main")
        way = cls(folder, keys)
        way.commit("penerbit", "Isi awal")
        way.chain.clear()
        git(folder, "switch", "--quiet", "--create", "naskah")
        return way

    def commit(self, person: str, message: str, *, key: str = "", signed: bool = True, ago: int = 0) -> str:
        """Commit what lies in the folder, signed by the person (or with another's ``key``)."""
        self.now += 60
        git(self.folder, "add", "--all")
        options = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={self.keys / (key or person)}"]
        done = [
            *options,
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            message,
            *(["-S"] if signed else ["--no-gpg-sign"]),
        ]
        git(self.folder, *done, **self.environment(person, self.now - ago))
        self.chain.append(git(self.folder, "rev-parse", "HEAD"))
        return self.chain[-1]

    def environment(self, person: str, when: int) -> dict[str, str]:
        return {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", person), ("EMAIL", EMAIL.format(person)), ("DATE", f"@{when} +0000"))
        }

    # -- acts --

    def write(self, person: str, text: str = TEXT, shelf: str = "drafts", *, signed: bool = True) -> Way:
        place = self.folder / shelf / DOCUMENT / "index.md"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
        self.commit(person, "Simpan", signed=signed)
        return self

    def move(self, person: str, source: str, target: str) -> Way:
        (self.folder / target / DOCUMENT).parent.mkdir(parents=True, exist_ok=True)
        (self.folder / source / DOCUMENT).rename(self.folder / target / DOCUMENT)
        self.commit(person, "Pindah")
        return self

    def decide(
        self,
        person: str,
        role: str = "",
        *,
        ruling: str = "disetujui",
        key: str = "",
        signed: bool = True,
        ago: int = 0,
        **trailers: str,
    ) -> Way:
        said = {
            "Id": ID,
            "Dokumen": DOCUMENT,
            "Sidik": trailers.get("Sidik") or self.tree("review"),
            "Peran": role or person,
            "Keputusan": ruling,
            **trailers,
        }
        lines = "\n".join(f"{name}: {value}" for name, value in said.items())
        commit = self.commit(person, f"Keputusan: {ruling}\n\n{lines}", key=key, signed=signed, ago=ago)
        if ruling == "disetujui":
            self.approvals.append((commit, person))
        return self

    def tree(self, shelf: str) -> str:
        return git(self.folder, "rev-parse", f"HEAD:{shelf}/{DOCUMENT}")

    def submitted(self, author: str = "admin") -> Way:
        return self.write(author).move(author, "drafts", "review")

    def published(self, person: str = "penerbit", *, beside: str = "", key: str = "") -> Way:
        """Move it to ``content/`` and merge: main's folder with the document's, and ``beside`` if anything else."""
        self.move("penerbit", "review", "content")
        tip = self.chain[-1]
        git(self.folder, "switch", "--quiet", "main")
        git(self.folder, "checkout", "--quiet", tip, "--", f"content/{DOCUMENT}")
        if beside:
            (self.folder / beside).write_text("lain\n", "utf-8")
        git(self.folder, "add", "--all")
        tree = git(self.folder, "write-tree")
        options = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={self.keys / (key or person)}"]
        words = [*options, "commit-tree", "-S", "-p", "main", "-p", tip, "-m", "Terbit", tree]
        self.merge = git(self.folder, *words, **self.environment(person, self.now))
        return self

    # -- the package that claims it --

    def package(self, like: dict[str, Any]) -> dict[str, Any]:
        """Data in which this way stands as the one publication; the rest as in the package ``like``."""
        publication = {
            "document": DOCUMENT,
            "id": ID,
            "title": "Sidang keliling",
            "tree": git(self.folder, "rev-parse", f"{self.merge}:content/{DOCUMENT}"),
            "merge": self.merge,
            "published": self.time(self.merge),
            "grade": "ditandatangani orang",
            "approvals": [self.claim(commit, person) for commit, person in self.approvals[-2:]],
            "receipt": None,
            "chain": self.chain,
        }
        return {**self.claims(like), "publications": [publication]}

    def claims(self, like: dict[str, Any]) -> dict[str, Any]:
        """The data of ``like`` with empty tables, this step of main and all objects that there are."""
        main = git(self.folder, "rev-parse", "main")
        tables = ("publications", "withdrawals", "policies", "returns", "exceptions", "acting", "paper", "unproven")
        return {
            **like,
            **{name: [] for name in tables},
            "steps": [self.merge],
            "before": main,
            "objects": self.objects(),
        }

    def claim(self, commit: str, person: str) -> dict[str, Any]:
        said = dict(re.findall(r"(?m)^([A-Z][a-z]+): (.+)$", git(self.folder, "log", "-1", "--format=%b", commit)))
        labels = {"redaktur": "Redaktur", "kasubag-ptip": "Kasubag PTIP", "sekretaris": "Sekretaris", "ketua": "Ketua"}
        labels |= {"pranata-komputer": "Pranata Komputer", "admin": "Admin"}
        names = {"admin": "Admin Website", "penerbit": "Mesin penerbit"}
        name = f"{names.get(person) or labels.get(person, person)} (akun peran)"
        needed = "kasubag-ptip" if said.get("Peran") == "sekretaris" else ""
        return {
            "commit": commit,
            "ruling": said.get("Keputusan"),
            "person": person,
            "name": name,
            "role": said.get("Peran"),
            "role_label": labels.get(said.get("Peran", ""), said.get("Peran")),
            "acting": None,
            "stands_for": needed,
            "stands_for_label": labels.get(needed, ""),
            "tree": said.get("Sidik"),
            "time": self.time(commit),
            "received": None,
            "reason": said.get("Alasan", ""),
            "notes": [],
            "paper": None,
        }

    def time(self, commit: str) -> str:
        return git(self.folder, "log", "-1", "--format=%cI", commit).replace("Z", "+00:00")

    def objects(self) -> dict[str, list[str]]:
        """Every object there is: more than a package holds, and never too little."""
        command = ["git", "cat-file", "--batch-all-objects", "--batch"]
        stream = io.BytesIO(subprocess.run(command, cwd=self.folder, capture_output=True, check=True).stdout)
        found = {}
        while head := stream.readline().split():
            name, kind, length = (word.decode() for word in head)
            found[name] = [kind, base64.b64encode(stream.read(int(length))).decode("ascii")]
            stream.readline()
        return found


@dataclass(frozen=True)
class Case:
    """A way, and why the page must find it wrong; an empty reason is a legal way."""

    name: str
    reason: str
    go: Callable[[Way], object]


def both(way: Way) -> Way:
    return way.decide("redaktur").decide("kasubag-ptip")


def early(way: Way) -> Way:
    return way.decide("redaktur", Sidik=way.tree("drafts"))


def outside(way: Way) -> Way:
    (way.folder / "content" / "layanan" / "jam" / "index.md").write_text("lain\n", "utf-8")
    way.commit("admin", "Simpan")
    return way


def truncated(way: Way) -> Way:
    """Hide who wrote it: the author's commits are left out of the chain."""
    both(way.submitted("redaktur")).published()
    del way.chain[:2]
    return way


def merged(way: Way) -> Way:
    git(way.folder, "checkout", "--quiet", "-b", "lain", "main")
    way.commit("admin", "Lain")
    del way.chain[-1]
    git(way.folder, "switch", "--quiet", "naskah")
    git(way.folder, "merge", "--quiet", "--no-ff", "--no-commit", "lain", **way.environment("admin", way.now))
    way.commit("admin", "Gabung")
    return way


CASES: Final = (
    Case("legal: submitted, read by two, published", "", lambda w: both(w.submitted()).published()),
    Case(
        "legal: returned and corrected first",
        "",
        lambda w: both(
            w.submitted()
            .decide("redaktur", ruling="dikembalikan")
            .move("redaktur", "review", "drafts")
            .write("admin", TEXT + "Lagi.\n")
            .move("admin", "drafts", "review")
        ).published(),
    ),
    Case(
        "legal: corrected by the Redaktur, who approves it then",
        "",
        lambda w: both(w.submitted().write("redaktur", TEXT + "Koreksi.\n", "review")).published(),
    ),
    Case(
        "legal: the Sekretaris in place of a Kasubag who wrote",
        "",
        lambda w: w.submitted("kasubag-ptip").decide("redaktur").decide("sekretaris").published(),
    ),
    Case(
        "legal: taken back and given again",
        "",
        lambda w: (
            w.submitted()
            .decide("redaktur")
            .decide("redaktur", ruling="ditarik kembali")
            .decide("redaktur")
            .decide("kasubag-ptip")
            .published()
        ),
    ),
    Case(
        "wrong order",
        "urutan SOP tidak dipenuhi",
        lambda w: w.submitted().decide("kasubag-ptip").decide("redaktur").published(),
    ),
    Case("one decider only", "sebelum disetujui", lambda w: w.submitted().decide("redaktur").published()),
    Case("nobody", "sebelum disetujui", lambda w: w.submitted().published()),
    Case(
        "one person twice",
        "memutuskan dua kali",
        lambda w: w.submitted().decide("redaktur").decide("redaktur").published(),
    ),
    Case(
        "a role that is not held",
        "tidak menjabat",
        lambda w: w.submitted().decide("redaktur").decide("admin", "kasubag-ptip").published(),
    ),
    Case(
        "an acting period that is over",
        "tidak menjabat",
        lambda w: w.submitted().decide("ketua", "redaktur").decide("kasubag-ptip").published(),
    ),
    Case("the author", "ikut menulis", lambda w: both(w.submitted("redaktur")).published()),
    Case(
        "a co-author",
        "ikut menulis",
        lambda w: both(
            w.write("admin").write("redaktur", TEXT + "Juga.\n").move("admin", "drafts", "review")
        ).published(),
    ),
    Case("the author hidden by a shorter way", "awal jalannya naskah", truncated),
    Case(
        "a superior where nobody is barred",
        "urutan SOP tidak dipenuhi",
        lambda w: w.submitted().decide("redaktur").decide("sekretaris").published(),
    ),
    Case(
        "an edit after the approvals",
        "sebelum disetujui",
        lambda w: both(w.submitted()).write("admin", TEXT + "Diam-diam.\n", "review").published(),
    ),
    Case(
        "an approval of other bytes",
        "isi yang berbeda",
        lambda w: w.submitted().decide("redaktur", Sidik="0" * 40).decide("kasubag-ptip").published(),
    ),
    Case(
        "an approval of another document",
        "naskah lain",
        lambda w: w.submitted().decide("redaktur", Dokumen="berita/2026/lain").decide("kasubag-ptip").published(),
    ),
    Case(
        "an approval under another id",
        "naskah lain",
        lambda w: w.submitted().decide("redaktur", Id="2026zzzzzz").decide("kasubag-ptip").published(),
    ),
    Case(
        "a decision in drafts",
        "tidak sedang diperiksa",
        lambda w: early(w.write("admin")).move("admin", "drafts", "review").decide("kasubag-ptip").published(),
    ),
    Case("a third approval", "sesudah semua pemutus", lambda w: both(w.submitted()).decide("sekretaris").published()),
    Case(
        "a machine votes",
        "tidak memiliki suara",
        lambda w: w.submitted().decide("redaktur").decide("penerbit", "kasubag-ptip").published(),
    ),
    Case(
        "a machine writes",
        "mesin mengubah",
        lambda w: both(w.write("penerbit").move("admin", "drafts", "review")).published(),
    ),
    Case(
        "an unsigned decision",
        "tidak sah",
        lambda w: w.submitted().decide("redaktur", signed=False).decide("kasubag-ptip").published(),
    ),
    Case(
        "an unlisted key",
        "tidak terdaftar",
        lambda w: w.submitted().decide("redaktur", key="orang-luar").decide("kasubag-ptip").published(),
    ),
    Case(
        "a listed key in another's name",
        "bukan atas nama",
        lambda w: w.submitted().decide("redaktur", key="kasubag-ptip").decide("kasubag-ptip").published(),
    ),
    Case(
        "an unsigned edit",
        "tidak sah",
        lambda w: both(w.write("admin", signed=False).move("admin", "drafts", "review")).published(),
    ),
    Case("a merge under an unlisted key", "tidak terdaftar", lambda w: both(w.submitted()).published(key="orang-luar")),
    Case(
        "backdated",
        "mendahului",
        lambda w: w.submitted().decide("redaktur", ago=3600).decide("kasubag-ptip").published(),
    ),
    Case("something else in the way", "perubahan di luar naskah", lambda w: both(outside(w.submitted())).published()),
    Case(
        "something else in the merge",
        "mengubah hal lain",
        lambda w: both(w.submitted()).published(beside="content/layanan/jam/index.md"),
    ),
    Case("policy in the merge", "mengubah hal lain", lambda w: both(w.submitted()).published(beside="office/site.yml")),
    Case("a merge within the way", "gabungan", lambda w: both(merged(w.submitted())).published()),
    Case(
        "an act without a word",
        "tanpa keputusan",
        lambda w: w.submitted().decide("redaktur", ruling="setuju saja").decide("kasubag-ptip").published(),
    ),
)
