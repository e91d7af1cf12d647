"""Reading the staff screens as a person does, and filling in their forms."""

from typing import Any

from django.test import Client
from django.urls import reverse

from pledges.models import Body, Case, Event, Pledge, Source

ADD = "/admin/pledges/pledge/add/"
LIST = "/admin/pledges/pledge/"


def change(pledge: Pledge) -> str:
    return reverse("admin:pledges_pledge_change", args=[pledge.pk])


def verb(name: str, *pledges: Pledge) -> str:
    query = "&".join(f"pk={pledge.pk}" for pledge in pledges)
    return f"{reverse('admin:pledges_pledge_verb', args=[name])}?{query}"


def seen(*pledges: Pledge) -> dict[str, Any]:
    """The hidden fields of a verb page, as shown at this moment."""
    fresh = Pledge.objects.in_bulk([pledge.pk for pledge in pledges])
    return {f"seen-{pk}": str(pledge.head_position) for pk, pledge in fresh.items()}


def pledge_input(body: Body, case: Case, source: Source, **changes: Any) -> dict[str, Any]:
    """A filled-in add form with the words of the founding case."""
    typed = {
        "title": "Release a detailed report",
        "quote": "سننشر تقريراً مفصلاً خلال شهر",
        "quote_form": "verbatim",
        "quote_language": "ar",
        "quote_translation": "we will publish a detailed report within one month",
        "translation_language": "en",
        "bodies": [str(body.pk)],
        "speaker": "Government of Syria",
        "case": str(case.pk),
        "action": "report",
        "made_on": "2025-04-04",
        "made_on_precision": "day",
        "source": str(source.pk),
        "source_locator": "paragraph 3",
        "phrase": "within one month",
        "phrase_language": "en",
        "anchor_on": "2025-04-04",
        "anchor_label": "the answer",
        "latest": "2025-05-04",
        "no_date_reason": "",
        "earliest": "",
        "precision": "day",
        "deadline_source": "",
        "deadline_locator": "",
        "note": "",
        "original_language": "en",
        "assignee": "",
    }
    return typed | changes


def as_shown(response: Any) -> dict[str, Any]:
    """What a browser would send back if nobody touched the form that `response` shows."""
    form = response.context["adminform"].form
    shown: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False:
            continue
        if isinstance(value, list | tuple):
            shown[bound.name] = [str(getattr(item, "pk", item)) for item in value]
        else:
            shown[bound.name] = str(value)
    return shown


def open_form(client: Client, pledge: Pledge) -> dict[str, Any]:
    return as_shown(client.get(change(pledge)))


def kinds(pledge: Pledge) -> list[str]:
    return list(Event.objects.filter(pledge=pledge).order_by("position").values_list("kind", flat=True))


def messages_of(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]
