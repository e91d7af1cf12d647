"""The command: it does the work of what is late, and tells staff once."""

from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from pledges.models import Pledge
from tests.alerts.conftest import DESK, queue
from tests.config.test_settings import run as run_process
from tests.support.records import make_pledge
from tests.support.smtp_sink import DROP, Sink
from tracker.alerts import deliver
from tracker.alerts.models import Alert, AlertKind, AlertState
from tracker.health import incidents
from tracker.health.beats import beat
from tracker.health.models import Incident, Part
from tracker.health.state import Health, read_health
from tracker.watch import watchdog

from .support import ALLOWED, NOW, TICK, all_beat

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the command at an instant; return its exit code and its words."""

    def run_at(now: datetime) -> tuple[int, str]:
        monkeypatch.setattr(timezone, "now", lambda: now)
        out = StringIO()
        try:
            call_command("watchdog", stdout=out)
        except CommandError as error:
            return error.returncode, f"{out.getvalue()}{error}"
        return 0, out.getvalue()

    return run_at


def subjects(sink: Sink) -> list[str]:
    return [str(each.message["Subject"]) for each in sink.accepted]


def test_all_is_well(well: datetime, run: Any, sink: Sink) -> None:
    assert run(NOW + ALLOWED) == (0, "all is well\n")
    assert not Incident.objects.exists()
    assert sink.connections == 0


def test_it_sweeps_and_drains_itself_and_tells_staff(well: datetime, run: Any, sink: Sink) -> None:
    make_pledge()
    code, words = run(NOW + ALLOWED + TICK)
    assert code == 1
    assert "sweep is late, since 5 May 2025, 05:00 UTC" in words
    assert "1 flagged overdue" in words
    assert "worker is late" in words
    assert not Pledge.objects.filter(overdue_flagged_at=None).exists()
    told, *others = sink.accepted
    assert "The watch is late" in str(told.message["Subject"])
    assert "Checking of deadlines: since 5 May 2025, 05:00 UTC" in told.part("plain")
    assert "manage.py watchdog" in told.part("plain")
    assert "https://pledges.example/admin/" in told.part("html")
    assert [each.recipients for each in (told, *others)] == [[DESK]] * len(sink.accepted)
    assert set(read_health(now=NOW + ALLOWED + TICK).late) == {Part.WORKER}


def test_the_alert_comes_before_a_long_queue(
    well: datetime, run: Any, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deliver, "BATCH", 1)
    queue(5)
    run(NOW + HOUR)
    assert len(sink.accepted) == 6
    assert "The watch is late" in subjects(sink)[0]


def test_once_an_incident_once_a_day_and_once_when_it_is_over(well: datetime, run: Any, sink: Sink) -> None:
    start = NOW + HOUR
    for later, mails in [
        (timedelta(0), 1),
        (timedelta(minutes=5), 1),
        (DAY - TICK, 1),
        (DAY, 2),
        (DAY + HOUR, 2),
        (2 * DAY, 3),
    ]:
        assert run(start + later)[0] == 1
        assert len(sink.accepted) == mails, later
    over = start + 2 * DAY + HOUR
    all_beat(over)
    assert run(over) == (0, "delivery: 1 sent\nall works again\n")
    assert "works again since 7 May 2025, 07:00 UTC" in subjects(sink)[-1]
    assert run(over + TICK) == (0, "all is well\n")
    assert len(sink.accepted) == 4
    assert run(over + HOUR)[0] == 1
    assert len(sink.accepted) == 5
    assert "The watch is late" in subjects(sink)[-1]


def test_a_second_watchdog_at_once_tells_nothing_more(
    well: datetime, run: Any, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = NOW + HOUR
    found = read_health(now=at)
    run(at)

    # The second had looked before the first wrote anything down.
    def as_found(*, now: datetime) -> Health:
        return found

    monkeypatch.setattr(watchdog, "read_health", as_found)
    assert not watchdog.look(now=at).is_told
    assert len(sink.accepted) == Incident.objects.count() == 1


def test_control_without_the_incident_both_would_tell(
    well: datetime, run: Any, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def always(health: Health, *, now: datetime) -> bool:
        return True

    monkeypatch.setattr(incidents, "open_or_remind", always)
    Incident.objects.create(opened_at=NOW, told_at=NOW, late={"sweep": None})
    run(NOW + HOUR)
    run(NOW + HOUR)
    assert len(sink.accepted) == 2


def test_without_a_mail_server_it_says_so_loudly_and_tells_later(
    well: datetime, run: Any, sink: Sink
) -> None:
    sink.on["CONNECT"] = lambda _: DROP
    code, words = run(NOW + HOUR)
    assert code == 1
    assert "The mail server can't be reached" in words
    assert "1 of the mails to staff could not be sent" in words
    sink.on.clear()
    all_beat(NOW + 2 * HOUR)
    # Delivery stays late until the server answered.
    assert run(NOW + 2 * HOUR)[0] == 1
    all_beat(NOW + 2 * HOUR + TICK)
    assert run(NOW + 2 * HOUR + TICK)[0] == 0
    assert Alert.objects.filter(kind=AlertKind.WATCHDOG, state=AlertState.SENT).count() == len(sink.accepted)


def test_what_could_not_be_told_in_time_is_told_in_one_mail(well: datetime, run: Any, sink: Sink) -> None:
    sink.on["DATA"] = lambda _: "451 try later"
    run(NOW + HOUR)
    sink.on.clear()
    all_beat(NOW + HOUR + TICK)
    assert run(NOW + HOUR + TICK)[0] == 0
    assert ["works again" in each for each in subjects(sink)] == [True]
    assert "Checking of deadlines: since" in sink.accepted[0].part("plain")


def test_a_failing_sweep_keeps_no_mail_from_going(
    well: datetime, run: Any, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**options: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(watchdog, "sweep", fails)
    code, words = run(NOW + HOUR)
    assert code == 1
    assert "The watchdog's own sweep failed: RuntimeError" in words
    assert len(sink.accepted) == 1


@pytest.mark.parametrize(("email", "reaches"), [("root@NGO.example", ["root@ngo.example"]), ("", [])])
def test_without_a_staff_list_superusers_are_told(
    email: str, reaches: list[str], well: datetime, run: Any, sink: Sink, settings: Any
) -> None:
    settings.TRACKER_STAFF_ALERTS = []
    User.objects.create_superuser("root", email, "x")
    User.objects.create_superuser("gone", "gone@ngo.example", "x", is_active=False)
    code, words = run(NOW + HOUR)
    assert code == 1
    assert sink.recipients == reaches
    assert ("Nobody can be told" in words) is (not reaches)


def test_the_clock_stepped_back_an_hour_is_no_incident(well: datetime, run: Any, sink: Sink) -> None:
    assert run(NOW - HOUR) == (0, "all is well\n")
    beat(Part.SWEEP, now=NOW - HOUR)
    assert read_health(now=NOW - HOUR).checked_at == NOW


def test_without_a_database_one_plain_line_and_exit_code_2(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**options: Any) -> None:
        raise OperationalError("connection refused\nIs the server running?")

    monkeypatch.setattr(watchdog, "read_health", fails)
    assert run(NOW) == (2, "The database can't be used, so nothing could be looked at: connection refused")


@pytest.mark.parametrize(
    ("url", "says"),
    [("postgres://u:secret@127.0.0.1:1/name", "127.0.0.1"), ("", "no such table: health_heartbeat")],
)
def test_a_process_without_a_usable_database_ends_with_2(url: str, says: str, tmp_path: Path) -> None:
    done = run_process(tmp_path, "manage.py", "watchdog", DATABASE_URL=url)
    assert done.returncode == 2
    [line] = done.stderr.strip().splitlines()
    assert "The database can't be used, so nothing could be looked at" in line
    assert says in line
    assert "secret" not in line
