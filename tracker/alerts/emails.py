"""Writing a mail and handing it over. The only module that sends mail."""

import logging
import re
import smtplib
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.template.loader import render_to_string
from django.utils import translation

from pledges.models import Checkpoint

from .context import digest_members, overdue_facts, site_host, why_you
from .models import Alert, AlertKind, Via
from .outcomes import Attempt, LostAfterHandOver, Reply, judge, judge_connection
from .watchdog_mail import watchdog_context

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

logger = logging.getLogger(__name__)
_SMTP = "django.core.mail.backends.smtp.EmailBackend"


@dataclass(frozen=True)
class Parts:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A written mail. `untrue` names the members of a digest that were left out, and why."""

    recipient: str
    message_id: str
    parts: Parts
    untrue: dict[int, str] = field(default_factory=dict)
    is_empty: bool = False


def compose(alert: Alert, *, now: datetime) -> Mail:
    """Write `alert` as it would be sent at `now`, in the language of the site."""
    with translation.override(settings.LANGUAGE_CODE):
        if alert.kind == AlertKind.DIGEST:
            return _digest(alert, now)
        if alert.kind == AlertKind.WATCHDOG:
            parts = _write("watchdog", watchdog_context(alert, now=now))
            message_id = _message_id(alert, "watchdog")
            return Mail(recipient=alert.recipient, message_id=message_id, parts=parts)
        return _overdue(alert, now)


def _overdue(alert: Alert, now: datetime) -> Mail:
    if alert.event is None:
        raise ValueError(f"alert {alert.pk} is about no event")
    facts = overdue_facts(alert.event, now=now)
    parts = _write("overdue", {"item": facts, "why": why_you(alert, facts.pledge)})
    return Mail(recipient=alert.recipient, message_id=_message_id(alert, facts.pledge.reference), parts=parts)


def _digest(alert: Alert, now: datetime) -> Mail:
    members, untrue = digest_members(alert)
    items = [overdue_facts(member.event, now=now) for member in members if member.event]
    parts = _write("digest", {"items": items, "why": why_you(alert)})
    return Mail(
        recipient=alert.recipient,
        message_id=_message_id(alert, "digest"),
        parts=parts,
        untrue=untrue,
        is_empty=not items,
    )


def _write(name: str, context: dict[str, Any]) -> Parts:
    context |= {
        "site_name": settings.TRACKER_SITE_NAME,
        "site_url": settings.TRACKER_SITE_URL,
        "checkpoint": Checkpoint.objects.order_by("number").last(),
    }
    return Parts(
        subject=_one_line(render_to_string(f"alerts/{name}.subject.txt", context)),
        text=_tidy(render_to_string(f"alerts/{name}.txt", context)),
        html=render_to_string(f"alerts/{name}.html", context).strip() + "\n",
    )


def _one_line(text: str) -> str:
    """Make a header of it: a title with line breaks or control characters must not end the header."""
    words = " ".join(text.split())
    return "".join(sign for sign in words if unicodedata.category(sign) != "Cc")


def _tidy(text: str) -> str:
    """Drop the empty lines that template tags leave behind."""
    # The space after the two dashes tells mail programs that the signature begins.
    lines = "\n".join(line if line == "-- " else line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def _message_id(alert: Alert, word: str) -> str:
    """Return the same Message-ID at every attempt, so that a mail that arrives twice is known as one."""
    return alert.message_id or f"<alert-{alert.pk}.{word}@{site_host()}>"


class _Smtp(smtplib.SMTP):
    """Raises LostAfterHandOver where smtplib says no more than "disconnected"."""

    is_handed_over = False

    def data(self, msg: "ReadableBuffer | str") -> tuple[int, bytes]:
        self.is_handed_over = False
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            if self.is_handed_over:
                raise LostAfterHandOver(str(error)) from error
            raise

    def send(self, s: "ReadableBuffer | str") -> None:
        # smtplib sends commands as text; only the message itself comes as bytes.
        self.is_handed_over = self.is_handed_over or not isinstance(s, str)
        super().send(s)


class _SmtpSsl(_Smtp, smtplib.SMTP_SSL):
    """The same over TLS from the start."""


class _SmtpBackend(EmailBackend):
    @property
    def connection_class(self) -> type[_Smtp]:
        return _SmtpSsl if self.use_ssl else _Smtp


class Mailer:
    """Hands mails over through one connection, opened when first needed."""

    def __init__(self) -> None:
        is_smtp = settings.EMAIL_BACKEND == _SMTP
        self.via = Via.SMTP if is_smtp else Via.LOCAL
        self._backend: BaseEmailBackend = _SmtpBackend() if is_smtp else get_connection()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    def send(self, mail: Mail, *, now: datetime) -> Attempt:
        """Hand `mail` over and say how that went. Raises nothing that the mail or the server caused."""
        try:
            self._backend.open()
        except OSError as error:
            return judge_connection(error)
        try:
            self._backend.send_messages([_message(mail, now)])
        except (OSError, ValueError) as error:
            # A new connection for the next mail: nobody knows in which state this one was left.
            self._close()
            return judge(error, recipient=mail.recipient)
        return Attempt(Reply.ACCEPTED)

    def _close(self) -> None:
        try:
            self._backend.close()
        except OSError as error:
            # Whatever was sent has been answered already.
            logger.info("the connection to the mail server ended with %s", type(error).__name__)


def _message(mail: Mail, now: datetime) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        subject=mail.parts.subject,
        body=mail.parts.text,
        from_email=settings.TRACKER_MAIL_FROM,
        to=[mail.recipient],
        headers={
            "Message-ID": mail.message_id,
            "Date": format_datetime(now),
            # RFC 3834: no out-of-office reply, please.
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    message.attach_alternative(mail.parts.html, "text/html")
    return message
