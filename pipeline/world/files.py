"""The only door to files that others may have written: reads that follow no link, writes that are whole or absent.

Reading refuses everything that is not a plain file or folder (symbolic links, devices, pipes, sockets), names that other
systems can't hold, and sizes beyond the limits; it skips nothing silently. Where the system allows it, each step goes
through the open folder (``dir_fd``, ``O_NOFOLLOW``), so that a folder swapped for a link meanwhile gains nothing.
Writing never changes a file in place: new bytes, ``fsync``, rename, ``fsync`` of the folder.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pipeline.errors import ConfigurationError, PipelineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

T = TypeVar("T")

MIB: Final = 1024 * 1024
MAX_DEPTH: Final = 32
_CHUNK: Final = 256 * 1024
_NOFOLLOW: Final = getattr(os, "O_NOFOLLOW", 0)
# O_NONBLOCK: a pipe put in place of a file must not make us wait for its writer.
_READ: Final = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_FOLDER: Final = os.O_RDONLY | _NOFOLLOW | getattr(os, "O_DIRECTORY", 0)
_CREATE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NOFOLLOW | getattr(os, "O_BINARY", 0)
_BY_FOLDER: Final = os.open in os.supports_dir_fd and os.scandir in os.supports_fd

# Name of a file that ``write_atomic`` had not finished when it was killed; group 1 is the name it was meant for.
HALF_WRITTEN: Final = re.compile(r"\.(.+)\.[0-9a-f]{12}\.baru")

_REASONS: Final = {
    errno.ENOSPC: ("ruang disk habis", "Kosongkan sebagian disk, lalu ulangi."),
    errno.EDQUOT: ("kuota disk habis", "Kosongkan sebagian disk atau minta tambahan kuota, lalu ulangi."),
    errno.EACCES: ("tidak ada izin", "Periksa pemilik dan izin folder itu."),
    errno.EPERM: ("tidak ada izin", "Periksa pemilik dan izin folder itu."),
    errno.EROFS: ("disk hanya dapat dibaca", "Pasang disk itu dengan izin tulis."),
    errno.EIO: ("perangkat penyimpanan gagal", "Periksa disk, lalu ulangi."),
    errno.ENOENT: ("tidak ada", "Periksa letak dan namanya."),
    errno.ENOTDIR: ("bukan folder", "Periksa letak dan namanya."),
    errno.EEXIST: ("sudah ada", "Pindahkan yang lama, lalu ulangi."),
    errno.ENAMETOOLONG: ("namanya terlalu panjang", "Pendekkan nama berkas atau foldernya."),
    errno.ELOOP: ("berupa tautan simbolik", "Ganti tautan itu dengan berkas aslinya."),
}


class FileError(PipelineError):
    """A file or folder can't be used. ``errno`` is the system's number, or None where the refusal is ours."""

    def __init__(self, message: str, *, hint: str, errno: int | None = None) -> None:
        super().__init__(message, hint=hint)
        self.errno = errno


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFact:
    """What a file holds: SHA-256 in lower-case hex, and its size in bytes."""

    sha256: str
    size: int


@contextmanager
def told(path: Path | str) -> Iterator[None]:
    """Turn any ``OSError`` of the block into one Indonesian sentence that names the file."""
    try:
        yield
    except OSError as error:
        reason, hint = _REASONS.get(error.errno or 0, ("sistem menolak", "Periksa disk dan izin folder, lalu ulangi."))
        name = error.filename if isinstance(error.filename, str) and Path(error.filename).is_absolute() else path
        message = f"{_shown(name)} tidak dapat dibaca atau ditulis: {reason}."
        raise FileError(message, hint=hint, errno=error.errno) from error


def read_folder(
    folder: Path,
    *,
    max_bytes_per_file: int = 32 * MIB,
    max_bytes: int = 512 * MIB,
    max_files: int = 50_000,
) -> dict[str, bytes]:
    """Return every file below ``folder`` by its POSIX name, in sorted order; empty folders leave no trace.

    Raises ``FileError`` naming the first thing that is not a plain file or folder, or that is over a limit (bytes).
    """
    found: dict[str, bytes] = {}
    total = 0
    for name, data in _walk(folder, lambda fd, path: _read(fd, path, max_bytes_per_file)):
        found[name] = data
        total += len(data)
        if total > max_bytes or len(found) > max_files:
            raise FileError(
                f"Folder {folder} terlalu besar: lebih dari {max_files} berkas atau {max_bytes // MIB} MB.",
                hint="Kurangi isinya, atau pindahkan berkas besar ke tempat lain.",
            )
    return dict(sorted(found.items()))


def digest_folder(folder: Path) -> dict[str, FileFact]:
    """Return digest and size of every file below ``folder`` by its POSIX name; holds one chunk at a time."""
    return dict(sorted(_walk(folder, lambda fd, _path: digest(fd))))


def read_file(path: Path, *, max_bytes: int = 32 * MIB) -> bytes:
    """Return the bytes of one plain file; the last part of ``path`` may not be a link."""
    with told(path), open_file(path) as fd:
        return _read(fd, str(path), max_bytes)


@contextmanager
def open_file(path: Path | str, *, folder_fd: int | None = None) -> Iterator[int]:
    """Open one plain file for reading, following no link at its end; yields the descriptor."""
    if _refuse_odd(os.stat(path, dir_fd=folder_fd, follow_symlinks=False), str(path)):
        raise _odd(str(path), "adalah folder, bukan berkas")
    fd = os.open(path, _READ, dir_fd=folder_fd)  # a device's mere opening may act: hence the look before
    try:
        _refuse_odd(os.fstat(fd), str(path))
        yield fd
    finally:
        os.close(fd)


def digest(fd: int) -> FileFact:
    """Hash an open file from where it stands to its end."""
    sha, size = hashlib.sha256(), 0
    while chunk := os.read(fd, _CHUNK):
        sha.update(chunk)
        size += len(chunk)
    return FileFact(sha256=sha.hexdigest(), size=size)


def write_atomic(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Put ``data`` at ``path``: a reader sees the old bytes or the new, and the new ones survive a power cut.

    Missing parent folders are made. ``mode`` is reduced by the process' umask. A link at ``path`` is replaced, not followed.
    """
    with told(path):
        make_folder(path.parent)
        new = path.with_name(f".{path.name[:80]}.{secrets.token_hex(6)}.baru")
        try:
            _write_new(new, data, mode)
            new.replace(path)
        except BaseException:
            with suppress(OSError):
                new.unlink()
            raise
        sync_folder(path.parent)


def read_json(path: Path) -> dict[str, Any]:
    """The object in a small JSON file of our own; empty where there is none or it can't be read as one."""
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def make_folder(folder: Path) -> None:
    """Make ``folder`` and its missing parents, each entry durable."""
    with told(folder):
        missing = [part for part in (folder, *folder.parents) if not part.exists()]
        for part in reversed(missing):
            part.mkdir(exist_ok=True)
            sync_folder(part.parent)


def swap_symlink(link: Path, target: str) -> None:
    """Let ``link`` point to ``target`` (text, normally relative) by one rename; whoever follows it sees old or new.

    A temporary link left by a killed run is replaced. What stands at ``link`` must be a link or nothing.
    """
    if os.name == "nt":
        raise ConfigurationError(
            "Sistem ini tidak dapat menukar tautan simbolik dalam satu langkah.",
            hint="Jalankan penayangan di komputer Linux.",
        )
    with told(link):
        if link.exists() and not link.is_symlink():
            raise FileError(f"{link} sudah ada dan bukan tautan.", hint="Pindahkan dahulu, lalu ulangi.")
        new = link.with_name(f".{link.name}.baru")
        new.unlink(missing_ok=True)
        new.symlink_to(target)
        new.replace(link)
        sync_folder(link.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` durable; Windows keeps them durable by itself and can't open a folder."""
    if os.name == "nt":
        return
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def _write_new(path: Path, data: bytes, mode: int) -> None:
    fd = os.open(path, _CREATE, mode)
    try:
        write_all(fd, data)
        os.fsync(fd)
    finally:
        os.close(fd)


def write_all(fd: int, data: bytes) -> None:
    """Write every byte; the system may take fewer at a time (a full disk shows itself as a short write first)."""
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]


def _read(fd: int, path: str, limit: int) -> bytes:
    parts, left = [], limit + 1
    while left and (chunk := os.read(fd, min(left, _CHUNK))):
        parts.append(chunk)
        left -= len(chunk)
    if not left:
        raise FileError(
            f"Berkas {_shown(path)} lebih besar dari {limit // 1000} kB.", hint="Perkecil berkas itu, lalu ulangi."
        )
    return b"".join(parts)


def _walk(folder: Path, take: Callable[[int, str], T]) -> Iterator[tuple[str, T]]:
    """Yield (POSIX name, what ``take`` makes of the open file) for each file below ``folder``."""
    with told(folder):
        entry = os.lstat(folder)
        _refuse_odd(entry, str(folder))
        if not stat.S_ISDIR(entry.st_mode):
            raise _odd(str(folder), "bukan folder")
        yield from _walk_open(folder, take) if _BY_FOLDER else _walk_plain(folder, "", take)


def _walk_open(folder: Path, take: Callable[[int, str], T]) -> Iterator[tuple[str, T]]:
    fd = os.open(folder, _FOLDER)
    try:
        yield from _walk_fd(fd, folder, "", take)
    finally:
        os.close(fd)


def _walk_fd(fd: int, root: Path, below: str, take: Callable[[int, str], T]) -> Iterator[tuple[str, T]]:
    for name in sorted(os.listdir(fd)):
        path = _joined(root, below, name)
        if not _refuse_odd(os.stat(name, dir_fd=fd, follow_symlinks=False), f"{root}/{path}"):
            with told(f"{root}/{path}"), open_file(name, folder_fd=fd) as file:
                taken = take(file, f"{root}/{path}")
            yield path, taken
            continue
        inner = os.open(name, _FOLDER, dir_fd=fd)
        try:
            yield from _walk_fd(inner, root, path, take)
        finally:
            os.close(inner)


def _walk_plain(root: Path, below: str, take: Callable[[int, str], T]) -> Iterator[tuple[str, T]]:
    """The same by paths, for systems whose calls know no open folder (Windows)."""
    for name in sorted(entry.name for entry in (root / below).iterdir()):
        path = _joined(root, below, name)
        if _refuse_odd(os.lstat(root / path), f"{root}/{path}"):
            yield from _walk_plain(root, path, take)
            continue
        with told(root / path), open_file(root / path) as file:
            taken = take(file, f"{root}/{path}")
        yield path, taken


def _joined(root: Path, below: str, name: str) -> str:
    path = f"{below}/{name}" if below else name
    if path.count("/") >= MAX_DEPTH:
        raise FileError(
            f"Folder {_shown(root / below)} terlalu dalam.", hint=f"Susun ulang: paling dalam {MAX_DEPTH} tingkat."
        )
    if "\\" in name or any(ord(sign) < 0x20 or 0xDC80 <= ord(sign) <= 0xDCFF or ord(sign) == 0x7F for sign in name):  # noqa: PLR2004 - ASCII controls, bytes that are no UTF-8
        raise FileError(
            f"Nama berkas {_shown(root / path)} memuat karakter yang tidak dapat dipakai.",
            hint="Ganti namanya dengan huruf kecil, angka, dan tanda hubung.",
        )
    return path


def _refuse_odd(entry: os.stat_result, path: str) -> bool:
    """Say whether ``entry`` is a folder; refuse what is neither a folder nor a plain file."""
    # Windows: a junction is no symbolic link, yet leads elsewhere; both are reparse points.
    reparse = getattr(entry, "st_file_attributes", 0) & getattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0)
    if stat.S_ISLNK(entry.st_mode) or reparse:
        raise _odd(path, "berupa tautan simbolik")
    if stat.S_ISDIR(entry.st_mode):
        return True
    if not stat.S_ISREG(entry.st_mode):
        raise _odd(path, "bukan berkas biasa (perangkat, pipa, atau soket)")
    return False


def _odd(path: str, what: str) -> FileError:
    return FileError(f"{_shown(path)} {what}.", hint="Hapus, atau ganti dengan berkas biasa; yang lain tidak dibaca.")


def _shown(path: Path | str) -> str:
    """Return a path that can be printed: signs that no terminal should get are written out."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in str(path))
