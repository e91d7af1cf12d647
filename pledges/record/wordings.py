"""Translations: of our own texts, of a quote beside which they stand, and of what entries of the log say."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.lapse import local_day
from pledges.models import Body, Case, Pledge, Wording
from pledges.models.choices import EventKind
from pledges.models.worded import Words
from pledges.wordings import originals, stands_in

from .events import Facts, append, lock, require_unmoved
from .subjects import is_public


@transaction.atomic
def translate(
    *,
    subject: Pledge | Case | Body,
    field: str,
    language: str,
    text: str,
    actor: User,
    now: datetime,
    reason: str = "",
    seen_position: int | None = None,
) -> None:
    """Say one text of `subject` in one more language of the site; an empty `text` takes that back.

    `field` is one of its own, or of a pledge's entry: "entry-7" (`pledges/entry_words.py`).
    The translation holds for the original as it stands now: once that is corrected it is stale, and the
    same text given again confirms it. To change what readers see needs a `reason`, which they see too; a
    first translation does not, nor does the renewal of a stale one, which nobody was shown.
    Raises ValidationError with the wrong argument named; nothing is changed then.
    """
    locked = lock(subject)
    require_unmoved(locked, seen_position)
    words = text.strip()
    texts = originals(locked)
    _check(locked, texts, field, language, words)
    now_stands = texts[field].text
    row = Wording.objects.of(locked).filter(field=field, language=language).first()
    before, original = (row.text, row.original) if row else ("", now_stands)
    is_stale = original != now_stands
    if words == before and not (is_stale and words):
        return
    is_correction = bool(before) and not is_stale and _was_public(locked)
    if is_correction and not reason.strip():
        raise ValidationError(
            {"reason": _("Readers see this translation: say why it is changed. They see the reason too.")}
        )
    facts = {
        "wording": field,
        "language": language,
        "original": now_stands,
        # What was stale was shown to nobody, and in a draft nobody may learn of it.
        "before": "" if is_stale else before,
        "after": words,
        "reason": reason.strip() if is_correction else "",
    }
    _write(row or _new(locked, field, language), facts, actor=actor, now=now)
    _append(locked, facts, actor=actor, now=now)


def take_back_stale(draft: Pledge, *, now: datetime) -> None:
    """Take back what a locked `draft`, about to be published, has in translations of words that do not stand.

    Nobody will check them; were the old words to stand again one day, readers would be shown them.
    """
    texts = originals(draft)
    for row in Wording.objects.of(draft).exclude(text="").order_by("pk"):
        if stands_in(row, texts):
            continue
        facts = {
            "wording": row.field,
            "language": row.language,
            "original": row.original,
            "before": row.text,
            "after": "",
            "reason": "",
        }
        row.text, row.recorded_at = "", now
        row.save()
        _append(draft, facts, actor=None, now=now)


def _check(
    subject: Pledge | Case | Body, texts: Mapping[str, Words], field: str, language: str, words: str
) -> None:
    if field not in texts:
        known = ", ".join(texts)
        raise ValidationError({"field": _("This is not translated here. Write one of: %s.") % known})
    if language not in dict(settings.LANGUAGES):
        known = ", ".join(dict(settings.LANGUAGES))
        raise ValidationError(
            {"language": _("The site does not speak this language. Write one of: %s.") % known}
        )
    if words and language == texts[field].language:
        raise ValidationError({"language": _("This is the language of the original: correct it there.")})
    if words and language == subject.original_language:
        message = _("A translation into this language stands with the words themselves: correct it there.")
        raise ValidationError({"language": message})
    if words and not texts[field].text:
        raise ValidationError({"text": _("The original is empty: there is nothing to translate.")})
    if words and field in subject.worded:
        _check_words(subject, field, words)


def _check_words(subject: Pledge | Case | Body, field: str, words: str) -> None:
    """A translation must fit where the original stands: a title is one line, and no longer than a title."""
    own: Any = subject._meta.get_field(field)
    if own.max_length and len(words.splitlines()) > 1:
        raise ValidationError({"text": _("Write it on one line.")})
    try:
        own.run_validators(words)
    except ValidationError as refusal:
        raise ValidationError({"text": refusal}) from refusal


def _was_public(subject: Pledge | Case | Body) -> bool:
    return subject.published_at is not None if isinstance(subject, Pledge) else is_public(subject)


def _new(subject: Pledge | Case | Body, field: str, language: str) -> Wording:
    row = Wording(field=field, language=language)
    setattr(row, subject._meta.model_name or "", subject)
    return row


def _write(row: Wording, facts: Facts, *, actor: User, now: datetime) -> None:
    row.text, row.original = facts["after"], facts["original"]
    row.recorded_at, row.recorded_by = now, actor
    row.save()


def _append(subject: Pledge | Case | Body, facts: Facts, *, actor: User | None, now: datetime) -> None:
    """In a pledge that was never public it is `amended`: what stood in a draft never becomes public."""
    is_draft = isinstance(subject, Pledge) and subject.published_at is None
    append(
        subject,
        EventKind.AMENDED if is_draft else EventKind.TRANSLATED,
        facts,
        happened_on=local_day(now, subject.time_zone) if isinstance(subject, Pledge) else now.date(),
        actor=actor,
        now=now,
    )
