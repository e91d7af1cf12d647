"""The two triggers of delivery: the task and the command, and what the checks say of the settings."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from tests.support.smtp_sink import Sink
from tracker.alerts import checks
from tracker.alerts.models import Alert, AlertState
from tracker.alerts.tasks import drain_alerts

from .conftest import queue
from .events import NOW


def run(*words: str) -> str:
    out = StringIO()
    call_command("deliver", *words, stdout=out)
    return out.getvalue().strip()


@pytest.mark.django_db
class TestDeliver:
    def test_it_sends_without_broker_or_worker(self, sink: Sink) -> None:
        queue(2)
        assert run() == "2 sent"
        assert len(sink.accepted) == 2
        assert run() == "nothing to send"

    @pytest.mark.parametrize(
        ("now", "says"),
        [
            ("2025-05-05T04:59:59Z", "nothing to send"),
            ("2025-05-05T08:00:00+03:00", "1 sent"),
            ("2025-05-05T05:00:00Z", "1 sent"),
        ],
    )
    def test_now_is_an_argument(self, now: str, says: str, sink: Sink) -> None:
        queue()
        assert run("--now", now) == says

    def test_it_counts_every_ending(self, sink: Sink) -> None:
        first, *_ = queue(3)
        Alert.objects.filter(pk=first.pk).update(recipient="gone@ngo.example")
        sink.on["RCPT"] = lambda address: "550 5.1.1 no" if address.startswith("gone") else None
        assert run("--now", NOW.isoformat()) == "1 failed, 2 sent"

    @pytest.mark.parametrize(
        "text", ["yesterday", "2025-05-05", "2025-05-05T08:00:00", "2025-13-05T08:00:00Z"]
    )
    def test_an_instant_that_is_none_is_refused_in_words(self, text: str) -> None:
        with pytest.raises(CommandError, match=f"--now: .*{text}"):
            run("--now", text)

    def test_the_task_reads_the_clock_and_drains(self, sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
        [alert] = queue()
        monkeypatch.setattr(timezone, "now", lambda: NOW)
        drain_alerts()
        alert.refresh_from_db()
        assert alert.state == AlertState.SENT


@pytest.mark.parametrize(
    ("lease", "timeout", "ids"), [(300, 30, []), (240, 30, []), (239, 30, ["alerts.W001"]), (8, 1, [])]
)
def test_a_lease_shorter_than_a_slow_mail_is_warned_of(
    lease: int, timeout: int, ids: list[str], settings: Any
) -> None:
    settings.TRACKER_ALERT_LEASE_SECONDS, settings.EMAIL_TIMEOUT = lease, timeout
    assert [found.id for found in checks.lease(None)] == ids


@pytest.mark.parametrize(("staff", "ids"), [([], ["alerts.W002"]), (["desk@ngo.example"], [])])
def test_a_staff_list_without_anybody_is_warned_of(staff: list[str], ids: list[str], settings: Any) -> None:
    settings.TRACKER_STAFF_ALERTS = staff
    assert [found.id for found in checks.readers(None)] == ids
