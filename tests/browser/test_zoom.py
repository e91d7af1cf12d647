"""Larger text, wider spacing, narrow windows, strong contrast: nothing is cut off, covered, or off the page.

WCAG 2.2: 1.4.4 (resize text), 1.4.10 (reflow), 1.4.12 (text spacing).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.support.every_page import every_card, every_page
from tracker.public.languages import in_language

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
LARGE = ":root[lang] { font-size: 200% !important }"
SPACED = """* { line-height: 1.5 !important }
* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
p { margin-block-end: 2em !important }"""


@dataclass(frozen=True)
class View:
    width: int
    scale: int = 1
    style: str = ""


VIEWS = {
    "window at 200 %": View(640, scale=2),
    "window at 400 %": View(320, scale=4),
    "text at 200 %": View(1280, style=LARGE),
    "text at 200 % on a phone": View(360, style=LARGE),
    "text spaced": View(1280, style=SPACED),
    "text spaced on a phone": View(360, style=SPACED),
}
# Where each word is drawn: lines are taken at the middle half of their height, as fonts reach beyond it.
FAULTS = """() => {
  document.querySelectorAll('details').forEach(each => each.open = true);
  const root = document.documentElement, found = [], aside = root.scrollWidth - root.clientWidth;
  if (aside > 0) found.push(`scrolls ${aside} px aside`);
  const unseen = '.unseen, .skip, title, desc, option, input, textarea, .month thead, .ledger thead';
  const isHidden = each => each.closest(unseen) || !each.checkVisibility();
  const words = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, parent = node.parentElement;
    if (!node.data.trim() || isHidden(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects())
      if (box.width > 1) words.push({
        node, text: node.data.trim().slice(0, 40), isScrolled: !!parent.closest('.scrolled'),
        left: box.left, right: box.right, top: box.top + box.height / 4, bottom: box.bottom - box.height / 4,
      });
  }
  words.sort((one, other) => one.top - other.top);
  words.forEach((one, at) => {
    const isOut = one.left < -1 || one.right > root.clientWidth + 1;
    if (isOut && !one.isScrolled) found.push(`leaves the page: ${one.text}`);
    for (let next = at + 1; next < words.length && words[next].top < one.bottom; next++) {
      const other = words[next];
      if (one.node !== other.node && one.left + 1 < other.right && other.left + 1 < one.right)
        found.push(`covers: ${one.text} / ${other.text}`);
    }
  });
  for (const each of document.querySelectorAll('body *')) {
    const style = getComputedStyle(each);
    if (isHidden(each) || !['hidden', 'clip'].includes(style.overflowX) || each.closest('svg')) continue;
    if (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1)
      found.push(`cut off: ${each.textContent.trim().slice(0, 40)}`);
  }
  for (const each of document.querySelectorAll('button')) {
    if (each.scrollWidth > each.clientWidth + 1) found.push(`cut off: ${each.textContent.trim()}`);
  }
  return found;
}"""


def open_in(browser: Browser, view: View, base: str) -> Page:
    context = browser.new_context(
        base_url=base,
        viewport={"width": view.width, "height": 800},
        device_scale_factor=view.scale,
        bypass_csp=True,
    )
    return context.new_page()


@pytest.fixture(params=VIEWS)
def view(request: pytest.FixtureRequest) -> View:
    return VIEWS[request.param]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, view: View) -> Iterator[Page]:
    page = open_in(browser, view, live_server.url)
    yield page
    page.context.close()


def faults(page: Page, address: str, view: View) -> list[str]:
    page.goto(address)
    if view.style:
        page.add_style_tag(content=view.style)
    return [f"{page.url}: {fault}" for fault in page.evaluate(FAULTS)]


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_all_words_stay_where_they_can_be_read(page: Page, view: View, language: str) -> None:
    addresses = [in_language(each, language) for each in [*every_page(language), *every_card()]]
    found = [fault for address in addresses for fault in faults(page, address, view)]
    assert found == [], "\n".join(found)


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    page = open_in(browser, View(1280), live_server.url)
    yield page
    page.context.close()


def test_with_forced_colours_each_shape_is_still_drawn(desk: Page) -> None:
    every_page()
    desk.emulate_media(forced_colors="active")
    desk.goto("/")
    shape = "each => getComputedStyle(each, '::before').backgroundColor"
    ground = desk.evaluate("getComputedStyle(document.body).backgroundColor")
    marks = desk.locator(".mark-overdue, .mark-long_overdue").all()
    assert marks
    assert ground not in {mark.evaluate(shape) for mark in marks}
    desk.keyboard.press("Tab")
    assert desk.locator(":focus").evaluate("each => getComputedStyle(each).outlineStyle") == "solid"


def test_who_asks_for_more_contrast_gets_it(desk: Page) -> None:
    desk.goto("/about/")
    colour = "name => getComputedStyle(document.documentElement).getPropertyValue(name)"
    for theme in ("light", "dark"):
        desk.emulate_media(contrast="no-preference", color_scheme=theme)
        assert desk.evaluate(colour, "--soft") != desk.evaluate(colour, "--ink")
        desk.emulate_media(contrast="more", color_scheme=theme)
        assert desk.evaluate(colour, "--soft") == desk.evaluate(colour, "--ink")
        assert desk.evaluate(colour, "--hair") == desk.evaluate(colour, "--field")


BAD = {
    "scrolls": "<p style='inline-size: 3000px'>wide</p>",
    "leaves the page": "<p style='position: absolute; inset-inline-start: -3rem'>left</p>",
    "covers": "<p>one</p><p style='margin-block-start: -2.2rem'>other</p>",
    "cut off: a": "<p style='block-size: 1rem; overflow: hidden'>a<br>b<br>c</p>",
    "cut off: Send": "<button style='inline-size: 2rem'>Send_everything_at_once</button>",
}


@pytest.mark.parametrize("fault", BAD)
def test_control_each_fault_is_seen(desk: Page, fault: str) -> None:
    body = f"<!doctype html><html lang=en>{BAD[fault]}</html>"
    desk.route("**/bad", lambda route: route.fulfill(body=body, content_type="text/html; charset=utf-8"))
    found = faults(desk, "/bad", View(1280))
    assert any(f": {fault}" in each for each in found), found
