"""The alerts: one row is one message to one address, from queueing to its end."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class AlertKind(models.TextChoices):
    OVERDUE = "overdue", _("Overdue")
    MOVED = "moved", _("Deadline moved")
    ASSESSED = "assessed", _("Assessed")
    REPLIED = "replied", _("Reply of the body")
    CORRECTED = "corrected", _("Corrected")
    FOLLOW_UP = "follow_up", _("Follow-up")
    DIGEST = "digest", _("Digest")
    CONFIRMATION = "confirmation", _("Asks to confirm")
    WATCHDOG = "watchdog", _("The watch is late")


# The kinds that tell of one event of the log. Subscribers choose among them.
TOPICS = (
    AlertKind.OVERDUE,
    AlertKind.MOVED,
    AlertKind.ASSESSED,
    AlertKind.REPLIED,
    AlertKind.CORRECTED,
)


class AlertState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    HELD = "held", _("Held: may have arrived")
    CANCELLED = "cancelled", _("Cancelled")
    FOLDED = "folded", _("Told in another mail")


class Via(models.TextChoices):
    SMTP = "smtp", _("Mail server")
    LOCAL = "local", _("Local mailbox")


class Bounce(models.TextChoices):
    """Why a mail came back, from the mildest to the worst."""

    SOFT = "soft", _("Not delivered")
    HARD = "hard", _("No such address")
    COMPLAINT = "complaint", _("Complaint")


RETRYABLE = (AlertState.FAILED, AlertState.HELD)


class Alert(models.Model):
    """One message to one recipient about one event or one follow-up; or a digest, which has neither.

    The row is the message: tasks only wake a worker up, and what happens to the mail is decided by
    conditional updates of this row. `recipient` is the address of staff; a subscriber's address stands
    in the subscriber's row alone, so that it can be erased.
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
    follow_up = models.ForeignKey(
        "alerts.FollowUp",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="alerts",
        verbose_name=_("follow-up"),
    )
    # The mail that tells it instead: a digest, or the follow-up that came before this one was sent.
    digest = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="members",
        verbose_name=_("told in"),
    )
    recipient = models.CharField(_("recipient"), max_length=320, blank=True, db_default="", default="")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        verbose_name=_("user"),
    )
    subscriber = models.ForeignKey(
        "alerts.Subscriber",
        on_delete=models.PROTECT,
        null=True,
        db_index=False,
        related_name="alerts",
        verbose_name=_("subscriber"),
    )
    # Through which of their subscriptions a subscriber gets it: see `Reach`.
    reach = models.PositiveSmallIntegerField(_("followed"), null=True)
    request = models.ForeignKey(
        "alerts.FollowRequest",
        on_delete=models.SET_NULL,
        null=True,
        db_index=False,
        related_name="alerts",
        verbose_name=_("request"),
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
    # It was accepted, and came back later: the state stays as it is.
    bounced_at = models.DateTimeField(_("came back"), null=True)
    bounce = models.CharField(
        _("why it came back"), max_length=9, choices=Bounce.choices, blank=True, db_default="", default=""
    )
    bounced_for = models.CharField(_("what was said"), max_length=300, db_default="", default="")
    # Somebody saw to it that the reader is reached in another way.
    bounce_settled_at = models.DateTimeField(_("dealt with"), null=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient"],
                condition=Q(event__isnull=False, subscriber__isnull=True),
                name="alert_once_per_event_and_recipient",
            ),
            models.UniqueConstraint(
                fields=["event", "subscriber"],
                condition=Q(event__isnull=False, subscriber__isnull=False),
                name="alert_once_per_event_and_subscriber",
            ),
            models.UniqueConstraint(
                fields=["follow_up", "recipient"],
                condition=Q(follow_up__isnull=False),
                name="alert_once_per_follow_up_and_recipient",
            ),
            # A digest that was ever tried takes no more members: they might be in no mail at all.
            models.UniqueConstraint(
                fields=["recipient"],
                condition=Q(
                    kind="digest", state="queued", first_tried_at__isnull=True, subscriber__isnull=True
                ),
                name="alert_one_open_digest",
            ),
            models.UniqueConstraint(
                fields=["subscriber"],
                condition=Q(
                    kind="digest", state="queued", first_tried_at__isnull=True, subscriber__isnull=False
                ),
                name="alert_one_open_digest_of_a_subscriber",
            ),
            models.CheckConstraint(
                name="alert_tells_one_thing",
                condition=Q(kind__in=TOPICS, event__isnull=False, follow_up__isnull=True)
                | Q(kind="follow_up", event__isnull=True, follow_up__isnull=False, subscriber__isnull=True)
                | Q(kind="digest", event__isnull=True, follow_up__isnull=True, digest__isnull=True)
                | Q(kind="confirmation", event__isnull=True, follow_up__isnull=True, subscriber__isnull=False)
                | Q(kind="watchdog", event__isnull=True, follow_up__isnull=True, subscriber__isnull=True),
            ),
            models.CheckConstraint(
                name="alert_to_somebody",
                condition=Q(subscriber__isnull=True) & ~Q(recipient="")
                | Q(subscriber__isnull=False, recipient="", user__isnull=True),
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
            models.CheckConstraint(
                name="alert_came_back_for_something",
                condition=Q(bounced_at__isnull=True, bounce="", bounce_settled_at__isnull=True)
                | Q(bounced_at__isnull=False) & ~Q(bounce=""),
            ),
        ]
        # Partial ones: a mark of one message must not write to indexes that nobody reads it by.
        indexes = [
            models.Index(
                name="alert_claimable",
                fields=["claimable_at", "id"],
                condition=Q(state__in=("queued", "sending")),
            ),
            models.Index(
                name="alert_undelivered",
                fields=["state", "-id"],
                condition=Q(state__in=("failed", "held", "cancelled")),
            ),
            models.Index(
                name="alert_came_back", fields=["bounce", "-id"], condition=Q(bounced_at__isnull=False)
            ),
            models.Index(name="alert_of_request", fields=["request"], condition=Q(request__isnull=False)),
            models.Index(name="alert_members", fields=["digest"], condition=Q(digest__isnull=False)),
            models.Index(
                name="alert_of_subscriber",
                fields=["subscriber"],
                condition=Q(subscriber__isnull=False, state__in=("queued", "sending", "folded")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}: {self.get_state_display()}"
