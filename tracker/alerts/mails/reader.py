"""In which language a reader is written to."""

from django.conf import settings
from django.db.models import Q

from tracker.alerts.models import Alert, StaffReader


def language_of(alert: Alert) -> str:
    """Return the language of the alert's subscriber or member of staff, else that of the site."""
    if alert.request is not None:
        return alert.request.language
    if alert.subscriber is not None:
        return alert.subscriber.language
    # An address of the staff list may be somebody's own.
    own = StaffReader.objects.filter(
        Q(user=alert.user_id) if alert.user_id else Q(user__email__iexact=alert.recipient)
    )
    chosen = own.values_list("language", flat=True).first()
    return chosen or settings.LANGUAGE_CODE
