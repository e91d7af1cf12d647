"""Delivery with all its book-keeping, by one worker and by two, against a bare smtplib loop."""

import os
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection

from tests.benchmarks import fan_out, subscribers
from tests.benchmarks.filling import NOW, tidy
from tests.benchmarks.sender import BARE, TRACKER
from tests.benchmarks.timing import Timed
from tests.support.fast_sink import HOW_TO_GET, fast_sink, find
from tracker.alerts.models import Alert, AlertKind, AlertState
from tracker.alerts.telling import queue_for_subscribers

ROUNDS = 5
MAILS = 4_000


def measure(mails: int, say: Callable[[str], object]) -> None:
    """Print how fast `mails` messages go out, as a share of the rate of the bare loop."""
    program = find()
    if program is None:
        say(f"  delivery: not measured, no smtp-sink here: {HOW_TO_GET}")
        return
    event = fan_out.an_event()
    subscribers.grow_to(mails)
    Alert.objects.all().delete()
    queue_for_subscribers(event, AlertKind.OVERDUE, now=NOW)
    jobs = {"bare": [BARE], "one": [TRACKER], "two": [TRACKER, TRACKER]}
    seconds: dict[str, list[float]] = {name: [] for name in jobs}
    with fast_sink(program) as port:
        for turn in range(ROUNDS + 1):
            for name, senders in jobs.items():
                queue_again()
                took = run(senders, port, mails)
                if turn:
                    seconds[name].append(took)
    timed = {name: Timed(values) for name, values in seconds.items()}
    say(
        f"  delivery of {mails:,} mails: bare smtplib {mails / timed['bare'].middle:,.0f} a second;"
        f" one worker {mails / timed['one'].middle:,.0f} = {timed['bare'].over(timed['one'])} of it,"
        f" two workers {mails / timed['two'].middle:,.0f} = {timed['bare'].over(timed['two'])}"
    )


def queue_again() -> None:
    Alert.objects.update(
        state=AlertState.QUEUED, claim="", claimable_at=NOW, attempts=0, first_tried_at=None, sent_at=None
    )
    tidy()
    connection.close()


def run(senders: list[str], port: int, mails: int) -> float:
    """Return the seconds from the starting signal to the end of the last sender."""
    environment = os.environ | {"EMAIL_URL": f"smtp://127.0.0.1:{port}"}
    started = [
        subprocess.Popen(  # noqa: S603 - this Python, and words of this file
            [sys.executable, "-m", "tests.benchmarks.sender", how, str(mails)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
            cwd=settings.BASE_DIR,
        )
        for how in senders
    ]
    for each in started:
        if each.stdout is None or each.stdout.readline() != "ready\n":
            raise RuntimeError("a sender did not start")
    start = time.perf_counter()
    for each in started:
        if each.stdin is not None:
            each.stdin.write("go\n")
            each.stdin.flush()
    sent = sum(int(each.stdout.readline()) for each in started if each.stdout is not None)
    took = time.perf_counter() - start
    for each in started:
        each.communicate()
    if sent != mails:
        raise fan_out.NotComparableError(f"{sent} of {mails} mails were sent")
    return took
