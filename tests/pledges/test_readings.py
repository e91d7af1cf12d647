"""Truth tables of the readings: how late, against which date, and how a date came about."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation

from pledges.deadlines.timeliness import Timeliness
from pledges.readings import (
    TIMELINESS_LABELS,
    counted_until,
    derivation_sentence,
    lateness,
    lateness_sentence,
    moved_by,
)

FIRST = date(2025, 4, 8)
EXTENDED = date(2025, 7, 10)
FINDINGS = date(2025, 7, 22)


@dataclass(frozen=True)
class Row:
    kind: str
    latest: date | None
    phrase: str = ""
    anchor_on: date | None = None
    anchor_label: str = ""
    precision: str = "day"
    no_date_reason: str = ""
    announced_on: date = date(2025, 3, 9)
    phrase_language: str = "en"
    earliest: date | None = None
    rule_id: str = ""
    rule_version: int | None = None
    rule_notes: list[str] = field(default_factory=list)
    country: str = ""
    calendar_version: str = ""
    time_zone: str = "Asia/Damascus"


@dataclass(frozen=True)
class Timed:
    met_on: date | None = None
    is_open: bool = True
    time_zone: str = "Asia/Damascus"


def ledger(*rows: tuple[str, date | None]) -> list[Row]:
    return [Row(kind, latest) for kind, latest in rows]


COMMISSION = ledger(("original", FIRST), ("extension", EXTENDED))


def test_the_founding_case() -> None:
    late = lateness(COMMISSION, until=FINDINGS)
    assert (late.moves, late.slip, late.against_current, late.against_first) == (1, 93, 12, 105)
    assert lateness_sentence(late, is_met=True) == (
        "moved once, +93 days; 12 days late against the last date, 105 against the first"
    )


@pytest.mark.parametrize(
    ("rows", "first", "current", "moves", "slip"),
    [
        ([], None, None, 0, None),
        ([("original", None)], None, None, 0, None),
        ([("original", FIRST)], FIRST, FIRST, 0, 0),
        # An event starts the clock, or a date is named later: that is the first date, not a move.
        ([("original", None), ("trigger", FIRST)], FIRST, FIRST, 0, 0),
        ([("original", None), ("extension", FIRST)], FIRST, FIRST, 0, 0),
        # Mending our own record moves nothing, before or after a real move.
        ([("original", EXTENDED), ("correction", FIRST)], FIRST, FIRST, 0, 0),
        ([("original", FIRST), ("correction", None)], None, None, 0, None),
        (
            [("original", FIRST), ("extension", date(2025, 7, 9)), ("correction", EXTENDED)],
            FIRST,
            EXTENDED,
            1,
            93,
        ),
        ([("original", EXTENDED), ("shortening", FIRST)], EXTENDED, FIRST, 1, -93),
        ([("original", FIRST), ("extension", None)], FIRST, None, 1, None),
        (
            [("original", FIRST), ("extension", None), ("extension", EXTENDED)],
            FIRST,
            EXTENDED,
            2,
            93,
        ),
    ],
)
def test_a_ledger_read(
    rows: list[tuple[str, date | None]],
    first: date | None,
    current: date | None,
    moves: int,
    slip: int | None,
) -> None:
    late = lateness(ledger(*rows), until=None)
    assert (late.first, late.current, late.moves, late.slip) == (first, current, moves, slip)
    assert late.against_current is None
    assert late.against_first is None


@pytest.mark.parametrize(
    ("rows", "until", "is_met", "sentence"),
    [
        ([("original", FIRST)], date(2025, 4, 9), False, "1 day late"),
        ([("original", FIRST)], FIRST, False, "due today"),
        ([("original", FIRST)], date(2025, 4, 7), False, "1 day left"),
        ([("original", FIRST)], date(2025, 4, 9), True, "1 day late"),
        ([("original", FIRST)], FIRST, True, "on the due date"),
        ([("original", FIRST)], date(2025, 4, 6), True, "2 days early"),
        ([("original", FIRST)], None, False, ""),
        ([("original", None)], FIRST, False, ""),
        (
            [("original", FIRST), ("extension", EXTENDED)],
            EXTENDED,
            False,
            "moved once, +93 days; due today by the last date, 93 days past the first date",
        ),
        (
            [("original", FIRST), ("extension", EXTENDED)],
            date(2025, 7, 9),
            False,
            "moved once, +93 days; 1 day left to the last date, 92 days past the first date",
        ),
        (
            [("original", FIRST), ("extension", EXTENDED)],
            FIRST,
            True,
            "moved once, +93 days; 93 days before the last date, on the first date",
        ),
        (
            [("original", FIRST), ("extension", None)],
            date(2025, 4, 10),
            False,
            "moved once, now without a date; 2 days past the first date",
        ),
        (
            [("original", FIRST), ("extension", EXTENDED), ("shortening", date(2025, 4, 9))],
            date(2025, 4, 9),
            True,
            "moved 2 times, +1 day; on the last date, 1 day past the first date",
        ),
        ([("original", FIRST), ("extension", EXTENDED)], None, False, "moved once, +93 days"),
    ],
)
def test_lateness_in_words(
    rows: list[tuple[str, date | None]], until: date | None, is_met: bool, sentence: str
) -> None:
    assert lateness_sentence(lateness(ledger(*rows), until=until), is_met=is_met) == sentence


@pytest.mark.parametrize(
    ("pledge", "until"),
    [
        (Timed(), date(2025, 4, 9)),
        (Timed(time_zone="UTC"), date(2025, 4, 8)),
        (Timed(time_zone="Pacific/Honolulu"), date(2025, 4, 8)),
        (Timed(met_on=FIRST, is_open=False), FIRST),
        (Timed(is_open=False), None),
    ],
)
def test_the_day_counted_to_is_the_pledges_own(pledge: Timed, until: date | None) -> None:
    lapse = datetime(2025, 4, 8, 21, 0, tzinfo=UTC)
    assert counted_until(pledge, now=lapse) == until


def test_the_day_changes_at_midnight_in_damascus_and_not_before() -> None:
    midnight = datetime(2025, 4, 8, 21, 0, tzinfo=UTC)
    assert counted_until(Timed(), now=midnight - timedelta(microseconds=1)) == date(2025, 4, 8)
    assert counted_until(Timed(), now=midnight) == date(2025, 4, 9)


def plain(sentence: str) -> str:
    return sentence.replace("\u2068", "").replace("\u2069", "")


DECREE = Row(
    "original",
    FIRST,
    phrase="within 30 days",
    anchor_on=date(2025, 3, 9),
    anchor_label="the decree",
)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            DECREE,
            [
                "“within 30 days”, counted from",
                "(the decree); date set by a person:",
                "end of day in Damascus",
            ],
        ),
        (Row("original", FIRST), ["end of day in Damascus"]),
        (Row("original", FIRST, phrase="by 8 April"), ["“by 8 April”; date set by a person:"]),
        (
            Row("original", FIRST, phrase="30 days", anchor_on=date(2025, 3, 9)),
            ["“30 days”, counted from", "2025; date set by a person:"],
        ),
        (
            Row("original", date(2026, 12, 31), phrase="in 2026", precision="year"),
            ["“in 2026”; date set by a person:", "the last day of that year, end of day"],
        ),
        (Row("original", None, no_date_reason="not_stated"), ["no time was stated"]),
        (
            Row("original", None, phrase="in the near future", no_date_reason="vague"),
            ["“in the near future” names no date; none is inferred"],
        ),
        (
            Row("original", None, phrase="once it forms", no_date_reason="event_tied"),
            ["“once it forms” waits for an event"],
        ),
        (
            Row("original", None, phrase="by the tenth", no_date_reason="unreadable"),
            ["“by the tenth” allows more than one reading"],
        ),
    ],
)
def test_how_a_date_came_about(row: Row, words: list[str]) -> None:
    sentence = plain(derivation_sentence(row))
    assert [part for part in words if part not in sentence] == [], sentence
    assert "None" not in sentence


def test_words_of_another_direction_are_isolated() -> None:
    sentence = derivation_sentence(Row("original", FIRST, phrase="خلال ثلاثين يوما"))
    assert "“\u2068خلال ثلاثين يوما\u2069”" in sentence


def test_the_place_is_named_in_the_readers_language() -> None:
    with translation.override("ar"):
        assert "دمشق" in derivation_sentence(DECREE)


def test_every_timeliness_has_a_label() -> None:
    assert set(TIMELINESS_LABELS) == set(Timeliness)
    assert len({str(label) for label in TIMELINESS_LABELS.values()}) == len(Timeliness)


@pytest.mark.parametrize(
    ("language", "days", "said"),
    [
        ("en", 1, "+1 day"),
        ("en", -1, "−1 day"),
        ("en", 0, "+0 days"),
        ("fr", -3, "−3 jours"),
        # Two days are one word, and its sign would have no figure to stand before.
        ("ar", 2, "يومان (\u200e+2)"),
        ("ar", -7, "\u200e−7 أيام"),
        ("ar", 30, "\u200e+30 يومًا"),
    ],
)
def test_how_far_a_date_was_moved(language: str, days: int, said: str) -> None:
    with translation.override(language):
        assert moved_by(days) == said
