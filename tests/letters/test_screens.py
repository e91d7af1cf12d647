"""The sheet of paper, the list, what needs somebody, and who may see which."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from pledges.admin.needs import needs_of
from tests.support.records import make_user
from tracker.letters.models import Letter
from tracker.letters.writing import edit_letter

from .screens import LIST, add, do, page_of, seen, sheet, signed_in, text_of
from .support import NOW, answer, late_pledge, make_letter, send

pytestmark = pytest.mark.django_db
EVIL = "</textarea><script>alert(1)</script>"


def reader() -> Client:
    """Somebody who may look at letters and do nothing else."""
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=("view_letter", "view_pledge")))
    return signed_in(user)


# --- the sheet of paper


def test_the_sheet_is_the_letter_and_nothing_else(desk: Client, settings: Any) -> None:
    settings.TRACKER_SITE_NAME = "Justice Watch"
    letter = make_letter(language="ar", pledge=late_pledge(quote="A report <b>now</b>."))
    response = desk.get(sheet(letter))
    page = text_of(response)
    assert '<html lang="ar" dir="rtl">' in page
    assert "Justice Watch" in page
    assert letter.body.name in page
    assert "9 نيسان 2025" in page
    assert f"الموضوع: {letter.subject}" in page
    assert "<blockquote>" in page
    assert "A report &lt;b&gt;now&lt;/b&gt;." in page
    assert "<script" not in page
    assert "style=" not in page
    assert '<bdi dir="ltr">https://news.example/' in page
    policy = response["Content-Security-Policy"]
    assert "style-src 'self'" in policy
    assert "unsafe-inline" not in policy


def test_the_sheet_carries_the_day_of_sending_once_it_was_sent(at: Callable[[datetime], None]) -> None:
    letter = make_letter()
    later = NOW + timedelta(days=20)
    at(later)
    desk = signed_in(make_user())
    assert '<p class="day">29 April 2025</p>' in text_of(desk.get(sheet(letter)))
    send(letter, on=date(2025, 4, 11), now=later)
    assert '<p class="day">11 April 2025</p>' in text_of(desk.get(sheet(letter)))


# --- who may


def test_who_may_only_read_reads(desk: Client) -> None:
    letter = make_letter()
    client = reader()
    page = text_of(client.get(page_of(letter)))
    assert letter.text.splitlines()[0] in page
    assert "<textarea" not in page
    assert "Mark as sent" not in page
    assert client.get(sheet(letter)).status_code == 200
    assert client.post(page_of(letter), {"subject": "x", "text": "x"} | seen(letter)).status_code == 403
    assert client.post(do("sent", letter), seen(letter)).status_code == 403
    assert client.get(add(letter.pledge)).status_code == 403
    change = text_of(client.get(reverse("admin:pledges_pledge_change", args=[letter.pledge_id])))
    assert "Draft a letter" not in change
    assert "Letters (1)" in change


def test_staff_without_a_role_see_no_letter() -> None:
    letter = make_letter()
    stranger = signed_in(User.objects.create_user("stranger", is_staff=True))
    for url in (LIST, page_of(letter), sheet(letter), do("sent", letter), add(letter.pledge)):
        assert stranger.get(url).status_code == 403
    assert needs_of(stranger.get("/admin/").wsgi_request) == []
    anonymous = Client().get(sheet(letter))
    assert anonymous.status_code == 302


def test_nobody_deletes_a_letter() -> None:
    letter = make_letter()
    root = signed_in(User.objects.create_superuser("root"))
    assert root.get(f"{LIST}{letter.pk}/delete/").status_code == 403
    root.post(LIST, {"action": "delete_selected", "_selected_action": [letter.pk], "post": "yes"})
    assert Letter.objects.count() == 1


def test_what_was_typed_stays_text(desk: Client) -> None:
    letter = make_letter()
    edit_letter(letter=letter, subject=EVIL, text=EVIL)
    send(letter)
    answer(letter, reply_text=EVIL)
    for url in (page_of(letter), sheet(letter), LIST):
        assert "<script>alert" not in text_of(desk.get(url))


# --- the list and the index


def test_the_list_filters_and_searches(desk: Client) -> None:
    first, second = make_letter(language="fr"), send(make_letter(language="en"))

    def count(query: str) -> int:
        found: int = desk.get(LIST + query).context["cl"].result_count
        return found

    assert count("") == 2
    assert count("?state__exact=sent") == 1
    assert count("?language__exact=fr") == 1
    assert count(f"?body__id__exact={second.body_id}") == 1
    assert count(f"?q={first.pledge.reference}") == 1
    assert count("?q=nothing+like+it") == 0


def test_statements_of_the_list_do_not_grow(desk: Client) -> None:
    counts = []
    for more in (1, 10):
        for _ in range(more):
            make_letter()
        with CaptureQueriesContext(connection) as queries:
            desk.get(LIST)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize(("days", "unsent", "unanswered"), [(7, 0, 0), (8, 1, 0), (31, 1, 1)])
def test_what_waits_for_long_needs_somebody(
    at: Callable[[datetime], None], days: int, unsent: int, unanswered: int
) -> None:
    make_letter()
    send(make_letter())
    at(NOW + timedelta(days=days))
    desk = signed_in(make_user())
    needs = {need.title: need for need in needs_of(desk.get("/admin/").wsgi_request)}
    for title, count in (
        ("Letters drafted more than 7 days ago and not sent", unsent),
        ("Letters sent more than 30 days ago, without a reply", unanswered),
    ):
        assert (needs[title].count if title in needs else 0) == count
        if count:
            assert desk.get(needs[title].url).context["cl"].result_count == count
