"""Each guard of the ladder with its negative control: the guard switched off, the same scenario must fail."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.db.models import Subquery

from tests.alerts.events import LAPSED, extend
from tests.support.records import make_pledge, make_user
from tests.support.smtp_sink import Sink
from tracker.alerts import climbing, deliver, recheck, staff_fan_out
from tracker.alerts.climbing import climb
from tracker.alerts.models import FollowUp, LadderPass
from tracker.watch.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
DAY = timedelta(days=1)


def after_an_outage_each_hears_once(sink: Sink) -> None:
    make_pledge(assignee=make_user(email="rana@ngo.example"))
    now = LAPSED + 8 * DAY
    sweep(now=now)
    deliver.drain(now=now, clock=lambda: now)
    assert Counter(sink.recipients)["rana@ngo.example"] == 1


def what_no_longer_holds_is_not_sent(sink: Sink) -> None:
    pledge = make_pledge(assignee=make_user(email="rana@ngo.example"))
    now = LAPSED - 3 * DAY
    climb(now=now)
    extend(pledge, now=now)
    deliver.drain(now=now, clock=lambda: now)
    assert not [each for each in sink.accepted if str(each.message["Subject"]).startswith("Due on")]


def a_day_that_is_climbed_twice_writes_once(sink: Sink) -> None:
    """The marker of the day is lost, as after a restored backup."""
    make_pledge()
    climb(now=LAPSED - 3 * DAY)
    LadderPass.objects.all().delete()
    climb(now=LAPSED - 3 * DAY)
    assert FollowUp.objects.count() == 1


def without_folding(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(staff_fan_out, "_fold_earlier", lambda _follow_ups: None)


def without_recheck(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(recheck, "follow_up_untrue", lambda _follow_up, **_now: "")


def without_knowing_what_was_told(patch: pytest.MonkeyPatch) -> None:
    nothing = FollowUp.objects.none().values("days")
    patch.setattr(climbing, "Subquery", lambda _rows: Subquery(nothing))


@dataclass(frozen=True)
class Guard:
    scenario: Callable[[Sink], None]
    switch_off: Callable[[pytest.MonkeyPatch], None]
    fails: type[Exception]


GUARDS = [
    Guard(after_an_outage_each_hears_once, without_folding, AssertionError),
    Guard(what_no_longer_holds_is_not_sent, without_recheck, AssertionError),
    Guard(a_day_that_is_climbed_twice_writes_once, without_knowing_what_was_told, IntegrityError),
]


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.scenario.__name__)
def test_the_promise_holds(guard: Guard, sink: Sink) -> None:
    guard.scenario(sink)


@pytest.mark.parametrize("guard", GUARDS, ids=lambda guard: guard.switch_off.__name__)
def test_without_the_guard_it_would_not(guard: Guard, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    guard.switch_off(monkeypatch)
    with pytest.raises(guard.fails):
        guard.scenario(sink)
