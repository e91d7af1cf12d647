"""The pages of a list that frequent words narrow, wherever in it stands what has them.

A database goes through a list until it has found a page of them: as far as it knows, a word is everywhere.
Where all that has it is old, this would take seconds. So no more than the NEAR next ones of the list are gone
through, and those of the day of the last one (by due date, all that have none). Only if these do not fill the
page, all that have the words are gathered, and sorted.
"""

from dataclasses import dataclass

from django.db.models import F, OrderBy, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce

from pledges.models.pledge_query import PledgeQuerySet
from tracker.public.keyset import Order, Stretch

from .matching import Found

NEAR = 10_000
PICK = """
    WITH near AS ({near})
    SELECT * FROM near UNION ALL SELECT * FROM ({far}) AS far WHERE (SELECT COUNT(*) FROM near) < %s
"""


@dataclass(frozen=True, kw_only=True)
class Nearby:
    """Finds those of `rows` that have the words. `whole` is the list before anything narrowed it."""

    whole: PledgeQuerySet
    rows: PledgeQuerySet
    found: Found

    def pick(self, stretch: Stretch, most: int) -> RawSQL:
        """Return the keys of at least the `most` first ones of a stretch, as one statement."""
        near = stretch.of(self.found.on_the_way(self.rows).filter(**self._window(stretch)))
        everywhere = stretch.of(self.found.among(self.rows))
        far = everywhere.order_by(*_unindexed(stretch.order, descends=stretch.descends))
        (near_sql, asked_near), (far_sql, asked_far) = (
            rows.values("pk")[:most].query.sql_with_params() for rows in (near, far)
        )
        sql = PICK.format(near=near_sql, far=far_sql)
        return RawSQL(sql, (*asked_near, *asked_far, most))  # noqa: S611 - of Django and the constants above

    def _window(self, stretch: Stretch) -> dict[str, Coalesce]:
        """Say how far the NEAR next ones of the list reach: to its end, if there are not so many."""
        first = stretch.order.first
        listed = stretch.of(self.whole).values(first)
        reach = Coalesce(Subquery(listed[NEAR : NEAR + 1]), Subquery(listed.reverse()[:1]))
        return {f"{first}__{'gte' if stretch.descends else 'lte'}": reach}


def _unindexed(order: Order, *, descends: bool) -> list[OrderBy]:
    """Sort by what no index holds, lest the database goes through the list after all."""
    first = Coalesce(F(order.first), F(order.first))
    return [OrderBy(first, descending=descends), OrderBy(F(order.second), descending=descends)]
