"""The log read for people: order, words, evidence, corrections, chains."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, cast

import pytest
from django.utils import translation

from pledges.event_words import text, title
from pledges.models import Event, Pledge
from pledges.models.choices import PUBLIC_EVENT_KINDS, EventKind
from pledges.models.worded import Words
from tracker.public.chains import chains, glance
from tracker.public.history import latest_assessment, record_changes, source_ids, timeline
from tracker.public.ledger import ledger_lines
from tracker.public.standing import Standing

NOW = datetime(2025, 4, 10, 12, 0, tzinfo=UTC)
WHY = Words("Why.", "en")
MOVE = {
    "kind": "extension",
    "latest": "2025-07-10",
    "previous_latest": "2025-04-08",
    "announced_by": "The president",
    "reason": "More sites.",
    "source": "source:7",
}
PAYLOADS: dict[str, dict[str, Any]] = {
    "published": {},
    "deadline_set": {"kind": "original", "latest": "2025-04-08", "source": "source:1"},
    "deadline_moved": MOVE,
    "became_overdue": {"latest": "2025-04-08", "is_backlog": False},
    "update_added": {
        "update": 4,
        "kind": "dispute",
        "text": "Objected.",
        "language": "en",
        "happened_on_precision": "month",
        "sources": ["source:2", "source:3"],
    },
    "assessed": {"status": "in_progress", "reason": "Seen.", "updates": [4], "sources": ["source:3"]},
    "checked": {"checked_on": "2025-04-09", "text": "Read the ministry's pages."},
    "unpublished": {"reason": "A relative asked."},
    "translated": {
        "wording": "title",
        "language": "ar",
        "original": "a",
        "before": "",
        "after": "ب",
        "reason": "",
    },
    "corrected": {"changes": {"title": {"before": "a", "after": "b"}}, "reason": "Clearer."},
}


def event(of: str, position: int, on: date = date(2025, 4, 10), **payload: Any) -> Event:
    facts = PAYLOADS[of] | payload
    return Event(kind=of, position=position, happened_on=on, recorded_at=NOW, payload=facts)


def test_every_public_kind_can_be_read() -> None:
    assert set(PAYLOADS) == {kind.value for kind in PUBLIC_EVENT_KINDS}
    events = [event(kind, number) for number, kind in enumerate(PAYLOADS, start=1)]
    told = [*timeline(events, {}), *record_changes(events)]
    assert {each.number for each in told} == set(range(1, 11))
    assert all(each.title for each in told)
    assert source_ids(events) == {1, 2, 3, 7}


def test_the_timeline_is_in_the_order_of_the_world_then_of_the_log() -> None:
    events = [
        event("update_added", 5, date(2025, 4, 3), update=1),
        event("deadline_set", 2, date(2025, 4, 4)),
        event("update_added", 4, date(2025, 4, 4), update=2),
        event("became_overdue", 3, date(2025, 5, 5)),
    ]
    assert [each.number for each in timeline(events, {})] == [5, 2, 4, 3]


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        ("deadline_set", {}, ("Due date named", "Due by the end of 8 April 2025.")),
        ("deadline_set", {"latest": None}, ("No due date named", "")),
        (
            "deadline_moved",
            {},
            (
                "Deadline extended",
                "From 8 April 2025 to 10 July 2025 (+93 days). Announced by: The president. More sites.",
            ),
        ),
        (
            "deadline_moved",
            {"kind": "shortening", "latest": "2025-04-07", "announced_by": "", "reason": ""},
            ("Deadline brought forward", "From 8 April 2025 to 7 April 2025 (−1 day)."),
        ),
        (
            "deadline_moved",
            {"kind": "trigger", "previous_latest": None, "announced_by": "", "reason": ""},
            ("The clock started", "To 10 July 2025; there was no date before."),
        ),
        (
            "deadline_moved",
            {"kind": "correction", "latest": None, "announced_by": "", "reason": "Misread."},
            ("Our record of the deadline corrected", "From 8 April 2025 to no date. Misread."),
        ),
        ("update_added", {}, ("Objection", "Objected.")),
        ("update_added", {"kind": "reply"}, ("Reply of the body", "Objected.")),
        ("assessed", {}, ("Assessed: In progress", "Seen.")),
        (
            "checked",
            {},
            ("Checked for evidence", "Nothing new up to 9 April 2025. Read the ministry's pages."),
        ),
        ("corrected", {}, ("Corrected", "Clearer.")),
        ("published", {}, ("Published", "")),
    ],
)
def test_an_event_in_words(kind: str, payload: dict[str, Any], words: tuple[str, str]) -> None:
    one = event(kind, 1, **payload)
    assert (title(one), text(one)) == words


def test_words_of_another_direction_are_kept_apart() -> None:
    with translation.override("ar"):
        assert text(event("deadline_moved", 1)).endswith("\u2068The president\u2069. \u2068More sites.\u2069")
        assert text(event("deadline_moved", 1, reason="مواقع أخرى.")).endswith(" مواقع أخرى.")


def test_a_judgement_names_the_entries_that_it_rests_on() -> None:
    events = [
        event("update_added", 5),
        event("assessed", 6),
        event("assessed", 7, updates=[99], status="fulfilled"),
    ]
    told = {each.number: each for each in timeline(events, {})}
    assert told[6].rests_on == (5,)
    assert told[7].rests_on == ()
    assert told[5].precision == "month"
    standing_one = latest_assessment(told.values())
    assert standing_one
    assert standing_one.number == 7
    assert latest_assessment([]) is None


def test_a_correction_tells_words_but_no_relations() -> None:
    changes = {
        "title": {"before": "Old", "after": "New"},
        "note": {"before": "", "after": "Added"},
        "follows": {"before": "pledge:SY-2025-0009", "after": None},
        "bodies": {"before": ["body:hidden"], "after": ["body:x"]},
    }
    (told,) = record_changes([event("corrected", 3, changes=changes)])
    assert [(each.before, each.after) for each in told.changes] == [
        ("Old", "New"),
        ("", "Added"),
        ("", ""),
        ("", ""),
    ]
    assert [each.name for each in told.changes] == [
        "title",
        "note for readers",
        "follows",
        "responsible bodies",
    ]


@dataclass(frozen=True)
class Row:
    latest: date | None
    kind: str = "original"


def test_the_ledger_counts_each_move_from_the_line_before() -> None:
    rows = [Row(date(2025, 4, 8)), Row(date(2025, 7, 10), "extension"), Row(None), Row(date(2025, 8, 1))]
    lines = ledger_lines(cast("Any", rows))
    assert [line.moved_days for line in lines] == [None, 93, None, None]
    assert [line.is_in_force for line in lines] == [False, False, False, True]
    assert ledger_lines([]) == []


@dataclass(frozen=True)
class Standin:
    """A standing that only has its place in a chain."""

    pledge: Pledge
    timeliness: str = "no_date"
    is_late: bool = False


def linked(*rows: tuple[int | None, ...]) -> list[Standing]:
    """Standings of pledges given as (pk, what it follows, what it is a part of)."""
    named = [dict(zip(("pk", "follows_id", "parent_id"), row, strict=False)) for row in rows]
    return cast("list[Standing]", [Standin(Pledge(**row)) for row in named])


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([], []),
        ([(1, None), (2, 1), (3, 2)], [[(1, 0), (2, 1), (3, 2)]]),
        ([(3, 2), (2, 1), (1, None)], [[(1, 0), (2, 1), (3, 2)]]),
        ([(1, None), (2, 1), (3, 1), (4, 2)], [[(1, 0), (2, 1), (4, 2), (3, 1)]]),
        ([(1, None), (2, None)], [[(1, 0)], [(2, 0)]]),
        # What follows something that is not public starts a chain of its own.
        ([(1, 99), (2, 1)], [[(1, 0), (2, 1)]]),
        # A circle can't be made through the writers' forms; if it is there, it is told once.
        ([(1, 2), (2, 1)], [[(1, 0), (2, 1)]]),
        ([(1, 1)], [[(1, 0)]]),
    ],
)
def test_chains(pairs: list[tuple[int, int | None]], expected: list[list[tuple[int, int]]]) -> None:
    found = chains(linked(*pairs), {1: WHY})
    assert [[(link.standing.pledge.pk, link.depth) for link in chain] for chain in found] == expected
    assert all(link.reason == WHY for chain in found for link in chain if link.standing.pledge.pk == 1)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([(1, None), (2, None, 1)], [[(1, False), (2, True)]]),
        # Parts in the order in which they follow each other, whatever the order of the rows.
        ([(3, 2, 1), (2, None, 1), (1, None)], [[(1, False), (2, True), (3, True)]]),
        # What follows the whole comes after its parts; parts of parts stand with their own whole.
        (
            [(1, None), (2, 1), (3, None, 1), (4, None, 3)],
            [[(1, False), (2, False), (3, True), (4, True)]],
        ),
        # A part that follows a pledge elsewhere is told with its whole.
        ([(1, None), (2, 9, 1), (9, None)], [[(1, False), (2, True)], [(9, False)]]),
        # Neither a whole nor a predecessor that is not public is told of.
        ([(2, None, 99), (3, 98, 99)], [[(2, False)], [(3, False)]]),
        ([(1, None, 2), (2, None, 1)], [[(1, True), (2, True)]]),
    ],
)
def test_a_whole_and_its_parts(
    rows: list[tuple[int | None, ...]], expected: list[list[tuple[int, bool]]]
) -> None:
    found = chains(linked(*rows), {})
    assert [[(link.standing.pledge.pk, link.is_part) for link in chain] for chain in found] == expected


def test_a_glance_counts_the_long_overdue_among_the_overdue() -> None:
    rows = [
        Standin(Pledge(pk=1), "met_late"),
        Standin(Pledge(pk=2), "overdue", is_late=True),
        Standin(Pledge(pk=3), "long_overdue", is_late=True),
    ]
    assert glance(cast("list[Standing]", rows)) == [("Overdue", "overdue", 2), ("Met late", "met_late", 1)]


def test_kinds_are_those_of_the_log() -> None:
    assert set(PAYLOADS) <= set(EventKind.values)
