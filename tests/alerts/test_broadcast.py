"""News to many readers: written once, and for each of them checked, sent and marked by itself."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Event, Pledge
from tests.support.records import judge, make_pledge, make_reviewer
from tests.support.smtp_sink import DROP, Sink
from tests.support.subscribers import follow, make_followers, make_subscriber
from tracker.alerts import broadcast, deliver, emails, mails, tokens
from tracker.alerts.mails import Parts
from tracker.alerts.mails.news import news_for_many
from tracker.alerts.models import Alert, AlertState, Reach, Subscriber, Subscription
from tracker.alerts.outcomes import Attempt
from tracker.alerts.telling import tell
from tracker.alerts.tokens import Purpose

from .events import NOW, extend, overdue_pledge

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]


def drain(now: datetime = NOW) -> dict[AlertState, int]:
    return dict(deliver.drain(now=now, clock=lambda: now))


def queued(count: int) -> list[Subscriber]:
    """So many followers of everything, and a pledge that became overdue."""
    readers = make_followers(count)
    overdue_pledge()
    assert tell(now=NOW) == count
    return readers


@contextmanager
def just_before_message(number: int, act: Callable[[], object]) -> Iterator[None]:
    """Do something after message `number` - 1 was accepted and before the next is looked at."""
    send, calls = emails.Mailer.send, iter(range(1, 1000))

    def wrapped(mailer: emails.Mailer, mail: mails.Mail, **rest: Any) -> Attempt:
        attempt = send(mailer, mail, **rest)
        if next(calls) == number - 1:
            act()
        return attempt

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(emails.Mailer, "send", wrapped)
        yield


def test_each_reader_gets_one_mail_with_links_of_their_own(sink: Sink) -> None:
    readers = queued(3)
    assert drain() == {AlertState.SENT: 3}
    assert drain(NOW + timedelta(days=2)) == {}
    assert sink.recipients == sorted(reader.address for reader in readers)
    assert len(set(sink.message_ids)) == 3
    for each in sink.accepted:
        reader = next(r for r in readers if [r.address] == each.recipients)
        leave = tokens.make(Purpose.LEAVE, reader.pk, reader.secret)
        manage = tokens.make(Purpose.MANAGE, reader.pk, reader.secret)
        assert str(each.message["To"]) == reader.address
        assert re.fullmatch(rf"<https://pledges\.example/\S+{leave}/>", str(each.message["List-Unsubscribe"]))
        assert each.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for body in (each.part("plain"), each.part("html")):
            assert leave in body
            assert manage in body
            assert "You get this mail because you follow everything on this site." in body
            assert "/admin/" not in body
            assert "\ue000" not in body


def test_what_is_kept_of_it_holds_neither_address_nor_links(sink: Sink) -> None:
    (reader,) = queued(1)
    drain()
    alert = Alert.objects.get()
    assert (alert.state, alert.sent_at, alert.via) == (AlertState.SENT, NOW, "smtp")
    assert alert.message_id == sink.message_ids[0]
    assert (alert.recipient, alert.subject, alert.text, alert.html) == ("", "", "", "")
    assert alert.subscriber == reader


@pytest.mark.parametrize(
    ("language", "direction"), [("en", "ltr"), ("ar", "rtl"), ("fr", "ltr"), ("es", "ltr")]
)
def test_each_language_is_written_once(
    language: str, direction: str, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_followers(2, language=language)
    make_followers(2, language="en" if language != "en" else "fr")
    overdue_pledge()
    tell(now=NOW)
    written = []

    def write(event: Event, *, reach: Reach, now: datetime) -> Parts:
        written.append(event)
        return news_for_many(event, reach=reach, now=now)

    monkeypatch.setattr(broadcast, "news_for_many", write)
    assert drain() == {AlertState.SENT: 4}
    assert len(written) == 2
    assert any(
        f'<html lang="{language}"' in each.part("html") and f'dir="{direction}"' in each.part("html")
        for each in sink.accepted
    )


def assess(pledge: Pledge, *, now: datetime = NOW) -> None:
    judge(
        pledge=pledge,
        status="in_progress",
        effective_on=date(2025, 5, 5),
        reason="It has begun.",
        sources=[pledge.source],
        actor=pledge.created_by,
        now=now,
    )


def unpublish(pledge: Pledge) -> None:
    record.unpublish(pledge=pledge, reason="A mix-up.", actor=make_reviewer(), now=NOW)


def fulfil(pledge: Pledge) -> None:
    judge(
        pledge=pledge,
        status="fulfilled",
        effective_on=date(2025, 5, 3),
        reason="It is out.",
        sources=[pledge.source],
        actor=pledge.created_by,
        now=NOW,
    )


CHANGES: list[tuple[Callable[[Pledge], object], str]] = [
    (extend, "The deadline was moved: it is 4 August 2025 now."),
    (fulfil, "The pledge is no longer open: Fulfilled."),
    (unpublish, "The pledge is not public any more."),
    (lambda _pledge: Subscription.objects.all().delete(), "Its reader does not follow this any more."),
    (
        lambda _pledge: Subscription.objects.update(wants_overdue=False),
        "Its reader does not follow this any more.",
    ),
    (lambda _pledge: Subscriber.objects.update(suppressed_at=NOW), "Mail to this reader was stopped."),
    (
        lambda _pledge: Subscriber.objects.update(erased_at=NOW, address=""),
        "Its reader asked to be forgotten.",
    ),
]


@pytest.mark.parametrize(("change", "reason"), CHANGES)
def test_what_changes_between_two_messages_stops_the_second(
    change: Callable[[Pledge], object], reason: str, sink: Sink
) -> None:
    queued(3)
    pledge = Pledge.objects.get()
    with just_before_message(2, lambda: change(pledge)):
        assert drain() == {AlertState.SENT: 1, AlertState.CANCELLED: 2}
    assert len(sink.accepted) == 1
    assert set(Alert.objects.filter(state=AlertState.CANCELLED).values_list("cancel_reason", flat=True)) == {
        reason
    }


@pytest.mark.parametrize("change", [each for each, _reason in CHANGES])
def test_without_the_look_before_each_message_it_would_go_on(
    change: Callable[[Pledge], object], sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: with the check switched off, the same change stops nothing."""
    monkeypatch.setattr(broadcast.Row, "holds", lambda _row, _event: True)
    readers = queued(3)
    pledge = Pledge.objects.get()
    look = broadcast.Broadcast._look
    addresses = {reader.pk: reader.address for reader in readers}

    def remember(self: broadcast.Broadcast, *args: Any) -> Any:
        row, is_marked = look(self, *args)
        return (row and row._replace(address=addresses[row.reader])), is_marked

    monkeypatch.setattr(broadcast.Broadcast, "_look", remember)
    with just_before_message(2, lambda: change(pledge)):
        drain()
    assert len(sink.accepted) == 3


def test_an_older_assessment_is_not_told_after_a_newer_one(sink: Sink) -> None:
    make_followers(1)
    pledge = make_pledge()
    assess(pledge)
    fulfil(pledge)
    assert tell(now=NOW) == 2
    assert drain() == {AlertState.SENT: 1, AlertState.CANCELLED: 1}
    assert "Assessed: Fulfilled" in str(sink.accepted[0].message["Subject"])


def test_an_overdue_mail_that_was_cancelled_goes_out_once_the_reason_is_gone(sink: Sink) -> None:
    pledge, _event = overdue_pledge()
    keen, gone = make_subscriber(), make_subscriber()
    follow(keen, f"case:{pledge.case_id}")
    follow(gone, f"body:{pledge.bodies.get().pk}")
    tell(now=NOW)
    unpublish(pledge)
    assert drain() == {AlertState.CANCELLED: 2}
    Subscription.objects.filter(subscriber=gone).delete()
    record.publish(pledge=pledge, actor=make_reviewer(), now=NOW)
    assert drain(NOW + timedelta(minutes=1)) == {AlertState.SENT: 1}
    assert sink.recipients == [keen.address]


class Killed(BaseException):
    """The process is gone: nothing after this line ran."""


def die() -> None:
    raise Killed


def test_killed_after_a_message_was_accepted_only_that_one_may_come_twice(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    queued(5)
    with monkeypatch.context() as patch, just_before_message(4, die), pytest.raises(Killed):
        # A killed process marks nothing on its way out.
        patch.setattr(deliver._Run, "mark_news", lambda _run, _held: None)
        drain()
    assert Alert.objects.filter(state=AlertState.SENT).count() == 2
    assert drain(NOW + timedelta(seconds=300)) == {AlertState.SENT: 3}
    assert len(sink.message_ids) == 6
    assert len(set(sink.message_ids)) == 5


def test_an_error_between_two_messages_loses_no_mark(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    queued(5)
    look, calls = broadcast.Broadcast._look, iter(range(1, 1000))
    monkeypatch.setattr(
        broadcast.Broadcast, "_look", lambda *args: die() if next(calls) == 4 else look(*args)
    )
    with pytest.raises(Killed):
        drain()
    assert len(sink.message_ids) == Alert.objects.filter(state=AlertState.SENT).count() == 3


def test_one_bad_address_of_many_stops_nobody_else(sink: Sink) -> None:
    readers = queued(5)
    sink.on["RCPT"] = lambda address: "550 5.1.1 no such user" if address == readers[1].address else None
    Subscriber.objects.filter(pk=readers[3].pk).update(address="x\r\nBcc: all@ngo.example")
    assert drain() == {AlertState.SENT: 3, AlertState.FAILED: 2}
    assert sink.recipients == sorted(readers[n].address for n in (0, 2, 4))
    for alert in Alert.objects.filter(state=AlertState.FAILED):
        assert readers[1].address not in alert.last_error
        assert "ngo.example" not in alert.last_error


def test_a_lost_answer_is_tried_once_more_under_the_same_id(sink: Sink) -> None:
    queued(1)
    sink.on["MESSAGE"] = lambda _message_id: DROP
    for hour in range(4):
        drain(NOW + timedelta(hours=hour))
    assert Alert.objects.get().state == AlertState.HELD
    assert len(sink.message_ids) == 2
    assert len(set(sink.message_ids)) == 1


def test_a_message_whose_lease_ended_is_left_to_the_other_worker(sink: Sink, caplog: Any) -> None:
    queued(2)
    steal = lambda: Alert.objects.update(claim="another")  # noqa: E731 - shorter than a function
    with just_before_message(2, steal):
        assert drain() == {}
    assert "its lease had ended" in caplog.text
    assert len(sink.accepted) == 1


@pytest.mark.parametrize("count", [2, 20])
def test_a_message_costs_one_statement_on_postgresql_and_two_on_sqlite(sink: Sink, count: int) -> None:
    queued(count)
    with CaptureQueriesContext(connection) as first:
        drain()
    per_message = 2 if connection.vendor == "sqlite" else 0  # PostgreSQL's prepared one is not counted
    # What is left is the run's own, carrying its receipts over included.
    assert len(first) - per_message * count <= 20


def test_the_local_mailbox_gets_the_same_mail(settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    (reader,) = queued(1)
    assert drain() == {AlertState.SENT: 1}
    (kept,) = tmp_path.iterdir()
    assert f"To: {reader.address}\n" in kept.read_text()
    assert "\n.\n" not in kept.read_text()
