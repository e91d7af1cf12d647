"""What the rules read in the words about a deadline, said so that a person can confirm it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import get_language

from pledges.deadlines.calendars import NO_COUNTRY, Calendar, UnknownCountryError, country_calendar
from pledges.deadlines.explain import explain
from pledges.deadlines.languages import UnknownLanguageError
from pledges.deadlines.resolving import resolve
from pledges.deadlines.windows import NoDate, Window


@dataclass(frozen=True)
class Place:
    """Whose working days count (ISO 3166 code) and in which IANA time zone a day ends."""

    country: str = ""
    zone: str = "UTC"


def read_phrase(
    phrase: str, *, language: str, anchor: date, anchor_label: str, place: Place
) -> Window | NoDate | None:
    """Read a phrase by the rules; None where there are no rules for its language."""
    calendar = _calendar(place.country)
    try:
        return resolve(phrase, language=language, anchor=anchor, anchor_label=anchor_label, calendar=calendar)
    except UnknownLanguageError:
        return None


def reading_in_words(found: Window | NoDate, place: Place) -> str:
    return explain(found.explanation, get_language() or "en", place.zone)


def _calendar(country: str) -> Calendar:
    try:
        return country_calendar(country)
    except UnknownCountryError:
        return NO_COUNTRY
