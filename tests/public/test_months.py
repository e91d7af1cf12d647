"""Months by themselves: their weeks in each language, and how far a reader can turn them."""

from datetime import date

import pytest
from django.utils.translation import override

from tracker.public.months import Dated, beside, first_weekday, last_day, month_of, weeks

pytestmark = pytest.mark.once
MONDAY, SATURDAY, SUNDAY = 0, 5, 6


@pytest.mark.parametrize(
    ("language", "begins"), [("en", MONDAY), ("fr", MONDAY), ("es", MONDAY), ("ar", SATURDAY)]
)
def test_a_week_begins_as_its_readers_have_it(language: str, begins: int) -> None:
    with override(language):
        assert first_weekday() == begins


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2025, 5, 14), date(2025, 5, 1), date(2025, 5, 31)),
        (date(2024, 2, 29), date(2024, 2, 1), date(2024, 2, 29)),
        (date(2025, 2, 1), date(2025, 2, 1), date(2025, 2, 28)),
        (date(9999, 12, 31), date(9999, 12, 1), date(9999, 12, 31)),
    ],
)
def test_a_month_from_its_first_day_to_its_last(day: date, first: date, last: date) -> None:
    assert month_of(day) == first
    assert last_day(first) == last


# 1 May 2025 is a Thursday.
@pytest.mark.parametrize(("begins", "before", "rows"), [(MONDAY, 3, 5), (SATURDAY, 5, 6), (SUNDAY, 4, 5)])
def test_the_days_stand_under_their_weekdays(begins: int, before: int, rows: int) -> None:
    may = weeks(date(2025, 5, 1), begins=begins)
    assert len(may) == rows
    assert {len(week) for week in may} == {7}
    assert may[0][:before] == (None,) * before
    assert [day for week in may for day in week if day] == [date(2025, 5, n) for n in range(1, 32)]
    for week in may:
        assert all(day.weekday() == (begins + place) % 7 for place, day in enumerate(week) if day)


@pytest.mark.parametrize("month", [date(1, 1, 1), date(9999, 12, 1)])
def test_the_ends_of_time_are_months_too(month: date) -> None:
    assert next(day for week in weeks(month, begins=SATURDAY) for day in week if day) == month


def month(text: str) -> date | None:
    return date.fromisoformat(f"{text}-01") if text else None


@pytest.mark.parametrize(
    ("shown", "earlier", "later"),
    [
        ("2024-01", "", "2024-12"),
        ("2024-11", "", "2024-12"),
        ("2024-12", "", "2025-01"),
        ("2025-01", "2024-12", "2025-02"),
        ("2025-02", "2025-01", "2025-03"),
        ("2025-03", "2025-02", ""),
        ("2025-04", "2025-03", ""),
        ("2030-01", "2025-03", ""),
        ("0001-01", "", "2024-12"),
        ("9999-12", "2025-03", ""),
    ],
)
def test_turning_never_leaves_the_record(shown: str, earlier: str, later: str) -> None:
    record = Dated(first=date(2024, 12, 31), last=date(2025, 3, 2), before=None, after=None)
    here = month(shown)
    assert here
    assert beside(here, record) == (month(earlier), month(later))


def test_a_record_of_one_month_turns_nowhere() -> None:
    day = date(2025, 5, 4)
    assert beside(month_of(day), Dated(first=day, last=day, before=None, after=None)) == (None, None)


def test_a_record_without_dates_turns_nowhere() -> None:
    assert beside(date(2025, 5, 1), Dated(first=None, last=None, before=None, after=None)) == (None, None)
