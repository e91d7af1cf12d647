"""The follow-up ladder: when staff hear of a deadline again, and who."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _


class Ladder(models.Model):
    """The rungs for one case, for one body, or (with neither) for everything else.

    The ladder of the pledge's case wins, then that of the first of its bodies by name that has one, then
    the default.
    """

    case = models.OneToOneField(
        "pledges.Case",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ladder",
        verbose_name=_("case"),
    )
    body = models.OneToOneField(
        "pledges.Body",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="ladder",
        verbose_name=_("body"),
    )
    repeat_days = models.PositiveSmallIntegerField(
        _("then every … days"),
        null=True,
        blank=True,
        default=30,
        validators=[MinValueValidator(7)],
        help_text=_("After the last rung, to the same people. Empty: not again."),
    )

    class Meta:
        verbose_name = _("follow-up ladder")
        verbose_name_plural = _("follow-up ladders")
        constraints = [
            models.CheckConstraint(
                name="ladder_of_one_thing", condition=Q(case__isnull=True) | Q(body__isnull=True)
            ),
            models.UniqueConstraint(
                Coalesce("case", "body", 0),
                condition=Q(case__isnull=True, body__isnull=True),
                name="ladder_one_default",
            ),
        ]

    def __str__(self) -> str:
        return str(self.case or self.body or _("Default"))


class Rung(models.Model):
    """One step: so many days before (negative) or after the due date has ended, and who hears then."""

    ladder = models.ForeignKey(Ladder, on_delete=models.CASCADE, related_name="rungs")
    days = models.SmallIntegerField(
        _("days"),
        validators=[MinValueValidator(-365), MaxValueValidator(3650)],
        help_text=_("−14: two weeks before the due date has ended. 0: when it has ended. 7: a week after."),
    )
    to_assignee = models.BooleanField(_("assignee"), default=True)
    to_lead = models.BooleanField(_("team's lead"), default=False)
    to_director = models.BooleanField(_("director"), default=False)

    class Meta:
        ordering = ("ladder", "days")
        verbose_name = _("rung")
        verbose_name_plural = _("rungs")
        constraints = [
            models.UniqueConstraint(fields=["ladder", "days"], name="rung_once_per_ladder"),
            models.CheckConstraint(
                name="rung_to_somebody",
                condition=Q(to_assignee=True) | Q(to_lead=True) | Q(to_director=True),
            ),
        ]

    def __str__(self) -> str:
        return f"T{self.days:+d}" if self.days else "T0"


class FollowUp(models.Model):
    """Something the clock brought about that staff are told of, written once.

    Either a deadline reached a rung other than T0 (T0 is the event `became_overdue`), or nobody checked
    a pledge for evidence since `stale_since` for as long as TRACKER_STALE_DAYS says.
    """

    pledge = models.ForeignKey("pledges.Pledge", on_delete=models.PROTECT, related_name="follow_ups")
    deadline = models.ForeignKey("pledges.Deadline", on_delete=models.PROTECT, null=True, related_name="+")
    days = models.SmallIntegerField(_("days"), null=True)
    stale_since = models.DateField(_("not checked since"), null=True)
    reached_at = models.DateTimeField(_("reached"))

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        constraints = [
            models.UniqueConstraint(
                fields=["deadline", "days"],
                condition=Q(deadline__isnull=False),
                name="follow_up_once_per_rung",
            ),
            models.UniqueConstraint(
                fields=["pledge", "stale_since"],
                condition=Q(stale_since__isnull=False),
                name="follow_up_once_per_staleness",
            ),
            models.CheckConstraint(
                name="follow_up_of_one_thing",
                condition=Q(deadline__isnull=False, days__isnull=False, stale_since__isnull=True)
                | Q(deadline__isnull=True, days__isnull=True, stale_since__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        what = f"T{self.days:+d}" if self.stale_since is None else f"stale since {self.stale_since}"
        return f"{self.pledge_id} {what}"


class LadderPass(models.Model):
    """The last local day whose rungs were climbed in one time zone: rungs turn at midnight only."""

    time_zone = models.CharField(max_length=64, primary_key=True)
    day = models.DateField()

    def __str__(self) -> str:
        return f"{self.time_zone} {self.day}"
