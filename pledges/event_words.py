"""What one event of the log says, in words; for the pages, the feeds and the mails alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import DateField, Field, Model
from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_lazy as _

from pledges.deadlines.bidi import isolate
from pledges.entry_words import ORIGINAL_LANGUAGE, number_of
from pledges.models import Event, Pledge, Update
from pledges.models.choices import DeadlineKind, EventKind, Status, UpdateKind, language_name
from pledges.punctuation import headed
from pledges.readings import day, moved_by

# A correction of one of these may name something that is not public: only that it changed is told.
RELATIONS = frozenset(
    {"case", "source", "bodies", "other_sources", "follows", "parent", "sources", "answers", "by_body"}
)
MOVES = {
    DeadlineKind.EXTENSION: _("Deadline extended"),
    DeadlineKind.SHORTENING: _("Deadline brought forward"),
    DeadlineKind.CORRECTION: _("Our record of the deadline corrected"),
    DeadlineKind.TRIGGER: _("The clock started"),
}


@dataclass(frozen=True, kw_only=True)
class Change:
    """One field that was corrected; `before` and `after` are empty where they are not told."""

    name: str
    before: str
    after: str


def title(event: Event) -> str:
    """Say in two or three words what happened."""
    payload = event.payload
    if event.kind == EventKind.UPDATE_ADDED:
        return str(UpdateKind(payload["kind"]).label)
    if event.kind == EventKind.ASSESSED:
        return gettext("Assessed: %(status)s") % {"status": Status(payload["status"]).label}
    if event.kind == EventKind.DEADLINE_MOVED:
        return str(MOVES[DeadlineKind(payload["kind"])])
    titles = {
        EventKind.PUBLISHED: pgettext("event", "Published"),
        EventKind.DEADLINE_SET: gettext("Due date named")
        if payload.get("latest")
        else gettext("No due date named"),
        EventKind.BECAME_OVERDUE: gettext("Became overdue"),
        EventKind.CORRECTED: gettext("Corrected"),
        EventKind.TRANSLATED: gettext("Translation changed")
        if payload.get("before")
        else gettext("Translated"),
        EventKind.UNPUBLISHED: gettext("Taken off the public pages"),
        EventKind.CHECKED: gettext("Checked for evidence"),
    }
    return titles[EventKind(event.kind)]


def text(event: Event) -> str:
    """Say in a sentence what the event is about, from the event alone."""
    payload = event.payload
    if event.kind == EventKind.UPDATE_ADDED:
        return str(payload["text"])
    if event.kind in (EventKind.ASSESSED, EventKind.CORRECTED, EventKind.TRANSLATED, EventKind.UNPUBLISHED):
        return str(payload.get("reason", ""))
    if event.kind == EventKind.CHECKED:
        words = gettext("Nothing new up to %(day)s.") % {"day": _day(payload["checked_on"])}
        return f"{words} {_kept_apart(payload['text'])}".strip()
    if event.kind == EventKind.DEADLINE_MOVED:
        return f"{move(payload)} {_kept_apart(payload['reason'])}".strip()
    dated = {
        EventKind.DEADLINE_SET: _("Due by the end of %(due)s."),
        EventKind.BECAME_OVERDUE: _(
            "The due date, %(due)s, ended with no public evidence of full delivery on record."
        ),
    }
    if event.kind in dated and payload["latest"]:
        return dated[EventKind(event.kind)] % {"due": _day(payload["latest"])}
    return ""


def translated_from(language: str) -> str:
    """Say of words before which it stands that they are a translation; empty of no language."""
    return gettext("Translated from %(language)s") % {"language": language_name(language)} if language else ""


def said(event: Event) -> str:
    """Return what an entry says, as `told_here` tells it; what was translated is told to be."""
    words, label = text(event), translated_from(event.payload.get(ORIGINAL_LANGUAGE, ""))
    return headed(label, words) if label and words else words


def move(payload: Mapping[str, Any]) -> str:
    """Say from when to when a date was moved, and who announced it."""
    before, after = payload["previous_latest"], payload["latest"]
    facts = {"before": _day(before), "after": _day(after), "who": _kept_apart(payload["announced_by"])}
    if before and after:
        days = (date.fromisoformat(after) - date.fromisoformat(before)).days
        facts["days"] = moved_by(days)
        words = gettext("From %(before)s to %(after)s (%(days)s).")
    elif after:
        words = gettext("To %(after)s; there was no date before.")
    else:
        words = gettext("From %(before)s to no date.")
    sentences = [words % facts]
    if payload["announced_by"]:
        sentences.append(gettext("Announced by: %(who)s.") % facts)
    return " ".join(sentences)


def _kept_apart(text: str) -> str:
    """Keep what somebody wrote in letters of the other direction from reordering our sentence before it."""
    return isolate(text, get_language() or "en")


def changes(payload: Mapping[str, Any], model: type[Model] = Pledge) -> Iterable[Change]:
    """Yield what an event changed in a row of `model`, in the update or in the translation that it names."""
    if "wording" in payload:
        yield _change_of_wording(payload, model)
        return
    meta = (Update if "entry" in payload else model)._meta
    fields = {field.name: field for field in (*meta.fields, *meta.many_to_many)}
    for name, values in payload["changes"].items():
        shown = {} if name in RELATIONS else values
        yield Change(
            name=str(fields[name].verbose_name),
            before=_in_words(fields[name], shown.get("before")),
            after=_in_words(fields[name], shown.get("after")),
        )


def _change_of_wording(payload: Mapping[str, Any], model: type[Model]) -> Change:
    language = language_name(payload["language"])
    field = field_label(payload["wording"], model)
    name = gettext("%(field)s in %(language)s") % {"field": field, "language": language}
    return Change(name=name, before=payload["before"], after=payload["after"])


def field_label(name: str, model: type[Model]) -> str:
    """Return what a translated text is called: a field of `model`, or an entry of the log."""
    if number := number_of(name):
        return gettext("entry %(number)s") % {"number": number}
    field: Any = model._meta.get_field(name)
    return str(field.verbose_name)


def _in_words(field: "Field[Any, Any]", value: str | None) -> str:
    if isinstance(field, DateField):
        return _day(value)
    return str(dict(field.flatchoices).get(value, value or ""))


def _day(value: str | None) -> str:
    return day(date.fromisoformat(value)) if value else ""
