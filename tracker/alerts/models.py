"""The alerts: one row is one message to one address, from queueing to its end."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AlertKind(models.TextChoices):
    OVERDUE = "overdue", _("Overdue")
    BACKLOG_DIGEST = "backlog_digest", _("Digest of a backlog")


class AlertState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Held: may have arrived")
    CANCELLED = "cancelled", _("Cancelled")
    FOLDED = "folded", _("Part of a digest")


class Via(models.TextChoices):
    SMTP = "smtp", _("Mail server")
    LOCAL = "local", _("Local mailbox")


RETRYABLE = (AlertState.FAILED, AlertState.HELD)


class Alert(models.Model):
    """One message about one event to one address; or a digest of several, which has no event.

    The row is the message: tasks only wake a worker up, and what happens to the mail is decided by
    conditional updates of this row.
    """

    kind = models.CharField(_("kind"), max_length=16, choices=AlertKind.choices)
    event = models.ForeignKey(
        "pledges.Event",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="alerts",
        verbose_name=_("event"),
    )
    digest = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        related_name="members",
        verbose_name=_("sent in the digest"),
    )
    recipient = models.CharField(_("recipient"), max_length=320)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("user"),
    )
    state = models.CharField(_("state"), max_length=10, choices=AlertState.choices)
    # Queued: not before this instant. Being sent: the end of the worker's lease.
    claimable_at = models.DateTimeField(_("next try"))
    claim = models.CharField(_("claim"), max_length=32, db_default="", default="")
    first_tried_at = models.DateTimeField(_("first tried"), null=True)
    attempts = models.PositiveIntegerField(_("attempts"), db_default=0, default=0)
    # The connection was lost after the message was handed over: nobody knows whether it arrived.
    may_have_arrived = models.BooleanField(_("may have arrived"), db_default=False, default=False)
    last_error = models.CharField(_("last error"), max_length=300, db_default="", default="")
    cancel_reason = models.CharField(_("why not sent"), max_length=200, db_default="", default="")
    message_id = models.CharField(_("Message-ID"), max_length=320, db_default="", default="")
    subject = models.TextField(_("subject"), db_default="", default="")
    text = models.TextField(_("text"), db_default="", default="")
    html = models.TextField(_("HTML"), db_default="", default="")
    via = models.CharField(_("sent through"), max_length=5, choices=Via.choices, db_default="", default="")
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient"], name="alert_once_per_event_and_recipient"),
            # A digest that was ever tried takes no more members: they might be in no mail at all.
            models.UniqueConstraint(
                fields=["recipient"],
                condition=Q(kind="backlog_digest", state="queued", first_tried_at__isnull=True),
                name="alert_one_open_digest",
            ),
            models.CheckConstraint(
                name="alert_has_event_or_is_digest",
                condition=Q(kind="overdue", event__isnull=False)
                | Q(kind="backlog_digest", event__isnull=True, digest__isnull=True),
            ),
            models.CheckConstraint(
                name="alert_folded_into_a_digest",
                condition=Q(digest__isnull=True) & ~Q(state="folded")
                | Q(digest__isnull=False, state__in=("folded", "cancelled")),
            ),
            models.CheckConstraint(
                name="alert_claimed_while_sending",
                condition=Q(state="sending") & ~Q(claim="") | ~Q(state="sending") & Q(claim=""),
            ),
            models.CheckConstraint(
                name="alert_sent_at_an_instant",
                condition=Q(state="sent", sent_at__isnull=False) | ~Q(state="sent") & Q(sent_at__isnull=True),
            ),
            models.CheckConstraint(
                name="alert_cancelled_with_a_reason",
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
            ),
        ]
        indexes = [
            models.Index(
                name="alert_claimable",
                fields=["claimable_at", "id"],
                condition=Q(state__in=("queued", "sending")),
            ),
            models.Index(fields=["state", "-id"], name="alert_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}: {self.get_state_display()}"
