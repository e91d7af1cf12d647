"""Strong words and verdicts taken back: two people, or nothing that readers see."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from pledges import record
from pledges.ledger.verifying import verify
from pledges.models import Event, Pledge, VerdictProposal
from pledges.models.choices import PUBLIC_EVENT_KINDS, EventKind
from tests.support import records
from tests.support.records import make_draft, make_pledge, make_reviewer, make_source, make_user

pytestmark = pytest.mark.django_db

NOW = datetime(2025, 7, 22, 18, 0, tzinfo=UTC)
DAY = date(2025, 7, 22)


def judgement(user: User, status: str = "refused", **changes: Any) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "status": status,
        "effective_on": DAY,
        "reason": "The minister said that nothing will be published.",
        "sources": [make_source(actor=user)],
        "actor": user,
        "now": NOW,
    }
    return fields | changes


def propose(pledge: Pledge, user: User, status: str = "refused", **changes: Any) -> VerdictProposal:
    return record.propose_verdict(pledge=pledge, **judgement(user, status, **changes))


def public_facts(pledge: Pledge) -> tuple[Any, ...]:
    fresh = Pledge.objects.get(pk=pledge.pk)
    events = fresh.events.filter(kind__in=PUBLIC_EVENT_KINDS).count()
    return fresh.status, fresh.met_on, fresh.checked_on, events


OPEN = ("no_evidence", "in_progress", "partly_fulfilled")
CLOSED = ("fulfilled", "refused", "withdrawn", "unverifiable")


@pytest.mark.parametrize("after", [*OPEN, *CLOSED])
@pytest.mark.parametrize("before", [*OPEN, *CLOSED])
def test_which_judgements_take_two_people(before: str, after: str) -> None:
    pledge = make_pledge()
    if before != "no_evidence":
        records.judge(pledge=pledge, **judgement(make_user(), before))
        pledge.refresh_from_db()
    takes_two = after in ("refused", "withdrawn") or (before in CLOSED and before != after)
    assert record.needs_second_person(pledge, status=after, effective_on=DAY) is takes_two


def test_another_day_of_fulfilment_takes_two_people() -> None:
    pledge = make_pledge()
    record.assess(pledge=pledge, **judgement(make_user(), "fulfilled"))
    pledge.refresh_from_db()
    for day, takes_two in ((DAY, False), (DAY - timedelta(days=1), True)):
        assert record.needs_second_person(pledge, status="fulfilled", effective_on=day) is takes_two


@pytest.mark.parametrize("status", CLOSED)
def test_what_is_not_public_takes_its_second_person_at_publication(status: str) -> None:
    draft, author = make_draft(), make_reviewer()
    record.assess(pledge=draft, **judgement(author, status))
    with pytest.raises(ValidationError, match="your own words"):
        record.publish(pledge=draft, actor=author, now=NOW)
    record.publish(pledge=draft, actor=make_reviewer(), now=NOW)


def test_one_person_can_not_do_it() -> None:
    pledge = make_pledge()
    before = public_facts(pledge)
    with pytest.raises(ValidationError) as caught:
        record.assess(pledge=pledge, **judgement(make_reviewer()))
    assert caught.value.code == "two_people"
    assert public_facts(pledge) == before


def test_what_takes_one_person_is_not_proposed() -> None:
    with pytest.raises(ValidationError) as caught:
        propose(make_pledge(), make_user(), "in_progress")
    assert caught.value.code == "one_person"


def test_proposed_confirmed_and_both_people_kept() -> None:
    pledge, first, second = make_pledge(), make_user(), make_reviewer()
    before = public_facts(pledge)
    proposal = propose(pledge, first)
    assert public_facts(pledge) == before
    later = NOW + timedelta(days=3)
    assessment = record.confirm_verdict(pledge=pledge, actor=second, now=later)
    proposal.refresh_from_db()
    event = Event.objects.get(pledge=pledge, kind=EventKind.ASSESSED)
    assert (proposal.decision, proposal.decided_by, proposal.decided_at) == ("confirmed", second, later)
    assert proposal.assessment == assessment
    assert (assessment.recorded_by, event.actor, assessment.reason) == (first, second, proposal.reason)
    assert event.payload["is_confirmed"] is True
    # What was looked for was looked for when it was proposed, not when it was confirmed.
    assert public_facts(pledge)[:3] == ("refused", None, DAY)
    assert verify().faults == []


@pytest.mark.parametrize(
    ("who", "error"),
    [("proposer", ValidationError), ("researcher", PermissionDenied), ("reviewer", None)],
)
def test_who_may_confirm(who: str, error: type[Exception] | None) -> None:
    proposer = make_reviewer()
    people = {"proposer": proposer, "researcher": make_user(), "reviewer": make_reviewer()}
    pledge = make_pledge()
    propose(pledge, proposer)
    if error is None:
        record.confirm_verdict(pledge=pledge, actor=people[who], now=NOW)
    else:
        with pytest.raises(error):
            record.confirm_verdict(pledge=pledge, actor=people[who], now=NOW)
    pledge.refresh_from_db()
    assert (pledge.status == "refused") is (error is None)


@pytest.mark.parametrize(("who", "may"), [("proposer", True), ("researcher", False), ("reviewer", True)])
def test_who_may_decline(who: str, *, may: bool) -> None:
    proposer = make_user()
    people = {"proposer": proposer, "researcher": make_user(), "reviewer": make_reviewer()}
    pledge = make_pledge()
    proposal = propose(pledge, proposer)
    call = {"pledge": pledge, "reason": "The source says otherwise.", "actor": people[who], "now": NOW}
    if not may:
        with pytest.raises(PermissionDenied):
            record.decline_verdict(**call)  # type: ignore[arg-type]  # a table of keyword arguments
        return
    record.decline_verdict(**call)  # type: ignore[arg-type]  # a table of keyword arguments
    proposal.refresh_from_db()
    assert (proposal.decision, proposal.assessment) == ("declined", None)
    assert not Event.objects.filter(pledge=pledge, kind=EventKind.ASSESSED).exists()
    propose(pledge, proposer)  # there may be another now


def test_a_decline_needs_a_reason() -> None:
    pledge, reviewer = make_pledge(), make_reviewer()
    propose(pledge, make_user())
    with pytest.raises(ValidationError, match="Say why"):
        record.decline_verdict(pledge=pledge, reason=" ", actor=reviewer, now=NOW)


def test_one_proposal_waits_at_a_time() -> None:
    pledge = make_pledge()
    proposal = propose(pledge, make_user())
    with pytest.raises(ValidationError, match="Another verdict is waiting"):
        propose(pledge, make_user(), "withdrawn")
    proposal.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        proposal.save(force_insert=True)


def test_a_proposal_that_was_overtaken_can_not_be_confirmed() -> None:
    pledge, reviewer = make_pledge(), make_reviewer()
    propose(pledge, make_user())
    record.assess(pledge=pledge, **judgement(make_user(), "in_progress"))
    with pytest.raises(ValidationError) as caught:
        record.confirm_verdict(pledge=pledge, actor=reviewer, now=NOW)
    assert caught.value.code == "overtaken"
    record.decline_verdict(pledge=pledge, reason="Overtaken.", actor=reviewer, now=NOW)


def test_without_a_proposal_there_is_nothing_to_decide() -> None:
    pledge, reviewer = make_pledge(), make_reviewer()
    with pytest.raises(ValidationError, match="No verdict"):
        record.confirm_verdict(pledge=pledge, actor=reviewer, now=NOW)
    with pytest.raises(ValidationError, match="No verdict"):
        record.decline_verdict(pledge=pledge, reason="Why.", actor=reviewer, now=NOW)


def test_a_confirmed_refusal_stops_the_watch_and_reversing_it_arms_it_again() -> None:
    pledge = make_pledge(latest=date(2025, 8, 1))
    records.judge(pledge=pledge, **judgement(make_user()))
    late = datetime(2025, 9, 1, tzinfo=UTC)
    assert record.flag_overdue(now=late, limit=5).count == 0
    back = judgement(make_user(), "no_evidence", reason="The minister corrected himself.")
    with pytest.raises(ValidationError):
        record.assess(pledge=pledge, **back)
    records.judge(pledge=pledge, **back)
    assert record.flag_overdue(now=late, limit=5).count == 1


@pytest.mark.parametrize(
    ("checked_on", "is_allowed"),
    [
        (date(2025, 4, 3), False),  # before it was made
        (date(2025, 5, 1), False),
        (date(2025, 5, 2), True),
        (DAY, True),
        (DAY + timedelta(days=1), False),
    ],
)
def test_a_check_moves_only_the_day_and_never_back(checked_on: date, *, is_allowed: bool) -> None:
    pledge, user = make_pledge(), make_user()
    first = datetime(2025, 5, 2, 12, 0, tzinfo=UTC)
    record.record_check(pledge=pledge, checked_on=date(2025, 5, 2), actor=user, now=first, note="  Read. ")
    call = {"pledge": pledge, "checked_on": checked_on, "actor": user, "now": NOW}
    if is_allowed:
        record.record_check(**call)  # type: ignore[arg-type]  # a table of keyword arguments
    else:
        with pytest.raises(ValidationError) as caught:
            record.record_check(**call)  # type: ignore[arg-type]  # a table of keyword arguments
        assert set(caught.value.message_dict) == {"checked_on"}
    pledge.refresh_from_db()
    assert (pledge.status, pledge.checked_on) == (
        "no_evidence",
        checked_on if is_allowed else date(2025, 5, 2),
    )
    events = Event.objects.filter(pledge=pledge, kind=EventKind.CHECKED)
    assert events.count() == 1 + is_allowed
    assert events.order_by("position")[0].payload == {"checked_on": "2025-05-02", "text": "Read."}
    assert verify().faults == []
