import smtplib
from datetime import timedelta

import pytest

from tracker.alerts.models import AlertState
from tracker.alerts.outcomes import (
    MAX_ATTEMPTS,
    Attempt,
    LostAfterHandOver,
    Reply,
    judge,
    judge_connection,
    retry_delay,
    settle,
)

RANA = "rana.h@ngo.example"


def refused(code: int, text: bytes = b"no") -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({RANA: (code, text)})


@pytest.mark.parametrize(
    ("error", "reply"),
    [
        (refused(550), Reply.PERMANENT),
        (refused(599), Reply.PERMANENT),
        (refused(500), Reply.PERMANENT),
        (refused(450), Reply.TEMPORARY),
        (refused(421), Reply.TEMPORARY),
        (refused(499), Reply.TEMPORARY),
        (refused(-1), Reply.TEMPORARY),
        (refused(600), Reply.TEMPORARY),
        (smtplib.SMTPSenderRefused(553, b"no", "tracker@x.example"), Reply.PERMANENT),
        (smtplib.SMTPSenderRefused(451, b"no", "tracker@x.example"), Reply.TEMPORARY),
        (smtplib.SMTPDataError(554, b"spam"), Reply.PERMANENT),
        (smtplib.SMTPDataError(452, b"full"), Reply.TEMPORARY),
        (smtplib.SMTPServerDisconnected("closed"), Reply.TEMPORARY),
        (LostAfterHandOver("closed"), Reply.UNANSWERED),
        (TimeoutError("timed out"), Reply.TEMPORARY),
        (ConnectionResetError(104, "reset"), Reply.TEMPORARY),
        (smtplib.SMTPNotSupportedError("SMTPUTF8"), Reply.PERMANENT),
        (ValueError("Invalid address"), Reply.PERMANENT),
        (UnicodeEncodeError("ascii", "é", 0, 1, "no"), Reply.PERMANENT),
    ],
)
def test_what_an_error_means(error: Exception, reply: Reply) -> None:
    assert judge(error, recipient=RANA).reply is reply


@pytest.mark.parametrize(
    ("error", "refused_with"),
    [
        (refused(550, b"5.1.1 unknown"), (550, "5.1.1")),
        (refused(550, b"unknown"), (550, "")),
        (refused(452, b"4.2.2 full"), (452, "4.2.2")),
        (refused(550, b"5.1.1 rana.h@ngo.example unknown, not 5.2.2"), (550, "5.1.1")),
        (refused(550, b"host 192.0.2.5.1.1 said no"), (550, "")),
        (smtplib.SMTPSenderRefused(550, b"5.1.1 no", "tracker@x.example"), None),
        (smtplib.SMTPDataError(550, b"5.1.1 no"), None),
        (smtplib.SMTPResponseException(550, "5.1.1 no"), None),
        (smtplib.SMTPServerDisconnected("550 5.1.1"), None),
        (LostAfterHandOver("550 5.1.1"), None),
        (ValueError("550 5.1.1"), None),
    ],
)
def test_only_the_answer_to_the_recipient_says_something_of_the_address(
    error: Exception, refused_with: tuple[int, str] | None
) -> None:
    assert judge(error, recipient=RANA).refused_with == refused_with


def test_without_a_connection_nothing_is_said_of_any_address() -> None:
    assert judge_connection(refused(550, b"5.1.1 unknown")).refused_with is None


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "Connection refused"),
        smtplib.SMTPConnectError(554, b"go away"),
        smtplib.SMTPAuthenticationError(535, b"bad password"),
        smtplib.SMTPHeloError(501, b"who"),
        TimeoutError("timed out"),
    ],
)
def test_without_a_connection_no_code_condemns_a_message(error: Exception) -> None:
    assert judge_connection(error).reply is Reply.UNREACHABLE


@pytest.mark.parametrize(
    "text",
    [
        b"5.1.1 <rana.h@ngo.example>: user unknown",
        b"5.1.1 RANA.H@NGO.EXAMPLE user unknown",
        b"5.1.1 no mailbox rana.h here",
        b"5.1.1 other.person@elsewhere.example is full\nsee rana.h@ngo.example",
        b"5.1.1 \xff rana.h@ngo.example",
    ],
)
def test_the_error_keeps_the_code_and_no_address(text: bytes) -> None:
    error = judge(refused(550, text), recipient=RANA).error
    assert "550 5.1.1" in error
    assert "[address]" in error
    assert "@" not in error
    assert "rana" not in error.lower()
    assert "\n" not in error


def test_an_endless_reply_fits_the_column() -> None:
    assert len(judge(refused(550, b"x" * 5000), recipient=RANA).error) <= 300


LATE = MAX_ATTEMPTS


@pytest.mark.parametrize(
    ("reply", "attempts", "before", "state", "after"),
    [
        (Reply.ACCEPTED, 1, False, AlertState.SENT, False),
        (Reply.ACCEPTED, LATE, True, AlertState.SENT, True),
        (Reply.PERMANENT, 1, False, AlertState.FAILED, False),
        (Reply.TEMPORARY, 1, False, AlertState.QUEUED, False),
        (Reply.TEMPORARY, LATE - 1, False, AlertState.QUEUED, False),
        (Reply.TEMPORARY, LATE, False, AlertState.FAILED, False),
        (Reply.UNREACHABLE, LATE - 1, False, AlertState.QUEUED, False),
        (Reply.UNREACHABLE, LATE, False, AlertState.FAILED, False),
        (Reply.UNANSWERED, 1, False, AlertState.QUEUED, True),
        (Reply.UNANSWERED, LATE - 1, False, AlertState.QUEUED, True),
        (Reply.UNANSWERED, LATE, False, AlertState.HELD, True),
        (Reply.UNANSWERED, 2, True, AlertState.HELD, True),
        (Reply.TEMPORARY, 2, True, AlertState.QUEUED, True),
    ],
)
def test_what_becomes_of_the_row(
    reply: Reply, attempts: int, before: bool, state: AlertState, after: bool
) -> None:
    outcome = settle(Attempt(reply), attempts=attempts, may_have_arrived=before)
    assert (outcome.state, outcome.may_have_arrived) == (state, after)


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (29, 60), (10_000, 60)]
)
def test_delays_double_up_to_an_hour_with_jitter(attempts: int, minutes: int) -> None:
    delays = [retry_delay(attempts) for _ in range(200)]
    assert all(0.8 * minutes <= delay / timedelta(minutes=1) <= 1.2 * minutes for delay in delays)
    assert len(set(delays)) > 100


def test_the_last_attempt_comes_a_day_after_the_first() -> None:
    waits = (min(2 ** (attempt - 1), 60) for attempt in range(1, MAX_ATTEMPTS))
    assert timedelta(hours=23) <= timedelta(minutes=sum(waits)) <= timedelta(hours=25)
