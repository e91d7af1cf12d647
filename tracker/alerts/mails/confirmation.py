"""The mail that asks whether somebody really wants to follow something."""

from datetime import datetime

from django.utils.translation import gettext as _

from tracker.alerts import tokens
from tracker.alerts.models import Alert
from tracker.alerts.subscribing import UNCONFIRMED_FOR, Choices, topic_choices
from tracker.alerts.targets import describe
from tracker.alerts.tokens import Purpose

from .base import Written, write
from .news import address_of, leave_url, links


def confirmation(alert: Alert, *, now: datetime) -> Written:
    request, reader = alert.request, alert.subscriber
    if request is None or reader is None:
        raise ValueError(f"alert {alert.pk} asks nobody to confirm anything")
    topics = Choices.of(request).topics
    context = {
        "target": describe([request.target])[request.target],
        "topics": [words for kind, words in topic_choices() if kind in topics],
        "cadence": request.get_cadence_display(),
        "confirm_url": address_of("public:confirm", Purpose.CONFIRM),
        "leave_url": leave_url(),
        "days": UNCONFIRMED_FOR.days,
        "why": _("You get this mail because somebody wrote this address into the form on our site."),
    }
    return Written(
        write("confirmation", context),
        word="confirm",
        values=links(reader.pk, reader.secret)
        | {Purpose.CONFIRM: tokens.make(Purpose.CONFIRM, reader.pk, reader.secret, request.pk)},
        leave_url=leave_url(),
    )
