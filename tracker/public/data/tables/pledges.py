"""The table of pledges: what was promised, when it is due, and how it stands at the moment of reading."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pledges.models import Deadline, Pledge
from pledges.models.choices import Action, NoDateReason, Precision, QuoteForm, Status
from pledges.readings import TIMELINESS_LABELS
from tracker.public.data.cells import no_more_exact
from tracker.public.data.columns import BATCH, Column, Table, Type
from tracker.public.feeds import absolute
from tracker.public.moment import Moment
from tracker.public.standing import Standing, standing, with_standing


@dataclass(frozen=True)
class PledgeRow:
    """A published pledge as it stands at `as_of` (aware)."""

    standing: Standing
    as_of: datetime

    @property
    def pledge(self) -> Pledge:
        return self.standing.pledge

    @property
    def deadline(self) -> Deadline | None:
        return self.pledge.current_deadline

    @property
    def due_on(self) -> date | None:
        return self.standing.late.current


def read(rows: "QuerySet[Pledge]", moment: Moment) -> Iterator[PledgeRow]:
    loaded = with_standing(rows.select_related("current_deadline", "source", "follows", "parent"))  # type: ignore[arg-type]
    for pledge in loaded.prefetch_related("other_sources").order_by("reference").iterator(BATCH):
        yield PledgeRow(standing(pledge, moment), moment.now)


def _reference(other: Pledge | None) -> str:
    """Name another pledge, unless it is not public."""
    return other.reference if other and other.is_published else ""


def _numbers(rows: "Iterable[Any]") -> list[int]:
    return sorted(row.pk for row in rows)


def _days_late(days: int | None) -> int | None:
    return None if days is None else max(days, 0)


PLEDGES = Table(
    name="pledges",
    title=_("Pledges"),
    meaning=_("What officials promised: one row for each published pledge, as it stands now."),
    key=("reference",),
    select=Pledge.objects.published,
    read=read,
    columns=(
        Column("reference", _("The lasting name of the pledge."), lambda row: row.pledge.reference),
        Column("url", _("Its page."), lambda row: absolute(row.pledge.get_absolute_url())),
        Column("title", _("What was promised, in our words."), lambda row: row.pledge.title),
        Column("quote", _("The words of the pledge as they were said."), lambda row: row.pledge.quote),
        Column(
            "quote_form",
            _("Whether these are the exact words, or what others reported."),
            lambda row: row.pledge.quote_form,
            codes=QuoteForm.choices,
        ),
        Column(
            "quote_language",
            _("Language of the words: its ISO 639 code, or “und” for another one."),
            lambda row: row.pledge.quote_language,
        ),
        Column(
            "quote_translation", _("A translation of the words."), lambda row: row.pledge.quote_translation
        ),
        Column(
            "translation_language",
            _("Language of the translation, where there is one."),
            lambda row: row.pledge.translation_language if row.pledge.quote_translation else "",
        ),
        Column("speaker", _("Who said it, as the source says."), lambda row: row.pledge.speaker),
        Column(
            "bodies",
            _("Who is responsible: their slugs in the table of bodies."),
            lambda row: sorted(body.slug for body in row.pledge.bodies.all()),
            Type.LIST,
        ),
        Column(
            "case", _("What it answers: the slug in the table of cases."), lambda row: row.pledge.case.slug
        ),
        Column(
            "action", _("What kind of act was promised."), lambda row: row.pledge.action, codes=Action.choices
        ),
        Column(
            "made_on",
            _("The day on which it was said; the month or the year alone where no more is known."),
            lambda row: no_more_exact(row.pledge.made_on, row.pledge.made_on_precision),
        ),
        Column(
            "source",
            _("Where it was said: the number in the table of sources."),
            lambda row: row.pledge.source_id,
            Type.NUMBER,
        ),
        Column("source_locator", _("The place in that source."), lambda row: row.pledge.source_locator),
        Column("source_url", _("The web address of that source."), lambda row: row.pledge.source.url),
        Column(
            "other_sources",
            _("Further sources: their numbers."),
            lambda row: _numbers(row.pledge.other_sources.all()),
            Type.LIST,
            items=Type.NUMBER,
        ),
        Column("note", _("What a fair reader must know."), lambda row: row.pledge.note),
        Column(
            "follows",
            _("The pledge that this one follows in a chain."),
            lambda row: _reference(row.pledge.follows),
        ),
        Column(
            "part_of",
            _("The wider pledge of which this one is a step."),
            lambda row: _reference(row.pledge.parent),
        ),
        Column(
            "due_on",
            _("The due date in force: the last day in time. Empty where no date is set."),
            lambda row: row.due_on,
            Type.DAY,
        ),
        Column(
            "due_precision",
            _("How exact the words are that set it. A window is due on its last day."),
            lambda row: row.deadline.precision if row.deadline and row.due_on else "",
            codes=Precision.choices,
        ),
        Column(
            "no_date_reason",
            _("Why no date is set."),
            lambda row: row.deadline.no_date_reason if row.deadline else "",
            codes=NoDateReason.choices,
        ),
        Column("time_zone", _("The clock by which a day ends."), lambda row: row.pledge.time_zone),
        Column(
            "lapses_at",
            _("The instant at which the due date has ended by that clock."),
            lambda row: row.pledge.lapses_at,
            Type.INSTANT,
        ),
        Column("first_due_on", _("The first due date."), lambda row: row.standing.late.first, Type.DAY),
        Column(
            "moves",
            _("How often the date was moved; corrections of our own record are not counted."),
            lambda row: row.standing.late.moves,
            Type.NUMBER,
        ),
        Column(
            "status",
            _("Delivery: what people judged from evidence. The clock never sets it."),
            lambda row: row.pledge.status,
            codes=Status.choices,
        ),
        Column("met_on", _("The day on which it was fulfilled."), lambda row: row.pledge.met_on, Type.DAY),
        Column(
            "checked_on",
            _("The last day on which somebody looked for evidence."),
            lambda row: row.pledge.checked_on,
            Type.DAY,
        ),
        Column(
            "timeliness",
            _(
                "What the clock says at “as_of”. “Overdue” says no more than that no public evidence of full "
                "delivery is on record."
            ),
            lambda row: row.standing.timeliness,
            codes=[(value.value, label) for value, label in TIMELINESS_LABELS.items()],
        ),
        Column(
            "days_late",
            _(
                "Whole days after the due date in force, at “as_of” or when it was fulfilled; 0 until then. "
                "Empty where nothing is timed."
            ),
            lambda row: _days_late(row.standing.late.against_current),
            Type.NUMBER,
        ),
        Column(
            "days_past_first",
            _("The same, counted from the first due date."),
            lambda row: _days_late(row.standing.late.against_first),
            Type.NUMBER,
        ),
        Column("as_of", _("When the clock was read for this file."), lambda row: row.as_of, Type.INSTANT),
        Column(
            "flagged_overdue_at",
            _("When the watch put on record that the date in force ended without delivery."),
            lambda row: row.pledge.overdue_flagged_at,
            Type.INSTANT,
        ),
        Column(
            "published_at", _("When it became public."), lambda row: row.pledge.published_at, Type.INSTANT
        ),
    ),
)
