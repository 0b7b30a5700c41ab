"""One file here is one way to the live site; the module's name is the ``kind`` that ``office/site.yml`` names.

A module has a docstring for the office (Indonesian), ``PROMISE`` (one Indonesian sentence: what a visitor can rely on) and
``connect(settings, base=...)``, which returns a ``Target``. A target moves bytes that were decided elsewhere; it judges no
evidence, decides no deletion, and holds no lock: its caller lets only one publish run at a time.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

from pipeline.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.world.files import FileFact


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """What one publish carries to a target.

    ``source`` is the built site on this disk and ``files`` all of its files by POSIX name; ``uploads`` (in the order to
    send) and ``deletes`` are the difference to the release ``previous``, which is current at the target (None: nothing yet).
    ``manifest`` is kept by the target as it is.
    """

    release: str
    previous: str | None
    source: Path
    files: Mapping[str, FileFact]
    uploads: tuple[str, ...]
    deletes: tuple[str, ...]
    manifest: bytes


class Target(Protocol):
    """A place where releases live. Every call may be repeated after being killed at any point."""

    @property
    def name(self) -> str:
        """The name in ``office/site.yml``."""

    def current(self) -> str | None:
        """Id of the release that visitors get; None before the first one."""

    def previous(self) -> str | None:
        """Id of the release that ``rollback`` would bring back."""

    def releases(self) -> tuple[str, ...]:
        """Ids of all releases kept here, the latest published first."""

    def manifest(self, release: str) -> bytes | None:
        """The manifest kept for ``release``; None where there is none."""

    def publish(self, delivery: Delivery) -> None:
        """Make ``delivery`` the current release. On return it is; after an error visitors have the old one or the new."""

    def differences(self, release: str, files: Mapping[str, FileFact]) -> tuple[str, ...]:
        """Names of files of ``release`` that are changed, missing or extra at the target."""

    def switch(self, release: str) -> None:
        """Make a release that is kept here the current one."""

    def prune(self, keep: int) -> tuple[str, ...]:
        """Remove the oldest releases beyond ``keep``, never the current or the previous one; returns their ids."""


class Settings(Protocol):
    """What ``office/site.yml`` says of a target (``office.TargetSettings``)."""

    @property
    def name(self) -> str:
        """The office's name for it, e.g. ``utama``."""

    @property
    def kind(self) -> str:
        """Name of the module."""

    @property
    def folder(self) -> str:
        """Where the site lives there."""


class Kind(Protocol):
    """The shape of a module in this folder."""

    PROMISE: str

    @staticmethod
    def connect(settings: Settings, *, base: Path) -> Target:
        """Return the target; relative folders count from ``base``, the root of the repository."""


def kinds() -> tuple[str, ...]:
    """Names of all kinds, sorted; imports none of them."""
    return tuple(sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")))


def load(kind: str) -> Kind:
    """Import the module of ``kind``; ConfigurationError where there is none."""
    if kind not in kinds():
        raise ConfigurationError(
            f"Jenis tujuan penayangan {kind!r} tidak dikenal.",
            hint=f"Di office/site.yml, pilih salah satu: {', '.join(kinds())}.",
        )
    return cast("Kind", import_module(f"{__name__}.{kind}"))


def connect(settings: Settings, *, base: Path) -> Target:
    """Return the target that ``settings`` describes."""
    return load(settings.kind).connect(settings, base=base)
