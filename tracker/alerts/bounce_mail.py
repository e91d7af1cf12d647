"""Reading what came back: is it a bounce, and of which kind? Pure: bytes in, a reading out.

What a stranger wrote is read here. Nothing in it is trusted but what it says about a delivery; for which
mail it says that is known by the address it came to alone.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import Message
from email.parser import HeaderParser
from email.utils import parseaddr

from .addresses import addresses_in
from .bounce_status import is_general, judge_status, status_in
from .models import Bounce

# What matters comes first; after it comes the mail itself, which may be long.
LARGEST = 256 * 1024
_DEEPEST = 4
# Of the value of one header: RFC 5322 allows lines of 998 characters, and an address of 254.
_LONGEST_VALUE = 2000
_SENT_TO = ("Delivered-To", "X-Original-To", "To")
_REPORTS = ("message/delivery-status", "message/global-delivery-status")
_ARRIVED = frozenset({"delivered", "relayed", "expanded"})
# Reports about a mail that are no complaint of its reader (RFC 6430, RFC 6591).
_NO_COMPLAINT = frozenset({"not-spam", "auth-failure"})
_MAIL_SYSTEMS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "mailerdaemon"})
_FAILED = re.compile(
    r"undeliver|returned mail|returning message|failure notice|delivery (problem|failure)"
    r"|delivery status notification ?\(failure|delivery (has )?failed|could not be delivered",
    re.IGNORECASE,
)
_WAITS = re.compile(r"delay|warning|still being (re)?tried", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """`bounce` is None for what is no bounce; `words` says which code or why not, without addresses.

    `diagnosis` is what the other mail server said: it may hold addresses. `sent_to` are the addresses
    that it came to according to its headers; `complains_of` are the envelope senders of the mail that a
    complaint is about, for complaints all come to one address.
    """

    bounce: Bounce | None
    words: str
    diagnosis: str = ""
    sent_to: tuple[str, ...] = ()
    complains_of: tuple[str, ...] = ()


def read(raw: bytes) -> Reading:
    """Read a raw RFC 822 message; of a long one the first LARGEST bytes. Raises nothing whatever it holds."""
    try:
        # The newer policies interpret headers and raise on some that mail systems really write.
        message = message_from_bytes(raw[:LARGEST], policy=policy.compat32)
        found = _report(message) or _complaint(message) or _without_report(message)
        return replace(found, sent_to=_addresses(message, *_SENT_TO))
    except Exception as error:  # the library has no end of ways to fail at what a stranger may write
        return Reading(bounce=None, words=f"it can't be read ({type(error).__name__})")


@dataclass(frozen=True)
class _Delivery:
    """What a report says about one recipient."""

    action: str
    status: str
    diagnosis: str

    @property
    def has_failed(self) -> bool:
        return self.action == "failed" or (not self.action and self.status.startswith("5."))

    @property
    def is_dead(self) -> bool:
        return self.has_failed and judge_status(self.status) is Bounce.HARD


def _report(message: Message) -> Reading | None:
    """Read a delivery status notification (RFC 3464), None when there is none in it.

    An address that forwards to several is dead only when all of them are.
    """
    parts = (part for part in _parts(message) if part.get_content_type() in _REPORTS)
    deliveries = [delivery for part in parts for delivery in _deliveries(part)]
    if not deliveries:
        return None
    failed = [delivery for delivery in deliveries if delivery.has_failed]
    if not failed:
        has_arrived = any(delivery.action in _ARRIVED for delivery in deliveries)
        return Reading(bounce=None, words="it was delivered" if has_arrived else "it is delayed")
    is_dead = all(delivery.is_dead for delivery in deliveries)
    told = next((each for each in failed if not each.is_dead), failed[0])
    return Reading(
        bounce=Bounce.HARD if is_dead else Bounce.SOFT,
        words=told.status or "no status",
        diagnosis=told.diagnosis,
    )


def _deliveries(report: Message) -> Iterator[_Delivery]:
    for fields in _blocks(report):
        action = re.match(r"[a-z]*", _one(fields, "Action").lower())
        status = status_in(_one(fields, "Status"))
        diagnosis = _one(fields, "Diagnostic-Code").partition(";")[2].strip()
        said = status_in(diagnosis)
        if is_general(status) and said[:1] == (status or said)[:1]:
            status = said or status
        delivery = _Delivery(action.group() if action else "", status, diagnosis)
        # The first block is about the report itself.
        if delivery.action or delivery.status:
            yield delivery


def _blocks(report: Message) -> Iterator[Message]:
    """Yield the groups of fields of a report, each as a message that has only headers."""
    encoding = _one(report, "Content-Transfer-Encoding").lower()
    for block in _children(report):
        yield block
        # The library knows the older of the two types only, and takes the rest of the other for a text; the
        # newer may be encoded as a whole (RFC 6533), so that all of it is that text.
        if encoding in ("base64", "quoted-printable"):
            block["Content-Transfer-Encoding"] = encoding
        rest = block.get_payload(decode=True)
        text = rest.decode("utf-8", "replace").strip() if isinstance(rest, bytes) else ""
        for fields in re.split(r"\r?\n\s*\n", text) if text else ():
            yield HeaderParser(policy=policy.compat32).parsestr(fields)


def _complaint(message: Message) -> Reading | None:
    """Read a complaint (RFC 5965), None when there is none in it."""
    for part in _parts(message):
        if part.get_content_type() != "message/feedback-report":
            continue
        blocks = list(_blocks(part))
        kinds = {_one(block, "Feedback-Type").lower() for block in blocks} - {""}
        kind = next(iter(sorted(kinds - _NO_COMPLAINT)), "")
        if kind:
            senders = (address for block in blocks for address in _addresses(block, "Original-Mail-From"))
            return Reading(
                bounce=Bounce.COMPLAINT,
                words=re.sub(r"[^a-z-]", "", kind)[:20] or "complaint",
                complains_of=tuple(senders),
            )
        return Reading(bounce=None, words="it is a report, and no complaint")
    return None


def _without_report(message: Message) -> Reading:
    """Read what came from older mail systems: they say that it failed, not why."""
    subject = _one(message, "Subject").replace("_", " ")
    is_system = parseaddr(_one(message, "From"))[1].partition("@")[0].lower() in _MAIL_SYSTEMS
    has_failed = bool(_one(message, "X-Failed-Recipients")) or (is_system and bool(_FAILED.search(subject)))
    if has_failed and not _WAITS.search(subject):
        return Reading(bounce=Bounce.SOFT, words="no status")
    if has_failed or (is_system and _WAITS.search(subject)):
        return Reading(bounce=None, words="it is delayed")
    is_automatic = _one(message, "Auto-Submitted").lower().startswith("auto-")
    return Reading(bounce=None, words="an automatic reply" if is_automatic else "no report of a delivery")


def _parts(message: Message, depth: int = _DEEPEST) -> Iterator[Message]:
    """Yield the parts of a mail, and none of those of the mails inside it."""
    yield message
    if depth and message.get_content_maintype() == "multipart":
        for part in _children(message):
            yield from _parts(part, depth - 1)


def _children(message: Message) -> list[Message]:
    payload = message.get_payload()
    return [each for each in payload if isinstance(each, Message)] if isinstance(payload, list) else []


def _addresses(message: Message, *names: str) -> tuple[str, ...]:
    return tuple(
        address for name in names for value in _all(message, name) for address in addresses_in(value)
    )


def _one(message: Message, name: str) -> str:
    return next(iter(_all(message, name)), "")


def _all(message: Message, name: str) -> list[str]:
    values = (str(value)[:_LONGEST_VALUE] for value in message.get_all(name, []))
    return [" ".join(value.split()) for value in values]
