"""What a letter says of the search for evidence, and of the letters and replies before it."""

from datetime import date, timedelta
from typing import Any

import pytest

from pledges import record
from tests.support.records import judge, make_body, make_source, make_user
from tracker.letters.writing import discard

from .support import LANGUAGES, LAPSE, NOW, answer, late_pledge, make_letter, public_reply, said, send

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("status", "checked", "words"),
    [
        ("", False, "has passed. No evidence of its delivery is on our record, nor is a search for it."),
        (
            "",
            True,
            "has passed. We looked for public evidence of its delivery up to 9 April 2025 and found none.",
        ),
        (
            "in_progress",
            True,
            "Work on it has been reported. We looked for public evidence of its delivery up to 9",
        ),
        (
            "partly_fulfilled",
            True,
            "delivered in part. We looked for public evidence of the rest up to 9 April",
        ),
    ],
)
def test_of_evidence_it_says_what_was_looked_for(status: str, checked: bool, words: str) -> None:
    pledge, author = late_pledge(), make_user()
    if status:
        sources = [make_source(actor=author, now=NOW)]
        judgement: dict[str, Any] = {"status": status, "effective_on": date(2025, 4, 9), "reason": "Seen."}
        judge(pledge=pledge, actor=author, now=NOW, sources=sources, **judgement)
    elif checked:
        record.record_check(pledge=pledge, checked_on=date(2025, 4, 9), actor=author, now=NOW)
    assert words in said(pledge)


def test_before_the_date_nothing_is_said_of_evidence_but_what_was_done() -> None:
    early, author = LAPSE - timedelta(days=1), make_user()
    partly = late_pledge()
    sources = [make_source(actor=author)]
    judgement: dict[str, Any] = {"status": "partly_fulfilled", "effective_on": date(2025, 4, 7)}
    judge(pledge=partly, actor=author, now=early, sources=sources, reason="Seen.", **judgement)
    text = said(partly, now=early)
    assert "It is due on 8 April 2025. It has been delivered in part." in text
    assert "We looked" not in text
    assert "evidence of its delivery" not in said(late_pledge(), now=LAPSE - timedelta(microseconds=1))


def test_letters_before_this_one_are_told_and_what_came_of_them() -> None:
    pledge = late_pledge()
    assert "We wrote to you" not in said(pledge)
    send(make_letter(pledge=pledge))
    make_letter(pledge=pledge)
    discard(letter=make_letter(pledge=pledge), reason="Overtaken.")
    text = said(pledge)
    assert (
        "We wrote to you about it on 9 April 2025. No reply to our letter of 9 April 2025 is on our record."
        in text
    )
    later = NOW + timedelta(days=30)
    second = send(make_letter(pledge=pledge, now=later), on=date(2025, 5, 9), now=later)
    text = said(pledge, now=later)
    assert "on 9 April 2025 and 9 May 2025. No reply to our letters of 9 April 2025 and 9 May 2025 is" in text
    answer(second, on=date(2025, 5, 9), now=later)
    text = said(pledge, now=later)
    assert "We thank you for your reply of 9 May 2025." in text
    assert "No reply" not in text


def test_a_public_reply_is_a_reply() -> None:
    pledge = late_pledge()
    send(make_letter(pledge=pledge))
    public_reply(pledge)
    text = said(pledge)
    assert "We thank you for your reply of 9 April 2025." in text
    assert "No reply" not in text


def test_letters_to_another_body_are_not_told() -> None:
    author = make_user()
    bodies = [make_body(actor=author, name=name) for name in ("Army", "Ministry")]
    pledge = late_pledge(actor=author, bodies=bodies)
    send(make_letter(pledge=pledge, body=bodies[0]))
    public_reply(pledge, by_body=bodies[0])
    assert "We wrote to you" in said(pledge, body=bodies[0])
    text = said(pledge, body=bodies[1])
    assert "We wrote to you" not in text
    assert "We thank you" not in text
    assert "responsible: Ministry (together with: Army)." in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_letter_or_several_in_every_language(language: str) -> None:
    pledge = late_pledge()
    send(make_letter(pledge=pledge))
    one = said(pledge, language=language)
    later = NOW + timedelta(days=30)
    send(make_letter(pledge=pledge, now=later), on=date(2025, 5, 9), now=later)
    several = said(pledge, language=language, now=later)
    words = {
        "en": ("our letter of 9", "our letters of 9"),
        "fr": ("notre lettre du 9", "nos lettres des 9"),
        "es": ("nuestra carta del 9", "nuestras cartas de los días 9"),
        "ar": ("رسالتنا المؤرخة في 9", "رسائلنا المؤرخة في 9"),
    }[language]
    assert [words[0] in one, words[1] in one] == [True, False]
    assert [words[0] in several, words[1] in several] == [False, True]
