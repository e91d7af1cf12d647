"""Publishing takes two people: the author of a draft can't publish it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.corrected import AMENDED_UPDATES, amended_updates
from pledges.deadlines.lapse import local_day
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind, Publication
from pledges.roles import may_publish
from pledges.wordings import PUBLISHED_WORDINGS, standing_wordings

from .events import Facts, append, lock, require_unmoved
from .links import LINKS
from .pledges import snapshot
from .wordings import take_back_stale

# What puts words of one's own before the public.
AUTHORING = (
    EventKind.RECORDED,
    EventKind.AMENDED,
    EventKind.CORRECTED,
    EventKind.TRANSLATED,
    EventKind.DEADLINE_SET,
    EventKind.DEADLINE_MOVED,
    EventKind.UPDATE_ADDED,
    EventKind.ASSESSED,
    EventKind.VERDICT_PROPOSED,
    EventKind.CHECKED,
)


@transaction.atomic
def publish(*, pledge: Pledge, actor: User, now: datetime, seen_position: int | None = None) -> Pledge:
    """Show a pledge to the public.

    Raises PermissionDenied when `actor` may not publish, and ValidationError when `actor` wrote the
    draft or any later change to it, or when it is published already.
    """
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    if not may_publish(actor):
        raise PermissionDenied(_("Only a Reviewer may publish."))
    if locked.is_published:
        raise ValidationError(_("%s is published already.") % locked.reference, code="published")
    if wrote(locked, actor):
        raise ValidationError(
            _("%s carries your own words: someone else must check and publish it.") % locked.reference,
            code="two_people",
        )
    if locked.published_at is None:
        take_back_stale(locked, now=now)
    locked.publication = Publication.PUBLISHED
    locked.published_by = actor
    locked.published_at = now
    locked.save(update_fields=["publication", "published_by", "published_at"])
    append(
        locked,
        EventKind.PUBLISHED,
        # The log alone tells the public what was published: what came before it is not public. What it
        # hangs on may be a draft, which nobody may learn of.
        {name: value for name, value in snapshot(locked).items() if name not in LINKS}
        | _amended(locked)
        | _translated(locked),
        happened_on=local_day(now, locked.time_zone),
        actor=actor,
        now=now,
    )
    return locked


def _amended(pledge: Pledge) -> Facts:
    """State the updates that were mended in the draft: how they read before is not public either."""
    found = amended_updates(Event.objects.filter(pledge=pledge).order_by("position"))
    return {AMENDED_UPDATES: found} if found else {}


def _translated(pledge: Pledge) -> Facts:
    """State the translations that stand: the events that wrote them in the draft are not public."""
    found = standing_wordings(pledge)
    return {PUBLISHED_WORDINGS: found} if found else {}


def wrote(pledge: Pledge, user: User) -> bool:
    """Whether any of what would be published is `user`'s own writing."""
    return Event.objects.filter(pledge=pledge, actor=user, kind__in=AUTHORING).exists()


@transaction.atomic
def unpublish(*, pledge: Pledge, reason: str, actor: User, now: datetime) -> Pledge:
    """Take a pledge off the public pages. The record of it stays; its address tells day and reason."""
    locked = lock(pledge)
    if not may_publish(actor):
        raise PermissionDenied(_("Only a Reviewer may take a pledge off the public pages."))
    if not locked.is_published:
        raise ValidationError(_("%s is not published.") % locked.reference, code="unpublished")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it is taken off the public pages.")})
    locked.publication = Publication.UNPUBLISHED
    locked.save(update_fields=["publication"])
    append(
        locked,
        EventKind.UNPUBLISHED,
        {"reason": reason.strip()},
        happened_on=local_day(now, locked.time_zone),
        actor=actor,
        now=now,
    )
    return locked
