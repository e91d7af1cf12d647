"""The forms of a pledge: one to record it with its first deadline, one to correct it."""

from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from pledges.models import Body, Deadline, Pledge
from pledges.models.choices import LANGUAGES

from .base import RecordedForm
from .inputs import LinesInput, fields_of
from .suggest import Place
from .terms import CONFIRMED, DATES, WORDS, TermsInput, confirmed_field

if TYPE_CHECKING:
    from .pledge import PledgeAdmin

WHAT = (
    "title",
    "quote",
    ("quote_form", "quote_language"),
    "quote_translation",
    "translation_language",
    "bodies",
    "speaker",
    "case",
    "action",
    ("made_on", "made_on_precision"),
)
WHERE = ("source", "source_locator", "other_sources")
STAFF = ("note", "original_language", "follows", "parent", "assignee")

ADD_FIELDSETS = (
    (_("What was promised"), {"fields": WHAT}),
    (_("Where it was said"), {"fields": WHERE}),
    (
        _("By when"),
        {
            "fields": (
                ("phrase", "phrase_language"),
                ("anchor_on", "anchor_label"),
                ("latest", "no_date_reason"),
            )
        },
    ),
    (
        _("More about the date: a window, another source"),
        {
            "classes": ("collapse",),
            "fields": (("earliest", "precision"), "deadline_source", "deadline_locator"),
        },
    ),
    (_("For readers and for the staff"), {"fields": STAFF}),
)
CHANGE_FIELDSETS = (
    (_("What was promised"), {"fields": WHAT}),
    (_("Where it was said"), {"fields": WHERE}),
    (_("For readers and for the staff"), {"fields": STAFF}),
)
CORRECTION = (
    _("Why it is corrected"),
    {"fields": ("reason",), "description": _("This pledge is public, and so is the reason.")},
)


class AddPledgeForm(TermsInput, RecordedForm[Pledge]):
    """A pledge and the original row of its deadline ledger."""

    fields_of_form_only: ClassVar[frozenset[str]] = frozenset(
        {"seen_position", "deadline_source", "deadline_locator", CONFIRMED, *WORDS, *DATES}
    )

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        typed["phrase_language"] = typed.get("phrase_language") or typed.get("quote_language", "")
        return super().clean()

    def said_on(self) -> date | None:
        made_on: date | None = self.cleaned_data.get("made_on")
        return made_on

    def place(self) -> Place:
        bodies: list[Body] = self.cleaned_data.get("bodies") or []
        return Place(bodies[0].country, bodies[0].time_zone) if bodies else Place()

    def first_deadline(self) -> dict[str, Any]:
        """Return the deadline as `record_pledge` takes it."""
        locator = self.cleaned_data["deadline_locator"]
        return {
            "deadline": self.terms(source_locator=locator),
            "deadline_source": self.cleaned_data["deadline_source"],
        }


class ChangePledgeForm(RecordedForm[Pledge]):
    """Corrects what was recorded. The deadline has its own ledger, delivery its assessments."""

    fields_of_form_only: ClassVar[frozenset[str]] = frozenset({"seen_position", "reason", "assignee"})


def add_form(admin: "PledgeAdmin", request: HttpRequest) -> type[AddPledgeForm]:
    fields = fields_of(Deadline, (*WORDS, *DATES), admin=admin, request=request)
    more = fields_of(Deadline, ("source", "source_locator"), admin=admin, request=request)
    fields |= {"deadline_source": more["source"], "deadline_locator": more["source_locator"]}
    fields[CONFIRMED] = confirmed_field()
    fields["phrase_language"] = forms.ChoiceField(
        label=_("Language of those words"),
        choices=[("", _("The same as above")), *LANGUAGES],
        required=False,
    )
    fields["deadline_source"].required = False
    fields["deadline_source"].label = _("Another source for the date")
    fields["deadline_source"].help_text = _("Empty: the source of the words.")
    return type("AddPledgeForm", (AddPledgeForm,), fields)


def change_form(pledge: Pledge) -> type[ChangePledgeForm]:
    """Return the form for `pledge`; once it was public it asks for a reason."""
    fields: dict[str, forms.Field] = {}
    if pledge.published_at is not None:
        fields["reason"] = forms.CharField(
            label=_("Reason"),
            required=False,
            widget=LinesInput(attrs={"rows": 2}),
            help_text=_("Needed as soon as you change what readers see."),
        )
    return type("ChangePledgeForm", (ChangePledgeForm,), fields)
