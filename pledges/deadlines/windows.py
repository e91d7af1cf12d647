"""What reading a deadline phrase gives: a window of days, or a typed "no date" with its reason."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from .expressions import Relation, Span


class Precision(StrEnum):
    """How wide the promised date is. `day` means that earliest and latest are the same day."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"


class NoDateReason(StrEnum):
    VAGUE = "vague"
    EVENT_TIED = "event_tied"
    UNREADABLE = "unreadable"


class Note(StrEnum):
    """An assumption or a limit that the sentence about a date must tell its reader."""

    ALREADY_PAST = "already_past"
    BY_PERIOD = "by_period"
    CLOCK_TIME = "clock_time"
    EXTENSION = "extension"
    HIJRI = "hijri"
    NEXT_SUCH_DATE = "next_such_date"
    PART_OF_PERIOD = "part_of_period"
    PERIOD_FROM_DATE = "period_from_date"
    STARTS_WITH_ANCHOR = "starts_with_anchor"
    UNKNOWN_HOUR = "unknown_hour"
    WEEK_END = "week_end"
    WORKING_CALENDAR = "working_calendar"


class Problem(StrEnum):
    """Why a phrase is unreadable."""

    AMBIGUOUS_DATE = "ambiguous_date"
    AMBIGUOUS_PERIOD = "ambiguous_period"
    AMBIGUOUS_WEEKDAY = "ambiguous_weekday"
    EMPTY = "empty"
    FISCAL_YEAR = "fiscal_year"
    IMPOSSIBLE_DATE = "impossible_date"
    INCOMPLETE = "incomplete"
    NEEDS_COUNTRY = "needs_country"
    NEGATED = "negated"
    NOT_A_DEADLINE = "not_a_deadline"
    OUT_OF_RANGE = "out_of_range"
    SEVERAL_DEADLINES = "several_deadlines"
    UNKNOWN_WORDS = "unknown_words"
    WEEKDAY_MISMATCH = "weekday_mismatch"


@dataclass(frozen=True, slots=True)
class Trigger:
    """The event a deadline hangs on, and how the date follows from the day of that event.

    `span` is None where no period was said: "before the election". `starts_clock` is False where even
    the event gives no date: "after the committee forms".
    """

    text: str
    relation: Relation
    span: Span | None = None

    @property
    def starts_clock(self) -> bool:
        return self.span is not None or self.relation is not Relation.AFTER


@dataclass(frozen=True, slots=True)
class Explanation:
    """The parts of the sentence about a date, in the form in which a database stores them.

    `anchor` is the day from which periods run; `anchor_label` says in words what it is the day of,
    and empty means the day the phrase was said. `country` is set only where its calendar mattered,
    and `calendar_version` then names the table of holidays used. `detail` is the text a problem or
    an event-tied phrase is about.
    """

    phrase: str
    language: str
    anchor: date
    anchor_label: str = ""
    earliest: date | None = None
    latest: date | None = None
    precision: Precision | None = None
    rule: str = ""
    rule_version: int = 0
    notes: tuple[Note, ...] = ()
    country: str = ""
    calendar_version: str = ""
    reason: NoDateReason | None = None
    problem: Problem | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """The due date as promised: it lies in [earliest, latest]; lateness counts from the end of latest."""

    earliest: date
    latest: date
    precision: Precision
    rule: str
    rule_version: int
    explanation: Explanation

    def __post_init__(self) -> None:
        if self.earliest > self.latest:
            raise ValueError(f"window ends before it starts: {self.earliest} > {self.latest}")
        if self.precision is Precision.DAY and self.earliest != self.latest:
            raise ValueError(f"a window of one day has two ends: {self.earliest}, {self.latest}")


@dataclass(frozen=True, slots=True)
class NoDate:
    """The phrase gives no date. `problem`: why it is unreadable; `trigger`: what it waits for."""

    reason: NoDateReason
    explanation: Explanation
    problem: Problem | None = None
    trigger: Trigger | None = None
