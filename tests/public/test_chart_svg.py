"""The chart of outcomes by year: nothing is lost, nothing overlaps, and the table says the same."""

import re
from collections import Counter
from itertools import pairwise

import pytest
from django.test import Client

from tests.support import founding
from tests.support.founding import founding_case
from tracker.public.chart_svg import HEIGHT, LEGIBLE, MOST_COLUMNS, TOP, Chart, chart, window
from tracker.public.outcomes import Outcome

Counts = dict[int | None, Counter[Outcome]]


def counted(**by_year: int) -> Counts:
    """Counts of overdue pledges: y2025=3."""
    return {int(year[1:]): Counter({Outcome.OVERDUE: count}) for year, count in by_year.items()}


def drawn(counts: Counts, *, is_mirrored: bool = False) -> Chart:
    return chart(counts, this_year=2026, is_mirrored=is_mirrored)


@pytest.mark.parametrize(
    ("years", "first", "last"),
    [
        ([2026], 2026, 2026),
        ([2020, 2026], 2020, 2026),
        ([2019, 2026], 2020, 2026),
        # far ahead: not before the past has its place
        ([2024, 2028], 2024, 2028),
        ([2024, 2029], 2024, 2028),
        ([1995, 2060], 2022, 2028),
        ([2040, 2060], 2040, 2040),
        ([1990, 1991], 1990, 1991),
    ],
)
def test_the_years_with_a_column_of_their_own(years: list[int], first: int, last: int) -> None:
    found = window(years, 2026)
    assert (found[0], found[-1]) == (first, last)
    assert len(found) <= MOST_COLUMNS


def test_without_a_date_there_is_no_column_but_the_number_is_told() -> None:
    found = drawn({None: Counter({Outcome.UNDATED: 3, Outcome.UNTIMED: 1})})
    assert (found.columns, found.undated) == ((), 4)
    assert [(row.outcome, row.undated, row.is_drawn) for row in found.series] == [
        (Outcome.UNTIMED, 1, False),
        (Outcome.UNDATED, 3, False),
    ]


def test_an_empty_record_draws_nothing() -> None:
    found = drawn({})
    assert (found.columns, found.series, found.undated) == ((), (), 0)


def test_years_outside_are_folded_into_the_ends_and_named_so() -> None:
    found = drawn(counted(y1995=1, y2020=2, y2022=3, y2025=4, y2028=5, y2060=6))
    assert [(column.name, column.words, column.total) for column in found.columns] == [
        ("≤ 2022", "2022 and before", 6),
        ("2023", "2023", 0),
        ("2024", "2024", 0),
        ("2025", "2025", 4),
        ("2026", "2026", 0),
        ("2027", "2027", 0),
        ("≥ 2028", "2028 and after", 11),
    ]


MANY: Counts = {
    2024: Counter({Outcome.IN_TIME: 1, Outcome.LATE: 1, Outcome.OVERDUE: 1}),
    2025: Counter(dict.fromkeys((*Outcome,), 7)),
    2026: Counter({Outcome.AHEAD: 1000, Outcome.OVERDUE: 1}),
}


@pytest.mark.parametrize("is_mirrored", [False, True])
def test_what_is_piled_up_neither_gapes_nor_overlaps(is_mirrored: bool) -> None:
    for column in drawn(MANY, is_mirrored=is_mirrored).columns:
        assert column.segments[0].y + column.segments[0].height == TOP + HEIGHT
        for below, above in pairwise(column.segments):
            assert above.y + above.height == below.y
        assert column.top >= TOP


def test_heights_are_in_proportion_and_the_highest_fills_the_chart() -> None:
    one, two = drawn(counted(y2025=5, y2026=10)).columns
    assert (one.segments[0].height, two.segments[0].height) == (HEIGHT // 2, HEIGHT)


@pytest.mark.parametrize("is_mirrored", [False, True])
@pytest.mark.parametrize("last", [2020, 2021, 2026])
def test_columns_stand_apart_within_the_chart_in_the_order_of_time(last: int, is_mirrored: bool) -> None:
    counts: Counts = {year: Counter({Outcome.LATE: 1}) for year in range(2020, last + 1)}
    columns = drawn(counts, is_mirrored=is_mirrored).columns
    lefts = [column.left for column in columns]
    assert lefts == sorted(lefts, reverse=is_mirrored)
    assert all(column.left >= 0 and column.left + column.width <= 100 for column in columns)
    for one, other in pairwise(sorted(lefts)):
        assert other - one > columns[0].width


def test_a_figure_stands_only_where_it_can_be_read() -> None:
    small, wide = drawn(
        {2025: Counter({Outcome.LATE: 1, Outcome.OVERDUE: 999}), 2026: Counter({Outcome.AHEAD: 1000})}
    ).columns
    assert [segment.has_figure for segment in small.segments] == [False, True]
    assert small.segments[0].height < LEGIBLE
    assert [segment.has_figure for segment in wide.segments] == [False]


def test_the_table_holds_every_pledge() -> None:
    counts = MANY | {None: Counter({Outcome.UNDATED: 4}), 1990: Counter({Outcome.LATE: 2})}
    found = drawn(counts)
    told = {row.outcome: sum(row.counts) + row.undated for row in found.series}
    assert told == dict(sum(counts.values(), Counter()))


@pytest.mark.django_db
def test_the_overview_draws_it_and_says_the_same_as_a_table(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    page = client.get("/").content.decode()
    assert "2025: 1 Fulfilled late." in page
    assert "1 pledge without a due date stands in no column." in page
    table = page[page.index('<table class="figures">') :]
    rows = re.findall(r'<th scope="row">(.*?)</th>\s*<td>(\d+)</td>\s*<td>(\d+)</td>', table)
    assert rows == [("Fulfilled late", "1", "0"), ("Open, without a due date", "0", "1"), ("All", "1", "1")]


@pytest.mark.django_db
def test_each_outcome_has_a_texture_or_a_form_of_its_own(client: Client) -> None:
    """In time is solid and what is ahead is empty, by the style sheet; all others have a pattern."""
    founding_case()
    page = client.get("/").content.decode()
    textures = dict(re.findall(r'<pattern id="texture-(\w+)"(.*?)</pattern>', page, re.DOTALL))
    drawn_ones = {*Outcome} - {Outcome.UNTIMED, Outcome.UNDATED, Outcome.IN_TIME, Outcome.AHEAD}
    assert {*textures} == {each.value for each in drawn_ones}
    shapes = {re.sub(r'class="[^"]*"', "", shape) for shape in textures.values()}
    assert len(shapes) == len(drawn_ones)
