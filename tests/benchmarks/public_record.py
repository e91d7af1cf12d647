"""A large public record with many cases, bodies, words and states, by SQL on PostgreSQL, for measurements."""

from datetime import UTC, datetime
from typing import Any

from django.db import connection

from pledges.models import Pledge
from tests.benchmarks.filling import tidy
from tests.support.records import make_source, make_user

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
CASES, BODIES = 2_000, 1_000
# "report" is in every pledge, "inquiry" in one of ten, "harbour" in one of 200, each "zz" in one of 5,000.
# "ceasefire" is in one of 165, all of them among the oldest.
WORDS = """
    prosecute release families detained minister army police court prison archive reform budget school water
    border village hospital witness compensation journalist protest election curfew decree treaty committee
    hearing evidence victims soldiers governor province audit licence road bridge housing land return refugee
""".split()  # noqa: SIM905 - a list of forty literals would be a page long
SUBJECTS = """
    INSERT INTO pledges_case (title, slug, original_language, country, summary, head_position, head_hash,
                              created_at, created_by_id)
    SELECT 'Case ' || n, 'case-' || n, 'en', 'SY', '', 0, '', %(now)s, %(user)s
    FROM generate_series(1, %(cases)s) n ON CONFLICT DO NOTHING;
    INSERT INTO pledges_body (name, slug, original_language, kind, country, time_zone, description,
                              head_position, head_hash, created_at, created_by_id)
    SELECT 'Body ' || n, 'body-' || n, 'en', 'ministry', 'SY', 'Asia/Damascus', '', 0, '', %(now)s, %(user)s
    FROM generate_series(1, %(bodies)s) n ON CONFLICT DO NOTHING
"""
# Multiplying by a prime scatters what would else come in rows. Days are scattered otherwise (Knuth's hash):
# with a remainder each word that one in so many has would have days of its own.
PLEDGES = """
    INSERT INTO pledges_pledge (
        id, reference, title, original_language, quote, quote_form, quote_language, quote_translation,
        translation_language, speaker, case_id, action, made_on, made_on_precision, source_id, source_locator,
        note, time_zone, status, publication, published_at, due_on, lapses_at, undated_reason, met_on,
        head_position, head_hash, created_at, created_by_id)
    SELECT n, 'SY-2026-' || (100000000 + n),
           'Release the report on ' || words[1 + n %% 40] || ' and ' || words[1 + n * 7 %% 37],
           'en', 'we will ' || words[1 + n * 3 %% 39] || ' every ' || words[1 + n * 11 %% 38]
           || ' and publish the report'
           || CASE WHEN n %% 10 = 0 THEN ' of the inquiry' ELSE '' END
           || CASE WHEN n %% 200 = 0 THEN ' on the harbour' ELSE '' END
           || CASE WHEN made_on < date '2008-02-10' THEN ' after the ceasefire' ELSE '' END
           || ' zz' || n %% 5000,
           'verbatim', 'en', '', 'en', 'The government',
           (SELECT min(id) FROM pledges_case) + n * 7919 %% %(cases)s,
           (ARRAY['report', 'investigate', 'prosecute', 'legislate', 'other'])[1 + n * 13 %% 5],
           made_on, 'day', %(source)s, '', '', 'Asia/Damascus',
           CASE WHEN n %% 4 = 0 THEN 'fulfilled' WHEN n %% 50 = 1 THEN 'refused'
                WHEN n %% 9 = 2 THEN 'in_progress' ELSE 'no_evidence' END,
           'published', %(now)s, made_on + 89, (made_on + 90) AT TIME ZONE 'Asia/Damascus', '',
           CASE WHEN n %% 4 = 0 THEN made_on + (n * 17 %% 300)::int END,
           1, '', %(now)s, %(user)s
    FROM (SELECT n, date '2008-01-01' + ((n * 2654435761 %% 4294967296) * 6700 / 4294967296)::int AS made_on
          FROM generate_series(%(first)s::bigint, %(last)s::bigint) n) numbers,
         (SELECT %(words)s::text[] AS words) vocabulary
"""
REST = (
    """
    INSERT INTO pledges_deadline (
        id, pledge_id, position, kind, phrase, phrase_language, anchor_label, latest, precision,
        no_date_reason, rule_id, rule_notes, country, calendar_version, agreement, time_zone, source_id,
        source_locator, announced_by, announced_on, reason, lapses_at, recorded_at, recorded_by_id)
    SELECT id, id, 1, 'original', 'within 90 days', 'en', '', made_on + 89, 'day', '', '', '[]', '', '', '',
           time_zone, source_id, '', '', made_on, '', lapses_at, created_at, created_by_id
    FROM pledges_pledge WHERE current_deadline_id IS NULL
    """,
    """
    INSERT INTO pledges_pledge_bodies (pledge_id, body_id)
    SELECT id, (SELECT min(id) FROM pledges_body) + id * 104729 %% %(bodies)s
    FROM pledges_pledge WHERE current_deadline_id IS NULL
    """,
    """
    INSERT INTO pledges_event (actor_salt, prev_hash, hash, stream, position, kind, pledge_id, happened_on,
                               recorded_at, payload)
    SELECT '', '', '', 'pledge:' || reference, 1, 'published', id, made_on, published_at, '{}'
    FROM pledges_pledge WHERE current_deadline_id IS NULL
    """,
    """
    INSERT INTO public_searchentry (pledge_id, title_words, quote_words, quote_language, translation_words,
                                    subject_words)
    SELECT pledge.id, lower(translate(reference || ' ' || pledge.title, '-', ' ')), lower(quote), 'en', '',
           lower(cases.title)
    FROM pledges_pledge pledge JOIN pledges_case cases ON cases.id = case_id WHERE current_deadline_id IS NULL
    """,
    "UPDATE pledges_pledge SET current_deadline_id = id WHERE current_deadline_id IS NULL",
)


def grow_to(total: int) -> None:
    """Add published pledges up to `total`: each with a case, a body, a deadline, an event and its words."""
    already = Pledge.objects.count()
    user = make_user(username=f"bench-{total}")
    values: dict[str, Any] = {
        "now": NOW,
        "user": user.pk,
        "source": make_source(actor=user, now=NOW).pk,
        "cases": CASES,
        "bodies": BODIES,
        "words": WORDS,
        "first": already + 1,
        "last": total,
    }
    with connection.cursor() as cursor:
        for statement in (*SUBJECTS.split(";"), PLEDGES, *REST):
            cursor.execute(statement, values)
    tidy()
