"""A private PostgreSQL server for one test run, made from installed binaries and removed afterwards.

PostgreSQL refuses to run as root; then it runs as `postgres`, else as `nobody`. It listens on a unix socket
in a folder of its own only, and keeps nothing safe on disk: speed is all that counts here.
"""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

HOW_TO_GET = (
    "set TEST_DATABASE_URL=postgres://USER:PASSWORD@HOST/NAME (the user may create databases), "
    "or install the server (Debian and Ubuntu: apt install postgresql)"
)
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "jit=off",
    "max_connections=50",
    "shared_buffers=64MB",
    "listen_addresses=",
)
# What PostgreSQL's own documents advise for a server with 4 GB of memory and a solid-state disk.
LIKE_PRODUCTION = ("shared_buffers=1GB", "effective_cache_size=3GB", "random_page_cost=1.1")
READY_SECONDS = 30


def find_binaries() -> Path | None:
    """Return the folder that holds `initdb` and `postgres`, the newest version first, else None."""
    on_path = shutil.which("initdb")
    installed = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"),
        key=lambda path: int(path.parts[-3]),
        reverse=True,
    )
    for initdb in [*([Path(on_path).resolve()] if on_path else []), *installed]:
        if (initdb.parent / "postgres").exists():
            return initdb.parent
    return None


def server_user() -> pwd.struct_passwd:
    """Return whom the server runs as: this user, or a lesser one when this is root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


@contextmanager
def private_cluster(binaries: Path, settings: Sequence[str] = ()) -> Iterator[str]:
    """Run a fresh server and yield its DATABASE_URL. Raises RuntimeError when it does not start.

    `settings`, such as "work_mem=8MB", come after those that make it fast.
    """
    user = server_user()
    # A short path: it will hold a unix socket. Not TMPDIR, which may be closed to the lesser user.
    folder = Path(tempfile.mkdtemp(prefix="pledge-pg-", dir="/tmp"))
    os.chown(folder, user.pw_uid, user.pw_gid)
    try:
        _initialise(binaries, folder, user)
        server = _start(binaries, folder, user, settings)
        try:
            yield f"postgres://tests@{quote(str(folder), safe='')}/postgres"
        finally:
            # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
            server.send_signal(signal.SIGINT)
            try:
                server.wait(timeout=20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _as_user(user: pwd.struct_passwd) -> dict[str, int | list[int]]:
    if os.geteuid() != 0:
        return {}
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


def _initialise(binaries: Path, folder: Path, user: pwd.struct_passwd) -> None:
    done = subprocess.run(
        [
            str(binaries / "initdb"),
            "--pgdata",
            str(folder / "data"),
            "--username",
            "tests",
            "--auth",
            "trust",
            "--encoding",
            "UTF8",
            "--locale",
            "C.UTF-8",
            "--no-sync",
        ],
        cwd=folder,
        env=_environment(folder),
        capture_output=True,
        text=True,
        check=False,
        **_as_user(user),  # type: ignore[call-overload]  # keywords that depend on who runs this
    )
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()}")


def _start(
    binaries: Path, folder: Path, user: pwd.struct_passwd, settings: Sequence[str]
) -> subprocess.Popen[bytes]:
    log = folder / "log"
    in_force = (*FAST, *settings, f"unix_socket_directories={folder}")
    options = [word for setting in in_force for word in ("-c", setting)]
    with log.open("wb") as output:
        server: subprocess.Popen[bytes] = subprocess.Popen(
            [str(binaries / "postgres"), "-D", str(folder / "data"), *options],
            cwd=folder,
            env=_environment(folder),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **_as_user(user),  # type: ignore[call-overload]  # see above
        )
    until = time.monotonic() + READY_SECONDS
    while not _is_ready(binaries, folder):
        if server.poll() is not None or time.monotonic() > until:
            server.kill()
            server.wait()
            raise RuntimeError(f"PostgreSQL did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)
    return server


def _is_ready(binaries: Path, folder: Path) -> bool:
    command = [str(binaries / "pg_isready"), "--host", str(folder), "--quiet"]
    return subprocess.run(command, env=_environment(folder), check=False).returncode == 0
