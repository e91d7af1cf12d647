"""Updates as they stand: what was recorded, with the corrections of it folded in.

The event of an update is never altered; an error in it is mended by a later event that names its number.
What was mended in a draft is `amended`: readers never see what stood there before, and the event that
publishes the pledge states what stands.
"""

from collections.abc import Iterable
from copy import copy
from datetime import date
from typing import Any

from .models import Event
from .models.choices import EventKind

Facts = dict[str, Any]
# Field -> (value, number of the event that states it).
Stated = dict[str, tuple[Any, int]]
CHANGES = (EventKind.AMENDED, EventKind.CORRECTED)
# In a publishing event: the updates that were amended before, by number of their entry.
AMENDED_UPDATES = "amended_updates"


def corrections_of_updates(events: Iterable[Event]) -> dict[tuple[str, int], list[Event]]:
    """Return the events that correct an update, by stream and number of the entry that they correct."""
    found: dict[tuple[str, int], list[Event]] = {}
    for event in events:
        if event.kind in CHANGES and "entry" in event.payload:
            found.setdefault((event.stream, event.payload["entry"]), []).append(event)
    return found


def folded(corrections: Iterable[Event]) -> Stated:
    """Return what corrected fields hold after all `corrections`, given in their order."""
    return {
        name: (change["after"], event.position)
        for event in corrections
        for name, change in event.payload["changes"].items()
    }


def amended_updates(events: Iterable[Event]) -> Facts:
    """Return what updates hold that were amended in a draft, by number of their entry."""
    found = corrections_of_updates(event for event in events if event.kind == EventKind.AMENDED)
    return {
        str(entry): {name: value for name, (value, _position) in folded(mends).items()}
        for (_stream, entry), mends in found.items()
    }


def as_corrected(events: Iterable[Event], corrections: Iterable[Event] | None = None) -> list[Event]:
    """Return public `events` with every update as it stands; for reading only, the stored ones are others.

    `corrections` (publishing and correcting events, in their order) are looked for among `events` unless
    they are given. A restated event names the correcting ones as `corrected_by` in its facts.
    """
    rows = list(events)
    mends = rows if corrections is None else list(corrections)
    found = corrections_of_updates(mends)
    first = {
        (event.stream, int(entry)): facts
        for event in mends
        for entry, facts in event.payload.get(AMENDED_UPDATES, {}).items()
    }
    return [
        _restated(event, first.get(key, {}), found.get(key, []))
        for event in rows
        for key in [(event.stream, event.position)]
    ]


def _restated(event: Event, published: Facts, corrections: list[Event]) -> Event:
    if not published and not corrections:
        return event
    restated = copy(event)
    after = published | {name: value for name, (value, _position) in folded(corrections).items()}
    by = [each.position for each in corrections]
    restated.payload = event.payload | after | {"corrected_by": by}
    restated.happened_on = date.fromisoformat(restated.payload["happened_on"])
    return restated
