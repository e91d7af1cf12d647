"""What came back is read for what it says of a delivery, whoever wrote it; nothing else is a bounce."""

import base64
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.alerts.bounce_mail import LARGEST, read
from tracker.alerts.bounce_status import judge_answer, judge_status, status_in
from tracker.alerts.models import Bounce

from .bounced import (
    READER,
    RETURN_PATH,
    complaint,
    multipart,
    original,
    plain,
    recipient,
    report,
)

pytestmark = pytest.mark.once
HARD, SOFT, COMPLAINT = Bounce.HARD, Bounce.SOFT, Bounce.COMPLAINT
GLOBAL = "message/global-delivery-status"
MAILER = "Mail Delivery Subsystem <MAILER-DAEMON@mx.readers.example>"


@pytest.mark.parametrize(
    ("status", "action", "said", "bounce", "words"),
    [
        ("5.1.1", "failed", "550 5.1.1 user unknown", HARD, "5.1.1"),
        ("5.1.2", "failed", "", HARD, "5.1.2"),
        ("5.1.3", "failed", "", HARD, "5.1.3"),
        ("5.1.6", "failed", "", HARD, "5.1.6"),
        ("5.1.10", "failed", "556 5.1.10 Null MX", HARD, "5.1.10"),
        ("5.1.1 (no such user)", "failed (to somebody)", "", HARD, "5.1.1"),
        ("5.1.1", "FAILED", "", HARD, "5.1.1"),
        ("5.001.01", "failed", "", HARD, "5.1.1"),
        ("5.2.2", "failed", "552 5.2.2 mailbox full", SOFT, "5.2.2"),
        ("4.2.2", "failed", "452 4.2.2 mailbox full", SOFT, "4.2.2"),
        ("5.2.1", "failed", "", SOFT, "5.2.1"),
        ("5.4.4", "failed", "", SOFT, "5.4.4"),
        ("5.7.1", "failed", "554 5.7.1 spam", SOFT, "5.7.1"),
        ("5.1.8", "failed", "", SOFT, "5.1.8"),
        ("5.1.11", "failed", "", SOFT, "5.1.11"),
        ("4.4.7", "failed", "", SOFT, "4.4.7"),
        ("", "failed", "", SOFT, "no status"),
        ("quite unknown", "failed", "", SOFT, "no status"),
        # A status that says no more than "failed": the words of the other server say more.
        ("5.0.0", "failed", "550 5.1.1 user unknown", HARD, "5.1.1"),
        ("", "failed", "550 5.1.1 user unknown", HARD, "5.1.1"),
        ("5.0.0", "failed", "450 4.1.1 greylisted", SOFT, "5.0.0"),
        ("4.0.0", "failed", "550 5.1.1 user unknown", SOFT, "4.0.0"),
        ("5.0.0", "failed", "550 no such user 192.0.2.5.1.1", SOFT, "5.0.0"),
        ("5.2.2", "failed", "550 5.1.1 user unknown", SOFT, "5.2.2"),
        # Without an action the status alone decides.
        ("5.1.1", "", "", HARD, "5.1.1"),
        ("4.2.2", "", "", None, "it is delayed"),
        ("4.2.2", "delayed", "452 4.2.2 mailbox full", None, "it is delayed"),
        ("4.4.1", "delayed", "", None, "it is delayed"),
        ("2.0.0", "delivered", "", None, "it was delivered"),
        ("2.0.0", "relayed", "", None, "it was delivered"),
        ("2.0.0", "expanded", "", None, "it was delivered"),
        # Somebody's contradiction: what was done counts.
        ("5.1.1", "delivered", "", None, "it was delivered"),
        ("5.1.1", "delayed", "", None, "it is delayed"),
    ],
)
@pytest.mark.parametrize("kind", ["message/delivery-status", GLOBAL])
def test_what_a_report_means(
    status: str, action: str, said: str, bounce: Bounce | None, words: str, kind: str
) -> None:
    reading = read(report(recipient(status, action, said), kind=kind))
    assert (reading.bounce, reading.words) == (bounce, words)
    assert reading.diagnosis == (said if bounce else "")


HARD_ONE, SOFT_ONE = recipient("5.1.1"), recipient("5.2.2")
ARRIVED, LATE = recipient("2.0.0", "relayed"), recipient("4.4.1", "delayed")


@pytest.mark.parametrize(
    ("recipients", "bounce"),
    [
        ([HARD_ONE, HARD_ONE], HARD),
        ([HARD_ONE, SOFT_ONE], SOFT),
        ([SOFT_ONE, HARD_ONE], SOFT),
        ([HARD_ONE, ARRIVED], SOFT),
        ([HARD_ONE, LATE], SOFT),
        ([ARRIVED, LATE], None),
        ([LATE, LATE], None),
        # It names nobody: what is left is its subject.
        ([], SOFT),
    ],
)
@pytest.mark.parametrize("kind", ["message/delivery-status", GLOBAL])
def test_an_address_that_forwards_to_several_is_dead_when_all_are(
    recipients: list[str], bounce: Bounce | None, kind: str
) -> None:
    assert read(report(*recipients, kind=kind)).bounce is bounce


def test_the_words_are_of_the_one_that_is_not_dead() -> None:
    assert read(report(HARD_ONE, SOFT_ONE)).words == "5.2.2"


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("kind", ["message/delivery-status", GLOBAL])
def test_lines_may_end_either_way(ending: bytes, kind: str) -> None:
    raw = report(HARD_ONE, SOFT_ONE, kind=kind).replace(b"\n", ending)
    assert (read(raw).bounce, read(raw).words) == (SOFT, "5.2.2")


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable"])
def test_a_report_of_international_mail_may_be_encoded_as_a_whole(encoding: str) -> None:
    text = (
        f"Reporting-MTA: dns; mx.example\n\n{recipient('5.1.1', address='أمينة@readers.example')}\n".encode()
    )
    encoded = base64.encodebytes(text) if encoding == "base64" else quopri.encodestring(text)
    raw = multipart("delivery-status", (f"{GLOBAL}\nContent-Transfer-Encoding: {encoding}", encoded.decode()))
    assert (read(raw).bounce, read(raw).words) == (HARD, "5.1.1")


def test_a_folded_diagnosis_is_one_line() -> None:
    reading = read(report(recipient("5.0.0", said="550\n  5.1.1 no\n\tsuch user")))
    assert (reading.bounce, reading.diagnosis) == (HARD, "550 5.1.1 no such user")


def nested(inner: bytes, times: int) -> bytes:
    for number in range(times):
        head, _empty, body = inner.partition(b"\n\n")
        kind = next(line for line in head.splitlines() if line.startswith(b"Content-Type"))
        mark = b"level%d" % number
        inner = b'Content-Type: multipart/mixed; boundary="%s"\n\n--%s\n%s\n\n%s\n--%s--\n' % (
            mark,
            mark,
            kind,
            body,
            mark,
        )
    return inner


@pytest.mark.parametrize(("times", "bounce"), [(1, HARD), (3, HARD), (4, None), (30, None), (2000, None)])
def test_a_mailing_program_may_wrap_the_report_but_not_without_end(times: int, bounce: Bounce | None) -> None:
    assert read(nested(report(HARD_ONE), times)).bounce is bounce


def test_a_bounce_that_somebody_forwards_is_none() -> None:
    """The report is in a mail inside the mail: it is about another one."""
    inner = report(HARD_ONE).decode().replace("frontier", "inside")
    assert read(inner.encode()).bounce is HARD
    raw = multipart("x", ("text/plain", "Look what I got."), ("message/rfc822", inner))
    raw = raw.replace(b"MAILER-DAEMON", b"amina").replace(b"Undelivered Mail", b"Fwd: Undelivered Mail")
    assert read(raw).bounce is None


@pytest.mark.parametrize(
    ("feedback_type", "bounce", "words"),
    [
        ("abuse", COMPLAINT, "abuse"),
        ("ABUSE", COMPLAINT, "abuse"),
        ("fraud", COMPLAINT, "fraud"),
        ("virus", COMPLAINT, "virus"),
        ("other", COMPLAINT, "other"),
        ("opt-out", COMPLAINT, "opt-out"),
        (f"<{READER}>", COMPLAINT, "aminakreadersexample"),
        ("7@", COMPLAINT, "complaint"),
        ("not-spam", None, "it is a report, and no complaint"),
        ("auth-failure", None, "it is a report, and no complaint"),
        ("", None, "it is a report, and no complaint"),
    ],
)
def test_what_a_complaint_means(feedback_type: str, bounce: Bounce | None, words: str) -> None:
    reading = read(complaint(feedback_type))
    assert (reading.bounce, reading.words) == (bounce, words)


def test_a_complaint_names_the_sender_of_the_mail_it_is_about() -> None:
    reading = read(complaint("abuse", f"Original-Mail-From: <{RETURN_PATH}>", to="abuse@pledges.example"))
    assert reading.complains_of == (RETURN_PATH,)
    assert reading.sent_to == ("abuse@pledges.example",) * 2
    assert read(complaint("abuse")).complains_of == ()
    assert read(report(HARD_ONE)).complains_of == ()


@pytest.mark.parametrize(
    ("sender", "subject", "headers", "bounce", "words"),
    [
        (MAILER, "Undelivered Mail Returned to Sender", {}, SOFT, "no status"),
        (MAILER, "Undeliverable: Overdue", {}, SOFT, "no status"),
        (MAILER, "Mail delivery failed: returning message to sender", {}, SOFT, "no status"),
        (MAILER, "Delivery Status Notification (Failure)", {}, SOFT, "no status"),
        (MAILER, "failure notice", {}, SOFT, "no status"),
        (MAILER, "Returned_mail:_see_transcript", {}, SOFT, "no status"),
        ("postmaster@mx.example", "DELIVERY FAILURE: no such user", {}, SOFT, "no status"),
        ("somebody@mx.example", "x", {"X_Failed_Recipients": READER}, SOFT, "no status"),
        (MAILER, "Delivery Status Notification (Delay)", {}, None, "it is delayed"),
        (MAILER, "Warning: could not send message for past 4 hours", {}, None, "it is delayed"),
        (MAILER, "Mail delivery failed: warning", {}, None, "it is delayed"),
        (MAILER, "Message delayed 24 hours", {"X_Failed_Recipients": READER}, None, "it is delayed"),
        (MAILER, "Your invoice", {}, None, "no report of a delivery"),
        (READER, "Undeliverable promises", {}, None, "no report of a delivery"),
        (READER, "Re: Overdue: SY-2025-0001", {}, None, "no report of a delivery"),
        (READER, "Out of office", {"Auto_Submitted": "auto-replied"}, None, "an automatic reply"),
        (READER, "Vacation", {"Auto_Submitted": "auto-generated; x"}, None, "an automatic reply"),
        (READER, "Hello", {"Auto_Submitted": "no"}, None, "no report of a delivery"),
        ("", "", {}, None, "no report of a delivery"),
    ],
)
def test_what_comes_without_a_report(
    sender: str, subject: str, headers: dict[str, str], bounce: Bounce | None, words: str
) -> None:
    reading = read(plain(f"<{READER}>: user unknown", From=sender, Subject=subject, **headers))
    assert (reading.bounce, reading.words) == (bounce, words)


def test_an_out_of_office_reply_that_quotes_a_report_is_no_bounce() -> None:
    body = f"I am away.\n\n> {recipient('5.1.1')}"
    assert read(plain(body, From=READER, Subject="Away")).bounce is None


@pytest.mark.parametrize(
    "raw",
    [
        report(HARD_ONE),
        report(recipient("5.1.1", said=f"550 5.1.1 <{READER}>: no")),
        report(recipient(READER, said=READER)),
        report(recipient("5.1.1", action=READER)),
        complaint(READER),
        complaint("abuse", f"Original-Rcpt-To: {READER}"),
        plain(READER, From=MAILER, Subject=f"Undeliverable: {READER}"),
        plain(READER, From=READER, Subject=READER),
    ],
)
def test_the_words_hold_no_address(raw: bytes) -> None:
    words = read(raw).words
    assert words
    assert "@" not in words
    assert "amina.k" not in words


@pytest.mark.parametrize("header", ["To", "Delivered-To", "X-Original-To"])
def test_to_whom_it_came_stands_in_three_headers(header: str) -> None:
    raw = f"{header}: Bounces <{RETURN_PATH}>,\n other@pledges.example\n\n".encode()
    assert read(raw).sent_to == (RETURN_PATH, "other@pledges.example")


@pytest.mark.parametrize("header", ["Cc", "From", "Subject", "Reply-To"])
def test_and_in_no_other(header: str) -> None:
    assert read(f"{header}: {RETURN_PATH}\n\n".encode()).sent_to == ()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\n\n",
        b"\x00" * 1000,
        bytes(range(256)) * 40,
        b"From" * 100_000,
        b"To: \xff\xfe@\xfd\n\nx",
        b"Content-Type: multipart/report; boundary=\n\n--\n--\n",
        b"Content-Type: multipart/report\n\n" + original().encode(),
        b"Content-Type: multipart/mixed; boundary*0*=%ff''x; boundary*=y; boundary*1=z\n\n--x\n\ny",
        b"Content-Type: multipart/mixed; boundary*" + b"9" * 5000 + b"=x\n\n--x\n",
        b"Content-Type: multipart/mixed; boundary*=nul\x00'x'y\n\n--y\n",
        b"Content-Type: message/delivery-status\n\n\xff\xfe: \xfd\n\nAction\n",
        b"Content-Type: message/delivery-status",
        b"Content-Type: message/feedback-report; charset=nothing\n\n\xff\n\n\xfe",
        b"Content-Type: message/global-delivery-status\nContent-Transfer-Encoding: base64\n\n%%%\n",
        b"From: =?x?q?=?= <\nSubject: =?utf-8?b?////?=\nX-Failed-Recipients:\n\n",
    ],
)
def test_garbage_is_no_bounce(raw: bytes) -> None:
    assert read(raw).bounce is None


@given(st.binary())
def test_no_bytes_are_too_strange(raw: bytes) -> None:
    assert read(raw).bounce is None


@given(st.binary(max_size=60), st.integers(min_value=0), st.integers(min_value=0, max_value=60))
def test_a_report_may_be_damaged_anywhere(noise: bytes, position: int, removed: int) -> None:
    whole = report(HARD_ONE, SOFT_ONE, kind=GLOBAL)
    start = position % len(whole)
    assert read(whole[:start] + noise + whole[start + removed :]).words


def test_what_is_long_is_read_from_its_beginning() -> None:
    whole = report(HARD_ONE)
    long = whole.replace(b"A pledge is overdue.", b"A pledge is overdue. " * 15_000)
    assert len(long) > 300_000
    assert read(long).bounce is HARD
    padded = b"X-Padding: x\n" * (LARGEST // 13 + 1) + whole
    assert read(padded).bounce is None


@pytest.mark.parametrize(
    "raw",
    [
        b"To: " + b"a" * LARGEST,
        b"To: " + b"a " * (LARGEST // 2),
        (b"To: " + b"a" * 990 + b"\n") * (LARGEST // 1000),
        report(recipient("5.0.0", said="5." * (LARGEST // 2))),
        report(*[HARD_ONE] * 2000),
        b"Content-Type: message/global-delivery-status\n\nx: y\n\n" + b"\n \t" * (LARGEST // 3),
        b"Subject: " + b"delivery " * (LARGEST // 9),
        nested(b"Content-Type: text/plain\n\nx\n" * 5000, 300),
    ],
    ids=["word", "words", "headers", "statuses", "recipients", "blanks", "subject", "nested"],
)
def test_nothing_takes_a_worker_away_for_long(raw: bytes) -> None:
    """What grows with the square of the length would take the better part of an hour here."""
    assert read(raw).words


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("5.1.1", "5.1.1"),
        ("550 5.1.1 no", "5.1.1"),
        ("550-5.1.1 no", "5.1.1"),
        ("(#5.1.1)", "5.1.1"),
        ("5.1.10", "5.1.10"),
        ("5.001.010", "5.1.10"),
        ("2.0.0 then 5.1.1", "2.0.0"),
        ("said 5.1.1.", "5.1.1"),
        ("192.0.2.5", ""),
        ("5.1.1.1", ""),
        ("15.1.1", ""),
        ("5.1.1000", ""),
        ("3.1.1", ""),
        ("5.1", ""),
        ("", ""),
    ],
)
def test_a_status_is_found_in_words(text: str, status: str) -> None:
    assert status_in(text) == status


@pytest.mark.parametrize(
    ("code", "status", "bounce"),
    [
        (550, "5.1.1", HARD),
        (500, "5.1.1", HARD),
        (599, "5.1.1", HARD),
        (499, "5.1.1", None),
        (600, "5.1.1", None),
        (550, "5.1.2", HARD),
        (553, "5.1.3", HARD),
        (556, "5.1.10", HARD),
        (552, "5.2.2", SOFT),
        (550, "5.2.1", SOFT),
        (550, "5.1.0", SOFT),
        (452, "4.2.2", None),
        (450, "", None),
        # These may be about our account with that server, and would be the same for every reader.
        (550, "", None),
        (554, "5.7.1", None),
        (550, "5.7.60", None),
        (553, "5.1.8", None),
        (550, "5.1.7", None),
        (550, "5.4.4", None),
        (554, "5.0.0", None),
    ],
)
def test_what_our_own_server_refuses(code: int, status: str, bounce: Bounce | None) -> None:
    assert judge_answer(code, status) is bounce


def test_without_a_status_nobody_is_called_dead() -> None:
    assert judge_status("") is SOFT
