"""Which pledges have the reader's words, and which of them have them in the best places."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import IntegerField, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL

from pledges.models import Pledge
from pledges.models.pledge_query import PledgeQuerySet
from tracker.public.keyset import NEWEST, Order, number
from tracker.public.models import SearchEntry

from .folding import words_of
from .wanted import Wanted, beginnings, whole

# Up to so many are looked up by what they are. What more of them have is so frequent that going through the
# list in its order finds a page of them at once.
FREQUENT = 2_000
# To rank a million takes seconds: of more than these the newest are ranked. Of what is frequent fewer,
# because the list must be gone through until so many are found.
MOST_RANKED, FEW_RANKED = 1_000, 250
SQL = {
    "postgresql": "SELECT pledge_id FROM public_searchentry WHERE vector @@ %s::tsquery",
    "sqlite": "SELECT rowid FROM public_searchwords WHERE public_searchwords MATCH %s",
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

    `most_ranked` says of how many a ranking is made.
    """

    condition: Q
    wanted: Wanted | None = None
    most_ranked: int = 0

    def among(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        return pledges.filter(self.condition)

    def best(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        """Annotate the newest `most_ranked` of `pledges`, which have the words, with their `rank`."""
        candidates = NEWEST.sort(pledges).values("pk")[: self.most_ranked]
        return Pledge.objects.filter(pk__in=candidates).annotate(rank=self._rank())

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
            return Found(Q(pk__in=frequent), wanted, FEW_RANKED)
        if found:
            return Found(Q(pk__in=found), wanted, MOST_RANKED)
    return Found(Q(pk__in=[]))
