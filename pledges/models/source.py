from django.db import models
from django.utils.translation import gettext_lazy as _

from .choices import LANGUAGES, SourceKind
from .pledge_query import published_pledges
from .recorded import Recorded


class SourceQuerySet(models.QuerySet["Source"]):
    def published(self) -> "SourceQuerySet":
        """Sources that the page of a published pledge or of its case names."""
        pledges = published_pledges()
        return self.filter(
            models.Exists(pledges.filter(source=models.OuterRef("pk")))
            | models.Exists(pledges.filter(other_sources=models.OuterRef("pk")))
            | models.Exists(pledges.filter(deadlines__source=models.OuterRef("pk")))
            | models.Exists(pledges.filter(updates__sources=models.OuterRef("pk")))
            | models.Exists(pledges.filter(assessments__sources=models.OuterRef("pk")))
            | models.Exists(pledges.filter(case__sources=models.OuterRef("pk")))
        )


class Source(Recorded):
    """Where a fact was read: enough to find it again without us."""

    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=SourceKind.choices, default=SourceKind.PRESS)
    url = models.URLField(_("web address"), max_length=1000, unique=True)
    archived_url = models.URLField(_("address of a stored copy"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=3, choices=LANGUAGES, default="en")
    published_on = models.DateField(_("published on"), null=True, blank=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ("-published_on", "title")
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return f"{self.publisher}: {self.title}" if self.publisher else self.title

    @property
    def stream(self) -> str:
        return f"source:{self.pk}"
