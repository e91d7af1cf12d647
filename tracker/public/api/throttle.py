"""How often a network may ask the API in an hour. Which network it was can't be read back from a count."""

import hmac
from datetime import UTC, datetime, timedelta
from math import ceil

from django.conf import settings

from tracker.counting import count

HOUR = timedelta(hours=1)


def wait(network: str, now: datetime) -> int:
    """Count one request at `now` (aware); return 0 where it may be met, else the seconds until it may.

    Hours are those of UTC. At most `TRACKER_API_HOURLY` requests of a network are met in each.
    """
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    # Twice the hour: the count must not end before the hour does, whichever clock is a little ahead.
    asked = count(_name(network, hour), lasts=int(2 * HOUR.total_seconds()))
    if asked <= settings.TRACKER_API_HOURLY:
        return 0
    return ceil((hour + HOUR - now).total_seconds())


def _name(network: str, hour: datetime) -> str:
    key = f"tracker.public.api.throttle {settings.SECRET_KEY}"
    return "api:" + hmac.digest(key.encode(), f"{hour:%Y-%m-%dT%H} {network}".encode(), "sha256").hex()
