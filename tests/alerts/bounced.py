"""Messages as mail systems return them, written for the tests: no real mail of anybody's."""

from collections.abc import Iterable
from textwrap import dedent

READER = "amina.k@readers.example"
RETURN_PATH = "bounces+1-0000000000000000@pledges.example"


def recipient(status: str = "5.1.1", action: str = "failed", said: str = "", address: str = READER) -> str:
    """The fields about one recipient in a delivery status notification."""
    fields = [f"Final-Recipient: rfc822; {address}", f"Action: {action}", f"Status: {status}"]
    if said:
        fields.append(f"Diagnostic-Code: smtp; {said}")
    return "\n".join(fields)


def report(*recipients: str, kind: str = "message/delivery-status", to: str = RETURN_PATH) -> bytes:
    """A delivery status notification (RFC 3464) with the mail it is about."""
    blocks = "\n\n".join(["Reporting-MTA: dns; mx.readers.example", *recipients])
    return multipart(
        "delivery-status",
        ("text/plain", f"I'm sorry, your message to <{READER}> could not be delivered."),
        (kind, blocks),
        ("message/rfc822", original()),
        to=to,
    )


def complaint(feedback_type: str = "abuse", *fields: str, to: str = RETURN_PATH) -> bytes:
    """A complaint (RFC 5965) with the mail it is about."""
    lines = [f"Feedback-Type: {feedback_type}", "User-Agent: Complaints/1.0", "Version: 1", *fields]
    return multipart(
        "feedback-report",
        ("text/plain", "This is an abuse report for a message of yours."),
        ("message/feedback-report", "\n".join(lines)),
        ("message/rfc822", original()),
        to=to,
    )


def plain(body: str = "", to: str = RETURN_PATH, **headers: str) -> bytes:
    """A message of a single part; underscores in the names of headers stand for hyphens."""
    lines = [f"To: {to}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return ("\n".join(lines) + "\n\n" + body + "\n").encode()


def multipart(kind: str, *parts: tuple[str, str], to: str = RETURN_PATH) -> bytes:
    return "\n".join(
        [
            "Return-Path: <>",
            f"Delivered-To: {to}",
            "From: Mail Delivery System <MAILER-DAEMON@mx.readers.example>",
            f"To: {to}",
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            f'Content-Type: multipart/report; report-type={kind}; boundary="frontier"',
            "",
            *_bodies(parts),
            "--frontier--",
            "",
        ]
    ).encode()


def _bodies(parts: Iterable[tuple[str, str]]) -> Iterable[str]:
    for kind, body in parts:
        yield f"--frontier\nContent-Type: {kind}\n\n{body}\n"


def original() -> str:
    """The mail that came back, as it was sent."""
    return dedent(f"""\
        From: Pledge tracker <tracker@pledges.example>
        To: {READER}
        Subject: Overdue: SY-2025-0001
        Message-ID: <alert-1.SY-2025-0001@pledges.example>
        Content-Type: text/plain

        A pledge is overdue.""")


HARD = report(recipient("5.1.1", said=f"550 5.1.1 <{READER}>: user unknown"))
SOFT = report(recipient("5.2.2", said=f"552 5.2.2 <{READER}>: mailbox full"))
