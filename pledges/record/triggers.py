"""The event that a deadline waits for has happened: its clock starts."""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.languages import UnknownLanguageError
from pledges.deadlines.resolving import resolve_triggered
from pledges.deadlines.windows import NoDate, Window
from pledges.models import Deadline, Pledge, Source
from pledges.models.choices import DeadlineKind, NoDateReason

from .deadlines import DeadlineTerms, calendar_of, move_deadline


@transaction.atomic
def record_trigger(
    *,
    pledge: Pledge,
    happened_on: date,
    source: Source,
    actor: User,
    now: datetime,
    source_locator: str = "",
    reason: str = "",
    seen_position: int | None = None,
) -> Deadline:
    """Start the clock of a deadline that waits for an event, on the local day on which that happened.

    The words of the deadline in force are read again with the event as their anchor. Raises
    ValidationError when nothing waits, for a day to come or before the pledge, and where even the event
    gives no date.
    """
    waiting = waiting_deadline(pledge)
    if waiting is None:
        raise ValidationError(_("%s waits for no event.") % pledge.reference, code="not_waiting")
    found = read_triggered(pledge, waiting, happened_on)
    terms = DeadlineTerms(
        phrase=waiting.phrase,
        phrase_language=waiting.phrase_language,
        anchor_on=happened_on,
        anchor_label=found.explanation.anchor_label,
        earliest=None if found.earliest == found.latest else found.earliest,
        latest=found.latest,
        precision=found.precision.value,
        source_locator=source_locator,
        reason=reason,
    )
    return move_deadline(
        pledge=pledge,
        kind=DeadlineKind.TRIGGER,
        terms=terms,
        source=source,
        announced_on=happened_on,
        actor=actor,
        now=now,
        seen_position=seen_position,
    )


def waiting_deadline(pledge: Pledge) -> Deadline | None:
    """Return the deadline in force if it waits for an event."""
    deadline = pledge.current_deadline
    is_waiting = deadline is not None and deadline.no_date_reason == NoDateReason.EVENT_TIED
    return deadline if is_waiting else None


def read_triggered(pledge: Pledge, waiting: Deadline, happened_on: date) -> Window:
    """Return the window that the words give once their event has happened."""
    try:
        found = resolve_triggered(
            waiting.phrase,
            language=waiting.phrase_language,
            anchor=waiting.anchor_on or waiting.announced_on,
            triggered_on=happened_on,
            calendar=calendar_of(pledge),
        )
    except UnknownLanguageError as error:
        words = _("No rules read %(language)s: move the deadline by hand, with the kind “trigger”.")
        raise ValidationError(words % {"language": waiting.get_phrase_language_display()}) from error
    if isinstance(found, NoDate):
        words = _(
            "Even with its event “%(phrase)s” gives no date: move the deadline by hand if one was named."
        )
        raise ValidationError(words % {"phrase": waiting.phrase}, code="no_date")
    return found
