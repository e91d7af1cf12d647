"""What a mail server's answer means for a message. Pure rules, no network and no database."""

import random
import smtplib
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from .addresses import redact
from .bounce_status import status_in
from .models import AlertState

FIRST_DELAY = timedelta(minutes=1)
LONGEST_DELAY = timedelta(hours=1)
# With these delays the thirtieth attempt comes a day after the first.
MAX_ATTEMPTS = 30
JITTER = 0.2
_ERROR_LENGTH = 300


class Reply(Enum):
    ACCEPTED = auto()
    TEMPORARY = auto()
    PERMANENT = auto()
    # The message was handed over, and then the connection was lost before the answer came.
    UNANSWERED = auto()
    # No conversation came about: it says nothing about this recipient.
    UNREACHABLE = auto()


@dataclass(frozen=True)
class Attempt:
    """How one try ended; `error` is one line for staff, without any address.

    Where the server refused the recipient, and nothing else, `refused_with` is its code and its enhanced
    status (RFC 3463), the latter "" when it gave none.
    """

    reply: Reply
    error: str = ""
    refused_with: tuple[int, str] | None = None


@dataclass(frozen=True)
class Settlement:
    """What becomes of the row."""

    state: AlertState
    may_have_arrived: bool


class LostAfterHandOver(smtplib.SMTPServerDisconnected):
    """The connection was lost between the message and the server's answer to it."""


def judge_connection(error: Exception) -> Attempt:
    """Return what a failure to open a connection means, whatever the code: it concerns every message."""
    return Attempt(Reply.UNREACHABLE, f"The mail server can't be reached: {_words(error, '')}")


def judge(error: Exception, *, recipient: str) -> Attempt:
    """Return what an exception of handing over one message to `recipient` means."""
    words = _words(error, recipient)
    if isinstance(error, LostAfterHandOver):
        return Attempt(Reply.UNANSWERED, f"Connection lost after the message was handed over: {words}")
    code = _code(error)
    if code is not None:
        reply = Reply.PERMANENT if 500 <= code <= 599 else Reply.TEMPORARY
        is_about_recipient = isinstance(error, smtplib.SMTPRecipientsRefused)
        refused_with = (code, status_in(words)) if is_about_recipient else None
        return Attempt(reply, f"Refused by the mail server: {words}", refused_with)
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return Attempt(Reply.PERMANENT, f"This message can't be sent: {words}")
    return Attempt(Reply.TEMPORARY, f"Connection lost: {words}")


def settle(attempt: Attempt, *, attempts: int, may_have_arrived: bool) -> Settlement:
    """Return what becomes of a message after its attempt number `attempts`.

    One whose fate is unknown is sent again once, under the same Message-ID, and then held for a person.
    """
    match attempt.reply:
        case Reply.ACCEPTED:
            return Settlement(AlertState.SENT, may_have_arrived)
        case Reply.PERMANENT:
            return Settlement(AlertState.FAILED, may_have_arrived)
        case Reply.UNANSWERED:
            is_second = may_have_arrived or attempts >= MAX_ATTEMPTS
            return Settlement(AlertState.HELD if is_second else AlertState.QUEUED, may_have_arrived=True)
        case Reply.TEMPORARY | Reply.UNREACHABLE:
            is_last = attempts >= MAX_ATTEMPTS
            return Settlement(AlertState.FAILED if is_last else AlertState.QUEUED, may_have_arrived)


def retry_delay(attempts: int) -> timedelta:
    """Return how long to wait after attempt number `attempts`: doubling up to an hour, with jitter."""
    delay = min(FIRST_DELAY * (1 << min(attempts - 1, 20)), LONGEST_DELAY)
    return delay * random.SystemRandom().uniform(1 - JITTER, 1 + JITTER)


def _code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _text in error.recipients.values()), None)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None


def _words(error: Exception, recipient: str) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said: object = next((text for _code, text in error.recipients.values()), "")
    elif isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
    else:
        # An OSError repeats its number, and a library's error may quote the message: the first line will do.
        said = f"{type(error).__name__}: {error}"
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    code = _code(error)
    words = redact(text, recipient)
    return (f"{code} {words}" if code is not None else words)[: _ERROR_LENGTH - 80]
