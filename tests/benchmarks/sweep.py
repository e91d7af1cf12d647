"""The sweep against the same rows written by raw SQL, and against a loop over the ORM.

Every round is rolled back, so that all jobs find the same rows due.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from pledges.record.events import append
from tests.benchmarks.filling import NOW, grow_to, ladder_is_climbed, tidy
from tests.benchmarks.timing import in_turns
from tracker.alerts.models import Alert
from tracker.watch.sweep import sweep

ROUNDS = 5
LOOP_ROWS = 500  # the loop is timed on so many rows and scaled
IDLE = NOW - timedelta(days=1)  # nothing has lapsed by then

DUE = """
    publication = 'published' AND status IN ('no_evidence', 'in_progress', 'partly_fulfilled')
    AND overdue_flagged_at IS NULL AND lapses_at <= {now}
"""
# Bare SQL in the fewest statements each database allows, and without the hashes: no code of ours can beat it.
RAW = {
    "postgresql": [
        f"""
        WITH marked AS (
            UPDATE pledges_pledge
            SET overdue_flagged_at = {{now}}, head_position = head_position + 1
            WHERE {DUE}
            RETURNING id, reference, head_position, current_deadline_id, published_at, assignee_id),
        appended AS (
            INSERT INTO pledges_event (actor_salt, prev_hash, hash, stream, position, kind, pledge_id,
                                       deadline_id, happened_on, recorded_at, payload)
            SELECT '', '', '', 'pledge:' || reference, head_position, 'became_overdue', marked.id,
                   deadline.id, latest + 1, {{now}},
                   jsonb_build_object(
                       'deadline', position, 'latest', latest,
                       'lapses_at', to_char(lapses_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"+00:00"'),
                       'is_backlog', published_at >= lapses_at)
            FROM marked JOIN pledges_deadline deadline ON deadline.id = current_deadline_id
            RETURNING id, pledge_id),
        readers AS (
            SELECT appended.id AS event_id, person.email AS recipient, person.id AS user_id
            FROM appended JOIN marked ON marked.id = appended.pledge_id
            JOIN auth_user person ON person.id = marked.assignee_id
            UNION ALL
            SELECT appended.id, 'desk@ngo.example', NULL FROM appended)
        INSERT INTO alerts_alert (event_id, recipient, user_id, kind, state, claimable_at, created_at)
        SELECT event_id, recipient, user_id, 'overdue', 'queued', {{now}}, {{now}} FROM readers
        """  # noqa: S608 - a constant of this file
    ],
    "sqlite": [
        """
        INSERT INTO pledges_event (actor_salt, prev_hash, hash, stream, position, kind, pledge_id,
                                   deadline_id, happened_on, recorded_at, payload)
        SELECT '', '', '', 'pledge:' || reference, head_position + 1, 'became_overdue', pledge.id,
               deadline.id, date(latest, '+1 day'), {now},
               json_object(
                   'deadline', position, 'latest', latest,
                   'lapses_at', strftime('%Y-%m-%dT%H:%M:%S+00:00', deadline.lapses_at),
                   'is_backlog', json(iif(published_at >= deadline.lapses_at, 'true', 'false')))
        FROM (SELECT * FROM pledges_pledge WHERE """  # noqa: S608 - a constant of this file
        + DUE
        + ") pledge JOIN pledges_deadline deadline ON deadline.id = pledge.current_deadline_id",
        """
        UPDATE pledges_pledge
        SET overdue_flagged_at = {now}, head_position = head_position + 1 WHERE """  # noqa: S608 - a constant of this file
        + DUE,
        """
        INSERT INTO alerts_alert (event_id, recipient, user_id, kind, state, claimable_at, created_at)
        SELECT event.id, person.email, person.id, 'overdue', 'queued', {now}, {now}
        FROM pledges_event event JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        JOIN auth_user person ON person.id = pledge.assignee_id
        WHERE event.kind = 'became_overdue' AND event.recorded_at = {now}
        UNION ALL
        SELECT id, 'desk@ngo.example', NULL, 'overdue', 'queued', {now}, {now} FROM pledges_event
        WHERE kind = 'became_overdue' AND recorded_at = {now}
        """,
    ],
}


class NotComparableError(AssertionError):
    """The jobs did not write the same rows, so their times say nothing."""


def raw_sql() -> None:
    now = f"'{connection.ops.adapt_datetimefield_value(NOW)}'"
    with connection.cursor() as cursor:
        for statement in RAW[connection.vendor]:
            cursor.execute(statement.format(now=now))


def orm_loop() -> None:
    """What one would write first: a query or three for each pledge."""
    due = Pledge.objects.published().overdue(now=NOW).filter(overdue_flagged_at__isnull=True)
    for pledge in due.select_related("assignee", "current_deadline")[:LOOP_ROWS]:
        pledge.overdue_flagged_at = NOW
        pledge.save()
        event = append(
            pledge,
            EventKind.BECAME_OVERDUE,
            {"deadline": 1, "is_backlog": False},
            happened_on=NOW.date(),
            actor=None,
            now=NOW,
            deadline=pledge.current_deadline,
        )
        for address in (pledge.assignee.email if pledge.assignee else "", "desk@ngo.example"):
            Alert.objects.get_or_create(
                event=event,
                recipient=address,
                defaults={
                    "kind": "overdue",
                    "state": "queued",
                    "claimable_at": NOW,
                    "created_at": NOW,
                },
            )


EVENT_COLUMNS = ("stream", "position", "deadline", "happened_on", "recorded_at", "payload")
ALERT_COLUMNS = ("event__stream", "recipient", "user", "kind", "state", "claimable_at", "created_at")


def written_by(job: Callable[[], object]) -> tuple[list[object], ...]:
    """Return the pledges, events and alerts that `job` writes; undo it."""
    events = Event.objects.filter(kind=EventKind.BECAME_OVERDUE)
    with transaction.atomic():
        job()
        rows: tuple[list[object], ...] = (
            list(Pledge.objects.filter(overdue_flagged_at=NOW).order_by("id").values_list("id", flat=True)),
            list(events.order_by("stream").values_list(*EVENT_COLUMNS)),
            list(Alert.objects.order_by("event__stream", "recipient").values_list(*ALERT_COLUMNS)),
        )
        transaction.set_rollback(True)
    return rows


def undone(job: Callable[[], object]) -> Callable[[], None]:
    def run() -> None:
        with transaction.atomic():
            job()
            transaction.set_rollback(True)

    return run


def measure(sizes: list[int], say: Callable[[str], object]) -> None:
    """Fill the database to each size in turn and print the figures of the sweep."""
    settings.TRACKER_STAFF_ALERTS = ["desk@ngo.example"]
    for size in sizes:
        grow_to(size)
        ladder_is_climbed()
        due = size // 100
        written, wanted = written_by(lambda: sweep(now=NOW)), written_by(raw_sql)
        if written != wanted or [len(rows) for rows in wanted] != [due, due, 2 * due]:
            raise NotComparableError(f"the sweep wrote {written!s:.300}, raw SQL {wanted!s:.300}")
        timed = in_turns(
            {
                "sweep": undone(lambda: sweep(now=NOW)),
                "raw": undone(raw_sql),
                "loop": undone(orm_loop),
                "idle": undone(lambda: sweep(now=IDLE)),
            },
            rounds=ROUNDS,
            between=tidy,
        )
        loop_scale = due / min(due, LOOP_ROWS)
        per_sweep = timed["loop"].middle * loop_scale / timed["sweep"].middle
        say(
            f"  {size:>9,} pledges, {due:>6,} newly overdue:"
            f" sweep {timed['sweep'].middle * 1000:8.1f} ms"
            f" = {timed['sweep'].over(timed['raw'])} x raw SQL;"
            f" ORM loop = {per_sweep:.0f} x sweep;"
            f" idle sweep {timed['idle'].middle * 1000:.1f} ms"
        )
