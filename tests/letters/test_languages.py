"""Which language a body reads, and how each language says days and spans. Pure."""

from datetime import date

import pytest

from pledges.models import Body
from tracker.letters.languages import Voice, language_of

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("country", "language"),
    [
        ("SY", "ar"),
        ("LB", "ar"),
        ("MA", "ar"),
        ("DZ", "ar"),
        ("DJ", "fr"),
        # Most speak Wolof there; the law names French alone.
        ("SN", "fr"),
        ("CM", "fr"),
        # Swahili comes first there, and no letter can be drafted in it.
        ("KE", "en"),
        ("TZ", "en"),
        ("GB", "en"),
        ("AR", "es"),
        # No law names it, but it is the language of the state.
        ("MX", "es"),
        ("NP", "en"),
        ("LK", "en"),
        ("XX", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_a_body(country: str, language: str) -> None:
    assert language_of(Body(country=country)) == language


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", ["0 days", "1 day", "2 days", "3 days", "11 days", "100 days"]),
        ("fr", ["0 jour", "1 jour", "2 jours", "3 jours", "11 jours", "100 jours"]),
        ("es", ["0 días", "1 día", "2 días", "3 días", "11 días", "100 días"]),
        ("ar", ["0 يوم", "يوم واحد", "يومان", "3 أيام", "11 يومًا", "100 يوم"]),
    ],
)
def test_spans_of_days(language: str, said: list[str]) -> None:
    voice = Voice(language, "UTC")
    assert [voice.days(count) for count in (0, 1, 2, 3, 11, 100)] == said


@pytest.mark.parametrize(
    ("language", "zone", "first", "month"),
    [
        ("en", "Asia/Damascus", "1 April 2025", "April 2025"),
        ("fr", "Africa/Dakar", "1er avril 2025", "avril 2025"),
        ("es", "America/Bogota", "1 de abril de 2025", "abril de 2025"),
        # Arabic names its months by country.
        ("ar", "Asia/Damascus", "1 نيسان 2025", "نيسان 2025"),
        ("ar", "Africa/Tunis", "1 أفريل 2025", "أفريل 2025"),
        ("ar", "Africa/Cairo", "1 أبريل 2025", "أبريل 2025"),
    ],
)
def test_days_known_to_the_day_the_month_or_the_year(
    language: str, zone: str, first: str, month: str
) -> None:
    voice, value = Voice(language, zone), date(2025, 4, 1)
    assert voice.day(value) == first
    assert [voice.day_of(value, name) for name in ("day", "month", "year")] == [first, month, "2025"]


@pytest.mark.parametrize(
    ("language", "one", "two", "three"),
    [
        ("en", "a", "a and b", "a, b and c"),
        ("fr", "a", "a et b", "a, b et c"),
        ("es", "a", "a y b", "a, b y c"),
        ("ar", "a", "a وb", "a، b وc"),
    ],
)
def test_several_things_in_one_phrase(language: str, one: str, two: str, three: str) -> None:
    voice = Voice(language, "UTC")
    assert [voice.several(list(words)) for words in ("a", "ab", "abc")] == [one, two, three]


def test_names_of_languages() -> None:
    assert Voice("en", "UTC").name_of("ar") == "Arabic"
    assert Voice("ar", "UTC").name_of("en") == "الإنجليزية"
    assert Voice("fr", "UTC").name_of("und") == ""
    assert Voice("fr", "UTC").name_of("kmr") == ""
