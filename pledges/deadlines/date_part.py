"""A window as a date that reads back as the same window: 4 May 2025, September 2025, الربع الثالث."""

from datetime import date
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date

from .civil import index_of, period_bounds
from .expressions import Unit
from .hijri import hijri_day
from .windows import Precision
from .wording.base import Wording

_UNITS = {
    Precision.MONTH: Unit.MONTH,
    Precision.QUARTER: Unit.QUARTER,
    Precision.HALF_YEAR: Unit.HALF_YEAR,
    Precision.YEAR: Unit.YEAR,
}


class Dates(NamedTuple):
    """The bare window: both days included."""

    earliest: date
    latest: date
    precision: Precision


def day_in_words(day: date, wording: Wording, locale: Locale) -> str:
    """Return a day as its reader writes it: where `locale` names a country, as it is written there."""
    words = _formatted(day, wording.day_pattern, wording, locale)
    return words if day.day != 1 else wording.first_of_month + words.removeprefix("1")


def _formatted(day: date, pattern: str, wording: Wording, locale: Locale) -> str:
    if wording.months and not locale.territory:
        # Quotes keep CLDR from reading a name as a pattern.
        pattern = pattern.replace("MMMM", f"'{wording.months[day.month - 1]}'")
    return format_date(day, pattern, locale=locale)


def hijri_in_words(dates: Dates, wording: Wording) -> str:
    """Return the Hijri day, month or year of a window's end; empty outside the tables."""
    try:
        year, month, day = hijri_day(dates.latest)
    except OverflowError:
        return ""
    template = {Precision.DAY: wording.hijri_day, Precision.YEAR: wording.hijri_year}.get(
        dates.precision, wording.hijri_month
    )
    return template.format(day=day, month=wording.hijri_months[month - 1], year=year)


def date_part(dates: Dates, wording: Wording, locale: Locale) -> str:
    """Return a window as a date of its precision. Reading it again gives the same window."""
    first, last, precision = dates
    if precision is Precision.DAY:
        return day_in_words(last, wording, locale)
    unit = _UNITS[precision]
    index = index_of(first, unit)
    if (first, last) != period_bounds(unit, index, first.year):
        return hijri_in_words(dates, wording)
    if precision is Precision.MONTH:
        return _formatted(first, wording.month_pattern, wording, locale)
    named = {Precision.QUARTER: wording.quarters, Precision.HALF_YEAR: wording.halves}.get(precision)
    return named[index - 1].format(year=first.year) if named else str(first.year)
