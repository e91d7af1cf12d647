"""What Redis said of the edition is believed for a moment, and never against the process's own news."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from pledges import record
from tests.public.conftest import NOON
from tests.public.test_keeping import asked
from tests.support.founding import founding_case
from tests.support.records import make_pledge, make_reviewer
from tracker import edition
from tracker.public import keeping
from tracker.public.keeping import KeptPages

pytestmark = [
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("kept_in_redis", "at_noon", "clock"),
]
BEGAN = 5_000.0
A_BIT = 0.000_001


@dataclass
class Clock:
    """The process's own clock, in seconds, which stands still until it is moved."""

    now: float = BEGAN


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(edition, "time", SimpleNamespace(monotonic=lambda: found.now))
    monkeypatch.setattr(edition, "_heard", edition.Heard())
    monkeypatch.setattr(edition, "_renewed_at", 0.0)
    return found


@pytest.fixture
def questions(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What Redis was asked for from now on."""
    backend, found = type(cache._connections["default"]), []  # type: ignore[attr-defined]
    ask = backend.get_many

    def get_many(self: Any, keys: Any, *more: Any) -> Any:
        found.append(keys)
        return ask(self, keys, *more)

    monkeypatch.setattr(backend, "get_many", get_many)
    return found


@pytest.mark.parametrize(
    ("seconds", "is_believed"),
    [
        (0, True),
        (edition.BELIEVED - A_BIT, True),
        (edition.BELIEVED, False),
        (edition.BELIEVED + A_BIT, False),
    ],
)
def test_it_is_believed_from_the_question_on(clock: Clock, seconds: float, is_believed: bool) -> None:
    assert edition.believed() == ""
    name, _page = edition.current_with("any-page")
    assert edition.believed() == name
    clock.now += seconds
    assert edition.believed() == (name if is_believed else "")


def test_a_crowd_asks_redis_once_in_a_while(client: Client, clock: Clock, questions: list[Any]) -> None:
    founding_case()
    clock.now += A_BIT
    made = client.get("/")
    given = client.get("/")
    assert len(questions) == 2
    for _ in range(5):
        answer, queries = asked(client, "/")
        assert (answer.content, answer["ETag"], queries) == (made.content, made["ETag"], 0)
        assert dict(answer.items()) == dict(given.items())
        unchanged = client.get("/", headers={"if-none-match": made["ETag"]})
        assert (unchanged.status_code, unchanged["Vary"]) == (304, "Accept-Encoding")
    assert len(questions) == 2
    clock.now += edition.BELIEVED
    assert client.get("/").content == made.content
    assert len(questions) == 3


def test_what_is_not_at_hand_is_asked_for(client: Client, clock: Clock, questions: list[Any]) -> None:
    founding_case()
    clock.now += A_BIT
    for address in ("/", "/ar/", "/", "/ar/", "/overdue/"):
        client.get(address)
    assert len(questions) == 5
    assert client.get("/", headers={"accept-encoding": "gzip"})["Content-Encoding"] == "gzip"
    assert len(questions) == 6


def test_news_of_this_process_is_heard_at_once(client: Client, clock: Clock) -> None:
    pledge = make_pledge(title="Old words")
    clock.now += A_BIT
    for _ in range(3):
        assert b"Old words" in client.get(pledge.get_absolute_url()).content
    assert edition.believed()
    record.amend_pledge(
        pledge=pledge, changes={"title": "New words"}, reason="x", actor=make_reviewer(), now=NOON
    )
    assert edition.believed() == ""
    assert b"New words" in client.get(pledge.get_absolute_url()).content


def test_news_of_another_process_is_heard_when_redis_is_asked_again(client: Client, clock: Clock) -> None:
    founding_case()
    clock.now += A_BIT
    old = {client.get("/")["ETag"] for _ in range(3)}.pop()
    cache.set(edition.KEY, f"{int(NOON.timestamp())}-of-another-process")
    clock.now += edition.BELIEVED - A_BIT
    assert client.get("/", headers={"if-none-match": old}).status_code == 304
    clock.now += A_BIT
    answer = client.get("/", headers={"if-none-match": old})
    assert answer.status_code == 200
    assert answer["ETag"] != old


def answer_late(
    monkeypatch: pytest.MonkeyPatch, clock: Clock, seconds: float, meanwhile: Callable[[], object]
) -> None:
    """Let Redis take so long for its answer, and something happen before it is there."""
    backend = type(cache._connections["default"])  # type: ignore[attr-defined]
    ask = backend.get_many

    def get_many(self: Any, keys: Any, *more: Any) -> Any:
        answer = ask(self, keys, *more)
        clock.now += seconds
        meanwhile()
        return answer

    monkeypatch.setattr(backend, "get_many", get_many)


@pytest.mark.parametrize(
    ("seconds", "is_believed"), [(edition.BELIEVED - A_BIT, True), (edition.BELIEVED, False)]
)
def test_an_answer_that_took_long_is_believed_for_less(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, seconds: float, is_believed: bool
) -> None:
    answer_late(monkeypatch, clock, seconds, lambda: None)
    assert edition.current_with("any-page")[0]
    assert bool(edition.believed()) is is_believed


@pytest.mark.parametrize("seconds", [0, A_BIT])
def test_an_answer_from_before_the_news_is_not_believed_after_it(
    clock: Clock, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    answer_late(monkeypatch, clock, seconds, edition.renew)
    assert edition.current_with("any-page")[0]
    assert edition.believed() == ""


def test_nothing_at_hand_is_given_after_its_minute(
    client: Client, clock: Clock, at_noon: time_machine.Traveller, questions: list[Any]
) -> None:
    founding_case()
    clock.now += A_BIT
    old = {client.get("/")["ETag"] for _ in range(3)}.pop()
    at_noon.move_to(NOON + timedelta(seconds=59, microseconds=999_999))
    assert client.get("/")["ETag"] == old
    assert len(questions) == 2
    at_noon.move_to(NOON + timedelta(minutes=1))
    answer, queries = asked(client, "/")
    assert (queries > 0, len(questions)) == (True, 3)
    assert answer["ETag"] != old


def test_no_more_than_some_pages_are_at_hand(
    client: Client, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    founding_case()
    clock.now += A_BIT
    addresses = ["/", "/overdue/", "/cases/", "/bodies/", "/about/"]
    for address in addresses:
        client.get(address)

    def make(request: HttpRequest) -> HttpResponse:
        raise AssertionError(f"{request.path} was made anew")

    monkeypatch.setattr(keeping, "MOST_AT_HAND", 2)
    kept, held = KeptPages(make), []
    for address in addresses:
        for _ in range(2):
            assert kept(RequestFactory().get(address)).status_code == 200
        held.append(len(kept.at_hand))
    assert held == [1, 2, 1, 2, 1]
