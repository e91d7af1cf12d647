"""Edits, sweeps, deliveries and kills in any order: in the end everybody was told once of what held.

Hypothesis makes up the order. A kill is played by an exception that nothing catches; real processes are
killed in test_kill.py and test_readers.py.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pledges import record
from pledges.models import Pledge
from tests.faults.invariants import assert_invariants
from tests.faults.test_guards import Killed
from tests.support.records import judge, make_pledge, make_reviewer
from tests.support.smtp_sink import Sink
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import broadcast, deliver, emails, subscribing
from tracker.alerts.mails import Mail
from tracker.alerts.models import Alert, AlertState, Subscriber
from tracker.alerts.outcomes import Attempt
from tracker.alerts.telling import tell
from tracker.watch.sweep import sweep

pytestmark = [pytest.mark.once, pytest.mark.smtp, pytest.mark.django_db]
BEGINNING = datetime(2025, 5, 1, 9, 0, tzinfo=UTC)
WAITING = (AlertState.QUEUED, AlertState.SENDING)


@dataclass
class World:
    """What is there, and what time it is. Each method is one thing that may happen."""

    sink: Sink
    now: datetime = BEGINNING
    pledges: list[Pledge] = field(default_factory=list)
    kills: int = 0

    def record_a_pledge(self) -> None:
        self.pledges.append(make_pledge(now=self.now, latest=self.now.date() + timedelta(days=1)))

    def extend(self) -> None:
        if pledge := self.an_open_pledge():
            record.extend_deadline(
                pledge=pledge,
                terms=record.DeadlineTerms(phrase="more time", latest=self.two_days_later(pledge)),
                source=pledge.source,
                announced_on=self.now.date(),
                actor=pledge.created_by,
                now=self.now,
            )

    def withdraw(self) -> None:
        if pledge := self.an_open_pledge():
            judge(
                pledge=pledge,
                status="withdrawn",
                effective_on=self.now.date(),
                reason="They took it back.",
                sources=[pledge.source],
                actor=pledge.created_by,
                now=self.now,
            )

    def unpublish(self) -> None:
        if pledge := self.an_open_pledge():
            record.unpublish(pledge=pledge, reason="A mistake.", actor=make_reviewer(), now=self.now)

    def a_reader_comes(self) -> None:
        follow(make_subscriber(now=self.now), now=self.now)

    def a_reader_leaves(self) -> None:
        if reader := Subscriber.objects.filter(erased_at=None).first():
            subscribing.forget(reader, now=self.now)

    def a_day_goes_by(self) -> None:
        self.now += timedelta(days=1)

    def sweep(self) -> None:
        sweep(now=self.now)

    def tell(self) -> None:
        tell(now=self.now)

    def deliver(self) -> None:
        deliver.drain(now=self.now, clock=lambda: self.now)

    def killed_before_the_send(self) -> None:
        self.deliver_and_die(is_sent=False)

    def killed_after_the_send(self) -> None:
        self.deliver_and_die(is_sent=True)

    def the_server_is_busy(self) -> None:
        self.sink.on["RCPT"] = lambda _address: "450 later"
        self.deliver()
        self.sink.on.clear()

    def an_answer_is_lost(self) -> None:
        answers = iter(["451 local error", None])
        self.sink.on["MESSAGE"] = lambda _message_id: next(answers, None)
        self.deliver()
        self.sink.on.clear()

    def deliver_and_die(self, *, is_sent: bool) -> None:
        send = emails.Mailer.send

        def die(mailer: emails.Mailer, mail: Mail, **rest: Any) -> Attempt:
            if is_sent:
                send(mailer, mail, **rest)
                self.kills += 1
            raise Killed

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(emails.Mailer, "send", die)
            # Of a process that is gone nothing is marked on the way out.
            patch.setattr(broadcast.Broadcast, "mark", lambda *_arguments: None)
            try:
                self.deliver()
            except Killed:
                return

    def an_open_pledge(self) -> Pledge | None:
        found = Pledge.objects.published().open().order_by("pk").first()
        return Pledge.objects.select_related("current_deadline").get(pk=found.pk) if found else None

    def two_days_later(self, pledge: Pledge) -> date:
        deadline = pledge.current_deadline
        assert deadline is not None
        assert deadline.latest is not None
        return max(deadline.latest, self.now.date()) + timedelta(days=2)

    def come_to_rest(self) -> None:
        """Let everything run without faults until nothing waits any more."""
        for _ in range(60):
            self.now += timedelta(hours=2)
            self.sweep()
            self.deliver()
            if not Alert.objects.filter(state__in=WAITING, claimable_at__lte=self.now).exists():
                return
        raise AssertionError("it does not come to rest")


HAPPENINGS: list[Callable[[World], None]] = [
    World.record_a_pledge,
    World.extend,
    World.withdraw,
    World.unpublish,
    World.a_reader_comes,
    World.a_reader_leaves,
    World.a_day_goes_by,
    World.sweep,
    World.tell,
    World.deliver,
    World.killed_before_the_send,
    World.killed_after_the_send,
    World.the_server_is_busy,
    World.an_answer_is_lost,
]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.lists(st.sampled_from(HAPPENINGS), min_size=4, max_size=25))
def test_in_whatever_order_it_happens(sink: Sink, happenings: list[Callable[[World], None]]) -> None:
    sink.accepted.clear()
    sink.on.clear()
    with transaction.atomic():
        world = World(sink)
        world.a_reader_comes()
        world.record_a_pledge()
        for happen in happenings:
            world.now += timedelta(minutes=10)
            happen(world)
        world.come_to_rest()
        assert_invariants(sink, now=world.now, duplicates=world.kills)
        transaction.set_rollback(True)
