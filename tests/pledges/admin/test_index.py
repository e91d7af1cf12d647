"""What needs somebody, first thing on the index."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pledges.admin.needs import needs_of
from tests.support.records import make_draft, make_pledge, make_user
from tracker.health.beats import beat
from tracker.health.models import Heartbeat, Part

from .conftest import NOW, signed_in


@pytest.fixture(autouse=True)
def watch_that_works(db: None) -> None:
    for part in Part:
        beat(part, now=NOW)


def titles(client: Client) -> dict[str, int]:
    request = client.get("/admin/").wsgi_request
    return {need.title: need.count for need in needs_of(request)}


def test_a_quiet_day(desk: Client) -> None:
    assert titles(desk) == {}
    assert "Nothing right now." in desk.get("/admin/").content.decode()


def test_each_sees_what_needs_them(
    desk: Client, review_desk: Client, researcher: User, reviewer: User
) -> None:
    # It is 20 April 2025, noon UTC.
    make_pledge(actor=researcher, latest=date(2025, 4, 8), phrase="", title="Late one")
    make_pledge(actor=researcher, latest=date(2025, 4, 20), phrase="", title="Due today")
    make_pledge(actor=researcher, latest=date(2025, 5, 4), title="Out of sight")
    make_draft(actor=researcher, latest=None, title="To be checked")
    make_draft(actor=reviewer, latest=None, title="By the reviewer")
    assert titles(desk) == {
        "Overdue": 1,
        "Due in the next 14 days": 1,
        "Your drafts, waiting for a reviewer": 1,
    }
    assert titles(review_desk) == {
        "Overdue": 1,
        "Due in the next 14 days": 1,
        "Drafts by others, to check": 1,
        "Your drafts, waiting for a reviewer": 1,
    }
    page = review_desk.get("/admin/").content.decode()
    assert "Late one" in page
    assert "12 days late" in page
    assert "To be checked" in page
    assert "Out of sight" not in page


def test_the_links_lead_to_exactly_what_was_counted(
    review_desk: Client, researcher: User, reviewer: User
) -> None:
    make_pledge(actor=researcher, latest=date(2025, 4, 8), phrase="")
    make_draft(actor=researcher, latest=date(2025, 4, 8), phrase="")
    make_draft(actor=reviewer, latest=date(2025, 4, 25), phrase="")
    request = review_desk.get("/admin/").wsgi_request
    needs = needs_of(request)
    assert len(needs) == 4
    for need in needs:
        assert review_desk.get(need.url).context["cl"].result_count == need.count, need.title


def test_staff_without_a_role_are_told_nothing(researcher: User, at: object) -> None:
    make_pledge(actor=researcher, latest=date(2025, 4, 8), phrase="")
    stranger = make_user(username="stranger")
    stranger.groups.clear()
    assert titles(signed_in(stranger)) == {}


def test_it_says_when_deadlines_were_last_checked(desk: Client) -> None:
    assert "Deadlines last checked: 20 April 2025, 12:00 UTC" in desk.get("/admin/").content.decode()


def test_a_late_watch_needs_somebody_first(desk: Client, researcher: User) -> None:
    Heartbeat.objects.filter(name=Part.WORKER).update(last_at=NOW - timedelta(days=1))
    make_draft(actor=researcher, latest=None)
    assert list(titles(desk).items()) == [
        ("The watch is late", 1),
        ("Your drafts, waiting for a reviewer", 1),
    ]
    page = desk.get("/admin/").content.decode()
    assert "Worker and its schedule" in page
    assert "since 19 April 2025, 12:00 UTC" in page
