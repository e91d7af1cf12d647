"""The door: a phrase and its anchor in, a window or a typed "no date" out."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from .applying import apply
from .calendars import Calendar
from .expressions import DayDate, Deadline, Limit, Today, Vague, WeekdayName
from .languages import grammar_for
from .lexer import Grammar
from .named_times import FIRST_YEAR, LAST_YEAR
from .parser import parse
from .problems import UnreadableError, VagueError
from .rules import Days, Setting
from .text import clean
from .windows import Explanation, NoDate, NoDateReason, Note, Problem, Trigger, Window

LONGEST_PHRASE = 600
# Beside "soon" or "in spring" only a date with one of these stands: "in spring, 2027" is still vague.
_BOUNDS = (Limit.BY, Limit.WITHIN, Limit.BEFORE)
_MOON_SIGHTING = timedelta(days=1)


def resolve(
    phrase: str,
    *,
    language: str,
    anchor: date,
    calendar: Calendar,
    said_at: datetime | None = None,
    anchor_label: str = "",
) -> Window | NoDate:
    """Read a deadline phrase, counting from `anchor`.

    `anchor` is the day, in the pledge's time zone, on which the phrase was said or the event named by
    `anchor_label` happened; write the label in the words of the phrase ("formation of the committee").
    `said_at` is an aware datetime in the pledge's zone and only matters to hours: "48 hours" end on the
    day, in that zone, on which the 48th hour ends.

    Raises UnknownLanguageError for a language without a grammar, ValueError for a naive `said_at`.
    A phrase that cannot be read never raises: it gives NoDate with its reason.
    """
    if said_at is not None and said_at.utcoffset() is None:
        raise ValueError("said_at needs a time zone")
    setting = Setting(anchor, calendar, said_at, clean(anchor_label))
    return _resolve(phrase, grammar_for(language), setting)


def resolve_triggered(
    phrase: str, *, language: str, anchor: date, triggered_on: date, calendar: Calendar
) -> Window | NoDate:
    """Read an event-tied phrase once its event has happened, on the local day `triggered_on`.

    It is the same as reading it again with the event as its anchor, which is how it is stored. A phrase
    that waits for nothing is read as `resolve` reads it; one to which even the event gives no date
    ("after the election") gives NoDate, vague. Raises UnknownLanguageError.
    """
    waiting = resolve(phrase, language=language, anchor=anchor, calendar=calendar)
    if isinstance(waiting, Window) or waiting.trigger is None:
        return waiting
    label = waiting.trigger.text
    return resolve(phrase, language=language, anchor=triggered_on, calendar=calendar, anchor_label=label)


def _bounded(phrase: str) -> str:
    if len(phrase) > LONGEST_PHRASE:
        raise UnreadableError(Problem.OUT_OF_RANGE)
    return phrase


def recount(parts: Explanation, calendar: Calendar) -> Window | None:
    """Return the window that a stored date would have by a newer table of holidays, if it is another.

    None where no calendar mattered, where nothing moved, or where the rule itself has a newer version
    (then a stored date keeps its own). The caller proposes a correction; nothing moves by itself.
    """
    if not parts.country or parts.country != calendar.country:
        return None
    found = resolve(
        parts.phrase,
        language=parts.language,
        anchor=parts.anchor,
        calendar=calendar,
        anchor_label=parts.anchor_label,
    )
    if isinstance(found, NoDate) or (found.rule, found.rule_version) != (parts.rule, parts.rule_version):
        return None
    return None if (found.earliest, found.latest) == (parts.earliest, parts.latest) else found


def _resolve(phrase: str, grammar: Grammar, setting: Setting) -> Window | NoDate:
    parts = Explanation(phrase, grammar.code, setting.anchor, setting.anchor_label)
    try:
        found = _read(clean(_bounded(phrase)), grammar, setting)
    except UnreadableError as error:
        return _no_date(parts, NoDateReason.UNREADABLE, error.detail, error.problem)
    except VagueError:
        return _no_date(parts, NoDateReason.VAGUE)
    except (OverflowError, ValueError):
        return _no_date(parts, NoDateReason.UNREADABLE, "", Problem.OUT_OF_RANGE)
    if isinstance(found, Days):
        return _window(found, parts, setting.calendar)
    if isinstance(found, Trigger):
        no_date = _no_date(parts, NoDateReason.EVENT_TIED, found.text)
        return replace(no_date, trigger=found)
    return _no_date(parts, NoDateReason.VAGUE, found.text)


def _no_date(
    parts: Explanation, reason: NoDateReason, detail: str = "", problem: Problem | None = None
) -> NoDate:
    return NoDate(reason, replace(parts, reason=reason, problem=problem, detail=detail), problem)


def _window(days: Days, parts: Explanation, calendar: Calendar) -> Window:
    uses_calendar = Note.WORKING_CALENDAR in days.notes or Note.WEEK_END in days.notes
    explanation = replace(
        parts,
        earliest=days.earliest,
        latest=days.latest,
        precision=days.precision,
        rule=days.rule.id,
        rule_version=days.rule.version,
        notes=days.notes,
        country=calendar.country if uses_calendar else "",
        calendar_version=calendar.version if uses_calendar else "",
    )
    return Window(days.earliest, days.latest, days.precision, days.rule.id, days.rule.version, explanation)


def _read(cleaned: str, grammar: Grammar, setting: Setting) -> Days | Trigger | Vague:
    """Return the one thing a phrase says; several that differ are refused."""
    readings = parse(cleaned, grammar)
    deadlines = [reading for reading in readings if isinstance(reading, Deadline)]
    vague = [reading for reading in readings if isinstance(reading, Vague)]
    if vague and not any(deadline.limit in _BOUNDS for deadline in deadlines):
        return vague[0]
    weekdays = [deadline.when for deadline in deadlines if isinstance(deadline.when, WeekdayName)]
    others = [deadline for deadline in deadlines if not isinstance(deadline.when, WeekdayName)]
    found = [apply(deadline, setting, grammar) for deadline in others or deadlines]
    chosen = _the_same(found)
    if others and weekdays:
        if not all(isinstance(deadline.when, Today | DayDate) for deadline in others):
            raise UnreadableError(Problem.SEVERAL_DEADLINES)
        _check_weekdays(chosen, weekdays)
    if isinstance(chosen, Days) and not _is_in_range(chosen):
        raise UnreadableError(Problem.OUT_OF_RANGE)
    return chosen


def _is_in_range(days: Days) -> bool:
    return days.earliest.year >= FIRST_YEAR and days.latest.year <= LAST_YEAR


def _check_weekdays(chosen: Days | Trigger, weekdays: list[WeekdayName]) -> None:
    if isinstance(chosen, Trigger) or chosen.earliest != chosen.latest:
        raise UnreadableError(Problem.SEVERAL_DEADLINES)
    if any(name.weekday != chosen.latest.weekday() for name in weekdays):
        raise UnreadableError(Problem.WEEKDAY_MISMATCH, str(chosen.latest))


def _the_same(found: list[Days | Trigger]) -> Days | Trigger:
    first = found[0]
    for other in found[1:]:
        if isinstance(first, Trigger) or isinstance(other, Trigger):
            raise UnreadableError(Problem.SEVERAL_DEADLINES)
        if (first.earliest, first.latest) == (other.earliest, other.latest):
            continue
        first = _civil_of_pair(first, other)
    return first


def _civil_of_pair(first: Days, other: Days) -> Days:
    """Of a Hijri day and the civil day beside it, take the civil one; a sighting may part them by a day."""
    pair = sorted((first, other), key=lambda days: Note.HIJRI in days.notes)
    is_hijri = [Note.HIJRI in days.notes for days in pair]
    if is_hijri != [False, True] or abs(first.latest - other.latest) > _MOON_SIGHTING:
        raise UnreadableError(Problem.SEVERAL_DEADLINES)
    return pair[0].noting(Note.HIJRI)
