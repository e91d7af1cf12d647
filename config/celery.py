"""The Celery app and its schedule.

Tasks carry no arguments: they only wake somebody up. What there is to do stands in the database, so that
losing Redis loses nothing, and a task that comes twice or late does no harm.
"""

import os
import warnings
from typing import Any, TextIO

from celery import Celery
from celery.platforms import SecurityWarning  # type: ignore[attr-defined]  # missing from the stubs
from celery.signals import beat_init, celeryd_init
from django.conf import settings
from kombu.transport import redis as redis_transport

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

# It warns root that a pickled message could run anything; here nothing but JSON is decoded.
warnings.filterwarnings("ignore", category=SecurityWarning)


class PatientQoS(redis_transport.QoS):
    """Neither acknowledges nor gives back through a connection that is gone.

    When Redis goes away while a task runs, kombu 5.7 tries to all the same and fails with an AttributeError
    that Celery takes for unrecoverable: the worker ends instead of reconnecting. What is left in Redis comes
    again after the visibility timeout, which does no harm; what a killed Redis lost, the next beat repeats.
    """

    def ack(self, delivery_tag: str) -> None:
        if self._is_connected():
            super().ack(delivery_tag)

    def restore_unacked_once(self, stderr: TextIO | None = None) -> None:
        if self._is_connected():
            super().restore_unacked_once(stderr)

    def _is_connected(self) -> bool:
        return getattr(self.channel.connection, "client", None) is not None


redis_transport.Channel.QoS = PatientQoS

app = Celery("tracker")
app.conf.update(
    broker_url=settings.BROKER_URL,
    # Wait for a Redis that is still starting, and come back when it went away.
    broker_connection_retry_on_startup=True,
    # An unacknowledged wake-up is given to another worker after this; longer than the hard time limit.
    broker_transport_options={"visibility_timeout": 900},
    # Acknowledge after the work, so that a killed worker's wake-up is repeated.
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    # One task at a time per process: none waits behind a slow mail server while another is free.
    worker_prefetch_multiplier=1,
    # The soft limit lets the task end its transaction; the hard one ends a task that hangs.
    task_soft_time_limit=300,
    task_time_limit=360,
    # Nobody reads results, and nothing but JSON is ever decoded from the queue.
    task_ignore_result=True,
    task_serializer="json",
    accept_content=["json"],
    # A wake-up nobody fetched before the next one is due is worth nothing.
    task_publish_retry=False,
    # Our own log format.
    worker_hijack_root_logger=False,
    worker_redirect_stdouts=False,
    enable_utc=True,
    timezone="UTC",
    beat_schedule_filename=str(settings.VAR_DIR / "celerybeat-schedule"),
    beat_schedule={
        # Flag every pledge whose deadline has ended since. Finds all of them however late it comes.
        "watch.tick": {
            "task": "tracker.watch.tasks.check_deadlines",
            "schedule": float(settings.TRACKER_TICK_SECONDS),
            "options": {"expires": settings.TRACKER_TICK_SECONDS},
        },
        # A fingerprint of the public record, once a day; asked often, so that no outage skips a day.
        "record.checkpoint": {
            "task": "tracker.watch.tasks.take_daily_checkpoint",
            "schedule": 900.0,
            "options": {"expires": 900},
        },
        # An address that nobody confirmed is kept no longer than the form says.
        "alerts.forget": {
            "task": "tracker.alerts.tasks.forget_unconfirmed_addresses",
            "schedule": 3600.0,
            "options": {"expires": 3600},
        },
        # Send what is queued: also what a dead worker left behind or a mail server put off.
        "alerts.drain": {
            "task": "tracker.alerts.tasks.drain_alerts",
            "schedule": float(settings.TRACKER_TICK_SECONDS),
            "options": {"expires": settings.TRACKER_TICK_SECONDS},
        },
    },
)
app.autodiscover_tasks()


@celeryd_init.connect
@beat_init.connect
def check_environment(**kwargs: Any) -> None:
    from config.checks import refuse_bad_environment

    refuse_bad_environment()
