"""Many things in one mail, by case."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tracker.alerts.digest_facts import by_case, digest_members
from tracker.alerts.models import Alert
from tracker.alerts.why import why

from .base import Written, write
from .news import leave_url, link_slots, links


def digest(alert: Alert, *, now: datetime) -> Written:
    """Write what holds of the members of a digest, for staff or for a subscriber."""
    members, untrue = digest_members(alert, now=now)
    context: dict[str, Any] = {
        "cases": by_case(members, now=now),
        "count": len(members),
        "is_staff": alert.subscriber is None,
        # All of them were late already when they were published.
        "is_backlog": all(each.event and each.event.payload.get("is_backlog") for each in members),
    }
    if alert.subscriber is None:
        parts = write("digest", context | why(alert))
        return Written(parts, word="digest", untrue=untrue, is_empty=not members)
    context["why"] = _("You get this mail because you asked to hear of these pledges in one mail.")
    return Written(
        write("digest", context | link_slots()),
        word="digest",
        values=links(alert.subscriber.pk, alert.subscriber.secret),
        leave_url=leave_url(),
        untrue=untrue,
        is_empty=not members,
    )
