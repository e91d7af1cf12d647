"""What the forms of the subscription pages take, checked."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from tracker.alerts.addresses import LONGEST, deliverable
from tracker.alerts.models import TOPICS, Cadence, FollowRequest, Subscription
from tracker.alerts.subscribing import Choices, topic_choices
from tracker.alerts.targets import Target, find

CADENCES = (Cadence.AT_ONCE, Cadence.DAILY, Cadence.WEEKLY)


class ChoicesForm(forms.Form):
    """Which news, and how often."""

    topics = forms.MultipleChoiceField(
        label=_("Tell me when"),
        choices=topic_choices,
        widget=forms.CheckboxSelectMultiple,
        initial=[kind.value for kind in TOPICS],
        error_messages={"required": _("Choose at least one kind of news.")},
    )
    cadence = forms.ChoiceField(
        label=_("How often"),
        choices=[(each.value, each.label) for each in CADENCES],
        widget=forms.RadioSelect,
        initial=Cadence.AT_ONCE.value,
        error_messages={"required": _("Choose how often.")},
    )

    def choices(self) -> Choices:
        return Choices(topics=frozenset(self.cleaned_data["topics"]), cadence=self.cleaned_data["cadence"])

    @classmethod
    def of(cls, row: FollowRequest | Subscription) -> "ChoicesForm":
        """Return the form filled in with what one row holds; its names do not clash with other rows'."""
        choices = Choices.of(row)
        initial = {"topics": sorted(choices.topics), "cadence": choices.cadence}
        return cls(initial=initial, auto_id=f"wish-{row.pk}-%s")


class LanguageForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of the mails"),
        choices=settings.LANGUAGES,
        error_messages={"required": _("Choose a language.")},
    )


class FollowForm(ChoicesForm, LanguageForm):
    """Asks for mail about one thing. `target` is what it names, once it is valid."""

    address = forms.CharField(
        label=_("Your e-mail address"),
        max_length=LONGEST,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr", "inputmode": "email"}),
        error_messages={"required": _("Write the address that the mail is to go to.")},
    )
    what = forms.CharField(
        label=_("What to follow"),
        error_messages={"required": _("Choose what to follow.")},
    )
    field_order = ("what", "address", "topics", "cadence", "language")
    target: Target | None = None

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        try:
            forms.EmailField().clean(address)
            deliverable(address)
        except (forms.ValidationError, ValueError) as error:
            raise forms.ValidationError(
                _("This is no address that mail can be sent to. It looks like this: name@example.org"),
                code="invalid",
            ) from error
        return address

    def clean_what(self) -> str:
        what: str = self.cleaned_data["what"]
        self.target = find(what)
        if self.target is None:
            raise forms.ValidationError(
                _("What you wanted to follow is not on this site. Choose something else."), code="invalid"
            )
        return what


def problems(form: forms.Form) -> list[dict[str, Any]]:
    """Return what is wrong with a form: each field's name on the page, and the sentence."""
    return [
        {"id": form[name].id_for_label if name in form.fields else "", "words": words}
        for name, errors in form.errors.items()
        for words in errors
    ]
