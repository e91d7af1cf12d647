"""What the writers refuse is told at its line in the seed file, and nothing is written."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from pledges.models import Event, Pledge
from pledges.seeding import SeedsError, load_seeds

from .writing import MOVE, SMALL, grown, swap, write

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def refusal(path: Path) -> list[str]:
    with pytest.raises(SeedsError) as refused:
        load_seeds([path], now=NOW)
    return [str(one) for one in refused.value.problems]


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
    ("    publish: false\n", "    parent: SY-2024-0009\n", "parent: SY-2024-0009 is not recorded."),
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
    file = write(tmp_path, swap(SMALL, old, new))
    [line] = refusal(file)
    assert line.startswith(f"{file}:")
    assert "\n" not in line
    assert words in line
    assert not Event.objects.exists()


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
