"""Where there are more pledges than a page counts, it says so, and shows no figure that would be wrong."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges.models import Body, Case, Pledge
from tests.support.records import (
    make_draft,
    make_pledge,
    make_setting,
)
from tracker.public import tally as counting
from tracker.public.api import operations
from tracker.public.embeds import share
from tracker.public.embeds.words import count_words
from tracker.public.moment import Moment
from tracker.public.tally import Numbers, Tally, Total, numbers_of, tally, total, total_of, with_numbers

pytestmark = pytest.mark.django_db
MOST = 3
MICROSECOND = timedelta(microseconds=1)
TOO_MANY = "There are more than 3 pledges"


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    # The pages first: whoever imports them later would keep the small number.
    for module in ("views", "scorecard"):
        monkeypatch.setattr(f"tracker.public.{module}.MOST_COUNTED", MOST)
    monkeypatch.setattr(counting, "MOST_COUNTED", MOST)


@pytest.fixture
def short_pages(set_page_size: Callable[[int], None]) -> None:
    # What stands on one page is counted by it, however little else is.
    set_page_size(MOST)


@pytest.fixture
def make() -> Callable[[int], Pledge]:
    """Publish so many overdue pledges of one case and one body, and return the last."""
    shared = make_setting()

    def several(count: int) -> Pledge:
        made = [make_pledge(**shared) for _ in range(count)]
        return made[-1]

    return several


def text(client: Client, address: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))


@pytest.mark.parametrize(
    ("count", "expected"),
    [(0, Total(0)), (MOST - 1, Total(2)), (MOST, Total(3)), (MOST + 1, Total(3, is_capped=True))],
)
def test_a_count_stops_at_the_most(make: Callable[[int], Pledge], count: int, expected: Total) -> None:
    if count:
        make(count)
    rows = Pledge.objects.published()
    counts = tally(rows, Moment.read())
    assert total(rows) == total_of(counts, rows) == expected
    assert counts.is_capped == expected.is_capped
    assert counts.count() == (0 if expected.is_capped else count)


def test_a_part_of_too_many_is_counted_by_itself(make: Callable[[int], Pledge]) -> None:
    last = make(MOST + 1)
    rows = Pledge.objects.published()
    counts = tally(rows, Moment.read())
    assert total_of(counts, rows.filter(pk=last.pk), status="refused") == Total(1)
    assert not total_of(counts, rows.none(), status="refused")
    assert total_of(counts, rows, status="") == Total(MOST, is_capped=True)


def test_what_was_not_counted_is_not_read(make: Callable[[int], Pledge]) -> None:
    """The statement itself finds out that there are too many, before it groups any."""
    make(MOST)
    with CaptureQueriesContext(connection) as captured:
        assert tally(Pledge.objects.published(), Moment.read()).count() == MOST
    assert len(captured) == 1
    make(1)
    with CaptureQueriesContext(connection) as captured:
        assert tally(Pledge.objects.published(), Moment.read()) == Tally((), is_capped=True)
    assert len(captured) == 2


@pytest.mark.parametrize("language", ["", "/ar"])
def test_up_to_the_most_everything_is_counted(
    client: Client, make: Callable[[int], Pledge], language: str
) -> None:
    body = make(MOST).bodies.get()
    for address in ("/", "/pledges/", "/overdue/", body.get_absolute_url()):
        page = client.get(f"{language}{address}").content.decode()
        assert TOO_MANY not in page
        assert "More than" not in page
    assert 'class="count"' in client.get(f"{language}/pledges/").content.decode()


@pytest.mark.usefixtures("short_pages")
def test_beyond_it_each_page_says_so(client: Client, make: Callable[[int], Pledge]) -> None:
    body = make(MOST + 1).bodies.get()
    overview = text(client, "/")
    assert "More than 3 official pledges on record." in overview
    assert "More than 3 are overdue today." in overview
    assert TOO_MANY in overview
    assert "More than 3 overdue pledges" in text(client, "/overdue/")
    assert "More than 3 pledges" in text(client, "/pledges/")
    of_body = text(client, body.get_absolute_url())
    assert "More than 3 pledges" in of_body
    assert TOO_MANY in of_body
    assert "How this is counted" not in of_body


def test_what_stands_on_one_page_is_counted_all_the_same(
    client: Client, make: Callable[[int], Pledge]
) -> None:
    make(MOST + 1)
    for address in ("/pledges/", "/pledges/?timeliness=overdue", "/pledges/?order=due"):
        assert "4 pledges" in text(client, address)
        assert "More than" not in text(client, address)
    assert client.get("/api/v1/pledges").json()["total"] == {"number": 4, "is_capped": False}


@pytest.mark.usefixtures("short_pages")
def test_beyond_it_the_filters_are_there_without_figures(
    client: Client, make: Callable[[int], Pledge]
) -> None:
    make(MOST + 1)
    listed = client.get("/pledges/").content.decode()
    assert 'class="count"' not in listed
    assert 'class="share"' not in listed
    for choice in ("?status=refused", "?timeliness=overdue", "?action=report"):
        assert f'href="{choice}"' in listed
    assert "0 pledges" in text(client, "/pledges/?status=refused")
    assert "More than 3 pledges" in text(client, "/pledges/?timeliness=overdue")


def test_beyond_it_badge_card_and_picture_say_so(client: Client, make: Callable[[int], Pledge]) -> None:
    body = make(MOST + 1).bodies.get()
    for form in ("badge.svg", "card/"):
        shown = text(client, f"{body.get_absolute_url()}{form}")
        assert "More than 3 are overdue today." in shown
        assert "0 of 0" not in shown
    sheet = share.of_subject(body, Moment.read())
    assert sheet.state == "More than 3 are overdue today."


@pytest.mark.parametrize(
    ("late", "total", "words"),
    [
        (Total(0), Total(0), "0 of 0 overdue"),
        (Total(1), Total(2), "1 of 2 overdue"),
        (Total(2), Total(3, is_capped=True), "2 of more than 3 overdue"),
        (Total(3, is_capped=True), Total(3, is_capped=True), "More than 3 are overdue today."),
    ],
)
def test_a_count_says_what_was_not_counted(late: Total, total: Total, words: str) -> None:
    assert count_words(late, total) == words


@pytest.mark.parametrize(
    ("count", "expected"), [(MOST, ("3 pledges", "3")), (MOST + 1, ("More than 3 pledges", ""))]
)
def test_in_a_list_of_cases_or_bodies_each_is_counted_so_far(
    client: Client,
    make: Callable[[int], Pledge],
    monkeypatch: pytest.MonkeyPatch,
    count: int,
    expected: tuple[str, str],
) -> None:
    """How many of the others are overdue is not known, and not said."""
    monkeypatch.setattr("tracker.public.views.MOST_IN_ROW", MOST)
    monkeypatch.setattr(operations, "MOST_IN_ROW", MOST)
    make(count)
    pledges, late = expected
    for name in ("cases", "bodies"):
        page = text(client, f"/{name}/")
        row = page.partition(f"Syria · {pledges}")[2].partition("A record of what officials promised")[0]
        assert ("overdue" in row, f"· {late} overdue" in row) == (bool(late), bool(late)), page
        numbers = client.get(f"/api/v1/{name}").json()["items"][0]["numbers"]
        assert numbers == {"pledges": MOST, "is_capped": not late, "overdue": int(late) if late else None}
        slug = client.get(f"/api/v1/{name}").json()["items"][0]["slug"]
        whole = client.get(f"/api/v1/{name}/{slug}").json()["numbers"]
        assert whole == {"pledges": count, "is_capped": False, "overdue": count}


@pytest.mark.parametrize("language", ["", "/ar"])
@pytest.mark.parametrize(
    ("count", "expected"),
    [(1, ""), (2, "Search and filter its"), (MOST, "All 3"), (MOST + 1, "More than 3")],
)
def test_a_case_leads_to_all_of_its_pledges(
    client: Client,
    make: Callable[[int], Pledge],
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    count: int,
    expected: str,
) -> None:
    monkeypatch.setattr("tracker.public.views.CASE_ROWS", 2)
    case = make(count).case
    page = client.get(f"{language}{case.get_absolute_url()}").content.decode()
    assert (f'href="{language}/pledges/?case={case.slug}">' in page) == bool(expected)
    if expected and not language:
        assert f"{expected} pledges" in page
    assert ("at-a-glance" in page) == (count <= 2)


@pytest.mark.parametrize(("after", "late"), [(-MICROSECOND, 0), (0 * MICROSECOND, 2), (MICROSECOND, 2)])
def test_numbers_are_of_published_pledges_at_an_instant(
    make: Callable[[int], Pledge], after: timedelta, late: int
) -> None:
    pledge = make(2)
    body, lapse = pledge.bodies.get(), pledge.lapses_at
    assert lapse is not None
    make_draft(bodies=[body])
    make_pledge(bodies=[body], latest=date(2999, 1, 1))
    moment = replace(Moment.read(), now=lapse + after)
    bodies = with_numbers(Body.objects.filter(pk=body.pk), moment, 10)
    cases = with_numbers(Case.objects.filter(pledges=pledge.pk), moment, 10)
    assert numbers_of(bodies.get()) == Numbers(Total(3), late)
    assert numbers_of(cases.get()) == Numbers(Total(2), late)
