from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pledges.ledger import chain

from .choices import PUBLIC_EVENT_KINDS, EventKind
from .pledge_query import published_pledges


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> "EventQuerySet":
        """Events that the public may read, of published pledges only."""
        return self.filter(kind__in=PUBLIC_EVENT_KINDS, pledge__in=published_pledges())


class Event(models.Model):
    """One thing that happened to the record. Append-only: the database refuses change."""

    stream = models.CharField(_("stream"), max_length=120)
    position = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=20, choices=EventKind.choices)
    pledge = models.ForeignKey("pledges.Pledge", on_delete=models.PROTECT, null=True, related_name="events")
    deadline = models.ForeignKey(
        "pledges.Deadline", on_delete=models.PROTECT, null=True, related_name="events"
    )
    # The day in the world, where the record speaks of one; `recorded_at` is when we wrote it down.
    happened_on = models.DateField(_("happened on"))
    recorded_at = models.DateTimeField(_("recorded at"))
    # The person stays out of the payload: an event may be published for ever.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    # Without it the seal in the hash could be undone by trying all users.
    actor_salt = models.CharField(max_length=32, blank=True, default="", editable=False)
    payload = models.JSONField(_("facts"))
    prev_hash = models.CharField(
        _("hash of the event before"), max_length=64, blank=True, default="", editable=False
    )
    hash = models.CharField(_("hash"), max_length=64, default="", editable=False)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("pk",)
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.UniqueConstraint(fields=["stream", "position"], name="event_numbered_once"),
            models.UniqueConstraint(
                fields=["deadline"],
                condition=Q(kind=EventKind.BECAME_OVERDUE),
                name="event_overdue_once_per_deadline",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-recorded_at"])]

    def __str__(self) -> str:
        return f"{self.stream} {self.position} {self.get_kind_display()}"

    @property
    def body(self) -> dict[str, Any]:
        """What is hashed; select_related("deadline") spares a query."""
        return chain.event_body(
            stream=self.stream,
            position=self.position,
            kind=self.kind,
            deadline=self.deadline.position if self.deadline else None,
            happened_on=self.happened_on,
            recorded_at=self.recorded_at,
            actor=chain.seal(self.actor_id, self.actor_salt),
            payload=self.payload,
            prev_hash=self.prev_hash,
        )
