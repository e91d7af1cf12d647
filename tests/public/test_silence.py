"""A cache that gave no answer is left alone for a moment, and then asked by one for all."""

from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as NoRedisError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as TooLateError

from pledges import record
from tests.public.api.conftest import ROOT
from tests.public.conftest import NOON
from tests.support.founding import founding_case
from tests.support.records import make_pledge, make_reviewer
from tracker import counting, edition, silence

pytestmark = [
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("kept_in_redis", "at_noon"),
]
BEGAN = 5_000.0
A_BIT = 0.000_001
ASKING = ("get_many", "add", "incr")


@dataclass
class Clock:
    """The process's own clock, in seconds, which stands still until it is moved."""

    now: float = BEGAN


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    for module in (silence, edition):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: found.now))
    monkeypatch.setattr(edition, "_heard", edition.Heard())
    monkeypatch.setattr(edition, "_renewed_at", 0.0)
    return found


class Hanging:
    """Redis, which does not answer while `trouble` is set; `asked` has the names of what was asked of it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.trouble: Exception | None = None
        self.asked: list[str] = []
        backend = type(cache._connections["default"])  # type: ignore[attr-defined]
        for name in ("get", "get_many", "set", "add", "incr"):
            monkeypatch.setattr(backend, name, self._instead_of(name, getattr(backend, name)))

    def _instead_of(self, name: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        def answer(backend: Any, *args: Any, **named: Any) -> Any:
            self.asked.append(name)
            if self.trouble:
                raise self.trouble
            return ask(backend, *args, **named)

        return answer


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> Hanging:
    return Hanging(monkeypatch)


@pytest.mark.parametrize(
    ("seconds", "is_asked"),
    [
        (0, False),
        (silence.PAUSE - A_BIT, False),
        (silence.PAUSE, True),
        (silence.PAUSE + A_BIT, True),
    ],
)
@pytest.mark.parametrize("trouble", [TooLateError("late"), NoRedisError("away"), OSError("away")])
def test_nothing_is_asked_until_the_pause_ends(
    clock: Clock, hanging: Hanging, trouble: Exception, seconds: float, is_asked: bool
) -> None:
    hanging.trouble = trouble
    assert edition.current_with("any-page") == ("", None)
    clock.now += seconds
    hanging.asked.clear()
    assert counting.count("x", lasts=60) == 0
    assert edition.current_with("any-page") == ("", None)
    # At the end of the pause the first one finds out for all.
    assert hanging.asked == (["add"] if is_asked else [])


def test_whoever_asks_for_all_is_waited_for_by_nobody(clock: Clock) -> None:
    silence.no_answer("nothing", TooLateError("late"))
    clock.now += silence.PAUSE
    assert [silence.is_worth_asking() for _each in range(3)] == [True, False, False]
    clock.now += silence.PAUSE
    assert [silence.is_worth_asking() for _each in range(3)] == [True, False, False]
    silence.answered()
    assert [silence.is_worth_asking() for _each in range(3)] == [True, True, True]


@pytest.mark.parametrize(
    "ask",
    [
        lambda: counting.count("x", lasts=60),
        lambda: edition.current_with("any-page"),
        edition.renew,
    ],
)
def test_an_answer_ends_the_silence(clock: Clock, hanging: Hanging, ask: Callable[[], object]) -> None:
    silence.no_answer("nothing", TooLateError("late"))
    clock.now += silence.PAUSE
    ask()
    assert counting.count("y", lasts=60) == 1
    assert counting.count("y", lasts=60) == 2
    assert edition.current_with("any-page")[0]


def test_a_refusal_is_an_answer(hanging: Hanging) -> None:
    hanging.trouble = ResponseError("OOM command not allowed when used memory > 'maxmemory'")
    assert counting.count("x", lasts=60) == 0
    hanging.trouble = None
    assert edition.current_with("any-page")[0]
    assert counting.count("x", lasts=60) == 1


def test_what_cant_be_read_is_an_answer(clock: Clock) -> None:
    raw: Any = cache._cache.get_client()  # type: ignore[attr-defined]  # Django has no public way
    raw.set(cache.make_key(edition.KEY), b"garbage")
    silence.no_answer("nothing", TooLateError("late"))
    clock.now += silence.PAUSE
    assert edition.current_with("any-page") == ("", None)
    assert edition.current_with("any-page")[0]


def test_news_is_told_also_meanwhile(clock: Clock, hanging: Hanging) -> None:
    """This process had no answer; another one, which has, must not give what was before."""
    before = edition.current_with("any-page")[0]
    silence.no_answer("nothing", TooLateError("late"))
    edition.renew()
    assert hanging.asked[-1] == "set"
    assert edition.current_with("any-page")[0] not in ("", before)


def test_news_that_is_not_told_begins_a_pause(hanging: Hanging) -> None:
    hanging.trouble = TooLateError("late")
    edition.renew()
    hanging.asked.clear()
    assert edition.current_with("any-page") == ("", None)
    assert hanging.asked == []


def test_a_crowd_waits_once_and_is_given_what_stands_on_record(
    client: Client, clock: Clock, hanging: Hanging, settings: LazySettings
) -> None:
    settings.TRACKER_API_HOURLY = 1
    founding_case()
    pledge = make_pledge(title="Old words")
    page = pledge.get_absolute_url()
    assert b"Old words" in client.get(page).content
    clock.now += 1
    hanging.trouble = TooLateError("late")
    hanging.asked.clear()
    for address in (page, f"{page}share.png", f"{page}share.png", f"{ROOT}/cases", f"{ROOT}/cases", "/"):
        answer = client.get(address)
        # All are let in, and no copy that a reader has is called right.
        assert answer.status_code == 200, address
    assert hanging.asked == ["get_many"]
    record.amend_pledge(
        pledge=pledge, changes={"title": "New words"}, reason="x", actor=make_reviewer(), now=NOON
    )
    assert b"New words" in client.get(page).content
    # It answers again, and heard nothing of the news; its old edition is over after the minute at the latest.
    hanging.trouble = None
    clock.now += silence.PAUSE
    hanging.asked.clear()
    client.get("/about/")
    assert hanging.asked[0] == "get_many"
    assert [client.get(f"{ROOT}/cases").status_code for _each in range(2)] == [200, 429]
