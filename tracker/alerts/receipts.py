"""What the mail server took, carried over into the alerts it belongs to.

A receipt is written and committed before the next message is handed over, so that a worker that is killed
leaves at most one message of which nobody knows. Whoever finds it when the lease has ended carries it over.
"""

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from .models import Receipt

_SENT = """
    UPDATE alerts_alert
    SET state = 'sent', claim = '', sent_at = receipt.sent_at, message_id = receipt.message_id,
        via = receipt.via, last_error = ''
"""
_READY = "(alert.claim = %s OR alert.claimable_at <= %s)"
CARRY_OVER = {
    "postgresql": [
        f"""
        WITH receipt AS (
            DELETE FROM alerts_receipt WHERE alert_id IN (
                SELECT taken.alert_id
                FROM alerts_receipt taken JOIN alerts_alert alert ON alert.id = taken.alert_id
                WHERE {_READY} FOR UPDATE OF taken SKIP LOCKED)
            RETURNING alert_id, sent_at, message_id, via)
        {_SENT} FROM receipt WHERE alerts_alert.id = receipt.alert_id
        """  # noqa: S608 - put together from constants above
    ],
    # A write transaction of SQLite excludes all others.
    "sqlite": [
        f"""
        {_SENT} FROM alerts_receipt receipt JOIN alerts_alert alert ON alert.id = receipt.alert_id
        WHERE alerts_alert.id = receipt.alert_id AND {_READY}
        """,
        """
        DELETE FROM alerts_receipt WHERE EXISTS (
            SELECT 1 FROM alerts_alert alert
            WHERE alert.id = alerts_receipt.alert_id AND alert.state = 'sent')
        """,
    ],
}


def carry_over(token: str, *, now: datetime) -> None:
    """Mark as sent what was taken under the claim `token`, or under one whose lease has ended at `now`."""
    if not Receipt.objects.exists():
        return
    values: list[Any] = [token, connection.ops.adapt_datetimefield_value(now)]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in CARRY_OVER[connection.vendor]:
            cursor.execute(statement, values[: statement.count("%s")])
