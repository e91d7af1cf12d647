"""Counts that are not worth a row: they stand in the cache, rise by one command, and end by themselves."""

from django.core.cache import cache

from tracker import silence


def count(name: str, *, lasts: int) -> int:
    """Count once more under `name`, for `lasts` seconds from the first time; return how often that makes.

    What is counted at the same time is all counted. While the cache is away, and for a moment after it gave
    no answer, nothing is, and this returns 0: readers of a public record are not turned away because of our
    own trouble.
    """
    if not silence.is_worth_asking():
        return 0
    try:
        counted = 1 if cache.add(name, 1, lasts) else _once_more(name, lasts)
    except silence.NO_ANSWER as trouble:
        silence.no_answer("nothing is counted, all are let in", trouble)
        return 0
    silence.answered()
    return counted


def _once_more(name: str, lasts: int) -> int:
    try:
        return cache.incr(name)
    except ValueError:
        # It ended in between, so this is the first one again.
        cache.add(name, 1, lasts)
        return 1
