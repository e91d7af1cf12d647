"""From what a phrase says to days: which rule applies, and to which day or period."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta

from .civil import add_span, next_weekday
from .expressions import (
    CalendarPeriod,
    DayDate,
    Deadline,
    Duration,
    Event,
    Limit,
    Relation,
    Today,
    Turn,
    Unit,
    WeekdayName,
)
from .hijri import civil_day, hijri_day
from .lexer import Grammar
from .period_rules import apply_period
from .problems import UnreadableError, VagueError
from .rules import Days, Rule, Setting, day_of_hours, day_of_working_days, one_day
from .windows import Note, Problem, Trigger

_RELATION_OF = {Limit.BEFORE: Relation.BEFORE, Limit.AFTER: Relation.AFTER}
_ONE_DAY = timedelta(days=1)
_YEARS_TO_TRY = 9  # 29 February can be eight years away (1896 to 1904)


def apply(deadline: Deadline, setting: Setting, grammar: Grammar) -> Days | Trigger:
    """Return the days of a deadline, or the trigger it waits for.

    Raises UnreadableError; VagueError where not even the event's day gives a date; OverflowError and
    ValueError where the date lies outside the calendar.
    """
    days = _apply(deadline, setting, grammar)
    if isinstance(days, Trigger):
        return days
    if days.latest < setting.anchor:
        days = days.noting(Note.ALREADY_PAST)
    return days.noting(Note.CLOCK_TIME) if deadline.has_clock_time else days


def _apply(deadline: Deadline, setting: Setting, grammar: Grammar) -> Days | Trigger:
    when, limit = deadline.when, deadline.limit
    if isinstance(when, Duration):
        return _apply_duration(when, setting, grammar)
    if isinstance(when, Event):
        return _apply_event(when, limit, setting, grammar)
    if limit is Limit.AFTER:
        raise UnreadableError(Problem.NOT_A_DEADLINE)
    if isinstance(when, CalendarPeriod):
        return apply_period(when, limit, setting.anchor, setting.calendar, grammar)
    if isinstance(when, Today):
        day = one_day(setting.anchor + timedelta(days=when.days), Rule.RELATIVE_DAY)
    elif isinstance(when, WeekdayName):
        day = _weekday(when, setting.anchor, grammar)
    else:
        day = _day_date(when, setting.anchor, shift=_ONE_DAY if limit is Limit.BEFORE else timedelta())
    if limit is Limit.BEFORE:
        return one_day(day.latest - _ONE_DAY, Rule.BEFORE_DATE, *day.notes)
    return day


def _weekday(when: WeekdayName, anchor: date, grammar: Grammar) -> Days:
    day = next_weekday(anchor, when.weekday)
    is_same_weekday = anchor.weekday() == when.weekday
    is_next = when.turn is Turn.NEXT
    is_same_week = day.isocalendar()[:2] == anchor.isocalendar()[:2]
    if (is_same_weekday and not is_next) or (is_next and is_same_week and grammar.next_weekday_is_ambiguous):
        other = anchor if is_same_weekday else day + timedelta(days=7)
        raise UnreadableError(Problem.AMBIGUOUS_WEEKDAY, " / ".join(sorted((str(day), str(other)))))
    return one_day(day, Rule.WEEKDAY)


def _day_date(when: DayDate, anchor: date, shift: timedelta = timedelta()) -> Days:
    """Return a named day; where parts are unsaid, the next such day whose deadline is not past."""
    notes = [Note.HIJRI] if when.hijri else []
    if when.year:
        day = _existing(when, when.year, when.month)
    elif when.year_turn is not Turn.UNSAID:
        day = _existing(when, _year_of(anchor, when) + (when.year_turn is Turn.NEXT), when.month)
    else:
        notes.append(Note.NEXT_SUCH_DATE)
        day = _first_from(anchor + shift, _candidates(when, anchor))
    if when.weekday is not None and day.weekday() != when.weekday:
        raise UnreadableError(Problem.WEEKDAY_MISMATCH, str(day))
    return one_day(day, Rule.BY_DATE, *notes)


def _existing(when: DayDate, year: int, month: int) -> date:
    make: Callable[[int, int, int], date] = civil_day if when.hijri else date
    try:
        return make(year, month, when.day)
    except (ValueError, OverflowError) as error:
        raise UnreadableError(Problem.IMPOSSIBLE_DATE, f"{year}-{month:02}-{when.day:02}") from error


def _candidates(when: DayDate, anchor: date) -> Iterable[date]:
    first_year = _year_of(anchor, when)
    months = [when.month] if when.month else range(1, 13)
    for year in range(first_year, first_year + _YEARS_TO_TRY):
        for month in months:
            try:
                yield _existing(when, year, month)
            except UnreadableError:
                continue


def _year_of(anchor: date, when: DayDate) -> int:
    return hijri_day(anchor)[0] if when.hijri else anchor.year


def _first_from(start: date, candidates: Iterable[date]) -> date:
    for day in candidates:
        if day >= start:
            return day
    raise UnreadableError(Problem.IMPOSSIBLE_DATE)


def _apply_duration(when: Duration, setting: Setting, grammar: Grammar) -> Days | Trigger:
    if not when.span.count:
        raise UnreadableError(Problem.INCOMPLETE)
    notes = [Note.EXTENSION] if when.is_extension else []
    start, said_at = setting.anchor, setting.said_at
    if isinstance(when.start, DayDate):
        start, said_at = _day_date(when.start, setting.anchor).latest, None
        notes.append(Note.PERIOD_FROM_DATE)
    elif isinstance(when.start, CalendarPeriod):
        start = apply_period(when.start, Limit.NONE, setting.anchor, setting.calendar, grammar).latest
        said_at = None
        notes.append(Note.PERIOD_FROM_DATE)
    elif isinstance(when.start, Event):
        if not _is_anchor(when.start, setting, grammar):
            return Trigger(when.start.text, when.relation, when.span)
        notes.append(Note.STARTS_WITH_ANCHOR)
    if when.relation is Relation.BEFORE:
        return _period_before(when, start).noting(*notes)
    if when.span.unit is Unit.HOUR:
        return day_of_hours(when.span, start, said_at).noting(*notes)
    if when.span.unit is Unit.WORKING_DAY:
        if not setting.calendar.country:
            raise UnreadableError(Problem.NEEDS_COUNTRY)
        return day_of_working_days(when.span, start, setting.calendar).noting(*notes)
    return one_day(add_span(start, when.span), Rule.WITHIN_PERIOD, *notes)


def _period_before(when: Duration, start: date) -> Days:
    if when.span.unit in (Unit.HOUR, Unit.WORKING_DAY):
        raise UnreadableError(Problem.INCOMPLETE)
    return one_day(add_span(start, when.span, sign=-1), Rule.PERIOD_BEFORE)


def _is_anchor(event: Event, setting: Setting, grammar: Grammar) -> bool:
    """Tell whether an event is the one whose day the anchor is.

    With a label: all the words that matter are in it. Without one the anchor is the statement or act
    itself, so only a bare "the decree" or "this decision" is.
    """
    if not setting.anchor_label:
        return event.is_act
    if event.text == setting.anchor_label:
        return True
    words = grammar.content_words(event.text)
    return bool(words) and words <= grammar.content_words(setting.anchor_label)


def _apply_event(event: Event, limit: Limit, setting: Setting, grammar: Grammar) -> Days | Trigger:
    relation = _RELATION_OF.get(limit, Relation.BY)
    if not setting.anchor_label or not _is_anchor(event, setting, grammar):
        return Trigger(event.text, relation)
    if relation is Relation.AFTER:
        raise VagueError
    if relation is Relation.BEFORE:
        return one_day(setting.anchor - _ONE_DAY, Rule.BEFORE_DATE, Note.STARTS_WITH_ANCHOR)
    return one_day(setting.anchor, Rule.BY_DATE, Note.STARTS_WITH_ANCHOR)
