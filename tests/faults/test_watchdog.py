"""A worker that lives but does nothing, and two beats at once: real processes, a real Redis."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from config.redis_server import client_for
from tests.alerts.conftest import queue
from tests.support import processes
from tests.support.smtp_sink import Sink
from tracker.alerts.models import Alert, AlertKind, AlertState, Ladder, Rung
from tracker.alerts.tasks import drain_alerts
from tracker.health.models import Heartbeat, Part
from tracker.health.state import allowed, read_health
from tracker.watch.tasks import check_deadlines

from .test_kill import worker_of

pytestmark = [
    pytest.mark.redis,
    pytest.mark.worker,
    pytest.mark.smtp,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def _no_ladder_but_t0(settings: Settings, transactional_db: None) -> None:
    """What else the watchdog's sweep tells is tested with the ladder."""
    Rung.objects.exclude(days=0).delete()
    Ladder.objects.update(repeat_days=None)
    settings.TRACKER_STALE_DAYS = 3650


def has_beaten(*parts: Part) -> bool:
    return Heartbeat.objects.filter(name__in=parts).count() == len(parts)


def is_all_sent() -> bool:
    return not Alert.objects.exclude(state=AlertState.SENT).exists()


def test_a_worker_that_is_stopped_goes_red_and_the_watchdog_drains(sink: Sink, empty_queue: str) -> None:
    with processes.celery_worker(worker_of(sink)) as worker:
        check_deadlines.delay()
        drain_alerts.delay()
        worker.wait_until(lambda: has_beaten(*Part), "all parts have beaten")
        assert read_health(now=timezone.now()).late == {}
        worker.pause()
        try:
            queue(2)
            drain_alerts.delay()
            # As long ago as it takes, without waiting for it.
            Heartbeat.objects.update(last_at=timezone.now() - 2 * allowed())
            assert set(read_health(now=timezone.now()).late) == set(Part)
            with pytest.raises(CommandError, match="worker is late") as raised:
                call_command("watchdog")
            assert raised.value.returncode == 1
            assert is_all_sent()
            assert set(read_health(now=timezone.now()).late) == {Part.WORKER}
        finally:
            worker.resume()
        worker.wait_until(lambda: read_health(now=timezone.now()).late == {}, "the worker beats again")
    call_command("watchdog")
    kinds = list(Alert.objects.filter(state=AlertState.SENT).values_list("kind", flat=True))
    assert sorted(kinds) == [AlertKind.OVERDUE] * 2 + [AlertKind.WATCHDOG] * 2
    assert len(sink.message_ids) == len(set(sink.message_ids)) == 4


def test_two_beats_at_once_send_nothing_twice(sink: Sink, empty_queue: str) -> None:
    queue(5)
    quick = {**worker_of(sink, lease=60), "TRACKER_TICK_SECONDS": "1"}
    with (
        processes.celery_worker(quick) as worker,
        processes.celery_beat(quick),
        processes.celery_beat(quick),
    ):
        worker.wait_until(
            lambda: is_all_sent() and worker.output.count("drain_alerts") >= 8, "two beats woke it often"
        )
        assert has_beaten(*Part)
    assert len(sink.message_ids) == len(set(sink.message_ids)) == 5
    assert read_health(now=timezone.now()).late == {}


def test_the_watchdog_needs_no_redis(sink: Sink, empty_queue: str) -> None:
    queue()
    with client_for(empty_queue) as client:
        client.flushall()
        with pytest.raises(CommandError):
            call_command("watchdog")
        assert client.dbsize() == 0
    assert is_all_sent()
