"""The drawn time line: which days it shows, where they stand, and that nothing covers anything else."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from django.test import Client, override_settings
from django.utils import translation

from pledges.readings import Lateness
from tests.support import founding
from tests.support.founding import founding_case
from tracker.public.timeline_days import Day, DayKind
from tracker.public.timeline_svg import APART, EDGE, LEVEL_HEIGHT, NARROWEST, Drawing, draw, levels

SAID = date(2025, 3, 1)


def late(first: date | None, current: date | None, until: date | None) -> Lateness:
    return Lateness(first=first, current=current, moves=int(first != current), until=until)


def drawn(*days: date, times: Lateness | None = None, is_mirrored: bool = False) -> Drawing:
    shown = [Day(DayKind.SAID, days[0], "Promised"), *(Day(DayKind.MOVED, day, "Moved") for day in days[1:])]
    return draw(shown, times or late(None, None, None), is_mirrored=is_mirrored)


@pytest.mark.parametrize("span", [0, 1, 2, 30, 365, 366, 30 * 365])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_days_stand_in_their_order_and_within_the_drawing(span: int, is_mirrored: bool) -> None:
    on = [SAID + timedelta(days=share * span // 4) for share in range(5)]
    marks = drawn(*on, is_mirrored=is_mirrored).marks
    places = [mark.place for mark in marks]
    assert places == sorted(places, reverse=is_mirrored)
    assert all(EDGE <= place <= 100 - EDGE for place in places)
    assert [mark.number for mark in marks] == [1, 2, 3, 4, 5]


def test_half_of_the_time_is_half_of_the_axis_and_the_mirror_turns_it() -> None:
    on = (SAID, SAID + timedelta(days=25), SAID + timedelta(days=100))
    assert [mark.x for mark in drawn(*on).marks] == ["5.00%", "27.50%", "95.00%"]
    assert [mark.x for mark in drawn(*on, is_mirrored=True).marks] == ["95.00%", "72.50%", "5.00%"]


def test_a_life_of_one_day_stands_in_the_middle() -> None:
    assert [(mark.x, mark.level) for mark in drawn(SAID, SAID, SAID).marks] == [
        ("50.00%", 0),
        ("50.00%", 1),
        ("50.00%", 2),
    ]


NEAR = APART * 100 / NARROWEST


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([5.0], [0]),
        ([5.0, 95.0], [0, 0]),
        ([5.0, 5.0 + NEAR * 0.99], [0, 1]),
        ([5.0, 5.0 + NEAR * 1.01], [0, 0]),
        ([5.0, 5.0, 5.0, 95.0], [0, 1, 2, 0]),
        # The third is clear of the first and falls back to the axis.
        ([5.0, 10.0, 5.0 + NEAR * 1.01], [0, 1, 0]),
        ([95.0, 95.0, 5.0], [0, 1, 0]),
    ],
)
def test_marks_that_would_touch_stand_on_different_levels(places: list[float], expected: list[int]) -> None:
    assert levels(places) == expected


@pytest.mark.parametrize("gap", [0, 1, 5, 20, 40, 400])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_no_mark_covers_another_on_the_narrowest_page(gap: int, is_mirrored: bool) -> None:
    on = [SAID + timedelta(days=gap * n) for n in range(12)] + [date(2055, 3, 1)]
    marks = drawn(*on, is_mirrored=is_mirrored).marks
    for one in marks:
        for other in marks[: one.number - 1]:
            aside = abs(one.place - other.place) * NARROWEST / 100
            assert aside >= APART or abs(one.rise - other.rise) >= LEVEL_HEIGHT, (one, other)


def test_the_drawing_is_as_high_as_its_highest_mark() -> None:
    low, high = drawn(SAID, date(2025, 9, 1)), drawn(SAID, SAID, SAID, date(2025, 9, 1))
    assert high.height - low.height == 2 * LEVEL_HEIGHT
    assert all(mark.rise < high.axis_y for mark in high.marks)


D1, D2, D3, D4 = SAID, date(2025, 4, 1), date(2025, 5, 1), date(2025, 6, 1)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        # not due yet; due on the very day; late
        (late(D3, D3, D2), [("given", D1, D3)]),
        (late(D3, D3, D3), [("given", D1, D3)]),
        (late(D3, D3, D4), [("given", D1, D3), ("late", D3, D4)]),
        # moved on: in time by the last date, late by it too
        (late(D2, D4, D3), [("given", D1, D2), ("moved", D2, D4)]),
        (late(D2, D3, D4), [("given", D1, D2), ("moved", D2, D3), ("late", D3, D4)]),
        # brought forward: nothing was added
        (late(D3, D2, D4), [("given", D1, D2), ("late", D2, D4)]),
        # closed: no longer counted
        (late(D2, D2, None), [("given", D1, D2)]),
        (late(D2, D3, None), [("given", D1, D2), ("moved", D2, D3)]),
        # without a date, ever or any more
        (late(None, None, D4), [("open", D1, D4)]),
        (late(D2, None, D4), [("given", D1, D2), ("open", D2, D4)]),
    ],
)
def test_the_periods_are_told_apart(times: Lateness, expected: list[tuple[str, date, date]]) -> None:
    shown = drawn(D1, D2, D3, D4, times=times)
    places = {mark.day.on: mark.place for mark in shown.marks}
    found = [(period.kind.value, period.first, period.last) for period in shown.periods]
    assert found == [(kind, places[first], places[last]) for kind, first, last in expected]


def test_a_period_mirrored_keeps_its_width_and_lies_within() -> None:
    times = late(D2, D3, D4)
    plain, turned = drawn(D1, D4, times=times), drawn(D1, D4, times=times, is_mirrored=True)
    assert [period.width for period in plain.periods] == [period.width for period in turned.periods]
    assert all(float(period.x[:-1]) >= EDGE for period in turned.periods)


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_the_label_of_lateness_begins_where_it_has_room(is_mirrored: bool) -> None:
    """Text is tied to the start of what is late in the first half of the axis, to its end in the second."""
    early = drawn(D1, date(2035, 1, 1), times=late(D2, D2, D4), is_mirrored=is_mirrored).periods[-1]
    towards_end = drawn(D1, D4, times=late(D3, D3, D4), is_mirrored=is_mirrored).periods[-1]
    assert (early.kind, early.anchor) == ("late", "start")
    assert (towards_end.kind, towards_end.anchor) == ("late", "end")
    assert early.label == "61 days late"
    assert towards_end.label_x == ("5.00%" if is_mirrored else "95.00%")


@pytest.mark.parametrize(
    ("last", "years"),
    [
        (date(2025, 12, 31), []),
        (date(2026, 1, 1), [2026]),
        (date(2031, 6, 1), [2026, 2027, 2028, 2029, 2030, 2031]),
        (date(2032, 6, 1), [2026, 2028, 2030, 2032]),
        (date(2055, 3, 1), [2030, 2035, 2040, 2045, 2050, 2055]),
    ],
)
def test_years_are_marked_as_closely_as_they_can_be_read(last: date, years: list[int]) -> None:
    ticks = drawn(SAID, last).ticks
    assert [tick.year for tick in ticks] == [date(year, 1, 1) for year in years]
    for one, other in pairwise(ticks):
        assert (other.place - one.place) * NARROWEST / 100 > 30


@pytest.mark.django_db
def test_the_page_draws_it_and_says_the_same_in_words(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    page = client.get(case.report.get_absolute_url()).content.decode()
    assert 'role="img"' in page
    assert "3: Extended, 10 April 2025, +93 days." in page
    assert ' style="' not in page


@pytest.mark.django_db
def test_in_arabic_time_flows_from_right_to_left_and_numbers_stay_attributes(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    with override_settings(LANGUAGE_CODE="ar"), translation.override("ar"):
        page = client.get(case.report.get_absolute_url()).content.decode()
    assert '<line class="axis" x1="95.00%" x2="5.00%" />' in page
    assert "%٫" not in page
