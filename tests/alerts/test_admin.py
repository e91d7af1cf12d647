"""The mailbox in the admin, as the roles see it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page

from pledges.models import Pledge
from tests.support.records import make_reviewer, make_user
from tests.support.smtp_sink import Sink
from tracker.alerts import deliver, fan_out
from tracker.alerts.models import Alert, AlertState
from tracker.alerts.roles import LADDER_PERMISSIONS, ensure_roles

from .conftest import DESK, queue
from .events import NOW, overdue_events

pytestmark = pytest.mark.django_db
LIST = "/admin/alerts/alert/"
EVIL = "</pre><script>alert(1)</script>"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def desk(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def operator() -> User:
    user = make_user(username="operator")
    user.user_permissions.add(Permission.objects.get(codename="change_alert"))
    return User.objects.get(pk=user.pk)


def page_of(alert: Alert) -> str:
    return reverse("admin:alerts_alert_change", args=[alert.pk])


def html_of(alert: Alert) -> str:
    return reverse("admin:alerts_alert_html", args=[alert.pk])


@pytest.mark.parametrize("make", [make_user, make_reviewer])
def test_the_roles_may_read_and_nothing_else(make: Callable[[], User]) -> None:
    [alert] = queue()
    client = desk(make())
    assert DESK in client.get(LIST).content.decode()
    page = client.get(page_of(alert)).content.decode()
    assert alert.event is not None
    assert "Overdue: SY-2025-" in page
    assert "Overdue: no evidence of delivery is on record." in page
    assert client.get(LIST + "add/").status_code == 403
    assert client.post(page_of(alert), {"recipient": "x@x.example"}).status_code == 403
    assert client.post(page_of(alert) + "../delete/").status_code in {403, 404}
    assert 'name="action"' not in client.get(LIST).content.decode()


def test_the_migration_gave_both_roles_the_right_to_read() -> None:
    for name in ("Researcher", "Reviewer"):
        codes = Permission.objects.filter(group__name=name, content_type__app_label="alerts")
        more = LADDER_PERMISSIONS if name == "Reviewer" else ()
        assert sorted(codes.values_list("codename", flat=True)) == sorted(("view_alert", *more))


def test_giving_the_right_twice_changes_nothing() -> None:
    before = list(Group.objects.values_list("name", "permissions__codename").order_by("pk", "permissions"))
    ensure_roles()
    after = list(Group.objects.values_list("name", "permissions__codename").order_by("pk", "permissions"))
    assert after == before


def test_without_the_right_nobody_reads_a_mail() -> None:
    [alert] = queue()
    stranger = User.objects.create_user("stranger", is_staff=True)
    for url in (LIST, page_of(alert), html_of(alert)):
        assert desk(stranger).get(url).status_code == 403
        assert Client().get(url).status_code == 302


def test_nobody_adds_or_deletes_an_alert() -> None:
    queue()
    root = desk(User.objects.create_superuser("root"))
    assert root.get(LIST + "add/").status_code == 403
    assert root.post(LIST, {"action": "delete_selected", "_selected_action": "1"}).status_code in {200, 302}
    assert Alert.objects.count() == 1


def test_the_page_shows_what_was_sent_not_what_would_be_sent_now(sink: Sink) -> None:
    [alert] = queue()
    deliver.drain(now=NOW, clock=lambda: NOW)
    Pledge.objects.update(title="Another title")
    client = desk(make_user())
    page = client.get(page_of(alert)).content.decode()
    sent = page[page.index("mail-text") : page.index("mail-html")]
    assert "Release a detailed report" in sent
    assert "Another title" not in sent
    assert "Another title" not in client.get(html_of(alert)).content.decode()


def test_errors_and_reasons_are_shown(sink: Sink) -> None:
    [alert] = queue()
    sink.on["RCPT"] = lambda _address: "550 5.1.1 unknown"
    deliver.drain(now=NOW, clock=lambda: NOW)
    page = desk(make_user()).get(page_of(alert)).content.decode()
    assert "Refused by the mail server: 550 5.1.1 unknown" in page


def test_a_digest_shows_its_mail_and_counts_its_pledges() -> None:
    fan_out.queue_backlog_digest(overdue_events(3, now=NOW), now=NOW, send_after=NOW)
    digest = Alert.objects.get(kind="digest")
    client = desk(make_user())
    assert "3 pledges" in client.get(LIST).content.decode()
    page = client.get(page_of(digest)).content.decode()
    assert "3 pledges were overdue when they were published" in page


@pytest.mark.parametrize("state", [AlertState.QUEUED, AlertState.FAILED])
def test_what_would_not_be_sent_any_more_says_so(state: AlertState) -> None:
    [alert] = queue()
    Alert.objects.update(state=state)
    Pledge.objects.update(status="fulfilled")
    client = desk(make_user())
    says = "No mail: The pledge is no longer open: Fulfilled."
    assert says in client.get(page_of(alert)).content.decode()
    assert says in client.get(html_of(alert)).content.decode()
    Alert.objects.update(state=AlertState.CANCELLED, cancel_reason="The account was closed.")
    assert "No mail: The account was closed." in client.get(page_of(alert)).content.decode()


def test_a_member_shows_the_digest_that_tells_of_it() -> None:
    fan_out.queue_backlog_digest(overdue_events(2, now=NOW), now=NOW, send_after=NOW)
    member = Alert.objects.filter(state=AlertState.FOLDED).earliest("pk")
    page = desk(make_user()).get(page_of(member)).content.decode()
    assert "2 pledges were overdue when they were published" in page


def test_the_html_part_is_a_page_that_can_do_nothing() -> None:
    [alert] = queue()
    Pledge.objects.update(title=EVIL, quote=EVIL)
    client = desk(make_user())
    answer = client.get(html_of(alert))
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-" not in policy
    assert "script-src" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert "<script" not in answer.content.decode()
    assert "<script>alert" not in client.get(page_of(alert)).content.decode()
    assert client.get(html_of(alert).replace(str(alert.pk), "999")).status_code == 404


@pytest.mark.parametrize(
    ("state", "is_queued"),
    [
        ({"state": AlertState.FAILED}, True),
        ({"state": AlertState.HELD}, True),
        ({"state": AlertState.SENT, "sent_at": NOW}, False),
        ({"state": AlertState.CANCELLED, "cancel_reason": "x"}, False),
        ({"state": AlertState.SENDING, "claim": "x"}, False),
        ({"state": AlertState.QUEUED}, False),
    ],
)
def test_try_again_is_for_what_failed_or_is_held(state: dict[str, Any], is_queued: bool) -> None:
    [alert] = queue()
    Alert.objects.update(**state, attempts=30, first_tried_at=NOW)
    answer = desk(operator()).post(
        LIST, {"action": "send_again", "_selected_action": [alert.pk]}, follow=True
    )
    alert.refresh_from_db()
    assert (alert.state == AlertState.QUEUED and alert.attempts == 0) is is_queued
    assert (LogEntry.objects.filter(object_id=str(alert.pk)).count() == 1) is is_queued
    page = answer.content.decode()
    assert ("1 alert is queued again." in page) is is_queued
    assert ("stay as they are" in page) is not is_queued


def test_who_may_only_read_can_not_try_again() -> None:
    [alert] = queue()
    Alert.objects.update(state=AlertState.FAILED)
    desk(make_user()).post(LIST, {"action": "send_again", "_selected_action": [alert.pk]})
    alert.refresh_from_db()
    assert alert.state == AlertState.FAILED


def test_tried_again_it_goes_out_under_the_same_message_id(sink: Sink) -> None:
    [alert] = queue()
    sink.on["RCPT"] = lambda _address: "550 5.1.1 unknown"
    deliver.drain(now=NOW, clock=lambda: NOW)
    alert.refresh_from_db()
    before = alert.message_id
    desk(operator()).post(LIST, {"action": "send_again", "_selected_action": [alert.pk]})
    sink.on.clear()
    deliver.drain(now=NOW, clock=lambda: NOW)
    assert sink.message_ids == [before]


def test_a_digest_tried_again_does_not_collide_with_an_open_one() -> None:
    fan_out.queue_backlog_digest(overdue_events(1), now=NOW, send_after=NOW)
    first = Alert.objects.get(kind="digest")
    Alert.objects.filter(pk=first.pk).update(state=AlertState.FAILED, first_tried_at=NOW)
    fan_out.queue_backlog_digest(overdue_events(1), now=NOW, send_after=NOW)
    desk(operator()).post(LIST, {"action": "send_again", "_selected_action": [first.pk]})
    assert Alert.objects.filter(kind="digest", state=AlertState.QUEUED).count() == 2


def test_what_did_not_go_out_is_among_what_needs_somebody() -> None:
    queue(2)
    client = desk(make_user())
    assert "Mail that did not go out" not in client.get("/admin/").content.decode()
    Alert.objects.update(state=AlertState.FAILED)
    page = client.get("/admin/").content.decode()
    assert "Mail that did not go out" in page
    listed = client.get(LIST, {"state__in": "failed,held"}).content.decode()
    assert listed.count(DESK) == 2


def test_the_list_filters_and_searches() -> None:
    queue(2)
    Alert.objects.filter(pk=Alert.objects.earliest("pk").pk).update(state=AlertState.FAILED)
    client = desk(make_user())
    assert client.get(LIST, {"state__exact": "failed"}).content.decode().count(DESK) == 1
    reference = Pledge.objects.latest("pk").reference
    assert client.get(LIST, {"q": reference}).content.decode().count(DESK) == 1


def test_statements_of_the_list_do_not_grow() -> None:
    client = desk(make_user())
    counts = []
    for more in (1, 20):
        queue(more)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_mail_is_shown_inside_the_page_and_nothing_complains(
    live_server: Any, page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    ensure_roles()
    # The session of a browser lives in its own time.
    monkeypatch.setattr(timezone, "now", lambda: datetime.now(NOW.tzinfo))
    [alert] = queue(quote="تقرير مفصل", quote_language="ar")
    make_user(username="amal", password="a long password")
    complaints: list[str] = []
    # The browser asks for an icon that no page names.
    page.on(
        "console",
        lambda message: (
            complaints.append(f"{message.location} {message.text}")
            if not message.location["url"].endswith("/favicon.ico")
            else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": 1280, "height": 2600})
    page.goto(live_server.url + page_of(alert))
    page.fill("[name=username]", "amal")
    page.fill("[name=password]", "a long password")
    page.click("[type=submit]")
    mail = page.frame_locator("iframe.mail-html")
    mail.locator("h1").wait_for(timeout=5000)
    assert mail.locator("h1").inner_text() == "Release a detailed report"
    assert mail.locator("[lang=ar]").get_attribute("dir") == "rtl"
    assert mail.locator("h1").evaluate("element => getComputedStyle(element).fontSize") == "22px"
    assert complaints == []
