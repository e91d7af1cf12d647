"""What every reader's language has to say."""

from collections.abc import Mapping
from dataclasses import dataclass

from pledges.deadlines.windows import Note, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """Templates in one language. Fields in braces are filled in; dates, names and quotes come ready made.

    `adds` joins a start and a length of time, `stands` a day and words that need no sum. Patterns of
    dates are those of Unicode's CLDR, and so are the names of months, but for `months`: what readers of
    all countries understand where each country has names of its own.
    """

    code: str
    quote: str
    said: str
    labelled: str
    adds: str
    stands: str
    rule: str
    day_ends: str
    period_ends: str
    vague: str
    event_tied: str
    unreadable: str
    between_notes: str
    day_pattern: str
    month_pattern: str
    first_of_month: str
    quarters: tuple[str, str, str, str]
    halves: tuple[str, str]
    hijri_day: str
    hijri_month: str
    hijri_year: str
    hijri_months: tuple[str, ...]
    months: tuple[str, ...] = ()
    notes: Mapping[Note, str]
    problems: Mapping[Problem, str]
