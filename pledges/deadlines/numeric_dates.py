"""Dates in figures: read only where one reading is possible."""

import re
from datetime import date

from .expressions import CalendarPeriod, DayDate, Unit
from .problems import UnreadableError
from .windows import Problem

# Any leap year: a date without a year may be 29 February.
_SOME_LEAP_YEAR = 2024


def numeric_date(text: str) -> DayDate:
    """Return the one date `text` can mean. 2025-05-04 and 13/04/2025 are clear; 03/04/2025 is not.

    Raises UnreadableError, also for two-figure years, whose century and order are guesses.
    """
    fields = [int(field) for field in re.split(r"[-/.]", text)]
    if len(str(fields[0])) == 4:
        year, month, day = fields
        readings = {DayDate(day, month, year)}
    elif len(fields) == 3 and fields[2] < 100:
        raise UnreadableError(Problem.AMBIGUOUS_DATE, text)
    else:
        first, second, year = (*fields, 0)[:3]
        readings = {DayDate(first, second, year), DayDate(second, first, year)}
    possible = [reading for reading in readings if _exists(reading)]
    if not possible:
        raise UnreadableError(Problem.IMPOSSIBLE_DATE, text)
    if len(possible) > 1:
        raise UnreadableError(Problem.AMBIGUOUS_DATE, text)
    return possible[0]


def numeric_month(text: str) -> CalendarPeriod:
    """Return the month that 12/2025 means. Raises UnreadableError for a thirteenth month."""
    month, year = (int(field) for field in re.split(r"[-/.]", text))
    if not 1 <= month <= 12:
        raise UnreadableError(Problem.IMPOSSIBLE_DATE, text)
    return CalendarPeriod(Unit.MONTH, month, year)


def _exists(reading: DayDate) -> bool:
    try:
        date(reading.year or _SOME_LEAP_YEAR, reading.month, reading.day)
    except ValueError:
        return False
    return True
