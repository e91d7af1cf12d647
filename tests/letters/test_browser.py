"""A letter in a real browser: edited in its own direction, and a sheet of paper when printed."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.support.records import make_user
from tracker.letters.models import Letter

from .screens import page_of, sheet
from .support import NOW, make_letter, moved_report

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-enough-one"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def letter() -> Letter:
    make_user(username="amal", password=PASSWORD)
    return make_letter(pledge=moved_report(), language="ar")


@pytest.fixture
def complaints(
    page: "Page", live_server: LiveServer, letter: Letter, at: Callable[[datetime], None]
) -> list[str]:
    """Sign in; return what the browser complains of from then on."""
    # The session of a browser lives in its own time.
    at(datetime.now(NOW.tzinfo))
    heard: list[str] = []
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("#id_username", "amal")
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


@pytest.mark.parametrize("width", [360, 1280])
def test_a_letter_is_edited_and_printed(
    page: "Page", live_server: LiveServer, letter: Letter, complaints: list[str], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(live_server.url + page_of(letter))
    text = page.locator("#id_text")
    assert text.evaluate("node => getComputedStyle(node).direction") == "rtl"
    assert text.evaluate("node => node.clientHeight") > 500
    assert page.evaluate(SIDEWAYS) <= 0
    text.fill("السادة المحترمون،\n\nنص الرسالة")
    page.click("#letter_form [type=submit]")
    page.click("text=Printable page")
    page.wait_for_url(live_server.url + sheet(letter))
    assert page.locator("main p", has_text="نص الرسالة").is_visible()
    assert page.evaluate(SIDEWAYS) <= 0
    assert complaints == []


def test_on_paper_there_is_the_letter_alone(
    page: "Page", live_server: LiveServer, letter: Letter, complaints: list[str]
) -> None:
    page.goto(live_server.url + sheet(letter))
    assert page.locator("nav").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("nav").is_visible()
    assert page.locator("h1").inner_text().startswith("الموضوع:")
    # The day stands across from the sender, at the end of an Arabic line.
    day, main = page.locator(".day"), page.locator("main")
    assert day.evaluate("node => getComputedStyle(node).textAlign") == "end"
    assert main.evaluate("node => getComputedStyle(node).boxShadow") == "none"
    quote = page.locator("blockquote p").first
    assert quote.evaluate("node => getComputedStyle(node).direction") == "rtl"
    items = page.locator("li").first
    assert items.evaluate("node => getComputedStyle(node, '::before').content") == '"–"'
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    assert complaints == []
