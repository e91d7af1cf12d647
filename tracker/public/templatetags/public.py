"""What the templates need to show words, days and marks in their own language and direction."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from django import template
from django.conf import settings
from django.db.models import TextField
from django.utils.formats import date_format, number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language

from pledges.deadlines.lapse import local_day
from pledges.deadlines.timeliness import Timeliness
from pledges.entry_words import entry_here
from pledges.event_words import translated_from
from pledges.models import Pledge, Source
from pledges.models.choices import RIGHT_TO_LEFT, Precision, language_name
from pledges.models.worded import Worded, Words
from pledges.readings import TIMELINESS_LABELS, day, derivation_sentence, moved_by, place
from pledges.wordings import translated_quote
from tracker.health.needs import health_of
from tracker.health.state import Health
from tracker.health.words import minute
from tracker.public.embeds.lettering import is_right_to_left
from tracker.public.languages import Version, versions
from tracker.public.moment import Moment
from tracker.public.news import quote_caption
from tracker.public.tally import numbers_of

register = template.Library()
# Of a year and of a month: how many signs of the ISO date are known, and how it is written.
EXACTNESS: dict[str, tuple[int, str]] = {
    Precision.YEAR: (4, "Y"),
    Precision.MONTH: (7, "YEAR_MONTH_FORMAT"),
}
SIGNS_OF_A_DAY = 10
DAYS_KEPT = 10_000

register.filter("derivation", derivation_sentence)
register.filter("place", place)
register.filter("moved_by", moved_by)
register.filter("numbers", numbers_of)
register.filter("told", entry_here)
register.filter("language_name", language_name)
register.filter("translated_quote", translated_quote)
register.filter("caption", quote_caption)
register.filter("translated_from", translated_from)


@register.simple_tag
def site_name() -> str:
    return str(settings.TRACKER_SITE_NAME)


@register.simple_tag(takes_context=True)
def languages(context: dict[str, Any]) -> list[Version]:
    """Return this page in each language; none where a failure left no address."""
    request = context.get("request")
    return versions(request.get_full_path()) if request else []


@register.simple_tag
def site_url() -> str:
    return str(settings.TRACKER_SITE_URL)


@register.simple_tag(takes_context=True)
def health(context: dict[str, Any]) -> Health:
    """Return how the watch is, asked once a page."""
    return health_of(context["request"], lambda: (context.get("moment") or Moment.read()).now)


@register.filter
def at_utc(instant: datetime) -> SafeString:
    """Return an instant to the minute, in UTC: it belongs to no pledge and to no place."""
    # HTML knows no fraction finer than a thousandth, and nobody is told more than the minute.
    exact = instant.astimezone(UTC).isoformat(timespec="seconds")
    # Isolated: a day in Arabic and a time in Latin signs would fall apart within a sentence.
    return format_html('<bdi><time datetime="{}">{}</time></bdi>', exact, minute(instant))


@register.filter
def spoken(language: str) -> SafeString:
    """Return the lang and dir attributes of words in `language`; an empty one is not known to us."""
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    if not language:
        return format_html('dir="{}"', "auto")
    if language == "und":
        return format_html('lang="" dir="{}"', "auto")
    return format_html('lang="{}" dir="{}"', language, direction)


@register.filter
def marked(text: str, language: str) -> SafeString:
    """Return a text apart from what stands around it, with its language where that is not the page's."""
    return format_html("<bdi{}>{}</bdi>", _foreign(language), text)


def _foreign(language: str) -> SafeString:
    return SafeString("") if language == get_language() else format_html(" {}", spoken(language))


@register.filter
def named(subject: Worded, letters: int = 0) -> SafeString:
    """Return what a subject is called, cut to so many letters; 0 cuts nothing."""
    name = subject.words(subject.worded[0])
    return marked(Truncator(name.text).chars(letters) if letters else name.text, name.language)


@register.simple_tag
def named_options(offered: Iterable[tuple[str, Words]], chosen: str) -> SafeString:
    """Return the choices of a select that offers cases or bodies, each in its language."""
    return format_html_join(
        "",
        '<option value="{}"{}{}>{}</option>',
        (
            (slug, _foreign(name.language), SafeString(" selected" if slug == chosen else ""), name.text)
            for slug, name in offered
        ),
    )


@register.filter
def words(subject: Worded, field: str) -> Words:
    return subject.words(field)


@register.filter
def title_language(source: Source) -> str:
    """Return the language of a source's title: ours, unless its letters show that it must be the source's."""
    is_mirrored = is_right_to_left(source.title)
    for language in (settings.LANGUAGE_CODE, source.language):
        if (language in RIGHT_TO_LEFT) == is_mirrored:
            return language
    return "und"


@register.filter
def said_by(pledge: Pledge) -> SafeString:
    """Return who said it, in the language of the page where that was translated."""
    speaker = pledge.words("speaker")
    return marked(speaker.text, speaker.language)


@register.inclusion_tag("public/_original.html")
def original(subject: Worded, field: str) -> dict[str, Any]:
    """Show the original of a text that stands on the page as a translation."""
    is_long = isinstance(subject._meta.get_field(field), TextField)
    return original_of(subject.words(field)) | {"is_long": is_long}


@register.inclusion_tag("public/_original.html")
def original_of(shown: Words) -> dict[str, Any]:
    """Show what a text translates, if it does."""
    language = language_name(shown.original_language)
    return {"words": shown, "language": language, "is_long": True}


@register.filter
def dated(value: date, precision: str = Precision.DAY) -> SafeString:
    """Return a <time> no more exact than `precision`."""
    return _dated(value, precision, get_language())


# A list has two days a row, many of them the same ones. Each takes about 300 bytes. (Days, not instants.)
@lru_cache(maxsize=DAYS_KEPT)
def _dated(value: date, precision: str, _language: str | None) -> SafeString:
    signs = EXACTNESS[precision][0] if precision in EXACTNESS else SIGNS_OF_A_DAY
    exact = value.isoformat()[:signs]
    return format_html('<time datetime="{}">{}</time>', exact, plain_day(value, precision))


@register.filter
def plain_day(value: date, precision: str = Precision.DAY) -> str:
    """Return a day in words no more exact than `precision`, for where no markup can stand."""
    return date_format(value, EXACTNESS[precision][1]) if precision in EXACTNESS else day(value)


@register.filter
def day_in(instant: datetime, zone: str) -> date:
    """Return the day that an instant falls on in a pledge's own zone."""
    return local_day(instant, zone)


@register.filter
def grouped(number: int) -> str:
    """Return a large number as the reader's language writes it."""
    return number_format(number, force_grouping=True)


@register.filter
def country(code: str) -> str:
    """Return the name of an ISO 3166 country in the reader's language."""
    locale = Locale.parse((get_language() or "en").replace("-", "_"))
    return str(locale.territories.get(code, code))


@register.filter
def host(address: str) -> str:
    """Return the name of the machine in a web address, for readers to see before they follow it."""
    return (urlsplit(address).hostname or address).removeprefix("www.")


@register.simple_tag
def mark(timeliness: str) -> SafeString:
    """Show a timeliness as a shape and its name."""
    label = TIMELINESS_LABELS[Timeliness(timeliness)]
    return format_html('<span class="mark mark-{}">{}</span>', timeliness, label)
