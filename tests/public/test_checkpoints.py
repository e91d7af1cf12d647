"""The checkpoints in public: a page, a file to keep, feeds, and a line under everything."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
import time_machine
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.ledger.verify_dump import hash_of
from pledges.models import Checkpoint
from tests.support.records import make_draft, make_pledge
from tracker.health.beats import beat
from tracker.health.models import Part
from tracker.watch.tasks import take_daily_checkpoint

pytestmark = pytest.mark.django_db
FIRST = datetime(2025, 4, 5, 0, 15, tzinfo=UTC)
DAY = timedelta(days=1)


def take(number: int = 1) -> list[Checkpoint]:
    make_pledge()
    taken = [record.take_checkpoint(now=FIRST + day * DAY) for day in range(number)]
    return [each for each in taken if each]


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_before_the_first_there_is_none(client: Client) -> None:
    assert "No checkpoint has been taken yet" in read(client, "/checkpoints/")
    assert "Checkpoint" not in read(client, "/about/").partition("<footer")[2]


def test_the_list_shows_the_newest_first_and_each_has_its_page(client: Client) -> None:
    first, second = take(2)
    page = read(client, "/checkpoints/")
    assert page.index(second.short) < page.index(first.short)
    assert "6 April 2025, 00:15 UTC" in page
    own = read(client, second.get_absolute_url())
    for value in (second.hash, second.root, first.hash):
        assert value in own
    assert "none: this is the first" in read(client, first.get_absolute_url())


def test_the_file_is_what_the_script_checks(client: Client) -> None:
    _first, second = take(2)
    answer = client.get(f"/checkpoints/{second.number}.json")
    kept = json.loads(answer.content)
    assert kept["hash"] == second.hash == hash_of(kept)
    assert answer["Content-Disposition"] == 'attachment; filename="checkpoint-2.json"'


@pytest.mark.parametrize("number", [0, 2, 10**30])
def test_what_was_never_taken_is_not_found(client: Client, number: int) -> None:
    take()
    for address in (f"/checkpoints/{number}/", f"/checkpoints/{number}.json"):
        assert client.get(address).status_code == 404


@pytest.mark.parametrize("number", ["01", "000001", "0" * 200 + "1"])
def test_a_number_is_written_in_one_way(client: Client, number: str) -> None:
    take()
    for ending in ("/", ".json"):
        assert client.get(f"/checkpoints/1{ending}").status_code == 200
        assert client.get(f"/checkpoints/{number}{ending}").status_code == 404


def test_the_last_one_stands_under_every_page(client: Client) -> None:
    _first, second = take(2)
    beat(Part.SWEEP, now=FIRST)
    for address in ("/", "/pledges/", "/overdue/", "/cases/", "/bodies/", "/about/", "/checkpoints/"):
        footer = read(client, address).partition("<footer")[2]
        assert second.short in footer
        assert f'href="{second.get_absolute_url()}"' in footer


def entries(client: Client, address: str) -> list[Any]:
    feed = feedparser.parse(client.get(address).content)
    assert not feed.bozo
    return list(feed.entries)


def test_the_feeds_carry_it(client: Client) -> None:
    first, second = take(2)
    assert [entry.title for entry in entries(client, "/checkpoints.atom")] == [
        f"Checkpoint {second}",
        f"Checkpoint {first}",
    ]
    [own] = [entry for entry in entries(client, "/feed.atom") if "checkpoints" in entry.link]
    assert second.hash in own.summary
    assert own.id.endswith(second.get_absolute_url())


def test_a_draft_moves_no_checkpoint() -> None:
    [first] = take()
    make_draft()
    second = record.take_checkpoint(now=FIRST + DAY)
    assert second is not None
    assert (second.root, second.size) == (first.root, first.size)


def test_the_task_takes_one_a_day_by_the_clock() -> None:
    make_pledge()
    for instant in (FIRST, FIRST + timedelta(hours=23), FIRST + DAY, FIRST + DAY, FIRST + 4 * DAY):
        with time_machine.travel(instant, tick=False):
            take_daily_checkpoint()
    assert [each.made_at for each in Checkpoint.objects.all()] == [FIRST, FIRST + DAY, FIRST + 4 * DAY]


@pytest.mark.parametrize("page", ["404.html", "500.html"])
def test_the_pages_for_errors_ask_the_database_for_nothing(page: str) -> None:
    take()
    with CaptureQueriesContext(connection) as captured:
        assert "<footer" in render_to_string(page)
    assert len(captured) == 0
