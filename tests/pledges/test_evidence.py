"""The words for an overdue pledge, by what is on record of somebody's looking."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from pledges.evidence import AS_OF, NEVER_CHECKED, advice, overdue_sentence
from pledges.models.choices import OPEN_STATUSES

CHECKED = date(2025, 5, 2)
NEVER = "Overdue: no evidence of delivery is on record. Nobody has recorded a search for it yet."


@dataclass(frozen=True)
class Judged:
    status: str = "no_evidence"
    checked_on: date | None = CHECKED


@pytest.mark.parametrize(
    ("status", "checked_on", "sentence"),
    [
        ("no_evidence", CHECKED, "Overdue: no public evidence of delivery found as of 2 May 2025."),
        (
            "in_progress",
            CHECKED,
            "Overdue: work is reported, but no public evidence of delivery found as of 2 May 2025.",
        ),
        (
            "partly_fulfilled",
            CHECKED,
            "Overdue: delivered in part; no public evidence of the rest found as of 2 May 2025.",
        ),
        ("no_evidence", None, NEVER),
    ],
)
def test_it_is_said_as_of_the_day_on_which_somebody_looked(
    status: str, checked_on: date | None, sentence: str
) -> None:
    assert overdue_sentence(Judged(status, checked_on)) == sentence


@pytest.mark.parametrize("status", ["fulfilled", "refused", "withdrawn", "unverifiable"])
def test_what_is_judged_is_never_called_overdue(status: str) -> None:
    with pytest.raises(KeyError):
        overdue_sentence(Judged(status))


def test_every_open_status_has_its_words_and_none_says_broken() -> None:
    assert set(AS_OF) == set(OPEN_STATUSES)
    words = [str(each) for each in (*AS_OF.values(), NEVER_CHECKED)]
    assert not [each for each in words if "broken" in each or "failed" in each]


@pytest.mark.parametrize(
    ("checked_on", "today", "says"),
    [
        (None, CHECKED, "Please look for evidence before you rely on this."),
        (CHECKED, CHECKED, ""),
        (CHECKED, CHECKED + timedelta(days=1), "Please look for newer evidence before you rely on this."),
    ],
)
def test_staff_are_asked_to_look(checked_on: date | None, today: date, says: str) -> None:
    assert advice(Judged(checked_on=checked_on), today=today) == says
