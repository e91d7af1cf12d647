"""What staff see of mail that came back, and what they can do about it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.support.records import make_reviewer, make_user
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts.admin.mailbox import WAITING_BOUNCES
from tracker.alerts.bounces import take_bounce
from tracker.alerts.models import Alert, AlertState
from tracker.alerts.return_path import return_path
from tracker.alerts.telling import tell

from .bounced import HARD, READER, SOFT, complaint
from .conftest import DESK, queue
from .events import NOW, overdue_pledge

pytestmark = pytest.mark.django_db
LIST = "/admin/alerts/alert/"
NEED = "Mail to staff that came back"


@pytest.fixture(autouse=True)
def edges(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    settings.TRACKER_BOUNCE_ADDRESS = "bounces@pledges.example"


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def operator() -> User:
    user = make_user(username="operator")
    user.user_permissions.add(Permission.objects.get(codename="change_alert"))
    return User.objects.get(pk=user.pk)


def came_back(raw: bytes, alert: Alert) -> Alert:
    Alert.objects.filter(pk=alert.pk).update(state=AlertState.SENT, sent_at=NOW)
    take_bounce(raw, recipient=return_path(alert.pk), now=NOW)
    alert.refresh_from_db()
    return alert


def to_staff(raw: bytes = HARD) -> Alert:
    return came_back(raw, queue()[-1])


def to_reader(raw: bytes = HARD) -> Alert:
    reader = make_subscriber(address=READER)
    follow(reader)
    overdue_pledge()
    tell(now=NOW)
    return came_back(raw, Alert.objects.get(subscriber=reader))


def content(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def page_of(alert: Alert) -> str:
    return reverse("admin:alerts_alert_change", args=[alert.pk])


def settle(client: Client, *alerts: Alert) -> str:
    chosen = {"action": "settle_bounces", "_selected_action": [alert.pk for alert in alerts]}
    return client.post(LIST, chosen, follow=True).content.decode()


@pytest.mark.parametrize("make", [make_user, make_reviewer, operator])
@pytest.mark.parametrize(("raw", "why"), [(HARD, "No such address"), (SOFT, "Not delivered")])
def test_whoever_may_read_alerts_is_told_and_sees_why(make: Callable[[], User], raw: bytes, why: str) -> None:
    client = desk(make())
    assert NEED not in content(client, "/admin/")
    alert = to_staff(raw)
    front = content(client, "/admin/")
    assert NEED in front
    assert WAITING_BOUNCES.replace("&", "&amp;") in front
    listed = content(client, f"{LIST}?{WAITING_BOUNCES}")
    assert page_of(alert) in listed
    assert f"Sent, came back: {why}" in listed
    page = content(client, page_of(alert))
    assert why in page
    assert alert.bounced_for.replace("<", "&lt;").replace(">", "&gt;") in page
    assert READER not in page


def test_who_may_not_is_not() -> None:
    to_staff()
    stranger = User.objects.create_user("stranger", is_staff=True)
    assert NEED not in content(desk(stranger), "/admin/")


@pytest.mark.parametrize("raw", [HARD, SOFT, complaint()])
def test_of_readers_of_the_public_nobody_is_asked_to_do_anything(raw: bytes) -> None:
    alert = to_reader(raw)
    client = desk(operator())
    assert NEED not in content(client, "/admin/")
    assert page_of(alert) not in content(client, f"{LIST}?{WAITING_BOUNCES}")
    for shown in (content(client, LIST), content(client, page_of(alert))):
        assert f"subscriber {alert.subscriber_id}" in shown
        assert READER not in shown
        assert "amina" not in shown


def test_the_page_of_a_mail_to_the_public_says_why_its_words_are_not_there() -> None:
    alert = to_reader()
    client = desk(make_user())
    assert "no copy is kept" in content(client, page_of(alert))
    assert "no copy is kept" in content(client, reverse("admin:alerts_alert_html", args=[alert.pk]))
    assert "no copy is kept" not in content(client, page_of(to_staff()))


def test_the_list_can_be_filtered_by_why() -> None:
    hard, soft = to_staff(HARD), to_staff(SOFT)
    client = desk(make_user())
    listed = content(client, f"{LIST}?bounce__exact=hard")
    assert page_of(hard) in listed
    assert page_of(soft) not in listed


def test_dealt_with_it_is_among_the_needs_no_more() -> None:
    first, second, fine = to_staff(), to_staff(), queue()[-1]
    client = desk(operator())
    shown = settle(client, first, fine)
    assert "1 is dealt with." in shown
    assert "1 did not come back, or were dealt with before." in shown
    first.refresh_from_db()
    second.refresh_from_db()
    fine.refresh_from_db()
    settled = [alert.bounce_settled_at for alert in (first, second, fine)]
    assert settled == [NOW, None, None]
    assert NEED in content(client, "/admin/")
    settle(client, second)
    assert NEED not in content(client, "/admin/")
    # What happened stays on the page, and who dealt with it in its history.
    assert "No such address" in content(client, page_of(first))
    assert [entry.object_id for entry in LogEntry.objects.order_by("pk")] == [str(first.pk), str(second.pk)]


def test_twice_is_the_same_as_once() -> None:
    alert = to_staff()
    client = desk(operator())
    settle(client, alert)
    assert "0 are dealt with." in settle(client, alert)
    assert LogEntry.objects.count() == 1


def test_when_it_turns_out_worse_it_is_among_the_needs_again() -> None:
    alert = to_staff(SOFT)
    client = desk(operator())
    settle(client, alert)
    came_back(HARD, alert)
    assert NEED in content(client, "/admin/")


@pytest.mark.parametrize("make", [make_user, make_reviewer])
def test_who_may_only_read_can_not_call_it_dealt_with(make: Callable[[], User]) -> None:
    alert = to_staff()
    client = desk(make())
    settle(client, alert)
    alert.refresh_from_db()
    assert alert.bounce_settled_at is None
    assert "settle_bounces" not in content(client, LIST)


def test_staff_go_on_getting_mail(settings: Any) -> None:
    to_staff()
    [later] = [alert for alert in queue() if alert.bounced_at is None]
    assert (later.recipient, later.state) == (DESK, AlertState.QUEUED)
