from __future__ import annotations

import errno
import itertools
import os
import shutil
import stat
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import targets
from pipeline.errors import ConfigurationError, PipelineError, Refused
from pipeline.stages import deploy
from pipeline.targets.local import LocalTarget
from pipeline.world import files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

pytestmark = pytest.mark.skipif(os.name == "nt", reason="publishing is for Linux (DESIGN, section 2)")

MONDAY = datetime(2026, 2, 2, 3, 0, tzinfo=UTC)
KILLER = Path(__file__).with_name("kill_publish.py")
PAGES = ("index.html", "berita/index.html", "assets/gaya.css")
CALLS = ("open", "write", "fsync", "fchmod", "chmod", "mkdir", "symlink", "rename", "replace", "unlink", "rmdir")


@dataclass(frozen=True)
class Settings:
    name: str = "utama"
    kind: str = "local"
    folder: str = "www"


def write_site(folder: Path, pages: Mapping[str, str]) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def version(number: int) -> dict[str, str]:
    return {name: f"{name}, versi {number}\n" * 20 for name in PAGES} | {"assets/logo.svg": "tetap"}


def publish(target: LocalTarget, site: Path, number: int, *, keep: int = 10) -> deploy.Release:
    """Release ``site`` as the build of day ``number``."""
    return deploy.release(
        site, target, commit=f"{number:040}", evidence="e" * 64, now=MONDAY + timedelta(days=number), keep=keep
    )


def seen(folder: Path) -> dict[str, str]:
    """What a visitor gets through ``current``."""
    return {name: data.decode() for name, data in files.read_folder((folder / "current").resolve()).items()}


@pytest.fixture
def target(tmp_path: Path) -> LocalTarget:
    return LocalTarget(tmp_path / "www")


@pytest.fixture
def make(tmp_path: Path) -> Callable[[int], Path]:
    return lambda number: write_site(tmp_path / "site", version(number))


def test_every_kind_of_target_promises_something_in_its_module() -> None:
    assert "local" in targets.kinds()
    for kind in targets.kinds():
        module = targets.load(kind)
        assert module.__doc__
        assert module.PROMISE.endswith(".")


def test_a_target_is_found_by_the_kind_in_the_settings(tmp_path: Path) -> None:
    target = targets.connect(Settings(), base=tmp_path)
    assert target.name == "utama"
    assert target.current() is None
    assert target.releases() == ()
    assert not (tmp_path / "www").exists()


@pytest.mark.parametrize("kind", ["ftp2", "", "_x", "os", "../local"])
def test_an_unknown_kind_of_target_is_told_with_the_known_ones(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        targets.connect(Settings(kind=kind), base=tmp_path)
    assert "local" in caught.value.hint


def test_the_first_release_is_what_visitors_see(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    release = publish(target, make(1), 1)
    assert seen(tmp_path / "www") == version(1)
    assert target.current() == release.id
    assert target.previous() is None
    assert (tmp_path / "www" / "current").readlink() == Path("releases") / release.id


def test_the_link_is_relative_so_that_the_folder_can_move(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    publish(target, make(1), 1)
    (tmp_path / "www").rename(tmp_path / "pindah")
    assert seen(tmp_path / "pindah") == version(1)


def test_the_web_server_may_read_whatever_the_umask_was(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    old = os.umask(0o077)
    try:
        publish(target, make(1), 1)
    finally:
        os.umask(old)
    release = (tmp_path / "www" / "current").resolve()
    modes = {stat.S_IMODE(path.stat().st_mode) for path in release.rglob("*") if path.is_file()}
    folders = {stat.S_IMODE(path.stat().st_mode) for path in (release, *release.rglob("*")) if path.is_dir()}
    assert (modes, folders) == ({0o444}, {0o755})
    assert stat.S_IMODE((tmp_path / "www" / "releases").stat().st_mode) & 0o055 == 0o055


def test_manifests_lie_beside_the_site_and_not_in_it(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    release = publish(target, make(1), 1)
    assert (tmp_path / "www" / "manifests" / f"{release.id}.json").is_file()
    assert not any("manifest" in name for name in seen(tmp_path / "www"))


def test_an_unchanged_file_takes_no_second_place_on_the_disk(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    one = publish(target, make(1), 1).id
    two = publish(target, make(2), 2).id
    old, new = (tmp_path / "www" / "releases" / release for release in (one, two))
    assert (old / "assets/logo.svg").samefile(new / "assets/logo.svg")
    assert not (old / "index.html").samefile(new / "index.html")


def test_a_file_edited_in_place_is_not_carried_into_the_next_release(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    publish(target, make(1), 1)
    defaced = (tmp_path / "www" / "current" / "assets" / "logo.svg").resolve()
    defaced.chmod(0o644)
    defaced.write_text("slot gacor")
    defaced.chmod(0o444)
    publish(target, make(2), 2)
    assert seen(tmp_path / "www") == version(2)


def test_a_file_that_became_writable_is_copied_and_not_linked(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    publish(target, make(1), 1)
    old = (tmp_path / "www" / "current" / "assets" / "logo.svg").resolve()
    old.chmod(0o644)
    publish(target, make(2), 2)
    assert not old.samefile(tmp_path / "www" / "current" / "assets" / "logo.svg")
    assert stat.S_IMODE((tmp_path / "www" / "current" / "assets" / "logo.svg").stat().st_mode) == 0o444


def test_a_link_put_into_a_release_is_not_carried_on(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    publish(target, make(1), 1)
    swapped = (tmp_path / "www" / "current").resolve() / "assets" / "logo.svg"
    swapped.unlink()
    (tmp_path / "rahasia").write_text("tetap")
    swapped.symlink_to(tmp_path / "rahasia")
    publish(target, make(2), 2)
    assert not (tmp_path / "www" / "current" / "assets" / "logo.svg").is_symlink()
    assert seen(tmp_path / "www") == version(2)


def test_a_disk_without_hard_links_gets_copies(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    publish(target, make(1), 1)
    publish(target, make(2), 2)
    assert seen(tmp_path / "www") == version(2)


def test_publishing_the_same_release_again_changes_nothing(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    publish(target, make(1), 1)
    two = publish(target, make(2), 2)
    before = _inodes(tmp_path / "www" / "releases")
    again = publish(target, make(2), 2)
    assert again.id == two.id
    assert again.plan is not None
    assert (again.plan.uploads, again.plan.deletes) == ((), ())
    assert _inodes(tmp_path / "www" / "releases") == before
    assert target.previous() == target.releases()[1]


def _inodes(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_ino for path in folder.rglob("*")}


def test_a_release_altered_at_the_target_is_not_taken_for_the_same_one(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    one = publish(target, make(1), 1)
    publish(target, make(2), 2)
    (tmp_path / "www" / "releases" / one.id / "sisipan.html").write_text("slot")
    with pytest.raises(PipelineError, match="isinya tidak sama"):
        publish(target, make(1), 1)
    assert seen(tmp_path / "www") == version(2)


def test_a_site_that_changes_while_it_is_published_is_refused(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    publish(target, make(1), 1)
    plan = deploy.prepare(make(2), target, commit="c", evidence="e", now=MONDAY)
    (tmp_path / "site" / "index.html").write_text("diubah")
    with pytest.raises(PipelineError, match=r"index\.html berubah selagi ditayangkan"):
        deploy.apply(plan, target, source=tmp_path / "site")
    assert seen(tmp_path / "www") == version(1)


def test_a_plan_made_before_another_publish_is_refused(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    publish(target, make(1), 1)
    plan = deploy.prepare(make(2), target, commit="c", evidence="e", now=MONDAY)
    publish(target, make(3), 3)
    with pytest.raises(Refused) as caught:
        deploy.apply(plan, target, source=make(2))
    assert caught.value.code == "target-moved"
    assert seen(tmp_path / "www") == version(3)


def test_ten_releases_are_kept_with_their_manifests(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
) -> None:
    ids = [publish(target, make(number), number).id for number in range(1, 13)]
    assert target.releases() == tuple(reversed(ids[2:]))
    kept = {path.name[:16] for path in (tmp_path / "www" / "manifests").iterdir()}
    assert kept == set(ids[2:])
    assert {path.name for path in (tmp_path / "www" / "releases").iterdir()} == set(ids[2:])


def test_the_current_and_the_previous_release_survive_however_few_are_kept(
    target: LocalTarget, make: Callable[[int], Path]
) -> None:
    ids = [publish(target, make(number), number, keep=1).id for number in (1, 2, 3)]
    assert set(target.releases()) == {ids[1], ids[2]}


def test_after_a_rollback_the_older_live_release_is_not_pruned(
    target: LocalTarget, make: Callable[[int], Path]
) -> None:
    ids = [publish(target, make(number), number).id for number in (1, 2, 3)]
    deploy.rollback(target)
    deploy.rollback(target)
    target.prune(1)
    assert target.current() == ids[0]
    assert set(target.releases()) == {ids[0], ids[2]}


def test_files_of_others_are_never_touched(target: LocalTarget, make: Callable[[int], Path], tmp_path: Path) -> None:
    foreign = (
        "catatan.txt",
        "releases/milik-orang/x",
        "releases/.baru-bukan-id/x",
        "releases/0123.txt",
        "manifests/daftar.json",
        "manifests/.x.json.0123456789ab.baru",
        ".current",
    )
    for name in foreign:
        (tmp_path / "www" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "www" / name).write_text("milik orang")
    for number in range(1, 5):
        publish(target, make(number), number, keep=1)
    assert {(tmp_path / "www" / name).read_text() for name in foreign} == {"milik orang"}


@pytest.mark.parametrize("what", ["file", "folder", "foreign link", "link outside"])
def test_a_current_that_is_not_ours_is_refused_and_kept(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path, what: str
) -> None:
    current = tmp_path / "www" / "current"
    current.parent.mkdir()
    if what == "file":
        current.write_text("situs lama")
    elif what == "folder":
        current.mkdir()
    else:
        current.symlink_to("/srv/lama" if what == "foreign link" else "../releases/0123456789abcdef")
    before = os.lstat(current)
    with pytest.raises(ConfigurationError, match="bukan tautan ke rilis"):
        publish(target, make(1), 1)
    assert os.lstat(current).st_ino == before.st_ino


def test_a_source_with_a_link_is_refused(target: LocalTarget, make: Callable[[int], Path], tmp_path: Path) -> None:
    site = make(1)
    (site / "kunci.txt").symlink_to("/etc/hostname")
    with pytest.raises(files.FileError, match="tautan simbolik"):
        publish(target, site, 1)
    assert not (tmp_path / "www").exists()


def test_a_folder_that_may_not_be_written_is_one_sentence(
    make: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    site = make(1)
    monkeypatch.setattr(os, "mkdir", refuse)
    with pytest.raises(files.FileError, match="tidak ada izin"):
        publish(LocalTarget(tmp_path / "www"), site, 1)


def test_a_damaged_order_file_is_named(target: LocalTarget, make: Callable[[int], Path], tmp_path: Path) -> None:
    release = publish(target, make(1), 1)
    (tmp_path / "www" / "manifests" / f"{release.id}.urutan.json").write_text("{")
    with pytest.raises(ConfigurationError, match=r"urutan\.json rusak"):
        publish(target, make(2), 2)


class TestGoingBack:
    def test_rollback_brings_the_previous_release_and_again_the_one_before(
        self, target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
    ) -> None:
        for number in (1, 2, 3):
            publish(target, make(number), number)
        for number in (2, 1):
            deploy.rollback(target)
            assert seen(tmp_path / "www") == version(number)
        with pytest.raises(PipelineError, match="Tidak ada rilis sebelumnya"):
            deploy.rollback(target)
        assert seen(tmp_path / "www") == version(1)

    def test_after_a_rollback_and_a_new_release_the_bad_one_does_not_come_back(
        self, target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
    ) -> None:
        for number in (1, 2):
            publish(target, make(number), number)
        deploy.rollback(target)
        publish(target, make(3), 3)
        deploy.rollback(target)
        assert seen(tmp_path / "www") == version(1)

    def test_publishing_an_older_release_again_makes_no_circle(
        self, target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
    ) -> None:
        for number in (1, 2, 3):
            publish(target, make(number), number)
        publish(target, make(1), 1)
        assert seen(tmp_path / "www") == version(1)
        assert target.previous() is None

    def test_an_altered_release_is_not_brought_back(
        self, target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
    ) -> None:
        one = publish(target, make(1), 1)
        publish(target, make(2), 2)
        (tmp_path / "www" / "releases" / one.id / "sisipan.html").write_text("slot")
        with pytest.raises(PipelineError, match=r"sudah diubah orang: sisipan\.html"):
            deploy.rollback(target)
        assert seen(tmp_path / "www") == version(2)

    def test_nothing_published_means_nothing_to_go_back_to(self, target: LocalTarget) -> None:
        with pytest.raises(PipelineError, match="Tidak ada rilis sebelumnya"):
            deploy.rollback(target)

    def test_an_unknown_release_cannot_be_switched_to(
        self, target: LocalTarget, make: Callable[[int], Path], tmp_path: Path
    ) -> None:
        publish(target, make(1), 1)
        for release in ("0123456789abcdef", "../../etc", ""):
            with pytest.raises(PipelineError, match="tidak ada di tujuan"):
                target.switch(release)
        assert seen(tmp_path / "www") == version(1)


class TestFailures:
    """A visitor sees the old site or the new one, entirely; a second run reaches the new one."""

    def test_killed_before_any_call(self, tmp_path: Path) -> None:
        old, new = (write_site(tmp_path / f"v{number}", version(number)) for number in (1, 2))
        base = tmp_path / "base"
        subprocess.run([sys.executable, KILLER, base, old, new], check=True, timeout=60)
        points = sorted(base.iterdir(), key=lambda path: int(path.name))
        assert len(points) > 40
        states = [seen(point) for point in points]
        assert all(state in (version(1), version(2)) for state in states)
        # Both happened, and once it was new it stayed new: the switch is one point.
        assert states[0] == version(1)
        assert [state == version(2) for state in states] == sorted(state == version(2) for state in states)
        for point in points:
            publish(LocalTarget(point), new, 2, keep=1)
            assert seen(point) == version(2)
            assert not [name for name in _names(point) if name.startswith(".")]

    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
    def test_a_failing_disk_at_any_call(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        old, new = (write_site(tmp_path / f"v{turn}", version(turn)) for turn in (1, 2))
        failed = 0
        for at in itertools.count(1):
            root = tmp_path / "www" / str(at)
            publish(LocalTarget(root), old, 1)
            with monkeypatch.context() as patch:
                count = _failing(patch, at, number)
                told = _try(root, new)
            assert seen(root) in (version(1), version(2))
            if told is None:
                assert seen(root) == version(2)
            failed += told is not None
            publish(LocalTarget(root), new, 2, keep=1)
            assert seen(root) == version(2)
            if next(count) < at:
                break
        assert failed > 20


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.rglob("*")]


def _try(root: Path, site: Path) -> PipelineError | None:
    try:
        publish(LocalTarget(root), site, 2, keep=1)
    except PipelineError as error:
        return error
    return None


def _failing(patch: pytest.MonkeyPatch, at: int, number: int) -> itertools.count[int]:
    """Let the ``at``-th call to the system fail."""
    count = itertools.count(1)
    for name in CALLS:
        real = getattr(os, name)

        def call(*args: object, real: Callable[..., object] = real, **options: object) -> object:
            if next(count) == at:
                raise OSError(number, os.strerror(number))
            return real(*args, **options)

        patch.setattr(os, name, call)
    return count


def test_what_cannot_be_tidied_is_a_remark_and_no_failure(
    target: LocalTarget, make: Callable[[int], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (1, 2):
        publish(target, make(number), number)

    def refuse(*_args: object, **_options: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(shutil, "rmtree", refuse)
    site = tmp_path / "tiga"
    release = publish(target, write_site_without_rmtree(site, version(3)), 3, keep=1)
    assert seen(tmp_path / "www") == version(3)
    assert "belum dapat dihapus" in release.remarks[0]
    monkeypatch.undo()
    assert publish(target, site, 3, keep=1).remarks == ()
    assert not list((tmp_path / "www" / "releases").glob(".*"))


def write_site_without_rmtree(folder: Path, pages: Mapping[str, str]) -> Path:
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder
