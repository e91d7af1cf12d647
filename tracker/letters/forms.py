"""What a person can do to a letter: one form and one writer each."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.contrib.auth.models import User
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.admin.inputs import DayInput, LineInput, LinesInput
from pledges.admin.verbs.updates import UpdateField
from pledges.models import Body, Pledge, Update
from pledges.models.choices import UpdateKind
from pledges.punctuation import listed

from . import writing
from .languages import language_of
from .models import LETTER_LANGUAGES, Letter, LetterState

if TYPE_CHECKING:
    BodyField = forms.ModelChoiceField[Body]
else:
    BodyField = forms.ModelChoiceField


def _day_field(label: Any) -> forms.DateField:  # noqa: ANN401  (a lazy text)
    return forms.DateField(label=label, widget=DayInput, input_formats=["%Y-%m-%d"])


def _label(name: str) -> Any:  # noqa: ANN401  (a lazy text)
    field: Any = Letter._meta.get_field(name)
    return capfirst(field.verbose_name)


def _hint(name: str) -> Any:  # noqa: ANN401  (a lazy text)
    field: Any = Letter._meta.get_field(name)
    return field.help_text


class DraftForm(forms.Form):
    """To whom, and in which language."""

    body = BodyField(Body.objects.none(), label=gettext_lazy("Addressee"), empty_label=None)
    language = forms.ChoiceField(label=gettext_lazy("Language"), required=False)

    def __init__(self, *args: Any, pledge: Pledge, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bodies = pledge.bodies.all()
        names = dict(LETTER_LANGUAGES)
        own = {names[language_of(body)]: body for body in bodies}
        words = _("The body's own: %s") % listed(map(str, own))
        chosen, language = self.fields["body"], self.fields["language"]
        chosen.queryset = bodies  # type: ignore[attr-defined]  # it was declared above
        language.choices = [("", words), *LETTER_LANGUAGES]  # type: ignore[attr-defined]  # likewise


class LetterForm(forms.Form):
    """One thing done to one letter; remembers which state of it the person saw."""

    name: ClassVar[str]
    label: ClassVar[Any]
    done: ClassVar[Any]
    hint: ClassVar[Any] = ""
    # In which states of a letter it is offered.
    states: ClassVar[tuple[str, ...]] = (LetterState.DRAFT,)
    # Its fields as rows of the page; fields side by side are a tuple.
    rows: ClassVar[tuple[Any, ...]] = ()

    seen_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, letter: Letter, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.fields["seen_version"].initial = letter.version
        for name, value in self.first_values(today).items():
            self.fields[name].initial = value

    def first_values(self, today: date) -> dict[str, Any]:
        """Return what the fields show at first; `today` is a day of the pledge's zone."""
        return {}

    @property
    def typed(self) -> dict[str, Any]:
        """What was typed, under the names that the writers use."""
        return dict(self.cleaned_data)

    def apply(self, *, actor: User, now: datetime) -> Letter:
        """Write it. Raises what the writer raises."""
        raise NotImplementedError


class Edit(LetterForm):
    name = "edit"
    label = gettext_lazy("Save")
    done = gettext_lazy("The letter is saved.")
    rows = ("subject", "text")

    subject = forms.CharField(
        label=_label("subject"), max_length=300, widget=LineInput(attrs={"class": "vTextField"})
    )
    text = forms.CharField(label=_label("text"), widget=LinesInput(attrs={"rows": 32}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.rows:
            self.fields[name].widget.attrs |= {"lang": self.letter.language, "dir": self.letter.direction}

    def first_values(self, today: date) -> dict[str, Any]:
        return {"subject": self.letter.subject, "text": self.letter.text}

    def apply(self, *, actor: User, now: datetime) -> Letter:
        return writing.edit_letter(letter=self.letter, **self.typed)


class MarkSent(LetterForm):
    name = "sent"
    label = gettext_lazy("Mark as sent")
    done = gettext_lazy("The letter is marked as sent.")
    hint = gettext_lazy(
        "You sent it yourself: the tracker sends no letter. From now on its words stay as they are. Once"
        " more: corrects the day and the way."
    )
    states = (LetterState.DRAFT, LetterState.SENT)
    rows = (("sent_on", "sent_how"),)

    sent_on = _day_field(_label("sent_on"))
    sent_how = forms.CharField(
        label=_label("sent_how"), max_length=200, widget=LineInput, help_text=_hint("sent_how")
    )

    def first_values(self, today: date) -> dict[str, Any]:
        return {"sent_on": self.letter.sent_on or today, "sent_how": self.letter.sent_how}

    def apply(self, *, actor: User, now: datetime) -> Letter:
        return writing.mark_sent(letter=self.letter, **self.typed, actor=actor, now=now)


class AttachReply(LetterForm):
    name = "reply"
    label = gettext_lazy("Attach the reply")
    done = gettext_lazy("The reply is attached to the letter.")
    hint = gettext_lazy(
        "What came back is kept here for staff. Readers see the reply once it is an update of the pledge."
    )
    states = (LetterState.SENT, LetterState.ANSWERED)
    rows = ("reply_on", "reply_text", "reply_update")

    reply_on = _day_field(_label("reply_on"))
    reply_text = forms.CharField(
        label=_label("reply_text"), widget=LinesInput(attrs={"rows": 12}), help_text=_hint("reply_text")
    )
    reply_update = UpdateField(
        Update.objects.none(), label=_label("reply_update"), required=False, empty_label="---------"
    )

    def first_values(self, today: date) -> dict[str, Any]:
        public = Update.objects.filter(pledge=self.letter.pledge_id, kind=UpdateKind.REPLY)
        self.fields["reply_update"].queryset = public  # type: ignore[attr-defined]  # it was declared above
        return {
            "reply_on": self.letter.reply_on or today,
            "reply_text": self.letter.reply_text,
            "reply_update": self.letter.reply_update,
        }

    def apply(self, *, actor: User, now: datetime) -> Letter:
        return writing.attach_reply(letter=self.letter, **self.typed, now=now)


class DraftAgain(LetterForm):
    name = "again"
    label = gettext_lazy("Draft again")
    done = gettext_lazy("The letter is drafted anew.")
    hint = gettext_lazy(
        "From the record as it stands now, in the language that you choose. What you changed in the text is"
        " replaced."
    )
    rows = ("language",)

    language = forms.ChoiceField(label=_label("language"), choices=LETTER_LANGUAGES)

    def first_values(self, today: date) -> dict[str, Any]:
        return {"language": self.letter.language}

    def apply(self, *, actor: User, now: datetime) -> Letter:
        return writing.draft_again(letter=self.letter, **self.typed, actor=actor, now=now)


class Discard(LetterForm):
    name = "discard"
    label = gettext_lazy("Put aside")
    done = gettext_lazy("The letter is put aside, unsent.")
    hint = gettext_lazy("It won't be sent. It is kept, with the reason.")
    rows = ("discard_reason",)

    discard_reason = forms.CharField(label=_label("discard_reason"), max_length=200, widget=LineInput)

    def apply(self, *, actor: User, now: datetime) -> Letter:
        typed = self.typed
        return writing.discard(
            letter=self.letter, reason=typed["discard_reason"], seen_version=typed["seen_version"]
        )


# In the order in which the page of a letter offers them.
FORMS: dict[str, type[LetterForm]] = {
    form.name: form for form in (Edit, MarkSent, AttachReply, DraftAgain, Discard)
}
