"""The door to Git, on real repositories: objects first, branches all or nothing, no working tree touched."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from kantor import git

from pipeline import signature
from pipeline.errors import ConfigurationError, PipelineError, Refused
from pipeline.world import records
from pipeline.world.repo import BranchMove, Repository, Signer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WHEN = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def signer(keys: Path) -> Signer:
    return Signer(name="Penerbit", email="penerbit@kantor.invalid", key=str(keys / "penerbit"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "sendiri"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(place))
    (place / "content" / "layanan" / "jam").mkdir(parents=True)
    (place / "content" / "layanan" / "jam" / "index.md").write_text("jam\n", "utf-8")
    (place / "catatan.txt").write_text("x\n", "utf-8")
    git(place, "add", "--all")
    git(place, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "--quiet", "-m", "awal")
    return place


@pytest.fixture
def repo(folder: Path) -> Iterator[Repository]:
    found = Repository.open(folder)
    yield found
    found.close()


def written(repo: Repository, signer: Signer, tree: str, parent: str) -> str:
    return repo.write_commit(tree=tree, parents=[parent], message="uji", signer=signer, when=WHEN)


def test_a_folder_outside_any_repository_is_told_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="bukan bagian dari repositori"):
        Repository.open(tmp_path)


def test_a_graft_changes_one_folder_and_nothing_else(repo: Repository) -> None:
    main = str(repo.tip("main"))
    new = repo.store({"index.md": b"baru\n", "foto/a.jpg": b"\xff"})
    root = repo.graft(repo.tree_id(main), "content/berita/2026/x", new)
    changed = git(repo.root, "diff-tree", "-r", "--name-only", str(repo.tree_id(main)), root).splitlines()
    assert changed == ["content/berita/2026/x/foto/a.jpg", "content/berita/2026/x/index.md"]


def test_a_graft_and_its_removal_give_the_old_tree_back(repo: Repository) -> None:
    old = repo.tree_id(str(repo.tip("main")))
    with_folder = repo.graft(old, "drafts/berita/2026/x", repo.store({"index.md": b"x"}))
    assert with_folder != old
    assert repo.graft(with_folder, "drafts/berita/2026/x", None) == old


def test_a_stored_tree_is_the_one_that_git_would_make(repo: Repository, folder: Path) -> None:
    files = {"a.md": b"1", "a/b.md": b"2", "a-b/c.md": b"3", "a0/d.md": b"4"}
    work = folder.parent / "lain"
    for name, data in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(data)
    git(work, "init", "--quiet")
    git(work, "add", "--all")
    assert repo.store(files) == git(work, "write-tree")
    git(folder, "fsck", "--strict")


def test_files_come_back_as_they_were_stored(repo: Repository) -> None:
    files = {"index.md": "é\r\n".encode(), "foto/a.jpg": bytes(range(256))}
    assert repo.files_of_tree(repo.store(files)) == files


def test_a_commit_carries_author_date_and_signature(repo: Repository, signer: Signer, folder: Path) -> None:
    main = str(repo.tip("main"))
    commit = repo.commit(written(repo, signer, str(repo.tree_id(main)), main))
    assert (commit.author, commit.committer, commit.time) == (signer.email, signer.email, WHEN)
    assert commit.signature.startswith("-----BEGIN SSH SIGNATURE-----")
    assert git(folder, "cat-file", "commit", commit.id).count("gpgsig") == 1


def test_branches_move_together_or_not_at_all(repo: Repository, signer: Signer) -> None:
    main = str(repo.tip("main"))
    new = written(repo, signer, str(repo.tree_id(main)), main)
    with pytest.raises(Refused, match="lebih dahulu"):
        repo.move(BranchMove(branch="main", old=main, new=new), BranchMove(branch="naskah/x", old=main, new=new))
    assert repo.tip("main") == main
    repo.move(BranchMove(branch="main", old=main, new=new), BranchMove(branch="naskah/x", old=None, new=main))
    assert repo.tips("naskah") == {"naskah/x": main}
    repo.move(BranchMove(branch="naskah/x", old=main, new=None))
    assert repo.tips("naskah") == {}


def test_of_two_who_move_the_same_branch_the_second_is_told(repo: Repository, signer: Signer) -> None:
    main = str(repo.tip("main"))
    first = written(repo, signer, str(repo.tree_id(main)), main)
    repo.move(BranchMove(branch="main", old=main, new=first))
    with pytest.raises(Refused) as refusal:
        repo.move(BranchMove(branch="main", old=main, new=first))
    assert refusal.value.code == "moved"


def test_on_a_server_too_the_second_is_told_and_loses_nothing(folder: Path, tmp_path: Path, signer: Signer) -> None:
    git(tmp_path, "clone", "--quiet", "--bare", str(folder), "server.git")
    repos = []
    for name in ("satu", "dua"):
        git(tmp_path, "clone", "--quiet", str(tmp_path / "server.git"), name)
        repos.append(Repository.open(tmp_path / name))
        repos[-1].sync()
    one, two = repos
    main = str(one.tip("main"))
    mine = written(one, signer, str(one.tree_id(main)), main)
    one.move(BranchMove(branch="main", old=main, new=mine), BranchMove(branch="naskah/a", old=None, new=mine))
    theirs = written(two, signer, two.graft(two.tree_id(main), "x/y", two.store({"z": b"1"})), main)
    with pytest.raises(Refused):
        two.move(BranchMove(branch="naskah/b", old=None, new=theirs), BranchMove(branch="main", old=main, new=theirs))
    assert git(tmp_path / "server.git", "rev-parse", "main") == mine
    assert "naskah/b" not in git(tmp_path / "server.git", "for-each-ref")
    two.sync()
    assert two.tip("main") == mine
    for repo in repos:
        repo.close()


def test_a_server_out_of_reach_is_told_and_nothing_is_assumed(folder: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "--quiet", str(folder), "salinan")
    git(tmp_path / "salinan", "remote", "set-url", "origin", str(tmp_path / "tidak-ada"))
    with pytest.raises(PipelineError, match="tidak dapat dihubungi"):
        Repository.open(tmp_path / "salinan").sync()


def test_touches_of_many_commits_come_from_one_reading(repo: Repository, signer: Signer) -> None:
    main = str(repo.tip("main"))
    tree = repo.graft(repo.tree_id(main), "drafts/berita/2026/x", repo.store({"index.md": b"1"}))
    first = written(repo, signer, tree, main)
    second = written(repo, signer, tree, first)
    found = repo.touches({first: main, second: first})
    assert {touch.path for touch in found[first]} >= {"drafts/berita/2026/x", "drafts/berita/2026/x/index.md"}
    assert found[second] == ()


def test_a_replaced_object_is_read_as_it_was_written(repo: Repository, folder: Path) -> None:
    main = str(repo.tip("main"))
    blob = git(folder, "rev-parse", "main:catatan.txt")
    (folder / "palsu").write_text("palsu\n", "utf-8")
    git(folder, "replace", blob, git(folder, "hash-object", "-w", "palsu"))
    assert repo.read(main, "catatan.txt") == b"x\n"


def test_without_a_server_the_working_tree_follows_main_unless_work_stands_in_the_way(
    repo: Repository, signer: Signer, folder: Path
) -> None:
    main = str(repo.tip("main"))
    new = written(repo, signer, repo.graft(repo.tree_id(main), "content/x/y", repo.store({"index.md": b"1"})), main)
    repo.move(BranchMove(branch="main", old=main, new=new))
    (folder / "content" / "x" / "y").mkdir(parents=True)
    (folder / "content" / "x" / "y" / "index.md").write_text("punya saya", "utf-8")
    assert not repo.refresh(main, new)
    assert (folder / "content" / "x" / "y" / "index.md").read_text("utf-8") == "punya saya"
    (folder / "content" / "x" / "y" / "index.md").unlink()
    assert repo.refresh(main, new)
    assert git(folder, "status", "--porcelain") == ""


def test_records_are_only_ever_added(repo: Repository, signer: Signer, folder: Path, keys: Path) -> None:
    listed = {signature.fingerprint((keys / "penerbit.pub").read_text("utf-8"))}
    first = records.append(repo, "monev", "website", {"nilai": 1}, when=WHEN, signer=signer)
    records.append(repo, "monev", "website", {"nilai": 2}, when=WHEN.replace(hour=3), signer=signer)
    assert first == "records/monev/2026/11/20261123T020000Z-website.json"
    assert [record["nilai"] for record in records.read(repo, "monev", listed).records] == [1, 2]
    assert git(folder, "diff", "--name-status", "catatan^", "catatan").startswith("A\t")
    with pytest.raises(Refused, match="sudah ada"):
        records.append(repo, "monev", "website", {"nilai": 3}, when=WHEN, signer=signer)
    assert records.read(repo, "monev", listed).records[0]["nilai"] == 1


def test_a_record_that_was_changed_or_added_by_nobody_listed_is_named_and_not_read(
    repo: Repository, signer: Signer, folder: Path, keys: Path
) -> None:
    listed = {signature.fingerprint((keys / "penerbit.pub").read_text("utf-8"))}
    first = records.append(repo, "monev", "website", {"nilai": 1}, when=WHEN, signer=signer)
    second = records.append(repo, "monev", "website", {"nilai": 2}, when=WHEN.replace(hour=3), signer=signer)
    git(folder, "checkout", "--quiet", "catatan")
    (folder / first).write_text('{"nilai": 99}', "utf-8")
    forged = folder / "records" / "monev" / "2026" / "11" / "a.json"
    forged.write_text("{rusak", "utf-8")
    git(folder, "add", "--all")
    git(folder, "-c", "user.name=x", "-c", "user.email=x@y", "commit", "--quiet", "-m", "palsu")
    diary = records.read(repo, "monev", listed)
    assert [record["path"] for record in diary.records] == [second]
    assert diary.doubtful == (first, "records/monev/2026/11/a.json")


def raw_tree(folder: Path, *entries: tuple[bytes, bytes, str]) -> str:
    """A tree object as written by hand, however wrong."""
    data = b"".join(mode + b" " + name + b"\0" + bytes.fromhex(oid) for mode, name, oid in entries)
    command = ["git", "hash-object", "-w", "-t", "tree", "--literally", "--stdin"]
    return subprocess.run(command, cwd=folder, input=data, capture_output=True, check=True).stdout.decode().strip()


@pytest.mark.parametrize("names", [(b"x", b"x"), (b"y", b"x"), (b"..",), (b"a/b",), (b".git",), (b".GIT",)])
def test_a_tree_that_git_would_not_write_is_refused(repo: Repository, folder: Path, names: tuple[bytes, ...]) -> None:
    inner = raw_tree(folder)
    tree = raw_tree(folder, *((b"40000", name, inner) for name in names))
    with pytest.raises(Refused) as refusal:
        repo.entries(tree)
    assert refusal.value.code == "malformed-tree"


def test_a_name_in_no_known_encoding_survives_a_graft(repo: Repository, folder: Path) -> None:
    blob = git(folder, "rev-parse", "main:catatan.txt")
    tree = raw_tree(folder, (b"100644", b"\xff\xfe", blob))
    grafted = repo.graft(tree, "x", repo.store({"a": b"1"}))
    assert repo.graft(grafted, "x", None) == tree
