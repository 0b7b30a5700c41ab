"""One file here is one measurement of the live system (SOP B4); adding a file adds a measurement.

A module has a docstring for the office (Indonesian, with its source), ``ASPECT``, ``INDICATOR``, its own ``GOOD`` and
``BAD`` example server, and ``measure(site, thresholds)``, which yields readings. A probe only looks: it changes nothing at
the site. One that can't measure says ``Verdict.UNKNOWN`` or raises; it never calls the unknown good.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.model import Reading
    from pipeline.world.files import FileFact
    from pipeline.world.web import Web


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """What the office holds the site to (``monev`` in office/site.yml): milliseconds, kilobytes of 1,000, header names."""

    response_ms: int = 1500
    page_kb: int = 1500
    required_headers: tuple[str, ...] = (
        "content-security-policy",
        "strict-transport-security",
        "x-content-type-options",
        "referrer-policy",
        "frame-ancestors",
        "cross-origin-resource-policy",
    )
    samples: int = 5
    compared_files: int = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSite:
    """The site as visitors reach it. ``files`` are those of the release that should be live; None: not known.

    ``turn`` chooses what is looked at when not everything can be: another number (the day), another choice.
    """

    url: str
    web: Web
    files: Mapping[str, FileFact] | None = None
    turn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExamplePage:
    """How an example server answers one path; ``delay`` in seconds before it does."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A server that a probe is proven by: answers by path (others get 404), and what its release should hold."""

    pages: Mapping[str, ExamplePage]
    release: Mapping[str, bytes] | None = None
    missing: ExamplePage = ExamplePage(body=b"tidak ada", status=404)
    thresholds: Thresholds = Thresholds()


class Probe(Protocol):
    """The shape of a module in this folder."""

    __doc__: str | None
    __name__: str
    ASPECT: str
    INDICATOR: str
    GOOD: Example
    BAD: Example

    @staticmethod
    def measure(site: LiveSite, thresholds: Thresholds) -> Iterable[Reading]:
        """Look at ``site`` and yield what was found; may raise, which makes one unknown reading."""


def load_all() -> tuple[Probe, ...]:
    """Import every probe, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_"))
    return tuple(cast("Probe", import_module(f"{__name__}.{name}")) for name in names)
