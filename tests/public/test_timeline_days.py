"""The days of a pledge's time line: which are shown, what they are called, and what is said beside them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from pledges import record
from pledges.models import Deadline, Pledge
from pledges.models.choices import DeadlineKind
from tests.support import founding
from tests.support.founding import LAPSE, founding_case
from tests.support.records import judge, make_pledge, make_source, make_user
from tracker.public.ledger import ledger_lines
from tracker.public.moment import Moment
from tracker.public.standing import standing
from tracker.public.timeline_days import days_of

pytestmark = pytest.mark.django_db
MAY = datetime(2025, 5, 4, 21, 0, tzinfo=UTC)


def days(pledge: Pledge, now: datetime, closed_on: date | None = None) -> list[tuple[str, date, str, str]]:
    pledge = Pledge.objects.get(pk=pledge.pk)
    moment = Moment(
        now=now, due_soon=timedelta(14), long_overdue=timedelta(days=30), stale=timedelta(days=90)
    )
    lines = ledger_lines(Deadline.objects.filter(pledge=pledge))
    found = days_of(standing(pledge, moment), lines, closed_on=closed_on)
    return [(day.kind.value, day.on, day.label, day.note) for day in found]


def move(pledge: Pledge, latest: date, on: date, kind: DeadlineKind = DeadlineKind.EXTENSION) -> None:
    actor = make_user()
    record.move_deadline(
        pledge=Pledge.objects.get(pk=pledge.pk),
        kind=kind,
        terms=record.DeadlineTerms(latest=latest, reason="It was said so."),
        source=make_source(actor=actor),
        announced_on=on,
        actor=actor,
        now=datetime(on.year, on.month, on.day, 12, 0, tzinfo=UTC),
    )


def test_the_founding_report_at_the_instant_of_its_first_lapse() -> None:
    case = founding_case()
    before = days(case.report, LAPSE - timedelta(microseconds=1))
    said = ("said", date(2025, 3, 9), "Promised", "")
    due = ("due", date(2025, 4, 8), "Due", "")
    assert before == [said, due, ("today", date(2025, 4, 8), "Today", "due today")]
    assert days(case.report, LAPSE) == [said, due, ("today", date(2025, 4, 9), "Today", "1 day late")]


def test_a_move_shows_the_first_date_the_day_of_the_move_and_the_date_in_force() -> None:
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    assert days(case.report, MAY) == [
        ("said", date(2025, 3, 9), "Promised", ""),
        ("former", date(2025, 4, 8), "First due", ""),
        ("moved", date(2025, 4, 10), "Extended", "+93 days"),
        ("due", date(2025, 7, 10), "Due", ""),
        ("met", date(2025, 7, 22), "Fulfilled", "12 days late"),
    ]


@pytest.mark.parametrize(
    ("met", "note"),
    [
        (date(2025, 5, 3), "1 day early"),
        (date(2025, 5, 4), "on the day"),
        (date(2025, 5, 5), "1 day late"),
    ],
)
def test_fulfilment_before_on_and_after_the_date(met: date, note: str) -> None:
    pledge = make_pledge()
    judge(
        pledge=pledge,
        actor=make_user(),
        now=datetime(2025, 8, 1, tzinfo=UTC),
        status="fulfilled",
        effective_on=met,
        reason="It is there.",
        updates=[],
        sources=[make_source(actor=make_user())],
    )
    shown = days(pledge, datetime(2025, 9, 1, tzinfo=UTC))
    assert ("met", met, "Fulfilled", note) in shown
    assert not [kind for kind, *_ in shown if kind == "today"]


def test_between_two_moves_each_date_is_told_once() -> None:
    pledge = make_pledge()
    move(pledge, date(2025, 6, 4), date(2025, 5, 1))
    move(pledge, date(2025, 7, 4), date(2025, 6, 1))
    kinds = [(kind, label) for kind, _on, label, _note in days(pledge, datetime(2025, 6, 2, tzinfo=UTC))]
    assert kinds == [
        ("said", "Promised"),
        ("moved", "Extended"),
        ("former", "First due"),
        ("moved", "Extended"),
        ("today", "Today"),
        ("former", "Due, before it was moved"),
        ("due", "Due"),
    ]


def test_a_date_that_we_had_wrong_is_called_our_error_and_no_move() -> None:
    pledge = make_pledge()
    move(pledge, date(2025, 5, 14), date(2025, 4, 20), DeadlineKind.CORRECTION)
    assert days(pledge, datetime(2025, 4, 21, tzinfo=UTC)) == [
        ("said", date(2025, 4, 4), "Promised", ""),
        ("moved", date(2025, 4, 20), "Date corrected in this record", "+10 days"),
        ("today", date(2025, 4, 21), "Today", "23 days left"),
        ("former", date(2025, 5, 4), "Due date recorded in error", ""),
        ("due", date(2025, 5, 14), "Due", ""),
    ]


def test_a_date_brought_forward_is_counted_backwards() -> None:
    pledge = make_pledge()
    move(pledge, date(2025, 4, 30), date(2025, 4, 20), DeadlineKind.SHORTENING)
    assert ("moved", date(2025, 4, 20), "Shortened", "−4 days") in days(pledge, MAY)


@pytest.mark.parametrize("reason", ["vague", "event_tied"])
def test_without_a_date_there_is_no_due_day(reason: str) -> None:
    terms = record.DeadlineTerms(phrase="once it is ready", no_date_reason=reason)
    shown = days(make_pledge(deadline=terms), MAY)
    assert [kind for kind, *_ in shown] == ["said", "today"]
    assert shown[-1][1:] == (date(2025, 5, 5), "Today", "")


def test_a_closed_pledge_ends_on_the_day_on_which_it_was_closed() -> None:
    pledge = make_pledge()
    judge(
        pledge=pledge,
        actor=make_user(),
        now=MAY,
        status="refused",
        effective_on=date(2025, 5, 2),
        reason="They said no.",
        updates=[],
        sources=[make_source(actor=make_user())],
    )
    shown = days(pledge, MAY + timedelta(days=400), closed_on=date(2025, 5, 2))
    assert [(kind, on) for kind, on, *_ in shown] == [
        ("said", date(2025, 4, 4)),
        ("closed", date(2025, 5, 2)),
        ("due", date(2025, 5, 4)),
    ]
