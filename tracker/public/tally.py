"""Counts of pledges by what the clock and the evidence say.

To count millions takes a database seconds, and tells a reader no more than "more than 10,000" does.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Case as Choice
from django.db.models import (
    CharField,
    Count,
    Exists,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import ExtractYear

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Pledge
from pledges.models.choices import OPEN_STATUSES
from pledges.models.pledge_query import PledgeQuerySet
from pledges.readings import LATE

from .moment import Moment

MOST_COUNTED = 10_000
# Of each case or body of a list, where many are counted at once.
MOST_IN_ROW = 200
Subject = TypeVar("Subject", Case, Body)
# What the clock says, the status and the action of a pledge.
Kind = tuple[str, str, str]


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
class Total:
    """How many there are; `is_capped` when there are more than `number`."""

    number: int
    is_capped: bool = False

    def __bool__(self) -> bool:
        return self.number > 0


@dataclass(frozen=True)
class Numbers:
    """How many published pledges a case or a body has, and how many of them are overdue.

    None are said to be overdue where not all were counted: the rest may be, or not.
    """

    pledges: Total
    overdue: int | None


@dataclass(frozen=True)
class Tally:
    """Counts of pledges; none when `is_capped`, because there are too many."""

    cells: tuple[Cell, ...]
    is_capped: bool = False

    def count(self, **wanted: str) -> int:
        """Return how many pledges have the given timeliness, status and action."""
        return sum(cell.count for cell in self.cells if cell.has(**wanted))


def tally(
    pledges: PledgeQuerySet,
    moment: Moment,
    *,
    by_year: bool = False,
    are_any: bool = False,
    most: int | None = None,
) -> Tally:
    """Count `pledges` by timeliness, status and action, unless there are more than `most` or MOST_COUNTED.

    `by_year` also by the year of the due date in force.

    One statement, which finds out first whether there are too many, and returns no more rows than there are
    such combinations. Where it returns nothing, there are none or too many: another asks which, unless the
    caller knows that there `are_any`.
    """
    most = most or MOST_COUNTED
    too_many = pledges.order_by()[most : most + 1]
    of_year = ExtractYear("due_on") if by_year else Value(None, IntegerField())
    rows = pledges.filter(~Exists(too_many)).order_by()
    told_apart = rows.annotate(clock=moment.clock(), year=of_year)
    found = told_apart.values_list("clock", "status", "action", "year").annotate(count=Count("pk"))
    cells = tuple(
        Cell(Timeliness(clock), status, action, count, year) for clock, status, action, year, count in found
    )
    return Tally(cells, is_capped=not cells and (are_any or too_many.exists()))


def tally_of(kinds: Mapping[Kind, int]) -> Tally:
    """Return the tally of pledges that were counted by kind."""
    return Tally(tuple(Cell(Timeliness(kind[0]), *kind[1:], count) for kind, count in kinds.items()))


def total(rows: "QuerySet[Any]", most: int | None = None) -> Total:
    """Count `rows` by a statement that stops at `most` or MOST_COUNTED."""
    most = most or MOST_COUNTED
    count = rows.order_by()[: most + 1].count()
    return Total(min(count, most), count > most)


def totals(tables: "Iterable[QuerySet[Any]]", beside: "QuerySet[Any]") -> list[Total]:
    """Count the rows of several tables as `total` does, in one statement.

    It is asked beside any one row of another table, and returns nothing where that has none.
    """
    counted = [CountedSoFar(rows.order_by().values("pk")[: MOST_COUNTED + 1]) for rows in tables]
    found = beside.order_by().values_list(*counted)[:1]
    return [Total(min(count, MOST_COUNTED), count > MOST_COUNTED) for row in found for count in row]


def total_of(tally: Tally, rows: "QuerySet[Any]", **wanted: str) -> Total:
    """Return how many `rows` there are: what `tally` says of those `wanted`, unless it did not count all."""
    if not tally.is_capped:
        return Total(tally.count(**wanted))
    return total(rows) if any(wanted.values()) else Total(MOST_COUNTED, is_capped=True)


def with_numbers(subjects: "QuerySet[Subject]", moment: Moment, most: int) -> "QuerySet[Subject]":
    """Annotate cases or bodies with how many published pledges they have, for `numbers_of` to read.

    Of each no more than `most` and one are counted.
    """
    by = subjects.model._meta.get_field("pledges").remote_field.name
    is_late = Q(status__in=OPEN_STATUSES, lapses_at__lte=moment.now)
    late = When(is_late, then=1)
    own = Pledge.objects.published().filter(**{by: OuterRef("pk")}).order_by()
    counted = own.annotate(late=Choice(late, default=0)).values("late")[: most + 1]
    return subjects.annotate(numbers=CountedRows(counted), most=Value(most))


class CountedSoFar(Subquery):
    """How many rows there are."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


class CountedRows(Subquery):
    """How many rows there are, and the sum of their column `late`, in one reading: such as "12 5"."""

    template = "(SELECT COUNT(*) || ' ' || COALESCE(SUM(late), 0) FROM (%(subquery)s) AS counted)"
    output_field = CharField()


def numbers_of(subject: Case | Body) -> Numbers:
    """Read what `with_numbers` counted."""
    count, late = map(int, getattr(subject, "numbers").split())  # noqa: B009  (annotated, as is the next)
    most: int = getattr(subject, "most")  # noqa: B009
    is_capped = count > most
    return Numbers(Total(min(count, most), is_capped), None if is_capped else late)
