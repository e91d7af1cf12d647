"""The corrections page: every error that readers could see, with what stands now and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.deadlines.lapse import local_day
from pledges.event_words import Change, changes, text, title
from pledges.models import Body, Case, Event, Source
from pledges.models.event import MENDING
from pledges.models.worded import Worded
from pledges.wordings import in_active_language

from .keyset import Order, instant, number
from .listing import read_page

LATEST = Order(first="recorded_at", second="pk", read=instant, read_second=number, descending=True)
SUBJECTS: dict[str, tuple[type[Model], str]] = {
    "body": (Body, "slug"),
    "case": (Case, "slug"),
    "source": (Source, "pk"),
}


@dataclass(frozen=True)
class Correction:
    """One mended error. `address` is empty for what has no page of its own."""

    event: Event
    name: str
    language: str
    reference: str
    address: str
    on: date
    title: str
    text: str
    changes: tuple[Change, ...]


def corrections(request: HttpRequest) -> HttpResponse:
    rows = Event.objects.corrections().select_related("pledge")
    page, problems = read_page(request, rows, LATEST)
    context = {"page": page, "problems": problems, "page_address": "?", "corrections": read(page)}
    return render(request, "public/corrections.html", context)


def read(events: Iterable[Event]) -> list[Correction]:
    """Read correcting events, loaded with their pledges, in the given order; four statements more."""
    rows = list(events)
    subjects = _subjects(rows)
    named = [event.pledge or subjects[event.stream] for event in rows]
    in_active_language(each for each in named if isinstance(each, Worded))
    return [_correction(event, subjects) for event in rows]


def _subjects(events: list[Event]) -> dict[str, Model]:
    """Return the bodies, cases and sources that the events are about, by their streams."""
    found: dict[str, Model] = {}
    for kind, (model, key) in SUBJECTS.items():
        prefix = f"{kind}:"
        names = [event.stream.removeprefix(prefix) for event in events if event.stream.startswith(prefix)]
        if names:
            rows = model._default_manager.filter(**{f"{key}__in": names})
            found |= {f"{prefix}{getattr(row, key)}": row for row in rows}
    return found


def _correction(event: Event, subjects: dict[str, Model]) -> Correction:
    pledge = event.pledge
    subject = pledge or subjects[event.stream]
    address = getattr(subject, "get_absolute_url", str)()
    return Correction(
        event=event,
        name=subject.name_here if isinstance(subject, Worded) else str(subject),
        language=_language_of_name(subject),
        reference=pledge.reference if pledge else str(subject._meta.verbose_name),
        address=f"{address}#event-{event.position}" if pledge else address,
        on=local_day(event.recorded_at, pledge.time_zone if pledge else "UTC"),
        title=title(event),
        text=text(event),
        changes=tuple(changes(event.payload, type(subject))) if event.kind in MENDING else (),
    )


def _language_of_name(subject: Model) -> str:
    if isinstance(subject, Worded):
        return subject.words(subject.worded[0]).language
    return subject.language if isinstance(subject, Source) else ""


def headline(correction: Correction) -> str:
    return _("%(what)s: %(name)s") % {"what": correction.title, "name": correction.name}


def address_of(correction: Correction) -> str:
    """Return where a correction can be read: at its subject, or else on the page of all of them."""
    return correction.address or f"{reverse('public:corrections')}#correction-{correction.event.pk}"
