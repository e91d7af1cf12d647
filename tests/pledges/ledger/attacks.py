"""A record worth altering, and an attacker with raw access to its database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

from pledges import append_only, record
from pledges.ledger import chain
from pledges.models import Event, Pledge
from tests.support.records import make_pledge, make_source
from tracker.alerts.telling import tell

LAPSE = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)  # the end of 4 May in Damascus
LATER = LAPSE + timedelta(days=2)


def a_record() -> tuple[Pledge, Pledge]:
    """Two overdue pledges; the first was moved, updated and assessed. Event 5 of it is its extension."""
    victim, other = make_pledge(), make_pledge()
    record.flag_overdue(now=LAPSE, limit=10)
    actor = victim.created_by
    source = make_source(actor=actor, now=LATER)
    record.extend_deadline(
        pledge=victim,
        terms=record.DeadlineTerms(phrase="two more months", latest=date(2025, 7, 4)),
        source=source,
        announced_on=date(2025, 5, 5),
        actor=actor,
        now=LATER,
    )
    update = record.add_update(
        pledge=victim,
        kind="progress",
        happened_on=date(2025, 5, 5),
        text="The commission heard witnesses.",
        sources=[source],
        actor=actor,
        now=LATER,
    )
    record.assess(
        pledge=victim,
        status="in_progress",
        effective_on=date(2025, 5, 5),
        reason="Witnesses were heard.",
        updates=[update],
        actor=actor,
        now=LATER,
    )
    # An event that readers are still to be told of can't even be deleted.
    tell(now=LATER)
    victim.refresh_from_db()
    return victim, other


def run(sql: str, *parameters: Any) -> None:
    """Do what the triggers would refuse."""
    with append_only.lifted(connection), connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        assert cursor.rowcount > 0, f"the attack changed nothing: {sql}"


def event_id(pledge: Pledge, position: int) -> int:
    return Event.objects.get(stream=pledge.stream, position=position).pk


def rechain(pledge: Pledge, *, quote: str) -> None:
    """Rewrite a whole pledge as it would have been written with other words, its head included."""
    run("UPDATE pledges_pledge SET quote = %s WHERE id = %s", quote, pledge.pk)
    head = chain.START
    for event in Event.objects.filter(stream=pledge.stream).order_by("position"):
        if "quote" in event.payload:
            event.payload["quote"] = quote
        event.prev_hash = head
        head = chain.hash_of(event.body)
        with append_only.lifted(connection):
            Event.objects.filter(pk=event.pk).update(
                payload=event.payload, prev_hash=event.prev_hash, hash=head
            )
    run("UPDATE pledges_pledge SET head_hash = %s WHERE id = %s", head, pledge.pk)
