"""The documents that are made from tables and docstrings say what the program says.

After a change run ``REDAKSI_TULIS_DOKUMEN=1 python -m pytest tests/test_documentation.py`` and look at the difference.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline import kinds, rules

if TYPE_CHECKING:
    from collections.abc import Callable

DOCS = Path(__file__).resolve().parents[1] / "docs"
GENERATED: dict[str, Callable[[], str]] = {
    "jenis-naskah.md": kinds.documentation,
    "aturan.md": rules.documentation,
    **{
        f"schema/{name}.json": lambda kind=kind: (
            json.dumps(kinds.json_schema(kind), ensure_ascii=False, indent=2) + "\n"
        )
        for name, kind in kinds.KINDS.items()
    },
}


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_document_is_up_to_date(name: str) -> None:
    file, expected = DOCS / name, GENERATED[name]()
    if os.environ.get("REDAKSI_TULIS_DOKUMEN"):
        file.write_text(expected, encoding="utf-8", newline="\n")
    assert file.read_text(encoding="utf-8") == expected


def test_no_schema_is_left_of_a_kind_that_is_gone() -> None:
    assert {file.stem for file in (DOCS / "schema").glob("*.json")} == set(kinds.KINDS)


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.name)
def test_every_rule_has_its_chapter_with_an_example(rule: rules.Rule) -> None:
    chapter = rules.documentation().split(f"\n## {rule.name}\n")[1].split("\n## ")[0]
    assert rule.sentence in chapter
    assert "\nTidak baik" in chapter or all(example.source is not None for example in rule.bad)
    assert "\nBaik" in chapter
