"""Heartbeats and what is read from them."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.alerts.conftest import queue
from tracker.alerts.models import Alert, AlertKind, AlertState
from tracker.health.beats import beat, beat_delivery
from tracker.health.lateness import AHEAD
from tracker.health.models import Heartbeat, Part
from tracker.health.state import read_health

from .support import ALLOWED, NOW, TICK

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def last(part: Part = Part.SWEEP) -> datetime:
    return Heartbeat.objects.get(name=part).last_at


@pytest.mark.parametrize(
    ("second", "stays"),
    [
        (NOW - TICK, NOW),
        (NOW, NOW),
        (NOW + TICK, NOW + TICK),
        # A clock that was stepped back an hour.
        (NOW - HOUR, NOW),
        (NOW - AHEAD, NOW),
        # A clock that had been wrong by more than a day gives way to the right one.
        (NOW - AHEAD - TICK, NOW - AHEAD - TICK),
    ],
)
def test_a_beat_goes_never_backwards_but_from_a_wrong_clock(second: datetime, stays: datetime) -> None:
    beat(Part.SWEEP, now=NOW)
    beat(Part.SWEEP, now=second)
    assert last() == stays
    assert Heartbeat.objects.count() == 1


def test_nothing_was_ever_checked() -> None:
    health = read_health(now=NOW)
    assert health.late == {Part.SWEEP: None, Part.DELIVERY: None, Part.WORKER: None}
    assert (health.checked_at, health.is_stale, health.is_ready) == (None, True, False)


@pytest.mark.parametrize("part", Part)
def test_each_part_is_late_by_itself(part: Part, well: datetime) -> None:
    for other in set(Part) - {part}:
        beat(other, now=NOW + HOUR)
    health = read_health(now=NOW + HOUR)
    assert health.late == {part: NOW}
    assert health.is_ready is (part is Part.WORKER)
    assert health.is_stale is (part is Part.SWEEP)
    assert health.checked_at == (NOW if part is Part.SWEEP else NOW + HOUR)


def test_all_are_well_until_the_threshold(well: datetime) -> None:
    assert read_health(now=NOW + ALLOWED).late == {}
    assert set(read_health(now=NOW + ALLOWED + TICK).late) == set(Part)


def test_one_statement_tells_all(well: datetime) -> None:
    queue(3)
    with CaptureQueriesContext(connection) as captured:
        read_health(now=NOW)
    assert len(captured) == 1


class TestWaitingMail:
    def test_what_is_due_and_untouched_for_too_long_is_late(self, well: datetime) -> None:
        queue()
        at = NOW + ALLOWED
        beat_delivery(now=at, reached=None)
        assert Part.DELIVERY not in read_health(now=at).late
        beat_delivery(now=at + TICK, reached=None)
        assert read_health(now=at + TICK).late[Part.DELIVERY] == NOW

    @pytest.mark.parametrize("state", [AlertState.FAILED, AlertState.HELD])
    def test_what_waits_for_a_person_is_not(self, state: AlertState, well: datetime) -> None:
        queue()
        Alert.objects.update(state=state)
        beat_delivery(now=NOW + HOUR, reached=True)
        assert Part.DELIVERY not in read_health(now=NOW + HOUR).late

    def test_what_a_server_put_off_is_not(self, well: datetime) -> None:
        queue()
        Alert.objects.update(attempts=7, claimable_at=NOW + 2 * HOUR)
        beat_delivery(now=NOW + HOUR, reached=True)
        assert Part.DELIVERY not in read_health(now=NOW + HOUR).late

    def test_the_watchdogs_own_mail_is_not(self, well: datetime) -> None:
        Alert.objects.create(
            kind=AlertKind.WATCHDOG,
            recipient="desk@ngo.example",
            state=AlertState.QUEUED,
            claimable_at=NOW - HOUR,
            created_at=NOW,
        )
        assert read_health(now=NOW).late == {}


class TestMailServer:
    def test_out_of_reach_for_too_long_is_late_although_drains_run(self, well: datetime) -> None:
        beat_delivery(now=NOW, reached=False)
        for minutes in (1, 5, 15):
            # In between nothing is due, or the server is asked in vain again.
            beat_delivery(now=NOW + timedelta(minutes=minutes), reached=None if minutes < 15 else False)
        assert Part.DELIVERY not in read_health(now=NOW + ALLOWED).late
        assert read_health(now=NOW + ALLOWED + TICK).late[Part.DELIVERY] == NOW

    def test_one_answer_ends_it(self, well: datetime) -> None:
        beat_delivery(now=NOW, reached=False)
        beat_delivery(now=NOW + HOUR, reached=True)
        assert Part.DELIVERY not in read_health(now=NOW + HOUR).late
