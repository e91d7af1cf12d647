"""Updates (what was seen to happen) and assessments (what a person concluded from them)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .choices import LANGUAGES, Precision, Status, UpdateKind


class Update(models.Model):
    """A dated, sourced fact about a pledge."""

    pledge = models.ForeignKey("pledges.Pledge", on_delete=models.PROTECT, related_name="updates")
    kind = models.CharField(_("kind"), max_length=12, choices=UpdateKind.choices)
    happened_on = models.DateField(_("happened on"))
    happened_on_precision = models.CharField(
        _("exactness of that date"),
        max_length=10,
        choices=[(p.value, p.label) for p in (Precision.DAY, Precision.MONTH, Precision.YEAR)],
        default=Precision.DAY,
    )
    text = models.TextField(_("what happened"))
    language = models.CharField(_("language"), max_length=3, choices=LANGUAGES, default="en")
    translation = models.TextField(_("translation"), blank=True, default="")
    translation_language = models.CharField(
        _("language of the translation"), max_length=3, choices=LANGUAGES, default="en"
    )
    by_body = models.ForeignKey(
        "pledges.Body",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("who replied"),
        help_text=_("For a reply: the body whose words these are."),
    )
    answers = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="answered_by",
        verbose_name=_("answers"),
        help_text=_("The objection or reply about which this was done."),
    )
    sources = models.ManyToManyField("pledges.Source", related_name="updates", verbose_name=_("sources"))
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("happened_on", "pk")
        verbose_name = _("update")
        verbose_name_plural = _("updates")

    def __str__(self) -> str:
        return f"{self.happened_on} {self.get_kind_display()}"


class Assessment(models.Model):
    """One judgement of delivery. A later one supersedes it; none is overwritten."""

    pledge = models.ForeignKey("pledges.Pledge", on_delete=models.PROTECT, related_name="assessments")
    status = models.CharField(_("delivery"), max_length=20, choices=Status.choices)
    effective_on = models.DateField(
        _("as of"), help_text=_("For a fulfilled pledge, the day on which it was fulfilled.")
    )
    reason = models.TextField(_("reason"), help_text=_("Why, in a sentence or two. Public."))
    updates = models.ManyToManyField(Update, blank=True, related_name="assessments")
    sources = models.ManyToManyField("pledges.Source", blank=True, related_name="assessments")
    recorded_at = models.DateTimeField(_("recorded at"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("recorded_at", "pk")
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")

    def __str__(self) -> str:
        return f"{self.effective_on} {self.get_status_display()}"
