"""Verifying that what the pages show is what the log says.

The pages read rows, not events. Whoever changes a row behind the writers' back leaves every hash intact;
the log still knows what the row must hold.
"""

from collections.abc import Callable, Container, Iterable, Iterator
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from pledges.corrected import CHANGES, Stated, corrections_of_updates, folded
from pledges.models import Assessment, Body, Case, Deadline, Event, Pledge, Source, Update, Wording
from pledges.models.choices import EventKind, Publication, Status
from pledges.models.recorded import Recorded
from pledges.models.worded import Worded
from pledges.record.deadlines import deadline_facts
from pledges.record.delivery import assessment_facts
from pledges.record.events import Facts, fact
from pledges.record.pledges import snapshot
from pledges.record.subjects import subject_facts
from pledges.record.updates import update_facts
from pledges.wordings import is_wording, wording_facts

from .faults import Fault

BATCH = 500
DEADLINES = (EventKind.DEADLINE_SET, EventKind.DEADLINE_MOVED)
STATE = (
    "publication",
    "published_at",
    "status",
    "met_on",
    "checked_on",
    "due_on",
    "lapses_at",
    "undated_reason",
)


def verify_rows(*, broken: Container[str]) -> Iterator[Fault]:
    """Yield every row of the public pages that differs from what the log says.

    The events of a `broken` stream say nothing that could be trusted: it is left out.
    """
    for model in (Body, Case, Source):
        subjects = model._default_manager.order_by("pk")
        for part in _parts(list(subjects.values_list("pk", flat=True))):
            yield from _subjects([each for each in subjects.filter(pk__in=part) if each.stream not in broken])
    events = Prefetch("events", Event.objects.order_by("position"))
    pledges = (
        Pledge.objects.select_related("case", "source", "follows", "parent", "current_deadline")
        .prefetch_related(
            events,
            "bodies",
            "wordings",
            "other_sources",
            Prefetch("deadlines", Deadline.objects.select_related("source").order_by("position")),
            Prefetch("updates", Update.objects.prefetch_related("sources").order_by("pk")),
            Prefetch("assessments", Assessment.objects.prefetch_related("sources", "updates").order_by("pk")),
        )
        .order_by("pk")
    )
    for pledge in pledges.iterator(BATCH):
        if pledge.stream not in broken:
            yield from _pledge(pledge, [each for each in pledge.events.all() if each.stream == pledge.stream])


def _parts(keys: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(keys), BATCH):
        yield keys[start : start + BATCH]


def _subjects(subjects: list[Any]) -> Iterator[Fault]:
    events: dict[str, list[Event]] = {subject.stream: [] for subject in subjects}
    for event in Event.objects.filter(stream__in=list(events)).order_by("position"):
        events[event.stream].append(event)
    worded: list[Any] = [each for each in subjects if isinstance(each, Worded)]
    prefetch_related_objects(worded, "wordings")
    for subject in subjects:
        yield from _compare(subject, subject_facts(subject), stated(events[subject.stream]))
    for subject in worded:
        yield from _wordings(subject, events[subject.stream], subject.wordings.all())


def _pledge(pledge: Pledge, events: list[Event]) -> Iterator[Fault]:
    yield from _compare(pledge, snapshot(pledge), stated(events))
    yield from _compare(pledge, _state(pledge), _stated_state(events))
    yield from _wordings(pledge, events, pledge.wordings.all())
    for kinds, rows, facts_of in (
        (DEADLINES, pledge.deadlines.all(), deadline_facts),
        ((EventKind.UPDATE_ADDED,), pledge.updates.all(), update_facts),
        ((EventKind.ASSESSED,), pledge.assessments.all(), assessment_facts),
    ):
        yield from _ledger(pledge, _as_stated(events, kinds), list(rows), facts_of)


def _as_stated(events: list[Event], kinds: Container[str]) -> list[tuple[int, Stated]]:
    """Return the number of each event of `kinds` with what its row must hold, corrections folded in."""
    corrections = corrections_of_updates(events)
    return [
        (
            event.position,
            {name: (value, event.position) for name, value in event.payload.items()}
            | folded(corrections.get((event.stream, event.position), [])),
        )
        for event in events
        if event.kind in kinds
    ]


def stated(events: Iterable[Event]) -> Stated:
    """Fold the events of a stream into what its fields must hold."""
    found: Stated = {}
    for event in events:
        if event.kind == EventKind.RECORDED:
            found = {name: (value, event.position) for name, value in event.payload.items()}
        elif event.kind in CHANGES and "entry" not in event.payload and not is_wording(event):
            changes = event.payload["changes"]
            found |= {name: (change["after"], event.position) for name, change in changes.items()}
    return found


def _stated_state(events: Iterable[Event]) -> Stated:
    """Fold the events of a pledge into its publication, its status and its clock."""
    found: Stated = {
        "publication": (Publication.DRAFT, 1),
        "published_at": (None, 1),
        "status": (Status.NO_EVIDENCE, 1),
        "met_on": (None, 1),
        "checked_on": (None, 1),
        "flagged": (False, 1),
    }
    for event in events:
        news: Facts = {}
        payload = event.payload
        if event.kind == EventKind.PUBLISHED:
            news = {"publication": Publication.PUBLISHED, "published_at": fact(event.recorded_at)}
        elif event.kind == EventKind.UNPUBLISHED:
            news = {"publication": Publication.UNPUBLISHED}
        elif event.kind == EventKind.ASSESSED:
            is_met = payload["status"] == Status.FULFILLED
            news = {name: payload[name] for name in ("status", "checked_on")}
            news["met_on"] = payload["effective_on"] if is_met else None
        elif event.kind == EventKind.CHECKED:
            news = {"checked_on": payload["checked_on"]}
        elif event.kind in DEADLINES:
            news = {
                "due_on": payload["latest"],
                "undated_reason": payload["no_date_reason"],
                "lapses_at": payload["lapses_at"],
                "deadline": payload["position"],
                "flagged": False,
            }
        elif event.kind == EventKind.BECAME_OVERDUE:
            news = {"flagged": True}
        found |= {name: (value, event.position) for name, value in news.items()}
    return found


def _state(pledge: Pledge) -> Facts:
    state = {name: fact(getattr(pledge, name)) for name in STATE}
    in_force = pledge.current_deadline
    return state | {
        "deadline": in_force.position if in_force else None,
        "flagged": pledge.overdue_flagged_at is not None,
    }


def _wordings(subject: Worded, events: Iterable[Event], rows: Iterable[Wording]) -> Iterator[Fault]:
    """Compare the translations of a subject with the last event that states each."""
    said = {(e.payload["wording"], e.payload["language"]): e for e in events if is_wording(e)}
    for row in rows:
        event = said.pop((row.field, row.language), None)
        if event is None:
            yield Fault(subject.stream, None, f"a row was put in that no event wrote: {row}")
        elif wording_facts(row).items() - event.payload.items():
            yield Fault(subject.stream, event.position, f"the row holds another translation: {row}")
    for event in said.values():
        yield Fault(subject.stream, event.position, "the row that this event wrote is missing")


def _compare(subject: Recorded, shown: Facts, said: Stated) -> Iterator[Fault]:
    for name, (value, position) in said.items():
        if name in shown and shown[name] != value:
            yield Fault(subject.stream, position, f"the row holds another “{name}” than this event states")


def _ledger(
    pledge: Pledge,
    entries: list[tuple[int, Stated]],
    rows: list[Any],
    facts_of: Callable[[Any], Facts],
) -> Iterator[Fault]:
    """Compare the rows of one ledger with the events that wrote them, one to one and in order."""
    for (_position, said), row in zip(entries, rows, strict=False):
        yield from _compare(pledge, facts_of(row), said)
    what = rows[0]._meta.verbose_name if rows else ""
    for position, _said in entries[len(rows) :]:
        yield Fault(pledge.stream, position, "the row that this event wrote is missing")
    for row in rows[len(entries) :]:
        yield Fault(pledge.stream, None, f"a row was put in that no event wrote: {what} {row.pk}")
