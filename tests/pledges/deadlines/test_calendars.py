"""Weekends and holidays of real countries, by the library and by our own table of what it lacks."""

from datetime import date, timedelta

import pytest

from pledges.deadlines.calendars import NO_COUNTRY, UnknownCountryError, country_calendar
from pledges.deadlines.resolving import resolve
from pledges.deadlines.windows import NoDate, Problem

pytestmark = pytest.mark.once

MONDAY_OF_2010, MONDAY_OF_2025 = date(2010, 3, 1), date(2025, 3, 3)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

WEEKENDS = [
    ("SY", MONDAY_OF_2025, "Fri Sat"),
    ("EG", MONDAY_OF_2025, "Fri Sat"),
    ("IQ", MONDAY_OF_2025, "Fri Sat"),
    ("LY", MONDAY_OF_2025, "Fri Sat"),
    ("PS", MONDAY_OF_2025, "Fri Sat"),
    ("LB", MONDAY_OF_2025, "Sat Sun"),
    ("TN", MONDAY_OF_2025, "Sat Sun"),
    ("FR", MONDAY_OF_2025, "Sat Sun"),
    ("NP", MONDAY_OF_2025, "Sat"),
    ("IR", MONDAY_OF_2025, "Fri"),
    ("DJ", MONDAY_OF_2025, "Fri"),
    ("AE", MONDAY_OF_2025, "Sat Sun"),
    ("AE", MONDAY_OF_2010, "Fri Sat"),
    ("SA", MONDAY_OF_2025, "Fri Sat"),
    ("SA", MONDAY_OF_2010, "Thu Fri"),
    ("MR", MONDAY_OF_2025, "Sat Sun"),
    ("MR", MONDAY_OF_2010, "Fri Sat"),
]


@pytest.mark.parametrize(("country", "monday", "weekend"), WEEKENDS)
def test_weekends(country: str, monday: date, weekend: str) -> None:
    calendar = country_calendar(country)
    found = [DAYS[index] for index in range(7) if calendar.is_weekend(monday + timedelta(days=index))]
    assert " ".join(found) == weekend


def test_a_weekend_changes_on_its_day() -> None:
    calendar = country_calendar("MR")
    assert calendar.is_weekend(date(2014, 9, 26))  # a Friday
    assert not calendar.is_weekend(date(2014, 10, 3))


@pytest.mark.parametrize(
    ("country", "day"),
    [
        ("SY", date(2025, 4, 17)),
        ("FR", date(2025, 7, 14)),
        ("MX", date(2025, 9, 16)),
        ("GB", date(2025, 12, 25)),
    ],
)
def test_public_holidays_are_no_working_days(country: str, day: date) -> None:
    calendar = country_calendar(country)
    assert calendar.is_holiday(day)
    assert not calendar.is_working_day(day)


def test_the_table_of_holidays_is_named() -> None:
    assert country_calendar("sy").version.startswith("holidays ")
    assert country_calendar("sy").country == "SY"


@pytest.mark.parametrize("country", ["XX", "Syria", "SYR", "??"])
def test_an_unknown_country_is_refused_by_name(country: str) -> None:
    with pytest.raises(UnknownCountryError, match="ISO 3166"):
        country_calendar(country)


def test_without_a_country_no_working_days_are_counted() -> None:
    assert country_calendar("") is NO_COUNTRY
    with pytest.raises(ValueError, match="country"):
        NO_COUNTRY.after_working_days(date(2025, 4, 4), 1)
    for phrase in ("within 3 working days", "by the end of the week"):
        found = resolve(phrase, language="en", anchor=date(2025, 4, 7), calendar=NO_COUNTRY)
        assert isinstance(found, NoDate)
        assert found.problem is Problem.NEEDS_COUNTRY


def test_a_count_too_long_is_refused() -> None:
    with pytest.raises(OverflowError):
        country_calendar("SY").after_working_days(date(2025, 4, 4), 100_000)
