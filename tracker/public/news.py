"""The event log as news: one headline a line, for the overview, the feeds and the case pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from pledges.corrected import as_corrected
from pledges.deadlines.lapse import local_day
from pledges.entry_words import ORIGINAL_LANGUAGE, told_here
from pledges.event_words import said, text, title, translated_from
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind

SHOWN = 8  # on the pages that tell news among other things
# What says how an update stands since it was added.
MENDING = (EventKind.PUBLISHED, EventKind.CORRECTED)


@dataclass(frozen=True)
class Item:
    event: Event
    pledge: Pledge

    @property
    def title(self) -> str:
        return title(self.event)

    @property
    def _told(self) -> Event:
        return told_here(self.event, self.pledge)

    @property
    def report(self) -> str:
        """What the event itself says; a publication says nothing but the words of the pledge."""
        return text(self._told)

    @property
    def report_said(self) -> str:
        """The same, and where it was translated that it was."""
        return said(self._told)

    @property
    def text(self) -> str:
        return self.pledge.words("quote").text if self._is_publication else self.report

    @property
    def caption(self) -> str:
        """What must be said before `text`, lest it be taken for what was said or written."""
        if self._is_publication:
            return quote_caption(self.pledge)
        return translated_from(self._told.payload.get(ORIGINAL_LANGUAGE, ""))

    @property
    def language(self) -> str:
        if self._is_publication:
            return self.pledge.words("quote").language
        return str(self._told.payload.get("language", ""))

    @property
    def _is_publication(self) -> bool:
        return self.event.kind == EventKind.PUBLISHED

    @property
    def recorded_on(self) -> date:
        return local_day(self.event.recorded_at, self.pledge.time_zone)

    @property
    def headline(self) -> str:
        facts = {"what": _feed_title(self.event), "pledge": self.pledge.label_here}
        return _("%(what)s: %(pledge)s") % facts

    @property
    def address(self) -> str:
        return f"{self.pledge.get_absolute_url()}#event-{self.event.position}"


def quote_caption(pledge: Pledge) -> str:
    """Say that words are not those that were said: reported, or translated; empty where they are."""
    parts = [
        "" if pledge.is_verbatim else pledge.get_quote_form_display(),
        translated_from(pledge.words("quote").original_language),
    ]
    return " · ".join(filter(None, parts))


def recent(events: QuerySet[Event]) -> QuerySet[Event]:
    """The latest news; what was on record when a pledge was published is told by its page.

    First their keys alone are looked for: thousands of events may be looked through for these few.
    """
    quiet = events.exclude(kind__in=(EventKind.CHECKED, EventKind.TRANSLATED))
    told = Q(kind=EventKind.PUBLISHED) | Q(recorded_at__gt=F("pledge__published_at"))
    newest = quiet.filter(told).order_by("-recorded_at", "-pk")[:SHOWN]
    found = Event.objects.filter(pk__in=newest.values("pk"))
    return found.select_related("pledge").order_by("-recorded_at", "-pk")


def news(events: Iterable[Event]) -> list[Item]:
    """Read events, loaded with their pledges, in the given order, told as they stand."""
    return [Item(event, event.pledge) for event in as_it_stands(events) if event.pledge]


def as_it_stands(events: Iterable[Event]) -> list[Event]:
    """Return any published events with updates as they stand; one statement more where there are any."""
    rows = list(events)
    updated = {event.pledge_id for event in rows if event.kind == EventKind.UPDATE_ADDED}
    mends = Event.objects.published().filter(kind__in=MENDING, pledge__in=updated).order_by("pk")
    return as_corrected(rows, mends if updated else ())


def _feed_title(event: Event) -> str:
    if event.kind == EventKind.BECAME_OVERDUE:
        return _("Overdue")
    if event.kind == EventKind.DEADLINE_MOVED:
        return _("Deadline moved")
    return title(event)
