"""What every subject of the event log has in common."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Recorded(models.Model):
    """A subject with its own stream of events, numbered from 1 without gaps."""

    head_position = models.PositiveIntegerField(_("last event number"), default=0, editable=False)
    # The hash of that event: what the next one is chained to.
    head_hash = models.CharField(_("hash of the last event"), max_length=64, default="", editable=False)
    created_at = models.DateTimeField(_("recorded at"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        editable=False,
        verbose_name=_("recorded by"),
    )

    class Meta:
        abstract = True

    @property
    def stream(self) -> str:
        """The stable name of this subject's events."""
        raise TypeError(f"{type(self).__name__} names no stream")
