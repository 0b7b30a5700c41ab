"""What the office server lets in: each kind of reference in its legal form first, then what is refused, by its own code.

Everything is made with plain Git and ssh-keygen; the judgement runs in this process, on a bare server that holds the
objects but whose branches have not moved, as Git's quarantine has it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from kantor import Kantor, git

from pipeline.errors import Refused
from pipeline.stages import admission
from pipeline.stages.admission import Update
from pipeline.world.repo import Repository

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

MAIN = "refs/heads/main"
DOCUMENT = "2026bbbbbb"
NASKAH = f"refs/heads/naskah/{DOCUMENT}"
PATH = "berita/2026/sidang-keliling"
NIK = "3379991203560001"
TEXT = """---
id: {id}
title: Sidang keliling di Wanayasa
description: Warga mengikuti sidang di kecamatan tanpa perjalanan jauh ke kota.
---

Pengadilan menggelar sidang di luar gedung agar layanan lebih dekat dengan warga.
"""


class Hand:
    """Somebody with push right and a key of their own choice, at work with plain Git."""

    def __init__(self, kantor: Kantor) -> None:
        self.kantor = kantor
        self.work = kantor.folder / f"tangan-{len(list(kantor.folder.glob('tangan-*')))}"
        git(kantor.folder, "clone", "--quiet", str(kantor.server), str(self.work))
        self.be("admin")

    def be(self, person: str, *, key: str = "") -> Hand:
        settings = {
            "user.name": person,
            "user.email": f"{person}@kantor.invalid",
            "gpg.format": "ssh",
            "user.signingkey": str(self.kantor.keys / (key or person)),
            "commit.gpgsign": "true" if key != "tanpa" else "false",
        }
        for name, value in settings.items():
            git(self.work, "config", name, value)
        return self

    def at(self, commit: str) -> Hand:
        git(self.work, "checkout", "--quiet", "--force", "--detach", commit)
        git(self.work, "clean", "--quiet", "-fdx")
        return self

    def commit(self, files: Mapping[str, str | bytes | None] | None = None, text: str = "x", when: str = "") -> str:
        for name, data in (files or {}).items():
            place = self.work / name
            if data is None:
                place.unlink()
                continue
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data if isinstance(data, bytes) else data.encode())
        git(self.work, "add", "--all", "--force")
        dates = {"GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when} if when else {}
        git(self.work, "commit", "--quiet", "--allow-empty", "-m", text, **dates)
        return self.tip()

    def tip(self) -> str:
        return git(self.work, "rev-parse", "HEAD")

    def draft(self, base: str = "origin/main", *, identity: str = DOCUMENT, **files: str | bytes) -> str:
        """A new document of the Admin's on top of main."""
        self.be("admin").at(base)
        beside = {f"drafts/{PATH}/{name}": data for name, data in files.items()}
        return self.commit({f"drafts/{PATH}/index.md": TEXT.format(id=identity), **beside})

    def move(self, source: str, target: str, when: str = "") -> str:
        (self.work / target / PATH).parent.mkdir(parents=True, exist_ok=True)
        git(self.work, "mv", f"{source}/{PATH}", f"{target}/{PATH}")
        return self.commit(when=when)

    def decide(self, role: str, when: str = "", **changes: str) -> str:
        trailers = {
            "Id": DOCUMENT,
            "Dokumen": PATH,
            "Sidik": git(self.work, "rev-parse", f"HEAD:review/{PATH}"),
            "Peran": role,
            "Keputusan": "disetujui",
        } | changes
        lines = "\n".join(f"{name}: {value}" for name, value in trailers.items())
        return self.commit(text=f"Keputusan\n\n{lines}", when=when)

    def approved(self, base: str = "origin/main", **files: str | bytes) -> str:
        """A document that both deciders approved."""
        self.draft(base, **files)
        self.move("drafts", "review")
        for person in ("redaktur", "kasubag-ptip"):
            self.be(person)
            self.decide(person)
        return self.tip()

    def merged(self, *, text: str = "Terbit", when: str = "") -> str:
        """What stands here, renamed to its place and merged into main by the machine."""
        self.be("penerbit")
        branch = self.move("review", "content", when=when)
        self.at("origin/main")
        git(self.work, "merge", "--quiet", "--no-ff", "--no-commit", branch)
        return self.commit(text=text, when=when)

    def replaced(self, old: str, new: str, *more: str) -> str:
        """The commit here with other raw bytes."""
        raw = git(self.work, "cat-file", "commit", "HEAD").replace(old, new) + "\n"
        done = subprocess.run(
            ["git", "hash-object", "-t", "commit", "-w", "--stdin", *more],
            cwd=self.work,
            input=raw.encode(),
            capture_output=True,
            check=True,
        )
        return done.stdout.decode().strip()


@pytest.fixture(scope="module")
def _opened(tmp_path_factory: pytest.TempPathFactory, _seed: Path, keys: Path) -> Iterator[Path]:
    """The server of an opened office, to be copied by each test."""
    folder = tmp_path_factory.mktemp("terbuka")
    shutil.copytree(_seed, folder / "server.git")
    with pytest.MonkeyPatch.context() as patch:
        yield Kantor(folder=folder, keys=keys, monkeypatch=patch).opened().server


@pytest.fixture
def office(tmp_path: Path, _opened: Path, keys: Path, monkeypatch: pytest.MonkeyPatch) -> Kantor:
    shutil.copytree(_opened, tmp_path / "server.git")
    return Kantor(folder=tmp_path, keys=keys, monkeypatch=monkeypatch)


@pytest.fixture
def hand(office: Kantor) -> Hand:
    return Hand(office)


def brought(hand: Hand, commit: str) -> None:
    """The objects reach the server, no branch moves."""
    git(hand.work, "push", "--quiet", str(hand.kantor.server), f"+{commit}:refs/uji/benda")
    git(hand.kantor.server, "update-ref", "-d", "refs/uji/benda")


def stands(hand: Hand, ref: str, commit: str) -> None:
    """The branch is on the server, accepted earlier."""
    brought(hand, commit)
    git(hand.kantor.server, "update-ref", ref, commit)
    git(hand.work, "fetch", "--quiet")


def codes(hand: Hand, moves: Mapping[str, str | None], *, opening: str = "") -> list[str]:
    """The reasons for which the server refuses these moves as one push; none if it accepts them."""
    repo = Repository.open(hand.kantor.server)
    updates = []
    for ref, new in moves.items():
        if new is not None:
            brought(hand, new)
        updates.append(Update(ref=ref, old=repo.refs(ref).get(ref), new=new))
    found = admission.examine(repo, updates, now=datetime.now(UTC), opening=opening)
    for objection in found.objections:
        assert objection.message
        assert objection.hint
        assert NIK not in objection.ref + objection.message + objection.hint
    return list(dict.fromkeys(objection.code for objection in found.objections))


def later(minutes: float) -> str:
    return f"@{int((datetime.now(UTC) + timedelta(minutes=minutes)).timestamp())} +0000"


# -- documents --


def test_a_document_from_the_draft_to_the_last_approval(hand: Hand) -> None:
    assert codes(hand, {NASKAH: hand.draft()}) == []
    assert codes(hand, {NASKAH: hand.move("drafts", "review")}) == []
    hand.be("redaktur")
    assert codes(hand, {NASKAH: hand.decide("redaktur")}) == []
    hand.be("kasubag-ptip")
    tip = hand.decide("kasubag-ptip")
    assert codes(hand, {NASKAH: tip}) == []
    stands(hand, NASKAH, tip)
    assert codes(hand, {NASKAH: tip}) == []


def test_a_decision_in_the_wrong_order(hand: Hand) -> None:
    hand.draft()
    stands(hand, NASKAH, hand.move("drafts", "review"))
    hand.be("kasubag-ptip")
    assert codes(hand, {NASKAH: hand.decide("kasubag-ptip")}) == ["wrong-order"]


def test_an_unsigned_change(hand: Hand) -> None:
    hand.draft()
    hand.be("admin", key="tanpa")
    assert codes(hand, {NASKAH: hand.move("drafts", "review")}) == ["unsigned"]


def test_a_change_signed_with_an_unlisted_key(hand: Hand) -> None:
    hand.draft()
    hand.be("redaktur", key="orang-luar")
    assert codes(hand, {NASKAH: hand.move("drafts", "review")}) == ["unknown-key"]


def test_a_document_under_the_name_of_another(hand: Hand) -> None:
    assert codes(hand, {"refs/heads/naskah/2026cccccc": hand.draft()}) == ["changed-id"]


def test_an_id_that_a_published_page_has(hand: Hand) -> None:
    assert codes(hand, {NASKAH: hand.draft()}) == []
    assert codes(hand, {"refs/heads/naskah/2026aaaaaa": hand.draft(identity="2026aaaaaa")}) == ["double-id"]


def test_a_second_document_in_the_same_branch(hand: Hand) -> None:
    hand.draft()
    hand.commit({"drafts/berita/2026/lain/index.md": TEXT.format(id="2026dddddd")})
    assert codes(hand, {NASKAH: hand.tip()}) == ["foreign-path"]


def test_policy_that_travels_with_a_document(hand: Hand) -> None:
    hand.draft()
    assert codes(hand, {NASKAH: hand.commit({"office/holidays.yml": "hari_libur: []\n"})}) == ["policy-in-document"]


def test_history_taken_away_from_a_document(hand: Hand) -> None:
    first = hand.draft()
    stands(hand, NASKAH, hand.commit({f"drafts/{PATH}/data.csv": "a,b\n"}))
    assert codes(hand, {NASKAH: first}) == ["not-fast-forward"]
    hand.at(first)
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/data.csv": "c,d\n"})}) == ["not-fast-forward"]


def test_a_document_that_does_not_begin_at_main(hand: Hand) -> None:
    git(hand.work, "checkout", "--quiet", "--orphan", "sendiri")
    git(hand.work, "rm", "-r", "--quiet", "--force", ".")
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/index.md": TEXT.format(id=DOCUMENT)})}) == [
        "foreign-branch"
    ]


def test_a_document_built_upon_a_published_branch(hand: Hand) -> None:
    hand.approved()
    merge = hand.merged()
    used = git(hand.work, "rev-parse", f"{merge}^2")
    stands(hand, MAIN, merge)
    hand.be("admin").at(used)
    assert codes(hand, {NASKAH: hand.commit({f"content/{PATH}/data.csv": "a,b\n"})}) == ["foreign-branch"]


def test_a_branch_without_a_document(hand: Hand) -> None:
    assert codes(hand, {NASKAH: git(hand.work, "rev-parse", "origin/main")}) == ["no-document"]


def test_another_branch_merged_into_a_document(hand: Hand) -> None:
    tip = hand.draft()
    hand.at("origin/main")
    other = hand.commit({"catatan.txt": "x"})
    hand.at(tip)
    git(hand.work, "merge", "--quiet", "--no-ff", "-m", "gabung", other)
    assert "merge-in-branch" in codes(hand, {NASKAH: hand.tip()})


def test_one_branch_a_document(hand: Hand) -> None:
    tip = hand.draft()
    stands(hand, NASKAH, tip)
    again = f"{NASKAH}-2"
    assert codes(hand, {again: tip, NASKAH: None}) == []
    assert codes(hand, {again: tip}) == ["double-branch"]
    assert codes(hand, {f"{NASKAH}-02": tip}) == ["foreign-ref"]


def test_dates_ahead_of_the_server_and_behind_the_parent(hand: Hand) -> None:
    tip = hand.draft()
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/a.csv": "a\n"}, when=later(4))}) == []
    hand.at(tip)
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/a.csv": "a\n"}, when=later(7))}) == ["future-dated"]
    hand.at(tip)
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/a.csv": "a\n"}, when=later(-60))}) == ["backdated"]


def test_only_plain_files_of_the_document(hand: Hand) -> None:
    tip = hand.draft(**{"biaya.csv": "a,b\n"})
    assert codes(hand, {NASKAH: tip}) == []
    for name in ("gambar.svg", "surat.docx", "lampiran/foto.csv"):
        hand.at(tip)
        assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/{name}": "x"})}) == ["forbidden-file"], name
    hand.at(tip)
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/Biaya.csv": "a,b\n"})}) == ["name-clash"]
    hand.at(tip)
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/a\u202egpj.csv": "x"})}) == ["forbidden-file"]


@pytest.mark.skipif(os.name == "nt", reason="symbolic links need rights on Windows")
def test_a_symbolic_link(hand: Hand) -> None:
    hand.draft()
    (hand.work / f"drafts/{PATH}/data.csv").symlink_to("/etc/passwd")
    assert codes(hand, {NASKAH: hand.commit()}) == ["forbidden-file"]


def test_sizes(hand: Hand) -> None:
    tip = hand.draft(**{f"data-{n}.csv": b"a" * 1_500_000 for n in range(16)})
    assert codes(hand, {NASKAH: tip}) == []
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/data-16.csv": b"a" * 1_500_000})}) == ["too-large"]
    hand.at(tip)
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/data-0.csv": b"a" * 1_500_001})}) == ["too-large"]
    hand.at(tip)
    long = TEXT.format(id=DOCUMENT) + "Sidang berlangsung tertib.\n" * 8_000
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/index.md": long})}) == ["too-large"]


def test_the_number_of_photos(hand: Hand) -> None:
    photos = {f"foto-{n}.jpg": b"" for n in range(21)}
    assert codes(hand, {NASKAH: hand.draft(**photos)}) == ["too-many-photos"]


def test_a_personal_number_in_an_intermediate_change(hand: Hand) -> None:
    hand.draft()
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/index.md": TEXT.format(id=DOCUMENT) + "\nIsi.\n"})}) == []
    secret = TEXT.format(id=DOCUMENT) + f"\nPemohon dengan NIK {NIK} hadir.\n"
    hand.commit({f"drafts/{PATH}/index.md": secret})
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/index.md": TEXT.format(id=DOCUMENT)})}) == ["history-nik"]


def test_a_personal_number_in_a_name_is_not_repeated(hand: Hand) -> None:
    hand.draft(**{"ktp.csv": "a\n"})
    assert codes(hand, {NASKAH: hand.tip()}) == []
    assert codes(hand, {NASKAH: hand.commit({f"drafts/{PATH}/ktp-{NIK}.csv": "a\n"})}) == ["history-nik"]
    assert codes(hand, {NASKAH: hand.commit({f"drafts/lain-{NIK}.md": "a\n"})}) == ["foreign-path", "history-nik"]
    assert codes(hand, {f"refs/heads/{NIK}": hand.tip()}) == ["foreign-ref"]


def test_what_was_once_a_save_is_looked_at_again(hand: Hand) -> None:
    hand.draft()
    save = hand.commit({f"drafts/{PATH}/index.md": TEXT.format(id=DOCUMENT) + f"\nNIK {NIK}\n"})
    stands(hand, f"refs/simpan/{DOCUMENT}/admin", save)
    assert codes(hand, {NASKAH: save}) == ["history-nik"]


def test_the_sender_says_a_wrong_old_value(hand: Hand) -> None:
    tip = hand.draft()
    stands(hand, NASKAH, tip)
    repo = Repository.open(hand.kantor.server)
    found = admission.examine(repo, [Update(ref=NASKAH, old=None, new=tip)], now=datetime.now(UTC))
    assert [objection.code for objection in found.objections] == ["moved"]


def test_a_branch_that_is_no_commit(hand: Hand) -> None:
    hand.draft()
    for kind in (f"HEAD:drafts/{PATH}/index.md", "HEAD^{tree}"):
        assert codes(hand, {f"refs/simpan/{DOCUMENT}/admin": git(hand.work, "rev-parse", kind)}) == ["not-a-commit"]


# -- the end of a document's branch, and the archive --


def test_a_branch_ends_with_its_publication(hand: Hand) -> None:
    tip = hand.approved()
    stands(hand, NASKAH, tip)
    merge = hand.merged()
    assert codes(hand, {MAIN: merge, NASKAH: None}) == []
    assert codes(hand, {NASKAH: None}) == ["branch-deleted"]
    stands(hand, MAIN, merge)
    assert codes(hand, {NASKAH: None}) == []


def test_a_branch_is_put_away_and_comes_back(hand: Hand) -> None:
    tip = hand.draft()
    archive = f"refs/heads/arsip/{DOCUMENT}"
    stands(hand, NASKAH, tip)
    other = hand.commit({f"drafts/{PATH}/a.csv": "a\n"})
    assert codes(hand, {archive: tip, NASKAH: None}) == []
    assert codes(hand, {archive: tip}) == ["foreign-archive"]
    assert codes(hand, {archive: other, NASKAH: None}) == ["foreign-archive", "branch-deleted"]
    assert codes(hand, {"refs/heads/arsip/2026cccccc": tip, NASKAH: None}) == ["foreign-archive", "branch-deleted"]
    stands(hand, archive, tip)
    git(hand.kantor.server, "update-ref", "-d", NASKAH)
    assert codes(hand, {archive: None, NASKAH: tip}) == []
    assert codes(hand, {archive: None}) == ["archive-changed"]
    assert codes(hand, {archive: other}) == ["archive-changed"]
    assert codes(hand, {archive: None, NASKAH: other}) == ["archive-changed"]


# -- main --


def test_main_takes_in_what_is_approved(hand: Hand) -> None:
    hand.approved()
    assert codes(hand, {MAIN: hand.merged()}) == []


def test_main_does_not_take_in_what_is_not_approved(hand: Hand) -> None:
    hand.draft()
    hand.move("drafts", "review")
    assert codes(hand, {MAIN: hand.merged()}) == ["published-early"]


def test_a_direct_commit_to_main(hand: Hand) -> None:
    hand.be("kasubag-ptip").at("origin/main")
    assert codes(hand, {MAIN: hand.commit({"content/layanan/jam-layanan/index.md": "lain"})}) == ["direct-commit"]


def test_main_is_never_deleted_nor_taken_back(hand: Hand) -> None:
    before = git(hand.work, "rev-parse", "origin/main")
    hand.approved()
    stands(hand, MAIN, hand.merged())
    assert codes(hand, {MAIN: None}) == ["main-deleted"]
    assert codes(hand, {MAIN: before}) == ["not-fast-forward"]


def test_main_as_the_second_parent_of_another_history(hand: Hand) -> None:
    hand.approved("origin/main~1")
    merge = hand.merged()
    tree, first, second = (git(hand.work, "rev-parse", f"{merge}{s}") for s in ("^{tree}", "^1", "^2"))
    assert codes(hand, {MAIN: merge}) == []
    swapped = git(hand.work, "commit-tree", "-S", tree, "-p", second, "-p", first, "-m", "Terbit")
    assert codes(hand, {MAIN: swapped}) == ["not-fast-forward"]


def test_a_merge_dated_ahead_of_the_server(hand: Hand) -> None:
    hand.approved()
    branch = hand.tip()
    assert codes(hand, {MAIN: hand.merged(when=later(4))}) == []
    hand.at(branch)
    assert codes(hand, {MAIN: hand.merged(when=later(8))}) == ["future-dated"]


def test_a_personal_number_that_never_was_a_document_of_the_server(hand: Hand) -> None:
    hand.draft()
    clean = git(hand.work, "rev-parse", "HEAD^{tree}")
    hand.commit({f"drafts/{PATH}/index.md": TEXT.format(id=DOCUMENT) + f"\nPemohon dengan NIK {NIK}.\n"})
    git(hand.work, "read-tree", "--reset", "-u", clean)
    hand.commit()
    hand.move("drafts", "review")
    for person in ("redaktur", "kasubag-ptip"):
        hand.be(person)
        hand.decide(person)
    assert codes(hand, {MAIN: hand.merged()}) == ["history-nik"]


def test_sizes_of_what_never_was_a_document_of_the_server(hand: Hand) -> None:
    hand.approved(**{"data.csv": b"a" * 1_500_000})
    assert codes(hand, {MAIN: hand.merged()}) == []
    hand.approved(**{"data.csv": b"a" * 1_500_001})
    assert codes(hand, {MAIN: hand.merged()}) == ["too-large"]


# -- the opening --


def opening(hand: Hand, *people: str, when: str = "") -> list[str]:
    """Opening signatures by plain Git on top of what stands here."""
    tips = []
    for person in people:
        hand.be(person)
        text = f"Pembukaan\n\nPembukaan: {git(hand.work, 'rev-parse', 'HEAD^{tree}')}"
        tips.append(hand.commit(text=text, when=when))
    return tips


def test_before_the_opening_main_only_has_to_grow(kantor: Kantor) -> None:
    hand = Hand(kantor)
    before = hand.tip()
    hand.be("admin", key="tanpa")
    prepared = hand.commit({"office/holidays.yml": "hari_libur: []\n"})
    assert codes(hand, {MAIN: prepared}) == []
    assert codes(hand, {NASKAH: prepared}) == ["no-document"]
    stands(hand, MAIN, prepared)
    assert codes(hand, {MAIN: before}) == ["not-fast-forward"]
    assert codes(hand, {MAIN: None}) == ["main-deleted"]


def test_the_office_is_opened_once(kantor: Kantor) -> None:
    hand = Hand(kantor)
    first, second = opening(hand, "kasubag-ptip", "sekretaris")
    assert codes(hand, {MAIN: first}) == []
    assert codes(hand, {MAIN: second}) == []
    stands(hand, MAIN, second)
    assert codes(hand, {MAIN: second}, opening=second) == []
    again = opening(hand, "kasubag-ptip", "sekretaris")
    assert codes(hand, {MAIN: again[0]}) == ["other-opening"]
    assert codes(hand, {MAIN: again[1]}) == ["other-opening"]
    assert codes(hand, {MAIN: again[1]}, opening=second) == ["other-opening"]


def test_an_opening_that_is_not_the_pinned_one(kantor: Kantor) -> None:
    hand = Hand(kantor)
    start = hand.tip()
    pinned = opening(hand, "kasubag-ptip", "sekretaris")[-1]
    stands(hand, MAIN, pinned)
    hand.at(start)
    other = opening(hand, "sekretaris", "kasubag-ptip")[-1]
    assert codes(hand, {MAIN: pinned}, opening=pinned) == []
    git(kantor.server, "update-ref", "-d", MAIN)
    assert codes(hand, {MAIN: pinned}, opening=pinned) == []
    assert codes(hand, {MAIN: other}, opening=pinned) == ["other-opening"]


def test_work_that_comes_with_the_opening_needs_evidence(kantor: Kantor) -> None:
    hand = Hand(kantor)
    opening(hand, "kasubag-ptip", "sekretaris")
    assert codes(hand, {MAIN: hand.commit({"content/layanan/jam-layanan/index.md": "lain"})}) == ["direct-commit"]


def test_a_server_without_main_takes_nothing_else(kantor: Kantor) -> None:
    hand = Hand(kantor)
    tip = hand.draft()
    main = git(hand.work, "rev-parse", "origin/main")
    git(kantor.server, "update-ref", "-d", MAIN)
    assert codes(hand, {MAIN: main}) == []
    assert codes(hand, {NASKAH: tip}) == ["no-office"]


def test_an_office_that_can_not_be_read_refuses(kantor: Kantor) -> None:
    hand = Hand(kantor)
    assert codes(hand, {NASKAH: hand.draft()}) == []
    hand.at("origin/main")
    stands(hand, MAIN, hand.commit({"office/people.yml": "peran: x\n"}))
    assert codes(hand, {NASKAH: hand.draft()}) == ["unreadable"]


# -- people who no longer hold their role --


def acting(hand: Hand, end: str, role: str = "redaktur") -> None:
    """The Pranata Komputer also acts as somebody else until that day; so says main before the opening."""
    text = (hand.work / "office/people.yml").read_text("utf-8")
    period = f"peran: {role}, sebagai: Plh, mulai: 2020-01-01, sampai: {end}, surat: W11-A1/1"
    text = text.replace(
        "    peran: [pranata-komputer]\n", f"    peran: [pranata-komputer]\n    wakil: [{{{period}}}]\n"
    )
    hand.be("admin", key="tanpa")
    stands(hand, MAIN, hand.commit({"office/people.yml": text}, when="@1000000000 +0000"))


def submitted(hand: Hand, when: str) -> None:
    hand.be("admin").at("origin/main")
    hand.commit({f"drafts/{PATH}/index.md": TEXT.format(id=DOCUMENT)}, when=when)
    hand.move("drafts", "review", when=when)


PAST = "2026-02-10T09:00:00+00:00"
until = pytest.mark.parametrize(("end", "expected"), [("2100-01-01", []), ("2026-02-28", ["role-ended"])])


@until
def test_a_decision_dated_into_an_acting_period_that_is_over(kantor: Kantor, end: str, expected: list[str]) -> None:
    hand = Hand(kantor)
    acting(hand, end)
    submitted(hand, PAST)
    hand.be("pranata-komputer")
    assert codes(hand, {NASKAH: hand.decide("redaktur", when=PAST)}) == expected


@until
def test_a_publication_dated_into_an_acting_period_that_is_over(kantor: Kantor, end: str, expected: list[str]) -> None:
    hand = Hand(kantor)
    acting(hand, end)
    hand.at("origin/main")
    stands(hand, MAIN, opening(hand, "kasubag-ptip", "sekretaris", when=PAST)[-1])
    submitted(hand, PAST)
    for person, role in (("pranata-komputer", "redaktur"), ("kasubag-ptip", "kasubag-ptip")):
        hand.be(person)
        hand.decide(role, when=PAST)
    assert codes(hand, {MAIN: hand.merged(when=PAST)}) == expected


@until
def test_a_withdrawal_dated_into_an_acting_period_that_is_over(kantor: Kantor, end: str, expected: list[str]) -> None:
    hand = Hand(kantor)
    acting(hand, end)
    hand.at("origin/main")
    stands(hand, MAIN, opening(hand, "kasubag-ptip", "sekretaris", when=PAST)[-1])
    page = "layanan/jam-layanan"
    tree = git(hand.work, "rev-parse", f"HEAD:content/{page}")
    lines = f"Id: 2026aaaaaa\nDokumen: {page}\nSidik: {tree}\nPeran: redaktur\nKeputusan: ditarik\nAlasan: keliru"
    hand.be("pranata-komputer").at("origin/main")
    decision = hand.commit(text=f"Ditarik\n\n{lines}", when=PAST)
    hand.be("penerbit").at("origin/main")
    git(hand.work, "merge", "--quiet", "--no-ff", "--no-commit", "--strategy=ours", decision)
    assert codes(hand, {MAIN: hand.commit({f"content/{page}/index.md": None}, when=PAST)}) == expected


@until
def test_a_proposal_approved_in_an_acting_period_that_is_over(kantor: Kantor, end: str, expected: list[str]) -> None:
    hand = Hand(kantor)
    acting(hand, end, "kasubag-ptip")
    hand.at("origin/main")
    stands(hand, MAIN, opening(hand, "kasubag-ptip", "sekretaris", when=PAST)[-1])
    hand.be("admin").at("origin/main")
    site = (hand.work / "office/site.yml").read_text("utf-8") + "# dicocokkan\n"
    hand.commit({"office/site.yml": site}, text="Aturan\n\nKebijakan: hari-libur", when=PAST)
    hand.be("pranata-komputer")
    approved = hand.commit(text=consent(hand, "kasubag-ptip"), when=PAST)
    assert codes(hand, {POLICY: approved}) == expected
    hand.be("ketua")
    both = hand.commit(text=consent(hand, "ketua"), when=PAST)
    hand.be("penerbit").at("origin/main")
    git(hand.work, "merge", "--quiet", "--no-ff", "--no-commit", both)
    assert codes(hand, {MAIN: hand.commit(when=PAST)}) == expected


# -- proposals of policy --

POLICY = "refs/heads/kebijakan/hari-libur"


def proposal(hand: Hand, person: str = "pranata-komputer", path: str = "office/holidays.yml") -> str:
    hand.be(person).at("origin/main")
    return hand.commit({path: "hari_libur: []\n"}, text="Aturan: hari libur\n\nKebijakan: hari-libur")


def consent(hand: Hand, role: str) -> str:
    """The message of an approval of the proposal that stands here: over everything but documents."""
    documents = {"drafts", "review", "content", "records"}
    rows = git(hand.work, "ls-tree", "HEAD").split("\n")
    kept = "".join(f"{row}\n" for row in rows if row.split("\t")[1] not in documents)
    done = subprocess.run(["git", "mktree"], cwd=hand.work, input=kept, capture_output=True, text=True, check=True)
    return f"Keputusan\n\nKebijakan: hari-libur\nSidik: {done.stdout.strip()}\nPeran: {role}\nKeputusan: disetujui"


def test_a_proposal_and_its_approval(hand: Hand) -> None:
    tip = proposal(hand)
    assert codes(hand, {POLICY: tip}) == []
    assert codes(hand, {POLICY: proposal(hand, "gate")}) == []  # a bot may propose, and has no vote
    text = consent(hand.be("pranata-komputer").at(tip), "pranata-komputer")
    assert codes(hand, {POLICY: hand.commit(text=text)}) == []
    hand.be("admin").at(tip)
    assert codes(hand, {POLICY: hand.commit(text=text)}) == ["wrong-role"]


def test_a_proposal_by_a_stranger(hand: Hand) -> None:
    hand.be("pranata-komputer", key="orang-luar").at("origin/main")
    assert codes(hand, {POLICY: hand.commit({"mkdocs.yml": "x"}, text="x\n\nKebijakan: hari-libur")}) == ["unknown-key"]


@pytest.mark.parametrize("folder", ["content", "drafts", "review", "records"])
def test_a_proposal_that_touches_documents(hand: Hand, folder: str) -> None:
    assert codes(hand, {POLICY: proposal(hand)}) == []
    assert codes(hand, {POLICY: proposal(hand, path=f"{folder}/berita/2026/a/index.md")}) == ["document-in-policy"]


def test_a_proposal_only_grows_and_is_put_away(hand: Hand) -> None:
    tip = proposal(hand)
    stands(hand, POLICY, tip)
    archive = "refs/heads/arsip/kebijakan-hari-libur"
    assert codes(hand, {POLICY: None, archive: tip}) == []
    assert codes(hand, {POLICY: None}) == ["branch-deleted"]
    hand.at("origin/main")
    other = hand.commit({"office/holidays.yml": "hari_kerja: []\n"}, text="Aturan\n\nKebijakan: hari-libur")
    assert codes(hand, {POLICY: other}) == ["not-fast-forward"]
    stands(hand, archive, tip)
    git(hand.kantor.server, "update-ref", "-d", POLICY)
    assert codes(hand, {POLICY: tip, archive: None}) == []


# -- the machines' diary --

CATATAN = "refs/heads/catatan"
RECORD = '{"skema": 1, "waktu": "2026-11-02T08:00:00+00:00"}\n'


def diary(hand: Hand, files: Mapping[str, str | bytes | None], person: str = "monev", key: str = "") -> str:
    """Records on top of the diary, or its first ones."""
    there = git(hand.kantor.server, "for-each-ref", "--format=%(objectname)", CATATAN)
    if there:
        git(hand.work, "fetch", "--quiet")
        hand.at(there)
    else:
        git(hand.work, "checkout", "--quiet", "--orphan", f"buku-{len(list(hand.work.glob('.git/refs/heads/*')))}")
        git(hand.work, "rm", "-r", "--quiet", "--force", "--ignore-unmatch", ".")
    hand.be(person, key=key)
    return hand.commit(files)


def test_records_are_added_one_by_one(hand: Hand) -> None:
    first = diary(hand, {"records/monev/2026/11/a.json": RECORD})
    assert codes(hand, {CATATAN: first}) == []
    stands(hand, CATATAN, first)
    hand.commit({"records/monev/2026/11/b.json": RECORD})
    hand.be("redaktur")
    assert codes(hand, {CATATAN: hand.commit({"records/rilis/2026/11/c.json": RECORD})}) == []


def test_a_record_that_is_changed_or_removed(hand: Hand) -> None:
    stands(hand, CATATAN, diary(hand, {"records/monev/2026/11/a.json": RECORD}))
    changed = diary(hand, {"records/monev/2026/11/a.json": RECORD.replace("08:00", "09:00")})
    assert codes(hand, {CATATAN: changed}) == ["record-changed"]
    assert codes(hand, {CATATAN: diary(hand, {"records/monev/2026/11/a.json": None})}) == ["record-changed"]
    assert codes(hand, {CATATAN: None}) == ["record-changed"]


def test_the_diary_is_never_begun_anew(hand: Hand) -> None:
    first = diary(hand, {"records/monev/2026/11/a.json": RECORD})
    second = hand.commit({"records/monev/2026/11/b.json": RECORD})
    stands(hand, CATATAN, second)
    assert codes(hand, {CATATAN: first}) == ["not-fast-forward"]
    hand.at(first)
    third = hand.commit({"records/monev/2026/11/c.json": RECORD})
    assert codes(hand, {CATATAN: third}) == ["not-fast-forward"]
    git(hand.work, "merge", "--quiet", "--no-ff", "-m", "gabung", second)
    assert codes(hand, {CATATAN: hand.tip()}) == ["not-fast-forward"]


@pytest.mark.parametrize(
    ("files", "person", "key"),
    [
        ({"records/monev/2026/11/a.json": RECORD}, "monev", "orang-luar"),
        ({"records/monev/2026/11/a.json": RECORD}, "monev", "penerbit"),
        ({"records/monev/2026/11/a.json": RECORD}, "monev", "tanpa"),
        ({"records/monev/2026/11/a.json": "{rusak"}, "monev", ""),
        ({"records/monev/2026/11/a.json": "[1]"}, "monev", ""),
        ({"records/monev/2026/11/a.json": '{"waktu": 1}'}, "monev", ""),
        ({"records/monev/2026/11/a.json": RECORD + " " * 1_000_000}, "monev", ""),
        ({"records/monev/2026/11/a.json": RECORD, "records/monev/2026/11/b.json": RECORD}, "monev", ""),
        ({"records/monev/a.json": RECORD}, "monev", ""),
        ({"content/records/monev/2026/11/a.json": RECORD}, "monev", ""),
        ({"records/diterima/2026/11/a.json": RECORD}, "redaktur", ""),
        ({}, "monev", ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_forged_record(hand: Hand, files: Mapping[str, str], person: str, key: str) -> None:
    stands(hand, CATATAN, diary(hand, {"records/monev/2026/11/nol.json": RECORD}))
    assert codes(hand, {CATATAN: diary(hand, {"records/diterima/2026/11/a.json": RECORD}, "gate")}) == []
    assert codes(hand, {CATATAN: diary(hand, files, person, key)}) == ["forged-record"]


# -- saves while writing --

SAVES = f"refs/simpan/{DOCUMENT}/admin"


def test_saves_of_ones_own_writing(hand: Hand) -> None:
    tip = hand.draft()
    assert codes(hand, {SAVES: tip}) == []
    stands(hand, NASKAH, tip)
    save = hand.commit({f"drafts/{PATH}/index.md": TEXT.format(id=DOCUMENT) + "\nBelum selesai.\n"})
    assert codes(hand, {SAVES: save}) == []
    stands(hand, SAVES, save)
    assert codes(hand, {SAVES: hand.commit({f"drafts/{PATH}/catatan.csv": "a\n"})}) == []


def test_saves_of_somebody_else(hand: Hand) -> None:
    stands(hand, NASKAH, hand.draft())
    save = hand.commit({f"drafts/{PATH}/catatan.csv": "a\n"})
    assert codes(hand, {SAVES: save}) == []
    assert codes(hand, {f"refs/simpan/{DOCUMENT}/redaktur": save}) == ["foreign-save"]
    assert codes(hand, {SAVES: git(hand.work, "rev-parse", "origin/main")}) == ["foreign-save"]
    hand.be("admin", key="orang-luar")
    assert codes(hand, {SAVES: hand.commit({f"drafts/{PATH}/lagi.csv": "a\n"})}) == ["unknown-key"]


@pytest.mark.parametrize(
    "path", ["office/people.yml", "content/layanan/x/index.md", "drafts/berita/2026/lain/index.md"]
)
def test_saves_of_something_else(hand: Hand, path: str) -> None:
    stands(hand, NASKAH, hand.draft())
    assert codes(hand, {SAVES: hand.commit({f"review/{PATH}/catatan.csv": "a\n"})}) == []
    hand.at("origin/main")
    assert codes(hand, {SAVES: hand.commit({path: "x"})}) == ["foreign-path"]


def test_saves_go_when_the_document_is_done(hand: Hand) -> None:
    tip = hand.draft()
    stands(hand, SAVES, tip)
    assert codes(hand, {SAVES: None}) == []
    stands(hand, NASKAH, tip)
    assert codes(hand, {SAVES: None}) == ["still-open"]
    assert codes(hand, {SAVES: None, NASKAH: None, f"refs/heads/arsip/{DOCUMENT}": tip}) == []
    assert codes(hand, {SAVES: git(hand.work, "rev-parse", "HEAD~1")}) == ["not-fast-forward"]


def test_saves_that_are_too_large(hand: Hand) -> None:
    hand.draft()
    assert codes(hand, {SAVES: hand.commit({f"drafts/{PATH}/besar.csv": b"a" * 1_500_001})}) == ["too-large"]


@pytest.mark.parametrize(("minutes", "expected"), [(4, []), (7, ["future-dated"])])
def test_nothing_is_dated_ahead_of_the_server(hand: Hand, minutes: float, expected: list[str]) -> None:
    save = hand.at(hand.draft()).commit({f"drafts/{PATH}/a.csv": "a\n"}, when=later(minutes))
    assert codes(hand, {SAVES: save}) == expected
    hand.at(proposal(hand))
    text = "Aturan\n\nKebijakan: hari-libur"
    assert codes(hand, {POLICY: hand.commit({"office/site.yml": "x"}, text=text, when=later(minutes))}) == expected
    stands(hand, CATATAN, diary(hand, {"records/monev/2026/11/a.json": RECORD}))
    record = hand.commit({"records/monev/2026/11/b.json": RECORD}, when=later(minutes))
    assert codes(hand, {CATATAN: record}) == expected


# -- everything else --


@pytest.mark.parametrize(
    "ref",
    [
        *("refs/tags/v1", "refs/replace/" + "0" * 40, "refs/notes/commits", "refs/heads/coba", "refs/heads/naskah/x"),
        *(f"refs/heads/naskah/{DOCUMENT}/x", f"refs/heads/arsip/{DOCUMENT}-1", "refs/heads/kebijakan/A"),
        *("refs/heads/catatan2", "refs/simpan/x/admin", f"refs/simpan/{DOCUMENT}", "refs/heads/naskah/a\u2028b"),
    ],
)
def test_references_that_the_server_does_not_keep(hand: Hand, ref: str) -> None:
    tip = hand.draft()
    assert codes(hand, {NASKAH: tip}) == []
    assert codes(hand, {ref: tip}) == ["foreign-ref"]


@pytest.mark.parametrize("disguise", ["shallow", "info/grafts", "objects/info/alternates"])
def test_a_server_that_hides_its_history(hand: Hand, disguise: str) -> None:
    tip = hand.draft()
    assert codes(hand, {NASKAH: tip}) == []
    place = hand.kantor.server / disguise
    place.parent.mkdir(exist_ok=True)
    place.write_text("")
    assert codes(hand, {NASKAH: tip}) == ["disguised-history"]


def test_a_replaced_object_on_the_server(hand: Hand) -> None:
    tip = hand.draft()
    main = git(hand.work, "rev-parse", "origin/main")
    git(hand.kantor.server, "update-ref", f"refs/replace/{main}", git(hand.work, "rev-parse", "origin/main~1"))
    assert codes(hand, {NASKAH: tip}) == ["disguised-history"]


def test_one_refusal_refuses_the_whole_push(hand: Hand) -> None:
    tip = hand.draft()
    assert codes(hand, {NASKAH: tip, "refs/tags/v1": tip}) == ["foreign-ref"]


def test_what_git_tells_a_hook_is_read_or_refused() -> None:
    null, one = "0" * 40, "1" * 40
    assert admission.updates_of([f"{null} {one} refs/heads/a b\n", "", f"{one} {null} refs/x"]) == (
        Update(ref="refs/heads/a b", old=None, new=one),
        Update(ref="refs/x", old=one, new=None),
    )
    for line in ("x", f"{one} {null}", f"{one} abc refs/x"):
        with pytest.raises(Refused) as refused:
            admission.updates_of([line])
        assert refused.value.code == "unreadable"
