"""How one body keeps its word, in figures that are told with the rule by which they were counted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    DateField,
    DurationField,
    ExpressionWrapper,
    F,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from pledges.deadlines.lapse import local_day
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Deadline
from pledges.models.choices import DeadlineKind
from pledges.models.pledge_query import PledgeQuerySet

from .moment import Moment
from .outcomes import DECIDED, LABELS, Outcome, outcomes
from .tally import Tally

# With fewer, a single pledge would move a share by a fifth or more: that looks exact and is not.
LEAST_FOR_SHARES = 6


@dataclass(frozen=True)
class Line:
    """Pledges with one outcome; `share` in per cent of all decided ones, None where none is said."""

    outcome: Outcome
    label: str
    count: int
    share: int | None


@dataclass(frozen=True, kw_only=True)
class Scorecard:
    """`median_late` in whole days over those fulfilled late or overdue, against the date in force.

    It is the lower median: at least half of them were late by no more than this.
    """

    decided: Sequence[Line]
    undecided: Sequence[Line]
    median_late: int | None
    extensions: int
    extended: int
    least: int = LEAST_FOR_SHARES

    @property
    def decided_count(self) -> int:
        return sum(line.count for line in self.decided)

    @property
    def late_count(self) -> int:
        return sum(line.count for line in self.decided if line.outcome in (Outcome.LATE, Outcome.OVERDUE))

    @property
    def has_shares(self) -> bool:
        return self.decided_count >= self.least


def figures(pledges: PledgeQuerySet, tally: Tally, moment: Moment) -> dict[str, Subquery]:
    """Return what to annotate a body with for `scorecard`: no statement more, whatever the rows.

    `tally` counted the `pledges` of the body at `moment`, by zone.
    """
    extensions = Deadline.objects.filter(kind=DeadlineKind.EXTENSION, pledge__in=pledges)
    return {
        "extensions": CountedExtensions(extensions.order_by().values(of=F("pledge"))),
        "median_late": Subquery(_median_late(pledges, tally, moment)),
    }


class CountedExtensions(Subquery):
    """How many rows there are, and of how many pledges, in one reading: such as "12 5"."""

    template = "(SELECT COUNT(*) || ' ' || COUNT(DISTINCT counted.of) FROM (%(subquery)s) AS counted)"
    output_field = CharField()


def scorecard(body: Body, tally: Tally) -> Scorecard:
    """Read a body with its `figures`, and the `tally` that they were made with."""
    counts = outcomes(tally)
    whole = sum(counts[each] for each in DECIDED)
    median: timedelta | None = getattr(body, "median_late")  # noqa: B009  (annotated, as is the next)
    extensions, extended = map(int, getattr(body, "extensions").split())  # noqa: B009
    return Scorecard(
        decided=[Line(each, str(LABELS[each]), counts[each], share(counts[each], whole)) for each in DECIDED],
        undecided=[
            Line(each, str(LABELS[each]), counts[each], None)
            for each in Outcome
            if each not in DECIDED and counts[each]
        ],
        median_late=None if median is None else median.days,
        extensions=extensions,
        extended=extended,
    )


def share(count: int, whole: int) -> int | None:
    """Return a share in per cent, or None where too few were decided for one to mean anything."""
    return round(100 * count / whole) if whole >= LEAST_FOR_SHARES else None


def _median_late(pledges: PledgeQuerySet, tally: Tally, moment: Moment) -> "QuerySet[Any, Any]":
    """Return the lower median of how late the late ones are, at most one row; the database sorts them."""
    counts = outcomes(tally)
    count = counts[Outcome.LATE] + counts[Outcome.OVERDUE]
    zones = {cell.zone for cell in tally.cells}
    today = Case(
        *(When(time_zone=zone, then=Value(local_day(moment.now, zone))) for zone in sorted(zones)),
        output_field=DateField(),
    )
    late_by = ExpressionWrapper(
        Coalesce("met_on", today) - F("current_deadline__latest"), output_field=DurationField()
    )
    when = moment.conditions()
    late = pledges.filter(
        when[Timeliness.MET_LATE] | when[Timeliness.OVERDUE] | when[Timeliness.LONG_OVERDUE]
    )
    middle = max(count - 1, 0) // 2
    return late.annotate(late_by=late_by).order_by("late_by").values("late_by")[middle : middle + 1]
