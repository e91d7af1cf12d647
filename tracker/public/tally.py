"""Counts of pledges by what the clock and the evidence say, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, Count, IntegerField, Value, When
from django.db.models.functions import ExtractYear

from pledges.deadlines.timeliness import Timeliness
from pledges.models.pledge_query import PledgeQuerySet
from pledges.readings import LATE

from .moment import Moment


@dataclass(frozen=True)
class Cell:
    timeliness: Timeliness
    status: str
    action: str
    count: int
    # Of the due date in force; None also where years are not told apart.
    year: int | None = None

    def has(self, *, timeliness: str = "", status: str = "", action: str = "") -> bool:
        """Whether these pledges pass; an empty value passes all, "overdue" also the long overdue."""
        return (
            (not timeliness or self.timeliness == timeliness or self._is_late(timeliness))
            and (not status or self.status == status)
            and (not action or self.action == action)
        )

    def _is_late(self, timeliness: str) -> bool:
        return timeliness == Timeliness.OVERDUE and self.timeliness in LATE


@dataclass(frozen=True)
class Tally:
    cells: tuple[Cell, ...]

    def count(self, **wanted: str) -> int:
        """Return how many pledges have the given timeliness, status and action."""
        return sum(cell.count for cell in self.cells if cell.has(**wanted))


def tally(pledges: PledgeQuerySet, moment: Moment, *, by_year: bool = False) -> Tally:
    """Count `pledges` by timeliness, status and action; `by_year` also by the year of the due date in force.

    One statement that reads each pledge once, and returns no more rows than there are such combinations.
    """
    clock = Case(*(When(rule, then=Value(value.value)) for value, rule in moment.conditions().items()))
    year = ExtractYear("current_deadline__latest") if by_year else Value(None, IntegerField())
    rows: Iterable[tuple[str, str, str, int, int | None]] = (
        pledges.order_by()
        .values("status", "action", clock=clock, year=year)
        .annotate(count=Count("pk"))
        .values_list("clock", "status", "action", "count", "year")
    )
    cells = (Cell(Timeliness(when), status, action, n, of) for when, status, action, n, of in rows)
    return Tally(tuple(cells))
