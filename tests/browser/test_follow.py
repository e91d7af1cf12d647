"""Following by mail in a real browser on a phone, without scripts: from the link in a page to leaving."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.support.founding import founding_case
from tests.support.smtp_sink import LOOPBACK, Sink, smtp_sink
from tracker.alerts.deliver import drain
from tracker.alerts.models import Subscriber

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    yield context.new_page()
    assert context.cookies() == []
    context.close()


@pytest.fixture
def sink(settings: Any, live_server: LiveServer) -> Iterator[Sink]:
    settings.TRACKER_SITE_URL = live_server.url
    with smtp_sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = LOOPBACK, running.port
        yield running


def link(sink: Sink, page: str) -> str:
    """Return the link to `page` out of the last mail, as a reader copies it."""
    found = re.search(rf"http\S+/follow/{page}/\S+", sink.accepted[-1].part("plain"))
    assert found, sink.accepted[-1].part("plain")
    return found[0]


def test_from_the_page_of_a_pledge_to_leaving(phone: Page, live_server: LiveServer, sink: Sink) -> None:
    case = founding_case()
    phone.goto(f"{live_server.url}{case.report.get_absolute_url()}")
    phone.get_by_role("link", name="Follow this pledge by mail").click()

    # Wrong at first: the page says what, and keeps the rest.
    phone.get_by_label("Your e-mail address").fill("reader@")
    phone.get_by_label("a deadline was moved").uncheck()
    phone.get_by_label("Language of the mails").select_option("ar")
    phone.get_by_role("button", name="Send me the mail that asks to confirm").click()
    assert "This is no address" in phone.get_by_role("alert").inner_text()
    assert not phone.get_by_label("a deadline was moved").is_checked()
    phone.get_by_label("Your e-mail address").fill("reader@readers.example")
    phone.get_by_role("button", name="Send me the mail that asks to confirm").click()
    assert phone.locator("h1").inner_text() == "Look into your mailbox"

    drain(now=datetime.now(UTC))
    phone.goto(link(sink, "confirm"))
    assert phone.locator("html").get_attribute("dir") == "rtl"
    phone.locator("main button").click()
    reader = Subscriber.objects.get()
    assert reader.confirmed_at is not None
    wish = reader.subscriptions.get()
    assert (wish.wants_overdue, wish.wants_moved) == (True, False)

    # On the page where it is changed.
    phone.locator("main a[href*='/follow/manage/']").click()
    phone.locator("input[value=weekly]").check()
    phone.locator("button[value=change]").click()
    wish.refresh_from_db()
    assert wish.cadence == "weekly"
    phone.goto(link(sink, "leave"))
    phone.locator("main button").click()
    reader.refresh_from_db()
    assert reader.address == ""


def test_what_can_be_pressed_is_large_enough_for_a_finger(phone: Page, live_server: LiveServer) -> None:
    phone.goto(f"{live_server.url}/follow/")
    for target in phone.locator("main :is(button, select, input:not([type=hidden]), .choice label)").all():
        box = target.bounding_box()
        assert box is not None
        assert box["height"] >= 20
    for label in phone.locator(".choice label").all():
        box = label.bounding_box()
        assert box is not None
        assert box["height"] >= 34
