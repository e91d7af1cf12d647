"""Evidence: adding a dated fact, and mending an error in one."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges import record
from pledges.admin.inputs import LinesInput, fields_of
from pledges.models import Pledge, Update
from pledges.models.choices import UpdateKind
from pledges.readings import day

from .base import Verb

if TYPE_CHECKING:
    from pledges.admin.pledge import PledgeAdmin

    UpdateBase = forms.ModelChoiceField[Update]
    UpdatesBase = forms.ModelMultipleChoiceField[Update]
else:
    UpdateBase = forms.ModelChoiceField
    UpdatesBase = forms.ModelMultipleChoiceField

TYPED = (
    "kind",
    "happened_on",
    "happened_on_precision",
    "text",
    "language",
    "translation",
    "translation_language",
    "sources",
)
ROWS: tuple[Any, ...] = (
    "kind",
    "by_body",
    ("happened_on", "happened_on_precision"),
    ("text", "language"),
    ("translation", "translation_language"),
    "answers",
    "sources",
)

# What a link to the page of a new update may fill in, for a person to check.
PREFILLED = frozenset({"kind", "by_body", "happened_on", "language"})


def update_in_words(update: Update) -> str:
    return f"{update.get_kind_display()}, {day(update.happened_on)}: {Truncator(update.text).chars(120)}"


class UpdatesField(UpdatesBase):
    def label_from_instance(self, obj: Update) -> str:
        return update_in_words(obj)


class UpdateField(UpdateBase):
    def label_from_instance(self, obj: Update) -> str:
        return update_in_words(obj)


def typed_fields(admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
    fields = fields_of(Update, TYPED, admin=admin, request=request)
    fields["translation_language"].required = False
    return fields


def related_fields(pledge: Pledge) -> dict[str, forms.Field]:
    """Return what an update of one pledge may refer to."""
    return {
        "by_body": forms.ModelChoiceField(
            pledge.bodies.all(),
            required=False,
            label=gettext_lazy("Who replied"),
            help_text=gettext_lazy("For a reply: the body whose words these are."),
        ),
        "answers": UpdateField(
            Update.objects.filter(pledge=pledge, kind__in=(UpdateKind.DISPUTE, UpdateKind.REPLY)),
            required=False,
            label=gettext_lazy("What was done about"),
            help_text=gettext_lazy("The objection or reply that this answers."),
        ),
    }


class AddUpdate(Verb):
    name = "add_update"
    label = gettext_lazy("Add an update")
    done = gettext_lazy("The update of %s is recorded.")
    hint = gettext_lazy(
        "A dated fact with its source. Criticism is of the body; an objection is to what this record says,"
        " and waits for an answer."
    )
    permission = "add_update"
    rows = ROWS

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        fields = typed_fields(admin, request)
        # A reply and an answer belong to one pledge.
        if len(self.pledges) == 1:
            fields |= related_fields(self.pledges[0])
        for name in PREFILLED & fields.keys() & request.GET.keys():
            fields[name].initial = request.GET[name]
        return fields

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
        typed["translation_language"] = typed["translation_language"] or "en"
        record.add_update(pledge=pledge, **typed, sources=sources, actor=actor, now=now, seen_position=seen)


class CorrectUpdate(Verb):
    """Opened from the list of a pledge's updates, with `update` in the address."""

    name = "correct_update"
    label = gettext_lazy("Correct an update")
    done = gettext_lazy("The update of %s is corrected.")
    hint = gettext_lazy(
        "For an error of ours. What was written stays in the log; on a public pledge readers see both, and"
        " the reason. For what happened later, add an update."
    )
    permission = "add_update"
    is_for_many = False
    rows: ClassVar[tuple[Any, ...]] = (*ROWS, "reason")

    def build_fields(self, admin: "PledgeAdmin", request: HttpRequest) -> dict[str, forms.Field]:
        pledge = self.pledges[0]
        key = request.POST.get("update") or request.GET.get("update", "")
        self.update = pledge.updates.filter(pk=key).first() if key.isdecimal() else None
        if self.update is None or len(self.pledges) > 1:
            raise Http404(_("No such update of this pledge."))
        fields = typed_fields(admin, request) | related_fields(pledge)
        for name, field in fields.items():
            field.initial = getattr(self.update, name)
        fields["sources"].initial = list(self.update.sources.all())
        others = Update.objects.filter(pledge=pledge).exclude(pk=self.update.pk)
        fields["answers"] = UpdateField(
            others.filter(kind__in=(UpdateKind.DISPUTE, UpdateKind.REPLY)),
            required=False,
            label=fields["answers"].label,
            initial=self.update.answers,
        )
        reason = forms.CharField(
            label=gettext_lazy("Why it is corrected"),
            required=pledge.published_at is not None,
            widget=LinesInput(attrs={"rows": 2}),
        )
        key_field = forms.CharField(widget=forms.HiddenInput, initial=self.update.pk)
        return fields | {"reason": reason, "update": key_field}

    @classmethod
    def fits(cls, pledge: Pledge) -> bool:  # noqa: ARG003  (the answer is the same for all)
        """Never among the verbs of a pledge: it starts from one update."""
        return False

    def apply(self, pledge: Pledge, *, actor: User, now: datetime, seen: int) -> None:
        if self.update is None:
            raise LookupError("no update was chosen")
        typed = dict(self.cleaned_data)
        reason = typed.pop("reason")
        del typed["update"]
        typed["translation_language"] = typed["translation_language"] or self.update.translation_language
        record.amend_update(
            update=self.update, changes=typed, reason=reason, actor=actor, now=now, seen_position=seen
        )
