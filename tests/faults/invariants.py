"""What must be true after every fault, asked of the database in plain SQL, and of the mail server."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection

from tests.support.smtp_sink import Sink

OPEN = "('no_evidence', 'in_progress', 'partly_fulfilled')"
UNFLAGGED = f"""
    SELECT count(*) FROM pledges_pledge
    WHERE publication = 'published' AND status IN {OPEN} AND lapses_at <= %s AND overdue_flagged_at IS NULL
"""  # noqa: S608 - put together from a constant above
# Each deadline that was flagged has one event, and each flagged pledge one for its deadline in force.
NOT_ONE_EVENT = """
    SELECT (SELECT count(*) FROM (SELECT 1 FROM pledges_event WHERE kind = 'became_overdue'
                                  GROUP BY pledge_id, deadline_id HAVING count(*) <> 1) doubled)
         + (SELECT count(*) FROM pledges_pledge pledge
            WHERE overdue_flagged_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM pledges_event event
                WHERE event.pledge_id = pledge.id AND event.deadline_id = pledge.current_deadline_id
                  AND event.kind = 'became_overdue'))
"""
# Of readers who follow everything, and had confirmed it before the event was recorded.
NOT_ONE_ALERT = """
    SELECT count(*) FROM (
        SELECT event.id, reader.id,
               (SELECT count(*) FROM alerts_alert told
                WHERE told.event_id = event.id AND told.subscriber_id = reader.id) AS alerts
        FROM pledges_event event
        CROSS JOIN alerts_subscriber reader
        JOIN alerts_subscription wish ON wish.subscriber_id = reader.id AND wish.target = 'all'
        WHERE event.kind = 'became_overdue' AND wish.confirmed_at < event.recorded_at
          AND NOT EXISTS (SELECT 1 FROM alerts_untold waiting WHERE waiting.event_id = event.id)
    ) pairs WHERE alerts <> 1
"""
DOUBLED_ALERTS = """
    SELECT count(*) FROM (
        SELECT 1 FROM alerts_alert WHERE event_id IS NOT NULL
        GROUP BY event_id, recipient, subscriber_id HAVING count(*) > 1) doubled
"""
RECEIPTS = "SELECT count(*) FROM alerts_receipt"
SENT = "SELECT message_id FROM alerts_alert WHERE state = 'sent'"


def ask(sql: str, *values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])


def sent_ids() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SENT)
        return [message_id for (message_id,) in cursor.fetchall()]


def assert_invariants(sink: Sink, *, now: datetime, duplicates: int = 0) -> None:
    """Assert the four of them as of `now`, and that the mail server got at most so many `duplicates`.

    A kill between the acceptance and its mark makes one: the mail comes again, or is no longer true by then
    and stays with the one that nobody could write down.
    """
    at = connection.ops.adapt_datetimefield_value(now)
    assert ask(UNFLAGGED, at) == 0, "a pledge past its date is not flagged"
    assert ask(NOT_ONE_EVENT) == 0, "a deadline has no event, or two"
    assert ask(NOT_ONE_ALERT) == 0, "a reader has no alert of an event, or two"
    assert ask(DOUBLED_ALERTS) == 0, "somebody has two alerts of one event"
    assert ask(RECEIPTS) == 0, "what the mail server took does not stand in its alert"
    accepted, sent = Counter(sink.message_ids), sent_ids()
    assert len(sent) == len(set(sent)), "two alerts are one message"
    assert set(sent) <= set(accepted), "what is marked as sent is not what the server has"
    extra = sum(accepted.values()) - len(sent)
    assert extra <= duplicates, f"{extra} mails came twice, or are not marked"
