"""A body's figures: each counted by the rule that stands beside it, few statements whatever the rows."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from pledges.models.choices import DeadlineKind, NoDateReason
from pledges.models.pledge_query import PledgeQuerySet
from tests.public.conftest import make_many
from tests.public.test_outcomes import LAPSE, LATER, at, judge, judged
from tests.support.records import (
    make_body,
    make_draft,
    make_pledge,
    make_reviewer,
    make_setting,
    make_source,
    make_user,
)
from tracker.public.keyset import NEWEST
from tracker.public.moment import Moment
from tracker.public.scorecard import LEAST_FOR_SHARES, Figures, Scorecard, figures, scorecard, share
from tracker.public.tally import tally, tally_of

pytestmark = pytest.mark.django_db
DUE = date(2025, 5, 4)


def card(now: datetime = LATER) -> Scorecard:
    """The figures of all pledges together, as if they were of one body."""
    found = scorecard(figures(Pledge.objects.published(), at(now)))
    assert found is not None
    return found


def counted(found: Scorecard) -> dict[str, int]:
    return {line.outcome.value: line.count for line in (*found.decided, *found.undecided)}


def late_by(*days: int) -> None:
    for each in days:
        judged("fulfilled", DUE + timedelta(days=each))


def put_off(pledge: Pledge, latest: date, kind: DeadlineKind = DeadlineKind.EXTENSION) -> None:
    actor = make_user()
    record.move_deadline(
        pledge=Pledge.objects.get(pk=pledge.pk),
        kind=kind,
        terms=record.DeadlineTerms(latest=latest, reason="More time."),
        source=make_source(actor=actor),
        announced_on=date(2025, 5, 1),
        actor=actor,
        now=LATER,
    )


def test_each_outcome_is_counted_and_what_is_open_apart() -> None:
    late_by(-1, 0, 1)
    judged("fulfilled", latest=None)
    for status in ("refused", "withdrawn", "unverifiable"):
        judged(status)
    make_pledge(latest=DUE)
    make_pledge(latest=date(2026, 5, 4))
    make_pledge(latest=None)
    make_draft()
    found = card()
    assert counted(found) == {
        "in_time": 2,
        "late": 1,
        "untimed": 1,
        "overdue": 1,
        "refused": 2,
        "unverifiable": 1,
        "ahead": 1,
        "undated": 1,
    }
    assert (found.decided_count, found.late_count) == (7, 2)


def test_what_has_no_pledge_is_told_as_none_where_it_would_count() -> None:
    make_pledge(latest=None)
    assert counted(card()) == {
        "in_time": 0,
        "late": 0,
        "untimed": 0,
        "overdue": 0,
        "refused": 0,
        "undated": 1,
    }


@pytest.mark.parametrize(
    ("offset", "overdue", "median"),
    [(timedelta(microseconds=-1), 0, None), (timedelta(0), 1, 1), (timedelta(days=40), 1, 41)],
)
def test_an_overdue_pledge_counts_from_the_instant_of_its_lapse(
    offset: timedelta, overdue: int, median: int | None
) -> None:
    make_pledge(latest=DUE)
    found = card(LAPSE + offset)
    assert (counted(found)["overdue"], found.median_late) == (overdue, median)


@pytest.mark.parametrize(
    ("days", "median"),
    [
        ([], None),
        ([-3, 0], None),
        ([7], 7),
        ([1, 9], 1),
        ([9, 1, 4], 4),
        ([100, 2, 3, 1], 2),
        # those in time are not among the late ones
        ([-5, -5, -5, 3, 5, 8], 5),
    ],
)
def test_the_median_is_that_of_the_late_ones_alone(days: list[int], median: int | None) -> None:
    late_by(*days)
    assert card().median_late == median


def test_days_of_an_overdue_pledge_end_where_it_is() -> None:
    """At noon UTC it is the next day already in Kiritimati."""
    author = make_user()
    body = make_body(actor=author, time_zone="Pacific/Kiritimati")
    make_pledge(actor=author, bodies=[body], latest=DUE)
    noon = datetime(2025, 5, 10, 12, 0, tzinfo=UTC)
    assert card(noon).median_late == 7
    make_pledge(latest=DUE)
    make_pledge(latest=DUE)
    assert card(noon).median_late == 6


def test_extensions_are_counted_and_the_pledges_that_had_any() -> None:
    twice, once, corrected = make_pledge(), make_pledge(), make_pledge()
    make_pledge()
    put_off(twice, date(2025, 6, 4))
    put_off(twice, date(2025, 7, 4))
    put_off(once, date(2025, 6, 4))
    put_off(corrected, date(2025, 6, 4), DeadlineKind.CORRECTION)
    found = card()
    assert (found.extensions, found.extended) == (3, 2)


def test_pledges_are_told_apart_as_their_own_pages_tell_them() -> None:
    late_by(-1, 0, 1)
    judged("fulfilled", latest=None)
    for status in ("refused", "withdrawn", "unverifiable"):
        judged(status)
    for reason in NoDateReason:
        make_pledge(deadline=record.DeadlineTerms(no_date_reason=reason))
    for latest in (DUE, date(2025, 8, 31), date(2025, 9, 1), date(2025, 9, 8), date(2026, 5, 4)):
        make_pledge(latest=latest)
    published, moment = Pledge.objects.published(), at(LATER)
    one_by_one = tally_of(Counter((moment.timeliness(each), each.status, each.action) for each in published))
    here = set(figures(published, moment).tally.cells)
    assert here == set(one_by_one.cells) == set(tally(published, moment).cells)
    assert {cell.timeliness for cell in here} == set(Timeliness)


def test_of_too_many_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.public.scorecard.MOST_COUNTED", 2)
    late_by(1, 2)
    assert card().late_count == 2
    late_by(3)
    counted = figures(Pledge.objects.published(), at(LATER))
    assert (counted.tally.cells, counted.tally.is_capped) == ((), True)
    assert scorecard(counted) is None


@pytest.mark.parametrize(
    ("count", "whole", "expected"),
    [(0, 0, None), (5, 5, None), (0, 6, 0), (1, 6, 17), (6, 6, 100), (1, 3000, 0)],
)
def test_no_share_is_said_of_a_few(count: int, whole: int, expected: int | None) -> None:
    assert share(count, whole) == expected


def page(client: Client, pledges: int) -> str:
    author, reviewer = make_user(), make_reviewer()
    body = make_body(actor=author, name="Ministry of Justice")
    for _ in range(pledges):
        pledge = record.publish(
            pledge=make_draft(actor=author, bodies=[body], latest=DUE), actor=reviewer, now=LAPSE
        )
        judge(pledge, "fulfilled", DUE)
    make_pledge(bodies=[body], latest=None)
    return client.get(body.get_absolute_url()).content.decode()


def test_the_page_says_no_share_below_six_outcomes_and_the_rule_beside_it(client: Client) -> None:
    shown = page(client, LEAST_FOR_SHARES - 1)
    assert "5 pledges with an outcome" in shown
    assert "100 %" not in shown
    assert "Shares are said from 6 pledges with an outcome on." in shown
    assert "no extension on record" in shown
    assert "nothing was late" in shown


def test_the_page_says_shares_from_six_outcomes_on(client: Client) -> None:
    shown = page(client, LEAST_FOR_SHARES)
    assert "6 pledges with an outcome" in shown
    assert "<td>100 %</td>" in shown


@pytest.mark.parametrize("most", [4, 100], ids=["too many to count", "counted"])
def test_its_pages_hold_all_its_pledges_once_and_lead_back(
    client: Client, monkeypatch: pytest.MonkeyPatch, set_page_size: Callable[[int], None], most: int
) -> None:
    monkeypatch.setattr("tracker.public.scorecard.MOST_COUNTED", most)
    set_page_size(2)
    shared = make_setting()
    body = shared["bodies"][0]
    for day in (3, 1, 4, 1, 5):
        make_pledge(**(shared | {"made_on": date(2025, 3, day)}))
    make_draft(**shared)
    make_pledge()
    own = [each.reference for each in body.pledges.published()]
    assert len(own) == 5

    def followed(address: str, link: str) -> list[list[str]]:
        listed = client.get(address).content.decode().partition('<ol class="news"')[0]
        beyond = re.search(rf'rel="{link}"\s+href="([^"]+)"', listed)
        rows = re.findall(r'class="reference">([^<]+)<', listed)
        return [rows, *(followed(body.get_absolute_url() + unescape(beyond[1]), link) if beyond else [])]

    there = followed(body.get_absolute_url(), "next")
    assert there == [own[:2], own[2:4], own[4:]]
    last = body.pledges.get(reference=own[-1])
    back = followed(f"{body.get_absolute_url()}?before={NEWEST.place_of(last)}", "prev")
    assert back == [own[2:4], own[:2]]
    lost = client.get(f"{body.get_absolute_url()}?after=nowhere").content.decode()
    assert own[0] in lost
    assert "nowhere" in lost


def test_what_is_taken_off_after_it_was_counted_is_not_listed(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared = make_setting()
    off, stays = make_pledge(**shared), make_pledge(**shared)

    def count_and_take_off(pledges: PledgeQuerySet, moment: Moment) -> Figures:
        counted = figures(pledges, moment)
        record.unpublish(pledge=off, reason="Asked.", actor=make_reviewer(), now=LATER)
        return counted

    monkeypatch.setattr("tracker.public.views.figures", count_and_take_off)
    listed = client.get(shared["bodies"][0].get_absolute_url()).content.decode()
    assert stays.reference in listed
    assert off.reference not in listed


def test_one_statement_whatever_the_rows() -> None:
    make_many(3)
    asked = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as captured:
            found = card()
        asked.append(len(captured))
        assert found.late_count == found.decided_count > 0
        make_many(12)
    assert asked == [1, 1]
