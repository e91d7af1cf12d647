"""Incidents: each is opened once, told of once a day, and ended once, whoever looks at the same time."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from .lateness import AHEAD
from .models import Incident
from .state import Health

REMIND_AFTER = timedelta(days=1)


def open_or_remind(health: Health, *, now: datetime) -> bool:
    """Write that what `health` found late is an incident; True when staff are to be told of it at `now`.

    True for one caller only, at its beginning and once a day while it lasts. Call it in the transaction
    that queues the mail: an incident that is written down is one that is told.
    """
    late = {part.value: since.isoformat() if since else None for part, since in health.late.items()}
    try:
        with transaction.atomic():
            Incident.objects.create(opened_at=now, told_at=now, late=late)
    except IntegrityError:
        is_due = Q(told_at__lte=now - REMIND_AFTER) | Q(told_at__gt=now + AHEAD)
        return bool(Incident.objects.filter(is_due, is_open=True).update(told_at=now))
    return True


def end(*, now: datetime) -> bool:
    """Write that the open incident is over; True for the one caller who ended it."""
    return bool(Incident.objects.filter(is_open=True).update(is_open=False, ended_at=now))


def incident_of(at: datetime) -> Incident | None:
    """Return the incident that a mail queued at `at` tells of."""
    return Incident.objects.filter(opened_at__lte=at).first()
