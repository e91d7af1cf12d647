"""While Redis is away each page is made anew, and the proxy may still give it to a crowd."""

from typing import Any

import pytest
from django.test import Client

from tests.support.founding import founding_case
from tracker import edition

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_edition(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(edition, "believed", lambda: "")
    monkeypatch.setattr(edition, "current_with", lambda _key: ("", None))


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/ar/pledges/",
        "/pledges/?status=refused",
        "/corrections.atom",
        "/calendar.ics",
        "/data/pledges.csv",
        "/data/record.xlsx",
        "/share.png",
    ],
)
def test_a_page_may_be_given_again_for_as_long_as_ever(client: Client, address: str) -> None:
    founding_case()
    for method in (client.get, client.head):
        answer: Any = method(address)
        assert (answer.status_code, answer["Cache-Control"]) == (200, "public, max-age=10")
        # Workbooks are compressed already, for everybody.
        assert address.endswith(".xlsx") or answer["Vary"] == "Accept-Encoding"


def test_what_says_so_itself_keeps_its_own_time(client: Client) -> None:
    answer = client.get(f"{founding_case().report.get_absolute_url()}badge.svg")
    assert answer["Cache-Control"] == "public, max-age=150"


@pytest.mark.parametrize("address", ["/no-such-page/", "/follow/", "/healthz", "/admin/", "/data/x.csv"])
def test_nothing_else_may_be_given_again(client: Client, address: str) -> None:
    assert "public" not in client.get(address).get("Cache-Control", "")
