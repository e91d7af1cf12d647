"""Delivery through a real SMTP server on loopback."""

import itertools
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges.models import Pledge
from tests.support.records import make_user
from tests.support.smtp_sink import DROP, HANG, Sink
from tracker.alerts import deliver, emails, fan_out, mails
from tracker.alerts.models import Alert, AlertState, Via
from tracker.alerts.outcomes import MAX_ATTEMPTS
from tracker.alerts.telling import tell

from .conftest import DESK, queue
from .events import LATE_RECORDING, NOW, extend, overdue_pledge

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
RANA = "rana@ngo.example"


def drain(now: datetime = NOW) -> dict[AlertState, int]:
    return dict(deliver.drain(now=now, clock=lambda: now))


def only() -> Alert:
    return Alert.objects.get()


def test_a_mail_goes_out_once(sink: Sink) -> None:
    queue()
    assert drain() == {AlertState.SENT: 1}
    assert drain(NOW + timedelta(days=2)) == {}
    assert sink.recipients == [DESK]
    alert = only()
    assert (alert.state, alert.sent_at, alert.via, alert.attempts) == (AlertState.SENT, NOW, Via.SMTP, 1)
    assert alert.message_id == sink.accepted[0].message_id
    assert alert.subject == str(sink.accepted[0].message["Subject"])
    assert alert.text.splitlines() == sink.accepted[0].part("plain").splitlines()
    assert alert.html.splitlines() == sink.accepted[0].part("html").splitlines()


def test_what_the_headers_say(sink: Sink) -> None:
    pledge, event = overdue_pledge()
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    drain()
    message = sink.accepted[0].message
    assert sink.accepted[0].sender == "tracker@pledges.example"
    assert message["Message-ID"] == f"<alert-{only().pk}.{pledge.reference}@pledges.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Date"] == "Mon, 05 May 2025 05:00:00 +0000"
    assert (message["To"], message["From"]) == (DESK, "Pledge tracker <tracker@pledges.example>")
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


def test_one_connection_serves_a_batch(sink: Sink) -> None:
    queue(5)
    assert drain() == {AlertState.SENT: 5}
    assert (len(sink.accepted), sink.connections) == (5, 1)
    assert len(set(sink.message_ids)) == 5


def test_more_than_one_batch(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliver, "BATCH", 2)
    queue(5)
    assert drain() == {AlertState.SENT: 5}


@pytest.mark.parametrize("count", [1, 50])
def test_statements_for_a_message_do_not_grow_with_the_batch(sink: Sink, count: int) -> None:
    queue(count)
    tell(now=NOW)
    with CaptureQueriesContext(connection) as queries:
        drain()
    # What is untold, what holds again; two claims (the second finds nothing), and whether there are receipts
    # before each and after the batch; for each message: load, its reader's language, deadlines, bodies,
    # checkpoint, mark in a savepoint.
    assert len(queries) == 7 + 8 * count


@pytest.mark.parametrize(
    ("step", "wish", "state", "says"),
    [
        ("MAIL", "451 4.3.0 later", AlertState.QUEUED, "451 4.3.0"),
        ("MAIL", "553 5.1.8 unknown sender", AlertState.FAILED, "553 5.1.8"),
        ("RCPT", "450 4.2.0 greylisted", AlertState.QUEUED, "450 4.2.0"),
        ("RCPT", "421 4.3.2 closing", AlertState.QUEUED, "421 4.3.2"),
        ("RCPT", f"550 5.1.1 <{DESK}> unknown", AlertState.FAILED, "550 5.1.1"),
        ("DATA", "451 4.3.0 later", AlertState.QUEUED, "451 4.3.0"),
        ("DATA", "554 5.7.1 no", AlertState.FAILED, "554 5.7.1"),
        ("MESSAGE", "452 4.3.1 full", AlertState.QUEUED, "452 4.3.1"),
        ("MESSAGE", "554 5.7.1 spam", AlertState.FAILED, "554 5.7.1"),
        ("CONNECT", "421 4.3.2 busy", AlertState.QUEUED, "421 4.3.2"),
        ("CONNECT", "554 5.7.1 never", AlertState.QUEUED, "554 5.7.1"),
        ("CONNECT", DROP, AlertState.QUEUED, "can't be reached"),
        ("EHLO", DROP, AlertState.QUEUED, "Connection lost"),
        ("MAIL", DROP, AlertState.QUEUED, "Connection lost"),
        ("RCPT", DROP, AlertState.QUEUED, "Connection lost"),
        ("DATA", DROP, AlertState.QUEUED, "Connection lost:"),
        ("CONNECT", HANG, AlertState.QUEUED, "timed out"),
        ("RCPT", HANG, AlertState.QUEUED, "timed out"),
    ],
)
def test_what_the_server_says_decides(
    sink: Sink, step: str, wish: str, state: AlertState, says: str, caplog: Any
) -> None:
    queue()
    sink.on[step] = lambda _argument: wish
    assert drain() == {state: 1}
    alert = only()
    assert (alert.state, alert.attempts, alert.may_have_arrived) == (state, 1, False)
    assert says in alert.last_error
    assert says in caplog.text
    assert "@" not in alert.last_error
    assert DESK not in caplog.text
    assert sink.accepted == []
    if state == AlertState.QUEUED:
        assert timedelta(seconds=48) <= alert.claimable_at - NOW <= timedelta(seconds=72)
        sink.on.clear()
        assert drain(NOW + timedelta(seconds=47)) == {}
        assert drain(NOW + timedelta(seconds=73)) == {AlertState.SENT: 1}
        assert len(sink.accepted) == 1


@pytest.mark.parametrize("wish", [DROP, HANG])
def test_lost_after_the_message_it_is_sent_once_more_and_then_held(sink: Sink, wish: str) -> None:
    queue()
    sink.on["MESSAGE"] = lambda _message_id: wish
    assert drain() == {AlertState.QUEUED: 1}
    assert only().may_have_arrived
    assert drain(NOW + timedelta(hours=1)) == {AlertState.HELD: 1}
    assert drain(NOW + timedelta(days=1)) == {}
    assert len(sink.message_ids) == 2
    assert len(set(sink.message_ids)) == 1
    assert "after the message was handed over" in only().last_error


def test_lost_after_the_message_once_only_it_ends_as_sent_and_marked(sink: Sink) -> None:
    queue()
    wishes = iter([DROP])
    sink.on["MESSAGE"] = lambda _message_id: next(wishes, None)
    drain()
    assert drain(NOW + timedelta(hours=1)) == {AlertState.SENT: 1}
    assert only().may_have_arrived
    assert len(set(sink.message_ids)) == 1


def test_the_message_id_stays_when_the_site_moves(sink: Sink, settings: Any) -> None:
    queue()
    wishes = iter([DROP])
    sink.on["MESSAGE"] = lambda _message_id: next(wishes, None)
    drain()
    settings.TRACKER_SITE_URL = "https://elsewhere.example"
    drain(NOW + timedelta(hours=1))
    assert len(set(sink.message_ids)) == 1


def test_a_refused_connection_puts_off_the_batch_and_is_tried_once(settings: Any, sink: Sink) -> None:
    queue(3)
    settings.EMAIL_PORT = 1
    assert drain() == {AlertState.QUEUED: 3}
    assert {alert.attempts for alert in Alert.objects.all()} == {1}
    assert all("refused" in alert.last_error for alert in Alert.objects.all())
    settings.EMAIL_PORT = sink.port
    assert drain(NOW + timedelta(minutes=2)) == {AlertState.SENT: 3}


def test_after_a_day_of_trying_it_is_given_up(sink: Sink) -> None:
    queue()
    sink.on["RCPT"] = lambda _address: "450 4.2.0 greylisted"
    # Longer than any delay with its jitter.
    step = timedelta(minutes=73)
    states = [drain(NOW + number * step) for number in range(MAX_ATTEMPTS + 5)]
    assert states[MAX_ATTEMPTS - 2 : MAX_ATTEMPTS + 1] == [
        {AlertState.QUEUED: 1},
        {AlertState.FAILED: 1},
        {},
    ]


def test_one_poisonous_recipient_stops_nobody_else(sink: Sink) -> None:
    alerts = queue(4)
    for alert, address in zip(alerts, ["a@b@c", "x\r\nBcc: all@ngo.example", "né@é.example"], strict=False):
        Alert.objects.filter(pk=alert.pk).update(recipient=address)
    sink.on["RCPT"] = lambda address: None if address == DESK else "550 5.1.1 no such user"
    assert drain() == {AlertState.FAILED: 3, AlertState.SENT: 1}
    assert sink.recipients == [DESK]
    errors = Alert.objects.filter(state=AlertState.FAILED).values_list("last_error", flat=True)
    assert all(error and "@" not in error for error in errors)


def test_a_mail_that_cannot_be_written_stops_nobody_else(sink: Sink, monkeypatch: Any, caplog: Any) -> None:
    first, _second = queue(2)
    written = mails.compose

    def fail_once(alert: Alert, *, now: datetime) -> mails.Mail:
        if alert.pk == first.pk:
            raise LookupError(f"no template for {DESK}")
        return written(alert, now=now)

    monkeypatch.setattr(deliver, "compose", fail_once)
    assert drain() == {AlertState.FAILED: 1, AlertState.SENT: 1}
    first.refresh_from_db()
    assert first.last_error == "It can't be written: LookupError: no template for [address]"
    assert DESK not in caplog.text


@pytest.mark.parametrize(
    "title",
    [
        "Report\r\nBcc: all@ngo.example",
        "Report\nX-Evil: 1\n\nbody",
        "Report\x85Bcc: x\u2028y\u2029z\x0bw\x0cv",
        "Report\x1b[31m\x07\x01",
    ],
)
def test_a_title_can_not_become_a_header(sink: Sink, title: str) -> None:
    queue()
    Pledge.objects.update(title=title)
    assert drain() == {AlertState.SENT: 1}
    message = sink.accepted[0].message
    assert sink.recipients == [DESK]
    assert message["Bcc"] is None
    assert message["X-Evil"] is None
    assert str(message["Subject"]).startswith("Overdue: SY-2025-")
    assert str(message["Subject"]).isprintable()


def test_what_is_no_longer_true_is_cancelled_with_the_reason(sink: Sink) -> None:
    pledge, event = overdue_pledge()
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    extend(pledge)
    assert drain() == {AlertState.CANCELLED: 1}
    assert only().cancel_reason == "The deadline was moved: it is 4 August 2025 now."
    assert sink.connections == 0


def test_it_is_asked_anew_for_each_message_not_for_the_batch(sink: Sink) -> None:
    alerts = queue(3)
    last = Pledge.objects.get(events__alerts=alerts[-1])

    def extend_meanwhile(_message_id: str) -> None:
        Pledge.objects.filter(pk=last.pk).update(status="fulfilled")

    # The sink's thread must not write in this test's transaction: the change comes between two messages.
    send = emails.Mailer.send

    def and_then(mailer: emails.Mailer, mail: mails.Mail, *, now: datetime) -> Any:
        attempt = send(mailer, mail, now=now)
        extend_meanwhile(mail.message_id)
        return attempt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emails.Mailer, "send", and_then)
        assert drain() == {AlertState.SENT: 2, AlertState.CANCELLED: 1}


def ticking(*steps: float) -> Callable[[], datetime]:
    """A clock that goes on by each of `steps` seconds, one a reading, and then stands still."""
    readings: Iterator[float] = itertools.accumulate(itertools.chain(steps, itertools.repeat(0)))
    return lambda: NOW + timedelta(seconds=next(readings))


def test_a_drain_stops_after_its_time_and_gives_back_the_rest(sink: Sink) -> None:
    queue(3)
    spent = deliver.LONGEST_DRAIN.total_seconds()
    # Loop, claim, first message: stop?, renew?, compose, send, mark; second message: the time is over.
    done = deliver.drain(now=NOW, clock=ticking(*[0.0] * 7, spent))
    assert done == {AlertState.SENT: 1}
    assert Alert.objects.filter(state=AlertState.QUEUED, claim="").count() == 2
    assert drain(NOW + deliver.LONGEST_DRAIN) == {AlertState.SENT: 2}


def test_a_message_that_another_worker_took_over_is_left_to_it(sink: Sink, caplog: Any) -> None:
    first, second = queue(2)
    send = emails.Mailer.send

    def steal(mailer: emails.Mailer, mail: mails.Mail, *, now: datetime) -> Any:
        Alert.objects.filter(pk=second.pk).update(claim="another worker")
        return send(mailer, mail, now=now)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emails.Mailer, "send", steal)
        assert drain() == {AlertState.SENT: 1}
    assert "took it over" in caplog.text
    assert sink.message_ids == [Alert.objects.get(pk=first.pk).message_id]


def test_a_lost_claim_after_sending_is_said_in_the_log(sink: Sink, caplog: Any) -> None:
    queue()
    send = emails.Mailer.send

    def lose(mailer: emails.Mailer, mail: mails.Mail, *, now: datetime) -> Any:
        attempt = send(mailer, mail, now=now)
        Alert.objects.update(claim="another worker")
        return attempt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emails.Mailer, "send", lose)
        assert drain() == {}
    assert "may go out twice" in caplog.text
    assert only().state == AlertState.SENDING


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_a_mail_is_sent(sink: Sink, monkeypatch: Any) -> None:
    seen: list[bool] = []
    send = emails.Mailer.send

    def watch(mailer: emails.Mailer, mail: mails.Mail, *, now: datetime) -> Any:
        seen.append(connection.in_atomic_block)
        return send(mailer, mail, now=now)

    monkeypatch.setattr(emails.Mailer, "send", watch)
    queue()
    assert drain() == {AlertState.SENT: 1}
    assert seen == [False]


def test_nothing_to_send_opens_no_connection(sink: Sink, caplog: Any) -> None:
    with caplog.at_level(logging.INFO):
        assert drain() == {}
    assert sink.connections == 0
    assert caplog.text == ""


def test_without_a_mail_server_mail_stays_in_the_local_mailbox(settings: Any, mailoutbox: Any) -> None:
    queue(assignee=make_user(email=RANA))
    assert drain() == {AlertState.SENT: 2}
    assert {alert.via for alert in Alert.objects.all()} == {Via.LOCAL}
    assert sorted(mail.to[0] for mail in mailoutbox) == [DESK, RANA]


def test_files_of_the_local_mailbox_hold_the_mail(settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mailbox")
    queue(2)
    assert drain() == {AlertState.SENT: 2}
    [file] = (tmp_path / "mailbox").iterdir()
    assert file.read_text().count("Message-ID: <alert-") == 2


def test_a_long_outage_loses_nothing(sink: Sink) -> None:
    queue(2)
    assert drain(LATE_RECORDING) == {AlertState.SENT: 2}
