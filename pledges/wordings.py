"""Reading translations of our own texts: for the pages in one language, and out of the log."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language

from .corrected import CHANGES
from .entry_words import entries_in_words, field_of
from .models import Body, Case, Event, Pledge, Wording
from .models.choices import EventKind
from .models.worded import Worded, Words
from .models.wording import ENTRY, SUBJECTS

Key = tuple[str, int]
# In a publishing event: the translations that stand, by field and language.
PUBLISHED_WORDINGS = "wordings"


def in_language(subjects: Iterable[Worded], language: str, told: Iterable[Pledge] = ()) -> None:
    """Give `subjects` their texts in `language`, so that `words` and `name_here` return them.

    Cases and bodies that were loaded with a pledge get theirs too, and pledges that are `told` those of their
    entries (`pledges/entry_words.py`). It takes one statement, and none where all of it was written in
    `language`. Stale translations are left out.
    """
    whole = list(told)
    rows = [each for subject in (*subjects, *whole) for each in _with_loaded(subject)]
    foreign = {_key(each) for each in rows if each.original_language != language}
    of_entries = {each.pk for each in whole if _key(each) in foreign}
    found = _found(foreign, of_entries, language)
    for each in rows:
        _give(each, found.get(_key(each), []))


def _give(subject: Worded, wordings: Iterable[Wording]) -> None:
    own: dict[str, Words] = {}
    of_entries: dict[str, Words] = {}
    for row in wordings:
        if row.field.startswith(ENTRY):
            # Whether its words still stand is seen where the entry is told.
            of_entries |= {row.field: row.words(subject.original_language)} if row.text else {}
        elif stands_in(row, {row.field: original_of(subject, row.field)}):
            own[row.field] = row.words(subject.language_of(row.field))
    subject.words_here, subject.entries_here = own, of_entries


def in_active_language(subjects: Iterable[Worded], told: Iterable[Pledge] = ()) -> None:
    """The same in the language that the page or the mail is written in."""
    in_language(subjects, get_language() or settings.LANGUAGE_CODE, told)


def _with_loaded(subject: Worded) -> Iterator[Worded]:
    yield subject
    if isinstance(subject, Pledge):
        if Pledge._meta.get_field("case").is_cached(subject):
            yield subject.case
        # Asking `bodies` where they were not prefetched would be one statement a pledge.
        if "bodies" in getattr(subject, "_prefetched_objects_cache", {}):
            yield from subject.bodies.all()


def _key(subject: Worded) -> Key:
    return subject._meta.model_name or "", subject.pk


def _found(keys: set[Key], told: set[int], language: str) -> dict[Key, list[Wording]]:
    """Return what is translated of subjects, and of the entries of the pledges that are `told`."""
    found: dict[Key, list[Wording]] = {}
    if not keys:
        return found
    own = Q(pk__in=[])
    for name in SUBJECTS:
        own |= Q(**{f"{name}__in": [pk for kind, pk in keys if kind == name]})
    of_entry = Q(field__startswith=ENTRY)
    wanted = (own & ~of_entry) | Q(of_entry, pledge__in=told)
    for row in Wording.objects.filter(wanted, language=language):
        key = next((name, pk) for name in SUBJECTS if (pk := getattr(row, f"{name}_id")) is not None)
        found.setdefault(key, []).append(row)
    return found


def original_of(subject: Worded, field: str) -> Words:
    return Words(getattr(subject, field), subject.language_of(field))


def originals(subject: Pledge | Case | Body) -> dict[str, Words]:
    """Return each text of `subject` that may be translated, by field, as it stands.

    Those of a pledge's entries stand under the names of their fields (`entry_words.field_of`); this takes one
    statement.
    """
    own = {field: original_of(subject, field) for field in subject.worded}
    if not isinstance(subject, Pledge):
        return own
    return own | _entries(subject, Event.objects.filter(pledge=subject).order_by("position"))


def _entries(pledge: Pledge, events: Iterable[Event]) -> dict[str, Words]:
    return {field_of(event): words for event, words in entries_in_words(pledge, events)}


def stale_entries() -> list[Wording]:
    """Return the translations of entries that translate words which no longer stand, with their pledges.

    Only an update is ever corrected. Two statements.
    """
    mended = Event.objects.filter(pledge=OuterRef("pledge"), kind__in=CHANGES, payload__has_key="entry")
    rows = Wording.objects.of_entries().exclude(text="").filter(Exists(mended)).select_related("pledge")
    pledges = {row.pledge_id: row.pledge for row in rows if row.pledge}
    events: dict[int | None, list[Event]] = {}
    for event in Event.objects.filter(pledge__in=pledges).order_by("position"):
        events.setdefault(event.pledge_id, []).append(event)
    texts = {pk: _entries(pledge, events[pk]) for pk, pledge in pledges.items()}
    return [row for row in rows if not stands_in(row, texts[row.pledge_id])]


def stands_in(row: Wording, texts: Mapping[str, Words]) -> bool:
    """Whether a translation is one of what stands in `texts`, into another language than its own."""
    original = texts.get(row.field)
    return original is not None and row.stands_for(original.text) and row.language != original.language


def translated_quote(pledge: Pledge) -> Words:
    """Return what stands beside a quote for readers of another language; `text` is empty if nothing does.

    It is in the language of the page where the quote was translated into that, else in the one that was
    recorded with the quote.
    """
    here = pledge.words("quote")
    if here.original:
        return here
    return Words(pledge.quote_translation, pledge.translation_language, pledge.quote, pledge.quote_language)


def is_wording(event: Event) -> bool:
    """Whether an event is about a translation of our own texts."""
    return event.kind in (EventKind.AMENDED, EventKind.TRANSLATED) and "wording" in event.payload


def standing_wordings(pledge: Pledge) -> dict[str, dict[str, str]]:
    """Return the translations of a pledge that stand, by field and language."""
    texts = originals(pledge)
    found: dict[str, dict[str, str]] = {}
    for row in Wording.objects.of(pledge).order_by("field", "language"):
        if stands_in(row, texts):
            found.setdefault(row.field, {})[row.language] = row.text
    return found


def wording_facts(row: Wording) -> dict[str, Any]:
    """Return what the log must state of a row, in the words of its events."""
    return {"wording": row.field, "language": row.language, "original": row.original, "after": row.text}
