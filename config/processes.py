"""Runs several programs under one foreground command and leaves none behind.

Programs start one after the other, each once the one before is ready, and stop in reverse order. The end
of any of them ends all, but for one that may be missed for a while: that is started again, unless it ends
again and again. Every line they write is passed on behind the program's name.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import FrameType, TracebackType
from typing import IO, Self

ENDING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
POLL_SECONDS = 0.05
MOST_AGAIN = 3  # times within AGAIN_SECONDS that a program is started again
AGAIN_SECONDS = 60
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """One program. Times are in seconds; `is_ready` is asked until it says yes.

    One that `may_end` is started again when it ended by itself.
    """

    name: str
    command: list[str]
    is_ready: Callable[[], bool] = lambda: True
    ready_within: float = 60
    stop_within: float = 20
    environment: Mapping[str, str] = field(default_factory=dict)
    may_end: bool = False


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
        # When each program was started again, in seconds of a clock that only runs forward.
        self._again: dict[str, list[float]] = {}
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
        process = self._launch(program, len(self._running))
        until = time.monotonic() + program.ready_within
        while not program.is_ready():
            self._check_all_run()
            if time.monotonic() > until:
                raise ProgramFailed(f"{program.name} was not ready after {program.ready_within:g} seconds")
            time.sleep(POLL_SECONDS)
        if process.poll() is not None:
            self._check_all_run()

    def watch(self) -> None:
        """Return never: raises ProgramFailed when a program ends that may not or that ends again and again,
        Stopped when a signal asks for the end.
        """
        while True:
            self._check_all_run()
            time.sleep(POLL_SECONDS * 4)

    def _launch(self, program: Program, place: int) -> subprocess.Popen[str]:
        """Start `program` in its place of the order; a signal waits until it is entered there."""
        self._is_guarded = True
        try:
            process = self._open(program)
        except OSError as error:
            raise ProgramFailed(f"{program.name} could not be started: {error}") from error
        else:
            self._running[place : place + 1] = [(program, process)]
        finally:
            self._is_guarded = False
        if self._times_asked:
            raise Stopped
        return process

    def _open(self, program: Program) -> subprocess.Popen[str]:
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
        for place, (program, process) in enumerate(self._running):
            code = process.poll()
            if code is not None:
                self._start_again(place, f"{program.name} ended by itself ({in_words(code)})")

    def _start_again(self, place: int, what: str) -> None:
        """Start the program in this place again. Raises ProgramFailed with `what` where it may not end."""
        program, process = self._running[place]
        before, now = self._again.setdefault(program.name, []), time.monotonic()
        if not program.may_end:
            raise ProgramFailed(what)
        if not may_start_again(before, now):
            raise ProgramFailed(f"{what}, again and again")
        before.append(now)
        kill_group(process.pid)
        self.say(program.name, f"{what}: started again")
        self._launch(program, place)

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


def may_start_again(before: Sequence[float], now: float) -> bool:
    """Whether a program that was started again at these instants (seconds) may be so once more at `now`."""
    return sum(now - each < AGAIN_SECONDS for each in before) < MOST_AGAIN


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
