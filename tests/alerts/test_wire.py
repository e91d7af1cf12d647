"""A mail as bytes: what was written arrives, and nothing that fills a slot can change its structure."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.alerts import wire
from tracker.alerts.mails.base import Parts, slot
from tracker.alerts.wire import Pattern, UnsafeValueError, as_stored, pattern

pytestmark = pytest.mark.once
HEAD = {
    "to": "a@readers.example",
    "message_id": "<alert-1@pledges.example>",
    "date": "Mon, 05 May 2025 05:00:00 +0000",
}
SENDER = "Pledge tracker <tracker@pledges.example>"
# What no mail can carry anyway is left out; so are the two signs that mark a slot.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ue000\ue001") | st.just("\n")
)


def written(parts: Parts, **headers: str) -> Pattern:
    return pattern(parts, sender=SENDER, headers=headers)


def parsed(raw: bytes) -> EmailMessage:
    message = message_from_bytes(as_stored(raw), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


def part(message: EmailMessage, kind: str) -> str:
    body = message.get_body((kind,))
    assert body is not None
    assert not body.defects
    return str(body.get_content())


def lines(text: str) -> list[str]:
    return [line.rstrip(" \t") for line in text.rstrip("\n").split("\n")]


@given(text=TEXT, html=TEXT, subject=st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=200))
def test_what_was_written_arrives(text: str, html: str, subject: str) -> None:
    message = parsed(written(Parts(subject, text, html)).fill(HEAD))
    assert lines(part(message, "plain")) == lines(text)
    assert lines(part(message, "html")) == lines(html)
    assert " ".join(str(message["Subject"]).split()) == " ".join(subject.split())
    assert [each.get_content_type() for each in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]


@given(
    before=TEXT,
    after=TEXT,
    token=st.from_regex(r"[a-z0-9]{1,20}(-[a-z0-9]{1,6})?\.[0-9a-f]{32}", fullmatch=True),
)
def test_what_fills_a_slot_stands_where_the_slot_stood(before: str, after: str, token: str) -> None:
    parts = Parts("News", f"{before}({slot('leave')}){after}", f'<a href="{slot("leave")}">')
    raw = written(parts, **{"List-Unsubscribe": f"<https://pledges.example/{slot('leave')}>"}).fill(
        {**HEAD, "leave": token}
    )
    message = parsed(raw)
    assert lines(part(message, "plain")) == lines(f"{before}({token}){after}")
    assert f'href="{token}"' in part(message, "html")
    assert message["List-Unsubscribe"] == f"<https://pledges.example/{token}>"
    assert parts.filled({"leave": token}).text == f"{before}({token}){after}"


@given(text=TEXT)
def test_it_is_plain_ascii_in_lines_of_at_most_76_that_end_in_crlf(text: str) -> None:
    raw = written(Parts("News", f"{text}{slot('leave')}{text}", text)).fill({**HEAD, "leave": "x" * 75})
    assert raw.isascii()
    assert raw.endswith(b"--\r\n.\r\n")
    assert raw.replace(b"\r\n", b"").count(b"\n") == raw.replace(b"\r\n", b"").count(b"\r") == 0
    body = raw.split(b"\r\n\r\n", 1)[1]
    assert max(len(line) for line in body.split(b"\r\n")) <= 77  # one more where a dot was doubled


def test_a_line_that_begins_with_a_dot_does_not_end_the_message() -> None:
    raw = written(Parts("News", "one\n.\n.two\n", "x")).fill(HEAD)
    assert raw.count(b"\r\n.\r\n") == 1
    assert raw.endswith(b"\r\n.\r\n")
    assert part(parsed(raw), "plain").splitlines() == ["one", ".", ".two"]


def test_no_text_can_end_its_part() -> None:
    mail = written(Parts("News", "x", "x"))
    again = written(Parts("News", f"--{mail.boundary.decode()}--\n", "the second part"))
    # Quoted-printable never has "=_": even who knows the boundary can't write it.
    raw = Pattern(again.literals, again.names, again.in_body, mail.boundary).fill(HEAD)
    assert mail.boundary not in raw


@pytest.mark.parametrize(
    "value",
    [
        "a@b.example\r\nBcc: all@ngo.example",
        "a@b.example\nBcc: all@ngo.example",
        "a@b.example\r\n\r\nbody",
        "a@b.example\x00",
        "a@b.example\u2028Bcc: x",
        "a@b.example\x85Bcc: x",
        "ü@b.example",
        "",
        " a@b.example",
        ".",
        "-- a",
        "x" * 401,
    ],
)
def test_nothing_gets_into_the_head_that_could_be_a_line_of_its_own(value: str) -> None:
    mail = written(Parts("News", "text", "html"))
    with pytest.raises(UnsafeValueError, match="“to” can't stand in a mail"):
        mail.fill({**HEAD, "to": value})


@pytest.mark.parametrize("value", ["a=20", "a b", 'a"b', "<b>", "a\r\n.\r\n", "", ".x", "--x", "é", "x" * 76])
def test_what_stands_in_a_body_means_nothing_to_html_or_mime(value: str) -> None:
    mail = written(Parts("News", slot("leave"), slot("leave")))
    with pytest.raises(UnsafeValueError, match="“leave”"):
        mail.fill({**HEAD, "leave": value})


def test_the_structure_is_checked_even_if_the_values_were_not(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second guard by itself: with the first one off, a new line is still noticed."""
    monkeypatch.setattr(wire, "_IN_HEAD", re.compile(".*", re.DOTALL))
    mail = written(Parts("News", "text", "html"))
    for value in ("a@b.example\r\nBcc: x@y.example", f"--{mail.boundary.decode()}"):
        with pytest.raises(UnsafeValueError, match="structure"):
            mail.fill({**HEAD, "to": value})


def test_a_subject_in_arabic_and_a_sender_with_a_comma() -> None:
    mail = pattern(
        Parts("تجاوز الموعد: تقرير مفصل " * 8, "x", "x"),
        sender='"Tracker, pledges" <tracker@pledges.example>',
        headers={},
    )
    raw = mail.fill(HEAD)
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    message = parsed(raw)
    assert str(message["Subject"]).strip() == ("تجاوز الموعد: تقرير مفصل " * 8).strip()
    assert message["From"] == '"Tracker, pledges" <tracker@pledges.example>'
