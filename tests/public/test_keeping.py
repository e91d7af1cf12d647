"""A page is made once for all readers, and never given again after something happened to the record."""

import gzip
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from redis.exceptions import ConnectionError as NoRedisError

from config.cache import JsonSerializer, cache_url
from pledges import record
from pledges.models import Pledge
from tests.public.conftest import NOON
from tests.support.founding import founding_case
from tests.support.records import make_pledge, make_reviewer
from tracker import edition
from tracker.public import keeping
from tracker.public.keeping import LASTS, MOST_KEPT, Room, key_of, tag_of
from tracker.watch.sweep import sweep

pytestmark = [
    pytest.mark.redis,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("kept_in_redis", "at_noon"),
]
SECOND = timedelta(seconds=1)


def current() -> str:
    return edition.current_with("any-page")[0]


def asked(client: Client, address: str, **headers: str) -> tuple[HttpResponse, int]:
    with CaptureQueriesContext(connection) as queries:
        answer: Any = client.get(address, headers=headers)
    return answer, len(queries)


def test_the_second_reader_costs_the_database_nothing(client: Client) -> None:
    founding_case()
    first, made = asked(client, "/")
    second, given = asked(client, "/")
    assert made > 0
    assert given == 0
    assert second.content == first.content
    # All of them: what a browser is told of safety, too.
    assert dict(second.items()) == dict(first.items())
    assert {"Content-Language", "X-Frame-Options", "Permissions-Policy"} <= set(second.headers)
    assert first["Cache-Control"] == "public, max-age=10"


def test_a_reader_who_has_it_gets_nothing_again(client: Client) -> None:
    founding_case()
    tag = client.get("/overdue/")["ETag"]
    for sent in (tag, f"W/{tag}", f'"other", {tag}'):
        answer, queries = asked(client, "/overdue/", **{"if-none-match": sent})
        assert (answer.status_code, answer.content, queries) == (304, b"", 0)
        assert answer["ETag"] == tag
        assert answer["Content-Security-Policy"]
        assert (answer["Vary"], answer["Cache-Control"]) == ("Accept-Encoding", "public, max-age=10")
    assert client.get("/overdue/", headers={"if-none-match": '"other"'}).status_code == 200


def test_a_picture_is_drawn_once_for_all(client: Client, settings: LazySettings) -> None:
    settings.TRACKER_API_HOURLY = 1
    address = f"{founding_case().report.get_absolute_url()}share.png"
    first, made = asked(client, address)
    second, given = asked(client, address)
    assert made > 0
    assert given == 0
    assert second.content == first.content
    assert (second["Content-Type"], second["Access-Control-Allow-Origin"]) == ("image/png", "*")
    unchanged = client.get(address, headers={"if-none-match": first["ETag"]})
    assert unchanged.status_code == 304
    for name in ("Cache-Control", "Cross-Origin-Resource-Policy", "Access-Control-Allow-Origin"):
        assert unchanged[name] == second[name] == first[name]
    # The control: another picture is work, and that was all of it for this hour.
    assert client.get("/share.png").status_code == 429


def test_packed_and_plain_are_kept_apart(client: Client) -> None:
    founding_case()
    packed = client.get("/", headers={"accept-encoding": "gzip"})
    again = client.get("/", headers={"accept-encoding": "gzip"})
    plain = client.get("/")
    assert again["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in again["Vary"]
    assert gzip.decompress(again.content) == gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] != plain["ETag"]


def test_languages_and_filters_are_kept_apart(client: Client) -> None:
    founding_case()
    addresses = ["/", "/ar/", "/pledges/", "/pledges/?status=refused", "/ar/pledges/?status=refused"]
    bodies = {client.get(address).content for address in addresses * 2}
    assert len(bodies) == len(addresses)


def retitle(pledge: Pledge, title: str) -> None:
    now = datetime.now(UTC)
    record.amend_pledge(pledge=pledge, changes={"title": title}, reason="x", actor=make_reviewer(), now=now)


def test_an_event_is_seen_at_once(client: Client) -> None:
    pledge = make_pledge(title="Old words")
    address = pledge.get_absolute_url()
    assert b"Old words" in client.get(address).content
    tag = client.get(address)["ETag"]
    retitle(pledge, "New words")
    answer = client.get(address, headers={"if-none-match": tag})
    assert answer.status_code == 200
    assert b"New words" in answer.content
    assert answer["ETag"] != tag


def test_what_is_rolled_back_begins_no_edition(client: Client) -> None:
    pledge = make_pledge()
    before = current()
    with transaction.atomic():
        retitle(pledge, "Never said")
        transaction.set_rollback(True)
    assert current() == before
    retitle(pledge, "Said")
    assert current() != before


def test_no_reader_sees_a_page_from_before_a_sweep(client: Client, at_noon: Any) -> None:
    """The lapse and the sweep fall into one minute, in which the page was kept."""
    pledge = make_pledge()
    lapse = pledge.lapses_at
    assert lapse is not None
    at_noon.move_to(lapse + SECOND)
    early = client.get("/")
    before = current()
    sweep(now=lapse + 2 * SECOND)
    assert current() != before
    answer, queries = asked(client, "/")
    assert queries > 0
    assert b"Became overdue" in answer.content
    assert b"Became overdue" not in early.content
    before = current()
    sweep(now=lapse + 3 * SECOND)
    assert current() == before


def test_a_calendar_stays_the_same_for_longer_than_a_minute(client: Client, at_noon: Any) -> None:
    make_pledge()
    tag = client.get("/calendar.ics")["ETag"]
    for minutes in (0, 1, 2):
        at_noon.move_to(NOON + timedelta(minutes=minutes))
        for _asked_again in range(2):
            assert client.get("/calendar.ics", headers={"if-none-match": tag}).status_code == 304
    answer, queries = asked(client, "/calendar.ics")
    assert (answer.status_code, answer["ETag"], queries > 0) == (200, tag, True)
    assert asked(client, "/calendar.ics")[1] == 0


@pytest.mark.parametrize(
    ("later", "is_given"),
    [
        (timedelta(0), True),
        (timedelta(seconds=59, microseconds=999_999), True),
        (timedelta(minutes=1), False),
        (timedelta(minutes=1, microseconds=1), False),
        (timedelta(days=1), False),
        (timedelta(microseconds=-1), False),
    ],
)
def test_nothing_is_given_again_after_its_minute(
    client: Client, at_noon: Any, later: timedelta, is_given: bool
) -> None:
    founding_case()
    tag = client.get("/")["ETag"]
    at_noon.move_to(NOON + later)
    answer, queries = asked(client, "/", **{"if-none-match": tag})
    assert (answer.status_code, queries > 0) == ((304, False) if is_given else (200, True))


@pytest.mark.parametrize(
    ("key", "edition_name", "later", "is_same"),
    [
        ("page", "x", timedelta(0), True),
        ("page", "x", timedelta(seconds=59, microseconds=999_999), True),
        ("page", "x", timedelta(minutes=1), False),
        ("page", "x", timedelta(days=1), False),
        ("other", "x", timedelta(0), False),
        ("page", "y", timedelta(0), False),
    ],
)
def test_a_tag_is_of_a_page_an_edition_and_a_minute(
    key: str, edition_name: str, later: timedelta, is_same: bool
) -> None:
    assert (tag_of(key, edition_name, NOON + later) == tag_of("page", "x", NOON)) is is_same


@pytest.mark.parametrize(
    ("address", "is_kept"),
    [
        ("/pledges/", True),
        ("/pledges/?", True),
        ("/pledges/?status=refused", False),
        ("/about/?case=zz", False),
        ("/about/?&", False),
        ("/calendar/2025/4/", False),
        ("/pledges/?words=report", False),
        ("/pledges/?after=2025-04-04~SY-2025-0001", False),
        ("/pledges/?utm_source=x", False),
        ("/no-such-page/", False),
        ("/follow/", False),
    ],
)
def test_strangers_cant_fill_the_memory(client: Client, address: str, is_kept: bool) -> None:
    founding_case()
    client.get(address)
    _answer, queries = asked(client, address)
    assert (queries == 0) == is_kept or address in ("/no-such-page/", "/calendar/2025/4/")
    kept = [key for key in keys() if "edition" not in key]
    assert bool(kept) == is_kept


@pytest.mark.parametrize(
    ("sizes", "minute", "is_taken"),
    [
        ([MOST_KEPT - 1], 60, True),
        ([MOST_KEPT], 60, True),
        ([MOST_KEPT + 1], 60, False),
        ([MOST_KEPT - 1, 1], 60, True),
        ([MOST_KEPT - 1, 2], 60, False),
        # What did not find room took none.
        ([MOST_KEPT - 1, 2, 1], 60, True),
        ([MOST_KEPT, 1], 60, False),
        ([MOST_KEPT, 1], 120, True),
        # A clock that is stepped back.
        ([MOST_KEPT, 1], 0, True),
    ],
)
def test_a_process_keeps_so_much_within_a_minute(sizes: list[int], minute: int, is_taken: bool) -> None:
    room = Room()
    *before, last = sizes
    for size in before:
        room.takes(size, 60)
    assert room.takes(last, minute) is is_taken


def test_what_finds_no_room_is_made_anew(
    client: Client, monkeypatch: pytest.MonkeyPatch, at_noon: Any
) -> None:
    founding_case()
    monkeypatch.setattr(keeping, "MOST_KEPT", len(client.get("/about/").content) // 2)
    at_noon.move_to(NOON + timedelta(minutes=1))
    tag = client.get("/about/")["ETag"]
    answer, queries = asked(client, "/about/")
    assert (answer["ETag"], answer["Cache-Control"], queries > 0) == (tag, "public, max-age=10", True)
    assert client.get("/about/", headers={"if-none-match": tag}).status_code == 304


def test_one_page_is_kept_once_however_the_host_is_written(client: Client) -> None:
    founding_case()
    first = client.get("/", headers={"host": "localhost"})
    for host in ("localhost:8000", "localhost:1", "LocalHost", "127.0.0.1"):
        answer, queries = asked(client, "/", host=host)
        assert (answer.content, answer["ETag"], queries) == (first.content, first["ETag"], 0)
    assert len([key for key in keys() if "edition" not in key]) == 1
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


def keys() -> list[str]:
    client: Any = cache._cache.get_client()  # type: ignore[attr-defined]  # Django has no public way to list
    return [key.decode() for key in client.keys("*")]


def test_what_is_kept_ends_by_itself(client: Client) -> None:
    founding_case()
    client.get("/")
    raw: Any = cache._cache.get_client()  # type: ignore[attr-defined]
    ends = {key: raw.ttl(key) for key in keys() if "edition" not in key}
    assert len(ends) == 1
    assert all(60 < seconds <= LASTS for seconds in ends.values())


def test_a_page_of_nothing_says_so_and_is_not_kept(client: Client) -> None:
    answer = client.get("/no-such-page/")
    assert "ETag" not in answer
    assert "Cache-Control" not in answer or "public" not in answer["Cache-Control"]


def test_redis_emptied_begins_an_edition_of_another_name(client: Client) -> None:
    founding_case()
    tag = client.get("/")["ETag"]
    cache.clear()
    answer, queries = asked(client, "/", **{"if-none-match": tag})
    assert answer.status_code == 200
    assert queries > 0


def test_without_redis_pages_are_made_anew(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pledge = make_pledge(title="Old words")
    address = pledge.get_absolute_url()
    client.get(address)

    def refuse(*_arguments: Any, **_named: Any) -> None:
        raise NoRedisError("refused")

    backend = type(cache._connections["default"])  # type: ignore[attr-defined]
    for name in ("get", "get_many", "set", "add"):
        monkeypatch.setattr(backend, name, refuse)
    assert b"Old words" in client.get(address).content
    retitle(pledge, "New words")
    answer = client.get(address)
    assert b"New words" in answer.content
    assert "ETag" not in answer
    assert "made anew" in caplog.text


@pytest.mark.parametrize("junk", [b"garbage", b'"garbage"', b"5", b"[]", b"null", b"\x00", b"\x005", b""])
@pytest.mark.parametrize("where", ["edition", "page"])
def test_what_cant_be_read_stands_in_nobodys_way(client: Client, where: str, junk: bytes) -> None:
    founding_case()
    made: Any = client.get("/about/")
    key = edition.KEY if where == "edition" else key_of(made.wsgi_request)
    raw: Any = cache._cache.get_client()  # type: ignore[attr-defined]  # as above
    assert raw.get(cache.make_key(key))
    raw.set(cache.make_key(key), junk)
    for address in ("/about/", "/healthz", "/readyz", "/follow/", "/no-such-page/", "/about/"):
        assert client.get(address).status_code in (200, 404, 503)
    assert client.get("/about/").content == made.content
    assert asked(client, "/about/")[1] == 0


def test_whoever_looks_after_the_tracker_asks_no_redis(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_arguments: Any) -> None:
        raise AssertionError("Redis was asked")

    monkeypatch.setattr(edition, "current_with", refuse)
    assert client.get("/healthz").status_code == 200
    with pytest.raises(AssertionError):
        client.get("/about/")


@pytest.mark.parametrize(
    "value",
    [0, 7, -1, "x", "7", None, True, [1, "ü"], {"a": {"b": []}}, b"", b"7", b'"x"', bytes(range(256))],
)
def test_what_goes_into_the_cache_comes_out(value: Any) -> None:
    cache.set("value", value, 5)
    assert cache.get("value", "nothing") == value
    serializer = JsonSerializer()
    written = serializer.dumps(value)
    assert (str(written).encode() if isinstance(written, int) else written)[:1] != b"\x80"  # no pickle


def test_what_another_program_wrote_is_not_run() -> None:
    raw: Any = cache._cache.get_client()  # type: ignore[attr-defined]
    raw.set(cache.make_key("evil"), b"cos\nsystem\n(S'true'\ntR.")
    with pytest.raises(ValueError, match="Expecting value"):
        cache.get("evil")


@pytest.mark.parametrize(
    ("broker", "expected"),
    [
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("rediss://:pw@redis.example:6380/2", "rediss://:pw@redis.example:6380/2"),
        ("redis+socket:///run/redis.sock?virtual_host=0", "unix:///run/redis.sock?db=0"),
        ("redis+socket:///run/redis.sock?virtual_host=3", "unix:///run/redis.sock?db=3"),
        ("redis+socket:///run/redis.sock", "unix:///run/redis.sock?db=0"),
    ],
)
def test_the_cache_stands_where_the_broker_does(broker: str, expected: str) -> None:
    assert cache_url(broker) == expected
