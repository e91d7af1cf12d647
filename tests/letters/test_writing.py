"""The writers of letters: what they refuse, what they keep, and that none of them sends anything."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction

from pledges import record
from tests.support.records import judge, make_body, make_draft, make_pledge, make_source, make_user
from tracker.alerts.models import Alert, FollowUp
from tracker.letters import kept
from tracker.letters.models import Letter, LetterState
from tracker.letters.writing import attach_reply, discard, draft_again, draft_letter, edit_letter, mark_sent

from .support import LAPSE, NOW, TODAY, answer, late_pledge, make_letter, public_reply, send

pytestmark = pytest.mark.django_db
KIRITIMATI = "Pacific/Kiritimati"


def refused(act: Callable[[], object]) -> dict[str, list[str]]:
    """Return what a writer refused, by field; "" for what concerns none."""
    before = list(Letter.objects.order_by("pk").values())
    with pytest.raises(ValidationError) as caught:
        act()
    assert list(Letter.objects.order_by("pk").values()) == before
    error = caught.value
    return dict(error.message_dict) if hasattr(error, "error_dict") else {"": error.messages}


# --- drafting


def test_a_draft_knows_its_occasion_and_what_it_was_drafted_from() -> None:
    pledge, author = late_pledge(), make_user()
    rung = FollowUp.objects.create(
        pledge=pledge, deadline=pledge.current_deadline, days=7, reached_at=NOW + timedelta(days=7)
    )
    body = pledge.bodies.all()[0]
    letter = draft_letter(pledge=pledge, body=body, follow_up=rung, actor=author, now=NOW)
    assert (letter.state, letter.language, letter.direction) == (LetterState.DRAFT, "ar", "rtl")
    assert (letter.follow_up, letter.drafted_by, letter.drafted_at) == (rung, author, NOW)
    pledge.refresh_from_db()
    assert letter.pledge_position == pledge.head_position
    assert pledge.reference in letter.subject
    assert "A report will be handed in." in letter.text


def test_a_pledge_can_have_several_letters() -> None:
    pledge = late_pledge()
    first = make_letter(pledge=pledge)
    assert make_letter(pledge=pledge, now=NOW + timedelta(days=30)).pk != first.pk
    assert pledge.letters.count() == 2


def test_what_a_letter_can_not_rest_on() -> None:
    author, pledge = make_user(), late_pledge()
    draft = make_draft()
    words = refused(lambda: make_letter(pledge=draft))
    assert words == {"": ["A letter rests on the public record: this pledge is not public."]}
    stranger = make_body(actor=author)
    words = refused(lambda: make_letter(pledge=pledge, body=stranger))
    assert words == {"body": ["This body is not responsible for the pledge."]}
    words = refused(lambda: make_letter(pledge=pledge, language="ru"))
    assert words == {
        "language": ["A letter can be drafted in these languages: Arabic, English, Spanish, French."]
    }
    other = FollowUp.objects.create(pledge=make_pledge(), stale_since=TODAY, reached_at=NOW)
    words = refused(lambda: make_letter(pledge=pledge, follow_up=other))
    assert words == {"follow_up": ["This follow-up is about another pledge."]}


def test_of_a_pledge_that_is_judged_nothing_is_asked() -> None:
    pledge, author = late_pledge(), make_user()
    letter = make_letter(pledge=pledge)
    judge(
        pledge=pledge,
        status="fulfilled",
        effective_on=TODAY,
        reason="It was handed in.",
        sources=[make_source(actor=author)],
        actor=author,
        now=NOW,
    )
    says = {"": ["Nothing is missing: the delivery of this pledge is judged “Fulfilled”."]}
    assert refused(lambda: make_letter(pledge=pledge)) == says
    again: Any = {"letter": letter, "language": "fr", "actor": author, "now": NOW}
    assert refused(lambda: draft_again(**again)) == says


def test_drafting_again_follows_the_record_and_the_language() -> None:
    pledge, author = late_pledge(), make_user()
    letter = make_letter(pledge=pledge)
    edit_letter(letter=letter, subject="Mine", text="My words")
    later = NOW + timedelta(days=1)
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(latest=date(2025, 7, 10)),
        source=pledge.source,
        announced_on=TODAY,
        actor=author,
        now=later,
    )
    anew = draft_again(letter=letter, language="fr", actor=author, now=later)
    assert (anew.language, anew.drafted_at, anew.drafted_by) == ("fr", later, author)
    assert "10 juillet 2025" in anew.subject
    assert "My words" not in anew.text
    pledge.refresh_from_db()
    assert anew.pledge_position == pledge.head_position
    letter.refresh_from_db()
    assert (letter.subject, letter.text) == (anew.subject, anew.text)


# --- editing


def test_editing_keeps_what_was_typed() -> None:
    letter = make_letter()
    edit_letter(letter=letter, subject=" Our subject ", text="Dear Minister,\n\n    “words”\n")
    letter.refresh_from_db()
    assert (letter.subject, letter.text) == ("Our subject", "Dear Minister,\n\n    “words”")


def test_a_letter_needs_words() -> None:
    letter = make_letter()
    assert "subject" in refused(lambda: edit_letter(letter=letter, subject=" ", text="x"))
    assert "text" in refused(lambda: edit_letter(letter=letter, subject="x", text="\n"))
    assert "subject" in refused(lambda: edit_letter(letter=letter, subject="x" * 301, text="x"))


@pytest.mark.parametrize(
    "act",
    [
        lambda letter, seen: edit_letter(letter=letter, subject="b", text="b", seen_version=seen),
        lambda letter, seen: draft_again(
            letter=letter, language="fr", actor=letter.drafted_by, now=NOW, seen_version=seen
        ),
        lambda letter, seen: send(letter, seen_version=seen),
        lambda letter, seen: discard(letter=letter, reason="x", seen_version=seen),
    ],
)
def test_nobody_writes_over_what_they_have_not_seen(act: Callable[[Letter, int], Letter]) -> None:
    letter = make_letter()
    seen = letter.version
    fresh = edit_letter(letter=letter, subject="a", text="a", seen_version=seen)
    assert "Someone changed this letter meanwhile" in refused(lambda: act(letter, seen))[""][0]
    assert act(letter, fresh.version).version == fresh.version + 1


# --- sending


@pytest.mark.parametrize(
    ("sent_on", "says"),
    [
        (date(2025, 4, 8), "The letter was drafted later, on 9 April 2025."),
        (date(2025, 4, 9), ""),
        (date(2025, 4, 12), ""),
        (date(2025, 4, 13), "This day has not come yet."),
    ],
)
def test_the_day_of_sending_lies_between_drafting_and_today(sent_on: date, says: str) -> None:
    letter = make_letter()
    # In Damascus 12 April lasts for one more second.
    now = datetime(2025, 4, 12, 20, 59, 59, tzinfo=UTC)
    if says:
        assert refused(lambda: send(letter, on=sent_on, now=now)) == {"sent_on": [says]}
        return
    sent = send(letter, on=sent_on, now=now)
    assert (sent.state, sent.sent_on, sent.sent_how) == (LetterState.SENT, sent_on, "Registered post RR 1")


def test_days_are_those_of_the_zone_of_the_pledge() -> None:
    author = make_user()
    early = make_body(actor=author, country="KI", time_zone=KIRITIMATI)
    pledge = late_pledge(actor=author, bodies=[early])
    # There 9 April begins at 10:00 UTC on the eighth.
    before, after = (datetime(2025, 4, 8, 9, 59, tzinfo=UTC), datetime(2025, 4, 8, 10, 0, tzinfo=UTC))
    letter = make_letter(pledge=pledge, now=before)
    assert refused(lambda: send(letter, on=TODAY, now=before)) == {"sent_on": ["This day has not come yet."]}
    assert send(letter, on=TODAY, now=after).sent_on == TODAY


def test_how_it_was_sent_is_part_of_it() -> None:
    letter = make_letter()
    words = refused(lambda: send(letter, sent_how="  "))
    assert words == {"sent_how": ["Say how it was sent: by post, by hand, by e-mail."]}
    assert "sent_how" in refused(lambda: send(letter, sent_how="x" * 201))


def test_marked_once_more_corrects_the_day_and_the_way() -> None:
    letter = send(make_letter())
    later = NOW + timedelta(days=1)
    clerk = make_user()
    corrected = send(letter, on=later.date(), now=later, sent_how="By hand", actor=clerk)
    assert (corrected.sent_on, corrected.sent_how) == (date(2025, 4, 10), "By hand")
    assert corrected.sent_by == clerk


def test_nothing_that_is_written_down_sends_anything() -> None:
    mail.outbox = []
    letter = answer(send(make_letter()))
    discard(letter=make_letter(), reason="Overtaken.")
    assert letter.state == LetterState.ANSWERED
    assert mail.outbox == []
    assert Alert.objects.count() == 0


# --- the words of a sent letter


SENT_SAYS = "This letter was sent and is kept as it is: draft a new one."


@pytest.mark.parametrize("prepare", [send, lambda letter: answer(send(letter))])
def test_a_sent_letter_keeps_its_words(prepare: Callable[[Letter], Letter]) -> None:
    letter = prepare(make_letter())
    author = make_user()
    assert refused(lambda: edit_letter(letter=letter, subject="x", text="x")) == {"": [SENT_SAYS]}
    again: Any = {"letter": letter, "language": "fr", "actor": author, "now": NOW}
    assert refused(lambda: draft_again(**again)) == {"": [SENT_SAYS]}
    assert refused(lambda: discard(letter=letter, reason="x")) == {"": [SENT_SAYS]}


def test_an_answered_letter_was_sent_when_it_was_sent() -> None:
    letter = answer(send(make_letter()))
    assert refused(lambda: send(letter)) == {"": [SENT_SAYS]}


def test_the_database_keeps_the_words_too() -> None:
    letter = send(make_letter())
    rows = Letter.objects.filter(pk=letter.pk)
    unsent: Any = {"state": "draft", "sent_on": None, "sent_by": None, "sent_how": ""}
    for change in ({"text": "x"}, {"subject": "x"}, {"language": "fr"}, {"drafted_at": LAPSE}, unsent):
        with pytest.raises(DatabaseError, match=kept.REFUSAL), transaction.atomic():
            rows.update(**change)
    assert rows.get().text == letter.text
    # What came of it may still be written down, and so may the same words.
    assert rows.update(text=letter.text, sent_how="By hand") == 1


def test_control_the_words_of_a_draft_may_change() -> None:
    letter = make_letter()
    assert Letter.objects.filter(pk=letter.pk).update(text="x") == 1


def test_letters_are_not_deleted() -> None:
    letter = make_letter()
    with pytest.raises(DatabaseError, match=kept.REFUSAL), transaction.atomic():
        letter.delete()
    assert Letter.objects.count() == 1


def test_control_without_its_triggers_the_database_would_let_both_happen() -> None:
    letter = send(make_letter())
    with kept.lifted(connection):
        assert Letter.objects.filter(pk=letter.pk).update(text="x") == 1
        letter.delete()
    assert Letter.objects.count() == 0


def test_installing_twice_changes_nothing() -> None:
    kept.install(connection)
    test_letters_are_not_deleted()


@pytest.mark.parametrize(
    "fields",
    [
        {"subject": ""},
        {"text": ""},
        {"state": "sent"},
        {"sent_on": TODAY},
        {"state": "answered"},
        {"reply_text": "x"},
        {"state": "discarded"},
        {"discard_reason": "x"},
    ],
)
def test_the_database_refuses_half_a_story(fields: dict[str, Any]) -> None:
    letter = make_letter()
    with pytest.raises(DatabaseError), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**fields)


# --- what came back


def test_a_reply_is_kept_and_can_be_completed() -> None:
    letter = send(make_letter())
    answered = answer(letter, on=TODAY)
    assert (answered.state, answered.reply_on) == (LetterState.ANSWERED, TODAY)
    assert answered.reply_update is None
    update = public_reply(letter.pledge)
    completed = answer(
        letter, reply_text="We are working on it. (Original in folder 3.)", reply_update=update
    )
    assert completed.reply_update == update
    assert "folder 3" in completed.reply_text


@pytest.mark.parametrize(
    ("reply_on", "says"),
    [
        (date(2025, 4, 9), "The letter was sent later, on 10 April 2025."),
        (date(2025, 4, 10), ""),
        (date(2025, 4, 11), ""),
        (date(2025, 4, 12), "This day has not come yet."),
    ],
)
def test_the_day_of_the_reply_lies_between_sending_and_today(reply_on: date, says: str) -> None:
    now = NOW + timedelta(days=2)
    letter = send(make_letter(), on=date(2025, 4, 10), now=now)
    if says:
        assert refused(lambda: answer(letter, on=reply_on, now=now)) == {"reply_on": [says]}
    else:
        assert answer(letter, on=reply_on, now=now).reply_on == reply_on


def test_what_is_no_reply_is_refused() -> None:
    draft = make_letter()
    says = {"": ["Nothing can have come back: the letter was not sent."]}
    assert refused(lambda: answer(draft)) == says
    aside = discard(letter=make_letter(), reason="Overtaken.")
    assert refused(lambda: answer(aside)) == says
    letter = send(draft)
    assert refused(lambda: answer(letter, reply_text=" ")) == {"reply_text": ["Write down what came back."]}
    elsewhere = public_reply(late_pledge())
    words = refused(lambda: answer(letter, reply_update=elsewhere))
    assert words == {"reply_update": ["This is an update of another pledge."]}
    progress = public_reply(letter.pledge, kind="progress", by_body=None)
    words = refused(
        lambda: attach_reply(letter=letter, reply_on=TODAY, reply_text="x", reply_update=progress, now=NOW)
    )
    assert words == {"reply_update": ["This update is no reply of a body."]}


# --- put aside


def test_a_letter_put_aside_is_kept_with_the_reason() -> None:
    letter = make_letter()
    assert "discard_reason" in refused(lambda: discard(letter=letter, reason=" "))
    aside = discard(letter=letter, reason="The report came.")
    assert (aside.state, aside.discard_reason) == (LetterState.DISCARDED, "The report came.")
    says = {"": ["This letter was put aside and is kept as it is: draft a new one."]}
    assert refused(lambda: edit_letter(letter=letter, subject="x", text="x")) == says
    assert refused(lambda: discard(letter=letter, reason="again")) == says
    mark: Any = {"letter": letter, "sent_on": TODAY, "sent_how": "x", "actor": make_user(), "now": NOW}
    assert refused(lambda: mark_sent(**mark)) == says


# --- what waits


@pytest.mark.parametrize(("age", "counts"), [(-1, False), (0, False), (1, True)])
def test_a_draft_waits_too_long_after_seven_days(age: int, counts: bool) -> None:
    make_letter()
    moment = NOW + timedelta(days=7, microseconds=age)
    assert Letter.objects.unsent(now=moment).exists() is counts


def test_what_is_sent_or_put_aside_waits_no_longer_as_a_draft() -> None:
    send(make_letter())
    discard(letter=make_letter(), reason="Overtaken.")
    assert not Letter.objects.unsent(now=NOW + timedelta(days=99)).exists()


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        # Sent on 9 April: in Damascus 9 May is the thirtieth day after, and ends at 21:00 UTC.
        (datetime(2025, 5, 9, 20, 59, 59, tzinfo=UTC), False),
        (datetime(2025, 5, 9, 21, 0, tzinfo=UTC), True),
    ],
)
def test_a_letter_is_unanswered_for_long_after_thirty_days_of_its_own_zone(
    moment: datetime, counts: bool
) -> None:
    send(make_letter())
    answer(send(make_letter()))
    assert Letter.objects.unanswered(now=moment).exists() is counts


def test_each_letter_is_counted_by_its_own_zone() -> None:
    author = make_user()
    send(make_letter())
    early = make_body(actor=author, country="KI", time_zone=KIRITIMATI)
    there = send(make_letter(pledge=late_pledge(actor=author, bodies=[early])))
    # It is 10 May on Kiritimati and still 9 May in Damascus.
    moment = datetime(2025, 5, 9, 12, 0, tzinfo=UTC)
    assert list(Letter.objects.unanswered(now=moment)) == [there]
