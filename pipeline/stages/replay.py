"""Walks main from a proven commit to its tip and judges every step: a publication, a withdrawal, a change of policy.

What is none of these, or not approved by those who must, is ``Unproven`` with its reason. Everything is read in a few
batches beforehand, so that the cost is one signature check a commit. ``verify`` is the door; nothing is written here.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from pipeline import frontmatter, signature
from pipeline.errors import PipelineError
from pipeline.judgement import Decision, History, Refusal, Ruling, Standing, identified, judge, objection_at
from pipeline.kinds import kind_of
from pipeline.model import Shelf
from pipeline.office import load_office
from pipeline.quorum import DOCUMENTS, PolicyHistory, judge_policy, policy_objection_at
from pipeline.stages.bootstrap import opening_roles
from pipeline.stages.session import office_at
from pipeline.withdrawal import judge_withdrawal
from pipeline.world.history import (
    ARCHIVE,
    BRANCHES,
    Strand,
    Strands,
    chain_of,
    change_of,
    document_at,
    empty_change,
    policy_change_of,
    trailers_of,
)
from pipeline.world.repo import first_parents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from pipeline.office import Office
    from pipeline.world.repo import Commit, Repository, Touch

_OFFICE: Final = "office"
_MERGE: Final = 2  # parents: main before, and the branch that it takes in


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
class Withdrawal:
    """One page that was taken down: the merge on main, the signed decision, and the tree that stood there."""

    document: str
    id: str
    title: str
    merge: str
    decision: Decision
    withdrawn: datetime

    @property
    def reason(self) -> str:
        """Why, in the words of whoever decided."""
        return self.decision.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyChange:
    """One change of policy or everyday data: the merge on main, the branch's tip, and the signatures that carry it."""

    merge: str
    commit: str
    name: str
    summary: str
    paths: tuple[str, ...]
    everyday: bool
    approvals: tuple[Decision, ...]
    changed: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unproven:
    """A step of main that is not proven, and why."""

    commit: str
    refusal: Refusal


Step = Proof | Withdrawal | PolicyChange


@dataclass(kw_only=True)
class Replay:
    """The steps of main after ``start``, which is proven; ``line`` is main's whole first-parent way, newest first."""

    repo: Repository
    start: str
    line: Sequence[str]
    proven: list[Step] = field(default_factory=list)
    unproven: list[Unproven] = field(default_factory=list)
    _office: Office | PipelineError | None = None
    _documents: dict[str, str | None] = field(default_factory=dict)

    def run(self) -> None:
        """Judge every step; afterwards ``proven`` and ``unproven`` are complete."""
        self.repo.entries(str(self.repo.tree_id(self.start)))  # strict: what follows is judged by differences alone
        for previous, step in pairwise((self.start, *self._steps)):
            found = self._judged(previous, self._commits[step])
            if isinstance(found, Proof) and found.merge in self._left_out:
                found = _refusal(
                    "unfinished-branch",
                    f"Naskah {found.document} digabungkan tanpa keputusan yang menyusul.",
                    self._commits[step],
                )
            if isinstance(found, Refusal):
                self.unproven.append(Unproven(commit=step, refusal=found))
            else:
                self.proven.append(found)
                if isinstance(found, Proof):
                    self._owners[found.id] = found.document
            if any(touch.path.startswith(_OFFICE) for touch in self._touches.get(step, ())):
                self._office = None  # read anew: the next step is judged by the office that this one left

    def office(self) -> Office:
        """The office that the last step left before anything was unproven."""
        first = self._steps.index(self.unproven[0].commit) if self.unproven else len(self._steps)
        known = {step.merge for step in self.proven}
        last = next((step for step in reversed(self._steps[:first]) if step in known), self.start)
        return office_at(self.repo, last)

    # -- what is read, each in one batch --

    @cached_property
    def _steps(self) -> tuple[str, ...]:
        return tuple(reversed(self.line[: self.line.index(self.start)]))

    @cached_property
    def _mainline(self) -> frozenset[str]:
        return frozenset(self.line)

    @cached_property
    def _commits(self) -> Mapping[str, Commit]:
        return self.repo.commits(self.repo.between([self._steps[-1]], self.start)) if self._steps else {}

    @cached_property
    def _touches(self) -> Mapping[str, Sequence[Touch]]:
        return self.repo.touches(first_parents(self._commits.values()))

    @cached_property
    def _chains(self) -> Mapping[str, tuple[Commit, ...]]:
        """For each merge the commits that it brings, oldest first, from where they left main.

        A commit that an earlier merge brought is used up: its approvals carry nothing a second time.
        """
        fresh = {name: commit for name, commit in self._commits.items() if name not in self._mainline}
        found: dict[str, tuple[Commit, ...]] = {}
        for step in self._steps:
            merge = self._commits[step]
            chain = chain_of(fresh, merge.parents[1]) if len(merge.parents) == _MERGE else ()
            for commit in chain:
                del fresh[commit.id]
            if chain and chain[0].parents and chain[0].parents[0] in self._mainline:
                found[step] = chain
        return found

    @cached_property
    def _strands(self) -> Strands:
        return Strands(self.repo, dict(self._publications()), self._touches)

    def _publications(self) -> Iterator[tuple[str, Strand]]:
        for previous, step in pairwise((self.start, *self._steps)):
            chain = self._chains.get(step)
            document = self._document_of(self._commits[step])
            if chain and document and not _is_withdrawal(chain):
                yield step, Strand(document=document, chain=chain, base=chain[0].parents[0], main=previous)

    @cached_property
    def _unclean(self) -> Mapping[str, Refusal]:
        """Commits that would leave something in history for ever that may not stand there."""
        from pipeline.stages import hygiene

        brought = {c.id: self._touches.get(c.id, ()) for chain in self._chains.values() for c in chain}
        published = {touch.after for step in self._steps for touch in self._touches.get(step, ())}
        messages = {c.id: c.message for chain in self._chains.values() for c in chain}
        messages |= {step: self._commits[step].message for step in self._chains}
        return hygiene.unclean(self.repo, brought, messages, approved=published)

    @cached_property
    def _left_out(self) -> frozenset[str]:
        """Merges after whose commits an open or closed branch goes on: what somebody decided there was left out.

        Only what a listed key signed before the merge counts, so that nobody can unmake a publication afterwards.
        """
        tips = {**self.repo.tips(BRANCHES), **self.repo.tips(ARCHIVE)}
        later = self.repo.commits(self.repo.between(tips.values(), self.line[0])) if tips and self._steps else {}
        merged = {c.id: step for step, chain in self._chains.items() for c in chain}
        found = [(merged[c.parents[0]], c) for c in later.values() if c.parents and c.parents[0] in merged]
        return frozenset(
            step
            for step, commit in found
            if commit.time <= self._commits[step].time
            and trailers_of(commit.message).get("Dokumen") == (self._document_of(self._commits[step]),)
            and self._is_listed(commit, self._commits[step].parents[0])
        )

    def _is_listed(self, commit: Commit, main: str) -> bool:
        try:
            office = office_at(self.repo, main)
        except PipelineError:
            return True
        return office.person_by_key(signature.signer_of(commit.payload, commit.signature)) is not None

    @cached_property
    def _owners(self) -> dict[str, str]:
        """Which document has an id, from what stood on main at the start on."""
        return published_ids(self.repo, self.start)

    def _office_of(self, commit: str) -> Office | PipelineError:
        if self._office is None:
            try:
                self._office = office_at(self.repo, commit)
            except PipelineError as error:
                self._office = error
        return self._office

    def _commit(self, name: str) -> Commit:
        return self._commits[name] if name in self._commits else self.repo.commit(name)

    def _changes_only(self, merge: Commit, place: str, after: str | None) -> bool:
        """Whether the merge's tree is main's with the folder at ``place`` replaced, and nothing else.

        Git's difference is complete as long as main's own tree is well-formed: every entry that is not exactly main's,
        doubled or out of order, is in it (git/tree-diff.c walks both trees side by side).
        """
        touches = self._touches.get(merge.id, ())
        names = [touch.path for touch in touches]
        above = tuple(place[:at] for at, letter in enumerate(place) if letter == "/")
        found = [touch.after for touch in touches if touch.path == place and touch.is_folder]
        return (
            found == [after]
            and len(set(names)) == len(names)
            and all(
                (touch.path in above and touch.is_folder) or (touch.path + "/").startswith(f"{place}/")
                for touch in touches
            )
        )

    # -- one step --

    def _judged(self, previous: str, merge: Commit) -> Step | Refusal:
        if len(merge.parents) != _MERGE:
            return _refusal("direct-commit", "Isi main diubah langsung, tanpa naskah yang disetujui.", merge)
        office = self._office_of(previous)
        if isinstance(office, PipelineError):
            return _refusal("broken-office", f"Berkas kantor sebelum langkah ini rusak: {office.message}", merge)
        chain = self._chains.get(merge.id, ())
        if (refusal := self._unfit(merge, office, chain)) is not None:
            return refusal
        document = self._document_of(merge)
        if document is None:
            return self._policy(previous, merge, office, chain)
        if _is_withdrawal(chain):
            return self._withdrawal(merge, office, document, chain)
        return self._publication(merge, office, document)

    def _unfit(self, merge: Commit, office: Office, chain: Sequence[Commit]) -> Refusal | None:
        """What is wrong with a merge whatever it brings: who made it, where its branch comes from, what it leaves behind."""
        if isinstance(identified(empty_change(merge), office), Refusal):
            message = "Penggabungan ke main tidak ditandatangani petugas atau mesin terdaftar."
            return _refusal("unsigned-merge", message, merge)
        if merge.time < self._commit(merge.parents[0]).time:
            return _refusal("backdated", "Tanggal penggabungan ini mendahului keadaan main sebelumnya.", merge)
        if not chain:
            message = "Cabang ini tidak berasal dari main, atau sudah pernah digabungkan."
            return _refusal("foreign-branch", message, merge)
        if self._document_of(merge) is None and not self._is_policy(merge):
            message = "Penggabungan ini mengubah lebih dari satu naskah, atau naskah bersama aturan."
            return _refusal("not-one-document", message, merge)
        return next((self._unclean[c.id] for c in (*chain, merge) if c.id in self._unclean), None)

    def _document_of(self, merge: Commit) -> str | None:
        """The one document that the merge changes below ``content/``; None if it changes anything else."""
        if merge.id not in self._documents:
            self._documents[merge.id] = self._touched_document(merge)
        return self._documents[merge.id]

    def _touched_document(self, merge: Commit) -> str | None:
        found: set[str] = set()
        for touch in self._touches.get(merge.id, ()):
            place = document_at(touch.path)
            if place is not None and place[0] is Shelf.CONTENT:
                found.add(place[1])
            elif not touch.is_folder:
                return None
        return found.pop() if len(found) == 1 else None

    def _is_policy(self, merge: Commit) -> bool:
        """Whether the merge leaves every document as it is and changes something else."""
        touched = [touch.path for touch in self._touches.get(merge.id, ())]
        return bool(touched) and not any(path.partition("/")[0] in DOCUMENTS for path in touched)

    # -- the three kinds of step --

    def _publication(self, merge: Commit, office: Office, document: str) -> Proof | Refusal:
        history = self._strands.history(merge.id)
        standing = judge(history, office, office.procedures[kind_of(document).procedure])
        if standing.refusals:
            return standing.refusals[0]
        if not standing.approved or standing.shelf is not Shelf.CONTENT:
            return _refusal("not-approved", f"Naskah {document} digabungkan sebelum disetujui.", merge)
        if (objection := objection_at(standing, office, merge.time)) is not None:
            return objection
        approved = standing.approvals[-1].tree
        if not self._changes_only(merge, f"{Shelf.CONTENT}/{document}", approved):
            return _refusal("other-bytes", f"Isi {document} di main berbeda dari isi yang disetujui.", merge)
        if self._owners.get(history.id, document) != document:
            return _refusal("double-id", f"Tanda pengenal {history.id} dipakai dua naskah.", merge)
        title = self._strands.fields(merge.id).get("title")
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

    def _withdrawal(
        self, merge: Commit, office: Office, document: str, chain: Sequence[Commit]
    ) -> Withdrawal | Refusal:
        main, place = merge.parents[0], f"{Shelf.CONTENT}/{document}"
        fields = frontmatter.fields_of(self.repo.read(main, f"{place}/index.md") or b"", path=document)
        document_id = str(fields.get("id") or "")
        change = change_of(chain[0], document, self._touches.get(chain[0].id, ()))
        tree = str(self.repo.tree_id(main, place))
        found = judge_withdrawal(change, office, document=document, document_id=document_id, tree=tree)
        if isinstance(found, Refusal):
            return found
        if chain[0].parents != (main,):
            return _refusal("stale-base", "Main sudah berubah sejak penarikan ini ditandatangani.", merge)
        if not self._changes_only(merge, place, None):
            return _refusal("other-bytes", f"Penarikan {document} mengubah hal lain di main.", merge)
        title = str(fields.get("title") or document)
        return Withdrawal(
            document=document, id=document_id, title=title, merge=merge.id, decision=found, withdrawn=merge.time
        )

    def _policy(self, previous: str, merge: Commit, office: Office, chain: Sequence[Commit]) -> PolicyChange | Refusal:
        history = policy_history(self.repo, previous, chain, self._touches)
        standing = judge_policy(history, office)
        if standing.refusals:
            return standing.refusals[0]
        if standing.missing:
            who = ", ".join(office.role_label(role) for role in standing.missing)
            return _refusal("no-quorum", f"Perubahan aturan ini belum disetujui {who}.", merge)
        if (objection := policy_objection_at(standing, office, merge.time)) is not None:
            return objection
        if merge.tree != self.repo.blended_id(previous, merge.parents[1], DOCUMENTS):
            return _refusal("other-bytes", "Aturan di main berbeda dari usulan yang disetujui.", merge)
        if (refusal := unworkable(self.repo, merge.tree)) is not None:
            return replace(refusal, commit=merge.id)
        return PolicyChange(
            merge=merge.id,
            commit=chain[-1].id,
            name=history.name,
            summary=chain[0].message.split("\n", 1)[0],
            paths=standing.paths,
            everyday=standing.everyday,
            approvals=standing.approvals,
            changed=merge.time,
        )


def policy_history(
    repo: Repository, main: str, chain: Sequence[Commit], touches: Mapping[str, Sequence[Touch]]
) -> PolicyHistory:
    """The facts of a proposal whose commits are ``chain``, to be taken in by ``main``."""
    base = chain[0].parents[0]
    names = [name for c in chain for name in trailers_of(c.message).get("Kebijakan", ())]
    return PolicyHistory(
        name=names[0] if names else "",
        base=repo.reduced_id(base, DOCUMENTS),
        current=repo.reduced_id(main, DOCUMENTS),
        tree=repo.reduced_id(chain[-1].id, DOCUMENTS),
        changes=tuple(policy_change_of(c, touches.get(c.id, ())) for c in chain),
        since=repo.commit(base).time,
    )


def unworkable(repo: Repository, tree: str) -> Refusal | None:
    """Why the office of a root tree could not work: unreadable, or a needed role that nobody with a key could fill."""
    try:
        office = load_office(repo.files_below(tree, _OFFICE))
    except PipelineError as error:
        message = f"Sesudah perubahan ini berkas kantor tidak dapat dibaca: {error.message}"
        return Refusal(code="broken-office", message=message, hint=error.hint)
    held = {role for p in office.people.values() if p.keys and not p.machine for role in p.roles}
    deciders, _ = opening_roles(office)
    needed = dict.fromkeys((*sorted(deciders), *office.authority.policy))
    lost = [office.role_label(role) for role in needed if not held.intersection(office.chain_above(role))]
    if not lost:
        return None
    return Refusal(
        code="locks-out",
        message=f"Sesudah perubahan ini tidak ada pemegang kunci untuk {', '.join(lost)}, dan atasannya juga tidak.",
        hint="Daftarkan penggantinya di office/people.yml dalam usulan yang sama.",
    )


def published_ids(repo: Repository, commit: str) -> dict[str, str]:
    """The document that each id belongs to, as a commit of main publishes them; one batch."""
    names = {f"{commit}:{Shelf.CONTENT}/{path}/index.md": path for path in documents(repo, commit)}
    sources = repo.objects(list(names))
    return {frontmatter.id_in(source): names[name] for name, source in sources.items() if source is not None}


def documents(repo: Repository, commit: str) -> tuple[str, ...]:
    """The path of every document that a commit of main publishes."""
    found = (document_at(f"{Shelf.CONTENT}/{p}") for p in repo.paths(commit, Shelf.CONTENT) if p.endswith("/index.md"))
    return tuple(sorted({place[1] for place in found if place is not None}))


def _is_withdrawal(chain: Sequence[Commit]) -> bool:
    return len(chain) == 1 and trailers_of(chain[0].message).get("Keputusan") == (Ruling.WITHDRAWN,)


def _refusal(code: str, message: str, commit: Commit) -> Refusal:
    hint = "Situs tidak diperbarui. Mintalah Pranata Komputer memeriksa perubahan ini."
    return Refusal(code=code, message=message, hint=hint, commit=commit.id)
