"""What comes back: a bounce is noted on its alert, and ends mail to a subscriber who can't be reached.

A hard bounce or a complaint ends it at once. Soft ones do so after TRACKER_SOFT_BOUNCES of them: at most one
a day counts, so that neither one bad day of a mail server nor a day full of news cuts anybody off, and after
FORGOTTEN without any the next is the first again. That a server accepted a later mail proves
nothing, for that is how each of these began; that a reader used a mailed link does (`subscribing.confirm`).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from . import bounce_mail
from .addresses import redact
from .bounce_mail import Reading
from .bounce_status import judge_answer
from .models import Alert, Bounce, Subscriber
from .return_path import alert_id_of
from .subscribing import stop

logger = logging.getLogger(__name__)
A_DAY = timedelta(days=1)
FORGOTTEN = timedelta(days=90)
_MILDER: dict[Bounce, tuple[Bounce, ...]] = {
    Bounce.SOFT: (),
    Bounce.HARD: (Bounce.SOFT,),
    Bounce.COMPLAINT: (Bounce.SOFT, Bounce.HARD),
}


@dataclass(frozen=True)
class Outcome:
    """What became of a message: `bounce` is what was noted on the alert; `words` are for the log."""

    words: str
    alert_id: int | None = None
    bounce: Bounce | None = None
    has_stopped_mail: bool = False

    def __str__(self) -> str:
        return self.words if self.alert_id is None else f"alert {self.alert_id}: {self.words}"


def take_bounce(raw: bytes, *, recipient: str | None, now: datetime) -> Outcome:
    """Do what a message to the bounce address calls for, at `now` (aware); twice is the same as once.

    `recipient` is the address of the envelope; without it, those in the headers that mail servers write.
    A complaint that came to no return path names the one of the mail it is about. All of these count by
    their signature alone; whatever else the message says about addresses counts for nothing.
    """
    reading = bounce_mail.read(raw)
    addresses = [*([recipient] if recipient else reading.sent_to), *reading.complains_of]
    alert_id = next((number for number in map(alert_id_of, addresses) if number is not None), None)
    if alert_id is None:
        return Outcome("ignored: it came to no return path of ours")
    if reading.bounce is None:
        return Outcome(f"no bounce: {reading.words}", alert_id)
    with transaction.atomic():
        alert = Alert.objects.filter(pk=alert_id).first()
        if alert is None:
            return Outcome("ignored: there is no such alert", alert_id)
        if not _note(alert, reading, reading.bounce, now=now):
            return Outcome("ignored: it is known already that it came back", alert_id)
        has_stopped = alert.subscriber_id is not None and _count(
            alert.subscriber_id, reading.bounce, reading.words, now=now
        )
    said = f"{reading.bounce}, {reading.words}" + ("; mail to its reader was stopped" if has_stopped else "")
    outcome = Outcome(said, alert_id, reading.bounce, has_stopped)
    logger.warning("came back: %s", outcome)
    return outcome


def note_refusal(subscriber_id: int, *, code: int, status: str, now: datetime) -> bool:
    """Count that our own mail server refused the address of a subscriber: its answer to RCPT, no other.

    `code` is the SMTP code, `status` the enhanced one, "" when there was none. Returns whether this
    stopped mail to the subscriber.
    """
    bounce = judge_answer(code, status)
    return bounce is not None and _count(subscriber_id, bounce, f"{code} {status}", now=now)


def settle_bounces(alerts: "QuerySet[Alert]", *, now: datetime) -> list[Alert]:
    """Note that the readers of what came back are reached in another way; return what was noted anew."""
    with transaction.atomic():
        waiting = alerts.filter(bounced_at__isnull=False, bounce_settled_at=None)
        chosen = list(waiting.select_for_update(of=("self",)))
        Alert.objects.filter(pk__in=[alert.pk for alert in chosen]).update(bounce_settled_at=now)
    return chosen


def _note(alert: Alert, reading: Reading, bounce: Bounce, *, now: datetime) -> bool:
    """Write on an alert that it came back; False when that, or worse, stands there already.

    Of a subscriber's alert the words of the other server are not kept: they hold the address.
    """
    words = reading.words
    if alert.subscriber_id is None and reading.diagnosis:
        words = f"{words}: {redact(reading.diagnosis, alert.recipient)}"
    is_news = Q(bounced_at=None) | Q(bounce__in=_MILDER[bounce])
    noted = Alert.objects.filter(is_news, pk=alert.pk).update(
        bounced_at=now, bounce=bounce, bounced_for=words[:300], bounce_settled_at=None
    )
    return bool(noted)


def _count(subscriber_id: int, bounce: Bounce, words: str, *, now: datetime) -> bool:
    """Let one bounce count against a subscriber; return whether it stopped their mail."""
    if bounce is Bounce.COMPLAINT:
        return stop(subscriber_id, reason=_("Its reader complained about the mail."), now=now)
    if bounce is Bounce.HARD:
        reason = _("There is nobody at the address (%s).") % words
        return stop(subscriber_id, reason=reason, now=now)
    counts = Q(soft_bounced_at=None) | Q(soft_bounced_at__lte=now - A_DAY)
    is_first = When(soft_bounced_at__lte=now - FORGOTTEN, then=1)
    Subscriber.objects.filter(counts, pk=subscriber_id, suppressed_at=None).update(
        soft_bounces=Case(is_first, default=F("soft_bounces") + 1), soft_bounced_at=now
    )
    most = settings.TRACKER_SOFT_BOUNCES
    if not Subscriber.objects.filter(pk=subscriber_id, soft_bounces__gte=most).exists():
        return False
    reason = ngettext(
        "Mail came back on %(count)d day, last with %(words)s.",
        "Mail came back on %(count)d days, last with %(words)s.",
        most,
    ) % {"count": most, "words": words}
    return stop(subscriber_id, reason=reason, now=now)
