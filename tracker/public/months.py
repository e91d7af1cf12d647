"""Months as a reader turns them: their weeks, and which month comes before and after. No queries, no clock.

A month is named by its first day.
"""

from calendar import Calendar, monthrange
from dataclasses import dataclass
from datetime import date

from django.utils.formats import get_format

Week = tuple[date | None, ...]


@dataclass(frozen=True)
class Dated:
    """The due days of a record: the first and the last, and those next to a period; None where none is."""

    first: date | None
    last: date | None
    before: date | None
    after: date | None


def month_of(day: date) -> date:
    return day.replace(day=1)


def last_day(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])


def first_weekday() -> int:
    """Return the day that a week begins with in the active language: 0 for Monday, 6 for Sunday."""
    # Django counts from Sunday, Python from Monday.
    return (int(str(get_format("FIRST_DAY_OF_WEEK"))) - 1) % 7


def weeks(month: date, *, begins: int) -> list[Week]:
    """Return the weeks of a month; None stands for days of the months beside it. `begins` is 0 for Monday."""
    rows = Calendar(begins).monthdayscalendar(month.year, month.month)
    return [tuple(month.replace(day=number) if number else None for number in row) for row in rows]


def beside(month: date, dated: Dated) -> tuple[date | None, date | None]:
    """Return the months to turn to, back and on: one step, but never outside the months of the record.

    From a month outside they lead to the nearest one inside; past the first and the last there is None.
    """
    if dated.first is None or dated.last is None:
        return None, None
    first, last = month_of(dated.first), month_of(dated.last)
    back = min(_step(month, -1), last) if month > first else None
    on = max(_step(month, 1), first) if month < last else None
    return back, on


def _step(month: date, months: int) -> date:
    years, rest = divmod(month.month - 1 + months, 12)
    return date(month.year + years, rest + 1, 1)
