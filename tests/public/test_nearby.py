"""What frequent words have is found wherever in a list it stands, by one statement that ends soon."""

import json
import re
from datetime import date, timedelta
from html import unescape
from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges.models import Pledge
from tests.support.records import NOON_4_APRIL, make_pledge, make_setting
from tracker.public import filters
from tracker.public.filters import Filters
from tracker.public.keyset import Page, page
from tracker.public.moment import Moment
from tracker.public.search import matching, nearby

pytestmark = pytest.mark.django_db
FIRST = date(2025, 1, 1)
MOMENT = Moment(
    now=NOON_4_APRIL, due_soon=timedelta(days=14), long_overdue=timedelta(days=30), stale=timedelta(days=90)
)


def publish(*words: str) -> None:
    """One pledge for each of the words, the newest first; two of a day, and one of three has a due date."""
    shared = make_setting()
    for number, word in enumerate(reversed(words)):
        latest = None if number % 3 else FIRST + timedelta(days=300 - number)
        made_on = FIRST + timedelta(days=number // 2)
        make_pledge(title=f"{word} {number}", made_on=made_on, latest=latest, **shared)


@pytest.fixture
def make_frequent(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Make every word a frequent one, of which so many are looked up, and so many of a list gone through."""

    def make(*, looked_up: int, near: int) -> None:
        monkeypatch.setattr(matching, "FREQUENT", 0)
        monkeypatch.setattr(filters, "FREQUENT", 0)
        monkeypatch.setattr(matching, "LOOKED_UP", looked_up)
        monkeypatch.setattr(nearby, "NEAR", near)

    return make


def read(asked: Filters, *, is_picked: bool, **place: str) -> Page[Pledge]:
    published = Pledge.objects.published()
    rows = asked.sortable(asked.apply(asked.apply_subject(published), MOMENT))
    pick = asked.pick(published, MOMENT) if is_picked else None
    assert bool(pick) == is_picked
    return page(rows, asked.keyset, load=asked.loaded, pick=pick, size=2, **place)


@pytest.mark.parametrize("where", ["HHHdddd", "ddddHHH", "HddddHH", "dddHHdd", "HHHHHHH"])
def test_it_is_what_going_through_the_whole_list_finds(make_frequent: Any, where: str) -> None:
    publish(*("harbour" if letter == "H" else "dull" for letter in where))
    for order, timeliness in product(("newest", "due"), ("", "no_date")):
        make_frequent(looked_up=50, near=50)
        asked = Filters(words="harbour", order=order, timeliness=timeliness)
        rows = asked.sortable(Pledge.objects.published())
        places = ["", *(asked.keyset.place_of(row) for row in rows)]
        stretches = [{side: place} for place in places for side in ("after", "before")]
        whole = [read(asked, is_picked=False, **stretch) for stretch in stretches]
        assert any(found.rows for found in whole)
        for looked_up, near in product((0, 50), (0, 2, 50)):
            make_frequent(looked_up=looked_up, near=near)
            again = Filters(words="harbour", order=order, timeliness=timeliness)
            assert [read(again, is_picked=True, **stretch) for stretch in stretches] == whole


@pytest.mark.parametrize(
    ("asked", "is_needed"),
    [
        (Filters(words="harbour"), True),
        (Filters(words="harbour", status="no_evidence"), True),
        (Filters(words="harbour", case="a-case"), False),
        (Filters(words="harbour", body="a-body"), False),
        (Filters(), False),
    ],
)
def test_only_frequent_words_of_the_whole_record_need_it(
    make_frequent: Any, asked: Filters, *, is_needed: bool
) -> None:
    publish("harbour")
    make_frequent(looked_up=0, near=1)
    assert bool(asked.pick(Pledge.objects.published(), MOMENT)) == is_needed


def test_rare_words_do_not_need_it() -> None:
    publish("harbour")
    assert Filters(words="harbour").pick(Pledge.objects.published(), MOMENT) is None


@pytest.mark.parametrize("looked_up", [0, 50])
def test_it_is_one_statement(make_frequent: Any, looked_up: int) -> None:
    publish("dull", "dull", "dull", "harbour")
    make_frequent(looked_up=looked_up, near=1)
    asked = Filters(words="harbour")
    assert asked.found.is_frequent
    with CaptureQueriesContext(connection) as queries:
        assert len(read(asked, is_picked=True).rows) == 1
    assert len(queries) == 3  # with the bodies and the deadlines of the page


def parts(plan: dict[str, Any]) -> Any:
    yield plan
    for part in plan.get("Plans", []):
        yield from parts(part)


@pytest.mark.postgresql
@pytest.mark.parametrize(("near", "is_enough"), [(50, True), (0, False)])
@pytest.mark.parametrize("looked_up", [0, 50])
def test_nothing_is_gathered_where_the_next_ones_fill_the_page(
    make_frequent: Any, looked_up: int, near: int, *, is_enough: bool
) -> None:
    publish(*["harbour"] * 9)
    make_frequent(looked_up=looked_up, near=near)
    with CaptureQueriesContext(connection) as queries:
        read(Filters(words="harbour"), is_picked=True)
    statement = next(query["sql"] for query in queries if "WITH near" in query["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}")
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    sorts = [part for part in parts(plan[0]["Plan"]) if "COALESCE" in str(part.get("Sort Key"))]
    assert [part["Actual Loops"] == 0 for part in sorts] == [is_enough]


@pytest.mark.parametrize("looked_up", [0, 50])
@pytest.mark.parametrize(
    ("count", "number", "is_capped"), [(1, 1, False), (25, 25, False), (26, 25, True), (51, 25, True)]
)
def test_with_another_filter_no_more_than_a_page_is_counted_on_any_page(
    client: Client, make_frequent: Any, count: int, number: int, looked_up: int, *, is_capped: bool
) -> None:
    publish(*["harbour"] * count)
    make_frequent(looked_up=looked_up, near=50)
    said = f"{'More than ' if is_capped else ''}{number} pledge{'s' if number > 1 else ''}"
    query, pages = "?words=harbour&status=no_evidence", 0
    while query:
        html = client.get(f"/pledges/{query}").content.decode()
        heading = html.partition('<h2 id="found">')[2].partition("</h2>")[0]
        assert heading.strip() == said
        query, pages = unescape("".join(re.findall(r'rel="next"\s+href="([^"]*)"', html))), pages + 1
    assert pages == 1 + (count - 1) // 25


@pytest.mark.parametrize("looked_up", [0, 50])
def test_the_interface_says_the_same_of_any_page(client: Client, make_frequent: Any, looked_up: int) -> None:
    publish("harbour", "harbour", "harbour")
    make_frequent(looked_up=looked_up, near=50)
    address = "/api/v1/pledges?words=harbour&status=no_evidence"
    for size, expected in ((2, (2, True)), (3, (3, False))):
        for place in ("", "&after=2000-01-01~A", "&before=9999-12-31~Z", "&after=9999-12-31~Z"):
            answer = client.get(f"{address}&size={size}{place}").json()
            assert (answer["total"]["number"], answer["total"]["is_capped"]) == expected, place


def test_a_page_that_is_known_is_not_counted(client: Client, make_frequent: Any) -> None:
    publish(*["harbour"] * 26)
    make_frequent(looked_up=50, near=50)
    with CaptureQueriesContext(connection) as queries:
        client.get("/pledges/?words=harbour&status=no_evidence")
    assert not [query["sql"] for query in queries if "COUNT(*) FROM (SELECT" in query["sql"]]
