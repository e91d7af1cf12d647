"""Parts and sequels: of one case, and never in a circle."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from pledges import record
from pledges.models import Event, Pledge
from tests.support.records import NOON_4_APRIL, make_case, make_draft, make_pledge, make_user

pytestmark = pytest.mark.django_db


def fields_of_refusal(act: Callable[[], object]) -> set[str]:
    try:
        act()
    except ValidationError as refusal:
        return set(refusal.message_dict)
    return set()


def amend(pledge: Pledge, **changes: Any) -> set[str]:
    user = make_user()
    said: dict[str, Any] = {"pledge": pledge, "actor": user, "now": NOON_4_APRIL, "reason": "Clearer."}
    found = fields_of_refusal(lambda: record.amend_pledge(**said, changes=changes))
    pledge.refresh_from_db()
    return found


def row(count: int, **fields: Any) -> list[Pledge]:
    """Pledges of one case, each alone."""
    case = make_case(actor=make_user())
    return [make_draft(case=case, **fields) for _ in range(count)]


def test_a_part_names_its_whole() -> None:
    whole, part = row(2)
    assert amend(part, parent=whole) == set()
    assert list(whole.parts.all()) == [part]
    event = Event.objects.get(stream=part.stream, kind="amended")
    assert event.payload["changes"] == {"parent": {"before": None, "after": whole.stream}}
    step = make_draft(case=whole.case, parent=whole)
    assert Event.objects.get(stream=step.stream, kind="recorded").payload["parent"] == whole.stream


def test_a_part_is_of_the_same_case() -> None:
    (whole,), (other,) = row(1), row(1)
    assert fields_of_refusal(lambda: make_draft(case=other.case, parent=whole)) == {"parent"}
    assert not Pledge.objects.filter(parent=whole).exists()
    assert amend(other, parent=whole) == {"parent"}
    assert amend(other, parent=whole, case=whole.case) == set()


def test_neither_whole_nor_part_leaves_the_case_alone() -> None:
    whole, part = row(2)
    amend(part, parent=whole)
    elsewhere = make_case(actor=make_user())
    assert amend(part, case=elsewhere) == {"parent"}
    assert amend(whole, case=elsewhere) == {"case"}
    assert amend(part, case=elsewhere, parent=None) == set()
    assert amend(whole, case=elsewhere) == set()


def test_a_sequel_may_be_of_another_case() -> None:
    (first,), (second,) = row(1), row(1)
    assert amend(second, follows=first) == set()


@pytest.mark.parametrize(
    ("links", "last", "is_circle"),
    [
        ([], (0, "parent", 0), True),
        ([], (0, "follows", 0), True),
        ([(1, "parent", 0)], (0, "parent", 1), True),
        ([(1, "follows", 0)], (0, "follows", 1), True),
        ([(1, "parent", 0)], (0, "follows", 1), True),
        ([(1, "parent", 0), (2, "parent", 1)], (0, "parent", 2), True),
        ([(1, "parent", 0), (2, "follows", 1)], (0, "parent", 2), True),
        # Two parts of one whole, the second after the first, is what parts are for.
        ([(1, "parent", 0), (2, "parent", 0)], (2, "follows", 1), False),
        ([(1, "follows", 0), (2, "follows", 0)], (3, "follows", 2), False),
        ([(1, "parent", 0), (2, "follows", 1)], (2, "parent", 0), False),
    ],
)
def test_nothing_hangs_on_itself(
    links: list[tuple[int, str, int]], last: tuple[int, str, int], *, is_circle: bool
) -> None:
    pledges = row(4)
    for one, link, other in links:
        assert amend(pledges[one], **{link: pledges[other]}) == set()
    one, link, other = last
    assert amend(pledges[one], **{link: pledges[other]}) == ({link} if is_circle else set())
    assert (getattr(pledges[one], link) == pledges[other]) is not is_circle


def test_a_circle_is_told_with_both_names() -> None:
    whole, part = row(2)
    amend(part, parent=whole)
    with pytest.raises(ValidationError, match=f"{part.reference} already is a part of {whole.reference}"):
        record.amend_pledge(
            pledge=whole, changes={"parent": part}, actor=make_user(), now=NOON_4_APRIL, reason="x"
        )


def test_the_link_of_a_public_pledge_is_a_correction_with_a_reason() -> None:
    case = make_case(actor=make_user())
    whole, part = make_pledge(case=case), make_pledge(case=case)
    said: dict[str, Any] = {"pledge": part, "actor": make_user(), "now": NOON_4_APRIL}
    with pytest.raises(ValidationError) as caught:
        record.amend_pledge(**said, changes={"parent": whole})
    assert set(caught.value.message_dict) == {"reason"}
    record.amend_pledge(**said, changes={"parent": whole}, reason="It is a step of it.")
    assert Event.objects.get(kind="corrected").payload["reason"] == "It is a step of it."
