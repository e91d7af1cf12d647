"""Reading phrases in tests: all as said on one day, in one country whose calendar never changes."""

from datetime import date

from pledges.deadlines.calendars import FRI, SAT, Calendar
from pledges.deadlines.resolving import resolve
from pledges.deadlines.windows import NoDate, Window

FRIDAY = date(2025, 4, 4)
HOLIDAYS = frozenset({date(2025, 4, 17), date(2025, 5, 1)})


def _is_weekend(day: date) -> bool:
    return day.weekday() in (FRI, SAT)


CALENDAR = Calendar("SY", "holidays of this test", _is_weekend, HOLIDAYS.__contains__)

# phrase, last day; after a space the first day where it is another
Dated = list[tuple[str, str, str]]
Undated = list[tuple[str, str]]


def read(phrase: str, language: str = "en", anchor: date = FRIDAY, label: str = "") -> Window | NoDate:
    return resolve(phrase, language=language, anchor=anchor, calendar=CALENDAR, anchor_label=label)


def window(phrase: str, language: str = "en", anchor: date = FRIDAY, label: str = "") -> Window:
    found = read(phrase, language, anchor, label)
    assert isinstance(found, Window), found
    return found


def no_date(phrase: str, language: str = "en", anchor: date = FRIDAY, label: str = "") -> NoDate:
    found = read(phrase, language, anchor, label)
    assert isinstance(found, NoDate), found
    return found


def summary(found: Window | NoDate) -> str:
    """Write what was found as the tables do: the days and the precision, or the reason."""
    if isinstance(found, NoDate):
        return f"{found.reason}: {found.problem}" if found.problem else found.reason.value
    days = [day.isoformat() for day in dict.fromkeys((found.earliest, found.latest))]
    return f"{' to '.join(days)}, {found.precision}"
