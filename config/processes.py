"""Runs several programs under one foreground command and leaves none behind.

Programs start one after the other, each once the one before is ready, and stop in reverse order. The end
of any of them ends all. Every line they write is passed on behind the program's name.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import IO, Self

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POLL_SECONDS = 0.05
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """One program. Times are in seconds; `is_ready` is asked until it says yes."""

    name: str
    command: list[str]
    is_ready: Callable[[], bool] = lambda: True
    ready_within: float = 60
    stop_within: float = 20
    environment: Mapping[str, str] = field(default_factory=dict)


class Stopped(BaseException):
    """A signal asked for the end."""


class ProgramFailed(Exception):  # noqa: N818 - it reads as the sentence it carries
    """A program ended by itself, could not be started or never became ready. The text says which."""


class Supervisor:
    """Use as a context manager: on the way out every program is stopped, whatever happened."""

    def __init__(self, out: IO[str], *, width: int = 6) -> None:
        self.out = out
        self.width = width
        self._running: list[tuple[Program, subprocess.Popen[str]]] = []
        self._readers: list[threading.Thread] = []
        self._write_lock = threading.Lock()
        self._is_guarded = False
        self._times_asked = 0
        self._handlers_before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for number in ENDING_SIGNALS:
            self._handlers_before[number] = signal.signal(number, self._asked_to_stop)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop_all()
        for number, handler in self._handlers_before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal() itself returned

    def _asked_to_stop(self, number: int, frame: FrameType | None) -> None:
        self._times_asked += 1
        if not self._is_guarded:
            raise Stopped

    def start(self, program: Program) -> None:
        """Start `program` and return once it is ready. Raises ProgramFailed."""
        self._is_guarded = True
        try:
            process = self._launch(program)
        except OSError as error:
            raise ProgramFailed(f"{program.name} could not be started: {error}") from error
        finally:
            self._is_guarded = False
        if self._times_asked:
            raise Stopped
        until = time.monotonic() + program.ready_within
        while not program.is_ready():
            self._check_all_run()
            if time.monotonic() > until:
                raise ProgramFailed(f"{program.name} was not ready after {program.ready_within:g} seconds")
            time.sleep(POLL_SECONDS)
        if process.poll() is not None:
            self._check_all_run()

    def watch(self) -> None:
        """Return never: raises ProgramFailed when a program ends, Stopped when a signal asks for the end."""
        while True:
            self._check_all_run()
            time.sleep(POLL_SECONDS * 4)

    def _launch(self, program: Program) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            program.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PYTHONUNBUFFERED": "1", **program.environment},
            text=True,
            encoding="utf-8",
            errors="replace",
            # A terminal sends Ctrl-C to its whole group; the programs must stop in order instead.
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - it only makes one system call
        )
        self._running.append((program, process))
        reader = threading.Thread(target=self._pass_on, args=(program.name, process.stdout), daemon=True)
        reader.start()
        self._readers.append(reader)
        return process

    def _pass_on(self, name: str, lines: IO[str]) -> None:
        with lines:
            for line in lines:
                self.say(name, line.rstrip())

    def say(self, name: str, line: str) -> None:
        with self._write_lock:
            try:
                self.out.write(f"{name:<{self.width}} | {line}\n")
                self.out.flush()
            except (OSError, ValueError):
                # Nobody reads any more. The programs must not stand still because of that.
                return

    def _check_all_run(self) -> None:
        for program, process in self._running:
            code = process.poll()
            if code is not None:
                raise ProgramFailed(f"{program.name} ended by itself ({in_words(code)})")

    def _stop_all(self) -> None:
        self._is_guarded = True
        asked_before = self._times_asked
        while self._running:
            program, process = self._running.pop()
            if process.poll() is None:
                process.terminate()
            until = time.monotonic() + program.stop_within
            # A second Ctrl-C means: now.
            while (
                process.poll() is None
                and time.monotonic() < until
                and self._times_asked <= max(1, asked_before)
            ):
                time.sleep(POLL_SECONDS)
            kill_group(process.pid)
            process.wait()
            self.say(program.name, "stopped")
        for reader in self._readers:
            reader.join(timeout=2)


def die_with_parent() -> None:
    """Run in the child before its program: end it even when this process is killed outright."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def kill_group(leader: int) -> None:
    """Kill whatever is left of the process group of `leader`; none left is fine."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def in_words(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
