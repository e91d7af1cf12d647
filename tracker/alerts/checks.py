"""Settings that would make the alerts do less than they promise."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core import checks

from .deliver import STEPS_OF_A_MESSAGE
from .return_path import LARGEST_ID, LONGEST_LOCAL_PART, LONGEST_PATH, return_path


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


@checks.register(checks.Tags.compatibility)
def return_paths(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[checks.CheckMessage]:
    if not settings.TRACKER_BOUNCE_ADDRESS:
        return []
    longest = return_path(LARGEST_ID)
    local = longest.rpartition("@")[0]
    # An address is cut off by the mail servers that do not refuse it: no bounce would ever be known.
    too_long = max(len(local) - LONGEST_LOCAL_PART, len(longest) - LONGEST_PATH)
    if too_long <= 0:
        return []
    return [
        checks.Error(
            f"TRACKER_BOUNCE_ADDRESS is {too_long} characters too long: with the tag of a mail it would be no"
            " address any more.",
            hint="Use a short one, such as bounces@example.org",
            id="alerts.E001",
        )
    ]
