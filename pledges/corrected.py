"""Updates as they stand: what was recorded, with the corrections of it folded in.

The event of an update is never altered; an error in it is mended by a later event that names its number.
"""

from collections.abc import Iterable
from copy import copy
from datetime import date
from typing import Any

from .models import Event
from .models.choices import EventKind

# Field -> (value, number of the event that states it).
Stated = dict[str, tuple[Any, int]]


def corrections_of_updates(events: Iterable[Event]) -> dict[tuple[str, int], list[Event]]:
    """Return the events that correct an update, by stream and number of the entry that they correct."""
    found: dict[tuple[str, int], list[Event]] = {}
    for event in events:
        if event.kind == EventKind.CORRECTED and "entry" in event.payload:
            found.setdefault((event.stream, event.payload["entry"]), []).append(event)
    return found


def folded(corrections: Iterable[Event]) -> Stated:
    """Return what corrected fields hold after all `corrections`, given in their order."""
    return {
        name: (change["after"], event.position)
        for event in corrections
        for name, change in event.payload["changes"].items()
    }


def as_corrected(events: Iterable[Event], corrections: Iterable[Event] | None = None) -> list[Event]:
    """Return `events` with every update as it stands; for reading only, the stored events are others.

    `corrections` are looked for among `events` themselves unless they are given. A restated event names
    them as `corrected_by` in its facts.
    """
    rows = list(events)
    found = corrections_of_updates(rows if corrections is None else corrections)
    return [_restated(event, found.get((event.stream, event.position), [])) for event in rows]


def _restated(event: Event, corrections: list[Event]) -> Event:
    if not corrections:
        return event
    restated = copy(event)
    after = {name: value for name, (value, _position) in folded(corrections).items()}
    by = [each.position for each in corrections]
    restated.payload = event.payload | after | {"corrected_by": by}
    restated.happened_on = date.fromisoformat(restated.payload["happened_on"])
    return restated
