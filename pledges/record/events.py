"""Appending to the event log. Used by the writers alone."""

from datetime import date, datetime
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from pledges.ledger import chain
from pledges.models import Deadline, Event, Pledge
from pledges.models.choices import EventKind
from pledges.models.recorded import Recorded

Facts = dict[str, Any]
RecordedT = TypeVar("RecordedT", bound=Recorded)


def lock(subject: RecordedT) -> RecordedT:
    """Return `subject` as it stands now, locked until the transaction ends.

    SQLite has no row locks; there the write transaction itself (BEGIN IMMEDIATE) excludes others.
    """
    rows = type(subject)._default_manager.select_for_update(of=("self",))
    return rows.get(pk=subject.pk)


def require_aware(now: datetime) -> None:
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")


def require_unmoved(subject: Recorded, seen_position: int | None) -> None:
    """Refuse to write over a change that the writer has not seen."""
    if seen_position is not None and subject.head_position != seen_position:
        raise ValidationError(
            _(
                "Someone changed this while you were editing. Nothing was saved. "
                "Open it in a second tab, compare, and save again."
            ),
            code="stale",
        )


def append(
    subject: Recorded,
    kind: EventKind,
    facts: Facts,
    *,
    happened_on: date,
    actor: User | None,
    now: datetime,
    deadline: Deadline | None = None,
) -> Event:
    """Append one event to the stream of a locked `subject`, chained to the last, and move its head."""
    require_aware(now)
    subject.head_position += 1
    event = Event(
        stream=subject.stream,
        position=subject.head_position,
        kind=kind,
        pledge=subject if isinstance(subject, Pledge) else None,
        deadline=deadline,
        happened_on=happened_on,
        recorded_at=now,
        actor=actor,
        actor_salt=chain.new_salt() if actor else "",
        payload=facts,
        prev_hash=subject.head_hash,
    )
    event.hash = subject.head_hash = chain.hash_of(event.body)
    event.save(force_insert=True)
    subject.save(update_fields=["head_position", "head_hash"])
    return event


def fact(value: object) -> Any:  # noqa: ANN401  (JSON has no narrower name)
    """Return a field's value as JSON."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Recorded):
        return value.stream
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, list | tuple | models.QuerySet):
        return sorted(str(fact(item)) for item in value)
    return value


def facts_of(subject: models.Model, names: tuple[str, ...]) -> Facts:
    return {name: fact(getattr(subject, name)) for name in names}
