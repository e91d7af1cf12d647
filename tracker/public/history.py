"""The event log, read for people: what happened in the world, and what happened to our record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import DateField, Field, Model
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from pledges.models import Body, Event, Pledge, Source, Update
from pledges.models.choices import (
    DeadlineKind,
    EventKind,
    Precision,
    Status,
    UpdateKind,
)
from pledges.readings import day, day_count

# Those speak of the world; the rest of the public kinds speak of the record.
WORLD = (
    EventKind.DEADLINE_SET,
    EventKind.DEADLINE_MOVED,
    EventKind.BECAME_OVERDUE,
    EventKind.UPDATE_ADDED,
    EventKind.ASSESSED,
)
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


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One entry of a timeline. `number` is that of its event, and of its anchor in the page."""

    number: int
    kind: str
    title: str
    on: date
    recorded_at: datetime
    precision: str = Precision.DAY
    text: str = ""
    language: str = ""
    sources: tuple[Source, ...] = ()
    rests_on: tuple[int, ...] = ()
    is_confirmed: bool = False
    translation: str = ""
    translation_language: str = ""
    # Whose words these are, as the stream of a body; and the entry that this answers, or 0.
    by: str = ""
    answers: int = 0
    answered_by: tuple[int, ...] = ()
    # For an update, the entries that corrected it; for a correction of one, the update's entry, or 0.
    corrected_by: tuple[int, ...] = ()
    corrects: int = 0
    changes: tuple[Change, ...] = ()
    update_kind: str = ""

    @property
    def is_open_objection(self) -> bool:
        """Whether somebody objected and nothing is on record of what was done about it."""
        return self.update_kind == UpdateKind.DISPUTE and not self.answered_by


def source_ids(events: Iterable[Event]) -> set[int]:
    """Return the sources that these events name, so that they can be loaded at once."""
    return {_source_id(name) for event in events for name in _source_names(event)}


def timeline(events: Iterable[Event], sources: Mapping[int, Source]) -> list[Happening]:
    """Read a pledge's events about the world, in the order in which they happened.

    Updates are told as `events` hold them: see `as_corrected`.
    """
    chosen = [event for event in events if event.kind in WORLD]
    numbers = {e.payload["update"]: e.position for e in chosen if e.kind == EventKind.UPDATE_ADDED}
    happenings = [_happening(event, sources, numbers) for event in chosen]
    answered = {each.answers for each in happenings}
    happenings = [
        replace(each, answered_by=tuple(a.number for a in happenings if a.answers == each.number))
        if each.number in answered
        else each
        for each in happenings
    ]
    return sorted(happenings, key=lambda each: (each.on, each.number))


def record_changes(events: Iterable[Event]) -> list[Happening]:
    """Read a pledge's events about the record itself: publication and corrections."""
    return [_happening(event, {}, {}) for event in events if event.kind not in WORLD]


def replies(happenings: Iterable[Happening], bodies: Iterable[Body]) -> list[tuple[Body, Happening]]:
    """Return what the bodies answered, in their own words, the last reply first."""
    by_stream = {body.stream: body for body in bodies}
    said = [(by_stream[each.by], each) for each in happenings if each.by in by_stream]
    return said[::-1]


def latest_assessment(happenings: Iterable[Happening]) -> Happening | None:
    """Return the assessment that stands: the one recorded last."""
    assessed = [each for each in happenings if each.kind == EventKind.ASSESSED]
    return max(assessed, key=lambda each: each.number, default=None)


def _happening(event: Event, sources: Mapping[int, Source], numbers: Mapping[int, int]) -> Happening:
    payload = event.payload
    named = (sources.get(_source_id(name)) for name in _source_names(event))
    return Happening(
        number=event.position,
        kind=event.kind,
        title=title(event),
        on=event.happened_on,
        recorded_at=event.recorded_at,
        precision=payload.get("happened_on_precision", Precision.DAY),
        text=text(event),
        language=payload.get("language", ""),
        sources=tuple(source for source in named if source),
        rests_on=tuple(
            numbers[pk]
            for pk in payload.get("updates", ())
            if event.kind == EventKind.ASSESSED and pk in numbers
        ),
        translation=payload.get("translation", ""),
        translation_language=payload.get("translation_language", ""),
        by=payload.get("by_body") or "",
        answers=numbers.get(payload.get("answers"), 0),
        is_confirmed=bool(payload.get("is_confirmed")),
        corrected_by=tuple(payload.get("corrected_by", ())),
        corrects=payload.get("entry", 0),
        update_kind=payload["kind"] if event.kind == EventKind.UPDATE_ADDED else "",
        changes=tuple(changes(payload)) if event.kind == EventKind.CORRECTED else (),
    )


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
        EventKind.UNPUBLISHED: gettext("Taken off the public pages"),
        EventKind.CHECKED: gettext("Checked for evidence"),
    }
    return titles[EventKind(event.kind)]


def text(event: Event) -> str:
    """Say in a sentence what the event is about, from the event alone."""
    payload = event.payload
    if event.kind == EventKind.UPDATE_ADDED:
        return str(payload["text"])
    if event.kind in (EventKind.ASSESSED, EventKind.CORRECTED, EventKind.UNPUBLISHED):
        return str(payload.get("reason", ""))
    if event.kind == EventKind.CHECKED:
        words = gettext("Nothing new up to %(day)s.") % {"day": _day(payload["checked_on"])}
        return f"{words} {payload['text']}".strip()
    if event.kind == EventKind.DEADLINE_MOVED:
        return _move(payload)
    dated = {
        EventKind.DEADLINE_SET: _("Due by the end of %(due)s."),
        EventKind.BECAME_OVERDUE: _(
            "The due date, %(due)s, ended with no public evidence of full delivery on record."
        ),
    }
    if event.kind in dated and payload["latest"]:
        return dated[EventKind(event.kind)] % {"due": _day(payload["latest"])}
    return ""


def _move(payload: Mapping[str, Any]) -> str:
    before, after = payload["previous_latest"], payload["latest"]
    facts = {"before": _day(before), "after": _day(after), "who": payload["announced_by"]}
    if before and after:
        days = (date.fromisoformat(after) - date.fromisoformat(before)).days
        facts["days"] = ("+" if days >= 0 else "−") + day_count(abs(days))
        words = gettext("From %(before)s to %(after)s (%(days)s).")
    elif after:
        words = gettext("To %(after)s; there was no date before.")
    else:
        words = gettext("From %(before)s to no date.")
    sentences = [words % facts]
    if payload["announced_by"]:
        sentences.append(gettext("Announced by: %(who)s.") % facts)
    return " ".join([*sentences, payload["reason"]]).strip()


def changes(payload: Mapping[str, Any], model: type[Model] = Pledge) -> Iterable[Change]:
    """Yield what a correcting event changed in a row of `model`, or in the update that it names."""
    meta = (Update if "entry" in payload else model)._meta
    fields = {field.name: field for field in (*meta.fields, *meta.many_to_many)}
    for name, values in payload["changes"].items():
        shown = {} if name in RELATIONS else values
        yield Change(
            name=str(fields[name].verbose_name),
            before=_in_words(fields[name], shown.get("before")),
            after=_in_words(fields[name], shown.get("after")),
        )


def _in_words(field: "Field[Any, Any]", value: str | None) -> str:
    if isinstance(field, DateField):
        return _day(value)
    return str(dict(field.flatchoices).get(value, value or ""))


def _source_names(event: Event) -> list[str]:
    payload = event.payload
    if event.kind in (EventKind.UPDATE_ADDED, EventKind.ASSESSED):
        return list(payload["sources"])
    if event.kind in (EventKind.DEADLINE_SET, EventKind.DEADLINE_MOVED):
        return [payload["source"]]
    return []


def _source_id(name: str) -> int:
    return int(name.removeprefix("source:"))


def _day(value: str | None) -> str:
    return day(date.fromisoformat(value)) if value else ""
