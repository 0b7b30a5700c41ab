"""From a built site to what visitors see: the manifest, the plan, the switch, the look at the live pages.

A plan is made by comparing two manifests and can be printed before anything happens; it refuses to delete many pages at
once. This stage judges no evidence (``review`` does, before it) and takes no lock (its caller does). Manifests lie beside
the releases at the target, not inside the public site.
"""

from __future__ import annotations

import hashlib
import json
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from pipeline.errors import PipelineError, Refused
from pipeline.targets import Delivery
from pipeline.world.files import FileFact, digest_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pipeline.probes.live_equals_release import LiveCheck
    from pipeline.targets import Target

SCHEMA: Final = 1
KEEP: Final = 10
# The larger of the two: a small site may lose a section, a large one never a third of its pages by one slip.
MAX_DELETED_PAGES: Final = 20
MAX_DELETED_SHARE: Final = 0.30

_NEW, _CHANGED = "baru", "berubah"
_GONE: Final = "tidak ada lagi di situs yang baru dibangun"
_ID: Final = re.compile(r"[0-9a-f]{16}")
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What one release consists of. ``evidence`` is the digest of the evidence that allowed it; ``built_at`` is UTC."""

    release: str
    commit: str
    evidence: str
    built_at: datetime
    files: Mapping[str, FileFact]

    @property
    def pages(self) -> int:
        """How many HTML pages it has."""
        return sum(map(is_page, self.files))

    @property
    def size(self) -> int:
        """Bytes of all files together."""
        return sum(fact.size for fact in self.files.values())

    def to_json(self) -> bytes:
        """Return the one way to write this manifest: sorted, UTF-8, a line a file."""
        data = {
            "schema": SCHEMA,
            "release": self.release,
            "commit": self.commit,
            "evidence": self.evidence,
            "built_at": self.built_at.isoformat(),
            "files": {name: {"sha256": fact.sha256, "size": fact.size} for name, fact in self.files.items()},
        }
        return (json.dumps(data, sort_keys=True, indent=1, ensure_ascii=False) + "\n").encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file to send and why (``baru`` or ``berubah``)."""

    path: str
    size: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """One file that the new release no longer has, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The difference between what is live (``previous``) and ``manifest``; uploads in the order to send."""

    manifest: Manifest
    previous: str | None
    uploads: tuple[Upload, ...]
    deletes: tuple[Delete, ...]
    unchanged: int
    pages_before: int

    @property
    def deleted_pages(self) -> int:
        """How many HTML pages would be gone."""
        return sum(is_page(delete.path) for delete in self.deletes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """A release at a target. ``removed`` are the old ones pruned; ``remarks`` say what could not be tidied (Indonesian)."""

    id: str
    commit: str
    built_at: datetime
    pages: int
    files: int
    current: bool
    plan: Plan | None = None
    removed: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def is_page(path: str) -> bool:
    """Say whether a file of the site is a page (HTML)."""
    return path.endswith((".html", ".htm"))


def release_id(commit: str, evidence: str, built_at: datetime) -> str:
    """Return the first 16 hex digits of the SHA-256 over the three things that decide what a build contains."""
    told = json.dumps([commit, evidence, built_at.astimezone(UTC).isoformat(timespec="seconds")])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def make_manifest(site: Path, *, commit: str, evidence: str, now: datetime) -> Manifest:
    """Read the built ``site`` and return its manifest; an empty site and one without a home page are refused."""
    files = digest_folder(site)
    if "index.html" not in files:
        raise PipelineError(
            f"Folder {site} tidak memuat halaman depan (index.html).", hint="Bangun situs dahulu: ./redaksi build."
        )
    built_at = now.astimezone(UTC).replace(microsecond=0)
    release = release_id(commit, evidence, built_at)
    return Manifest(release=release, commit=commit, evidence=evidence, built_at=built_at, files=files)


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest in ``data``; any defect is one ``PipelineError``, never a guess."""
    try:
        return _manifest(json.loads(data))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise PipelineError(
            "Manifes rilis rusak atau dibuat oleh versi lain.",
            hint="Tayangkan sekali lagi; rilis baru membawa manifes baru.",
        ) from error


def plan(local: Manifest, remote: Manifest | None) -> Plan:
    """Compare the new release with what is live (None: nothing) and say what to send and delete, each with its reason.

    Pure. Pages are sent after what they need (pictures, styles), so that a target without a switch stays usable.
    """
    before: Mapping[str, FileFact] = remote.files if remote else {}
    uploads = [
        Upload(path=path, size=fact.size, reason=_CHANGED if path in before else _NEW)
        for path, fact in local.files.items()
        if before.get(path) != fact
    ]
    return Plan(
        manifest=local,
        previous=remote.release if remote else None,
        uploads=tuple(sorted(uploads, key=lambda upload: (is_page(upload.path), upload.path))),
        deletes=tuple(Delete(path=path, reason=_GONE) for path in sorted(before) if path not in local.files),
        unchanged=len(local.files) - len(uploads),
        pages_before=remote.pages if remote else 0,
    )


def check_deletions(plan: Plan, *, allow: bool = False) -> None:
    """Refuse a plan that takes more pages from the public than a slip may."""
    limit = max(MAX_DELETED_PAGES, int(plan.pages_before * MAX_DELETED_SHARE))
    if plan.deleted_pages > limit and not allow:
        raise Refused(
            f"Terlalu banyak halaman akan hilang: {plan.deleted_pages} dari {plan.pages_before} (batas {limit}).",
            hint="Periksa content/. Jika memang dikehendaki, ulangi dengan --allow-delete.",
            code="too-many-deletes",
        )


def apply(plan: Plan, target: Target, *, source: Path) -> None:
    """Carry ``plan`` out: ``source`` is the folder of the built site that the plan's manifest was made from."""
    target.publish(
        Delivery(
            release=plan.manifest.release,
            previous=plan.previous,
            source=source,
            files=plan.manifest.files,
            uploads=tuple(upload.path for upload in plan.uploads),
            deletes=tuple(delete.path for delete in plan.deletes),
            manifest=plan.manifest.to_json(),
        )
    )


def prepare(site: Path, target: Target, *, commit: str, evidence: str, now: datetime) -> Plan:
    """Return the plan of releasing ``site`` to ``target``; nothing is changed (``--dry-run``)."""
    return plan(make_manifest(site, commit=commit, evidence=evidence, now=now), _live(target))


def release(
    site: Path,
    target: Target,
    *,
    commit: str,
    evidence: str,
    now: datetime,
    allow_delete: bool = False,
    keep: int = KEEP,
) -> Release:
    """Make the built ``site`` the current release of ``target`` and prune old ones; repeat it after any interruption.

    ``evidence`` is the digest of what allows this publish. An error means that visitors have the old release or the new
    one, entirely; a return means that they have the new one.
    """
    made = prepare(site, target, commit=commit, evidence=evidence, now=now)
    check_deletions(made, allow=allow_delete)
    apply(made, target, source=site)
    removed, remarks = _prune(target, keep)
    return _release(made.manifest, current=True, plan=made, removed=removed, remarks=remarks)


def releases(target: Target) -> tuple[Release, ...]:
    """Return the releases kept at ``target``, the latest published first; one without a manifest was never finished."""
    current = target.current()
    kept = ((release, target.manifest(release)) for release in target.releases())
    return tuple(_release(read_manifest(data), current=release == current) for release, data in kept if data)


def rollback(target: Target) -> Release:
    """Bring back the release that was live before the current one, after its bytes were compared with its manifest."""
    previous = target.previous()
    data = target.manifest(previous) if previous else None
    if not previous or not data:
        raise PipelineError(
            f"Tidak ada rilis sebelumnya di tujuan {target.name}.", hint="Lihat daftar rilis: ./redaksi releases."
        )
    manifest = read_manifest(data)
    altered = target.differences(previous, manifest.files)
    if altered:
        raise PipelineError(
            f"Rilis {previous} sudah diubah orang: {altered[0]}{_and_more(len(altered))}.",
            hint="Jangan dipakai. Bangun dan tayangkan ulang situs, lalu periksa siapa yang mengubah folder itu.",
        )
    target.switch(previous)
    return _release(manifest, current=True)


def compare_live(url: str, manifest: Manifest, *, limit: int = 2_000) -> LiveCheck:
    """Fetch the live files of ``manifest`` at ``url`` and compare their bytes: all of them up to ``limit`` files."""
    from pipeline.probes.live_equals_release import compare

    return compare(url, manifest.files, limit=limit, turn=manifest.built_at.toordinal())


def describe(plan: Plan, *, at_most: int = 20) -> Iterator[str]:
    """Yield the plan as Indonesian lines: a summary, then each upload and delete with its reason."""
    new = sum(upload.reason == _NEW for upload in plan.uploads)
    size = sum(upload.size for upload in plan.uploads)
    yield f"Rilis {plan.manifest.release} menggantikan {plan.previous or '(belum ada)'}:"
    yield (
        f"  {len(plan.uploads)} berkas dikirim ({new} baru, {len(plan.uploads) - new} berubah; {_kilobytes(size)}), "
        f"{len(plan.deletes)} dihapus, {plan.unchanged} tetap."
    )
    lines = [f"  + {upload.path} ({upload.reason}, {_kilobytes(upload.size)})" for upload in plan.uploads]
    lines += [f"  - {delete.path} ({delete.reason})" for delete in plan.deletes]
    yield from lines[:at_most]
    if len(lines) > at_most:
        yield f"  ... dan {len(lines) - at_most} lainnya."


def as_json(plan: Plan) -> dict[str, Any]:
    """Return the plan for machines and records."""
    return {
        "schema": SCHEMA,
        "release": plan.manifest.release,
        "previous": plan.previous,
        "commit": plan.manifest.commit,
        "evidence": plan.manifest.evidence,
        "built_at": plan.manifest.built_at.isoformat(),
        "uploads": [{"path": up.path, "size": up.size, "reason": up.reason} for up in plan.uploads],
        "deletes": [{"path": delete.path, "reason": delete.reason} for delete in plan.deletes],
        "unchanged": plan.unchanged,
    }


def _live(target: Target) -> Manifest | None:
    """The manifest of what is live. A live release whose manifest is gone or damaged is replaced as a whole."""
    current = target.current()
    if current is None:
        return None
    data = target.manifest(current)
    with suppress(PipelineError):
        if data and (manifest := read_manifest(data)).release == current:
            return manifest
    return Manifest(release=current, commit="", evidence="", built_at=datetime.fromtimestamp(0, UTC), files={})


def _prune(target: Target, keep: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Prune; what fails here is a remark, because the release is live already and must not be called failed."""
    try:
        return target.prune(keep), ()
    except PipelineError as error:
        return (), (f"Rilis lama belum dapat dihapus: {error.message} {error.hint}",)


def _release(
    manifest: Manifest,
    *,
    current: bool,
    plan: Plan | None = None,
    removed: tuple[str, ...] = (),
    remarks: tuple[str, ...] = (),
) -> Release:
    return Release(
        id=manifest.release,
        commit=manifest.commit,
        built_at=manifest.built_at,
        pages=manifest.pages,
        files=len(manifest.files),
        current=current,
        plan=plan,
        removed=removed,
        remarks=remarks,
    )


def _manifest(data: Any) -> Manifest:  # noqa: ANN401 - whatever JSON holds
    built_at = datetime.fromisoformat(data["built_at"])
    files = {_inside(path): _fact(entry) for path, entry in data["files"].items()}
    if data["schema"] != SCHEMA or not _ID.fullmatch(data["release"]) or built_at.tzinfo is None:
        raise ValueError(data["schema"])
    return Manifest(
        release=data["release"],
        commit=str(data["commit"]),
        evidence=str(data["evidence"]),
        built_at=built_at,
        files=dict(sorted(files.items())),
    )


def _inside(path: str) -> str:
    """Return ``path`` if it stays below the site's root."""
    if not path or "\\" in path or any(part in {"", ".", ".."} for part in path.split("/")):
        raise ValueError(path)
    return path


def _fact(entry: Mapping[str, Any]) -> FileFact:
    if not _SHA256.fullmatch(entry["sha256"]) or type(entry["size"]) is not int or entry["size"] < 0:
        raise ValueError(entry)
    return FileFact(sha256=entry["sha256"], size=entry["size"])


def _and_more(count: int) -> str:
    return f" dan {count - 1} berkas lain" if count > 1 else ""


def _kilobytes(size: int) -> str:
    return f"{size / 1000:.1f} kB".replace(".", ",")
