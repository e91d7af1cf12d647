"""What a phrase says, free of any language: the meeting point of the grammars and the rules."""

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    HOUR = "hour"
    DAY = "day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class Limit(StrEnum):
    """The word that ties the promise to a time: within a month, by May, before May, in May, after May."""

    NONE = "none"
    WITHIN = "within"
    BY = "by"
    BEFORE = "before"
    IN = "in"
    AFTER = "after"


class Part(StrEnum):
    WHOLE = "whole"
    EARLY = "early"
    MID = "mid"
    LATE = "late"
    END = "end"


class Turn(StrEnum):
    """Which one of a recurring thing: this month, next month, or simply "March"."""

    UNSAID = "unsaid"
    THIS = "this"
    NEXT = "next"


class Relation(StrEnum):
    AFTER = "after"
    BEFORE = "before"
    BY = "by"


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: 30 days, three months."""

    count: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Today:
    """Today, tomorrow, the day after tomorrow: the anchor and `days` more."""

    days: int


@dataclass(frozen=True, slots=True)
class WeekdayName:
    """A day of the week, Monday = 0."""

    weekday: int
    turn: Turn = Turn.UNSAID


@dataclass(frozen=True, slots=True)
class DayDate:
    """A named day. Year 0 and month 0 mean unsaid."""

    day: int
    month: int = 0
    year: int = 0
    hijri: bool = False
    weekday: int | None = None
    year_turn: Turn = Turn.UNSAID


@dataclass(frozen=True, slots=True)
class CalendarPeriod:
    """A named stretch of the calendar: March 2026, the third quarter, next year, the week.

    `index` is the month, quarter or half (from 1; 0 = the one given by `turn`); year 0 means unsaid
    and `year_turn` then may say "of next year".
    """

    unit: Unit
    index: int = 0
    year: int = 0
    turn: Turn = Turn.UNSAID
    year_turn: Turn = Turn.UNSAID
    part: Part = Part.WHOLE
    hijri: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """Something that has no date yet, in the words of the phrase."""

    text: str
    is_act: bool = False


@dataclass(frozen=True, slots=True)
class Duration:
    """A span, and where it starts: the anchor (None), a named day, the end of a period or an event."""

    span: Span
    start: DayDate | CalendarPeriod | Event | None = None
    relation: Relation = Relation.AFTER
    is_extension: bool = False


When = Today | WeekdayName | DayDate | CalendarPeriod | Event | Duration


@dataclass(frozen=True, slots=True)
class Deadline:
    limit: Limit
    when: When
    has_clock_time: bool = False


@dataclass(frozen=True, slots=True)
class Vague:
    """A phrase that promises no date: soon, in the coming weeks, by spring.

    `is_haste` marks words that only press on, and so leave a date beside them as it is: "as soon as
    possible within 30 days".
    """

    text: str
    is_haste: bool = False


Reading = Deadline | Vague
