"""What came of a pledge: the rule, and that the database counts by it as the rule says."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from pledges.models.choices import Status
from tests.support import records
from tests.support.records import make_pledge, make_source, make_user
from tracker.public.moment import Moment
from tracker.public.outcomes import DECIDED, LABELS, Outcome, outcome, outcomes, outcomes_by_year
from tracker.public.tally import tally

DUE = date(2025, 5, 4)
LAPSE = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)
LATER = datetime(2025, 9, 1, 12, 0, tzinfo=UTC)


def at(now: datetime) -> Moment:
    return Moment(now=now, due_soon=timedelta(14), long_overdue=timedelta(30), stale=timedelta(90))


def by_year(moment: Moment) -> dict[int | None, Counter[Outcome]]:
    return outcomes_by_year(tally(Pledge.objects.published(), moment, by_year=True))


def judge(pledge: Pledge, status: str, on: date) -> None:
    actor = make_user()
    records.judge(
        pledge=pledge,
        actor=actor,
        now=LATER,
        status=status,
        effective_on=on,
        reason="It is so.",
        updates=[],
        sources=[make_source(actor=actor)],
    )


def judged(status: str, on: date = DUE, **fields: object) -> Pledge:
    pledge = make_pledge(**fields)  # type: ignore[arg-type]  # passed through
    judge(pledge, status, on)
    return pledge


OPEN = [Status.NO_EVIDENCE, Status.IN_PROGRESS, Status.PARTLY_FULFILLED]
RULE = [
    (Timeliness.MET_ON_TIME, [Status.FULFILLED], Outcome.IN_TIME),
    (Timeliness.MET_LATE, [Status.FULFILLED], Outcome.LATE),
    (Timeliness.CLOSED, [Status.FULFILLED], Outcome.UNTIMED),
    (Timeliness.CLOSED, [Status.REFUSED, Status.WITHDRAWN], Outcome.REFUSED),
    (Timeliness.CLOSED, [Status.UNVERIFIABLE], Outcome.UNVERIFIABLE),
    (Timeliness.OVERDUE, OPEN, Outcome.OVERDUE),
    (Timeliness.LONG_OVERDUE, OPEN, Outcome.OVERDUE),
    (Timeliness.DUE_SOON, OPEN, Outcome.AHEAD),
    (Timeliness.UPCOMING, OPEN, Outcome.AHEAD),
    (Timeliness.NO_DATE, OPEN, Outcome.UNDATED),
    (Timeliness.AWAITING_TRIGGER, OPEN, Outcome.UNDATED),
]


@pytest.mark.parametrize(("timeliness", "statuses", "expected"), RULE)
def test_the_rule(timeliness: Timeliness, statuses: list[Status], expected: Outcome) -> None:
    assert {outcome(timeliness, status) for status in statuses} == {expected}


def test_the_rule_knows_every_timeliness_and_every_outcome_has_words() -> None:
    assert {timeliness for timeliness, *_ in RULE} == set(Timeliness)
    assert {expected for *_, expected in RULE} == set(Outcome) == set(LABELS)


def test_what_is_open_or_unsettled_decides_nothing() -> None:
    assert {*Outcome} - {*DECIDED} == {Outcome.AHEAD, Outcome.UNDATED, Outcome.UNVERIFIABLE}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("offset", "expected"),
    [
        (timedelta(microseconds=-1), Outcome.AHEAD),
        (timedelta(0), Outcome.OVERDUE),
        (timedelta(days=30), Outcome.OVERDUE),
    ],
)
def test_overdue_begins_when_the_day_has_ended_where_the_pledge_is(
    offset: timedelta, expected: Outcome
) -> None:
    make_pledge(latest=DUE)
    counts = by_year(at(LAPSE + offset))
    assert counts == {2025: Counter({expected: 1})}


@pytest.mark.django_db
def test_each_pledge_stands_in_the_year_of_the_date_in_force() -> None:
    judged("fulfilled", DUE)
    judged("fulfilled", date(2025, 5, 5))
    judged("fulfilled", latest=None)
    judged("refused")
    judged("withdrawn")
    judged("unverifiable", latest=date(2025, 12, 31))
    make_pledge(latest=date(2026, 1, 1))
    make_pledge(latest=None)
    moved = make_pledge(latest=DUE)
    record.extend_deadline(
        pledge=moved,
        terms=record.DeadlineTerms(latest=date(2027, 6, 1), reason="More time."),
        source=make_source(actor=make_user()),
        announced_on=date(2025, 5, 1),
        actor=make_user(),
        now=LATER,
    )
    records.make_draft()
    moment = at(LATER)
    with CaptureQueriesContext(connection) as asked:
        counts = by_year(moment)
    assert len(asked) == 1
    assert counts == {
        2025: Counter({Outcome.IN_TIME: 1, Outcome.LATE: 1, Outcome.REFUSED: 2, Outcome.UNVERIFIABLE: 1}),
        2026: Counter({Outcome.AHEAD: 1}),
        2027: Counter({Outcome.AHEAD: 1}),
        None: Counter({Outcome.UNTIMED: 1, Outcome.UNDATED: 1}),
    }
    assert sum(counts.values(), Counter()) == outcomes(tally(Pledge.objects.published(), moment))


@pytest.mark.django_db
def test_the_last_day_of_a_year_belongs_to_it_in_every_zone() -> None:
    """In UTC the day ends on another date: the year is that of the day as it was said."""
    for zone in ("Pacific/Kiritimati", "Asia/Damascus", "Pacific/Pago_Pago"):
        author = make_user()
        make_pledge(
            actor=author,
            made_on=date(2025, 4, 1),
            bodies=[records.make_body(actor=author, time_zone=zone)],
            latest=date(2025, 12, 31),
        )
    assert list(by_year(at(LATER))) == [2025]
