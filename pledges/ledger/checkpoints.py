"""Verifying every checkpoint: its chain, its root, and that what it committed is still there."""

from collections.abc import Iterator

from pledges.models import Checkpoint, Event

from . import chain
from .faults import Fault
from .leaves import Heads, committed_by_checkpoint, root

BATCH = 500


def verify_checkpoints() -> Iterator[Fault]:
    """Yield the faults of checkpoints, in their order."""
    moved = dict(committed_by_checkpoint())
    heads: Heads = {}
    last_number, last_hash = 0, chain.START
    for checkpoint in Checkpoint.objects.order_by("number"):
        changed = moved.pop(checkpoint.number, {})
        heads |= changed
        if what := _wrong_with(checkpoint, last_number, last_hash, heads):
            yield Fault(f"checkpoint {checkpoint.number}", None, what)
        yield from _lost(checkpoint, changed)
        last_number, last_hash = checkpoint.number, checkpoint.hash


def _wrong_with(checkpoint: Checkpoint, last_number: int, last_hash: str, heads: Heads) -> str:
    if checkpoint.number != last_number + 1:
        return f"checkpoint {last_number + 1} is missing before it"
    if checkpoint.prev_hash != last_hash:
        return "does not continue the checkpoint before it"
    if chain.hash_of(checkpoint.body) != checkpoint.hash:
        return "altered: its hash does not fit what it says"
    if (checkpoint.size, checkpoint.root) != (len(heads), root(heads)):
        return "the heads that it committed to were altered: they give another root"
    return ""


def _lost(checkpoint: Checkpoint, heads: Heads) -> Iterator[Fault]:
    """Yield the streams whose event, committed here, is not in the record as it was."""
    streams = sorted(heads)
    for start in range(0, len(streams), BATCH):
        part = streams[start : start + BATCH]
        rows = Event.objects.filter(stream__in=part).values_list("stream", "position", "hash")
        present = {(stream, position): digest for stream, position, digest in rows}
        for stream in part:
            head = heads[stream]
            found = present.get((stream, head.position))
            if found != head.hash:
                how = "missing" if found is None else "rewritten"
                yield Fault(
                    stream, head.position, f"{how} since checkpoint {checkpoint.number} committed to it"
                )
