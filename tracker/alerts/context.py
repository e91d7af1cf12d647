"""What the mails say: facts of the record in the words of the reader. Days are those of the pledge's zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from textwrap import indent
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils.formats import date_format

from pledges import event_words
from pledges.deadlines.lapse import local_day
from pledges.entry_words import told_here
from pledges.evidence import advice, overdue_sentence
from pledges.models import Deadline, Event, Pledge
from pledges.models.choices import RIGHT_TO_LEFT, EventKind, Precision, language_name
from pledges.models.worded import Words
from pledges.punctuation import listed
from pledges.readings import (
    Lateness,
    counted_until,
    day,
    derivation_sentence,
    lateness,
    lateness_sentence,
)
from pledges.wordings import in_active_language, translated_quote

from .models import FollowUp

_MARGIN = "    "


@dataclass(frozen=True)
class OverdueFacts:
    """One overdue pledge as a mail tells it at `now`."""

    pledge: Pledge
    deadline: Deadline
    ledger: list[Deadline]
    now: datetime

    @property
    def due(self) -> str:
        return day(_dated(self.deadline))

    @property
    def standing(self) -> str:
        return overdue_sentence(self.pledge)

    @property
    def is_late(self) -> bool:
        """Whether the pledge is open and past its date as of `now`, whatever the mail is about."""
        return self.pledge.is_open and self.pledge.lapses_at is not None and self.pledge.lapses_at <= self.now

    @property
    def overdue(self) -> str:
        return overdue_sentence(self.pledge) if self.is_late else ""

    @property
    def advice(self) -> str:
        return advice(self.pledge, today=local_day(self.now, self.pledge.time_zone))

    @property
    def derivation(self) -> str:
        return derivation_sentence(self.deadline)

    @cached_property
    def late(self) -> Lateness:
        return lateness(self.ledger, until=counted_until(self.pledge, now=self.now))

    @property
    def lateness(self) -> str:
        return lateness_sentence(self.late, is_met=False)

    @property
    def first_due(self) -> str:
        """The first due date, where it was moved since."""
        return day(self.late.first) if self.late.moves and self.late.first else ""

    @property
    def made_on(self) -> str:
        formats = {Precision.MONTH: "YEAR_MONTH_FORMAT", Precision.YEAR: "Y"}
        known = formats.get(Precision(self.pledge.made_on_precision))
        return date_format(self.pledge.made_on, known) if known else day(self.pledge.made_on)

    @cached_property
    def bodies(self) -> str:
        return listed(body.name_here for body in self.pledge.bodies.all())

    @property
    def is_reported(self) -> bool:
        return not self.pledge.is_verbatim

    @property
    def quote_dir(self) -> str:
        return direction(self.pledge.quote_language)

    @property
    def translation_dir(self) -> str:
        return direction(self.translation.language)

    @property
    def indented_quote(self) -> str:
        return indent(self.pledge.quote.strip(), _MARGIN)

    @property
    def indented_translation(self) -> str:
        return indent(self.translation.text.strip(), _MARGIN)

    @property
    def translation(self) -> Words:
        return translated_quote(self.pledge)

    @property
    def translation_name(self) -> str:
        """The language that the quote was translated into."""
        return language_name(self.translation.language)

    @property
    def public_url(self) -> str:
        return absolute(self.pledge.get_absolute_url())

    @property
    def admin_url(self) -> str:
        return absolute(reverse("admin:pledges_pledge_change", args=[self.pledge.pk]))


@dataclass(frozen=True)
class NewsFacts(OverdueFacts):
    """One event of a pledge as a mail tells it at `now`."""

    event: Event

    @property
    def due(self) -> str:
        return day(self.deadline.latest) if self.deadline.latest else ""

    @property
    def lateness(self) -> str:
        return lateness_sentence(self.late, is_met=self.pledge.met_on is not None)

    @property
    def title(self) -> str:
        return event_words.title(self.event)

    @property
    def _told(self) -> Event:
        return told_here(self.event, self.pledge)

    @property
    def text(self) -> str:
        """What the event says; of an overdue pledge, what may be said of the evidence."""
        if self.event.kind == EventKind.BECAME_OVERDUE:
            return self.standing
        return event_words.said(self._told)

    @property
    def indented_text(self) -> str:
        return indent(self.text.strip(), _MARGIN)

    @property
    def language(self) -> str:
        """The language of `text` where it is not that of the mail."""
        return str(self._told.payload.get("language", ""))

    @property
    def text_dir(self) -> str:
        return direction(self.language) if self.language else "auto"

    @property
    def changes(self) -> list[event_words.Change]:
        is_correction = self.event.kind == EventKind.CORRECTED
        return list(event_words.changes(self.event.payload)) if is_correction else []

    @property
    def event_url(self) -> str:
        return f"{self.public_url}#event-{self.event.position}"


def say_here(pledges: Iterable[Pledge]) -> None:
    """Load how the pledges, their cases and bodies are called in the active language; three statements."""
    rows = list(pledges)
    prefetch_related_objects(rows, "case", "bodies")
    in_active_language([], told=rows)


def news_facts(event: Event, *, now: datetime) -> NewsFacts:
    """Read an event and its pledge for a mail. Raises ValueError for an event of no pledge."""
    pledge = event.pledge
    if pledge is None or pledge.current_deadline is None:
        raise ValueError(f"event {event.pk} names no pledge with a deadline")
    return NewsFacts(pledge, pledge.current_deadline, list(pledge.deadlines.all()), now, event)


def overdue_facts(event: Event, *, now: datetime) -> OverdueFacts:
    if event.pledge is None or event.deadline is None:
        raise ValueError(f"event {event.pk} names no pledge and deadline")
    return OverdueFacts(event.pledge, event.deadline, list(event.pledge.deadlines.all()), now)


@dataclass(frozen=True)
class FollowUpFacts(OverdueFacts):
    """A rung of the ladder that a deadline reached, or a pledge that nobody checked for long."""

    follow_up: FollowUp

    @property
    def is_before(self) -> bool:
        """Whether the due date has not ended yet."""
        return self.follow_up.days is not None and self.follow_up.days < 0

    @property
    def is_stale(self) -> bool:
        return self.follow_up.stale_since is not None

    @property
    def due(self) -> str:
        return day(self.deadline.latest) if self.deadline.latest else ""

    @property
    def lateness(self) -> str:
        return "" if self.is_before or not self.deadline.latest else super().lateness

    @property
    def since(self) -> str:
        return day(self.follow_up.stale_since) if self.follow_up.stale_since else ""

    @property
    def is_checked(self) -> bool:
        """Whether anybody ever looked for evidence."""
        return self.pledge.checked_on is not None

    @property
    def standing(self) -> str:
        return self.overdue

    @property
    def letter_url(self) -> str:
        address = reverse("admin:letters_letter_add")
        return absolute(f"{address}?pledge={self.pledge.pk}&follow_up={self.follow_up.pk}")


def follow_up_facts(follow_up: FollowUp, *, now: datetime) -> FollowUpFacts:
    pledge = follow_up.pledge
    if pledge.current_deadline is None:
        raise ValueError(f"follow-up {follow_up.pk} is of a pledge without a deadline")
    return FollowUpFacts(pledge, pledge.current_deadline, list(pledge.deadlines.all()), now, follow_up)


def direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def absolute(path: str) -> str:
    return f"{settings.TRACKER_SITE_URL}{path}"


def site_host() -> str:
    """Return the host of the public site, as the right side of a Message-ID."""
    host = urlsplit(settings.TRACKER_SITE_URL).hostname or "localhost"
    return f"[{host}]" if host.replace(".", "").isdigit() or ":" in host else host


def _dated(deadline: Deadline) -> date:
    if deadline.latest is None:
        raise ValueError(f"deadline {deadline.pk} has no date")
    return deadline.latest
