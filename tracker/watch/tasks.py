"""Celery entries of the watch: wake-ups without arguments. The database says what is due."""

import logging

from celery import shared_task
from django.utils import timezone

from pledges import record
from tracker.alerts.tasks import drain_alerts
from tracker.health.beats import beat
from tracker.health.models import Part

from .sweep import sweep

logger = logging.getLogger(__name__)


@shared_task
def take_daily_checkpoint() -> None:
    """Take the checkpoint of this day (UTC), if it has none yet."""
    if checkpoint := record.take_checkpoint(now=timezone.now()):
        logger.info("checkpoint %s of %d streams", checkpoint, checkpoint.size)


@shared_task
def check_deadlines() -> None:
    """Sweep once, and wake the delivery when there is something to tell."""
    now = timezone.now()
    result = sweep(now=now)
    beat(Part.SWEEP, now=now)
    beat(Part.WORKER, now=now)
    if result.flagged or result.follow_ups:
        logger.info(
            "flagged %d overdue (%d of them backlog), %d follow-ups",
            result.flagged,
            result.backlog,
            result.follow_ups,
        )
        drain_alerts.delay()
