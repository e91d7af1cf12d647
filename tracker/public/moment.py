"""The instant a page is made at, with the periods that give names to what the clock says."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Case
from django.utils import timezone

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from pledges.models.pledge_query import END_OF_TIME, PledgeQuerySet, clock


@dataclass(frozen=True, kw_only=True)
class Moment:
    """`now` (aware, UTC) and the periods from the settings. Views read it once."""

    now: datetime
    due_soon: timedelta
    long_overdue: timedelta
    stale: timedelta

    @classmethod
    def read(cls) -> "Moment":
        return cls(
            now=timezone.now(),
            due_soon=timedelta(days=settings.TRACKER_DUE_SOON_DAYS),
            long_overdue=timedelta(days=settings.TRACKER_LONG_OVERDUE_DAYS),
            stale=timedelta(days=settings.TRACKER_STALE_DAYS),
        )

    def timeliness(self, pledge: Pledge) -> Timeliness:
        return pledge.timeliness(now=self.now, due_soon=self.due_soon, long_overdue=self.long_overdue)

    def timely(self, pledges: PledgeQuerySet, value: Timeliness) -> PledgeQuerySet:
        return pledges.timely(value, now=self.now, due_soon=self.due_soon, long_overdue=self.long_overdue)

    def first_due(self, value: Timeliness) -> datetime | None:
        """Return the instant before which none lapses that has this timeliness, None where any may."""
        return {
            Timeliness.DUE_SOON: self.now,
            Timeliness.UPCOMING: self.now + self.due_soon,
            Timeliness.AWAITING_TRIGGER: END_OF_TIME,
            Timeliness.NO_DATE: END_OF_TIME,
        }.get(value)

    def clock(self) -> Case:
        return clock(now=self.now, due_soon=self.due_soon, long_overdue=self.long_overdue)
