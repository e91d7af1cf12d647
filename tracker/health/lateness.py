"""When a part of the watch is late. Pure rules: no clock, no database, no settings."""

from datetime import datetime, timedelta

# An instant this far ahead was written by a clock that was wrong, and says nothing.
AHEAD = timedelta(days=1)


def is_late(since: datetime | None, *, now: datetime, allowed: timedelta) -> bool:
    """Whether what was last well at `since` (aware) is late at `now`: longer ago than `allowed`.

    None means never. An instant ahead of `now` counts as just now, as after a clock that was stepped
    back; more than a day ahead it counts as late, or one wrong clock would keep the watchdog quiet for ever.
    """
    if since is None:
        return True
    return now - since > allowed or since - now > AHEAD
