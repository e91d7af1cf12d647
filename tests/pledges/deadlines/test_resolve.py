"""Phrases as officials say them, each with the dates a careful person would read in them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pledges.deadlines.calendars import country_calendar
from pledges.deadlines.resolving import resolve, resolve_triggered
from pledges.deadlines.windows import NoDate, Window

FRIDAY = date(2025, 4, 4)
SYRIA = country_calendar("SY")

# language, phrase, earliest, latest, precision; said on Friday 4 April 2025 in Syria
DATED = [
    ("en", "within one month", "2025-05-04", "2025-05-04", "day"),
    ("en", "within 30 days", "2025-05-04", "2025-05-04", "day"),
    ("en", "within two weeks", "2025-04-18", "2025-04-18", "day"),
    ("en", "within 48 hours", "2025-04-06", "2025-04-06", "day"),
    ("en", "in four days maximum", "2025-04-08", "2025-04-08", "day"),
    ("en", "120 days", "2025-08-02", "2025-08-02", "day"),
    ("en", "a non-renewable three-month extension", "2025-07-04", "2025-07-04", "day"),
    ("en", "by 4 May 2025", "2025-05-04", "2025-05-04", "day"),
    ("en", "by 4 May", "2025-05-04", "2025-05-04", "day"),
    ("en", "until 4 May 2025", "2025-05-04", "2025-05-04", "day"),
    ("en", "no later than 4 May 2025", "2025-05-04", "2025-05-04", "day"),
    ("en", "before 4 May 2025", "2025-05-03", "2025-05-03", "day"),
    ("en", "before 2028", "2027-12-31", "2027-12-31", "day"),
    ("en", "next Tuesday", "2025-04-08", "2025-04-08", "day"),
    ("en", "13/04/2025", "2025-04-13", "2025-04-13", "day"),
    # Friday and Saturday are no working days in Syria: Sunday to Thursday are the five
    ("en", "within 5 working days", "2025-04-10", "2025-04-10", "day"),
    ("en", "by the end of the month", "2025-04-01", "2025-04-30", "month"),
    ("en", "by the end of March", "2026-03-01", "2026-03-31", "month"),
    ("en", "in early September", "2025-09-01", "2025-09-30", "month"),
    ("en", "by the end of Q3 2026", "2026-07-01", "2026-09-30", "quarter"),
    ("en", "by the end of the first half of 2026", "2026-01-01", "2026-06-30", "half_year"),
    ("en", "by the end of the year", "2025-01-01", "2025-12-31", "year"),
    ("en", "in 2027", "2027-01-01", "2027-12-31", "year"),
    ("ar", "خلال شهر", "2025-05-04", "2025-05-04", "day"),
    ("ar", "خلال شهرين", "2025-06-04", "2025-06-04", "day"),
    ("ar", "في غضون أسبوعين", "2025-04-18", "2025-04-18", "day"),
    ("ar", "خلال ٣٠ يوماً", "2025-05-04", "2025-05-04", "day"),
    ("ar", "خلال ثلاثة أشهر", "2025-07-04", "2025-07-04", "day"),
    ("ar", "بحلول 4 أيار 2025", "2025-05-04", "2025-05-04", "day"),
    ("ar", "في 15 أبريل 2025", "2025-04-15", "2025-04-15", "day"),
    ("ar", "قبل 10 غشت 2025", "2025-08-09", "2025-08-09", "day"),
    ("ar", "بحلول نهاية نيسان", "2025-04-01", "2025-04-30", "month"),
    ("ar", "قبل نهاية العام", "2025-01-01", "2025-12-31", "year"),
    ("fr", "dans un délai d'un mois", "2025-05-04", "2025-05-04", "day"),
    ("fr", "sous 48 heures", "2025-04-06", "2025-04-06", "day"),
    ("fr", "avant le 4 mai 2025", "2025-05-03", "2025-05-03", "day"),
    ("fr", "au plus tard en avril 2025", "2025-04-01", "2025-04-30", "month"),
    ("fr", "d'ici la fin de l'année", "2025-01-01", "2025-12-31", "year"),
    ("es", "en un mes", "2025-05-04", "2025-05-04", "day"),
    ("es", "en el plazo de 30 días", "2025-05-04", "2025-05-04", "day"),
    ("es", "antes del 4 de mayo de 2025", "2025-05-03", "2025-05-03", "day"),
    ("es", "a más tardar el 4 de mayo de 2025", "2025-05-04", "2025-05-04", "day"),
]
UNDATED = [
    ("en", "by spring", "vague"),
    ("en", "in the coming weeks", "vague"),
    ("en", "soon", "vague"),
    ("ar", "قريباً", "vague"),
    ("fr", "dans les prochaines semaines", "vague"),
    ("es", "próximamente", "vague"),
    ("en", "before the election", "event_tied"),
    ("en", "after the committee forms", "event_tied"),
    ("en", "30 days after the committee forms", "event_tied"),
    ("en", "03/04/2025", "unreadable"),
    ("en", "2025/26", "unreadable"),
    ("en", "by 4 May 2025 or by 5 June 2025", "unreadable"),
    ("en", "", "unreadable"),
    ("en", "x" * 601, "unreadable"),
]


def read(phrase: str, language: str = "en", anchor: date = FRIDAY) -> Window | NoDate:
    return resolve(phrase, language=language, anchor=anchor, calendar=SYRIA)


@pytest.mark.parametrize(("language", "phrase", "earliest", "latest", "precision"), DATED)
def test_a_phrase_gives_its_window(
    language: str, phrase: str, earliest: str, latest: str, precision: str
) -> None:
    window = read(phrase, language)
    assert isinstance(window, Window)
    found = (window.earliest.isoformat(), window.latest.isoformat(), window.precision.value)
    assert found == (earliest, latest, precision)
    assert window.rule
    assert window.rule_version >= 1


@pytest.mark.parametrize(("language", "phrase", "reason"), UNDATED)
def test_a_phrase_without_a_date_gets_none(language: str, phrase: str, reason: str) -> None:
    found = read(phrase, language)
    assert isinstance(found, NoDate)
    assert found.reason.value == reason


@pytest.mark.parametrize(
    ("phrase", "anchor", "latest"),
    [
        ("within one month", date(2025, 1, 31), date(2025, 2, 28)),
        ("within one month", date(2024, 1, 31), date(2024, 2, 29)),
        ("within one year", date(2024, 2, 29), date(2025, 2, 28)),
        ("within 30 days", date(2025, 3, 9), date(2025, 4, 8)),
        ("within three months", date(2025, 4, 10), date(2025, 7, 10)),
        # Beirut and Damascus change their clocks about these days: days are days
        ("within two days", date(2025, 3, 29), date(2025, 3, 31)),
    ],
)
def test_month_ends_and_leap_days(phrase: str, anchor: date, latest: date) -> None:
    window = read(phrase, anchor=anchor)
    assert isinstance(window, Window)
    assert window.latest == latest


def test_an_event_tied_phrase_starts_with_its_event() -> None:
    window = resolve_triggered(
        "30 days after the committee forms",
        language="en",
        anchor=FRIDAY,
        triggered_on=date(2025, 5, 1),
        calendar=SYRIA,
    )
    assert isinstance(window, Window)
    assert window.latest == date(2025, 5, 31)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="xx"):
        read("within one month", "xx")


@given(
    phrase=st.sampled_from(["within one month", "within 30 days", "within two weeks", "within one year"]),
    first=st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    second=st.dates(date(2000, 1, 1), date(2090, 1, 1)),
)
def test_a_later_start_never_ends_earlier(phrase: str, first: date, second: date) -> None:
    windows = [read(phrase, anchor=anchor) for anchor in sorted([first, second])]
    assert all(isinstance(window, Window) for window in windows)
    assert windows[0].latest <= windows[1].latest  # type: ignore[union-attr]  # asserted above


@given(
    language=st.sampled_from(["en", "ar", "fr", "es"]),
    phrase=st.one_of(
        st.text(max_size=80),
        st.lists(st.sampled_from([word for row in DATED for word in row[1].split()]), max_size=8).map(
            " ".join
        ),
    ),
)
def test_no_text_raises_and_no_window_is_upside_down(language: str, phrase: str) -> None:
    found = read(phrase, language)
    assert isinstance(found, NoDate) or found.earliest <= found.latest
