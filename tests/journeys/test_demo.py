"""``redaksi demo`` as a new user runs it: the main job to its end, and again in the same folder with the same result."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def play(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, str(PROJECT / "pipeline" / "demo.py"), str(folder)],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def story(said: str) -> str:
    """What was said, without what rightly differs from one run to the next: times, ids, hashes and the port."""
    said = re.sub(r"\b[0-9a-f]{12,40}\b", "SIDIK", said)
    said = re.sub(r"\b20\d{6}T\d{6}Z-\w+(?:-\w+)?", "WAKTU", said)
    said = re.sub(r"127\.0\.0\.1(:|%3A)\d+", "ALAMAT", said)
    said = re.sub(r"\b\d{2}-\d{2}-\d{4} \d{2}\.\d{2}\b", "WAKTU", said)
    said = re.sub(
        r"\d+(?:,\d+)? ms|\d+ detik|\d+ menit|kurang dari 1 menit| \(di luar jam kerja\)|\(\d+ bita\)", "", said
    )
    return re.sub(r" {2,}", " ", said)


def test_the_demo_reaches_its_end_twice_in_the_same_folder_with_the_same_result(tmp_path: Path) -> None:
    first = play(tmp_path / "demo")
    assert "semua yang diharapkan terjadi" in first
    assert "berubah sesudah disetujui Redaktur dan Kasubag PTIP" in first
    assert story(play(tmp_path / "demo")) == story(first)


def test_the_demo_leaves_a_folder_alone_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "surat.txt").write_text("penting", "utf-8")
    done = subprocess.run(
        [sys.executable, str(PROJECT / "pipeline" / "demo.py"), str(tmp_path)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "berisi hal lain" in done.stdout
    assert (tmp_path / "surat.txt").read_text("utf-8") == "penting"
