"""The rules of the follow-up ladder: which rung a deadline has reached. Pure: no database, no clock."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from pledges.deadlines.lapse import lapse_instant


def rung_instant(latest: date, days: int, zone: str) -> datetime:
    """Return when the rung T`days` of a deadline `latest` is reached: T0 is the instant at which it lapses.

    Rungs turn at midnight of `zone`; the answer is in UTC.
    """
    return lapse_instant(latest + timedelta(days=days), zone)


def elapsed_days(latest: date, today: date) -> int:
    """Return the days from T0 to the local day `today`: 0 on the day after `latest`, negative before."""
    return (today - latest).days - 1


def highest_reached(elapsed: int, rungs: Iterable[int], repeat_days: int | None) -> int | None:
    """Return the highest rung that is reached `elapsed` days after T0; None below the first.

    After the last rung each `repeat_days` days make one more.
    """
    steps = sorted(rungs)
    reached = [step for step in steps if step <= elapsed]
    if not reached:
        return None
    if reached[-1] == steps[-1] and repeat_days:
        return reached[-1] + (elapsed - reached[-1]) // repeat_days * repeat_days
    return reached[-1]


def rung_of(days: int, rungs: Iterable[int]) -> int:
    """Return the rung whose people hear of T`days`: itself, or the last one before a repetition."""
    steps = sorted(rungs)
    return max((step for step in steps if step <= days), default=steps[0])
