"""What comes back ends mail to who can't be reached, and to nobody else."""

import os
import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings

from tests.support.architecture import BASE_DIR
from tests.support.smtp_sink import Sink
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import fan_out, subscribing
from tracker.alerts.bounces import A_DAY, FORGOTTEN, Outcome, take_bounce
from tracker.alerts.deliver import drain
from tracker.alerts.models import Alert, AlertState, Bounce, Cadence, Subscriber
from tracker.alerts.return_path import alert_id_of, return_path
from tracker.alerts.targets import everything
from tracker.alerts.telling import tell

from .bounced import HARD, READER, SOFT, complaint, plain
from .events import NOW, overdue_pledge

pytestmark = pytest.mark.django_db
MOMENT = timedelta(microseconds=1)


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = "bounces@pledges.example"
    settings.TRACKER_SOFT_BOUNCES = 3


@pytest.fixture
def reader() -> Subscriber:
    reader = make_subscriber(address=READER)
    follow(reader)
    return reader


def an_alert(reader: Subscriber) -> Alert:
    """A mail about one more overdue pledge, as if it had been sent to the reader."""
    overdue_pledge()
    tell(now=NOW)
    alert = Alert.objects.filter(subscriber=reader).latest("pk")
    Alert.objects.filter(pk=alert.pk).update(state=AlertState.SENT, sent_at=NOW)
    return alert


def take(raw: bytes, alert: Alert, now: Any = NOW) -> Outcome:
    return take_bounce(raw, recipient=return_path(alert.pk), now=now)


def test_a_hard_bounce_ends_mail_at_once(reader: Subscriber) -> None:
    outcome = take(HARD, an_alert(reader))
    assert (outcome.bounce, outcome.has_stopped_mail) == (Bounce.HARD, True)
    reader.refresh_from_db()
    assert (reader.suppressed_at, reader.suppressed_for) == (NOW, "There is nobody at the address (5.1.1).")
    overdue_pledge()
    assert tell(now=NOW) == 0


def test_a_complaint_does_so_too(reader: Subscriber) -> None:
    assert take(complaint(), an_alert(reader)).has_stopped_mail
    reader.refresh_from_db()
    assert reader.suppressed_for == "Its reader complained about the mail."


def test_what_waits_is_cancelled_with_the_reason_and_so_is_what_a_digest_holds(reader: Subscriber) -> None:
    follow(reader, "action:report", Cadence.DAILY)
    bounced = an_alert(reader)
    overdue_pledge()
    tell(now=NOW)
    other = make_subscriber()
    follow(other, cadence=Cadence.WEEKLY)
    overdue_pledge()
    tell(now=NOW)
    take(HARD, bounced)
    waiting = Alert.objects.filter(subscriber=reader).exclude(pk=bounced.pk)
    assert {(each.state, "5.1.1" in each.cancel_reason) for each in waiting} == {("cancelled", True)}
    assert not Alert.objects.filter(subscriber=other, state=AlertState.CANCELLED).exists()


class TestSoft:
    def test_the_third_day_in_a_row_ends_it(self, reader: Subscriber) -> None:
        for day in range(2):
            assert not take(SOFT, an_alert(reader), NOW + day * A_DAY).has_stopped_mail
        assert take(SOFT, an_alert(reader), NOW + 2 * A_DAY).has_stopped_mail
        reader.refresh_from_db()
        assert reader.suppressed_for == "Mail came back on 3 days in a row, last with 4.4.7."

    def test_at_most_one_a_day_counts(self, reader: Subscriber) -> None:
        for offset in (timedelta(0), timedelta(hours=1), A_DAY - MOMENT):
            take(SOFT, an_alert(reader), NOW + offset)
        reader.refresh_from_db()
        assert (reader.soft_bounces, reader.soft_bounced_at) == (1, NOW)
        take(SOFT, an_alert(reader), NOW + A_DAY)
        reader.refresh_from_db()
        assert reader.soft_bounces == 2

    @pytest.mark.parametrize(("wait", "count"), [(FORGOTTEN - MOMENT, 2), (FORGOTTEN, 1)])
    def test_after_a_long_time_the_next_is_the_first_again(
        self, reader: Subscriber, wait: timedelta, count: int
    ) -> None:
        take(SOFT, an_alert(reader))
        take(SOFT, an_alert(reader), NOW + wait)
        reader.refresh_from_db()
        assert reader.soft_bounces == count

    def test_a_mailed_link_that_is_used_clears_them(self, reader: Subscriber) -> None:
        take(SOFT, an_alert(reader))
        Subscriber.objects.filter(pk=reader.pk).update(address_key=subscribing.address_key(READER))
        target = everything()
        choices = subscribing.Choices(topics=frozenset({"overdue"}), cadence="at_once")
        subscribing.ask(READER, target, choices, language="en", network="x", now=NOW)
        subscribing.confirm(reader.requests.get(), now=NOW)
        reader.refresh_from_db()
        assert (reader.soft_bounces, reader.soft_bounced_at) == (0, None)


def test_the_same_message_twice_counts_once(reader: Subscriber) -> None:
    alert = an_alert(reader)
    assert take(SOFT, alert).bounce is Bounce.SOFT
    again = take(SOFT, alert, NOW + A_DAY)
    assert again.bounce is None
    assert "known already" in str(again)
    reader.refresh_from_db()
    assert reader.soft_bounces == 1
    # Worse news about the same mail is news; milder is not.
    assert take(HARD, alert).has_stopped_mail
    assert take(SOFT, alert).bounce is None


@pytest.mark.parametrize(
    "raw", [plain("Out of office", Auto_Submitted="auto-replied"), plain("Thank you"), b""]
)
def test_what_is_no_bounce_changes_nothing(reader: Subscriber, raw: bytes) -> None:
    alert = an_alert(reader)
    assert take(raw, alert).bounce is None
    alert.refresh_from_db()
    assert alert.bounced_at is None


def test_who_did_not_get_the_mail_cannot_say_that_it_came_back(reader: Subscriber) -> None:
    alert = an_alert(reader)
    genuine = return_path(alert.pk)
    local, _at, domain = genuine.rpartition("@")
    last = "0" if local[-1] != "0" else "1"
    forged = [f"{local[:-1]}{last}@{domain}", f"bounces@{domain}", READER, "", f"{local}@evil.example"]
    for address in forged:
        assert take_bounce(HARD, recipient=address, now=NOW).alert_id is None
    reader.refresh_from_db()
    assert reader.suppressed_at is None
    assert take_bounce(HARD, recipient=genuine.upper(), now=NOW).alert_id == alert.pk


def test_without_the_envelope_the_headers_are_read(reader: Subscriber) -> None:
    alert = an_alert(reader)
    raw = f"Delivered-To: <{return_path(alert.pk)}>\n".encode() + HARD
    assert take_bounce(raw, recipient=None, now=NOW).alert_id == alert.pk


def test_of_staff_it_is_noted_with_the_words_and_nobody_is_stopped(sink: Sink) -> None:
    event = overdue_pledge()[1]
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    drain(now=NOW)
    alert = Alert.objects.get(event=event)
    assert alert_id_of(sink.accepted[-1].sender) == alert.pk
    take(HARD, alert)
    alert.refresh_from_db()
    assert (alert.bounce, alert.bounced_at, alert.state) == (Bounce.HARD, NOW, AlertState.SENT)
    assert alert.bounced_for == "5.1.1: 550 5.1.1 <[address]>: user unknown"


def test_of_a_subscriber_no_words_of_the_other_server_are_kept(reader: Subscriber) -> None:
    alert = an_alert(reader)
    take(HARD, alert)
    alert.refresh_from_db()
    assert alert.bounced_for == "5.1.1"


@pytest.mark.parametrize(
    ("answer", "is_stopped"),
    [
        ("550 5.1.1 no such user", True),
        ("554 5.7.1 you may not relay", False),
        ("550 refused", False),
        ("450 4.2.1 try later", False),
        ("552 5.2.2 mailbox full", False),
    ],
)
@pytest.mark.parametrize("is_digest", [False, True])
def test_our_own_server_refuses_the_address(
    sink: Sink, reader: Subscriber, answer: str, is_stopped: bool, is_digest: bool
) -> None:
    if is_digest:
        reader.subscriptions.update(cadence=Cadence.DAILY)
    overdue_pledge()
    tell(now=NOW)
    sink.on["RCPT"] = lambda _address: answer
    drain(now=NOW + timedelta(days=1))
    reader.refresh_from_db()
    assert (reader.suppressed_at is not None) == is_stopped
    assert reader.soft_bounces == (1 if "5.2.2" in answer else 0)


def test_each_mail_has_a_return_path_of_its_own(sink: Sink, reader: Subscriber) -> None:
    follow(make_subscriber())
    overdue_pledge()
    tell(now=NOW)
    drain(now=NOW)
    sent = {alert_id_of(each.sender): each.recipients[0] for each in sink.accepted}
    assert sent == {alert.pk: alert.subscriber.address for alert in Alert.objects.all() if alert.subscriber}


class TestCommand:
    """As a mail server calls it: a process, a message on standard input, an exit code."""

    def run(self, raw: bytes, *arguments: str, **variables: str) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "manage.py", "take_bounce", *arguments],
            input=raw,
            capture_output=True,
            cwd=BASE_DIR,
            env={**os.environ, "TRACKER_BOUNCE_ADDRESS": "bounces@pledges.example", **variables},
            check=False,
        )

    def test_what_concerns_nobody_is_taken_and_ignored(self) -> None:
        done = self.run(HARD, "--recipient", "bounces+1-0000000000000000@pledges.example")
        assert (done.returncode, done.stdout) == (0, b"ignored: it came to no return path of ours\n")

    def test_without_a_database_the_mail_server_keeps_it(self) -> None:
        done = self.run(
            HARD,
            "--recipient",
            return_path(1),
            DATABASE_URL="postgres://nobody@127.0.0.1:1/none",
            TRACKER_SECRET_KEY=django_settings.SECRET_KEY,
        )
        assert done.returncode == os.EX_TEMPFAIL, done.stderr
        assert b"database can't be used" in done.stderr

    def test_without_the_address_it_says_what_to_set(self) -> None:
        done = self.run(HARD, TRACKER_BOUNCE_ADDRESS="")
        assert done.returncode == os.EX_TEMPFAIL
        assert b"docs/mail.md" in done.stderr
