"""How one body keeps its word, in figures that are told with the rule by which they were counted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low
from typing import Any, NamedTuple

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from pledges.deadlines.timeliness import Timeliness, days_late
from pledges.models import Deadline
from pledges.models.choices import OPEN_STATUSES, DeadlineKind
from pledges.models.pledge_query import PledgeQuerySet
from pledges.readings import counted_until

from .keyset import Pick, pick_from
from .moment import Moment
from .outcomes import DECIDED, LABELS, Outcome, outcome, outcomes
from .tally import MOST_COUNTED, Kind, Tally, tally_of

# With fewer, a single pledge would move a share by a fifth or more: that looks exact and is not.
LEAST_FOR_SHARES = 6
WERE_LATE = (Outcome.LATE, Outcome.OVERDUE)


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
        return sum(line.count for line in self.decided if line.outcome in WERE_LATE)

    @property
    def has_shares(self) -> bool:
        return self.decided_count >= self.least


class Facts(NamedTuple):
    """What the figures need of one pledge: a row of the database, lest thousands be made into models."""

    pk: int
    made_on: date
    status: str
    action: str
    met_on: date | None
    due_on: date | None
    time_zone: str
    clock: str
    extensions: int

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def kind(self) -> Kind:
        return self.clock, self.status, self.action

    def days_late(self, moment: Moment) -> int:
        """Return how many days after the date in force it was fulfilled, or has not been yet."""
        until = counted_until(self, now=moment.now)
        if self.due_on is None or until is None:
            raise ValueError("only a pledge with a due date can be late")
        return days_late(latest=self.due_on, until=until)


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is counted of a body: all by kind, the days of each late one, the extensions of each put off.

    `pick` takes the rows of a page from what was counted; None where there are too many to count.
    """

    tally: Tally
    days_late: Sequence[int] = ()
    extensions: Sequence[int] = ()
    pick: Pick | None = None


def figures(pledges: PledgeQuerySet, moment: Moment) -> Figures:
    """Read and count the `pledges` of a body at `moment`; one statement, whatever the rows."""
    rows = [Facts._make(row) for row in _facts(pledges, moment)]
    if len(rows) > MOST_COUNTED:
        return Figures(tally=Tally((), is_capped=True))
    kinds = Counter(row.kind for row in rows)
    late = {kind for kind in kinds if outcome(Timeliness(kind[0]), kind[1]) in WERE_LATE}
    return Figures(
        tally=tally_of(kinds),
        days_late=[row.days_late(moment) for row in rows if row.kind in late],
        extensions=[row.extensions for row in rows if row.extensions],
        pick=pick_from([(row.made_on, row.pk) for row in rows]),
    )


def _facts(pledges: PledgeQuerySet, moment: Moment) -> "QuerySet[Any, Any]":
    """Return the `Facts` of the pledges: of one more than are counted, if there are so many."""
    extensions = Deadline.objects.filter(kind=DeadlineKind.EXTENSION, pledge=OuterRef("pk")).order_by()
    counted = extensions.values("pledge").values(count=Count("pk"))
    told = pledges.annotate(clock=moment.clock(), extensions=Coalesce(Subquery(counted), 0))
    return told.order_by().values_list(*Facts._fields)[: MOST_COUNTED + 1]


def scorecard(counted: Figures) -> Scorecard | None:
    """Return the figures of a body as they are told; None where there are too many to count."""
    if counted.tally.is_capped:
        return None
    counts = outcomes(counted.tally)
    whole = sum(counts[each] for each in DECIDED)
    return Scorecard(
        decided=[Line(each, str(LABELS[each]), counts[each], share(counts[each], whole)) for each in DECIDED],
        undecided=[
            Line(each, str(LABELS[each]), counts[each], None)
            for each in Outcome
            if each not in DECIDED and counts[each]
        ],
        median_late=median_low(counted.days_late) if counted.days_late else None,
        extensions=sum(counted.extensions),
        extended=len(counted.extensions),
    )


def share(count: int, whole: int) -> int | None:
    """Return a share in per cent, or None where too few were decided for one to mean anything."""
    return round(100 * count / whole) if whole >= LEAST_FOR_SHARES else None
