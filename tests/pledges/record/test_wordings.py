"""Translations of our own texts: written by one verb, in the log, and never of words that no longer stand."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from pledges import record
from pledges.ledger.dump import public_events
from pledges.ledger.verifying import verify
from pledges.models import Body, Case, Event, Pledge, Wording
from pledges.wordings import in_language
from tests.pledges.ledger.attacks import run
from tests.support.records import (
    NOON_4_APRIL,
    make_body,
    make_case,
    make_draft,
    make_pledge,
    make_reviewer,
    make_user,
)

pytestmark = pytest.mark.django_db
TITLE = "Release a detailed report"
ARABIC = "نشر تقرير مفصّل"
OTHER = "نشر تقرير مفصّل كامل"


def translate(subject: Pledge | Case | Body, text: str = ARABIC, **changes: Any) -> None:
    given: dict[str, Any] = {"field": "title", "language": "ar", "now": NOON_4_APRIL}
    if "actor" not in changes:
        given["actor"] = make_user()
    record.translate(subject=subject, text=text, **(given | changes))


def shown(subject: Pledge | Case | Body, language: str = "ar", field: str = "title") -> str:
    fresh = type(subject)._default_manager.get(pk=subject.pk)
    in_language([fresh], language)
    return fresh.words(field).text


def last(subject: Pledge | Case | Body) -> Event:
    return Event.objects.filter(stream=subject.stream).order_by("position").reverse()[0]


def test_a_first_translation_is_an_event_and_no_correction() -> None:
    pledge = make_pledge()
    translate(pledge)
    event = last(pledge)
    assert (event.kind, event.position) == ("translated", 4)
    assert event.payload == {
        "wording": "title",
        "language": "ar",
        "original": TITLE,
        "before": "",
        "after": ARABIC,
        "reason": "",
    }
    assert shown(pledge) == ARABIC
    assert event in Event.objects.published()
    assert event not in Event.objects.corrections()
    assert verify().faults == []


def test_the_original_stays_what_it_was() -> None:
    pledge = make_pledge()
    translate(pledge)
    pledge.refresh_from_db()
    assert pledge.title == TITLE
    assert shown(pledge, "en") == shown(pledge, "fr") == TITLE


def test_changing_what_readers_see_needs_a_reason_and_is_a_correction() -> None:
    pledge = make_pledge()
    translate(pledge)
    with pytest.raises(ValidationError, match="say why it is changed"):
        translate(pledge, OTHER)
    assert shown(pledge) == ARABIC
    translate(pledge, OTHER, reason=" The adjective was missing. ")
    event = last(pledge)
    assert (event.payload["before"], event.payload["after"]) == (ARABIC, OTHER)
    assert event.payload["reason"] == "The adjective was missing."
    assert event in Event.objects.corrections()
    assert shown(pledge) == OTHER
    assert Wording.objects.count() == 1
    assert verify().faults == []


def test_what_says_the_same_writes_nothing() -> None:
    pledge = make_pledge()
    translate(pledge)
    before = Event.objects.count()
    translate(pledge, f"  {ARABIC} ")
    translate(pledge, "", language="fr")
    assert Event.objects.count() == before
    assert not Wording.objects.filter(language="fr").exists()


def test_a_translation_can_be_taken_back() -> None:
    pledge = make_pledge()
    translate(pledge)
    translate(pledge, "", reason="It said more than the original.")
    assert shown(pledge) == TITLE
    assert last(pledge) in Event.objects.corrections()
    # What was taken back is shown to nobody: to give it anew is a first translation.
    translate(pledge, OTHER)
    assert shown(pledge) == OTHER
    assert verify().faults == []


def correct_title(pledge: Pledge, title: str) -> None:
    record.amend_pledge(
        pledge=pledge, changes={"title": title}, reason="A slip.", actor=make_user(), now=NOON_4_APRIL
    )


def test_a_corrected_title_makes_its_translations_stale_until_confirmed() -> None:
    pledge = make_pledge()
    translate(pledge)
    correct_title(pledge, "Release a report")
    assert shown(pledge) == "Release a report"
    translate(pledge)
    event = last(pledge)
    assert (event.payload["original"], event.payload["after"]) == ("Release a report", ARABIC)
    assert event not in Event.objects.corrections()
    assert shown(pledge) == ARABIC
    assert verify().faults == []


def test_a_stale_translation_is_renewed_without_a_reason() -> None:
    pledge = make_pledge()
    translate(pledge)
    correct_title(pledge, "Release a full report")
    translate(pledge, OTHER)
    assert shown(pledge) == OTHER
    assert last(pledge).payload["reason"] == ""


def test_the_old_words_again_make_the_old_translation_good_again() -> None:
    pledge = make_pledge()
    translate(pledge)
    correct_title(pledge, "Release a report")
    correct_title(pledge, TITLE)
    assert shown(pledge) == ARABIC


def test_another_field_makes_nothing_stale() -> None:
    pledge = make_pledge(note="Mind the date.")
    translate(pledge)
    translate(pledge, "انتبهوا إلى التاريخ.", field="note")
    correct_title(pledge, "Release a report")
    assert shown(pledge, field="note") == "انتبهوا إلى التاريخ."


def test_cases_and_bodies_are_translated_too() -> None:
    pledge = make_pledge(
        case=make_case(actor=make_user(), title="Coast", summary="What happened."),
        bodies=[make_body(actor=make_user(), name="Commission", description="Seven members.")],
    )
    body = pledge.bodies.get()
    for subject, field, text in (
        (pledge.case, "title", "الساحل"),
        (pledge.case, "summary", "ما حدث."),
        (body, "name", "اللجنة"),
        (body, "description", "سبعة أعضاء."),
    ):
        translate(subject, text, field=field)
        assert last(subject).kind == "translated"
        assert shown(subject, field=field) == text
    with pytest.raises(ValidationError, match="say why"):
        translate(body, "لجنة", field="name")
    translate(body, "لجنة", field="name", reason="No article.")
    assert last(body) in Event.objects.corrections()
    record.amend_subject(
        subject=body, changes={"name": "Council"}, reason="Renamed.", actor=make_user(), now=NOON_4_APRIL
    )
    assert shown(body, field="name") == "Council"
    assert verify().faults == []


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"field": "action"}, "field", "title, quote, speaker, note"),
        ({"field": "summary"}, "field", "title, quote, speaker, note"),
        ({"language": "de"}, "language", "en, ar, fr, es"),
        ({"language": "en"}, "language", "language of the original"),
        ({"field": "note"}, "text", "nothing to translate"),
        ({"text": "ا" * 201}, "text", "at most 200 characters"),
        ({"text": "سطر\nسطر"}, "text", "one line"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, str], field: str, says: str) -> None:
    pledge = make_pledge()
    with pytest.raises(ValidationError) as refused:
        translate(pledge, **changes)
    assert says in " ".join(refused.value.message_dict[field])
    assert not Wording.objects.exists()
    assert last(pledge).kind == "published"


def test_a_title_of_two_hundred_letters_fits() -> None:
    pledge = make_pledge()
    translate(pledge, "ا" * 200)
    assert shown(pledge) == "ا" * 200


def test_words_in_another_language_than_the_sites_are_translated_into_it() -> None:
    pledge = make_pledge(title=ARABIC, original_language="ar")
    translate(pledge, TITLE, language="en")
    assert (shown(pledge, "en"), shown(pledge, "ar")) == (TITLE, ARABIC)
    with pytest.raises(ValidationError):
        translate(pledge, language="ar")


def test_one_who_has_not_seen_the_last_change_is_refused() -> None:
    pledge = make_pledge()
    with pytest.raises(ValidationError, match="Someone changed this"):
        translate(pledge, seen_position=pledge.head_position - 1)
    translate(pledge, seen_position=pledge.head_position)
    assert shown(pledge) == ARABIC


def test_translations_of_a_draft_are_told_by_its_publication_alone() -> None:
    draft = make_draft()
    translate(draft, "Σ the secret first try", actor=draft.created_by)
    translate(draft, ARABIC, actor=draft.created_by)
    translate(draft, "Rapport", language="fr", actor=draft.created_by)
    record.amend_pledge(
        pledge=draft, changes={"title": "Release a report"}, actor=draft.created_by, now=NOON_4_APRIL
    )
    translate(draft, ARABIC, actor=draft.created_by)
    assert {event.kind for event in Event.objects.filter(pledge=draft)} == {
        "recorded",
        "deadline_set",
        "amended",
    }
    record.publish(pledge=draft, actor=make_reviewer(), now=NOON_4_APRIL)
    # The French one was stale.
    assert last(draft).payload["wordings"] == {"title": {"ar": ARABIC}}
    told = str(list(public_events()))
    assert ARABIC in told
    assert "secret first try" not in told
    assert "Rapport" not in told
    assert verify().faults == []


def test_a_translator_of_a_draft_can_not_publish_it() -> None:
    draft, reviewer = make_draft(), make_reviewer()
    translate(draft, actor=reviewer)
    with pytest.raises(ValidationError, match="your own words"):
        record.publish(pledge=draft, actor=reviewer, now=NOON_4_APRIL)


def test_an_event_is_on_the_day_of_the_pledges_zone() -> None:
    pledge = make_pledge()
    # 22:30 UTC on 4 April is 5 April in Damascus.
    translate(pledge, now=NOON_4_APRIL + timedelta(hours=13, minutes=30))
    assert last(pledge).happened_on.isoformat() == "2025-04-05"


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("UPDATE pledges_wording SET text = 'stronger' WHERE language = 'ar'", "another translation"),
        ("UPDATE pledges_wording SET original = 'other' WHERE language = 'ar'", "another translation"),
        ("DELETE FROM pledges_wording WHERE language = 'ar'", "is missing"),
        ("UPDATE pledges_wording SET language = 'es' WHERE language = 'ar'", "no event wrote"),
    ],
)
def test_a_translation_changed_behind_the_writers_is_found(sql: str, says: str) -> None:
    pledge = make_pledge()
    body = pledge.bodies.get()
    for subject, field in ((pledge, "title"), (body, "name")):
        for language in ("ar", "fr"):
            translate(subject, "نص", field=field, language=language)
    assert verify().faults == []
    run(sql)
    found = verify().faults
    assert {fault.stream for fault in found} == {pledge.stream, body.stream}
    assert any(says in str(fault) for fault in found)


def test_the_database_refuses_a_translation_of_two_subjects_or_of_none() -> None:
    pledge = make_pledge()
    translate(pledge)
    row = Wording.objects.get()
    for subjects in ({"case": pledge.case}, {"pledge": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Wording.objects.filter(pk=row.pk).update(**subjects)
    row.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)
