from __future__ import annotations

import errno
import hashlib
import os
import socket
import stat
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import ConfigurationError, PipelineError
from pipeline.world import clock, files

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes, sockets and link swaps of this kind")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "naskah"
    (root / "foto").mkdir(parents=True)
    (root / "index.md").write_bytes(b"isi\r\n")
    (root / "foto" / "sidang.jpg").write_bytes(b"\xff\xd8")
    return root


@pytest.fixture(params=["through the open folder", "by paths, as on Windows"])
def _each_walk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param.startswith("by paths"):
        monkeypatch.setattr(files, "_BY_FOLDER", False)


@pytest.mark.usefixtures("_each_walk")
class TestReading:
    def test_every_file_is_returned_with_its_bytes_by_posix_name_in_order(self, folder: Path) -> None:
        found = files.read_folder(folder)
        assert found == {"foto/sidang.jpg": b"\xff\xd8", "index.md": b"isi\r\n"}
        assert list(found) == sorted(found)

    def test_hidden_files_are_not_skipped(self, folder: Path) -> None:
        (folder / ".rahasia").write_bytes(b"x")
        assert ".rahasia" in files.read_folder(folder)

    def test_a_link_to_a_system_file_is_refused_by_name(self, folder: Path) -> None:
        (folder / "foto" / "kunci.txt").symlink_to("/etc/hostname")
        with pytest.raises(files.FileError, match=r"foto/kunci\.txt berupa tautan simbolik"):
            files.read_folder(folder)

    def test_a_link_to_a_folder_is_refused(self, folder: Path, tmp_path: Path) -> None:
        (folder / "lain").symlink_to(tmp_path)
        with pytest.raises(files.FileError, match="tautan simbolik"):
            files.read_folder(folder)

    def test_a_dangling_link_is_refused(self, folder: Path) -> None:
        (folder / "lain").symlink_to("tidak-ada")
        with pytest.raises(files.FileError, match="tautan simbolik"):
            files.read_folder(folder)

    def test_the_folder_itself_may_not_be_a_link(self, folder: Path, tmp_path: Path) -> None:
        (tmp_path / "tautan").symlink_to(folder)
        with pytest.raises(files.FileError, match="tautan simbolik"):
            files.read_folder(tmp_path / "tautan")

    @POSIX
    def test_a_pipe_is_refused_and_not_waited_for(self, folder: Path) -> None:
        os.mkfifo(folder / "pipa")
        with pytest.raises(files.FileError, match="bukan berkas biasa"):
            files.read_folder(folder)

    @POSIX
    def test_a_socket_is_refused(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(folder)  # a socket's address holds 108 bytes only
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("soket")
            with pytest.raises(files.FileError, match="bukan berkas biasa"):
                files.read_folder(folder)

    def test_a_file_over_the_limit_is_named(self, folder: Path) -> None:
        (folder / "besar.bin").write_bytes(b"a" * 1001)
        with pytest.raises(files.FileError, match=r"besar\.bin lebih besar dari 1 kB"):
            files.read_folder(folder, max_bytes_per_file=1000)

    def test_a_file_of_exactly_the_limit_is_read(self, folder: Path) -> None:
        (folder / "pas.bin").write_bytes(b"a" * 1000)
        assert len(files.read_folder(folder, max_bytes_per_file=1000)["pas.bin"]) == 1000

    @pytest.mark.parametrize("limit", [{"max_files": 1}, {"max_bytes": 6}])
    def test_a_folder_over_the_limit_is_refused(self, folder: Path, limit: dict[str, int]) -> None:
        with pytest.raises(files.FileError, match="terlalu besar"):
            files.read_folder(folder, **limit)

    def test_a_folder_that_is_too_deep_is_refused(self, folder: Path) -> None:
        deep = folder.joinpath(*(["a"] * (files.MAX_DEPTH + 1)))
        deep.mkdir(parents=True)
        (deep / "x").write_bytes(b"")
        with pytest.raises(files.FileError, match="terlalu dalam"):
            files.read_folder(folder)

    @POSIX
    @pytest.mark.parametrize("name", [b"\xff\xfe.md", b"a\nb", b"a\\b", b"\x1b[2J", b"\x7f"])
    def test_a_name_that_other_systems_cannot_hold_is_refused_and_shown_safely(self, folder: Path, name: bytes) -> None:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(b"")
        with pytest.raises(files.FileError, match="karakter yang tidak dapat dipakai") as caught:
            files.read_folder(folder)
        assert caught.value.message.isprintable()
        caught.value.message.encode("utf-8")

    def test_a_missing_folder_is_one_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(files.FileError, match="tidak-ada tidak dapat dibaca atau ditulis: tidak ada") as caught:
            files.read_folder(tmp_path / "tidak-ada")
        assert caught.value.errno == errno.ENOENT

    def test_a_file_is_not_a_folder(self, folder: Path) -> None:
        with pytest.raises(files.FileError, match="bukan folder"):
            files.read_folder(folder / "index.md")

    def test_digests_are_those_of_the_bytes(self, folder: Path) -> None:
        found = files.digest_folder(folder)
        assert found["index.md"] == files.FileFact(sha256=hashlib.sha256(b"isi\r\n").hexdigest(), size=5)
        assert set(found) == {"index.md", "foto/sidang.jpg"}


@POSIX
def test_a_folder_swapped_for_a_link_while_it_is_read_gains_nothing(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "rahasia"
    secret.mkdir()
    (secret / "sidang.jpg").write_bytes(b"RAHASIA")
    real_stat = os.stat

    def stat_then_swap(path: str, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        answer = real_stat(path, dir_fd=dir_fd, follow_symlinks=follow_symlinks)
        if path == "foto" and not (folder / "foto").is_symlink():
            (folder / "foto").rename(tmp_path / "asli")
            (folder / "foto").symlink_to(secret)
        return answer

    monkeypatch.setattr(os, "stat", stat_then_swap)
    with pytest.raises(files.FileError):
        files.read_folder(folder)


def test_one_file_is_read_unless_it_is_a_link(folder: Path) -> None:
    assert files.read_file(folder / "index.md") == b"isi\r\n"
    (folder / "tautan").symlink_to("index.md")
    with pytest.raises(files.FileError, match="tautan simbolik"):
        files.read_file(folder / "tautan")
    with pytest.raises(files.FileError, match="adalah folder"):
        files.read_file(folder / "foto")


def test_writing_makes_the_parents_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.json"
    files.write_atomic(path, b"satu")
    files.write_atomic(path, b"dua")
    assert path.read_bytes() == b"dua"
    assert [entry.name for entry in path.parent.iterdir()] == ["c.json"]


@POSIX
def test_writing_obeys_the_umask_and_the_mode(tmp_path: Path) -> None:
    old = os.umask(0o022)
    try:
        files.write_atomic(tmp_path / "umum", b"", mode=0o666)
        files.write_atomic(tmp_path / "kunci", b"", mode=0o600)
    finally:
        os.umask(old)
    assert [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("umum", "kunci")] == [0o644, 0o600]


def test_writing_over_a_link_replaces_the_link_and_spares_what_it_led_to(tmp_path: Path) -> None:
    (tmp_path / "luar").write_bytes(b"luar")
    (tmp_path / "dalam").symlink_to("luar")
    files.write_atomic(tmp_path / "dalam", b"baru")
    assert (tmp_path / "luar").read_bytes() == b"luar"
    assert not (tmp_path / "dalam").is_symlink()


@pytest.mark.parametrize("call", ["open", "write", "fsync", "replace"])
def test_a_full_disk_at_any_step_keeps_the_old_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "data.json"
    files.write_atomic(path, b"lama")

    def full(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, call, full)
    with pytest.raises(files.FileError, match="ruang disk habis") as caught:
        files.write_atomic(path, b"baru")
    monkeypatch.undo()
    assert "Kosongkan" in caught.value.hint
    assert path.read_bytes() == b"lama"
    assert [entry.name for entry in tmp_path.iterdir()] == ["data.json"]


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    monkeypatch.setattr(os, "write", lambda fd, data: real(fd, bytes(data)[:3]))
    files.write_atomic(tmp_path / "x", b"0123456789")
    assert (tmp_path / "x").read_bytes() == b"0123456789"


def test_what_a_killed_write_leaves_can_be_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[str] = []
    real = os.replace

    def look_then_replace(old: Path, new: Path) -> None:
        left.extend(entry.name for entry in tmp_path.iterdir())
        real(old, new)

    monkeypatch.setattr(os, "replace", look_then_replace)
    files.write_atomic(tmp_path / "m.json", b"")
    (match,) = (files.HALF_WRITTEN.fullmatch(name) for name in left)
    assert match
    assert match[1] == "m.json"


@POSIX
def test_a_link_is_swapped_and_a_killed_swap_is_finished(tmp_path: Path) -> None:
    files.swap_symlink(tmp_path / "current", "releases/a")
    (tmp_path / ".current.baru").symlink_to("releases/terputus")
    files.swap_symlink(tmp_path / "current", "releases/b")
    assert os.readlink(tmp_path / "current") == "releases/b"  # noqa: PTH115 - the text as it is
    assert [entry.name for entry in tmp_path.iterdir()] == ["current"]


@POSIX
def test_a_folder_is_never_replaced_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "current").mkdir()
    with pytest.raises(files.FileError, match="bukan tautan"):
        files.swap_symlink(tmp_path / "current", "releases/a")


@POSIX
def test_who_follows_the_link_always_finds_a_whole_folder(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x").write_text(name)
    files.swap_symlink(tmp_path / "current", "a")
    seen: set[str] = set()
    stop = threading.Event()

    def visit() -> None:
        while not stop.is_set():
            seen.add((tmp_path / "current" / "x").read_text())

    visitor = threading.Thread(target=visit)
    visitor.start()
    for turn in range(200):
        files.swap_symlink(tmp_path / "current", "ab"[turn % 2])
    stop.set()
    visitor.join()
    assert seen <= {"a", "b"}
    assert seen


def test_a_system_without_links_says_where_to_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "name", "nt")
    with pytest.raises(ConfigurationError) as caught:
        files.swap_symlink(tmp_path / "current", "a")
    monkeypatch.undo()
    assert "Linux" in caught.value.hint


@settings(max_examples=60, deadline=None)
@given(
    name=st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=60).filter(
        lambda name: name not in {".", ".."}
    ),
    data=st.binary(max_size=200),
)
def test_any_name_is_either_read_back_exactly_or_refused_in_one_sentence(
    tmp_path_factory: pytest.TempPathFactory, name: str, data: bytes
) -> None:
    root = tmp_path_factory.mktemp("nama")
    try:
        (root / name).write_bytes(data)
    except (OSError, ValueError):
        return  # the system itself has no such name
    found, refusal = _read(root)
    assert found == {name: data} if refusal is None else refusal.message.isprintable() and refusal.hint


def _read(root: Path) -> tuple[dict[str, bytes] | None, PipelineError | None]:
    try:
        return files.read_folder(root), None
    except PipelineError as error:
        return None, error


def test_now_is_aware_and_in_utc() -> None:
    offset = clock.now().utcoffset()
    assert offset is not None
    assert not offset


def test_a_build_stands_for_the_moment_that_reproducible_builds_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1767225600")
    assert clock.build_time().isoformat() == "2026-01-01T00:00:00+00:00"
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    assert abs((clock.build_time() - clock.now()).total_seconds()) < 5


@pytest.mark.parametrize("epoch", ["", "besok", "9" * 40])
def test_a_moment_that_is_none_is_a_configuration_error(monkeypatch: pytest.MonkeyPatch, epoch: str) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    with pytest.raises(ConfigurationError, match="SOURCE_DATE_EPOCH"):
        clock.build_time()
