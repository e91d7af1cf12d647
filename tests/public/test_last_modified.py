"""Programs that know no entity tags are answered by dates, and are never told that an old copy is right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils.http import http_date

from pledges import record
from pledges.models import Pledge
from tests.support.records import make_pledge, make_reviewer
from tracker import edition
from tracker.public.keeping import SETTLED
from tracker.watch.sweep import sweep

pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]
# Within a minute, so that its beginning and the edition's differ.
BEGAN = datetime(2026, 3, 4, 12, 0, 20, 300_000, tzinfo=UTC)
MINUTE = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)
MIDNIGHT = datetime(2026, 3, 5, tzinfo=UTC)
MICROSECOND, SECOND = timedelta(microseconds=1), timedelta(seconds=1)
SETTLED_AT = BEGAN.replace(microsecond=0) + SETTLED * SECOND
CLOCKED = ("/", "/pledges/?words=report", "/data/pledges.csv", "/data/record.xlsx", "/ar/overdue/")
BY_RECORD = ("/feed.atom", "/calendar.ics", "/overdue.atom", "/ar/feed.atom")


@pytest.fixture
def clock(kept_in_redis: None) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(BEGAN, tick=False) as traveller:
        yield traveller


@pytest.fixture
def pledge(clock: time_machine.Traveller) -> Pledge:
    """A pledge whose publication began the edition, at BEGAN."""
    return make_pledge(title="Old report")


def date_of(instant: datetime) -> str:
    return http_date(int(instant.timestamp()))


def ask(client: Client, address: str, since: str = "", tag: str = "") -> Any:
    sent = {"if-modified-since": since, "if-none-match": tag}
    return client.get(address, headers={name: value for name, value in sent.items() if value})


def retitle(pledge: Pledge, title: str = "New report") -> None:
    now = datetime.now(UTC)
    record.amend_pledge(pledge=pledge, changes={"title": title}, reason="x", actor=make_reviewer(), now=now)


@pytest.mark.parametrize("address", [*CLOCKED, *BY_RECORD])
@pytest.mark.parametrize(
    ("asked_at", "is_said"),
    [
        (BEGAN, False),
        (SETTLED_AT - MICROSECOND, False),
        (SETTLED_AT, True),
        (SETTLED_AT + MICROSECOND, True),
        (SETTLED_AT + 30 * SECOND, True),
    ],
)
def test_the_date_is_the_beginning_of_the_edition_once_its_second_is_over(
    client: Client, pledge: Pledge, clock: Any, address: str, asked_at: datetime, *, is_said: bool
) -> None:
    clock.move_to(asked_at)
    answer = ask(client, address)
    assert answer.status_code == 200
    assert answer.get("Last-Modified") == (date_of(BEGAN) if is_said else None)
    again = ask(client, address, since=date_of(BEGAN))
    assert again.status_code == (304 if is_said else 200)
    assert again.get("Last-Modified") == answer.get("Last-Modified")


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (timedelta(minutes=1) - MICROSECOND, BEGAN),
        (timedelta(minutes=1), None),
        (timedelta(minutes=1) + SETTLED * SECOND - MICROSECOND, None),
        (timedelta(minutes=1) + SETTLED * SECOND, MINUTE + timedelta(minutes=1)),
        (timedelta(minutes=2) - MICROSECOND, MINUTE + timedelta(minutes=1)),
        (timedelta(days=1, seconds=9), MINUTE + timedelta(days=1)),
    ],
)
def test_a_page_is_as_old_as_its_minute_a_feed_as_its_edition(
    client: Client, pledge: Pledge, clock: Any, after: timedelta, said: datetime | None
) -> None:
    clock.move_to(MINUTE + after)
    for address in CLOCKED:
        answer = ask(client, address, since=date_of(BEGAN))
        assert answer.status_code == (304 if said == BEGAN else 200), address
        assert answer.get("Last-Modified") == (date_of(said) if said else None), address
    if after < timedelta(days=1):  # The name of the edition is forgotten after a day.
        for address in BY_RECORD:
            assert ask(client, address, since=date_of(BEGAN)).status_code == 304, address


def test_a_checkpoint_is_never_hidden_by_a_date(client: Client, pledge: Pledge, clock: Any) -> None:
    """It is no event, and feeds tell of it."""
    clock.move_to(SETTLED_AT)
    dates = {
        address: ask(client, address)["Last-Modified"] for address in ("/checkpoints.atom", "/feed.atom")
    }
    clock.move_to(SETTLED_AT + 5 * SECOND)
    assert record.take_checkpoint(now=datetime.now(UTC))
    clock.move_to(SETTLED_AT + 9 * SECOND)
    for address, date in dates.items():
        answer = ask(client, address, since=date)
        assert answer.status_code == 200, address
        assert answer["Last-Modified"] != date, address


@pytest.mark.parametrize(
    ("asked_at", "status"),
    [
        (MIDNIGHT - MICROSECOND, 304),
        (MIDNIGHT, 200),
        (MIDNIGHT + SETTLED * SECOND, 200),
    ],
)
def test_a_calendar_is_no_older_than_its_day(
    client: Client, pledge: Pledge, clock: Any, asked_at: datetime, status: int
) -> None:
    """Of very many dates it has those nearest to today."""
    clock.move_to(SETTLED_AT)
    date = ask(client, "/calendar.ics")["Last-Modified"]
    clock.move_to(asked_at)
    assert ask(client, "/calendar.ics", since=date).status_code == status


@pytest.mark.parametrize("address", ["/", "/feed.atom", "/calendar.ics", "/data/pledges.csv"])
@pytest.mark.parametrize(
    "happened",
    [
        BEGAN,
        BEGAN + MICROSECOND,
        BEGAN.replace(microsecond=999_999),
        BEGAN + SECOND,
        SETTLED_AT - MICROSECOND,
        SETTLED_AT,
        SETTLED_AT + 10 * SECOND,
        SETTLED_AT + 40 * SECOND,
    ],
)
def test_an_event_is_never_hidden_by_a_date(
    client: Client, pledge: Pledge, clock: Any, address: str, happened: datetime
) -> None:
    """Whatever a reader was told before an event, and whenever she asks after it, she sees it."""
    clock.move_to(happened)
    before = ask(client, address)
    told = {date_of(BEGAN), date_of(happened), before.get("Last-Modified", "")}
    retitle(pledge)
    for later in (0, 1, 2, 3, 70):
        clock.move_to(happened + later * SECOND)
        fresh = ask(client, address)
        assert b"New report" in fresh.content if address != "/data/pledges.csv" else True
        # A date that was sent before the event brings the new page, unless it is that of the new page itself.
        for since in told - {fresh.get("Last-Modified")}:
            assert ask(client, address, since=since).status_code == 200, (later, since)
        assert before.get("Last-Modified") != fresh.get("Last-Modified") or not before.get("Last-Modified")


def test_two_events_in_one_second_are_two_editions(client: Client, pledge: Pledge, clock: Any) -> None:
    for microsecond in (400_000, 999_999):
        clock.move_to(BEGAN.replace(microsecond=microsecond))
        assert "Last-Modified" not in ask(client, "/feed.atom")
        retitle(pledge, f"At {microsecond}")
    clock.move_to(SETTLED_AT)
    answer = ask(client, "/feed.atom")
    assert b"At 999999" in answer.content
    assert answer["Last-Modified"] == date_of(BEGAN)


def test_a_sweep_that_flags_is_seen_at_once(client: Client, pledge: Pledge, clock: Any) -> None:
    late = make_pledge(title="Late report")
    assert late.lapses_at is not None
    clock.move_to(SETTLED_AT + 5 * SECOND)
    date = ask(client, "/")["Last-Modified"]
    assert ask(client, "/", since=date).status_code == 304
    sweep(now=BEGAN)
    assert ask(client, "/", since=date).status_code == 200


@pytest.mark.parametrize("address", ["/", "/feed.atom"])
@pytest.mark.parametrize(
    ("since", "tag", "status"),
    [
        ("right", "", 304),
        ("right", "right", 304),
        ("wrong", "right", 304),
        # The tag alone counts where both are sent (RFC 9110, 13.1.3).
        ("right", "wrong", 200),
        ("wrong", "wrong", 200),
        ("wrong", "", 200),
        ("right", "nothing that is a tag", 200),
        ("", "right", 304),
        ("", "", 200),
    ],
)
def test_a_tag_counts_more_than_a_date(
    client: Client, pledge: Pledge, clock: Any, address: str, since: str, tag: str, status: int
) -> None:
    clock.move_to(SETTLED_AT)
    first = ask(client, address)
    dates = {"right": first["Last-Modified"], "wrong": date_of(BEGAN - SECOND)}
    tags = {"right": first["ETag"], "wrong": '"other"'}
    answer = ask(client, address, dates.get(since, since), tags.get(tag, tag))
    assert answer.status_code == status
    assert (answer.content == b"") == (status == 304)
    assert (answer["ETag"], answer["Last-Modified"]) == (first["ETag"], first["Last-Modified"])


@pytest.mark.parametrize(
    "since",
    [
        "yesterday",
        "0",
        "2026-03-04T12:00:20Z",
        "Wed, 32 Mar 2026 12:00:20 GMT",
        "Wed, 04 Mar 2026 12:00:20",
        # Never sent: a second too early, a second too late, far ahead, and before all time.
        date_of(BEGAN - SECOND),
        date_of(BEGAN + SECOND),
        "Fri, 31 Dec 9999 23:59:59 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)
def test_a_date_that_was_never_sent_brings_the_page(
    client: Client, pledge: Pledge, clock: Any, since: str
) -> None:
    clock.move_to(SETTLED_AT)
    assert ask(client, "/", since=since).status_code == 200
    # In the two older forms of a date it is the same date.
    for form in ("%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y", "%a, %d %b %Y %H:%M:%S GMT"):
        assert ask(client, "/", since=f"{BEGAN:{form}}").status_code == 304, form


def test_what_is_no_page_has_no_date(client: Client, pledge: Pledge, clock: Any) -> None:
    off = make_pledge()
    record.unpublish(pledge=off, reason="Asked.", actor=make_reviewer(), now=BEGAN)
    clock.move_to(SETTLED_AT)
    expected = {"/no-such-page/": 404, "/pledges/SY-2025-9999/": 404, off.get_absolute_url(): 410}
    for address, status in expected.items():
        answer = ask(client, address, since=date_of(BEGAN))
        assert answer.status_code == status, address
        assert "Last-Modified" not in answer, address


def test_without_an_edition_there_is_no_date(client: Client, pledge: Pledge, monkeypatch: Any) -> None:
    monkeypatch.setattr(edition, "current_with", lambda _key: ("", None))
    answer = ask(client, "/", since=date_of(BEGAN))
    assert answer.status_code == 200
    assert "Last-Modified" not in answer


def test_a_feed_stays_the_same_while_only_the_clock_moves(client: Client, pledge: Pledge, clock: Any) -> None:
    tag = ask(client, "/feed.atom")["ETag"]
    for minutes in (1, 2, 600):
        clock.move_to(BEGAN + timedelta(minutes=minutes))
        assert ask(client, "/feed.atom", tag=tag).status_code == 304
    retitle(pledge)
    assert ask(client, "/feed.atom", tag=tag).status_code == 200
