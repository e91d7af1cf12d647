"""The rules apart from any language: month ends, hours, working days, weeks, what was already past."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from pledges.deadlines.calendars import Calendar, country_calendar
from pledges.deadlines.civil import add_span, next_weekday, period_bounds, periods_after
from pledges.deadlines.expressions import Span, Unit
from pledges.deadlines.resolving import recount, resolve
from pledges.deadlines.windows import Note, Precision, Problem, Window
from tests.pledges.deadlines.reading import CALENDAR, HOLIDAYS, no_date, window

pytestmark = pytest.mark.once

SPANS = [
    ("2025-01-31", 1, Unit.MONTH, "2025-02-28"),
    ("2024-01-31", 1, Unit.MONTH, "2024-02-29"),
    ("2025-01-30", 1, Unit.MONTH, "2025-02-28"),
    ("2025-03-31", 1, Unit.MONTH, "2025-04-30"),
    ("2025-02-28", 1, Unit.MONTH, "2025-03-28"),
    ("2024-02-29", 1, Unit.YEAR, "2025-02-28"),
    ("2024-02-29", 4, Unit.YEAR, "2028-02-29"),
    ("2025-03-09", 30, Unit.DAY, "2025-04-08"),
    ("2024-02-28", 1, Unit.DAY, "2024-02-29"),
    ("2025-12-31", 2, Unit.WEEK, "2026-01-14"),
    ("2025-11-30", 1, Unit.QUARTER, "2026-02-28"),
    ("2025-08-31", 1, Unit.HALF_YEAR, "2026-02-28"),
]


@pytest.mark.parametrize(("start", "count", "unit", "end"), SPANS)
def test_a_span_ends_on_the_same_day_number_or_the_last(start: str, count: int, unit: Unit, end: str) -> None:
    assert add_span(date.fromisoformat(start), Span(count, unit)) == date.fromisoformat(end)


def test_a_span_beyond_the_calendar_overflows() -> None:
    with pytest.raises(OverflowError):
        add_span(date(2025, 1, 1), Span(9000, Unit.YEAR))


@pytest.mark.parametrize(
    ("unit", "index", "first", "last"),
    [
        (Unit.MONTH, 2, "2024-02-01", "2024-02-29"),
        (Unit.QUARTER, 4, "2024-10-01", "2024-12-31"),
        (Unit.HALF_YEAR, 1, "2024-01-01", "2024-06-30"),
        (Unit.YEAR, 1, "2024-01-01", "2024-12-31"),
    ],
)
def test_bounds_of_periods(unit: Unit, index: int, first: str, last: str) -> None:
    assert [day.isoformat() for day in period_bounds(unit, index, 2024)] == [first, last]


def test_the_next_period_may_be_in_the_next_year() -> None:
    assert periods_after(date(2025, 12, 31), Unit.QUARTER, 1) == (date(2026, 1, 1), date(2026, 3, 31))


@pytest.mark.parametrize(("weekday", "expected"), [(4, 11), (5, 5), (3, 10)])
def test_the_next_weekday_is_never_the_same_day(weekday: int, expected: int) -> None:
    assert next_weekday(date(2025, 4, 4), weekday) == date(2025, 4, expected)


def hours(phrase: str, said_at: datetime) -> date:
    found = resolve(phrase, language="en", anchor=said_at.date(), calendar=CALENDAR, said_at=said_at)
    assert isinstance(found, Window)
    assert Note.UNKNOWN_HOUR not in found.explanation.notes
    return found.latest


BEIRUT = ZoneInfo("Asia/Beirut")


@pytest.mark.parametrize(
    ("phrase", "said_at", "latest"),
    [
        ("within 48 hours", datetime(2025, 4, 4, 0, 0, tzinfo=BEIRUT), date(2025, 4, 6)),
        ("within 48 hours", datetime(2025, 4, 4, 23, 59, tzinfo=BEIRUT), date(2025, 4, 6)),
        ("within 36 hours", datetime(2025, 4, 4, 11, 59, tzinfo=BEIRUT), date(2025, 4, 5)),
        ("within 36 hours", datetime(2025, 4, 4, 12, 1, tzinfo=BEIRUT), date(2025, 4, 6)),
        # The clocks of Beirut went forward at midnight of 30 March 2025: that day has 23 hours.
        ("within 24 hours", datetime(2025, 3, 29, 23, 30, tzinfo=BEIRUT), date(2025, 3, 31)),
        # They went back at midnight of 26 October: the 25th has 25 hours.
        ("within 24 hours", datetime(2025, 10, 25, 0, 30, tzinfo=BEIRUT), date(2025, 10, 25)),
        ("within 48 hours", datetime(2025, 4, 4, 22, 30, tzinfo=UTC), date(2025, 4, 6)),
    ],
)
def test_hours_are_real_hours_and_end_on_a_local_day(phrase: str, said_at: datetime, latest: date) -> None:
    assert hours(phrase, said_at) == latest


@pytest.mark.parametrize(("count", "day"), [(1, 5), (24, 5), (25, 6), (36, 6), (48, 6), (49, 7)])
def test_without_an_hour_the_latest_possible_day_counts(count: int, day: int) -> None:
    found = window(f"within {count} hours")
    assert found.latest == date(2025, 4, day)
    assert Note.UNKNOWN_HOUR in found.explanation.notes


def test_a_naive_instant_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        hours("within 48 hours", datetime(2025, 4, 4, 12, 0))  # noqa: DTZ001 - that is the mistake


@pytest.mark.parametrize(
    ("count", "latest"),
    # 4 April is a Friday; Friday and Saturday are the weekend; 17 April is a holiday
    [(1, 6), (5, 10), (6, 13), (9, 16), (10, 20)],
)
def test_working_days_leave_out_weekends_and_holidays(count: int, latest: int) -> None:
    found = window(f"within {count} working days")
    assert found.latest == date(2025, 4, latest)
    assert found.explanation.country == "SY"
    assert found.explanation.calendar_version == "holidays of this test"


def with_holiday(day: date) -> Calendar:
    return replace(CALENDAR, version="a newer table", is_holiday=lambda tried: tried in {*HOLIDAYS, day})


def test_a_newer_table_of_holidays_proposes_another_day() -> None:
    stored = window("within 5 working days").explanation
    moved = recount(stored, with_holiday(date(2025, 4, 8)))
    assert moved is not None
    assert moved.latest == date(2025, 4, 13)
    assert moved.explanation.calendar_version == "a newer table"


def test_nothing_is_proposed_where_nothing_moves() -> None:
    working = window("within 5 working days").explanation
    assert recount(working, with_holiday(date(2025, 6, 1))) is None
    assert recount(working, country_calendar("FR")) is None
    assert recount(replace(working, rule_version=0), with_holiday(date(2025, 4, 8))) is None
    assert recount(replace(working, phrase="soon"), with_holiday(date(2025, 4, 8))) is None
    assert recount(window("within 5 days").explanation, with_holiday(date(2025, 4, 8))) is None


def test_calendar_days_do_not_name_a_country() -> None:
    assert window("within 10 days").explanation.country == ""


@pytest.mark.parametrize(
    ("anchor", "phrase", "latest"),
    [
        (date(2025, 4, 6), "by the end of the week", date(2025, 4, 12)),
        (date(2025, 4, 10), "this week", date(2025, 4, 12)),
        (date(2025, 4, 6), "next week", date(2025, 4, 19)),
    ],
)
def test_a_week_ends_with_the_weekend_of_the_country(anchor: date, phrase: str, latest: date) -> None:
    assert window(phrase, anchor=anchor).latest == latest


def test_on_a_weekend_day_the_week_is_ambiguous() -> None:
    assert no_date("by the end of the week").problem is Problem.AMBIGUOUS_PERIOD


@pytest.mark.parametrize(
    ("phrase", "note"),
    [
        ("by 4 May", Note.NEXT_SUCH_DATE),
        ("by 4 May 2020", Note.ALREADY_PAST),
        ("by the end of 2020", Note.ALREADY_PAST),
        ("by 2028", Note.BY_PERIOD),
        ("in early September", Note.PART_OF_PERIOD),
        ("by noon on 4 May 2025", Note.CLOCK_TIME),
        ("a three-month extension", Note.EXTENSION),
        ("30 days after 4 May 2025", Note.PERIOD_FROM_DATE),
        ("within 90 days of the decree", Note.STARTS_WITH_ANCHOR),
        ("by 1 Ramadan 1447 AH", Note.HIJRI),
        ("within 3 working days", Note.WORKING_CALENDAR),
    ],
)
def test_every_assumption_is_noted(phrase: str, note: Note) -> None:
    assert note in window(phrase).explanation.notes


@pytest.mark.parametrize("phrase", ["by 4 May 2025", "within one month", "in 2027", "before 2028"])
def test_what_was_said_in_full_needs_no_note(phrase: str) -> None:
    assert window(phrase).explanation.notes == ()


def test_a_window_cannot_end_before_it_starts_or_be_a_wide_day() -> None:
    parts = window("by 4 May 2025").explanation
    with pytest.raises(ValueError, match="ends before"):
        Window(date(2025, 5, 2), date(2025, 5, 1), Precision.MONTH, "by-date", 1, parts)
    with pytest.raises(ValueError, match="two ends"):
        Window(date(2025, 5, 1), date(2025, 5, 2), Precision.DAY, "by-date", 1, parts)
