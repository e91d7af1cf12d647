"""Letters to bodies: drafted from the record, sent by people, kept with what came back."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from pledges.deadlines.lapse import local_day
from pledges.models.choices import LANGUAGES, RIGHT_TO_LEFT

# Those in which a letter can be drafted.
LETTER_LANGUAGES = tuple(pair for pair in LANGUAGES if pair[0] in ("ar", "en", "es", "fr"))
UNSENT_FOR = timedelta(days=7)
UNANSWERED_FOR = timedelta(days=30)


class LetterState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ANSWERED = "answered", _("Answered")
    DISCARDED = "discarded", _("Not sent")


class LetterQuerySet(models.QuerySet["Letter"]):
    def unsent(self, *, now: datetime) -> "LetterQuerySet":
        """Drafts that lie for longer than UNSENT_FOR at `now`."""
        return self.filter(state=LetterState.DRAFT, drafted_at__lt=now - UNSENT_FOR)

    def unanswered(self, *, now: datetime) -> "LetterQuerySet":
        """Letters sent more than UNANSWERED_FOR ago, in whole days of each pledge's own zone at `now`."""
        rows = self.filter(state=LetterState.SENT)
        zones = rows.order_by().values_list("pledge__time_zone", flat=True).distinct()
        waited = Q(pk__in=[])
        for zone in zones:
            waited |= Q(pledge__time_zone=zone, sent_on__lt=local_day(now, zone) - UNANSWERED_FOR)
        return rows.filter(waited)


class Letter(models.Model):
    """One letter to one body about one pledge. People send it, on paper or otherwise; the tracker never does.

    Once sent, its words stay as they are, and no letter is deleted: database triggers see to both. Days
    (`*_on`) are those of the pledge's zone. What came back is for staff; on the public record it is an
    update of the pledge, which `reply_update` names.
    """

    pledge = models.ForeignKey(
        "pledges.Pledge", on_delete=models.PROTECT, related_name="letters", verbose_name=_("pledge")
    )
    body = models.ForeignKey(
        "pledges.Body", on_delete=models.PROTECT, related_name="letters", verbose_name=_("addressee")
    )
    follow_up = models.ForeignKey(
        "alerts.FollowUp",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("follow-up"),
    )
    language = models.CharField(_("language"), max_length=2, choices=LETTER_LANGUAGES)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    state = models.CharField(
        _("state"), max_length=10, choices=LetterState.choices, default=LetterState.DRAFT
    )
    # Counts the changes of this row, so that nobody writes over one that they have not seen.
    version = models.PositiveIntegerField(default=1)
    # The last event of the pledge that the draft knows of.
    pledge_position = models.PositiveIntegerField()
    drafted_at = models.DateTimeField(_("drafted"))
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("drafted by")
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_how = models.CharField(
        _("how it was sent"),
        max_length=200,
        blank=True,
        help_text=_("By registered post, by hand, by e-mail: with its number, or who took it."),
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sent by"),
    )
    reply_on = models.DateField(_("day of the reply"), null=True, blank=True)
    reply_text = models.TextField(
        _("what came back"),
        blank=True,
        help_text=_("For staff only: the words of the reply, and where its paper lies."),
    )
    reply_update = models.ForeignKey(
        "pledges.Update",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("the reply on the public record"),
    )
    discard_reason = models.CharField(_("why it is not sent"), max_length=200, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        # Letters are never deleted: nobody needs the permission.
        default_permissions = ("add", "change", "view")
        constraints = [
            models.CheckConstraint(name="letter_has_words", condition=~Q(subject="") & ~Q(text="")),
            models.CheckConstraint(
                name="letter_sent_by_somebody",
                condition=Q(state__in=("sent", "answered"), sent_on__isnull=False, sent_by__isnull=False)
                & ~Q(sent_how="")
                | Q(
                    state__in=("draft", "discarded"), sent_on__isnull=True, sent_by__isnull=True, sent_how=""
                ),
            ),
            models.CheckConstraint(
                name="letter_answered_with_words",
                condition=Q(state="answered", reply_on__isnull=False, reply_on__gte=F("sent_on"))
                & ~Q(reply_text="")
                | ~Q(state="answered") & Q(reply_on__isnull=True, reply_text="", reply_update__isnull=True),
            ),
            models.CheckConstraint(
                name="letter_discarded_with_a_reason",
                condition=Q(state="discarded") & ~Q(discard_reason="")
                | ~Q(state="discarded") & Q(discard_reason=""),
            ),
        ]
        indexes = [models.Index(name="letter_by_state", fields=["state", "-id"])]

    def __str__(self) -> str:
        return f"{self.pledge_id} {self.get_state_display()}: {self.subject}"

    @property
    def direction(self) -> str:
        """The direction of its script, as HTML writes it."""
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def is_draft(self) -> bool:
        return self.state == LetterState.DRAFT
