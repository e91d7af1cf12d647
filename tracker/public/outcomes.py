"""What came of a pledge: the clock and the evidence read together, in one word. Pure.

The rule is the same wherever pledges are counted by it, and it is told beside the figures.
"""

from collections import Counter
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pledges.deadlines.timeliness import Timeliness
from pledges.models.choices import Status
from pledges.readings import LATE

from .tally import Tally


class Outcome(StrEnum):
    """In the order in which they are told and drawn."""

    IN_TIME = "in_time"
    LATE = "late"
    UNTIMED = "untimed"
    OVERDUE = "overdue"
    REFUSED = "refused"
    UNVERIFIABLE = "unverifiable"
    AHEAD = "ahead"
    UNDATED = "undated"


LABELS: dict[Outcome, Promise] = {
    Outcome.IN_TIME: _("Fulfilled in time"),
    Outcome.LATE: _("Fulfilled late"),
    Outcome.UNTIMED: _("Fulfilled, no date was in force"),
    Outcome.OVERDUE: _("Overdue"),
    Outcome.REFUSED: _("Refused or withdrawn"),
    Outcome.UNVERIFIABLE: _("Unverifiable"),
    Outcome.AHEAD: _("Open, not due yet"),
    Outcome.UNDATED: _("Open, without a due date"),
}
# Something came of these. The others are open still, or public evidence can't tell.
DECIDED = (Outcome.IN_TIME, Outcome.LATE, Outcome.UNTIMED, Outcome.OVERDUE, Outcome.REFUSED)
BY_CLOCK = {
    Timeliness.MET_ON_TIME: Outcome.IN_TIME,
    Timeliness.MET_LATE: Outcome.LATE,
    **dict.fromkeys(LATE, Outcome.OVERDUE),
    Timeliness.DUE_SOON: Outcome.AHEAD,
    Timeliness.UPCOMING: Outcome.AHEAD,
    Timeliness.NO_DATE: Outcome.UNDATED,
    Timeliness.AWAITING_TRIGGER: Outcome.UNDATED,
}
CLOSED = {
    Status.FULFILLED: Outcome.UNTIMED,
    Status.REFUSED: Outcome.REFUSED,
    Status.WITHDRAWN: Outcome.REFUSED,
    Status.UNVERIFIABLE: Outcome.UNVERIFIABLE,
}


def outcome(timeliness: Timeliness, status: str) -> Outcome:
    """Return what came of pledges with this timeliness and delivery."""
    if timeliness is Timeliness.CLOSED:
        return CLOSED[Status(status)]
    return BY_CLOCK[timeliness]


def outcomes(tally: Tally) -> Counter[Outcome]:
    counts: Counter[Outcome] = Counter()
    for cell in tally.cells:
        counts[outcome(cell.timeliness, cell.status)] += cell.count
    return counts


def outcomes_by_year(tally: Tally) -> dict[int | None, Counter[Outcome]]:
    """Read a tally by year: the outcomes of each year of a due date in force, and under None of no date."""
    counts: dict[int | None, Counter[Outcome]] = {}
    for cell in tally.cells:
        counts.setdefault(cell.year, Counter())[outcome(cell.timeliness, cell.status)] += cell.count
    return counts
