"""Whom our own mail server does not know: its answer to RCPT counts like what comes back, and no other."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.smtp_sink import DROP, Sink
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import deliver, emails, mails
from tracker.alerts.bounces import note_refusal
from tracker.alerts.models import Alert, AlertState, Cadence, Subscriber
from tracker.alerts.outcomes import Attempt
from tracker.alerts.return_path import alert_id_of
from tracker.alerts.telling import tell

from .bounced import READER
from .conftest import DESK, queue
from .events import NOW, overdue_pledge

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
NEXT_DAY = NOW + timedelta(days=1)
REASON = "There is nobody at the address (550 5.1.1)."


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = "bounces@pledges.example"
    settings.TRACKER_SOFT_BOUNCES = 3


@pytest.fixture(params=[Cadence.AT_ONCE, Cadence.DAILY], ids=["news", "digest"])
def reader(request: pytest.FixtureRequest) -> Subscriber:
    """A reader of news that is written once for many, or of digests that are written one by one."""
    reader = make_subscriber(address=READER)
    follow(reader, cadence=request.param)
    return reader


@pytest.fixture(params=[False, True], ids=["in turn", "pipelined"])
def server(sink: Sink, request: pytest.FixtureRequest) -> Sink:
    sink.is_pipelining = request.param
    return sink


def deliver_news(sink: Sink, **rules: str) -> Alert:
    """Deliver what a pledge that became overdue tells; return the mail that went out, or did not."""
    overdue_pledge()
    tell(now=NOW)
    for step, answer in rules.items():
        sink.on[step] = lambda _argument, answer=answer: answer  # type: ignore[misc]  # bound for each
    deliver.drain(now=NEXT_DAY, clock=lambda: NEXT_DAY)
    return Alert.objects.exclude(state=AlertState.FOLDED).latest("pk")


def seen(reader: Subscriber) -> Subscriber:
    reader.refresh_from_db()
    return reader


@pytest.mark.parametrize(
    ("answer", "state", "is_stopped", "count"),
    [
        ("550 5.1.1 no such user", AlertState.FAILED, True, 0),
        ("556 5.1.10 null MX", AlertState.FAILED, True, 0),
        ("552 5.2.2 mailbox full", AlertState.FAILED, False, 1),
        ("550 5.2.1 switched off", AlertState.FAILED, False, 1),
        ("554 5.7.1 you may not relay", AlertState.FAILED, False, 0),
        ("553 5.1.8 bad sender", AlertState.FAILED, False, 0),
        ("550 no", AlertState.FAILED, False, 0),
        ("450 4.1.1 unverified", AlertState.QUEUED, False, 0),
        ("452 4.2.2 mailbox full", AlertState.QUEUED, False, 0),
        (DROP, AlertState.QUEUED, False, 0),
    ],
)
def test_what_the_answer_to_the_address_means(
    server: Sink, reader: Subscriber, answer: str, state: AlertState, is_stopped: bool, count: int
) -> None:
    alert = deliver_news(server, RCPT=answer)
    assert alert.state == state
    assert (seen(reader).suppressed_at == NEXT_DAY) is is_stopped
    assert reader.soft_bounces == count
    # It never left: that is no mail that came back.
    assert alert.bounced_at is None


@pytest.mark.parametrize("step", ["MAIL", "DATA", "MESSAGE", "CONNECT"])
def test_an_answer_to_anything_else_counts_against_nobody(
    server: Sink, reader: Subscriber, step: str
) -> None:
    alert = deliver_news(server, **{step: "550 5.1.1 no such user"})
    assert alert.state == (AlertState.QUEUED if step == "CONNECT" else AlertState.FAILED)
    assert (seen(reader).suppressed_at, reader.soft_bounces) == (None, 0)


def test_one_who_is_refused_takes_nobody_along(server: Sink, reader: Subscriber) -> None:
    other = make_subscriber()
    follow(other)
    server.on["RCPT"] = lambda address: "550 5.1.1 no" if address == READER else None
    deliver_news(server)
    assert server.recipients == [other.address]
    assert (seen(reader).suppressed_for, seen(other).suppressed_at) == (REASON, None)
    assert Alert.objects.get(subscriber=other).state == AlertState.SENT


def test_what_else_waits_for_them_is_not_tried(sink: Sink) -> None:
    reader = make_subscriber(address=READER)
    follow(reader)
    follow(reader, "action:report", cadence=Cadence.DAILY)
    asked: list[str] = []

    def refuse(address: str) -> str:
        asked.append(address)
        return "550 5.1.1 no such user"

    sink.on["RCPT"] = refuse
    for _ in range(3):
        overdue_pledge()
    tell(now=NOW)
    deliver.drain(now=NEXT_DAY, clock=lambda: NEXT_DAY)
    assert asked == [READER]
    states = list(Alert.objects.order_by("pk").values_list("state", flat=True))
    assert states == [AlertState.FAILED, AlertState.CANCELLED, AlertState.CANCELLED]


def test_soft_refusals_count_one_a_day_and_end_mail_at_last(sink: Sink) -> None:
    reader = make_subscriber(address=READER)
    follow(reader)
    sink.on["RCPT"] = lambda _address: "552 5.2.2 mailbox full"
    for day in range(3):
        now = NOW + timedelta(days=day)
        for _ in range(2):
            overdue_pledge()
        tell(now=now)
        deliver.drain(now=now, clock=lambda: now)  # noqa: B023 - called before the next turn
        assert seen(reader).soft_bounces == day + 1
    assert reader.suppressed_for == "Mail came back on 3 days, last with 552 5.2.2."


def test_what_is_kept_of_a_refusal_holds_no_address(sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    reader = make_subscriber(address=READER)
    follow(reader)
    alert = deliver_news(sink, RCPT=f"550 5.1.1 <{READER}> is not amina.k at all")
    assert alert.last_error == "Refused by the mail server: 550 5.1.1 <[address]> is not [address] at all"
    assert seen(reader).suppressed_for == REASON
    assert "amina" not in caplog.text


def test_an_address_of_staff_is_refused_and_nothing_is_stopped(sink: Sink) -> None:
    [alert] = queue()
    sink.on["RCPT"] = lambda _address: "550 5.1.1 no such user"
    deliver.drain(now=NOW, clock=lambda: NOW)
    alert.refresh_from_db()
    assert (alert.state, alert.recipient) == (AlertState.FAILED, DESK)
    assert not Subscriber.objects.exists()


def test_who_lost_the_lease_counts_nothing(sink: Sink, reader: Subscriber) -> None:
    send = emails.Mailer.send

    def lose(mailer: emails.Mailer, mail: mails.Mail, **rest: Any) -> Attempt:
        attempt = send(mailer, mail, **rest)
        Alert.objects.filter(state=AlertState.SENDING).update(claim="another worker")
        return attempt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emails.Mailer, "send", lose)
        deliver_news(sink, RCPT="550 5.1.1 no such user")
    assert seen(reader).suppressed_at is None


def test_each_mail_has_a_return_path_of_its_own(server: Sink, reader: Subscriber) -> None:
    follow(make_subscriber())
    queue()
    deliver_news(server)
    sent = {alert_id_of(each.sender): each.recipients for each in server.accepted}
    assert None not in sent
    mailed = Alert.objects.filter(state=AlertState.SENT)
    assert sent == {
        alert.pk: [alert.subscriber.address if alert.subscriber else alert.recipient] for alert in mailed
    }
    assert {DESK, READER} < {address for [address] in sent.values()}
    # The reader sees the sender; where mail returns to stands in the envelope alone.
    assert all(each.message["From"] == "Pledge tracker <tracker@pledges.example>" for each in server.accepted)
    assert not any(b"bounces+" in each.raw for each in server.accepted)


def test_without_a_bounce_address_mail_returns_to_its_sender(
    sink: Sink, reader: Subscriber, settings: Any
) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = ""
    deliver_news(sink)
    assert [each.sender for each in sink.accepted] == ["tracker@pledges.example"]


@pytest.mark.parametrize(("code", "status"), [(250, "2.0.0"), (450, "5.1.1"), (554, "5.7.1"), (550, "")])
def test_what_says_nothing_of_the_address_is_not_counted(reader: Subscriber, code: int, status: str) -> None:
    assert not note_refusal(reader.pk, code=code, status=status, now=NOW)
    assert (seen(reader).suppressed_at, reader.soft_bounces) == (None, 0)
