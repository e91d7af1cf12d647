"""Bounces that several processes take at the same instant come to the same as one after the other."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from tests.support.subscribers import follow, make_subscriber
from tracker.alerts.bounces import Outcome, take_bounce
from tracker.alerts.models import Alert, AlertState, Bounce, Subscriber
from tracker.alerts.return_path import return_path
from tracker.alerts.telling import tell

from .bounced import HARD, SOFT, complaint
from .events import NOW, overdue_pledge

pytestmark = pytest.mark.django_db(transaction=True)
WORKERS = 6


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = "bounces@pledges.example"
    settings.TRACKER_SOFT_BOUNCES = 2


@pytest.fixture
def reader() -> Subscriber:
    reader = make_subscriber()
    follow(reader)
    return reader


def sent(count: int) -> list[Alert]:
    """So many mails to everybody that the mail server took."""
    for _ in range(count):
        overdue_pledge()
    tell(now=NOW)
    Alert.objects.update(state=AlertState.SENT, sent_at=NOW)
    return list(Alert.objects.order_by("pk"))


def all_at_once(act: Callable[[int], Outcome]) -> list[Outcome]:
    def work(number: int) -> Outcome:
        try:
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(WORKERS) as workers:
        return list(workers.map(work, range(WORKERS)))


@pytest.mark.parametrize("raw", [SOFT, HARD])
def test_the_same_message_counts_once(reader: Subscriber, raw: bytes) -> None:
    [alert] = sent(1)
    outcomes = all_at_once(lambda _number: take_bounce(raw, recipient=return_path(alert.pk), now=NOW))
    assert sum(outcome.bounce is not None for outcome in outcomes) == 1
    reader.refresh_from_db()
    assert (reader.soft_bounces, reader.suppressed_at) == ((1, None) if raw == SOFT else (0, NOW))


def test_soft_ones_of_one_day_count_once(reader: Subscriber) -> None:
    alerts = sent(WORKERS)
    outcomes = all_at_once(
        lambda number: take_bounce(SOFT, recipient=return_path(alerts[number].pk), now=NOW)
    )
    assert [outcome.bounce for outcome in outcomes] == [Bounce.SOFT] * WORKERS
    reader.refresh_from_db()
    assert (reader.soft_bounces, reader.suppressed_at) == (1, None)


def test_mail_is_stopped_once(reader: Subscriber) -> None:
    alerts = sent(WORKERS)
    outcomes = all_at_once(
        lambda number: take_bounce(HARD, recipient=return_path(alerts[number].pk), now=NOW)
    )
    assert sum(outcome.has_stopped_mail for outcome in outcomes) == 1
    assert Alert.objects.filter(bounce=Bounce.HARD).count() == WORKERS


def test_the_worst_of_one_mail_stays(reader: Subscriber) -> None:
    [alert] = sent(1)
    kinds = [SOFT, HARD, complaint()] * 2
    all_at_once(lambda number: take_bounce(kinds[number], recipient=return_path(alert.pk), now=NOW))
    alert.refresh_from_db()
    reader.refresh_from_db()
    assert (alert.bounce, reader.suppressed_at) == (Bounce.COMPLAINT, NOW)
