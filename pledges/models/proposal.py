from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .choices import Status


class Decision(models.TextChoices):
    WAITING = "", _("Waits for a second person")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")


class VerdictProposal(models.Model):
    """A judgement of delivery that takes two people, written by the first. Not public until confirmed."""

    pledge = models.ForeignKey("pledges.Pledge", on_delete=models.PROTECT, related_name="verdict_proposals")
    # The number of its event: an assessment with a higher one has overtaken it.
    position = models.PositiveIntegerField()
    status = models.CharField(_("delivery"), max_length=20, choices=Status.choices)
    effective_on = models.DateField(_("as of"))
    checked_on = models.DateField(_("last checked on"))
    reason = models.TextField(_("reason"))
    updates = models.ManyToManyField("pledges.Update", blank=True, related_name="+")
    sources = models.ManyToManyField("pledges.Source", blank=True, related_name="+")
    proposed_at = models.DateTimeField(_("proposed at"))
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision.choices, blank=True, default=Decision.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    assessment = models.OneToOneField(
        "pledges.Assessment", on_delete=models.PROTECT, null=True, blank=True, related_name="proposal"
    )

    class Meta:
        ordering = ("pk",)
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["pledge"], condition=Q(decision=""), name="proposal_one_waiting_per_pledge"
            ),
            models.CheckConstraint(
                name="proposal_decided_by_somebody",
                condition=Q(decision="", decided_by__isnull=True, assessment__isnull=True)
                | Q(decision="confirmed", decided_by__isnull=False, assessment__isnull=False)
                | Q(decision="declined", decided_by__isnull=False, assessment__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.get_status_display()}"
