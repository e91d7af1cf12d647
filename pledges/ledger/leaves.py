"""What a checkpoint commits to: the head of every stream that is or was public."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pledges.models import Body, Case, CheckpointLeaf, Pledge, Source
from pledges.models.recorded import Recorded

from . import merkle
from .chain import canonical


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of a stream: its number and its hash."""

    position: int
    hash: str


Heads = dict[str, Head]


def leaf(stream: str, head: Head) -> bytes:
    """Return the leaf hash of one stream."""
    return merkle.leaf_hash(canonical({"stream": stream, "position": head.position, "head": head.hash}))


def root(heads: Mapping[str, Head]) -> str:
    """Return the Merkle root over all heads, in the order of their streams' names."""
    return merkle.root([leaf(stream, heads[stream]) for stream in sorted(heads)]).hex()


def public_heads() -> Heads:
    """Return the present heads of what the public may read."""
    published = Pledge.objects.published()
    subjects = (published, Body.objects.published(), Case.objects.published(), Source.objects.published())
    return {each.stream: _head(each) for queryset in subjects for each in queryset.iterator()}


def committed_heads() -> Heads:
    """Return the heads as the last checkpoint committed them."""
    heads: Heads = {}
    for _number, changed in committed_by_checkpoint():
        heads |= changed
    return heads


def committed_by_checkpoint() -> Iterator[tuple[int, Heads]]:
    """Yield, for each checkpoint at which heads had moved, its number and those heads."""
    rows = CheckpointLeaf.objects.order_by("since__number").values_list(
        "since__number", "stream", "position", "head_hash"
    )
    number, changed = 0, Heads()
    for since, stream, position, head_hash in rows.iterator():
        if since != number and changed:
            yield number, changed
            changed = Heads()
        number = since
        changed[stream] = Head(position, head_hash)
    if changed:
        yield number, changed


def _head(subject: Recorded) -> Head:
    return Head(subject.head_position, subject.head_hash)
