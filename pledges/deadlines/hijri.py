"""Hijri days and months in the civil calendar, by the Umm al-Qura tables that `hijridate` keeps.

A local sighting of the moon can differ from the tables by a day; explanations say so.
"""

from datetime import date

from hijridate import Gregorian, Hijri


def civil_day(year: int, month: int, day: int) -> date:
    """Return the civil date of a Hijri day. Raises ValueError or OverflowError outside the tables."""
    return date(*Hijri(year, month, day).to_gregorian().datetuple())


def civil_month(year: int, month: int) -> tuple[date, date]:
    """Return the first and the last civil day of a Hijri month."""
    last = Hijri(year, month, 1).month_length()
    return civil_day(year, month, 1), civil_day(year, month, last)


def civil_year(year: int) -> tuple[date, date]:
    """Return the first and the last civil day of a Hijri year."""
    return civil_day(year, 1, 1), civil_month(year, 12)[1]


def hijri_day(day: date) -> tuple[int, int, int]:
    """Return (year, month, day) in the Hijri calendar. Raises OverflowError outside the tables."""
    return Gregorian.fromdate(day).to_hijri().datetuple()
