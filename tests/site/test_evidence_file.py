"""The note of approvals beside mkdocs.yml: read as it was written, refused when it is anything else."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import ConfigurationError
from pipeline.site.evidence import Evidence, Told, Withdrawn, as_text, read_evidence

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    told = Told(
        documents={
            "berita/2026/a": Evidence(
                approved_by=("Redaktur", "Kasubag PTIP"), approved_at=datetime(2026, 1, 30, 4, 5, tzinfo=UTC)
            ),
            "layanan/b": Evidence(approved_by=(), approved_at=datetime(2026, 1, 1, tzinfo=UTC), taken_over=True),
        },
        withdrawn={
            "layanan/c": Withdrawn(title="", on=datetime(2026, 2, 1, tzinfo=UTC), reason='tarif "lama" – keliru'),
        },
    )
    (tmp_path / "e.json").write_text(as_text(told), "utf-8")
    assert read_evidence(tmp_path / "e.json") == told


def test_no_file_means_no_evidence(tmp_path: Path) -> None:
    assert read_evidence(tmp_path / "tidak-ada.json") == Told()


def approval(path: str = "layanan/a", names: str = '["Redaktur"]', at: str = "2026-01-30T04:05:00+00:00") -> str:
    return f'{{"documents": {{"{path}": {{"approved_by": {names}, "approved_at": "{at}"}}}}, "withdrawn": {{}}}}'


def withdrawal(path: str = "layanan/a", on: str = "2026-01-30T04:05:00+00:00", reason: str = '"keliru"') -> str:
    entry = f'{{"title": "A", "on": "{on}", "reason": {reason}}}'
    return f'{{"documents": {{}}, "withdrawn": {{"{path}": {entry}}}}}'


@pytest.mark.parametrize("text", [approval(), withdrawal()])
def test_the_shapes_that_the_refusals_below_differ_from_are_read(tmp_path: Path, text: str) -> None:
    (tmp_path / "e.json").write_text(text, "utf-8")
    assert read_evidence(tmp_path / "e.json") != Told()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        "{}",
        '{"documents": {}}',
        '{"documents": [], "withdrawn": {}}',
        '{"documents": {"layanan/a": 1}, "withdrawn": {}}',
        '{"documents": {"layanan/a": {"approved_by": ["Redaktur"]}}, "withdrawn": {}}',
        approval(names='"Redaktur"'),
        approval(at="2026-01-30T04:05:00"),
        approval(path="../luar"),
        withdrawal(on="2026-01-30T04:05:00"),
        withdrawal(on="kemarin"),
        withdrawal(path="../../luar"),
        withdrawal(reason='""'),
        withdrawal(reason="1"),
    ],
)
def test_anything_else_is_refused_with_a_remedy(tmp_path: Path, text: str) -> None:
    (tmp_path / "e.json").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=r"e\.json tidak dapat dibaca") as told:
        read_evidence(tmp_path / "e.json")
    assert "Hapus" in told.value.hint
