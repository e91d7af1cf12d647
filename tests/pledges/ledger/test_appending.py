"""Chains grow: event by event, in bulk, by two at once, and over what was there before chains."""

import threading
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection, connections

from pledges import append_only, record
from pledges.ledger import chain
from pledges.ledger.verifying import verify
from pledges.models import Event, Pledge
from tests.support.records import NOON_4_APRIL, make_pledge, make_source, make_user

from .attacks import LAPSE, a_record


@pytest.mark.django_db
def test_each_event_is_chained_to_the_one_before() -> None:
    victim, _other = a_record()
    head = chain.START
    for event in Event.objects.filter(stream=victim.stream).order_by("position"):
        assert event.prev_hash == head
        assert event.hash == chain.hash_of(event.body)
        head = event.hash
    assert victim.head_hash == head


@pytest.mark.django_db
def test_what_is_flagged_in_bulk_is_chained_like_the_rest() -> None:
    for number in range(5):
        make_pledge(latest=date(2025, 4, 5 + number))
    assert record.flag_overdue(now=LAPSE, limit=3).count == 3
    assert record.flag_overdue(now=LAPSE, limit=3).count == 2
    assert verify().faults == []
    for event in Event.objects.filter(kind="became_overdue"):
        assert (event.actor, event.actor_salt) == (None, "")


@pytest.mark.django_db
def test_who_acted_is_sealed_anew_in_each_event() -> None:
    pledge = make_pledge()
    salts = list(Event.objects.filter(stream=pledge.stream).values_list("actor_salt", flat=True))
    assert len(set(salts)) == len(salts) == 3


@pytest.mark.django_db
def test_the_log_names_no_person() -> None:
    user = make_user(username="rana.k", email="rana@ngo.example", first_name="Rana", last_name="Khoury")
    pledge = make_pledge(actor=user, assignee=user)
    record.assign(pledge=pledge, assignee=None, actor=user, now=NOON_4_APRIL)
    for event in Event.objects.all():
        text = chain.canonical(event.body).decode().lower()
        for name in ("rana", "khoury", "@", pledge.published_by.username if pledge.published_by else "?"):
            assert name not in text


def _add_update(pledge: Pledge, author: int, start: threading.Barrier, failures: list[Exception]) -> None:
    try:
        user = User.objects.get(pk=author)
        start.wait(timeout=10)
        record.add_update(
            pledge=pledge,
            kind="note",
            happened_on=date(2025, 4, 4),
            text="Seen.",
            sources=[pledge.source],
            actor=user,
            now=NOON_4_APRIL,
        )
    except Exception as error:  # the test reports it: a thread's own would be lost
        failures.append(error)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_writers_on_one_pledge_make_one_chain() -> None:
    pledge = make_pledge()
    writers = 6
    start = threading.Barrier(writers)
    failures: list[Exception] = []
    threads = [
        threading.Thread(target=_add_update, args=(pledge, make_user().pk, start, failures))
        for _ in range(writers)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    positions = Event.objects.filter(stream=pledge.stream).order_by("position")
    assert list(positions.values_list("position", flat=True)) == list(range(1, 4 + writers))
    assert verify().faults == []


@pytest.mark.django_db
def test_events_from_before_the_chains_are_chained_by_the_migration() -> None:
    victim, other = a_record()
    migration = import_module("pledges.migrations.0004_chain_existing")
    with append_only.lifted(connection):
        Event.objects.update(prev_hash="", hash="", actor_salt="")
        for model in ("Pledge", "Body", "Case", "Source"):
            apps.get_model("pledges", model).objects.update(head_hash="")
    assert verify().faults
    migration.chain_existing(apps, SimpleNamespace(connection=connection))
    assert verify().faults == []
    victim.refresh_from_db()
    make_source(actor=other.created_by)
    assert victim.head_hash == Event.objects.get(stream=victim.stream, position=7).hash


DAY = timedelta(days=1)
FIRST = datetime(2025, 4, 4, 9, 0, tzinfo=UTC)
MIDNIGHT = datetime(2025, 4, 5, 0, 0, tzinfo=UTC)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "is_taken"),
    [
        (FIRST, False),
        (MIDNIGHT - timedelta(microseconds=1), False),
        (MIDNIGHT, True),
        (MIDNIGHT + timedelta(microseconds=1), True),
        (MIDNIGHT + 3 * DAY, True),
        # The clock stepped back: nothing is taken before the last.
        (FIRST - DAY, False),
    ],
)
def test_a_checkpoint_is_taken_once_a_day(now: datetime, *, is_taken: bool) -> None:
    make_pledge()
    first = record.take_checkpoint(now=FIRST)
    assert first is not None
    second = record.take_checkpoint(now=now)
    assert (second is not None) is is_taken
    if second:
        assert (second.number, second.prev_hash, second.root) == (2, first.hash, first.root)
        assert record.take_checkpoint(now=now) is None
    assert verify().faults == []


@pytest.mark.django_db
def test_of_an_empty_record_too() -> None:
    first = record.take_checkpoint(now=FIRST)
    assert first is not None
    assert (first.size, first.prev_hash) == (0, "")
    assert verify().faults == []
