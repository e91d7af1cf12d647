"""The clock climbs the follow-up ladder: what staff hear of before and after a deadline, written once.

Rungs turn at midnight of the pledge's time zone, so each zone is looked at once a local day, in one
transaction with the marker that says so. After an outage a deadline gets the highest rung it has reached
meanwhile, and none of those below.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max, OuterRef, Q, Subquery

from pledges.deadlines.lapse import lapse_instant, local_day
from pledges.models import Pledge
from pledges.models.pledge_query import PledgeQuerySet

from . import staff_fan_out
from .ladders import Ladders
from .models import FollowUp, LadderPass
from .rungs import elapsed_days, highest_reached, rung_instant

BATCH = 2_000


def climb(*, now: datetime) -> int:
    """Write the follow-ups that are reached at `now` (aware), and queue their mails; return how many.

    Twice, two at once, or after the clock was stepped back: the same rows.
    """
    zones = _watched().order_by("time_zone").values_list("time_zone", flat=True).distinct()
    return sum(_climb_in(zone, now=now) for zone in list(zones))


def due_rungs(*, now: datetime) -> list[FollowUp]:
    """Return what `climb` would write at `now`, and write nothing."""
    zones = _watched().order_by("time_zone").values_list("time_zone", flat=True).distinct()
    passed = dict(LadderPass.objects.values_list("time_zone", "day"))
    days = {zone: local_day(now, zone) for zone in zones}
    return [
        each
        for zone, today in days.items()
        if zone not in passed or passed[zone] < today
        for each in _reached(zone, today, now=now)
    ]


def _watched() -> PledgeQuerySet:
    return Pledge.objects.published().open()


@transaction.atomic
def _climb_in(zone: str, *, now: datetime) -> int:
    today = local_day(now, zone)
    LadderPass.objects.bulk_create([LadderPass(time_zone=zone, day=date.min)], ignore_conflicts=True)
    # The update locks the row until the follow-ups are written: of two at once one finds it done.
    # A day after tomorrow was written by a clock that was wrong.
    is_new = Q(day__lt=today) | Q(day__gt=today + timedelta(days=1))
    if not LadderPass.objects.filter(is_new, time_zone=zone).update(day=today):
        return 0
    # All of it is read before anything is written: SQLite allows no other order.
    found = list(_reached(zone, today, now=now))
    for start in range(0, len(found), BATCH):
        written = FollowUp.objects.bulk_create(found[start : start + BATCH])
        staff_fan_out.queue_follow_ups(written, now=now)
    return len(found)


def _reached(zone: str, today: date, *, now: datetime) -> Iterator[FollowUp]:
    yield from _rungs_reached(zone, today, now=now)
    yield from _stale(zone, now=now)


def _rungs_reached(zone: str, today: date, *, now: datetime) -> Iterator[FollowUp]:
    ladders = Ladders.read()
    told = FollowUp.objects.filter(deadline=OuterRef("current_deadline")).order_by("-days")
    rows = (
        _watched()
        .filter(time_zone=zone, due_on__lt=today - timedelta(days=ladders.first))
        .select_related("current_deadline")
        .annotate(told=Subquery(told.values("days")[:1]))
        .only("case_id", "published_at", "current_deadline")
        .order_by("pk")
    )
    if ladders.of_body:
        rows = rows.prefetch_related("bodies")
    for pledge in rows.iterator(chunk_size=BATCH):
        deadline = pledge.current_deadline
        if deadline is None or deadline.latest is None or pledge.published_at is None:
            continue
        ladder = ladders.of(pledge)
        steps = [rung.days for rung in ladder.rungs.all()]
        days = highest_reached(elapsed_days(deadline.latest, today), steps, ladder.repeat_days)
        # T0 itself is the event that the sweep appends.
        if days is None or days == 0 or (pledge.told is not None and pledge.told >= days):  # type: ignore[attr-defined]  # annotated
            continue
        # What lay behind when the date became known was not reached by time passing.
        if rung_instant(deadline.latest, days, zone) > max(pledge.published_at, deadline.recorded_at):
            yield FollowUp(pledge_id=pledge.pk, deadline=deadline, days=days, reached_at=now)


def _stale(zone: str, *, now: datetime) -> Iterator[FollowUp]:
    """Yield what nobody checked for evidence for TRACKER_STALE_DAYS: once for each last check."""
    period = timedelta(days=settings.TRACKER_STALE_DAYS)
    last = local_day(now, zone) - period
    never = Q(checked_on=None, published_at__lt=lapse_instant(last, zone))
    rows = _watched().filter(Q(checked_on__lte=last) | never, time_zone=zone)
    rows = (
        rows.annotate(told=Max("follow_ups__stale_since")).only("checked_on", "published_at").order_by("pk")
    )
    for pledge in rows.order_by("pk").iterator(chunk_size=BATCH):
        since = pledge.checked_on or (local_day(pledge.published_at, zone) if pledge.published_at else None)
        if since is not None and pledge.told != since:  # type: ignore[attr-defined]  # annotated
            yield FollowUp(pledge_id=pledge.pk, stale_since=since, reached_at=now)
