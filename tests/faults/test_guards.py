"""Each guard of delivery with its negative control: the guard switched off, the same assertions must fail.

A kill is played by an exception that nothing catches; tests/faults/test_kill.py does it to real processes.
"""

import itertools
import re
import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from tests.alerts.conftest import DESK, queue
from tests.alerts.events import NOW, extend, overdue_pledge
from tests.support.smtp_sink import DROP, Sink
from tracker.alerts import claims, deliver, emails, fan_out, mails
from tracker.alerts.models import Alert, AlertState
from tracker.alerts.outcomes import Attempt

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
LEASE = timedelta(seconds=300)


class Killed(BaseException):
    """The process is gone: nothing after this line ran."""


def drain(now: datetime = NOW) -> None:
    deliver.drain(now=now, clock=lambda: now)


def sent() -> int:
    return Alert.objects.filter(state=AlertState.SENT).count()


@contextmanager
def during_send(
    *, before: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None
) -> Iterator[None]:
    """Run something just before, or just after, a message is handed over."""
    send = emails.Mailer.send

    def wrapped(mailer: emails.Mailer, mail: mails.Mail, *, now: datetime) -> Attempt:
        before()
        attempt = send(mailer, mail, now=now)
        after()
        return attempt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emails.Mailer, "send", wrapped)
        yield


def on_call(number: int, act: Callable[[], None]) -> Callable[[], None]:
    calls = itertools.count(1)
    return lambda: act() if next(calls) == number else None


def die() -> None:
    raise Killed


def killed_before_the_mark(sink: Sink) -> None:
    """Five messages; the worker dies when the third was accepted but not marked."""
    queue(5)
    with during_send(after=on_call(3, die)), pytest.raises(Killed):
        drain()
    drain(NOW + LEASE)
    assert sent() == 5
    assert len(set(sink.message_ids)) == 5
    assert len(sink.message_ids) <= 6


def killed_before_the_send(sink: Sink) -> None:
    """Five messages; the worker dies when it was about to hand over the third."""
    queue(5)
    with during_send(before=on_call(3, die)), pytest.raises(Killed):
        drain()
    drain(NOW + LEASE)
    assert sent() == 5
    assert len(sink.message_ids) == len(set(sink.message_ids)) == 5


def two_at_once(sink: Sink) -> None:
    """While the first is at its first message, a second looks for work."""
    queue(3)
    with during_send(before=on_call(1, drain)):
        drain()
    assert sent() == 3
    assert len(sink.message_ids) == 3


def stalled_beyond_its_lease(sink: Sink) -> None:
    """The first stands still in its first message until a second has taken all over."""
    queue(3)
    with during_send(before=on_call(1, lambda: drain(NOW + LEASE))):
        drain()
    assert sent() == 3
    assert len(set(sink.message_ids)) == 3
    # The one that was in its hands may come twice; none of the others does.
    assert len(sink.message_ids) <= 4


def slow_but_alive(sink: Sink) -> None:
    """A second looks for work seven seconds after each message began; half a second goes by at every step."""
    queue(2)
    steps = itertools.count(1)
    now = NOW

    def clock() -> datetime:
        nonlocal now
        now = NOW + timedelta(seconds=next(steps) / 2)
        return now

    taken: list[int] = []

    def look() -> None:
        taken.extend(claims.claim(now=now + timedelta(seconds=7), limit=9).alert_ids)

    with pytest.MonkeyPatch.context() as patch, during_send(before=look):
        patch.setattr(claims, "lease", lambda: timedelta(seconds=10))
        deliver.drain(now=NOW, clock=clock)
    assert taken == []
    assert sent() == 2


def extended_meanwhile(sink: Sink) -> None:
    pledge, event = overdue_pledge()
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    extend(pledge)
    drain()
    assert sink.message_ids == []


def answer_always_lost(sink: Sink) -> None:
    queue()
    sink.on["MESSAGE"] = lambda _message_id: DROP
    for hour in range(5):
        drain(NOW + timedelta(hours=hour))
    assert len(sink.message_ids) == 2
    assert Alert.objects.get().state == AlertState.HELD


def one_poisonous(sink: Sink) -> None:
    first, *_rest = queue(3)
    Alert.objects.filter(pk=first.pk).update(recipient="x\r\nBcc: all@ngo.example")
    try:
        drain()
    except ValueError as error:
        raise AssertionError("one recipient stopped the batch") from error
    assert sink.recipients == [DESK, DESK]


@dataclass(frozen=True)
class Guard:
    """What keeps a scenario's promise, how to switch it off, and which assertion must fail then."""

    name: str
    scenario: Callable[[Sink], None]
    switch_off: Callable[[pytest.MonkeyPatch], None]
    fails: str


def without_takeover(patch: pytest.MonkeyPatch) -> None:
    for vendor, sql in claims.CLAIM.items():
        patch.setitem(claims.CLAIM, vendor, sql.replace("state IN ('queued', 'sending')", "state = 'queued'"))


def without_lease(patch: pytest.MonkeyPatch) -> None:
    lawless = "(claimable_at <= %s OR state = 'sending')"
    for vendor, sql in claims.CLAIM.items():
        patch.setitem(claims.CLAIM, vendor, sql.replace("claimable_at <= %s", lawless))


def without_token(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claims, "_held", lambda _held: Alert.objects.all())


def without_mark_per_message(patch: pytest.MonkeyPatch) -> None:
    """Marks are written after the batch, as one would to save statements."""
    settle, deliver_batch = deliver._Run.settle, deliver._Run.deliver_batch
    marks: list[tuple[Any, ...]] = []

    def batch_then_marks(run: Any, held: claims.Claim) -> bool:
        marks.clear()
        goes_on = deliver_batch(run, held)
        for mark in marks:
            settle(*mark)
        return goes_on

    patch.setattr(deliver._Run, "settle", lambda *args: marks.append(args))
    patch.setattr(deliver._Run, "deliver_batch", batch_then_marks)


def without_stable_message_id(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(mails, "message_id", lambda _alert_id, _word: f"<{uuid4()}@pledges.example>")


def without_renewal(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claims, "renew", lambda _held, **_now: None)


def without_recheck(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(deliver, "reason_to_cancel", lambda _alert, **_now: "")


def without_knowing_of_the_hand_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(emails, "LostAfterHandOver", smtplib.SMTPServerDisconnected)


def without_judgement(patch: pytest.MonkeyPatch) -> None:
    def pass_on(error: Exception, **_facts: Any) -> Attempt:
        raise error

    patch.setattr(emails, "judge", pass_on)


GUARDS = [
    Guard("takeover", killed_before_the_send, without_takeover, "2 == 5"),
    Guard("takeover, accepted", killed_before_the_mark, without_takeover, "2 == 5"),
    Guard("mark per message", killed_before_the_mark, without_mark_per_message, "8 <= 6"),
    Guard("stable Message-ID", killed_before_the_mark, without_stable_message_id, "6 == 5"),
    Guard("lease", two_at_once, without_lease, "4 == 3"),
    Guard("token", stalled_beyond_its_lease, without_token, "6 <= 4"),
    Guard("renewal", slow_but_alive, without_renewal, r"== \[\]"),
    Guard("re-check", extended_meanwhile, without_recheck, r"== \[\]"),
    Guard("knowledge of the hand-over", answer_always_lost, without_knowing_of_the_hand_over, "5 == 2"),
    Guard("judgement per message", one_poisonous, without_judgement, "one recipient stopped"),
]


@pytest.mark.parametrize(
    "scenario", dict.fromkeys(guard.scenario for guard in GUARDS), ids=lambda s: s.__name__
)
def test_the_promise_holds(scenario: Callable[[Sink], None], sink: Sink) -> None:
    scenario(sink)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.name)
def test_without_the_guard_it_would_not(guard: Guard, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    guard.switch_off(monkeypatch)
    with pytest.raises(AssertionError, match=guard.fails):
        guard.scenario(sink)


def test_the_database_itself_refuses_a_second_alert(monkeypatch: pytest.MonkeyPatch) -> None:
    _pledge, event = overdue_pledge()
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    for vendor, sql in fan_out.QUEUE.items():
        monkeypatch.setitem(fan_out.QUEUE, vendor, re.sub(r"ON CONFLICT \(event_id, recipient\) .*", "", sql))
    with pytest.raises(IntegrityError), transaction.atomic():
        fan_out.queue_overdue_alerts([event.pk], now=NOW)
