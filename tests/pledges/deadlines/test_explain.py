"""One sentence about a date, in the reader's language."""

from dataclasses import replace
from datetime import date

import pytest
from babel import Locale
from django.utils import translation
from django.utils.formats import date_format

from pledges.deadlines.bidi import isolate
from pledges.deadlines.date_part import Dates, date_part
from pledges.deadlines.explain import explain, place_of
from pledges.deadlines.languages import GRAMMARS
from pledges.deadlines.rules import Rule
from pledges.deadlines.windows import Explanation, NoDateReason, Note, Precision, Problem
from pledges.deadlines.wording import WORDINGS, wording_for
from tests.pledges.deadlines.reading import FRIDAY, no_date, read, summary, window

pytestmark = pytest.mark.once

DAMASCUS = "Asia/Damascus"
FSI, PDI = "\u2068", "\u2069"
READERS = sorted(WORDINGS)


def said(phrase: str, reader: str, language: str = "en", zone: str = DAMASCUS, label: str = "") -> str:
    return explain(read(phrase, language, label=label).explanation, reader, zone)


def test_the_founding_case_in_four_languages() -> None:
    assert said("within one month", "en") == (
        "said 4 April 2025 + “within one month” (rule within-period, version 1)"
        " = 4 May 2025, end of day in Damascus"
    )
    assert said("خلال شهر", "ar", "ar") == (
        f"قيل في 4 نيسان/أبريل 2025 + «خلال شهر» (القاعدة {FSI}within-period{PDI}، الإصدار 1)"
        " = 4 أيار/مايو 2025، نهاية اليوم بتوقيت دمشق"
    )
    assert said("dans un délai d'un mois", "fr", "fr") == (
        "dit le 4 avril 2025 + «\u00a0dans un délai d'un mois\u00a0» (règle within-period, version 1)"
        " = 4 mai 2025, fin de la journée à l’heure locale (Damas)"
    )
    assert said("en un mes", "es", "es") == (
        "dicho el 4 de abril de 2025 + «en un mes» (regla within-period, versión 1)"
        " = 4 de mayo de 2025, fin del día, hora local (Damasco)"
    )


def test_a_named_day_is_no_sum() -> None:
    assert said("by the end of 2026", "en") == (
        "said 4 April 2025: “by the end of 2026” (rule end-of-period, version 1)"
        " = 2026, to the end of 31 December 2026 in Damascus"
    )


def test_a_count_from_a_day_in_the_words_is_not_added_to_the_day_it_was_said() -> None:
    assert said("30 days after 4 May 2025", "en").startswith("said 4 April 2025: “30 days")


def test_what_the_anchor_is_comes_first() -> None:
    sentence = said("within three months of its formation", "en", label="formation of the committee")
    assert sentence.startswith("formation of the committee, 4 April 2025 + “within three months")
    assert "4 April 2025 is the day of the act or event that the words name" in sentence


@pytest.mark.parametrize(
    ("phrase", "tail"),
    [
        ("soon", "“soon” names no date, and none is made up"),
        (
            "after the committee forms",
            "“after the committee forms” waits for an event: “the committee forms”",
        ),
        ("by 3/4", "“by 3/4” cannot be read as one date: day and month may be the other way round (3/4)"),
    ],
)
def test_no_date_is_explained_too(phrase: str, tail: str) -> None:
    assert said(phrase, "en") == f"said 4 April 2025: {tail}"


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("note", Note)
def test_every_note_has_its_words(reader: str, note: Note) -> None:
    parts = replace(
        window("by 4 May 2025").explanation, notes=(note,), country="SY", calendar_version="holidays 1"
    )
    bare = explain(replace(parts, notes=()), reader, DAMASCUS)
    sentence = explain(parts, reader, DAMASCUS)
    assert sentence.startswith(bare + WORDINGS[reader].between_notes)
    assert len(sentence) > len(bare) + 10
    assert "{" not in sentence


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_its_words(reader: str, problem: Problem) -> None:
    parts = replace(
        no_date("by 03/04/2025").explanation, reason=NoDateReason.UNREADABLE, problem=problem, detail="xyz"
    )
    sentence = explain(parts, reader, DAMASCUS)
    assert "{" not in sentence
    assert ("xyz" in sentence) == ("{detail}" in WORDINGS[reader].problems[problem])


def test_the_working_calendar_names_the_country_in_the_readers_language() -> None:
    phrase = "within 5 working days"
    names = {"en": "Syria", "ar": "سوريا", "fr": "Syrie", "es": "Siria"}
    assert all(name in said(phrase, reader) for reader, name in names.items())
    assert "holidays of this test" in said(phrase, "en")


def test_a_hijri_date_is_shown_beside_the_civil_one() -> None:
    sentence = said("في 1 رمضان 1447 هـ", "ar", "ar")
    assert "18 شباط/فبراير 2026" in sentence
    assert "1 رمضان 1447 هـ وفق تقويم أم القرى" in sentence
    assert "1 Ramadan 1447 AH in the Umm al-Qura calendar" in said("في 1 رمضان 1447 هـ", "en", "ar")


def test_a_hijri_note_outside_the_tables_does_not_fail() -> None:
    parts = Explanation(
        "x", "ar", FRIDAY, earliest=date(1900, 1, 1), latest=date(1900, 1, 1), precision=Precision.DAY,
        rule="by-date", rule_version=1, notes=(Note.HIJRI,),
    )  # fmt: skip
    assert "1 January 1900" in explain(parts, "en", DAMASCUS)


def test_stored_fields_are_enough() -> None:
    parts = Explanation(
        phrase="within one month",
        language="en",
        anchor=FRIDAY,
        earliest=date(2025, 5, 4),
        latest=date(2025, 5, 4),
        precision=Precision("day"),
        rule="within-period",
        rule_version=1,
        notes=(Note("extension"), Note("already_past")),
    )
    assert "an extension, counted from 4 April 2025" in explain(parts, "en", DAMASCUS)


def test_a_date_set_by_hand_names_no_rule() -> None:
    parts = replace(window("by 4 May 2025").explanation, rule="", rule_version=0)
    assert explain(parts, "en", DAMASCUS) == (
        "said 4 April 2025: “by 4 May 2025” = 4 May 2025, end of day in Damascus"
    )


def test_a_date_by_an_older_rule_keeps_its_version() -> None:
    parts = replace(window("within one month").explanation, rule="some-old-rule", rule_version=7)
    assert "(rule some-old-rule, version 7)" in explain(parts, "en", DAMASCUS)


def test_a_reader_in_an_unknown_language_is_answered_in_english() -> None:
    assert wording_for("hi") is WORDINGS["en"]
    assert wording_for("ar-SY") is WORDINGS["ar"]


@pytest.mark.parametrize("zone", ["Asia/Damascus", "Africa/Cairo", "Africa/Tunis", "Europe/London", "UTC"])
def test_arabic_months_have_the_names_of_east_and_west_wherever_a_pledge_was_made(zone: str) -> None:
    assert "4 نيسان/أبريل 2025" in said("خلال شهر", "ar", "ar", zone)


@pytest.mark.parametrize("number", range(1, 13))
def test_both_names_of_a_month_are_read_as_that_month_and_are_those_of_the_pages(number: int) -> None:
    day = date(2026, number, 2)
    words = date_part(Dates(day, day, Precision.DAY), WORDINGS["ar"], Locale("ar"))
    assert words == f"2 {WORDINGS['ar'].months[number - 1]} 2026"
    assert summary(read(f"في {words}", "ar")) == f"{day.isoformat()}, day"
    with translation.override("ar"):
        assert date_format(day, "DATE_FORMAT") == words


def test_arabic_where_a_country_is_named_has_its_months() -> None:
    day = date(2025, 4, 4)
    for territory, month in (("SY", "نيسان"), ("EG", "أبريل"), ("TN", "أفريل")):
        words = date_part(Dates(day, day, Precision.DAY), WORDINGS["ar"], Locale("ar", territory))
        assert words == f"4 {month} 2025"


@pytest.mark.parametrize(
    ("zone", "reader", "place"),
    [
        ("Asia/Damascus", "fr", "Damas"),
        ("America/Mexico_City", "es", "Ciudad de México"),
        ("Africa/Cairo", "ar", "القاهرة"),
        # Their zones had other names, by which the cities stand in the data.
        ("Asia/Kathmandu", "en", "Kathmandu"),
        ("Asia/Kathmandu", "ar", "كاتماندو"),
        ("Asia/Kathmandu", "fr", "Katmandou"),
        ("Asia/Kathmandu", "es", "Katmandú"),
        ("Asia/Katmandu", "ar", "كاتماندو"),
        ("Asia/Kolkata", "ar", "كالكتا"),
        ("Europe/Kyiv", "en", "Kyiv"),
        ("Europe/Kyiv", "ar", "كييف"),
        ("America/Argentina/Buenos_Aires", "en", "Buenos Aires"),
        ("America/Argentina/La_Rioja", "en", "La Rioja"),
        ("Etc/GMT+12", "en", "Etc/GMT+12"),
        ("No/Such", "en", "No/Such"),
    ],
)
def test_places_have_their_name_or_the_zone_is_shown(zone: str, reader: str, place: str) -> None:
    assert place_of(zone, Locale(reader)) == place


@pytest.mark.parametrize(
    ("text", "language", "is_isolated"),
    [
        ("within one month", "en", False),
        ("خلال شهر", "en", True),
        ("خلال شهر", "ar", False),
        ("within one month", "ar", True),
        ("03/04/2025", "ar", False),
    ],
)
def test_only_the_other_direction_is_closed_off(text: str, language: str, is_isolated: bool) -> None:
    assert isolate(text, language) == (f"{FSI}{text}{PDI}" if is_isolated else text)


def test_rules_are_named_by_ids_that_do_not_repeat() -> None:
    assert len({rule.id for rule in Rule}) == len(Rule)


ARABIC_LOCALES = ("ar_SY", "ar_EG", "ar_TN", "ar_DZ", "ar_MA", "ar_IQ", "ar_SA", "ar_LY", "ar_MR", "ar")


@pytest.mark.parametrize("locale", ARABIC_LOCALES)
@pytest.mark.parametrize("month", range(1, 13))
def test_every_arabic_month_name_of_every_country_is_read(locale: str, month: int) -> None:
    day = date(2026, month, 7)
    words = date_part(Dates(day, day, Precision.DAY), WORDINGS["ar"], Locale.parse(locale))
    assert summary(read(words, "ar")) == f"{day}, day"


def test_the_languages_of_readers_and_phrases_are_the_same() -> None:
    assert set(READERS) == set(GRAMMARS)
