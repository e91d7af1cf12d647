"""Wake-ups without arguments: what there is to send stands in the database."""

from celery import shared_task
from django.utils import timezone

from tracker.health.beats import beat, beat_delivery
from tracker.health.models import Part

from .deliver import drain
from .subscribing import forget_unconfirmed


@shared_task
def drain_alerts() -> None:
    """Queue what readers were not told yet, and send what is due, for the better part of a tick."""
    now = timezone.now()
    done = drain(now=now)
    beat_delivery(now=now, reached=done.reached)
    beat(Part.WORKER, now=now)


@shared_task
def forget_unconfirmed_addresses() -> None:
    """Delete the addresses that nobody confirmed in time."""
    forget_unconfirmed(now=timezone.now())
