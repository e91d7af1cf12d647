"""Calendar arithmetic that knows no language and no rule: spans, and the bounds of periods."""

from calendar import monthrange
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from .expressions import Span, Unit

MONTHS_IN = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF_YEAR: 6, Unit.YEAR: 12}


def add_span(start: date, span: Span, sign: int = 1) -> date:
    """Return `start` moved by a span of days or longer.

    A month ends on the same day number, or on the last day of a shorter month: 31 January and one
    month make 28 or 29 February. Raises OverflowError outside the years 1 to 9999.
    """
    count = sign * span.count
    try:
        if span.unit is Unit.DAY:
            return start + timedelta(days=count)
        if span.unit is Unit.WEEK:
            return start + timedelta(weeks=count)
        return start + relativedelta(months=count * MONTHS_IN[span.unit])
    except ValueError as error:
        raise OverflowError(str(error)) from error


def period_bounds(unit: Unit, index: int, year: int) -> tuple[date, date]:
    """Return the first and last day of a month, quarter, half or year; `index` counts from 1."""
    months = MONTHS_IN[unit]
    last_month = index * months
    return date(year, last_month - months + 1, 1), date(year, last_month, monthrange(year, last_month)[1])


def index_of(day: date, unit: Unit) -> int:
    """Return which month, quarter or half of its year `day` falls in; 1 for a year."""
    return (day.month - 1) // MONTHS_IN[unit] + 1


def periods_after(day: date, unit: Unit, count: int) -> tuple[date, date]:
    """Return the bounds of the period `count` periods after the one `day` falls in."""
    first = period_bounds(unit, index_of(day, unit), day.year)[0]
    start = add_span(first, Span(count, unit))
    return period_bounds(unit, index_of(start, unit), start.year)


def next_weekday(day: date, weekday: int) -> date:
    """Return the first such day of the week strictly after `day`; Monday = 0."""
    return day + timedelta(days=(weekday - day.weekday() - 1) % 7 + 1)
