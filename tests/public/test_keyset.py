"""A page of a list begins after the last row of another, and stays right while rows come and go."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from pledges import record
from pledges.models import Case, Pledge
from pledges.models.pledge_query import PledgeQuerySet
from tests.support.records import (
    NOON_4_APRIL,
    make_body,
    make_case,
    make_pledge,
    make_reviewer,
    make_setting,
    make_user,
)
from tracker.public.keyset import (
    DUE,
    MOST_LATE,
    NEWEST,
    Order,
    PlaceError,
    Stretch,
    instant,
    number,
    page,
    pick_from,
)
from tracker.public.standing import with_standing

pytestmark = pytest.mark.django_db
BY_TITLE = Order(first="title", second="slug", read=str)


def make_on(*days: date | None) -> None:
    """Pledges of one statement, due on these days."""
    shared = make_setting()
    for day in days:
        make_pledge(latest=day, **shared)


def loaded(pledges: PledgeQuerySet) -> PledgeQuerySet:
    return with_standing(pledges).with_due_at()


def walk(order: Order, size: int, *, backwards: bool = False) -> list[str]:
    """Return all references by following the links from one end to the other."""
    rows = Pledge.objects.published().with_due_at()
    seen: list[str] = []
    place = ""
    if backwards:
        last = walk(order, size)[-1]
        place = order.place_of(rows.get(reference=last))
        seen = [last]
    while True:
        before, after = (place, "") if backwards else ("", place)
        found = page(rows, order, size=size, before=before, after=after)
        references = [row.reference for row in found]
        seen = [*references, *seen] if backwards else [*seen, *references]
        place = found.before if backwards else found.after
        if not place:
            return seen


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
@pytest.mark.parametrize("order", [NEWEST, DUE], ids=["newest", "due"])
def test_all_rows_once_in_both_directions(order: Order, size: int) -> None:
    make_on(
        date(2025, 5, 4), date(2025, 5, 4), None, date(2025, 5, 3), date(2025, 5, 5), None, date(2025, 5, 4)
    )
    whole = [row.reference for row in order.sort(Pledge.objects.published().with_due_at())]
    assert walk(order, size) == whole
    assert walk(order, size, backwards=True) == whole


def test_what_has_no_date_comes_last() -> None:
    make_on(None, date(2025, 5, 4), None)
    rows = DUE.sort(Pledge.objects.published().with_due_at())
    assert [row.lapses_at is None for row in rows] == [False, True, True]


def test_links_are_there_only_where_they_lead_somewhere() -> None:
    make_on(*[date(2025, 5, 4)] * 3)
    rows = Pledge.objects.published()
    first = page(rows, NEWEST, size=2)
    assert (first.before, bool(first.after)) == ("", True)
    second = page(rows, NEWEST, size=2, after=first.after)
    assert (bool(second.before), second.after) == (True, "")
    again = page(rows, NEWEST, size=2, before=second.before)
    assert (again.rows, again.before, again.after) == (first.rows, "", first.after)
    whole = page(rows, NEWEST, size=3)
    assert (whole.before, whole.after) == ("", "")
    nothing = page(rows.none(), NEWEST)
    assert (nothing.rows, nothing.before, nothing.after) == ([], "", "")


def test_a_place_stays_when_its_row_is_gone_and_new_rows_come() -> None:
    make_on(*[date(2025, 5, 4)] * 4)
    rows = Pledge.objects.published()
    first = page(rows, NEWEST, size=2)
    following = page(rows, NEWEST, size=2, after=first.after).rows
    record.unpublish(pledge=first.rows[-1], reason="Asked.", actor=make_reviewer(), now=NOON_4_APRIL)
    make_on(date(2025, 5, 4))
    assert page(rows, NEWEST, size=2, after=first.after).rows == following


def test_a_title_may_hold_what_separates() -> None:
    author = make_user()
    for title in ("a~b", "a", "a~b~c", "~"):
        make_pledge(case=make_case(actor=author, title=title, slug=f"case-{len(title)}-{title.count('~')}"))
    rows, seen, place = Case.objects.published(), [], ""
    while True:
        found = page(rows, BY_TITLE, size=1, after=place)
        seen += [case.title for case in found]
        place = found.after
        if not place:
            break
    assert sorted(seen) == ["a", "a~b", "a~b~c", "~"]


@pytest.mark.parametrize(
    ("order", "place"),
    [
        (NEWEST, "x"),
        (NEWEST, "2025-04-04"),
        (NEWEST, "yesterday~SY-2025-0001"),
        (NEWEST, "2025-02-30~SY-2025-0001"),
        (NEWEST, "2025-04-04~SY\0"),
        (DUE, "2025-04-04T00:00:00~SY-2025-0001"),
        (MOST_LATE, "~"),
        (DUE, "0001-01-01T00:00:00+14:00~SY-2025-0001"),
        (DUE, "9999-12-31T23:59:59-14:00~SY-2025-0001"),
    ],
)
def test_what_is_no_place_is_refused(order: Order, place: str) -> None:
    with pytest.raises(PlaceError):
        page(Pledge.objects.published().with_due_at(), order, after=place)
    with pytest.raises(PlaceError):
        page(Pledge.objects.published().with_due_at(), order, before=place)


@pytest.mark.parametrize(
    ("place", "backwards", "expected"),
    [
        # Two and whatever shares the day of the second; of the day of the place all, before it or not.
        ("", False, [5, 4, 3]),
        ("2025-04-05~x", False, [5, 4, 3]),
        ("2025-04-04~x", False, [4, 3, 2, 1]),
        ("2025-04-02~x", False, [1]),
        ("2025-04-01~x", False, []),
        ("2025-04-02~x", True, [4, 3, 2, 1]),
        ("2025-04-05~x", True, [5]),
        ("2025-04-06~x", True, []),
    ],
)
def test_rows_at_hand_that_share_a_day_come_together(
    place: str, backwards: bool, expected: list[int]
) -> None:
    rows = [(date(2025, 4, day), key) for key, day in ((5, 5), (4, 4), (3, 4), (2, 3), (1, 2))]
    stretch = Stretch(order=NEWEST, place=place, backwards=backwards)
    assert pick_from(rows)(stretch, 2) == expected


@pytest.mark.parametrize("order", [NEWEST, DUE], ids=["newest", "due"])
def test_rows_at_hand_know_what_is_no_place_too(order: Order) -> None:
    with pytest.raises(PlaceError):
        pick_from([])(Stretch(order=order, place="nowhere"), 1)


@pytest.mark.parametrize("text", ["", "-1", "1.0", "²", "1" * 16, "x"])
def test_a_number_that_no_row_has_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        number(text)


def test_an_instant_is_the_same_in_another_zone() -> None:
    there = timezone(timedelta(hours=14))
    now = datetime(2025, 4, 4, 12, 0, 0, 1, tzinfo=UTC)
    assert instant(now.isoformat()) == instant(now.astimezone(there).isoformat()) == now
    with pytest.raises(ValueError, match="2025"):
        instant("2025-04-04T12:00:00")


def test_a_page_is_one_statement_and_begins_within_the_index() -> None:
    make_on(*[date(2025, 5, 4)] * 4)
    place = page(Pledge.objects.published(), NEWEST, size=2).after
    with CaptureQueriesContext(connection) as captured:
        page(Pledge.objects.published(), NEWEST, size=2, after=place)
    assert len(captured) == 1
    sql = captured[0]["sql"]
    assert "OFFSET" not in sql
    assert "<=" in sql


class AnyPlace(TestCase):
    @given(st.text(max_size=80))
    @settings(max_examples=200)
    def test_no_place_breaks_a_page(self, place: str) -> None:
        for order in (NEWEST, DUE):
            try:
                page(Pledge.objects.published().with_due_at(), order, after=place)
            except PlaceError:
                continue


@pytest.mark.parametrize("order", [NEWEST, DUE])
def test_what_is_loaded_with_a_page_changes_nothing_of_it(order: Order) -> None:
    make_on(date(2025, 5, 4), None, date(2025, 5, 4), date(2025, 5, 1), date(2025, 6, 1))
    body = make_body(actor=make_user(), name="Another body")
    for pledge in Pledge.objects.all():
        pledge.bodies.add(body)
    # Each stands in the join as often as it has bodies.
    rows = Pledge.objects.published().with_due_at().filter(bodies__country="SY").distinct()
    places = ["", *(order.place_of(row) for row in order.sort(rows))]
    for place in places:
        for where in ("after", "before"):
            asked = {"after": "", "before": "", where: place}
            plain = page(rows, order, size=2, after=asked["after"], before=asked["before"])
            whole = page(rows, order, load=loaded, size=2, after=asked["after"], before=asked["before"])
            assert whole == plain
            at_hand = pick_from([(getattr(row, order.first), row.pk) for row in rows])
            picked = page(
                rows, order, load=loaded, pick=at_hand, size=2, after=asked["after"], before=asked["before"]
            )
            assert picked == plain
    with CaptureQueriesContext(connection) as queries:
        assert [row.case.title for row in page(rows, order, load=loaded)]
    assert len(queries) == 3
