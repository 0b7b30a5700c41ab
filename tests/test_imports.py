"""Imports lean one way, each heavy library has one door, and only the command line prints.

The map below is the architecture (docs and DESIGN, section 3); a new module or folder of ``pipeline/`` must be put on it.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PIPELINE = ROOT / "pipeline"

# Rooms: the modules and folders directly in pipeline/, from the ground up.
GROUND = frozenset({"errors", "strict_yaml", "model"})
TEXT = frozenset({"correction", "schema", "kinds", "frontmatter", "markdown", "picture_metadata"})
OFFICE = frozenset(
    {
        "authority",
        "calendar",
        "court",
        "judgement",
        "office",
        "people",
        "people_file",
        "picture",
        "procedure",
        "procedure_file",
        "quorum",
        "signature",
        "withdrawal",
        "succession",
    }
)
NOUNS = GROUND | TEXT | OFFICE
PLUGINS = frozenset({"probes", "platforms", "targets"})
SHELVES = frozenset({"rules", "world", "site"}) | PLUGINS

MAY_IMPORT: dict[str, frozenset[str]] = {
    "pipeline": frozenset(),  # the door plate
    **dict.fromkeys(GROUND, GROUND),
    **dict.fromkeys(TEXT, GROUND | TEXT),
    **dict.fromkeys(OFFICE, NOUNS),
    "rules": NOUNS | {"rules"},
    "world": NOUNS | {"world"},
    "site": NOUNS | {"world", "site"},
    **{room: NOUNS | {"world", room} for room in PLUGINS},
    "stages": NOUNS | SHELVES | {"stages"},
    "desk": NOUNS | SHELVES | {"stages", "desk"},
    "cli": NOUNS | SHELVES | {"stages", "desk", "cli"},
    "demo": frozenset(),  # it proves the program from outside
    "__main__": frozenset({"cli"}),
}

# A library, or a way out, and where alone it may be used (files and folders below pipeline/).
DOORS: dict[str, tuple[str, ...]] = {
    "git": ("world/repo.py",),
    "gitdb": ("world/repo.py",),
    "mkdocs": ("site/", "stages/build.py"),
    "material": ("site/", "stages/build.py"),
    "requests": ("world/",),
    "click": ("cli/",),
    "starlette": ("desk/",),
}
PRINTERS = ("cli/", "demo.py")
LEAVERS = ("cli/", "demo.py", "__main__.py")
HEAVY = ("PIL", "babel", "cryptography", "frontmatter", "git", "holidays", "markdown_it", "mkdocs", "nh3", "requests")


def complaints(pipeline: Path) -> list[str]:
    """Everything in the package ``pipeline`` that breaks the map, one line each."""
    return [
        f"{path.relative_to(pipeline.parent)}:{complaint}"
        for path in sorted(pipeline.rglob("*.py"))
        for complaint in complaints_of(path.relative_to(pipeline), ast.parse(path.read_text(encoding="utf-8")))
    ]


def complaints_of(place: Path, tree: ast.Module) -> Iterator[str]:
    room = room_of(place)
    if room not in MAY_IMPORT:
        yield f"1: {room} is not on the map in tests/test_imports.py"
        return
    for line, module in imports(tree, place):
        top, _, rest = module.partition(".")
        if top == "pipeline" and (target := rest.partition(".")[0]) and target not in MAY_IMPORT[room]:
            yield f"{line}: {room} imports {target}"
        if not place.as_posix().startswith(DOORS.get(top, ("",))):
            yield f"{line}: imports {top}, which only {' and '.join(DOORS[top])} may"
    yield from private_names(tree, place)
    yield from ways_out(tree, place)


def room_of(place: Path) -> str:
    room = place.parts[0].removesuffix(".py")
    return "pipeline" if room == "__init__" else room


def imports(tree: ast.Module, place: Path) -> Iterator[tuple[int, str]]:
    """Every module that is imported anywhere in the file: (line, dotted name), relative ones made absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = absolute(node, place)
            # "from pipeline import cli" names the room only in what it imports
            yield from ((node.lineno, f"{module}.{alias.name}") for alias in node.names)


def absolute(node: ast.ImportFrom, place: Path) -> str:
    if not node.level:
        return node.module or ""
    package = ("pipeline", *place.parts[:-1])
    return ".".join((*package[: len(package) - node.level + 1], *([node.module] if node.module else [])))


def private_names(tree: ast.Module, place: Path) -> Iterator[str]:
    """Names with a leading underscore that are taken from another module of the package."""
    modules: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and absolute(node, place).startswith("pipeline"):
            modules |= {alias.asname or alias.name for alias in node.names}
            yield from (
                f"{node.lineno}: takes the private name {alias.name} of {absolute(node, place)}"
                for alias in node.names
                if is_private(alias.name)
            )
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in modules and is_private(name):
                yield f"{node.lineno}: takes the private name {name} of {module}"


def is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__")


def ways_out(tree: ast.Module, place: Path) -> Iterator[str]:
    """Calls that print or end the program outside the places that may."""
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        called = ast.unparse(call.func)
        if called in {"print", "click.echo", "click.secho"} and not place.as_posix().startswith(PRINTERS):
            yield f"{call.lineno}: prints"
        if called in {"sys.exit", "exit", "quit", "os._exit"} and not place.as_posix().startswith(LEAVERS):
            yield f"{call.lineno}: ends the program"


def modules_imported(path: Path, known: frozenset[str]) -> set[str]:
    place = path.relative_to(PIPELINE)
    targets = {
        name.split(".")[1] for _, name in imports(ast.parse(path.read_text("utf-8")), place) if "pipeline." in name
    }
    return (targets & known) - {place.stem}


def test_the_package_keeps_to_the_map() -> None:
    assert complaints(PIPELINE) == []


def test_the_nouns_import_one_another_in_one_direction() -> None:
    graph = {room: modules_imported(PIPELINE / f"{room}.py", NOUNS) for room in NOUNS}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as cycle:
        pytest.fail(f"a circle of imports: {cycle.args[1]}")


@pytest.mark.parametrize(
    ("place", "source", "complaint"),
    [
        ("model.py", "from pipeline.office import Office", "model imports office"),
        ("kinds.py", "from pipeline import office", "kinds imports office"),
        ("rules/nik.py", "def check():\n    from pipeline.world import repo", "rules imports world"),
        ("rules/nik.py", "import pipeline.stages.check as stage", "rules imports stages"),
        ("rules/nik.py", "from ..stages import check", "rules imports stages"),
        ("world/files.py", "from pipeline.rules import all_rules", "world imports rules"),
        ("targets/local.py", "from pipeline.probes import reachable", "targets imports probes"),
        ("probes/weight.py", "from pipeline.site import pages", "probes imports site"),
        ("site/plugin.py", "from pipeline.stages import build", "site imports stages"),
        ("stages/build.py", "from pipeline.cli import run", "stages imports cli"),
        ("demo.py", "from pipeline.errors import PipelineError", "demo imports errors"),
        ("__init__.py", "from pipeline.model import Document", "pipeline imports model"),
        ("utils.py", "", "utils is not on the map"),
        ("world/forge.py", "import git", "imports git, which only world/repo.py may"),
        ("stages/draft.py", "def new():\n    from gitdb import IStream", "imports gitdb, which only world/repo.py may"),
        ("stages/audit.py", "from mkdocs.config import load_config", "imports mkdocs, which only site/ and stages"),
        ("stages/monev.py", "import requests", "imports requests, which only world/ may"),
        ("stages/check.py", "import click", "imports click, which only cli/ may"),
        ("stages/check.py", "from pipeline.rules.nik import _digits", "takes the private name _digits"),
        ("stages/check.py", "from pipeline.rules import nik\nnik._digits('')", "takes the private name _digits"),
        ("stages/check.py", "print('selesai')", "prints"),
        ("stages/check.py", "import sys\nsys.exit(1)", "ends the program"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, place: str, source: str, complaint: str) -> None:
    path = tmp_path / "pipeline" / place
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    found = complaints(tmp_path / "pipeline")
    assert len(found) == 1
    assert complaint in found[0]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("stages/check.py", "from pipeline.rules import nik\nfrom pipeline.stages import draft"),
        ("rules/nik.py", "from pipeline.model import Finding\nself = 1"),
        ("world/repo.py", "import git"),
        ("site/plugin.py", "from mkdocs.plugins import BasePlugin\nfrom . import pages"),
        ("cli/site.py", "import click, sys\nfrom pipeline.stages import check\nclick.echo('ya')\nsys.exit(0)"),
        ("model.py", "class Page:\n    def __init__(self):\n        self._own = 1"),
    ],
)
def test_what_the_map_allows_is_left_alone(tmp_path: Path, place: str, source: str) -> None:
    path = tmp_path / "pipeline" / place
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    assert complaints(tmp_path / "pipeline") == []


def heavy_modules_after(*arguments: str, cwd: Path = ROOT) -> set[str]:
    """Which heavy libraries a real command line has imported when it is done."""
    program = (
        "import json, sys\nfrom pipeline import cli\n"
        f"cli.run({list(arguments)!r})\n"
        f"sys.stderr.write('\\n' + json.dumps(sorted(set({HEAVY!r}) & set(sys.modules))))"
    )
    result = subprocess.run(
        [sys.executable, "-c", program], cwd=cwd, capture_output=True, text=True, check=True, timeout=60
    )
    return set(ast.literal_eval(result.stderr.splitlines()[-1]))


def test_help_imports_no_heavy_library() -> None:
    assert heavy_modules_after("--help") == set()


def test_a_check_of_a_path_imports_no_git_no_network_and_no_calendar(tmp_path: Path) -> None:
    page = tmp_path / "index.md"
    page.write_text("---\ntitle: Uji\n---\n\nIsi.\n", encoding="utf-8")
    loaded = heavy_modules_after("check", "--kind", "halaman", str(page), cwd=tmp_path)
    assert "markdown_it" in loaded, "the check did its work"
    assert loaded & {"git", "requests", "babel", "holidays", "mkdocs"} == set()
