"""The clock climbs the follow-up ladder: each rung once, the highest only, at local midnight."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Pledge
from tests.support.records import (
    NOON_4_APRIL,
    judge,
    make_body,
    make_case,
    make_pledge,
    make_source,
    make_user,
)
from tracker.alerts.climbing import climb, due_rungs
from tracker.alerts.models import FollowUp, Ladder, LadderPass, Rung

from .events import LAPSED, extend

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
MOMENT = timedelta(microseconds=1)
# Of a pledge due on 4 May 2025 in Damascus.
T_MINUS_14, T_MINUS_3 = LAPSED - 14 * DAY, LAPSED - 3 * DAY


def rungs(pledge: Pledge | None = None) -> list[int | None]:
    follow_ups = FollowUp.objects.filter(deadline__isnull=False).order_by("pk")
    if pledge is not None:
        follow_ups = follow_ups.filter(pledge=pledge)
    return list(follow_ups.values_list("days", flat=True))


def live(until: datetime, since: datetime = NOON_4_APRIL) -> None:
    """Let the clock run, an hour at a time."""
    now = since
    while now <= until:
        climb(now=now)
        now += timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "reached"),
    [
        (T_MINUS_14 - MOMENT, []),
        (T_MINUS_14, [-14]),
        (T_MINUS_14 + MOMENT, [-14]),
        (T_MINUS_3 - MOMENT, [-14]),
        (T_MINUS_3, [-3]),
        (LAPSED - MOMENT, [-3]),
        # T0 is the event that the sweep appends.
        (LAPSED, []),
        (LAPSED + 7 * DAY - MOMENT, []),
        (LAPSED + 7 * DAY, [7]),
        (LAPSED + 30 * DAY - MOMENT, [7]),
        (LAPSED + 30 * DAY, [30]),
        (LAPSED + 60 * DAY, [60]),
    ],
)
def test_the_first_climb_writes_the_highest_rung_only(now: datetime, reached: list[int]) -> None:
    make_pledge()
    climb(now=now)
    assert rungs() == reached


def test_day_by_day_each_rung_comes_once() -> None:
    make_pledge()
    live(LAPSED + 61 * DAY)
    assert rungs() == [-14, -3, 7, 30, 60]


def test_an_outage_folds_what_passed_into_the_latest() -> None:
    make_pledge()
    live(T_MINUS_14)
    live(LAPSED + 31 * DAY, since=LAPSED + 31 * DAY)
    assert rungs() == [-14, 30]


def test_twice_and_an_hour_back_change_nothing() -> None:
    make_pledge()
    assert climb(now=T_MINUS_3) == 1
    assert climb(now=T_MINUS_3) == 0
    assert climb(now=T_MINUS_3 - timedelta(hours=1)) == 0
    assert climb(now=T_MINUS_3 + timedelta(hours=1)) == 0
    assert rungs() == [-3]


def test_a_clock_that_was_a_year_ahead_stops_nothing() -> None:
    LadderPass.objects.create(time_zone="Asia/Damascus", day=date(2026, 5, 4))
    make_pledge()
    assert climb(now=T_MINUS_3) == 1


def test_what_lay_behind_when_it_was_published_is_not_told() -> None:
    make_pledge(now=T_MINUS_3 + MOMENT)
    live(LAPSED + 8 * DAY, since=T_MINUS_3 + MOMENT)
    assert rungs() == [7]


def test_published_at_the_very_instant_it_lies_behind() -> None:
    make_pledge(now=T_MINUS_3)
    assert climb(now=T_MINUS_3) == 0


def test_a_new_date_has_rungs_of_its_own() -> None:
    pledge = make_pledge()
    live(T_MINUS_3)
    extend(pledge, latest=date(2025, 8, 4), now=T_MINUS_3 + timedelta(hours=1))
    pledge.refresh_from_db()
    assert pledge.current_deadline is not None
    new = datetime(2025, 8, 4, 21, tzinfo=UTC)
    live(new + 7 * DAY, since=T_MINUS_3)
    found = FollowUp.objects.filter(deadline=pledge.current_deadline).order_by("pk")
    assert list(found.values_list("days", flat=True)) == [-14, -3, 7]


def test_what_is_closed_a_draft_or_undated_climbs_nothing() -> None:
    closed, off = make_pledge(), make_pledge()
    make_pledge(latest=None, phrase="soon")
    judge(
        pledge=closed,
        status="withdrawn",
        effective_on=date(2025, 4, 4),
        reason="Taken back.",
        sources=[make_source(actor=closed.created_by)],
        actor=closed.created_by,
        now=NOON_4_APRIL,
    )
    record.unpublish(pledge=off, reason="x", actor=make_user("Reviewer"), now=NOON_4_APRIL)
    live(LAPSED + 40 * DAY, since=LAPSED + 40 * DAY)
    assert rungs() == []


def test_each_zone_has_its_own_midnight() -> None:
    actor = make_user()
    east, west = (
        make_pledge(actor=actor, made_on=date(2025, 4, 3), bodies=[make_body(actor=actor, time_zone=zone)])
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12")
    )
    end_of_4_may_east = datetime(2025, 5, 4, 10, tzinfo=UTC)
    climb(now=end_of_4_may_east - 3 * DAY - MOMENT)
    assert (rungs(east), rungs(west)) == ([-14], [-14])
    climb(now=end_of_4_may_east - 3 * DAY)
    assert (rungs(east), rungs(west)) == ([-14, -3], [-14])
    climb(now=datetime(2025, 5, 2, 12, tzinfo=UTC))
    assert rungs(west) == [-14, -3]


class TestWhichLadder:
    def ladder(self, *days: int, **of: object) -> Ladder:
        ladder = Ladder.objects.create(repeat_days=None, **of)
        Rung.objects.bulk_create(Rung(ladder=ladder, days=each) for each in days)
        return ladder

    def test_the_case_wins_then_a_body_then_the_default(self) -> None:
        actor = make_user()
        case = make_case(actor=actor)
        of_case, of_body, plain = make_pledge(case=case), make_pledge(), make_pledge()
        self.ladder(5, case=case)
        self.ladder(6, body=of_case.bodies.get())
        self.ladder(4, body=of_body.bodies.get())
        climb(now=LAPSED + 7 * DAY)
        assert (rungs(of_case), rungs(of_body), rungs(plain)) == ([5], [4], [7])

    def test_of_two_bodies_the_first_by_name(self) -> None:
        first, second = make_pledge().bodies.get(), make_pledge().bodies.get()
        pledge = make_pledge(bodies=[second, first])
        by_name = sorted((first, second), key=lambda body: body.name)
        self.ladder(2, body=by_name[0])
        self.ladder(3, body=by_name[1])
        climb(now=LAPSED + 7 * DAY)
        assert rungs(pledge) == [2]

    def test_a_rung_that_is_added_later_below_the_last_is_not_told(self) -> None:
        make_pledge()
        climb(now=LAPSED + 30 * DAY)
        Rung.objects.create(ladder=Ladder.objects.get(), days=20)
        climb(now=LAPSED + 31 * DAY)
        assert rungs() == [30]


class TestStale:
    """TRACKER_STALE_DAYS is 90."""

    def stale(self) -> list[date | None]:
        found = FollowUp.objects.filter(stale_since__isnull=False).order_by("pk")
        return list(found.values_list("stale_since", flat=True))

    @pytest.mark.parametrize(
        ("days", "expected"), [(89, []), (90, [date(2025, 4, 4)]), (91, [date(2025, 4, 4)])]
    )
    def test_ninety_days_after_the_publication(self, days: int, expected: list[date]) -> None:
        make_pledge(latest=None, phrase="soon")
        climb(now=NOON_4_APRIL + days * DAY)
        assert self.stale() == expected

    def test_once_for_each_last_check(self) -> None:
        pledge = make_pledge(latest=None, phrase="soon")
        live(NOON_4_APRIL + 95 * DAY, since=NOON_4_APRIL + 90 * DAY)
        record.record_check(
            pledge=pledge, checked_on=date(2025, 7, 10), actor=pledge.created_by, now=NOON_4_APRIL + 98 * DAY
        )
        live(NOON_4_APRIL + 99 * DAY, since=NOON_4_APRIL + 96 * DAY)
        assert self.stale() == [date(2025, 4, 4)]
        climb(now=NOON_4_APRIL + 200 * DAY)
        assert self.stale() == [date(2025, 4, 4), date(2025, 7, 10)]


def test_what_is_due_is_listed_and_not_written() -> None:
    make_pledge()
    assert [each.days for each in due_rungs(now=T_MINUS_3)] == [-3]
    assert rungs() == []
    climb(now=T_MINUS_3)
    assert due_rungs(now=T_MINUS_3) == []


def test_statements_do_not_grow_with_pledges() -> None:
    counts = []
    for count in (1, 20):
        LadderPass.objects.all().delete()
        for _ in range(count):
            make_pledge()
        with CaptureQueriesContext(connection) as queries:
            climb(now=T_MINUS_3)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_write_it_once() -> None:
    for _ in range(5):
        make_pledge()
    start = threading.Barrier(3)
    counts: list[int] = []

    def work() -> None:
        try:
            start.wait()
            counts.append(climb(now=T_MINUS_3))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(counts) == [0, 0, 5]
    assert rungs() == [-3] * 5
