"""A change of policy: proposed on a branch of its own, signed by the quorum, and merged by whoever signs last.

Policy is everything that is no document: ``office/``, the program, the workflow. Like a document's act, a proposal is judged
before it is signed (``quorum``). An office that could not be read, or in which nobody could decide any more, is refused
before it comes into force. Documents are never touched here.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline import kinds, signature
from pipeline.errors import Refused
from pipeline.judgement import Refusal, Ruling
from pipeline.quorum import DOCUMENTS, PolicyHistory, PolicyStanding, judge_policy, missing
from pipeline.stages import verify
from pipeline.stages.proposal import intended, message, refuse_if_any, refused
from pipeline.stages.replay import policy_history, unworkable
from pipeline.stages.session import MAIN, now_after
from pipeline.world.history import ARCHIVE, chain_of
from pipeline.world.repo import BranchMove, first_parents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from pipeline.office import Office
    from pipeline.stages.session import Actor, Session

BRANCHES: Final = "kebijakan"
_NAMED: Final = 5
_KEY: Final = re.compile(r"ssh-ed25519 [A-Za-z0-9+/=]+")
_DIFFERENCE: Final = 400
"""Lines of a difference that are shown; a new release of the program is thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposed change of policy and how far it has come; ``landed`` once it is in force."""

    name: str
    tip: str
    summary: str
    standing: PolicyStanding
    since: datetime
    landed: bool = False


def propose(
    session: Session, actor: Actor, files: Mapping[str, bytes | None], summary: str, *, dry_run: bool = False
) -> Proposal:
    """Propose new bytes by path (None: removed), with this person's own signature where the quorum asks for it."""
    _require_open(session)
    repo, when = session.repo, now_after(session.repo.commit(session.main).time)
    tree = str(repo.tree_id(session.main))
    for path, data in files.items():
        tree = repo.replaced(tree, path, data)
    if tree == repo.tree_id(session.main):
        raise Refused("Usulan ini tidak mengubah apa pun.", hint="Ubah berkasnya lebih dahulu.", code="empty-policy")
    name = _free_name(session, summary)
    text = message(f"Aturan: {summary}", Kebijakan=name)
    change = replace(intended(actor, text, when), strays=tuple(files))
    base = repo.reduced_id(session.main, DOCUMENTS)
    history = PolicyHistory(
        name=name, base=base, current=base, tree=repo.reduced_tree_id(tree, DOCUMENTS), changes=(change,)
    )
    refuse_if_any(judge_policy(history, session.office).refusals)
    _require_workable(session, tree)
    if dry_run:
        return Proposal(name=name, tip="", summary=summary, standing=judge_policy(history, session.office), since=when)
    tip = actor.write(session, tree=tree, parents=[session.main], message=text, when=when)
    repo.move(BranchMove(branch=f"{BRANCHES}/{name}", old=None, new=tip))
    found = _of(session, name, tip)
    return _signed(session, actor, found) if _role(session, actor, found) else found


def approve(session: Session, actor: Actor, name: str) -> Proposal:
    """Sign a proposal as it stands; with the last signature that the quorum asks for it comes into force."""
    _require_open(session)
    found = find(session, name)
    refuse_if_any(found.standing.refusals)
    if found.standing.missing and not _role(session, actor, found):
        labels = ", ".join(session.office.role_label(role) for role in found.standing.missing)
        raise Refused(
            f"{actor.person.name} tidak dapat menyetujui usulan ini.",
            hint=f"Yang ditunggu: {labels}.",
            code="wrong-role",
        )
    return _signed(session, actor, found) if found.standing.missing else _landed(session, actor, found)


def discard(session: Session, actor: Actor, name: str) -> Proposal:
    """Put a proposal away: it leaves the list and stays in the archive."""
    found = find(session, name)
    if actor.person.machine or not actor.person.roles_on(session.office.day(now_after(None))):
        raise Refused(
            "Hanya petugas yang dapat menutup usulan.", hint="Bertindaklah atas nama Anda.", code="wrong-role"
        )
    branch = f"{BRANCHES}/{found.name}"
    session.repo.move(
        BranchMove(branch=branch, old=found.tip, new=None),
        BranchMove(branch=f"{ARCHIVE}/{BRANCHES}-{found.name}", old=None, new=found.tip),
    )
    return found


def waiting(session: Session) -> tuple[Proposal, ...]:
    """Every proposal that is not in force yet, oldest first."""
    tips = session.repo.tips(BRANCHES)
    found = [_looked_at(session, branch.partition("/")[2], tip) for branch, tip in tips.items()]
    return tuple(sorted(found, key=lambda proposal: proposal.since))


def _looked_at(session: Session, name: str, tip: str) -> Proposal:
    """A proposal; one that can't be read as such is shown with what is wrong with it."""
    try:
        return _of(session, name, tip)
    except Refused as refusal:
        wrong = Refusal(code=refusal.code, message=refusal.message, hint=refusal.hint)
        standing = PolicyStanding(paths=(), everyday=False, approvals=(), authors=(), missing=(), refusals=(wrong,))
        return Proposal(name=name, tip=tip, summary=name, standing=standing, since=session.repo.commit(tip).time)


def find(session: Session, name: str) -> Proposal:
    """The proposal with this name; ``Refused`` if there is none."""
    tips = session.repo.tips(BRANCHES)
    wanted = name.removeprefix(f"{BRANCHES}/")
    if f"{BRANCHES}/{wanted}" not in tips:
        known = ", ".join(sorted(branch.partition("/")[2] for branch in tips)) or "tidak ada"
        raise Refused(
            f"Tidak ada usulan aturan {wanted!r}.", hint=f"Usulan yang menunggu: {known}.", code="no-such-policy"
        )
    return _of(session, wanted, tips[f"{BRANCHES}/{wanted}"])


def in_folder(session: Session) -> dict[str, bytes | None]:
    """What the working folder changes of policy, against the newest main; refused where the folder is older than that."""
    repo = session.repo
    head = repo.head()
    if head is None or repo.reduced_id(head, DOCUMENTS) != repo.reduced_id(session.main, DOCUMENTS):
        raise Refused(
            "Folder kerja ini belum mengikuti aturan terbaru di kantor, jadi usulannya akan membatalkan perubahan orang lain.",
            hint="Simpan perubahan Anda di tempat lain, perbarui folder ini (git pull), lalu ulangi.",
            code="folder-behind",
        )
    return {path: data for path, data in repo.changed_files().items() if path.partition("/")[0] not in DOCUMENTS}


# -- inside --


def _of(session: Session, name: str, tip: str) -> Proposal:
    repo = session.repo
    commits = repo.commits(repo.between([tip], session.main))
    chain = chain_of(commits, tip)
    if not chain or not chain[0].parents:
        raise Refused(
            f"Usulan {name} tidak berasal dari main.",
            hint="Mintalah Pranata Komputer memeriksanya.",
            code="foreign-branch",
        )
    history = policy_history(repo, session.main, chain, repo.touches(first_parents(commits.values())))
    standing = judge_policy(replace(history, name=name), session.office)
    summary = chain[0].message.split("\n", 1)[0].removeprefix("Aturan: ")
    return Proposal(name=name, tip=tip, summary=summary, standing=standing, since=chain[-1].time)


def _signed(session: Session, actor: Actor, found: Proposal) -> Proposal:
    repo = session.repo
    tip = repo.commit(found.tip)
    text = message(
        "Keputusan: disetujui",
        Kebijakan=found.name,
        Sidik=repo.reduced_id(tip.id, DOCUMENTS),
        Peran=_role(session, actor, found),
        Keputusan=Ruling.APPROVED,
    )
    new = actor.write(session, tree=tip.tree, parents=[tip.id], message=text, when=now_after(tip.time))
    after = _of(session, found.name, new)
    refuse_if_any(after.standing.refusals)
    repo.move(BranchMove(branch=f"{BRANCHES}/{found.name}", old=found.tip, new=new))
    return after if after.standing.missing else _landed(session, actor, after)


def _landed(session: Session, actor: Actor, found: Proposal) -> Proposal:
    verify.require_proof(verify.prove(session))
    repo = session.repo
    tree = repo.blend(session.main, found.tip, DOCUMENTS)
    _require_workable(session, tree)
    when = now_after(max(repo.commit(found.tip).time, repo.commit(session.main).time))
    text = message(f"Aturan berlaku: {found.summary}", Kebijakan=found.name)
    merge = actor.write(session, tree=tree, parents=[session.main, found.tip], message=text, when=when)
    repo.move(
        BranchMove(branch=MAIN, old=session.main, new=merge),
        BranchMove(branch=f"{BRANCHES}/{found.name}", old=found.tip, new=None),
    )
    repo.refresh(session.main, merge)
    return replace(found, landed=True)


def _role(session: Session, actor: Actor, found: Proposal) -> str:
    """The role in which this person fills a seat that is still empty; empty if there is none."""
    if actor.person.machine or any(held.person == actor.person.id for held in found.standing.approvals):
        return ""
    office = session.office
    everyday = found.standing.everyday
    signed = [held.role for held in found.standing.approvals]
    before = missing(signed, office, everyday=everyday)
    held = actor.person.roles_on(office.day(now_after(None)))
    helping = [role for role in held if len(missing([*signed, role], office, everyday=everyday)) < len(before)]
    return next((role for role in before if role in helping), helping[0] if helping else "")


def _free_name(session: Session, summary: str) -> str:
    slug = kinds.new_slug(summary)[:60].strip("-")
    taken = {b.partition("/")[2] for b in session.repo.tips(BRANCHES)}
    taken |= {b.partition(f"{BRANCHES}-")[2] for b in session.repo.tips(ARCHIVE)}
    return next(name for n in range(1, 1000) if (name := slug if n == 1 else f"{slug}-{n}") not in taken)


def _require_open(session: Session) -> None:
    if verify.opening_of(session.repo, session.main) is None:
        raise Refused(
            "Kantor ini belum dibuka, jadi belum ada yang perlu menyetujui perubahan aturan.",
            hint="Ubah berkasnya di folder kerja, simpan ke main, lalu buka kantor dengan redaksi open-office.",
            code="office-not-open",
        )


def _require_workable(session: Session, tree: str) -> None:
    if (refusal := unworkable(session.repo, tree)) is not None:
        raise refused(refusal)


# -- showing --


def describe(found: Proposal, office: Office) -> Iterator[str]:
    """A proposal as lines to print."""
    if found.landed:
        yield f"Aturan berlaku: {found.summary} ({_named(found.standing.paths)})."
        return
    yield f"Usulan {found.name}: {found.summary}"
    if found.standing.paths:
        yield f"  mengubah {_named(found.standing.paths)}"
    yield from (
        f"  disetujui {held.person} sebagai {office.role_label(held.role)}" for held in found.standing.approvals
    )
    yield from (f"  {refusal.message}" for refusal in found.standing.refusals)
    if found.standing.missing:
        labels = " dan ".join(office.role_label(role) for role in found.standing.missing)
        yield f"  menunggu {labels} (atau atasannya): redaksi policy approve {found.name}"


def _named(paths: tuple[str, ...]) -> str:
    more = len(paths) - _NAMED
    return ", ".join(paths[:_NAMED]) + (f" dan {more} berkas lain" if more > 0 else "")


def describe_changes(session: Session, found: Proposal) -> Iterator[str]:
    """The lines that a proposal changes, as a reader of the file sees them."""
    shown = 0
    for path in found.standing.paths:
        before, after = (_lines(session, commit, path) for commit in (session.main, found.tip))
        for line in difflib.unified_diff(before, after, f"sekarang/{path}", f"usulan/{path}", lineterm="", n=2):
            shown += 1
            if shown > _DIFFERENCE:
                yield f"… terlalu banyak untuk ditampilkan ({len(found.standing.paths)} berkas)."
                return
            yield line
            yield from (f"    sidik kunci: {signature.fingerprint(key)}" for key in _KEY.findall(line))


def _lines(session: Session, commit: str, path: str) -> list[str]:
    data = session.repo.read(commit, path) or b""
    return ["(bukan teks)"] if b"\0" in data else data.decode("utf-8", "replace").splitlines()
