"""Views that belong to no app."""

from collections.abc import Iterator
from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from tracker.health.models import Part
from tracker.health.state import read_health
from tracker.health.words import since_when

PLAIN = "text/plain; charset=utf-8"
NO_ANSWER = "the database does not answer"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 "ok" when the database answers, else 503 with one plain line."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return _plain(NO_ANSWER)
    return _plain()


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 "ok" when readers get what they should, else 503 with a plain line for each late part.

    A worker that is late alone is no reason to take the pages away: the watchdog does its work.
    """
    # Read by programs: the same words whatever the language of the pages.
    with translation.override("en"):
        try:
            return _plain(*_troubles())
        except DatabaseError:
            return _plain(NO_ANSWER)


def _troubles() -> Iterator[str]:
    if _last_migrations() - MigrationRecorder(connection).applied_migrations().keys():
        yield "the database is not migrated: run manage.py migrate"
        return
    late = read_health(now=timezone.now()).late
    for part in (Part.SWEEP, Part.DELIVERY):
        if part in late:
            yield f"{part.value}: late, {since_when(late[part])}"


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    """Return the last migration of each app as (app, name), read from the files once a process."""
    return frozenset(MigrationLoader(None).graph.leaf_nodes())


def _plain(*troubles: str) -> HttpResponse:
    lines = "".join(f"{line}\n" for line in troubles or ("ok",))
    return HttpResponse(lines, status=503 if troubles else 200, content_type=PLAIN)
