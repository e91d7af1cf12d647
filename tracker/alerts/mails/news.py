"""The mail about one event: written once for all who read one language and follow the same way."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.models import Event, Pledge
from tracker.alerts import tokens
from tracker.alerts.context import absolute, news_facts, say_here
from tracker.alerts.models import Alert, Reach
from tracker.alerts.tokens import Purpose
from tracker.alerts.why import why

from .base import Parts, Written, slot, write


def news(alert: Alert, *, now: datetime) -> Written:
    """Write what one event says, for the subscriber or the member of staff whose alert it is."""
    event = alert.event
    if event is None or event.pledge is None:
        raise ValueError(f"alert {alert.pk} is about no event of a pledge")
    if alert.subscriber is None:
        say_here([event.pledge])
        context = {"item": news_facts(event, now=now), "is_staff": True}
        return Written(write("news", context | why(alert, event.pledge)), word=event.pledge.reference)
    return Written(
        news_for_many(event, reach=Reach(alert.reach or Reach.ALL), now=now),
        word=event.pledge.reference,
        values=links(alert.subscriber.pk, alert.subscriber.secret),
        leave_url=leave_url(),
    )


def news_for_many(event: Event, *, reach: Reach, now: datetime) -> Parts:
    """Write what `event` says in the active language, with slots where readers differ."""
    if event.pledge is None:
        raise ValueError(f"event {event.pk} is about no pledge")
    say_here([event.pledge])
    context = {"item": news_facts(event, now=now), "why": why_subscribed(event.pledge, reach)}
    return write("news", context | link_slots())


def why_subscribed(pledge: Pledge, reach: Reach) -> str:
    """Say through which of their subscriptions a reader hears of `pledge`."""
    match reach:
        case Reach.PLEDGE:
            return _("You get this mail because you follow this pledge.")
        case Reach.CASE:
            words = _("You get this mail because you follow the case “%(case)s”.")
            return words % {"case": pledge.case.name_here}
        case Reach.BODY:
            return _("You get this mail because you follow a body that is responsible for this pledge.")
        case Reach.ACTION:
            words = _("You get this mail because you follow all pledges of this kind: %(action)s.")
            return words % {"action": pledge.get_action_display()}
    return _("You get this mail because you follow everything on this site.")


def link_slots() -> dict[str, str]:
    """Return the addresses by which a subscriber changes or ends what they get, their tokens left open."""
    return {
        "manage_url": address_of("public:manage", Purpose.MANAGE),
        "leave_url": leave_url(),
    }


def links(subscriber_id: int, secret: str) -> dict[str, str]:
    """Return what fills the slots of `link_slots` for one subscriber."""
    return {
        purpose: tokens.make(purpose, subscriber_id, secret) for purpose in (Purpose.MANAGE, Purpose.LEAVE)
    }


def leave_url() -> str:
    """Return the address at which one click ends all mail to a subscriber, its token left open."""
    return address_of("public:leave", Purpose.LEAVE)


def address_of(view: str, purpose: Purpose) -> str:
    """Return the full address of a view that takes a token, with the slot of `purpose` in its place."""
    example = tokens.make(purpose, 0, "")
    return absolute(reverse(view, args=[example])).replace(example, slot(purpose))
