"""The drawings as a real Chromium lays them out: legible on the narrowest phone, mirrored, and on paper."""

from collections.abc import Iterator
from itertools import combinations

import pytest
from django.test import override_settings
from playwright.sync_api import Browser, FloatRect, Locator, Page
from pytest_django.live_server_helper import LiveServer

from tests.support import founding
from tests.support.founding import founding_case

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with override_settings(LANGUAGE_CODE=request.param):
        yield request.param


@pytest.fixture
def report(language: str) -> str:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    return case.report.get_absolute_url()


@pytest.fixture(params=[320, 1280])
def page(request: pytest.FixtureRequest, browser: Browser, live_server: LiveServer) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": request.param, "height": 800}, base_url=live_server.url, color_scheme="dark"
    )
    yield context.new_page()
    context.close()


def boxes(found: Locator) -> list[FloatRect]:
    shown = [each.bounding_box() for each in found.all()]
    return [box for box in shown if box]


def overlap(one: FloatRect, other: FloatRect) -> bool:
    return all(
        one[start] < other[start] + other[size] and other[start] < one[start] + one[size]  # type: ignore[literal-required]
        for start, size in (("x", "width"), ("y", "height"))
    )


def test_no_mark_or_word_of_the_time_line_covers_another(page: Page, report: str) -> None:
    page.goto(report)
    shapes = boxes(page.locator(".time .pin > :is(circle, rect, path)"))
    words = boxes(page.locator(".time > svg > text, .time .tick text"))
    assert (len(shapes), len(words)) == (5, 1)
    assert [pair for pair in combinations([*shapes, *words], 2) if overlap(*pair)] == []
    width = page.viewport_size["width"] if page.viewport_size else 0
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= width for box in (*shapes, *words))


def test_time_flows_as_the_language_is_read(page: Page, report: str, language: str) -> None:
    page.goto(report)
    places = [box["x"] for box in boxes(page.locator(".time .pin text"))]
    assert places == sorted(places, reverse=language == "ar")
    assert len({round(place) for place in places}) == len(places)


@pytest.mark.parametrize("drawing", [".time", ".columns"])
def test_figures_keep_their_size_on_every_width(page: Page, report: str, drawing: str) -> None:
    page.goto(report if drawing == ".time" else "/")
    sizes = page.locator(f"{drawing} text").evaluate_all(
        "all => all.map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert sizes
    assert min(sizes) >= 12


def test_columns_and_their_names_stand_within_the_page(page: Page, report: str) -> None:
    page.goto("/")
    names = boxes(page.locator(".columns .name"))
    assert names
    assert [pair for pair in combinations(names, 2) if overlap(*pair)] == []
    assert page.locator(".columns rect.outcome").count() == 1


def test_the_table_of_the_chart_scrolls_in_its_own_place(page: Page, report: str) -> None:
    page.goto("/")
    page.get_by_role("group").locator("summary").first.click()
    assert page.locator(".scrolled table").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_on_paper_everything_is_open_and_in_the_colours_of_paper(page: Page, report: str) -> None:
    page.goto(report)
    cited = page.locator(".cite p.copied")
    assert not cited.is_visible()
    page.emulate_media(media="print", color_scheme="dark")
    assert cited.is_visible()
    assert not page.locator(".masthead nav").first.is_visible()
    assert not page.locator(".cite pre").first.is_visible()
    late = "getComputedStyle(document.documentElement).getPropertyValue('--late')"
    on_paper = page.evaluate(late)
    page.emulate_media(media="screen", color_scheme="dark")
    assert on_paper == "#97190f" != page.evaluate(late)


def test_on_paper_a_source_shows_its_address(page: Page, report: str) -> None:
    page.goto(report)
    page.emulate_media(media="print")
    for place in (".source", ".proofs", ".ledger"):
        link = page.locator(f"{place} a[rel~=external]").first
        said = link.evaluate("each => getComputedStyle(each, '::after').content")
        assert "attr(href)" in said or str(link.get_attribute("href")) in said, place


def test_control_overlap_is_seen() -> None:
    box: FloatRect = {"x": 0, "y": 0, "width": 10, "height": 10}
    assert overlap(box, {"x": 9, "y": 9, "width": 1, "height": 1})
    assert not overlap(box, {"x": 10, "y": 0, "width": 10, "height": 10})
    assert not overlap(box, {"x": 0, "y": 10, "width": 10, "height": 10})
