"""Who writes a beat: every completed pass in real time, and no other."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.support.smtp_sink import Sink
from tracker.alerts.tasks import drain_alerts
from tracker.health import checks
from tracker.health.models import Heartbeat, Part
from tracker.watch import tasks

from .support import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def beats() -> set[str]:
    assert not Heartbeat.objects.exclude(last_at=NOW).exists()
    return set(Heartbeat.objects.values_list("name", flat=True))


@pytest.mark.parametrize(
    ("act", "written"),
    [
        (lambda: call_command("sweep"), {Part.SWEEP}),
        (lambda: call_command("deliver"), {Part.DELIVERY}),
        (tasks.check_deadlines, {Part.SWEEP, Part.WORKER}),
        (drain_alerts, {Part.DELIVERY, Part.WORKER}),
        # What pretends to be another instant, or changes nothing, proves nothing.
        (lambda: call_command("sweep", "--dry-run"), set()),
        (lambda: call_command("sweep", "--now", "2030-01-01T00:00:00Z"), set()),
        (lambda: call_command("sweep", "--now", "2025-01-01T00:00:00Z"), set()),
        (lambda: call_command("deliver", "--now", "2025-01-01T00:00:00Z"), set()),
    ],
)
def test_who_beats(act: Callable[[], Any], written: set[Part], sink: Sink, settings: Any) -> None:
    settings.TRACKER_DEMO = True
    act()
    assert beats() == {part.value for part in written}


def test_a_sweep_that_fails_does_not_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**options: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(tasks, "sweep", fails)
    with pytest.raises(RuntimeError, match="broken"):
        tasks.check_deadlines()
    assert beats() == set()


@pytest.mark.parametrize(
    ("minutes", "tick", "ids"),
    [(15, 60, []), (2, 60, ["health.E001"]), (3, 60, []), (15, 450, ["health.E001"]), (15, 449, [])],
)
def test_a_threshold_within_two_ticks_is_refused(
    minutes: int, tick: int, ids: list[str], settings: Any
) -> None:
    settings.TRACKER_WATCH_LATE_MINUTES, settings.TRACKER_TICK_SECONDS = minutes, tick
    found = checks.threshold(None)
    assert [each.id for each in found] == ids
    assert all("TRACKER_WATCH_LATE_MINUTES" in str(each.hint) for each in found)
