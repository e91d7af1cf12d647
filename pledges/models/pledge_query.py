"""The questions one may ask of pledges. `published` is the only door to the public pages."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual

from pledges.deadlines.lapse import lapse_instant, local_day
from pledges.deadlines.timeliness import Timeliness

from .choices import OPEN_STATUSES, NoDateReason, Publication, Status

if TYPE_CHECKING:
    from .pledge import Pledge  # noqa: F401 - named in the annotation below, loaded after this module


END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)
NEVER = Value(END_OF_TIME, output_field=models.DateTimeField())
DUE_AT = Coalesce("lapses_at", NEVER)
# Nothing else has a date of fulfilment; said, it spares a search to whoever asks for another status too.
MET = Q(met_on__isnull=False, status=Status.FULFILLED)
DATED = Q(due_on__isnull=False)
CLOSED = (MET & ~DATED) | (Q(met_on__isnull=True) & ~Q(status__in=OPEN_STATUSES))


class PledgeQuerySet(models.QuerySet["Pledge"]):
    def published(self) -> "PledgeQuerySet":
        return self.filter(publication=Publication.PUBLISHED)

    def open(self) -> "PledgeQuerySet":
        """Those whose deadline is still watched."""
        return self.filter(status__in=OPEN_STATUSES)

    def overdue(self, *, now: datetime) -> "PledgeQuerySet":
        """Open and past due at `now`, by the clock, flagged or not."""
        return self.open().filter(lapses_at__lte=now)

    def due_within(self, period: timedelta, *, now: datetime) -> "PledgeQuerySet":
        return self.open().filter(lapses_at__gt=now, lapses_at__lte=now + period)

    def unchecked(self, period: timedelta, *, now: datetime) -> "PledgeQuerySet":
        """Public and open ones for which nobody looked for evidence in the last `period` (whole days).

        Days are those of each pledge's own zone at `now`. One that nobody ever checked counts from its
        publication.
        """
        rows = self.published().open()
        zones = rows.order_by().values_list("time_zone", flat=True).distinct()
        due = Q(pk__in=[])
        for zone in zones:
            last = local_day(now, zone) - period
            never = Q(checked_on=None, published_at__lt=lapse_instant(last, zone))
            due |= Q(time_zone=zone) & (Q(checked_on__lte=last) | never)
        return rows.filter(due)

    def timely(
        self, value: Timeliness, *, now: datetime, due_soon: timedelta, long_overdue: timedelta
    ) -> "PledgeQuerySet":
        """Those with one timeliness at `now`."""
        conditions = timely_conditions(now=now, due_soon=due_soon, long_overdue=long_overdue)
        return self.filter(conditions[value])

    def with_due_at(self) -> "PledgeQuerySet":
        """Annotate `due_at`: when each lapses, and the end of all time for what has no date."""
        return self.annotate(due_at=DUE_AT)

    def due_from(self, first: datetime) -> "PledgeQuerySet":
        """Those that lapse at `first`, later or never. A list by due date then begins there in its index."""
        return self.filter(GreaterThanOrEqual(DUE_AT, first))


def clock(*, now: datetime, due_soon: timedelta, long_overdue: timedelta) -> Case:
    """Return the timeliness of a pledge at `now`, for the database to work out."""
    conditions = timely_conditions(now=now, due_soon=due_soon, long_overdue=long_overdue)
    return Case(*(When(when, then=Value(value.value)) for value, when in conditions.items()))


def timely_conditions(*, now: datetime, due_soon: timedelta, long_overdue: timedelta) -> dict[Timeliness, Q]:
    """What makes a pledge have each timeliness at `now`; mirrors deadlines.timeliness row for row."""
    on_time = Q(met_on__lte=F("due_on"))
    open_ = Q(met_on__isnull=True, status__in=OPEN_STATUSES)
    undated = open_ & Q(lapses_at__isnull=True)
    waiting = Q(undated_reason=NoDateReason.EVENT_TIED)
    return {
        Timeliness.MET_ON_TIME: MET & DATED & on_time,
        Timeliness.MET_LATE: MET & DATED & ~on_time,
        Timeliness.CLOSED: CLOSED,
        Timeliness.AWAITING_TRIGGER: undated & waiting,
        Timeliness.NO_DATE: undated & ~waiting,
        Timeliness.LONG_OVERDUE: open_ & Q(lapses_at__lte=now - long_overdue),
        Timeliness.OVERDUE: open_ & Q(lapses_at__lte=now, lapses_at__gt=now - long_overdue),
        Timeliness.DUE_SOON: open_ & Q(lapses_at__gt=now, lapses_at__lte=now + due_soon),
        Timeliness.UPCOMING: open_ & Q(lapses_at__gt=now + due_soon),
    }


def published_pledges() -> "PledgeQuerySet":
    """The one door, for models that are loaded before Pledge."""
    queryset: PledgeQuerySet = apps.get_model("pledges", "Pledge")._default_manager.all()
    return queryset.published()
