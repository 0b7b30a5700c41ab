"""The launcher on real folders, real virtual environments and real interruptions; its packages are made here, by hand.

Nothing here asks a package registry: two tiny wheels in a folder stand for the locked packages.
"""

from __future__ import annotations

import ast
import fcntl
import hashlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parent.parent
LAUNCHER = ROOT / "redaksi"

# A build backend of a dozen lines: what setuptools does for the real project, without fetching setuptools.
BACKEND = """
import os, zipfile

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "redaksi-0.1.0-py3-none-any.whl"
    info = "redaksi-0.1.0.dist-info/"
    with zipfile.ZipFile(os.path.join(wheel_directory, name), "w") as wheel:
        wheel.writestr("redaksi.pth", os.getcwd() + "\\n")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: redaksi\\nVersion: 0.1.0\\n")
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(info + "RECORD", "redaksi.pth,,\\n" + info + "METADATA,,\\n" + info + "WHEEL,,\\n")
    return name
"""
TELL = """
import json, os, sys
print(json.dumps({"arguments": sys.argv[1:], "folder": os.getcwd(), "module": __file__}))
raise SystemExit(int(os.environ.get("TELL_EXIT", "0")))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A copy of the program: the real launcher over a tiny project and tiny locked packages."""

    root: Path

    @property
    def stamp(self) -> Path:
        return self.root / ".venv" / "redaksi-stamp"

    @property
    def wheels(self) -> Path:
        return self.root.parent / "wheels"  # pip splits a list of folders at spaces, which the program's may have

    def environment(self, **changes: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON", "UV_"))}
        wheels = str(self.wheels)
        return {**kept, "PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": wheels, **changes}

    def run(self, *arguments: str, cwd: Path | None = None, **changes: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, self.root / "redaksi", *arguments],
            cwd=cwd or self.root,
            env=self.environment(**changes),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, self.root / "redaksi", *arguments],
            cwd=self.root,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )


def make_wheel(folder: Path, name: str, files: dict[str, str]) -> str:
    """Write a wheel and return the line that locks it."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    members = files | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    members[f"{info}/RECORD"] = "".join(f"{member},,\n" for member in [*members, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for member, text in members.items():
            wheel.writestr(member, text)
    return f"{name}==1.0 \\\n    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


def make_copy(root: Path) -> Copy:
    root.mkdir(parents=True)
    copy = Copy(root=root)
    shutil.copy(LAUNCHER, root)
    (root / "pyproject.toml").write_text('[build-system]\nrequires = []\nbuild-backend = "backend"\n')
    (root / "pipeline").mkdir()
    (root / "pipeline" / "__init__.py").touch()
    (root / "pipeline" / "__main__.py").write_text(TELL)
    lock = make_wheel(copy.wheels, "backend", {"backend.py": BACKEND})
    (root / "requirements.lock").write_text(lock)
    tests = make_wheel(copy.wheels, "pytest", {"pytest/__init__.py": "", "pytest/__main__.py": TELL})
    (root / "requirements-dev.lock").write_text(tests)
    return copy


def wait_for(process: subprocess.Popen[str], words: str) -> str:
    """Read the process's messages until one holds ``words``."""
    assert process.stderr is not None
    for line in process.stderr:
        if words in line:
            return line
    pytest.fail(f"the launcher never said {words!r}")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> tuple[Copy, subprocess.CompletedProcess[str]]:
    """A program set up by its first command, in a folder whose name has a space, and what that command said."""
    copy = make_copy(tmp_path_factory.mktemp("kantor") / "Redaksi PA")
    return copy, copy.run("status", "dua kata")


@pytest.fixture
def ready(first: tuple[Copy, subprocess.CompletedProcess[str]]) -> Copy:
    return first[0]


@pytest.fixture
def fresh(tmp_path: Path) -> Copy:
    return make_copy(tmp_path / "redaksi")


@pytest.fixture
def launcher() -> ModuleType:
    """The launcher as a module, for its pure parts."""
    loader = SourceFileLoader("redaksi_launcher", str(LAUNCHER))
    module = module_from_spec(spec_from_loader(loader.name, loader))  # type: ignore[arg-type]  # a loader was given
    writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = writes
    return module


def run_altered(copy: Copy, alteration: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """Run the launcher in an interpreter that ``alteration`` (Python statements) has changed first."""
    program = f"import runpy, sys\n{alteration}\nsys.argv = ['redaksi', '--help']\nrunpy.run_path(r'{copy.root / 'redaksi'}', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", program],
        env=copy.environment(**changes),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


# --- what is missing is said in a sentence -------------------------------------------------------------------------


def test_an_old_python_can_read_the_launcher() -> None:
    tree = ast.parse(LAUNCHER.read_text(encoding="utf-8"), feature_version=(3, 6))
    futures = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "__future__"]
    assert not futures, "Python 3.6 does not know the annotations future"
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        annotations = [argument.annotation for argument in (*function.args.args, *function.args.kwonlyargs)]
        for annotation in (*annotations, function.returns):
            evaluated = [type(node) for node in ast.walk(annotation)] if annotation else []
            assert ast.Subscript not in evaluated, f"{function.name}: Python 3.6 would evaluate this annotation"
            assert ast.BinOp not in evaluated, f"{function.name}: Python 3.6 would evaluate this annotation"


def test_a_python_that_is_too_old_is_named_in_one_sentence(fresh: Copy) -> None:
    result = run_altered(fresh, "sys.version_info = (3, 9, 18, 'final', 0)")
    assert result.returncode == 2
    assert result.stderr.splitlines()[0] == (
        "Redaksi memerlukan Python 3.11 atau lebih baru; komputer ini memakai Python 3.9.18."
    )
    assert "Traceback" not in result.stderr
    assert not (fresh.root / ".venv").exists()


def test_a_python_without_venv_is_told_how_to_get_it(fresh: Copy) -> None:
    result = run_altered(fresh, "sys.modules['ensurepip'] = None")
    assert result.returncode == 2
    assert "memerlukan modul venv dan ensurepip" in result.stderr
    assert "apt install python3-venv" in result.stderr


def fake_git(folder: Path, answer: str) -> str:
    folder.mkdir()
    script = folder / "git"
    script.write_text(f"#!/bin/sh\necho '{answer}'\n")
    script.chmod(0o755)
    return str(folder)


def test_a_git_that_is_too_old_is_named_in_one_sentence(fresh: Copy, tmp_path: Path) -> None:
    result = fresh.run("--help", PATH=fake_git(tmp_path / "bin", "git version 2.30.2"))
    assert result.returncode == 2
    assert result.stderr.splitlines()[0] == (
        "Redaksi memerlukan Git 2.34 atau lebih baru; komputer ini memakai Git 2.30.2."
    )
    assert not (fresh.root / ".venv").exists()


def test_a_machine_without_git_is_told_so(fresh: Copy, tmp_path: Path) -> None:
    result = fresh.run("--help", PATH=str(tmp_path))
    assert result.returncode == 2
    assert "di komputer ini Git tidak ditemukan." in result.stderr.splitlines()[0]


@pytest.mark.parametrize(
    ("answer", "version"),
    [
        ("git version 2.39.5", (2, 39, 5)),
        ("git version 2.39.3 (Apple Git-146)", (2, 39, 3)),
        ("git version 2.45.1.windows.1", (2, 45, 1)),
        ("git version 2.48.GIT", (2, 48)),
        ("bukan git", ()),
    ],
)
def test_every_gits_way_of_telling_its_version_is_read(
    launcher: ModuleType, answer: str, version: tuple[int, ...]
) -> None:
    assert launcher.git_version(answer) == version


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_told_in_a_sentence(fresh: Copy) -> None:
    (fresh.root / ".cache").mkdir()
    (fresh.root / ".cache" / "setup.log").symlink_to("/dev/full")
    result = fresh.run("--help")
    assert result.returncode == 2
    assert "Ruang disk habis sebelum Redaksi selesai disiapkan." in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.skipif(not Path("/sys/kernel").is_dir(), reason="only Linux has a folder that not even root can write to")
def test_a_folder_that_cannot_be_written_is_told_in_a_sentence(fresh: Copy) -> None:
    (fresh.root / ".cache").symlink_to("/sys/kernel")
    result = fresh.run("--help")
    assert result.returncode == 2
    assert result.stderr.splitlines()[0] == f"Folder Redaksi tidak dapat ditulisi: {fresh.root}."


def pip_says(*options: str) -> str:
    """What the real pip prints when it is asked for a package with ``options``."""
    command = [sys.executable, "-m", "pip", "--isolated", "download", "--no-deps", *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode
    return result.stdout + result.stderr


def test_a_machine_without_network_is_told_in_a_sentence(launcher: ModuleType, tmp_path: Path) -> None:
    nobody = ("--index-url", "http://127.0.0.1:9/", "--retries", "1", "--dest", str(tmp_path))
    trouble = launcher.explain(pip_says(*nobody, "contoh==1.0"))
    assert trouble.message == "Sumber paket Python tidak dapat dihubungi."


def test_a_package_that_does_not_exist_for_this_machine_is_told_in_a_sentence(
    launcher: ModuleType, tmp_path: Path
) -> None:
    trouble = launcher.explain(pip_says("--no-index", "--dest", str(tmp_path), "contoh==1.0"))
    assert "tidak ditemukan untuk komputer ini" in trouble.message


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("WARNING: Retrying after NewConnectionError\nOSError: [Errno 28] No space left on device", "Ruang disk habis"),
        ("SSLError(SSLCertVerificationError: CERTIFICATE_VERIFY_FAILED) Max retries exceeded", "Sertifikat"),
        ("[Errno 30] Read-only file system: '/srv/redaksi/.venv'", "tidak dapat ditulisi"),
        ("boom\nERROR: sesuatu yang lain\n", "Redaksi tidak dapat disiapkan: ERROR: sesuatu yang lain"),
        ("", "tidak ada keterangan"),
    ],
)
def test_the_surest_sign_in_a_failed_steps_output_decides_the_sentence(
    launcher: ModuleType, output: str, words: str
) -> None:
    assert words in launcher.explain(output).message


# --- the set-up ----------------------------------------------------------------------------------------------------


def test_the_first_command_sets_up_and_is_then_carried_out(
    first: tuple[Copy, subprocess.CompletedProcess[str]],
) -> None:
    copy, result = first
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["arguments"] == ["status", "dua kata"]
    lines = result.stderr.splitlines()
    assert lines[:4] == [
        "Menyiapkan Redaksi (sekali saja) ...",
        "  lingkungan Python ...",
        "  1 paket ...",
        "  Redaksi ...",
    ]
    assert lines[4].startswith("Redaksi siap dalam ")
    assert copy.stamp.exists()


def test_the_second_command_says_nothing_of_its_own(ready: Copy) -> None:
    result = ready.run("status")
    assert result.stderr == ""
    assert result.returncode == 0


def test_the_exit_code_is_the_commands(ready: Copy) -> None:
    assert ready.run("check", TELL_EXIT="3").returncode == 3


def test_the_current_folder_stays_the_users_and_is_never_imported_from(ready: Copy, tmp_path: Path) -> None:
    hostile = tmp_path / "naskah"
    (hostile / "pipeline").mkdir(parents=True)
    (hostile / "pipeline" / "__main__.py").write_text("print('kode dari naskah')")
    (hostile / "json.py").write_text("print('kode dari naskah')")
    result = ready.run("status", cwd=hostile)
    told = json.loads(result.stdout)
    assert Path(told["folder"]) == hostile
    assert Path(told["module"]) == ready.root / "pipeline" / "__main__.py"


def test_a_symbolic_link_to_the_launcher_finds_the_program(ready: Copy, tmp_path: Path) -> None:
    link = tmp_path / "redaksi"
    link.symlink_to(ready.root / "redaksi")
    result = subprocess.run(
        [link, "status"], cwd=tmp_path, env=ready.environment(), capture_output=True, text=True, check=True, timeout=60
    )
    assert Path(json.loads(result.stdout)["folder"]) == tmp_path
    assert result.stderr == ""


def test_the_tests_help_needs_no_set_up(fresh: Copy) -> None:
    result = fresh.run("test", "--help")
    assert result.returncode == 0
    assert "Contoh: ./redaksi test" in result.stdout
    assert not (fresh.root / ".venv").exists()


def test_the_test_command_adds_its_tools_and_runs_them_in_the_programs_folder(ready: Copy, tmp_path: Path) -> None:
    result = ready.run("test", "-k", "dua kata", cwd=tmp_path)
    told = json.loads(result.stdout)
    assert told["arguments"][-2:] == ["-k", "dua kata"]
    assert Path(told["folder"]) == ready.root
    assert "Memperbarui Redaksi ..." in result.stderr
    assert "lingkungan Python" not in result.stderr, "what is there already is kept"
    assert ready.run("test").stderr == "", "the tools are there now"
    assert ready.run("status").stderr == "", "an environment with the test tools serves every command"


def test_a_tampered_package_is_refused(
    ready: Copy, launcher: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.lock").write_text(make_wheel(tmp_path / "wheels", "contoh", {"contoh.py": ""}))
    with zipfile.ZipFile(tmp_path / "wheels" / "contoh-1.0-py3-none-any.whl", "a") as wheel:
        wheel.writestr("jahat.pth", "import os")
    point_at(launcher, ready)
    vars(launcher).update(ROOT=str(tmp_path), LOG=str(tmp_path / "setup.log"))
    monkeypatch.setattr(os, "environ", ready.environment(PIP_FIND_LINKS=str(tmp_path / "wheels")))
    with pytest.raises(launcher.CannotStart, match="tidak sama dengan yang dikunci"):
        launcher.install_packages(["requirements.lock"], sys.stderr.fileno())
    assert not list(ready.root.glob(".venv/lib/*/site-packages/jahat.pth"))


def test_a_set_up_cut_off_half_way_is_done_again_by_the_next_command(fresh: Copy) -> None:
    process = fresh.start("status")
    wait_for(process, "lingkungan Python")
    while not (fresh.root / ".venv" / "bin").exists():
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert not fresh.stamp.exists()
    result = fresh.run("status")
    assert result.returncode == 0, result.stderr
    assert "lingkungan Python" in result.stderr
    assert fresh.stamp.exists()


def test_a_step_that_outlives_its_launcher_keeps_the_lock(launcher: ModuleType, tmp_path: Path) -> None:
    awake = tmp_path / "awake"
    step = f"import pathlib, time; pathlib.Path({str(awake)!r}).touch(); time.sleep(1)"
    program = f"""
import runpy, sys
own = runpy.run_path({str(LAUNCHER)!r})
own["take_lock"].__globals__.update(CACHE={str(tmp_path)!r}, LOG={str(tmp_path / "log")!r})
own["run"]("langkah", [sys.executable, "-c", {step!r}], own["take_lock"](0.0))
"""
    vars(launcher).update(CACHE=str(tmp_path))
    with subprocess.Popen([sys.executable, "-c", program], stderr=subprocess.DEVNULL) as process:
        while not awake.exists():
            time.sleep(0.02)
        process.kill()
    with pytest.raises(launcher.CannotStart):
        launcher.take_lock(0.0)
    os.close(launcher.take_lock(10.0))


def test_ctrl_c_ends_the_set_up_with_one_line(fresh: Copy) -> None:
    process = fresh.start("status")
    wait_for(process, "lingkungan Python")
    os.killpg(process.pid, signal.SIGINT)
    _, messages = process.communicate(timeout=30)
    assert process.returncode == 130
    assert messages.strip() == "Dihentikan. Jalankan perintah yang sama untuk melanjutkan."
    assert not fresh.stamp.exists()


def test_two_launchers_wait_for_one_another(ready: Copy) -> None:
    whole = ready.stamp.read_bytes()
    ready.stamp.unlink()
    with (ready.root / ".cache" / "setup.lock").open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        process = ready.start("status")
        wait_for(process, "Redaksi sedang disiapkan oleh proses lain; menunggu ...")
        ready.stamp.write_bytes(whole)
    output, messages = process.communicate(timeout=30)
    assert process.returncode == 0
    assert json.loads(output)["arguments"] == ["status"]
    assert messages == "", "what the other one made ready is not made again"


def test_waiting_for_another_launcher_has_an_end(
    launcher: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(launcher, "CACHE", str(tmp_path))
    held = launcher.take_lock(0.0)
    with pytest.raises(launcher.CannotStart, match="masih disiapkan oleh proses lain"):
        launcher.take_lock(0.2)
    os.close(held)
    os.close(launcher.take_lock(0.0))
    assert capsys.readouterr().err == "Redaksi sedang disiapkan oleh proses lain; menunggu ...\n"


def test_a_changed_lock_asks_for_a_new_environment(ready: Copy, launcher: ModuleType) -> None:
    point_at(launcher, ready)
    assert launcher.is_ready(with_tests=False)
    path = ready.root / "requirements.lock"
    before = path.read_bytes()
    path.write_bytes(before + b"# satu baris lagi\n")
    kept = launcher.is_ready(with_tests=False) or launcher.is_stamped("requirements.lock")
    path.write_bytes(before)
    assert not kept


def test_a_new_release_with_the_same_packages_needs_no_network(ready: Copy, tmp_path: Path) -> None:
    with (ready.root / "pyproject.toml").open("a") as project:
        project.write("# versi baru\n")
    result = ready.run("status", PIP_FIND_LINKS=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert result.stderr.splitlines()[:2] == ["Memperbarui Redaksi ...", "  Redaksi ..."]
    assert ready.run("status").stderr == ""


def test_a_moved_folder_or_a_vanished_python_asks_for_a_new_set_up(
    ready: Copy, launcher: ModuleType, tmp_path: Path
) -> None:
    moved = Copy(root=tmp_path / "pindah")
    shutil.copytree(ready.root, moved.root, symlinks=True)
    point_at(launcher, moved)
    assert not launcher.is_ready(with_tests=False)
    moved.stamp.write_bytes(launcher.stamp_of("requirements.lock", "pyproject.toml"))
    assert launcher.is_ready(with_tests=False)
    python = Path(launcher.PYTHON)
    python.unlink()
    python.symlink_to(tmp_path / "python-yang-dihapus")
    assert not launcher.is_ready(with_tests=False)


def point_at(launcher: ModuleType, copy: Copy) -> None:
    """Let the launcher's module believe that it stands in ``copy``."""
    become = {"ROOT": copy.root, "PYTHON": copy.root / ".venv" / "bin" / "python", "STAMP": copy.stamp}
    vars(launcher).update({name: str(path) for name, path in become.items()})


# --- speed ---------------------------------------------------------------------------------------------------------


def quickest(command: list[str | Path], environment: dict[str, str]) -> float:
    """Processor seconds of the quickest of several runs: waiting for a core that other tests use is nobody's cost."""

    def once() -> float:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    return min(once() for _ in range(7))


def test_help_costs_at_most_a_fifth_of_a_second_more_than_python_itself(ready: Copy) -> None:
    environment = ready.environment()
    nothing = quickest([sys.executable, "-c", "pass"], environment)
    launched = quickest([sys.executable, ready.root / "redaksi", "--help"], environment)
    helped = quickest([sys.executable, "-P", "-m", "pipeline", "--help"], environment)
    assert launched - nothing <= 0.1, "the launcher alone"
    assert (launched - nothing) + (helped - nothing) <= 0.2
