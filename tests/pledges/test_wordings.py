"""Texts in one language for a page: one statement, and none where there is nothing to translate."""

import pytest
from django.conf import LazySettings
from pytest_django import DjangoAssertNumQueries

from pledges import record
from pledges.models import Pledge
from pledges.wordings import in_language
from tests.support.records import NOON_4_APRIL, make_pledge, make_user

pytestmark = pytest.mark.django_db


def three() -> list[Pledge]:
    """Pledges whose title, case and body are called in Arabic what they are called in English, marked."""
    actor, pledges = make_user(), [make_pledge(note="Mind.") for _ in range(3)]
    for pledge in pledges:
        for subject in (pledge, pledge.case, pledge.bodies.get()):
            record.translate(
                subject=subject,
                field=subject.worded[0],
                language="ar",
                text=f"ع {subject.name_here}",
                actor=actor,
                now=NOON_4_APRIL,
            )
    return list(Pledge.objects.select_related("case").prefetch_related("bodies").order_by("pk"))


def test_pledges_with_their_cases_and_bodies_in_one_statement(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    pledges = three()
    with django_assert_num_queries(1):
        in_language(pledges, "ar")
        for pledge in pledges:
            for subject in (pledge, pledge.case, *pledge.bodies.all()):
                own = getattr(subject, subject.worded[0])
                assert subject.name_here == f"ع {own}"


def test_none_in_the_language_of_the_originals(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    pledges = three()
    with django_assert_num_queries(0):
        in_language(pledges, "en")
        in_language([], "ar")
    assert pledges[0].name_here == pledges[0].title


def test_back_in_the_language_of_the_originals() -> None:
    pledge = three()[0]
    in_language([pledge], "ar")
    in_language([pledge], "en")
    assert pledge.name_here == pledge.title


def test_what_was_not_loaded_is_not_asked_for(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    three()
    pledges = list(Pledge.objects.order_by("pk"))
    with django_assert_num_queries(1):
        in_language(pledges, "ar")


def test_words_say_in_which_language_they_are() -> None:
    pledge = three()[0]
    in_language([pledge], "ar")
    title, note = pledge.words("title"), pledge.words("note")
    assert (title.language, title.original, title.original_language) == ("ar", pledge.title, "en")
    assert (note.text, note.language, note.original) == ("Mind.", "en", "")


def test_a_second_language_replaces_the_first() -> None:
    pledge = three()[0]
    in_language([pledge], "ar")
    in_language([pledge], "fr")
    assert pledge.name_here == pledge.title


def test_what_is_recorded_is_in_the_sites_language_unless_said(settings: LazySettings) -> None:
    settings.LANGUAGE_CODE = "ar"
    pledge = make_pledge(original_language="en")
    assert pledge.original_language == "en"
    assert pledge.case.original_language == pledge.bodies.get().original_language == "ar"
