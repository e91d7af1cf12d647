"""Judgement, and checks that change nothing."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges import record
from pledges.admin.inputs import LinesInput, fields_of
from pledges.admin.moment import now_of
from pledges.deadlines.lapse import local_day
from pledges.models import Assessment, Pledge, Update, VerdictProposal
from pledges.punctuation import in_clauses
from pledges.readings import day

from .base import Verb
from .updates import UpdatesField

if TYPE_CHECKING:
    from pledges.admin.pledge import PledgeAdmin


class Assess(Verb):
    name = "assess"
    label = gettext_lazy("Assess delivery")
    done = gettext_lazy("%s is assessed.")
    hint = gettext_lazy(
        "What the evidence shows. The clock never decides this. On a public pledge, “refused”, “withdrawn”"
        " and taking back a verdict wait until a reviewer confirms them."
    )
    permission = "add_assessment"
    rows = (("status", "effective_on"), "reason", "updates", "sources")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.proposed: set[int] = set()

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        names = ("status", "effective_on", "reason", "sources")
        fields = fields_of(Assessment, names, admin=admin, request=request)
        fields["sources"].required = False
        # An update belongs to one pledge: for several at once only sources can be the evidence.
        mine = Update.objects.filter(pledge__in=self.pledges[:1] if len(self.pledges) == 1 else [])
        fields["updates"] = UpdatesField(
            label=gettext_lazy("Updates that show it"),
            queryset=mine,
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        if not mine:
            del fields["updates"]
        return fields

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        typed = self.cleaned_data
        status, effective_on = typed["status"], typed["effective_on"]
        takes_two = record.needs_second_person(pledge, status=status, effective_on=effective_on)
        (record.propose_verdict if takes_two else record.assess)(
            pledge=pledge,
            status=status,
            effective_on=effective_on,
            reason=typed["reason"],
            updates=list(typed.get("updates", ())),
            sources=list(typed["sources"]),
            actor=actor,
            now=now,
            seen_position=seen,
        )
        if takes_two:
            self.proposed.add(pledge.pk)

    def done_words(self, pledge: Pledge) -> str:
        if pledge.pk in self.proposed:
            return _("The verdict on %s waits for a second person.") % pledge.reference
        return super().done_words(pledge)


class Check(Verb):
    name = "check"
    label = gettext_lazy("Checked, nothing new")
    done = gettext_lazy("The check of %s is recorded.")
    hint = gettext_lazy(
        "You looked for evidence and found nothing that changes anything. Readers see the day."
    )
    permission = "add_assessment"
    is_for_many = False
    rows = ("checked_on", "note")

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        fields = fields_of(Pledge, ("checked_on",), admin=admin, request=request)
        zone = self.pledges[0].time_zone if self.pledges else "UTC"
        fields["checked_on"].label = gettext_lazy("Looked for evidence up to")
        fields["checked_on"].initial = local_day(now_of(request), zone)
        fields["checked_on"].required = True
        fields["note"] = forms.CharField(
            label=gettext_lazy("Where you looked"), required=False, widget=LinesInput(attrs={"rows": 2})
        )
        return fields

    @classmethod
    def fits(cls, pledge: Pledge) -> bool:
        return bool(pledge.pk) and pledge.is_open

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        typed = self.cleaned_data
        record.record_check(
            pledge=pledge,
            checked_on=typed["checked_on"],
            note=typed["note"],
            actor=actor,
            now=now,
            seen_position=seen,
        )


class Decide(Verb):
    """What a second person says of a verdict that waits; shows it first."""

    is_for_many = False

    @classmethod
    def fits(cls, pledge: Pledge) -> bool:
        return bool(pledge.pk) and record.waiting_proposal(pledge) is not None

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        found = [record.waiting_proposal(pledge) for pledge in self.pledges]
        self.hint = " ".join(proposal_in_words(proposal) for proposal in found if proposal)
        return {}


class ConfirmVerdict(Decide):
    name = "confirm_verdict"
    label = gettext_lazy("Confirm the proposed verdict")
    done = gettext_lazy("The verdict on %s is confirmed and public.")
    permission = "publish_pledge"

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        record.confirm_verdict(pledge=pledge, actor=actor, now=now, seen_position=seen)


class DeclineVerdict(Decide):
    name = "decline_verdict"
    label = gettext_lazy("Decline the proposed verdict")
    done = gettext_lazy("The proposed verdict on %s is declined.")
    permission = "add_assessment"
    rows = ("reason",)

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        super().build_fields(admin, request)
        return {"reason": forms.CharField(label=gettext_lazy("Reason"), widget=LinesInput)}

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        reason = self.cleaned_data["reason"]
        record.decline_verdict(pledge=pledge, reason=reason, actor=actor, now=now, seen_position=seen)


def proposal_in_words(proposal: VerdictProposal) -> str:
    """Say what a second person is asked to confirm, and on what it rests."""
    evidence = [*map(str, proposal.updates.all()), *map(str, proposal.sources.all())]
    facts = {
        "who": proposal.proposed_by.get_username(),
        "status": proposal.get_status_display(),
        "day": day(proposal.effective_on),
        "reason": proposal.reason,
        "evidence": in_clauses(evidence),
    }
    return _("%(who)s proposes: %(status)s, as of %(day)s. %(reason)s (Evidence: %(evidence)s)") % facts
