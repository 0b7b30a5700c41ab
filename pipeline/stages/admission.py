"""Judges what somebody sends to the office server, before any branch moves: each change by the kind of its reference.

People, roles and procedures are those of main **before** the push; a push is one unit, so that publishing may end a
branch that main takes in. Only what the push touches is read. Nothing is written here, and what could not be read is
refused: a guard that could not check never says "ok". Who sends is not known here, only who signed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Final

from pipeline import frontmatter
from pipeline.errors import PipelineError, Refused
from pipeline.judgement import Refusal, identified, judge
from pipeline.kinds import ID, SLUG, kind_of
from pipeline.model import Attachment, Shelf
from pipeline.quorum import judge_policy
from pipeline.rules import attached_file, masked
from pipeline.stages import hygiene, verify
from pipeline.stages.bootstrap import OPENING
from pipeline.stages.replay import policy_history, published_ids
from pipeline.stages.session import MAIN, office_at
from pipeline.stages.stamps import RECORD as RECEIPTS
from pipeline.world import clock, records
from pipeline.world.history import (
    ARCHIVE,
    BRANCHES,
    Strand,
    Strands,
    chain_of,
    change_of,
    empty_change,
    first_document,
    trailers_of,
)
from pipeline.world.repo import first_parents

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from pipeline.judgement import Change, Decision, History
    from pipeline.office import Office, Person
    from pipeline.world.repo import Commit, Repository, Touch

HEADS: Final = "refs/heads/"
_ZERO: Final = "0" * 40
_TEXT: Final = "index.md"
_RECORD: Final = re.compile(r"records/[a-z0-9-]+/[0-9]{4}/[0-9]{2}/[A-Za-z0-9][A-Za-z0-9._-]*\.json")
_RECORD_BYTES: Final = 1_000_000
_FILE: Final = 0o100644
_ASK: Final = "Mintalah Pranata Komputer memeriksa apa yang dikirim."


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A reference that is to go from ``old`` (None: it does not exist) to ``new`` (None: it is removed)."""

    ref: str
    old: str | None
    new: str | None

    @property
    def branch(self) -> str:
        """The reference without ``refs/heads/``."""
        return self.ref.removeprefix(HEADS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """Why one reference may not move: a code for machines, a sentence and a remedy for people; no personal number."""

    ref: str
    code: str
    message: str
    hint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examination:
    """What became of a push: refused if there is any objection. ``refs`` and ``commits`` count what was looked at."""

    objections: tuple[Objection, ...]
    refs: int
    commits: int


def updates_of(lines: Iterable[str]) -> tuple[Update, ...]:
    """The updates as Git tells them to a hook, one ``old new reference`` a line."""
    found = []
    for line in filter(None, (line.rstrip("\n") for line in lines)):
        old, new, ref = (*line.split(" ", 2), "", "")[:3]
        if not ref or {len(old), len(new)} != {len(_ZERO)}:
            raise Refused("Kiriman ini tidak dapat dibaca server kantor.", hint=_ASK, code="unreadable")
        found.append(Update(ref=ref, old=None if old == _ZERO else old, new=None if new == _ZERO else new))
    return tuple(found)


def examine(repo: Repository, updates: Sequence[Update], *, now: datetime, opening: str = "") -> Examination:
    """Judge a push. ``repo`` is the server as it still is; ``opening`` the commit that is pinned (empty: none yet)."""
    push = _Push(repo=repo, updates={u.ref: u for u in updates}, now=now, opening=opening)
    objections = _of_server(repo) or tuple(o for update in updates for o in _of_update(push, update))
    return Examination(objections=objections, refs=len(updates), commits=len(push.looked_at))


def _of_server(repo: Repository) -> tuple[Objection, ...]:
    found = repo.disguises()
    message = f"Server kantor tidak dapat membuktikan apa pun selama masih ada {', '.join(found)}."
    hint = "Mintalah Pranata Komputer menghapusnya dari repositori di server, lalu ulangi."
    return (Objection(ref="", code="disguised-history", message=message, hint=hint),) if found else ()


def _of_update(push: _Push, update: Update) -> Iterator[Objection]:
    try:
        yield from (_objection(update, found.code, found.message, found.hint) for found in _refusals(push, update))
    except PipelineError as error:
        code = error.code if isinstance(error, Refused) else "unreadable"
        yield _objection(update, code, error.message, error.hint)


def _objection(update: Update, code: str, message: str, hint: str) -> Objection:
    return Objection(ref=_printable(update.ref), code=code, message=_printable(message), hint=_printable(hint))


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in masked(text))


def _refusals(push: _Push, update: Update) -> Iterator[Refusal]:
    if push.before[update.ref] != update.old:
        yield _because("moved", "Keadaan di server kantor sudah berubah.", "Ambil keadaan terbaru, lalu ulangi.")
        return
    if update.new is not None and not push.repo.is_commit(update.new):
        yield _because("not-a-commit", "Yang dikirim bukan riwayat naskah atau catatan.", _ASK)
        return
    for pattern, judged in _KINDS:
        if (match := re.fullmatch(pattern, update.ref)) is not None:
            yield from judged(push, update, match)
            return
    yield _because(
        "foreign-ref",
        f"Server kantor tidak menyimpan {update.branch}.",
        "Yang disimpan hanya main, naskah, arsip, kebijakan, catatan, dan simpanan tulisan.",
    )


# -- what is read of the server and of the push --


@dataclass(kw_only=True)
class _Push:
    """A push as one unit, and the server as it was before; each thing is read when first asked for."""

    repo: Repository
    updates: Mapping[str, Update]
    now: datetime
    opening: str
    looked_at: set[str] = field(default_factory=set)

    @cached_property
    def before(self) -> Mapping[str, str | None]:
        """Where each reference of the push stands; what the sender says of it counts for nothing."""
        return self.repo.ids(list(self.updates))

    @cached_property
    def main(self) -> str:
        """Main before the push."""
        found = self.repo.tip(MAIN)
        if found is None:
            raise Refused(
                "Server kantor belum mempunyai main, jadi orang dan aturannya belum diketahui.",
                hint="Kirim main lebih dahulu, baru yang lain.",
                code="no-office",
            )
        return found

    @cached_property
    def mainline(self) -> frozenset[str]:
        """Every state that main ever had."""
        return frozenset(self.repo.first_parents(self.main))

    @cached_property
    def office(self) -> Office:
        """People, roles and procedures as they stand before the push."""
        return office_at(self.repo, self.main)

    @cached_property
    def opened(self) -> str:
        """The opening from which everything on main needs evidence; empty while the office is not open."""
        if self.opening or self.repo.tip(MAIN) is None:
            return self.opening
        found = verify.opening_of(self.repo, self.main)
        return found.first if found else ""

    @cached_property
    def documents(self) -> Mapping[str, str]:
        """The branches of open documents before the push."""
        return self.repo.tips(BRANCHES)

    @cached_property
    def known(self) -> tuple[str, ...]:
        """Tips of everything that was once judged as a document's way; saves and proposals were not."""
        main = self.repo.tip(MAIN)
        return (*([main] if main else []), *self.documents.values(), *self.repo.tips(ARCHIVE).values())

    def documents_after(self, document_id: str) -> set[str]:
        """The branches of a document as they would be."""
        changed = {u.branch: u.new for u in self.updates.values() if u.ref.startswith(f"{HEADS}naskah/")}
        found = {name for name, tip in ({**self.documents, **changed}).items() if tip is not None}
        return {name for name in found if re.fullmatch(rf"naskah/{document_id}(?:-\d+)?", name)}

    def main_after(self) -> str | None:
        """Main as it would be."""
        update = self.updates.get(HEADS + MAIN)
        return update.new if update else self.repo.tip(MAIN)

    def ended(self, pattern: str, tip: str | None = None) -> bool:
        """Whether the push also removes a branch of that name (that stood at ``tip``)."""
        return any(
            re.fullmatch(pattern, u.branch) and u.new is None and tip in {None, self.before[u.ref]}
            for u in self.updates.values()
        )

    def begun(self, pattern: str, tip: str | None = None) -> bool:
        """Whether the push also makes a new branch of that name (at ``tip``)."""
        return any(
            re.fullmatch(pattern, u.branch) and u.old is None and u.new is not None and tip in {None, u.new}
            for u in self.updates.values()
        )

    def kept_by_main(self, tip: str) -> bool:
        """Whether main, as it would be, contains this commit."""
        main = self.main_after()
        return main is not None and self.repo.is_ancestor(tip, main)

    def brought(self, tip: str, *known: str) -> tuple[dict[str, Commit], dict[str, tuple[Touch, ...]]]:
        """The commits that ``tip`` has and ``known`` have not, oldest first, and what each changed."""
        commits = self.repo.commits(self.repo.between([tip], *known))
        self.looked_at.update(commits)
        return commits, self.repo.touches(first_parents(commits.values())) if commits else {}


# -- main --


def _main(push: _Push, update: Update, _: re.Match[str]) -> Iterator[Refusal]:
    """Main only grows, one proven step after another; before the opening it only has to grow."""
    if update.new is None:
        yield _because(
            "main-deleted", "Main tidak pernah dihapus.", "Batalkan penghapusan itu; tidak ada yang berubah."
        )
        return
    if update.old is not None and update.old not in set(push.repo.first_parents(update.new)):
        yield _not_forward("main")
        return
    since = (update.old or "") if push.opened else ""
    found = verify.verify(push.repo, update.new, since=since, opening=push.opened)
    commits, _touches = push.brought(update.new, *push.known)
    yield from _future(push, commits.values())
    if found.opening is None:
        return
    if push.opened and update.old and found.opening.commit not in push.mainline:
        yield _because(
            "other-opening",
            "Kantor sudah dibuka; server kantor tidak menerima pembukaan ulang.",
            "Ubah aturan dan orang lewat usulan: redaksi policy submit RINGKASAN.",
        )
    yield from (_told(push, step) for step in found.unproven)
    yield from _carried(push, found, set(commits))


def _told(push: _Push, step: verify.Unproven) -> Refusal:
    """An unproven step; a lone opening signature is told as what it is."""
    if step.refusal.code != "direct-commit" or OPENING not in trailers_of(push.repo.commit(step.commit).message):
        return step.refusal
    return _because("other-opening", "Kantor sudah dibuka; tidak ada yang perlu dibuka lagi.", _ASK)


def _carried(push: _Push, found: verify.Verification, fresh: set[str]) -> Iterator[Refusal]:
    """What proof alone does not say: roles held now as well, sizes, and what would stay in history for ever."""
    for proof in found.proofs:
        yield from _roles_ended(push, proof.approvals)
        yield from _unfit(push, proof.history, fresh)
    for withdrawal in found.withdrawals:
        yield from _roles_ended(push, [withdrawal.decision])
    for policy in found.policies:
        yield from _roles_ended(push, policy.approvals)


# -- documents --


def _document(push: _Push, update: Update, match: re.Match[str]) -> Iterator[Refusal]:
    """A document's branch only grows, by acts that count; it ends when main or the archive keeps it."""
    if update.new is None:
        yield from _document_ended(push, update, match)
        return
    if update.old is not None and not push.repo.is_ancestor(update.old, update.new):
        yield _not_forward("naskah ini")
        return
    others = push.documents_after(match["id"]) - {update.branch}
    if others:
        yield _because(
            "double-branch",
            f"Naskah {match['id']} masih terbuka sebagai {', '.join(sorted(others))}.",
            "Satu naskah dikerjakan di satu tempat: lanjutkan yang terbuka, atau tutup dahulu yang lama.",
        )
    if update.old is None and push.ended(f"arsip/{match['id']}(?:-[0-9]+)?", update.new):
        return  # it comes back as it was put away
    yield from _written(push, update, match["id"])


def _document_ended(push: _Push, update: Update, match: re.Match[str]) -> Iterator[Refusal]:
    old = str(update.old)
    again = f"naskah/{match['id']}-[0-9]+"
    if push.kept_by_main(old) or push.begun(f"arsip/{match['id']}(?:-[0-9]+)?", old) or push.begun(again):
        return
    yield _because(
        "branch-deleted",
        f"Naskah {match['id']} belum terbit dan tidak dipindahkan ke arsip, jadi tidak dapat dihapus.",
        "Tutup naskah itu dengan perintah Redaksi; isinya lalu tersimpan di arsip.",
    )


def _written(push: _Push, update: Update, document_id: str) -> Iterator[Refusal]:
    commits, touches = push.brought(str(update.new), push.main)
    chain = chain_of(commits, str(update.new))
    document = first_document(chain, touches)
    if not chain or document is None:
        yield _because("no-document", "Cabang naskah ini tidak memuat naskah.", "Mulailah dengan redaksi new.")
        return
    base = chain[0].parents[0] if chain[0].parents else None
    if base not in push.mainline:
        yield _because("foreign-branch", "Naskah ini tidak berawal dari main.", "Mulailah lagi dengan redaksi new.")
        return
    if update.old is None and published_ids(push.repo, push.main).get(document_id, document) != document:
        yield _because("double-id", f"Tanda pengenal {document_id} sudah dipakai halaman lain.", _ASK)
    fresh = set(push.repo.between([str(update.new)], *push.known))
    if update.old is None and _leaves_out(push, str(update.new), commits.keys() - fresh):
        yield _because(
            "unfinished-branch",
            "Naskah ini memakai sebagian jalan naskah lain dan meninggalkan keputusan yang menyusul.",
            "Lanjutkan naskah yang ada, atau mulailah lagi dengan redaksi restart NASKAH.",
        )
        return
    strand = Strand(document=document, chain=chain, base=base, main=push.main, id=document_id)
    history = Strands(push.repo, {update.branch: strand}, touches).history(update.branch)
    standing = judge(history, push.office, push.office.procedures[kind_of(document).procedure])
    yield from standing.refusals
    yield from _future(push, (commits[name] for name in fresh))
    yield from _roles_ended(push, [d for d in standing.decisions if d.commit in fresh])
    yield from _unfit(push, history, fresh)


def _leaves_out(push: _Push, tip: str, shared: Collection[str]) -> bool:
    """Whether a document that is known goes on from commits that a new branch shares with it, and the branch does not."""
    later = push.repo.commits(push.repo.between(push.known, tip, push.main)) if shared else {}
    return any(commit.parents and commit.parents[0] in shared for commit in later.values())


def _roles_ended(push: _Push, decisions: Iterable[Decision]) -> Iterator[Refusal]:
    """A role must be held on the day of the receipt as well: a date that somebody typed proves nothing."""
    office, today = push.office, push.office.day(push.now)
    for held in decisions:
        person = office.people.get(held.person)
        if held.paper is None and (person is None or held.role not in person.roles_on(today)):
            yield _because(
                "role-ended",
                f"{held.person} tidak lagi menjabat sebagai {office.role_label(held.role)} saat keputusannya diterima.",
                "Mintalah pejabat yang sekarang memutuskan.",
            )


def _unfit(push: _Push, history: History, fresh: set[str]) -> Iterator[Refusal]:
    """Sizes, names and what would stay in history for ever, of every version that the push brings."""
    changes = [change for change in history.changes if change.commit in fresh and _brings_something(change)]
    trees = dict.fromkeys(m.after for c in changes for m in c.moves if m.after is not None)
    found = [r for tree in trees for r in _of_folder(push, history.document, push.repo.sizes(tree))]
    yield from found
    if changes and not found:
        yield from hygiene.objections(push.repo, [change.commit for change in changes])


def _brings_something(change: Change) -> bool:
    """Nothing new comes in where every tree that lands has left another shelf, or nothing lands at all."""
    return not {move.after for move in change.moves} - {None} <= {move.before for move in change.moves}


def _of_folder(push: _Push, document: str, sizes: Mapping[str, int]) -> Iterator[Refusal]:
    limits = push.office.court.limits
    photos = sum(hygiene.is_photo(name) for name in sizes)
    if photos > limits.photos:
        yield _because(
            "too-many-photos",
            f"{document} memuat {photos} foto, paling banyak {limits.photos}.",
            "Pilih foto yang terpenting, lalu ajukan lagi.",
        )
    yield from _of_sizes(push, document, sizes)
    if len({name.casefold() for name in sizes}) < len(sizes):
        return  # the judgement tells (name-clash)
    beside = [Attachment(name=name, data=b"") for name in sizes if name != _TEXT]
    for finding in attached_file.check(frontmatter.read(b"", path=document, shelf=Shelf.DRAFTS, attachments=beside)):
        yield _because("forbidden-file", finding.message, finding.hint)


def _of_sizes(push: _Push, document: str, sizes: Mapping[str, int]) -> Iterator[Refusal]:
    limits = push.office.court.limits
    if sum(sizes.values()) > limits.document_bytes:
        yield _because(
            "too-large",
            f"{document} berukuran {sum(sizes.values()) // 1000} kB, melebihi batas {limits.document_bytes // 1000} kB.",
            "Kecilkan atau kurangi fotonya, lalu ajukan lagi.",
        )
    for name, size in sizes.items():
        most = limits.text_bytes if name == _TEXT else limits.photo_bytes
        if size > most:
            yield _because(
                "too-large",
                f"{document}/{name} berukuran {size // 1000} kB, melebihi batas {most // 1000} kB.",
                "Kecilkan berkas itu, lalu ajukan lagi.",
            )


# -- the archive --


def _archive(push: _Push, update: Update, match: re.Match[str]) -> Iterator[Refusal]:
    """What was put away is never changed; it may come back as it was."""
    if update.new is None:
        back = f"naskah/{match['id']}(?:-[0-9]+)?" if match["id"] else f"kebijakan/{match['policy']}"
        if not push.begun(back, str(update.old)):
            yield _because("archive-changed", "Arsip tidak pernah dihapus.", "Pulihkan dengan redaksi recover NASKAH.")
    elif update.old is not None:
        yield _because("archive-changed", "Arsip tidak pernah diubah.", "Pulihkan naskahnya, lalu ubah naskah itu.")
    else:
        source = f"naskah/{match['id']}(?:-[0-9]+)?" if match["id"] else f"kebijakan/{match['policy']}"
        if not push.ended(source, update.new):
            yield _because(
                "foreign-archive",
                "Arsip hanya memuat naskah yang ditutup, tepat seperti keadaannya terakhir.",
                "Tutup naskahnya dengan perintah Redaksi.",
            )


# -- proposals of policy --


def _policy(push: _Push, update: Update, match: re.Match[str]) -> Iterator[Refusal]:
    """A proposal only grows, by signed commits that touch no document."""
    if update.new is None:
        old = str(update.old)
        if not push.kept_by_main(old) and not push.begun(f"arsip/kebijakan-{match['name']}", old):
            yield _because(
                "branch-deleted",
                "Usulan aturan ini belum berlaku dan tidak dipindahkan ke arsip, jadi tidak dapat dihapus.",
                f"Tutup usulan itu: redaksi policy discard {match['name']}",
            )
        return
    if update.old is not None and not push.repo.is_ancestor(update.old, update.new):
        yield _not_forward("usulan aturan ini")
        return
    if update.old is None and push.ended(f"arsip/kebijakan-{match['name']}", update.new):
        return
    commits, touches = push.brought(update.new, push.main)
    chain = chain_of(commits, update.new)
    if not chain or not chain[0].parents or chain[0].parents[0] not in push.mainline:
        yield _because("foreign-branch", "Usulan aturan ini tidak berawal dari main.", "Usulkan lagi dari main.")
        return
    yield from _proposed(push, update, chain, touches)


def _proposed(
    push: _Push, update: Update, chain: Sequence[Commit], touches: Mapping[str, Sequence[Touch]]
) -> Iterator[Refusal]:
    name = update.branch.partition("/")[2]
    standing = judge_policy(replace(policy_history(push.repo, push.main, chain, touches), name=name), push.office)
    fresh = set(push.repo.between([str(update.new)], push.main, *([update.old] if update.old else [])))
    # An outdated proposal may still be looked at; that it comes into force is main's to refuse.
    yield from (refusal for refusal in standing.refusals if refusal.code not in {"stale-policy", "empty-policy"})
    yield from _future(push, (commit for commit in chain if commit.id in fresh))
    yield from _roles_ended(push, [held for held in standing.approvals if held.commit in fresh])


# -- the machines' diary --


def _records(push: _Push, update: Update, _: re.Match[str]) -> Iterator[Refusal]:
    """The diary only grows: one new file a commit, signed by a listed key."""
    if update.new is None:
        yield _because("record-changed", "Catatan tidak pernah dihapus.", "Batalkan penghapusan itu.")
        return
    commits, touches = push.brought(update.new, *([update.old] if update.old else []))
    chain = chain_of(commits, update.new)
    before = chain[0].parents if chain else ()
    if len(chain) != len(commits) or before != ((update.old,) if update.old else ()):
        yield _not_forward("catatan")
        return
    yield from _future(push, chain)
    weights = push.repo.weights([t.after for c in chain for t in touches.get(c.id, ()) if not t.is_folder and t.after])
    blobs = push.repo.objects([blob for blob, size in weights.items() if size <= _RECORD_BYTES])
    for commit in chain:
        yield from _of_record(push, commit, [t for t in touches.get(commit.id, ()) if not t.is_folder], blobs)


def _of_record(
    push: _Push, commit: Commit, touched: Sequence[Touch], blobs: Mapping[str, bytes | None]
) -> Iterator[Refusal]:
    if any(touch.before is not None for touch in touched):
        yield _because("record-changed", "Catatan hanya ditambah, tidak pernah diubah atau dihapus.", _ASK, commit)
        return
    who = identified(empty_change(commit), push.office)
    if isinstance(who, Refusal):
        yield _because("forged-record", f"Catatan ini tidak sah: {who.message}", _ASK, commit)
    elif (problem := _malformed(touched, blobs, who)) is not None:
        yield _because("forged-record", problem, _ASK, commit)


def _malformed(touched: Sequence[Touch], blobs: Mapping[str, bytes | None], who: Person) -> str | None:
    if len(touched) != 1 or touched[0].mode != _FILE or not _RECORD.fullmatch(touched[0].path):
        return "Satu catatan ialah satu berkas baru di records/ menurut tahun dan bulannya."
    if touched[0].path.startswith(f"records/{RECEIPTS}/") and not who.machine:
        return "Waktu penerimaan hanya dicatat oleh mesin."
    data = blobs.get(str(touched[0].after))
    if data is None:
        return f"Catatan ini melebihi {_RECORD_BYTES // 1000} kB."
    return None if _is_record(data) else "Isi catatan ini tidak dapat dibaca sebagai catatan."


def _is_record(data: bytes) -> bool:
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and "skema" in found


# -- saves while writing --


def _save(push: _Push, update: Update, match: re.Match[str]) -> Iterator[Refusal]:
    """A person's saves of one document: signed by that person, of that document alone; gone when the document is done."""
    if update.new is None:
        begun_anew = push.ended(f"naskah/{match['id']}(?:-[0-9]+)?")
        if push.documents_after(match["id"]) and not begun_anew:
            yield _because("still-open", "Simpanan tulisan dihapus sesudah naskahnya selesai.", "Biarkan dahulu.")
        return
    if update.old is not None and not push.repo.is_ancestor(update.old, update.new):
        yield _not_forward("simpanan tulisan ini")
        return
    commits, touches = push.brought(update.new, *push.known, *([update.old] if update.old else []))
    chain = chain_of(commits, update.new)
    if not chain or len(chain) != len(commits):
        yield _because("foreign-save", "Yang dikirim bukan simpanan tulisan.", _ASK)
        return
    yield from _future(push, chain)
    document = _open_document(push, match["id"]) or first_document(chain, touches)
    for commit in chain:
        yield from _of_save(push, change_of(commit, document or "", touches.get(commit.id, ())), match["person"])


def _open_document(push: _Push, document_id: str) -> str | None:
    """The document that is open under this id; None if there is none."""
    tip = next((t for name, t in push.documents.items() if re.fullmatch(rf"naskah/{document_id}(?:-\d+)?", name)), None)
    if tip is None:
        return None
    commits = push.repo.commits(push.repo.between([tip], push.main))
    return first_document(chain_of(commits, tip), push.repo.touches(first_parents(commits.values())))


def _of_save(push: _Push, change: Change, person: str) -> Iterator[Refusal]:
    who = identified(change, push.office)
    if isinstance(who, Refusal):
        yield who
    elif who.machine or who.id != person:
        yield _because("foreign-save", f"Simpanan tulisan {person} hanya dapat ditulis oleh {person} sendiri.", _ASK)
    if change.strays or change.forbidden or any(move.shelf is Shelf.CONTENT for move in change.moves):
        yield _because("foreign-path", "Simpanan tulisan hanya memuat naskahnya sendiri di drafts/ atau review/.", _ASK)
        return
    for move in change.moves:
        if move.after is not None:
            yield from _of_sizes(push, person, push.repo.sizes(move.after))


# -- what several kinds share --


def _future(push: _Push, commits: Iterable[Commit]) -> Iterator[Refusal]:
    for commit in commits:
        if commit.time > push.now + clock.TOLERANCE:
            yield _because(
                "future-dated",
                "Tanggal perubahan ini lebih maju daripada jam server kantor.",
                "Perbaiki jam komputer Anda, lalu ulangi.",
                commit,
            )


def _not_forward(what: str) -> Refusal:
    return _because(
        "not-fast-forward",
        f"Kiriman ini akan menghapus sebagian riwayat {what}; riwayat hanya bertambah.",
        "Ambil keadaan terbaru, lalu ulangi pekerjaan Anda di atasnya.",
    )


def _because(code: str, message: str, hint: str, commit: Commit | None = None) -> Refusal:
    return Refusal(code=code, message=message, hint=hint, commit=commit.id if commit else "")


_NUMBER: Final = r"(?:-(?P<attempt>[2-9]|[1-9][0-9]+))?"
_KINDS: Final[tuple[tuple[str, Callable[[_Push, Update, re.Match[str]], Iterator[Refusal]]], ...]] = (
    (f"{HEADS}{MAIN}", _main),
    (f"{HEADS}naskah/(?P<id>{ID.pattern}){_NUMBER}", _document),
    (f"{HEADS}arsip/(?:(?P<id>{ID.pattern}){_NUMBER}|kebijakan-(?P<policy>{SLUG.pattern}))", _archive),
    (f"{HEADS}kebijakan/(?P<name>{SLUG.pattern})", _policy),
    (f"{HEADS}{records.BRANCH}", _records),
    (f"refs/simpan/(?P<id>{ID.pattern})/(?P<person>{SLUG.pattern})", _save),
)
