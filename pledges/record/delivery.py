"""Judgement: assessments, and checks that changed nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.lapse import local_day
from pledges.models import Assessment, Pledge, Source, Update
from pledges.models.choices import (
    OPEN_STATUSES,
    STRONG_STATUSES,
    EventKind,
    Status,
)

from .events import Facts, append, fact, facts_of, lock, require_unmoved

ASSESSMENT_FACTS = ("status", "effective_on", "reason")


def assessment_facts(assessment: Assessment) -> Facts:
    evidence = {
        "updates": sorted(update.pk for update in assessment.updates.all()),
        "sources": fact(assessment.sources.all()),
    }
    return facts_of(assessment, ASSESSMENT_FACTS) | {"assessment": assessment.pk} | evidence


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What a person concludes from evidence.

    `effective_on` is the day from which it holds; for a fulfilled pledge, the day of fulfilment in the
    pledge's zone. `checked_on` is the day to which evidence was looked for, by default that of recording.
    """

    status: str
    effective_on: date
    reason: str
    updates: Sequence[Update] = ()
    sources: Sequence[Source] = ()
    checked_on: date | None = None

    def check(self, pledge: Pledge, *, today: date) -> None:
        """Raise ValidationError with every wrong field named."""
        errors = {}
        if self.effective_on > today:
            errors["effective_on"] = _("This day has not come yet.")
        elif self.effective_on < pledge.made_on:
            errors["effective_on"] = _("This is before the pledge was made.")
        if not self.reason.strip():
            errors["reason"] = _("Say why, in a sentence or two.")
        if self.status != Status.NO_EVIDENCE and not (self.updates or self.sources):
            errors["sources"] = _("Name the update or source that shows it.")
        if self.checked_on and not self.effective_on <= self.checked_on <= today:
            errors["checked_on"] = _("Nobody can have checked before that day, or after today.")
        if any(update.pledge_id != pledge.pk for update in self.updates):
            errors["updates"] = _("An update of another pledge is no evidence here.")
        if errors:
            raise ValidationError(errors)


def needs_second_person(pledge: Pledge, *, status: str, effective_on: date) -> bool:
    """Whether this judgement takes two people: a strong word, or taking back one that readers saw.

    What is not published takes a second person anyway, to publish it.
    """
    if not pledge.is_published:
        return False
    is_same_day = pledge.met_on is None or pledge.met_on == effective_on
    reverses = pledge.status not in OPEN_STATUSES and not (pledge.status == status and is_same_day)
    return status in STRONG_STATUSES or reverses


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
    """Record a judgement of delivery (see `Judgement`) and make it the pledge's status.

    Any judgement but "no evidence yet" needs an update or a source. A pledge judged open again is
    watched again. Raises ValidationError, also for what takes a second person: that is proposed.
    """
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    if needs_second_person(locked, status=status, effective_on=effective_on):
        raise ValidationError(
            _("This takes a second person: propose it, and a reviewer confirms it."), code="two_people"
        )
    judgement = Judgement(
        status=status,
        effective_on=effective_on,
        reason=reason,
        updates=updates,
        sources=sources,
        checked_on=checked_on,
    )
    return write_assessment(locked, judgement, author=actor, actor=actor, now=now)


def write_assessment(
    locked: Pledge,
    judgement: Judgement,
    *,
    author: User,
    actor: User,
    now: datetime,
    is_confirmed: bool = False,
) -> Assessment:
    """Append the judgement of `author`, carried out by `actor`, to a locked pledge."""
    today = local_day(now, locked.time_zone)
    judgement.check(locked, today=today)
    status, effective_on = judgement.status, judgement.effective_on
    assessment = Assessment(
        pledge=locked,
        status=status,
        effective_on=effective_on,
        reason=judgement.reason,
        recorded_at=now,
        recorded_by=author,
    )
    assessment.full_clean()
    assessment.save(force_insert=True)
    assessment.updates.set(judgement.updates)
    assessment.sources.set(judgement.sources)
    locked.status = status
    locked.met_on = effective_on if status == Status.FULFILLED else None
    checked_on = judgement.checked_on or today
    # Somebody may have looked further since a verdict was proposed.
    locked.checked_on = max(checked_on, locked.checked_on or checked_on)
    locked.save(update_fields=["status", "met_on", "checked_on"])
    facts = assessment_facts(assessment) | {"checked_on": fact(locked.checked_on)}
    append(
        locked,
        EventKind.ASSESSED,
        facts | ({"is_confirmed": True} if is_confirmed else {}),
        happened_on=effective_on,
        actor=actor,
        now=now,
    )
    return assessment


@transaction.atomic
def record_check(
    *,
    pledge: Pledge,
    checked_on: date,
    actor: User,
    now: datetime,
    note: str = "",
    seen_position: int | None = None,
) -> None:
    """Record that somebody looked for evidence up to `checked_on` and found nothing that changes anything.

    Raises ValidationError for a day to come, and for one before the last check.
    """
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    if checked_on > local_day(now, locked.time_zone):
        raise ValidationError({"checked_on": _("This day has not come yet.")})
    since = max(locked.checked_on or locked.made_on, locked.made_on)
    if checked_on < since:
        raise ValidationError(
            {"checked_on": _("This is before %s, up to which it was checked already.") % since}
        )
    locked.checked_on = checked_on
    locked.save(update_fields=["checked_on"])
    append(
        locked,
        EventKind.CHECKED,
        {"checked_on": checked_on.isoformat(), "text": note.strip()},
        happened_on=checked_on,
        actor=actor,
        now=now,
    )
