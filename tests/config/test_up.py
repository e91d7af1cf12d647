"""`manage.py up` as a newcomer meets it: in a terminal, with real processes, ended by a real Ctrl-C."""

import os
import pty
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.support.processes import BASE_DIR, database_url, free_port

pytestmark = [pytest.mark.worker, pytest.mark.redis]


class Terminal:
    """`up` in a pseudo-terminal of its own, as a shell would run it."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.text = ""
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "up"],
            cwd=BASE_DIR,
            env=environment,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: take_terminal(slave),  # noqa: PLW1509 - one system call
        )
        os.close(slave)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return
            self.text += data.decode(errors="replace").replace("\r\n", "\n")

    def wait_for(self, text: str, seconds: float = 90) -> None:
        until = time.monotonic() + seconds
        while text not in self.text:
            assert self.process.poll() is None, self.text
            assert time.monotonic() < until, self.text
            time.sleep(0.05)

    def ctrl_c(self) -> int:
        os.write(self.master, b"\x03")
        return self.process.wait(timeout=60)


def take_terminal(slave: int) -> None:
    import fcntl
    import termios

    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)


def environment_for(folder: Path, **variables: str) -> dict[str, str]:
    ours = ("TRACKER_", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "DJANGO_")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**clean, "TRACKER_VAR_DIR": str(folder), "TRACKER_PORT": str(free_port()), **variables}


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of all processes that were started for this folder."""
    mark = f"TRACKER_VAR_DIR={folder}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (process / "environ").read_bytes().split(b"\0"):
                found.append((process / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


@pytest.fixture
def databases(request: pytest.FixtureRequest) -> dict[str, str]:
    """The variables of this run's kind: nothing on SQLite; a new database and Redis on PostgreSQL."""
    if connection.vendor == "sqlite":
        return {}
    name = f"up_{time.monotonic_ns()}"
    server = database_url().rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as server_connection:
        server_connection.execute(f'CREATE DATABASE "{name}"')
    redis_url = request.getfixturevalue("empty_queue")
    return {"DATABASE_URL": f"{server}/{name}", "REDIS_URL": redis_url, "TRACKER_DEMO": "1"}


@contextmanager
def running(environment: dict[str, str]) -> Iterator[Terminal]:
    terminal = Terminal(environment)
    try:
        terminal.wait_for("Ctrl-C")
        yield terminal
    finally:
        if terminal.process.poll() is None:
            terminal.process.terminate()
            terminal.process.wait(timeout=60)
        os.close(terminal.master)


def up_once(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "up"],
        cwd=BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def page(environment: dict[str, str], path: str) -> str:
    with urllib.request.urlopen(
        f"http://127.0.0.1:{environment['TRACKER_PORT']}{path}", timeout=20
    ) as answer:
        return str(answer.read().decode())


def log_in(environment: dict[str, str], name: str, password: str) -> str:
    """Return the page that a login with these words leads to."""
    address = f"http://127.0.0.1:{environment['TRACKER_PORT']}/admin/login/?next=/admin/"
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    form = opener.open(address, timeout=20).read().decode()
    token = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)[0]
    words = urlencode(
        {"csrfmiddlewaretoken": token, "username": name, "password": password, "next": "/admin/"}
    )
    return str(opener.open(address, words.encode(), timeout=20).read().decode())


def test_up_serves_everything_and_ctrl_c_leaves_nothing(tmp_path: Path, databases: dict[str, str]) -> None:
    environment = environment_for(tmp_path, **databases)
    with running(environment) as terminal:
        assert page(environment, "/healthz") == "ok\n"
        assert "<html" in page(environment, "/")
        logins = dict(line.split() for line in (tmp_path / "demo-login.txt").read_text().splitlines())
        assert set(logins) == {"demo", "colleague"}
        assert (tmp_path / "demo-login.txt").stat().st_mode & 0o777 == 0o600
        for name, password in logins.items():
            assert f"New login    {name}  {password}" in terminal.text
            assert 'action="/admin/logout/"' in log_in(environment, name, password)
        again = up_once(environment)
        assert (again.returncode, len(again.stderr.splitlines())) == (1, 1)
        assert f"already running (process {terminal.process.pid}" in again.stderr
        assert terminal.ctrl_c() == 0
        stopped = re.findall(r"(\w+) +\| stopped", terminal.text)
        assert stopped == ["beat", "worker", "web", *([] if databases else ["redis"])]
    assert processes_of(tmp_path) == []
    with running(environment) as terminal:
        assert "New login" not in terminal.text
        assert "demo-login.txt" in terminal.text
        assert 'action="/admin/logout/"' in log_in(environment, "demo", logins["demo"])
        assert terminal.ctrl_c() == 0
    assert processes_of(tmp_path) == []


@pytest.mark.once
def test_kill_9_of_up_leaves_no_orphan(tmp_path: Path) -> None:
    environment = environment_for(tmp_path)
    with running(environment) as terminal:
        assert len(processes_of(tmp_path)) >= 4
        terminal.process.send_signal(signal.SIGKILL)
        terminal.process.wait()
        until = time.monotonic() + 30
        while processes_of(tmp_path):
            assert time.monotonic() < until, processes_of(tmp_path)
            time.sleep(0.1)


@pytest.mark.once
def test_the_death_of_a_child_ends_all_with_exit_code_1(tmp_path: Path) -> None:
    environment = environment_for(tmp_path)
    with running(environment) as terminal:
        beat = next(pid for pid in children_of(terminal.process.pid) if " beat " in command_of(pid))
        os.kill(beat, signal.SIGKILL)
        assert terminal.process.wait(timeout=60) == 1
        assert "beat ended by itself (signal SIGKILL)" in terminal.text
    assert processes_of(tmp_path) == []


@pytest.mark.once
def test_a_redis_that_is_killed_is_started_again_and_pages_are_served(tmp_path: Path) -> None:
    environment = environment_for(tmp_path)
    with running(environment) as terminal:
        found = next(pid for pid in children_of(terminal.process.pid) if "redis-server" in command_of(pid))
        os.kill(found, signal.SIGKILL)
        terminal.wait_for("redis ended by itself (signal SIGKILL): started again")
        with urllib.request.urlopen(f"http://127.0.0.1:{environment['TRACKER_PORT']}/") as answer:
            assert answer.status == 200
        again = [pid for pid in children_of(terminal.process.pid) if "redis-server" in command_of(pid)]
        assert len(again) == 1
        assert again != [found]
        assert terminal.ctrl_c() == 0
    assert processes_of(tmp_path) == []


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


@pytest.mark.once
def test_a_port_in_use_is_one_line_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = up_once(environment_for(tmp_path, TRACKER_PORT=str(port)))
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert f"Port {port} is in use by another program. Choose another:  TRACKER_PORT=" in done.stderr


@pytest.mark.once
@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"TRACKER_PORT": "http"}, "TRACKER_PORT is 'http', which is not a whole number from 1 to 65535"),
        ({"REDIS_URL": "redis://127.0.0.1:1/0"}, "The Redis of REDIS_URL does not answer"),
        (
            {"DATABASE_URL": "postgres://a:secret@127.0.0.1:1/x"},
            "The database of DATABASE_URL does not answer",
        ),
        ({"DATABASE_URL": "mysql://a:secret@127.0.0.1/x"}, "DATABASE_URL cannot be used"),
    ],
)
def test_what_cannot_work_is_said_before_anything_starts(
    variables: dict[str, str], words: str, tmp_path: Path
) -> None:
    done = up_once(environment_for(tmp_path, **variables))
    assert done.returncode == 1
    assert done.stdout == ""
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr


def test_the_embedded_redis_is_where_the_settings_say(redis_url: str) -> None:
    assert redis_url == settings.EMBEDDED_REDIS_URL
