"""`manage.py` on a bare Python, in a copy of the project that requires only a small wheel of our own."""

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.processes import BASE_DIR

pytestmark = pytest.mark.once
BARE_PYTHON = str(Path(sys.base_prefix) / "bin" / "python3")
MANAGEMENT = """
import sys
def execute_from_command_line(argv):
    print("running", argv[1:], sys.prefix)
"""

# Debian's Python without python3-pip and python3-venv.
HIDE_PIP = """
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name in {"pip", "ensurepip"} else find(name, *rest)
"""


def wheel(folder: Path, name: str, modules: dict[str, str]) -> str:
    """Write a wheel and return its line for a requirements file, with hash."""
    path = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as file:
        for module, text in modules.items():
            file.writestr(module, text)
        file.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "".join(f"{module},,\n" for module in modules))
    return f"{name} @ file://{path} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "config").mkdir(parents=True)
    for name in ("manage.py", "config/__init__.py", "config/bootstrap.py"):
        shutil.copy(BASE_DIR / name, folder / name)
    django = {
        "django/__init__.py": "",
        "django/core/__init__.py": "",
        "django/core/management/__init__.py": MANAGEMENT,
    }
    run_lock = wheel(tmp_path, "django", django)
    (folder / "requirements.txt").write_text(run_lock)
    (folder / "requirements-dev.txt").write_text(run_lock + wheel(tmp_path, "tool", {"tool.py": ""}))
    return folder


def start(
    project: Path, *arguments: str, python: str = BARE_PYTHON, **variables: str
) -> subprocess.Popen[str]:
    left_out = ("VIRTUAL_ENV", "TRACKER_", "PYTHON", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return subprocess.Popen(
        [python, "manage.py", *arguments],
        cwd=project,
        env={**clean, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(project: Path, *arguments: str, python: str = BARE_PYTHON, **variables: str) -> tuple[int, str, str]:
    process = start(project, *arguments, python=python, **variables)
    out, error = process.communicate(timeout=120)
    return process.returncode, out, error


def installed(project: Path) -> set[str]:
    return {path.name for path in project.glob(".venv/lib/*/site-packages/*.dist-info")}


def test_the_first_run_makes_the_environment_and_the_second_uses_it(project: Path) -> None:
    code, out, error = run(project, "up", "--flag")
    assert code == 0, error
    assert out == f"running ['up', '--flag'] {project / '.venv'}\n"
    assert "preparing" in error
    assert installed(project) == {"django-1.0.dist-info"}
    assert run(project, "up") == (0, f"running ['up'] {project / '.venv'}\n", "")


@pytest.mark.parametrize("command", ["test", "bench"])
def test_what_needs_the_tools_brings_them_and_they_contain_the_rest(project: Path, command: str) -> None:
    assert run(project, command)[0] == 0
    assert installed(project) == {"django-1.0.dist-info", "tool-1.0.dist-info"}
    assert run(project, "up")[2] == ""


def test_the_tools_are_added_to_what_is_there(project: Path) -> None:
    assert run(project, "up")[0] == 0
    marker = project / ".venv" / "marker"
    marker.touch()
    code, _, error = run(project, "test")
    assert (code, "requirements-dev.txt" in error) == (0, True)
    assert marker.exists()
    assert installed(project) == {"django-1.0.dist-info", "tool-1.0.dist-info"}


def test_a_changed_lock_is_installed(project: Path, tmp_path: Path) -> None:
    assert run(project, "up")[0] == 0
    with (project / "requirements.txt").open("a") as file:
        file.write(wheel(tmp_path, "added", {"added.py": ""}))
    assert "preparing" in run(project, "up")[2]
    assert "added-1.0.dist-info" in installed(project)


def test_what_was_left_half_made_is_made_anew(project: Path) -> None:
    assert run(project, "up")[0] == 0
    (project / ".venv" / "unfinished").touch()
    (project / ".venv" / "installed.json").unlink()
    (project / ".venv" / "rubbish").touch()
    assert run(project, "up")[0] == 0
    assert not (project / ".venv" / "rubbish").exists()
    assert not (project / ".venv" / "unfinished").exists()


def test_a_wrong_hash_is_refused(project: Path) -> None:
    lock = project / "requirements.txt"
    lock.write_text(lock.read_text()[:-10] + "0" * 9 + "\n")
    code, out, error = run(project, "up")
    assert (code, out) == (1, "")
    assert "ERROR" in error.splitlines()[-1]
    assert run(project, "up")[0] == 1, "a failed installation must not count as done"


def test_no_network_is_one_line(project: Path) -> None:
    (project / "requirements.txt").write_text(f"absent==1.0 --hash=sha256:{'0' * 64}\n")
    code, _, error = run(project, "up", PIP_INDEX_URL="http://127.0.0.1:1/simple", PIP_RETRIES="0")
    assert code == 1
    assert len(error.splitlines()) == 2
    assert "no connection to the package index" in error.splitlines()[-1]


def test_two_at_once_make_one_environment(project: Path) -> None:
    both = [start(project, "up"), start(project, "test")]
    results = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0], results
    assert installed(project) == {"django-1.0.dist-info", "tool-1.0.dist-info"}
    assert run(project, "test")[2] == ""
    assert run(project, "up")[2] == ""


def test_an_active_environment_without_django_is_left_alone(project: Path) -> None:
    subprocess.run([BARE_PYTHON, "-m", "venv", "--without-pip", str(project / "own")], check=True)
    code, out, error = run(project, "test", python=str(project / "own/bin/python"))
    assert (code, out) == (1, "")
    assert error.count("\n") == 1
    assert "python -m pip install --require-hashes -r requirements-dev.txt" in error
    assert not (project / ".venv").exists()


def test_a_django_that_can_be_imported_is_used(project: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "django-1.0-py3-none-any.whl") as file:
        file.extractall(tmp_path / "elsewhere")
    code, out, error = run(project, "up", PYTHONPATH=str(tmp_path / "elsewhere"))
    assert (code, error) == (0, "")
    assert str(project / ".venv") not in out
    assert not (project / ".venv").exists()


@pytest.mark.parametrize(("command", "lock"), [("up", "requirements.txt"), ("bench", "requirements-dev.txt")])
def test_a_missing_package_is_named_with_the_command_that_brings_it(
    project: Path, tmp_path: Path, command: str, lock: str
) -> None:
    with zipfile.ZipFile(tmp_path / "django-1.0-py3-none-any.whl") as file:
        file.extractall(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/django/core/management/__init__.py").write_text("import celery_is_not_here")
    code, _, error = run(project, command, PYTHONPATH=str(tmp_path / "elsewhere"))
    assert code == 1
    assert error.count("\n") == 1
    assert "'celery_is_not_here' is missing" in error
    assert error.endswith(f" -r {lock}\n")


def test_without_pip_it_is_said_how_to_get_it(project: Path) -> None:
    (project / "config" / "__init__.py").write_text(HIDE_PIP)
    code, _, error = run(project, "up")
    assert code == 1
    assert "pip is missing" in error.splitlines()[-1]
    assert "apt install python3-pip" in error.splitlines()[-1]


def test_an_old_python_is_named(project: Path) -> None:
    code = "import sys; sys.version_info = (3, 9, 2, 'final', 0); import runpy; runpy.run_path('manage.py')"
    done = subprocess.run([BARE_PYTHON, "-c", code], cwd=project, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.startswith("manage.py: Python 3.11 or newer is needed, this is 3.9 (")
    assert done.stderr.count("\n") == 1
