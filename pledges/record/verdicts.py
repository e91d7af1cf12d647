"""Judgements that take two people: one proposes, a reviewer who is somebody else confirms or declines."""

from collections.abc import Sequence
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.lapse import local_day
from pledges.models import Assessment, Event, Pledge, Source, Update, VerdictProposal
from pledges.models.choices import EventKind
from pledges.models.proposal import Decision
from pledges.roles import may_publish

from .delivery import Judgement, needs_second_person, write_assessment
from .events import append, fact, lock, require_unmoved


@transaction.atomic
def propose_verdict(
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
) -> VerdictProposal:
    """Write down a judgement (see `Judgement`) for a second person; readers see nothing of it yet.

    Raises ValidationError where none is needed, and where another proposal is waiting.
    """
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    if not needs_second_person(locked, status=status, effective_on=effective_on):
        raise ValidationError(_("This takes no second person: assess it."), code="one_person")
    if waiting_proposal(locked):
        raise ValidationError(_("Another verdict is waiting for a second person: decide that one first."))
    judgement = Judgement(
        status=status,
        effective_on=effective_on,
        reason=reason,
        updates=updates,
        sources=sources,
        checked_on=checked_on,
    )
    today = local_day(now, locked.time_zone)
    judgement.check(locked, today=today)
    event = append(
        locked,
        EventKind.VERDICT_PROPOSED,
        {
            "status": status,
            "effective_on": effective_on.isoformat(),
            "reason": reason,
            "updates": sorted(update.pk for update in updates),
            "sources": fact(list(sources)),
        },
        happened_on=today,
        actor=actor,
        now=now,
    )
    proposal = VerdictProposal(
        pledge=locked,
        position=event.position,
        status=status,
        effective_on=effective_on,
        checked_on=checked_on or today,
        reason=reason,
        proposed_at=now,
        proposed_by=actor,
    )
    proposal.full_clean()
    proposal.save(force_insert=True)
    proposal.updates.set(updates)
    proposal.sources.set(sources)
    return proposal


def waiting_proposal(pledge: Pledge) -> VerdictProposal | None:
    """Return the verdict on `pledge` that waits for a second person."""
    return VerdictProposal.objects.filter(pledge=pledge, decision=Decision.WAITING).first()


@transaction.atomic
def confirm_verdict(
    *, pledge: Pledge, actor: User, now: datetime, seen_position: int | None = None
) -> Assessment:
    """Make the waiting proposal the judgement that readers see; both people are kept.

    Raises PermissionDenied for who is no reviewer, and ValidationError for the one who proposed it, and
    when somebody assessed the pledge since.
    """
    locked, proposal = _waiting(pledge, actor, seen_position)
    if proposal.proposed_by == actor:
        raise ValidationError(
            _("You proposed this: someone else must check and confirm it."), code="two_people"
        )
    later = Event.objects.filter(pledge=locked, kind=EventKind.ASSESSED, position__gt=proposal.position)
    if later.exists():
        raise ValidationError(
            _("Somebody assessed this pledge after the proposal: decline it, and propose anew if need be."),
            code="overtaken",
        )
    judgement = Judgement(
        status=proposal.status,
        effective_on=proposal.effective_on,
        reason=proposal.reason,
        updates=list(proposal.updates.all()),
        sources=list(proposal.sources.all()),
        checked_on=proposal.checked_on,
    )
    assessment = write_assessment(
        locked, judgement, author=proposal.proposed_by, actor=actor, now=now, is_confirmed=True
    )
    _decide(proposal, Decision.CONFIRMED, actor=actor, now=now, assessment=assessment)
    return assessment


@transaction.atomic
def decline_verdict(
    *, pledge: Pledge, reason: str, actor: User, now: datetime, seen_position: int | None = None
) -> None:
    """End the waiting proposal without a judgement. Who proposed it may take it back so."""
    locked, proposal = _waiting(pledge, actor, seen_position)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why, for the one who proposed it.")})
    _decide(proposal, Decision.DECLINED, actor=actor, now=now)
    append(
        locked,
        EventKind.VERDICT_DECLINED,
        {"status": proposal.status, "reason": reason.strip()},
        happened_on=local_day(now, locked.time_zone),
        actor=actor,
        now=now,
    )


def _waiting(pledge: Pledge, actor: User, seen_position: int | None) -> tuple[Pledge, VerdictProposal]:
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    proposal = waiting_proposal(locked)
    if proposal is None:
        raise ValidationError(_("No verdict on %s waits for a second person.") % locked.reference)
    if not (may_publish(actor) or proposal.proposed_by == actor):
        raise PermissionDenied(_("Only a Reviewer may decide about a proposed verdict."))
    return locked, proposal


def _decide(
    proposal: VerdictProposal,
    decision: Decision,
    *,
    actor: User,
    now: datetime,
    assessment: Assessment | None = None,
) -> None:
    proposal.decision = decision
    proposal.decided_by = actor
    proposal.decided_at = now
    proposal.assessment = assessment
    proposal.save(update_fields=["decision", "decided_by", "decided_at", "assessment"])
