"""Events as answers: what happened to a pledge, and to our record of it."""

from collections.abc import Iterable, Mapping
from datetime import date

from pledges.models import Event, Source
from pledges.models.choices import EventKind, Precision, UpdateKind
from tracker.public.history import Happening, happening, source_ids
from tracker.public.news import as_it_stands

from .answer import Address, Answer, Instant, Listing, Words, api_address, site_address, words
from .sources import SourceAnswer


class ChangeAnswer(Answer):
    """One field that was corrected."""

    field: str
    """Its name in words, in the language asked for."""
    before: str
    """What stood there; empty where that is not told."""
    after: str
    """What stands there; empty where that is not told."""


class EventAnswer(Answer):
    """One entry of the append-only log of a published pledge, read with the corrections of it."""

    pledge: str
    """Reference of the pledge."""
    number: int
    """Its number in the pledge's log. Numbers that are missing are of entries that are not public."""
    kind: EventKind
    """What sort of entry it is."""
    title: str
    """What happened in two or three words, in the language asked for."""
    happened_on: date
    """The day in the world, no more exact than the next field says."""
    happened_on_precision: Precision
    """How exact that day is."""
    recorded_at: Instant
    """When it was put on record."""
    text: Words | None
    """What the entry says; null where it says no more than its title."""
    translation: Words | None
    """For readers of another language; null where there is none."""
    update_kind: UpdateKind | None
    """For an update, what sort of update it is."""
    sources: list[SourceAnswer]
    """Where it can be read."""
    by: str
    """For a reply, the address name of the body whose words these are; else empty."""
    answers: int | None
    """Number of the entry about which this was done."""
    rests_on: list[int]
    """For an assessment, the numbers of the entries that are its evidence."""
    is_confirmed: bool
    """Whether a second person confirmed this assessment."""
    corrects: int | None
    """For a correction of an update, the number of its entry."""
    corrected_by: list[int]
    """For an update, the numbers of the entries that corrected it. What stands above is corrected already."""
    changes: list[ChangeAnswer]
    """For a correction, what was changed."""
    prev_hash: str
    """Hash of the entry before it in the pledge's chain; empty for the first one."""
    hash: str
    """Hash of this entry as it was first recorded."""
    pledge_address: Address
    """Where the pledge is."""
    page: Address
    """Where people can read it, in the language asked for."""

    @classmethod
    def of(cls, event: Event, reference: str, told: Happening) -> "EventAnswer":
        return cls(
            pledge=reference,
            number=told.number,
            kind=EventKind(told.kind),
            title=told.title,
            happened_on=told.on,
            happened_on_precision=Precision(told.precision),
            recorded_at=told.recorded_at,
            text=words(told.text, told.language),
            translation=words(told.translation, told.translation_language),
            update_kind=UpdateKind(told.update_kind) if told.update_kind else None,
            sources=[SourceAnswer.of(source) for source in told.sources],
            by=told.by.removeprefix("body:"),
            answers=told.answers or None,
            rests_on=list(told.rests_on),
            is_confirmed=told.is_confirmed,
            corrects=told.corrects or None,
            corrected_by=list(told.corrected_by),
            changes=[ChangeAnswer(field=e.name, before=e.before, after=e.after) for e in told.changes],
            prev_hash=event.prev_hash,
            hash=event.hash,
            pledge_address=api_address("pledge", reference),
            page=f"{site_address('pledge', reference)}#event-{told.number}",
        )


class EventList(Listing):
    """Events in the order of the log, or the newest first."""

    items: list[EventAnswer]
    """The events of this page."""


def read(events: Iterable[Event]) -> list[EventAnswer]:
    """Read published events, loaded with their pledges, in the given order; three statements at most."""
    rows = as_it_stands(events)
    sources = Source.objects.in_bulk(source_ids(rows))
    numbers = _update_numbers(rows)
    return [
        EventAnswer.of(event, event.pledge.reference, happening(event, sources, numbers))
        for event in rows
        if event.pledge
    ]


def _update_numbers(events: Iterable[Event]) -> Mapping[int, int]:
    """Return the numbers of the entries of updates that `events` rest on or answer, by update."""
    names = ("updates", "answers")
    pledges = {each.pledge_id for each in events if any(each.payload.get(name) for name in names)}
    if not pledges:
        return {}
    added = Event.objects.published().filter(kind=EventKind.UPDATE_ADDED, pledge__in=pledges)
    return {facts["update"]: position for facts, position in added.values_list("payload", "position")}
