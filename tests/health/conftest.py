"""A watch that did all its work at NOW, for the tests that let parts of it fall behind."""

from datetime import datetime
from typing import Any

import pytest

from tests.alerts.conftest import DESK, sink
from tests.health.support import NOW, all_beat

__all__ = ["sink"]


@pytest.fixture(autouse=True)
def site(settings: Any) -> None:
    settings.TRACKER_STAFF_ALERTS = [DESK]
    settings.TRACKER_SITE_URL = "https://pledges.example"
    settings.TRACKER_MAIL_FROM = "Pledge tracker <tracker@pledges.example>"
    settings.TRACKER_WATCH_LATE_MINUTES = 15


@pytest.fixture
def well(db: None) -> datetime:
    """All three parts did their work at this instant."""
    all_beat(NOW)
    return NOW
