"""One month, two shapes: a table where there is room, and a list of its due days on a narrow page."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from tests.support.records import make_pledge

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDE, NARROW = 1280, 360


@pytest.fixture
def may(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    """The month of two due days, in a window of the width that the test asks for."""
    for day in (4, 14):
        make_pledge(latest=date(2025, 5, day))
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    page = context.new_page()
    page.goto(f"{live_server.url}/calendar/2025/05/")
    yield page
    context.close()


def heard(page: Page) -> Counter[str]:
    """Count the roles in the tree that Chromium gives to a screen reader."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    return Counter(node["role"]["value"] for node in nodes if not node["ignored"])


@pytest.mark.parametrize(
    ("may", "cells", "heads", "days"),
    [(WIDE, 35, 7, ["4", "14"]), (NARROW, 2, 7, ["Sunday 4 May 2025", "Wednesday 14 May 2025"])],
    indirect=["may"],
)
def test_the_shape_follows_the_width(may: Page, cells: int, heads: int, days: list[str]) -> None:
    """Both shapes are read as a table, whatever their layout, and a hidden head is still heard."""
    roles = heard(may)
    assert (roles["table"], roles["columnheader"], roles["cell"]) == (1, heads, cells)
    assert may.locator(".month .date a").all_inner_texts() == days


@pytest.mark.parametrize("may", [WIDE], indirect=True)
def test_nothing_leaves_its_cell(may: Page) -> None:
    wide = "each => each.scrollWidth > each.clientWidth"
    assert [cell.evaluate(wide) for cell in may.get_by_role("cell").all()] == [False] * 35


@pytest.mark.parametrize("may", [WIDE, NARROW], indirect=True)
def test_links_are_large_enough_to_be_touched(may: Page) -> None:
    """At least 24 by 24 pixels: WCAG 2.2, 2.5.8."""
    boxes = [link.bounding_box() for link in may.locator(".month a").all()]
    assert len(boxes) == 4
    assert [box for box in boxes if not box or min(box["width"], box["height"]) < 24] == []
