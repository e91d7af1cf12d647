"""The part of a form that says by when: typed words and a date, confirmed by a person."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError

from pledges.models.choices import Precision
from pledges.record import DeadlineTerms

if TYPE_CHECKING:
    FormBase = forms.Form
else:
    FormBase = object

WORDS = ("phrase", "phrase_language", "anchor_on", "anchor_label")
DATES = ("latest", "no_date_reason", "earliest", "precision")


class TermsInput(FormBase):
    """Needs the fields WORDS and DATES; `said_on` is the day from which bare words count."""

    def said_on(self) -> date | None:
        raise NotImplementedError

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(name in self.errors for name in (*WORDS, *DATES)):
            try:
                self.terms().check()
            except ValidationError as error:
                self.add_error(None, error)
        return values

    def terms(self, **more: Any) -> DeadlineTerms:  # noqa: ANN401  (any field of DeadlineTerms)
        """Return what was typed as the writers want it."""
        typed = {name: self.cleaned_data.get(name) for name in (*WORDS, *DATES)}
        typed["precision"] = typed["precision"] or Precision.DAY
        return DeadlineTerms(**typed, **more)
