"""ruff and mypy are part of the suite: what is merged is formatted, linted and typed, on every machine alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [("ruff", "check", "--quiet", "."), ("ruff", "format", "--check", "."), ("mypy",), ("mypy", "redaksi")],
    ids=" ".join,
)
def test_the_code_is_clean(command: tuple[str, ...]) -> None:
    tool, *arguments = command
    result = subprocess.run(
        [TOOLS / tool, *arguments], cwd=ROOT, capture_output=True, text=True, check=False, timeout=300
    )
    assert result.returncode == 0, result.stdout + result.stderr
