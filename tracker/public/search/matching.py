"""Which pledges have the reader's words, and which of them have them in the best places."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import BooleanField, Func, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.expressions import RawSQL

from pledges.models.pledge_query import PledgeQuerySet
from tracker.public.keyset import Order, number
from tracker.public.models import SearchEntry

from .folding import words_of
from .wanted import Wanted

# Up to so many are ranked and counted: of more that takes too long.
FREQUENT = 1_000
# Up to so many are looked up by their keys. To read more of them would take longer than it spares.
LOOKED_UP = 12_000
SQL = {
    "postgresql": "SELECT pledge_id FROM public_searchentry WHERE vector @@ public_wanted(%s, %s)",
    "sqlite": "SELECT rowid AS pledge_id FROM public_searchwords WHERE public_searchwords MATCH %s",
}
# Those that have the words; if there are none, those that have words that begin like them. What is grouped
# gives no row where there is nothing.
FIND = """
    WITH of_words AS ({sql} LIMIT %s),
         of_beginnings AS ({sql} AND NOT EXISTS (SELECT 1 FROM of_words) LIMIT %s)
    SELECT 0, count(*), {gather} FROM of_words GROUP BY 1
    UNION ALL SELECT 1, count(*), {gather} FROM of_beginnings GROUP BY 1
"""
# The keys that were found come and go as one text: thousands would take longer to send than to look up.
GATHER = {
    "postgresql": "array_agg(pledge_id)::text",
    "sqlite": "json_group_array(pledge_id)",
}
SCATTER = {
    "postgresql": "SELECT unnest(%s::bigint[])",
    "sqlite": "SELECT value FROM json_each(%s)",
}
# Whether one entry has what a query asks for, as 1 or 0. What PostgreSQL takes for no word asks nothing.
HAS = {
    "postgresql": "coalesce((vector @@ public_wanted(%s, %s))::int, 0)",
    "sqlite": f"(pledge_id IN ({SQL['sqlite']}))",
}
# A number made from the words and the entry alone, so that a place in the list stays where it is while other
# pledges come and go. (SQLite's own bm25 depends on all of them.)
BEST = Order(first="rank", second="pk", read=number, read_second=number, descending=True)


class IsOneOf(Func):
    """Whether a key is one of those that `GATHER` wrote. PostgreSQL looks it up in a hash of them."""

    template = "(%(expressions)s::bigint[]))"
    arg_joiner = " = ANY("
    output_field = BooleanField()


@dataclass(frozen=True)
class Found:
    """What has the words: `condition` of pledges, and what was `wanted`, None where there is nothing.

    `is_frequent` when more than FREQUENT have them. `keys` is what GATHER wrote, empty of too many.
    """

    condition: Q
    wanted: Wanted | None = None
    is_frequent: bool = False
    keys: str = ""

    def among(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        return pledges.filter(self.condition)

    def on_the_way(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        """The same, for few `pledges` that are gone through one by one."""
        has_hash = self.keys and connection.vendor == "postgresql"
        return pledges.filter(IsOneOf("pk", Value(self.keys)) if has_hash else self.condition)

    def ranked(self, pledges: PledgeQuerySet) -> PledgeQuerySet:
        """Annotate `pledges`, which have the words, with their `rank`."""
        return pledges.annotate(rank=self._rank())

    def _rank(self) -> Subquery:
        asked = list(self.wanted.in_each_place()) if self.wanted else []
        sql = " + ".join(f"{weight} * {HAS[connection.vendor]}" for weight, _asks in asked) or "0"
        parameters = [each for _weight, asks in asked for each in asks]
        rank = RawSQL(sql, parameters, IntegerField())  # noqa: S611 - of the constants above
        return Subquery(SearchEntry.objects.filter(pledge=OuterRef("pk")).values(rank=rank))


def find(raw: str) -> Found:
    """Find what has each word of `raw`; if nothing has, what has words that begin like that.

    Asks the index at once, in one statement.
    """
    words = tuple(words_of(raw))
    if not words:
        return Found(Q(pk__in=[]) if raw else Q())
    whole, beginnings = Wanted(words), Wanted(words, ending="*")
    sql, most = SQL[connection.vendor], LOOKED_UP + 1
    asked = FIND.format(sql=sql, gather=GATHER[connection.vendor])
    with connection.cursor() as cursor:
        cursor.execute(asked, [*whole.everywhere(), most, *beginnings.everywhere(), most])
        found = cursor.fetchone()
    if not found:
        return Found(Q(pk__in=[]))
    is_beginning, count, these = found
    wanted = beginnings if is_beginning else whole
    keys = these if count <= LOOKED_UP else ""
    of_keys = (SCATTER[connection.vendor], [keys]) if keys else (sql, wanted.everywhere())
    condition = Q(pk__in=RawSQL(*of_keys))  # noqa: S611 - of the constants above
    return Found(condition, wanted, is_frequent=count > FREQUENT, keys=keys)
