"""The embeds in a real Chromium, on a page of another origin: card and badge show there, a page does not."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import LazySettings
from django.test import override_settings
from playwright.sync_api import Browser, FrameLocator, Page
from pytest_django.live_server_helper import LiveServer

from pledges.models import Body, Case, Pledge
from tests.browser.test_pages import Watched
from tests.support import founding
from tests.support.every_page import UNBROKEN
from tests.support.founding import Founding, founding_case
from tests.support.records import make_pledge
from tracker.public.embeds.snippets import badge_snippet, card_snippet
from tracker.public.embeds.subjects import Embed

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = '<!doctype html><meta name="viewport" content="width=device-width"><title>Elsewhere</title>'


class Elsewhere:
    """Another site, with one page: a real server, for Chromium keeps made-up ones from this machine."""

    def __init__(self) -> None:
        self.html = ""
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}/"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(f"{PAGE}{site.html}".encode())

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
                """Say nothing."""

        return Handler

    def show(self, page: Page, html: str) -> FrameLocator:
        """Open a page that holds `html`, and return its frame."""
        self.html = html
        page.goto(self.url, wait_until="networkidle")
        return page.frame_locator("iframe")


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    site = Elsewhere()
    thread = Thread(target=site.server.serve_forever)
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture(autouse=True)
def site(live_server: LiveServer, settings: LazySettings) -> str:
    settings.TRACKER_SITE_URL = live_server.url
    return live_server.url


@pytest.fixture
def case() -> Founding:
    made = founding_case()
    founding.extend(made)
    return made


@pytest.fixture(params=[360, 1280])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 800})
    yield context.new_page()
    context.close()


def scrolls_aside(frame: FrameLocator) -> int:
    html = frame.locator("html")
    return int(html.evaluate("each => each.scrollWidth - each.clientWidth"))


@pytest.mark.parametrize("language", ["en", "ar"])
def test_cards_show_on_another_site_and_nothing_is_kept(
    page: Page, elsewhere: Elsewhere, case: Founding, language: str
) -> None:
    subjects: tuple[Pledge | Case | Body, ...] = (case.report, case.case, case.commission)
    with override_settings(LANGUAGE_CODE=language):
        for subject in subjects:
            frame = elsewhere.show(page, card_snippet(Embed(subject)))
            name = subject.name if isinstance(subject, Body) else subject.title
            assert frame.locator("h1").inner_text() == name
            assert frame.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
            assert scrolls_aside(frame) <= 0
            # The style sheet got through the policy of the frame.
            assert frame.locator("main").evaluate("each => getComputedStyle(each).borderTopStyle") == "solid"
    assert page.context.cookies() == []


def test_unbroken_words_do_not_widen_a_card(page: Page, elsewhere: Elsewhere, case: Founding) -> None:
    long = make_pledge(title=UNBROKEN[:190], quote=UNBROKEN, speaker=UNBROKEN[:190])
    assert scrolls_aside(elsewhere.show(page, card_snippet(Embed(long)))) <= 0


def test_a_link_opens_the_page_beside_the_site_that_shows_it(
    page: Page, elsewhere: Elsewhere, case: Founding, site: str
) -> None:
    frame = elsewhere.show(page, card_snippet(Embed(case.report)))
    with page.expect_popup() as opened:
        frame.get_by_role("link", name="The whole record").click()
    opened.value.wait_for_load_state()
    assert opened.value.url == f"{site}{case.report.get_absolute_url()}"
    assert opened.value.evaluate("window.opener") is None
    assert page.url == elsewhere.url


def test_we_are_not_told_where_it_stands(page: Page, elsewhere: Elsewhere, case: Founding, site: str) -> None:
    asked: dict[str, str | None] = {}
    page.on("request", lambda request: asked.update({request.url: request.header_value("referer")}))
    elsewhere.show(page, card_snippet(Embed(case.report)) + badge_snippet(Embed(case.report)))
    ours = {url: referrer for url, referrer in asked.items() if url.startswith(site)}
    assert len(ours) == 3
    assert set(ours.values()) == {None}


def test_a_badge_shows_on_another_site(page: Page, elsewhere: Elsewhere, case: Founding) -> None:
    subjects: tuple[Pledge | Case | Body, ...] = (case.report, case.trials, case.case, case.commission)
    elsewhere.show(page, "".join(badge_snippet(Embed(subject)) for subject in subjects))
    widths = [image.evaluate("each => each.naturalWidth") for image in page.locator("img").all()]
    assert len(widths) == 4
    assert min(widths) > 100


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_words_of_a_badge_fit(page: Page, case: Founding, site: str, language: str) -> None:
    with override_settings(LANGUAGE_CODE=language):
        for subject in (case.report, case.trials, case.case, case.commission):
            page.goto(f"{site}{subject.get_absolute_url()}badge.svg")
            spare = page.evaluate(
                """() => [...document.querySelectorAll('text')].map((text, at) =>
                document.querySelectorAll('rect')[at].getBBox().width - text.getComputedTextLength())"""
            )
            assert len(spare) == 2
            assert min(spare) >= 6, spare


def test_control_a_page_of_ours_is_refused_in_a_frame(
    page: Page, elsewhere: Elsewhere, case: Founding, site: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    for address in ("/", case.report.get_absolute_url(), "/admin/login/"):
        complaints.clear()
        elsewhere.show(page, f'<iframe src="{site}{address}"></iframe>')
        assert page.frames[-1].url.startswith("chrome-error:"), address
        assert [each for each in complaints if "frame-ancestors 'none'" in each], address


def test_what_is_not_public_says_so_in_its_frame(page: Page, elsewhere: Elsewhere, site: str) -> None:
    frame = elsewhere.show(page, f'<iframe src="{site}/pledges/SY-2025-9999/card/"></iframe>')
    assert "not public" in frame.locator("main").inner_text()


def test_what_to_paste_can_be_reached_and_taken(page: Page, case: Founding, site: str) -> None:
    for subject in (case.report, case.case, case.commission):
        watched = Watched(page, site)
        assert watched.visit(subject.get_absolute_url()) == []
        field = page.get_by_label("The card")
        assert not field.is_visible()
        page.get_by_text("Show this on another site").click()
        assert field.input_value() == card_snippet(Embed(subject))
        field.select_text()
        assert (
            page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        )
