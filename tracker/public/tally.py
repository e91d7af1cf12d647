"""Counts of pledges by what the clock and the evidence say, in one statement."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Value

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


def tally(pledges: PledgeQuerySet, moment: Moment) -> Tally:
    """Count `pledges` by timeliness, status and action. One statement, whatever the rows."""
    parts = [
        moment.timely(pledges, value)
        .order_by()
        .values("status", "action")
        .annotate(clock=Value(value.value), count=Count("pk"))
        .values_list("clock", "status", "action", "count")
        for value in Timeliness
    ]
    rows: Iterable[tuple[str, str, str, int]] = parts[0].union(*parts[1:], all=True)
    return Tally(tuple(Cell(Timeliness(when), status, action, n) for when, status, action, n in rows))
