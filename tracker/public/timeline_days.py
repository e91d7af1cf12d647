"""The days that count in the life of a pledge: what its time line shows. Pure: no queries, no clock."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pledges.models.choices import DeadlineKind, Precision
from pledges.readings import moved_by

from .ledger import LedgerLine
from .standing import Standing


class DayKind(StrEnum):
    SAID = "said"
    # A due date that was in force, and the one that is.
    FORMER = "former"
    DUE = "due"
    MOVED = "moved"
    TODAY = "today"
    MET = "met"
    CLOSED = "closed"


MOVES = {
    DeadlineKind.EXTENSION: _("Extended"),
    DeadlineKind.SHORTENING: _("Shortened"),
    DeadlineKind.CORRECTION: _("Date corrected in this record"),
    DeadlineKind.TRIGGER: _("The event it waited for"),
}


@dataclass(frozen=True)
class Day:
    """One day in the pledge's own time zone, in words of the active language."""

    kind: DayKind
    on: date
    label: str
    note: str = ""
    precision: str = Precision.DAY


def days_of(standing: Standing, ledger: Sequence[LedgerLine], *, closed_on: date | None) -> list[Day]:
    """Return the days of a pledge, the first one first.

    `closed_on` is the day as of which it was judged; it counts only where the pledge is neither open
    nor fulfilled. Days that fall together keep the order in which they came about.
    """
    pledge = standing.pledge
    said = Day(DayKind.SAID, pledge.made_on, gettext("Promised"), "", pledge.made_on_precision)
    found = [said, *_moves(ledger), *_due_dates(standing, ledger), *_end(standing, closed_on)]
    return sorted(found, key=lambda day: day.on)


def _moves(ledger: Sequence[LedgerLine]) -> Iterable[Day]:
    for line in ledger[1:]:
        kind = DeadlineKind(line.deadline.kind)
        # A row that follows another and is called original would be an error of the record, seen there.
        label = str(MOVES.get(kind, kind.label))
        note = "" if line.moved_days is None else moved_by(line.moved_days)
        yield Day(DayKind.MOVED, line.deadline.announced_on, label, note)


def _due_dates(standing: Standing, ledger: Sequence[LedgerLine]) -> Iterable[Day]:
    """Tell each date once: as what it was last."""
    told: dict[date, Day] = {}
    for line, after in zip(ledger, [*ledger[1:], None], strict=True):
        due = line.deadline.latest
        if due is None:
            continue
        if line.is_in_force:
            told[due] = Day(DayKind.DUE, due, gettext("Due"))
        elif after and after.is_correction:
            told[due] = Day(DayKind.FORMER, due, gettext("Due date recorded in error"))
        elif due == standing.late.first:
            told[due] = Day(DayKind.FORMER, due, gettext("First due"))
        else:
            told[due] = Day(DayKind.FORMER, due, gettext("Due, before it was moved"))
    return told.values()


def _end(standing: Standing, closed_on: date | None) -> Iterable[Day]:
    """Return the day to which lateness counts, or that on which the pledge was closed."""
    pledge = standing.pledge
    note = " ".join(str(part) for part in (standing.days, standing.days_unit) if part)
    if pledge.met_on:
        yield Day(DayKind.MET, pledge.met_on, gettext("Fulfilled"), note)
    elif pledge.is_open:
        yield Day(DayKind.TODAY, standing.today, gettext("Today"), note)
    elif closed_on:
        yield Day(DayKind.CLOSED, closed_on, pledge.get_status_display())
