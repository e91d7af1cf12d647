"""The table of deadlines: the ledger of each pledge, every date that was ever in force."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pledges.models import Deadline, Pledge
from pledges.models.choices import Agreement, DeadlineKind, NoDateReason, Precision
from tracker.public.data.columns import BATCH, Column, Table, Type
from tracker.public.moment import Moment


def select() -> "QuerySet[Deadline]":
    return Deadline.objects.filter(pledge__in=Pledge.objects.published())


def read(rows: "QuerySet[Deadline]", moment: Moment) -> Iterator[Deadline]:
    loaded = rows.select_related("pledge").order_by("pledge__reference", "position")
    return loaded.iterator(BATCH)


DEADLINES: Table[Deadline] = Table(
    name="deadlines",
    title=_("Deadlines"),
    meaning=_("Every due date that was ever in force: one row for each, none overwritten."),
    key=("pledge", "number"),
    select=select,
    read=read,
    columns=(
        Column("pledge", _("The reference of the pledge."), lambda row: row.pledge.reference),
        Column("number", _("Its place in the ledger, from 1."), lambda row: row.position, Type.NUMBER),
        Column(
            "kind",
            _("Whether it was set first, moved, or mended by us."),
            lambda row: row.kind,
            codes=DeadlineKind.choices,
        ),
        Column(
            "is_in_force",
            _("Whether it is the last row of its ledger."),
            lambda row: row.pk == row.pledge.current_deadline_id,
            Type.YES_NO,
        ),
        Column("phrase", _("The words that set it, as said."), lambda row: row.phrase),
        Column(
            "phrase_language",
            _("Language of these words: its ISO 639 code, or “und” for another one."),
            lambda row: row.phrase_language if row.phrase else "",
        ),
        Column("anchor_on", _("The day from which it is counted."), lambda row: row.anchor_on, Type.DAY),
        Column("anchor_label", _("What happened on that day."), lambda row: row.anchor_label),
        Column("earliest_on", _("The first day of the window."), lambda row: row.earliest, Type.DAY),
        Column(
            "due_on",
            _("The due date: the last day in time. Empty where the words set none."),
            lambda row: row.latest,
            Type.DAY,
        ),
        Column(
            "precision",
            _("How exact the words are. A window is due on its last day."),
            lambda row: row.precision if row.latest else "",
            codes=Precision.choices,
        ),
        Column(
            "no_date_reason",
            _("Why no date is set."),
            lambda row: row.no_date_reason,
            codes=NoDateReason.choices,
        ),
        Column("rule", _("The rule by which the date was worked out."), lambda row: row.rule_id),
        Column("rule_version", _("The version of that rule."), lambda row: row.rule_version, Type.NUMBER),
        Column("calendar_country", _("Whose weekends and holidays were counted."), lambda row: row.country),
        Column("calendar_version", _("The version of that calendar."), lambda row: row.calendar_version),
        Column("time_zone", _("The clock by which the day ends."), lambda row: row.time_zone),
        Column(
            "lapses_at",
            _("The instant at which the due date has ended by that clock."),
            lambda row: row.lapses_at,
            Type.INSTANT,
        ),
        Column("announced_on", _("When it was announced."), lambda row: row.announced_on, Type.DAY),
        Column("announced_by", _("Who announced it."), lambda row: row.announced_by),
        Column("reason", _("The reason that was given."), lambda row: row.reason),
        Column(
            "agreement",
            _("Whether the body moved its own deadline alone."),
            lambda row: row.agreement,
            codes=Agreement.choices,
        ),
        Column(
            "source",
            _("Where it was said: the number in the table of sources."),
            lambda row: row.source_id,
            Type.NUMBER,
        ),
        Column("source_locator", _("The place in that source."), lambda row: row.source_locator),
        Column("recorded_at", _("When we wrote it down."), lambda row: row.recorded_at, Type.INSTANT),
    ),
)
