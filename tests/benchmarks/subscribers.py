"""Filling a database with confirmed subscribers of everything, by SQL, for measurements only."""

from django.db import connection

from tests.benchmarks.filling import NOW, NUMBERS, tidy

SUBSCRIBERS = """
    INSERT INTO alerts_subscriber (id, address, address_key, secret, language, created_at, confirmed_at,
                                   suppressed_for, soft_bounces)
    SELECT n, 'reader' || n || '@readers.example', 'key-' || n, 'secret-' || n, 'en', {now}, {now}, '', 0
    FROM ({numbers}) AS numbers
"""
SUBSCRIPTIONS = """
    INSERT INTO alerts_subscription (subscriber_id, target, reach, cadence, created_at, confirmed_at,
                                     wants_overdue, wants_moved, wants_assessed, wants_replied,
                                     wants_corrected)
    SELECT id, 'all', 5, 'at_once', {now}, {now}, true, true, true, true, true FROM alerts_subscriber
    WHERE id > {already}
"""


def grow_to(total: int) -> None:
    """Add confirmed subscribers up to `total`, each of whom follows everything, at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM alerts_subscriber")
        (already,) = cursor.fetchone()
        now = f"'{connection.ops.adapt_datetimefield_value(NOW)}'"
        cast = "::timestamptz" if connection.vendor == "postgresql" else ""
        words = {"now": now + cast, "numbers": NUMBERS[connection.vendor], "already": already}
        cursor.execute(SUBSCRIBERS.format(**words), [already + 1, total])
        cursor.execute(SUBSCRIPTIONS.format(**words))
    tidy()
