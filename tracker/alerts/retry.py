"""A person's decision to send again what had failed or was held."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from .models import RETRYABLE, Alert, AlertState


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
