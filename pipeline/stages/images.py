"""Takes in the photos of a document before its folder is committed for the first time: history is for ever.

``clean_photos`` works on names and bytes: each photo becomes a clean master with a safe name, and the text follows the
new names. Hostile bytes are decoded in a child process with bounds on memory and time. It deletes nothing: a file that it
can't take in stays as it is and becomes a finding, which stops ``submit``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from pipeline.model import Finding
from pipeline.picture_metadata import picture_type

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pipeline.picture import Master, PictureError

TEXT: Final = "index.md"
RULE: Final = "berkas-naskah"
MAX_PHOTOS: Final = 20  # of one document, as office/court.yml's default says
_PICTURE_SUFFIXES: Final = frozenset(
    {"jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "heic", "heif", "avif", "svg", "bmp", "tif", "tiff"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """One photo that was changed: its name before and after, and the metadata that was removed."""

    name: str
    new_name: str
    removed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanResult:
    """The folder as it may be committed once ``problems`` is empty; every file of before is in it."""

    files: dict[str, bytes]
    cleaned: tuple[Cleaned, ...]
    problems: tuple[Finding, ...]


# --- A document's folder ----------------------------------------------------------------------------------------------


def clean_photos(
    files: Mapping[str, bytes],
    *,
    max_photos: int = MAX_PHOTOS,
    take_in: Callable[[bytes, str], Master] | None = None,
) -> CleanResult:
    """Clean the photos of a document's folder, given as bytes by name (``index.md`` and what lies beside it).

    Other files pass untouched: whether they may stand there is the rule ``attached-file``'s to say.
    ``take_in`` makes a master or raises ``PictureError``; by default a child process with limits does it.
    """
    photos = sorted(name for name in files if _is_photo(name, files[name]))
    if len(photos) > max_photos:
        return CleanResult(files=dict(files), cleaned=(), problems=(_too_many(len(photos), max_photos),))
    masters, refused = _taken_in({name: files[name] for name in photos}, take_in or intake_safely)
    names = _new_names(masters, staying=set(files) - set(masters))
    kept = {name: data for name, data in files.items() if name not in masters}
    kept |= {names[name]: master.data for name, master in masters.items()}
    if TEXT in kept:
        kept[TEXT] = _with_new_names(kept[TEXT], names)
    cleaned = (
        Cleaned(name=name, new_name=names[name], removed=master.removed)
        for name, master in masters.items()
        if names[name] != name or master.data != files[name]
    )
    return CleanResult(files=dict(sorted(kept.items())), cleaned=tuple(cleaned), problems=tuple(refused))


def describe(result: CleanResult) -> Iterator[str]:
    """The Indonesian lines that tell the author what happened to the photos; problems are told as findings."""
    for photo in result.cleaned:
        name = photo.name if photo.name == photo.new_name else f"{photo.name} menjadi {photo.new_name}"
        removed = f"dibuang: {', '.join(photo.removed)}" if photo.removed else "ukuran dan jenisnya disesuaikan"
        yield f"Foto {name} ({removed})."


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def _is_photo(name: str, data: bytes) -> bool:
    """By its bytes first: a photo called table.csv would otherwise pass with the place where it was taken."""
    return name != TEXT and (picture_type(data) is not None or _suffix(name) in _PICTURE_SUFFIXES)


def _too_many(number: int, most: int) -> Finding:
    return Finding(
        message=f"Naskah ini memuat {number} foto, paling banyak {most}.",
        hint="Pilih foto yang paling bercerita, lalu pindahkan yang lain ke luar folder naskah.",
        rule=RULE,
    )


def _taken_in(
    photos: Mapping[str, bytes], take_in: Callable[[bytes, str], Master]
) -> tuple[dict[str, Master], list[Finding]]:
    from pipeline.picture import PictureError

    def attempt(name: str) -> Master | Finding:
        if "/" in name:
            return Finding(
                message=f"Foto {name} berada di dalam folder lain.",
                hint="Letakkan foto langsung di samping index.md.",
                path=name,
                rule=RULE,
            )
        try:
            return take_in(photos[name], name)
        except PictureError as error:
            return Finding(message=error.message, hint=error.hint, path=name, rule=RULE)

    with ThreadPoolExecutor(max_workers=min(4, os.cpu_count() or 1)) as pool:
        outcomes = dict(zip(photos, pool.map(attempt, photos), strict=True))
    masters = {name: outcome for name, outcome in outcomes.items() if not isinstance(outcome, Finding)}
    return masters, [outcome for outcome in outcomes.values() if isinstance(outcome, Finding)]


def _new_names(masters: Mapping[str, Master], *, staying: Iterable[str]) -> dict[str, str]:
    """A name for each photo, unlike every other also on disks that know no capitals; right names are kept first."""
    taken = {name.casefold() for name in staying}
    names = {}
    for name in sorted(masters, key=lambda name: (name != masters[name].name, name)):
        wanted = PurePosixPath(masters[name].name)
        numbered = (f"{wanted.stem}-{number}{wanted.suffix}" for number in count(2))
        names[name] = next(each for each in chain([wanted.name], numbered) if each not in taken)
        taken.add(names[name])
    return names


# --- The text follows the names ---------------------------------------------------------------------------------------

# Fenced code and code spans are passed over; a span ends with its paragraph.
_CODE: Final = (
    r"^ {0,3}(?P<fence>`{3,}|~{3,}).*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*\r?$|\Z)"
    r"|(?P<ticks>(?<!`)`+(?!`))(?:(?!\n[ \t\r]*\n).)*?(?<!`)(?P=ticks)(?!`)"
)
_BEFORE: Final = r"(?P<before>(?:\]\([ \t]*|^ {0,3}\[[^\]\n]+\]:[ \t]*)<?(?:\./)?)"
_FRONT_MATTER: Final = re.compile(r"---[ \t]*\r?\n.*?^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)


def _with_new_names(source: bytes, names: Mapping[str, str]) -> bytes:
    """The text with the targets of its links and images renamed; every other byte stays."""
    if all(name == new for name, new in names.items()):
        return source
    text = source.decode("utf-8", "surrogateescape")
    head = _FRONT_MATTER.match(text)
    start = head.end() if head else 0
    return (text[:start] + _retargeted(text[start:], names)).encode("utf-8", "surrogateescape")


def _retargeted(body: str, names: Mapping[str, str]) -> str:
    exact = {spelling: new for name, new in names.items() for spelling in _spellings(name)}
    folded: dict[str, set[str]] = {}
    for spelling, new in exact.items():
        folded.setdefault(spelling.casefold(), set()).add(new)
    longest_first = "|".join(re.escape(spelling) for spelling in sorted(exact, key=len, reverse=True))
    pattern = re.compile(
        rf"{_CODE}|{_BEFORE}(?P<name>{longest_first})(?=>?(?:[\s)]|\Z))", re.DOTALL | re.MULTILINE | re.IGNORECASE
    )

    def renamed(match: re.Match[str]) -> str:
        written = match["name"]
        if written is None:
            return match[0]
        candidates = {exact[written]} if written in exact else folded.get(written.casefold(), set())
        return match["before"] + (candidates.pop() if len(candidates) == 1 else written)

    return pattern.sub(renamed, body)


def _spellings(name: str) -> set[str]:
    """How an author may write a file's name in a link: as it is, per cent, escaped, composed and decomposed."""
    written = {name, unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)}
    escaped = {re.sub(r"([_()*\[\]])", r"\\\1", each) for each in written}
    return written | escaped | {quote(each, errors="surrogatepass") for each in written}


# --- Decoding hostile bytes -------------------------------------------------------------------------------------------

MEMORY: Final = 1536 * 1024**2  # bytes of address space: 50 megapixels of CMYK, resized, and the libraries
SECONDS: Final = 10  # of processor time a photo
_WAIT: Final = 30  # seconds by the clock, for a busy machine
_PROGRAM: Final = "import sys; sys.path.insert(0, sys.argv[1]); from pipeline.stages import images; images.work()"


def intake_safely(data: bytes, name: str) -> Master:
    """``picture.intake`` in a child process that may use 10 s, 1.5 GiB and no file (Linux; elsewhere: the time alone).

    Costs about 0.15 s a photo. Raises ``PictureError`` also where the child had to be stopped.
    """
    from pipeline.picture import Master, PictureError

    root = str(Path(__file__).resolve().parents[2])
    command = [sys.executable, "-I", "-c", _PROGRAM, root, json.dumps(name)]
    try:
        child = subprocess.run(command, input=data, capture_output=True, timeout=_WAIT, check=False)
    except subprocess.TimeoutExpired as error:
        raise _stopped(name) from error
    if child.returncode < 0:
        raise _stopped(name)
    if child.returncode:
        raise RuntimeError(f"intake of {name} failed:\n{child.stderr.decode('utf-8', 'replace')}")
    head, _, body = child.stdout.partition(b"\n")
    facts = json.loads(head)
    if "message" in facts:
        raise PictureError(facts["message"], hint=facts["hint"])
    return Master(data=body, **{**facts, "removed": tuple(facts["removed"])})


def work() -> None:
    """What the child does: one photo from standard input, its master or the reason to standard output."""
    from pipeline.picture import PictureError, intake

    _limit()
    body = b""
    try:
        master = intake(sys.stdin.buffer.read(), json.loads(sys.argv[2]))
        facts = {key: getattr(master, key) for key in ("name", "format", "width", "height", "removed")}
        body = master.data
    except PictureError as error:
        facts = {"message": error.message, "hint": error.hint}
    sys.stdout.buffer.write(json.dumps(facts).encode("ascii") + b"\n" + body)


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _stopped(name: str) -> PictureError:
    from pipeline.picture import PictureError

    return PictureError(
        f"Pengolahan foto {name} dihentikan karena melampaui batas waktu atau memori.",
        hint="Buka foto itu, kecilkan, simpan sebagai JPEG, lalu pakai hasilnya.",
    )
