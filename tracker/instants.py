"""Instants that a person types."""

from datetime import UTC, datetime

from django.core.management.base import CommandError
from django.utils.dateparse import parse_datetime


def instant(text: str, *, option: str = "--now") -> datetime:
    """Read an ISO 8601 instant with its offset; return it in UTC. Raises CommandError, naming `option`."""
    try:
        read = parse_datetime(text)
    except ValueError as error:
        raise CommandError(f"{option}: “{text}” is no instant: {error}.") from error
    if read is None or read.tzinfo is None:
        raise CommandError(f"{option}: write “{text}” with time and offset: 2025-04-09T00:00:00+03:00.")
    return read.astimezone(UTC)
