"""The supervisor with small programs: order, readiness, death, signals, and nothing left behind."""

import io
import os
import signal
import sys
import threading
import time
from pathlib import Path

import pytest

from config.processes import (
    AGAIN_SECONDS,
    MOST_AGAIN,
    Program,
    ProgramFailed,
    Stopped,
    Supervisor,
    may_start_again,
)

pytestmark = pytest.mark.once
WAIT = "import time; time.sleep(60)"
# Ends politely, a little late, and leaves a mark with its name when it does.
POLITE = """
import signal, sys, time
def end(*_):
    open(sys.argv[1], "a").write(sys.argv[2] + "\\n")
    sys.exit(0)
signal.signal(signal.SIGTERM, end)
print("up and", sys.argv[2], flush=True)
time.sleep(60)
"""
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""
# A grandchild in the same group, which nobody but the group's killer knows.
PARENT = """
import subprocess, time
print(subprocess.Popen(["sleep", "61"]).pid, flush=True)
time.sleep(60)
"""


def python(name: str, code: str, *arguments: str, **options: float) -> Program:
    return Program(name, [sys.executable, "-c", code, *arguments], **options)  # type: ignore[arg-type]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except FileNotFoundError:
        return False


def wait_for(text: str, out: io.StringIO) -> None:
    until = time.monotonic() + 20
    while text not in out.getvalue():
        assert time.monotonic() < until, out.getvalue()
        time.sleep(0.02)


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


def test_programs_stop_in_reverse_order(tmp_path: Path, out: io.StringIO) -> None:
    marks = tmp_path / "marks"
    with Supervisor(out) as supervisor:
        for name in ("first", "second", "third"):
            supervisor.start(python(name, POLITE, str(marks), name))
            wait_for(f"up and {name}", out)
    assert marks.read_text().split() == ["third", "second", "first"]
    assert "first  | up and first" in out.getvalue()


def test_the_next_program_waits_for_the_one_before(tmp_path: Path, out: io.StringIO) -> None:
    flag = tmp_path / "flag"
    code = f"import time; time.sleep(0.5); open({str(flag)!r}, 'w'); time.sleep(60)"
    with Supervisor(out) as supervisor:
        supervisor.start(Program("slow", [sys.executable, "-c", code], is_ready=flag.exists))
        assert flag.exists()


def test_a_program_that_is_never_ready_is_named(out: io.StringIO) -> None:
    program = Program("lazy", ["sleep", "60"], is_ready=lambda: False, ready_within=0.2)
    with pytest.raises(ProgramFailed, match="lazy was not ready after"), Supervisor(out) as supervisor:
        supervisor.start(program)


def test_a_program_that_does_not_exist_is_named(out: io.StringIO) -> None:
    with pytest.raises(ProgramFailed, match="ghost could not be started"), Supervisor(out) as supervisor:
        supervisor.start(Program("ghost", ["/nonexistent/program"]))


@pytest.mark.parametrize(
    ("code", "words"),
    [("raise SystemExit(7)", "exit code 7"), ("import os; os.kill(os.getpid(), 9)", "signal SIGKILL")],
)
def test_the_death_of_one_ends_all_and_is_named(code: str, words: str, out: io.StringIO) -> None:
    with (
        pytest.raises(ProgramFailed, match=f"mortal ended by itself .{words}"),
        Supervisor(out) as supervisor,
    ):
        supervisor.start(python("other", WAIT))
        supervisor.start(python("mortal", code))
        supervisor.watch()
    assert "other  | stopped" in out.getvalue()


def test_one_that_may_end_is_started_again_in_its_place(tmp_path: Path, out: io.StringIO) -> None:
    marks, flag = tmp_path / "marks", tmp_path / "flag"
    # It ends once by itself, and is polite from then on.
    once = f"import os, pathlib\nflag = pathlib.Path({str(flag)!r})\nif not flag.exists():"
    code = f"{once} flag.touch(); os._exit(7)\n{POLITE}"

    def stop_when_both_are_up() -> None:
        wait_for("up and first", out)
        wait_for("up and second", out)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=stop_when_both_are_up).start()
    with pytest.raises(Stopped), Supervisor(out) as supervisor:
        supervisor.start(python("first", code, str(marks), "first", may_end=True))
        supervisor.start(python("second", POLITE, str(marks), "second"))
        supervisor.watch()
    assert marks.read_text().split() == ["second", "first"]
    assert out.getvalue().count("first  | first ended by itself (exit code 7): started again\n") == 1


def test_one_that_ends_again_and_again_ends_all(out: io.StringIO) -> None:
    words = "mortal ended by itself .exit code 7., again and again"
    with pytest.raises(ProgramFailed, match=words), Supervisor(out) as supervisor:
        supervisor.start(python("other", WAIT))
        supervisor.start(python("mortal", "raise SystemExit(7)", may_end=True))
        supervisor.watch()
    assert out.getvalue().count("started again") == MOST_AGAIN
    assert "other  | stopped" in out.getvalue()


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], True),
        ([59.0] * (MOST_AGAIN - 1), True),
        ([59.0] * MOST_AGAIN, False),
        ([0.001] * MOST_AGAIN, False),
        ([0.0] * MOST_AGAIN, True),
        ([0.001] + [5.0] * (MOST_AGAIN - 1), False),
        ([0.0] + [5.0] * (MOST_AGAIN - 1), True),
        ([-0.001] + [5.0] * (MOST_AGAIN - 1), True),
        ([-100.0] * 50, True),
    ],
)
def test_how_often_one_may_be_started_again(before: list[float], expected: bool) -> None:
    """A program that was started again at second 0 is asked about when that just ceases to count."""
    assert may_start_again(before, AGAIN_SECONDS) is expected


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_asks_for_the_end(number: signal.Signals, out: io.StringIO) -> None:
    before = signal.getsignal(number)
    threading.Timer(0.3, os.kill, (os.getpid(), number)).start()
    with pytest.raises(Stopped), Supervisor(out) as supervisor:
        supervisor.start(python("web", WAIT))
        supervisor.watch()
    assert "web    | stopped" in out.getvalue()
    assert signal.getsignal(number) is before


def test_a_deaf_program_is_killed_after_its_time(out: io.StringIO) -> None:
    with Supervisor(out) as supervisor:
        supervisor.start(python("deaf", DEAF, stop_within=0.3))
        wait_for("deaf   | deaf", out)
        begun = time.monotonic()
    assert 0.3 <= time.monotonic() - begun < 10


def test_a_second_ctrl_c_does_not_wait(out: io.StringIO) -> None:
    timers = [threading.Timer(delay, os.kill, (os.getpid(), signal.SIGINT)) for delay in (0.3, 0.8)]
    begun = time.monotonic()
    with pytest.raises(Stopped), Supervisor(out) as supervisor:
        supervisor.start(python("deaf", DEAF, stop_within=40))
        wait_for("deaf   | deaf", out)
        for timer in timers:
            timer.start()
        supervisor.watch()
    assert time.monotonic() - begun < 20


def test_grandchildren_are_killed_too(out: io.StringIO) -> None:
    with Supervisor(out) as supervisor:
        supervisor.start(python("parent", PARENT))
        wait_for("parent | ", out)
        grandchild = int(out.getvalue().split("|")[1])
        assert is_running(grandchild)
    # A kill is only delivered here; the kernel carries it out when the process next gets its turn.
    until = time.monotonic() + 20
    while is_running(grandchild):
        assert time.monotonic() < until
        time.sleep(0.02)


def test_nobody_reading_does_not_stop_the_programs() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as closed:
        with Supervisor(closed) as supervisor:
            supervisor.start(python("loud", "print('x' * 100_000, flush=True); " + WAIT))
            time.sleep(0.2)
            supervisor.start(python("other", "pass; " + WAIT))
        os.dup2(os.open(os.devnull, os.O_WRONLY), closed.fileno())


def test_output_that_is_no_text_is_passed_on(out: io.StringIO) -> None:
    code = (
        "import sys, time; sys.stdout.buffer.write(b'\\xff\\xfe end\\n'); sys.stdout.flush(); time.sleep(60)"
    )
    with Supervisor(out) as supervisor:
        supervisor.start(python("odd", code))
        wait_for("end", out)
