"""Appending to the hash chains and verifying them, against the same rows without hashes."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction

from pledges import append_only
from pledges.ledger import chain
from pledges.ledger.chains import verify_chains
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from tests.benchmarks.filling import NOW, grow_to, tidy
from tests.benchmarks.timing import in_turns

PER_PLEDGE = 10
BATCH = 2_000
ROUNDS = 3


class NotSoundError(AssertionError):
    """The chains that were measured are not sound, so their times say nothing."""


def events(pledges: list[Pledge]) -> list[Event]:
    """Return ten events for each pledge, not yet chained."""
    return [
        Event(
            stream=pledge.stream,
            position=position,
            kind=EventKind.UPDATE_ADDED,
            pledge=pledge,
            happened_on=NOW.date(),
            recorded_at=NOW + timedelta(seconds=position),
            payload={
                "text": "The commission heard witnesses. " * 4,
                "update": position,
                "sources": ["source:1"],
            },
        )
        for pledge in pledges
        for position in range(1, PER_PLEDGE + 1)
    ]


def link(rows: list[Event]) -> None:
    head = chain.START
    for event in rows:
        event.prev_hash = chain.START if event.position == 1 else head
        event.hash = head = chain.hash_of(event.body)


def write(rows: list[Event]) -> None:
    for event in rows:
        event.pk = None
    Event.objects.bulk_create(rows, batch_size=BATCH)


def read(count: int) -> None:
    rows = Event.objects.select_related("deadline", "pledge").order_by("stream", "position")
    seen = sum(1 for _ in rows.iterator(BATCH))
    if seen < count:
        raise NotSoundError(f"{seen} events read, {count} expected")


def verify() -> None:
    if fault := next(verify_chains(), None):
        raise NotSoundError(str(fault))


def undone(job: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with transaction.atomic():
            job()
            transaction.set_rollback(True)

    return run


def give_heads(pledges: list[Pledge], rows: list[Event]) -> None:
    last = {event.stream: event for event in rows}
    for pledge in pledges:
        pledge.head_position, pledge.head_hash = last[pledge.stream].position, last[pledge.stream].hash
    Pledge.objects.bulk_update(pledges, ["head_position", "head_hash"], batch_size=500)


def measure(size: int, say: Callable[[str], object]) -> None:
    """Chain and verify ten events for each of `size` pledges, and take them away again."""
    grow_to(size)
    pledges = list(Pledge.objects.order_by("pk"))
    rows = events(pledges)

    def append() -> None:
        link(rows)
        write(rows)

    appended = in_turns(
        {"append": undone(append), "plain": undone(lambda: write(rows))}, rounds=ROUNDS, between=tidy
    )
    append()
    give_heads(pledges, rows)
    verified = in_turns({"verify": verify, "read": lambda: read(len(rows))}, rounds=ROUNDS)
    with append_only.lifted(connection):
        Event.objects.filter(pledge__in=pledges).delete()
    Pledge.objects.update(head_position=0, head_hash="")
    scale = 100_000 / len(rows)
    say(
        f"  {len(rows):>9,} events, per 100,000: append in bulk {appended['append'].middle * scale:.1f} s"
        f" = {appended['append'].over(appended['plain'])} x the same rows without hashes;"
        f" verify {verified['verify'].middle * scale:.1f} s"
        f" = {verified['verify'].over(verified['read'])} x reading them"
    )
