"""A file is made once for all while it is right, one at a time, and no stranger has it made at will."""

import fcntl
import gzip
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Pledge
from tests.public.conftest import NOON
from tests.public.data.files import everything
from tests.support.founding import LAPSE
from tests.support.records import make_pledge, make_reviewer
from tracker import edition
from tracker.public.data import views
from tracker.public.data.exports import LOCK, QUARTER, Opened, Unpacked, export

redis = pytest.mark.redis
KEPT = ("/data/pledges.csv", "/data/pledges.jsonl", "/data/pledges.xlsx", "/data/record.xlsx")
SECOND = timedelta(seconds=1)


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where the files stand, with none in it."""
    path: Path = settings.VAR_DIR / "exports"
    path.mkdir(exist_ok=True)
    empty(path)
    yield path
    empty(path)


def empty(path: Path) -> None:
    for each in path.iterdir():
        each.unlink()


def names(path: Path) -> list[str]:
    return [each.name for each in path.iterdir() if each.name != LOCK]


def asked(client: Client, address: str) -> tuple[str, int]:
    """Return what a file says, and how many statements it cost."""
    with CaptureQueriesContext(connection) as captured:
        told = everything(client, address)
    return told, len(captured)


def retitle(pledge: Pledge, title: str) -> None:
    now = datetime.now(UTC)
    record.amend_pledge(pledge=pledge, changes={"title": title}, reason="x", actor=make_reviewer(), now=now)


@pytest.fixture
def kept(kept_in_redis: None, folder: Path, at_noon: time_machine.Traveller) -> time_machine.Traveller:
    return at_noon


@redis
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", KEPT)
def test_the_second_reader_gets_the_file_that_the_first_had_made(
    client: Client, kept: time_machine.Traveller, folder: Path, address: str
) -> None:
    make_pledge(title="Old words")
    first, made = asked(client, address)
    kept.move_to(NOON + timedelta(minutes=14, seconds=59))
    second, given = asked(client, address)
    assert "Old words" in first
    assert second == first
    # The last event, and the day of the last public one in the name.
    assert given == 2 < made
    assert len(names(folder)) == 1


@redis
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("address", KEPT)
def test_an_event_is_in_the_next_file_at_once(
    client: Client, kept: time_machine.Traveller, folder: Path, address: str
) -> None:
    pledge = make_pledge(title="Old words")
    assert "Old words" in everything(client, address)
    retitle(pledge, "New words")
    assert "New words" in everything(client, address)
    record.unpublish(pledge=pledge, reason="A relative asked.", actor=make_reviewer(), now=LAPSE)
    assert "New words" not in everything(client, address)
    assert len(names(folder)) == 1


@redis
@pytest.mark.django_db(transaction=True)
def test_an_event_that_redis_did_not_hear_of_is_in_it_too(
    client: Client, kept: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    pledge = make_pledge(title="Old words")
    before = edition.current()
    everything(client, "/data/pledges.csv")
    monkeypatch.setattr(edition, "renew", lambda: None)
    retitle(pledge, "New words")
    assert edition.current() == before
    assert "New words" in everything(client, "/data/pledges.csv")


@redis
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("later", "is_given"),
    [
        (timedelta(0), True),
        (QUARTER * SECOND - timedelta(microseconds=1), True),
        (QUARTER * SECOND, False),
        (QUARTER * SECOND + timedelta(microseconds=1), False),
        (timedelta(microseconds=-1), False),
    ],
)
def test_nothing_is_given_after_its_quarter_of_an_hour(
    client: Client, kept: time_machine.Traveller, folder: Path, later: timedelta, is_given: bool
) -> None:
    """Days end at one, somewhere: 4 March does so in Kathmandu at 18:15 UTC."""
    make_pledge()
    _first, made = asked(client, "/data/pledges.csv")
    kept.move_to(NOON + later)
    _second, given = asked(client, "/data/pledges.csv")
    assert (given < made) == is_given
    assert len(names(folder)) == 1


@redis
@pytest.mark.django_db(transaction=True)
def test_files_tables_and_languages_are_kept_apart(
    client: Client, kept: time_machine.Traveller, folder: Path
) -> None:
    make_pledge()
    addresses = ["/data/pledges.csv", "/data/events.csv", "/ar/data/events.csv", "/data/events.jsonl"]
    told = {client.get(address).getvalue() for address in addresses * 2}
    assert len(told) == len(names(folder)) == len(addresses)


@redis
@pytest.mark.django_db(transaction=True)
def test_packed_and_plain_are_one_file(client: Client, kept: time_machine.Traveller, folder: Path) -> None:
    make_pledge(title="Some words")
    packed = client.get("/data/pledges.csv", headers={"accept-encoding": "gzip"})
    plain = client.get("/data/pledges.csv", headers={"accept-encoding": "gzip;q=0"})
    body = packed.getvalue()
    assert (packed["Content-Encoding"], packed["Vary"], plain["Vary"]) == ("gzip", *["Accept-Encoding"] * 2)
    assert "Content-Encoding" not in plain
    assert int(packed["Content-Length"]) == len(body)
    assert int(plain["Content-Length"]) == len(plain.getvalue())
    assert gzip.decompress(body) == b"".join(client.get("/data/pledges.csv"))
    assert len(names(folder)) == 1


def interrupted() -> Iterator[bytes]:
    yield b"half"
    raise RuntimeError("interrupted")


@redis
@pytest.mark.django_db(transaction=True)
def test_what_is_half_written_is_never_given(kept: time_machine.Traveller, folder: Path) -> None:
    (folder / "making-x").write_text("What a killed process left.")
    with pytest.raises(RuntimeError, match="interrupted"):
        export("/a", interrupted, NOON)
    assert names(folder) == []
    made = export("/a", lambda: [b"wh", b"ole"], NOON)
    assert made
    with made:
        assert made.read() == b"whole"


@redis
@pytest.mark.django_db(transaction=True)
def test_who_reads_a_file_that_is_removed_reads_on(kept: time_machine.Traveller, folder: Path) -> None:
    old = export("/a", lambda: [b"old"], NOON)
    new = export("/a", lambda: [b"new"], NOON + QUARTER * SECOND)
    assert old
    assert new
    with old, new:
        assert (old.read(), new.read()) == (b"old", b"new")
    assert len(names(folder)) == 1


@pytest.mark.django_db
def test_without_an_edition_nothing_is_kept(client: Client, folder: Path) -> None:
    make_pledge()
    first, made = asked(client, "/data/pledges.csv")
    second, again = asked(client, "/data/pledges.csv")
    assert first.splitlines()[0] == second.splitlines()[0]
    assert made == again
    assert names(folder) == []


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["", "/ar"])
def test_while_one_is_made_whoever_asks_for_another_is_told_so(
    client: Client, folder: Path, language: str
) -> None:
    make_pledge()
    with (folder / LOCK).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        for address in KEPT:
            answer = client.get(f"{language}{address}")
            assert (answer.status_code, answer["Retry-After"]) == (503, "60")
            assert answer["Cache-Control"] == "no-store"
            assert answer["Content-Type"] == "text/html; charset=utf-8"
            assert "Content-Disposition" not in answer
            assert f'href="{language}/data/"' in answer.content.decode()
            # The headers alone cost nothing.
            assert client.head(f"{language}{address}").status_code == 200
        assert client.get(f"{language}/data/").status_code == 200
    assert client.get(f"{language}/data/pledges.csv").status_code == 200


@pytest.mark.django_db
def test_who_is_first_is_alone_until_the_file_is_whole(
    client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    statuses = []

    def asking(*_arguments: Any) -> Iterator[bytes]:
        statuses.append(client.get("/data/cases.jsonl").status_code)
        yield b"whole"

    monkeypatch.setattr(views, "csv_file", asking)
    assert client.get("/data/cases.csv").getvalue() == b"whole"
    assert statuses == [503]
    assert client.get("/data/cases.jsonl").status_code == 200


@redis
@pytest.mark.django_db(transaction=True)
def test_what_is_made_already_is_given_meanwhile(
    client: Client, kept: time_machine.Traveller, folder: Path
) -> None:
    make_pledge()
    told = everything(client, "/data/pledges.csv")
    with (folder / LOCK).open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert everything(client, "/data/pledges.csv") == told
        assert client.get("/data/pledges.jsonl").status_code == 503


@pytest.mark.django_db
def test_what_is_added_to_an_address_makes_no_file(client: Client, folder: Path) -> None:
    for address in (*KEPT, "/ar/data/events.jsonl"):
        for added in ("utm_source=x", "&", "1"):
            answer = client.get(f"{address}?{added}")
            assert (answer.status_code, answer["Location"]) == (302, address)
    assert names(folder) == []
    assert client.get("/data/users.csv?1").status_code == 404


@pytest.mark.django_db
def test_a_network_has_no_more_of_them_than_the_api_answers(client: Client, settings: LazySettings) -> None:
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.TRACKER_API_HOURLY = 2
    cache.clear()  # What one test leaves another would find.
    with time_machine.travel(LAPSE, tick=False):
        answers = [client.get(address) for address in ("/data/cases.csv", "/data/record.xlsx", *KEPT[:1])]
        assert [each.status_code for each in answers] == [200, 200, 429]
        assert (answers[-1]["Retry-After"], answers[-1]["Cache-Control"]) == ("3600", "no-store")
        words = "More than 2 requests came from your network within this hour."
        assert words in answers[-1].content.decode()
        # The page is none of them, and another network is counted alone.
        assert client.get("/data/").status_code == 200
        other = client.get("/data/cases.csv", headers={"x-forwarded-for": "198.51.100.7"})
        assert other.status_code == 200
    cache.clear()


def test_a_packed_file_has_no_number_to_send_it_by(tmp_path: Path) -> None:
    """By it the web server would send the packed bytes as if they were plain."""
    path = tmp_path / "packed"
    path.write_bytes(gzip.compress(b"plain"))
    packed = Opened(path)
    with Unpacked(packed) as file:
        with pytest.raises(OSError, match="fileno"):
            file.fileno()
        assert file.read() == b"plain"
    assert packed.closed
