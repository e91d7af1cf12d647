"""Evidence and judgement: updates and assessments."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.lapse import local_day
from pledges.models import Assessment, Pledge, Source, Update
from pledges.models.choices import EventKind, Precision, Status

from .events import Facts, append, fact, facts_of, lock, require_unmoved

UPDATE_FACTS = ("kind", "happened_on", "happened_on_precision", "text", "language")
ASSESSMENT_FACTS = ("status", "effective_on", "reason")


def update_facts(update: Update) -> Facts:
    sources = {"sources": fact(update.sources.all())}
    return facts_of(update, UPDATE_FACTS) | {"update": update.pk} | sources


def assessment_facts(assessment: Assessment) -> Facts:
    evidence = {
        "updates": sorted(update.pk for update in assessment.updates.all()),
        "sources": fact(assessment.sources.all()),
    }
    return facts_of(assessment, ASSESSMENT_FACTS) | {"assessment": assessment.pk} | evidence


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
) -> Update:
    """Record a dated fact about a pledge. Raises ValidationError without a source."""
    locked = lock(pledge)
    if not sources:
        raise ValidationError({"sources": _("A fact needs at least one source.")})
    if happened_on > local_day(now, locked.time_zone):
        raise ValidationError({"happened_on": _("This day has not come yet.")})
    update = Update(
        pledge=locked,
        kind=kind,
        happened_on=happened_on,
        happened_on_precision=happened_on_precision,
        text=text,
        language=language,
        recorded_at=now,
        recorded_by=actor,
    )
    update.full_clean()
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
def assess(
    *,
    pledge: Pledge,
    status: str,
    effective_on: date,
    reason: str,
    actor: User,
    now: datetime,
    updates: Sequence[Update] = (),
    sources: Sequence[Source] = (),
    checked_on: date | None = None,
    seen_position: int | None = None,
) -> Assessment:
    """Record a judgement of delivery and make it the pledge's status.

    `effective_on` is the day from which it holds; for a fulfilled pledge, the day of fulfilment in
    the pledge's zone. Any judgement but "no evidence yet" needs an update or a source. A pledge
    judged open again is watched again. `checked_on` is the day to which evidence was looked for, by
    default that of `now`; one looked for earlier says so.
    """
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    today = local_day(now, locked.time_zone)
    _check(locked, status, effective_on, reason, today, bool(updates or sources))
    if checked_on and not effective_on <= checked_on <= today:
        raise ValidationError({"checked_on": _("Nobody can have checked before that day, or after today.")})
    if any(update.pledge_id != locked.pk for update in updates):
        raise ValidationError({"updates": _("An update of another pledge is no evidence here.")})
    assessment = Assessment(
        pledge=locked,
        status=status,
        effective_on=effective_on,
        reason=reason,
        recorded_at=now,
        recorded_by=actor,
    )
    assessment.full_clean()
    assessment.save(force_insert=True)
    assessment.updates.set(updates)
    assessment.sources.set(sources)
    locked.status = status
    locked.met_on = effective_on if status == Status.FULFILLED else None
    locked.checked_on = checked_on or today
    locked.save(update_fields=["status", "met_on", "checked_on"])
    append(
        locked,
        EventKind.ASSESSED,
        assessment_facts(assessment) | {"checked_on": fact(locked.checked_on)},
        happened_on=effective_on,
        actor=actor,
        now=now,
    )
    return assessment


def _check(
    pledge: Pledge, status: str, effective_on: date, reason: str, today: date, has_evidence: bool
) -> None:
    errors = {}
    if effective_on > today:
        errors["effective_on"] = _("This day has not come yet.")
    elif effective_on < pledge.made_on:
        errors["effective_on"] = _("This is before the pledge was made.")
    if not reason.strip():
        errors["reason"] = _("Say why, in a sentence or two.")
    if status != Status.NO_EVIDENCE and not has_evidence:
        errors["sources"] = _("Name the update or source that shows it.")
    if errors:
        raise ValidationError(errors)
