"""Confirmed readers without an account, made directly: how they come to be is tested elsewhere."""

from datetime import datetime
from itertools import count
from typing import Any

from tests.support.records import NOON_4_APRIL
from tracker.alerts.models import Cadence, Reach, Subscriber, Subscription

_numbers = count(1)
REACH = {"pledge": Reach.PLEDGE, "case": Reach.CASE, "body": Reach.BODY, "action": Reach.ACTION}


def make_subscriber(*, now: datetime = NOON_4_APRIL, **fields: Any) -> Subscriber:
    """A confirmed address that follows nothing yet."""
    number = next(_numbers)
    defaults: dict[str, Any] = {
        "address": f"reader{number}@readers.example",
        "address_key": f"key-{number}",
        "language": "en",
        "created_at": now,
        "confirmed_at": now,
    }
    return Subscriber.objects.create(**(defaults | fields))


def follow(
    subscriber: Subscriber,
    target: str = "all",
    cadence: Cadence = Cadence.AT_ONCE,
    *,
    now: datetime = NOON_4_APRIL,
    **wants: bool,
) -> Subscription:
    return Subscription.objects.create(
        subscriber=subscriber,
        target=target,
        reach=REACH.get(target.partition(":")[0], Reach.ALL),
        cadence=cadence,
        created_at=now,
        confirmed_at=now,
        **wants,
    )


def make_followers(count: int, **fields: Any) -> list[Subscriber]:
    """So many readers who follow everything, at once."""
    readers = [make_subscriber(**fields) for _ in range(count)]
    for reader in readers:
        follow(reader)
    return readers
