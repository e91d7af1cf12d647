"""The list of pledges: what it shows, how it is narrowed, and at what cost."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Pledge
from tests.support import records
from tests.support.records import (
    make_body,
    make_case,
    make_draft,
    make_pledge,
    make_source,
    make_user,
)

from .conftest import signed_in
from .support import LIST

# The end of 8 April 2025 in Damascus (UTC+3), to the microsecond.
LAST_INSTANT = datetime(2025, 4, 8, 20, 59, 59, 999999, tzinfo=UTC)
LAPSE = datetime(2025, 4, 8, 21, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
EARLY = datetime(2025, 1, 5, 9, 0, tzinfo=UTC)
Clock = Callable[[datetime], None]


def listed(client: Client, **query: str) -> set[str]:
    response = client.get(LIST, query)
    assert response.status_code == 200
    return {pledge.title for pledge in response.context["cl"].result_list}


@pytest.fixture
def due_8_april(researcher: User) -> Pledge:
    return make_pledge(
        actor=researcher, now=EARLY, made_on=date(2025, 1, 5), latest=date(2025, 4, 8), phrase="", title="it"
    )


@pytest.mark.parametrize(
    ("now", "holds_for"),
    [
        (LAPSE - timedelta(days=14) - INSTANT, {"upcoming"}),
        (LAPSE - timedelta(days=14), {"due_soon"}),
        (LAST_INSTANT, {"due_soon"}),
        (LAPSE, {"overdue"}),
        (LAPSE + INSTANT, {"overdue"}),
        (LAPSE + timedelta(days=30) - INSTANT, {"overdue"}),
        (LAPSE + timedelta(days=30), {"overdue", "long_overdue"}),
    ],
)
def test_the_due_filter_changes_at_the_instant(
    researcher: User, at: Clock, due_8_april: Pledge, now: datetime, holds_for: set[str]
) -> None:
    at(now)
    desk = signed_in(researcher)
    values = ("overdue", "long_overdue", "due_soon", "upcoming", "undated", "met_on_time", "met_late")
    assert {value for value in values if listed(desk, due=value)} == holds_for


@pytest.mark.parametrize(
    ("zone", "lapse"),
    [
        ("Pacific/Auckland", datetime(2025, 4, 8, 12, 0, tzinfo=UTC)),
        ("America/Los_Angeles", datetime(2025, 4, 9, 7, 0, tzinfo=UTC)),
    ],
)
def test_a_day_ends_in_the_zone_of_the_pledge(
    desk: Client, at: Clock, researcher: User, zone: str, lapse: datetime
) -> None:
    make_pledge(
        actor=researcher,
        now=EARLY,
        made_on=date(2025, 1, 5),
        latest=date(2025, 4, 8),
        bodies=[make_body(actor=researcher, time_zone=zone)],
    )
    at(lapse - INSTANT)
    assert not listed(desk, due="overdue")
    assert "due today" in desk.get(LIST).content.decode()
    at(lapse)
    assert listed(desk, due="overdue")
    assert "1 day late" in desk.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (LAPSE - timedelta(days=2), "1 day left"),
        (LAST_INSTANT, "due today"),
        (LAPSE, "1 day late"),
        (LAPSE + timedelta(days=1), "2 days late"),
    ],
)
def test_days_late_and_left_are_said_in_words(
    desk: Client, at: Clock, due_8_april: Pledge, now: datetime, words: str
) -> None:
    at(now)
    assert words in desk.get(LIST).content.decode()


def test_pledges_without_a_date_and_fulfilled_ones(desk: Client, researcher: User) -> None:
    make_draft(actor=researcher, title="vague", latest=None)
    make_draft(
        actor=researcher,
        title="waits",
        deadline=record.DeadlineTerms(phrase="after the vote", no_date_reason="event_tied"),
    )
    for title, day in (("in time", date(2025, 4, 8)), ("late", date(2025, 4, 9))):
        pledge = make_pledge(actor=researcher, title=title, latest=date(2025, 4, 8), phrase="")
        records.judge(
            pledge=pledge,
            status="fulfilled",
            effective_on=day,
            reason="Done.",
            sources=[make_source(actor=researcher)],
            actor=researcher,
            now=datetime(2025, 4, 15, tzinfo=UTC),
        )
    assert listed(desk, due="undated") == {"vague", "waits"}
    assert listed(desk, due="awaiting_trigger") == {"waits"}
    assert listed(desk, due="met_on_time") == {"in time"}
    assert listed(desk, due="met_late") == {"late"}
    assert listed(desk, due="overdue") == set()
    assert listed(desk, due="nonsense") == {"vague", "waits", "in time", "late"}
    assert listed(desk, status__exact="fulfilled") == {"in time", "late"}


def test_whose_and_publication(review_desk: Client, reviewer: User, researcher: User) -> None:
    make_draft(actor=researcher, title="hers, draft")
    make_draft(actor=reviewer, title="mine, draft", assignee=reviewer)
    touched = make_draft(actor=researcher, title="hers, amended by me")
    record.amend_pledge(pledge=touched, changes={"note": "x"}, actor=reviewer, now=EARLY + timedelta(days=99))
    make_pledge(actor=researcher, title="public", assignee=researcher)
    assert listed(review_desk, publication="to_check") == {"hers, draft"}
    assert listed(review_desk, publication="draft") == {"hers, draft", "mine, draft", "hers, amended by me"}
    assert listed(review_desk, publication="not_public") == listed(review_desk, publication="draft")
    assert listed(review_desk, publication="published") == {"public"}
    assert listed(review_desk, whose="mine") == {"mine, draft"}
    assert listed(review_desk, whose="written") == {"mine, draft"}
    assert listed(review_desk, whose="nobody") == {"hers, draft", "hers, amended by me"}


def test_case_body_and_action(desk: Client, researcher: User) -> None:
    case, body = make_case(actor=researcher), make_body(actor=researcher)
    make_draft(actor=researcher, title="one", case=case, action="reform")
    make_draft(actor=researcher, title="two", bodies=[body])
    assert listed(desk, case__id__exact=str(case.pk)) == {"one"}
    assert listed(desk, bodies__id__exact=str(body.pk)) == {"two"}
    assert listed(desk, action__exact="reform") == {"one"}


@pytest.mark.parametrize(
    "words",
    ["SY-2025-0001", "Sweida", "تقرير مفصل", "detailed", "Ministry of Rain", "Coastal", "Gazette", "/0815"],
)
def test_search_reaches_words_body_case_and_source(desk: Client, researcher: User, words: str) -> None:
    make_draft(
        actor=researcher,
        title="Report on Sweida",
        quote="سننشر تقرير مفصل",
        quote_translation="a detailed report",
        bodies=[make_body(actor=researcher, name="Ministry of Rain"), make_body(actor=researcher)],
        case=make_case(actor=researcher, title="Coastal towns"),
        source=make_source(actor=researcher, publisher="Gazette", url="https://news.example/0815"),
    )
    make_draft(actor=researcher, title="Another", quote="other words")
    response = desk.get(LIST, {"q": words})
    assert [pledge.title for pledge in response.context["cl"].result_list] == ["Report on Sweida"]


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def grow(total: int, **fields: Any) -> None:
    researcher = make_user()
    while Pledge.objects.count() < total:
        number = Pledge.objects.count()
        bodies = [make_body(actor=researcher), make_body(actor=researcher)]
        make_draft(actor=researcher, bodies=bodies, assignee=make_user(), title=f"t{number}", **fields)


@pytest.mark.parametrize(
    "path", [LIST, LIST + "?due=overdue", LIST + "?q=detailed", "/admin/", "/admin/pledges/event/"]
)
def test_the_cost_does_not_grow_with_the_rows(review_desk: Client, path: str) -> None:
    grow(3, latest=date(2025, 4, 8))
    review_desk.get(path)
    few = queries(review_desk, path)
    grow(40, latest=date(2025, 4, 8))
    assert queries(review_desk, path) == few


def test_the_page_of_a_pledge_costs_the_same_however_long_its_story(desk: Client, researcher: User) -> None:
    pledge = make_pledge(actor=researcher)
    url = f"{LIST}{pledge.pk}/change/"

    def tell(count: int) -> None:
        for number in range(count):
            record.add_update(
                pledge=pledge,
                kind="note",
                happened_on=date(2025, 4, 5),
                text=f"fact {number}",
                sources=[make_source(actor=researcher)],
                actor=researcher,
                now=datetime(2025, 4, 6, tzinfo=UTC),
            )

    tell(2)
    desk.get(url)
    few = queries(desk, url)
    tell(20)
    assert queries(desk, url) == few
