"""Counts that are not worth a row: they stand in the cache, rise by one command, and end by themselves."""

from django.core.cache import cache

from tracker.edition import NO_ANSWER, complain


def count(name: str, *, lasts: int) -> int:
    """Count once more under `name`, for `lasts` seconds from the first time; return how often that makes.

    What is counted at the same time is all counted. While the cache is away nothing is, and this returns 0:
    readers of a public record are not turned away because of our own trouble.
    """
    try:
        return 1 if cache.add(name, 1, lasts) else _once_more(name, lasts)
    except NO_ANSWER as trouble:
        complain("nothing is counted, all are let in", trouble)
        return 0


def _once_more(name: str, lasts: int) -> int:
    try:
        return cache.incr(name)
    except ValueError:
        # It ended in between, so this is the first one again.
        cache.add(name, 1, lasts)
        return 1
