"""Moving a deadline: a new row of its ledger."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pledges import record
from pledges.admin.inputs import fields_of
from pledges.admin.suggest import Place
from pledges.admin.terms import CONFIRMED, DATES, WORDS, TermsInput, confirmed_field
from pledges.models import Deadline, Pledge
from pledges.models.choices import DeadlineKind

from .base import Verb

if TYPE_CHECKING:
    from pledges.admin.pledge import PledgeAdmin

ANNOUNCEMENT = ("announced_on", "announced_by", "agreement", "source", "source_locator", "reason")


class MoveDeadline(TermsInput, Verb):
    permission = "add_deadline"
    rows: ClassVar[tuple[Any, ...]] = (
        ("phrase", "phrase_language"),
        ("anchor_on", "anchor_label"),
        ("latest", "no_date_reason"),
        ("earliest", "precision"),
        ("announced_on", "announced_by", "agreement"),
        "source",
        "source_locator",
        "reason",
    )

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        names = (*WORDS, *DATES, *ANNOUNCEMENT)
        fields = fields_of(Deadline, names, admin=admin, request=request)
        before = self.pledges[0].current_deadline
        fields["phrase_language"].initial = before.phrase_language if before else "en"
        return fields | {CONFIRMED: confirmed_field()}

    @property
    def kind(self) -> DeadlineKind:
        raise NotImplementedError

    def said_on(self) -> date | None:
        announced_on: date | None = self.cleaned_data.get("announced_on")
        return announced_on

    def place(self) -> Place:
        pledge = self.pledges[0]
        return Place(pledge.reference[:2], pledge.time_zone)

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        typed = self.cleaned_data
        record.move_deadline(
            pledge=pledge,
            kind=self.kind,
            terms=self.terms(
                source_locator=typed["source_locator"],
                announced_by=typed["announced_by"],
                agreement=typed["agreement"],
                reason=typed["reason"],
            ),
            source=typed["source"],
            announced_on=typed["announced_on"],
            actor=actor,
            now=now,
            seen_position=seen,
        )


class ExtendDeadline(MoveDeadline):
    name = "extend"
    label = _("Extend the deadline")
    done = _("The deadline of %s is extended.")
    hint = _("The old date stays in the ledger. An overdue pledge is watched again for the new date.")

    @classmethod
    def fits(cls, pledge: Pledge) -> bool:
        return pledge.due_on is not None

    @property
    def kind(self) -> DeadlineKind:
        return DeadlineKind.EXTENSION


class CorrectDeadline(MoveDeadline):
    name = "correct_deadline"
    label = _("Shorten or correct the deadline")
    done = _("The deadline of %s is changed.")
    hint = _("For an earlier date, a mistake of ours, or an event that starts the clock.")
    rows = ("kind", *MoveDeadline.rows)

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        kinds = (DeadlineKind.CORRECTION, DeadlineKind.SHORTENING, DeadlineKind.TRIGGER)
        kind = forms.ChoiceField(label=_("Kind"), choices=[(kind.value, kind.label) for kind in kinds])
        return {"kind": kind, **super().build_fields(admin, request)}

    @property
    def kind(self) -> DeadlineKind:
        return DeadlineKind(self.cleaned_data["kind"])


class RecordTrigger(Verb):
    name = "trigger"
    label = _("Record the event it waits for")
    done = _("The clock of %s has started.")
    hint = _(
        "The words are counted from that day; where they give no date, this says so. Was the event itself"
        " promised by a date? Record that as a pledge of its own, which this one follows:"
        " readers see both dates."
    )
    permission = "add_deadline"
    is_for_many = False
    rows = ("happened_on", "source", "source_locator", "reason")

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        fields = fields_of(
            Deadline, ("announced_on", "source", "source_locator", "reason"), admin=admin, request=request
        )
        day = fields.pop("announced_on")
        waiting = record.waiting_deadline(self.pledges[0])
        day.label = _("The day of the event")
        day.help_text = waiting.phrase if waiting else ""
        fields["reason"].label = _("What happened")
        return {"happened_on": day, **fields}

    @classmethod
    def fits(cls, pledge: Pledge) -> bool:
        return bool(pledge.pk) and record.waiting_deadline(pledge) is not None

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        typed = self.cleaned_data
        record.record_trigger(
            pledge=pledge,
            happened_on=typed["happened_on"],
            source=typed["source"],
            source_locator=typed["source_locator"],
            reason=typed["reason"],
            actor=actor,
            now=now,
            seen_position=seen,
        )
