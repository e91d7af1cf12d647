"""Whether an alert is still true: asked anew just before it is sent, and of the cancelled at every drain."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext as _

from pledges.models import Body, Event, Pledge
from pledges.models.choices import OPEN_STATUSES, EventKind, Publication
from pledges.readings import day

from .addresses import staff_addresses
from .models import Alert, AlertKind, AlertState, FollowUp, Subscription
from .targets import targets_of


@dataclass(frozen=True)
class Standing:
    """How things stand with what an event told: from a row of SQL for many readers, or from the models."""

    kind: str
    is_published: bool
    is_open: bool
    # The event's deadline is the one in force; true of events about no deadline.
    is_in_force: bool
    is_assessed_again: bool

    @property
    def holds(self) -> bool:
        if not self.is_published:
            return False
        match self.kind:
            case EventKind.BECAME_OVERDUE:
                return self.is_open and self.is_in_force
            case EventKind.DEADLINE_MOVED:
                return self.is_in_force
            case EventKind.ASSESSED:
                return not self.is_assessed_again
            case _:
                return True


def standing_of(event: Event, last_assessed: Mapping[int, int] | None = None) -> Standing:
    """Return how things stand with an event of a pledge; load it with its pledge.

    `last_assessed` gives for each pledge its last assessment, where many events are asked about.
    """
    pledge = _pledge_of(event)
    return Standing(
        kind=event.kind,
        is_published=pledge.is_published,
        is_open=pledge.is_open,
        is_in_force=event.deadline_id is None or pledge.current_deadline_id == event.deadline_id,
        is_assessed_again=event.kind == EventKind.ASSESSED and _is_assessed_again(event, last_assessed),
    )


def _is_assessed_again(event: Event, last_assessed: Mapping[int, int] | None) -> bool:
    if last_assessed is not None and event.pledge_id is not None:
        return last_assessed[event.pledge_id] > event.pk
    later = Event.objects.filter(pledge=event.pledge, kind=EventKind.ASSESSED, pk__gt=event.pk)
    return later.exists()


def reason_to_cancel(alert: Alert, *, now: datetime) -> str:
    """Return why `alert` must not be sent any more, in a sentence for staff; empty when it still holds."""
    if alert.user is not None and not alert.user.is_active and alert.recipient not in staff_addresses():
        return _("The account of its reader was closed.")
    if alert.subscriber is not None and (reason := _reader_is_gone(alert)):
        return reason
    if alert.follow_up is not None:
        return follow_up_untrue(alert.follow_up, now=now)
    return reason_untrue(alert.event) if alert.event is not None else ""


def follow_up_untrue(follow_up: FollowUp, *, now: datetime) -> str:
    """Return why what a follow-up says does not hold at `now`; empty when it does."""
    pledge = follow_up.pledge
    if not pledge.is_published:
        return _("The pledge is not public any more.")
    if not pledge.is_open:
        return _("The pledge is no longer open: %s.") % pledge.get_status_display()
    if follow_up.deadline_id is not None and pledge.current_deadline_id != follow_up.deadline_id:
        return _moved(pledge)
    is_before = follow_up.days is not None and follow_up.days < 0
    if is_before and pledge.lapses_at is not None and pledge.lapses_at <= now:
        return _("The due date has ended meanwhile.")
    since, checked_on = follow_up.stale_since, pledge.checked_on
    if since is not None and checked_on is not None and checked_on > since:
        return _("Somebody looked for evidence meanwhile.")
    return ""


def reason_untrue(event: Event, last_assessed: Mapping[int, int] | None = None) -> str:
    """Return why what an event says no longer holds; empty when it does."""
    standing, pledge = standing_of(event, last_assessed), _pledge_of(event)
    if standing.holds:
        return ""
    if not standing.is_published:
        return _("The pledge is not public any more.")
    if event.kind == EventKind.ASSESSED:
        return _("It was assessed again since.")
    if event.kind == EventKind.BECAME_OVERDUE and not standing.is_open:
        return _("The pledge is no longer open: %s.") % pledge.get_status_display()
    return _moved(pledge)


def _pledge_of(event: Event) -> Pledge:
    if event.pledge is None:
        raise ValueError(f"event {event.pk} is about no pledge")
    return event.pledge


def _moved(pledge: Pledge) -> str:
    deadline = pledge.current_deadline
    if deadline is None or deadline.latest is None:
        return _("The pledge has no due date any more.")
    return _("The deadline was moved: it is %s now.") % day(deadline.latest)


def _reader_is_gone(alert: Alert) -> str:
    """Return why a subscriber gets no mail any more; a request to confirm needs no subscription."""
    reader = alert.subscriber
    if reader is None or reader.erased_at is not None:
        return _("Its reader asked to be forgotten.")
    if reader.suppressed_at is not None:
        return _("Mail to this reader was stopped.")
    if alert.kind == AlertKind.CONFIRMATION:
        return "" if alert.request_id is not None else _("What it asks to confirm is settled.")
    if reader.confirmed_at is None:
        return _("Its reader never confirmed.")
    wishes = list(Subscription.objects.filter(subscriber=reader))
    if not wishes or (alert.event is not None and not is_wished(alert.event, alert.kind, wishes)):
        return not_followed()
    return ""


def is_wished(event: Event, kind: str, wishes: Iterable[Subscription]) -> bool:
    """Return whether one of a subscriber's `wishes` makes them hear of `event` as news of `kind`."""
    targets = set(targets_of(_pledge_of(event)))
    return any(wish.target in targets and getattr(wish, f"wants_{kind}") for wish in wishes)


def not_followed() -> str:
    return _("Its reader does not follow this any more.")


def cancelled_but_true() -> "QuerySet[Alert]":
    """Return the cancelled mails about overdue pledges that `reason_to_cancel` would let pass now."""
    is_staff = Q(subscriber=None) & (
        Q(user=None) | Q(user__is_active=True) | Q(recipient__in=staff_addresses())
    )
    may_be_written_to = Q(
        subscriber__confirmed_at__isnull=False,
        subscriber__suppressed_at=None,
        subscriber__erased_at=None,
    )
    return Alert.objects.filter(
        is_staff | may_be_written_to & Q(Exists(_wishes_of_an_alert())),
        kind=AlertKind.OVERDUE,
        state=AlertState.CANCELLED,
        event__pledge__publication=Publication.PUBLISHED,
        event__pledge__status__in=OPEN_STATUSES,
        event__pledge__current_deadline=F("event__deadline"),
    )


def _wishes_of_an_alert() -> "QuerySet[Subscription]":
    """Return, for a query over alerts, what still makes its subscriber hear of an overdue pledge."""

    def named(prefix: str, key: str) -> Concat:
        return Concat(Value(prefix), Cast(OuterRef(key), CharField()))

    bodies = Body.objects.filter(pledges=OuterRef(OuterRef("event__pledge"))).annotate(
        its_target=Concat(Value("body:"), Cast("pk", CharField()))
    )
    return Subscription.objects.filter(
        Q(target="all")
        | Q(target=named("pledge:", "event__pledge_id"))
        | Q(target=named("case:", "event__pledge__case_id"))
        | Q(target=named("action:", "event__pledge__action"))
        | Q(target__in=bodies.values("its_target")),
        subscriber=OuterRef("subscriber"),
        wants_overdue=True,
    )
