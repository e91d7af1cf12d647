"""Translations of what entries of a pledge's log say: of words that stand, in any language but theirs."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from pledges import record
from pledges.entry_words import ORIGINAL, entries_in_words, entry_here, number_of, told_here
from pledges.event_words import text
from pledges.ledger.dump import public_events
from pledges.ledger.verifying import verify
from pledges.models import Event, Pledge, Update, Wording
from pledges.wordings import in_language, originals, stale_entries
from tests.support.records import NOON_4_APRIL, judge, make_draft, make_pledge, make_reviewer, make_user

pytestmark = pytest.mark.django_db
SEEN, SAW = "The commission meets.", "اجتمعت اللجنة."
WHY, BECAUSE = "It is at work.", "إنها تعمل."


def add_update(pledge: Pledge, **changes: Any) -> Update:
    facts: dict[str, Any] = {"kind": "progress", "text": SEEN, "happened_on": pledge.made_on}
    given = facts | {"sources": [pledge.source], "actor": make_user(), "now": NOON_4_APRIL} | changes
    return record.add_update(pledge=pledge, **given)


def with_entries(make: Callable[[], Pledge] = make_pledge) -> tuple[Pledge, str, str]:
    """Return a pledge with an update and an assessment, and the fields under which these are translated."""
    pledge = make()
    update = add_update(pledge)
    judge(
        pledge=pledge,
        actor=make_user(),
        now=NOON_4_APRIL,
        status="in_progress",
        effective_on=pledge.made_on,
        reason=WHY,
        updates=[update],
    )
    fields = {words.text: field for field, words in originals(pledge).items()}
    return pledge, fields[SEEN], fields[WHY]


def translate(pledge: Pledge, field: str, words: str = SAW, **changes: Any) -> None:
    given: dict[str, Any] = {"language": "ar", "actor": make_user(), "now": NOON_4_APRIL} | changes
    record.translate(subject=pledge, field=field, text=words, **given)


def told(pledge: Pledge, language: str = "ar") -> list[str]:
    """What the entries say on a page in `language`."""
    fresh = Pledge.objects.get(pk=pledge.pk)
    in_language([], language, told=[fresh])
    events = Event.objects.published().filter(pledge=pledge).order_by("position")
    return [text(told_here(event, fresh)) for event, _words in entries_in_words(fresh, events)]


def correct(pledge: Pledge, words: str) -> None:
    record.amend_update(
        update=pledge.updates.get(),
        changes={"text": words},
        reason="A slip.",
        actor=make_user(),
        now=NOON_4_APRIL,
    )


def test_updates_and_assessments_are_told_in_the_readers_language() -> None:
    pledge, update, assessment = with_entries()
    translate(pledge, update)
    translate(pledge, assessment, BECAUSE)
    assert told(pledge) == [SAW, BECAUSE]
    assert told(pledge, "en") == told(pledge, "fr") == [SEEN, WHY]
    assert verify().faults == []


def test_the_stored_event_is_left_as_it_is_and_the_told_one_keeps_the_original() -> None:
    pledge, update, _assessment = with_entries()
    translate(pledge, update)
    in_language([], "ar", told=[pledge])
    event = Event.objects.get(pledge=pledge, position=number_of(update))
    here = told_here(event, pledge)
    assert (here.payload["text"], here.payload["language"], here.payload[ORIGINAL]) == (SAW, "ar", SEEN)
    assert event.payload["text"] == SEEN
    assert ORIGINAL not in event.payload
    assert (entry_here(pledge, SEEN).text, entry_here(pledge, "Other.").text) == (SAW, "Other.")


def test_why_the_first_date_is_that_one_is_told_by_the_ledger_alone() -> None:
    why, because = "So says the gazette.", "بحسب الجريدة الرسمية."
    terms = record.DeadlineTerms(phrase="within one month", latest=date(2025, 5, 4), reason=why)
    pledge = make_pledge(deadline=terms)
    [field] = [field for field, words in originals(pledge).items() if words.text == why]
    translate(pledge, field, because)
    in_language([], "ar", told=[pledge])
    event = Event.objects.get(pledge=pledge, kind="deadline_set")
    assert told_here(event, pledge) is event
    assert text(event) == "Due by the end of 4 May 2025."
    assert entry_here(pledge, why).text == because


def test_without_being_told_the_entries_are_not_loaded() -> None:
    pledge, update, _assessment = with_entries()
    translate(pledge, update)
    in_language([pledge], "ar")
    assert not pledge.entries_here


def test_a_corrected_update_makes_its_translations_stale_until_confirmed() -> None:
    pledge, update, assessment = with_entries()
    translate(pledge, update)
    translate(pledge, assessment, BECAUSE)
    assert stale_entries() == []
    correct(pledge, "The commission met twice.")
    assert told(pledge) == ["The commission met twice.", BECAUSE]
    assert [(row.field, row.pledge) for row in stale_entries()] == [(update, pledge)]
    translate(pledge, update)
    assert told(pledge) == [SAW, BECAUSE]
    assert stale_entries() == []
    # The old words again: nothing says them in Arabic any more, and somebody must look.
    correct(pledge, SEEN)
    assert told(pledge)[0] == SEEN
    assert verify().faults == []


def test_what_is_stale_is_found_in_two_statements(django_assert_num_queries: Any) -> None:
    found = []
    for _n in range(3):
        pledge, update, _assessment = with_entries()
        translate(pledge, update)
        correct(pledge, "The commission met twice.")
        found.append(pledge)
    with django_assert_num_queries(2):
        assert [row.pledge for row in stale_entries()] == found


def test_changing_what_readers_see_needs_a_reason_and_is_a_correction() -> None:
    pledge, update, _assessment = with_entries()
    translate(pledge, update)
    with pytest.raises(ValidationError, match="say why it is changed"):
        translate(pledge, update, "اجتمعت.")
    translate(pledge, update, "اجتمعت.", reason="Shorter.")
    assert told(pledge)[0] == "اجتمعت."
    assert Event.objects.corrections().get().payload["wording"] == update
    translate(pledge, update, "", reason="Wrong.")
    assert told(pledge)[0] == SEEN


def test_an_update_in_arabic_is_translated_into_any_other_language() -> None:
    pledge = make_pledge(original_language="ar")
    add_update(pledge, text=SAW, language="ar", translation="It met.", translation_language="en")
    [field] = [field for field, words in originals(pledge).items() if words.text == SAW]
    with pytest.raises(ValidationError, match="language of the original"):
        translate(pledge, field)
    translate(pledge, field, "La commission se réunit.", language="fr")
    in_language([], "fr", told=[pledge])
    here = told_here(Event.objects.get(pledge=pledge, position=number_of(field)), pledge)
    # Who reads it in French needs no English beside it.
    assert (text(here), here.payload["translation"]) == ("La commission se réunit.", "")


def test_what_a_body_answered_is_not_ours_to_translate() -> None:
    pledge = make_pledge()
    add_update(pledge, kind="reply", text="We are on time.", by_body=pledge.bodies.get())
    assert "We are on time." not in {words.text for words in originals(pledge).values()}


@pytest.mark.parametrize("field", ["entry-1", "entry-99", "entry-", "entry-x", "entry"])
def test_an_entry_without_words_of_ours_is_named(field: str) -> None:
    pledge, update, _assessment = with_entries()
    with pytest.raises(ValidationError, match="not translated here") as refused:
        translate(pledge, field)
    assert update in str(refused.value)
    assert not Wording.objects.exists()


def test_those_of_a_draft_are_told_by_its_publication_alone() -> None:
    draft, update, _assessment = with_entries(make_draft)
    translate(draft, update, "Σ the secret first try", actor=draft.created_by)
    correct(draft, "The commission met twice.")
    translate(draft, update, actor=draft.created_by)
    record.publish(pledge=draft, actor=make_reviewer(), now=NOON_4_APRIL)
    published = Event.objects.get(pledge=draft, kind="published")
    assert published.payload["wordings"] == {update: {"ar": SAW}}
    assert "secret first try" not in str(list(public_events()))
    assert told(draft)[0] == SAW
    assert verify().faults == []


@pytest.mark.parametrize("field", ["entry", "title"])
def test_what_was_stale_in_a_draft_is_never_told(field: str) -> None:
    draft, update, _assessment = with_entries(make_draft)
    field = update if field == "entry" else field
    title = draft.title
    translate(draft, field, "Σ the secret first try", actor=draft.created_by)
    author, reviewer = draft.created_by, make_reviewer()
    if field == update:
        correct(draft, "The commission met twice.")
    else:
        amend_title(draft, "Other", author)
    record.publish(pledge=draft, actor=reviewer, now=NOON_4_APRIL)
    # Neither when it is made anew, nor when the old words stand again.
    translate(draft, field, SAW)
    translate(draft, field, "", reason="Wrong.")
    if field == update:
        correct(draft, SEEN)
    else:
        amend_title(draft, title, author)
    fresh = Pledge.objects.get(pk=draft.pk)
    in_language([fresh], "ar")
    assert fresh.words("title").text == title
    assert told(draft) == [SEEN, WHY]
    assert "secret first try" not in str(list(public_events()))
    assert verify().faults == []
    # Who published it may do so again: to take back is nobody's writing.
    record.unpublish(pledge=draft, reason="To be checked.", actor=reviewer, now=NOON_4_APRIL)
    record.publish(pledge=draft, actor=reviewer, now=NOON_4_APRIL)


def amend_title(pledge: Pledge, title: str, actor: User) -> None:
    record.amend_pledge(
        pledge=pledge, changes={"title": title}, reason="A slip.", actor=actor, now=NOON_4_APRIL
    )


def test_into_the_language_of_our_texts_words_are_translated_where_they_stand() -> None:
    pledge = make_pledge(quote="نحقق.", quote_language="ar")
    add_update(pledge, text=SAW, language="ar", translation="It met.", translation_language="en")
    [field] = [field for field, words in originals(pledge).items() if words.text == SAW]
    for name in ("quote", field):
        with pytest.raises(ValidationError, match="stands with the words themselves"):
            translate(pledge, name, "It met.", language="en")
        translate(pledge, name, "Elle s’est réunie.", language="fr")
    assert told(pledge, "fr") == ["Elle s’est réunie."]


def test_a_translation_into_what_turns_out_to_be_its_own_language_stands_no_more() -> None:
    pledge = make_pledge(quote="Nous enquêtons.", quote_language="fr")
    add_update(pledge, text="Elle se réunit.", language="en")
    [update] = [field for field, words in originals(pledge).items() if words.text == "Elle se réunit."]
    translate(pledge, "quote", "نحقق.")
    translate(pledge, update, "Elle s’est réunie.", language="fr")
    record.amend_pledge(
        pledge=pledge, changes={"quote_language": "ar"}, reason="A slip.", actor=make_user(), now=NOON_4_APRIL
    )
    record.amend_update(
        update=pledge.updates.get(),
        changes={"language": "fr"},
        reason="A slip.",
        actor=make_user(),
        now=NOON_4_APRIL,
    )
    fresh = Pledge.objects.get(pk=pledge.pk)
    in_language([fresh], "ar")
    assert fresh.words("quote").text == "Nous enquêtons."
    assert told(pledge, "fr") == ["Elle se réunit."]
    # And it can be taken back.
    translate(pledge, "quote", "", reason="No translation.")
    translate(pledge, update, "", language="fr", reason="No translation.")
    assert not Wording.objects.exclude(text="")


def test_entries_with_the_same_words_have_translations_of_their_own() -> None:
    pledge = make_pledge()
    first, second = add_update(pledge), add_update(pledge, kind="note")
    assert first.text == second.text
    one, other = [field for field, words in originals(pledge).items() if words.text == SEEN]
    for field in (one, other):
        translate(pledge, field, "خطأ")
    translate(pledge, one, SAW, reason="It was wrong.")
    assert told(pledge) == [SAW, "خطأ"]
    translate(pledge, other, "", reason="It was wrong.")
    assert told(pledge) == [SAW, SEEN]
