"""What can be followed, by its public name and by its number; never what is not public."""

import pytest

from pledges import record
from tests.support.records import NOON_4_APRIL, make_draft, make_pledge, make_reviewer
from tracker.alerts.models import Reach
from tracker.alerts.targets import describe, find, targets_of

pytestmark = pytest.mark.django_db


def test_each_kind_is_found_by_its_public_name() -> None:
    pledge = make_pledge()
    body = pledge.bodies.get()
    names = {
        "all": (Reach.ALL, "all"),
        "action:report": (Reach.ACTION, "action:report"),
        f"pledge:{pledge.reference}": (Reach.PLEDGE, f"pledge:{pledge.pk}"),
        f"case:{pledge.case.slug}": (Reach.CASE, f"case:{pledge.case_id}"),
        f"body:{body.slug}": (Reach.BODY, f"body:{body.pk}"),
    }
    for name, (reach, target) in names.items():
        found = find(name)
        assert found is not None, name
        assert (found.reach, found.target) == (reach, target)
        assert target in targets_of(pledge)
        assert describe([target])[target] == found


@pytest.mark.parametrize(
    "name",
    [
        "",
        ":",
        "all:1",
        "action:",
        "action:dance",
        "pledge:",
        "pledge:1",
        "case:\x00",
        "body:x",
        "x:y",
        "pledge",
    ],
)
def test_what_is_not_there_is_not_found(name: str) -> None:
    make_pledge()
    assert find(name) is None


def test_a_draft_and_what_only_it_names_are_not_found() -> None:
    draft = make_draft(title="Marker of a draft")
    for name in (
        f"pledge:{draft.reference}",
        f"case:{draft.case.slug}",
        f"body:{draft.bodies.get().slug}",
    ):
        assert find(name) is None
    described = describe(targets_of(draft))
    assert not any("Marker" in each.label or draft.case.title in each.label for each in described.values())


def test_what_was_taken_off_has_no_name_any_more_but_stays_followed() -> None:
    pledge = make_pledge(title="Release it")
    record.unpublish(pledge=pledge, reason="Wrong.", actor=make_reviewer(), now=NOON_4_APRIL)
    target = f"pledge:{pledge.pk}"
    found = describe([target])[target]
    assert found.target == target
    assert "Release it" not in found.label
    assert found.address == ""


def test_many_are_described_in_three_queries(django_assert_num_queries: pytest.FixtureRequest) -> None:
    targets = [target for _ in range(5) for target in targets_of(make_pledge())]
    with django_assert_num_queries(3):  # type: ignore[operator]  # a fixture of pytest-django
        assert set(describe(targets)) == set(targets)
