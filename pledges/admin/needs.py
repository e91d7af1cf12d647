"""What needs somebody: the first thing on the admin's index.

Other apps add to it: `@need` and `@note` register functions that are asked at each view of the index.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.models import Pledge, Wording
from pledges.models.pledge_query import PledgeQuerySet
from pledges.recounting import recounted
from pledges.roles import may_publish
from pledges.wordings import stale_entries

from .base import actor_of
from .filters import to_check, unchecked, with_open_objection, with_waiting_verdict
from .moment import now_of
from .wordings import translations_url
from .words import timing_in_words

SHOWN = 5
SOON = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Need:
    """A heading with a count, a link to all of it, and the first few as (address, text, note)."""

    title: str
    count: int
    url: str
    items: tuple[tuple[str, str, str], ...] = ()
    is_urgent: bool = False


Asked = Callable[[HttpRequest, datetime], Need | None]
_ASKED: list[Asked] = []
Noted = Callable[[HttpRequest, datetime], str]
_NOTED: list[Noted] = []


def need(ask: Asked) -> Asked:
    """Register a question; None as its answer means that nobody is needed."""
    _ASKED.append(ask)
    return ask


def note(ask: Noted) -> Noted:
    """Register a sentence that stands quietly under what needs somebody."""
    _NOTED.append(ask)
    return ask


def notes_of(request: HttpRequest) -> list[str]:
    now = now_of(request)
    return [ask(request, now) for ask in _NOTED]


def needs_of(request: HttpRequest) -> list[Need]:
    """Return what needs the person who is signed in: urgent first, else in the order of registration."""
    now = now_of(request)
    answers = [ask(request, now) for ask in _ASKED]
    return sorted((answer for answer in answers if answer), key=lambda each: not each.is_urgent)


def _of_pledges(
    title: str, pledges: PledgeQuerySet, query: str, *, now: datetime, **more: Any
) -> Need | None:
    count = pledges.count()
    if not count:
        return None
    shown = pledges.select_related("current_deadline")[:SHOWN]
    items = tuple(
        (
            reverse("admin:pledges_pledge_change", args=[pledge.pk]),
            str(pledge),
            timing_in_words(pledge, now=now),
        )
        for pledge in shown
    )
    url = f"{reverse('admin:pledges_pledge_changelist')}?{query}"
    return Need(title=title, count=count, url=url, items=items, **more)


def _reader(request: HttpRequest) -> User | None:
    user = actor_of(request)
    return user if user.has_perm("pledges.view_pledge") else None


@need
def overdue(request: HttpRequest, now: datetime) -> Need | None:
    if not _reader(request):
        return None
    pledges = Pledge.objects.published().overdue(now=now).order_by("lapses_at", "pk")
    query = "publication=published&due=overdue"
    return _of_pledges(_("Overdue"), pledges, query, now=now, is_urgent=True)


@need
def verdicts_to_confirm(request: HttpRequest, now: datetime) -> Need | None:
    user = _reader(request)
    if not user or not may_publish(user):
        return None
    waiting = with_waiting_verdict(Pledge.objects.order_by("pk"))
    by_others = waiting.exclude(verdict_proposals__decision="", verdict_proposals__proposed_by=user)
    return _of_pledges(_("Verdicts that wait for a second person"), by_others, "evidence=proposed", now=now)


@need
def objections(request: HttpRequest, now: datetime) -> Need | None:
    if not _reader(request):
        return None
    pledges = with_open_objection(Pledge.objects.order_by("pk"))
    return _of_pledges(_("Objections that nobody answered"), pledges, "evidence=objection", now=now)


@need
def not_checked(request: HttpRequest, now: datetime) -> Need | None:
    if not _reader(request):
        return None
    pledges = unchecked(Pledge.objects.order_by("checked_on", "pk"), now=now)
    return _of_pledges(_("Not checked for evidence for long"), pledges, "evidence=unchecked", now=now)


@need
def dates_to_correct(request: HttpRequest, now: datetime) -> Need | None:
    """Dates that a newer table of holidays counts otherwise: a person corrects them, or leaves them."""
    if not _reader(request):
        return None
    found = list(recounted())
    items = tuple(
        (
            f"{reverse('admin:pledges_pledge_verb', args=['correct_deadline'])}?pk={each.pledge.pk}",
            str(each.pledge),
            each.sentence,
        )
        for each in found[:SHOWN]
    )
    url = items[0][0] if items else ""
    title = _("Holidays have changed: dates to correct or to leave")
    return Need(title=title, count=len(found), url=url, items=items) if found else None


@need
def translations_to_renew(request: HttpRequest, now: datetime) -> Need | None:
    """Translations of words that were corrected since: readers see the original until somebody looks."""
    if not actor_of(request).has_perm("pledges.change_pledge"):
        return None
    own = Wording.objects.stale().select_related("pledge", "case", "body").order_by("pk")
    subjects = {row.subject.stream: row.subject for row in (*own, *stale_entries())}
    items = tuple((translations_url(each), str(each), "") for each in list(subjects.values())[:SHOWN])
    title = _("Translations to renew: the original was corrected")
    return Need(title=title, count=len(subjects), url=items[0][0], items=items) if items else None


@need
def soon(request: HttpRequest, now: datetime) -> Need | None:
    if not _reader(request):
        return None
    pledges = Pledge.objects.due_within(SOON, now=now).order_by("lapses_at", "pk")
    return _of_pledges(_("Due in the next 14 days"), pledges, "due=due_soon", now=now)


@need
def drafts_to_check(request: HttpRequest, now: datetime) -> Need | None:
    user = _reader(request)
    if not user or not may_publish(user):
        return None
    pledges = to_check(Pledge.objects.order_by("created_at", "pk"), request)
    return _of_pledges(_("Drafts by others, to check"), pledges, "publication=to_check", now=now)


@need
def own_drafts(request: HttpRequest, now: datetime) -> Need | None:
    user = _reader(request)
    if not user:
        return None
    drafts = Pledge.objects.filter(publication="draft", created_by=user)
    query = "publication=draft&whose=written"
    title = _("Your drafts, waiting for a reviewer")
    return _of_pledges(title, drafts.order_by("created_at", "pk"), query, now=now)
