"""The part of a form that says by when. What the rules read is shown, and a person confirms it."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pledges.deadlines.windows import NoDate, Window
from pledges.models.choices import Precision
from pledges.readings import day
from pledges.record import DeadlineTerms

from .inputs import type_in
from .suggest import Place, read_phrase, reading_in_words

if TYPE_CHECKING:
    FormBase = forms.Form
else:
    FormBase = object

WORDS = ("phrase", "phrase_language", "anchor_on", "anchor_label")
DATES = ("latest", "no_date_reason", "earliest", "precision")
CONFIRMED = "confirmed_latest"


def confirmed_field() -> forms.Field:
    """The date that the person was told to differ from the words, so as to be told once."""
    return forms.CharField(required=False, widget=forms.HiddenInput)


class TermsInput(FormBase):
    """Needs the fields WORDS, DATES and CONFIRMED."""

    def said_on(self) -> date | None:
        """Return the day from which the words count when no other is given."""
        raise NotImplementedError

    def place(self) -> Place:
        """Return the country whose working days count, and the time zone."""
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if any(name in self.errors for name in (*WORDS, *DATES)):
            return typed
        if typed["phrase"] and not typed["latest"] and not typed["no_date_reason"]:
            self._propose()
        elif other := self._other_reading():
            self._ask_about(other)
        else:
            try:
                self.terms().check()
            except ValidationError as error:
                self.add_error(None, error)
        return typed

    def terms(self, **more: str) -> DeadlineTerms:
        """Return what was typed as the writers want it."""
        typed = {name: self.cleaned_data.get(name) for name in (*WORDS, *DATES)}
        typed["precision"] = typed["precision"] or Precision.DAY
        arguments: dict[str, Any] = typed | more
        return DeadlineTerms(**arguments)

    def _anchor(self) -> date | None:
        return self.cleaned_data.get("anchor_on") or self.said_on()

    def _reading(self) -> Window | NoDate | None:
        typed, anchor = self.cleaned_data, self._anchor()
        if not typed.get("phrase") or anchor is None:
            return None
        return read_phrase(
            typed["phrase"],
            language=typed["phrase_language"],
            anchor=anchor,
            anchor_label=typed["anchor_label"],
            place=self.place(),
        )

    def _propose(self) -> None:
        """Fill in what the words say, and have the form shown once more."""
        found = self._reading()
        if isinstance(found, Window):
            type_in(self, _as_typed(found))
            self.add_error("latest", _("%s. Check it and save again.") % self._in_words(found))
        elif isinstance(found, NoDate):
            type_in(self, {"no_date_reason": found.reason.value})
            words = _("%s. Save again to record it without a date, or write the due date.")
            self.add_error("no_date_reason", words % self._in_words(found))
        elif self._anchor() is None:
            words = _("The words can't be counted before the day is known on which they were said.")
            self.add_error("latest", words)
        else:
            words = _("Write the due date, or say why there is none: no rule reads these words.")
            self.add_error("latest", words)

    def _other_reading(self) -> Window | None:
        """Return the window that the words give when it is another, and the person was not told."""
        found, typed = self._reading(), self.cleaned_data
        if not isinstance(found, Window) or found.latest == typed["latest"]:
            return None
        return found if typed[CONFIRMED] != self._answer() else None

    def _answer(self) -> str:
        return str(self.cleaned_data["latest"] or self.cleaned_data["no_date_reason"])

    def _ask_about(self, found: Window) -> None:
        latest = self.cleaned_data["latest"]
        type_in(self, {CONFIRMED: self._answer()})
        facts = {"reading": self._in_words(found), "typed": day(latest) if latest else _("no date")}
        words = _("The words say: %(reading)s. You wrote: %(typed)s. Correct it, or save again to keep it.")
        self.add_error("latest", words % facts)

    def _in_words(self, found: Window | NoDate) -> str:
        return reading_in_words(found, self.place())


def _as_typed(found: Window) -> dict[str, str]:
    is_day = found.earliest == found.latest
    return {
        "latest": found.latest.isoformat(),
        "earliest": "" if is_day else found.earliest.isoformat(),
        "precision": found.precision.value,
        "anchor_on": found.explanation.anchor.isoformat(),
    }
