"""What holds for every phrase and every day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from pledges.deadlines.calendars import country_calendar
from pledges.deadlines.date_part import Dates, date_part
from pledges.deadlines.explain import explain
from pledges.deadlines.lapse import lapse_instant
from pledges.deadlines.resolving import resolve
from pledges.deadlines.timeliness import Timeliness, timeliness
from pledges.deadlines.windows import NoDate, Precision, Window
from pledges.deadlines.wording import WORDINGS
from tests.pledges.deadlines.languages import test_ar, test_en, test_es, test_fr
from tests.pledges.deadlines.reading import CALENDAR, read

pytestmark = pytest.mark.once

TABLES = {"ar": test_ar.READINGS, "en": test_en.READINGS, "es": test_es.READINGS, "fr": test_fr.READINGS}
PHRASES = [(language, phrase) for language, table in TABLES.items() for phrase, _ in table]
DATED = [
    (language, phrase) for language, table in TABLES.items() for phrase, found in table if found[0].isdigit()
]
WORDS = {
    language: sorted({word for phrase, _ in table for word in phrase.split()})
    for language, table in TABLES.items()
}
ZONES = ["Asia/Damascus", "Asia/Beirut", "Africa/Cairo", "Pacific/Kiritimati", "Etc/GMT+12", "Europe/London"]

days = st.dates(date(1995, 1, 1), date(2075, 12, 31))


@given(case=st.sampled_from(PHRASES), one=days, other=days)
def test_a_later_anchor_never_gives_an_earlier_date(case: tuple[str, str], one: date, other: date) -> None:
    language, phrase = case
    first, second = (read(phrase, language, anchor) for anchor in sorted((one, other)))
    if isinstance(first, Window) and isinstance(second, Window):
        assert first.latest <= second.latest
        assert first.earliest <= second.earliest


@given(case=st.sampled_from(PHRASES), anchor=days)
def test_a_window_is_never_upside_down(case: tuple[str, str], anchor: date) -> None:
    language, phrase = case
    found = read(phrase, language, anchor)
    if isinstance(found, Window):
        assert found.earliest <= found.latest
        assert (found.precision is Precision.DAY) == (found.earliest == found.latest)
        assert found.explanation.latest == found.latest
        assert found.rule_version >= 1
    else:
        assert found.explanation.latest is None
        assert found.explanation.reason is found.reason


@given(
    case=st.sampled_from(DATED),
    anchor=days,
    zone=st.sampled_from(ZONES),
    reader=st.sampled_from(sorted(WORDINGS)),
)
def test_the_date_in_an_explanation_reads_back_as_the_same_window(
    case: tuple[str, str], anchor: date, zone: str, reader: str
) -> None:
    language, phrase = case
    found = read(phrase, language, anchor)
    if isinstance(found, NoDate):
        return
    dates = Dates(found.earliest, found.latest, found.precision)
    words = date_part(dates, WORDINGS[reader], Locale(reader))
    assert words in explain(found.explanation, reader, zone)
    again = read(words, reader, anchor)
    assert isinstance(again, Window), words
    assert (again.earliest, again.latest, again.precision) == dates


@given(case=st.sampled_from(DATED), anchor=days)
def test_a_date_read_again_from_its_stored_fields_is_the_same(case: tuple[str, str], anchor: date) -> None:
    language, phrase = case
    found = read(phrase, language, anchor)
    parts = found.explanation
    assert read(parts.phrase, parts.language, parts.anchor, parts.anchor_label) == found


@given(
    language=st.sampled_from(sorted(WORDS)),
    data=st.data(),
    anchor=st.dates(),
)
def test_no_mixture_of_known_words_fails(language: str, data: st.DataObject, anchor: date) -> None:
    words = data.draw(st.lists(st.sampled_from(WORDS[language]), max_size=7))
    found = read(" ".join(words), language, anchor)
    assert explain(found.explanation, language, "Asia/Damascus")


@given(language=st.sampled_from(sorted(WORDS)), text=st.text(max_size=700), anchor=st.dates())
def test_no_text_at_all_fails(language: str, text: str, anchor: date) -> None:
    found = read(text, language, anchor)
    assert explain(found.explanation, language, "Asia/Damascus")


@given(
    case=st.sampled_from(DATED),
    word=st.sampled_from(["maybe", "xyzzy", "تقريبياً", "هيهات"]),
    anchor=days,
    front=st.booleans(),
)
def test_a_word_that_is_not_known_never_leaves_a_date(
    case: tuple[str, str], word: str, anchor: date, front: bool
) -> None:
    language, phrase = case
    found = read(f"{word} {phrase}" if front else f"{phrase} {word}", language, anchor)
    assert isinstance(found, NoDate)


@given(
    count=st.integers(1, 40), anchor=st.dates(date(2005, 1, 1), date(2040, 1, 1)),
    country=st.sampled_from(["SY", "FR", "SA", "AE", "IR", "NP", "TN"]),
)  # fmt: skip
def test_working_days_end_on_a_working_day_and_never_before_calendar_days(
    count: int, anchor: date, country: str
) -> None:
    calendar = country_calendar(country)
    found = resolve(f"within {count} working days", language="en", anchor=anchor, calendar=calendar)
    assert isinstance(found, Window)
    assert calendar.is_working_day(found.latest)
    between = [anchor + timedelta(days=n) for n in range(1, (found.latest - anchor).days + 1)]
    assert sum(map(calendar.is_working_day, between)) == count


@given(
    case=st.sampled_from(DATED),
    anchor=days,
    zone=st.sampled_from(ZONES),
    seconds=st.integers(-90_000, 90_000),
)
def test_no_zone_makes_a_pledge_late_before_its_day_has_ended(
    case: tuple[str, str], anchor: date, zone: str, seconds: int
) -> None:
    language, phrase = case
    found = read(phrase, language, anchor)
    if isinstance(found, NoDate):
        return
    lapses_at = lapse_instant(found.latest, zone)
    now = lapses_at + timedelta(seconds=seconds)
    state = timeliness(
        now=now,
        lapses_at=lapses_at,
        latest=found.latest,
        awaiting_trigger=False,
        is_open=True,
        met_on=None,
        due_soon=timedelta(days=7),
        long_overdue=timedelta(days=30),
    )
    assert (state is Timeliness.OVERDUE) == (now.astimezone(ZoneInfo(zone)).date() > found.latest)


@given(
    count=st.integers(1, 400),
    day=days,
    minutes=st.integers(0, 24 * 60 - 1),
    zone=st.sampled_from([ZoneInfo(zone) for zone in ZONES]),
)
def test_hours_never_end_later_than_without_the_hour_of_day(
    count: int, day: date, minutes: int, zone: ZoneInfo
) -> None:
    midnight = datetime.combine(day, time.min, tzinfo=UTC)
    said_at = (midnight + timedelta(minutes=minutes)).astimezone(zone)
    phrase, anchor = f"within {count} hours", said_at.date()
    known = resolve(phrase, language="en", anchor=anchor, calendar=CALENDAR, said_at=said_at)
    unknown = resolve(phrase, language="en", anchor=anchor, calendar=CALENDAR)
    assert isinstance(known, Window)
    assert isinstance(unknown, Window)
    # A day of 23 hours can push the end over midnight.
    assert known.latest <= unknown.latest + timedelta(days=1)
    assert known.latest >= anchor
