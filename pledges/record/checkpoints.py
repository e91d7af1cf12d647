"""Taking a checkpoint: the day's fingerprint of the public record."""

from datetime import UTC, datetime

from django.db import IntegrityError, transaction

from pledges.ledger import chain
from pledges.ledger.leaves import committed_heads, public_heads, root
from pledges.models import Checkpoint, CheckpointLeaf

from .events import require_aware


def take_checkpoint(*, now: datetime, even_if_taken: bool = False) -> Checkpoint | None:
    """Commit to the present heads of the public record; None when this day (UTC) has a checkpoint already.

    Asked often, it makes one a day, whatever hour it was missed at. What was committed once stays in:
    taking a pledge off the public pages does not take it out of the tree. `even_if_taken` makes a
    further one. Two at once make one.
    """
    require_aware(now)
    try:
        with transaction.atomic():
            last = Checkpoint.objects.select_for_update().order_by("number").last()
            if (
                last
                and not even_if_taken
                and last.made_at.astimezone(UTC).date() >= now.astimezone(UTC).date()
            ):
                return None
            return _take(last, now)
    except IntegrityError:
        # The other one was first with this number; its heads are as good as ours.
        return None


def _take(last: Checkpoint | None, now: datetime) -> Checkpoint:
    committed = committed_heads()
    moved = {stream: head for stream, head in public_heads().items() if committed.get(stream) != head}
    heads = committed | moved
    checkpoint = Checkpoint(
        number=last.number + 1 if last else 1,
        made_at=now,
        size=len(heads),
        root=root(heads),
        prev_hash=last.hash if last else chain.START,
    )
    checkpoint.hash = chain.hash_of(checkpoint.body)
    checkpoint.save(force_insert=True)
    CheckpointLeaf.objects.bulk_create(
        [
            CheckpointLeaf(since=checkpoint, stream=stream, position=head.position, head_hash=head.hash)
            for stream, head in sorted(moved.items())
        ],
        batch_size=1_000,
    )
    return checkpoint
