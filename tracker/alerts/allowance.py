"""How often the public may ask for a mail: per address, and per network. Nothing here can be read back.

The counts stand in the database, so that neither a restarted Redis nor a second process forgets them; each
is raised by one statement, so that requests at the same time are all counted.
"""

import hmac
from datetime import UTC, datetime, timedelta
from enum import Enum, auto

from django.conf import settings
from django.db import connection
from django.db.models import Sum

from .models import Allowance

ADDRESS_PER_HOUR, ADDRESS_PER_DAY = 3, 10
NETWORK_PER_HOUR = 20
KEPT = timedelta(days=2)
# The same on both databases.
COUNT = """
    INSERT INTO alerts_allowance (key, hour, used) VALUES (%s, %s, 1)
    ON CONFLICT (key, hour) DO UPDATE SET used = alerts_allowance.used + 1
    RETURNING used
"""


class Verdict(Enum):
    """The first refusal may be said aloud; the second would tell that others asked for this address."""

    ALLOWED = auto()
    TOO_MANY_FROM_NETWORK = auto()
    TOO_MANY_TO_ADDRESS = auto()


def ask(*, address_key: str, network: str, now: datetime) -> Verdict:
    """Count one request at `now` (aware) and say whether it may be met. Hours and days are those of UTC."""
    if _count("network", network, now) > NETWORK_PER_HOUR:
        return Verdict.TOO_MANY_FROM_NETWORK
    in_this_hour = _count("address", address_key, now)
    if in_this_hour > ADDRESS_PER_HOUR or _today("address", address_key, now) > ADDRESS_PER_DAY:
        return Verdict.TOO_MANY_TO_ADDRESS
    return Verdict.ALLOWED


def forget_old(*, now: datetime) -> int:
    """Delete the counts that no question needs any more; return how many."""
    return Allowance.objects.filter(hour__lt=now - KEPT).delete()[0]


def _count(kind: str, what: str, now: datetime) -> int:
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    stamp = connection.ops.adapt_datetimefield_value(hour)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [_key(kind, what, now), stamp])
        return int(cursor.fetchone()[0])


def _today(kind: str, what: str, now: datetime) -> int:
    """Return the count of this day: the key is another one tomorrow."""
    rows = Allowance.objects.filter(key=_key(kind, what, now))
    return int(rows.aggregate(total=Sum("used"))["total"] or 0)


def _key(kind: str, what: str, now: datetime) -> str:
    key = f"tracker.alerts.allowance {settings.SECRET_KEY}"
    message = f"{now.astimezone(UTC):%Y-%m-%d} {kind} {what}"
    return hmac.digest(key.encode(), message.encode(), "sha256").hex()
