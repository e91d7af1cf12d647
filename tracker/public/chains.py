"""Pledges as chains: investigate, then report, then publish, then prosecute; a whole and its parts."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KT

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind, Publication
from pledges.models.worded import Words
from pledges.readings import TIMELINESS_LABELS

from .listing import TIMELINESS_ORDER
from .standing import Standing

# More than a page can show; the case has them all.
LONGEST = 100
# All that can be reached from a pledge, in whichever direction. The database stops at the limit.
JOINED = """
    WITH RECURSIVE joined(id, follows_id, parent_id) AS (
        SELECT id, follows_id, parent_id FROM pledges_pledge WHERE id = %s
        UNION
        SELECT other.id, other.follows_id, other.parent_id
        FROM joined JOIN pledges_pledge AS other ON other.publication = %s AND (
            other.id IN (joined.follows_id, joined.parent_id)
            OR other.follows_id = joined.id OR other.parent_id = joined.id
        )
    )
    SELECT id FROM joined LIMIT %s
"""


@dataclass(frozen=True)
class Link:
    """A pledge in a chain; `reason` is that of its last assessment, `is_part` whether its whole is there."""

    standing: Standing
    depth: int
    reason: Words | None
    is_part: bool = False

    @property
    def is_branch(self) -> bool:
        return self.is_part or self.depth > 1


def chains(rows: list[Standing], reasons: Mapping[int, Words]) -> list[list[Link]]:
    """Group `rows` by what is part of what and what follows what, each chain from its first pledge on.

    Parts come after their whole, in the order in which they follow each other. The order of `rows` is
    kept among pledges that follow the same one and among chains. A pledge that follows one which is not
    in `rows` starts a chain; so does the first of a circle.
    """
    wholes = {row.pledge.pk: row.pledge.parent_id for row in rows}
    followers: dict[int | None, list[Standing]] = {}
    for row in rows:
        followers.setdefault(_before(row.pledge, wholes), []).append(row)
    seen: set[int] = set()
    found = [_chain(first, followers, reasons, seen) for first in followers.get(None, [])]
    found += [_chain(row, followers, reasons, seen) for row in rows if row.pledge.pk not in seen]
    return [chain for chain in found if chain]


def _before(pledge: Pledge, wholes: Mapping[int, int | None]) -> int | None:
    """Return the pledge after which this one is told: the part before it, else its whole, else what it
    follows, each only where it is among those that are shown."""
    follows = pledge.follows_id if pledge.follows_id in wholes else None
    if pledge.parent_id not in wholes:
        return follows
    is_next_part = follows is not None and wholes[follows] == pledge.parent_id
    return follows if is_next_part else pledge.parent_id


def _chain(
    first: Standing,
    followers: Mapping[int | None, list[Standing]],
    reasons: Mapping[int, Words],
    seen: set[int],
) -> list[Link]:
    chain: list[Link] = []
    shown = {row.pledge.pk for rows in followers.values() for row in rows}
    waiting = [(first, 0)]
    while waiting:
        row, depth = waiting.pop()
        if row.pledge.pk in seen:
            continue
        seen.add(row.pledge.pk)
        is_part = row.pledge.parent_id in shown
        chain.append(Link(row, depth, reasons.get(row.pledge.pk), is_part))
        after = followers.get(row.pledge.pk, [])
        waiting += [(each, depth + 1) for each in reversed(after)]
    return chain


def glance(rows: list[Standing]) -> list[tuple[str, str, int]]:
    """Count `rows` by timeliness, the late ones first: label, value, number. Long overdue is overdue."""
    counts = Counter(Timeliness.OVERDUE if row.is_late else row.timeliness for row in rows)
    return [(str(TIMELINESS_LABELS[v]), v.value, counts[v]) for v in TIMELINESS_ORDER if counts[v]]


def beside(pledge: Pledge) -> list[Pledge]:
    """Return a published pledge with all that it hangs together with, in the order in which they were made.

    What is not public joins nothing: two sequels of a draft are no neighbours.
    """
    joined = RawSQL(JOINED, [pledge.pk, Publication.PUBLISHED, LONGEST])  # noqa: S611 - a constant
    others = Pledge.objects.published().filter(pk__in=joined).exclude(pk=pledge.pk)
    found = [pledge, *others]
    return sorted(found, key=lambda each: (each.made_on, each.reference))


def last_reason() -> Subquery:
    """The reason of the last assessment of a pledge."""
    told = Event.objects.published().filter(pledge=OuterRef("pk"), kind=EventKind.ASSESSED)
    return Subquery(told.order_by("-pk").annotate(reason=KT("payload__reason")).values("reason")[:1])
