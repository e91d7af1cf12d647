"""The database itself refuses to change the ledgers, whoever asks."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from pledges import append_only, record
from pledges.models import Event
from tests.support.records import NOON_4_APRIL, make_pledge, make_source

pytestmark = pytest.mark.django_db

ATTACKS = [
    "UPDATE pledges_event SET payload = '{}'",
    "UPDATE pledges_event SET recorded_at = happened_on",
    "DELETE FROM pledges_event",
    "UPDATE pledges_deadline SET reason = 'other'",
    "DELETE FROM pledges_deadline",
    "UPDATE pledges_assessment SET reason = 'other'",
    "DELETE FROM pledges_assessment",
]


def run(sql: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def _ledgers() -> None:
    pledge = make_pledge()
    actor = pledge.created_by
    record.assess(
        pledge=pledge,
        status="in_progress",
        effective_on=date(2025, 4, 4),
        reason="Begun.",
        sources=[make_source(actor=actor)],
        actor=actor,
        now=NOON_4_APRIL,
    )


@pytest.mark.usefixtures("_ledgers")
@pytest.mark.parametrize("sql", ATTACKS)
def test_raw_sql_can_not_change_a_ledger(sql: str) -> None:
    before = list(Event.objects.values())
    with pytest.raises(DatabaseError, match="append-only"):
        run(sql)
    assert list(Event.objects.values()) == before


@pytest.mark.usefixtures("_ledgers")
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no TRUNCATE")
def test_truncate_is_refused() -> None:
    # Pending foreign-key checks of this very test would refuse it first.
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(DatabaseError, match="append-only"):
        run("TRUNCATE pledges_event CASCADE")


@pytest.mark.usefixtures("_ledgers")
@pytest.mark.parametrize("sql", ATTACKS)
def test_without_the_triggers_the_attack_would_work(sql: str) -> None:
    """The negative control: it is the triggers that refuse."""
    with append_only.lifted(connection), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(sql)
            assert cursor.rowcount > 0
        transaction.set_rollback(True)


def test_installing_twice_changes_nothing() -> None:
    append_only.install(connection)
    append_only.install(connection)
    with append_only.lifted(connection):
        pass
    make_pledge()
    with pytest.raises(DatabaseError, match="append-only"):
        run("DELETE FROM pledges_event")
