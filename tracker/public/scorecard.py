"""How one body keeps its word, in figures that are told with the rule by which they were counted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Case, Count, DateField, DurationField, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Coalesce

from pledges.deadlines.lapse import local_day
from pledges.deadlines.timeliness import Timeliness
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


def scorecard(pledges: PledgeQuerySet, tally: Tally, moment: Moment) -> Scorecard:
    """Read the figures of `pledges`, which `tally` counted at `moment`: two statements, whatever the rows."""
    counts = outcomes(tally)
    whole = sum(counts[each] for each in DECIDED)
    zones, extensions, extended = _extensions(pledges)
    return Scorecard(
        decided=[Line(each, str(LABELS[each]), counts[each], share(counts[each], whole)) for each in DECIDED],
        undecided=[
            Line(each, str(LABELS[each]), counts[each], None)
            for each in Outcome
            if each not in DECIDED and counts[each]
        ],
        median_late=_median_late(pledges, zones, counts[Outcome.LATE] + counts[Outcome.OVERDUE], moment),
        extensions=extensions,
        extended=extended,
    )


def share(count: int, whole: int) -> int | None:
    """Return a share in per cent, or None where too few were decided for one to mean anything."""
    return round(100 * count / whole) if whole >= LEAST_FOR_SHARES else None


def _extensions(pledges: PledgeQuerySet) -> tuple[list[str], int, int]:
    """Return the time zones of `pledges`, and how many extensions there were, of how many pledges."""
    is_extension = Q(deadlines__kind=DeadlineKind.EXTENSION)
    rows = list(
        pledges.order_by()
        .values("time_zone")
        .annotate(
            extensions=Count("deadlines", filter=is_extension, distinct=True),
            extended=Count("pk", filter=is_extension, distinct=True),
        )
        .values_list("time_zone", "extensions", "extended")
    )
    return [zone for zone, *_ in rows], sum(row[1] for row in rows), sum(row[2] for row in rows)


def _median_late(pledges: PledgeQuerySet, zones: Collection[str], count: int, moment: Moment) -> int | None:
    """Return the lower median of the days late of the `count` late ones; the database sorts them."""
    if not count:
        return None
    today = Case(
        *(When(time_zone=zone, then=Value(local_day(moment.now, zone))) for zone in zones),
        output_field=DateField(),
    )
    late_by = ExpressionWrapper(
        Coalesce("met_on", today) - F("current_deadline__latest"), output_field=DurationField()
    )
    when = moment.conditions()
    late = pledges.filter(
        when[Timeliness.MET_LATE] | when[Timeliness.OVERDUE] | when[Timeliness.LONG_OVERDUE]
    )
    by_days = late.annotate(late_by=late_by).order_by("late_by").values_list("late_by", flat=True)
    # None at all where one was taken off since they were counted, in another statement.
    return next((found.days for found in by_days[(count - 1) // 2 :][:1]), None)
