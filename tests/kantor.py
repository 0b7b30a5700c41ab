"""A real office on disk for the tests: a bare server, one clone a person, real keys, driven through the real command line."""

from __future__ import annotations

import io
import os
import re
import subprocess
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import cli

if TYPE_CHECKING:
    import pytest

PROJECT = Path(__file__).resolve().parents[1]
PEOPLE = ("admin", "redaktur", "kasubag-ptip", "sekretaris", "ketua", "pranata-komputer", "penerbit", "gate", "monev")
STOCK = """---
id: 2026aaaaa{letter}
title: {title}
description: Halaman contoh yang menjelaskan layanan pengadilan kepada masyarakat.
urutan: 1
unit: Kepaniteraan
---

Halaman ini menjelaskan layanan pengadilan kepada masyarakat secara ringkas.
"""


def git(folder: Path, *words: str, **environment: str) -> str:
    """Plain Git, never our own code."""
    done = subprocess.run(
        ["git", *words],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env={**os.environ, **environment},
    )
    return done.stdout.strip()


def with_keys(people: str, keys: Path) -> str:
    """The text of people.yml with everybody's public key."""
    for person in PEOPLE:
        public = (keys / f"{person}.pub").read_text("utf-8").strip()
        pattern = rf"(?m)(^  {person}:\n(?:    .*\n)*?    kunci: )\[\]"
        people, count = re.subn(pattern, lambda m, key=public: f'{m[1]}["{key}"]', people)
        assert count == 1, person
    return people


@dataclass(frozen=True)
class Said:
    """What a command said and how it ended."""

    code: int
    text: str


@dataclass
class Kantor:
    """An office on disk."""

    folder: Path
    keys: Path
    monkeypatch: pytest.MonkeyPatch

    @property
    def server(self) -> Path:
        return self.folder / "server.git"

    def desk(self, person: str) -> Path:
        """The clone of a person, made when first needed."""
        place = self.folder / person
        if not place.exists():
            git(self.folder, "clone", "--quiet", str(self.server), str(place))
        return place

    def redaksi(self, person: str, *words: str, desk: str = "", code: int | None = 0) -> str:
        """Run one command as ``person`` at a desk; its exit code must be ``code`` (None: any)."""
        said = self.try_redaksi(person, *words, desk=desk)
        assert code is None or said.code == code, f"{words}: {said.code}\n{said.text}"
        return said.text

    def try_redaksi(self, person: str, *words: str, desk: str = "") -> Said:
        self.monkeypatch.setenv("REDAKSI_KEYS", str(self.keys))
        out = io.StringIO()
        with redirect_stdout(out), redirect_stderr(out):
            code = cli.run(["-C", str(self.desk(desk or person)), "--as", person, *words])
        return Said(code, out.getvalue())

    def refs(self) -> str:
        """Every branch of the server with its commit: what must not change when something is refused."""
        return git(self.server, "for-each-ref")

    def opened(self) -> Kantor:
        """The same office after both opening signatures."""
        self.redaksi("kasubag-ptip", "open-office")
        self.redaksi("sekretaris", "open-office")
        return self

    def guarded(self, *, stamped: bool = True) -> Kantor:
        """The same office with the guard installed on its server, and receipts stamped by the machine ``gate``."""
        key = ["--key", str(self.keys / "gate")] if stamped else []
        self.redaksi("admin", "hook", "install", str(self.server), *key)
        return self

    # -- shortcuts along the way of a document --

    def write(self, path: str, *, desk: str = "admin", **changes: str) -> Path:
        """Give the draft at ``path`` a harmless text; ``changes`` replace fields of its front matter or the ``body``."""
        place = self.desk(desk) / "drafts" / path / "index.md"
        text = place.read_text("utf-8")
        fields = {"description": "Warga mengikuti sidang di kecamatan tanpa perjalanan jauh ke kota.", **changes}
        body = fields.pop("body", "Pengadilan menggelar sidang di luar gedung agar layanan lebih dekat dengan warga.\n")
        for name, value in fields.items():
            text, count = re.subn(rf"(?m)^{name}:.*$", lambda _, n=name, v=value: f"{n}: {v}", text)
            if not count:
                text = text.replace("---\n", f"---\n{name}: {value}\n", 1)
        place.write_text(text[: text.index("\n---", 4) + 4] + "\n\n" + body, "utf-8")
        return place.parent

    def submitted(self, title: str = "Sidang keliling di Wanayasa", **changes: str) -> str:
        """The path of a news item that the Admin wrote and submitted."""
        said = self.redaksi("admin", "new", "berita", title)
        path = re.search(r"Naskah (\S+) dibuka", said)
        assert path
        self.write(path[1], **changes)
        self.redaksi("admin", "submit", path[1])
        return path[1]

    def approved(self, title: str = "Sidang keliling di Wanayasa", **changes: str) -> str:
        """The path of a news item that both deciders read and approved."""
        path = self.submitted(title, **changes)
        for person in ("redaktur", "kasubag-ptip"):
            self.redaksi(person, "read", path)
            self.redaksi(person, "approve", path)
        return path
