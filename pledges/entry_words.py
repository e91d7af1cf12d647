"""Words of ours in the entries of a pledge's log: what happened, why it was judged so, why a date moved.

They may be read in other languages, as titles and notes are: a translation of one is a `Wording` whose field
names the entry. What a body said itself is not among them: its words keep the one translation that was
recorded with them.
"""

from collections.abc import Iterable
from copy import copy

from .corrected import as_corrected
from .models import Event, Pledge
from .models.choices import EventKind, UpdateKind
from .models.worded import Words
from .models.wording import ENTRY

# Kind of event -> the fact that holds our words.
OURS = {
    EventKind.UPDATE_ADDED: "text",
    EventKind.ASSESSED: "reason",
    EventKind.CHECKED: "text",
    EventKind.DEADLINE_SET: "reason",
    EventKind.DEADLINE_MOVED: "reason",
}
# Those that are told in one sentence with words of the page's own language.
COMPOSED = (EventKind.CHECKED, EventKind.DEADLINE_MOVED)
# What a translated entry tells of the words before, for readers who want the original.
ORIGINAL, ORIGINAL_LANGUAGE = "told_from", "told_from_language"
# The language of our words in what is told in one sentence.
WORDS_LANGUAGE = "words_language"


def field_of(event: Event) -> str:
    """Return the name under which the words of an entry are translated."""
    return f"{ENTRY}{event.position}"


def number_of(field: str) -> int:
    """Return the number of the entry that a translated field names, 0 for a field of the subject itself."""
    return int(field.removeprefix(ENTRY)) if field.startswith(ENTRY) else 0


def own_words(event: Event, pledge: Pledge) -> Words | None:
    """Return our words in an entry of `pledge`, told as it stands; None where there are none."""
    name = OURS.get(EventKind(event.kind))
    is_theirs = event.kind == EventKind.UPDATE_ADDED and event.payload["kind"] == UpdateKind.REPLY
    text = "" if is_theirs or name is None else event.payload.get(name, "")
    return Words(text, event.payload.get("language") or pledge.original_language) if text else None


def entries_in_words(pledge: Pledge, events: Iterable[Event]) -> list[tuple[Event, Words]]:
    """Return the entries of a pledge that have words of ours, told as they stand, with these words."""
    told = ((event, own_words(event, pledge)) for event in as_corrected(events))
    return [(event, words) for event, words in told if words]


def entry_here(pledge: Pledge, text: str) -> Words:
    """Return why a date moved, or a pledge was judged so, in the language of the page; else the original.

    `in_language` loaded the pledge. Of two entries with the same words the later one's translation is taken.
    """
    found = [(number_of(field), here) for field, here in pledge.entries_here.items() if here.original == text]
    return max(found, key=lambda each: each[0])[1] if found else Words(text, pledge.original_language)


def told_here(event: Event, pledge: Pledge) -> Event:
    """Return an entry with our words in the language of the page; for reading only, the stored one is other.

    `pledge` was loaded by `in_language`. The facts then tell the language, and hold the original too.
    """
    own = own_words(event, pledge)
    # Why the first date is that one stands in the ledger of dates alone.
    if own is None or event.kind == EventKind.DEADLINE_SET:
        return event
    told, here = copy(event), pledge.entries_here.get(field_of(event))
    if here is None or here.original != own.text or here.language == own.language:
        told.payload = event.payload | {
            WORDS_LANGUAGE if event.kind in COMPOSED else "language": own.language
        }
        return told
    told.payload = event.payload | {
        OURS[EventKind(event.kind)]: here.text,
        "language": here.language,
        # A translation into some other language, recorded with an update, has no more to say.
        "translation": "",
        ORIGINAL: own.text,
        ORIGINAL_LANGUAGE: own.language,
    }
    return told
