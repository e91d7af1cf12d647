"""Handing mails over to the mail server. The only module that sends mail."""

import logging
import smtplib
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from email.utils import format_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from . import wire
from .addresses import deliverable
from .mails import Mail
from .models import Via
from .outcomes import Attempt, LostAfterHandOver, Reply, judge, judge_connection
from .wire import Pattern

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

logger = logging.getLogger(__name__)
_SMTP = "django.core.mail.backends.smtp.EmailBackend"
# What the server says before it takes the message itself.
_GO_ON = 354


class _Smtp(smtplib.SMTP):
    """Hands over one message with what the server allows, and knows when its fate is unknown."""

    is_handed_over = False

    def hand_over(self, sender: str, recipient: str, raw: bytes) -> None:
        """Send one message, CRLF and dots done. Raises what `smtplib.SMTP.sendmail` raises.

        A server that offers PIPELINING (RFC 2920) gets the three commands at once: that spares two of
        four round trips, which is what the book-keeping between two messages costs.
        """
        self.is_handed_over = False
        self.ehlo_or_helo_if_needed()
        commands = (f"MAIL FROM:<{sender}>", f"RCPT TO:<{recipient}>", "DATA")
        if self.has_extn("pipelining"):
            self.send("".join(f"{command}\r\n" for command in commands))
            replies = [self.getreply() for _command in commands]
        else:
            replies = self._ask_in_turn(commands)
        error = _refusal(replies, sender, recipient)
        if error is None:
            error = self._hand_over_message(raw)
        elif replies[-1][0] == _GO_ON:
            # It waits for a message although it took no recipient. RFC 2920: an empty one ends that.
            self.send(".\r\n")
            self.getreply()
        if error is not None:
            # As smtplib does: what was refused is known, whatever becomes of the connection.
            with suppress(smtplib.SMTPServerDisconnected):
                self.rset()
            raise error

    def _ask_in_turn(self, commands: tuple[str, ...]) -> list[tuple[int, bytes]]:
        replies: list[tuple[int, bytes]] = []
        for command in commands:
            replies.append(self.docmd(command))
            if replies[-1][0] not in (250, 251, _GO_ON):
                break
        return replies

    def _hand_over_message(self, raw: bytes) -> smtplib.SMTPException | None:
        try:
            self.send(raw)
            code, words = self.getreply()
        except smtplib.SMTPServerDisconnected as error:
            if self.is_handed_over:
                raise LostAfterHandOver(str(error)) from error
            raise
        return None if code == 250 else smtplib.SMTPDataError(code, words)

    def send(self, s: "ReadableBuffer | str") -> None:
        # smtplib sends commands as text; only the message itself comes as bytes.
        self.is_handed_over = self.is_handed_over or not isinstance(s, str)
        super().send(s)


def _refusal(replies: list[tuple[int, bytes]], sender: str, recipient: str) -> smtplib.SMTPException | None:
    """Return what the first command that was refused means, None when the server waits for the message."""
    for number, (code, words) in enumerate(replies):
        if number == 0 and code != 250:
            return smtplib.SMTPSenderRefused(code, words, sender)
        if number == 1 and code not in (250, 251):
            return smtplib.SMTPRecipientsRefused({recipient: (code, words)})
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

    def send(self, mail: Mail, *, now: datetime, pattern: Pattern | None = None) -> Attempt:
        """Hand `mail` over and say how that went. Raises nothing that the mail or the server caused.

        `pattern` spares writing anew what many readers get.
        """
        try:
            self._backend.open()
        except OSError as error:
            return judge_connection(error)
        try:
            recipient = deliverable(mail.recipient)
            values = {
                **mail.values,
                "to": recipient,
                "message_id": mail.message_id,
                "date": format_datetime(now),
            }
            self._hand_over(mail.return_path, recipient, (pattern or pattern_of(mail)).fill(values))
        except (OSError, ValueError) as error:
            # A new connection for the next mail: nobody knows in which state this one was left.
            self._close()
            return judge(error, recipient=mail.recipient)
        return Attempt(Reply.ACCEPTED)

    def _hand_over(self, sender: str, recipient: str, raw: bytes) -> None:
        if self.via is Via.SMTP:
            self._backend.connection.hand_over(sender, recipient, raw)
            return
        kept = _Kept(from_email=sender, to=[recipient])
        kept.raw = wire.as_stored(raw)
        self._backend.send_messages([kept])

    def _close(self) -> None:
        try:
            self._backend.close()
        except OSError as error:
            # Whatever was sent has been answered already.
            logger.info("the connection to the mail server ended with %s", type(error).__name__)


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
