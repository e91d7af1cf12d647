"""Buttons that other apps add to the page of a pledge."""

import pytest
from django.http import HttpRequest
from django.test import Client

from pledges.admin import Tool, tool, tools
from pledges.models import Pledge
from tests.support.records import make_draft

from .support import change


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Two buttons of another app, one of which fits drafts alone; the pledges that it was asked about."""
    asked: list[str] = []
    monkeypatch.setattr(tools, "_OFFERED", [])

    @tool
    def always(request: HttpRequest, pledge: Pledge) -> Tool | None:
        asked.append(f"{request.user} {pledge.reference}")
        return Tool("Say <hello>", f"/elsewhere/?pledge={pledge.pk}")

    @tool
    def only_published(request: HttpRequest, pledge: Pledge) -> Tool | None:
        return Tool("Never", "/never/") if pledge.is_published else None

    return asked


def test_a_button_of_another_app_stands_on_the_page(desk: Client, offered: list[str]) -> None:
    draft = make_draft()
    page = desk.get(change(draft)).content.decode()
    assert f'<a href="/elsewhere/?pledge={draft.pk}">Say &lt;hello&gt;</a>' in page
    assert "Never" not in page
    assert offered == [f"amal {draft.reference}"]


def test_there_is_none_before_the_pledge_is(desk: Client, offered: list[str]) -> None:
    assert "Say &lt;hello&gt;" not in desk.get("/admin/pledges/pledge/add/").content.decode()
    assert offered == []
