"""What a worker gives back, can't write, or tells no more: nothing is doubled, given up or lost."""

import logging
from datetime import date, datetime, timedelta
from importlib import import_module
from itertools import count
from typing import Any

import pytest
from django.db import transaction

from config.logs import LineFormatter
from pledges import record
from pledges.models import Pledge
from tests.support.records import make_pledge, make_reviewer, make_user
from tests.support.smtp_sink import Sink
from tests.support.subscribers import follow, make_followers, make_subscriber
from tracker.alerts import broadcast, deliver, local_mailbox, subscribing
from tracker.alerts.addresses import deliverable
from tracker.alerts.climbing import climb
from tracker.alerts.mails.news import news_for_many
from tracker.alerts.models import Alert, AlertKind, AlertState, Cadence, FollowRequest, Subscriber, Untold
from tracker.alerts.targets import everything
from tracker.alerts.telling import tell
from tracker.watch.sweep import sweep

from .conftest import DESK, queue
from .events import LAPSED, NOW, overdue_pledge

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
DAY = timedelta(days=1)


def drain(now: datetime = NOW) -> dict[AlertState, int]:
    return dict(deliver.drain(now=now, clock=lambda: now))


def slow_drain(now: datetime, step: timedelta) -> dict[AlertState, int]:
    """Drain with a clock that goes on by `step` whenever it is read."""
    ticks = count()
    return dict(deliver.drain(now=now, clock=lambda: now + next(ticks) * step))


def subjects(sink: Sink, address: str) -> list[str]:
    return [
        str(each.message["Subject"]).partition(":")[0]
        for each in sink.accepted
        if each.recipients == [address]
    ]


def test_when_its_time_is_over_a_broadcast_gives_back_what_was_not_sent_and_only_that(sink: Sink) -> None:
    make_followers(30)
    overdue_pledge()
    tell(now=NOW)
    for minute in range(40):
        slow_drain(NOW + timedelta(minutes=minute), timedelta(seconds=2))
    assert len(sink.recipients) == len(set(sink.recipients)) == 30
    assert not Alert.objects.exclude(state=AlertState.SENT).exists()


def test_what_was_given_back_untried_counts_no_attempt(sink: Sink) -> None:
    queue(40)
    for minute in range(45):
        slow_drain(NOW + timedelta(minutes=minute), timedelta(seconds=12))
    assert not Alert.objects.filter(state=AlertState.FAILED).exists()
    assert not Alert.objects.filter(attempts__gt=1).exists()
    assert not Alert.objects.filter(state=AlertState.QUEUED, first_tried_at__isnull=False).exists()
    drain(NOW + DAY)
    assert len(sink.recipients) == 40


def test_an_event_that_cannot_be_written_stops_neither_others_nor_the_desk(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_followers(2)
    poisonous, _ = overdue_pledge()
    sound, _ = overdue_pledge()
    tell(now=NOW)
    queue()

    def fails(event: Any, **options: Any) -> Any:
        if event.pledge == poisonous:
            raise KeyError("no such thing")
        return news_for_many(event, **options)

    monkeypatch.setattr(broadcast, "news_for_many", fails)
    monkeypatch.setattr(import_module("tracker.alerts.mails.news"), "news_for_many", fails)
    drain()
    failed = Alert.objects.filter(state=AlertState.FAILED)
    assert {alert.event and alert.event.pledge for alert in failed} == {poisonous}
    assert (
        Alert.objects.filter(event__pledge=sound, state=AlertState.SENT, subscriber__isnull=False).count()
        == 2
    )
    assert DESK in sink.recipients


def test_signs_that_mean_a_slot_fail_one_mail_and_no_other(sink: Sink) -> None:
    queue(2)
    Pledge.objects.filter(pk=Pledge.objects.earliest("pk").pk).update(title="\ue000x\ue001")
    assert drain() == {AlertState.FAILED: 1, AlertState.SENT: 1}


class TestDigestOfASubscriber:
    def test_what_was_left_meanwhile_is_not_told(self, sink: Sink) -> None:
        pledge = make_pledge(now=NOW - 2 * DAY, latest=date(2025, 5, 4))
        reader = make_subscriber()
        wish = follow(reader, f"pledge:{pledge.pk}", Cadence.DAILY)
        follow(reader, "action:prosecute", Cadence.DAILY)
        sweep(now=NOW)
        tell(now=NOW)
        subscribing.leave(wish, now=NOW)
        drain(NOW + DAY)
        assert reader.address not in sink.recipients
        member = Alert.objects.get(subscriber=reader, kind=AlertKind.OVERDUE)
        assert member.cancel_reason == "Its reader does not follow this any more."

    def test_nor_is_what_was_unticked(self, sink: Sink) -> None:
        reader = make_subscriber()
        wish = follow(reader, "all", Cadence.DAILY)
        overdue_pledge()
        tell(now=NOW)
        subscribing.change(wish, subscribing.Choices(topics=frozenset({"moved"}), cadence="daily"))
        drain(NOW + DAY)
        assert sink.recipients == []


def test_nothing_is_late_yet_is_not_said_once_it_is(sink: Sink) -> None:
    make_pledge()
    climb(now=LAPSED - 3 * DAY)
    drain(LAPSED)
    assert sink.recipients == []
    alert = Alert.objects.get(kind=AlertKind.FOLLOW_UP)
    assert (alert.state, alert.cancel_reason) == (AlertState.CANCELLED, "The due date has ended meanwhile.")


def test_until_the_very_instant_it_is_said(sink: Sink) -> None:
    make_pledge()
    climb(now=LAPSED - 3 * DAY)
    drain(LAPSED - timedelta(microseconds=1))
    assert sink.recipients == [DESK]


def test_what_was_folded_into_a_cancelled_mail_is_told_once_it_holds_again(sink: Sink) -> None:
    pledge = make_pledge(assignee=make_user(email="rana@ngo.example"))
    now = LAPSED + 8 * DAY
    sweep(now=now)
    pledge.refresh_from_db()
    record.unpublish(pledge=pledge, reason="A mistake.", actor=make_reviewer(), now=now)
    drain(now)
    assert sink.recipients == []
    record.publish(pledge=pledge, actor=make_reviewer(), now=now + timedelta(hours=1))
    drain(now + timedelta(hours=2))
    assert subjects(sink, "rana@ngo.example") == ["Overdue"]


def test_readers_hear_of_what_was_off_the_pages_when_it_was_to_be_told() -> None:
    make_followers(1)
    pledge, _event = overdue_pledge()
    record.unpublish(pledge=pledge, reason="A mistake.", actor=make_reviewer(), now=NOW)
    assert tell(now=NOW) == 0
    assert Untold.objects.count() == 1
    record.publish(pledge=pledge, actor=make_reviewer(), now=NOW + DAY)
    assert tell(now=NOW + DAY) == 1
    assert tell(now=NOW + DAY) == 0
    assert not Untold.objects.exists()


def test_who_asks_again_while_the_unconfirmed_are_forgotten_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    choices = subscribing.Choices(topics=frozenset({"overdue"}), cadence="at_once")

    def ask(now: datetime) -> None:
        subscribing.ask("reader@readers.example", everything(), choices, language="en", network="x", now=now)

    ask(NOW)
    later = NOW + subscribing.UNCONFIRMED_FOR
    locked = subscribing._forget_if_idle

    def asked_meanwhile(reader: Subscriber, *, now: datetime) -> bool:
        with transaction.atomic():
            ask(later)
        return locked(reader, now=now)

    monkeypatch.setattr(subscribing, "_forget_if_idle", asked_meanwhile)
    assert subscribing.forget_unconfirmed(now=later) == 0
    assert FollowRequest.objects.get().subscriber.address == "reader@readers.example"


@pytest.mark.parametrize("address", ["o'brien@example.org", "a+b@example.org"])
def test_an_apostrophe_is_part_of_some_names(address: str) -> None:
    assert deliverable(address) == address


TWO = ["a@b@c.example", "a b@c.example", "<a@c.example>", "a@c.example,b@c.example"]


@pytest.mark.parametrize("address", TWO)
def test_two_addresses_are_none(address: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        deliverable(address)


def test_erasing_one_address_leaves_those_that_hold_it(settings: Any, tmp_path: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    kept = "To: joanna@x.org, anna@x.org.uk\n"
    (tmp_path / "a.log").write_text(f"To: anna@x.org\n<anna@x.org> anna@x.org.\n{kept}")
    assert local_mailbox.forget("anna@x.org") == 1
    assert (tmp_path / "a.log").read_text() == (
        f"To: erased@invalid\n<erased@invalid> erased@invalid.\n{kept}"
    )


@pytest.mark.parametrize("page", ["manage", "confirm", "leave"])
def test_a_mailed_link_never_stands_in_a_log(page: str) -> None:
    record_ = logging.LogRecord(
        "django.request", logging.WARNING, "x", 1, "Unprocessable: %s", (f"/follow/{page}/1.abcdef/",), None
    )
    line = LineFormatter("{message}", style="{").format(record_)
    assert line == f"Unprocessable: /follow/{page}/[link]/"


def test_a_follow_up_names_its_pledge_in_the_mailbox(client: Any) -> None:
    pledge = make_pledge()
    climb(now=LAPSED - 3 * DAY)
    client.force_login(make_user())
    assert pledge.title in client.get("/admin/alerts/alert/").content.decode()


def test_the_typing_error_of_a_stranger_is_no_work_for_staff(client: Any) -> None:
    choices = subscribing.Choices(topics=frozenset({"overdue"}), cadence="at_once")
    subscribing.ask("nobody@readers.example", everything(), choices, language="en", network="x", now=NOW)
    Alert.objects.update(state=AlertState.FAILED)
    client.force_login(make_user())
    assert "Mail that did not go out" not in client.get("/admin/").content.decode()
