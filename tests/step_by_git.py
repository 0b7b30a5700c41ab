"""Steps of main that are no publication, made with plain Git and real keys: a page taken down, a change of policy.

Like ``way_by_git``: none of our own code makes a commit, and the package claims whatever was made.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kantor import git
from way_by_git import Way

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE: Final = "layanan/jam"
PAGE_ID: Final = "2026jamjam"
PAGE_TEXT: Final = f"---\nid: {PAGE_ID}\ntitle: Jam layanan\n---\n\nSenin sampai Jumat.\n"
SITE: Final = "office/site.yml"
HOLIDAYS: Final = "office/holidays.yml"
DOCUMENTS: Final = ("drafts", "review", "content", "records")


class Step(Way):
    """One step of main besides publications."""

    table = "policies"
    paths: tuple[str, ...] = (SITE,)

    def stocked(self) -> Step:
        """Main with a page that has an id, and a branch from it."""
        git(self.folder, "switch", "--quiet", "main")
        (self.folder / "content" / PAGE / "index.md").write_text(PAGE_TEXT, "utf-8")
        self.commit("penerbit", "Halaman")
        self.chain.clear()
        git(self.folder, "switch", "--quiet", "--force-create", "naskah")
        return self

    def merged(self, tree: str) -> Step:
        options = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={self.keys / 'penerbit'}"]
        words = [*options, "commit-tree", "-S", "-p", "main", "-p", self.chain[-1], "-m", "Gabung", tree]
        self.merge = git(self.folder, *words, **self.environment("penerbit", self.now))
        return self

    # -- a page taken down --

    def withdrawn(self, person: str, role: str = "", *, beside: str = "", **trailers: str) -> Step:
        """One signed decision on top of main, and the merge that leaves the page out."""
        self.table = "withdrawals"
        said = {
            "Id": PAGE_ID,
            "Dokumen": PAGE,
            "Sidik": git(self.folder, "rev-parse", f"main:content/{PAGE}"),
            "Peran": role or person,
            "Keputusan": "ditarik",
            "Alasan": "jam layanan berubah",
            **trailers,
        }
        lines = "\n".join(f"{name}: {value}" for name, value in said.items() if value)
        self.commit(person, f"Keputusan: ditarik\n\n{lines}")
        self.approvals.append((self.chain[-1], person))
        (self.folder / "content" / PAGE / "index.md").unlink()
        if beside:
            (self.folder / beside).write_text("lain\n", "utf-8")
        git(self.folder, "add", "--all")
        return self.merged(git(self.folder, "write-tree"))

    # -- a change of policy --

    def proposed(self, person: str, path: str = SITE) -> Step:
        place = self.folder / path
        place.write_text(place.read_text("utf-8") + "# diubah\n", "utf-8")
        self.paths = (path,)
        self.commit(person, "Aturan: Ubah\n\nKebijakan: ubah")
        return self

    def agreed(self, person: str, role: str = "", **trailers: str) -> Step:
        said = {
            "Kebijakan": "ubah",
            "Sidik": self.reduced(),
            "Peran": role or person,
            "Keputusan": "disetujui",
        } | trailers
        lines = "\n".join(f"{name}: {value}" for name, value in said.items())
        self.commit(person, f"Keputusan: disetujui\n\n{lines}")
        self.approvals.append((self.chain[-1], person))
        return self

    def reduced(self) -> str:
        """The id of everything but documents, as Git makes it."""
        rows = [row for row in git(self.folder, "ls-tree", "HEAD").splitlines() if row.split("\t")[1] not in DOCUMENTS]
        done = subprocess.run(
            ["git", "mktree"], cwd=self.folder, input="\n".join(rows), capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def landed(self, *, beside: str = "") -> Step:
        if beside:
            (self.folder / beside).write_text("lain\n", "utf-8")
        git(self.folder, "add", "--all")
        return self.merged(git(self.folder, "write-tree"))

    # -- the package that claims it --

    def package(self, like: dict[str, Any]) -> dict[str, Any]:
        base = super().claims(like)
        held = [
            {**self.claim(commit, person), "stands_for": "", "stands_for_label": ""}
            for commit, person in self.approvals
        ]
        if self.table == "withdrawals":
            own = {"document": PAGE, "id": PAGE_ID, "title": "Jam layanan", "withdrawn": self.time(self.merge)}
            row = {**own, "merge": self.merge, "chain": self.chain, "decision": held[0]}
        else:
            own = {
                "name": "ubah",
                "summary": "Aturan: Ubah",
                "paths": [*self.paths],
                "everyday": self.paths == (HOLIDAYS,),
            }
            row = {**own, "merge": self.merge, "changed": self.time(self.merge), "chain": self.chain, "approvals": held}
        return {**base, self.table: [row]}


@dataclass(frozen=True)
class Case:
    """A step, and why the page must find it wrong; an empty reason is a legal step."""

    name: str
    reason: str
    go: Callable[[Step], object]


PK: Final = "pranata-komputer"

CASES: Final = (
    Case("legal: taken down by the Redaktur", "", lambda s: s.stocked().withdrawn("redaktur")),
    Case("taken down by who may not", "tidak berwenang", lambda s: s.stocked().withdrawn("admin")),
    Case("taken down in a role not held", "tidak berwenang", lambda s: s.stocked().withdrawn("admin", "ketua")),
    Case("taken down by a machine", "tidak berwenang", lambda s: s.stocked().withdrawn("penerbit", "ketua")),
    Case("taken down without a reason", "tidak menyebut alasan", lambda s: s.stocked().withdrawn("ketua", Alasan="")),
    Case("taken down as other bytes", "isi yang berbeda", lambda s: s.stocked().withdrawn("ketua", Sidik="0" * 40)),
    Case("taken down under another id", "naskah lain", lambda s: s.stocked().withdrawn("ketua", Id="2026xxxxxx")),
    Case("something else taken along", "hal lain", lambda s: s.stocked().withdrawn("ketua", beside=SITE)),
    Case("legal: policy with its quorum", "", lambda s: s.proposed(PK).agreed(PK).agreed("kasubag-ptip").landed()),
    Case("legal: a superior signs for a seat", "", lambda s: s.proposed("admin").agreed(PK).agreed("ketua").landed()),
    Case("legal: everyday data", "", lambda s: s.proposed(PK, HOLIDAYS).agreed(PK).landed()),
    Case("half a quorum", "belum disetujui Kasubag PTIP", lambda s: s.proposed(PK).agreed(PK).landed()),
    Case("nobody signed policy", "belum disetujui", lambda s: s.proposed(PK).landed()),
    Case("two who fill one seat", "belum disetujui", lambda s: s.proposed(PK).agreed("admin").agreed(PK).landed()),
    Case("one person in both seats", "menyetujui dua kali", lambda s: s.proposed(PK).agreed(PK).agreed(PK).landed()),
    Case("a role that is not held", "tidak menjabat", lambda s: s.proposed(PK).agreed(PK, "kasubag-ptip").landed()),
    Case("a machine signs policy", "tidak menjabat", lambda s: s.proposed(PK).agreed("penerbit", PK).landed()),
    Case(
        "policy edited after the signatures",
        "belum disetujui",
        lambda s: s.proposed(PK).agreed(PK).agreed("kasubag-ptip").proposed(PK).landed(),
    ),
    Case(
        "a signature over other policy",
        "isi usulan yang berbeda",
        lambda s: s.proposed(PK).agreed(PK).agreed("kasubag-ptip", Sidik="0" * 40).landed(),
    ),
    Case(
        "a signature of another proposal",
        "usulan lain",
        lambda s: s.proposed(PK).agreed(PK).agreed("kasubag-ptip", Kebijakan="lain").landed(),
    ),
    Case(
        "another policy in force than signed",
        "berbeda dari yang disetujui",
        lambda s: s.proposed(PK).agreed(PK).agreed("kasubag-ptip").landed(beside="mkdocs.yml"),
    ),
    Case(
        "a document in the same step",
        "juga mengubah naskah",
        lambda s: s.proposed(PK).agreed(PK).agreed("kasubag-ptip").landed(beside="content/layanan/jam/index.md"),
    ),
)
