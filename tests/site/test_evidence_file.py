"""The note of approvals beside mkdocs.yml: read as it was written, refused when it is anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import ConfigurationError
from pipeline.site.evidence import Evidence, as_text, read_evidence

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    told = {
        "berita/2026/a": Evidence(
            approved_by=("Redaktur", "Kasubag PTIP"), approved_at=datetime(2026, 1, 30, 4, 5, tzinfo=UTC)
        ),
        "layanan/b": Evidence(approved_by=(), approved_at=datetime(2026, 1, 1, tzinfo=UTC), taken_over=True),
    }
    (tmp_path / "e.json").write_text(as_text(told), "utf-8")
    assert read_evidence(tmp_path / "e.json") == told


def test_no_file_means_no_evidence(tmp_path: Path) -> None:
    assert read_evidence(tmp_path / "tidak-ada.json") == {}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"a": 1}',
        '{"a": {"approved_by": "Redaktur", "approved_at": "2026-01-30T04:05:00+00:00"}}',
        '{"a": {"approved_by": ["Redaktur"], "approved_at": "2026-01-30T04:05:00"}}',
        '{"a": {"approved_by": ["Redaktur"]}}',
    ],
)
def test_anything_else_is_refused_with_a_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / "e.json").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=r"e\.json tidak dapat dibaca") as told:
        read_evidence(tmp_path / "e.json")
    assert "Hapus" in told.value.hint
