"""The event log, read for people: what happened in the world, and what happened to our record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from pledges.entry_words import ORIGINAL, ORIGINAL_LANGUAGE, WORDS_LANGUAGE
from pledges.event_words import Change, changes, move, text, title
from pledges.models import Body, Event, Source
from pledges.models.choices import EventKind, Precision, UpdateKind
from pledges.models.event import MENDING
from pledges.models.worded import Words

# Those speak of the world; the rest of the public kinds speak of the record.
WORLD = (
    EventKind.DEADLINE_SET,
    EventKind.DEADLINE_MOVED,
    EventKind.BECAME_OVERDUE,
    EventKind.UPDATE_ADDED,
    EventKind.ASSESSED,
)


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
    # What `text` translates, where our words are told in the language of the page.
    original: str = ""
    original_language: str = ""
    # Whose words these are, as the stream of a body; and the entry that this answers, or 0.
    by: str = ""
    answers: int = 0
    answered_by: tuple[int, ...] = ()
    # For an update, the entries that corrected it; for a correction of one, the update's entry, or 0.
    corrected_by: tuple[int, ...] = ()
    corrects: int = 0
    changes: tuple[Change, ...] = ()
    update_kind: str = ""

    # Why a date was moved: our words, beside a `text` that the page itself says.
    reason: str = ""

    @property
    def words(self) -> Words:
        """What is ours of it, with its language and what it translates."""
        return Words(self.reason or self.text, self.language, self.original, self.original_language)

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
    happenings = [happening(event, sources, numbers) for event in chosen]
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
    return [happening(event, {}, {}) for event in events if event.kind not in WORLD]


def replies(happenings: Iterable[Happening], bodies: Iterable[Body]) -> list[tuple[Body, Happening]]:
    """Return what the bodies answered, in their own words, the last reply first."""
    by_stream = {body.stream: body for body in bodies}
    said = [(by_stream[each.by], each) for each in happenings if each.by in by_stream]
    return said[::-1]


def latest_assessment(happenings: Iterable[Happening]) -> Happening | None:
    """Return the assessment that stands: the one recorded last."""
    assessed = [each for each in happenings if each.kind == EventKind.ASSESSED]
    return max(assessed, key=lambda each: each.number, default=None)


def happening(event: Event, sources: Mapping[int, Source], numbers: Mapping[int, int]) -> Happening:
    """Read one event, told as it stands; `numbers` are those of the entries of updates, by update."""
    payload = event.payload
    named = (sources.get(_source_id(name)) for name in _source_names(event))
    return Happening(
        number=event.position,
        kind=event.kind,
        title=title(event),
        on=event.happened_on,
        recorded_at=event.recorded_at,
        precision=payload.get("happened_on_precision", Precision.DAY),
        text=move(payload) if event.kind == EventKind.DEADLINE_MOVED else text(event),
        reason=payload["reason"] if event.kind == EventKind.DEADLINE_MOVED else "",
        language=payload.get("language") or _language_of_reason(event),
        sources=tuple(source for source in named if source),
        rests_on=tuple(
            numbers[pk]
            for pk in payload.get("updates", ())
            if event.kind == EventKind.ASSESSED and pk in numbers
        ),
        translation=payload.get("translation", ""),
        translation_language=payload.get("translation_language", ""),
        original=payload.get(ORIGINAL, ""),
        original_language=payload.get(ORIGINAL_LANGUAGE, ""),
        by=payload.get("by_body") or "",
        answers=numbers.get(payload.get("answers"), 0),
        is_confirmed=bool(payload.get("is_confirmed")),
        corrected_by=tuple(payload.get("corrected_by", ())),
        corrects=payload.get("entry", 0),
        update_kind=payload["kind"] if event.kind == EventKind.UPDATE_ADDED else "",
        changes=tuple(changes(payload)) if event.kind in MENDING else (),
    )


def _language_of_reason(event: Event) -> str:
    """Return that of why a date moved, which is told apart from our sentence about the move."""
    return str(event.payload.get(WORDS_LANGUAGE, "")) if event.kind == EventKind.DEADLINE_MOVED else ""


def _source_names(event: Event) -> list[str]:
    payload = event.payload
    if event.kind in (EventKind.UPDATE_ADDED, EventKind.ASSESSED):
        return list(payload["sources"])
    if event.kind in (EventKind.DEADLINE_SET, EventKind.DEADLINE_MOVED):
        return [payload["source"]]
    return []


def _source_id(name: str) -> int:
    return int(name.removeprefix("source:"))
