"""Real processes for tests: Redis, a Celery worker, beat. On the database and the Redis of this test run."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from django.conf import settings
from django.db import connection

from config import programs
from config.processes import Program, die_with_parent, kill_group
from config.redis_server import EmbeddedRedis

BASE_DIR = Path(__file__).resolve().parents[2]


class Running:
    """A started program whose output goes to a file. `kill` is `kill -9` for it and all its children."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.log = Path(settings.VAR_DIR) / f"{program.name}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                program.command,
                cwd=BASE_DIR,
                env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509 - it only makes one system call
            )
        try:
            self.wait_until(program.is_ready, f"{program.name} is ready", program.ready_within)
        except BaseException:
            self.kill()
            raise

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until(self, holds: Callable[[], bool], what: str, seconds: float = 30) -> None:
        """Wait for `holds`; fail with the program's output when it ends or takes longer than `seconds`."""
        until = time.monotonic() + seconds
        while not holds():
            if self.process.poll() is not None:
                raise AssertionError(f"{self.program.name} ended before: {what}\n{self.output}")
            if time.monotonic() > until:
                raise AssertionError(f"not after {seconds:g} seconds: {what}\n{self.output}")
            time.sleep(0.05)

    def kill(self) -> None:
        kill_group(self.process.pid)
        self.process.wait()

    def pause(self) -> None:
        """Stop the whole group from running (SIGSTOP) without ending it."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def resume(self) -> None:
        os.killpg(self.process.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Ask it to end, as Ctrl-C of `up` does, and wait; kill what is left after its time."""
        if self.process.poll() is None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=self.program.stop_within)
        self.kill()


def database_url() -> str:
    """Return the DATABASE_URL of the database that this test runs on."""
    found = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{found['NAME']}"
    login = quote(found["USER"], safe="")
    if found["PASSWORD"]:
        login += ":" + quote(found["PASSWORD"], safe="")
    port = f":{found['PORT']}" if found["PORT"] else ""
    return f"postgres://{login}@{quote(found['HOST'] or 'localhost', safe='')}{port}/{found['NAME']}"


def child_environment(overrides: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what a process of this test run needs to know: its database, and a log worth reading."""
    return {"DATABASE_URL": database_url(), "TRACKER_LOG_LEVEL": "INFO", **(overrides or {})}


@contextmanager
def redis_server() -> Iterator[Running]:
    """Run the embedded Redis of this test run: the one that `settings.BROKER_URL` names."""
    with run(programs.redis_program(EmbeddedRedis(settings.VAR_DIR))) as running:
        yield running


@contextmanager
def celery_worker(overrides: Mapping[str, str] | None = None, *, processes: int = 2) -> Iterator[Running]:
    """Run a real worker, ready when the block begins and stopped after it. `overrides` are variables."""
    program = programs.worker_program(environment=child_environment(overrides), processes=processes)
    with run(program) as running:
        yield running


@contextmanager
def celery_beat(overrides: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run a real beat. TRACKER_TICK_SECONDS among the `overrides` makes it quicker."""
    program = programs.beat_program(settings.VAR_DIR, environment=child_environment(overrides))
    with run(program) as running:
        yield running


@contextmanager
def web_server(overrides: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run the web server on a free port of loopback, and yield the port."""
    port = free_port()
    program = programs.web_program(port)
    with run(replace(program, environment=child_environment(overrides))):
        yield port


@contextmanager
def run(program: Program) -> Iterator[Running]:
    """Run `program`, ready when the block begins and stopped after it."""
    running = Running(program)
    try:
        yield running
    finally:
        running.stop()


def free_port() -> int:
    """Return a port of loopback on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
