"""In which language a reader is written to."""

from django.conf import settings

from tracker.alerts.models import Alert, StaffReader


def language_of(alert: Alert) -> str:
    """Return the language of the alert's subscriber or member of staff, else that of the site."""
    if alert.subscriber is not None:
        return alert.subscriber.language
    if alert.user_id is None:
        return settings.LANGUAGE_CODE
    chosen = StaffReader.objects.filter(user=alert.user_id).values_list("language", flat=True).first()
    return chosen or settings.LANGUAGE_CODE
