"""How readers without an account come, change and leave, and that nothing of them is left behind."""

import logging
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection
from pytest_django import Settings

from tests.support.smtp_sink import Sink
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import subscribing, tasks
from tracker.alerts.allowance import ADDRESS_PER_HOUR, Verdict
from tracker.alerts.deliver import drain
from tracker.alerts.models import (
    TOPICS,
    Alert,
    AlertKind,
    AlertState,
    Allowance,
    FollowRequest,
    Subscriber,
    Subscription,
)
from tracker.alerts.subscribing import UNCONFIRMED_FOR, Choices
from tracker.alerts.targets import Target, everything, find
from tracker.alerts.telling import tell

from .events import NOW, overdue_pledge

pytestmark = pytest.mark.django_db
ADDRESS = "Reader.One@Readers.example"
EVERYTHING = Choices(topics=frozenset(kind.value for kind in TOPICS), cadence="at_once")
MOMENT = timedelta(microseconds=1)


def ask(
    address: str = ADDRESS,
    target: Target | None = None,
    choices: Choices = EVERYTHING,
    *,
    language: str = "en",
    now: datetime = NOW,
) -> Verdict:
    return subscribing.ask(
        address, target or everything(), choices, language=language, network="192.0.2.0/24", now=now
    )


def the_request() -> FollowRequest:
    return FollowRequest.objects.get()


class TestAsking:
    def test_it_keeps_a_request_and_queues_one_mail(self) -> None:
        choices = Choices(topics=frozenset({"overdue", "moved"}), cadence="weekly")
        assert ask(choices=choices, language="ar") is Verdict.ALLOWED
        request = the_request()
        assert Choices.of(request) == choices
        assert (request.language, request.target) == ("ar", "all")
        alert = Alert.objects.get()
        assert (alert.kind, alert.state, alert.request) == (
            AlertKind.CONFIRMATION,
            AlertState.QUEUED,
            request,
        )
        assert request.subscriber.address == "Reader.One@readers.example"
        assert request.subscriber.confirmed_at is None

    def test_nobody_is_told_of_anything_before_confirming(self) -> None:
        ask()
        overdue_pledge()
        assert tell(now=NOW) == 0

    def test_the_same_mailbox_in_other_letters_is_the_same_reader(self) -> None:
        ask()
        ask("reader.one@readers.EXAMPLE")
        assert Subscriber.objects.count() == 1
        assert FollowRequest.objects.count() == 2

    def test_too_many_for_an_address_leave_no_trace_but_a_count(self) -> None:
        for _ in range(ADDRESS_PER_HOUR):
            ask()
        assert ask() is Verdict.TOO_MANY_TO_ADDRESS
        assert Alert.objects.count() == ADDRESS_PER_HOUR

    def test_a_mailbox_with_many_addresses_gets_no_more_than_another(self) -> None:
        verdicts = [ask(f"victim+{number}@gmail.com") for number in range(8)]
        assert verdicts == [Verdict.ALLOWED] * ADDRESS_PER_HOUR + [Verdict.TOO_MANY_TO_ADDRESS] * 5
        assert ask("v.ictim@googlemail.com") is Verdict.TOO_MANY_TO_ADDRESS
        assert Alert.objects.count() == ADDRESS_PER_HOUR
        # Who they are is told by the whole address.
        assert Subscriber.objects.filter(address__startswith="victim+").count() == ADDRESS_PER_HOUR

    def test_one_that_must_not_be_written_to_gets_nothing_and_nobody_learns_it(self) -> None:
        ask()
        reader = Subscriber.objects.get()
        subscribing.stop(reader.pk, reason="Complained.", now=NOW)
        assert ask() is Verdict.ALLOWED
        assert Alert.objects.count() == 1
        # Erased afterwards, its hash alone keeps mail from going there again.
        subscribing.forget(reader, now=NOW)
        assert ask() is Verdict.ALLOWED
        assert Alert.objects.count() == 1
        assert Subscriber.objects.count() == 1

    def test_somebody_who_was_forgotten_may_come_back(self) -> None:
        ask()
        subscribing.forget(Subscriber.objects.get(), now=NOW)
        ask()
        assert FollowRequest.objects.get().subscriber.address
        assert Subscriber.objects.count() == 2


class TestConfirming:
    def test_it_begins_with_the_next_event(self) -> None:
        ask()
        subscribing.confirm(the_request(), now=NOW)
        assert not FollowRequest.objects.exists()
        overdue_pledge()
        assert tell(now=NOW) == 1

    def test_an_older_subscription_takes_the_new_choices(self) -> None:
        ask()
        first = subscribing.confirm(the_request(), now=NOW)
        ask(choices=Choices(topics=frozenset({"replied"}), cadence="daily"), language="fr")
        second = subscribing.confirm(the_request(), now=NOW + timedelta(days=1))
        assert first.pk == second.pk
        assert Choices.of(second) == Choices(topics=frozenset({"replied"}), cadence="daily")
        reader = Subscriber.objects.get()
        assert (reader.language, reader.confirmed_at) == ("fr", NOW)

    def test_of_two_requests_for_one_thing_the_other_is_settled_too(self) -> None:
        ask()
        ask()
        subscribing.confirm(FollowRequest.objects.order_by("pk")[0], now=NOW)
        assert not FollowRequest.objects.exists()
        assert Subscription.objects.count() == 1

    def test_what_is_settled_is_not_asked_again(self, sink: Sink) -> None:
        ask()
        ask()
        subscribing.confirm(FollowRequest.objects.order_by("pk")[0], now=NOW)
        assert drain(now=NOW) == {AlertState.CANCELLED: 2}
        assert sink.accepted == []


class TestTheMail:
    def test_it_says_what_for_and_has_the_links(self, sink: Sink) -> None:
        pledge, _event = overdue_pledge()
        target = find(f"pledge:{pledge.reference}")
        choices = Choices(topics=frozenset({"overdue"}), cadence="daily")
        ask(target=target, choices=choices)
        assert drain(now=NOW)[AlertState.SENT] == 1
        mail = sink.accepted[-1]
        assert mail.recipients == ["Reader.One@readers.example"]
        text = mail.part("plain")
        for words in (
            pledge.title,
            "a pledge is overdue",
            "Once a day",
            "/follow/confirm/",
            "/follow/leave/",
            "7 days",
        ):
            assert words in text, words
        assert "a deadline was moved" not in text
        assert mail.message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "/follow/manage/" not in text

    def test_it_is_in_the_language_that_was_asked_for(self, sink: Sink) -> None:
        ask(language="ar")
        drain(now=NOW)
        assert '<html lang="ar"' in sink.accepted[0].part("html")

    def test_the_mailbox_of_staff_keeps_neither_address_nor_links(self, sink: Sink) -> None:
        ask()
        drain(now=NOW)
        alert = Alert.objects.get()
        assert (alert.recipient, alert.text, alert.html) == ("", "", "")


class TestLeaving:
    def test_the_last_subscription_takes_the_address_with_it(self) -> None:
        reader = make_subscriber()
        first, second = follow(reader), follow(reader, "action:report")
        assert subscribing.leave(first, now=NOW) is False
        assert subscribing.leave(second, now=NOW) is True
        reader.refresh_from_db()
        assert (reader.address, reader.erased_at) == ("", NOW)

    def test_what_waits_is_not_sent_any_more(self, sink: Sink) -> None:
        reader = make_subscriber()
        follow(reader)
        overdue_pledge()
        tell(now=NOW)
        subscribing.forget(reader, now=NOW)
        drain(now=NOW)
        assert reader.address not in [each.recipients[0] for each in sink.accepted]
        alert = Alert.objects.get(subscriber=reader)
        assert (alert.state, alert.cancel_reason) == (
            AlertState.CANCELLED,
            "Its reader asked to be forgotten.",
        )

    def test_twice_is_once(self) -> None:
        reader = make_subscriber()
        assert subscribing.forget(reader, now=NOW) is True
        assert subscribing.forget(reader, now=NOW + timedelta(days=1)) is False
        reader.refresh_from_db()
        assert reader.erased_at == NOW


def everything_kept() -> str:
    """All that the database holds, as text."""
    kept = []
    for model in apps.get_models():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")  # noqa: S608
            kept += [str(row) for row in cursor.fetchall()]
    return "\n".join(kept)


@pytest.mark.django_db(transaction=True)
def test_erased_means_erased_everywhere(
    sink: Sink, caplog: pytest.LogCaptureFixture, settings: Settings, tmp_path: Path
) -> None:
    caplog.set_level(logging.DEBUG)
    ask()
    subscribing.confirm(the_request(), now=NOW)
    overdue_pledge()
    # One mail is refused with the address in the server's words, one goes into the local mailbox.
    sink.on["RCPT"] = lambda address: f"450 {address} is not at home, <{ADDRESS}>"
    drain(now=NOW)
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path)
    drain(now=NOW + timedelta(hours=2))
    assert "one@readers.example" in everything_kept().lower()
    files = [path.read_text() for path in tmp_path.iterdir()]
    assert any("One@readers.example" in text for text in files)

    subscribing.forget(Subscriber.objects.get(), now=NOW)

    files = [path.read_text() for path in tmp_path.iterdir()]
    # The log of the mail server that stands in for the real one is not ours.
    logged = "\n".join(each.getMessage() for each in caplog.records if each.name != "mail.log")
    assert "forgotten" in logged
    for kept in (everything_kept(), logged, *files):
        assert "one@readers" not in kept.lower()
    assert any("erased@invalid" in text for text in files)


class TestUnconfirmed:
    def test_the_instant_before_seven_days_and_the_instant_itself(self) -> None:
        ask()
        assert subscribing.forget_unconfirmed(now=NOW + UNCONFIRMED_FOR - MOMENT) == 0
        assert FollowRequest.objects.exists()
        assert subscribing.forget_unconfirmed(now=NOW + UNCONFIRMED_FOR) == 1
        assert not FollowRequest.objects.exists()
        assert Subscriber.objects.get().address == ""
        assert subscribing.forget_unconfirmed(now=NOW + UNCONFIRMED_FOR) == 0

    def test_a_reader_who_follows_something_only_loses_the_request(self) -> None:
        ask()
        subscribing.confirm(the_request(), now=NOW)
        ask(target=find("action:report"))
        assert subscribing.forget_unconfirmed(now=NOW + UNCONFIRMED_FOR) == 0
        assert not FollowRequest.objects.exists()
        assert Subscriber.objects.get().address

    def test_one_who_asked_again_later_is_kept_until_then(self) -> None:
        ask()
        ask(now=NOW + timedelta(days=3))
        assert subscribing.forget_unconfirmed(now=NOW + UNCONFIRMED_FOR) == 0
        assert subscribing.forget_unconfirmed(now=NOW + timedelta(days=3) + UNCONFIRMED_FOR) == 1

    def test_the_command_and_the_task_do_it(self) -> None:
        ask()
        out = StringIO()
        call_command("forget_unconfirmed", now=(NOW + UNCONFIRMED_FOR).isoformat(), stdout=out)
        assert out.getvalue() == "1 addresses forgotten\n"
        ask(now=datetime.now(UTC) - UNCONFIRMED_FOR)
        tasks.forget_unconfirmed_addresses()
        assert not Subscriber.objects.exclude(address="").exists()

    def test_counts_go_too(self) -> None:
        ask()
        subscribing.forget_unconfirmed(now=NOW + UNCONFIRMED_FOR)
        assert not Allowance.objects.exists()


def test_stopping_and_allowing_again() -> None:
    reader = make_subscriber(soft_bounces=2)
    follow(reader)
    assert subscribing.stop(reader.pk, reason="Because.", now=NOW) is True
    assert subscribing.stop(reader.pk, reason="Again.", now=NOW) is False
    overdue_pledge()
    assert tell(now=NOW) == 0
    assert subscribing.allow(reader.pk) is True
    assert subscribing.allow(reader.pk) is False
    reader.refresh_from_db()
    assert (reader.suppressed_for, reader.soft_bounces) == ("", 0)
    subscribing.stop(reader.pk, reason="Because.", now=NOW)
    subscribing.forget(reader, now=NOW)
    assert subscribing.allow(reader.pk) is False
