"""The time line of a pledge as a drawing: where each day stands on an axis. Pure: no queries, no clock.

Places along the axis are shares of its width and heights are pixels, so that the drawing fills a wide page
and a phone alike while its figures keep their size.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import get_language_bidi, gettext

from pledges.readings import Lateness, day_count

from .ledger import LedgerLine
from .standing import Standing
from .timeline_days import Day, DayKind, days_of

# The narrowest axis we draw for: a page of 320 px less its margins.
NARROWEST = 280
# Two numbered marks on one level need this many pixels from centre to centre.
APART = 24
LEVEL_HEIGHT = 26
# Room at both ends for half a mark, in per cent.
EDGE = 5.0
# Half the thickness of a period on the axis, in pixels: they differ by more than colour.
HALVES = {"given": 2, "moved": 4, "late": 7, "open": 3}
MOST_TICKS = 6
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 1000)


class PeriodKind(StrEnum):
    GIVEN = "given"
    MOVED = "moved"
    LATE = "late"
    OPEN = "open"


@dataclass(frozen=True)
class Mark:
    """A numbered mark; `level` 0 stands on the axis, higher ones above it."""

    number: int
    day: Day
    place: float
    level: int

    @property
    def x(self) -> str:
        return percent(self.place)

    @property
    def rise(self) -> int:
        """How far above the axis, in pixels."""
        return self.level * LEVEL_HEIGHT


@dataclass(frozen=True)
class Period:
    """A stretch of the axis from place `first` to place `last`, in the order of time."""

    kind: PeriodKind
    first: float
    last: float
    label: str

    @property
    def x(self) -> str:
        return percent(min(self.first, self.last))

    @property
    def width(self) -> str:
        return percent(abs(self.last - self.first))

    @property
    def half(self) -> int:
        return HALVES[self.kind]

    @property
    def height(self) -> int:
        return 2 * self.half

    @property
    def anchor(self) -> str:
        """The end that its label is tied to: the one with more than half of the axis beside it."""
        middle = (self.first + self.last) / 2
        is_in_first_half = middle < 50 if self.first <= self.last else middle > 50
        return "start" if is_in_first_half else "end"

    @property
    def label_x(self) -> str:
        return percent(self.first if self.anchor == "start" else self.last)


@dataclass(frozen=True)
class Tick:
    year: date
    place: float

    @property
    def x(self) -> str:
        return percent(self.place)


@dataclass(frozen=True, kw_only=True)
class Drawing:
    marks: tuple[Mark, ...]
    periods: tuple[Period, ...]
    ticks: tuple[Tick, ...]

    @property
    def axis_y(self) -> int:
        """How far below its upper edge the axis lies, in pixels."""
        return max(mark.rise for mark in self.marks) + LEVEL_HEIGHT // 2 + 1

    @property
    def height(self) -> int:
        return self.axis_y + (54 if self.ticks else 34)


@dataclass(frozen=True)
class Axis:
    """Days as places in per cent, mirrored where the reader reads from right to left."""

    first: date
    last: date
    is_mirrored: bool = False

    def place(self, on: date) -> float:
        span = (self.last - self.first).days
        share = (on - self.first).days / span if span else 0.5
        place = EDGE + (100 - 2 * EDGE) * share
        return 100 - place if self.is_mirrored else place


def drawing_of(standing: Standing, ledger: Sequence[LedgerLine], *, closed_on: date | None) -> Drawing:
    """Draw a pledge at one moment, in the active language and its direction; see `days_of`."""
    days = days_of(standing, ledger, closed_on=closed_on)
    return draw(days, standing.late, is_mirrored=get_language_bidi())


def draw(days: Sequence[Day], late: Lateness, *, is_mirrored: bool) -> Drawing:
    """Lay out `days`, given in their order: at least one."""
    axis = Axis(days[0].on, days[-1].on, is_mirrored)
    places = [axis.place(day.on) for day in days]
    marks = [
        Mark(number, day, place, level)
        for number, (day, place, level) in enumerate(zip(days, places, levels(places), strict=True), 1)
    ]
    return Drawing(marks=tuple(marks), periods=tuple(_periods(days, late, axis)), ticks=tuple(_ticks(axis)))


def levels(places: Sequence[float]) -> list[int]:
    """Return for each place the lowest level on which it touches no mark before it."""
    taken: list[float] = []
    chosen = []
    for place in places:
        free = (n for n, last in enumerate(taken) if abs(place - last) * NARROWEST / 100 >= APART)
        level = next(free, len(taken))
        taken[level : level + 1] = [place]
        chosen.append(level)
    return chosen


def _periods(days: Sequence[Day], late: Lateness, axis: Axis) -> list[Period]:
    said = next(day.on for day in days if day.kind is DayKind.SAID)
    stretches: list[tuple[PeriodKind, date, date, str]] = []
    if late.first:
        given = min(late.first, late.current or late.first)
        stretches.append((PeriodKind.GIVEN, said, given, gettext("time given")))
    if late.first and late.current and late.slip:
        label = gettext("added by moves: %(days)s") % {"days": day_count(late.slip)}
        stretches.append((PeriodKind.MOVED, late.first, late.current, label))
    if late.current and late.until:
        label = gettext("%(days)s late") % {"days": day_count((late.until - late.current).days)}
        stretches.append((PeriodKind.LATE, late.current, late.until, label))
    if not late.current:
        stretches.append((PeriodKind.OPEN, late.first or said, axis.last, gettext("no due date")))
    return [
        Period(kind, axis.place(first), axis.place(last), label)
        for kind, first, last, label in stretches
        if first < last
    ]


def _ticks(axis: Axis) -> list[Tick]:
    """Mark years, so many that they can be told apart."""
    years = range(axis.first.year + 1, axis.last.year + 1)
    step = next(each for each in YEAR_STEPS if len(years) <= MOST_TICKS * each)
    starts = [date(year, 1, 1) for year in years if year % step == 0]
    return [Tick(start, axis.place(start)) for start in starts]


def percent(place: float) -> str:
    """Write a share for an attribute, with a point in every language."""
    return f"{place:.2f}%"
