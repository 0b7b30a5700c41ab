"""Somebody with push right to the office server and keys of their own choice, at work with plain ``git`` and ``ssh-keygen``.

Everything is made as objects in one bare repository (the workshop); nothing of ``pipeline`` is used. A commit is dated one
minute after its latest parent unless told otherwise, and ed25519 signatures are deterministic, so the same action gives
the same commit wherever it is taken.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

Entry = tuple[str, str]
"""Mode and object of one entry of a tree."""
MAIN: Final = "refs/heads/main"
DOCUMENTS: Final = ("content", "drafts", "review", "records")
DOCUMENT: Final = "2026bbbbbb"
PATH: Final = "berita/2026/sidang-keliling-di-wanayasa"
PAGE: Final = "layanan/jam-layanan"
PAGE_ID: Final = "2026aaaaaa"
TEXT: Final = """---
id: {id}
title: Sidang keliling di Wanayasa
tanggal: 2026-01-05
description: Warga mengikuti sidang di kecamatan tanpa perjalanan jauh ke kota.
---

Pengadilan menggelar sidang di luar gedung agar layanan lebih dekat dengan warga.
"""
DAY: Final = 86_400
_MINUTE: Final = 60


@dataclass
class Workshop:
    """A bare repository full of objects, and the moment from which its history runs (seconds)."""

    folder: Path
    keys: Path
    start: int
    main: str = ""
    unopened: str = ""
    times: dict[str, int] = field(default_factory=dict)
    known: dict[object, str] = field(default_factory=dict)

    def git(self, *words: str, given: bytes = b"", **environment: str) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            input=given,
            capture_output=True,
            check=True,
            env={**os.environ, **environment},
        )
        return done.stdout.decode().rstrip("\n")

    def once(self, key: object, made: Callable[[], str]) -> str:
        """What ``made`` gives, made once: objects are named by their content."""
        if key not in self.known:
            self.known[key] = made()
        return self.known[key]

    def blob(self, data: bytes) -> str:
        return self.once(("blob", data), lambda: self.git("hash-object", "-w", "--stdin", given=data))

    def object_at(self, name: str) -> str:
        return self.once(("id", name), lambda: self.git("rev-parse", "--verify", name))

    def read(self, name: str) -> str:
        """The text of a file."""
        return self.once(("text", name), lambda: self.git("cat-file", "blob", name) + "\n")

    def message(self, commit: str) -> str:
        return self.git("cat-file", "commit", commit).partition("\n\n")[2]

    def public(self, key: str) -> str:
        """The public half of a key, one line."""
        return (self.keys / f"{key}.pub").read_text("utf-8").strip()

    def signed(self, key: str, purpose: str, data: bytes) -> bytes:
        """A signature by ssh-keygen for another purpose than Git's."""
        words = ["ssh-keygen", "-q", "-Y", "sign", "-n", purpose, "-f", str(self.keys / key)]
        return subprocess.run(words, input=data, capture_output=True, check=True).stdout

    def files(self, root: str, folder: str) -> dict[str, Entry]:
        """Every file below a folder, by its path below it."""
        lines = self.once(("files", root, folder), lambda: self.git("ls-tree", "-r", "-z", f"{root}:{folder}"))
        rows = (line.split("\t", 1) for line in lines.split("\0") if line)
        return {name: (facts.split()[0], facts.split()[2]) for facts, name in rows}

    def changed(self, root: str, changes: Mapping[str, bytes | Entry | None]) -> str:
        """The tree ``root`` with files replaced (bytes, or mode and object) or removed (None)."""
        entries = {name: ("100644", self.blob(e)) if isinstance(e, bytes) else e for name, e in changes.items()}
        return self.once(("tree", root, tuple(entries.items())), lambda: self._changed(root, entries))

    def _changed(self, root: str, entries: Mapping[str, Entry | None]) -> str:
        rows = [f"{'0 ' + '0' * 40 if e is None else ' '.join(e)}\t{name}\0" for name, e in entries.items()]
        with tempfile.TemporaryDirectory() as scratch:
            index = {"GIT_INDEX_FILE": f"{scratch}/index"}
            self.git("read-tree", root, **index)
            self.git("update-index", "-z", "--index-info", given="".join(sorted(rows)).encode(), **index)
            return self.git("write-tree", "--missing-ok", **index)

    def moved(self, root: str, source: str, target: str) -> str:
        """The tree ``root`` with a folder at another place."""
        found = self.files(root, source)
        gone = {f"{source}/{name}": None for name in found}
        return self.changed(root, {**gone, **{f"{target}/{name}": entry for name, entry in found.items()}})

    def with_folder(self, root: str, path: str, *entries: Entry) -> str:
        """The tree ``root`` with the last name of ``path`` written as ``entries``: several, odd ones, or none."""
        first, _, rest = path.partition("/")
        found = self.git("ls-tree", "-z", root).split("\0") if root else []
        kept = [(line.split("\t", 1)[1], *line.split("\t", 1)[0].split()[::2]) for line in found if line]
        rows = [(n.encode(), m.lstrip("0").encode(), o) for n, m, o in kept if n != first]
        if rest:
            below = next((o for n, _, o in kept if n == first), "")
            rows.append((first.encode(), b"40000", self.with_folder(below, rest, *entries)))
        else:
            rows += [(first.encode(), mode.encode(), oid) for mode, oid in entries]
        rows.sort(key=lambda row: row[0] + (b"/" if row[1] == b"40000" else b""))
        data = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for name, mode, oid in rows)
        return self.git("hash-object", "-w", "-t", "tree", "--literally", "--stdin", given=data)

    def reduced(self, commit: str) -> str:
        """The tree of a commit without the folders of documents: what an approval of policy names."""
        rows = self.git("ls-tree", "-z", commit).split("\0")
        kept = [row for row in rows if row and row.split("\t")[1] not in DOCUMENTS]
        return self.git("mktree", "-z", given="\0".join([*kept, ""]).encode())

    def blended(self, main: str, tip: str) -> str:
        """Main's documents, and everything else from ``tip``."""
        ours, theirs = (self.git("ls-tree", "-z", commit).split("\0")[:-1] for commit in (main, tip))
        rows = [row for row in ours if row.split("\t")[1] in DOCUMENTS]
        rows += [row for row in theirs if row.split("\t")[1] not in DOCUMENTS]
        return self.git("mktree", "-z", given="\0".join([*rows, ""]).encode())


class Attacker:
    """One way to take, from the submitted document on. Each method is one step; ``land`` and its like give refspecs.

    ``before`` are references that the server already has when the attack begins, main among them; ``opened`` says whether
    the office is open there. ``on_server`` and ``at_desk`` are files below the Git folder of the server and of the
    publisher's clone, which also has the ``objects``. ``branch`` is the document's branch before it was merged by hand.
    """

    def __init__(self, shop: Workshop) -> None:
        self._arrive(shop)
        self.be("admin").draft().submit()
        self.before[self.ref] = self.tip

    @classmethod
    def outside(cls, shop: Workshop) -> Attacker:
        """Somebody who stands nowhere yet and signs nothing."""
        hand = cls.__new__(cls)
        hand._arrive(shop)
        return hand.be("admin", key="")

    def _arrive(self, shop: Workshop) -> None:
        self.shop = shop
        self.before: dict[str, str] = {MAIN: shop.main}
        self.on_server: dict[str, str] = {}
        self.at_desk: dict[str, str] = {}
        self.objects: list[str] = []
        self.opened = True
        self.branch = self.tip = self.policy = ""
        self.path, self.identity, self.shelf = PATH, DOCUMENT, "drafts"

    # -- who --

    def be(self, person: str, *, key: str | None = None, mail: str = "", author: str = "") -> Attacker:
        """Write as ``person`` (or in the name of an ``author``) and sign with their key, another one, or none (empty)."""
        self.person, self.mail = person, mail or f"{person}@kantor.invalid"
        self.author = f"{author}@kantor.invalid" if author else self.mail
        self.key = person if key is None else key
        return self

    # -- one commit --

    @property
    def main(self) -> str:
        return self.before[MAIN]

    def at(self, commit: str) -> Attacker:
        self.tip = commit
        return self

    def back_to(self, commit: str) -> Attacker:
        """Stand on a commit of the submitted document again."""
        self.path, self.identity, self.shelf = PATH, DOCUMENT, "review"
        return self.at(commit)

    def date(self, day: int) -> int:
        """So many days after the office was opened, about noon."""
        return self.shop.start + day * DAY

    def day(self) -> str:
        """The day of the commit here."""
        return time.strftime("%Y-%m-%d", time.gmtime(self.shop.times[self.tip]))

    def commit(self, tree: str = "", text: str = "Ubah", *, parents: Sequence[str] | None = None, when: int = 0) -> str:
        """Write one commit here (or on ``parents``, which may be none) and stand on it."""
        before = (self.tip,) if parents is None else tuple(parents)
        tree = tree or self.shop.object_at(f"{self.tip}^{{tree}}")
        when = when or max((self.shop.times[parent] for parent in before), default=self.shop.start) + _MINUTE
        key = (tree, text, before, when, self.person, self.mail, self.author, self.key)
        self.tip = self.shop.once(("commit", *key), lambda: self._commit(tree, text, before, when))
        self.shop.times[self.tip] = when
        return self.tip

    def _commit(self, tree: str, text: str, parents: Sequence[str], when: int) -> str:
        who = {
            f"GIT_{role}_{what}": value
            for role, mail in (("AUTHOR", self.author), ("COMMITTER", self.mail))
            for what, value in (("NAME", self.person), ("EMAIL", mail), ("DATE", f"@{when} +0700"))
        }
        signing = ["-c", "gpg.format=ssh", "-c", f"user.signingkey={self.shop.keys / self.key}"] if self.key else []
        words = [*signing, "commit-tree", *(["-S"] if self.key else []), "-m", text]
        return self.shop.git(*words, *(word for p in parents for word in ("-p", p)), tree, **who)

    def raw(self, data: bytes) -> str:
        """A commit made of any bytes, standing on it; dated as the one before."""
        when = self.shop.times[self.tip]
        self.tip = self.shop.git("hash-object", "-t", "commit", "-w", "--stdin", given=data)
        self.shop.times[self.tip] = when
        return self.tip

    def payload(self, commit: str = "") -> bytes:
        """The bytes of a commit."""
        return self.shop.git("cat-file", "commit", commit or self.tip).encode() + b"\n"

    def write(self, changes: Mapping[str, bytes | Entry | None], text: str = "Ubah", *, when: int = 0) -> Attacker:
        self.commit(self.shop.changed(f"{self.tip}^{{tree}}", changes), text, when=when)
        return self

    # -- a document --

    @property
    def ref(self) -> str:
        return f"refs/heads/naskah/{self.identity}"

    @property
    def text(self) -> str:
        return self.shop.read(f"{self.tip}:{self.shelf}/{self.path}/index.md")

    @property
    def tree(self) -> str:
        """The id of the document's folder as it stands here."""
        return self.shop.object_at(f"{self.tip}:{self.shelf}/{self.path}")

    def draft(self, by: str = "admin", *, path: str = PATH, identity: str = DOCUMENT) -> Attacker:
        """Begin a document on top of main; the server has not seen it yet."""
        self.path, self.identity, self.shelf = path, identity, "drafts"
        self.before.pop(self.ref, None)
        self.be(by).at(self.main)
        return self.file("index.md", TEXT.format(id=identity).encode())

    def reopen(self, *, when: int = 0) -> Attacker:
        """Begin a new edition of the published page."""
        self.path, self.identity, self.shelf = PAGE, PAGE_ID, "content"
        return self.be("admin").at(self.main).move("drafts", when=when)

    def file(self, name: str, data: bytes | Entry | None, *, when: int = 0) -> Attacker:
        """Write one file of the document."""
        return self.write({f"{self.shelf}/{self.path}/{name}": data}, when=when)

    def edit(
        self, by: str, old: str = "", new: str = "Kegiatan berlangsung dengan tertib.", *, when: int = 0
    ) -> Attacker:
        """Change the document's text: replace ``old``, or add a line."""
        self.be(by)
        text = self.text.replace(old, new) if old else f"{self.text}\n{new}\n"
        return self.file("index.md", text.encode(), when=when)

    def move(self, shelf: str, *, when: int = 0) -> Attacker:
        """Move the document to another shelf."""
        root = self.shop.object_at(f"{self.tip}^{{tree}}")
        tree = self.shop.moved(root, f"{self.shelf}/{self.path}", f"{shelf}/{self.path}")
        self.shelf = shelf
        self.commit(tree, f"Ke {shelf}", when=when)
        return self

    def submit(self, by: str = "admin", *, when: int = 0) -> Attacker:
        return self.be(by).move("review", when=when)

    def approve(self, *people: str) -> Attacker:
        """Each of these people approves in the role of their own name."""
        for person in people:
            self.be(person).decide(person)
        return self

    def decide(self, role: str, *, when: int = 0, **changes: str) -> Attacker:
        """A decision as approvals.md writes it, in a role that may or may not be one's own."""
        trailers = {
            "Id": self.identity,
            "Dokumen": self.path,
            "Sidik": self.tree,
            "Peran": role,
            "Keputusan": "disetujui",
        } | changes
        self.commit(text="Keputusan\n\n" + lines(trailers), when=when)
        return self

    def land(
        self,
        *,
        by: str = "penerbit",
        key: str | None = None,
        spoil: Mapping[str, bytes | Entry | None] | None = None,
        when: int = 0,
    ) -> list[str]:
        """Move the document to its place, merge it into main by hand (with ``spoil`` added) and end its branch."""
        self.branch = self.tip
        self.be(by).move("content", when=when)
        return self.merge(key=key, spoil=spoil, when=when)

    def merge(
        self,
        *,
        key: str | None = None,
        spoil: Mapping[str, bytes | Entry | None] | None = None,
        tree: str = "",
        when: int = 0,
    ) -> list[str]:
        """Merge what stands here into main: main's tree with the document's folder replaced."""
        if not tree:
            place = f"{self.shelf}/{self.path}"
            old = self.shop.files(self.main, place) if self.exists(self.main, place) else {}
            gone = {f"{place}/{name}": None for name in old}
            new = {f"{place}/{name}": entry for name, entry in self.shop.files(self.tip, place).items()}
            tree = self.shop.changed(f"{self.main}^{{tree}}", {**gone, **new, **(spoil or {})})
        self.key = self.person if key is None else key
        self.commit(tree, "Terbit", parents=[self.main, self.tip], when=when)
        return [f"{self.tip}:{MAIN}", *([f":{self.ref}"] if self.ref in self.before else [])]

    def exists(self, commit: str, path: str) -> bool:
        return bool(self.shop.once(("there", commit, path), lambda: self.shop.git("ls-tree", commit, path)))

    def so_far(self) -> Attacker:
        """What stands on main now is what the server already has."""
        self.before[MAIN] = self.tip
        return self

    # -- policy --

    def propose(self, name: str, changes: Mapping[str, bytes | None], *, when: int = 0) -> Attacker:
        """Begin a proposal of policy on top of main."""
        self.policy = name
        text = f"Aturan: {name}\n\nKebijakan: {name}"
        return self.be("pranata-komputer").at(self.main).write(changes, text, when=when)

    def consent(self, *people: str, role: str = "") -> Attacker:
        """Each of these people approves the proposal as it stands."""
        for person in people:
            trailers = {"Kebijakan": self.policy, "Sidik": self.shop.reduced(self.tip)}
            trailers |= {"Peran": role or person, "Keputusan": "disetujui"}
            self.be(person).commit(text="Keputusan\n\n" + lines(trailers))
        return self

    def enact(self, by: str = "penerbit") -> list[str]:
        """Merge the proposal into main: main's documents, everything else of the proposal."""
        tree = self.shop.blended(self.main, self.tip)
        self.be(by).commit(tree, "Aturan berlaku", parents=[self.main, self.tip])
        return [f"{self.tip}:{MAIN}"]

    # -- taking a page down --

    def withdraw(self, by: str, path: str = PAGE, **changes: str) -> Attacker:
        """Sign, on top of main, that a page is taken down."""
        self.be(by).at(self.main)
        self.path, self.identity, self.shelf = path, PAGE_ID, "content"
        return self.decide(by, **{"Keputusan": "ditarik", "Alasan": "Jam layanan pada halaman ini keliru."} | changes)

    def take_down(self, path: str = PAGE, *, spoil: Mapping[str, bytes] | None = None) -> list[str]:
        """Merge a withdrawal into main: main's tree without the page."""
        gone = {f"content/{path}/{name}": None for name in self.shop.files(self.main, f"content/{path}")}
        tree = self.shop.changed(f"{self.main}^{{tree}}", {**gone, **(spoil or {})})
        self.be("penerbit").commit(tree, "Ditarik", parents=[self.main, self.tip])
        return [f"{self.tip}:{MAIN}"]


def lines(trailers: Mapping[str, str]) -> str:
    """Trailers as a message carries them; an empty one is left out."""
    return "\n".join(f"{name}: {value}" for name, value in trailers.items() if value)
