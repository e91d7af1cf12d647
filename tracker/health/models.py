"""When each part of the watch last did its work, and the times when one did not."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Part(models.TextChoices):
    SWEEP = "sweep", _("Checking of deadlines")
    DELIVERY = "delivery", _("Delivery of mail")
    WORKER = "worker", _("Worker and its schedule")


class Heartbeat(models.Model):
    """The last time one part did its work. `failing_since`: it ran, but could reach no mail server."""

    name = models.CharField(_("part"), max_length=10, choices=Part.choices, primary_key=True)
    last_at = models.DateTimeField(_("last at"))
    failing_since = models.DateTimeField(_("in vain since"), null=True)

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")

    def __str__(self) -> str:
        return f"{self.get_name_display()}: {self.last_at:%Y-%m-%d %H:%M}Z"


class Incident(models.Model):
    """A time in which a part was late, from the first sight of it to the first sight of all being well.

    `late` keeps what was found at first: part -> since when, as ISO 8601 text; null where it never ran.
    """

    opened_at = models.DateTimeField(_("found"))
    told_at = models.DateTimeField(_("staff last told"))
    ended_at = models.DateTimeField(_("over"), null=True)
    is_open = models.BooleanField(_("open"), default=True)
    late = models.JSONField(_("what was late"))

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        constraints = [
            # Two watchdogs at once: one of them opens the incident, and only that one tells of it.
            models.UniqueConstraint(
                fields=["is_open"], condition=Q(is_open=True), name="incident_one_open_at_a_time"
            ),
            models.CheckConstraint(
                name="incident_open_until_it_ended",
                condition=Q(is_open=True, ended_at__isnull=True) | Q(is_open=False, ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.opened_at:%Y-%m-%d %H:%M}Z: {', '.join(self.late)}"
