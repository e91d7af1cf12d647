from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .choices import LANGUAGES, Agreement, DeadlineKind, NoDateReason, Precision


class Deadline(models.Model):
    """One row of a pledge's deadline ledger. Never overwritten: a move is a new row."""

    pledge = models.ForeignKey("pledges.Pledge", on_delete=models.PROTECT, related_name="deadlines")
    position = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=12, choices=DeadlineKind.choices)
    phrase = models.CharField(
        _("the words that set it"), max_length=300, blank=True, help_text=_("As said: “30 days”.")
    )
    phrase_language = models.CharField(
        _("language of those words"), max_length=3, choices=LANGUAGES, default="en"
    )
    anchor_on = models.DateField(_("counted from"), null=True, blank=True)
    anchor_label = models.CharField(
        _("what happened on that day"), max_length=200, blank=True, help_text=_("“the decree”")
    )
    earliest = models.DateField(_("earliest day"), null=True, blank=True)
    latest = models.DateField(_("due date"), null=True, blank=True, help_text=_("The last day in time."))
    precision = models.CharField(
        _("exactness"), max_length=10, choices=Precision.choices, blank=True, default=Precision.DAY
    )
    no_date_reason = models.CharField(
        _("why there is no date"), max_length=12, choices=NoDateReason.choices, blank=True
    )
    rule_id = models.CharField(_("rule"), max_length=40, blank=True)
    rule_version = models.PositiveIntegerField(_("rule version"), null=True, blank=True)
    # With these the date can be explained, and counted again, without the rules of today.
    rule_notes = models.JSONField(default=list, blank=True)
    country = models.CharField(max_length=2, blank=True, default="")
    calendar_version = models.CharField(max_length=60, blank=True, default="")
    agreement = models.CharField(
        _("agreement"), max_length=10, choices=Agreement.choices, blank=True, default=""
    )
    time_zone = models.CharField(_("time zone"), max_length=64)
    source = models.ForeignKey(
        "pledges.Source", on_delete=models.PROTECT, related_name="+", verbose_name=_("source")
    )
    source_locator = models.CharField(_("where in the source"), max_length=200, blank=True)
    announced_by = models.CharField(_("announced by"), max_length=200, blank=True)
    announced_on = models.DateField(_("announced on"))
    reason = models.TextField(_("reason"), blank=True)
    lapses_at = models.DateTimeField(_("lapses at"), null=True, editable=False)
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pledge_id", "position")
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        indexes = [
            models.Index(name="deadline_extends", fields=["pledge"], condition=Q(kind=DeadlineKind.EXTENSION))
        ]
        constraints = [
            models.UniqueConstraint(fields=["pledge", "position"], name="deadline_numbered_once"),
            models.CheckConstraint(
                name="deadline_date_or_reason",
                condition=Q(latest__isnull=False, lapses_at__isnull=False, no_date_reason="")
                | (Q(latest__isnull=True, lapses_at__isnull=True) & ~Q(no_date_reason="")),
            ),
            models.CheckConstraint(
                name="deadline_earliest_before_latest",
                condition=Q(earliest__isnull=True) | Q(earliest__lte=F("latest")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.latest or self.get_no_date_reason_display()}"
