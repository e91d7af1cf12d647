"""How a pledge stands: one verdict for each pair of clock and evidence, and never more than is known."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Deadline, Pledge
from pledges.models.choices import OPEN_STATUSES, Status
from tests.support import records
from tests.support.records import make_pledge, make_reviewer, make_source
from tracker.public.moment import Moment
from tracker.public.standing import (
    CLOSED_VERDICTS,
    VERDICTS,
    Standing,
    standing,
)

pytestmark = pytest.mark.django_db
DUE = date(2025, 5, 4)
LAPSE = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)


def at(instant: datetime) -> Moment:
    with time_machine.travel(instant, tick=False):
        return Moment.read()


def stands(pledge: Pledge, instant: datetime) -> Standing:
    return standing(Pledge.objects.get(pk=pledge.pk), at(instant))


def judge(pledge: Pledge, status: str, on: date, now: datetime) -> None:
    actor = make_reviewer()
    records.judge(
        pledge=pledge,
        status=status,
        effective_on=on,
        reason="Seen.",
        sources=[make_source(actor=actor)],
        actor=actor,
        now=now,
    )


def test_every_pair_has_a_verdict() -> None:
    assert set(CLOSED_VERDICTS) == set(Status) - set(OPEN_STATUSES)
    timed = {Timeliness.OVERDUE, Timeliness.LONG_OVERDUE, Timeliness.CLOSED}
    assert set(VERDICTS) == set(Timeliness) - timed


def test_no_verdict_says_broken() -> None:
    words = [*VERDICTS.values(), *CLOSED_VERDICTS.values()]
    assert not [each for each in words if "broken" in str(each) or "failed" in str(each)]


@pytest.mark.parametrize(
    ("offset", "timeliness", "days", "unit", "verdict"),
    [
        (timedelta(days=-20), "upcoming", 19, "days left", "Not due before the end of 4 May 2025."),
        (timedelta(days=-1, microseconds=-1), "due_soon", 1, "day left", "Due by the end of 4 May 2025."),
        (timedelta(days=-1), "due_soon", 0, "due today", "Due by the end of 4 May 2025."),
        # The last day itself, from its first instant to its last.
        (timedelta(microseconds=-1), "due_soon", 0, "due today", "Due by the end of 4 May 2025."),
        (timedelta(0), "overdue", 1, "day late", "Overdue: no evidence of delivery is on record"),
        (timedelta(days=1), "overdue", 2, "days late", "Overdue: no evidence of delivery is on record"),
        (timedelta(days=30), "long_overdue", 31, "days late", "Overdue: no evidence of delivery"),
    ],
)
def test_an_open_pledge_around_its_due_date(
    offset: timedelta, timeliness: str, days: int, unit: str, verdict: str
) -> None:
    one = stands(make_pledge(latest=DUE), LAPSE + offset)
    assert (one.timeliness, one.days, one.days_unit) == (timeliness, days, unit)
    assert one.verdict.startswith(verdict)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("in_progress", "work is reported, but no public evidence of delivery found as of 1 May 2025"),
        ("partly_fulfilled", "delivered in part; no public evidence of the rest found as of 1 May 2025"),
        ("no_evidence", "no public evidence of delivery found as of 1 May 2025"),
    ],
)
def test_overdue_is_said_as_of_the_day_on_which_somebody_looked(status: str, words: str) -> None:
    pledge = make_pledge(latest=DUE)
    judge(pledge, status, date(2025, 5, 1), datetime(2025, 5, 1, 12, 0, tzinfo=UTC))
    assert words in stands(pledge, LAPSE).verdict


@pytest.mark.parametrize(
    ("met", "timeliness", "days", "unit", "verdict"),
    [
        (date(2025, 5, 2), "met_on_time", 2, "days early", "Fulfilled on 2 May 2025, in time."),
        (date(2025, 5, 4), "met_on_time", 0, "on the day", "Fulfilled on 4 May 2025, in time."),
        (date(2025, 5, 5), "met_late", 1, "day late", "Fulfilled on 5 May 2025, after the due date."),
    ],
)
def test_a_fulfilled_pledge_is_counted_to_the_day_of_fulfilment(
    met: date, timeliness: str, days: int, unit: str, verdict: str
) -> None:
    pledge = make_pledge(latest=DUE)
    judge(pledge, "fulfilled", met, LAPSE + timedelta(days=100))
    one = stands(pledge, LAPSE + timedelta(days=200))
    assert (one.timeliness, one.days, one.days_unit, one.verdict) == (timeliness, days, unit, verdict)


@pytest.mark.parametrize("status", ["refused", "withdrawn", "unverifiable"])
def test_a_closed_pledge_is_no_longer_timed(status: str) -> None:
    pledge = make_pledge(latest=DUE)
    judge(pledge, status, date(2025, 5, 10), LAPSE + timedelta(days=10))
    one = stands(pledge, LAPSE + timedelta(days=200))
    assert (one.timeliness, one.days, one.days_unit) == ("closed", None, "")
    assert one.verdict.lower().startswith(status)
    assert one.days_unchecked == 0


def test_without_a_date_the_clock_says_nothing() -> None:
    one = stands(make_pledge(latest=None, phrase="soon"), LAPSE)
    assert (one.timeliness, one.days, one.sentence) == ("no_date", None, "")
    assert one.verdict == "No date was named, so the clock can't call it late."


def test_fulfilled_without_a_date_is_no_lateness() -> None:
    pledge = make_pledge(latest=None, phrase="soon")
    judge(pledge, "fulfilled", date(2025, 5, 2), LAPSE)
    assert stands(pledge, LAPSE).verdict == "Fulfilled on 2 May 2025. No due date was in force."


def test_another_zone_ends_its_own_day() -> None:
    pledge = make_pledge(latest=DUE)
    Pledge.objects.filter(pk=pledge.pk).update(time_zone="Pacific/Kiritimati")
    early = datetime(2025, 5, 4, 12, 0, tzinfo=UTC)
    assert stands(pledge, early).today == date(2025, 5, 5)
    assert Deadline.objects.get(pledge=pledge).time_zone == "Asia/Damascus"
