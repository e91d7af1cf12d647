"""Recording a pledge, and changing what was recorded."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.lapse import local_day
from pledges.models import Body, Case, Pledge, Source
from pledges.models.choices import DeadlineKind, EventKind, Precision, QuoteForm
from pledges.models.worded import site_language

from .deadlines import NO_TIME_STATED, DeadlineTerms, deadline_facts, write_deadline
from .events import Facts, append, fact, facts_of, lock, require_aware, require_unmoved
from .links import LINKS, check_links
from .references import claim_reference, next_reference

PLEDGE_FACTS = (
    "reference",
    "title",
    "quote",
    "quote_form",
    "quote_language",
    "quote_translation",
    "translation_language",
    "speaker",
    "case",
    "action",
    "made_on",
    "made_on_precision",
    "source",
    "source_locator",
    "note",
    "time_zone",
    "follows",
    "parent",
    "original_language",
)
RELATIONS = ("bodies", "other_sources")
FIXED = frozenset({"reference", "time_zone"})
AMENDABLE = frozenset({*PLEDGE_FACTS, *RELATIONS}) - FIXED


@transaction.atomic
def record_pledge(
    *,
    title: str,
    quote: str,
    bodies: Sequence[Body],
    case: Case,
    action: str,
    made_on: date,
    source: Source,
    actor: User,
    now: datetime,
    deadline: DeadlineTerms = NO_TIME_STATED,
    deadline_source: Source | None = None,
    quote_form: str = QuoteForm.VERBATIM,
    quote_language: str = "en",
    quote_translation: str = "",
    translation_language: str = "en",
    speaker: str = "",
    made_on_precision: str = Precision.DAY,
    source_locator: str = "",
    other_sources: Sequence[Source] = (),
    note: str = "",
    follows: Pledge | None = None,
    parent: Pledge | None = None,
    assignee: User | None = None,
    reference: str = "",
    original_language: str = "",
) -> Pledge:
    """Record an official commitment as a draft, with the first row of its deadline ledger.

    The first body's country goes into the reference and its time zone decides when a day ends. `parent`
    is the wider pledge of the same case of which this one is a step.
    Raises ValidationError with every wrong field named; nothing is saved then.
    """
    require_aware(now)
    if not bodies:
        raise ValidationError({"bodies": _("Name at least one responsible body.")})
    first = bodies[0]
    _check_not_future(made_on, now, first.time_zone)
    pledge = Pledge(
        title=title,
        quote=quote,
        quote_form=quote_form,
        quote_language=quote_language,
        quote_translation=quote_translation,
        translation_language=translation_language,
        speaker=speaker,
        case=case,
        action=action,
        made_on=made_on,
        made_on_precision=made_on_precision,
        source=source,
        source_locator=source_locator,
        note=note,
        follows=follows,
        parent=parent,
        assignee=assignee,
        original_language=original_language or site_language(),
        time_zone=first.time_zone,
        created_at=now,
        created_by=actor,
    )
    pledge.reference = (
        claim_reference(reference) if reference else next_reference(first.country, made_on.year)
    )
    pledge.full_clean()
    check_links(pledge)
    pledge.save(force_insert=True)
    pledge.bodies.set(bodies)
    pledge.other_sources.set(other_sources)
    append(pledge, EventKind.RECORDED, snapshot(pledge), happened_on=made_on, actor=actor, now=now)
    _set_first_deadline(pledge, deadline, deadline_source or source, actor=actor, now=now)
    return pledge


def _set_first_deadline(
    pledge: Pledge, terms: DeadlineTerms, source: Source, *, actor: User, now: datetime
) -> None:
    row = write_deadline(
        pledge,
        DeadlineKind.ORIGINAL,
        terms,
        source=source,
        announced_on=pledge.made_on,
        actor=actor,
        now=now,
    )
    append(
        pledge,
        EventKind.DEADLINE_SET,
        deadline_facts(row),
        happened_on=pledge.made_on,
        actor=actor,
        now=now,
        deadline=row,
    )


def snapshot(pledge: Pledge) -> Facts:
    """Return all that a pledge states, but for what has ledgers of its own."""
    relations = {name: fact(getattr(pledge, name).all()) for name in RELATIONS}
    return facts_of(pledge, PLEDGE_FACTS) | relations


def _check_not_future(made_on: date, now: datetime, zone: str) -> None:
    if made_on > local_day(now, zone):
        raise ValidationError({"made_on": _("A pledge can't have been made in the future.")})


@transaction.atomic
def amend_pledge(
    *,
    pledge: Pledge,
    changes: dict[str, Any],
    actor: User,
    now: datetime,
    reason: str = "",
    seen_position: int | None = None,
) -> Pledge:
    """Change recorded fields; before and after go into the event.

    A draft is `amended`. Once published, the same is a `corrected` event, shown publicly, and needs
    a `reason`. The deadline has its own ledger and can't be changed here.
    """
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    was_public = locked.published_at is not None
    differences = _apply(locked, changes)
    if not differences:
        return locked
    if was_public and not reason.strip():
        raise ValidationError(
            {"reason": _("This pledge is published: say why it is corrected. Readers see it.")}
        )
    _check_not_future(locked.made_on, now, locked.time_zone)
    locked.full_clean()
    if differences.keys() & {"case", *LINKS}:
        check_links(locked)
    locked.save()
    append(
        locked,
        EventKind.CORRECTED if was_public else EventKind.AMENDED,
        {"changes": differences, "reason": reason.strip()},
        happened_on=local_day(now, locked.time_zone),
        actor=actor,
        now=now,
    )
    return locked


def _apply(pledge: Pledge, changes: dict[str, Any]) -> dict[str, Facts]:
    differences = {}
    for name, value in changes.items():
        is_relation = name in RELATIONS
        before = fact(getattr(pledge, name).all() if is_relation else getattr(pledge, name))
        after = fact(list(value) if is_relation else value)
        if before == after:
            continue
        if name not in AMENDABLE:
            raise ValidationError({name: _("This can't be changed once it is recorded.")})
        if is_relation:
            if name == "bodies" and not value:
                raise ValidationError({"bodies": _("Name at least one responsible body.")})
            getattr(pledge, name).set(value)
        else:
            setattr(pledge, name, value)
        differences[name] = {"before": before, "after": after}
    return differences


@transaction.atomic
def assign(*, pledge: Pledge, assignee: User | None, actor: User, now: datetime) -> None:
    """Make `assignee` the one who hears about this pledge first; None takes it from everyone."""
    locked = lock(pledge)
    if locked.assignee == assignee:
        return
    locked.assignee = assignee
    locked.save(update_fields=["assignee"])
    append(
        locked,
        EventKind.ASSIGNED,
        {"is_assigned": assignee is not None},
        happened_on=local_day(now, locked.time_zone),
        actor=actor,
        now=now,
    )
