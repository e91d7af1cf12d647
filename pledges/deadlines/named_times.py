"""Reading the times that have a name: days, weekdays, months, quarters, years."""

from dataclasses import replace

from .cursor import Cursor
from .expressions import CalendarPeriod, DayDate, Part, Today, Turn, Unit, WeekdayName
from .lexer import Kind, Token
from .numeric_dates import numeric_date, numeric_month
from .problems import UnreadableError
from .windows import Problem

_PARTS = {Kind.EARLY: Part.EARLY, Kind.MID: Part.MID, Kind.LATE: Part.LATE, Kind.END: Part.END}
_TURNS = {Kind.THIS: Turn.THIS, Kind.NEXT: Turn.NEXT}
_INDEXED = {Unit.QUARTER: 4, Unit.HALF_YEAR: 2}
_COMMAS = (",", "،")
FIRST_YEAR, LAST_YEAR = 1900, 2199
FIRST_HIJRI_YEAR, LAST_HIJRI_YEAR = 1343, 1500  # the years of the Umm al-Qura tables


def today(cursor: Cursor) -> Today | None:
    cursor_clock = cursor.take_one(Kind.TODAY)
    return None if cursor_clock is None else Today(cursor_clock.value)


def _turn(cursor: Cursor) -> Turn:
    token = cursor.take_one(Kind.THIS, Kind.NEXT)
    return Turn.UNSAID if token is None else _TURNS[token.kind]


def weekday(cursor: Cursor) -> WeekdayName | DayDate | None:
    """Tuesday, next Tuesday, mardi prochain; or the day it stands before: Monday 25 September."""
    mark = cursor.at
    turn = _turn(cursor)
    _skip_day_word(cursor)
    token = cursor.take_one(Kind.WEEKDAY)
    if token is None:
        cursor.at = mark
        return None
    turn = turn if turn is not Turn.UNSAID else _turn(cursor)
    after = cursor.at
    cursor.skip(Kind.SEPARATOR, Kind.CLOCK)
    day = named_day(cursor)
    if day is not None and not cursor.next_is(Kind.WORD):
        return replace(day, weekday=token.value)
    cursor.at = after
    return WeekdayName(token.value, turn)


def named_day(cursor: Cursor) -> DayDate | None:
    """4 May 2025, May 4, 1 رمضان 1446, 2025-05-04, the 15th."""
    mark = cursor.at
    _skip_day_word(cursor)
    token = cursor.take_one(Kind.NUMERIC_DATE)
    if token is not None:
        return numeric_date(token.text)
    day = _day_then_month(cursor) or _month_then_day(cursor) or _day_alone(cursor)
    if day is None:
        cursor.at = mark
    return day


def _skip_day_word(cursor: Cursor) -> None:
    """Pass over "day" where a name or a number of a day follows: el día 4 de mayo, يوم الثلاثاء."""
    if cursor.next_is(Kind.UNIT) and cursor.tokens[cursor.at].unit is Unit.DAY:
        cursor.take()


def _day_then_month(cursor: Cursor) -> DayDate | None:
    mark = cursor.at
    number = cursor.take_one(Kind.NUMBER, Kind.ORDINAL)
    cursor.skip(Kind.OF)
    if number is not None and cursor.next_is(Kind.UNIT) and cursor.tokens[cursor.at].unit is Unit.MONTH:
        cursor.take()
    month = _month(cursor)
    if number is None or month is None:
        cursor.at = mark
        return None
    return _dated(cursor, number, month)


def _month_then_day(cursor: Cursor) -> DayDate | None:
    mark = cursor.at
    month = _month(cursor)
    number = cursor.take_one(Kind.NUMBER, Kind.ORDINAL)
    if month is None or number is None or number.value > 31 or _opens_unit(cursor):
        cursor.at = mark
        return None
    return _dated(cursor, number, month)


def _opens_unit(cursor: Cursor) -> bool:
    return cursor.next_is(Kind.UNIT, Kind.UNITS, Kind.WORKING)


def _day_alone(cursor: Cursor) -> DayDate | None:
    mark = cursor.at
    token = cursor.take_one(Kind.ORDINAL)
    if token is None or not cursor.cleaned[token.start].isdigit() or _opens_unit(cursor):
        cursor.at = mark
        return None
    return DayDate(token.value)


def _dated(cursor: Cursor, number: Token, month: Token) -> DayDate:
    hijri = month.kind is Kind.HIJRI_MONTH
    year, year_turn = _year_or_turn(cursor, hijri=hijri)
    turn = Turn.UNSAID if year else _turn(cursor)
    if turn is Turn.NEXT and cursor.grammar.next_month_is_ambiguous:
        raise UnreadableError(Problem.AMBIGUOUS_DATE, cursor.cleaned)
    return DayDate(number.value, month.value, year, hijri, year_turn=year_turn)


def _month(cursor: Cursor) -> Token | None:
    """Take a month; the same month named twice ("أيار/مايو") counts once."""
    token = cursor.take_one(Kind.MONTH, Kind.HIJRI_MONTH)
    if token is None:
        return None
    mark = cursor.at
    cursor.skip(Kind.SEPARATOR)
    twin = cursor.take_one(Kind.MONTH)
    cursor.skip(Kind.SEPARATOR)
    if twin is None or twin.value != token.value:
        cursor.at = mark
    return token


def _year(cursor: Cursor, *, hijri: bool = False) -> int:
    """Take a year and its era mark; 0 where none is said."""
    mark = cursor.at
    cursor.skip(Kind.OF)
    if cursor.follows(Kind.SEPARATOR, Kind.NUMBER) and cursor.tokens[cursor.at].text in _COMMAS:
        cursor.take()
    word = cursor.take_one(Kind.UNIT)
    token = cursor.take_one(Kind.NUMBER)
    is_marked = cursor.skip(Kind.HIJRI_MARK)
    is_year_word = word is None or word.unit is Unit.YEAR
    is_year = token is not None and _is_year(token.value, hijri=hijri or is_marked)
    if token is None or not is_year or not is_year_word or _opens_unit(cursor):
        cursor.at = mark
        return 0
    cursor.skip(Kind.COMMON_ERA_MARK)
    return token.value


def _is_year(value: int, *, hijri: bool) -> bool:
    if hijri:
        return FIRST_HIJRI_YEAR <= value <= LAST_HIJRI_YEAR
    return FIRST_YEAR <= value <= LAST_YEAR


def named_period(cursor: Cursor) -> CalendarPeriod | None:
    """March 2026, the end of the year, Q3 2026, the first half of 2026, early September, 2027."""
    mark = cursor.at
    part = _part(cursor)
    if part is not Part.WHOLE:
        cursor.skip(Kind.OF)
    period = _month_period(cursor) or _indexed_period(cursor) or _turned_period(cursor) or _bare_year(cursor)
    if period is None:
        period = _bare_unit(cursor, part)
    if period is None:
        cursor.at = mark
        return None
    if part is Part.WHOLE:
        part = _part(cursor)
    return period if part is Part.WHOLE else replace(period, part=part)


def _part(cursor: Cursor) -> Part:
    token = cursor.take_one(*_PARTS)
    return Part.WHOLE if token is None else _PARTS[token.kind]


def _month_period(cursor: Cursor) -> CalendarPeriod | None:
    in_figures = cursor.take_one(Kind.NUMERIC_MONTH)
    if in_figures is not None:
        return numeric_month(in_figures.text)
    mark = cursor.at
    turn = _turn(cursor)
    word = cursor.take_one(Kind.UNIT)
    if word is not None:
        cursor.skip(Kind.OF)
    month = _month(cursor)
    if month is None or (word is not None and word.unit is not Unit.MONTH):
        cursor.at = mark
        return None
    hijri = month.kind is Kind.HIJRI_MONTH
    year, year_turn = _year_or_turn(cursor, hijri=hijri)
    turn = turn if turn is not Turn.UNSAID else _turn(cursor)
    return CalendarPeriod(Unit.MONTH, month.value, year, turn, year_turn, hijri=hijri)


def _year_or_turn(cursor: Cursor, *, hijri: bool = False) -> tuple[int, Turn]:
    year = _year(cursor, hijri=hijri)
    if year:
        return year, Turn.UNSAID
    mark = cursor.at
    cursor.skip(Kind.OF)
    period = _turned_period(cursor)
    if period is not None and period.unit is Unit.YEAR:
        return 0, period.turn
    cursor.at = mark
    return 0, Turn.UNSAID


def _indexed_period(cursor: Cursor) -> CalendarPeriod | None:
    """Q3, the third quarter, الربع الثالث, the first half; the second half of May is a part of May."""
    mark = cursor.at
    named = cursor.take_one(Kind.NAMED_PERIOD)
    unit, index = (named.unit, named.value) if named is not None else _ordinal_and_unit(cursor)
    if unit in (Unit.HALF_YEAR, Unit.WEEK):
        cursor.skip(Kind.OF)
        month = _month_period(cursor)
        if month is not None:
            return replace(month, part=Part.MID)
    if unit not in _INDEXED or not 1 <= index <= _INDEXED[unit]:
        cursor.at = mark
        return None
    year, year_turn = _year_or_turn(cursor)
    return CalendarPeriod(unit, index, year, year_turn=year_turn)


def _ordinal_and_unit(cursor: Cursor) -> tuple[Unit | None, int]:
    ordinal = cursor.take_one(Kind.ORDINAL)
    unit = cursor.take_one(Kind.UNIT)
    ordinal = ordinal or cursor.take_one(Kind.ORDINAL)
    if unit is None or ordinal is None:
        return None, 0
    return unit.unit, ordinal.value


def _turned_period(cursor: Cursor) -> CalendarPeriod | None:
    """This month, next year, الشهر المقبل."""
    mark = cursor.at
    turn = _turn(cursor)
    unit = cursor.take_one(Kind.UNIT)
    turn = turn if turn is not Turn.UNSAID else _turn(cursor)
    is_calendar = unit is not None and unit.unit not in (None, Unit.HOUR, Unit.DAY)
    if unit is None or unit.unit is None or turn is Turn.UNSAID or not is_calendar:
        cursor.at = mark
        return None
    return CalendarPeriod(unit.unit, turn=turn)


def _bare_year(cursor: Cursor) -> CalendarPeriod | None:
    mark = cursor.at
    year = 0 if cursor.next_is(Kind.OF) else _year(cursor)
    if not year:
        return None
    hijri = any(token.kind is Kind.HIJRI_MARK for token in cursor.tokens[mark : cursor.at])
    return CalendarPeriod(Unit.YEAR, year=year, hijri=hijri)


def _bare_unit(cursor: Cursor, part: Part) -> CalendarPeriod | None:
    """The unit beside "the end": the end of the month, year's end."""
    token = cursor.take_one(Kind.UNIT)
    is_part = part is not Part.WHOLE or cursor.next_is(Kind.END)
    if token is None or token.unit in (None, Unit.HOUR, Unit.DAY) or not is_part:
        return None
    return CalendarPeriod(token.unit)
