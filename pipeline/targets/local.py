"""Menayangkan situs ke folder di komputer ini, misalnya folder yang dilayani nginx.

Susunannya: `releases/<id>/` berisi satu rilis utuh, `manifests/<id>.json` daftar berkasnya, dan `current` tautan ke rilis
yang dilihat pengunjung. Rilis baru disiapkan di folder tersembunyi, dituliskan sampai ke disk, diganti namanya, lalu tautan
`current` ditukar dalam satu langkah. Proses yang terputus di titik mana pun cukup diulang.

Yang disentuh hanya `current`, `releases/<id>`, dan `manifests/<id>...`; berkas lain di folder itu tidak diubah dan tidak dihapus.

Berkas yang tidak berubah tidak disalin, tetapi ditautkan keras (hard link) dari rilis yang sedang tayang: sepuluh rilis
hanya memakan tempat sebesar selisihnya, dan seribu berkas lama tidak ditulis ulang. Bahayanya, satu berkas yang diubah di
tempat ikut berubah di semua rilis. Karena itu setiap berkas rilis dibuat hanya-baca, dan sebuah berkas hanya ditautkan bila
masih hanya-baca dan sidik SHA-256-nya, dihitung ulang saat itu, sama dengan manifes baru; selain itu ia disalin. Sebelum
kembali ke rilis lama, seluruh isinya dicocokkan dengan manifesnya. Yang tidak dicegah: pemilik folder (atau root) yang sengaja
membuka izin lalu mengubah isi; itu diketahui dari pencocokan tersebut dan dari pemeriksaan situs tayang.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from pipeline.errors import ConfigurationError, PipelineError, Refused
from pipeline.world import files as disk

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.targets import Delivery, Settings
    from pipeline.world.files import FileFact

PROMISE = (
    "Pengunjung selalu melihat seluruh situs lama atau seluruh situs baru; kembali ke rilis sebelumnya satu langkah."
)

_ID: Final = re.compile(r"[0-9a-f]{16}")
_OURS_HIDDEN: Final = re.compile(r"\.(?:baru|buang)-[0-9a-f]{16}")
_OURS_MANIFEST: Final = re.compile(r"([0-9a-f]{16})(?:\.urutan)?\.json")
_FILE_MODE: Final = 0o444  # readable by the web server, and not edited by accident: links share their bytes
_FOLDER_MODE: Final = 0o755
_ANYONE_IN: Final = 0o055
_ANY_WRITE: Final = 0o222
_CHUNK: Final = 1024 * 1024


def connect(settings: Settings, *, base: Path) -> LocalTarget:
    """Return the target in ``settings.folder`` (relative to ``base``); nothing is made before the first publish."""
    return LocalTarget(base / settings.folder, name=settings.name)


class LocalTarget:
    """Releases in one folder of this machine."""

    def __init__(self, folder: Path, *, name: str = "lokal") -> None:
        self._folder = folder
        self._name = name
        self._releases = folder / "releases"
        self._manifests = folder / "manifests"
        self._link = folder / "current"

    @property
    def name(self) -> str:
        """The name in ``office/site.yml``."""
        return self._name

    @property
    def site(self) -> Path:
        """The path that a web server serves."""
        return self._link

    def current(self) -> str | None:
        """Id of the release that visitors get; a ``current`` that is not ours is an error, never overwritten."""
        with disk.told(self._link):
            if not self._link.is_symlink() and not self._link.exists():
                return None
            pointed = PurePosixPath(self._link.readlink()) if self._link.is_symlink() else PurePosixPath()
        if pointed.parent != PurePosixPath("releases") or not _ID.fullmatch(pointed.name):
            raise ConfigurationError(
                f"{self._link} bukan tautan ke rilis buatan Redaksi.",
                hint="Pindahkan berkas atau folder itu, atau pilih folder tujuan lain di office/site.yml.",
            )
        return pointed.name

    def previous(self) -> str | None:
        """The release that was current when the current one was first published, if it is still kept."""
        current = self.current()
        before = self._order(current)[1] if current else None
        return before if before and (self._releases / before).is_dir() else None

    def releases(self) -> tuple[str, ...]:
        """Ids of the releases kept here, the latest published first."""
        with disk.told(self._releases):
            names = [entry.name for entry in self._releases.iterdir()] if self._releases.is_dir() else []
        return tuple(sorted(filter(_ID.fullmatch, names), key=lambda name: (self._order(name)[0], name), reverse=True))

    def manifest(self, release: str) -> bytes | None:
        """The manifest kept for ``release``."""
        path = self._manifests / f"{release}.json"
        return disk.read_file(path, max_bytes=64 * disk.MIB) if path.exists() else None

    def publish(self, delivery: Delivery) -> None:
        """Make ``delivery`` current: build it aside, make it durable, name it, switch the link."""
        with disk.told(self._folder):
            self._expect(delivery.previous)
            for folder in (self._releases, self._manifests):
                disk.make_folder(folder)
            if self._releases.stat().st_mode & _ANYONE_IN != _ANYONE_IN:
                self._releases.chmod(_FOLDER_MODE)
            self._sweep()
            if not (self._releases / delivery.release).exists():
                self._assemble(delivery)
            elif self.differences(delivery.release, delivery.files):
                raise _altered(delivery.release)
            self._keep(delivery)
            self.switch(delivery.release)

    def differences(self, release: str, files: Mapping[str, FileFact]) -> tuple[str, ...]:
        """Names of files of ``release`` that are changed, missing or extra on this disk."""
        there = disk.digest_folder(self._releases / release)
        return tuple(name for name in sorted({*there, *files}) if there.get(name) != files.get(name))

    def switch(self, release: str) -> None:
        """Let visitors see ``release``, which is kept here, by one rename."""
        if not _ID.fullmatch(release) or not (self._releases / release).is_dir():
            raise PipelineError(
                f"Rilis {release} tidak ada di tujuan {self._name}.", hint="Lihat daftar rilis: ./redaksi releases."
            )
        if self.current() == release:
            # A run killed between the rename and this may have left the name in memory only.
            disk.sync_folder(self._folder)
            return
        disk.swap_symlink(self._link, f"releases/{release}")

    def prune(self, keep: int) -> tuple[str, ...]:
        """Remove the oldest releases beyond ``keep``; the current and the previous one stay whatever their age."""
        with disk.told(self._releases):
            safe = {self.current(), self.previous()}
            gone = tuple(release for release in self.releases()[max(keep, 1) :] if release not in safe)
            for release in gone:
                # Renamed first: what bears the name of a release is always whole.
                (self._releases / release).rename(self._releases / f".buang-{release}")
            self._sweep()
            self._forget()
        return gone

    def _expect(self, previous: str | None) -> None:
        current = self.current()
        if current != previous:
            raise Refused(
                f"Tujuan {self._name} sudah berganti rilis sejak rencana ini dibuat.",
                hint="Jalankan perintahnya sekali lagi; rencana dibuat ulang dari keadaan terbaru.",
                code="target-moved",
            )

    def _assemble(self, delivery: Delivery) -> None:
        new = self._releases / f".baru-{delivery.release}"
        old = self._releases / delivery.previous if delivery.previous else None
        folders = _folders(delivery.files)
        for folder in folders:
            (new / folder).mkdir(mode=_FOLDER_MODE)
            (new / folder).chmod(_FOLDER_MODE)  # whatever the umask: the web server is another user
        sent = frozenset(delivery.uploads)
        for name, fact in delivery.files.items():
            if old is None or name in sent or not _linked(old / name, new / name, fact):
                _copy(delivery.source / name, new / name, fact)
        for folder in reversed(folders):
            disk.sync_folder(new / folder)
        new.rename(self._releases / delivery.release)
        disk.sync_folder(self._releases)

    def _keep(self, delivery: Delivery) -> None:
        """Store the manifest and the place in the order; after the release itself, so that no manifest stands alone."""
        disk.write_atomic(self._manifests / f"{delivery.release}.json", delivery.manifest)
        if delivery.release not in self._ancestry(delivery.previous):
            number = 1 + max((self._order(release)[0] for release in self.releases()), default=0)
            order = json.dumps({"number": number, "previous": delivery.previous}).encode()
            disk.write_atomic(self._manifests / f"{delivery.release}.urutan.json", order)

    def _ancestry(self, release: str | None) -> Iterator[str]:
        """Yield ``release`` and what was current before it, back to the first; a known id is not written anew (no circle)."""
        seen: set[str] = set()
        while release and release not in seen:
            yield release
            seen.add(release)
            release = self._order(release)[1]

    def _order(self, release: str) -> tuple[int, str | None]:
        """Return (number of the publish, release that was current before); (0, None) where it was never recorded."""
        path = self._manifests / f"{release}.urutan.json"
        if not path.exists():
            return 0, None
        try:
            entry = json.loads(disk.read_file(path, max_bytes=1000))
            return int(entry["number"]), entry["previous"]
        except (ValueError, TypeError, KeyError) as error:
            raise ConfigurationError(
                f"{path} rusak.", hint="Hapus berkas itu; yang hilang hanya urutan rilis ini."
            ) from error

    def _sweep(self) -> None:
        """Remove what killed runs left: only hidden names that are ours."""
        for entry in list(self._releases.iterdir()):
            if _OURS_HIDDEN.fullmatch(entry.name) and entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
        for entry in list(self._manifests.iterdir()):
            half = disk.HALF_WRITTEN.fullmatch(entry.name)
            if half and _OURS_MANIFEST.fullmatch(half[1]):
                entry.unlink()

    def _forget(self) -> None:
        """Remove the manifests of releases that are gone."""
        for entry in list(self._manifests.iterdir()):
            ours = _OURS_MANIFEST.fullmatch(entry.name)
            if ours and not (self._releases / ours[1]).is_dir():
                entry.unlink()


def _folders(names: Mapping[str, FileFact]) -> list[str]:
    """Return every folder that ``names`` need, parents first, starting with the root (``.``)."""
    needed = {str(parent) for name in names for parent in PurePosixPath(name).parents}
    return sorted(needed | {"."}, key=lambda folder: (folder != ".", folder.count("/"), folder))


def _linked(old: Path, new: Path, fact: FileFact) -> bool:
    """Link ``new`` to ``old`` where that is safe: a read-only plain file whose bytes, read now, are the wanted ones."""
    try:
        with disk.open_file(old) as fd:
            entry = os.fstat(fd)
            if entry.st_mode & _ANY_WRITE or disk.digest(fd) != fact:
                return False
            os.link(old, new, follow_symlinks=False)
            there = new.lstat()
            if (there.st_dev, there.st_ino) == (entry.st_dev, entry.st_ino):
                return True
            new.unlink()
    except (OSError, PipelineError):
        # No links on this disk, too many of them, another owner, a file that is gone: a copy does the same.
        new.unlink(missing_ok=True)
    return False


def _copy(source: Path, new: Path, fact: FileFact) -> None:
    """Copy one file durably; refuse it when its bytes are no longer those of the manifest."""
    sha = hashlib.sha256()
    with disk.told(source), disk.open_file(source) as fd:
        out = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        try:
            while chunk := os.read(fd, _CHUNK):
                sha.update(chunk)
                disk.write_all(out, chunk)
            os.fchmod(out, _FILE_MODE)
            os.fsync(out)
        finally:
            os.close(out)
    if sha.hexdigest() != fact.sha256:
        raise PipelineError(
            f"Berkas {source} berubah selagi ditayangkan.", hint="Jangan mengubah folder situs; ulangi penayangan."
        )


def _altered(release: str) -> PipelineError:
    return PipelineError(
        f"Rilis {release} sudah ada di tujuan, tetapi isinya tidak sama dengan manifesnya.",
        hint="Bangun situs sekali lagi lalu tayangkan: rilis baru mendapat nomor baru. Periksa siapa yang mengubah folder itu.",
    )
