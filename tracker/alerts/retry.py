"""Sending again: what a person decides about, and what was cancelled and holds once more."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from .models import RETRYABLE, Alert, AlertState
from .recheck import cancelled_but_true


def try_again(alerts: "QuerySet[Alert]", *, now: datetime) -> list[Alert]:
    """Queue those of `alerts` that failed or are held, with a full set of attempts; return them.

    The Message-ID stays: should the first have arrived after all, mailboxes take the second for the same.
    """
    with transaction.atomic():
        chosen = list(alerts.filter(state__in=RETRYABLE).select_for_update(of=("self",)))
        Alert.objects.filter(pk__in=[alert.pk for alert in chosen]).update(
            state=AlertState.QUEUED, claimable_at=now, attempts=0
        )
    return chosen


def requeue_what_holds_again(*, now: datetime) -> int:
    """Queue the alerts that were cancelled for a reason that is gone; return how many.

    A pledge is taken off the public pages or judged fulfilled, its mail is cancelled, and then that is
    undone: it is overdue as before, flagged already, and no sweep will tell of it again. The member of a
    digest goes as a mail of its own, for its digest may be sent.
    """
    chosen = Alert.objects.filter(pk__in=cancelled_but_true().values("pk"), state=AlertState.CANCELLED)
    return chosen.update(state=AlertState.QUEUED, cancel_reason="", digest=None, claimable_at=now, attempts=0)
