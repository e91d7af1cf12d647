"""Counts of pledges by what the clock and the evidence say.

To count millions takes a database seconds, and tells a reader no more than "more than 10,000" does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import ExtractYear

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Pledge
from pledges.models.choices import OPEN_STATUSES, Publication
from pledges.models.pledge_query import PledgeQuerySet
from pledges.readings import LATE

from .moment import Moment

MOST_COUNTED = 10_000


@dataclass(frozen=True)
class Cell:
    timeliness: Timeliness
    status: str
    action: str
    count: int
    # Of the due date in force; None also where years are not told apart.
    year: int | None = None
    # Empty also where zones are not told apart.
    zone: str = ""

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
class Total:
    """How many there are; `is_capped` when there are more than `number`."""

    number: int
    is_capped: bool = False

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class Tally:
    """Counts of pledges; none when `is_capped`, because there are more than `most`."""

    cells: tuple[Cell, ...]
    is_capped: bool = False
    most: int = field(default=MOST_COUNTED, compare=False)

    def count(self, **wanted: str) -> int:
        """Return how many pledges have the given timeliness, status and action."""
        return sum(cell.count for cell in self.cells if cell.has(**wanted))


def tally(
    pledges: PledgeQuerySet,
    moment: Moment,
    *,
    by_year: bool = False,
    by_zone: bool = False,
    most: int | None = None,
) -> Tally:
    """Count `pledges` by timeliness, status and action, unless there are more than `most` or MOST_COUNTED.

    `by_year` also by the year of the due date in force, `by_zone` also by their time zones.

    One statement, which finds out first whether there are too many, and returns no more rows than there are
    such combinations. Where it returns nothing, another asks which of the two it was.
    """
    most = most or MOST_COUNTED
    too_many = pledges.order_by()[most : most + 1]
    of_year = ExtractYear("current_deadline__latest") if by_year else Value(None, IntegerField())
    of_zone = F("time_zone") if by_zone else Value("", CharField())
    rows = pledges.filter(~Exists(too_many)).order_by()
    told_apart = rows.annotate(clock=moment.clock(), year=of_year, zone=of_zone)
    found = told_apart.values_list("clock", "status", "action", "year", "zone").annotate(count=Count("pk"))
    cells = tuple(
        Cell(Timeliness(clock), status, action, count, year, zone)
        for clock, status, action, year, zone, count in found
    )
    return Tally(cells, is_capped=not cells and too_many.exists(), most=most)


def total(rows: "QuerySet[Any]", most: int | None = None) -> Total:
    """Count `rows` by a statement that stops at `most` or MOST_COUNTED."""
    most = most or MOST_COUNTED
    count = rows.order_by()[: most + 1].count()
    return Total(min(count, most), count > most)


def total_of(tally: Tally, rows: "QuerySet[Any]", **wanted: str) -> Total:
    """Return how many `rows` there are: what `tally` says of those `wanted`, unless it did not count all."""
    if not tally.is_capped:
        return Total(tally.count(**wanted))
    return total(rows, tally.most) if any(wanted.values()) else Total(tally.most, is_capped=True)


def count_pledges(subjects: Sequence[Case | Body], moment: Moment) -> dict[int, tuple[int, int]]:
    """Return by body or case the numbers of its published and of its overdue pledges. One statement."""
    if not subjects:
        return {}
    shown = Q(pledges__publication=Publication.PUBLISHED)
    late = shown & Q(pledges__status__in=OPEN_STATUSES, pledges__lapses_at__lte=moment.now)
    rows = type(subjects[0])._default_manager.filter(pk__in=[each.pk for each in subjects])
    counts = (
        rows.order_by()
        .values_list("pk")
        .annotate(
            shown=Count("pledges", filter=shown),
            late=Count("pledges", filter=late),
        )
    )
    return {pk: (shown, late) for pk, shown, late in counts}


def number_of_pledges() -> Subquery:
    """How many published pledges a case has, to annotate it with."""
    of_case = Pledge.objects.published().filter(case=OuterRef("pk")).order_by().values("case")
    return Subquery(of_case.annotate(number=Count("pk")).values("number"))
