"""Tokens to meaning: one small grammar for every language, tolerant of word order, not of guesses."""

from .cursor import Cursor
from .expressions import (
    CalendarPeriod,
    DayDate,
    Deadline,
    Duration,
    Event,
    Limit,
    Part,
    Reading,
    Relation,
    Span,
    Today,
    Unit,
    Vague,
    WeekdayName,
    When,
)
from .lexer import Grammar, Kind, Token
from .named_times import named_day, named_period, today, weekday
from .problems import UnreadableError
from .windows import Problem

_LIMITS = {
    Kind.WITHIN: Limit.WITHIN,
    Kind.BY: Limit.BY,
    Kind.LATEST: Limit.BY,
    Kind.IN: Limit.IN,
    Kind.BEFORE: Limit.BEFORE,
    Kind.AFTER: Limit.AFTER,
    Kind.WHEN: Limit.AFTER,
}
_STRONGEST_FIRST = (Limit.BEFORE, Limit.AFTER, Limit.BY, Limit.WITHIN, Limit.IN)
_RELATIONS = {Limit.BEFORE: Relation.BEFORE, Limit.BY: Relation.BY, Limit.AFTER: Relation.AFTER}
_REFUSED = {
    Kind.NOT: Problem.NEGATED,
    Kind.FLOOR: Problem.NOT_A_DEADLINE,
    Kind.FISCAL: Problem.FISCAL_YEAR,
    Kind.AMBIGUOUS: Problem.AMBIGUOUS_PERIOD,
}


def parse(cleaned: str, grammar: Grammar) -> list[Reading]:
    """Return every deadline a cleaned phrase names. Raises UnreadableError."""
    cursor = Cursor(cleaned, grammar)
    for token in cursor.tokens:
        if token.kind in _REFUSED and not _is_inside_event(cursor, token.start):
            raise UnreadableError(_REFUSED[token.kind], cleaned[token.start : token.end])
    readings: list[Reading] = []
    while cursor.next_is(Kind.SEPARATOR) and not cursor.tokens[cursor.at].text.isalpha():
        cursor.take()
    is_parted = True
    while not cursor.is_done:
        start = cursor.at
        reading = _reading(cursor, grammar)
        if not (is_parted or _may_touch(cursor.tokens[start], reading, readings[-1])):
            raise UnreadableError(Problem.UNKNOWN_WORDS, cleaned[cursor.tokens[start].start :])
        readings.append(reading)
        is_parted = cursor.skip(Kind.SEPARATOR)
    if not readings:
        raise UnreadableError(Problem.EMPTY)
    if is_parted and cursor.tokens[-1].text.isalpha():
        raise UnreadableError(Problem.INCOMPLETE, cleaned)
    return readings


def _may_touch(opening: Token, reading: Reading, before: Reading) -> bool:
    """Two times may follow each other without a mark where the second opens with its own limit, or
    where one is a weekday beside a day: "tomorrow morning Tuesday"."""
    if isinstance(reading, Vague):
        return False
    if isinstance(before, Vague):
        return before.is_haste and opening.kind in _LIMITS
    is_weekday = isinstance(reading.when, WeekdayName) or isinstance(before.when, WeekdayName)
    return is_weekday or opening.kind in _LIMITS


def _is_inside_event(cursor: Cursor, start: int) -> bool:
    """Tell whether a word comes after the opening of an event, whose words are not ours to judge."""
    opened = [token for token in cursor.tokens if token.kind in (Kind.BEFORE, Kind.AFTER, Kind.WHEN)]
    return (
        bool(opened)
        and opened[0].end < start
        and any(token.kind is Kind.WORD and opened[0].end < token.start for token in cursor.tokens)
    )


def _reading(cursor: Cursor, grammar: Grammar) -> Reading:
    start = cursor.at
    is_extension = cursor.skip(Kind.EXTENSION)
    limit, clock_before = _limit(cursor)
    vague = _vague(cursor, start)
    if vague is not None:
        return vague
    first = cursor.at
    when = _when(cursor, limit, is_extension=is_extension)
    clock_after = _skip_clock(cursor)
    if cursor.skip(Kind.APPROXIMATE):
        return Vague(cursor.text_since(start))
    if isinstance(when, CalendarPeriod | WeekdayName) and cursor.next_is(Kind.WORD) and limit in _RELATIONS:
        cursor.at = first
        when = None
    if when is None:
        when = _event(cursor, limit)
    if cursor.next_is(Kind.WORD):
        raise UnreadableError(Problem.UNKNOWN_WORDS, cursor.rest())
    if isinstance(when, Duration) and limit is Limit.AFTER and not grammar.after_span_is_deadline:
        raise UnreadableError(Problem.NOT_A_DEADLINE, cursor.cleaned)
    return Deadline(limit, when, has_clock_time=clock_before or clock_after)


def _skip_clock(cursor: Cursor) -> bool:
    """Pass over what may stand behind a time: "at noon", "at the latest"; tell whether an hour did."""
    start = cursor.at
    while cursor.skip(Kind.CLOCK, Kind.MOST, Kind.LATEST) or cursor.follows(Kind.IN, Kind.CLOCK):
        cursor.skip(Kind.IN)
    return any(token.kind is Kind.CLOCK for token in cursor.tokens[start : cursor.at])


def _limit(cursor: Cursor) -> tuple[Limit, bool]:
    """Take the limit, and tell whether an hour of the day stood in it: by noon on 4 May."""
    kinds = set()
    while cursor.next_is(Kind.MOST, Kind.CLOCK, *_LIMITS):
        kinds.add(cursor.take().kind)
    found = {_LIMITS.get(kind, Limit.NONE) for kind in kinds}
    if {Limit.BEFORE, Limit.AFTER} <= found:
        raise UnreadableError(Problem.NOT_A_DEADLINE, cursor.cleaned)
    limit = next((limit for limit in _STRONGEST_FIRST if limit in found), Limit.NONE)
    return limit, Kind.CLOCK in kinds


def _vague(cursor: Cursor, start: int) -> Vague | None:
    mark = cursor.at
    if cursor.skip(Kind.APPROXIMATE):
        _limit(cursor)
        _when(cursor, Limit.NONE, is_extension=False)
        _refuse_tail(cursor)
        return Vague(cursor.text_since(start))
    cursor.skip(Kind.NEXT, Kind.THIS, Kind.OF)
    if cursor.next_is(Kind.VAGUE, Kind.SEASON, Kind.FEW, Kind.UNITS):
        kind = cursor.take().kind
        cursor.skip(Kind.FEW, Kind.UNITS, Kind.UNIT, Kind.NEXT, Kind.THIS)
        if kind is Kind.SEASON:
            cursor.skip(Kind.OF, Kind.NUMBER, Kind.UNIT, Kind.NEXT, Kind.THIS, Kind.HIJRI_MARK)
        _refuse_tail(cursor)
        return Vague(cursor.text_since(start), is_haste=kind is Kind.VAGUE)
    cursor.at = mark
    return None


def _refuse_tail(cursor: Cursor) -> None:
    """An event may follow "a few days": the phrase stays vague. Other words may mean anything."""
    if cursor.next_is(Kind.AFTER, Kind.BEFORE, Kind.WHEN, Kind.OF):
        cursor.event_text()
    if cursor.next_is(Kind.WORD):
        raise UnreadableError(Problem.UNKNOWN_WORDS, cursor.rest())


def _when(cursor: Cursor, limit: Limit, *, is_extension: bool) -> When | None:
    found: When | None = today(cursor) or weekday(cursor) or named_day(cursor) or named_period(cursor)
    if found is not None or limit is Limit.BEFORE:
        return found
    span = _span(cursor)
    return None if span is None else _duration(cursor, span, is_extension=is_extension)


def _span(cursor: Cursor) -> Span | None:
    """30 days, the next 30 days, thirty working days, a month, شهرين."""
    mark = cursor.at
    count, is_working = 1, False
    numbered = False
    while cursor.next_is(Kind.NEXT, Kind.WORKING, Kind.EXTENSION) or (
        cursor.next_is(Kind.NUMBER) and not numbered
    ):
        token = cursor.take()
        is_working = is_working or token.kind is Kind.WORKING
        if token.kind is Kind.NUMBER:
            count, numbered = token.value, True
    unit = cursor.take_one(Kind.SPAN, Kind.UNIT, Kind.UNITS)
    if unit is None or unit.unit is None or not _can_count(unit, numbered=numbered):
        cursor.at = mark
        return None
    count = unit.value if unit.kind is Kind.SPAN else count
    if not numbered and cursor.next_is(Kind.NUMBER) and cursor.tokens[cursor.at].value == count:
        cursor.take()
    cursor.skip(Kind.NEXT)
    is_working = cursor.skip(Kind.WORKING) or is_working
    if not is_working:
        return Span(count, unit.unit)
    if unit.unit is not Unit.DAY:
        raise UnreadableError(Problem.UNKNOWN_WORDS, cursor.text_since(mark))
    return Span(count, Unit.WORKING_DAY)


def _can_count(unit: Token, *, numbered: bool) -> bool:
    """A dual carries its number; a half or a quarter without one may be of anything."""
    if unit.kind is Kind.SPAN:
        return not numbered
    return numbered or unit.unit not in (Unit.HALF_YEAR, Unit.QUARTER)


def _duration(cursor: Cursor, span: Span, *, is_extension: bool) -> Duration:
    is_extension = cursor.skip(Kind.EXTENSION) or is_extension
    cursor.skip(Kind.MOST)
    if not cursor.next_is(Kind.OF, Kind.AFTER, Kind.BEFORE, Kind.NOW, Kind.WHEN):
        return Duration(span, is_extension=is_extension)
    relation = Relation.BEFORE if cursor.take().kind is Kind.BEFORE else Relation.AFTER
    cursor.skip(Kind.OF, Kind.AFTER)
    return Duration(span, _start(cursor), relation, is_extension=is_extension)


def _start(cursor: Cursor) -> DayDate | CalendarPeriod | Event | None:
    """What a span is counted from: a named day, an event, or (None) the anchor itself."""
    if cursor.previous_is(Kind.NOW) or cursor.skip(Kind.NOW) or _is_today(cursor):
        return None
    mark = cursor.at
    cursor.skip(Kind.ISSUE, Kind.OF)
    day = named_day(cursor)
    if day is not None and not cursor.next_is(Kind.WORD):
        return day
    cursor.at = mark
    period = named_period(cursor)
    if period is not None and period.part is Part.END and not cursor.next_is(Kind.WORD):
        return period
    is_period = period is not None and not cursor.next_is(Kind.WORD)
    cursor.at = mark
    if is_period or today(cursor) is not None or weekday(cursor) is not None:
        raise UnreadableError(Problem.INCOMPLETE, cursor.cleaned)
    cursor.at = mark
    return _event(cursor, Limit.AFTER)


def _is_today(cursor: Cursor) -> bool:
    mark = cursor.at
    if today(cursor) == Today(0):
        return True
    cursor.at = mark
    return False


def _event(cursor: Cursor, limit: Limit) -> Event:
    if limit not in _RELATIONS and not cursor.next_is(Kind.END):
        detail = cursor.rest() or cursor.cleaned
        raise UnreadableError(Problem.UNKNOWN_WORDS if cursor.has(Kind.WORD) else Problem.INCOMPLETE, detail)
    mark = cursor.at
    if _span(cursor) is not None:
        raise UnreadableError(Problem.NOT_A_DEADLINE, cursor.cleaned)
    cursor.skip(Kind.ISSUE, Kind.OF, Kind.THIS)
    is_act = cursor.skip(Kind.ACT) and (cursor.is_done or cursor.next_is(Kind.SEPARATOR))
    cursor.at = mark
    text = cursor.event_text()
    if not text:
        raise UnreadableError(Problem.INCOMPLETE, cursor.cleaned)
    if any(token.kind is Kind.WORD and token.text[0].isdigit() for token in cursor.tokens[mark : cursor.at]):
        raise UnreadableError(Problem.UNKNOWN_WORDS, text)  # "by 4.5 months" waits for no event
    return Event(text, is_act=is_act)
