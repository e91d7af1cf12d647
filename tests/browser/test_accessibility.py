"""axe-core finds nothing on any type of page: in each language, light and dark, on a phone and on a desk.

It is the copy that comes with axe-playwright-python: no network is asked. The pages' own policy forbids
scripts, so the browser is told to let this one pass.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.health.support import all_beat
from tests.support.every_page import every_card, every_page
from tracker.public.languages import in_language

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
LANGUAGES = dict(settings.LANGUAGES)
WIDTHS = (360, 1280)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that a theme changes is colours.
OF_COLOURS = ["color-contrast", "link-in-text-block"]
OPEN_ALL = "document.querySelectorAll('details').forEach(each => each.open = true)"
RUN = """async ([part, rules]) => {
  const {violations} = await axe.run(part, {runOnly: rules, resultTypes: ['violations']});
  return violations.flatMap(({id, nodes}) => nodes.map(each => `${id}: ${each.target} ${each.html}`));
}"""


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, bypass_csp=True)
    context.add_init_script(AXE_SCRIPT)
    yield context.new_page()
    context.close()


def violations(page: Page, *, dark: str = "html") -> list[str]:
    """Return what axe finds on the page as it stands, with all of it open, on each width and theme.

    `dark` is the part whose dark colours are looked at.
    """
    page.evaluate(OPEN_ALL)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="light")
        found += [f"{page.url} {width} light: {each}" for each in page.evaluate(RUN, ["html", TAGS])]
        page.emulate_media(color_scheme="dark")
        found += [f"{page.url} {width} dark: {each}" for each in page.evaluate(RUN, [dark, OF_COLOURS])]
    return found


def visit(page: Page, address: str, *, dark: str = "html") -> list[str]:
    page.goto(address)
    return violations(page, dark=dark)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_type_of_page(page: Page, language: str) -> None:
    addresses = [in_language(each, language) for each in [*every_page(language), *every_card()]]
    # What stands around it is the same everywhere; the other tests look at it in the dark.
    assert [each for address in addresses for each in visit(page, address, dark="main")] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_there_is_anything(page: Page, language: str) -> None:
    """Empty lists; and no banner above them, as the watch is in time."""
    all_beat(timezone.now())
    for address in ("/", "/pledges/", "/overdue/", "/cases/", "/bodies/", "/corrections/", "/checkpoints/"):
        assert visit(page, in_language(address, language)) == []
        assert page.locator(".empty").count() >= 1
        assert page.locator(".late-watch").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_form_that_was_filled_in_wrongly(page: Page, language: str) -> None:
    page.goto(in_language("/follow/", language))
    page.locator("#id_address").fill("reader@")
    for choice in page.locator("[name=topics]").all():
        choice.uncheck()
    page.locator("form.sheet button").click()
    assert page.locator("[role=alert] li").count() == 2
    assert violations(page) == []


BAD = {
    "label": "<input type=text>",
    "color-contrast": "<p class=weak>Hardly to be read</p>",
    "image-alt": "<img src=/static/public/icon.svg>",
    "heading-order": "<h4>A jump</h4>",
    "region": "<p id=outside>x</p>",
    "target-size": "<a href=/a class=small>a</a><a href=/b class=small>b</a>",
    "link-name": "<details><summary>More</summary><a href=/c></a></details>",
}
STYLE = """<style>.weak { color: #aaa; background: #fff }
.small { display: inline-block; font-size: 8px; line-height: 8px }</style>"""


@pytest.mark.parametrize("rule", BAD)
def test_control_a_bad_page_is_reported(page: Page, rule: str) -> None:
    inside, outside = ("", BAD[rule]) if rule == "region" else (BAD[rule], "")
    body = f"<!doctype html><html lang=en><title>Bad</title>{STYLE}<main><h1>Bad</h1>{inside}</main>{outside}"
    page.route("**/bad", lambda route: route.fulfill(body=body, content_type="text/html"))
    found = visit(page, "/bad")
    assert any(f": {rule}: " in each for each in found), found


def test_control_the_dark_theme_is_looked_at(page: Page) -> None:
    body = """<!doctype html><html lang=en><title>Dark</title><style>:root{color-scheme:light dark}
    @media (prefers-color-scheme: dark){p{color:#333;background:#000}}</style>
    <main><h1>x</h1><p>Unseen</p></main>"""
    page.route("**/bad", lambda route: route.fulfill(body=body, content_type="text/html"))
    found = visit(page, "/bad")
    assert len(found) == len(WIDTHS)
    assert all("dark: color-contrast" in each for each in found)
