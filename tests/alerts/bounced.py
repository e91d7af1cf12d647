"""What mail servers send back, written as they write it."""

from email.message import EmailMessage
from textwrap import dedent

READER = "somebody@readers.example"
OUR_MAIL = "From: tracker@pledges.example\nSubject: Overdue\n\nWords of the mail.\n"


def report(*blocks: str, kind: str = "message/delivery-status", subject: str = "Undelivered Mail") -> bytes:
    """A delivery status notification (RFC 3464) with one block for each recipient."""
    fields = "\n\n".join(["Reporting-MTA: dns; mx.example", *(dedent(block).strip() for block in blocks)])
    return (
        f"From: MAILER-DAEMON@mx.example\nTo: bounces@pledges.example\nSubject: {subject}\n"
        'MIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n\n'
        f"--b\nContent-Type: text/plain\n\nIt could not be delivered to {READER}.\n"
        f"--b\nContent-Type: {kind}\n\n{fields}\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{OUR_MAIL}\n--b--\n"
    ).encode()


def failed(status: str, said: str = "550 it failed", action: str = "failed") -> str:
    return "\n".join(
        (
            f"Final-Recipient: rfc822; {READER}",
            f"Action: {action}",
            f"Status: {status}",
            f"Diagnostic-Code: smtp; {said}",
        )
    )


HARD = report(failed("5.1.1", f"550 5.1.1 <{READER}>: user unknown"))
SOFT = report(failed("4.4.7", "delivery time expired"))


def complaint(kind: str = "abuse") -> bytes:
    """A complaint by way of a provider (RFC 5965)."""
    return (
        "From: feedback@provider.example\nTo: bounces@pledges.example\n"
        "Subject: complaint\nMIME-Version: 1.0\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\n\n'
        "--b\nContent-Type: text/plain\n\nThis is a report.\n"
        f"--b\nContent-Type: message/feedback-report\n\n"
        f"Feedback-Type: {kind}\nUser-Agent: x/1\nVersion: 1\n\n"
        f"--b\nContent-Type: message/rfc822\n\n{OUR_MAIL}\n--b--\n"
    ).encode()


def plain(subject: str, sender: str = "somebody@readers.example", **headers: str) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, "bounces@pledges.example", subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content("Words.")
    return mail.as_bytes()
