"""Which days a country works: its weekend and its public holidays.

Both come from the `holidays` library, which also keeps weekends that changed (Saudi Arabia 2013,
the Emirates 2022, Algeria 2009). OTHER_WEEKENDS holds what its release 0.109 does not know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.metadata import version

import holidays

MON, TUE, WED, THU, FRI, SAT, SUN = range(7)

# (first day of validity, weekend), newest first. Sources: the countries' own announcements as
# gathered by jollyday (github.com/focus-shift/jollyday/pull/1458) and by The National of
# 7 December 2021 ("When is the weekend in the Arab world?"); Mauritania moved on 1 October 2014.
OTHER_WEEKENDS: dict[str, tuple[tuple[date, frozenset[int]], ...]] = {
    "DJ": ((date.min, frozenset({FRI})),),
    "LY": ((date.min, frozenset({FRI, SAT})),),
    "MR": ((date(2014, 10, 1), frozenset({SAT, SUN})), (date.min, frozenset({FRI, SAT}))),
    "NP": ((date.min, frozenset({SAT})),),
    "PS": ((date.min, frozenset({FRI, SAT})),),
}

LONGEST_COUNT = 2000


class UnknownCountryError(ValueError):
    """No table of public holidays is kept for this country code."""

    def __init__(self, country: str) -> None:
        super().__init__(
            f"No calendar is known for the country {country!r}: use an ISO 3166 code such as SY."
        )


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working calendar of one country (ISO 3166 alpha-2); an empty country knows no working days.

    `version` names the table of holidays, so that a date counted with an older table can be found.
    """

    country: str
    version: str
    is_weekend: Callable[[date], bool]
    is_holiday: Callable[[date], bool]

    def is_working_day(self, day: date) -> bool:
        return not self.is_weekend(day) and not self.is_holiday(day)

    def after_working_days(self, start: date, count: int) -> date:
        """Return the day on which the `count`-th working day after `start` falls (`start` not counted)."""
        if not self.country:
            raise ValueError("working days need a country")
        if not 0 < count <= LONGEST_COUNT:
            raise OverflowError(f"cannot count {count} working days")
        day = start
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day


def _never(_day: date) -> bool:
    return False


NO_COUNTRY = Calendar(country="", version="", is_weekend=_never, is_holiday=_never)


@cache
def country_calendar(country: str) -> Calendar:
    """Return the calendar of an ISO 3166 alpha-2 `country`; "" gives NO_COUNTRY.

    Raises UnknownCountryError.
    """
    if not country:
        return NO_COUNTRY
    code = country.upper()
    if len(code) != 2 or code not in holidays.list_supported_countries():
        raise UnknownCountryError(country)
    table = holidays.country_holidays(code)
    eras = OTHER_WEEKENDS.get(code)

    def is_weekend(day: date) -> bool:
        if eras is None:
            return table.is_weekend(day)
        return day.weekday() in next(weekend for since, weekend in eras if day >= since)

    return Calendar(code, f"holidays {version('holidays')}", is_weekend, table.__contains__)
