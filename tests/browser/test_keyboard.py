"""The pages by keyboard alone: every stop is seen, in the order of the document, and nobody is trapped."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.support import founding
from tests.support.every_page import every_page
from tests.support.founding import founding_case
from tracker.public.languages import in_language

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
# What the keyboard should reach: of a group of radio buttons only the chosen one, or the first.
STOPS = """() => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
  .filter(each => each.checkVisibility())
  .filter(each => each.type !== 'radio' || each === (each.form.querySelector(`[name="${each.name}"]:checked`)
    ?? each.form.querySelector(`[name="${each.name}"]`)))"""
# What is wrong with the stop that has the focus, and whether it is one.
HERE = """() => {
  const here = document.activeElement;
  // After the last stop comes the browser itself, or the first stop once more.
  if (here === document.body || here === window.walked?.[0]) return null;
  window.walked = [...window.walked ?? [], here];
  const box = here.getClientRects()[0], style = getComputedStyle(here);
  // The middle of what is in the window: of a large field the browser shows the line of the cursor.
  const middle = (from, to, size) => (Math.max(from, 0) + Math.min(to, size)) / 2;
  const [x, y] = [middle(box.left, box.right, innerWidth), middle(box.top, box.bottom, innerHeight)];
  const top = document.elementFromPoint(x, y);
  return [
    [style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2, 'shows no focus'],
    [box.right > 0 && box.left < innerWidth && box.bottom > 0 && box.top < innerHeight, 'is out of sight'],
    [top && (here.contains(top) || top.contains(here)), 'is covered'],
  ].filter(([isWell]) => !isWell).map(([, fault]) => `${here.outerHTML.slice(0, 120)} ${fault}`);
}"""
MISSED = f"""() => {{
  const stops = ({STOPS})(), walked = window.walked ?? [];
  const at = stops.findIndex((each, place) => each !== walked[place]);
  if (at >= 0) return [`stop ${{at}} is ${{walked[at]?.outerHTML}}, not ${{stops[at].outerHTML}}`];
  return walked.length > stops.length ? [`${{walked.length - stops.length}} stops more`] : [];
}}"""
MOST = 400


@pytest.fixture(params=[360, 1280])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(base_url=live_server.url, viewport={"width": request.param, "height": 700})
    yield context.new_page()
    context.close()


def walk(page: Page) -> list[str]:
    """Press Tab until the page is over, opening what can be opened; return what is wrong on the way."""
    found: list[str] = []
    for _stop in range(MOST):
        page.keyboard.press("Tab")
        wrong = page.evaluate(HERE)
        if wrong is None:
            return [*found, *page.evaluate(MISSED)]
        found += wrong
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            page.keyboard.press("Enter")
            if not page.evaluate("document.activeElement.parentElement.open"):
                found.append("details that Enter does not open")
    return [*found, "no end"]


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_stop_is_seen_and_in_order(page: Page, language: str) -> None:
    wanted = [each for each in every_page(language) if not each.startswith("/api/")]
    found = []
    for address in wanted:
        page.goto(in_language(address, language))
        found += [f"{page.url}: {fault}" for fault in walk(page)]
    assert found == [], "\n".join(found)


def test_the_masthead_is_walked_from_top_to_bottom(page: Page) -> None:
    page.goto("/")
    boxes = [link.bounding_box() for link in page.locator(".masthead a").all()]
    tops = [round(box["y"] + box["height"] / 2) for box in boxes if box]
    # On one line some letters are larger than others.
    assert all(after >= before - 4 for before, after in pairwise(tops)), tops


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_search_is_filled_in_and_sent_by_keyboard(page: Page, language: str) -> None:
    founding.present(founding_case())
    page.goto(in_language("/pledges/", language))
    page.locator("#words").focus()
    page.keyboard.type("presidency")
    for select in ("case", "body", "timeliness"):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.id") == select
    # A choice is made by the arrows, on all systems.
    page.keyboard.press("ArrowDown")
    chosen = page.locator("#timeliness").input_value()
    while page.evaluate("document.activeElement.tagName") != "BUTTON":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**words=presidency**")
    assert f"timeliness={chosen}" in page.url
    assert page.locator("#words").input_value() == "presidency"


def test_a_reader_gets_from_a_wrong_field_to_its_mistake_and_back(page: Page) -> None:
    with override_settings(LANGUAGE_CODE="en"):
        page.goto("/follow/")
        page.locator("#id_address").focus()
        page.keyboard.type("reader@")
        page.keyboard.press("Enter")
        page.get_by_role("alert").get_by_role("link").focus()
        page.keyboard.press("Enter")
        field = page.locator("#id_address")
        assert field.evaluate("each => document.activeElement === each")
        described = str(field.get_attribute("aria-describedby"))
        assert "This is no address" in page.locator(f"#{described}").inner_text()


BAD = {
    "shows no focus": "<a href=/a style='outline: none'>a</a>",
    "is out of sight": "<a href=/a style='position: fixed; inset-block-start: -99px'>a</a>",
    "is covered": "<a href=/a>a</a><div style='position: fixed; inset: 0; background: white'></div>",
    "stop 0 is": "<a href=/a tabindex=2>a</a><a href=/b tabindex=1>b</a>",
    "no end": "<a href=/a>a</a><a href=/b onkeydown='return false'>b</a>",
    "does not open": "<details><summary onclick='return false'>a</summary>b</details>",
}


@pytest.mark.parametrize("fault", BAD)
def test_control_each_fault_is_seen(page: Page, fault: str) -> None:
    style = "<style>:focus-visible { outline: 3px solid }</style>"
    page.route("**/bad", lambda route: route.fulfill(body=f"{style}{BAD[fault]}", content_type="text/html"))
    page.goto("/bad")
    found = walk(page)
    assert any(fault in each for each in found), found


def test_control_a_good_page_is_let_pass(page: Page) -> None:
    body = (
        "<style>:focus-visible { outline: 3px solid }</style><a href=/a>a</a><input name=b><button>c</button>"
    )
    page.route("**/good", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/good")
    assert walk(page) == []
