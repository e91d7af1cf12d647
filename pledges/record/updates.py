"""Evidence: dated facts about a pledge, and mending an error in one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.lapse import local_day
from pledges.models import Body, Event, Pledge, Source, Update
from pledges.models.choices import EventKind, Precision, UpdateKind

from .events import Facts, append, fact, facts_of, lock, require_unmoved

UPDATE_FACTS = (
    "kind",
    "happened_on",
    "happened_on_precision",
    "text",
    "language",
    "translation",
    "translation_language",
    "by_body",
    "answers",
)
AMENDABLE = frozenset({*UPDATE_FACTS, "sources"})


def update_facts(update: Update) -> Facts:
    sources = {"sources": fact(update.sources.all())}
    return facts_of(update, UPDATE_FACTS) | {"update": update.pk} | sources


@transaction.atomic
def add_update(
    *,
    pledge: Pledge,
    kind: str,
    happened_on: date,
    text: str,
    sources: Sequence[Source],
    actor: User,
    now: datetime,
    language: str = "en",
    happened_on_precision: str = Precision.DAY,
    translation: str = "",
    translation_language: str = "en",
    by_body: Body | None = None,
    answers: Update | None = None,
    seen_position: int | None = None,
) -> Update:
    """Record a dated fact about a pledge. Raises ValidationError without a source.

    A reply is in the body's own words, and names which of the responsible bodies it is. What was done
    about an objection or a reply is an update that `answers` it.
    """
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    update = Update(
        pledge=locked,
        kind=kind,
        happened_on=happened_on,
        happened_on_precision=happened_on_precision,
        text=text,
        language=language,
        translation=translation,
        translation_language=translation_language,
        by_body=by_body,
        answers=answers,
        recorded_at=now,
        recorded_by=actor,
    )
    _check(update, sources, today=local_day(now, locked.time_zone))
    update.save(force_insert=True)
    update.sources.set(sources)
    append(
        locked,
        EventKind.UPDATE_ADDED,
        update_facts(update),
        happened_on=happened_on,
        actor=actor,
        now=now,
    )
    return update


@transaction.atomic
def amend_update(
    *,
    update: Update,
    changes: dict[str, Any],
    actor: User,
    now: datetime,
    reason: str = "",
    seen_position: int | None = None,
) -> None:
    """Mend an error in an update; before and after go into the event, what was said stays there.

    In a draft it is `amended`, and what stood there before never becomes public. Once the pledge was
    published it is `corrected` and needs a `reason`; readers see all three. Raises ValidationError with
    every wrong field named; nothing is changed then.
    """
    locked = lock(update.pledge)
    require_unmoved(locked, seen_position)
    row = Update.objects.select_related("pledge", "by_body").get(pk=update.pk)
    present = update_facts(row)
    differences = {}
    for name, value in changes.items():
        if name not in AMENDABLE:
            raise ValidationError({name: _("This can't be changed once it is recorded.")})
        after = fact(list(value) if name == "sources" else value)
        if after != present[name]:
            differences[name] = {"before": present[name], "after": after}
    if not differences:
        return
    if locked.published_at is not None and not reason.strip():
        words = _("This pledge is published: say why the update is corrected. Readers see it.")
        raise ValidationError({"reason": words})
    sources = list(changes.get("sources", row.sources.all()))
    for name in differences.keys() - {"sources"}:
        setattr(row, name, changes[name])
    _check(row, sources, today=local_day(now, locked.time_zone))
    row.save()
    row.sources.set(sources)
    append(
        locked,
        EventKind.CORRECTED if locked.published_at else EventKind.AMENDED,
        {"entry": _entry_of(row), "changes": differences, "reason": reason.strip()},
        happened_on=local_day(now, locked.time_zone),
        actor=actor,
        now=now,
    )


def _entry_of(update: Update) -> int:
    """Return the number of the event that wrote this update."""
    events = Event.objects.filter(pledge=update.pledge_id, kind=EventKind.UPDATE_ADDED)
    return events.get(payload__update=update.pk).position


def _check(update: Update, sources: Sequence[Source], *, today: date) -> None:
    errors = {}
    kind, by_body, answers = update.kind, update.by_body, update.answers
    if not sources:
        errors["sources"] = _("A fact needs at least one source.")
    if update.happened_on > today:
        errors["happened_on"] = _("This day has not come yet.")
    if kind == UpdateKind.REPLY and by_body is None:
        errors["by_body"] = _("Name the body whose reply this is.")
    elif by_body is not None and kind != UpdateKind.REPLY:
        errors["by_body"] = _("Only a reply is the words of a body: leave this empty.")
    elif by_body is not None and not update.pledge.bodies.filter(pk=by_body.pk).exists():
        errors["by_body"] = _("This body is not responsible for the pledge: add it there first.")
    if answers is not None and answers.pledge_id != update.pledge_id:
        errors["answers"] = _("This is an update of another pledge.")
    elif answers is not None and answers.pk == update.pk:
        errors["answers"] = _("An update can't answer itself.")
    if errors:
        raise ValidationError(errors)
    update.full_clean()
