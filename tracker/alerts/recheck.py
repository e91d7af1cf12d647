"""Whether an alert is still true: asked anew just before it is sent, and of the cancelled at every drain."""

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from pledges.models import Event, Pledge
from pledges.models.choices import OPEN_STATUSES, Publication
from pledges.readings import day

from .addresses import staff_addresses
from .models import Alert, AlertKind, AlertState


def reason_to_cancel(alert: Alert) -> str:
    """Return why `alert` must not be sent any more, in a sentence for staff; empty when it still holds."""
    if alert.user is not None and not alert.user.is_active and alert.recipient not in staff_addresses():
        return _("The account of its reader was closed.")
    return reason_untrue(alert.event) if alert.event is not None else ""


def reason_untrue(event: Event) -> str:
    """Return why what a `became_overdue` event says no longer holds; empty when it does."""
    pledge = event.pledge
    if pledge is None:
        raise ValueError(f"event {event.pk} is about no pledge")
    if not pledge.is_published:
        return _("The pledge is not public any more.")
    if not pledge.is_open:
        return _("The pledge is no longer open: %s.") % pledge.get_status_display()
    if pledge.current_deadline_id != event.deadline_id:
        return _moved(pledge)
    return ""


def cancelled_but_true() -> "QuerySet[Alert]":
    """Return the cancelled alerts that `reason_to_cancel` would let pass now."""
    has_reader = Q(user=None) | Q(user__is_active=True) | Q(recipient__in=staff_addresses())
    return Alert.objects.filter(
        has_reader,
        kind=AlertKind.OVERDUE,
        state=AlertState.CANCELLED,
        event__pledge__publication=Publication.PUBLISHED,
        event__pledge__status__in=OPEN_STATUSES,
        event__pledge__current_deadline=F("event__deadline"),
    )


def _moved(pledge: Pledge) -> str:
    deadline = pledge.current_deadline
    if deadline is None or deadline.latest is None:
        return _("The pledge has no due date any more.")
    return _("The deadline was moved: it is %s now.") % day(deadline.latest)
