"""Mail without an account, at its pages: asking, confirming, changing, leaving."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.support.records import make_draft, make_pledge
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import subscribing, tokens
from tracker.alerts.allowance import ADDRESS_PER_HOUR, NETWORK_PER_HOUR
from tracker.alerts.models import (
    TOPICS,
    Alert,
    AlertKind,
    Cadence,
    FollowRequest,
    Subscriber,
    Subscription,
)
from tracker.alerts.subscribing import Choices
from tracker.alerts.tokens import Purpose

pytestmark = pytest.mark.django_db
ALL_TOPICS = [kind.value for kind in TOPICS]


@pytest.fixture
def client() -> Client:
    """A browser that has no cookie, at a server that checks for forged requests where it must."""
    return Client(enforce_csrf_checks=True)


def fill_in(client: Client, **fields: Any) -> Any:
    form: dict[str, Any] = {
        "address": "reader@readers.example",
        "what": "all",
        "topics": ALL_TOPICS,
        "cadence": "at_once",
        "language": "en",
    }
    return client.post("/follow/", form | fields)


def confirm_address() -> str:
    request = FollowRequest.objects.select_related("subscriber").latest("pk")
    reader = request.subscriber
    return f"/follow/confirm/{tokens.make(Purpose.CONFIRM, reader.pk, reader.secret, request.pk)}/"


def link(reader: Subscriber, purpose: Purpose) -> str:
    return f"/follow/{purpose}/{tokens.make(purpose, reader.pk, reader.secret)}/"


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


class TestAsking:
    @pytest.mark.parametrize("name", ["pledge", "case", "body"])
    def test_each_page_leads_to_the_form_for_it(self, client: Client, name: str) -> None:
        pledge = make_pledge()
        subject: Any = {"pledge": pledge, "case": pledge.case, "body": pledge.bodies.get()}[name]
        page = words(client.get(subject.get_absolute_url()))
        found = re.search(r'href="(/follow/\?what=[^"]+)"', page)
        assert found, page
        form = words(client.get(found[1]))
        own_name = pledge.title if name == "pledge" else str(subject)
        assert own_name in form
        assert '<input type="hidden" name="what"' in form

    def test_a_filled_in_form_queues_a_mail_and_says_to_look_for_it(self, client: Client) -> None:
        pledge = make_pledge()
        answer = fill_in(client, what=f"pledge:{pledge.reference}", topics=["moved"], cadence="weekly")
        assert (answer.status_code, answer["Location"]) == (303, "/follow/asked/")
        assert "Look into your mailbox" in words(client.get("/follow/asked/"))
        request = FollowRequest.objects.get()
        assert request.target == f"pledge:{pledge.pk}"
        assert Choices.of(request) == Choices(topics=frozenset({"moved"}), cadence="weekly")
        assert Alert.objects.get().kind == AlertKind.CONFIRMATION
        assert not client.cookies

    @pytest.mark.parametrize(
        ("fields", "complaint"),
        [
            ({"address": ""}, "Write the address that the mail is to go to."),
            ({"address": "reader"}, "This is no address that mail can be sent to."),
            ({"address": "a@b.example\r\nBcc: x@y.example"}, "This is no address that mail can be sent to."),
            ({"address": "قارئ@readers.example"}, "This is no address that mail can be sent to."),
            ({"address": f"{'a' * 320}@readers.example"}, "at most 320 characters"),
            ({"topics": []}, "Choose at least one kind of news."),
            ({"topics": ["everything"]}, "everything is not one of the available choices"),
            ({"cadence": ""}, "Choose how often."),
            ({"cadence": "none"}, "none is not one of the available choices"),
            ({"language": "xx"}, "xx is not one of the available choices"),
            ({"what": ""}, "Choose what to follow."),
            ({"what": "pledge:SY-1999-0001"}, "is not on this site"),
        ],
    )
    def test_a_form_that_is_wrong_says_what_and_keeps_the_rest(
        self, client: Client, fields: dict[str, Any], complaint: str
    ) -> None:
        answer = fill_in(client, **fields)
        assert answer.status_code == 422
        page = words(answer)
        assert complaint in page.replace("&#x27;", "'")
        assert 'role="alert"' in page
        assert not Subscriber.objects.exists()
        if "address" not in fields:
            assert 'value="reader@readers.example"' in page

    def test_a_draft_cannot_be_followed_and_is_not_named(self, client: Client) -> None:
        draft = make_draft(title="Marker of a draft")
        for name in (
            f"pledge:{draft.reference}",
            f"case:{draft.case.slug}",
            f"body:{draft.bodies.get().slug}",
        ):
            answer = client.get("/follow/", {"what": name})
            assert answer.status_code == 404
            assert "Marker" not in words(answer)
            assert draft.case.title not in words(answer)
            assert fill_in(client, what=name).status_code == 422

    def test_the_network_that_asks_too_often_is_told_so(self, client: Client) -> None:
        for number in range(NETWORK_PER_HOUR):
            assert fill_in(client, address=f"reader{number}@readers.example").status_code == 303
        answer = fill_in(client, address="one.more@readers.example")
        assert answer.status_code == 429
        assert "try again in an hour" in words(answer)
        assert 'value="one.more@readers.example"' in words(answer)
        assert Subscriber.objects.count() == NETWORK_PER_HOUR
        # A forged header opens no other network's allowance.
        forged = client.post(
            "/follow/", {}, headers={"X-Forwarded-For": "8.8.8.8"}, REMOTE_ADDR="203.0.113.7"
        )
        assert forged.status_code == 422


def unknown(_address: str) -> None:
    """Nobody has this address."""


def unconfirmed(address: str) -> None:
    Subscriber.objects.create(
        address=address,
        address_key=subscribing.address_key(address),
        language="en",
        created_at="2025-04-04T00:00Z",
    )


def confirmed(address: str) -> None:
    follow(make_subscriber(address=address, address_key=subscribing.address_key(address)))


def stopped(address: str) -> None:
    make_subscriber(
        address=address,
        address_key=subscribing.address_key(address),
        suppressed_at="2025-04-04T00:00Z",
        suppressed_for="Complained.",
    )


def asked_too_often(address: str) -> None:
    for _ in range(ADDRESS_PER_HOUR):
        fill_in(Client(), address=address)


@pytest.mark.parametrize("known", [unknown, unconfirmed, confirmed, stopped, asked_too_often])
def test_the_answer_does_not_tell_whether_an_address_is_known(
    client: Client, known: Callable[[str], None]
) -> None:
    address = "somebody@readers.example"
    known(address)
    answer = fill_in(client, address=address)
    assert (answer.status_code, answer["Location"], answer.content) == (303, "/follow/asked/", b"")
    assert sorted(answer.headers) == sorted(fill_in(client, address="nobody@readers.example").headers)


class TestConfirming:
    def test_a_scanner_that_opens_the_link_confirms_nothing(self, client: Client) -> None:
        fill_in(client)
        for _ in range(3):
            assert "Yes, send me these mails" in words(client.get(confirm_address()))
            assert client.head(confirm_address()).status_code == 200
        assert not Subscription.objects.exists()
        assert Subscriber.objects.get().confirmed_at is None

    def test_the_button_does(self, client: Client) -> None:
        pledge = make_pledge()
        fill_in(client, what=f"pledge:{pledge.reference}")
        address = confirm_address()
        answer = client.post(address)
        assert answer.status_code == 200
        assert pledge.title in words(answer)
        assert Subscription.objects.get().target == f"pledge:{pledge.pk}"
        assert not client.cookies
        manage = re.search(r'href="(/follow/manage/[^"]+)"', words(answer))
        assert manage
        assert client.get(manage[1]).status_code == 200
        # Pressed again, or opened again: it is confirmed, and stays so.
        assert "Confirmed" in words(client.post(address))
        assert "Confirmed" in words(client.get(address))
        assert Subscription.objects.count() == 1

    def test_a_link_that_was_never_used_in_time_says_so(self, client: Client) -> None:
        fill_in(client)
        address = confirm_address()
        FollowRequest.objects.all().delete()
        answer = client.post(address)
        assert answer.status_code == 410
        assert "was not confirmed in time" in words(answer)
        assert not Subscription.objects.exists()

    def test_the_page_is_in_the_language_that_was_asked_for(self, client: Client) -> None:
        fill_in(client, language="ar")
        assert '<html lang="ar" dir="rtl"' in words(client.get(confirm_address()))


class TestManaging:
    @pytest.fixture
    def reader(self) -> Subscriber:
        reader = make_subscriber()
        follow(reader)
        follow(reader, "action:report", Cadence.DAILY)
        return reader

    def test_it_shows_what_is_followed_and_not_the_address(self, client: Client, reader: Subscriber) -> None:
        page = words(client.get(link(reader, Purpose.MANAGE)))
        assert "Everything on this site" in page
        assert "All pledges of this kind: Report" in page
        assert reader.address not in page

    def test_a_scanner_changes_nothing(self, client: Client, reader: Subscriber) -> None:
        client.get(link(reader, Purpose.MANAGE), {"do": "forget"})
        assert reader.subscriptions.count() == 2

    def test_one_subscription_is_changed(self, client: Client, reader: Subscriber) -> None:
        first, second = reader.subscriptions.all()
        form = {"do": "change", "wish": first.pk, "topics": ["replied"], "cadence": "weekly"}
        assert "Changed." in words(client.post(link(reader, Purpose.MANAGE), form))
        first.refresh_from_db()
        assert Choices.of(first) == Choices(topics=frozenset({"replied"}), cadence="weekly")
        second.refresh_from_db()
        assert second.cadence == Cadence.DAILY

    def test_without_any_kind_of_news_it_says_what_is_missing(
        self, client: Client, reader: Subscriber
    ) -> None:
        first = reader.subscriptions.all()[0]
        form = {"do": "change", "wish": first.pk, "cadence": "weekly"}
        answer = client.post(link(reader, Purpose.MANAGE), form)
        assert answer.status_code == 422
        assert "Choose at least one kind of news." in words(answer)
        first.refresh_from_db()
        assert first.cadence == Cadence.AT_ONCE

    def test_nobody_elses_is_touched(self, client: Client, reader: Subscriber) -> None:
        others = follow(make_subscriber())
        for wish in (str(others.pk), "", "x", "9" * 30, "-1"):
            for act in ("leave", "change"):
                client.post(link(reader, Purpose.MANAGE), {"do": act, "wish": wish, "topics": ["moved"]})
        others.refresh_from_db()
        assert others.wants_overdue
        assert reader.subscriptions.count() == 2

    def test_the_language_is_changed(self, client: Client, reader: Subscriber) -> None:
        answer = client.post(link(reader, Purpose.MANAGE), {"do": "language", "language": "fr"})
        assert '<html lang="fr"' in words(answer)
        client.post(link(reader, Purpose.MANAGE), {"do": "language", "language": "tlh"})
        reader.refresh_from_db()
        assert reader.language == "fr"

    def test_ending_each_ends_all(self, client: Client, reader: Subscriber) -> None:
        first, second = reader.subscriptions.all()
        page = client.post(link(reader, Purpose.MANAGE), {"do": "leave", "wish": first.pk})
        assert "Everything on this site" not in words(page)
        page = client.post(link(reader, Purpose.MANAGE), {"do": "leave", "wish": second.pk})
        assert "You get no more mail" in words(page)
        reader.refresh_from_db()
        assert reader.address == ""

    def test_all_at_once(self, client: Client, reader: Subscriber) -> None:
        page = client.post(link(reader, Purpose.MANAGE), {"do": "forget"})
        assert "You get no more mail" in words(page)
        reader.refresh_from_db()
        assert (reader.address, reader.subscriptions.count()) == ("", 0)

    def test_who_gets_no_mail_is_told_so(self, client: Client, reader: Subscriber) -> None:
        subscribing.stop(reader.pk, reason="x", now=reader.created_at)
        assert "none is sent at present" in words(client.get(link(reader, Purpose.MANAGE)))

    def test_statements_do_not_grow_with_what_is_followed(
        self, client: Client, reader: Subscriber, django_assert_max_num_queries: Any
    ) -> None:
        for _ in range(10):
            follow(reader, f"pledge:{make_pledge().pk}")
        with django_assert_max_num_queries(8):
            client.get(link(reader, Purpose.MANAGE))


class TestLeaving:
    def test_a_scanner_ends_nothing(self, client: Client) -> None:
        reader = make_subscriber()
        follow(reader)
        page = client.get(link(reader, Purpose.LEAVE))
        assert "End all mail and delete my address" in words(page)
        assert reader.subscriptions.exists()

    def test_one_click_of_a_mail_program(self, client: Client) -> None:
        """RFC 8058: one POST with this body, no cookie, no redirect; and once more does no harm."""
        reader = make_subscriber()
        follow(reader)
        for _ in range(2):
            answer = client.post(
                link(reader, Purpose.LEAVE),
                "List-Unsubscribe=One-Click",
                content_type="application/x-www-form-urlencoded",
            )
            assert answer.status_code == 200
        reader.refresh_from_db()
        assert (reader.address, reader.subscriptions.count()) == ("", 0)

    def test_opened_afterwards_it_says_that_it_is_done(self, client: Client) -> None:
        reader = make_subscriber()
        subscribing.forget(reader, now=reader.created_at)
        assert "You get no more mail" in words(client.get(link(reader, Purpose.LEAVE)))
        assert client.get(link(reader, Purpose.MANAGE)).status_code == 404

    @pytest.mark.parametrize("page", ["leave", "manage", "confirm"])
    @pytest.mark.parametrize("token", ["x", "1.2", "1." + "0" * 32, "%00", "a" * 2000])
    def test_a_link_that_is_cut_off_changes_nothing_and_says_what_to_do(
        self, client: Client, page: str, token: str
    ) -> None:
        follow(make_subscriber())
        for answer in (client.get(f"/follow/{page}/{token}/"), client.post(f"/follow/{page}/{token}/")):
            assert answer.status_code == 404
            assert "copy the whole link" in words(answer)
        assert Subscription.objects.count() == 1


def test_pages_behind_a_link_are_kept_nowhere(client: Client) -> None:
    reader = make_subscriber()
    follow(reader)
    for purpose in (Purpose.MANAGE, Purpose.LEAVE):
        answer = client.get(link(reader, purpose), headers={"accept-encoding": "gzip"})
        assert answer["Cache-Control"] == "no-store"
        assert "noindex" in answer["X-Robots-Tag"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "Content-Encoding" not in answer
        assert not answer.cookies


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    assert getattr(client, method)("/follow/").status_code == 405
    assert getattr(client, method)("/follow/leave/x/").status_code == 405
    assert Client().post("/follow/asked/").status_code == 405
