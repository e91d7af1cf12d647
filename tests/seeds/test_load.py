"""Loading: once, again, after the file has grown, after staff have worked, after a break-off."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.db import connection

from pledges import record
from pledges.models import Assessment, Body, Case, Deadline, Event, Pledge, Source, Update
from pledges.seeding import Loaded, SeedsError, check_seeds, load_seeds
from pledges.seeding.people import AUTHOR, PUBLISHER, AccountTakenError
from tests.support.records import make_reviewer, make_source, make_user

from .writing import ASSESSMENT, MOVE, SMALL, UPDATE, grown, swap, write

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)


def counts() -> dict[str, int]:
    models = (Assessment, Body, Case, Deadline, Event, Pledge, Source, Update, User)
    return {model.__name__: model._default_manager.count() for model in models}


def load(path: Path, now: datetime = NOW) -> Loaded:
    return load_seeds([path], now=now)


def told(loaded: Loaded) -> list[str]:
    return [str(one) for one in loaded.differences]


# --- The first time -------------------------------------------------------------------------------


def test_a_file_is_replayed_with_its_days_and_recorded_now(tmp_path: Path) -> None:
    loaded = load(write(tmp_path, grown()))
    pledge = Pledge.objects.get(reference="SY-2025-0001")
    assert (pledge.status, pledge.met_on) == ("fulfilled", date(2025, 7, 22))
    assert pledge.made_on == date(2025, 3, 9)
    assert pledge.created_at == pledge.published_at == NOW
    assert [(d.kind, d.latest, d.announced_on) for d in pledge.deadlines.order_by("position")] == [
        ("original", date(2025, 4, 8), date(2025, 3, 9)),
        ("extension", date(2025, 7, 10), date(2025, 4, 10)),
    ]
    assert [u.happened_on for u in pledge.updates.all()] == [date(2025, 3, 11), date(2025, 7, 22)]
    assert loaded.added["deadline move"] == 1


def test_author_and_publisher_are_two_accounts_with_which_nobody_can_log_in(tmp_path: Path) -> None:
    load(write(tmp_path))
    pledge = Pledge.objects.get(reference="SY-2025-0001")
    assert pledge.created_by.username == AUTHOR
    assert pledge.published_by is not None
    assert pledge.published_by.username == PUBLISHER
    for user in User.objects.filter(username__in=(AUTHOR, PUBLISHER)):
        assert not user.has_usable_password()
        assert not user.is_staff
        assert authenticate(username=user.username, password="") is None
    assert not User.objects.get(username=AUTHOR).is_active


def test_an_account_that_a_person_uses_is_not_taken_over(tmp_path: Path) -> None:
    make_user(username=AUTHOR, password="somebody's own")
    with pytest.raises(AccountTakenError, match=f"“{AUTHOR}” has a password.*Rename"):
        load(write(tmp_path))
    assert not Pledge.objects.exists()


def test_a_draft_waits_for_a_person_to_publish_it(tmp_path: Path) -> None:
    file = write(tmp_path)
    load(file)
    draft = Pledge.objects.get(reference="SY-2025-0002")
    assert not draft.is_published
    record.publish(pledge=draft, actor=make_reviewer(), now=LATER)
    again = load(file, LATER)
    assert (not again.added, told(again)) == (True, [])


# --- Again ----------------------------------------------------------------------------------------


def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    file = write(tmp_path, grown())
    load(file)
    before = counts()
    again = load(file, LATER)
    assert (not again.added, told(again)) == (True, [])
    assert counts() == before


GROWN = [
    ("    updates:\n", MOVE + "    updates:\n", {"deadline move": 1}),
    ("    updates:\n", "    updates:\n" + UPDATE, {"update": 1}),
    ("  - reference: SY-2025-0002", ASSESSMENT + "  - reference: SY-2025-0002", {"assessment": 1}),
    ("    publish: false\n", "", {"publication": 1}),
]


@pytest.mark.parametrize(("old", "new", "added"), GROWN)
def test_what_a_file_has_grown_by_is_added_and_nothing_else(
    tmp_path: Path, old: str, new: str, added: dict[str, int]
) -> None:
    load(write(tmp_path))
    events = Event.objects.count()
    grown_file = write(tmp_path, swap(SMALL, old, new))
    loaded = load(grown_file, LATER)
    assert (dict(loaded.added), told(loaded)) == (added, [])
    assert Event.objects.count() == events + 1
    assert not load(grown_file, LATER).added


def test_a_part_is_recorded_with_its_whole(tmp_path: Path) -> None:
    file = write(tmp_path, swap(SMALL, "    publish: false\n", "    parent: SY-2025-0001\n"))
    load(file)
    part = Pledge.objects.get(reference="SY-2025-0002")
    assert part.parent == Pledge.objects.get(reference="SY-2025-0001")
    again = load(file, LATER)
    assert (not again.added, told(again)) == (True, [])


def test_an_extension_in_a_grown_file_rearms_the_watch(tmp_path: Path) -> None:
    load(write(tmp_path))
    record.flag_overdue(now=NOW, limit=10)
    assert Pledge.objects.get(reference="SY-2025-0001").overdue_flagged_at
    load(write(tmp_path, swap(SMALL, "    updates:\n", MOVE + "    updates:\n")), LATER)
    pledge = Pledge.objects.get(reference="SY-2025-0001")
    assert pledge.overdue_flagged_at is None
    assert pledge.lapses_at == datetime(2025, 7, 10, 21, 0, tzinfo=UTC)


CHANGED = [
    (
        "title: Hand in the report",
        "title: Bring the report",
        "SY-2025-0001: title: The file says “Bring the report”",
    ),
    (
        "made_on: 2025-03-09",
        "made_on: 2025-03-10",
        "made_on: The file says “2025-03-10”, the record “2025-03-09”",
    ),
    ("latest: 2025-04-08", "latest: 2025-04-09", "latest: The file says “2025-04-09”"),
    ("phrase: thirty days", "phrase: 30 days", "phrase: The file says “30 days”"),
    ("name: Commission", "name: Panel", "commission: name: The file says “Panel”"),
    ("title: Coast", "title: The coast", "coast: title: The file says “The coast”"),
    (
        "    sources: [decree]\np",
        "    sources: []\np",
        "coast: sources: The file says nothing, the record “https",
    ),
    ("title: The decree", "title: A decree", "decree: title: The file says “A decree”"),
    (
        "text: The findings are",
        "text: Findings are",
        "presented: text: The file says “Findings are presented.”",
    ),
    (
        "sources: [findings]",
        "sources: [decree]",
        "presented: sources: The file says “https://news.example/decree”",
    ),
    (
        "reason: It is at work.",
        "reason: It works.",
        "reason: The file says “It works.”, the record “It is at",
    ),
    (
        "source: decree\n    deadline",
        "source: findings\n    deadline",
        "SY-2025-0001: source: The file says “The f",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), CHANGED)
def test_a_changed_field_is_told_and_the_record_stays(tmp_path: Path, old: str, new: str, words: str) -> None:
    load(write(tmp_path))
    before = counts()
    file = write(tmp_path, swap(SMALL, old, new))
    for _time in range(2):
        loaded = load(file, LATER)
        assert not loaded.added
        assert words in told(loaded)[0]
        assert told(loaded)[0].startswith(f"{file}:")
        assert "The record was left as it is" in told(loaded)[0]
    assert counts() == before
    pledge = Pledge.objects.get(reference="SY-2025-0001")
    assert (pledge.title, pledge.made_on) == ("Hand in the report", date(2025, 3, 9))


def test_what_was_removed_from_a_file_stays_recorded_and_is_told(tmp_path: Path) -> None:
    load(write(tmp_path, swap(SMALL, "    updates:\n", "    updates:\n" + UPDATE)))
    loaded = load(write(tmp_path), LATER)
    assert "SY-2025-0001: updates: “2025-03-11 Progress” was recorded from this file" in told(loaded)[0]
    assert Update.objects.count() == 2


def test_a_new_assessment_that_would_not_be_the_last_word_is_refused(tmp_path: Path) -> None:
    load(write(tmp_path))
    file = write(tmp_path, swap(SMALL, "    assessments:\n", "    assessments:\n" + ASSESSMENT))
    with pytest.raises(SeedsError, match="put it last"):
        load(file)
    assert Pledge.objects.get(reference="SY-2025-0001").status == "in_progress"


# --- Beside the work of staff ---------------------------------------------------------------------


def test_the_work_of_staff_is_left_alone(tmp_path: Path) -> None:
    file = write(tmp_path)
    load(file)
    pledge = Pledge.objects.get(reference="SY-2025-0001")
    staff, source = make_user(), make_source(actor=make_user(), now=NOW)
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(phrase="more", latest=date(2027, 1, 1)),
        source=source,
        announced_on=date(2026, 1, 1),
        actor=staff,
        now=NOW,
    )
    record.add_update(
        pledge=pledge,
        kind="fulfilment",
        happened_on=date(2025, 7, 22),
        text="Seen by us.",
        sources=[source],
        actor=staff,
        now=NOW,
    )
    record.unpublish(pledge=pledge, reason="under review", actor=make_reviewer(), now=NOW)
    before = counts()
    loaded = load(file, LATER)
    assert (not loaded.added, told(loaded)) == (True, [])
    assert counts() == before
    assert Pledge.objects.get(pk=pledge.pk).publication == "unpublished"


def test_a_correction_by_staff_is_told_not_undone(tmp_path: Path) -> None:
    file = write(tmp_path)
    load(file)
    pledge = Pledge.objects.get(reference="SY-2025-0001")
    record.amend_pledge(
        pledge=pledge, changes={"title": "Corrected"}, reason="typo", actor=make_user(), now=NOW
    )
    assert "the record “Corrected”" in told(load(file, LATER))[0]
    assert Pledge.objects.get(pk=pledge.pk).title == "Corrected"


# --- A rehearsal, and a break-off ------------------------------------------------------------------


def test_checking_writes_nothing_and_says_what_would_be_added(tmp_path: Path) -> None:
    before = counts()
    file = write(tmp_path, grown())
    checked = check_seeds([file], now=NOW)
    assert counts() == before
    assert checked.added == load(file).added


def test_a_break_off_leaves_whole_pledges_and_the_next_run_adds_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = swap(grown(), "    publish: false\n", "")
    file = write(tmp_path, text)
    published: list[Any] = []
    really_publish = record.publish

    def publish_or_break(**arguments: Any) -> Pledge:
        published.append(arguments)
        if len(published) == 4:  # two in the rehearsal, then the second of the real run
            raise KeyboardInterrupt
        return really_publish(**arguments)

    with monkeypatch.context() as patch:
        patch.setattr(record, "publish", publish_or_break)
        with pytest.raises(KeyboardInterrupt):
            load(file)
    [whole] = Pledge.objects.all()
    assert (whole.reference, whole.is_published, whole.updates.count()) == ("SY-2025-0001", True, 2)
    rest = load(file, LATER)
    assert dict(rest.added) == {"pledge": 1, "publication": 1}
    assert not load(file, LATER).added


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_record_everything_once(tmp_path: Path) -> None:
    file = write(tmp_path, grown())
    at_once = Barrier(2)

    def load_together(_number: int) -> Loaded:
        at_once.wait(timeout=30)
        try:
            return load(file)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as threads:
        runs = list(threads.map(load_together, range(2)))
    assert sum((run.added for run in runs), Counter()) == {
        "source": 3,
        "body": 1,
        "case": 1,
        "pledge": 2,
        "deadline move": 1,
        "update": 2,
        "assessment": 2,
        "publication": 1,
    }
    assert [run.differences for run in runs] == [[], []]
    assert Event.objects.filter(stream="pledge:SY-2025-0001").count() == 8
