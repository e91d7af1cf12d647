"""Writing that a part did its work."""

from datetime import datetime

from django.db.models import Q, QuerySet

from .lateness import AHEAD
from .models import Heartbeat, Part


def beat(name: Part, *, now: datetime) -> None:
    """Write that `name` did its work at `now` (aware).

    Never backwards: of two at once, and after a clock that was stepped back, the later instant stays.
    Only one more than a day ahead is taken for a clock that was wrong, and gives way. Call it with the
    instant the clock shows, never with one that somebody asked for.
    """
    fresh = Heartbeat(name=name, last_at=now)
    Heartbeat.objects.bulk_create([fresh], ignore_conflicts=True)
    gives_way = Q(last_at__lt=now) | Q(last_at__gt=now + AHEAD)
    _row(name).filter(gives_way).update(last_at=now)


def beat_delivery(*, now: datetime, reached: bool | None) -> None:
    """Write that a drain ran at `now`, and whether it reached a mail server; None when it asked for none.

    A drain without anything due says nothing about the server: what was known before stays.
    """
    beat(Part.DELIVERY, now=now)
    if reached:
        _row(Part.DELIVERY).filter(failing_since__isnull=False).update(failing_since=None)
    elif reached is False:
        _row(Part.DELIVERY).filter(failing_since__isnull=True).update(failing_since=now)


def _row(name: Part) -> "QuerySet[Heartbeat]":
    return Heartbeat.objects.filter(name=name)
