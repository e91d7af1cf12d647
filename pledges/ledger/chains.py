"""Verifying every chain, and that it ends where its subject says."""

from collections.abc import Iterator
from itertools import groupby

from pledges.models import Body, Case, Event, Pledge, Source
from pledges.models.recorded import Recorded

from . import chain
from .faults import Fault
from .leaves import Head, Heads

SUBJECTS: tuple[type[Recorded], ...] = (Pledge, Body, Case, Source)
# Events read at a time; only the heads of all streams are held at once.
BATCH = 2_000


def verify_chains() -> Iterator[Fault]:
    """Yield the first fault of each stream. Reads all events once, in batches."""
    heads = present_heads()
    events = Event.objects.select_related("deadline", "pledge").order_by("stream", "position")
    for stream, chained in groupby(events.iterator(BATCH), key=lambda event: event.stream):
        head = heads.pop(stream, None)
        fault = first_fault(stream, chained, head)
        if fault:
            yield fault
    for stream, head in heads.items():
        yield Fault(stream, 1, f"all {head.position} events are missing")


def first_fault(stream: str, events: Iterator[Event], head: Head | None) -> Fault | None:
    """Walk one stream; `head` is what its subject says the last event is, None where there is no subject."""
    if head is None:
        return Fault(stream, 1, "the events are there, but what they are about is missing")
    last = Head(0, chain.START)
    for event in events:
        if what := _wrong_with(event, last, head):
            missing = event.position > last.position + 1
            return Fault(stream, last.position + 1 if missing else event.position, what)
        last = Head(event.position, event.hash)
    if last.position < head.position:
        return Fault(stream, last.position + 1, f"missing: the record goes on to event {head.position}")
    if last.hash != head.hash:
        return Fault(stream, last.position, "not the event that the record ends with: it was replaced")
    return None


def _wrong_with(event: Event, last: Head, head: Head) -> str:
    if event.position > last.position + 1:
        return "missing"
    if event.position > head.position:
        return f"put in: the record ends with event {head.position}"
    if event.prev_hash != last.hash:
        return "does not continue the event before it: one of the two was altered, put in or moved"
    try:
        is_intact = chain.hash_of(event.body) == event.hash
    except ValueError:
        is_intact = False  # no JSON that a writer could have written
    if not is_intact:
        return "altered: its hash does not fit what it says"
    if (event.pledge.stream if event.pledge else "") != (event.stream if _is_of_pledge(event) else ""):
        return "shown with another pledge than its own"
    return ""


def _is_of_pledge(event: Event) -> bool:
    return event.stream.startswith("pledge:")


def present_heads() -> Heads:
    """Return where each subject says that its stream ends."""
    return {
        subject.stream: Head(subject.head_position, subject.head_hash)
        for model in SUBJECTS
        for subject in model._default_manager.iterator()
    }
