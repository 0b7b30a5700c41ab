"""From an intended act to commits on a document's branch: planned as data, judged, written as objects, then moved.

``carry_out`` is the only way in which staff's acts reach a branch. A plan that ``judgement`` would not accept is refused
before anything is signed, so a branch never carries an act that does not count. Nothing here touches a working folder.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from pipeline.errors import Refused
from pipeline.judgement import Change, History, Move, Refusal, Standing, judge
from pipeline.kinds import is_document_path
from pipeline.model import Shelf
from pipeline.rules import masked
from pipeline.stages import verify
from pipeline.stages.session import now_after
from pipeline.world import history as ways
from pipeline.world.repo import BranchMove

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from pipeline.procedure import Procedure
    from pipeline.stages.session import Actor, Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """An open document: its branch and tip (None: not begun), the facts and their verdict."""

    branch: str
    tip: str | None
    history: History
    standing: Standing
    procedure: Procedure

    @property
    def path(self) -> str:
        """The document's path without shelf."""
        return self.history.document

    @property
    def shelf(self) -> Shelf:
        """Where the document stands; ``Refused`` if its folder is gone or stands in several places."""
        if self.standing.shelf is None:
            refuse_if_any(self.standing.refusals)
            raise _gone(self.path)
        return self.standing.shelf

    @property
    def tree(self) -> str:
        """The tree id of the document's folder; ``Refused`` if it is gone."""
        if self.standing.tree is None:
            refuse_if_any(self.standing.refusals)
            raise _gone(self.path)
        return self.standing.tree

    @property
    def latest(self) -> datetime | None:
        """When the branch last changed."""
        return self.history.changes[-1].time if self.history.changes else None


def _gone(path: str) -> Refused:
    return Refused(
        f"Isi naskah {path} tidak ada.", hint="Lihat keadaannya dengan redaksi status.", code="document-gone"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One commit to be: what it says, and what it does to the document's folder (nothing: a decision).

    ``scan`` is the PDF of a sheet signed on paper that the decision rests on.
    """

    message: str
    moves: tuple[Move, ...] = ()
    scan: bytes | None = None


def message(subject: str, **trailers: str | Sequence[str]) -> str:
    """A commit message: a subject line and trailers, each value on one line; empty values are left out."""
    lines = [f"{name}: {flat}" for name, value in trailers.items() for flat in _flat(value)]
    return f"{' '.join(subject.split())}\n\n" + "\n".join(lines)


def _flat(value: str | Sequence[str]) -> Iterator[str]:
    for text in [value] if isinstance(value, str) else value:
        if flat := " ".join(text.split()):
            yield flat


def require_no_number(*words: str) -> None:
    """``Refused`` where words that history keeps for ever hold what looks like a personal number."""
    if any(masked(text) != text for text in words):
        raise Refused(
            "Kalimat itu memuat nomor yang menyerupai NIK, padahal tersimpan selamanya.",
            hint="Tulis lagi tanpa nomor itu; orangnya cukup disebut dengan kedudukannya.",
            code="personal-number",
        )


def rename(source: Shelf, target: Shelf, tree: str) -> tuple[Move, Move]:
    """The two moves of a pure rename."""
    return Move(shelf=source, before=tree, after=None), Move(shelf=target, before=None, after=tree)


def opened(session: Session, branch: str, branches: ways.Branches) -> Opened:
    """The open document of a branch."""
    facts = branches.history(branch)
    procedure = session.procedure(facts.document)
    standing = judge(facts, session.office, procedure)
    return Opened(branch=branch, tip=branches.tips[branch], history=facts, standing=standing, procedure=procedure)


def unopened(session: Session, document: str, document_id: str) -> Opened:
    """A document that nobody works on yet: new, or published."""
    repo, content = session.repo, f"{Shelf.CONTENT}/{document}"
    tree = repo.tree_id(session.main, content)
    facts = History(
        document=document,
        id=document_id,
        base={Shelf.CONTENT: tree} if tree else {},
        changes=(),
        published_tree=tree,
    )
    procedure = session.procedure(document)
    branch = ways.branch_of(document_id)
    standing = judge(facts, session.office, procedure)
    return Opened(branch=branch, tip=None, history=facts, standing=standing, procedure=procedure)


def find(session: Session, query: str) -> Opened:
    """The open document that ``query`` means: its id, its path or last name, else a part of its path that no other has.

    What is exactly the path of a published document never means another one.
    """
    branches = session.branches()
    wanted = without_shelf(query)
    known = {
        b: {document, document.rpartition("/")[2], ways.id_of_branch(b)} for b, document in branches.documents.items()
    }
    found = [b for b, names in known.items() if wanted in names]
    if not found and wanted not in verify.documents(session.repo, session.main):
        found = [b for b, document in branches.documents.items() if wanted and wanted in document]
    if len(found) == 1:
        return opened(session, found[0], branches)
    if found:
        listed = ", ".join(f"{branches.documents[b]} ({b.rpartition('/')[2]})" for b in sorted(found)[:5])
        raise Refused(
            f"Ada {len(found)} naskah yang cocok dengan {wanted}: {listed}.",
            hint="Sebutkan alamat naskahnya lebih lengkap, atau tanda pengenal di dalam kurung.",
            code="ambiguous-document",
        )
    path = published_path(session, wanted)
    raise Refused(
        f"Naskah {path} sudah terbit dan tidak sedang diubah.",
        hint=f"Untuk mengubahnya, jalankan redaksi edit {path}",
        code="already-published",
    )


def published_path(session: Session, query: str) -> str:
    """The published document whose path is ``query`` or contains it; ``Refused`` unless there is exactly one."""
    wanted = without_shelf(query)
    paths = verify.documents(session.repo, session.main)
    found = [wanted] if wanted in paths else [path for path in paths if wanted and wanted in path]
    if len(found) > 1:
        raise Refused(
            f"Ada {len(found)} halaman terbit yang cocok dengan {wanted}: {', '.join(found[:5])}.",
            hint="Sebutkan alamat naskahnya lebih lengkap.",
            code="ambiguous-document",
        )
    if not found:
        raise Refused(
            f"Tidak ada naskah yang cocok dengan {wanted!r}.",
            hint="Lihat naskah yang sedang dikerjakan dengan redaksi status.",
            code="no-such-document",
        )
    return found[0]


def taken_down(session: Session, query: str) -> tuple[str, str] | None:
    """The path of a withdrawn document and the last commit of main that published it; None if ``query`` is none."""
    path = without_shelf(query)
    place = f"{Shelf.CONTENT}/{path}"
    if not is_document_path(path) or session.repo.tree_id(session.main, place) is not None:
        return None
    for commit in session.repo.versions(session.main, place)[:1]:
        before = session.repo.commit(commit).parents[0]
        return (path, before) if session.repo.tree_id(before, place) is not None else None
    return None


def without_shelf(query: str) -> str:
    """A document as somebody typed it: slashes at the ends, the shelf and the file's name do not matter."""
    typed = query.strip("/").removesuffix("/index.md")
    shelf, _, path = typed.partition("/")
    return path if shelf in set(Shelf) and path else typed


def carry_out(
    session: Session,
    actor: Actor,
    subject: Opened,
    plan: Sequence[Planned],
    *,
    also: Sequence[BranchMove] = (),
    dry_run: bool = False,
) -> Opened:
    """Judge the plan; write its commits and move the branch if it stands. Gives the document as it is then.

    ``also`` moves in the same step: all of it happens, or nothing.
    """
    when = now_after(subject.latest)
    after = _judged(session, actor, subject, plan, when)
    if dry_run:
        return after
    repo = session.repo
    tip = subject.tip or session.main
    for planned in plan:
        tree = repo.tree_id(tip)
        for move in planned.moves:
            tree = repo.graft(tree, f"{move.shelf}/{subject.path}", move.after)
        if planned.scan is not None:
            path = ways.scan_path(subject.history.id, sha256(planned.scan).hexdigest())
            tree = repo.with_file(tree, path, planned.scan)
        tip = actor.write(session, tree=str(tree), parents=[tip], message=planned.message, when=when)
    repo.move(BranchMove(branch=subject.branch, old=subject.tip, new=tip), *also)
    return replace(after, tip=tip)


def _judged(session: Session, actor: Actor, subject: Opened, plan: Sequence[Planned], when: datetime) -> Opened:
    changes = tuple(
        replace(
            intended(actor, planned.message, when),
            moves=planned.moves,
            papers=() if planned.scan is None else (sha256(planned.scan).hexdigest(),),
        )
        for planned in plan
    )
    facts = replace(subject.history, changes=(*subject.history.changes, *changes))
    standing = judge(facts, session.office, subject.procedure)
    refuse_if_any(standing.refusals)
    return Opened(branch=subject.branch, tip=subject.tip, history=facts, standing=standing, procedure=subject.procedure)


def intended(actor: Actor, text: str, when: datetime) -> Change:
    """A commit that this person means to write, as the facts that are judged before it is signed; it changes nothing yet."""
    return Change(
        commit="",
        parents=1,
        author=actor.signer.email,
        committer=actor.signer.email,
        time=when,
        fingerprint=actor.fingerprint,
        trailers=ways.trailers_of(text),
    )


def refuse_if_any(refusals: Iterable[Refusal]) -> None:
    """Raise the first of some refusals, if there is one."""
    for refusal in refusals:
        raise refused(refusal)


def refused(refusal: Refusal) -> Refused:
    """What is raised for a verdict's refusal."""
    return Refused(refusal.message, hint=refusal.hint, code=refusal.code)
