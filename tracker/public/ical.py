"""Calendars of due dates (RFC 5545), for those who keep them in a calendar program of their own.

An entry is made from the record alone, never from the clock, so that the same record gives the same
bytes: it says that a date has ended once that is on record. Days are those of each pledge's own time
zone; instants are UTC.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from operator import itemgetter
from unicodedata import category
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from icalendar import Calendar, vText
from icalendar import Event as Entry

from pledges.deadlines.lapse import local_day
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Case, Deadline, Event, Pledge
from pledges.models.pledge_query import PledgeQuerySet
from pledges.punctuation import headed
from pledges.readings import (
    TIMELINESS_LABELS,
    derivation_sentence,
    isolated,
    lateness,
    lateness_sentence,
)
from pledges.wordings import in_active_language

from .feeds import absolute, site_title
from .filters import NAMES
from .moment import Moment
from .standing import Standing, standing
from .taken_off import gone

# Of more dates a calendar holds those nearest to today, passed or to come.
MOST_ENTRIES = 500
QUOTE_LETTERS = 1000
REFRESHED = timedelta(hours=6)
PRODUCT = "-//Accountability pledge tracker//Due dates//EN"


def everything(request: HttpRequest) -> HttpResponse:
    return _calendar(_named(site_title()), reverse("public:calendar"), Pledge.objects.published())


def of_pledge(request: HttpRequest, reference: str) -> HttpResponse:
    pledge = Pledge.objects.published().filter(reference=reference).first()
    if pledge is None:
        return gone(request, reference)
    in_active_language([pledge])
    rows = Pledge.objects.published().filter(pk=pledge.pk)
    return _calendar(_named(pledge.label_here), pledge.get_absolute_url(), rows)


def of_case(request: HttpRequest, slug: str) -> HttpResponse:
    case = get_object_or_404(Case.objects.published(), slug=slug)
    in_active_language([case])
    rows = Pledge.objects.published().filter(case=case)
    return _calendar(_named(case.name_here), case.get_absolute_url(), rows)


def of_body(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body.objects.published(), slug=slug)
    in_active_language([body])
    rows = Pledge.objects.published().filter(bodies=body)
    return _calendar(_named(body.name_here), body.get_absolute_url(), rows)


def _named(name: str) -> str:
    return _("Due dates: %(name)s") % {"name": name}


def _calendar(name: str, address: str, pledges: PledgeQuerySet) -> HttpResponse:
    moment = Moment.read()
    keys = nearest(pledges, today=local_day(moment.now, "UTC"))
    dated = pledges.filter(pk__in=keys, lapses_at__isnull=False)
    rows = dated.select_related("current_deadline").prefetch_related("deadlines")
    calendar = _empty(name, address)
    changed = _changes(keys)
    entries = list(rows.order_by("due_on", "reference"))
    in_active_language(entries)
    for pledge in entries:
        calendar.add_component(_entry(pledge, replace(moment, now=changed[pledge.pk])))
    return HttpResponse(calendar.to_ical(), content_type="text/calendar; charset=utf-8")


def nearest(pledges: PledgeQuerySet, *, today: date, most: int = MOST_ENTRIES) -> set[int]:
    """Return the keys of the `most` pledges whose due dates are nearest to `today`; two statements."""
    dated = pledges.values_list("pk", "due_on")
    found = [
        *dated.filter(due_on__gte=today).order_by("due_on", "reference")[:most],
        *dated.filter(due_on__lt=today).order_by("-due_on", "reference")[:most],
    ]
    away = [(abs(due - today), key) for key, due in found if due]
    return {key for _away, key in sorted(away, key=itemgetter(0))[:most]}


def _changes(keys: Iterable[int]) -> dict[int, datetime]:
    """Return by pledge the instant of its last public event, of which every change of it makes one."""
    events = Event.objects.published().filter(pledge__in=keys).order_by().values("pledge")
    rows = events.annotate(last=Max("recorded_at")).values_list("pledge", "last")
    return {key: last for key, last in rows if key}


def _empty(name: str, address: str) -> Calendar:
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    # The first of each two is RFC 7986, the second what most programs read.
    for field in ("NAME", "X-WR-CALNAME"):
        calendar.add(field, text(name))
    for field in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL"):
        calendar.add(field, REFRESHED, {"VALUE": "DURATION"})
    calendar.add("URL", absolute(address))
    return calendar


def _entry(pledge: Pledge, last_changed: Moment) -> Entry:
    """Return the entry of a pledge with a due date. Raises ValueError for one without."""
    deadline = pledge.current_deadline
    if deadline is None or deadline.latest is None:
        raise ValueError(f"{pledge.reference} has no due date")
    here = on_record(pledge, last_changed)
    link = absolute(pledge.get_absolute_url())
    entry = Entry()
    entry.add("UID", text(f"{pledge.reference}@{urlsplit(settings.TRACKER_SITE_URL).hostname}"))
    # A calendar takes a higher number as a newer form of the entry that it has.
    entry.add("SEQUENCE", deadline.position - 1)
    entry.add("DTSTAMP", last_changed.now)
    entry.add("LAST-MODIFIED", last_changed.now)
    entry.add("DTSTART", deadline.latest)
    entry.add("DTEND", deadline.latest + timedelta(days=1))
    facts = {"what": _label(here), "pledge": pledge.label_here}
    entry.add("SUMMARY", text(_("%(what)s: %(pledge)s") % facts))
    entry.add("DESCRIPTION", text("\n\n".join([*_paragraphs(here, deadline), link])))
    entry.add("URL", link)
    # Programs hide what is cancelled. A promise that was taken back must stay in sight: its words say so.
    entry.add("STATUS", "CONFIRMED")
    entry.add("TRANSP", "TRANSPARENT")
    return entry


def on_record(pledge: Pledge, last_changed: Moment) -> Standing:
    """Return how a pledge stood when its record changed last; days are counted only where they are final."""
    here = standing(pledge, last_changed)
    return replace(here, late=lateness(pledge.deadlines.all(), until=pledge.met_on))


def _label(here: Standing) -> str:
    """Say in a word or two what is true of a pledge for as long as its record stays as it is."""
    if here.is_late:
        return str(TIMELINESS_LABELS[Timeliness.OVERDUE])
    if here.is_met:
        return here.label
    return _("Due") if here.pledge.is_open else here.pledge.get_status_display()


def _paragraphs(here: Standing, deadline: Deadline) -> Iterable[str]:
    pledge = here.pledge
    yield here.verdict
    yield headed(NAMES["status"], pledge.get_status_display())
    if here.late.moves:
        yield lateness_sentence(here.late, is_met=here.is_met)
    quote = isolated(Truncator(pledge.quote).chars(QUOTE_LETTERS))
    # Marked as a quotation is only what was said in these words.
    yield _("“%(phrase)s”") % {"phrase": quote} if pledge.is_verbatim else _reported(pledge, quote)
    if pledge.speaker:
        yield f"— {pledge.speaker_here}"
    yield derivation_sentence(deadline)


def _reported(pledge: Pledge, quote: str) -> str:
    return headed(pledge.get_quote_form_display(), quote)


def text(raw: str) -> vText:
    """Return a text that can't end its line: the library escapes only what is given to it as a text.

    Breaks of any kind become plain ones; what else controls a terminal or a parser is left out.
    """
    lines = "\n".join(raw.expandtabs(1).splitlines())
    return vText("".join(each for each in lines if each == "\n" or category(each) not in ("Cc", "Cs")))
