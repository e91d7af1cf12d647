from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils.translation import gettext_lazy as _

from pledges.ledger import chain

from .choices import PUBLIC_EVENT_KINDS, DeadlineKind, EventKind, Publication
from .pledge_query import published_pledges

# They change words that readers saw, and say why.
MENDING = (EventKind.CORRECTED, EventKind.TRANSLATED)


class EventQuerySet(models.QuerySet["Event"]):
    def published(self) -> "EventQuerySet":
        """Events that the public may read, of published pledges only."""
        return self.filter(kind__in=PUBLIC_EVENT_KINDS, pledge__publication=Publication.PUBLISHED)

    def corrections(self) -> "EventQuerySet":
        """Errors of the record that the public could read, and that were mended.

        What was corrected before anybody could read it is none, and neither is a first translation.
        """
        was_public = Event.objects.filter(
            kind=EventKind.PUBLISHED, pledge=OuterRef("pledge"), position__lt=OuterRef("position")
        )
        of_pledges = Q(pledge__in=published_pledges()) & (
            Q(kind__in=MENDING)
            | Q(Exists(was_public), kind=EventKind.DEADLINE_MOVED, deadline__kind=DeadlineKind.CORRECTION)
        )
        of_subjects = Q(pledge=None, kind__in=MENDING) & (
            _is_stream_of("Body", "body:", "slug")
            | _is_stream_of("Case", "case:", "slug")
            | _is_stream_of("Source", "source:", "pk")
        )
        return (
            self.filter(of_pledges | of_subjects)
            .exclude(payload__reason="")
            .filter(payload__reason__isnull=False)
        )


def _is_stream_of(model: str, prefix: str, key: str) -> Q:
    """Whether an event is about a subject that the public may read."""
    published = apps.get_model("pledges", model)._default_manager.published()
    stream = Concat(Value(prefix), Cast(key, models.CharField()))
    return Q(Exists(published.annotate(its_stream=stream).filter(its_stream=OuterRef("stream"))))


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
        indexes = [
            models.Index(fields=["kind", "-recorded_at"]),
            models.Index(name="event_newest", fields=["-recorded_at", "-id"]),
            # The news of many pledges are told apart from it alone.
            models.Index(name="event_of_pledge", fields=["pledge", "-recorded_at", "-id"], include=["kind"]),
        ]

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
