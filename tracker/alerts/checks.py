"""Settings that would make the alerts do less than they promise."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from .deliver import STEPS_OF_A_MESSAGE


@checks.register(checks.Tags.compatibility)
def lease(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    slowest = STEPS_OF_A_MESSAGE * settings.EMAIL_TIMEOUT
    if slowest <= settings.TRACKER_ALERT_LEASE_SECONDS:
        return []
    return [
        checks.Warning(
            f"A mail server that answers slowly can keep one message for {slowest} seconds, longer than a"
            f" worker may hold it ({settings.TRACKER_ALERT_LEASE_SECONDS}): it may be sent twice.",
            hint=f"Set TRACKER_ALERT_LEASE_SECONDS to {slowest} or more, or lower TRACKER_MAIL_TIMEOUT.",
            id="alerts.W001",
        )
    ]


@checks.register(checks.Tags.compatibility, deploy=True)
def readers(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    if settings.TRACKER_STAFF_ALERTS:
        return []
    return [
        checks.Warning(
            "TRACKER_STAFF_ALERTS is empty: an overdue pledge without an assignee tells nobody.",
            hint="Set it to the addresses of the desk, with commas between them.",
            id="alerts.W002",
        )
    ]
