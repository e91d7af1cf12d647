"""Which pledges have the reader's words."""

from django.db import connection
from django.db.models.expressions import RawSQL

from pledges.models.pledge_query import PledgeQuerySet

from .folding import words_of

# Up to so many are looked up by what they are. What more of them have is so frequent that going through the
# list in its order finds a page of them at once.
FREQUENT = 2_000
# "simple" takes words as they stand; the others know the forms of words, in the languages of the pages.
STEMS = """
    SELECT string_agg(DISTINCT quote_literal(lexeme), ' | ')
    FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (word, place),
         unnest(ARRAY['simple', 'english', 'arabic', 'french', 'spanish']::regconfig[]) AS config,
         unnest(tsvector_to_array(to_tsvector(config, word))) AS lexeme
    GROUP BY place
"""
SQL = {
    "postgresql": "SELECT pledge_id FROM public_searchentry WHERE vector @@ %s::tsquery",
    "sqlite": "SELECT rowid FROM public_searchwords WHERE public_searchwords MATCH %s",
}


def matching(pledges: PledgeQuerySet, raw: str) -> PledgeQuerySet:
    """Return those of `pledges` that have each word of `raw`; if there are none, words that begin like that.

    Asks the index at once: three statements at most.
    """
    words = words_of(raw)
    if not words:
        return pledges.none() if raw else pledges
    sql = SQL[connection.vendor]
    for query in (_whole(words), _beginnings(words)):
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} LIMIT %s", [query, FREQUENT + 1])
            found = [pk for (pk,) in cursor.fetchall()]
        if len(found) > FREQUENT:
            return pledges.filter(pk__in=RawSQL(sql, [query]))  # noqa: S611 - one of the two constants above
        if found:
            return pledges.filter(pk__in=found)
    return pledges.none()


def _whole(words: list[str]) -> str:
    if connection.vendor == "sqlite":
        return " ".join(f'"{word}"' for word in words)
    # Asked for before, and not within the search: the database plans well only for words that it knows.
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [words])
        return " & ".join(f"({stems})" for (stems,) in cursor.fetchall())


def _beginnings(words: list[str]) -> str:
    if connection.vendor == "sqlite":
        return " ".join(f'"{word}"*' for word in words)
    return " & ".join(f"{word}:*" for word in words)
