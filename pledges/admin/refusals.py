"""Showing what a writer refused, at the field that it is about."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pledges.models import Event
from pledges.models.recorded import Recorded

from .words import changes_in_words


def show_refusal(form: forms.BaseForm, refusal: ValidationError) -> None:
    """Put each message at its field; what names no field of this form goes on top of it."""
    for name, errors in _by_field(refusal):
        form.add_error(name if name in form.fields else None, errors)


def refusal_in_words(refusal: Exception) -> str:
    if isinstance(refusal, ValidationError):
        return " ".join(refusal.messages)
    return str(refusal)


def is_stale(refusal: ValidationError) -> bool:
    return not hasattr(refusal, "error_dict") and refusal.error_list[0].code == "stale"


def what_happened_since(subject: Recorded, seen_position: int) -> list[str]:
    """Return, in words, the events that the person at the form has not seen."""
    unseen = Event.objects.filter(stream=subject.stream, position__gt=seen_position)
    lines = []
    for event in unseen.select_related("actor").order_by("position"):
        who = event.actor.get_username() if event.actor else _("the watch")
        changed = changes_in_words(event)
        text = _("Since then, by %(who)s: %(what)s") % {"who": who, "what": event.get_kind_display()}
        lines.append(f"{text}. {changed}".strip())
    return lines


def _by_field(refusal: ValidationError) -> Iterator[tuple[str | None, Any]]:
    if hasattr(refusal, "error_dict"):
        yield from refusal.error_dict.items()
    else:
        yield None, refusal
