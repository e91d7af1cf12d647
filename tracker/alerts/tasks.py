"""Wake-ups without arguments: what there is to send stands in the database."""

from celery import shared_task
from django.utils import timezone

from tracker.health.beats import beat, beat_delivery
from tracker.health.models import Part

from . import claims
from .deliver import drain


@shared_task
def drain_alerts() -> None:
    """Queue what subscribers were not told yet, send what is due, and go on when there is more."""
    now = timezone.now()
    done = drain(now=now)
    beat_delivery(now=now, reached=done.reached)
    beat(Part.WORKER, now=now)
    if claims.is_due(now=timezone.now()):
        drain_alerts.delay()
