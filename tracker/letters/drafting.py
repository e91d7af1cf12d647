"""The words of a letter, composed from the facts of one pledge in the language of its addressee.

Nothing is said that the record does not hold. What is asked for follows from where the deadline stands.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from textwrap import indent
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from pledges.deadlines.explain import explain
from pledges.deadlines.lapse import local_day
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Body, Deadline, Pledge, Source
from pledges.models.choices import Precision, UpdateKind
from pledges.readings import counted_until, explanation, lateness

from .languages import Voice
from .models import Letter, LetterState

MARGIN = "    "


class Tone(StrEnum):
    """What the letter is for."""

    UNDATED = "undated"
    DUE = "due"
    OVERDUE = "overdue"
    LONG_OVERDUE = "long_overdue"


_TONES = {
    Timeliness.NO_DATE: Tone.UNDATED,
    Timeliness.AWAITING_TRIGGER: Tone.UNDATED,
    Timeliness.UPCOMING: Tone.DUE,
    Timeliness.DUE_SOON: Tone.DUE,
    Timeliness.OVERDUE: Tone.OVERDUE,
    Timeliness.LONG_OVERDUE: Tone.LONG_OVERDUE,
}


@dataclass(frozen=True)
class Drafted:
    subject: str
    text: str


@dataclass(frozen=True)
class Days:
    """Some days in one phrase; empty for none."""

    days: str
    is_one: bool


@dataclass(frozen=True, kw_only=True)
class Move:
    """One row of the ledger after the first, in words; `before` and `after` are empty without a date."""

    day: str
    kind: str
    before: str
    after: str
    by: str
    reason: str
    source: str
    address: str


def compose(
    *, pledge: Pledge, body: Body, language: str, earlier: Sequence[Letter], now: datetime
) -> Drafted:
    """Compose the letter to `body` about an open pledge as the record stands at the aware instant `now`.

    `earlier` are the letters about it that were sent to the same body. Raises KeyError for a pledge that is
    no longer open.
    """
    voice = Voice(language, pledge.time_zone)
    ledger = list(pledge.deadlines.select_related("source").order_by("position"))
    facts = {
        "tone": tone_of(pledge, now=now),
        "body": voice.isolated(body.name),
        "others": voice.several([voice.isolated(each.name) for each in pledge.bodies.all() if each != body]),
        "reference": voice.isolated(pledge.reference),
        "url": f"{settings.TRACKER_SITE_URL}{pledge.get_absolute_url()}",
        "sender": settings.TRACKER_SITE_NAME,
    }
    facts |= _words(pledge, voice) | _date(pledge, ledger, voice) | _moves(ledger, voice)
    facts |= _standing(pledge, ledger, voice, now=now) | _letters(pledge, body, earlier, voice)
    subject, _newline, text = render_to_string(f"letters/letter.{language}.txt", facts).partition("\n")
    return Drafted(subject.strip(), _tidy(text))


def tone_of(pledge: Pledge, *, now: datetime) -> Tone:
    """Return what a letter about an open pledge is for at `now`. Raises KeyError for a closed one."""
    return _TONES[
        pledge.timeliness(
            now=now,
            due_soon=timedelta(days=settings.TRACKER_DUE_SOON_DAYS),
            long_overdue=timedelta(days=settings.TRACKER_LONG_OVERDUE_DAYS),
        )
    ]


def address_of(source: Source) -> str:
    """Return where a source can be read: its stored copy if there is one, as that won't change."""
    return source.archived_url or source.url


def derivation(deadline: Deadline, voice: Voice) -> str:
    """Say how a date follows from the words that set it; empty where there are none, or no date.

    The rule stands on the public page; in a letter its name and version would only be in the way.
    """
    if deadline.latest is None or not deadline.phrase:
        return ""
    parts = replace(explanation(deadline), rule="", rule_version=0)
    return explain(parts, voice.language, deadline.time_zone)


def _words(pledge: Pledge, voice: Voice) -> dict[str, Any]:
    """What was said, by whom, when, and where it can be read."""
    source, quote = pledge.source, pledge.quote.strip()
    is_foreign = pledge.quote_language != voice.language
    return {
        "is_reported": not pledge.is_verbatim,
        "words": indent(voice.quoted(quote) if pledge.is_verbatim else quote, MARGIN),
        "translation": indent(pledge.quote_translation.strip(), MARGIN) if is_foreign else "",
        "translation_language": voice.name_of(pledge.translation_language),
        "speaker": voice.isolated(pledge.speaker),
        "made_on": voice.day_of(pledge.made_on, pledge.made_on_precision),
        "is_exact": pledge.made_on_precision == Precision.DAY,
        "source": voice.isolated(str(source)),
        "locator": voice.isolated(pledge.source_locator),
        "stored_copy": source.archived_url,
        "address": source.url,
    }


def _date(pledge: Pledge, ledger: Sequence[Deadline], voice: Voice) -> dict[str, Any]:
    """By when, and how that follows; or why there is no date."""
    if not ledger:
        return {"due": "", "phrase": "", "no_date_reason": ""}
    current = ledger[-1]
    has_own_source = current.latest is not None and current.source_id != pledge.source_id
    return {
        "due": _day(current.latest, voice),
        "derivation": derivation(current, voice),
        "phrase": voice.quoted(voice.isolated(current.phrase)) if current.phrase else "",
        "no_date_reason": current.no_date_reason,
        # A moved date tells its source among the moves.
        "date_source": voice.isolated(str(current.source)) if has_own_source and len(ledger) == 1 else "",
        "date_address": address_of(current.source),
    }


def _moves(ledger: Sequence[Deadline], voice: Voice) -> dict[str, Any]:
    moves = [
        Move(
            day=voice.day(row.announced_on),
            kind=row.kind,
            before=_day(before.latest, voice),
            after=_day(row.latest, voice),
            by=voice.isolated(row.announced_by),
            reason=voice.isolated(" ".join(row.reason.split()).rstrip(".")),
            source=voice.isolated(str(row.source)),
            address=address_of(row.source),
        )
        for before, row in pairwise(ledger)
    ]
    if not moves:
        return {"moves": moves}
    first = ledger[0]
    return {
        "moves": moves,
        "first_derivation": derivation(first, voice),
        "first_set": _day(first.latest, voice),
    }


def _standing(pledge: Pledge, ledger: Sequence[Deadline], voice: Voice, *, now: datetime) -> dict[str, Any]:
    """How late it is by the last date and by the first, and up to when evidence was looked for."""
    late = lateness(ledger, until=counted_until(pledge, now=now))
    is_moved = late.moves > 0 and late.first != late.current
    against_current, against_first = late.against_current or 0, late.against_first or 0
    return {
        "status": pledge.status,
        "checked_on": _day(pledge.checked_on, voice),
        "today": voice.day(local_day(now, pledge.time_zone)),
        "is_late": against_current > 0,
        "days_late": voice.days(against_current),
        "first_due": _day(late.first, voice),
        "days_late_first": voice.days(against_first) if is_moved and against_first > 0 else "",
    }


def _letters(pledge: Pledge, body: Body, earlier: Sequence[Letter], voice: Voice) -> dict[str, Days]:
    """What was written to the body before, what it replied, and what it left without a reply."""
    replied = pledge.updates.filter(kind=UpdateKind.REPLY, by_body=body)
    replies = {update.happened_on for update in replied}
    replies |= {letter.reply_on for letter in earlier if letter.reply_on}
    sent = [letter.sent_on for letter in earlier if letter.sent_on]
    waiting = [letter.sent_on for letter in earlier if letter.state == LetterState.SENT and letter.sent_on]
    unanswered = [on for on in waiting if not any(reply >= on for reply in replies)]
    return {
        "earlier": _days(sent, voice),
        "replies": _days(replies, voice),
        "unanswered": _days(unanswered, voice),
    }


def _day(value: date | None, voice: Voice) -> str:
    return voice.day(value) if value else ""


def _days(values: "Sequence[date] | set[date]", voice: Voice) -> Days:
    each = sorted(set(values))
    return Days(voice.several([voice.day(on) for on in each]), len(each) == 1)


def _tidy(text: str) -> str:
    """Leave one empty line between paragraphs, whatever was left out of the template."""
    lines = [line.rstrip() if line.startswith(MARGIN) else line.strip() for line in text.splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
