from django.db import models
from django.utils.translation import gettext_lazy as _

from .addresses import address_of
from .choices import BodyKind
from .fields import validate_country, validate_zone
from .pledge_query import published_pledges
from .worded import Worded


class BodyQuerySet(models.QuerySet["Body"]):
    def published(self) -> "BodyQuerySet":
        """Bodies that a published pledge names."""
        return self.filter(models.Exists(published_pledges().filter(bodies=models.OuterRef("pk"))))


class Body(Worded):
    """Who promised: an institution or office, responsible for its pledges."""

    worded = ("name", "description")

    name = models.CharField(_("name"), max_length=200, unique=True)
    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind.choices)
    country = models.CharField(
        _("country"),
        max_length=2,
        validators=[validate_country],
        help_text=_("Two letters, ISO 3166: SY, LB, KE."),
    )
    time_zone = models.CharField(
        _("time zone"),
        max_length=64,
        validators=[validate_zone],
        help_text=_("IANA name, such as Asia/Damascus. Its days decide when a pledge is late."),
    )
    description = models.TextField(_("description"), blank=True)

    objects = BodyQuerySet.as_manager()

    class Meta:
        ordering = ("name",)
        verbose_name = _("body")
        verbose_name_plural = _("bodies")

    def __str__(self) -> str:
        return self.name

    @property
    def stream(self) -> str:
        return f"body:{self.slug}"

    def get_absolute_url(self) -> str:
        return address_of("body", self.slug)
