"""Loading: once, again, after the file has grown, after staff have worked, after a break-off."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import User

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


def refusal(path: Path) -> list[str]:
    with pytest.raises(SeedsError) as refused:
        load(path)
    return [str(one) for one in refused.value.problems]


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
    assert "put it last" in refusal(file)[0]
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


# --- What the writers refuse ----------------------------------------------------------------------

REFUSED = [
    (
        "kind: commission",
        "kind: panel",
        "commission: kind: Value 'panel' is not a valid choice. Write one of: head_of",
    ),
    (
        "country: SY\n    time",
        "country: XX\n    time",
        "commission: country: “XX” is no ISO 3166 country code.",
    ),
    ("Asia/Damascus", "Damascus", "commission: time_zone: “Damascus” is no IANA time zone."),
    ("https://news.example/decree", "javascript:alert(1)", "decree: url: Enter a valid URL."),
    (
        "action: report",
        "action: dance",
        "SY-2025-0001: action: Value 'dance' is not a valid choice. Write one of: inv",
    ),
    ("SY-2025-0001", "SY-25-1", "SY-25-1: reference: Write it like SY-2025-0003."),
    ("made_on: 2025-03-09", "made_on: 2027-03-09", "made_on: A pledge can't have been made in the future."),
    ("      latest: 2025-04-08\n", "", "SY-2025-0001: latest: Give the due date, or say why there is none."),
    (
        "2025-04-08\n",
        "2025-04-08\n      precision: hour\n",
        "precision: Value 'hour' is not a valid choice. Write",
    ),
    (
        "happened_on: 2025-07-22",
        "happened_on: 2027-07-22",
        "presented: happened_on: This day has not come yet.",
    ),
    ("sources: [findings]", "sources: []", "presented: sources: A fact needs at least one source."),
    (
        "status: in_progress",
        "status: done",
        "status: Value 'done' is not a valid choice. Write one of: no_evidence",
    ),
    (
        "effective_on: 2025-03-11",
        "effective_on: 2025-03-01",
        "effective_on: This is before the pledge was made.",
    ),
    ("    publish: false\n", "    follows: SY-2024-0009\n", "follows: SY-2024-0009 is not recorded."),
    (
        "    updates:\n",
        MOVE.replace("2025-07-10", "2025-04-01") + "    updates:\n",
        "latest: An extension must be",
    ),
    (
        "    updates:\n",
        MOVE.replace("- phrase", "- kind: delay\n        phrase") + "    updates:\n",
        "'delay' is not",
    ),
]


@pytest.mark.parametrize(("old", "new", "words"), REFUSED)
def test_what_the_writers_refuse_is_told_at_its_line_and_nothing_is_written(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    before = counts()
    file = write(tmp_path, swap(SMALL, old, new))
    [line] = refusal(file)
    assert line.startswith(f"{file}:")
    assert "\n" not in line
    assert words in line
    assert counts() == before


def test_a_refusal_names_the_line_of_the_field(tmp_path: Path) -> None:
    text = swap(SMALL, "      latest: 2025-04-08\n", "      latest: 2025-04-08\n      precision: hour\n")
    line = next(n for n, row in enumerate(text.splitlines(), 1) if "precision" in row)
    assert refusal(write(tmp_path, text))[0].split(": ")[0].endswith(f":{line}")


def test_one_bad_pledge_keeps_every_file_out_and_all_are_told(tmp_path: Path) -> None:
    bad = swap(swap(SMALL, "action: report", "action: dance"), "action: prosecute", "action: sing")
    write(tmp_path, grown(), name="a.yaml")
    write(tmp_path, bad.replace("SY-2025-", "SY-2024-"), name="b.yaml")
    assert [line.split(": ")[1] for line in refusal(tmp_path)] == ["SY-2024-0001", "SY-2024-0002"]
    assert not Pledge.objects.exists()


def test_checking_writes_nothing_and_says_what_would_be_added(tmp_path: Path) -> None:
    before = counts()
    file = write(tmp_path, grown())
    checked = check_seeds([file], now=NOW)
    assert counts() == before
    assert checked.added == load(file).added


# --- A break-off ----------------------------------------------------------------------------------


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
