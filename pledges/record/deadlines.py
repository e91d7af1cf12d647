"""The deadline ledger: the original date and every move of it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.calendars import NO_COUNTRY, Calendar, UnknownCountryError, country_calendar
from pledges.deadlines.languages import UnknownLanguageError
from pledges.deadlines.lapse import lapse_instant, local_day
from pledges.deadlines.resolving import resolve
from pledges.deadlines.windows import Window
from pledges.models import Deadline, Pledge, Source
from pledges.models.choices import DeadlineKind, EventKind, NoDateReason, Precision
from pledges.models.fields import validate_zone

from .events import Facts, append, facts_of, lock, require_unmoved

DEADLINE_FACTS = (
    "position",
    "kind",
    "phrase",
    "phrase_language",
    "anchor_on",
    "anchor_label",
    "earliest",
    "latest",
    "precision",
    "no_date_reason",
    "rule_id",
    "rule_version",
    "rule_notes",
    "country",
    "calendar_version",
    "agreement",
    "time_zone",
    "lapses_at",
    "source",
    "source_locator",
    "announced_by",
    "announced_on",
    "reason",
)


@dataclass(frozen=True, kw_only=True)
class DeadlineTerms:
    """What was said about the time, and what follows from it.

    `latest` is the last day in time, `earliest` the first day of a window ("in 2027"), both in the
    zone of the pledge. Without a date, `no_date_reason` says why.
    """

    phrase: str = ""
    phrase_language: str = "en"
    anchor_on: date | None = None
    anchor_label: str = ""
    earliest: date | None = None
    latest: date | None = None
    precision: str = Precision.DAY
    no_date_reason: str = ""
    source_locator: str = ""
    announced_by: str = ""
    agreement: str = ""
    reason: str = ""

    def check(self) -> None:
        """Raise ValidationError unless there is either a date or a reason for having none."""
        if self.latest is None and not self.no_date_reason:
            raise ValidationError(
                {"latest": _("Give the due date, or say why there is none.")}, code="no_date"
            )
        if self.latest is not None and self.no_date_reason:
            raise ValidationError(
                {"no_date_reason": _("There is a due date: leave this empty.")}, code="both"
            )
        if self.earliest and self.latest and self.earliest > self.latest:
            raise ValidationError({"earliest": _("The earliest day is after the due date.")})


def write_deadline(
    pledge: Pledge,
    kind: DeadlineKind,
    terms: DeadlineTerms,
    *,
    source: Source,
    announced_on: date,
    actor: User,
    now: datetime,
) -> Deadline:
    """Append a ledger row to a locked `pledge` and make it the one in force."""
    terms.check()
    validate_zone(pledge.time_zone)
    _check_days(pledge, terms.latest, announced_on, now)
    position = pledge.deadlines.count() + 1
    deadline = Deadline(
        pledge=pledge,
        position=position,
        kind=kind,
        time_zone=pledge.time_zone,
        source=source,
        announced_on=announced_on,
        lapses_at=terms.latest and lapse_instant(terms.latest, pledge.time_zone),
        recorded_at=now,
        recorded_by=actor,
        precision=terms.precision if terms.latest else "",
        **{name: value for name, value in vars(terms).items() if name != "precision"},
        **_rule(pledge, terms, announced_on),
    )
    deadline.full_clean()
    deadline.save(force_insert=True)
    pledge.current_deadline = deadline
    pledge.due_on, pledge.lapses_at = deadline.latest, deadline.lapses_at
    pledge.undated_reason = deadline.no_date_reason
    # A new date re-arms the watch; that the old one was missed stays in the log.
    pledge.overdue_flagged_at = None
    derived = ["current_deadline", "due_on", "lapses_at", "undated_reason", "overdue_flagged_at"]
    pledge.save(update_fields=derived)
    return deadline


def _rule(pledge: Pledge, terms: DeadlineTerms, said_on: date) -> Facts:
    """Return by which rule the words give the date, where they do; a date set by hand has none.

    The writer reads the words itself: nobody's form can claim a rule.
    """
    if not terms.phrase or terms.latest is None:
        return {}
    try:
        found = resolve(
            terms.phrase,
            language=terms.phrase_language,
            anchor=terms.anchor_on or said_on,
            anchor_label=terms.anchor_label,
            calendar=calendar_of(pledge),
        )
    except UnknownLanguageError:
        return {}
    typed = (terms.earliest or terms.latest, terms.latest, terms.precision)
    if not isinstance(found, Window) or (found.earliest, found.latest, found.precision) != typed:
        return {}
    parts = found.explanation
    return {
        "rule_id": found.rule,
        "rule_version": found.rule_version,
        "rule_notes": [note.value for note in parts.notes],
        "country": parts.country,
        "calendar_version": parts.calendar_version,
    }


def calendar_of(pledge: Pledge) -> Calendar:
    """Return the weekends and holidays of a pledge's country; of none where they are not known."""
    try:
        return country_calendar(pledge.reference[:2])
    except UnknownCountryError:
        return NO_COUNTRY


def _check_days(pledge: Pledge, latest: date | None, announced_on: date, now: datetime) -> None:
    """Refuse days that can't be: they would stand in the ledger for ever."""
    errors = {}
    if announced_on > local_day(now, pledge.time_zone):
        errors["announced_on"] = _("This day has not come yet.")
    elif announced_on < pledge.made_on:
        errors["announced_on"] = _("This is before the pledge was made.")
    if latest is not None and latest < pledge.made_on:
        errors["latest"] = _("This is before the pledge was made.")
    if errors:
        raise ValidationError(errors)


def deadline_facts(deadline: Deadline) -> Facts:
    return facts_of(deadline, DEADLINE_FACTS)


@transaction.atomic
def move_deadline(
    *,
    pledge: Pledge,
    kind: DeadlineKind,
    terms: DeadlineTerms,
    source: Source,
    announced_on: date,
    actor: User,
    now: datetime,
    seen_position: int | None = None,
) -> Deadline:
    """Append an extension, shortening, correction or trigger to the ledger.

    Clears the overdue flag and re-arms the watch for the new date. Raises ValidationError when the
    new date does not fit the kind (an extension must be later than the date in force).
    """
    locked = lock(pledge)
    require_unmoved(locked, seen_position)
    before = locked.current_deadline
    if kind == DeadlineKind.CORRECTION and locked.published_at and not terms.reason.strip():
        raise ValidationError(
            {"reason": _("This pledge is published: say why the date is corrected. Readers see it.")}
        )
    _check_direction(kind, before.latest if before else None, terms.latest)
    deadline = write_deadline(
        locked,
        kind,
        terms,
        source=source,
        announced_on=announced_on,
        actor=actor,
        now=now,
    )
    append(
        locked,
        EventKind.DEADLINE_MOVED,
        deadline_facts(deadline)
        | {"previous_latest": before.latest.isoformat() if before and before.latest else None},
        happened_on=announced_on,
        actor=actor,
        now=now,
        deadline=deadline,
    )
    return deadline


def extend_deadline(
    *,
    pledge: Pledge,
    terms: DeadlineTerms,
    source: Source,
    announced_on: date,
    actor: User,
    now: datetime,
    seen_position: int | None = None,
) -> Deadline:
    """Record that the body gave itself, or was given, a later date."""
    return move_deadline(
        pledge=pledge,
        kind=DeadlineKind.EXTENSION,
        terms=terms,
        source=source,
        announced_on=announced_on,
        actor=actor,
        now=now,
        seen_position=seen_position,
    )


def _check_direction(kind: DeadlineKind, before: date | None, after: date | None) -> None:
    if kind == DeadlineKind.ORIGINAL:
        raise ValidationError(_("A pledge has one original deadline, recorded with it."))
    if before is None or after is None:
        return
    if kind == DeadlineKind.EXTENSION and after <= before:
        raise ValidationError(
            {"latest": _("An extension must be later than the date in force, %s.") % before}
        )
    if kind == DeadlineKind.SHORTENING and after >= before:
        raise ValidationError(
            {"latest": _("A shortening must be earlier than the date in force, %s.") % before}
        )


NO_TIME_STATED = DeadlineTerms(no_date_reason=NoDateReason.NOT_STATED)
