"""Reads the way of documents out of Git as facts (``judgement.History``), for one branch or for hundreds in one batch.

It judges nothing: what it can't read as a document's change is handed on as a stray path or a forbidden file, and a
signature that does not hold as no signature. A handful of Git processes serves any number of branches.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from pipeline import frontmatter, signature
from pipeline.judgement import Change, History, Move
from pipeline.kinds import is_document_path, kind_of
from pipeline.model import Attachment, Document, Shelf
from pipeline.world.repo import first_parents, parse_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import FieldValue
    from pipeline.world.repo import Commit, Repository, Touch

BRANCHES: Final = "naskah"
ARCHIVE: Final = "arsip"
_FOLDER: Final = 0o040000
_FILE: Final = 0o100644
_PROGRAM: Final = 0o100755
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*")
_DEVICE: Final = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_SCAN: Final = re.compile(r"records/kertas/[a-z0-9]{1,20}/[0-9a-f]{64}\.pdf")
_MOST_SCAN: Final = 5_000_000  # bytes; a scanned sheet of one or two pages is a tenth of it
_TRAILER: Final = re.compile(r"(?P<name>[A-Z][a-z]+): (?P<value>\S.*)")


def scan_path(document_id: str, sha: str) -> str:
    """Where the scan of a sheet signed on paper stands on the document's branch; main never shows it."""
    return f"records/kertas/{document_id}/{sha}.pdf"


def is_scan(data: bytes) -> bool:
    """Whether these bytes can be the scan of a signed sheet: a PDF of reasonable size."""
    return data.startswith(b"%PDF-") and len(data) <= _MOST_SCAN


def branch_of(document_id: str, attempt: int = 1) -> str:
    """The branch on which the document with this id is worked on; a later ``attempt`` began anew from a clean text."""
    return f"{BRANCHES}/{document_id}" + (f"-{attempt}" if attempt > 1 else "")


def id_of_branch(branch: str) -> str:
    """The id of the document that a branch is for."""
    return branch.rpartition("/")[2].partition("-")[0]


def attempt_of_branch(branch: str) -> int:
    """Which attempt at its document a branch is: 1, or the number at its end."""
    number = branch.rpartition("/")[2].partition("-")[2]
    return int(number) if number.isdecimal() else 1


@lru_cache(maxsize=65_536)
def document_at(path: str) -> tuple[Shelf, str] | None:
    """The shelf and document that a repository path lies in (or is), None if it lies in no document."""
    shelf, _, below = path.partition("/")
    depth = 2 if kind_of(below).name == "halaman" else 3
    document = "/".join(below.split("/")[:depth])
    if shelf not in set(Shelf) or not is_document_path(document):
        return None
    return Shelf(shelf), document


def trailers_of(message: str) -> dict[str, tuple[str, ...]]:
    """The trailers of a message: ``Nama: nilai`` lines of its last paragraph, none if any line there is something else."""
    lines = message.strip().rpartition("\n\n")[2].splitlines() if "\n\n" in message.strip() else []
    matches = [_TRAILER.fullmatch(line) for line in lines]
    found: dict[str, tuple[str, ...]] = {}
    for match in matches:
        if match is None:
            return {}
        found[match["name"]] = (*found.get(match["name"], ()), match["value"])
    return found


def read_document(repo: Repository, commit: str, shelf: Shelf, path: str, *, whole: bool = False) -> Document:
    """The document as a commit has it; with its photos and other files only if ``whole``."""
    folder = f"{shelf}/{path}"
    if not whole:
        return frontmatter.read(repo.read(commit, f"{folder}/index.md") or b"", path=path, shelf=shelf)
    files = repo.files(commit, folder)
    attachments = tuple(Attachment(name=name, data=data) for name, data in files.items() if name != "index.md")
    return frontmatter.read(files.get("index.md", b""), path=path, shelf=shelf, attachments=attachments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Strand:
    """A document's commits, oldest first, from where they left main (``base``); ``main`` would take them in.

    ``id`` is the document's id as far as the branch's own name tells it; empty where it does not.
    """

    document: str
    chain: tuple[Commit, ...]
    base: str | None
    main: str
    id: str = ""

    @property
    def tip(self) -> str:
        """The last commit."""
        return self.chain[-1].id


class Strands:
    """The facts of any number of strands: looked up in two batches, signatures checked only for those asked for."""

    def __init__(self, repo: Repository, strands: Mapping[str, Strand], touches: Mapping[str, Sequence[Touch]]) -> None:
        self._repo = repo
        self._strands = strands
        self._touches = touches
        self._shelves = {key: self._shelf(strand) for key, strand in strands.items()}
        self._sources = repo.objects([self._text(key) for key in strands])
        self._fields: dict[str, Mapping[str, FieldValue]] = {}
        self._trees = repo.ids(list(dict.fromkeys(name for strand in strands.values() for name in _folders(strand))))
        self._folders = repo.objects([self._text(key).removesuffix("/index.md") for key in strands])
        self._bases = repo.commits(list(dict.fromkeys(strand.base for strand in strands.values() if strand.base)))
        self._published = repo.objects([_published(strand) for strand in strands.values() if strand.base])

    def shelf(self, key: str) -> Shelf:
        """The shelf on which the document last landed."""
        return self._shelves[key]

    def fields(self, key: str) -> Mapping[str, FieldValue]:
        """The front matter of the document as its strand ends; empty if there is no text."""
        if key not in self._fields:
            source = self._sources[self._text(key)] or b""
            self._fields[key] = frontmatter.fields_of(source, path=self._strands[key].document)
        return self._fields[key]

    def history(self, key: str) -> History:
        """The facts of one strand."""
        strand = self._strands[key]
        *on_main, published = (self._trees[name] for name in _folders(strand))
        return History(
            document=strand.document,
            id=str(self.fields(key).get("id") or ""),
            first_id=strand.id or self._first_id(strand),
            since=self._bases[strand.base].time if strand.base in self._bases else None,
            base={shelf: tree for shelf, tree in zip(Shelf, on_main, strict=False) if tree is not None},
            changes=tuple(self._change(c, strand.document) for c in strand.chain),
            published_tree=published,
            clashes=self._clashes(key),
        )

    def _clashes(self, key: str) -> tuple[str, ...]:
        """Names of the document's folder, as the strand ends, that differ in case only."""
        raw = self._folders.get(self._text(key).removesuffix("/index.md"))
        names = [entry.name for entry in parse_tree(raw or b"")]
        seen = Counter(name.lower() for name in names)
        return tuple(name for name in names if seen[name.lower()] > 1)

    def _change(self, commit: Commit, document: str) -> Change:
        """One commit as facts; a scan that is what its name says is a paper, anything else outside the folder a stray."""
        touches = self._touches.get(commit.id, ())
        change = change_of(commit, document, touches)
        scans = {t.path: t.after for t in touches if t.mode == _FILE and t.before is None and _SCAN.fullmatch(t.path)}
        if not scans or set(change.strays) != scans.keys():
            return change
        data = self._repo.objects([str(blob) for blob in scans.values()])
        found = {path: data[str(blob)] or b"" for path, blob in scans.items()}
        if any(sha256(pdf).hexdigest() not in path or not is_scan(pdf) for path, pdf in found.items()):
            return change
        return replace(change, strays=(), papers=tuple(sha256(pdf).hexdigest() for pdf in found.values()))

    def _first_id(self, strand: Strand) -> str:
        """The id that the published document had when the strand left main; empty if it was not published."""
        source = self._published.get(_published(strand)) if strand.base else None
        return str(frontmatter.fields_of(source, path=strand.document).get("id") or "") if source else ""

    def _shelf(self, strand: Strand) -> Shelf:
        for commit in reversed(strand.chain):
            for touch in self._touches.get(commit.id, ()):
                place = document_at(touch.path)
                if place is not None and place[1] == strand.document and touch.after is not None:
                    return place[0]
        return Shelf.DRAFTS

    def _text(self, key: str) -> str:
        strand = self._strands[key]
        return f"{strand.tip}:{self._shelves[key]}/{strand.document}/index.md"


def _published(strand: Strand) -> str:
    return f"{strand.base}:{Shelf.CONTENT}/{strand.document}/index.md"


def _folders(strand: Strand) -> list[str]:
    """Git's names for the document's folder on each shelf of the base, and in the content of main."""
    on_base = [f"{strand.base}:{shelf}/{strand.document}" for shelf in Shelf] if strand.base else []
    return [*on_base, f"{strand.main}:{Shelf.CONTENT}/{strand.document}"]


class Branches:
    """The open branches of documents as of the last ``sync``, read in a handful of batches however many there are.

    ``strange`` are branches that hold no document.
    """

    def __init__(self, repo: Repository, main: str, tips: Mapping[str, str] | None = None) -> None:
        self.tips = repo.tips(BRANCHES) if tips is None else dict(tips)
        commits = repo.commits(repo.between(self.tips.values(), main)) if self.tips else {}
        touches = repo.touches(first_parents(commits.values())) if commits else {}
        strands = {branch: _strand(branch, chain_of(commits, tip), touches, main) for branch, tip in self.tips.items()}
        known = {branch: strand for branch, strand in strands.items() if strand is not None}
        self.strange = tuple(sorted(strands.keys() - known.keys()))
        self.documents = {branch: strand.document for branch, strand in known.items()}
        self._strands = Strands(repo, known, touches)

    def history(self, branch: str) -> History:
        """The facts of one branch, signatures checked."""
        return self._strands.history(branch)

    def fields(self, branch: str) -> Mapping[str, FieldValue]:
        """The front matter of the document as its branch stands."""
        return self._strands.fields(branch)


def chain_of(commits: Mapping[str, Commit], tip: str) -> tuple[Commit, ...]:
    """From the oldest to ``tip``, following first parents as long as they are among ``commits``."""
    chain: list[Commit] = []
    at: str | None = tip
    while at is not None and at in commits:
        chain.append(commits[at])
        at = commits[at].parents[0] if commits[at].parents else None
    return tuple(reversed(chain))


def first_document(chain: Iterable[Commit], touches: Mapping[str, Sequence[Touch]]) -> str | None:
    """The document that a chain of commits is about: the first one that it touches; None if it touches none."""
    found = (document_at(t.path) for c in chain for t in touches.get(c.id, ()) if not t.is_folder)
    return next((place[1] for place in found if place is not None), None)


def _strand(branch: str, chain: tuple[Commit, ...], touches: Mapping[str, Sequence[Touch]], main: str) -> Strand | None:
    """The strand of a branch; None if it holds no document."""
    document = first_document(chain, touches)
    if document is None:
        return None
    base = chain[0].parents[0] if chain[0].parents else None
    return Strand(document=document, chain=chain, base=base, main=main, id=id_of_branch(branch))


def change_of(commit: Commit, document: str, touches: Iterable[Touch]) -> Change:
    """One commit as facts about ``document``."""
    moves: list[Move] = []
    strays: list[str] = []
    forbidden: list[str] = []
    for touch in touches:
        place = document_at(touch.path)
        if place is None or place[1] != document:
            if touch.mode != _FOLDER:
                strays.append(touch.path)
        elif touch.path == f"{place[0]}/{document}" and touch.mode == _FOLDER:
            moves.append(Move(shelf=place[0], before=touch.before, after=touch.after))
        elif touch.mode != _FILE or touch.path == f"{place[0]}/{document}" or not _is_plain(touch.path, document):
            forbidden.append(touch.path)
    return replace(empty_change(commit), moves=tuple(moves), strays=tuple(strays), forbidden=tuple(forbidden))


def policy_change_of(commit: Commit, touches: Iterable[Touch]) -> Change:
    """One commit of a proposal as facts: every path that it touches is a stray, for it belongs to no document."""
    found = [touch for touch in touches if touch.mode != _FOLDER]
    strange = tuple(touch.path for touch in found if touch.mode not in {_FILE, _PROGRAM})
    return replace(empty_change(commit), strays=tuple(touch.path for touch in found), forbidden=strange)


def empty_change(commit: Commit) -> Change:
    """Who says what in a commit, and who signed it; nothing of what it changes."""
    return Change(
        commit=commit.id,
        parents=len(commit.parents),
        author=commit.author,
        committer=commit.committer,
        time=commit.time,
        fingerprint=signature.signer_of(commit.payload, commit.signature) if commit.signature else "",
        trailers=trailers_of(commit.message),
    )


def _is_plain(path: str, document: str) -> bool:
    """Whether a file lies directly in the document's folder under a name that every computer can write."""
    name = path.rpartition("/")[2]
    return path.endswith(f"/{document}/{name}") and _NAME.fullmatch(name) is not None and not _DEVICE.fullmatch(name)
