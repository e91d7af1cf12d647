"""What the rules read in the words about a deadline, said so that a person can confirm it."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from pledges.deadlines.calendars import NO_COUNTRY, Calendar, UnknownCountryError, country_calendar
from pledges.deadlines.languages import UnknownLanguageError
from pledges.deadlines.resolving import resolve
from pledges.deadlines.windows import NoDate, NoDateReason, Note, Problem, Window
from pledges.readings import day, isolated

PROBLEMS = {
    Problem.AMBIGUOUS_DATE: gettext_lazy("day and month could be the other way round"),
    Problem.AMBIGUOUS_PERIOD: gettext_lazy("it could mean more than one period"),
    Problem.AMBIGUOUS_WEEKDAY: gettext_lazy("it could mean this week’s day or the next"),
    Problem.EMPTY: gettext_lazy("there are no words"),
    Problem.FISCAL_YEAR: gettext_lazy("a fiscal year differs from country to country"),
    Problem.IMPOSSIBLE_DATE: gettext_lazy("there is no such day"),
    Problem.INCOMPLETE: gettext_lazy("something is missing"),
    Problem.NEEDS_COUNTRY: gettext_lazy("no table of working days is kept for the body’s country"),
    Problem.NEGATED: gettext_lazy("it says what will not be"),
    Problem.NOT_A_DEADLINE: gettext_lazy("it does not say by when"),
    Problem.OUT_OF_RANGE: gettext_lazy("it is too far away or too long"),
    Problem.SEVERAL_DEADLINES: gettext_lazy("it names more than one date"),
    Problem.UNKNOWN_WORDS: gettext_lazy("it has words that the rules don’t know"),
    Problem.WEEKDAY_MISMATCH: gettext_lazy("the weekday and the date don’t agree"),
}
NOTES = {
    Note.ALREADY_PAST: gettext_lazy("that day was past already when it was said"),
    Note.BY_PERIOD: gettext_lazy("“by” a period is read as by its end"),
    Note.CLOCK_TIME: gettext_lazy("the hour is left out: the whole day counts"),
    Note.EXTENSION: pgettext_lazy("deadline", "read as an extension"),
    Note.HIJRI: gettext_lazy("converted from the Hijri calendar, which may differ by a day"),
    Note.NEXT_SUCH_DATE: gettext_lazy("no year was said: the next such date"),
    Note.PART_OF_PERIOD: gettext_lazy("a part of a period, which is read by its last day"),
    Note.PERIOD_FROM_DATE: gettext_lazy("counted from the date in the words"),
    Note.STARTS_WITH_ANCHOR: gettext_lazy("the first day counts"),
    Note.UNKNOWN_HOUR: gettext_lazy("the hour when it was said is not known: the later day"),
    Note.WEEK_END: gettext_lazy("the last day of the week in that country"),
    Note.WORKING_CALENDAR: gettext_lazy("working days of that country"),
}


def read_phrase(
    phrase: str, *, language: str, anchor: date, anchor_label: str, country: str
) -> Window | NoDate | None:
    """Read a phrase by the rules; None where there are no rules for its language."""
    try:
        return resolve(
            phrase,
            language=language,
            anchor=anchor,
            anchor_label=anchor_label,
            calendar=_calendar(country),
        )
    except UnknownLanguageError:
        return None


def window_in_words(found: Window) -> str:
    """Say a date with what it was counted from and what was assumed."""
    said = found.explanation
    facts = {"phrase": isolated(said.phrase), "anchor": day(said.anchor), "due": day(found.latest)}
    words = _("“%(phrase)s”, counted from %(anchor)s, is read as %(due)s") % facts
    notes = [str(NOTES[note]) for note in said.notes]
    return f"{words} ({'; '.join(notes)})" if notes else words


def no_date_in_words(found: NoDate) -> str:
    facts = {"phrase": isolated(found.explanation.phrase)}
    if found.reason == NoDateReason.EVENT_TIED and found.trigger:
        facts["event"] = isolated(found.trigger.text)
        return _("“%(phrase)s” waits for an event: %(event)s") % facts
    if found.reason == NoDateReason.UNREADABLE and found.problem:
        facts["problem"] = str(PROBLEMS[found.problem])
        return _("“%(phrase)s” can’t be read as one date: %(problem)s") % facts
    return _("“%(phrase)s” names no date") % facts


def _calendar(country: str) -> Calendar:
    try:
        return country_calendar(country)
    except UnknownCountryError:
        return NO_COUNTRY
