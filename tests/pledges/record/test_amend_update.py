"""Mending an error in an update: what was said stays in the log, what stands is what readers see."""

import shutil
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.test import Client

from pledges import record
from pledges.corrected import as_corrected
from pledges.ledger import verify_dump
from pledges.ledger.verifying import verify
from pledges.models import Event, Pledge, Update
from pledges.models.choices import EventKind
from tests.pledges.ledger.attacks import run
from tests.support.records import NOON_4_APRIL, make_draft, make_pledge, make_source, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2025, 5, 6, 20, 59, 59, tzinfo=UTC)  # the last second of 6 May in Damascus


def an_update(pledge: Pledge, **fields: Any) -> Update:
    defaults: dict[str, Any] = {
        "kind": "progress",
        "happened_on": date(2025, 5, 5),
        "text": "The commission heard 11 witnesses.",
        "sources": [pledge.source],
    }
    return record.add_update(pledge=pledge, **(defaults | fields), actor=pledge.created_by, now=NOW)


def amend(update: Update, reason: str = "A slip of ours.", **changes: Any) -> None:
    actor = make_user()
    record.amend_update(update=update, changes=changes, reason=reason, actor=actor, now=NOW)
    update.refresh_from_db()


def test_before_and_after_and_the_reason_are_kept() -> None:
    pledge = make_pledge()
    update = an_update(pledge)
    amend(update, text="The commission heard 1 witness.", happened_on=date(2025, 5, 4))
    assert (update.text, update.happened_on) == ("The commission heard 1 witness.", date(2025, 5, 4))
    added, corrected = pledge.events.order_by("position")[3:]
    assert added.payload["text"] == "The commission heard 11 witnesses."
    assert corrected.kind == EventKind.CORRECTED
    assert corrected.payload == {
        "entry": added.position,
        "reason": "A slip of ours.",
        "changes": {
            "text": {
                "before": "The commission heard 11 witnesses.",
                "after": "The commission heard 1 witness.",
            },
            "happened_on": {"before": "2025-05-05", "after": "2025-05-04"},
        },
    }
    assert verify().faults == []


def test_it_is_read_as_it_stands_after_every_correction() -> None:
    pledge = make_pledge()
    first, second = an_update(pledge), an_update(pledge, text="Another.")
    amend(first, text="Twelve.")
    amend(first, happened_on=date(2025, 5, 1), text="Thirteen.")
    events = list(pledge.events.order_by("position"))
    told = {each.payload["update"]: each for each in as_corrected(events) if "update" in each.payload}
    assert told[first.pk].payload["text"] == "Thirteen."
    assert told[first.pk].happened_on == date(2025, 5, 1)
    assert told[first.pk].payload["corrected_by"] == [6, 7]
    assert told[second.pk].payload["text"] == "Another."
    assert "corrected_by" not in told[second.pk].payload
    # Reading changes nothing of what was read.
    assert next(each.payload for each in events if each.position == 4)["text"].startswith("The commission")
    assert verify().faults == []


def test_other_sources() -> None:
    pledge = make_pledge()
    update, source = an_update(pledge), make_source(actor=pledge.created_by)
    amend(update, sources=[source])
    assert list(update.sources.all()) == [source]
    assert verify().faults == []


def test_nothing_changed_writes_nothing() -> None:
    pledge = make_pledge()
    update = an_update(pledge)
    amend(update, reason="", text=update.text, sources=[pledge.source])
    assert pledge.events.count() == 4


def test_a_draft_needs_no_reason_and_shows_in_no_list_of_corrections() -> None:
    draft = make_draft()
    amend(an_update(draft), reason="", text="Twelve.")
    assert not Event.objects.corrections().exists()
    public = make_pledge()
    amend(an_update(public), text="Twelve.")
    assert [each.pledge for each in Event.objects.corrections()] == [public]


@pytest.mark.parametrize(
    ("field", "changes", "reason"),
    [
        ("reason", {"text": "Twelve."}, " "),
        ("sources", {"sources": []}, "x"),
        ("happened_on", {"happened_on": date(2025, 5, 7)}, "x"),
        ("text", {"text": ""}, "x"),
        ("kind", {"kind": "rumour"}, "x"),
        ("by_body", {"kind": "reply"}, "x"),
        ("pledge", {"pledge": 7}, "x"),
    ],
)
def test_what_is_refused_names_its_field_and_changes_nothing(
    field: str, changes: dict[str, Any], reason: str
) -> None:
    pledge = make_pledge()
    update = an_update(pledge)
    with pytest.raises(ValidationError) as refused:
        amend(update, reason=reason, **changes)
    assert list(refused.value.message_dict) == [field]
    assert pledge.events.count() == 4
    assert verify().faults == []


def test_it_answers_neither_itself_nor_an_objection_elsewhere() -> None:
    update = an_update(make_pledge(), kind="dispute")
    elsewhere = an_update(make_pledge(), kind="dispute")
    for wrong in (update, elsewhere):
        with pytest.raises(ValidationError) as refused:
            amend(update, answers=wrong)
        assert list(refused.value.message_dict) == ["answers"]


def test_a_change_nobody_saw_is_not_written_over() -> None:
    pledge = make_pledge()
    update = an_update(pledge)
    with pytest.raises(ValidationError) as refused:
        record.amend_update(
            update=update,
            changes={"text": "Twelve."},
            reason="x",
            actor=make_user(),
            now=NOW,
            seen_position=3,
        )
    assert refused.value.code == "stale"


def test_what_stood_in_a_draft_never_becomes_public(client: Client, tmp_path: Path) -> None:
    draft = make_draft()
    update = an_update(draft, text="zzwitness said so.")
    untouched = an_update(draft, text="zzkept")
    amend(update, reason="", text="zzfirst", happened_on=date(2025, 4, 30))
    record.publish(pledge=draft, actor=make_user("Reviewer"), now=NOW)
    assert draft.events.get(position=5).kind == EventKind.AMENDED
    for stands in ("zzfirst", "zzsecond"):
        call_command("export_record", str(tmp_path / "dump"), stdout=StringIO())
        dump = (tmp_path / "dump" / "events.jsonl").read_text(encoding="utf-8")
        page = client.get(draft.get_absolute_url()).content.decode()
        feed = client.get("/feed.atom").content.decode()
        for told in (dump, page, feed):
            assert "zzwitness" not in told
            assert stands in told
            assert "zzkept" in told
        assert verify().faults == []
        assert verify_dump.main([str(tmp_path / "dump")]) == 0
        shutil.rmtree(tmp_path / "dump")
        # Once public, before and after are told.
        if update.text != "zzsecond":
            entry = page[page.index('id="event-3"') :]
            assert "30 April 2025" in entry[: entry.index("</li>")]
            assert "Corrected:" not in entry[: entry.index("</li>")]
            amend(update, text="zzsecond")
            html = client.get(draft.get_absolute_url()).content.decode()
            assert '<del dir="auto">zzfirst</del> <ins dir="auto">zzsecond</ins>' in html
    assert untouched.text == "zzkept"


def test_who_corrected_a_draft_does_not_publish_it() -> None:
    draft = make_draft(now=NOON_4_APRIL)
    update = an_update(draft)
    reviewer = make_user("Reviewer")
    record.amend_update(update=update, changes={"text": "Twelve."}, actor=reviewer, now=NOW)
    with pytest.raises(ValidationError):
        record.publish(pledge=draft, actor=reviewer, now=NOW)


@pytest.mark.parametrize("word", ["heard 11", "heard 99"])
def test_a_row_that_differs_from_its_last_correction_is_found(word: str) -> None:
    """Also one that was set back to what it said before it was corrected."""
    update = an_update(make_pledge())
    amend(update, text="The commission heard 1 witness.")
    run("UPDATE pledges_update SET text = %s WHERE id = %s", f"The commission {word} witnesses.", update.pk)
    (fault,) = verify().faults
    assert "text" in str(fault)
    assert fault.position == 5
