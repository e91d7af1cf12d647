"""How the list of pledges is narrowed. Every rule about time reads the one `now` of the request."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Event, Update, VerdictProposal
from pledges.models.choices import Publication, UpdateKind
from pledges.models.pledge_query import PledgeQuerySet
from pledges.models.proposal import Decision
from pledges.record.publication import AUTHORING

from .base import actor_of
from .moment import now_of


class Choice(admin.SimpleListFilter):
    """A filter whose values are fixed words."""

    choices_offered: tuple[tuple[str, Any], ...] = ()

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:  # noqa: ANN401  (Django's)
        return self.choices_offered


def due_soon() -> timedelta:
    return timedelta(days=settings.TRACKER_DUE_SOON_DAYS)


def to_check(queryset: PledgeQuerySet, request: HttpRequest) -> PledgeQuerySet:
    """Those not on the public pages that others wrote: the ones that this person may publish."""
    mine = Event.objects.filter(pledge=OuterRef("pk"), actor=actor_of(request), kind__in=AUTHORING)
    return queryset.filter(~Exists(mine), publication=Publication.DRAFT)


class TimingFilter(Choice):
    title = _("due date")
    parameter_name = "due"
    choices_offered = (
        ("overdue", _("Overdue")),
        (Timeliness.LONG_OVERDUE.value, _("Long overdue")),
        (Timeliness.DUE_SOON.value, _("Due soon")),
        (Timeliness.UPCOMING.value, _("Later")),
        ("undated", _("No date")),
        (Timeliness.AWAITING_TRIGGER.value, _("Waits for an event")),
        (Timeliness.MET_ON_TIME.value, _("Met on time")),
        (Timeliness.MET_LATE.value, _("Met late")),
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any] | None:
        value, now = self.value(), now_of(request)
        if not value or not isinstance(queryset, PledgeQuerySet):
            return queryset
        if value == "overdue":
            return queryset.overdue(now=now)
        if value == "undated":
            return queryset.open().filter(lapses_at__isnull=True)
        if value not in {known.value for known in Timeliness}:
            return queryset
        long_overdue = timedelta(days=settings.TRACKER_LONG_OVERDUE_DAYS)
        return queryset.timely(Timeliness(value), now=now, due_soon=due_soon(), long_overdue=long_overdue)


def unchecked(queryset: PledgeQuerySet, *, now: datetime) -> PledgeQuerySet:
    """Those whose readers are warned that nobody looked for evidence for long."""
    return queryset.unchecked(timedelta(days=settings.TRACKER_STALE_DAYS), now=now)


def with_open_objection(queryset: PledgeQuerySet) -> PledgeQuerySet:
    """Public ones to which somebody objected, with nothing on record of what was done about it."""
    answers = Update.objects.filter(answers=OuterRef("pk"))
    open_ones = Update.objects.filter(~Exists(answers), pledge=OuterRef("pk"), kind=UpdateKind.DISPUTE)
    return queryset.published().filter(Exists(open_ones))


class CheckFilter(Choice):
    title = _("evidence")
    parameter_name = "evidence"
    choices_offered = (
        ("unchecked", _("Not checked for long")),
        ("proposed", _("Verdict waits for a second person")),
        ("objection", _("Objection not answered")),
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not isinstance(queryset, PledgeQuerySet):
            return queryset
        match self.value():
            case "unchecked":
                return unchecked(queryset, now=now_of(request))
            case "proposed":
                return with_waiting_verdict(queryset)
            case "objection":
                return with_open_objection(queryset)
        return queryset


def with_waiting_verdict(queryset: PledgeQuerySet) -> PledgeQuerySet:
    waiting = VerdictProposal.objects.filter(pledge=OuterRef("pk"), decision=Decision.WAITING)
    return queryset.filter(Exists(waiting))


class WhoseFilter(Choice):
    title = _("assignment")
    parameter_name = "whose"
    choices_offered = (
        ("mine", _("Assigned to me")),
        ("written", _("Recorded by me")),
        ("nobody", _("Assigned to nobody")),
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        match self.value():
            case "mine":
                return queryset.filter(assignee=actor_of(request))
            case "written":
                return queryset.filter(created_by=actor_of(request))
            case "nobody":
                return queryset.filter(assignee__isnull=True)
        return queryset


class PublicationFilter(Choice):
    title = _("publication")
    parameter_name = "publication"
    choices_offered = (
        ("not_public", _("Not on the public pages")),
        ("to_check", _("Drafts by others, to check")),
        *Publication.choices,
    )

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        value = self.value()
        if value == "not_public":
            return queryset.exclude(publication=Publication.PUBLISHED)
        if value == "to_check" and isinstance(queryset, PledgeQuerySet):
            return to_check(queryset, request)
        return queryset.filter(publication=value) if value in Publication.values else queryset


class RelatedChoice(admin.RelatedOnlyFieldListFilter):
    """Bodies or cases that have pledges, as one drop-down however many there are."""

    template = "admin/pledges/filter_select.html"
