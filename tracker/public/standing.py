"""How a pledge stands at a moment: what the clock says, what the evidence says, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from pledges.deadlines.lapse import local_day
from pledges.deadlines.timeliness import Timeliness
from pledges.evidence import overdue_sentence
from pledges.models import Pledge
from pledges.models.choices import Status
from pledges.models.pledge_query import PledgeQuerySet
from pledges.readings import (
    LATE,
    MET,
    TIMELINESS_LABELS,
    Lateness,
    counted_until,
    day,
    lateness,
    lateness_sentence,
)

from .moment import Moment

VERDICTS = {
    Timeliness.MET_ON_TIME: _("Fulfilled on %(met)s, in time."),
    Timeliness.MET_LATE: _("Fulfilled on %(met)s, after the due date."),
    Timeliness.UPCOMING: _("Not due before the end of %(due)s."),
    Timeliness.DUE_SOON: _("Due by the end of %(due)s."),
    Timeliness.AWAITING_TRIGGER: _("Its time starts with an event that is not on record yet."),
    Timeliness.NO_DATE: _("No date was named, so the clock can't call it late."),
}
CLOSED_VERDICTS = {
    Status.FULFILLED: _("Fulfilled on %(met)s. No due date was in force."),
    Status.REFUSED: _("Refused: the body said that it will not do this."),
    Status.WITHDRAWN: _("Withdrawn: the body took it back."),
    Status.UNVERIFIABLE: _("Unverifiable: public evidence can't show whether it was done."),
}


@dataclass(frozen=True)
class Standing:
    """One pledge at one moment. Needs its deadlines, bodies and case loaded."""

    pledge: Pledge
    timeliness: Timeliness
    late: Lateness
    today: date
    stale: timedelta

    @property
    def label(self) -> str:
        return str(TIMELINESS_LABELS[self.timeliness])

    @property
    def is_late(self) -> bool:
        return self.timeliness in LATE

    @property
    def is_met(self) -> bool:
        return self.timeliness in MET

    @property
    def days(self) -> int | None:
        """The number that stands beside the pledge: days late, left, or early."""
        return None if self.late.against_current is None else abs(self.late.against_current)

    @property
    def days_unit(self) -> str:
        late = self.late.against_current
        if late is None:
            return ""
        if late == 0:
            return gettext("on the day") if self.is_met else gettext("due today")
        if late > 0:
            return ngettext("day late", "days late", late)
        if self.is_met:
            return ngettext("day early", "days early", -late)
        return ngettext("day left", "days left", -late)

    @property
    def sentence(self) -> str:
        return lateness_sentence(self.late, is_met=self.pledge.met_on is not None)

    @property
    def days_unchecked(self) -> int:
        """Days since the last check, or since publication where there was none, once they are too many."""
        published = self.pledge.published_at or self.pledge.created_at
        since = self.pledge.checked_on or local_day(published, self.pledge.time_zone)
        age = self.today - since
        return age.days if self.pledge.is_open and age >= self.stale else 0

    @property
    def verdict(self) -> str:
        if self.is_late:
            return overdue_sentence(self.pledge)
        facts = {
            "met": day(self.pledge.met_on) if self.pledge.met_on else "",
            "due": day(self.late.current) if self.late.current else "",
        }
        return str(self._verdict()) % facts

    def _verdict(self) -> Promise:
        status = Status(self.pledge.status)
        if self.timeliness is Timeliness.CLOSED:
            return CLOSED_VERDICTS[status]
        return VERDICTS[self.timeliness]


def standing(pledge: Pledge, moment: Moment) -> Standing:
    return Standing(
        pledge=pledge,
        timeliness=moment.timeliness(pledge),
        late=lateness(pledge.deadlines.all(), until=counted_until(pledge, now=moment.now)),
        today=local_day(moment.now, pledge.time_zone),
        stale=moment.stale,
    )


def standings(pledges: Iterable[Pledge], moment: Moment) -> list[Standing]:
    return [standing(pledge, moment) for pledge in pledges]


def with_standing(pledges: PledgeQuerySet) -> PledgeQuerySet:
    """Load in three statements what `standing` and the lists need."""
    return pledges.select_related("case").prefetch_related("bodies", "deadlines")
