"""The sweep: flag, event and alerts together or not at all; once, whatever happens."""

import threading
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from pledges import record
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from tests.support.records import make_pledge, make_source, make_user
from tracker.alerts import fan_out
from tracker.alerts.models import Alert, Ladder, Rung
from tracker.watch.sweep import SweepResult, sweep
from tracker.watch.tasks import check_deadlines

LAPSE = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)  # the end of 4 May in Damascus
TICK = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def _staff(settings: Settings) -> None:
    settings.TRACKER_STAFF_ALERTS = ["desk@ngo.example"]


@pytest.fixture(autouse=True)
def _no_ladder_but_t0(db: None) -> None:
    """What else the ladder tells is tested with it."""
    Rung.objects.exclude(days=0).delete()
    Ladder.objects.update(repeat_days=None)


def overdue_events() -> int:
    return Event.objects.filter(kind=EventKind.BECAME_OVERDUE).count()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("sweep", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(("now", "flagged"), [(LAPSE - TICK, 0), (LAPSE, 1), (LAPSE + TICK, 1)])
def test_a_pledge_is_flagged_and_told_from_its_lapse_on(now: datetime, flagged: int) -> None:
    make_pledge(assignee=make_user())
    assert sweep(now=now).flagged == flagged
    assert overdue_events() == flagged
    assert Alert.objects.count() == 2 * flagged  # the assignee and the desk


@pytest.mark.django_db
def test_a_sweep_twice_tells_once() -> None:
    make_pledge(assignee=make_user())
    assert sweep(now=LAPSE) == SweepResult(flagged=1, backlog=0)
    assert sweep(now=LAPSE) == SweepResult(flagged=0, backlog=0)
    assert sweep(now=LAPSE - timedelta(hours=1)) == SweepResult(flagged=0, backlog=0)
    assert (overdue_events(), Alert.objects.count()) == (1, 2)


@pytest.mark.django_db
def test_the_first_sweep_after_three_days_of_outage_finds_everything() -> None:
    for day in (2, 3, 4):
        make_pledge(latest=date(2025, 5, day))
    assert sweep(now=LAPSE + timedelta(hours=6)).flagged == 3
    assert overdue_events() == Alert.objects.filter(kind="overdue").count() == 3


@pytest.mark.django_db
def test_many_batches_are_one_sweep() -> None:
    for _ in range(5):
        make_pledge()
    assert sweep(now=LAPSE, batch=2).flagged == 5
    assert (overdue_events(), Alert.objects.count()) == (5, 5)


@pytest.mark.django_db
def test_a_backlog_makes_one_digest() -> None:
    for _ in range(3):
        make_pledge(now=LAPSE)
    assert sweep(now=LAPSE + TICK) == SweepResult(flagged=3, backlog=3)
    assert Alert.objects.filter(kind="digest").count() == 1
    assert overdue_events() == 3


@pytest.mark.django_db
def test_an_extension_clears_the_flag_and_the_new_date_is_told_again() -> None:
    pledge = make_pledge()
    user = make_user()
    sweep(now=LAPSE)
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(latest=date(2025, 6, 4)),
        source=make_source(actor=user),
        announced_on=date(2025, 5, 5),
        actor=user,
        now=LAPSE + timedelta(hours=1),
    )
    pledge.refresh_from_db()
    assert pledge.overdue_flagged_at is None
    assert sweep(now=LAPSE + timedelta(days=31) - TICK).flagged == 0
    assert sweep(now=LAPSE + timedelta(days=31)).flagged == 1
    assert (overdue_events(), Alert.objects.filter(kind="overdue").count()) == (2, 2)


@pytest.mark.django_db
def test_a_failure_while_queueing_leaves_nothing_flagged(monkeypatch: pytest.MonkeyPatch) -> None:
    make_pledge()

    def fail(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("disk full")

    with monkeypatch.context() as patched:
        patched.setattr(fan_out, "queue_overdue_alerts", fail)
        with pytest.raises(RuntimeError):
            sweep(now=LAPSE)
    assert not Pledge.objects.filter(overdue_flagged_at__isnull=False).exists()
    assert (overdue_events(), Alert.objects.count()) == (0, 0)
    assert sweep(now=LAPSE).flagged == 1


def statements(pledges: int) -> int:
    source = make_source(actor=make_user())
    assignee = make_user()
    for _ in range(pledges):
        make_pledge(source=source, assignee=assignee)
    with CaptureQueriesContext(connection) as captured:
        assert sweep(now=LAPSE).flagged == pledges
    return len(captured)


@pytest.mark.django_db
def test_the_number_of_statements_does_not_grow() -> None:
    statements(1)  # the ladder is climbed once a day
    assert statements(1) == statements(25)


@pytest.mark.django_db(transaction=True)
def test_sweeps_at_the_same_time_flag_each_pledge_once() -> None:
    for _ in range(6):
        make_pledge()
    results: list[SweepResult] = []
    start = threading.Barrier(4)

    def work() -> None:
        try:
            start.wait()
            results.append(sweep(now=LAPSE, batch=2))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # What one sweep skipped because another held it is found by the next.
    results.append(sweep(now=LAPSE))
    assert sum(result.flagged for result in results) == 6
    assert (overdue_events(), Alert.objects.count()) == (6, 6)


@pytest.mark.django_db
def test_the_task_reads_the_clock_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[bool] = []
    monkeypatch.setattr("tracker.watch.tasks.drain_alerts.delay", lambda: woken.append(True))
    make_pledge()
    with time_machine.travel(LAPSE - timedelta(seconds=1), tick=False):
        check_deadlines()
    assert (overdue_events(), woken) == (0, [])
    with time_machine.travel(LAPSE, tick=False):
        check_deadlines()
        check_deadlines()
    assert (overdue_events(), woken) == (1, [True])


@pytest.mark.django_db
def test_the_command_sweeps_at_the_given_instant() -> None:
    make_pledge()
    assert run("--now", "2025-05-04T23:59:59+03:00").startswith("0 flagged")
    assert run("--now", "2025-05-05T00:00:00+03:00").startswith("1 flagged")
    assert overdue_events() == 1


@pytest.mark.django_db
def test_a_dry_run_lists_and_changes_nothing() -> None:
    pledge = make_pledge()
    out = run("--dry-run", "--now", "2099-01-01T00:00:00Z")
    assert f"{pledge.reference}  due 2025-05-04" in out
    assert "1 would be flagged" in out
    assert overdue_events() == 0


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["yesterday", "2025-05-05", "2025-05-05T00:00:00", "2025-02-30T00:00:00Z"])
def test_a_bad_instant_is_refused_in_words(text: str) -> None:
    with pytest.raises(CommandError, match="--now"):
        run("--now", text)


@pytest.mark.django_db
def test_nothing_is_called_late_before_it_is(settings: Settings) -> None:
    make_pledge(latest=date(2098, 12, 31))
    settings.TRACKER_DEMO = False
    with pytest.raises(CommandError, match="not come yet"):
        run("--now", "2099-01-01T12:00:00Z")
    assert overdue_events() == 0
    settings.TRACKER_DEMO = True
    assert run("--now", "2099-01-01T12:00:00Z").startswith("1 flagged")


@pytest.mark.django_db
def test_the_backlog_digest_can_be_sent_at_once(settings: Settings) -> None:
    settings.TRACKER_BACKLOG_MINUTES = 60
    make_pledge(now=LAPSE)
    clock = LAPSE + timedelta(days=1)
    with time_machine.travel(clock, tick=False):
        run("--now", "2025-05-05T00:00:00+03:00", "--digest-now")
    assert Alert.objects.get(kind="digest").claimable_at == clock


@pytest.mark.django_db
def test_a_sweep_for_an_earlier_instant_back_dates_nothing() -> None:
    pledge = make_pledge()
    clock = LAPSE + timedelta(days=1)
    with time_machine.travel(clock, tick=False):
        run("--now", "2025-05-05T00:00:00+03:00")
    pledge.refresh_from_db()
    event = Event.objects.get(kind=EventKind.BECAME_OVERDUE)
    assert (event.happened_on, event.recorded_at) == (date(2025, 5, 5), clock)
    assert pledge.overdue_flagged_at == clock
    assert Alert.objects.get().created_at == clock
