"""Makes `.venv` from the hash-pinned requirements and continues in it. Standard library only.

Nothing happens when Django can be imported already, or when a virtual environment is active: then the
environment is somebody's own choice.
"""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

BASE_DIR = Path(__file__).resolve().parent.parent
RUN_LOCK = "requirements.txt"
DEV_LOCK = "requirements-dev.txt"
NETWORK_SIGNS = (
    "NewConnectionError",
    "ConnectTimeoutError",
    "name resolution",
    "Connection refused",
    # What is left of it when pip may not retry: an index that answers lists what it has.
    "from versions: none",
    "ReadTimeout",
)


def ensure_environment(argv: list[str]) -> None:
    """Return when this process can run the project, else continue in `.venv` or exit with one clear line."""
    if find_spec("django"):
        return
    lock = wanted_lock(argv)
    if sys.prefix != sys.base_prefix:
        stop(f"a virtual environment is active, but Django is not in it. Run:  {pip_command(lock)}")
    venv = Path(os.environ.get("TRACKER_VENV") or BASE_DIR / ".venv")
    if not is_current(venv, lock):
        with only_one(venv):
            if not is_current(venv, lock):
                build(venv, lock)
    python = str(venv / "bin" / "python")
    os.execv(python, [python, *argv])


def wanted_lock(argv: list[str]) -> str:
    # Both measure with tools that a server has no use for.
    return DEV_LOCK if argv[1:2] in (["test"], ["bench"]) else RUN_LOCK


def pip_command(lock: str) -> str:
    return f"python -m pip install --require-hashes -r {lock}"


def explain_missing(error: ModuleNotFoundError, argv: list[str]) -> None:
    """Exit with the command that mends it when a package is missing; return when the fault is our own."""
    name = (error.name or "").partition(".")[0]
    if name and not (BASE_DIR / name).exists():
        stop(f"the package {name!r} is missing from this environment. Run:  {pip_command(wanted_lock(argv))}")


def digest(lock: str) -> str:
    return hashlib.sha256((BASE_DIR / lock).read_bytes()).hexdigest()


def stamp_of(venv: Path) -> dict[str, str]:
    """Return what was installed into `venv`: lock name -> SHA-256, and the Python it was made by."""
    try:
        return dict(json.loads((venv / "installed.json").read_text(encoding="ascii")))
    except (OSError, ValueError):
        return {}


def is_current(venv: Path, lock: str) -> bool:
    """Whether `venv` holds what `lock` asks for. The development lock contains the run lock."""
    stamp = stamp_of(venv)
    return (
        stamp.get(lock) == digest(lock)
        and stamp.get("python") == python_version()
        and (venv / "bin" / "python").exists()
    )


def python_version() -> str:
    return ".".join(map(str, sys.version_info[:2]))


@contextmanager
def only_one(venv: Path) -> Iterator[None]:
    """Hold the lock file beside `venv`; a second process waits for the first."""
    import fcntl

    try:
        file = venv.with_name(venv.name + ".lock").open("w")
    except OSError as error:
        stop(f"cannot write beside {venv}: {error.strerror}. Make the folder writable for this user.")
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another manage.py is preparing the environment, waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def build(venv: Path, lock: str) -> None:
    """Install `lock` into `venv`, made anew where it is missing, half made or from another Python."""
    unfinished = venv / "unfinished"
    stamp = stamp_of(venv)
    is_usable = (venv / "bin" / "python").exists() and stamp.get(
        "python", python_version()
    ) == python_version()
    say(f"preparing {venv} from {lock} (once, about 20 seconds)")
    if unfinished.exists() or not is_usable:
        stamp = {}
        run(
            [
                sys.executable,
                "-m",
                "venv",
                "--clear",
                *([] if not find_spec("pip") else ["--without-pip"]),
                str(venv),
            ]
        )
    try:
        unfinished.touch()
        (venv / "installed.json").unlink(missing_ok=True)
    except OSError as error:
        stop(f"cannot write to {venv}: {error.strerror}. Remove it, or run as the user that owns it.")
    install(venv, lock)
    stamp = {"python": python_version(), lock: digest(lock)}
    if lock == DEV_LOCK:
        stamp[RUN_LOCK] = digest(RUN_LOCK)
    (venv / "installed.json").write_text(json.dumps(stamp), encoding="ascii")
    unfinished.unlink()


def install(venv: Path, lock: str) -> None:
    python = str(venv / "bin" / "python")
    # Debian refuses `--python` after `install` as "externally managed".
    pip = [sys.executable, "-m", "pip", "--python", python] if find_spec("pip") else [python, "-m", "pip"]
    options = [
        "--quiet",
        "--no-input",
        "--disable-pip-version-check",
        "--no-compile",
        "--require-hashes",
    ]
    run([*pip, "install", *options, "-r", str(BASE_DIR / lock)])


def run(command: list[str]) -> None:
    """Run one step; its failure is explained in one line."""
    if command[1:3] == ["-m", "venv"] and not find_spec("pip") and not find_spec("ensurepip"):
        stop("pip is missing. Install it (Debian and Ubuntu: apt install python3-pip) and run this again.")
    environment = os.environ | {"PIP_USER": "0", "PIP_ROOT_USER_ACTION": "ignore"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        output = f"{done.stdout}\n{done.stderr}".strip()
        if any(sign in output for sign in NETWORK_SIGNS):
            stop("the packages could not be fetched: no connection to the package index. Check the network.")
        errors = [line for line in output.splitlines() if line.startswith("ERROR")]
        stop(f"the environment could not be made: {(errors or output.splitlines() or ['no output'])[-1]}")


def say(line: str) -> None:
    print(f"manage.py: {line}", file=sys.stderr, flush=True)


def stop(line: str) -> NoReturn:
    sys.exit(f"manage.py: {line}")
