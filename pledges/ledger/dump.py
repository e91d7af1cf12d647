"""The public record as files: for anybody to keep, and to verify without us."""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from pledges.corrected import corrections_of_updates
from pledges.models import Body, Case, Checkpoint, CheckpointLeaf, Event, Pledge, Source
from pledges.models.choices import PUBLIC_EVENT_KINDS, EventKind
from pledges.record.links import LINKS

from .chain import canonical

SCRIPT = Path(__file__).with_name("verify_dump.py")
EVENTS, CHECKPOINTS, LEAVES = "events.jsonl", "checkpoints.jsonl", "leaves.jsonl"
WITHHELD = "withheld.jsonl"
BATCH = 500
README = """\
A copy of the public record of an accountability pledge tracker.

events.jsonl       what happened to each published pledge, and to the bodies, cases and sources that it
                   names: one event a line, each chained to the one before by its hash. Of what is not
                   public only the hashes are here ("withheld"), so that the chains stay whole.
checkpoints.jsonl  fingerprints of the whole public record, one a day, each chained to the one before
leaves.jsonl       what each checkpoint committed to: the last event of every stream, where it had moved
withheld.jsonl     the streams that checkpoints committed to and that are not public any more. Nothing of
                   them is here; a stream that is missing and does not stand here was taken out of the copy
verify_dump.py     checks all of it offline. It needs Python 3 and nothing else; read it, it is short:

    python3 verify_dump.py .
    python3 verify_dump.py . --pledge SY-2025-0001
    python3 verify_dump.py . --against a-checkpoint-that-you-kept.json

Keep a checkpoint, or write down its hash: whoever rewrites the record later can't make it fit.
Times are in UTC. "actor" is a seal of who did it: it can be checked by those who keep the record, and tells
nobody else anything.
"""


class NotADumpError(Exception):
    """The folder holds something else."""


def export(folder: Path) -> int:
    """Write the public record into `folder`, replacing an earlier copy as a whole; return its events.

    The same record gives the same bytes. Raises NotADumpError for a folder that holds something else,
    and OSError where it can't be written; the folder is then as it was.
    """
    folder = folder.absolute()
    if folder.exists() and any(folder.iterdir()) and not (folder / CHECKPOINTS).exists():
        raise NotADumpError(f"{folder} holds something else")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as work:
        fresh, old = Path(work) / "new", Path(work) / "old"
        fresh.mkdir()
        count = _fill(fresh)
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    return count


def _fill(folder: Path) -> int:
    # Checkpoints before events: what they commit to is in the copy then, whatever is written meanwhile.
    _write(
        folder / CHECKPOINTS,
        (each.body | {"hash": each.hash} for each in Checkpoint.objects.order_by("number")),
    )
    _write(folder / LEAVES, _leaves())
    shown: set[str] = set()
    count = _write(folder / EVENTS, _noted(public_events(), shown))
    _write(folder / WITHHELD, _withheld(shown))
    shutil.copyfile(SCRIPT, folder / SCRIPT.name)
    (folder / "README.txt").write_text(README, encoding="utf-8")
    return count


def _write(path: Path, entries: Iterable[dict[str, Any]]) -> int:
    count = 0
    with path.open("wb") as file:
        for entry in entries:
            file.write(canonical(entry) + b"\n")
            count += 1
    return count


def _noted(events: Iterable[dict[str, Any]], shown: set[str]) -> Iterator[dict[str, Any]]:
    """Pass `events` on, and put the names of their streams into `shown`."""
    for event in events:
        shown.add(event["stream"])
        yield event


def _withheld(shown: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the streams that were public once and are not `shown`. The leaves name them too, and no draft."""
    committed = set(CheckpointLeaf.objects.values_list("stream", flat=True).distinct())
    for stream in sorted(committed - shown):
        yield {"stream": stream}


def _leaves() -> Iterator[dict[str, Any]]:
    leaves = CheckpointLeaf.objects.order_by("since__number", "stream")
    for leaf in leaves.values("stream", "position", "head_hash", "since__number").iterator():
        yield {
            "since": leaf["since__number"],
            "stream": leaf["stream"],
            "position": leaf["position"],
            "head": leaf["head_hash"],
        }


def public_events() -> Iterator[dict[str, Any]]:
    """Yield what the public may read of every public stream, in the order of their names."""
    models = (Body, Case, Pledge, Source)
    streams = sorted(each.stream for model in models for each in model.objects.published().iterator())
    for start in range(0, len(streams), BATCH):
        part = streams[start : start + BATCH]
        rows = list(Event.objects.filter(stream__in=part).select_related("deadline"))
        amended = corrections_of_updates(event for event in rows if event.kind == EventKind.AMENDED)
        for event in sorted(rows, key=lambda event: (event.stream, event.position)):
            yield _entry(event, was_amended=(event.stream, event.position) in amended)


def _entry(event: Event, *, was_amended: bool) -> dict[str, Any]:
    """Return an event; of what readers may not see, its place in the chain only."""
    is_told = event.kind in PUBLIC_EVENT_KINDS and not was_amended and not _names_a_pledge(event)
    if event.pledge_id is None or is_told:
        return event.body | {"hash": event.hash}
    names = ("stream", "position", "prev_hash", "hash")
    return {name: getattr(event, name) for name in names} | {"withheld": True}


def _names_a_pledge(event: Event) -> bool:
    """Whether a correction says on which other pledge this one hangs: that may be a draft."""
    return not set(LINKS).isdisjoint(event.payload.get("changes", ()))
