"""From events to messages: who is told, once each. Set-based, and safe to run twice.

Hand-written SQL, once per database side by side, because the ORM has no INSERT ... SELECT. Call it in
the transaction that writes the events, so that there is never an event without its alerts.
"""

import json
import logging
from datetime import datetime
from typing import Any

from django.db import connection

from .staff_readers import Reader, desk, readers_of

logger = logging.getLogger(__name__)

ASSIGNEES = {
    "postgresql": """
        SELECT DISTINCT pledge.assignee_id FROM pledges_event event
        JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        WHERE event.id = ANY(%s) AND pledge.assignee_id IS NOT NULL
    """,
    "sqlite": """
        SELECT DISTINCT pledge.assignee_id FROM pledges_event event
        JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        WHERE event.id IN (SELECT value FROM json_each(%s)) AND pledge.assignee_id IS NOT NULL
    """,
}
# A reader with a user is told of what is assigned to that user; one without, of everything.
QUEUE = {
    "postgresql": """
        INSERT INTO alerts_alert (event_id, recipient, user_id, kind, state, claimable_at, created_at)
        SELECT event.id, reader.address, max(reader.user_id), 'overdue', 'queued', %s, %s
        FROM unnest(%s::int[], %s::text[]) AS reader (user_id, address), pledges_event event
        JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        WHERE event.id = ANY(%s)
          AND (reader.user_id IS NULL OR reader.user_id = pledge.assignee_id)
        GROUP BY event.id, reader.address
        ON CONFLICT (event_id, recipient) WHERE event_id IS NOT NULL AND subscriber_id IS NULL DO NOTHING
    """,
    "sqlite": """
        INSERT INTO alerts_alert (event_id, recipient, user_id, kind, state, claimable_at, created_at)
        SELECT event.id, reader.address, max(reader.user_id), 'overdue', 'queued', %s, %s
        FROM (SELECT json_extract(value, '$[0]') AS user_id, json_extract(value, '$[1]') AS address
              FROM json_each(%s)) reader, pledges_event event
        JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        WHERE event.id IN (SELECT value FROM json_each(%s))
          AND (reader.user_id IS NULL OR reader.user_id = pledge.assignee_id)
        GROUP BY event.id, reader.address
        ON CONFLICT (event_id, recipient) WHERE event_id IS NOT NULL AND subscriber_id IS NULL DO NOTHING
    """,
}
# DO UPDATE, though it changes little, locks an open digest: no worker can take it away from the members
# that are about to join it. SQLite finds the index only by its own words, in its own order.
OPEN_DIGESTS = {
    "postgresql": """
        INSERT INTO alerts_alert (recipient, user_id, kind, state, claimable_at, created_at)
        SELECT reader.address, max(reader.user_id), 'digest', 'queued', %s, %s
        FROM unnest(%s::int[], %s::text[]) AS reader (user_id, address), pledges_event event
        JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        WHERE event.id = ANY(%s)
          AND (reader.user_id IS NULL OR reader.user_id = pledge.assignee_id)
          AND NOT EXISTS (SELECT 1 FROM alerts_alert told
                          WHERE told.event_id = event.id AND told.recipient = reader.address)
        GROUP BY reader.address
        ON CONFLICT (recipient)
            WHERE first_tried_at IS NULL AND kind = 'digest' AND state = 'queued' AND subscriber_id IS NULL
            DO UPDATE SET claimable_at = CASE WHEN excluded.claimable_at < alerts_alert.claimable_at
                                              THEN excluded.claimable_at ELSE alerts_alert.claimable_at END
    """,
    "sqlite": """
        INSERT INTO alerts_alert (recipient, user_id, kind, state, claimable_at, created_at)
        SELECT reader.address, max(reader.user_id), 'digest', 'queued', %s, %s
        FROM (SELECT json_extract(value, '$[0]') AS user_id, json_extract(value, '$[1]') AS address
              FROM json_each(%s)) reader, pledges_event event
        JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        WHERE event.id IN (SELECT value FROM json_each(%s))
          AND (reader.user_id IS NULL OR reader.user_id = pledge.assignee_id)
          AND NOT EXISTS (SELECT 1 FROM alerts_alert told
                          WHERE told.event_id = event.id AND told.recipient = reader.address)
        GROUP BY reader.address
        ON CONFLICT (recipient)
            WHERE first_tried_at IS NULL AND kind = 'digest' AND state = 'queued' AND subscriber_id IS NULL
            DO UPDATE SET claimable_at = CASE WHEN excluded.claimable_at < alerts_alert.claimable_at
                                              THEN excluded.claimable_at ELSE alerts_alert.claimable_at END
    """,
}
FOLD = {
    "postgresql": """
        INSERT INTO alerts_alert (event_id, recipient, user_id, digest_id, kind, state, claimable_at,
                                  created_at)
        SELECT event.id, reader.address, max(reader.user_id), digest.id, 'overdue', 'folded', %s, %s
        FROM unnest(%s::int[], %s::text[]) AS reader (user_id, address)
        JOIN alerts_alert digest ON digest.recipient = reader.address
         AND digest.kind = 'digest' AND digest.state = 'queued'
         AND digest.first_tried_at IS NULL,
             pledges_event event
        JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        WHERE event.id = ANY(%s)
          AND (reader.user_id IS NULL OR reader.user_id = pledge.assignee_id)
        GROUP BY event.id, reader.address, digest.id
        ON CONFLICT (event_id, recipient) WHERE event_id IS NOT NULL AND subscriber_id IS NULL DO NOTHING
    """,
    "sqlite": """
        INSERT INTO alerts_alert (event_id, recipient, user_id, digest_id, kind, state, claimable_at,
                                  created_at)
        SELECT event.id, reader.address, max(reader.user_id), digest.id, 'overdue', 'folded', %s, %s
        FROM (SELECT json_extract(value, '$[0]') AS user_id, json_extract(value, '$[1]') AS address
              FROM json_each(%s)) reader
        JOIN alerts_alert digest ON digest.recipient = reader.address
         AND digest.kind = 'digest' AND digest.state = 'queued'
         AND digest.first_tried_at IS NULL,
             pledges_event event
        JOIN pledges_pledge pledge ON pledge.id = event.pledge_id
        WHERE event.id IN (SELECT value FROM json_each(%s))
          AND (reader.user_id IS NULL OR reader.user_id = pledge.assignee_id)
        GROUP BY event.id, reader.address, digest.id
        ON CONFLICT (event_id, recipient) WHERE event_id IS NOT NULL AND subscriber_id IS NULL DO NOTHING
    """,
}


def queue_overdue_alerts(event_ids: list[int], *, now: datetime) -> int:
    """Queue one mail per `became_overdue` event and recipient; return how many are new.

    Who wants a daily or weekly mail gets it there, and who wants none none.
    """
    queued = 0
    readers = _readers(event_ids)
    for send_at, group in _by_hour([each for each in readers if not each.is_digest], now):
        queued += _execute(QUEUE, send_at, now, group, event_ids)
    for send_at, group in _by_hour([each for each in readers if each.is_digest], now):
        queued += _fold(send_at, now, group, event_ids)
    return queued


def queue_backlog_digest(event_ids: list[int], *, now: datetime, send_after: datetime) -> int:
    """Fold pledges that were late when first published into one mail per recipient.

    They join the recipient's open digest; where there is none, one is queued for `send_after`, or for
    the hour that the recipient chose after it. Returns how many (event, recipient) pairs are new.
    """
    readers = _readers(event_ids)
    return sum(_fold(send_at, now, group, event_ids) for send_at, group in _by_hour(readers, send_after))


def _fold(send_at: datetime, now: datetime, readers: list[Reader], event_ids: list[int]) -> int:
    _execute(OPEN_DIGESTS, send_at, now, readers, event_ids)
    return _execute(FOLD, send_at, now, readers, event_ids)


def _by_hour(readers: list[Reader], after: datetime) -> list[tuple[datetime, list[Reader]]]:
    """Group readers by when each may get a mail, and leave out those who want none."""
    groups: dict[datetime, list[Reader]] = {}
    for reader in readers:
        send_at = reader.mail_at(after)
        if send_at is not None:
            groups.setdefault(send_at, []).append(reader)
    return sorted(groups.items(), key=lambda group: group[0])


def _readers(event_ids: list[int]) -> list[Reader]:
    """Return the assignees of the pledges, each told of their own, and the desk, told of all."""
    if not event_ids:
        return []
    with connection.cursor() as cursor:
        cursor.execute(ASSIGNEES[connection.vendor], [_ids(event_ids)])
        assignees = [user for (user,) in cursor.fetchall()]
    readers = [*readers_of(assignees).values(), *desk()]
    if not readers:
        logger.warning(
            "%d overdue pledges have nobody to tell: assign them, or set TRACKER_STAFF_ALERTS",
            len(event_ids),
        )
    return readers


def _execute(
    statements: dict[str, str],
    claimable_at: datetime,
    now: datetime,
    readers: list[Reader],
    event_ids: list[int],
) -> int:
    instants = [connection.ops.adapt_datetimefield_value(each) for each in (claimable_at, now)]
    pairs: list[Any] = [(reader.user, reader.address) for reader in readers]
    if connection.vendor == "sqlite":
        pairs = [json.dumps(pairs)]
    else:
        pairs = [list(column) for column in zip(*pairs, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(statements[connection.vendor], [*instants, *pairs, _ids(event_ids)])
        return int(cursor.rowcount)


def _ids(event_ids: list[int]) -> str | list[int]:
    return json.dumps(event_ids) if connection.vendor == "sqlite" else event_ids
