"""What the launcher costs: ``./redaksi --help`` beside ``python3 -c pass``, best of ten.

.venv/bin/python benchmarks/startup.py
"""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
RUNS = 10


def best(*command: str) -> float:
    """Seconds of the fastest run."""
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def main() -> None:
    """Measure and print."""
    bare, helped = best("python3", "-c", "pass"), best("./redaksi", "--help")
    print(f"python3 -c pass     {bare:.3f} s")
    print(f"./redaksi --help    {helped:.3f} s   (+{helped - bare:.3f} s; batas +0.200 s)")


if __name__ == "__main__":
    main()
