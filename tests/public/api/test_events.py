"""Events in the API: the log of one pledge, and the news of all."""

from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from pledges import record
from pledges.ledger import chain
from pledges.models import Event
from pledges.models.choices import PUBLIC_EVENT_KINDS
from tests.public.api.conftest import Ask
from tests.public.api.test_pledges import SITE
from tests.support.founding import EXTENDED_AT, PRESENTED_AT, Founding
from tests.support.records import make_draft, make_pledge, make_reviewer, make_user


def numbers(answer: Any) -> list[int]:
    return [row["number"] for row in answer["items"]]


def everything(ask: Ask, address: str) -> list[Any]:
    """All rows, by following the links."""
    rows, following = [], address
    while following:
        answer = ask(following.removeprefix(SITE))
        rows += answer["items"]
        following = answer["next"]
    return rows


def test_the_log_of_a_pledge_is_in_the_order_of_the_record(recorded: Founding, ask: Ask) -> None:
    answer = ask(f"/pledges/{recorded.report.reference}/events")
    public = Event.objects.published().filter(pledge=recorded.report).order_by("position")
    assert numbers(answer) == [event.position for event in public]
    assert answer["total"]["number"] == len(answer["items"]) == 7
    assert [row["hash"] for row in answer["items"]] == [event.hash for event in public]
    kinds = [row["kind"] for row in answer["items"]]
    assert kinds[-1] == "assessed"
    assert "recorded" not in kinds


def test_an_event_says_what_happened_when_and_where_it_can_be_read(recorded: Founding, ask: Ask) -> None:
    rows = {row["kind"]: row for row in everything(ask, f"/pledges/{recorded.report.reference}/events")}
    moved = rows["deadline_moved"]
    assert (moved["title"], moved["recorded_at"]) == ("Deadline extended", "2025-04-10T12:00:00.000000Z")
    assert "8 April 2025 to 10 July 2025" in moved["text"]["text"]
    assert [source["title"] for source in moved["sources"]] == ["Report on decision no. 11"]
    reply = rows["update_added"]
    assert (reply["update_kind"], reply["text"]["language"]) == ("reply", "ar")
    assert reply["by"] in (recorded.commission.slug, recorded.presidency.slug)
    assert reply["page"] == f"{SITE}/pledges/{recorded.report.reference}/#event-{reply['number']}"
    assessed = rows["assessed"]
    assert len(assessed["rests_on"]) == 1
    assert assessed["rests_on"][0] < assessed["number"]


def test_the_chain_can_be_followed_in_it(recorded: Founding, ask: Ask) -> None:
    rows = ask(f"/pledges/{recorded.report.reference}/events")["items"]
    followed = [
        (before, after) for before, after in pairwise(rows) if after["number"] == before["number"] + 1
    ]
    assert len(followed) > 3
    assert all(after["prev_hash"] == before["hash"] for before, after in followed)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_pages_of_events_hold_all_of_them_once(recorded: Founding, ask: Ask, size: int) -> None:
    for address in ("/events", f"/pledges/{recorded.report.reference}/events"):
        whole = ask(f"{address}?size=100")["items"]
        assert everything(ask, f"{address}?size={size}") == whole


def test_the_news_of_all_begins_with_the_newest(recorded: Founding, ask: Ask) -> None:
    rows = ask("/events?size=100")["items"]
    told = [row["recorded_at"] for row in rows]
    assert told == sorted(told, reverse=True)
    assert {row["pledge"] for row in rows} > {recorded.report.reference, recorded.trials.reference}
    assert len(rows) == Event.objects.published().count()


def test_events_of_one_kind(recorded: Founding, ask: Ask) -> None:
    rows = ask("/events?size=100")["items"]
    for kind in PUBLIC_EVENT_KINDS:
        expected = [row["hash"] for row in rows if row["kind"] == kind]
        assert [row["hash"] for row in ask(f"/events?kind={kind}")["items"]] == expected, kind
    assert ask("/events?kind=deadline_moved")["total"]["number"] == 1


@pytest.mark.parametrize(
    ("since", "is_there"),
    [
        (EXTENDED_AT - timedelta(microseconds=1), True),
        (EXTENDED_AT, True),
        (EXTENDED_AT + timedelta(microseconds=1), False),
    ],
)
def test_since_an_instant_or_later(recorded: Founding, ask: Ask, since: Any, is_there: bool) -> None:
    found = ask(f"/events?kind=deadline_moved&since={chain.instant(since)}")
    assert (found["total"]["number"] == 1) is is_there


def test_since_is_the_same_instant_in_another_zone(recorded: Founding, ask: Ask) -> None:
    there = ask("/events?since=2025-04-10T15:00:00%2B03:00")["items"]
    assert there == ask("/events?since=2025-04-10T12:00:00Z")["items"]
    assert len(there) < len(ask("/events")["items"])


def test_an_update_is_told_as_it_stands_with_what_corrected_it(recorded: Founding, ask: Ask) -> None:
    address = f"/pledges/{recorded.report.reference}/events"
    entry = next(row for row in ask(address)["items"] if row["update_kind"] == "fulfilment")
    update = recorded.report.updates.get(kind="fulfilment")
    record.amend_update(
        update=update,
        changes={"text": "The commission hands in its findings."},
        reason="A better translation.",
        actor=make_reviewer(),
        now=PRESENTED_AT,
    )
    rows = ask(address)["items"]
    told = next(row for row in rows if row["number"] == entry["number"])
    assert told["text"]["text"] == "The commission hands in its findings."
    assert told["hash"] == entry["hash"]
    correction = rows[-1]
    assert (correction["kind"], correction["corrects"]) == ("corrected", entry["number"])
    assert told["corrected_by"] == [correction["number"]]
    assert correction["changes"] == [
        {
            "field": "what happened",
            "before": "The commission presents its findings.",
            "after": "The commission hands in its findings.",
        }
    ]
    assert next(row for row in ask("/events")["items"] if row["hash"] == entry["hash"]) == told


def test_the_log_of_a_draft_is_not_there(db: None, ask: Ask) -> None:
    make_draft()
    assert ask("/events")["items"] == []
    shown = make_pledge(actor=make_user())
    assert {row["pledge"] for row in ask("/events")["items"]} == {shown.reference}
