"""The court's repository as a plain folder on this disk, read without Git: its root, its office, the documents at work in it.

For commands that look at what stands in the working folder (``check``, ``build``, ``serve``, ``sop``); whoever acts on a
document starts from a ``Session`` instead, where the office comes from main.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipeline import rules
from pipeline.errors import ConfigurationError, PipelineError
from pipeline.model import Shelf
from pipeline.stages import check
from pipeline.world import clock, files

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.office import Office

_COURT: Final = "office/court.yml"


def root_of(folder: Path) -> Path:
    """The office's folder that ``folder`` lies in: the nearest one above with ``office/court.yml``."""
    found = _root_above(folder)
    if found is None:
        raise ConfigurationError(
            f"{folder} tidak berada di dalam repositori Redaksi.",
            hint="Masuk dahulu ke foldernya, atau sebutkan dengan -C FOLDER.",
        )
    return found


def _root_above(folder: Path) -> Path | None:
    whole = folder.resolve()
    return next((above for above in (whole, *whole.parents) if (above / _COURT).is_file()), None)


def office_at(folder: Path) -> Office:
    """The office as the files above ``folder`` have it."""
    from pipeline.office import load_office

    content = files.read_folder(root_of(folder) / "office", max_bytes_per_file=files.MIB)
    return load_office({f"office/{name}": data for name, data in content.items()})


def context_at(folder: Path) -> rules.Context:
    """What the rules may know in ``folder``: its office and published documents, or nothing outside of any."""
    root = _root_above(folder)
    if root is None:
        return rules.Context()
    office = office_at(root)
    published = (_under(root / Shelf.CONTENT, text) for text in sorted((root / Shelf.CONTENT).rglob(check.TEXT)))
    return check.context(office, known_paths=published, today=office.day(clock.now()))


def _under(shelf: Path, text: Path) -> str:
    return text.parent.relative_to(shelf).as_posix()


def locate(folder: Path, names: Sequence[str]) -> list[Path]:
    """The files and folders that ``names`` mean, seen from ``folder``: a path, or a document (also a part of its path).

    No name at all means every draft and every review in the working folder.
    """
    root = _root_above(folder)
    at_work = [] if root is None else _at_work(root)
    if not names:
        if not at_work:
            raise PipelineError(
                "Tidak ada naskah di folder kerja ini.",
                hint='Buat dengan: redaksi new berita "Judul", atau sebutkan berkas yang hendak diperiksa.',
            )
        return [_nearby(text.parent) for text in at_work]
    return [_nearby(_meant(folder, name, at_work)) for name in names]


def _at_work(root: Path) -> list[Path]:
    """The texts that somebody works on in this folder; of a document on both shelves, the one in review."""
    found: dict[Path, Path] = {}
    for shelf in (Shelf.DRAFTS, Shelf.REVIEW):
        found |= {text.relative_to(root / shelf): text for text in (root / shelf).rglob(check.TEXT)}
    return sorted(found.values())


def _meant(folder: Path, name: str, at_work: Sequence[Path]) -> Path:
    if os.path.lexists(folder / name):
        return folder / name
    wanted = name.strip("/").removesuffix(f"/{check.TEXT}")
    by_path = {text.parent: check.place_of(text.parent)[1] for text in at_work}
    exact = [place for place, path in by_path.items() if path == wanted]
    found = exact or [place for place, path in by_path.items() if wanted and wanted in path]
    if len(found) == 1:
        return found[0]
    if found:
        raise PipelineError(
            f"{name} dapat berarti beberapa naskah.", hint="Sebutkan lengkap: " + ", ".join(map(str, found[:3]))
        )
    raise PipelineError(
        f"{name} tidak ada di folder kerja ini.",
        hint="Periksa namanya; untuk mengambil naskah dari cabangnya: redaksi edit NASKAH",
    )


def _nearby(path: Path) -> Path:
    """The path as a person in the current folder would write it."""
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow the links that reading must refuse
    return whole.relative_to(Path.cwd()) if whole.is_relative_to(Path.cwd()) else whole
