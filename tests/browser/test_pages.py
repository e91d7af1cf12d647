"""Every page type in a real Chromium: no complaint, nobody else asked, nothing stored, no scrolling aside."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, ConsoleMessage, Page, Response
from pytest_django.live_server_helper import LiveServer

from pledges.models import Pledge
from tests.support import founding
from tests.support.every_page import every_page
from tests.support.founding import founding_case
from tracker.public.middleware import PUBLIC_POLICY

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@dataclass
class Watched:
    """A page, and everything that a reader at risk would not want to have happened on it."""

    page: Page
    home: str
    complaints: list[str] = field(default_factory=list)
    policies: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        self.page.on("request", lambda request: self._request(request.url))
        self.page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        # A browser tells of every 404 and 410; pages for what is not there are such on purpose.
        is_gone = "404" in message.text or "410" in message.text
        if message.type in {"error", "warning"} and not is_gone:
            self.complaints.append(f"console: {message.text}")

    def _request(self, url: str) -> None:
        if urlsplit(url).netloc != urlsplit(self.home).netloc:
            self.complaints.append(f"third party: {url}")

    def _response(self, response: Response) -> None:
        self.policies[response.url] = response.headers.get("content-security-policy", "")

    def visit(self, address: str) -> list[str]:
        """Open an address and return what is wrong with the page."""
        self.complaints.clear()
        self.page.goto(f"{self.home}{address}", wait_until="load")
        if self.page.context.cookies():
            self.complaints.append("cookie")
        aside = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        if aside > 0:
            self.complaints.append(f"scrolls {aside} px aside")
        return [f"{address}: {complaint}" for complaint in self.complaints]


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with override_settings(LANGUAGE_CODE=request.param):
        yield request.param


@pytest.fixture
def addresses() -> list[str]:
    return every_page()


@pytest.fixture(params=[360, 1280])
def watched(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Watched]:
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    yield Watched(context.new_page(), live_server.url)
    context.close()


def test_every_page_type_is_quiet(watched: Watched, addresses: list[str], language: str) -> None:
    found = [complaint for address in addresses for complaint in watched.visit(address)]
    assert found == []
    pages = {url: policy for url, policy in watched.policies.items() if "/static/" not in url}
    assert set(pages.values()) == {PUBLIC_POLICY}
    assert len(pages) == len(addresses)
    assert any(url.endswith("site.css") for url in watched.policies)


def test_the_direction_is_that_of_the_language(watched: Watched, addresses: list[str], language: str) -> None:
    watched.visit("/")
    html = watched.page.locator("html")
    assert html.get_attribute("lang") == language
    assert html.get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
    masthead = watched.page.locator(".site a").bounding_box()
    assert masthead
    middle = watched.page.viewport_size["width"] / 2 if watched.page.viewport_size else 0
    assert (masthead["x"] > middle) == (language == "ar")


def test_an_arabic_quote_keeps_its_direction_on_an_english_page(
    watched: Watched, addresses: list[str]
) -> None:
    report = Pledge.objects.published().get(quote=founding.ARABIC)
    watched.visit(report.get_absolute_url())
    quote = watched.page.locator("blockquote.quote")
    assert quote.evaluate("each => getComputedStyle(each).direction") == "rtl"
    assert watched.page.locator("h1").evaluate("each => getComputedStyle(each).direction") == "ltr"


def test_a_reader_without_a_mouse_can_skip_to_the_content(watched: Watched, addresses: list[str]) -> None:
    watched.visit("/")
    watched.page.keyboard.press("Tab")
    focused = watched.page.locator(":focus")
    assert focused.inner_text() == "Skip to the content"
    assert focused.bounding_box()["y"] >= 0  # type: ignore[index]  # it is visible while focused
    watched.page.keyboard.press("Enter")
    watched.page.keyboard.press("Tab")
    assert watched.page.locator(":focus").evaluate("each => !!each.closest('main')")


def test_a_reader_finds_a_pledge_without_scripts(browser: Browser, live_server: LiveServer) -> None:
    founding_case()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(live_server.url)
    page.get_by_label("Find a pledge").fill("presidency")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Hand in the commission's report").click()
    assert page.locator("blockquote.quote").inner_text().strip("«»") == founding.ARABIC
    context.close()


BAD = {
    "console: ": "<script>console.error('broken')</script>",
    "third party: ": '<img src="http://third.invalid/pixel.png">',
    "cookie": "<script>document.cookie = 'a=b'</script>",
    "scrolls ": '<p style="inline-size: 3000px">wide</p>',
    "error: ": "<script>throw new Error('broken')</script>",
}


@pytest.mark.parametrize("complaint", BAD)
def test_control_each_fault_is_seen(browser: Browser, live_server: LiveServer, complaint: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 800})
    context.route(
        f"{live_server.url}/bad", lambda route: route.fulfill(body=BAD[complaint], content_type="text/html")
    )
    context.route("http://third.invalid/*", lambda route: route.fulfill(body=""))
    found = Watched(context.new_page(), live_server.url).visit("/bad")
    context.close()
    assert any(complaint in each for each in found), found


def test_control_the_policy_stops_what_a_page_should_not_do(
    browser: Browser, live_server: LiveServer
) -> None:
    """Were a script or a style to get into a page, the browser itself would refuse it."""
    context = browser.new_context()
    body = "<p style='color: red' id=p>x</p><script>document.title = 'run'</script>"
    context.route(
        f"{live_server.url}/bad",
        lambda route: route.fulfill(
            body=body, headers={"Content-Type": "text/html", "Content-Security-Policy": PUBLIC_POLICY}
        ),
    )
    page = context.new_page()
    found = Watched(page, live_server.url).visit("/bad")
    assert page.title() != "run"
    assert any("Content Security Policy" in each for each in found)
    context.close()
