"""Filling a database with many published pledges, by SQL, for measurements only."""

from datetime import UTC, date, datetime, timedelta

from django.db import connection

from pledges.deadlines.lapse import local_day
from pledges.models import Pledge
from tests.support.records import make_body, make_case, make_source, make_user
from tracker.alerts.models import LadderPass

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LATE = NOW - timedelta(hours=1)
LATER = NOW + timedelta(days=200)
DUE = date(2026, 6, 1)

NUMBERS = {
    "postgresql": "SELECT generate_series(%s, %s) AS n",
    "sqlite": """
        WITH RECURSIVE up(n) AS (SELECT %s UNION ALL SELECT n + 1 FROM up WHERE n < %s)
        SELECT n FROM up
    """,
}
PLEDGES = """
    INSERT INTO pledges_pledge (
        id, reference, title, original_language, quote, quote_form, quote_language, quote_translation,
        translation_language, speaker, case_id, action, made_on, made_on_precision, source_id,
        source_locator, note, time_zone, status, publication, published_at, due_on, lapses_at,
        undated_reason, head_position, head_hash, created_at, created_by_id, assignee_id)
    SELECT n, 'SY-2026-' || (100000000 + n), 'Release a detailed report ' || n, 'en',
           'a detailed report within one month', 'verbatim', 'en', '', 'en', 'The government',
           %s, 'report', '2026-01-01', 'day', %s, '', '', 'Asia/Damascus', 'no_evidence',
           'published', %s, %s, CASE WHEN n %% 100 = 0 THEN {late} ELSE {later} END,
           '', 0, '', %s, %s, %s
    FROM ({numbers}) AS numbers
"""
DEADLINES = """
    INSERT INTO pledges_deadline (
        id, pledge_id, position, kind, phrase, phrase_language, anchor_label, latest, precision,
        no_date_reason, rule_id, rule_notes, country, calendar_version, agreement, time_zone,
        source_id, source_locator, announced_by, announced_on,
        reason, lapses_at, recorded_at, recorded_by_id)
    SELECT id, id, 1, 'original', 'within one month', 'en', '', %s, 'day', '', '',
           '[]', '', '', '', time_zone,
           source_id, '', '', made_on, '', lapses_at, created_at, created_by_id
    FROM pledges_pledge WHERE current_deadline_id IS NULL
"""
LINK = "UPDATE pledges_pledge SET current_deadline_id = id WHERE current_deadline_id IS NULL"


def grow_to(total: int) -> None:
    """Add published pledges without events up to `total`; every hundredth lapsed an hour before NOW."""
    already = Pledge.objects.count()
    if already >= total:
        return
    user = make_user(username=f"bench-{total}")
    case, source = make_case(actor=user, now=NOW), make_source(actor=user, now=NOW)
    make_body(actor=user, now=NOW)
    stamp = connection.ops.adapt_datetimefield_value
    numbers = NUMBERS[connection.vendor]
    cast = "::timestamptz" if connection.vendor == "postgresql" else ""
    sql = PLEDGES.format(numbers=numbers, late=f"%s{cast}", later=f"%s{cast}")
    written = stamp(NOW - timedelta(days=150))
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            [
                case.pk,
                source.pk,
                written,
                DUE,
                stamp(LATE),
                stamp(LATER),
                written,
                user.pk,
                user.pk,
                already + 1,
                total,
            ],
        )
        cursor.execute(DEADLINES, [DUE])
        cursor.execute(LINK)
    tidy()


def tidy() -> None:
    """Let the database take stock, as its own upkeep would have done by now."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def ladder_is_climbed() -> None:
    """Note that the follow-ups of the day are written, as its first sweep does: they are not timed."""
    zones = Pledge.objects.order_by().values_list("time_zone", flat=True).distinct()
    for zone in zones:
        LadderPass.objects.update_or_create(time_zone=zone, defaults={"day": local_day(NOW, zone)})
