"""Reads the documents of ``content/`` and their photos from the disk, following no link.

MkDocs itself walks through symbolic links and copies whatever it finds; so the folders are looked over before MkDocs
lists them, and only what is a document's ``index.md`` becomes a page.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import frontmatter, kinds
from pipeline.errors import ConfigurationError, PipelineError
from pipeline.model import Level, Shelf
from pipeline.office import load_office
from pipeline.world import files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Document
    from pipeline.office import Office

INDEX = "/index.md"


def read_office(root: Path) -> Office:
    """The office that stands beside ``mkdocs.yml``. Raises ``ConfigurationError``."""
    return load_office({f"office/{name}": data for name, data in files.read_folder(root / "office").items()})


def refuse_odd_files(folder: Path) -> None:
    """Raise ``ConfigurationError`` where something below ``folder`` is no plain file or folder; follows no link."""
    for parent, folders, names in os.walk(folder):
        for path in (Path(parent, name) for name in (*folders, *names)):
            mode = path.lstat().st_mode
            if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
                raise ConfigurationError(
                    f"{path.relative_to(folder.parent)} berupa tautan simbolik atau bukan berkas biasa.",
                    hint="Hapus, atau ganti dengan berkas aslinya; yang lain tidak ditayangkan.",
                )


def document_path(src_uri: str) -> str | None:
    """The path of the document whose ``index.md`` is at ``src_uri`` below ``content/``; None for any other file."""
    path = src_uri.removesuffix(INDEX)
    return path if src_uri.endswith(INDEX) and kinds.is_document_path(path) else None


def read_document(content: Path, path: str) -> Document:
    """The document at ``path`` below ``content/``; its attachments are read when they are needed."""
    return frontmatter.read(files.read_file(content / path / "index.md"), path=path, shelf=Shelf.CONTENT)


def read_photo(content: Path, path: str, name: str) -> bytes:
    """The master called ``name`` beside a document. Raises ``PipelineError`` where there is none."""
    folder = content / path
    if not (folder / name).is_file():
        raise PipelineError(
            f"Foto {name} tidak ada di folder naskah.", hint=f"Simpan foto itu di {path}/ atau hapus dari teks."
        )
    return files.read_file(folder / name)


def breaks_of(document: Document) -> Iterator[str]:
    """What makes the document unfit for a page: the errors of reading it, each with its place."""
    for problem in document.problems:
        if problem.level is Level.ERROR:
            yield f"{document.path}/{problem.path} baris {problem.line}: {problem.message}"
