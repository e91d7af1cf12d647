"""Reading what came back: which of it is a bounce, and which kind."""

import pytest

from tracker.alerts.bounce_mail import LARGEST, read
from tracker.alerts.bounce_status import judge_answer, status_in
from tracker.alerts.models import Bounce

from .bounced import HARD, READER, complaint, failed, plain, report

HARD_CODES = ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.01.001"]
SOFT_CODES = ["4.2.2", "4.4.1", "4.7.1", "5.2.1", "5.2.2", "5.7.1", "5.0.0", "5.1.7", "5.4.4", "5.6.1"]


@pytest.mark.parametrize("status", HARD_CODES)
def test_nobody_is_there(status: str) -> None:
    assert read(report(failed(status))).bounce is Bounce.HARD


@pytest.mark.parametrize("status", SOFT_CODES)
def test_it_may_be_over_tomorrow(status: str) -> None:
    assert read(report(failed(status))).bounce is Bounce.SOFT


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded", "delayed"])
def test_what_did_not_fail_is_no_bounce(action: str) -> None:
    found = read(report(failed("2.0.0" if action != "delayed" else "4.4.1", action=action)))
    assert found.bounce is None
    assert found.words == ("it is delayed" if action == "delayed" else "it was delivered")


def test_what_the_server_said_is_more_than_a_general_code() -> None:
    assert read(report(failed("5.0.0", "550 5.1.1 no such user"))).bounce is Bounce.HARD
    assert read(report(failed("5.0.0", "552 5.2.2 mailbox full"))).bounce is Bounce.SOFT
    # But never about another kind of failure than the status.
    assert read(report(failed("4.0.0", "550 5.1.1 no such user"))).bounce is Bounce.SOFT


def test_an_address_that_forwards_to_several_is_dead_only_when_all_are() -> None:
    assert read(report(failed("5.1.1"), failed("5.1.1"))).bounce is Bounce.HARD
    assert read(report(failed("5.1.1"), failed("4.2.2"))).bounce is Bounce.SOFT
    assert read(report(failed("5.1.1"), failed("2.0.0", action="delivered"))).bounce is Bounce.SOFT


@pytest.mark.parametrize("raw", [HARD, report(failed("5.1.1"), kind="message/global-delivery-status")])
def test_the_newer_type_of_report_is_read_too(raw: bytes) -> None:
    assert read(raw).bounce is Bounce.HARD


def test_a_report_inside_the_mail_that_came_back_is_not_about_ours() -> None:
    outer = (
        b"From: a@b.example\nSubject: Fwd\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=o\n\n"
        b"--o\nContent-Type: message/rfc822\n\n" + HARD + b"\n--o--\n"
    )
    assert read(outer).bounce is None


@pytest.mark.parametrize(
    ("kind", "bounce"),
    [
        ("abuse", Bounce.COMPLAINT),
        ("fraud", Bounce.COMPLAINT),
        ("opt-out", Bounce.COMPLAINT),
        ("not-spam", None),
        ("auth-failure", None),
    ],
)
def test_complaints(kind: str, bounce: Bounce | None) -> None:
    assert read(complaint(kind)).bounce is bounce


@pytest.mark.parametrize(
    ("raw", "bounce"),
    [
        (plain("Undelivered Mail Returned to Sender", "MAILER-DAEMON@mx.example"), Bounce.SOFT),
        (plain("Mail delivery failed: returning message", "Mail <postmaster@mx.example>"), Bounce.SOFT),
        (plain("failure notice", X_Failed_Recipients=READER), Bounce.SOFT),
        (plain("Warning: message delayed 24 hours", "MAILER-DAEMON@mx.example"), None),
        (plain("Undeliverable hopes, a poem"), None),
        (plain("Out of office", Auto_Submitted="auto-replied"), None),
        (plain("Thank you for your mail"), None),
    ],
)
def test_what_has_no_report(raw: bytes, bounce: Bounce | None) -> None:
    assert read(raw).bounce is bounce


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 500,
        b"From" * 100_000,
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n",
        HARD[: len(HARD) // 2],
        b"Content-Type: multipart/mixed; boundary=b\n\n" * 50,
        "Subject: =?utf-8?b?////?=\nFrom: \udcff@x\n\n".encode("utf-8", "surrogateescape"),
    ],
)
def test_whatever_it_holds_it_is_read(raw: bytes) -> None:
    found = read(raw)
    assert found.words
    assert "@" not in found.words


def test_deep_nesting_and_great_length_end_nothing() -> None:
    nested = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (depth, depth) for depth in range(3000)
    )
    assert read(nested).bounce is None
    assert read(HARD + b"x" * (LARGEST * 2)).bounce is Bounce.HARD


def test_the_words_hold_no_address_and_the_diagnosis_is_kept_apart() -> None:
    found = read(HARD)
    assert found.words == "5.1.1"
    assert READER in found.diagnosis
    assert found.sent_to == ("bounces@pledges.example",)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("550 5.1.1 no", "5.1.1"),
        ("5.01.010", "5.1.10"),
        ("198.51.100.5.1.1", ""),
        ("5.1.1.1", ""),
        ("15.1.1", ""),
        ("3.1.1", ""),
        ("", ""),
    ],
)
def test_a_status_in_words(text: str, status: str) -> None:
    assert status_in(text) == status


@pytest.mark.parametrize(
    ("code", "status", "bounce"),
    [
        (550, "5.1.1", Bounce.HARD),
        (550, "5.1.2", Bounce.HARD),
        (552, "5.2.2", Bounce.SOFT),
        (550, "5.2.1", Bounce.SOFT),
        (550, "", None),
        (554, "5.7.1", None),
        (550, "5.1.8", None),
        (450, "4.2.1", None),
        (450, "5.1.1", None),
        (250, "", None),
    ],
)
def test_what_our_own_server_says_of_an_address(code: int, status: str, bounce: Bounce | None) -> None:
    assert judge_answer(code, status) is bounce
