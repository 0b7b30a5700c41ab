"""What a build is a function of, beside the source folder. It stands alone, so that naming it imports no MkDocs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from pathlib import Path

    from pipeline.site.evidence import Evidence, Withdrawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """``now`` is aware; ``evidence`` and ``withdrawn`` by document path; ``cache`` may be any folder, even an empty one."""

    now: datetime
    evidence: Mapping[str, Evidence]
    cache: Path
    withdrawn: Mapping[str, Withdrawn] = field(default_factory=dict)
