"""The rules by which a promised time becomes days. Ids are stored with dates: never reuse one.

A change in what a rule gives needs a new version, so that a stored date keeps the rule it came from.
docs/deadline-rules.md lists the same table for readers.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from .calendars import Calendar
from .expressions import Span, Unit
from .windows import Note, Precision


class Rule(Enum):
    """A rule and its version."""

    WITHIN_PERIOD = "within-period", 1
    WITHIN_HOURS = "within-hours", 1
    WORKING_DAYS = "working-days", 1
    PERIOD_BEFORE = "period-before", 1
    BY_DATE = "by-date", 1
    BEFORE_DATE = "before-date", 1
    BY_PERIOD = "by-period", 1
    IN_PERIOD = "in-period", 1
    END_OF_PERIOD = "end-of-period", 1
    PART_OF_PERIOD = "part-of-period", 1
    WEEKDAY = "weekday", 1
    RELATIVE_DAY = "relative-day", 1

    @property
    def id(self) -> str:
        return self.value[0]

    @property
    def version(self) -> int:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Days:
    """What a rule gives: the bare window, before it is explained."""

    earliest: date
    latest: date
    precision: Precision
    rule: Rule
    notes: tuple[Note, ...] = ()

    def noting(self, *notes: Note) -> "Days":
        kept = tuple(dict.fromkeys(self.notes + notes))
        return Days(self.earliest, self.latest, self.precision, self.rule, kept)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a phrase is read against: the anchor, the working calendar, and the instant it was said."""

    anchor: date
    calendar: Calendar
    said_at: datetime | None = None
    anchor_label: str = ""


def one_day(day: date, rule: Rule, *notes: Note) -> Days:
    return Days(day, day, Precision.DAY, rule, notes)


def day_of_hours(span: Span, start: date, said_at: datetime | None) -> Days:
    """Return the day on which a count of hours ends, in the zone that `said_at` carries.

    Hours are real hours, also across a DST change. Without an hour of day the pledge gets the benefit
    of the doubt: as if said in the last minute of `start`.
    """
    if said_at is None:
        return one_day(start + timedelta(days=-(-span.count // 24)), Rule.WITHIN_HOURS, Note.UNKNOWN_HOUR)
    end = said_at.astimezone(UTC) + timedelta(hours=span.count)
    return one_day(end.astimezone(said_at.tzinfo).date(), Rule.WITHIN_HOURS)


def day_of_working_days(span: Span, start: date, calendar: Calendar) -> Days:
    day = calendar.after_working_days(start, span.count)
    return one_day(day, Rule.WORKING_DAYS, Note.WORKING_CALENDAR)


PRECISION_OF = {
    Unit.MONTH: Precision.MONTH,
    Unit.QUARTER: Precision.QUARTER,
    Unit.HALF_YEAR: Precision.HALF_YEAR,
    Unit.YEAR: Precision.YEAR,
}
