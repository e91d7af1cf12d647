"""An attacker with raw access to the database, and what the verification says then."""

from collections.abc import Callable
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from pledges import append_only, record
from pledges.ledger.verifying import verify
from pledges.models import Checkpoint, CheckpointLeaf, Event, Pledge
from tests.support.records import make_body, make_pledge, make_user

from .attacks import LATER, a_record, event_id, rechain, run

pytestmark = pytest.mark.django_db
Attack = Callable[[Pledge, Pledge], None]


def on_event(change: str, position: int = 5) -> Attack:
    def attack(victim: Pledge, _other: Pledge) -> None:
        run(f"UPDATE pledges_event SET {change} WHERE id = %s", event_id(victim, position))  # noqa: S608

    return attack


def on_row(table: str, change: str) -> Attack:
    def attack(victim: Pledge, _other: Pledge) -> None:
        key = "id" if table == "pledges_pledge" else "pledge_id"
        run(f"UPDATE {table} SET {change} WHERE {key} = %s", victim.pk)  # noqa: S608

    return attack


def change_the_actor(victim: Pledge, _other: Pledge) -> None:
    run("UPDATE pledges_event SET actor_id = %s WHERE id = %s", make_user().pk, event_id(victim, 5))


def delete(position: int) -> Attack:
    def attack(victim: Pledge, _other: Pledge) -> None:
        run("DELETE FROM pledges_event WHERE id = %s", event_id(victim, position))

    return attack


def delete_all(victim: Pledge, _other: Pledge) -> None:
    run("DELETE FROM pledges_event WHERE stream = %s", victim.stream)


def put_in(victim: Pledge, _other: Pledge) -> None:
    """One that fits the chain, but that the record does not end with."""
    last = Event.objects.filter(stream=victim.stream).latest("position")
    last.pk = None
    last.position += 1
    last.prev_hash = last.hash
    last.deadline = None
    with append_only.lifted(connection):
        last.save(force_insert=True)


def swap(victim: Pledge, _other: Pledge) -> None:
    first, second = event_id(victim, 5), event_id(victim, 6)
    for pk, position in ((first, 99), (second, 5), (first, 6)):
        run("UPDATE pledges_event SET position = %s WHERE id = %s", position, pk)


def move_to_the_other(victim: Pledge, other: Pledge) -> None:
    run("UPDATE pledges_event SET pledge_id = %s WHERE id = %s", other.pk, event_id(victim, 6))


def put_in_a_row(victim: Pledge, _other: Pledge) -> None:
    row = victim.deadlines.get(position=2)
    row.pk, row.position = None, 3
    row.save(force_insert=True)


@pytest.mark.parametrize(
    ("attack", "position", "says"),
    [
        pytest.param(on_event("payload = '{}'"), 5, "altered", id="a payload"),
        pytest.param(on_event("happened_on = '2025-05-06'"), 5, "altered", id="a day"),
        pytest.param(
            on_event("recorded_at = '2025-05-06 21:00:00.000001+00'"), 5, "altered", id="an instant"
        ),
        pytest.param(on_event("kind = 'corrected'"), 5, "altered", id="a kind"),
        pytest.param(on_event("hash = 'beef'"), 5, "altered", id="a hash"),
        pytest.param(on_event("prev_hash = 'beef'"), 5, "does not continue", id="the hash before"),
        pytest.param(change_the_actor, 5, "altered", id="who did it"),
        pytest.param(delete(7), 7, "missing: the record goes on to event 7", id="the last event deleted"),
        pytest.param(delete(5), 5, "missing", id="a middle event deleted"),
        pytest.param(delete(1), 1, "missing", id="the first event deleted"),
        pytest.param(delete_all, 1, "all 7 events are missing", id="all events deleted"),
        pytest.param(put_in, 8, "put in: the record ends with event 7", id="one put in"),
        pytest.param(swap, 5, "does not continue", id="two swapped"),
        pytest.param(move_to_the_other, 6, "another pledge", id="one moved to another pledge"),
        pytest.param(
            on_row("pledges_pledge", "head_hash = 'beef'"),
            7,
            "not the event that the record ends",
            id="a head",
        ),
        pytest.param(on_row("pledges_pledge", "head_position = 6"), 7, "put in", id="the head's number"),
        pytest.param(on_row("pledges_pledge", "quote = 'soon'"), 1, "another “quote”", id="the words shown"),
        pytest.param(on_row("pledges_pledge", "status = 'fulfilled'"), 7, "another “status”", id="a status"),
        pytest.param(
            on_row("pledges_pledge", "publication = 'draft'"), 3, "another “publication”", id="a publication"
        ),
        pytest.param(
            on_row("pledges_pledge", "lapses_at = '2030-01-01 00:00:00+00'"), 5, "“lapses_at”", id="the lapse"
        ),
        pytest.param(
            on_row("pledges_pledge", "due_on = '2030-01-01'"), 5, "another “due_on”", id="a day due"
        ),
        pytest.param(
            on_row("pledges_pledge", "due_on = NULL, lapses_at = NULL, undated_reason = 'vague'"),
            5,
            "another “due_on”",
            id="a date taken away",
        ),
        pytest.param(
            on_row("pledges_deadline", "reason = 'asked for'"), 2, "another “reason”", id="a deadline"
        ),
        pytest.param(on_row("pledges_update", "text = 'Nothing.'"), 6, "another “text”", id="an update"),
        pytest.param(
            on_row("pledges_assessment", "reason = 'No.'"), 7, "another “reason”", id="an assessment"
        ),
        pytest.param(put_in_a_row, None, "a row was put in that no event wrote", id="a row put in"),
    ],
)
def test_the_event_is_named(attack: Attack, position: int | None, says: str) -> None:
    victim, other = a_record()
    assert verify().faults == []
    attack(victim, other)
    faults = [fault for fault in verify().faults if fault.stream == victim.stream]
    assert (faults[0].position, says in faults[0].what) == (position, True), faults
    assert other.stream not in {fault.stream for fault in verify().faults}


def test_why_there_is_no_date_can_not_be_altered() -> None:
    pledge = make_pledge(latest=None)
    run("UPDATE pledges_pledge SET undated_reason = 'event_tied' WHERE id = %s", pledge.pk)
    [fault] = verify().faults
    assert (fault.stream, fault.position) == (pledge.stream, 2)
    assert "another “undated_reason”" in fault.what


def test_a_pledge_whose_row_is_gone_leaves_its_events_behind() -> None:
    body = make_body(actor=make_user())
    run("DELETE FROM pledges_body WHERE id = %s", body.pk)
    [fault] = verify().faults
    assert str(fault) == f"{body.stream}, event 1: the events are there, but what they are about is missing"


def test_rewriting_one_pledge_completely_is_caught_by_the_checkpoint() -> None:
    victim, other = a_record()
    record.take_checkpoint(now=LATER)
    assert verify().faults == []
    rechain(victim, quote="a report, perhaps")
    [fault] = verify().faults
    assert (fault.stream, fault.position) == (victim.stream, 7)
    assert fault.what == "rewritten since checkpoint 1 committed to it"
    assert other.stream != fault.stream


def test_without_a_checkpoint_it_would_not_be_caught() -> None:
    """The negative control: the rewriting above is consistent in itself."""
    victim, _other = a_record()
    rechain(victim, quote="a report, perhaps")
    assert verify().faults == []


def cut_off_the_end(victim: Pledge) -> None:
    """Delete the last event and everything that it wrote."""
    run("DELETE FROM pledges_event WHERE id = %s", event_id(victim, 7))
    run("DELETE FROM pledges_assessment_updates WHERE id > 0")
    run("DELETE FROM pledges_assessment WHERE pledge_id = %s", victim.pk)
    before = Event.objects.get(stream=victim.stream, position=6).hash
    run(
        "UPDATE pledges_pledge SET head_position = 6, head_hash = %s, status = 'no_evidence',"
        " checked_on = NULL WHERE id = %s",
        before,
        victim.pk,
    )


def test_an_end_that_was_cut_off_is_caught_by_the_checkpoint() -> None:
    victim, _other = a_record()
    record.take_checkpoint(now=LATER)
    cut_off_the_end(victim)
    [fault] = verify().faults
    assert str(fault) == f"{victim.stream}, event 7: missing since checkpoint 1 committed to it"


def drop_leaf(victim: Pledge) -> None:
    run("DELETE FROM pledges_checkpointleaf WHERE stream = %s", victim.stream)


def change_leaf(victim: Pledge) -> None:
    run("UPDATE pledges_checkpointleaf SET head_hash = 'beef' WHERE stream = %s", victim.stream)


@pytest.mark.parametrize(
    ("attack", "says"),
    [
        (drop_leaf, "checkpoint 1: the heads that it committed to were altered"),
        (change_leaf, "checkpoint 1: the heads that it committed to were altered"),
        (
            lambda _: run("UPDATE pledges_checkpoint SET root = 'beef' WHERE number = 1"),
            "checkpoint 1: altered",
        ),
        (
            lambda _: run(
                "UPDATE pledges_checkpoint SET made_at = '2025-01-01 00:00:00+00' WHERE number = 2"
            ),
            "checkpoint 2: altered",
        ),
        (
            lambda _: run("UPDATE pledges_checkpoint SET prev_hash = 'beef' WHERE number = 2"),
            "checkpoint 2: does not continue",
        ),
        (
            lambda _: run("UPDATE pledges_checkpoint SET number = 5 WHERE number = 2"),
            "checkpoint 5: checkpoint 2 is missing before it",
        ),
    ],
)
def test_an_altered_checkpoint_is_named(attack: Callable[[Pledge], None], says: str) -> None:
    victim, other = a_record()
    record.take_checkpoint(now=LATER)
    record.add_update(
        pledge=other,
        kind="note",
        happened_on=date(2025, 5, 5),
        text="Nothing new.",
        sources=[other.source],
        actor=other.created_by,
        now=LATER,
    )
    record.take_checkpoint(now=LATER, even_if_taken=True)
    assert (verify().faults, Checkpoint.objects.count()) == ([], 2)
    assert CheckpointLeaf.objects.filter(since__number=2).count() == 1
    attack(victim)
    assert any(str(fault).startswith(says) for fault in verify().faults), verify().faults


def test_the_command_says_so_and_exits_with_1() -> None:
    victim, _other = a_record()
    out = StringIO()
    call_command("verify_record", stdout=out)
    assert "nothing was altered" in out.getvalue()
    on_event("payload = '{}'")(victim, victim)
    out = StringIO()
    with pytest.raises(CommandError, match="1 faults, see above") as caught:
        call_command("verify_record", stdout=out)
    assert caught.value.returncode == 1
    assert out.getvalue() == f"{victim.stream}, event 5: altered: its hash does not fit what it says\n"
