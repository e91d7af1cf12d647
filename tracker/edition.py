"""The edition of the public record: a name that changes with everything that happens to the record.

It stands in Redis, so that all processes know it. Nothing depends on it but speed: while Redis is away there
is no edition, and every page is made anew. Not every page asks it then (`tracker/silence.py`), but all news
is told to it: other processes may hear it all the same.

What Redis said is believed for BELIEVED seconds, about as long as it takes for news to get there: of a crowd
only some then wait for it. The process in which something happens believes nothing older than that.
"""

import time
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from tracker import silence
from tracker.silence import NO_ANSWER

KEY = "edition-and-second"
LASTS = 24 * 60 * 60  # seconds; a new name then is as good
BELIEVED = 0.02  # seconds


@dataclass
class Heard:
    """The name that Redis said last, and when it was asked, in seconds of the process's own clock."""

    name: str = ""
    at: float = 0.0


_heard = Heard()
# When this process last began an edition: what was asked for before that is old.
_renewed_at = 0.0


def believed() -> str:
    """Return the name of the edition if Redis was asked for it just now, else nothing."""
    heard = _heard
    is_new = heard.at > _renewed_at and time.monotonic() < heard.at + BELIEVED
    return heard.name if is_new else ""


def current() -> str:
    """Return the name of the edition, empty while there is none."""
    return believed() or current_with(KEY)[0]


def current_with(key: str) -> tuple[str, Any]:
    """Return the name of the edition, empty while there is none, and what the cache holds under `key`.

    There is none either for a moment after the cache gave no answer.

    One question is quicker than two. Read it before the record: what is read after it may be newer than the
    name says, but never older.
    """
    global _heard  # noqa: PLW0603 - of the process, not of a thread; replaced as a whole
    if not silence.is_worth_asking():
        return "", None
    at = time.monotonic()
    try:
        found = cache.get_many([KEY, key])
        if KEY not in found:
            cache.add(KEY, _new_name(), LASTS)
            found[KEY] = cache.get(KEY)
        silence.answered()
        name = str(found[KEY])
        began(name)
        _heard = Heard(name, at)
        return name, found.get(key)
    except NO_ANSWER as trouble:
        silence.no_answer("no edition, pages are made anew", trouble)
    except ValueError as trouble:
        # Something else writes there. What it wrote must not stand in the way of readers.
        silence.answered()
        silence.complain("what Redis has can't be read and is forgotten", trouble)
        _forget(key)
    return "", None


def _forget(key: str) -> None:
    try:
        cache.delete_many([KEY, key])
    except NO_ANSWER as trouble:
        silence.no_answer("nothing could be forgotten", trouble)


def began(name: str) -> int:
    """Return the second since 1970 in which an edition began, at or after the commit of what it tells.

    Raises ValueError for what is no name of an edition.
    """
    return int(name.partition("-")[0])


def renew_on_commit() -> None:
    """Begin a new edition once the running transaction is committed."""
    transaction.on_commit(renew)


def renew() -> None:
    """Begin a new edition. Its name was never used before, also after Redis lost the last one."""
    global _renewed_at  # noqa: PLW0603 - as above
    try:
        # Asked or not: whoever reads elsewhere must not be given what was before.
        cache.set(KEY, _new_name(), LASTS)
        silence.answered()
    except NO_ANSWER as trouble:
        # The minute in the names of what is kept ends it all the same (`tracker/public/keeping.py`).
        silence.no_answer("the edition could not be renewed", trouble)
    _renewed_at = time.monotonic()


def _new_name() -> str:
    # Not an instant on record: what is recorded at one is committed later, and not in its order.
    return f"{int(timezone.now().timestamp())}-{uuid4().hex}"
