"""Wake-ups without arguments: what there is to send stands in the database."""

from celery import shared_task
from django.utils import timezone

from . import claims
from .deliver import drain
from .telling import tell


@shared_task
def drain_alerts() -> None:
    """Queue what subscribers were not told yet, send what is due, and go on when there is more."""
    tell(now=timezone.now())
    drain(now=timezone.now())
    if claims.is_due(now=timezone.now()):
        drain_alerts.delay()
