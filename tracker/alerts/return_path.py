"""The envelope sender of a mail: where the mail servers of the world return what they can't deliver."""

from email.utils import parseaddr

from django.conf import settings


def return_path(alert_id: int) -> str:
    """Return the envelope sender of the mail of one alert."""
    return parseaddr(settings.TRACKER_MAIL_FROM)[1]
