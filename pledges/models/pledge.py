from datetime import datetime, timedelta

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pledges.deadlines.timeliness import Timeliness, timeliness

from .addresses import address_of
from .choices import (
    LANGUAGES,
    OPEN_STATUSES,
    Action,
    NoDateReason,
    Precision,
    Publication,
    QuoteForm,
    Status,
)
from .pledge_query import CLOSED, DUE_AT, PledgeQuerySet
from .worded import Worded

REFERENCE_PATTERN = r"^[A-Z]{2}-\d{4}-\d{4,}$"
PUBLIC = Q(publication=Publication.PUBLISHED)
NEWEST = ("-made_on", "-reference")
STATUSES, ACTIONS = dict(Status.choices), dict(Action.choices)
# What the filters of a list and the counts beside it ask for. PostgreSQL then reads no row of those left out.
FILTERED = ("id", "status", "action", "met_on", "due_on", "lapses_at", "undated_reason")
FACTS = (*FILTERED[1:], "time_zone", "made_on", "reference", "published_at")


class Pledge(Worded):
    """An official commitment, with its words, its source and its due date."""

    worded = ("title", "quote", "speaker", "note")

    reference = models.CharField(
        _("reference"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(REFERENCE_PATTERN)],
        help_text=_("Country, year and number, such as SY-2025-0003. It never changes."),
    )
    title = models.CharField(_("title"), max_length=200)
    quote = models.TextField(
        _("the words"), help_text=_("Exactly as said, in the language in which they were said.")
    )
    quote_form = models.CharField(
        _("kind of wording"),
        max_length=10,
        choices=QuoteForm.choices,
        default=QuoteForm.VERBATIM,
        help_text=_("Choose “as reported” when no source gives the exact words."),
    )
    quote_language = models.CharField(_("language"), max_length=3, choices=LANGUAGES, default="en")
    quote_translation = models.TextField(
        _("translation"), blank=True, help_text=_("For readers of another language.")
    )
    translation_language = models.CharField(
        _("language of the translation"), max_length=3, choices=LANGUAGES, default="en"
    )
    speaker = models.CharField(
        _("said by"), max_length=200, blank=True, help_text=_("Office or name, as the source says.")
    )
    bodies = models.ManyToManyField(
        "pledges.Body", related_name="pledges", verbose_name=_("responsible bodies")
    )
    case = models.ForeignKey(
        "pledges.Case", on_delete=models.PROTECT, related_name="pledges", verbose_name=_("case")
    )
    action = models.CharField(_("action promised"), max_length=20, choices=Action.choices)
    made_on = models.DateField(_("made on"))
    made_on_precision = models.CharField(
        _("exactness of that date"),
        max_length=10,
        choices=[(p.value, p.label) for p in (Precision.DAY, Precision.MONTH, Precision.YEAR)],
        default=Precision.DAY,
    )
    source = models.ForeignKey(
        "pledges.Source", on_delete=models.PROTECT, related_name="pledges", verbose_name=_("source")
    )
    source_locator = models.CharField(
        _("where in the source"),
        max_length=200,
        blank=True,
        help_text=_("Page, paragraph or minute."),
    )
    other_sources = models.ManyToManyField(
        "pledges.Source", blank=True, related_name="+", verbose_name=_("further sources")
    )
    note = models.TextField(
        _("note for readers"), blank=True, help_text=_("What a fair reader must know. Public.")
    )
    time_zone = models.CharField(_("time zone"), max_length=64, editable=False)
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("follows"),
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
        help_text=_("The wider pledge of the same case, of which this one is a step."),
    )

    status = models.CharField(
        _("delivery"),
        max_length=20,
        choices=Status.choices,
        default=Status.NO_EVIDENCE,
        editable=False,
    )
    met_on = models.DateField(_("fulfilled on"), null=True, editable=False)
    checked_on = models.DateField(_("last checked on"), null=True, editable=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="pledges",
        verbose_name=_("assignee"),
    )
    publication = models.CharField(
        _("publication"),
        max_length=12,
        choices=Publication.choices,
        default=Publication.DRAFT,
        editable=False,
    )
    published_at = models.DateTimeField(_("published at"), null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("published by"),
    )
    current_deadline = models.ForeignKey(
        "pledges.Deadline",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("deadline in force"),
    )
    # Derived from the deadline in force by the writers: the watch, the lists and the counts read one row.
    due_on = models.DateField(_("due date"), null=True, editable=False)
    undated_reason = models.CharField(
        _("why there is no date"),
        max_length=12,
        choices=NoDateReason.choices,
        blank=True,
        default="",
        editable=False,
    )
    lapses_at = models.DateTimeField(_("lapses at"), null=True, editable=False)
    overdue_flagged_at = models.DateTimeField(_("flagged overdue at"), null=True, editable=False)

    objects = PledgeQuerySet.as_manager()

    class Meta:
        ordering = ("-made_on", "-reference")
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        permissions = [("publish_pledge", "Can publish a pledge that another person wrote")]
        indexes = [
            models.Index(
                name="pledge_watched",
                fields=["lapses_at", "id"],
                condition=Q(
                    publication=Publication.PUBLISHED,
                    status__in=OPEN_STATUSES,
                    overdue_flagged_at__isnull=True,
                    lapses_at__isnull=False,
                ),
            ),
            # What follows is what readers ask for, each in the order of their lists.
            models.Index(name="pledge_newest", fields=NEWEST, include=FILTERED, condition=PUBLIC),
            models.Index(name="pledge_of_case", fields=["case", *NEWEST], condition=PUBLIC),
            # Found by their keys, a body's pledges are counted, sorted and asked for news from this alone.
            models.Index(name="pledge_facts", fields=["id"], include=FACTS, condition=PUBLIC),
            *(
                models.Index(
                    name=f"pledge_by_{field}",
                    fields=[field, *NEWEST],
                    include=[each for each in FILTERED if each != field],
                    condition=PUBLIC,
                )
                for field in ("status", "action")
            ),
            models.Index(DUE_AT, "reference", name="pledge_by_due_date", include=FILTERED, condition=PUBLIC),
            models.Index(
                name="pledge_undated",
                fields=NEWEST,
                include=FILTERED,
                condition=PUBLIC & Q(lapses_at__isnull=True),
            ),
            models.Index(name="pledge_closed", fields=NEWEST, include=FILTERED, condition=PUBLIC & CLOSED),
            models.Index(
                name="pledge_late",
                fields=["lapses_at", "reference"],
                condition=PUBLIC & Q(status__in=OPEN_STATUSES, lapses_at__isnull=False),
            ),
            # A month of the calendar is told from it alone.
            models.Index(
                name="pledge_of_due_day",
                fields=["due_on", "reference"],
                include=["id"],
                condition=PUBLIC & Q(due_on__isnull=False),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="pledge_due_day_lapses",
                condition=Q(due_on__isnull=True, lapses_at__isnull=True)
                | Q(due_on__isnull=False, lapses_at__isnull=False, undated_reason=""),
            ),
            models.CheckConstraint(
                name="pledge_flag_needs_a_date",
                condition=Q(overdue_flagged_at__isnull=True) | Q(lapses_at__isnull=False),
            ),
            models.CheckConstraint(
                name="pledge_met_only_if_fulfilled",
                condition=Q(met_on__isnull=True) | Q(status=Status.FULFILLED),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    @property
    def stream(self) -> str:
        return f"pledge:{self.reference}"

    def get_absolute_url(self) -> str:
        return address_of("pledge", self.reference)

    # Django's own make a table of all choices at each call, which is once for each row of every list.
    def get_status_display(self) -> str:  # type: ignore[no-redef]  # the plugin knows Django's alone
        return str(STATUSES.get(self.status, self.status))

    def get_action_display(self) -> str:  # type: ignore[no-redef]
        return str(ACTIONS.get(self.action, self.action))

    @property
    def label_here(self) -> str:
        return f"{self.reference} {self.name_here}"

    @property
    def speaker_here(self) -> str:
        return self.words("speaker").text

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_verbatim(self) -> bool:
        return self.quote_form == QuoteForm.VERBATIM

    @property
    def is_published(self) -> bool:
        return self.publication == Publication.PUBLISHED

    def timeliness(self, *, now: datetime, due_soon: timedelta, long_overdue: timedelta) -> Timeliness:
        """What the clock says at `now`."""
        return timeliness(
            now=now,
            lapses_at=self.lapses_at,
            latest=self.due_on,
            awaiting_trigger=self.undated_reason == NoDateReason.EVENT_TIED,
            is_open=self.is_open,
            met_on=self.met_on,
            due_soon=due_soon,
            long_overdue=long_overdue,
        )


class ReferenceCounter(models.Model):
    """The last number given out for a country and year. Numbers are never reused."""

    prefix = models.CharField(max_length=10, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.prefix}-{self.last:04d}"
