"""What the mails say: one writer for each kind of alert, each with three templates of its name."""

from collections.abc import Callable
from datetime import datetime

from django.utils import translation

from tracker.alerts.models import Alert, AlertKind
from tracker.alerts.return_path import return_path

from .base import Mail, Parts, Written, message_id
from .confirmation import confirmation
from .digest import digest
from .follow_up import follow_up
from .news import news
from .overdue import overdue
from .reader import language_of
from .watchdog import watchdog

__all__ = ["Mail", "Parts", "compose"]

# Each writes in the active language, for the reader of the alert, as it would be sent at `now`.
WRITERS: dict[AlertKind, Callable[..., Written]] = {
    AlertKind.OVERDUE: overdue,
    AlertKind.MOVED: news,
    AlertKind.ASSESSED: news,
    AlertKind.REPLIED: news,
    AlertKind.CORRECTED: news,
    AlertKind.FOLLOW_UP: follow_up,
    AlertKind.DIGEST: digest,
    AlertKind.CONFIRMATION: confirmation,
    AlertKind.WATCHDOG: watchdog,
}


def compose(alert: Alert, *, now: datetime) -> Mail:
    """Write `alert` as it would be sent at `now`, in the language of its reader."""
    with translation.override(language_of(alert)):
        written = WRITERS[AlertKind(alert.kind)](alert, now=now)
    return Mail(
        recipient=alert.subscriber.address if alert.subscriber else alert.recipient,
        message_id=alert.message_id or message_id(alert.pk, written.word),
        parts=written.parts,
        values=written.values,
        return_path=return_path(alert.pk),
        leave_url=written.leave_url,
        untrue=written.untrue,
        is_empty=written.is_empty,
    )
