"""Delivery: claim a batch; for each message ask again whether it is true, send it, mark it.

Sending happens outside any transaction: no lock waits for a mail server.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import zip_longest
from typing import Any

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from . import claims, receipts
from .addresses import redact
from .bounces import note_refusal
from .broadcast import Broadcast, News
from .claims import Claim
from .emails import Mailer, envelope_of
from .mails import Mail, compose
from .models import Alert, AlertState
from .outcomes import MAX_ATTEMPTS, Attempt, Reply, retry_delay, settle
from .recheck import reason_to_cancel
from .retry import requeue_what_holds_again
from .telling import tell

logger = logging.getLogger(__name__)
BATCH = 100
# With the slowest single message this stays within the time limit of a task; the next wake-up goes on.
LONGEST_DRAIN = timedelta(seconds=45)
# Connecting, greeting, TLS, login, sender, recipient, message, answer: each may take the mail timeout.
STEPS_OF_A_MESSAGE = 8
Clock = Callable[[], datetime]


class Drained(Counter[AlertState]):
    """How many alerts ended in which state, and whether the mail server was reached; None: never asked."""

    reached: bool | None = None


def drain(*, now: datetime, clock: Clock | None = None) -> Drained:
    """Queue what readers were not told yet, and send what is due at `now` (aware).

    Returns how many alerts ended in which state. What was cancelled and holds again is due too.
    `clock` tells the time while it runs; by default it goes on from `now`. Two at once, or another after
    a crash, send nothing twice but a message whose acceptance the crash kept from being written down.
    """
    clock = clock or _running_from(now)
    tell(now=now)
    if requeued := requeue_what_holds_again(now=now):
        logger.info("%d cancelled alerts hold again: queued", requeued)
    with Mailer() as mailer:
        run = _Run(mailer, clock, stop_at=now + LONGEST_DRAIN)
        while clock() < run.stop_at:
            held = claims.claim(now=clock(), limit=BATCH)
            if not held.alert_ids or not run.deliver_batch(held):
                break
    if run.done:
        logger.info("alerts: %s", ", ".join(f"{count} {state}" for state, count in run.done.items()))
    return run.done


def _running_from(now: datetime) -> Clock:
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)


@dataclass
class _Run:
    mailer: Mailer
    clock: Clock
    stop_at: datetime
    done: Drained = field(default_factory=Drained)
    broadcast: Broadcast = field(default_factory=Broadcast)

    def deliver_batch(self, held: Claim) -> bool:
        """Deliver what is held; False when it is no use to go on now."""
        try:
            return self._deliver_batch(held)
        finally:
            self.mark_news(held)
            receipts.carry_over(held.token, now=self.clock())

    def _deliver_batch(self, held: Claim) -> bool:
        slowest = timedelta(seconds=STEPS_OF_A_MESSAGE * settings.EMAIL_TIMEOUT)
        for alert_id, next_id in zip_longest(held.alert_ids, held.alert_ids[1:]):
            if self.clock() >= self.stop_at:
                # First: what was accepted must not be given back as if nobody had sent it.
                self.mark_news(held)
                claims.release(held, now=self.clock())
                return False
            if self.clock() + slowest > held.until:
                claims.renew(held, now=self.clock())
            attempt = self.deliver_one(held, alert_id, next_id)
            if attempt is None:
                continue
            self.done.reached = attempt.reply is not Reply.UNREACHABLE
            if not self.done.reached:
                self.put_off_the_rest(held, attempt)
                return False
        return True

    def deliver_one(self, held: Claim, alert_id: int, next_id: int | None) -> Attempt | None:
        if alert_id in held.news:
            news = self.next_news(held, alert_id)
            if news is not None:
                attempt = self.mailer.send(
                    news.mail,
                    now=self.clock(),
                    pattern=news.pattern,
                    following=envelope_of(next_id, held.addresses[next_id]) if next_id in held.news else None,
                )
                if attempt.reply is Reply.ACCEPTED:
                    self.broadcast.accepted(news, at=self.clock(), via=self.mailer.via)
                    return attempt
                return self.settle_news(held, alert_id, attempt, news.mail)
        else:
            self.mark_news(held)
        alert = claims.load(held, alert_id)
        if alert is None:
            logger.warning("alert %d: another worker took it over, left to that one", alert_id)
            return None
        return self.deliver(held, alert)

    def next_news(self, held: Claim, alert_id: int) -> News | None:
        """Return the next message of many; None where it must be looked at by itself: see `deliver`."""
        try:
            news, is_marked = self.broadcast.next(held, alert_id, now=self.clock())
        except DatabaseError:
            raise
        except Exception:  # one event that can't be written must not stop the others
            logger.exception("alert %d could not be written with the others", alert_id)
            return None
        self.count_news(is_marked)
        return news

    def mark_news(self, held: Claim) -> None:
        """Write down the acceptance that the next message would have written down."""
        self.count_news(self.broadcast.mark(held))

    def count_news(self, is_marked: bool | None) -> None:
        if is_marked:
            self.done[AlertState.SENT] += 1
        elif is_marked is not None:
            logger.error("an alert was sent, but its lease had ended: it may go out twice")

    def settle_news(self, held: Claim, alert_id: int, attempt: Attempt, mail: Mail) -> Attempt:
        alert = claims.load(held, alert_id)
        if alert is not None:
            self.settle(held, alert, attempt, mail)
        return attempt

    def deliver(self, held: Claim, alert: Alert) -> Attempt | None:
        """Take one message to its end or its next try; None when the mail server was not asked."""
        if reason := reason_to_cancel(alert, now=self.clock()):
            self.end(held, alert, AlertState.CANCELLED, cancel_reason=reason)
            return None
        if alert.attempts > MAX_ATTEMPTS:
            self.end(held, alert, AlertState.FAILED)
            return None
        try:
            mail = compose(alert, now=self.clock())
        except Exception as error:  # one message that can't be written must not stop the others
            words = redact(f"{type(error).__name__}: {error}", alert.recipient)[:200]
            self.end(held, alert, AlertState.FAILED, last_error=_("It can't be written: %s") % words)
            return None
        if mail.is_empty:
            reason = _("Nothing in it holds any more.")
            self.end(held, alert, AlertState.CANCELLED, mail, cancel_reason=reason)
            return None
        attempt = self.mailer.send(mail, now=self.clock())
        self.settle(held, alert, attempt, mail)
        return attempt

    def put_off_the_rest(self, held: Claim, attempt: Attempt) -> None:
        """Without a server the others of the batch would only wait for it one after the other."""
        for alert_id in held.alert_ids:
            alert = claims.load(held, alert_id)
            if alert is not None:
                self.settle(held, alert, attempt)

    def settle(self, held: Claim, alert: Alert, attempt: Attempt, mail: Mail | None = None) -> None:
        outcome = settle(attempt, attempts=alert.attempts, may_have_arrived=alert.may_have_arrived)
        fields: dict[str, Any] = {
            "may_have_arrived": outcome.may_have_arrived,
            "last_error": attempt.error,
        }
        if mail is not None:
            fields["message_id"] = mail.message_id
            if outcome.state is AlertState.SENT:
                fields |= {"sent_at": self.clock(), "via": self.mailer.via}
                # What subscribers get stands in the record, but for their links: those are kept nowhere.
                fields |= asdict(mail.parts) if alert.subscriber is None else {}
        if outcome.state is AlertState.QUEUED:
            fields["claimable_at"] = self.clock() + retry_delay(alert.attempts)
        self.end(held, alert, outcome.state, mail, refused_with=attempt.refused_with, **fields)

    def end(
        self,
        held: Claim,
        alert: Alert,
        state: AlertState,
        mail: Mail | None = None,
        *,
        refused_with: tuple[int, str] | None = None,
        **fields: Any,
    ) -> None:
        """Mark one message, the members that a digest left out, and a subscriber whom nobody knows there."""
        is_over = state in (AlertState.SENT, AlertState.CANCELLED)
        with transaction.atomic():
            is_ours = claims.finish(held, alert.pk, state, **fields)
            if refused_with and alert.subscriber_id is not None and is_ours:
                code, status = refused_with
                note_refusal(alert.subscriber_id, code=code, status=status, now=self.clock())
            for member, reason in (mail.untrue if mail and is_ours and is_over else {}).items():
                alert.members.filter(pk=member).update(state=AlertState.CANCELLED, cancel_reason=reason)
            if is_ours and state is AlertState.CANCELLED:
                # What it was to tell as well is told by nobody now; what holds again is queued again.
                folded = alert.members.filter(state=AlertState.FOLDED)
                folded.update(state=AlertState.CANCELLED, cancel_reason=fields["cancel_reason"])
        if not is_ours:
            logger.error("alert %d: %s, but its lease had ended: it may go out twice", alert.pk, state)
            return
        self.done[state] += 1
        if state is not AlertState.SENT:
            words = fields.get("cancel_reason") or fields.get("last_error") or alert.last_error
            level = logging.INFO if state is AlertState.CANCELLED else logging.WARNING
            logger.log(level, "alert %d: %s after attempt %d: %s", alert.pk, state, alert.attempts, words)
