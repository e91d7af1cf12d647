"""The table of events: everything that happened to what is public, each update as it stands now."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pledges.corrected import as_corrected
from pledges.event_words import RELATIONS, text, title
from pledges.models import Event
from pledges.models.choices import PUBLIC_EVENT_KINDS, EventKind, Precision, Status, UpdateKind
from tracker.public.data.cells import no_more_exact
from tracker.public.data.columns import BATCH, Column, Fields, Table, Type
from tracker.public.feeds import absolute
from tracker.public.history import Happening, source_ids, timeline
from tracker.public.moment import Moment


@dataclass(frozen=True)
class EventRow:
    """A public event, and how the timeline reads it."""

    event: Event
    happening: Happening

    @property
    def reference(self) -> str:
        return self.event.pledge.reference if self.event.pledge else ""

    @property
    def url(self) -> str:
        pledge = self.event.pledge
        return absolute(f"{pledge.get_absolute_url()}#event-{self.event.position}") if pledge else ""

    @property
    def happened_on(self) -> str:
        precision = self.event.payload.get("happened_on_precision", Precision.DAY)
        return no_more_exact(self.event.happened_on, precision)

    @property
    def by_body(self) -> str:
        """The slug of the body that replied, as long as it is responsible: else it may not be public."""
        bodies = self.event.pledge.bodies.all() if self.event.pledge else ()
        return next((body.slug for body in bodies if body.stream == self.happening.by), "")

    @property
    def changes(self) -> list[Fields]:
        """What was corrected. Of what may name something that is not public, only that it changed."""
        if self.event.kind != EventKind.CORRECTED:
            return []
        return [
            {"field": name} if name in RELATIONS else {"field": name, **values}
            for name, values in self.event.payload["changes"].items()
        ]


def select() -> "QuerySet[Event]":
    """Public events of pledges, and what readers were told of mended bodies, cases and sources."""
    return Event.objects.published() | Event.objects.corrections().filter(pledge=None)


def read(rows: "QuerySet[Event]", moment: Moment) -> Iterator[EventRow]:
    loaded = rows.select_related("pledge", "deadline").prefetch_related("pledge__bodies")
    events = loaded.order_by("stream", "position").iterator(BATCH)
    for _stream, group in groupby(events, key=lambda event: event.stream):
        yield from _of_stream(group)


def _of_stream(events: Iterable[Event]) -> Iterator[EventRow]:
    told = as_corrected(events)
    happenings = {each.number: each for each in timeline(told, {})}
    for event in told:
        yield EventRow(event, happenings.get(event.position) or _of_the_record(event))


def _of_the_record(event: Event) -> Happening:
    """Read an event that no timeline tells, because it speaks of the record and not of the world."""
    return Happening(
        number=event.position,
        kind=event.kind,
        title=title(event),
        on=event.happened_on,
        recorded_at=event.recorded_at,
        text=text(event),
    )


EVENTS: Table[EventRow] = Table(
    name="events",
    title=_("Events"),
    meaning=_(
        "What happened: one row for each entry of the timelines and of the corrections. Entries that are "
        "not public have numbers too, so there are gaps."
    ),
    key=("subject", "number"),
    select=select,
    read=read,
    columns=(
        Column(
            "subject",
            _("What it happened to, as “pledge:SY-2025-0001” or “body:slug”."),
            lambda row: row.event.stream,
        ),
        Column("number", _("Its number there."), lambda row: row.event.position, Type.NUMBER),
        Column("pledge", _("The reference of the pledge, if it is about one."), lambda row: row.reference),
        Column("url", _("Where it is shown on the page of the pledge."), lambda row: row.url),
        Column(
            "kind",
            _("What happened."),
            lambda row: row.event.kind,
            codes=[(kind.value, kind.label) for kind in PUBLIC_EVENT_KINDS],
        ),
        Column(
            "update_kind",
            _("For an update: what kind of fact it is."),
            lambda row: row.happening.update_kind,
            codes=UpdateKind.choices,
        ),
        Column(
            "happened_on",
            _("The day in the world; the month or the year alone where no more is known."),
            lambda row: row.happened_on,
        ),
        Column("recorded_at", _("When we wrote it down."), lambda row: row.event.recorded_at, Type.INSTANT),
        Column(
            "deadline",
            _("The number in the table of deadlines, if it is about one."),
            lambda row: row.event.deadline.position if row.event.deadline else None,
            Type.NUMBER,
        ),
        Column(
            "status",
            _("For an assessment: what was judged."),
            lambda row: row.event.payload["status"] if row.event.kind == EventKind.ASSESSED else "",
            codes=Status.choices,
        ),
        Column(
            "is_confirmed",
            _("For an assessment: whether two people made it."),
            lambda row: row.happening.is_confirmed if row.event.kind == EventKind.ASSESSED else None,
            Type.YES_NO,
        ),
        Column("text", _("What it says, as the timeline tells it."), lambda row: row.happening.text),
        Column(
            "language",
            _("For an update: the language of its text, by its ISO 639 code."),
            lambda row: row.happening.language,
        ),
        Column(
            "translation",
            _("For an update: a translation of its text."),
            lambda row: row.happening.translation,
        ),
        Column(
            "translation_language",
            _("Language of the translation, where there is one."),
            lambda row: row.happening.translation_language if row.happening.translation else "",
        ),
        Column("by_body", _("For a reply: the slug of the body that replied."), lambda row: row.by_body),
        Column(
            "sources",
            _("Where it was read: numbers in the table of sources."),
            lambda row: sorted(source_ids([row.event])),
            Type.LIST,
            items=Type.NUMBER,
        ),
        Column(
            "answers",
            _("The number of the objection or reply about which this was done."),
            lambda row: row.happening.answers or None,
            Type.NUMBER,
        ),
        Column(
            "rests_on",
            _("For an assessment: the numbers of the updates that are its evidence."),
            lambda row: list(row.happening.rests_on),
            Type.LIST,
            items=Type.NUMBER,
        ),
        Column(
            "corrects",
            _("For a correction of an update: the number of the update."),
            lambda row: row.event.payload.get("entry"),
            Type.NUMBER,
        ),
        Column(
            "corrected_by",
            _(
                "For an update that was corrected: the numbers of the corrections. Its text is as it stands "
                "after them."
            ),
            lambda row: list(row.happening.corrected_by),
            Type.LIST,
            items=Type.NUMBER,
        ),
        Column(
            "changes",
            _(
                "For a correction: each field, with what stood before and after, as JSON; of one that "
                "names something else only that it changed."
            ),
            lambda row: row.changes,
            Type.JSON,
        ),
        Column(
            "hash",
            _("The hash of the entry: what the checkpoints rest on."),
            lambda row: row.event.hash,
        ),
    ),
)
