"""Which pledges have the reader's words, and which of them have them in the best places."""

import json
from dataclasses import dataclass

from django.db import connection
from django.db.models import IntegerField, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from pledges.models.pledge_query import PledgeQuerySet
from tracker.public.keyset import Order, number
from tracker.public.models import SearchEntry

from .folding import words_of
from .wanted import Wanted, beginnings, whole

# Up to so many are ranked, and looked up by what they are. What more of them have is so frequent that going
# through a list in its own order finds a page of them at once, while to rank or count them takes seconds.
FREQUENT = 1_000
SQL = {
    "postgresql": "SELECT pledge_id FROM public_searchentry WHERE vector @@ %s::tsquery",
    "sqlite": "SELECT rowid FROM public_searchwords WHERE public_searchwords MATCH %s",
}
# The keys that were found, in one parameter: thousands would take longer to send than to look up.
KEYS = {
    "postgresql": "SELECT unnest(%s::bigint[])",
    "sqlite": "SELECT value FROM json_each(%s)",
}
# Whether one entry has what a query asks for, as 1 or 0.
HAS = {
    "postgresql": "(vector @@ %s::tsquery)::int",
    "sqlite": f"(pledge_id IN ({SQL['sqlite']}))",
}
# A number made from the words and the entry alone, so that a place in the list stays where it is while other
# pledges come and go. (SQLite's own bm25 depends on all of them.)
BEST = Order(first="rank", second="pk", read=number, read_second=number, descending=True)


@dataclass(frozen=True)
class Found:
    """What has the words: `condition` of pledges, and what was `wanted`, None where there is nothing.

    `is_frequent` when more than FREQUENT have them.
    """

    condition: Q
    wanted: Wanted | None = None
    is_frequent: bool = False

    def among(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        return pledges.filter(self.condition)

    def ranked(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        """Annotate `pledges`, which have the words, with their `rank`."""
        return pledges.annotate(rank=self._rank())

    def _rank(self) -> Subquery:
        asked = list(self.wanted.in_each_place()) if self.wanted else []
        sql = " + ".join(f"{weight} * {HAS[connection.vendor]}" for weight, _query in asked) or "0"
        rank = RawSQL(sql, [query for _weight, query in asked], IntegerField())  # noqa: S611 - constants
        return Subquery(SearchEntry.objects.filter(pledge=OuterRef("pk")).values(rank=rank))


def find(raw: str) -> Found:
    """Find what has each word of `raw`; if nothing has, what has words that begin like that.

    Asks the index at once: three statements at most.
    """
    words = words_of(raw)
    if not words:
        return Found(Q(pk__in=[]) if raw else Q())
    sql = SQL[connection.vendor]
    for want in (whole, beginnings):
        wanted = want(words)
        query = wanted.query()
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} LIMIT %s", [query, FREQUENT + 1])
            found = [pk for (pk,) in cursor.fetchall()]
        if len(found) > FREQUENT:
            frequent = RawSQL(sql, [query])  # noqa: S611 - one of the constants above
            return Found(Q(pk__in=frequent), wanted, is_frequent=True)
        if found:
            return Found(Q(pk__in=_these(found)), wanted)
    return Found(Q(pk__in=[]))


def _these(keys: list[int]) -> RawSQL:
    vendor = connection.vendor
    return RawSQL(KEYS[vendor], [json.dumps(keys) if vendor == "sqlite" else keys])  # noqa: S611 - as above
