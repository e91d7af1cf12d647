"""Wake-ups without arguments: what there is to send stands in the database."""

from celery import shared_task
from django.utils import timezone

from .deliver import drain


@shared_task
def drain_alerts() -> None:
    drain(now=timezone.now())
