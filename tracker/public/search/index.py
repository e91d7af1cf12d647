"""How the words of published pledges come into the index, and out of it."""

from collections.abc import Iterable, Iterator

from babel import Locale
from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from pledges.models import Body, Case, Event, Pledge
from pledges.models.choices import EventKind
from pledges.models.pledge_query import PledgeQuerySet
from tracker.public.models import SearchEntry

from .folding import words_of

CHUNK = 1_000
NAMED = ("bodies__wordings", "case__wordings", "wordings")
COLUMNS = ("title_words", "quote_words", "quote_language", "translation_words", "subject_words")


def follow(event: Event) -> None:
    """Bring the index up to an event that was just recorded, in its own transaction.

    The record stays ignorant of its readings: Django tells of each new event.
    """
    if event.kind == EventKind.UNPUBLISHED:
        SearchEntry.objects.filter(pledge=event.pledge_id).delete()
    elif event.kind in (EventKind.PUBLISHED, EventKind.CORRECTED, EventKind.TRANSLATED):
        put(Pledge.objects.published().filter(_is_about(event)))


def _is_about(event: Event) -> Q:
    if event.pledge_id is not None:
        return Q(pk=event.pledge_id)
    kind, _colon, slug = event.stream.partition(":")
    return {"case": Q(case__slug=slug), "body": Q(bodies__slug=slug)}.get(kind, Q(pk__in=[]))


def catch_up() -> int:
    """Put in what is not there: all of a record that is older than the index. Return how many."""
    known = SearchEntry.objects.filter(pledge=OuterRef("pk"))
    return put(Pledge.objects.published().filter(~Exists(known)))


def rebuild() -> int:
    """Make the whole index again from the record; return how many pledges are in it."""
    SearchEntry.objects.filter(~Exists(Pledge.objects.published().filter(pk=OuterRef("pk")))).delete()
    return put(Pledge.objects.published())


def put(pledges: PledgeQuerySet) -> int:
    count = 0
    for chunk in _chunks(pledges):
        entries = [_entry(pledge) for pledge in chunk]
        SearchEntry.objects.bulk_create(
            entries, update_conflicts=True, unique_fields=["pledge"], update_fields=COLUMNS
        )
        count += len(entries)
    return count


def _chunks(pledges: PledgeQuerySet) -> Iterator[Iterable[Pledge]]:
    rows = pledges.select_related("case").prefetch_related(*NAMED).order_by("pk").distinct()
    last = 0
    while chunk := list(rows.filter(pk__gt=last)[:CHUNK]):
        yield chunk
        last = chunk[-1].pk


def _entry(pledge: Pledge) -> SearchEntry:
    summary = (pledge.case.summary, *_translations(pledge.case, "summary"))
    subjects = (*(name for each in (pledge.case, *pledge.bodies.all()) for name in _names(each)), *summary)
    return SearchEntry(
        pledge=pledge,
        title_words=_folded(pledge.reference, *_names(pledge)),
        quote_words=_folded(pledge.quote),
        quote_language=pledge.quote_language,
        translation_words=_folded(pledge.quote_translation, *_translations(pledge, "quote")),
        subject_words=_folded(*subjects, *_country(pledge.case.country)),
    )


def _folded(*texts: str) -> str:
    return " ".join(words_of(*texts))


def _names(subject: Pledge | Case | Body) -> Iterator[str]:
    """What a subject is called in every language; what translates words of before finds nothing."""
    name = subject.worded[0]
    yield getattr(subject, name)
    yield from _translations(subject, name)


def _translations(subject: Pledge | Case | Body, field: str) -> Iterator[str]:
    original = getattr(subject, field)
    return (row.text for row in subject.wordings.all() if row.field == field and row.stands_for(original))


def _country(code: str) -> Iterator[str]:
    """What the country of a case is called in each language of the site: readers look for it."""
    return (Locale(language).territories.get(code, "") for language, _name in settings.LANGUAGES)
