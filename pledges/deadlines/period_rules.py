"""Rules for stretches of the calendar: by the end of March, in 2027, before the third quarter."""

from collections.abc import Iterator
from datetime import date, timedelta

from .calendars import Calendar
from .civil import period_bounds, periods_after
from .expressions import CalendarPeriod, Limit, Part, Turn, Unit
from .hijri import civil_month, civil_year, hijri_day
from .lexer import Grammar
from .problems import UnreadableError
from .rules import PRECISION_OF, Days, Rule, one_day
from .windows import Note, Precision, Problem

Bounds = tuple[date, date]
_ONE_DAY = timedelta(days=1)


def apply_period(
    period: CalendarPeriod, limit: Limit, anchor: date, calendar: Calendar, grammar: Grammar
) -> Days:
    """Return the days of a named period under its limit. Raises UnreadableError."""
    if period.unit is Unit.WEEK:
        return _week(period, limit, anchor, calendar)
    is_before_start = limit is Limit.BEFORE and period.part is Part.WHOLE
    (first, last), is_chosen = _bounds(period, anchor, grammar, is_before_start=is_before_start)
    notes = [Note.HIJRI] if period.hijri else []
    if is_chosen:
        notes.append(Note.NEXT_SUCH_DATE)
    if is_before_start:
        return one_day(first - _ONE_DAY, Rule.BEFORE_DATE, *notes)
    if period.part in (Part.EARLY, Part.MID, Part.LATE):
        return _part(period, first, last).noting(Note.PART_OF_PERIOD, *notes)
    rule = Rule.IN_PERIOD
    if period.part is Part.END:
        rule = Rule.END_OF_PERIOD
    elif limit is Limit.BY:
        rule = Rule.BY_PERIOD
        notes.append(Note.BY_PERIOD)
    return Days(first, last, PRECISION_OF[period.unit], rule, tuple(notes))


def _part(period: CalendarPeriod, first: date, last: date) -> Days:
    """Return the narrowest window that surely holds a part: half a year at best, never half a month."""
    precision = PRECISION_OF[period.unit]
    if period.unit is Unit.YEAR and not period.hijri and period.part is not Part.MID:
        precision = Precision.HALF_YEAR
        first, last = period_bounds(Unit.HALF_YEAR, 1 if period.part is Part.EARLY else 2, first.year)
    return Days(first, last, precision, Rule.PART_OF_PERIOD)


def _bounds(
    period: CalendarPeriod, anchor: date, grammar: Grammar, *, is_before_start: bool
) -> tuple[Bounds, bool]:
    """Return the first and last day meant, and whether the year had to be chosen."""
    if period.year:
        return _in_year(period, period.year), False
    if period.index == 0:
        turn = 1 if period.turn is Turn.NEXT else 0
        return periods_after(anchor, period.unit, turn), False
    if period.year_turn is not Turn.UNSAID:
        return _in_year(period, _year_of(anchor, period) + (period.year_turn is Turn.NEXT)), False
    earliest_end = anchor
    if period.turn is Turn.NEXT:
        earliest_end = periods_after(anchor, Unit.MONTH, 0)[1] + _ONE_DAY
    for first, last in _candidates(period, anchor):
        if (first - _ONE_DAY if is_before_start else last) >= earliest_end:
            _refuse_ambiguous_next(period, first, anchor, grammar)
            return (first, last), True
    raise UnreadableError(Problem.OUT_OF_RANGE)


def _refuse_ambiguous_next(period: CalendarPeriod, first: date, anchor: date, grammar: Grammar) -> None:
    """In English "next March" said in January is this year's to some and next year's to others."""
    is_open = grammar.next_month_is_ambiguous and first.year == anchor.year
    if period.turn is Turn.NEXT and is_open:
        raise UnreadableError(Problem.AMBIGUOUS_PERIOD, f"{first:%Y-%m} / {first.year + 1}-{first:%m}")


def _in_year(period: CalendarPeriod, year: int) -> Bounds:
    if not period.hijri:
        return period_bounds(period.unit, period.index or 1, year)
    return civil_month(year, period.index) if period.unit is Unit.MONTH else civil_year(year)


def _year_of(anchor: date, period: CalendarPeriod) -> int:
    return hijri_day(anchor)[0] if period.hijri else anchor.year


def _candidates(period: CalendarPeriod, anchor: date) -> Iterator[Bounds]:
    first_year = _year_of(anchor, period)
    for year in range(first_year, first_year + 3):
        yield _in_year(period, year)


def _week(period: CalendarPeriod, limit: Limit, anchor: date, calendar: Calendar) -> Days:
    """Return the last day of a week, which is the last day of the country's weekend.

    Said on a weekend day, "this week" may be the one that ends or the one that begins.
    """
    if limit is Limit.BEFORE and period.part is Part.WHOLE:
        raise UnreadableError(Problem.AMBIGUOUS_PERIOD)
    if not calendar.country:
        raise UnreadableError(Problem.NEEDS_COUNTRY)
    if calendar.is_weekend(anchor):
        raise UnreadableError(Problem.AMBIGUOUS_PERIOD)
    end = anchor
    while not (calendar.is_weekend(end) and not calendar.is_weekend(end + _ONE_DAY)):
        end += _ONE_DAY
    if period.turn is Turn.NEXT:
        end += timedelta(days=7)
    return one_day(end, Rule.END_OF_PERIOD, Note.WEEK_END)
