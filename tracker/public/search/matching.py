"""Which pledges have the reader's words."""

from django.db import connection
from django.db.models.expressions import RawSQL

from pledges.models.pledge_query import PledgeQuerySet

from .folding import words_of

# Up to so many are looked up by what they are. What more of them have is so frequent that going through the
# list in its order finds a page of them at once.
FREQUENT = 2_000
# A beginning of fewer letters would be that of very many words.
SHORTEST_BEGINNING = 3
# Besides "simple", which takes words as they stand: those of the languages that the pages are in.
STEMMERS = ("english", "arabic", "french", "spanish")


def matching(pledges: PledgeQuerySet, raw: str) -> PledgeQuerySet:
    """Return those of `pledges` that have each word of `raw`, or one that begins with it."""
    words = words_of(raw)
    if not words:
        return pledges.none() if raw else pledges
    sql, values = _on_sqlite(words) if connection.vendor == "sqlite" else _on_postgresql(words)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s", [*values, FREQUENT + 1])
        found = [pk for (pk,) in cursor.fetchall()]
    if len(found) <= FREQUENT:
        return pledges.filter(pk__in=found)
    return pledges.filter(pk__in=RawSQL(sql, values))  # noqa: S611 - put together from the constants here


def _on_sqlite(words: list[str]) -> tuple[str, list[str]]:
    query = " ".join(f'"{word}"*' if _is_beginning(word) else f'"{word}"' for word in words)
    return "SELECT rowid FROM public_searchwords WHERE public_searchwords MATCH %s", [query]


def _on_postgresql(words: list[str]) -> tuple[str, list[str]]:
    stems = " || ".join(f"plainto_tsquery('{stemmer}', %s)" for stemmer in STEMMERS)
    each = f"(to_tsquery('simple', %s) || {stems})"
    values = [
        value
        for word in words
        for value in (f"{word}:*" if _is_beginning(word) else word, *[word] * len(STEMMERS))
    ]
    query = " && ".join([each] * len(words))
    return f"SELECT pledge_id FROM public_searchentry WHERE vector @@ ({query})", values  # noqa: S608 - constants


def _is_beginning(word: str) -> bool:
    return len(word) >= SHORTEST_BEGINNING
