"""Tags of the staff screens."""

from typing import Any

from django import template

from pledges.admin.moment import now_of
from pledges.admin.needs import Need, needs_of, notes_of
from pledges.admin.tools import Tool
from pledges.admin.wordings import translations_tool
from pledges.admin.words import event_in_words, timing_in_words, tone_of
from pledges.models import Body, Case, Event, Pledge
from pledges.models.recorded import Recorded
from pledges.readings import derivation_sentence

register = template.Library()

register.filter("derivation", derivation_sentence)


@register.simple_tag(takes_context=True)
def needs(context: dict[str, Any]) -> list[Need]:
    return needs_of(context["request"])


@register.simple_tag(takes_context=True)
def notes(context: dict[str, Any]) -> list[str]:
    return notes_of(context["request"])


@register.simple_tag(takes_context=True)
def timing(context: dict[str, Any], pledge: Pledge) -> str:
    return timing_in_words(pledge, now=now_of(context["request"]))


@register.simple_tag(takes_context=True)
def tone(context: dict[str, Any], pledge: Pledge) -> str:
    return tone_of(pledge, now=now_of(context["request"]))


@register.simple_tag
def translations(subject: Recorded) -> Tool | None:
    """Return the button that opens the translations of a subject; a source has none."""
    return translations_tool(subject) if isinstance(subject, Pledge | Case | Body) else None


@register.filter
def in_words(event: Event) -> str:
    return event_in_words(event)
