"""A small source folder of an invented court, for tests that build a site. Its office is ours with other names."""

from __future__ import annotations

import io
import random
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from PIL import Image

PROJECT = Path(__file__).resolve().parents[1]
NOW = datetime(2026, 3, 1, 3, tzinfo=UTC)
COURT = "Pengadilan Agama Contoh"
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def photo_bytes(seed: int, size: tuple[int, int] = (640, 420)) -> bytes:
    """A JPEG with content that compresses as badly as a photo; never the same for two seeds."""
    noise = Image.frombytes("RGB", (64, 42), random.Random(seed).randbytes(64 * 42 * 3))
    target = io.BytesIO()
    noise.resize(size).save(target, "JPEG", quality=90)
    return target.getvalue()


@dataclass(frozen=True)
class SmallSite:
    """A folder with content/, office/ and mkdocs.yml."""

    folder: Path

    @classmethod
    def empty(cls, folder: Path) -> SmallSite:
        shutil.copytree(PROJECT / "office", folder / "office")
        shutil.copy(PROJECT / "mkdocs.yml", folder / "mkdocs.yml")
        (folder / "content").mkdir()
        site = cls(folder)
        site.change("office/court.yml", "nama: Pengadilan Agama Banjarnegara", f"nama: {COURT}")
        site.change("office/court.yml", "https://www.pa-banjarnegara.go.id", "https://www.pa-contoh.go.id")
        return site

    def change(self, name: str, old: str, new: str) -> None:
        path = self.folder / name
        text = path.read_text("utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new), "utf-8")

    def document(self, path: str, body: str = "Isi naskah ini ditulis untuk uji.", **fields: str) -> Path:
        """Write a document; ``fields`` as they stand in the front matter."""
        folder = self.folder / "content" / path
        folder.mkdir(parents=True, exist_ok=True)
        number = abs(hash(path)) if not path.isascii() else sum(ord(c) * (i + 1) for i, c in enumerate(path))
        letters = "".join(LETTERS[(number // 26**i) % 26] for i in range(6))
        known = {
            "id": f"2026{letters}",
            "title": path.rpartition("/")[2].replace("-", " ").capitalize(),
            "description": f"Ringkasan naskah {path} untuk daftar, pencarian, dan tautan yang dibagikan.",
        }
        if path.startswith(("berita/", "pengumuman/")):
            known["tanggal"] = f"{path.split('/')[1]}-01-15"
        lines = [f"{name}: {value}" for name, value in {**known, **fields}.items()]
        (folder / "index.md").write_text("\n".join(["---", *lines, "---", "", body, ""]), "utf-8")
        return folder

    def filled(self) -> SmallSite:
        """A site with something on every kind of page."""
        for number in range(1, 9):
            self.document(f"layanan/layanan-{number}", "Baca [profil](/profil/sejarah/).", urutan=str(90 - 10 * number))
        self.document(
            "profil/sejarah",
            "## Awal\n\n| Tahun | Perkara |\n|---|--:|\n| 2021 | 12 |\n\nCatatan[^1].\n\n[^1]: Sumbernya buku.",
            unit="Kepaniteraan",
            berlaku_sejak="2026-01-02",
            belum_diisi="[nama ketua pertama, tahun berdiri]",
        )
        self.document("kontak/alamat")
        self.document("kontak/wilayah", ralat="[{tanggal: 2026-02-20, isi: Ada 20 kecamatan. Semula tertulis 19.}]")
        for number in range(1, 15):
            self.document(f"berita/2026/berita-{number:02}", tanggal=f"2026-01-{number:02}", tags="[umum]")
        self.document(
            "berita/2026/berita-05",
            tanggal="2026-01-05",
            tags="[umum]",
            ralat="[{tanggal: 2026-01-30, isi: Hadir 12 orang. Semula tertulis 21.}, "
            '{tanggal: 2026-02-02, isi: "Nama <b>tempat</b>: Batur. Semula tertulis Batu."}]',
        )
        folder = self.document(
            "berita/2026/sidang-keliling",
            '![Hakim membuka sidang](sidang.jpg "Sidang di balai desa.")\n\nSidang dibuka pagi hari.\n\n'
            "![Warga menunggu giliran](warga.jpg)\n\nBaca [layanan](/layanan/layanan-1/#atas).",
            tanggal="2026-01-30",
            tempat="Wanayasa",
            tags="[sidang keliling]",
        )
        (folder / "sidang.jpg").write_bytes(photo_bytes(1))
        (folder / "warga.jpg").write_bytes(photo_bytes(2, (420, 640)))
        self.document("berita/2025/berita-lama", tanggal="2025-05-09", tags="[sidang keliling]")
        self.document("pengumuman/2026/jam-ramadan", tayang_sampai="2026-03-20", berlaku_sejak="2026-02-18")
        self.document("pengumuman/2026/gangguan-listrik", mendesak="ya", tanggal="2026-02-27")
        self.document("pengumuman/2026/libur-awal-tahun", tayang_sampai="2026-01-05", tanggal="2026-01-01")
        return self


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder`` by its name."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
