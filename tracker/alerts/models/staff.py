"""How each member of staff wants to be told, and who leads whom."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from pledges.models.fields import validate_country, validate_zone

WEEKDAYS = (
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
)


class Cadence(models.TextChoices):
    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day")
    WEEKLY = "weekly", _("Once a week")
    NONE = "none", _("No mail")


class Team(models.Model):
    """Who hears next when an assignee's pledge stays without an answer: first the lead, then the director."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    lead = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead"),
    )
    director = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("director"),
    )

    class Meta:
        ordering = ("name",)
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name


class StaffReader(models.Model):
    """How one member of staff wants to be told. Who has no row is told at once, in the site's language."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="staff_reader",
        verbose_name=_("user"),
    )
    team = models.ForeignKey(
        Team,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="members",
        verbose_name=_("team"),
    )
    cadence = models.CharField(_("mail"), max_length=8, choices=Cadence.choices, default=Cadence.AT_ONCE)
    hour = models.PositiveSmallIntegerField(
        _("hour"),
        default=8,
        validators=[MaxValueValidator(23)],
        help_text=_("Of the daily or weekly mail, 0 to 23, in your time zone."),
    )
    weekday = models.PositiveSmallIntegerField(_("day of the weekly mail"), choices=WEEKDAYS, default=0)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_zone], help_text=_("Asia/Damascus")
    )
    language = models.CharField(
        _("language"),
        max_length=3,
        choices=settings.LANGUAGES,
        blank=True,
        default="",
        help_text=_("Empty: the language of the site."),
    )
    quiet_country = models.CharField(
        _("no mail on the weekend of"),
        max_length=2,
        blank=True,
        default="",
        validators=[validate_country],
        help_text=_("Two letters, such as SY. What comes on its weekend waits for the next working day."),
    )

    class Meta:
        ordering = ("user",)
        verbose_name = _("mail preference")
        verbose_name_plural = _("mail preferences")

    def __str__(self) -> str:
        return f"{self.user}: {self.get_cadence_display()}"
