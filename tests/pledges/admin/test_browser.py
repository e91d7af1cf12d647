"""A researcher in a real browser: everything on one page, nothing lost, nothing sideways."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from pledges.models import Pledge
from tests.support.records import make_draft, make_reviewer, make_user

from .support import ADD, LIST, change, verb

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a-long-enough-one"
ARABIC = "سننشر تقريراً مفصلاً عن أحداث الساحل خلال شهر من تاريخ صدور القرار " * 6


def sign_in(page: "Page", live_server: LiveServer, username: str) -> None:
    page.goto(f"{live_server.url}/admin/login/")
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    page.click("[type=submit]")
    page.wait_for_url(f"{live_server.url}/admin/")


def add_in_pop_up(page: "Page", name: str, values: dict[str, str]) -> None:
    """Press the plus beside a field, fill in the window that opens, and save it."""
    with page.expect_popup() as opened:
        page.click(f"#add_id_{name}")
    popup = opened.value
    for field, value in values.items():
        target = popup.locator(f"#id_{field}")
        if target.evaluate("node => node.tagName") == "SELECT":
            target.select_option(value)
        else:
            target.fill(value)
    with popup.expect_event("close"):
        popup.click("[name=_save]")


def chosen(page: "Page", name: str) -> "Locator":
    return page.locator(f"#id_{name} + .select2-container")


def test_body_case_source_and_pledge_on_one_page(page: "Page", live_server: LiveServer) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    make_user(username="amal", password=PASSWORD)
    sign_in(page, live_server, "amal")
    page.goto(live_server.url + ADD)
    page.fill("#id_title", "Release a detailed report")
    page.fill("#id_quote", ARABIC)
    page.select_option("#id_quote_language", "ar")
    add_in_pop_up(
        page, "bodies", {"name": "وزارة العدل", "kind": "ministry", "country": "SY", "slug": "moj-sy"}
    )
    add_in_pop_up(page, "case", {"title": "Violence on the coast", "country": "SY"})
    add_in_pop_up(page, "source", {"url": "https://news.example/1", "title": "The answer"})
    assert "وزارة العدل" in chosen(page, "bodies").inner_text()
    assert "The answer" in chosen(page, "source").inner_text()
    page.select_option("#id_action", "report")
    page.fill("#id_made_on", "2025-04-04")
    page.fill("#id_phrase", "خلال شهر")
    page.click("[name=_save]")

    # Once more, with the date that the words give; nothing that was typed is gone.
    assert "4 May 2025, end of day in Damascus" in page.locator(".field-latest .errorlist").inner_text()
    assert page.input_value("#id_latest") == "2025-05-04"
    page.wait_for_function("document.activeElement.id === 'id_latest'")
    expect(page.locator(".field-latest .errorlist")).to_be_in_viewport()
    assert page.input_value("#id_quote") == ARABIC
    assert "Violence on the coast" in chosen(page, "case").inner_text()
    page.click("[name=_save]")
    page.wait_for_url(live_server.url + LIST)

    pledge = Pledge.objects.get()
    assert pledge.reference in page.locator(".messagelist").inner_text()
    assert pledge.quote == ARABIC.strip()
    assert [body.slug for body in pledge.bodies.all()] == ["moj-sy"]
    assert pledge.created_by == pledge.assignee
    assert pledge.current_deadline is not None
    assert str(pledge.current_deadline.latest) == "2025-05-04"
    assert complaints == []


def test_a_double_click_publishes_once(page: "Page", live_server: LiveServer) -> None:
    draft = make_draft()
    make_reviewer(username="rana", password=PASSWORD)
    sign_in(page, live_server, "rana")
    page.goto(live_server.url + change(draft))
    page.get_by_role("link", name="Publish", exact=True).click()
    page.locator("#verb_form [type=submit]").dblclick()
    page.wait_for_url(live_server.url + change(draft))
    assert "is published" in page.locator(".messagelist").inner_text()
    assert draft.events.filter(kind="published").count() == 1


def test_choosing_in_a_drop_down_filter_narrows_the_list(page: "Page", live_server: LiveServer) -> None:
    wanted = make_draft(title="Wanted")
    make_draft(title="Unwanted")
    make_user(username="amal", password=PASSWORD)
    sign_in(page, live_server, "amal")
    page.goto(live_server.url + LIST)
    page.locator("select.filter-select").first.select_option(label=wanted.case.title)
    page.wait_for_url("**case__id__exact=**")
    assert page.locator("#result_list tbody tr").count() == 1
    assert "Wanted" in page.locator("#result_list tbody").inner_text()


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_scrolls_sideways(
    page: "Page", live_server: LiveServer, settings: object, language: str, width: int
) -> None:
    settings.LANGUAGE_CODE = language  # type: ignore[attr-defined]  # pytest-django's wrapper
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": width, "height": 800})
    draft = make_draft(quote=ARABIC * 5, quote_language="ar", title="A" * 200)
    make_reviewer(username="rana", password=PASSWORD)
    sign_in(page, live_server, "rana")
    paths = ["/admin/", LIST, ADD, change(draft), "/admin/pledges/event/", "/admin/pledges/body/add/"]
    for path in [*paths, *(verb(name, draft) for name in ("extend", "assess", "publish", "add_update"))]:
        page.goto(live_server.url + path)
        root = "document.documentElement"
        assert page.evaluate(f"{root}.dir") == ("rtl" if language == "ar" else "ltr"), path
        assert page.evaluate(f"{root}.scrollWidth <= {root}.clientWidth"), path
    assert complaints == []
