"""What the repository's own files promise: locks without addresses, pinned workflows, nothing of one machine or court.

The files looked at are those that Git knows or would take (``git ls-files``): what is ignored never leaves this machine.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
TOOLS = Path(sys.executable).parent
LOCKS = ("requirements.lock", "requirements-dev.lock")
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# A theme that mkdocs.yml names, a build backend and a data set: needed, yet imported by no line of ours.
NEVER_IMPORTED = {"mkdocs-material", "setuptools", "tzdata"}
# A library that is one with another: its objects are what the other returns.
ONE_WITH = {"gitdb": "gitpython", "urllib3": "requests", "markupsafe": "jinja2"}

# Written with brackets and escapes, so that this file does not find itself.
FORBIDDEN = {
    "a folder of somebody's machine": re.compile(
        r"(?<![\w.~)}*-])/(?:home|Users|work|workspace|builds|root|tmp)/[A-Za-z]"
    ),
    "a folder of somebody's Windows": re.compile(r"\b[A-Z]:\\Users\\"),
    "a package registry's host": re.compile(
        r"\b(?:pypi|(?:files|test)\.pythonhosted|registry\.npmjs|deb\.debian|archive\.ubuntu)\.(?:org|com)\b"
    ),
    "a package index or folder": re.compile(r"^\s*(?:--)?(?:extra-)?(?:index-url|find-links)\b", re.MULTILINE),
    "a private key": re.compile(r"-----BEGIN (?:\w+ )?PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}"),
}


def tracked() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    return [path for name in result.stdout.split(b"\0") if name and (path := ROOT / os.fsdecode(name)).is_file()]


def strangers(text: str) -> Iterator[str]:
    """What in ``text`` belongs to one machine or one registry."""
    for what, pattern in FORBIDDEN.items():
        yield from (f"{what}: {found.group().strip()}" for found in pattern.finditer(text))


def test_no_file_names_a_machine_or_a_registry() -> None:
    files = tracked()
    assert len(files) > 50, "git told of the files"
    found = [
        f"{path.relative_to(ROOT)}: {stranger}"
        for path in files
        for stranger in strangers(path.read_bytes().decode("utf-8", "replace"))
    ]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "see /ho" + "me/siti/naskah",
        'ROOT = "/wo' + 'rk/redaksi"',
        "cp x /t" + "mp/y",
        "C:\\Us" + "ers\\Siti",
        "https://pypi" + ".org/simple",
        "--index" + "-url https://contoh.id",
        "-----BEGIN OPENSSH PRIVATE KEY-----\n" + 30 * "b",
    ],
)
def test_a_planted_stranger_is_found(text: str) -> None:
    assert len(list(strangers(text))) == 1


@pytest.mark.parametrize("text", ["/usr/bin/chromium", "[biaya](/layanan/biaya-perkara/)", "tests/tmp/x", "~/work/x"])
def test_ordinary_paths_are_left_alone(text: str) -> None:
    assert list(strangers(text)) == []


def test_git_never_converts_line_endings() -> None:
    assert (ROOT / ".gitattributes").read_bytes() == b"* -text\n"


@pytest.mark.parametrize("name", ["redaksi", ".ci/run"])
def test_the_programs_can_be_executed(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)


# --- packages ------------------------------------------------------------------------------------------------------


def normal(name: str) -> str:
    """The name as registries compare it: ``GitPython`` and ``git_python[extra]<2`` without their adornments."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", name, maxsplit=1)[0]).lower()


def locked(name: str) -> dict[str, set[str]]:
    """Package -> versions (more than one where they differ by Python) of a lock file."""
    versions: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if "==" in line and not line.startswith(" "):
            package, _, rest = line.partition("==")
            versions.setdefault(normal(package), set()).add(rest.split()[0])
    return versions


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_holds_names_versions_markers_and_hashes_and_nothing_else(name: str) -> None:
    entry = re.compile(
        r"[a-z0-9-]+==[0-9][0-9a-z.]*(?: ; [a-z_]+ [<>=!]+ '[\w.]+'(?: and [a-z_]+ [<>=!]+ '[\w.]+')*)? \\\n"
        r"(?:    --hash=sha256:[0-9a-f]{64} \\\n)*"
        r"    --hash=sha256:[0-9a-f]{64}\n"
    )
    rest = entry.sub("", (ROOT / name).read_text(encoding="utf-8"))
    assert rest == ""


def test_the_locks_hold_what_the_project_asks_for() -> None:
    runtime = {normal(name) for name in PROJECT["project"]["dependencies"]}
    tools = {normal(name) for name in PROJECT["dependency-groups"]["dev"]}
    assert runtime <= locked("requirements.lock").keys()
    assert tools <= locked("requirements-dev.lock").keys()


def test_the_test_tools_never_change_a_version_of_the_program() -> None:
    program, tools = (locked(name) for name in LOCKS)
    assert {name: tools[name] for name in program.keys() & tools.keys() if tools[name] != program[name]} == {}


def imported(folders: Iterable[str]) -> set[str]:
    """The distributions that the Python files below ``folders`` import."""
    modules: set[str] = set()
    for path in (path for folder in folders for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not node.level:
                modules.add(str(node.module).partition(".")[0])
    own = {path.stem for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")} | {
        "pipeline",
        "tests",
    }
    foreign = modules - sys.stdlib_module_names - own
    known = packages_distributions()
    return {ONE_WITH.get(normal(name), normal(name)) for module in foreign for name in known.get(module, [module])}


def test_every_runtime_dependency_is_imported_and_every_import_is_declared() -> None:
    declared = {normal(name) for name in PROJECT["project"]["dependencies"]}
    assert imported(["pipeline"]) == declared - NEVER_IMPORTED


def test_the_tests_import_only_what_the_project_declares() -> None:
    groups = (PROJECT["project"]["dependencies"], PROJECT["dependency-groups"]["dev"])
    assert imported(["tests", "benchmarks"]) <= {normal(name) for group in groups for name in group}


def test_every_runtime_dependency_has_its_reason_on_record() -> None:
    record = (ROOT / "docs" / "adr" / "0001-dependencies.md").read_text(encoding="utf-8")
    rows = {normal(name) for row in re.findall(r"^\| ([^|]+) \|", record, re.MULTILINE) for name in row.split(", ")}
    assert {normal(name) for name in PROJECT["project"]["dependencies"]} <= rows


# --- the forge -----------------------------------------------------------------------------------------------------


def load(path: Path) -> dict[Any, Any]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(content, dict)
    return content


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_is_pinned_bounded_and_without_rights(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    workflow = load(path)
    assert workflow["permissions"] == {}
    assert "concurrency" in workflow
    assert "pull_request_target" not in text
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        assert set(job["permissions"].items()) <= {("contents", "read")}
        assert not any("${{" in step.get("run", "") for step in job["steps"])
    uses = re.findall(r"uses: *(\S+.*)", text)
    assert uses
    assert [line for line in uses if not re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", line)] == []


def test_zizmor_reads_every_file_and_finds_nothing() -> None:
    command: list[str | Path] = [
        TOOLS / "zizmor",
        "--offline",
        "--strict-collection",
        "--persona",
        "auditor",
        "--no-progress",
        ROOT,
    ]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stdout
    audited = [line for line in result.stderr.splitlines() if "completed" in line]
    assert len(audited) == len([*WORKFLOWS, ROOT / ".github" / "dependabot.yml", ROOT / ".pre-commit-config.yaml"])


@pytest.mark.parametrize(
    ("schema", "files"),
    [
        ("vendor.github-workflows", WORKFLOWS),
        ("vendor.dependabot", [ROOT / ".github" / "dependabot.yml"]),
    ],
)
def test_the_forges_files_fit_their_published_schema(schema: str, files: list[Path]) -> None:
    command: list[str | Path] = [TOOLS / "check-jsonschema", "--builtin-schema", schema, *files]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr


def test_code_owners_and_settings_hold_nothing_of_the_court() -> None:
    owners = (ROOT / ".github" / "CODEOWNERS").read_text(encoding="utf-8").splitlines()
    assert [line for line in owners if line.strip() and not line.startswith("#")] == []
    places = [
        "mkdocs.yml",
        "pyproject.toml",
        "redaksi",
        ".ci/run",
        *(str(path.relative_to(ROOT)) for path in WORKFLOWS),
    ]
    assert [place for place in places if "banjarnegara" in (ROOT / place).read_text(encoding="utf-8").lower()] == []


def test_pre_commit_runs_tools_that_the_lock_holds_at_the_locks_version() -> None:
    hooks = [hook for repo in load(ROOT / ".pre-commit-config.yaml")["repos"] for hook in repo["hooks"]]
    assert hooks
    for hook in hooks:
        tool = Path(hook["entry"].split()[0])
        assert hook["language"] == "system"
        assert tool.parent == Path(".venv/bin")
        assert normal(tool.name) in locked("requirements-dev.lock")
