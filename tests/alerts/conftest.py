"""A mail server on loopback, and one alert to one address, for the tests of delivery."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.smtp_sink import LOOPBACK, Sink, smtp_sink
from tracker.alerts import fan_out
from tracker.alerts.models import Alert

from .events import NOW, overdue_events

DESK = "desk@ngo.example"


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.TRACKER_STAFF_ALERTS = [DESK]
    settings.TRACKER_SITE_URL = "https://pledges.example"
    settings.TRACKER_MAIL_FROM = "Pledge tracker <tracker@pledges.example>"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    """The mail server that the settings of this test name."""
    with smtp_sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, running.port
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        settings.EMAIL_TIMEOUT = 1
        yield running


def queue(count: int = 1, **fields: Any) -> list[Alert]:
    """Queue the alerts of `count` overdue pledges at NOW; return them in order."""
    fan_out.queue_overdue_alerts(overdue_events(count, **fields), now=NOW)
    return list(Alert.objects.order_by("pk"))
