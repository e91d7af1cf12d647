"""One sentence that says how a date was arrived at, in the reader's language, from stored fields."""

from babel import Locale
from babel.core import get_global
from babel.dates import get_timezone_location

from .bidi import isolate
from .date_part import Dates, date_part, day_in_words, hijri_in_words
from .rules import Rule
from .windows import Explanation, NoDateReason, Note, Precision, Problem
from .wording import wording_for
from .wording.base import Wording

_SUMS = frozenset({Rule.WITHIN_PERIOD.id, Rule.WITHIN_HOURS.id, Rule.WORKING_DAYS.id})


def explain(parts: Explanation, language: str, zone: str) -> str:
    """Return the sentence about a date, or about why there is none.

    `language` is the reader's; one without a wording is answered in English. `zone` is the IANA time
    zone of the pledge, in which the day ends. Only stored fields are used, never the rules of today:
    a date keeps the explanation of the rule and the version it came from.
    """
    wording = wording_for(language)
    locale = Locale(wording.code)
    if parts.latest is None or parts.earliest is None or parts.precision is None:
        return _no_date(parts, wording, locale)
    dates = Dates(parts.earliest, parts.latest, parts.precision)
    notes = [_note(note, parts, dates, wording, locale) for note in parts.notes]
    return wording.between_notes.join(
        [_sum(parts, _due(dates, wording, locale, zone), wording, locale), *notes]
    )


def place_of(zone: str, locale: Locale) -> str:
    """Return the city a zone is named after, or the zone itself where it is named after none."""
    # "GMT+12" without its "Etc/" would be read as the opposite of what it means.
    if zone.startswith("Etc/"):
        return zone
    # Babel looks for a city by the name of its zone alone, and has some by the one that the zone had before:
    # Kathmandu, once Asia/Katmandu, would be in Latin letters in every language.
    former = (old for old, new in get_global("zone_aliases").items() if new == zone)
    cities = (locale.time_zones.get(each, {}).get("city") for each in (zone, *former))
    return next(filter(None, cities), None) or _city_of_its_name(zone, locale)


def _city_of_its_name(zone: str, locale: Locale) -> str:
    try:
        # "Argentina/Buenos Aires" is more than a city.
        return get_timezone_location(zone, locale=locale, return_city=True).rpartition("/")[2]
    except LookupError:
        return zone


def _start(parts: Explanation, wording: Wording, locale: Locale) -> str:
    anchor = day_in_words(parts.anchor, wording, locale)
    if not parts.anchor_label:
        return wording.said.format(anchor=anchor)
    return wording.labelled.format(label=isolate(parts.anchor_label, wording.code), anchor=anchor)


def _quoted(parts: Explanation, wording: Wording) -> str:
    return wording.quote.format(text=isolate(parts.phrase.strip(), wording.code))


def _due(dates: Dates, wording: Wording, locale: Locale, zone: str) -> str:
    template = wording.day_ends if dates.precision is Precision.DAY else wording.period_ends
    return template.format(
        due=date_part(dates, wording, locale),
        last=day_in_words(dates.latest, wording, locale),
        place=isolate(place_of(zone, locale), wording.code),
    )


def _sum(parts: Explanation, due: str, wording: Wording, locale: Locale) -> str:
    is_sum = parts.rule in _SUMS and Note.PERIOD_FROM_DATE not in parts.notes
    rule = wording.rule.format(id=isolate(parts.rule, wording.code), version=parts.rule_version)
    return (wording.adds if is_sum else wording.stands).format(
        start=_start(parts, wording, locale),
        phrase=_quoted(parts, wording),
        rule=rule if parts.rule else "",
        due=due,
    )


def _note(note: Note, parts: Explanation, dates: Dates, wording: Wording, locale: Locale) -> str:
    return wording.notes[note].format(
        anchor=day_in_words(parts.anchor, wording, locale),
        country=locale.territories.get(parts.country, parts.country),
        calendar=isolate(parts.calendar_version, wording.code),
        hijri=hijri_in_words(dates, wording),
    )


def _no_date(parts: Explanation, wording: Wording, locale: Locale) -> str:
    templates = {NoDateReason.VAGUE: wording.vague, NoDateReason.EVENT_TIED: wording.event_tied}
    return templates.get(parts.reason or NoDateReason.UNREADABLE, wording.unreadable).format(
        start=_start(parts, wording, locale),
        phrase=_quoted(parts, wording),
        event=wording.quote.format(text=isolate(parts.detail, wording.code)),
        problem=_problem(parts, wording),
    )


def _problem(parts: Explanation, wording: Wording) -> str:
    problem = parts.problem or Problem.INCOMPLETE
    detail = parts.detail or parts.phrase
    return wording.problems[problem].format(detail=isolate(detail, wording.code))
