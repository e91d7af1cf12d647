"""The same news for many readers: written once, then asked about, sent and marked one by one.

Between two messages lies a single statement: it writes down that the last one was accepted, and asks
whether the next one is still true. So every message is marked before the next one is handed over, and
every one is checked just before it goes, at the price of one round trip to the database.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from django.db import connection
from django.utils import translation

from pledges.models import Event, Pledge
from pledges.models.choices import OPEN_STATUSES, EventKind, Publication

from .claims import Claim
from .emails import pattern_of
from .mails import Mail, Parts
from .mails.base import message_id
from .mails.news import leave_url, links, news_for_many
from .models import Reach, Via
from .outcomes import MAX_ATTEMPTS
from .recheck import Standing
from .return_path import return_path
from .targets import targets_of
from .telling import topic
from .wire import Pattern

# A receipt, and not the alert itself: see `Receipt`.
MARK = """
    INSERT INTO alerts_receipt (alert_id, sent_at, message_id, via)
    SELECT id, %s, %s, %s FROM alerts_alert WHERE id = %s AND claim = %s AND state = 'sending'
    ON CONFLICT (alert_id) DO NOTHING
"""
# The event itself never changes: only what can have changed since is asked.
LOOK = """
    SELECT alert.id, alert.attempts, alert.message_id, alert.reach,
           reader.id AS reader, reader.address, reader.secret, reader.language,
           pledge.publication, pledge.status, pledge.current_deadline_id,
           {is_assessed_again},
           reader.confirmed_at IS NOT NULL AND reader.suppressed_at IS NULL AND reader.erased_at IS NULL
           AND EXISTS (
               SELECT 1 FROM alerts_subscription wish
               WHERE wish.subscriber_id = reader.id AND wish.target IN ({targets}) AND wish.wants_{kind})
    FROM alerts_alert alert
    JOIN alerts_subscriber reader ON reader.id = alert.subscriber_id
    JOIN pledges_pledge pledge ON pledge.id = %s
    WHERE alert.id = %s AND alert.claim = %s AND alert.state = 'sending'
      AND NOT EXISTS (SELECT 1 FROM alerts_receipt taken WHERE taken.alert_id = alert.id)
"""
IS_ASSESSED_AGAIN = """
    EXISTS (SELECT 1 FROM pledges_event later
            WHERE later.pledge_id = pledge.id AND later.kind = 'assessed' AND later.id > {event})
"""
# An INSERT in a WITH is carried out whether or not its rows are read.
MARK_AND_LOOK = """
    WITH marked AS ({mark} RETURNING alert_id)
    SELECT (SELECT count(*) FROM marked), seen.*
    FROM (SELECT 1) AS always LEFT JOIN ({look}) AS seen ON true
"""


class Row(NamedTuple):
    """What LOOK says of one alert."""

    alert: int
    attempts: int
    message_id: str
    reach: int
    reader: int
    address: str
    secret: str
    language: str
    publication: str
    status: str
    current_deadline_id: int | None
    is_assessed_again: bool
    is_wanted: bool

    def holds(self, event: Event) -> bool:
        """Whether the reader still wants to hear of `event`, and it still is as it says."""
        standing = Standing(
            kind=event.kind,
            is_published=self.publication == Publication.PUBLISHED,
            is_open=self.status in OPEN_STATUSES,
            is_in_force=event.deadline_id in (None, self.current_deadline_id),
            is_assessed_again=bool(self.is_assessed_again),
        )
        return bool(self.is_wanted) and standing.holds


@dataclass(frozen=True)
class News:
    """One message, ready to hand over."""

    alert_id: int
    mail: Mail
    pattern: Pattern


@dataclass(frozen=True)
class _Accepted:
    news: News
    at: datetime
    via: Via


@dataclass
class Broadcast:
    """What one run of the delivery knows of its news: the events, and the mails it wrote."""

    subjects: dict[int, "_Subject"] = field(default_factory=dict)
    parts: dict[tuple[int, str, int], Parts] = field(default_factory=dict)
    patterns: dict[tuple[int, str, int], Pattern] = field(default_factory=dict)
    unmarked: _Accepted | None = None
    cursor: psycopg.Cursor[tuple[Any, ...]] | None = None
    leave_url: str = ""

    def next(self, held: Claim, alert_id: int, *, now: datetime) -> tuple[News | None, bool | None]:
        """Mark the last accepted message and ask about the next; return that, and whether the mark held.

        No news where it must not go out as it is: `deliver` then finds out why, and says so in the row.
        The second is None when there was nothing to mark, and False when another worker has taken it over.
        """
        event_id = held.news[alert_id]
        if event_id not in self.subjects:
            self.subjects[event_id] = _subject(event_id)
        subject = self.subjects[event_id]
        row, is_marked = self._look(held, alert_id, subject)
        if row is None or not row.holds(subject.event) or row.attempts > MAX_ATTEMPTS:
            return None, is_marked
        return self._write(row, subject, now), is_marked

    def accepted(self, news: News, *, at: datetime, via: Via) -> None:
        """Remember that the mail server took a message, to be written down before anything else is sent."""
        self.unmarked = _Accepted(news, at, via)

    def mark(self, held: Claim) -> bool | None:
        """Write down the last acceptance by itself; see `next`."""
        if self.unmarked is None:
            return None
        with connection.cursor() as cursor:
            cursor.execute(MARK, self._marking(held))
            self.unmarked = None
            return bool(cursor.rowcount)

    def _look(self, held: Claim, alert_id: int, subject: "_Subject") -> tuple[Row | None, bool | None]:
        asked: list[Any] = [*subject.targets, subject.pledge.pk, alert_id, held.token]
        if self.unmarked is None or connection.vendor == "sqlite":
            is_marked = self.mark(held)
            with connection.cursor() as cursor:
                cursor.execute(subject.look, asked)
                found = cursor.fetchone()
            return (Row(*found) if found else None), is_marked
        both = MARK_AND_LOOK.format(mark=MARK, look=subject.look)
        if self.cursor is None:
            self.cursor = _preparing_cursor()
        marked, *seen = self.cursor.execute(both, [*self._marking(held), *asked], prepare=True).fetchall()[0]
        self.unmarked = None
        return (Row(*seen) if seen[0] is not None else None), bool(marked)

    def _marking(self, held: Claim) -> list[Any]:
        if self.unmarked is None:
            raise ValueError("nothing is to be marked")
        news = self.unmarked.news
        at = connection.ops.adapt_datetimefield_value(self.unmarked.at)
        return [at, news.mail.message_id, self.unmarked.via.value, news.alert_id, held.token]

    def _write(self, row: Row, subject: "_Subject", now: datetime) -> News:
        key = (subject.event.pk, row.language, row.reach)
        if key not in self.parts:
            self.leave_url = leave_url()
            with translation.override(row.language):
                self.parts[key] = news_for_many(subject.event, reach=Reach(row.reach), now=now)
        mail = Mail(
            recipient=row.address,
            message_id=row.message_id or message_id(row.alert, subject.pledge.reference),
            parts=self.parts[key],
            values=links(row.reader, row.secret),
            return_path=return_path(row.alert),
            leave_url=self.leave_url,
        )
        if key not in self.patterns:
            self.patterns[key] = pattern_of(mail)
        return News(row.alert, mail, self.patterns[key])


@dataclass(frozen=True)
class _Subject:
    """An event with its pledge, and the question that is asked of it before each message."""

    event: Event
    pledge: Pledge
    targets: list[str]
    look: str


def _subject(event_id: int) -> _Subject:
    event = Event.objects.select_related(
        "deadline__source", "pledge__case", "pledge__source", "pledge__current_deadline"
    ).get(pk=event_id)
    kind = topic(event)
    if event.pledge is None or kind is None:
        raise ValueError(f"event {event_id} is no news")
    targets = targets_of(event.pledge)
    is_assessed = event.kind == EventKind.ASSESSED
    look = LOOK.format(
        targets=", ".join(["%s"] * len(targets)),
        kind=kind.value,
        is_assessed_again=IS_ASSESSED_AGAIN.format(event=event_id) if is_assessed else "false",
    )
    return _Subject(event, event.pledge, targets, look)


def _preparing_cursor() -> psycopg.Cursor[tuple[Any, ...]]:
    """Return a cursor for prepared statements: planning these anew takes longer than carrying them out."""
    connection.ensure_connection()
    # Django switches preparing off; its own cursors never prepare, whatever stands here.
    connection.connection.prepare_threshold = 0
    return psycopg.Cursor(connection.connection)
