"""Who of the staff hears of a pledge, and when each may get a mail."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from .addresses import LONGEST, normalise, staff_addresses
from .models import Cadence, StaffReader
from .schedule import next_mail_at

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reader:
    """One address with its preferences; `user` is none for an address of the staff list."""

    user: int | None
    address: str
    preferences: StaffReader | None = None

    @property
    def is_digest(self) -> bool:
        """Whether they collect their mail for a certain hour."""
        return self.preferences is not None and self.preferences.cadence in (Cadence.DAILY, Cadence.WEEKLY)

    def mail_at(self, now: datetime) -> datetime | None:
        return next_mail_at(now, self.preferences)


def readers_of(users: Iterable[int]) -> dict[int, Reader]:
    """Return those of `users` who can be written to, in two statements whatever their number."""
    active = User.objects.filter(pk__in=set(users), is_active=True).exclude(email="")
    chosen = {each.user_id: each for each in StaffReader.objects.filter(user__in=active)}
    readers = [Reader(user.pk, normalise(user.email), chosen.get(user.pk)) for user in active]
    return {each.user: each for each in _usable(readers) if each.user is not None}


def desk() -> list[Reader]:
    """Return the staff list. An address there that is also somebody's own follows that person's wishes."""
    addresses = staff_addresses()
    if not addresses:
        return []
    own = StaffReader.objects.filter(user__is_active=True).exclude(user__email="").select_related("user")
    wishes = {normalise(each.user.email): each for each in own}
    return _usable([Reader(None, address, wishes.get(address)) for address in addresses])


def _usable(readers: list[Reader]) -> list[Reader]:
    usable = [reader for reader in readers if len(reader.address) <= LONGEST]
    if len(usable) < len(readers):
        logger.error("%d recipients left out: address too long", len(readers) - len(usable))
    return usable
