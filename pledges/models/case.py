from django.db import models
from django.utils.translation import gettext_lazy as _

from .addresses import address_of
from .fields import validate_country
from .pledge_query import published_pledges
from .worded import Worded


class CaseQuerySet(models.QuerySet["Case"]):
    def published(self) -> "CaseQuerySet":
        """Cases that a published pledge answers."""
        return self.filter(models.Exists(published_pledges().filter(case=models.OuterRef("pk"))))


class Case(Worded):
    """What the pledges answer: an event, a report, a demand."""

    worded = ("title", "summary")

    title = models.CharField(_("title"), max_length=200, unique=True)
    slug = models.SlugField(_("address name"), max_length=80, unique=True)
    country = models.CharField(_("country"), max_length=2, validators=[validate_country])
    summary = models.TextField(_("summary"), blank=True)
    sources = models.ManyToManyField(
        "pledges.Source", blank=True, related_name="cases", verbose_name=_("sources")
    )

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ("title",)
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def __str__(self) -> str:
        return self.title

    @property
    def stream(self) -> str:
        return f"case:{self.slug}"

    def get_absolute_url(self) -> str:
        return address_of("case", self.slug)
