"""What would stay in history for ever: every version of every file that a merge brings passes the rules that say so.

A rule says so with ``FOR_EVER`` (personal numbers, hidden data in photos). The last version alone is not enough: what was
deleted again can still be read by whoever has a clone. Nothing found is ever printed in full; the rules mask it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pipeline import frontmatter, rules
from pipeline.judgement import Refusal
from pipeline.model import Attachment, Level, Shelf
from pipeline.world.history import document_at
from pipeline.world.repo import first_parents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pipeline.model import Document, Finding
    from pipeline.world.repo import Repository, Touch

_AT_ONCE: Final = 100
"""Files read together: at most 150 MB of photos, usually a few."""
_TEXT: Final = "index.md"
_PICTURES: Final = re.compile(r".*\.(?:jpe?g|png|webp)", re.IGNORECASE)
_MAYBE: Final = re.compile(r"\d(?:\D{0,8}\d){15}")
"""Sixteen digits with little between them: only such a text can hold a personal number, most do not."""
_NAMES: Final = frozenset(rule.name for rule in rules.FOR_EVER)
_HASH: Final = re.compile(r"\b[0-9a-f]{40}(?:[0-9a-f]{24})?\b")
_HINT: Final = "Bersihkan dengan redaksi clean NASKAH; cabang yang memuatnya tidak pernah digabungkan."

_IN_WORDS: Final = Refusal(
    code="history-nik",
    message="Riwayat naskah ini memuat nomor yang menyerupai NIK di dalam alasan atau catatan keputusannya.",
    hint=_HINT,
)
_IN_PATH: Final = Refusal(
    code="history-nik",
    message="Alamat naskah atau nama berkasnya memuat nomor yang menyerupai NIK.",
    hint="Mulailah dengan judul atau nama berkas tanpa nomor itu.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Version:
    """One version of one file, and the first commit that brings it."""

    commit: str
    path: str
    blob: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


def unclean(
    repo: Repository,
    brought: Mapping[str, Sequence[Touch]],
    messages: Mapping[str, str],
    *,
    approved: Collection[str | None] = (),
) -> dict[str, Refusal]:
    """By commit, why it may not stay in history: its words, its paths, its files.

    Photos whose bytes were ``approved`` are left to the check before it, and only texts are read to the end in which a
    personal number can stand at all.
    """
    found: dict[str, Refusal] = {}
    for refusal in _in_words(brought, messages):
        found.setdefault(refusal.commit, refusal)
    versions = [v for v in _versions(brought) if v.blob not in approved or not is_photo(v.name)]
    for version, data in _read(repo, versions):
        if _is_suspect(version, data) and (refused := _refusal(version, data)) is not None:
            found.setdefault(version.commit, refused)
    return found


def objections(repo: Repository, commits: Iterable[str]) -> tuple[Refusal, ...]:
    """Why these commits may not come in, every one of their files read to the end; sizes were looked at before."""
    known = repo.commits(list(commits))
    brought = repo.touches(first_parents(known.values()))
    found = (_refusal(version, data) for version, data in _read(repo, list(_versions(brought))))
    words = _in_words(brought, {name: commit.message for name, commit in known.items()})
    return (*words, *(refusal for refusal in found if refusal is not None))


def for_ever(document: Document) -> tuple[Finding, ...]:
    """What of a document may never enter history: personal numbers, hidden data in photos."""
    found = rules.run(document, rules=rules.FOR_EVER)
    return tuple(finding for finding in found if finding.rule in _NAMES and finding.level is Level.ERROR)


def is_photo(name: str) -> bool:
    """Whether a file is a photo by its name."""
    return _PICTURES.fullmatch(name) is not None


def _in_words(brought: Mapping[str, Sequence[Touch]], messages: Mapping[str, str]) -> Iterator[Refusal]:
    """Commits whose paths or messages name somebody by number."""
    for commit, touches in brought.items():
        if any(rules.masked(touch.path) != touch.path for touch in touches):
            yield replace(_IN_PATH, commit=commit)
    for commit, text in messages.items():
        if _names_somebody(text):
            yield replace(_IN_WORDS, commit=commit)


def _names_somebody(text: str) -> bool:
    """Whether a message holds what looks like a personal number; the ids of trees and scans are none."""
    words = _HASH.sub("", text)
    return rules.masked(words) != words


def _versions(brought: Mapping[str, Sequence[Touch]]) -> Iterator[_Version]:
    seen: set[tuple[str, str]] = set()
    for commit, touches in brought.items():
        for touch in touches:
            if touch.after is None or touch.is_folder or document_at(touch.path) is None:
                continue
            version = _Version(commit=commit, path=touch.path, blob=touch.after)
            if (version.blob, version.name) not in seen:
                seen.add((version.blob, version.name))
                yield version


def _read(repo: Repository, versions: Sequence[_Version]) -> Iterator[tuple[_Version, bytes]]:
    for start in range(0, len(versions), _AT_ONCE):
        part = versions[start : start + _AT_ONCE]
        data = repo.objects([version.blob for version in part])
        yield from ((version, data[version.blob] or b"") for version in part)


def _is_suspect(version: _Version, data: bytes) -> bool:
    if is_photo(version.name):
        return True
    text = data.decode("utf-8", "replace")
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _MAYBE.search(text) is not None or _MAYBE.search(version.name) is not None


def _refusal(version: _Version, data: bytes) -> Refusal | None:
    for finding in for_ever(_document(version, data)):
        where = rules.masked(version.path)
        message = f"Riwayat naskah ini memuat yang tidak boleh tersimpan ({where}): {finding.message}"
        return Refusal(code=f"history-{finding.rule}", message=message, hint=_HINT, commit=version.commit)
    return None


def _document(version: _Version, data: bytes) -> Document:
    """A document of this one file, so that the rules can be asked about it."""
    place = document_at(version.path)
    path = place[1] if place else version.path
    if version.name == _TEXT:
        return frontmatter.read(data, path=path, shelf=Shelf.DRAFTS)
    return frontmatter.read(b"", path=path, shelf=Shelf.DRAFTS, attachments=[Attachment(name=version.name, data=data)])
