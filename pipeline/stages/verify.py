"""Replays the evidence: is every document on main there because the right people approved exactly these bytes?

The office is *open* from the second of two opening commits that the last decider and a superior signed one after the other;
what stood on main then is *taken over* and counted as such. Every later step of main must be a proven publication. It needs
a clone and nothing else; it writes nothing, and what it could not read is refused, never passed over.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pipeline import signature
from pipeline.errors import PipelineError
from pipeline.judgement import Decision, History, Refusal, Standing, judge, objection_at
from pipeline.kinds import kind_of
from pipeline.model import Shelf
from pipeline.stages.session import office_at
from pipeline.world.history import Strand, Strands, chain_of, document_at, trailers_of
from pipeline.world.repo import first_parents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from pipeline.office import Office, Person
    from pipeline.world.repo import Commit, Repository, Touch

OPENING: Final = "Pembukaan"
_MERGE: Final = 2  # parents: main before, and the document's branch
_FOLDER: Final = 0o040000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The second of the two commits that opened the office, and the names of those who signed them."""

    commit: str
    signers: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One publication that was proven: the merge on main, the tree, and the decisions that carry it."""

    document: str
    id: str
    title: str
    merge: str
    tree: str
    published: datetime
    history: History
    standing: Standing

    @property
    def approvals(self) -> tuple[Decision, ...]:
        """The approvals that held when it was published, in their order."""
        return self.standing.approvals


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """A step of main that is not proven, and why."""

    commit: str
    refusal: Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What a replay of main found. ``opening`` is None while the office is not open."""

    main: str
    opening: Opening | None
    proofs: tuple[Proof, ...]
    unproven: tuple[Unproven, ...]
    taken_over: tuple[str, ...]

    @property
    def sound(self) -> bool:
        """Whether the office is open and nothing on main is unproven."""
        return self.opening is not None and not self.unproven

    def latest(self) -> dict[str, Proof]:
        """The last proof of each document."""
        return {proof.document: proof for proof in self.proofs}


def verify(repo: Repository, main: str) -> Verification:
    """Replay main from the opening of the office to ``main``. Cost: one batch of Git reads, one signature check a commit."""
    if repo.is_shallow():
        raise PipelineError(
            "Salinan ini tidak lengkap (hanya sebagian riwayat), jadi tidak ada yang dapat dibuktikan.",
            hint="Ambil seluruh riwayat: git fetch --unshallow, lalu ulangi.",
        )
    line = list(repo.first_parents(main))
    opening = _opening(repo, line)
    if opening is None:
        return Verification(main=main, opening=None, proofs=(), unproven=(), taken_over=documents(repo, main))
    steps = list(reversed(line[: line.index(opening.commit)]))
    replay = _Replay(repo, opening.commit, line, steps)
    replay.run()
    changed = {proof.document for proof in replay.proofs}
    return Verification(
        main=main,
        opening=opening,
        proofs=tuple(replay.proofs),
        unproven=tuple(replay.unproven),
        taken_over=tuple(d for d in documents(repo, main) if d not in changed),
    )


def documents(repo: Repository, commit: str) -> tuple[str, ...]:
    """The path of every document that a commit of main publishes."""
    found = (document_at(f"{Shelf.CONTENT}/{p}") for p in repo.paths(commit, Shelf.CONTENT) if p.endswith("/index.md"))
    return tuple(sorted({place[1] for place in found if place is not None}))


# -- the opening of the office --


def opening_roles(office: Office) -> tuple[frozenset[str], frozenset[str]]:
    """Who opens an office: the last decider of its documents, and one of that role's superiors."""
    last = {
        step.deciders[-1]
        for p in office.procedures.values()
        for step in p.steps
        if step.unit == "naskah" and step.deciders
    }
    superiors: set[str] = set()
    for role in last:
        superiors.update(_superiors(office, role))
    return frozenset(last), frozenset(superiors - last)


def _superiors(office: Office, role: str) -> Iterator[str]:
    above = office.superior(role)
    while above is not None:
        yield above
        above = office.superior(above)


def _opening(repo: Repository, line: Sequence[str]) -> Opening | None:
    """The opening that counts: the first on main, or the latest that the people of the one before it could sign.

    The first can only be believed (and compared with what the office noted); a later one may not bring its own judges.
    """
    commits = repo.commits(line)
    found: Opening | None = None
    for first, second in pairwise(commits[name] for name in reversed(line)):
        if OPENING in trailers_of(second.message):
            office = office_at(repo, second.id if found is None else found.commit)
            signers = openers(repo, office, first, second)
            if signers:
                found = Opening(commit=second.id, signers=signers)
    return found


def openers(repo: Repository, office: Office, first: Commit, second: Commit) -> tuple[str, ...]:
    """Names of the two who opened with these consecutive commits of main; empty if they do not open the office.

    Both must be empty and signed, one by a holder of the last deciding role, the other by a superior's.
    """
    if second.parents != (first.id,) or len(first.parents) != 1 or first.tree != second.tree:
        return ()
    if repo.tree_id(first.parents[0]) != first.tree:
        return ()
    signers = [opener_of(office, commit) for commit in (first, second)]
    if signers[0] is None or signers[1] is None or signers[0] == signers[1]:
        return ()
    deciders, superiors = opening_roles(office)
    roles = [_roles(office, person, commit) for person, commit in zip(signers, (first, second), strict=True)]
    if any(a & deciders and b & superiors for a, b in (roles, roles[::-1])):
        return (signers[0].name, signers[1].name)
    return ()


def _roles(office: Office, person: Person | None, commit: Commit) -> set[str]:
    return set(person.roles_on(office.day(commit.time))) if person else set()


def opener_of(office: Office, commit: Commit) -> Person | None:
    """The person whose valid signature an opening commit carries over its own tree, None if there is none."""
    if trailers_of(commit.message).get(OPENING) != (commit.tree,) or not commit.signature:
        return None
    person = office.person_by_key(signature.signer_of(commit.payload, commit.signature))
    if person is None or person.machine or {commit.author.lower(), commit.committer.lower()} - set(person.emails):
        return None
    return person


# -- the replay --


@dataclass(slots=True)
class _Replay:
    """Walks main from the opening to its tip, step by step; everything is read in one batch beforehand."""

    repo: Repository
    opening: str
    line: Sequence[str]
    steps: Sequence[str]
    proofs: list[Proof] = field(default_factory=list)
    unproven: list[Unproven] = field(default_factory=list)
    offices: dict[str, Office] = field(default_factory=dict)
    commits: Mapping[str, Commit] = field(default_factory=dict)
    touches: Mapping[str, Sequence[Touch]] = field(default_factory=dict)
    strands: Strands = field(init=False)
    known: frozenset[str] = frozenset()
    owners: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        if not self.steps:
            return
        self.commits = self.repo.commits(self.repo.between([self.steps[-1]], self.opening))
        self.touches = self.repo.touches(first_parents(self.commits.values()))
        strands = dict(self._strands())
        self.strands = Strands(self.repo, strands, self.touches)
        self.known = frozenset(strands)
        previous = self.opening
        for step in self.steps:
            found = self._step(previous, self.commits[step])
            if isinstance(found, Proof) and self.owners.setdefault(found.id, found.document) != found.document:
                found = _refusal("double-id", f"Tanda pengenal {found.id} dipakai dua naskah.", self.commits[step])
            if isinstance(found, Proof):
                self.proofs.append(found)
            else:
                self.unproven.append(Unproven(commit=step, refusal=found))
            previous = step

    def _step(self, previous: str, merge: Commit) -> Proof | Refusal:
        if len(merge.parents) != _MERGE:
            return _refusal("direct-commit", "Isi main diubah langsung, tanpa naskah yang disetujui.", merge)
        office = self._office(previous)
        person = office.person_by_key(signature.signer_of(merge.payload, merge.signature))
        if person is None or {merge.author.lower(), merge.committer.lower()} - set(person.emails):
            return _refusal(
                "unsigned-merge", "Penggabungan ke main tidak ditandatangani petugas atau mesin terdaftar.", merge
            )
        document = self._document_of(merge)
        if document is None:
            return _refusal(
                "not-one-document", "Penggabungan ini mengubah lebih dari satu naskah, atau bukan naskah.", merge
            )
        return self._publication(merge, office, document)

    def _document_of(self, merge: Commit) -> str | None:
        """The one document that the merge changes below ``content/``; None if it changes anything else."""
        found: set[str] = set()
        for touch in self.touches.get(merge.id, ()):
            place = document_at(touch.path)
            if place is not None and place[0] is Shelf.CONTENT:
                found.add(place[1])
            elif touch.mode != _FOLDER:
                return None
        return found.pop() if len(found) == 1 else None

    def _strands(self) -> Iterator[tuple[str, Strand]]:
        """For each merge of one document: the commits that it brings, from where they left main.

        A commit that an earlier merge brought is used up: its approvals carry nothing a second time.
        """
        mainline = set(self.line)
        fresh = {name: commit for name, commit in self.commits.items() if name not in mainline}
        for previous, step in pairwise((self.opening, *self.steps)):
            merge = self.commits[step]
            document = self._document_of(merge) if len(merge.parents) == _MERGE else None
            chain = chain_of(fresh, merge.parents[1]) if document else ()
            for commit in chain:
                del fresh[commit.id]
            base = chain[0].parents[0] if chain and chain[0].parents else None
            if document is not None and base in mainline:
                yield step, Strand(document=document, chain=chain, base=base, main=previous)

    def _publication(self, merge: Commit, office: Office, document: str) -> Proof | Refusal:
        if merge.id not in self.known:
            return _refusal(
                "foreign-branch", "Cabang naskah ini tidak berasal dari main, atau sudah pernah diterbitkan.", merge
            )
        history = self.strands.history(merge.id)
        standing = judge(history, office, office.procedures[kind_of(document).procedure])
        if standing.refusals:
            return standing.refusals[0]
        if not standing.approved or standing.shelf is not Shelf.CONTENT:
            return _refusal("not-approved", f"Naskah {document} digabungkan sebelum disetujui.", merge)
        if (objection := objection_at(standing, office, merge.time)) is not None:
            return objection
        approved = standing.approvals[-1].tree
        before = self.commits[merge.parents[0]].tree if merge.parents[0] in self.commits else None
        before = before or self.repo.commit(merge.parents[0]).tree
        if merge.tree != self.repo.grafted_id(before, f"{Shelf.CONTENT}/{document}", approved):
            return _refusal("other-bytes", f"Isi {document} di main berbeda dari isi yang disetujui.", merge)
        title = self.strands.fields(merge.id).get("title")
        return Proof(
            document=document,
            id=history.id,
            title=str(title or document),
            merge=merge.id,
            tree=approved,
            published=merge.time,
            history=history,
            standing=standing,
        )

    def _office(self, commit: str) -> Office:
        tree = str(self.repo.tree_id(commit, "office"))
        if tree not in self.offices:
            self.offices[tree] = office_at(self.repo, commit)
        return self.offices[tree]


def _refusal(code: str, message: str, commit: Commit) -> Refusal:
    hint = "Situs tidak diperbarui. Mintalah Pranata Komputer memeriksa perubahan ini."
    return Refusal(code=code, message=message, hint=hint, commit=commit.id)


# -- showing --


def describe(found: Verification) -> Iterator[str]:
    """The result as lines to print."""
    if found.opening is None:
        yield f"Kantor ini belum dibuka: {len(found.taken_over)} naskah dihitung sebagai isi awal yang diambil alih."
        yield "Belum ada publikasi yang perlu atau dapat dibuktikan, dan situs ini hanya boleh tayang sebagai pratinjau."
        return
    yield f"Kantor dibuka oleh {' dan '.join(found.opening.signers)}, catatan {found.opening.commit}."
    yield "Cocokkan nomor catatan itu dengan yang disimpan kantor; dari sanalah semua bukti berawal."
    yield f"{len(found.taken_over)} naskah diambil alih dari isi awal, {len(found.proofs)} publikasi terbukti."
    for proof in found.proofs:
        people = ", lalu ".join(f"{d.person} ({d.role})" for d in proof.approvals)
        yield f"  terbukti  {proof.document}  disetujui {people}; sidik {proof.tree[:12]}"
    for step in found.unproven:
        yield f"  DITOLAK   {step.commit[:12]}  [{step.refusal.code}] {step.refusal.message}"
    yield "Semua terbukti." if found.sound else f"{len(found.unproven)} langkah tidak terbukti."


def describe_doubtful(paths: Sequence[str]) -> Iterator[str]:
    """Records that nobody listed added, or that were changed since, as lines to print."""
    if paths:
        yield f"{len(paths)} catatan tidak dapat dipercaya, jadi tidak dibaca: {', '.join(paths[:3])}."


def as_json(found: Verification) -> dict[str, Any]:
    """The result for machines."""
    return {
        "main": found.main,
        "opening": found.opening.commit if found.opening else None,
        "opened_by": list(found.opening.signers) if found.opening else [],
        "sound": found.sound,
        "taken_over": list(found.taken_over),
        "proven": [
            {
                "document": proof.document,
                "id": proof.id,
                "merge": proof.merge,
                "tree": proof.tree,
                "published": proof.published.isoformat(),
                "grade": "ditandatangani orang",
                "approvals": [
                    {
                        "person": d.person,
                        "role": d.role,
                        "acting": d.acting,
                        "time": d.time.isoformat(),
                        "commit": d.commit,
                    }
                    for d in proof.approvals
                ],
            }
            for proof in found.proofs
        ],
        "unproven": [
            {"commit": s.commit, "code": s.refusal.code, "message": s.refusal.message} for s in found.unproven
        ],
    }
