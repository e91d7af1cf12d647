"""Pledges of one case as chains: investigate, then report, then publish, then prosecute."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from pledges.readings import TIMELINESS_LABELS

from .listing import TIMELINESS_ORDER
from .standing import Standing


@dataclass(frozen=True)
class Link:
    """A pledge in a chain; `reason` is that of its last assessment."""

    standing: Standing
    depth: int
    reason: str


def chains(rows: list[Standing], reasons: Mapping[int, str]) -> list[list[Link]]:
    """Group `rows` by what follows what, each chain from its first pledge on.

    The order of `rows` is kept among pledges that follow the same one and among chains. A pledge
    that follows one which is not in `rows` starts a chain; so does the first of a circle.
    """
    present = {row.pledge.pk for row in rows}
    followers: dict[int | None, list[Standing]] = {}
    for row in rows:
        before = row.pledge.follows_id if row.pledge.follows_id in present else None
        followers.setdefault(before, []).append(row)
    seen: set[int] = set()
    found = [_chain(first, followers, reasons, seen) for first in followers.get(None, [])]
    found += [_chain(row, followers, reasons, seen) for row in rows if row.pledge.pk not in seen]
    return [chain for chain in found if chain]


def chain_of(pledge: Pledge, found: list[list[Link]]) -> list[Link]:
    """Return the chain that `pledge` is a part of; empty when it stands alone."""
    for chain in found:
        if len(chain) > 1 and any(link.standing.pledge.pk == pledge.pk for link in chain):
            return chain
    return []


def _chain(
    first: Standing,
    followers: Mapping[int | None, list[Standing]],
    reasons: Mapping[int, str],
    seen: set[int],
) -> list[Link]:
    chain: list[Link] = []
    waiting = [(first, 0)]
    while waiting:
        row, depth = waiting.pop()
        if row.pledge.pk in seen:
            continue
        seen.add(row.pledge.pk)
        chain.append(Link(row, depth, reasons.get(row.pledge.pk, "")))
        after = followers.get(row.pledge.pk, [])
        waiting += [(each, depth + 1) for each in reversed(after)]
    return chain


def glance(rows: list[Standing]) -> list[tuple[str, str, int]]:
    """Count `rows` by timeliness, the late ones first: label, value, number. Long overdue is overdue."""
    counts = Counter(Timeliness.OVERDUE if row.is_late else row.timeliness for row in rows)
    return [(str(TIMELINESS_LABELS[v]), v.value, counts[v]) for v in TIMELINESS_ORDER if counts[v]]
