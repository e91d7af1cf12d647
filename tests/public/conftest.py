"""Records of some size, for tests of weight and of queries."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.contrib.auth.models import User

from pledges import record
from pledges.models import Body, Case, Pledge, Source
from tests.support import records
from tests.support.founding import LAPSE
from tests.support.records import make_body, make_case, make_draft, make_reviewer, make_source, make_user
from tracker.public.keyset import page

NOON = datetime(2026, 3, 4, 12, 0, 0, tzinfo=UTC)
WORDS = "The ministry will publish the full report of its inquiry, and name those responsible"


def make_many(count: int) -> list[Pledge]:
    """Published pledges of one case with bodies of their own, each moved, updated and assessed."""
    author, reviewer = make_user(), make_reviewer()
    case = make_case(actor=author, sources=[make_source(actor=author) for _ in range(count)])
    shared = make_body(actor=author)
    pledges: list[Pledge] = []
    for number in range(count):
        pledges.append(_one(number, case, shared, author, reviewer, pledges[:1]))
    return pledges


def _one(number: int, case: Case, shared: Body, author: User, reviewer: User, first: list[Pledge]) -> Pledge:
    source = make_source(actor=author)
    day = date(2025, 4, 5) + timedelta(days=number % 9)
    draft = make_draft(
        actor=author,
        title=f"Publish report number {number}",
        quote=f"{WORDS}, number {number}",
        case=case,
        bodies=[shared, make_body(actor=author)],
        source=source,
        other_sources=[make_source(actor=author)],
        latest=day,
        follows=first[0] if first else None,
    )
    pledge = record.publish(pledge=draft, actor=reviewer, now=LAPSE)
    _happen(pledge, day, source, author)
    return pledge


def _happen(pledge: Pledge, day: date, source: Source, author: User) -> None:
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(latest=day + timedelta(days=1), reason="More time was asked for."),
        source=source,
        announced_on=date(2025, 4, 8),
        actor=author,
        now=LAPSE,
    )
    update = record.add_update(
        pledge=pledge,
        kind="progress",
        happened_on=date(2025, 4, 8),
        text="Hearings are held.",
        sources=[source],
        actor=author,
        now=LAPSE,
    )
    records.judge(
        pledge=pledge,
        status="in_progress",
        effective_on=date(2025, 4, 8),
        reason="Hearings are held; no report is public.",
        updates=[update],
        actor=author,
        now=LAPSE,
    )


@pytest.fixture
def many(db: None) -> list[Pledge]:
    return make_many(60)


@pytest.fixture
def set_page_size(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let lists have pages of another size, for tests of several pages with few pledges."""

    def set_to(size: int) -> None:
        monkeypatch.setattr(page, "__kwdefaults__", (page.__kwdefaults__ or {}) | {"size": size})

    return set_to


@pytest.fixture
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody can search a picture: its words are looked at as they go to be drawn."""
    monkeypatch.setattr("tracker.public.embeds.picture.png", str.encode)
