"""Random people do random things, legal and illegal, to a real repository: main never holds what is not proven.

One repository without a server, real keys and signatures, the stages in-process; attacks by plain Git. Books are kept apart
from the program: who wrote and who approved which bytes, as the acts went through. Whenever main moves it is held against
these books and against ``verify``; after an attack on main nothing of ours moves it on until it is put back.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from kantor import git

from pipeline.errors import Refused
from pipeline.stages import audit, draft, golive, opening, paper, policy, publish, review, verify, withdraw
from pipeline.stages.proposal import find
from pipeline.stages.session import Session, actor

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.stages.proposal import Opened
    from pipeline.stages.session import Actor

STAFF = ("admin", "redaktur", "kasubag-ptip", "sekretaris", "pranata-komputer")
SIGNERS = (*STAFF, "penerbit")
DECIDERS = frozenset({"redaktur", "kasubag-ptip"})
MAY_WITHDRAW = frozenset({"redaktur", "kasubag-ptip", "sekretaris"})
MAY_CHANGE_POLICY = ("pranata-komputer", "kasubag-ptip", "sekretaris")
HOURS, SITE, PEOPLE = "office/hours.yml", "office/site.yml", "office/people.yml"
PAGES = ("layanan/jam-layanan", "layanan/biaya-perkara")
USUAL = ("redaktur", "kasubag-ptip")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
REASON = "Isi halaman ini tidak berlaku lagi."

staff, signers, numbers = st.sampled_from(STAFF), st.sampled_from(SIGNERS), st.integers(0, 7)


@dataclass
class Book:
    """Who wrote a document, and who approved which tree of it, in their order; kept without the program's help."""

    path: str
    branch: str
    wrote: set[str] = field(default_factory=set)
    approved: dict[str, str] = field(default_factory=dict)
    sheet: str = ""
    entered_by: str = ""

    def rewritten(self, person: str, *, corrects: bool) -> None:
        """New bytes: nothing that was approved holds, and whoever does not merely correct is an author."""
        self.approved.clear()
        self.sheet = ""
        if not (corrects and person in DECIDERS and self.wrote and person not in self.wrote):
            self.wrote.add(person)

    def taken_back(self, person: str) -> None:
        """An approval falls with those after it; an author's submission falls with all of them."""
        order = list(self.approved)
        kept = order[: order.index(person)] if person in order else []
        self.approved = {name: self.approved[name] for name in kept}
        self.sheet = self.sheet if person in order else ""


@dataclass(frozen=True)
class Premises:
    """What every office of this test begins with, and a count of what was lived through and why something was refused."""

    template: Path
    keys: Path
    told: Counter[str] = field(default_factory=Counter)


class RandomOffice(RuleBasedStateMachine):
    """The office, what is known of it, and everything that anybody may try."""

    premises: Premises

    @initialize()
    def open_the_doors(self) -> None:
        self.folder = Path(tempfile.mkdtemp(dir=self.premises.template.parent))
        self.root = Path(shutil.copytree(self.premises.template, self.folder / "kantor"))
        self.session_now: Session | None = None
        self.main = self.tip("main")
        self.opening = self.main
        self.trees, self.rest = self.contents(self.main)
        self.books: dict[str, Book] = {}
        self.policies: dict[str, tuple[str, set[str]]] = {}
        self.withdrawn: set[str] = set()
        self.count = self.attacks = 0

    def teardown(self) -> None:
        if hasattr(self, "folder"):
            if self.session_now is not None:
                self.session_now.repo.close()
            shutil.rmtree(self.folder)

    # -- what plain Git says --

    def tip(self, branch: str) -> str:
        return git(self.root, "rev-parse", f"refs/heads/{branch}")

    def contents(self, commit: str) -> tuple[dict[str, str], dict[str, str]]:
        """The tree of each published document, and every other top-level entry."""
        rows = git(self.root, "ls-tree", "-rt", commit).splitlines()
        entries = {row.split("\t")[1]: row.split()[2] for row in rows}
        pages = [name.removesuffix("/index.md") for name in entries if name.endswith("/index.md")]
        rest = {name: entries[name] for name in entries if "/" not in name and name != "content"}
        return {page.removeprefix("content/"): entries[page] for page in pages}, rest

    def commit(
        self, tree: str, text: str, parents: Sequence[str], person: str, *, key: str | None = None, committer: str = ""
    ) -> str:
        """A commit by plain Git, signed with the person's key, another one, or none (empty)."""
        who = {"AUTHOR": person, "COMMITTER": committer or person}
        names = {
            f"GIT_{role}_{what}": f"{name}@kantor.invalid" for role, name in who.items() for what in ("NAME", "EMAIL")
        }
        place = self.premises.keys / (person if key is None else key)
        signing = [] if key == "" else ["-c", "gpg.format=ssh", "-c", f"user.signingkey={place}"]
        flags = [] if key == "" else ["-S"]
        onto = [word for parent in parents for word in ("-p", parent)]
        return git(self.root, *signing, "commit-tree", *flags, "-m", text, *onto, tree, **names)

    def grafted(self, tree: str, folder: str, new: str) -> str:
        """A tree with another tree (or nothing) at ``folder``."""
        index = {"GIT_INDEX_FILE": str(self.folder / "index")}
        git(self.root, "read-tree", tree, **index)
        git(self.root, "rm", "-r", "-f", "--cached", "--quiet", "--ignore-unmatch", folder, **index)
        if new:
            git(self.root, "read-tree", f"--prefix={folder}/", new, **index)
        return git(self.root, "write-tree", **index)

    def with_line(self, tree: str, path: str) -> str:
        """A tree with one more line at the end of a file."""
        self.count += 1
        index = {"GIT_INDEX_FILE": str(self.folder / "index")}
        text = git(self.root, "cat-file", "blob", f"{tree}:{path}") + f"\n\n# Tambahan {self.count}\n"
        place = self.folder / "isi"
        place.write_text(text, "utf-8")
        blob = git(self.root, "hash-object", "-w", str(place))
        git(self.root, "read-tree", tree, **index)
        git(self.root, "update-index", "--cacheinfo", f"100644,{blob},{path}", **index)
        return git(self.root, "write-tree", **index)

    def place(self, branch: str, commit: str) -> None:
        git(self.root, "update-ref", f"refs/heads/{branch}", commit)

    # -- at work with our program --

    def session(self) -> Session:
        """The repository as it is now."""
        main = self.tip("main")
        if self.session_now is None or self.session_now.main != main:
            if self.session_now is not None:
                self.session_now.repo.close()
            self.session_now = Session.open(self.root)
        return self.session_now

    def acts(self, person: str, what: Callable[[Session, Actor], Any]) -> Any:  # noqa: ANN401 -- whatever the act gives
        """Somebody does something with our program; None if the office said no."""
        session = self.session()
        try:
            found = what(session, actor(session, person, {"REDAKSI_KEYS": str(self.premises.keys)}))
        except Refused as refusal:
            self.premises.told[refusal.code] += 1
            return None
        return found

    def book(self, number: int) -> Book:
        return list(self.books.values())[number % len(self.books)]

    def ripest(self, number: int) -> Book:
        """A document that could be published if there is one: there the attack is all that is wrong."""
        approved = (book for book in self.books.values() if self.look(book).standing.approved)
        return next(approved, self.book(number))

    def look(self, book: Book) -> Opened:
        return find(self.session(), book.path)

    def write(self, folder: Path) -> None:
        """A text that the rules let pass, and that nobody has written before."""
        self.count += 1
        place = folder / "index.md"
        head = place.read_text("utf-8").split("\n---\n")[0]
        head = re.sub(
            r"(?m)^description:.*$", "description: Warga mengikuti sidang di kecamatan tanpa perjalanan jauh.", head
        )
        place.write_text(
            f"{head}\n---\n\nPengadilan menggelar sidang di luar gedung untuk ke-{self.count} kalinya.\n", "utf-8"
        )

    def submits(self, person: str, path: str) -> None:
        before = self.acts(person, lambda session, _: find(session, path))
        done = self.acts(person, lambda session, who: draft.submit(session, who, path)) if before else None
        if done is not None and done.accepted:
            book = self.books.setdefault(path, Book(path=path, branch=done.subject.branch))
            book.branch = done.subject.branch
            book.rewritten(person, corrects=done.corrected)

    # -- rules: the way of a document --

    def begun(self, person: str, approvers: Sequence[str] = ()) -> int:
        """Somebody writes and submits a document, others try to approve it; gives its number."""
        title = f"Sidang keliling nomor {len(self.books) + self.count}"
        desk = self.acts(person, lambda session, who: draft.start(session, who, "berita", title))
        if desk is None:
            return 0
        self.write(desk.folder)
        self.books[desk.subject.path] = Book(path=desk.subject.path, branch=desk.subject.branch, wrote={person})
        self.submits(person, desk.subject.path)
        for approver in approvers:
            self.approve(approver, len(self.books) - 1)
        return len(self.books) - 1

    @precondition(lambda self: len(self.books) < 4)
    @rule(author=staff, approvers=st.lists(st.sampled_from(SIGNERS), max_size=3))
    def begin(self, author: str, approvers: Sequence[str]) -> None:
        self.begun(author, approvers)

    @precondition(lambda self: len(self.books) < 4)
    @rule(approvers=st.sampled_from((USUAL, USUAL[:1], USUAL[::-1], (USUAL[0],) * 2)), published=st.booleans())
    def a_usual_day(self, approvers: Sequence[str], *, published: bool) -> None:
        """The Admin writes, the others approve, in their order or not; it is published, or waits for that."""
        number = self.begun("admin", approvers)
        if published and self.books:
            self.publish("penerbit", number, everything=False)

    @precondition(lambda self: len(self.books) < 4)
    @rule(author=st.sampled_from(USUAL), others=st.sampled_from((USUAL, (*USUAL[1:], "sekretaris"))))
    def pass_ones_own_text(self, author: str, others: Sequence[str]) -> None:
        """A decider writes, decides, and has it published."""
        number = self.begun(author, others)
        if self.books:
            self.publish(author, number, everything=False)

    @rule(person=staff, number=numbers, published=st.booleans())
    def rewrite(self, person: str, number: int, *, published: bool) -> None:
        """A document in work, or a published one, is laid out, changed and submitted."""
        path = PAGES[number % 2] if published or not self.books else self.book(number).path
        desk = self.acts(person, lambda session, who: draft.edit(session, who, path, set_aside=True))
        if desk is not None:
            self.books.setdefault(path, Book(path=path, branch=desk.subject.branch))
            self.write(desk.folder)
            self.submits(person, path)

    @precondition(lambda self: self.books)
    @rule(person=signers, number=numbers)
    def approve(self, person: str, number: int) -> None:
        book = self.book(number)
        after = self.acts(person, lambda session, who: review.approve(session, who, book.path))
        if after is not None:
            book.approved[person] = after.tree

    @precondition(lambda self: self.books)
    @rule(number=numbers, times=st.integers(1, 2))
    def whoever_is_awaited_approves(self, number: int, times: int) -> None:
        office, today = self.session().office, self.session().office.day(datetime.now(ZoneInfo("UTC")))
        for standing in (self.look(self.book(number)).standing for _ in range(times)):
            able = office.deputies(standing.position.role, today, standing.barred).people
            if able and not standing.approved:
                self.approve(able[0].id, number)

    @precondition(lambda self: self.books)
    @rule(person=staff, number=numbers, back=st.booleans())
    def undo(self, person: str, number: int, *, back: bool) -> None:
        """Somebody returns the document, or takes an own act back."""
        book = self.book(number)
        words = {"reason": "bahasa", "text": "Kalimat pertama belum jelas."}
        if back and self.acts(person, lambda session, who: review.send_back(session, who, book.path, **words)):
            book.approved.clear()
            book.sheet = ""
        elif not back and self.acts(person, lambda session, who: draft.retract(session, who, book.path)):
            book.taken_back(person)

    @precondition(lambda self: self.books)
    @rule(enterer=staff, official=st.sampled_from(("sekretaris", "ketua", "redaktur")), confirmer=staff, number=numbers)
    def decide_on_paper(self, enterer: str, official: str, confirmer: str, number: int) -> None:
        book = self.book(number)
        today = datetime.now(ZoneInfo("Asia/Jakarta")).date()
        sheet = paper.Signed(official=official, number="12/SK/2026", day=today, scan=PDF)
        if self.acts(enterer, lambda session, who: paper.enter(session, who, book.path, sheet)) is not None:
            book.sheet, book.entered_by = official, enterer
        after = (
            self.acts(confirmer, lambda session, who: paper.confirm(session, who, book.path)) if book.sheet else None
        )
        if after is not None:
            assert confirmer not in {book.entered_by, book.sheet, *book.wrote}
            book.approved[book.sheet] = after.tree
            book.sheet = ""
            self.premises.told["on paper"] += 1

    # -- rules: what moves main --

    @rule(person=signers, number=numbers, everything=st.booleans())
    def publish(self, person: str, number: int, *, everything: bool) -> None:
        only = "" if everything or not self.books else self.book(number).path
        self.acts(person, lambda session, who: publish.publish(session, who, only=only))

    @precondition(lambda self: self.trees)
    @rule(person=signers, number=numbers)
    def take_down(self, person: str, number: int) -> None:
        page = sorted(self.trees)[number % len(self.trees)]
        if self.acts(person, lambda session, who: withdraw.withdraw(session, who, page, REASON)) is not None:
            assert person in MAY_WITHDRAW
            self.withdrawn.add(page)

    @rule(
        people=st.lists(st.sampled_from((*SIGNERS, *MAY_CHANGE_POLICY)), min_size=1, max_size=4),
        path=st.sampled_from((HOURS, SITE, PEOPLE)),
        readable=st.integers(0, 4),
    )
    def change_policy(self, people: Sequence[str], path: str, readable: int) -> None:
        """One proposes, others sign; what nobody could read is not even proposed."""
        self.count += 1
        now = git(self.root, "cat-file", "blob", f"main:{path}")
        data = (f"{now}\n# {self.count}\n" if readable else "tidak: [terbaca\n").encode()
        found = self.acts(people[0], lambda s, who: policy.propose(s, who, {path: data}, f"Usulan {self.count}"))
        if found is None:
            return
        assert readable
        self.policies[found.name] = (path, {held.person for held in found.standing.approvals})
        for person in people[1:]:
            if self.acts(person, lambda session, who: policy.approve(session, who, found.name)) is not None:
                self.policies[found.name][1].add(person)

    # -- rules: plain Git on a document's branch --

    @precondition(lambda self: self.books)
    @rule(
        person=signers,
        number=numbers,
        flaw=st.sampled_from(("", "", "unsigned", "foreign key", "borrowed name", "other tree", "other document")),
    )
    def decide_by_hand(self, person: str, number: int, flaw: str) -> None:
        """A decision by plain Git counts like any other; a forged one voids the branch, which is then put back."""
        book = self.book(number)
        before = self.look(book)
        if before.standing.refusals or before.standing.tree is None:
            return
        trailers = {
            "Id": before.history.id,
            "Dokumen": "berita/2026/lain" if flaw == "other document" else book.path,
            "Sidik": "f" * 40 if flaw == "other tree" else before.tree,
            "Peran": person,
            "Keputusan": "disetujui",
        }
        text = "Keputusan\n\n" + "\n".join(f"{name}: {value}" for name, value in trailers.items())
        key = {"unsigned": "", "foreign key": "orang-luar"}.get(flaw)
        old, committer = str(before.tip), "admin" if flaw == "borrowed name" and person != "admin" else ""
        forged = bool(flaw) and not (flaw == "borrowed name" and not committer)
        self.place(book.branch, self.commit(f"{old}^{{tree}}", text, [old], person, key=key, committer=committer))
        after = self.look(book)
        if after.standing.refusals:
            assert not after.standing.approved
            self.place(book.branch, old)
            self.premises.told["forged"] += forged
        else:
            assert not forged
            book.approved[person] = after.tree

    @precondition(lambda self: self.books)
    @rule(person=staff, number=numbers, signed=st.booleans())
    def write_by_hand(self, person: str, number: int, *, signed: bool) -> None:
        """An edit by plain Git is an edit: approvals fall. Unsigned it voids the branch, which is then put back."""
        book = self.book(number)
        before = self.look(book)
        if before.standing.refusals or before.standing.shelf is None:
            return
        old, shelf = str(before.tip), before.shelf
        tree = self.with_line(f"{old}^{{tree}}", f"{shelf}/{book.path}/index.md")
        self.place(book.branch, self.commit(tree, "Ubah", [old], person, key=None if signed else ""))
        after = self.look(book)
        assert not after.standing.approved
        assert bool(after.standing.refusals) == (not signed)
        if signed:
            book.rewritten(person, corrects=shelf == "review")
            assert after.standing.approvals == ()
        else:
            self.place(book.branch, old)

    # -- rules: plain Git on main --

    def merged_by_hand(self, book: Book, *, key: str | None = None, spoil: bool = False) -> str:
        """What would take a document to main, as the publisher would make it."""
        tip = self.tip(book.branch)
        shelf = "review" if git(self.root, "ls-tree", tip, f"review/{book.path}") else "drafts"
        tree = git(self.root, "rev-parse", f"{tip}:{shelf}/{book.path}")
        moved = self.grafted(self.grafted(f"{tip}^{{tree}}", f"{shelf}/{book.path}", ""), f"content/{book.path}", tree)
        renamed = self.commit(moved, "Ke tempat terbit", [tip], "penerbit")
        merged = self.grafted("main^{tree}", f"content/{book.path}", tree)
        if spoil:
            merged = self.with_line(merged, f"content/{book.path}/index.md")
        return self.commit(merged, "Terbit", [self.main, renamed], "penerbit", key=key)

    @precondition(lambda self: self.books)
    @rule(number=numbers)
    def land_by_hand(self, number: int) -> None:
        """Whoever merges exactly what was approved does what ``publish`` does; anything else is put back."""
        book = self.book(number)
        approved = self.look(book).standing.approved
        self.place("main", self.merged_by_hand(book))
        if self.is_sound():
            assert approved
            git(self.root, "update-ref", "-d", f"refs/heads/{book.branch}")
            self.premises.told["landed by hand"] += 1
        else:
            assert not approved
            self.nothing_of_ours_goes_on()

    @precondition(lambda self: self.attacks < 3)
    @rule(
        person=signers,
        number=numbers,
        kind=st.sampled_from(("page", "nothing", "policy", "spoiled", "unsigned merge", "squash", "foreign merge")),
        signed=st.booleans(),
    )
    def attack_main(self, person: str, number: int, kind: str, *, signed: bool) -> None:
        """Commits straight onto main, and merges that are not what was approved."""
        key = None if signed else ""
        if kind == "page" and self.trees:
            page = sorted(self.trees)[number % len(self.trees)]
            tree = self.with_line("main^{tree}", f"content/{page}/index.md")
            forged = self.commit(tree, "Perbaikan kecil", [self.main], person, key=key)
        elif kind == "policy":
            forged = self.commit(self.with_line("main^{tree}", SITE), "Aturan", [self.main], person, key=key)
        elif kind in {"spoiled", "unsigned merge", "foreign merge"} and self.books:
            keys = {"unsigned merge": "", "foreign merge": "orang-luar"}
            forged = self.merged_by_hand(self.ripest(number), key=keys.get(kind), spoil=kind == "spoiled")
        elif kind == "squash" and self.books:
            merged = self.merged_by_hand(self.ripest(number))
            forged = self.commit(f"{merged}^{{tree}}", "Terbit", [self.main], person, key=key)
        else:
            forged = self.commit("main^{tree}", "Tidak ada apa-apa", [self.main], person, key=key)
        self.place("main", forged)
        assert not self.is_sound(), kind
        self.attacks += 1
        self.premises.told["attacked"] += 1
        self.nothing_of_ours_goes_on()

    def nothing_of_ours_goes_on(self) -> None:
        """Main holds something unproven: neither publishing nor taking down goes on. Then main is put back."""
        forged = self.tip("main")
        self.acts("penerbit", publish.publish)
        if self.books:
            first = self.book(0).path
            self.acts("kasubag-ptip", lambda session, who: publish.publish(session, who, only=first))
        self.acts("ketua", lambda session, who: withdraw.withdraw(session, who, PAGES[0], REASON))
        assert self.tip("main") == forged
        self.place("main", self.main)

    # -- what always holds --

    def is_sound(self) -> bool:
        main = self.tip("main")
        return verify.verify(self.session().repo, main, opening=self.opening).sound

    @invariant()
    def main_holds_only_what_is_proven(self) -> None:
        if self.tip("main") == self.main:
            return
        assert self.is_sound()
        trees, rest = self.contents("main")
        for path in trees.keys() | self.trees.keys():
            if trees.get(path) != self.trees.get(path):
                self.is_in_the_books(path, trees.get(path))
        self.policy_is_in_the_books(rest)
        self.main, self.trees, self.rest = self.tip("main"), trees, rest

    def is_in_the_books(self, path: str, tree: str | None) -> None:
        """What appeared was approved by two who did not write it; what disappeared was taken down."""
        if tree is None:
            assert path in self.withdrawn
            self.premises.told["taken down"] += 1
            return
        book = self.books.pop(path)
        people = [person for person, approved in book.approved.items() if approved == tree]
        assert len(people) >= 2, (path, book)
        assert not book.wrote.intersection(people), (path, book)
        self.withdrawn.discard(path)
        self.premises.told["published"] += 1

    def policy_is_in_the_books(self, rest: dict[str, str]) -> None:
        """Only ``office/`` ever changed, and only with the signatures that it needs."""
        assert {**rest, "office": ""} == {**self.rest, "office": ""}
        if rest["office"] == self.rest["office"]:
            return
        left = {b.partition("/")[2] for b in self.session().repo.tips(policy.BRANCHES)}
        for name in [name for name in self.policies if name not in left]:
            path, people = self.policies.pop(name)
            assert len(people.intersection(MAY_CHANGE_POLICY)) >= (1 if path == HOURS else 2), (path, people)
            self.premises.told["policy"] += 1


# -- premises --

AS_FAST_AS_USEFUL: Final = settings(
    max_examples=10,
    stateful_step_count=24,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),  # 24 steps can be read as they are; to shorten them takes minutes
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def premises(tmp_path: Path, _seed: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Premises:
    """An opened office without server and without a target to publish to; a publication is exported, not rendered."""
    root = tmp_path / "kantor"
    git(tmp_path, "clone", "--quiet", "--no-hardlinks", str(_seed), str(root))
    git(root, "remote", "remove", "origin")
    site = root / "office" / "site.yml"
    site.write_text(re.sub(r"(?m)^target:\n(?:  .*\n)+", "target: {}\n", site.read_text("utf-8")), "utf-8")
    git(
        root, "-c", "user.name=a", "-c", "user.email=a@b.invalid", "commit", "--quiet", "-am", "Tanpa tujuan penayangan"
    )
    for person in ("kasubag-ptip", "sekretaris"):
        session = Session.open(root)
        opening.open_office(session, actor(session, person, {"REDAKSI_KEYS": str(keys)}))
        session.repo.close()
    monkeypatch.setattr(golive, "built", _exported)
    return Premises(template=root, keys=keys)


def _exported(
    session: Session, main: str, found: verify.Verification, scratch: Path, now: datetime
) -> tuple[Path, audit.Audit]:
    """What would be built, as files: rendering is told elsewhere and takes most of the time."""
    session.repo.export(main, scratch / "site", ("content",))
    nothing = audit.Audit(
        court="", url="", day=now.date(), documents=0, pages=0, links=0, items=(), unmeasured=(found.main,)
    )
    return scratch / "site", nothing


def test_main_never_holds_what_is_not_proven(premises: Premises) -> None:
    office = type("Office", (RandomOffice,), {"premises": premises})
    run_state_machine_as_test(office, settings=AS_FAST_AS_USEFUL)
    lived_through = {"published", "landed by hand", "taken down", "policy", "attacked", "forged"}
    assert lived_through <= premises.told.keys(), premises.told


def test_policy_does_not_come_into_force_on_a_main_that_is_not_proven(premises: Premises) -> None:
    office = type("Office", (RandomOffice,), {"premises": premises})()
    office.open_the_doors()
    office.place("main", office.commit("main^{tree}", "Tidak ada apa-apa", [office.main], "admin"))
    forged = office.tip("main")
    hours = git(office.root, "cat-file", "blob", f"main:{HOURS}") + "\n# lagi\n"
    office.acts(
        "kasubag-ptip", lambda session, who: policy.propose(session, who, {HOURS: hours.encode()}, "Jam layanan")
    )
    try:
        assert office.tip("main") == forged
    finally:
        office.teardown()
