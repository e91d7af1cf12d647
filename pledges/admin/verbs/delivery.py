"""Evidence and judgement."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges import record
from pledges.admin.inputs import fields_of
from pledges.models import Assessment, Pledge, Update
from pledges.readings import day

from .base import Verb

if TYPE_CHECKING:
    from pledges.admin.pledge import PledgeAdmin

    UpdatesBase = forms.ModelMultipleChoiceField[Update]
else:
    UpdatesBase = forms.ModelMultipleChoiceField


class UpdatesField(UpdatesBase):
    def label_from_instance(self, obj: Update) -> str:
        return f"{obj.get_kind_display()}, {day(obj.happened_on)}: {Truncator(obj.text).chars(120)}"


class Assess(Verb):
    name = "assess"
    label = gettext_lazy("Assess delivery")
    done = gettext_lazy("%s is assessed.")
    hint = gettext_lazy("What the evidence shows. The clock never decides this.")
    permission = "add_assessment"
    rows = (("status", "effective_on"), "reason", "updates", "sources")

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
        record.assess(
            pledge=pledge,
            status=typed["status"],
            effective_on=typed["effective_on"],
            reason=typed["reason"],
            updates=list(typed.get("updates", ())),
            sources=list(typed["sources"]),
            actor=actor,
            now=now,
            seen_position=seen,
        )


class AddUpdate(Verb):
    name = "add_update"
    label = gettext_lazy("Add an update")
    done = gettext_lazy("The update of %s is recorded.")
    hint = gettext_lazy("A dated fact with its source: progress, delivery, an objection, a reply.")
    permission = "add_update"
    rows = ("kind", ("happened_on", "happened_on_precision"), "text", "language", "sources")

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        names = ("kind", "happened_on", "happened_on_precision", "text", "language", "sources")
        return fields_of(Update, names, admin=admin, request=request)

    def clean(self) -> dict[str, Any]:
        """Refuse the same fact twice: a page sent again adds nothing."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        same = {name: typed.get(name) for name in ("kind", "happened_on", "text")}
        known = Update.objects.filter(pledge__in=self.pledges, **same)
        if all(same.values()) and known.exists():
            raise ValidationError(_("This update is recorded already."), code="twice")
        return typed

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        typed = dict(self.cleaned_data)
        sources = list(typed.pop("sources"))
        record.add_update(pledge=pledge, **typed, sources=sources, actor=actor, now=now)
