"""Whether the cache answers. One that hangs takes half a second for each question, longer than a page does.

So for PAUSE seconds after it gave no answer this process asks nothing that it can do without. Then one asks,
for all: the others wait for nothing until an answer ends the silence.
"""

import logging
import time

from redis.exceptions import RedisError, ResponseError

logger = logging.getLogger(__name__)
# What is raised instead of an answer.
NO_ANSWER = (RedisError, OSError)
PAUSE = 1.5  # seconds
_complaints: set[str] = set()
# Until when nothing is asked, in seconds of the process's own clock; 0 while the cache answers.
_until = 0.0


def is_worth_asking() -> bool:
    """Whether to ask the cache now. The first one after a pause is told so alone, and begins the next."""
    now = time.monotonic()
    if now < _until:
        return False
    if _until:
        _begin(now)
    return True


def answered() -> None:
    """Note that the cache answered: all may ask it again."""
    global _until  # noqa: PLW0603 - of the process, not of a thread
    _until = 0.0


def no_answer(what: str, trouble: Exception) -> None:
    """Note that the cache gave none, and that therefore `what`; nothing is asked for PAUSE seconds.

    Where it says that it will not, as when its memory is full, it answers other questions as fast as ever.
    """
    if isinstance(trouble, ResponseError):
        answered()
    else:
        _begin(time.monotonic())
    complain(what, trouble)


def complain(what: str, trouble: Exception) -> None:
    """Log what is wrong with the cache, once a process for each trouble, not with every page."""
    line = f"{what}: {trouble}"
    if line not in _complaints:
        _complaints.add(line)
        logger.warning(line)


def _begin(now: float) -> None:
    global _until  # noqa: PLW0603 - as above
    _until = now + PAUSE
