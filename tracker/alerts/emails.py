"""Handing mails over to the mail server. The only module that sends mail."""

import logging
import smtplib
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import format_datetime
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from . import wire
from .addresses import deliverable
from .mails import Mail
from .models import Via
from .outcomes import Attempt, LostAfterHandOver, Reply, judge, judge_connection
from .return_path import return_path
from .wire import Pattern

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

logger = logging.getLogger(__name__)
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
# What the server says before it takes the message itself.
_GO_ON = 354


class Envelope(NamedTuple):
    """From whom and to whom, as the mail server is told."""

    sender: str
    recipient: str


class _Smtp(smtplib.SMTP):
    """Hands over one message with what the server allows, and knows when its fate is unknown."""

    is_handed_over = False
    # Nothing is half done: the server waits for a command.
    is_between_messages = True
    # The envelope that was opened together with the message before: its replies were not read yet.
    opened: Envelope | None = None

    def hand_over(self, envelope: Envelope, raw: bytes, following: Envelope | None) -> None:
        """Send one message, CRLF and dots done. Raises what `smtplib.SMTP.sendmail` raises.

        A server that offers PIPELINING (RFC 2920) gets the three commands at once, and those of the
        `following` message together with this one: that spares three of four round trips, which is what
        the book-keeping between two messages costs. After any error the connection is of no more use.
        """
        self.is_handed_over = False
        self.ehlo_or_helo_if_needed()
        self.is_between_messages = False
        is_pipelining = self.has_extn("pipelining")
        if is_pipelining:
            if self.opened is None:
                self.send(_opening(envelope).decode())
            self.opened = None
            replies = [self.getreply() for _command in _commands(envelope)]
        else:
            replies = self._ask_in_turn(_commands(envelope))
        error = _refusal(replies, envelope)
        if error is None:
            error = self._hand_over_message(raw, following if is_pipelining else None)
            self.is_between_messages = self.opened is None
        else:
            # There are servers that wait for a message although they took no recipient.
            self.is_between_messages = replies[-1][0] != _GO_ON
        if error is not None:
            raise error

    def quit(self) -> tuple[int, bytes]:
        """Take leave; in the middle of a message by hanging up, for there it would be a part of its text."""
        if self.is_between_messages:
            return super().quit()
        self.close()
        return 221, b""

    def _ask_in_turn(self, commands: tuple[str, ...]) -> list[tuple[int, bytes]]:
        replies: list[tuple[int, bytes]] = []
        for command in commands:
            replies.append(self.docmd(command))
            if replies[-1][0] not in (250, 251, _GO_ON):
                break
        return replies

    def _hand_over_message(self, raw: bytes, following: Envelope | None) -> smtplib.SMTPException | None:
        try:
            self.send(raw + _opening(following) if following else raw)
            self.opened = following
            code, words = self.getreply()
        except smtplib.SMTPServerDisconnected as error:
            if self.is_handed_over:
                raise LostAfterHandOver(str(error)) from error
            raise
        return None if code == 250 else smtplib.SMTPDataError(code, words)

    def send(self, s: "ReadableBuffer | str") -> None:
        # smtplib sends commands as text; only messages come as bytes.
        self.is_handed_over = self.is_handed_over or not isinstance(s, str)
        super().send(s)


def _opening(envelope: Envelope) -> bytes:
    return "".join(f"{command}\r\n" for command in _commands(envelope)).encode("ascii")


def _commands(envelope: Envelope) -> tuple[str, str, str]:
    return f"MAIL FROM:<{envelope.sender}>", f"RCPT TO:<{envelope.recipient}>", "DATA"


def _refusal(replies: list[tuple[int, bytes]], envelope: Envelope) -> smtplib.SMTPException | None:
    """Return what the first command that was refused means, None when the server waits for the message."""
    for number, (code, words) in enumerate(replies):
        if number == 0 and code != 250:
            return smtplib.SMTPSenderRefused(code, words, envelope.sender)
        if number == 1 and code not in (250, 251):
            return smtplib.SMTPRecipientsRefused({envelope.recipient: (code, words)})
        if number == 2 and code != _GO_ON:
            return smtplib.SMTPDataError(code, words)
    return None


class _SmtpSsl(_Smtp, smtplib.SMTP_SSL):
    """The same over TLS from the start."""


class _SmtpBackend(EmailBackend):
    @property
    def connection_class(self) -> type[_Smtp]:
        return _SmtpSsl if self.use_ssl else _Smtp


class _Kept(EmailMessage):
    """A mail that is written already, for the local mailbox."""

    raw = b""

    def message(self) -> Message:  # type: ignore[override]  # the file backend asks for as_bytes() alone
        return message_from_bytes(self.raw)


class Mailer:
    """Hands mails over through one connection, opened when first needed."""

    def __init__(self) -> None:
        is_smtp = settings.EMAIL_BACKEND == _SMTP
        self.via = Via.SMTP if is_smtp else Via.LOCAL
        self._backend: Any = _SmtpBackend() if is_smtp else get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(
        self, mail: Mail, *, now: datetime, pattern: Pattern | None = None, following: Envelope | None = None
    ) -> Attempt:
        """Hand `mail` over and say how that went. Raises nothing that the mail or the server caused.

        `pattern` spares writing anew what many readers get. `following` is the envelope of what will
        probably be sent next: the server may be told of it early, and nothing goes there before it is.
        """
        try:
            envelope = Envelope(mail.return_path, deliverable(mail.recipient))
            self._open(envelope)
        except OSError as error:
            return judge_connection(error)
        except ValueError as error:
            return judge(error, recipient=mail.recipient)
        try:
            values = {
                **mail.values,
                "to": envelope.recipient,
                "message_id": mail.message_id,
                "date": _date(now.replace(microsecond=0)),
            }
            self._hand_over(envelope, (pattern or pattern_of(mail)).fill(values), following)
        except (OSError, ValueError) as error:
            # A new connection for the next mail: nobody knows in which state this one was left.
            self._close()
            return judge(error, recipient=mail.recipient)
        return Attempt(Reply.ACCEPTED)

    def _open(self, envelope: Envelope) -> None:
        is_smtp = self.via is Via.SMTP and self._backend.connection is not None
        if is_smtp and self._backend.connection.opened not in (None, envelope):
            # What was announced to the server is not what comes.
            self._close()
        self._backend.open()

    def _hand_over(self, envelope: Envelope, raw: bytes, following: Envelope | None) -> None:
        if self.via is Via.SMTP:
            self._backend.connection.hand_over(envelope, raw, following)
            return
        kept = _Kept(from_email=envelope.sender, to=[envelope.recipient])
        kept.raw = wire.as_stored(raw)
        self._backend.send_messages([kept])

    def _close(self) -> None:
        try:
            self._backend.close()
        except OSError as error:
            # Whatever was sent has been answered already.
            logger.info("the connection to the mail server ended with %s", type(error).__name__)


@lru_cache(maxsize=2)
def _date(second: datetime) -> str:
    return format_datetime(second)


def envelope_of(alert_id: int, address: str) -> Envelope | None:
    """Return the envelope of the mail of one alert; None for an address that no server takes."""
    try:
        return Envelope(return_path(alert_id), deliverable(address))
    except ValueError:
        return None


def pattern_of(mail: Mail) -> Pattern:
    """Write `mail` as it goes over the wire, its slots still empty."""
    headers = {
        # RFC 3834: no out-of-office reply, please.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
    }
    if mail.leave_url:
        # RFC 8058: mail programs show a button that ends the subscription by one POST.
        headers["List-Unsubscribe"] = f"<{mail.leave_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return wire.pattern(mail.parts, sender=settings.TRACKER_MAIL_FROM, headers=headers)
