"""The door to Git, and the only importer of GitPython: read commits and trees, write objects, move branches.

What is written is objects first; then ``move`` swaps branches from an expected old value, all or nothing. Nothing here
touches HEAD, the index or a working tree except ``refresh``, which follows main like a fast-forward and gives up rather
than overwrite. Where a clone has an office server (the remote ``origin``), branches are the server's, read as of the
last ``sync`` and moved by an atomic push; without one they are this repository's own.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Final

import git
from gitdb import IStream

from pipeline.errors import ConfigurationError, PipelineError, Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

SERVER: Final = "origin"
_TREE: Final = 0o040000
_FILE: Final = 0o100644
LOST: Final = "refs/redaksi/hilang/"
"""Where a clone keeps documents' branches that vanished from the office server."""
REPLACES: Final = "Menggantikan"
"""The trailer of a commit that begins a document anew: the tip of the branch whose place it takes."""
_DOCUMENTS: Final = "naskah/"
_EMPTY_TREE: Final = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_NO_NAMES: Final = frozenset({b"", b".", b"..", b".git"})
_PLAIN: Final = frozenset({0o100644, 0o100755, 0o100664})
WARNING: Final = "Peringatan: "
"""How the office server begins a sentence that its caller must read although the push was taken in."""
_REASON: Final = re.compile(r"\[(?P<code>[a-z0-9-]+)\] (?P<message>.+)")
_ASK: Final = "Tidak ada yang berubah. Mintalah Pranata Komputer memeriksa server kantor."
_ENVIRONMENT: Final = {
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_CONFIG_COUNT": "1",
    "GIT_CONFIG_KEY_0": "core.commitGraph",  # a file of this clone alone, which could tell another history
    "GIT_CONFIG_VALUE_0": "false",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
    "GIT_PAGER": "cat",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who writes a commit, and the key that signs it: a private key file, or a public key that the ssh-agent holds.

    ``unlock`` is called before each signature and gives what the signing process must find in its environment.
    """

    name: str
    email: str
    key: str
    unlock: Callable[[], Mapping[str, str]] = dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """A commit as stored. ``payload`` is what its signature covers; ``signature`` is empty when it has none."""

    id: str
    tree: str
    parents: tuple[str, ...]
    author: str
    committer: str
    time: datetime
    message: str
    payload: bytes
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One path that a commit changed against its first parent; modes as numbers, None where it did not exist."""

    path: str
    mode: int | None
    before: str | None
    after: str | None

    @property
    def is_folder(self) -> bool:
        """Whether it is (or was) a tree."""
        return self.mode == _TREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a tree."""

    name: str
    mode: int
    id: str

    @property
    def is_folder(self) -> bool:
        """Whether the entry is a tree."""
        return self.mode == _TREE


@dataclass(frozen=True, slots=True, kw_only=True)
class BranchMove:
    """A branch from its expected ``old`` commit (None: must not exist) to ``new`` (None: removed).

    ``branch`` may also be a whole reference beside the branches (``refs/simpan/...``).
    """

    branch: str
    old: str | None
    new: str | None

    @property
    def ref(self) -> str:
        """The whole name."""
        return self.branch if self.branch.startswith("refs/") else f"refs/heads/{self.branch}"


class Repository:
    """A clone of the office's repository."""

    def __init__(self, repo: git.Repo) -> None:
        self._repo = repo
        repo.git.update_environment(**_ENVIRONMENT)
        self.has_server = not repo.bare and any(remote.name == SERVER for remote in repo.remotes)
        self.remarks: list[str] = []  # warnings of the office server about what it took in

    @classmethod
    def open(cls, folder: Path) -> Repository:
        """The repository that ``folder`` lies in; ``ConfigurationError`` if there is none."""
        try:
            return cls(git.Repo(folder, search_parent_directories=True, odbt=git.GitCmdObjectDB))
        except (git.InvalidGitRepositoryError, git.NoSuchPathError) as error:
            raise ConfigurationError(
                f"Folder {folder} bukan bagian dari repositori kantor.",
                hint="Pindah ke folder situs, atau sebutkan foldernya dengan -C FOLDER.",
            ) from error

    @property
    def root(self) -> Path:
        """The folder that holds the working tree; for a bare repository, the repository itself."""
        return Path(self._repo.working_tree_dir or self._repo.git_dir)

    @property
    def private(self) -> Path:
        """A folder of this clone alone for what is nobody else's business (what was read last, locks)."""
        folder = Path(self._repo.common_dir) / "redaksi"
        folder.mkdir(exist_ok=True)
        return folder

    def head(self) -> str | None:
        """The commit that the working folder stands on, None if there is none."""
        return self._repo.head.commit.hexsha if self._repo.head.is_valid() else None

    def changed_files(self) -> dict[str, bytes | None]:
        """Files of the working folder that differ from what it stands on, new ones included (None: removed)."""
        changed = str(self._repo.git.diff("HEAD", "--name-only", "-z", "--no-renames", "--no-ext-diff"))
        new = str(self._repo.git.ls_files("--others", "--exclude-standard", "-z"))
        names = [name for name in (changed + "\0" + new).split("\0") if name]
        return {name: _bytes_of(self.root / name) for name in names}

    @property
    def is_bare(self) -> bool:
        """Whether it is an office server: branches and objects, no working tree."""
        return bool(self._repo.bare)

    @property
    def hooks(self) -> Path:
        """The folder in which Git looks for the programs that guard this repository."""
        return Path(self._repo.common_dir) / str(self._repo.git.rev_parse("--git-path", "hooks"))

    def close(self) -> None:
        """Stop the Git processes that were kept open."""
        self._repo.close()

    def identity(self) -> str:
        """The e-mail address of Git's own configuration; empty if there is none."""
        return str(self._repo.config_reader().get_value("user", "email", default=""))

    def setting(self, name: str) -> str:
        """What the repository's own configuration says of ``name`` (``receive.maxInputSize``); empty if nothing."""
        words = ["git", "config", "--local", "--default", "", "--get", name]
        return str(self._repo.git.execute(words))

    def configure(self, name: str, value: str) -> None:
        """Write one line of the repository's own configuration, in place of what it says now."""
        self._repo.git.execute(["git", "config", "--local", "--replace-all", name, value])

    def is_shallow(self) -> bool:
        """Whether history was cut off, so that nothing can be proven."""
        return Path(self._repo.common_dir, "shallow").exists()

    def disguises(self) -> tuple[str, ...]:
        """What makes Git show another history than the one that is stored, or read it from elsewhere; empty if nothing."""
        files = ("shallow", "info/grafts", "objects/info/alternates", "objects/info/http-alternates")
        found = [name for name in files if Path(self._repo.common_dir, name).exists()]
        return (*found, *self.refs("refs/replace"))

    def is_grafted(self) -> bool:
        """Whether this clone's history was spliced by a file of its own, which no other clone sees."""
        grafts = Path(self._repo.common_dir, "info", "grafts")
        return grafts.exists() and bool(grafts.read_bytes().strip())

    # -- reading --

    def sync(self) -> None:
        """Fetch the office server's branches; without a server nothing happens."""
        if not self.has_server:
            return
        here = f"refs/remotes/{SERVER}/"
        before = self.refs(here)
        self._ask("fetch", "--prune", "--no-tags", "--quiet", SERVER, f"+refs/heads/*:{here}*")
        self._keep_lost(before, self.refs(here, LOST), here + _DOCUMENTS)

    def _ask(self, *command: str) -> str:
        """What a Git command that speaks with the office server says."""
        try:
            return str(self._repo.git.execute(["git", *command]))
        except git.GitCommandError as error:
            raise PipelineError(
                "Server kantor tidak dapat dihubungi, jadi keadaan terbaru tidak diketahui.",
                hint="Periksa jaringan kantor, lalu ulangi. Tidak ada yang berubah.",
            ) from error

    # -- what would be lost, and what is kept beside the branches --

    def _keep_lost(self, before: Mapping[str, str], after: Mapping[str, str], documents: str) -> None:
        """Hold on to documents' branches that vanished from the server and went nowhere; let go of those that are back."""
        for ref, tip in before.items():
            if ref.startswith(documents) and ref not in after and not self._went_on(tip, before, after):
                self.hold(LOST + ref.removeprefix(documents), tip)
        for ref in after:
            if ref.startswith(LOST) and documents + ref.removeprefix(LOST) in after:
                self.hold(ref, None)

    def _went_on(self, tip: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
        """Whether a commit lies on a branch that is still there, or one that just came says that it takes its place."""
        there = "".join(f"^{other}\n" for other in after.values())
        if not self._piped(["rev-list", "--max-count=1", "--stdin"], f"{tip}\n{there}"):
            return True
        fresh = "".join([*(f"{new}\n" for new in after.values()), *(f"^{old}\n" for old in before.values())])
        search = ["rev-list", "--max-count=1", "--fixed-strings", f"--grep={REPLACES}: {tip}", "--stdin"]
        return bool(self._piped(search, fresh))

    def hold(self, ref: str, commit: str | None) -> None:
        """Let a reference of this clone alone (``refs/redaksi/...``) keep a commit alive; None lets go of it."""
        self._repo.git.update_ref(*([ref, commit] if commit else ["-d", ref]))

    def beside(self, prefix: str) -> dict[str, str]:
        """References beside the branches (``refs/simpan/...``) as the office has them now, by their whole name."""
        if not self.has_server:
            return self.refs(prefix)
        lines = self._ask("ls-remote", "--quiet", SERVER, f"{prefix.rstrip('/')}/*")
        return {line[41:]: line[:40] for line in lines.split("\n") if line}

    def obtain(self, refs: Collection[str]) -> None:
        """Fetch what these references of the office server hold; no reference of this clone changes."""
        if self.has_server and refs:
            self._ask("fetch", "--no-tags", "--no-write-fetch-head", "--quiet", SERVER, *refs)

    def tip(self, branch: str) -> str | None:
        """The commit of a branch, None if there is no such branch."""
        return self.tips(branch).get(branch)

    def tips(self, prefix: str) -> dict[str, str]:
        """Branches whose name is ``prefix`` or lies below it (``naskah``), each with its commit."""
        shelf = self._ref("")
        lines = self._repo.git.for_each_ref("--format=%(objectname) %(refname)", shelf + prefix.rstrip("/"))
        return {line[41 + len(shelf) :]: line[:40] for line in lines.split("\n") if line}

    def refs(self, *prefixes: str) -> dict[str, str]:
        """References of this repository itself by their full name: those of ``prefixes`` and what lies below them."""
        lines = self._repo.git.for_each_ref("--format=%(objectname) %(refname)", *prefixes)
        return {line[41:]: line[:40] for line in lines.split("\n") if line}

    def _ref(self, branch: str) -> str:
        return f"refs/remotes/{SERVER}/{branch}" if self.has_server else f"refs/heads/{branch}"

    def tree_id(self, commit: str, path: str = "") -> str | None:
        """The tree id of a folder in a commit, None if it is not there."""
        return self._object_id(f"{commit}:{path}" if path else f"{commit}^{{tree}}", "tree")

    def read(self, commit: str, path: str) -> bytes | None:
        """The bytes of a file in a commit, None if it is not there."""
        oid = self._object_id(f"{commit}:{path}", "blob")
        return None if oid is None else self._bytes(oid)

    def files(self, commit: str, path: str) -> dict[str, bytes]:
        """Every plain file below a folder of a commit, by its path below that folder; empty if there is no folder."""
        tree = self.tree_id(commit, path)
        return {} if tree is None else self.files_of_tree(tree)

    def files_of_tree(self, tree: str) -> dict[str, bytes]:
        """Every plain file below a tree, by its path below it; symlinks and submodules are never followed or read."""
        return {name: self._bytes(entry.id) for name, entry in self._walk(tree) if entry.mode in _PLAIN}

    def files_below(self, tree: str, path: str) -> dict[str, bytes]:
        """Every plain file below a folder of a tree, by its whole path; empty if there is no folder."""
        found = self._object_id(f"{tree}:{path}", "tree")
        return {} if found is None else {f"{path}/{name}": data for name, data in self.files_of_tree(found).items()}

    def entries(self, tree: str) -> tuple[Entry, ...]:
        """The direct entries of a tree; ``Refused`` where Git itself would not have written it so."""
        return parse_tree(self._bytes(tree))

    def paths(self, commit: str, path: str = "") -> list[str]:
        """The path of every entry that is no folder, below a folder of a commit."""
        tree = self.tree_id(commit, path)
        return [] if tree is None else [name for name, _ in self._walk(tree)]

    def _walk(self, tree: str, prefix: str = "") -> Iterator[tuple[str, Entry]]:
        for entry in self.entries(tree):
            if entry.is_folder:
                yield from self._walk(entry.id, f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name, entry

    def commit(self, commit: str) -> Commit:
        """One commit."""
        return parse_commit(commit, self._bytes(commit))

    def commits(self, ids: Sequence[str]) -> dict[str, Commit]:
        """Many commits from one process."""
        found = self.objects(ids)
        return {commit: parse_commit(commit, data) for commit, data in found.items() if data is not None}

    def objects(self, names: Sequence[str]) -> dict[str, bytes | None]:
        """The bytes of many objects by name (an id, or ``commit:path``) from one process; None for what is not there."""
        stream = BytesIO(self._piped(["cat-file", "--batch"], "".join(f"{name}\n" for name in names)))
        return {name: _batched(stream) for name in names}

    def ids(self, names: Sequence[str]) -> dict[str, str | None]:
        """The ids of many objects by name from one process; None for what is not there."""
        lines = (
            self._piped(["cat-file", "--batch-check"], "".join(f"{name}\n" for name in names)).decode().split("\n")[:-1]
        )
        return {
            name: None if line.endswith(" missing") else line.split(" ", 1)[0]
            for name, line in zip(names, lines, strict=True)
        }

    def first_parents(self, commit: str) -> Iterator[str]:
        """The commit, its first parent, that one's first parent, and so on to the root."""
        yield from self._repo.git.rev_list("--first-parent", commit).split()

    def mentioning(self, commit: str, trailer: str) -> list[str]:
        """Commits on the first-parent way to ``commit`` whose message has a line ``trailer: ...``, oldest first."""
        found = self._repo.git.rev_list("--first-parent", "--reverse", f"--grep=^{trailer}: ", commit)
        return str(found).split()

    def is_commit(self, name: str) -> bool:
        """Whether ``name`` is a commit itself: no tag, no file, no folder."""
        return self._object_id(name, "commit") is not None

    def is_ancestor(self, commit: str, later: str) -> bool:
        """Whether ``later`` is ``commit`` or descends from it."""
        return not self.between([commit], later)

    def sizes(self, tree: str) -> dict[str, int]:
        """The bytes of every file below a tree, by its path below it; a submodule counts none. One process."""
        lines = self._repo.git.ls_tree("-r", "-l", "-z", "--full-tree", tree).split("\0")
        rows = [line.partition("\t")[::2] for line in lines if line]
        return {path: int(size) if (size := facts.split()[3]).isdigit() else 0 for facts, path in rows}

    def weights(self, ids: Sequence[str]) -> dict[str, int]:
        """The bytes of many objects from one process, none of them read."""
        command = ["cat-file", "--batch-check=%(objectsize)"]
        lines = self._piped(command, "".join(f"{oid}\n" for oid in ids)).decode().split("\n")[:-1]
        return {oid: int(line) if line.isdigit() else 0 for oid, line in zip(ids, lines, strict=True)}

    def between(self, tips: Iterable[str], *known: str) -> list[str]:
        """Commits reachable from ``tips`` but from none of ``known``, parents before children."""
        wanted = "".join(f"{tip}\n" for tip in tips) + "".join(f"^{commit}\n" for commit in known)
        return self._piped(["rev-list", "--topo-order", "--reverse", "--stdin"], wanted).decode().split()

    def touches(self, commits: Mapping[str, str | None]) -> dict[str, tuple[Touch, ...]]:
        """What each commit changed against the given parent (None: the root), folders included. One process for all."""
        command = ["diff-tree", "--stdin", "-r", "-t", "-z", "--root", "--always", "--no-renames"]
        lines = "".join(f"{commit} {parent}\n" if parent else f"{commit}\n" for commit, parent in commits.items())
        tokens = iter(self._piped(command, lines).split(b"\0")[:-1])
        found: dict[str, list[Touch]] = {}
        current: list[Touch] = []
        for token in tokens:
            if token.startswith(b":"):
                current.append(_touch(token.decode(), next(tokens).decode("utf-8", "surrogateescape")))
            else:
                current = found.setdefault(token.decode(), [])
        return {commit: tuple(touches) for commit, touches in found.items()}

    def versions(self, commit: str, path: str) -> list[str]:
        """The commits on the first-parent way to ``commit`` that changed ``path``, newest first."""
        return str(self._repo.git.rev_list("--first-parent", commit, "--", path)).split()

    def last_changes(self, commit: str, folder: str) -> dict[str, datetime]:
        """When each file below a folder last changed on the way to ``commit``, by its path. One process."""
        log = [
            "log",
            "--first-parent",
            "-m",
            "--name-only",
            "--no-renames",
            "-z",
            "--format=%x01%ct",
            commit,
            "--",
            folder,
        ]
        found: dict[str, datetime] = {}
        when = datetime.fromtimestamp(0, UTC)
        for token in self._piped(log, "").decode("utf-8", "surrogateescape").split("\0"):
            name = token.lstrip("\n")
            if name.startswith("\x01"):
                when = datetime.fromtimestamp(int(name[1:].split("\n")[0]), UTC)
                name = name.partition("\n\n")[2] or name.partition("\n")[2]
            if name:
                found.setdefault(name, when)
        return found

    def export(self, commit: str, folder: Path, paths: Sequence[str]) -> None:
        """Write the plain files below ``paths`` of a commit into ``folder`` (made if needed), times untouched."""
        for path in paths:
            blob = self.read(commit, path)
            found = (
                {path: blob} if blob is not None else {f"{path}/{k}": v for k, v in self.files(commit, path).items()}
            )
            for name, data in found.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)

    def _object_id(self, name: str, kind: str) -> str | None:
        try:
            hexsha, found, _ = self._repo.git.get_object_header(name)
        except ValueError:
            return None
        return _text(hexsha) if _text(found) == kind else None

    def _bytes(self, oid: str) -> bytes:
        return bytes(self._repo.git.get_object_data(oid)[3])

    def _piped(self, command: list[str], text: str) -> bytes:
        with tempfile.TemporaryFile() as stdin:
            stdin.write(text.encode())
            stdin.seek(0)
            return bytes(
                self._repo.git.execute(
                    ["git", *command], istream=stdin, stdout_as_string=False, strip_newline_in_stdout=False
                )
            )

    # -- writing objects: no branch moves, nothing is visible yet --

    def store(self, files: Mapping[str, bytes]) -> str:
        """Write files (path -> bytes) as a tree of plain files; give its id."""
        entries: dict[str, tuple[int, str]] = {}
        below: dict[str, dict[str, bytes]] = {}
        for path, data in files.items():
            first, _, rest = path.partition("/")
            if rest:
                below.setdefault(first, {})[rest] = data
            else:
                entries[first] = (_FILE, self._store(b"blob", data))
        entries |= {name: (_TREE, self.store(inner)) for name, inner in below.items()}
        return self._store(b"tree", tree_bytes(entries))

    def graft(self, root: str | None, path: str, tree: str | None) -> str:
        """The tree ``root`` with the folder at ``path`` replaced by ``tree`` (None: removed), and nothing else changed."""
        return self._graft(root, path, None if tree is None else (_TREE, tree))

    def blended_id(self, main: str, tip: str, kept: Collection[str]) -> str:
        """The id of the tree that has main's top-level entries ``kept`` and everything else from ``tip``."""
        return _id_of(b"tree", tree_bytes(self._blend(main, tip, kept)))

    def blend(self, main: str, tip: str, kept: Collection[str]) -> str:
        """Write the tree that ``blended_id`` names."""
        return self._store(b"tree", tree_bytes(self._blend(main, tip, kept)))

    def reduced_id(self, commit: str, without: Collection[str]) -> str:
        """The id of a commit's tree without some of its top-level entries; nothing is written."""
        return self.reduced_tree_id(str(self.tree_id(commit)), without)

    def reduced_tree_id(self, tree: str, without: Collection[str]) -> str:
        """The id of a tree without some of its entries; nothing is written."""
        kept = {e.name: (e.mode, e.id) for e in self.entries(tree) if e.name not in without}
        return _id_of(b"tree", tree_bytes(kept))

    def _blend(self, main: str, tip: str, kept: Collection[str]) -> dict[str, tuple[int, str]]:
        ours, theirs = (self.entries(str(self.tree_id(commit))) for commit in (main, tip))
        chosen = [e for e in ours if e.name in kept] + [e for e in theirs if e.name not in kept]
        return {e.name: (e.mode, e.id) for e in chosen}

    def replaced(self, root: str, path: str, data: bytes | None) -> str:
        """The tree ``root`` with the file at ``path`` replaced (None: removed); an existing file keeps its mode."""
        found = dict(self._walk(root)).get(path)
        mode = found.mode if found is not None and found.mode in _PLAIN else _FILE
        return self._graft(root, path, None if data is None else (mode, self._store(b"blob", data)))

    def with_file(self, root: str | None, path: str, data: bytes) -> str:
        """The tree ``root`` with one plain file at ``path``, and nothing else changed."""
        return self._graft(root, path, (_FILE, self._store(b"blob", data)))

    def _graft(self, root: str | None, path: str, entry: tuple[int, str] | None) -> str:
        first, _, rest = path.partition("/")
        entries = {e.name: (e.mode, e.id) for e in self.entries(root)} if root else {}
        if rest:
            mode, below = entries.get(first, (_TREE, None))
            grafted = self._graft(below if mode == _TREE else None, rest, entry)
            entry = None if grafted == _EMPTY_TREE else (_TREE, grafted)
        entries.pop(first, None)
        if entry is not None:
            entries[first] = entry
        return self._store(b"tree", tree_bytes(entries))

    def _store(self, kind: bytes, data: bytes) -> str:
        return _text(self._repo.odb.store(IStream(kind, len(data), BytesIO(data))).hexsha)

    def write_commit(self, *, tree: str, parents: Sequence[str], message: str, signer: Signer, when: datetime) -> str:
        """Write a signed commit object; author, committer and signer are one. ``when`` is aware; give the commit's id."""
        stamp = f"@{int(when.timestamp())} {when.strftime('%z') or '+0000'}"
        identity = {
            f"GIT_{who}_{what}": value
            for who in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", signer.name), ("EMAIL", signer.email), ("DATE", stamp))
        }
        settings = ["gpg.format=ssh", "gpg.ssh.program=ssh-keygen", f"user.signingkey={signer.key}"]
        command = ["git", *(word for s in settings for word in ("-c", s)), "commit-tree", "-S", "-m", message]
        command += [word for parent in parents for word in ("-p", parent)]
        try:
            with self._repo.git.custom_environment(**identity, **signer.unlock()):
                return str(self._repo.git.execute([*command, tree]))
        except git.GitCommandError as error:
            raise PipelineError(
                f"Keputusan tidak dapat ditandatangani dengan kunci {signer.name}.",
                hint="Periksa kata sandi kunci dan folder REDAKSI_KEYS, lalu ulangi. Tidak ada yang berubah.",
            ) from error

    # -- moving branches --

    def move(self, *moves: BranchMove) -> None:
        """Move all branches, or none: ``Refused`` (code ``moved``) if one is no longer where it was expected."""
        if self.has_server:
            self._push(moves)
        else:
            self._update(moves)

    def _push(self, moves: Sequence[BranchMove]) -> None:
        leases = [f"--force-with-lease={m.ref}:{m.old or ''}" for m in moves]
        specs = [f"{m.new or ''}:{m.ref}" for m in moves]
        try:
            words = ("--atomic", "--quiet", "--no-verify", *leases, SERVER, *specs)
            _, _, said = self._repo.git.push(*words, with_extended_output=True)
        except git.GitCommandError as error:
            raise _not_taken(str(error.stderr)) from error
        self.remarks += [line for line in _remote_lines(str(said)) if line.startswith(WARNING)]

    def _update(self, moves: Sequence[BranchMove]) -> None:
        lines = ["start"]
        for m in moves:
            old = m.old or "0" * 40
            lines.append(f"update {m.ref} {m.new} {old}" if m.new else f"delete {m.ref} {old}")
        text = "\n".join([*lines, "prepare", "commit", ""])
        try:
            self._piped(["update-ref", "--stdin"], text)
        except git.GitCommandError as error:
            raise _moved() from error

    def refresh(self, old: str, new: str) -> bool:
        """Let this clone's working tree follow main if it stands on main; False if local work stands in the way.

        Only needed without an office server, where ``move`` moves the branch on which somebody may stand.
        """
        if (
            self.has_server
            or self._repo.bare
            or self._repo.head.is_detached
            or self._repo.head.ref.path != "refs/heads/main"
        ):
            return True
        try:
            self._repo.git.read_tree("-m", "-u", old, new)
        except git.GitCommandError:
            return False
        return True


def parse_tree(raw: bytes) -> tuple[Entry, ...]:
    """The entries of a raw tree object; ``Refused`` for names that are no names, repeat, or are out of Git's order.

    Two entries of one name would let what is proven and what is shown differ (source: git fsck, ``duplicateEntries``).
    """
    entries: list[Entry] = []
    at = 0
    while at < len(raw):
        space, end = raw.find(b" ", at), raw.find(b"\0", at)
        mode, name = raw[at:space], raw[space + 1 : end]
        if not at < space < end or len(raw) < end + 21 or name.lower() in _NO_NAMES or b"/" in name:
            raise _malformed()
        entries.append(
            Entry(name=name.decode("utf-8", "surrogateescape"), mode=int(mode, 8), id=raw[end + 1 : end + 21].hex())
        )
        at = end + 21
    names = [entry.name for entry in entries]
    if len(set(names)) != len(names) or entries != sorted(entries, key=_order):
        raise _malformed()
    return tuple(entries)


def tree_bytes(entries: Mapping[str, tuple[int, str]]) -> bytes:
    """A raw tree object from modes and ids by name."""
    ordered = sorted((Entry(name=name, mode=mode, id=oid) for name, (mode, oid) in entries.items()), key=_order)
    return b"".join(f"{e.mode:o} ".encode() + _raw(e.name) + b"\0" + bytes.fromhex(e.id) for e in ordered)


def _order(entry: Entry) -> bytes:
    """Git sorts a folder as if its name ended in a slash."""
    return _raw(entry.name) + (b"/" if entry.is_folder else b"")


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _id_of(kind: bytes, data: bytes) -> str:
    return hashlib.sha1(b"%s %d\0%s" % (kind, len(data), data), usedforsecurity=False).hexdigest()


def _malformed() -> Refused:
    return Refused(
        "Repositori memuat folder yang susunannya rusak atau dipalsukan.",
        hint="Jangan lanjutkan; mintalah Pranata Komputer menjalankan git fsck.",
        code="malformed-tree",
    )


def first_parents(commits: Iterable[Commit]) -> dict[str, str | None]:
    """Each commit's first parent, as ``Repository.touches`` wants it."""
    return {commit.id: commit.parents[0] if commit.parents else None for commit in commits}


def parse_commit(commit: str, raw: bytes) -> Commit:
    """Read a raw commit object; an unknown header stays in the payload, as Git has it."""
    head, _, message = raw.partition(b"\n\n")
    fields: dict[str, list[str]] = {}
    kept: list[bytes] = []
    name = ""
    for line in head.split(b"\n"):
        if line.startswith(b" ") and name:
            fields[name][-1] += "\n" + line[1:].decode("utf-8", "replace")
        else:
            name = line.split(b" ", 1)[0].decode("utf-8", "replace")
            fields.setdefault(name, []).append(line[len(name) + 1 :].decode("utf-8", "replace"))
        if name != "gpgsig":
            kept.append(line)
    signatures = fields.get("gpgsig", [])
    return Commit(
        id=commit,
        tree=fields.get("tree", [""])[0],
        parents=tuple(fields.get("parent", ())),
        author=_email(fields.get("author", [""])[0]),
        committer=_email(fields.get("committer", [""])[0]),
        time=_time(fields.get("committer", [""])[0]),
        message=message.decode("utf-8", "replace"),
        payload=b"\n".join(kept) + b"\n\n" + message,
        signature=signatures[0] if len(signatures) == 1 else "",
    )


def _bytes_of(path: Path) -> bytes | None:
    """A plain file's bytes, None if there is none; a symbolic link is not followed."""
    return path.read_bytes() if path.is_file() and not path.is_symlink() else None


def _text(value: str | bytes) -> str:
    """GitPython says text and gives bytes."""
    return value.decode() if isinstance(value, bytes) else value


def _email(identity: str) -> str:
    return identity.rpartition("<")[2].partition(">")[0]


def _time(identity: str) -> datetime:
    try:
        return datetime.fromtimestamp(int(identity.rsplit(" ", 2)[1]), UTC)
    except (ValueError, IndexError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)


def _batched(stream: BytesIO) -> bytes | None:
    """The next object of ``cat-file --batch``'s answer; None where it says that there is none."""
    header = stream.readline().rstrip(b"\n")
    if header.endswith(b" missing"):
        return None
    data = stream.read(int(header.rsplit(b" ", 1)[1]))
    stream.read(1)
    return data


def _touch(meta: str, path: str) -> Touch:
    old_mode, new_mode, before, after, _ = meta[1:].split(" ")
    there, here = int(old_mode, 8), int(new_mode, 8)
    return Touch(path=path, mode=here or there, before=before if there else None, after=after if here else None)


def _remote_lines(said: str) -> list[str]:
    """What the other side said, line by line; Git sets ``remote:`` before each."""
    return [line.partition("remote: ")[2].strip() for line in said.splitlines() if "remote: " in line]


def _not_taken(said: str) -> PipelineError:
    """Why a push failed, as a sentence: the server's guard, the size, what it holds, somebody quicker, or the network."""
    if "hook declined" in said:
        return _declined(said)
    if "exceeds maximum allowed size" in said:
        return Refused(
            "Kiriman ini lebih besar daripada batas server kantor.",
            hint="Kecilkan atau kurangi fotonya, lalu ulangi. Tidak ada yang berubah.",
            code="too-large",
        )
    if "unpack" in said:
        return Refused("Server kantor menolak isi kiriman ini, karena susunannya rusak.", hint=_ASK, code="malformed")
    if any(word in said for word in ("stale info", "rejected", "cannot lock ref", "fetch first")):
        return _moved()
    return PipelineError(
        "Server kantor tidak menerima perubahan ini.",
        hint="Periksa jaringan kantor, lalu ulangi. Tidak ada yang berubah.",
    )


def _declined(said: str) -> Refused:
    """What the guard of the office server said (``stages.hook``), so that people read its sentence and not Git's."""
    lines = _remote_lines(said)
    reasons = [(found, at) for at, line in enumerate(lines) if (found := _REASON.fullmatch(line))]
    if not reasons:
        return Refused("Server kantor menolak perubahan ini tanpa keterangan.", hint=_ASK, code="declined")
    reason, at = reasons[0]
    if reason["code"] == "moved":
        return _moved()
    more = f" (dan {len(reasons) - 1} hal lain)" if len(reasons) > 1 else ""
    hint = next((line[2:] for line in lines[at + 1 :] if line.startswith("→ ")), _ASK)
    return Refused(f"Server kantor menolak: {reason['message']}{more}", hint=hint, code=reason["code"])


def _moved() -> Refused:
    return Refused(
        "Orang lain lebih dahulu mengubah keadaan naskah atau situs ini.",
        hint="Jalankan redaksi status untuk melihat keadaan terbaru, lalu ulangi. Tidak ada yang berubah.",
        code="moved",
    )
