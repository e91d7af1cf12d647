"""Reading translations of our own texts: for the pages in one language, and out of the log."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from .models import Event, Pledge, Wording
from .models.choices import EventKind
from .models.worded import Worded
from .models.wording import SUBJECTS

Key = tuple[str, int]
# In a publishing event: the translations that stand, by field and language.
PUBLISHED_WORDINGS = "wordings"


def in_language(subjects: Iterable[Worded], language: str) -> None:
    """Give `subjects` their texts in `language`, so that `words` and `name_here` return them.

    Cases and bodies that were loaded with a pledge get theirs too. It takes one statement, and none where
    all of it was written in `language`. Stale translations are left out.
    """
    rows = [each for subject in subjects for each in _with_loaded(subject)]
    foreign = [each for each in rows if each.original_language != language]
    found = _found({_key(each) for each in foreign}, language)
    for each in rows:
        wordings = found.get(_key(each), [])
        each.words_here = {row.field: row.words(each) for row in wordings if row.stands_for(each)}


def in_active_language(subjects: Iterable[Worded]) -> None:
    """The same in the language that the page or the mail is written in."""
    in_language(subjects, get_language() or settings.LANGUAGE_CODE)


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


def _found(keys: set[Key], language: str) -> dict[Key, list[Wording]]:
    found: dict[Key, list[Wording]] = {}
    if not keys:
        return found
    wanted = Q()
    for name in SUBJECTS:
        wanted |= Q(**{f"{name}__in": [pk for kind, pk in keys if kind == name]})
    for row in Wording.objects.filter(wanted, language=language):
        key = next((name, pk) for name in SUBJECTS if (pk := getattr(row, f"{name}_id")) is not None)
        found.setdefault(key, []).append(row)
    return found


def is_wording(event: Event) -> bool:
    """Whether an event is about a translation of our own texts."""
    return event.kind in (EventKind.AMENDED, EventKind.TRANSLATED) and "wording" in event.payload


def standing_wordings(pledge: Pledge) -> dict[str, dict[str, str]]:
    """Return the translations of a pledge that stand, by field and language."""
    found: dict[str, dict[str, str]] = {}
    for row in Wording.objects.of(pledge).order_by("field", "language"):
        if row.stands_for(pledge):
            found.setdefault(row.field, {})[row.language] = row.text
    return found


def wording_facts(row: Wording) -> dict[str, Any]:
    """Return what the log must state of a row, in the words of its events."""
    return {"wording": row.field, "language": row.language, "original": row.original, "after": row.text}
