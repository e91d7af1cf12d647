"""The public record as files: what is in it, and what its own script says of it, run alone and offline."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from pledges import record
from pledges.ledger import verify_dump
from pledges.models import Pledge
from tests.support.records import make_draft, make_pledge, make_reviewer, make_user

from .attacks import LATER, a_record, rechain, run

pytestmark = pytest.mark.django_db
Lines = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "dump"


def export(folder: Path) -> None:
    call_command("export_record", str(folder), stdout=StringIO())


def verify(folder: Path, *more: str) -> tuple[int, str]:
    """Run the script that lies beside the copy, without any package and far from the project."""
    command = [sys.executable, "-I", "-S", str(folder / "verify_dump.py"), str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)  # noqa: S603 - our own
    return done.returncode, done.stdout + done.stderr


def read(path: Path) -> Lines:
    return [json.loads(line) for line in path.read_text().splitlines()]


def write(path: Path, entries: Lines) -> None:
    path.write_text("".join(json.dumps(entry) + "\n" for entry in entries))


def a_dump(folder: Path) -> tuple[Pledge, Pledge]:
    victim, other = a_record()
    record.take_checkpoint(now=LATER)
    export(folder)
    return victim, other


def test_a_copy_verifies_alone(folder: Path) -> None:
    victim, _other = a_dump(folder)
    code, says = verify(folder)
    assert (code, "1 checkpoints: nothing was altered in what is here" in says) == (0, True), says
    code, says = verify(folder, "--pledge", victim.reference)
    assert code == 0
    assert f"{victim.reference}: event 7 has the hash {victim.head_hash}" in says
    assert "This is the root of checkpoint 1." in says


def test_the_same_record_gives_the_same_bytes(folder: Path) -> None:
    a_dump(folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    export(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert set(before) == {
        "README.txt",
        "checkpoints.jsonl",
        "events.jsonl",
        "leaves.jsonl",
        "verify_dump.py",
        "withheld.jsonl",
    }


def test_drafts_and_what_came_before_publication_are_withheld(folder: Path) -> None:
    user = make_user(username="rana.k", email="rana@ngo.example")
    draft = make_draft(actor=user, title="A secret of the desk", quote="not public yet")
    pledge = make_draft(actor=user, title="First wording")
    record.amend_pledge(pledge=pledge, changes={"title": "Second wording"}, actor=user, now=LATER)
    record.publish(pledge=pledge, actor=make_reviewer(), now=LATER)
    record.take_checkpoint(now=LATER)
    export(folder)
    text = "".join(path.read_text() for path in folder.glob("*.jsonl"))
    for hidden in (
        "secret",
        "not public yet",
        "First wording",
        draft.reference,
        draft.case.slug,
        "rana",
        "@",
    ):
        assert hidden not in text, hidden
    assert "Second wording" in text
    kinds = [e.get("kind") for e in read(folder / "events.jsonl") if e["stream"] == pledge.stream]
    assert kinds == [None, "deadline_set", None, "published"]
    assert verify(folder)[0] == 0


def test_a_draft_that_a_public_pledge_hangs_on_is_not_named(folder: Path) -> None:
    draft = make_draft()
    case: dict[str, Any] = {"case": draft.case, "actor": draft.created_by}
    follower = make_pledge(follows=draft, **case)
    part = make_pledge(**case)
    record.amend_pledge(
        pledge=part, changes={"parent": draft}, reason="A step of it.", actor=draft.created_by, now=LATER
    )
    record.take_checkpoint(now=LATER)
    export(folder)
    text = "".join(path.read_text() for path in folder.glob("*.jsonl"))
    assert draft.reference not in text
    assert follower.stream in text
    assert verify(folder)[0] == 0
    call_command("verify_record", stdout=StringIO())


def a_dump_with_one_taken_off(folder: Path) -> tuple[Pledge, Pledge]:
    victim, other = a_record()
    record.take_checkpoint(now=LATER)
    record.unpublish(pledge=victim, reason="A source is at risk.", actor=make_reviewer(), now=LATER)
    record.take_checkpoint(now=LATER + timedelta(days=1))
    export(folder)
    return victim, other


def test_what_was_taken_off_is_withheld_whole_and_named(folder: Path) -> None:
    victim, _other = a_dump_with_one_taken_off(folder)
    assert victim.stream not in {event["stream"] for event in read(folder / "events.jsonl")}
    assert {"stream": victim.stream} in read(folder / "withheld.jsonl")
    code, says = verify(folder)
    assert code == 0
    assert f"{victim.stream}: withheld, so that it was not checked\n" in says
    assert "nothing was altered in what is here" in says


def test_only_what_checkpoints_name_already_is_said_to_be_withheld(folder: Path) -> None:
    draft = make_draft()
    a_dump_with_one_taken_off(folder)
    withheld = {line["stream"] for line in read(folder / "withheld.jsonl")}
    assert withheld < {leaf["stream"] for leaf in read(folder / "leaves.jsonl")}
    assert draft.stream not in withheld
    assert all(set(line) == {"stream"} for line in read(folder / "withheld.jsonl"))


def test_a_pledge_that_was_taken_out_of_the_copy_is_missed(folder: Path) -> None:
    victim, other = a_dump_with_one_taken_off(folder)
    kept = [event for event in read(folder / "events.jsonl") if event["stream"] != other.stream]
    write(folder / "events.jsonl", kept)
    code, says = verify(folder)
    assert (code, f"{other.stream}: missing, though" in says) == (1, True), says
    assert "nothing was altered" not in says
    for each in (victim, other):
        code, says = verify(folder, "--pledge", each.reference)
        assert (code, f"{each.reference} is not in this copy" in says, "leaf" in says) == (1, True, False)


def test_what_is_here_can_not_be_withheld(folder: Path) -> None:
    _victim, other = a_dump(folder)
    write(folder / "withheld.jsonl", [{"stream": other.stream}])
    code, says = verify(folder)
    assert (code, f"{other.stream}: withheld, though it is here" in says) == (1, True), says


def alter(victim: Pledge, events: Lines) -> None:
    next(e for e in events if e["stream"] == victim.stream and e["position"] == 5)["happened_on"] = (
        "2025-05-06"
    )


def drop_middle(victim: Pledge, events: Lines) -> None:
    events[:] = [e for e in events if (e["stream"], e["position"]) != (victim.stream, 5)]


def drop_last(victim: Pledge, events: Lines) -> None:
    events[:] = [e for e in events if (e["stream"], e["position"]) != (victim.stream, 7)]


def half_withhold(victim: Pledge, events: Lines) -> None:
    next(e for e in events if e["stream"] == victim.stream and e["position"] == 5)["withheld"] = True


def swap(victim: Pledge, events: Lines) -> None:
    at = next(i for i, e in enumerate(events) if e["stream"] == victim.stream and e["position"] == 5)
    events[at], events[at + 1] = events[at + 1], events[at]


def rewrite(victim: Pledge, events: Lines) -> None:
    head = ""
    for event in events:
        if event["stream"] == victim.stream:
            event["prev_hash"] = head
            if event["position"] == 5:
                event["happened_on"] = "2025-05-06"
            if not event.get("withheld"):
                event["hash"] = verify_dump.hash_of(event)
            head = event["hash"]


@pytest.mark.parametrize(
    ("attack", "says"),
    [
        (alter, "event 5 was altered"),
        (drop_middle, "event 5 is missing"),
        (drop_last, "event 7 is missing since checkpoint 1"),
        (half_withhold, "event 5 is half withheld"),
        (swap, "event 5 is missing"),
        (rewrite, "event 7 was rewritten since checkpoint 1"),
    ],
)
def test_an_altered_copy_is_told(attack: Callable[[Pledge, Lines], None], says: str, folder: Path) -> None:
    victim, _other = a_dump(folder)
    events = read(folder / "events.jsonl")
    write(folder / "events.jsonl", events)
    assert verify(folder)[0] == 0
    attack(victim, events)
    write(folder / "events.jsonl", events)
    code, output = verify(folder)
    assert (code, f"{victim.stream}: {says}" in output) == (1, True), output


def grow(pledge: Pledge, text: str, days: int) -> None:
    now = LATER + timedelta(days=days)
    record.add_update(
        pledge=pledge,
        kind="note",
        happened_on=date(2025, 5, 6),
        text=text,
        sources=[pledge.source],
        actor=pledge.created_by,
        now=now,
    )
    record.take_checkpoint(now=now)


def test_a_checkpoint_that_a_reader_kept_shows_what_was_dropped_or_rewritten(folder: Path) -> None:
    victim, _other = a_dump(folder)
    grow(victim, "More.", 1)
    export(folder)
    kept = folder.parent / "kept.json"
    kept.write_text((folder / "checkpoints.jsonl").read_text().splitlines()[1])
    grow(victim, "Still more.", 2)
    export(folder)
    code, says = verify(folder, "--against", str(kept))
    assert (code, "only grown since checkpoint 2" in says) == (0, True), says

    whole = {path.name: path.read_text() for path in folder.glob("*.jsonl")}
    checkpoints, leaves = read(folder / "checkpoints.jsonl"), read(folder / "leaves.jsonl")
    write(folder / "checkpoints.jsonl", checkpoints[:1])
    write(folder / "leaves.jsonl", [leaf for leaf in leaves if leaf["since"] == 1])
    assert verify(folder)[0] == 0  # without the kept one, nobody could tell
    code, says = verify(folder, "--against", str(kept))
    assert (code, "checkpoint 2 was dropped" in says) == (1, True), says

    for name, text in whole.items():
        (folder / name).write_text(text)
    checkpoints[1]["made_at"] = "2025-05-08T00:00:00.000000Z"
    checkpoints[1]["hash"] = checkpoints[2]["prev_hash"] = verify_dump.hash_of(checkpoints[1])
    checkpoints[2]["hash"] = verify_dump.hash_of(checkpoints[2])
    write(folder / "checkpoints.jsonl", checkpoints)
    assert verify(folder)[0] == 0
    code, says = verify(folder, "--against", str(kept))
    assert (code, "checkpoint 2 was rewritten" in says) == (1, True), says


def test_a_history_rewritten_with_all_its_checkpoints_is_told_by_the_kept_one(folder: Path) -> None:
    victim, _other = a_dump(folder)
    kept = folder.parent / "kept.json"
    kept.write_text((folder / "checkpoints.jsonl").read_text())
    rechain(victim, quote="a report, perhaps")
    run("DELETE FROM pledges_checkpointleaf WHERE id > 0")
    run("DELETE FROM pledges_checkpoint WHERE id > 0")
    record.take_checkpoint(now=LATER)
    export(folder)
    assert verify(folder)[0] == 0
    code, says = verify(folder, "--against", str(kept))
    assert (code, "checkpoint 1 was rewritten" in says) == (1, True), says


@pytest.mark.parametrize(
    ("spoil", "more", "says"),
    [
        (lambda f: (f / "events.jsonl").unlink(), [], "events.jsonl"),
        (lambda f: (f / "events.jsonl").write_text("no json\n"), [], "line 1"),
        (lambda f: (f / "events.jsonl").write_text("[]\n"), [], "line 1: no “stream”"),
        (lambda f: (f / "leaves.jsonl").write_bytes(b"\xff\xfe"), [], "leaves.jsonl"),
        (lambda f: (f / "withheld.jsonl").unlink(), [], "withheld.jsonl"),
        (lambda f: (f / "checkpoints.jsonl").write_text('{"number": "one"}\n'), [], "line 1: no “number”"),
        (lambda _f: None, ["--against", "nowhere.json"], "nowhere.json"),
        (lambda _f: None, ["--what"], "unrecognized arguments"),
    ],
)
def test_what_can_not_be_read_exits_with_2(
    spoil: Callable[[Path], object], more: list[str], says: str, folder: Path
) -> None:
    a_dump(folder)
    spoil(folder)
    code, output = verify(folder, *more)
    assert (code, says in output, "Traceback" in output) == (2, True, False), output


@pytest.mark.parametrize(("file", "name"), [("events", "hash"), ("leaves", "head"), ("checkpoints", "root")])
def test_a_name_that_stands_twice_is_refused_with_its_line(file: str, name: str, folder: Path) -> None:
    """A reader sees the first one, and the hash is that of the last."""
    a_dump(folder)
    path = folder / f"{file}.jsonl"
    path.write_text(path.read_text().replace("{", f'{{"{name}":"another",', 1))
    code, says = verify(folder)
    assert (code, f"{file}.jsonl, line 1: “{name}” stands there twice" in says) == (2, True), says


def test_a_name_that_stands_twice_within_an_event_is_refused(folder: Path) -> None:
    a_dump(folder)
    path = folder / "events.jsonl"
    rows = path.read_text().splitlines(keepends=True)
    at = next(number for number, row in enumerate(rows) if '"quote":"' in row)
    rows[at] = rows[at].replace('"quote":"', '"quote":"FAKE","quote":"', 1)
    path.write_text("".join(rows))
    code, says = verify(folder)
    assert (code, f"line {at + 1}: “quote” stands there twice" in says) == (2, True), says


def test_a_pledge_that_is_in_no_checkpoint(folder: Path) -> None:
    a_record()
    record.take_checkpoint(now=LATER)
    late = make_pledge()
    export(folder)
    code, says = verify(folder, "--pledge", late.reference)
    assert (code, f"{late.reference} is in no checkpoint" in says) == (1, True), says
    code, says = verify(folder, "--pledge", "SY-1999-0001")
    assert (code, "SY-1999-0001 is not in this copy" in says) == (1, True)


def test_a_folder_with_something_else_is_left_alone(folder: Path) -> None:
    make_pledge()
    folder.mkdir()
    (folder / "thesis.txt").write_text("mine")
    with pytest.raises(CommandError, match="holds something else"):
        export(folder)
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
    (folder.parent / "file").write_text("")
    with pytest.raises(CommandError):
        export(folder.parent / "file")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(JSON)
def test_the_scripts_own_canonical_form_is_the_librarys(value: Any) -> None:
    assert verify_dump.canonical(value).encode() == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, 2**53, {"n": [0.1]}])
def test_the_script_refuses_numbers_that_the_record_can_not_hold(value: object) -> None:
    with pytest.raises(verify_dump.UnreadableError):
        verify_dump.canonical(value)
