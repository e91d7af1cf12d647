"""The desk's own screens of readers: no address is shown, and who administers can act on a request."""

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from tests.support.records import make_reviewer, make_user
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import subscribing
from tracker.alerts.models import Alert, Subscriber
from tracker.alerts.telling import tell

from .events import NOW, overdue_pledge

pytestmark = pytest.mark.django_db
LIST = "/admin/alerts/subscriber/"
ADDRESS = "somebody@readers.example"


@pytest.fixture
def reader() -> Subscriber:
    reader = make_subscriber(address=ADDRESS, address_key=subscribing.address_key(ADDRESS))
    follow(reader)
    return reader


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_user(is_superuser=True))
    return client


def act(desk: Client, name: str, reader: Subscriber) -> Subscriber:
    answer = desk.post(LIST, {"action": name, "_selected_action": [reader.pk]}, follow=True)
    assert answer.status_code == 200
    assert ADDRESS not in answer.content.decode()
    reader.refresh_from_db()
    return reader


def test_no_page_shows_the_address(desk: Client, reader: Subscriber) -> None:
    overdue_pledge()
    tell(now=NOW)
    alert = f"/admin/alerts/alert/{Alert.objects.get(subscriber=reader).pk}/change/"
    for page in (LIST, f"{LIST}{reader.pk}/change/", "/admin/alerts/alert/", alert):
        assert "readers.example" not in desk.get(page, follow=True).content.decode(), page
    assert f"subscriber {reader.pk}" in desk.get(alert).content.decode()
    assert "Everything on this site" in desk.get(f"{LIST}{reader.pk}/change/").content.decode()


def test_one_is_found_by_the_whole_address_and_no_log_of_requests_holds_it(
    desk: Client, reader: Subscriber
) -> None:
    answer = desk.post(f"{LIST}find/", {"address": " Somebody@Readers.Example "})
    assert answer.status_code == 302
    assert answer["Location"] == f"{LIST}{reader.pk}/change/"
    missed = desk.post(f"{LIST}find/", {"address": "nobody@readers.example"}).content.decode()
    assert "No subscriber has this address." in missed
    assert "Write the whole address" in desk.post(f"{LIST}find/", {"address": "some"}).content.decode()
    assert "Find by address" in desk.get(LIST).content.decode()


def test_mail_is_stopped_allowed_and_ended(desk: Client, reader: Subscriber) -> None:
    assert act(desk, "stop_mail", reader).suppressed_for == "Stopped by staff."
    assert act(desk, "allow_mail", reader).suppressed_at is None
    assert act(desk, "erase", reader).address == ""
    assert LogEntry.objects.count() == 3
    assert not LogEntry.objects.filter(object_repr__contains="@").exists()
    # Once more changes nothing, and says that it did nothing.
    act(desk, "erase", reader)
    assert LogEntry.objects.count() == 3


def test_who_does_not_administer_sees_none_of_it(client: Client, reader: Subscriber) -> None:
    client.force_login(make_reviewer())
    assert client.get(LIST).status_code == 403
    assert client.get(f"{LIST}{reader.pk}/change/").status_code == 403
    assert client.post(f"{LIST}find/", {"address": ADDRESS}).status_code == 403
    assert client.post(LIST, {"action": "erase", "_selected_action": [reader.pk]}).status_code == 403
    reader.refresh_from_db()
    assert reader.address == ADDRESS
    assert "subscriber" not in client.get("/admin/").content.decode().lower()
