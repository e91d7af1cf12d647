"""Mails call pledges, cases and bodies what they are called in the reader's language."""

from datetime import timedelta

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from pledges import record
from pledges.models import Event, Pledge
from tests.support.founding import LAPSE
from tests.support.records import make_pledge, make_user
from tracker.alerts.context import news_facts, say_here
from tracker.alerts.mails.news import news_for_many, why_subscribed
from tracker.alerts.models import Reach
from tracker.alerts.targets import describe, find
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db
TITLE, CASE, BODY = "نشر تقرير مفصّل", "أعمال العنف في الساحل", "اللجنة الوطنية"
LATE = LAPSE + timedelta(days=60)


@pytest.fixture
def pledge() -> Pledge:
    pledge = make_pledge()
    names = ((pledge, TITLE), (pledge.case, CASE), (pledge.bodies.get(), BODY))
    for subject, text in names:
        record.translate(
            subject=subject,
            field=subject.worded[0],
            language="ar",
            text=text,
            actor=make_user(),
            now=LAPSE,
        )
    sweep(now=LATE)
    return pledge


def overdue() -> Event:
    return Event.objects.select_related("pledge").get(kind="became_overdue")


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_a_mail_of_one_event(pledge: Pledge, language: str) -> None:
    with translation.override(language):
        parts = news_for_many(overdue(), reach=Reach.CASE, now=LATE)
    own = (pledge.title, pledge.case.title, pledge.bodies.get().name)
    there, absent = ((TITLE, CASE, BODY), own) if language == "ar" else (own, (TITLE, CASE, BODY))
    assert there[0] in parts.subject
    for text in (parts.text, parts.html):
        assert [each for each in there if each not in text] == []
        assert [each for each in absent if each in text] == []


def test_why_one_hears_of_it_names_the_case(pledge: Pledge) -> None:
    with translation.override("ar"):
        say_here([pledge])
        assert CASE in why_subscribed(pledge, Reach.CASE)


def test_many_pledges_take_three_statements(django_assert_max_num_queries: DjangoAssertNumQueries) -> None:
    pledges = [make_pledge() for _ in range(4)]
    rows = list(Pledge.objects.filter(pk__in=[each.pk for each in pledges]))
    with translation.override("ar"), django_assert_max_num_queries(3):
        say_here(rows)
        assert [names_of_bodies(each) for each in rows]


def names_of_bodies(pledge: Pledge) -> list[str]:
    return [body.name_here for body in pledge.bodies.all()]


def test_what_one_follows_is_called_in_ones_language(pledge: Pledge) -> None:
    body = pledge.bodies.get()
    with translation.override("ar"):
        for public_name, own_name, name in (
            (f"pledge:{pledge.reference}", f"pledge:{pledge.pk}", TITLE),
            (f"case:{pledge.case.slug}", f"case:{pledge.case.pk}", CASE),
            (f"body:{body.slug}", f"body:{body.pk}", BODY),
        ):
            found = find(public_name)
            assert found is not None
            assert found.name == describe([own_name])[own_name].name == name


def test_facts_without_loading_say_the_original(pledge: Pledge) -> None:
    facts = news_facts(overdue(), now=LATE)
    assert facts.bodies == pledge.bodies.get().name
