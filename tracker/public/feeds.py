"""Atom feeds: the event log for those who follow it with a program of their own."""

import re
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pledges.deadlines.bidi import isolate
from pledges.event_words import translated_from
from pledges.models import Body, Case, Checkpoint, Event, Pledge
from pledges.models.choices import EventKind
from pledges.models.worded import Words
from pledges.punctuation import headed
from pledges.readings import derivation_sentence
from pledges.wordings import in_active_language

from . import corrections
from .news import Item, news
from .taken_off import gone

ENTRIES = 50
# When a feed changed last in which nothing stands yet: it must not say so of each instant it is asked for.
NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Feed(Atom1Feed):
    """An Atom feed that changes with its entries alone, never with the clock."""

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else NOTHING_YET


def everything(request: HttpRequest) -> HttpResponse:
    """All events, and with them the last checkpoint: whoever keeps the feed keeps it too."""
    feed = _empty(request, site_title(), reverse("public:overview"))
    _add_events(feed, Event.objects.published())
    for each in Checkpoint.objects.order_by("-number")[:1]:
        _add_checkpoint(feed, each)
    return _answer(feed)


def overdue(request: HttpRequest) -> HttpResponse:
    events = Event.objects.published().filter(kind=EventKind.BECAME_OVERDUE)
    title = _("%(site)s: overdue") % {"site": site_title()}
    return _feed(request, title, reverse("public:overdue"), events)


def of_pledge(request: HttpRequest, reference: str) -> HttpResponse:
    pledge = Pledge.objects.published().filter(reference=reference).first()
    if pledge is None:
        return gone(request, reference)
    in_active_language([pledge])
    events = Event.objects.published().filter(pledge=pledge)
    return _feed(request, pledge.label_here, pledge.get_absolute_url(), events)


def of_case(request: HttpRequest, slug: str) -> HttpResponse:
    case = get_object_or_404(Case.objects.published(), slug=slug)
    in_active_language([case])
    events = Event.objects.published().filter(pledge__case=case)
    return _feed(request, case.name_here, case.get_absolute_url(), events)


def of_body(request: HttpRequest, slug: str) -> HttpResponse:
    body = get_object_or_404(Body.objects.published(), slug=slug)
    in_active_language([body])
    events = Event.objects.published().filter(pledge__bodies=body)
    return _feed(request, body.name_here, body.get_absolute_url(), events)


def checkpoints(request: HttpRequest) -> HttpResponse:
    title = _("%(site)s: checkpoints") % {"site": site_title()}
    feed = _empty(request, title, reverse("public:checkpoints"))
    for each in Checkpoint.objects.order_by("-number")[:ENTRIES]:
        _add_checkpoint(feed, each)
    return _answer(feed)


def mended(request: HttpRequest) -> HttpResponse:
    title = _("%(site)s: corrections") % {"site": site_title()}
    feed = _empty(request, title, reverse("public:corrections"))
    events = Event.objects.corrections().select_related("pledge")
    for each in corrections.read(events.order_by("-recorded_at", "-pk")[:ENTRIES]):
        link = absolute(corrections.address_of(each))
        feed.add_item(
            title=printable(corrections.headline(each)),
            link=link,
            description=printable(format_html("<p>{}</p>", each.text)),
            unique_id=f"{link}#{each.event.pk}",
            pubdate=each.event.recorded_at,
            updateddate=each.event.recorded_at,
            categories=("correction",),
        )
    return _answer(feed)


def site_title() -> str:
    return str(settings.TRACKER_SITE_NAME)


def _feed(request: HttpRequest, title: str, address: str, events: QuerySet[Event]) -> HttpResponse:
    feed = _empty(request, title, address)
    _add_events(feed, events)
    return _answer(feed)


def _answer(feed: Feed) -> HttpResponse:
    return HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml; charset=utf-8")


def _empty(request: HttpRequest, title: str, address: str) -> Feed:
    return Feed(
        title=printable(title),
        link=absolute(address),
        description="",
        language=get_language() or "en",
        author_name=site_title(),
        feed_url=absolute(request.path),
        feed_guid=absolute(request.path),
    )


def _add_events(feed: Feed, events: QuerySet[Event]) -> None:
    """Translations are no news: those of a thousand titles would hide it. Changed ones are corrections."""
    loaded = events.exclude(kind=EventKind.TRANSLATED).select_related(
        "pledge", "pledge__current_deadline", "deadline"
    )
    items = news(loaded.order_by("-recorded_at", "-pk")[:ENTRIES])
    in_active_language([], told=[item.pledge for item in items])
    for item in items:
        _add(feed, item)


def _add_checkpoint(feed: Feed, checkpoint: Checkpoint) -> None:
    link = absolute(checkpoint.get_absolute_url())
    feed.add_item(
        title=_("Checkpoint %(name)s") % {"name": checkpoint},
        link=link,
        description=format_html(
            "<p>{} <code>{}</code></p>", _("A fingerprint of the whole public record:"), checkpoint.hash
        ),
        unique_id=link,
        pubdate=checkpoint.made_at,
        updateddate=checkpoint.made_at,
        categories=("checkpoint",),
    )


def _add(feed: Feed, item: Item) -> None:
    link = absolute(item.address)
    feed.add_item(
        title=printable(item.headline),
        link=link,
        description=printable(_entry(item)),
        unique_id=link,
        pubdate=item.event.recorded_at,
        updateddate=item.event.recorded_at,
        categories=(item.event.kind,),
    )


def _entry(item: Item) -> SafeString:
    """What happened, the words, who said them and the date, in plain HTML."""
    deadline = item.event.deadline or item.pledge.current_deadline
    parts = (
        format_html("<p>{}</p>", item.report_said) if item.report_said else "",
        _words(item.pledge),
        _translated_words(item.pledge.words("quote")),
        format_html("<p>{}</p>", item.pledge.speaker_here) if item.pledge.speaker else "",
        format_html("<p>{}</p>", derivation_sentence(deadline)) if deadline else "",
    )
    return format_html_join("", "{}", ((part,) for part in parts))


def _words(pledge: Pledge) -> SafeString:
    """Mark as a quotation only what was said in these words."""
    if pledge.is_verbatim:
        return format_html("<blockquote>{}</blockquote>", pledge.quote)
    words = isolate(pledge.quote, get_language() or "en")
    return format_html("<p>{}</p>", headed(pledge.get_quote_form_display(), words))


def _translated_words(here: Words) -> SafeString | str:
    label = translated_from(here.original_language)
    return format_html("<p>{}</p>", headed(label, here.text)) if label else ""


def absolute(address: str) -> str:
    return f"{settings.TRACKER_SITE_URL}{address}"


def printable(text: str) -> str:
    """Leave out what XML 1.0 can't carry."""
    return NOT_XML.sub("", text)
