"""A page asks the database at most eight times, in every language, whatever the number of rows."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from config import gunicorn
from pledges import record
from pledges.models import Body, Case, Pledge
from tests.public.addresses import MACHINES, PAGES, subject_addresses
from tests.public.conftest import make_many
from tests.support.founding import LAPSE
from tests.support.records import make_source, make_user
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db
MOST = 8


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        client.get(address)
    return len(captured)


def addresses() -> list[str]:
    first = Pledge.objects.published().order_by("pk")[0]
    case, body = first.case, first.bodies.order_by("pk")[0]
    filtered = f"/pledges/?case={case.slug}&body={body.slug}&timeliness=overdue&words=report&order=due"
    own = [subject.get_absolute_url() for subject in (first, case, body)]
    forms = ("feed.atom", "calendar.ics", "badge.svg", "card/")
    beside = [f"{page}{form}" for form in forms for page in own]
    lists = [
        f"/pledges/?{query}"
        for query in (
            "words=repor&status=no_evidence",
            "status=in_progress",
            f"timeliness=overdue&case={case.slug}",
            f"words=report&case={case.slug}",
            f"words=report&case={case.slug}&timeliness=overdue",
            "words=report&status=no_evidence",
            "words=report&status=no_evidence&order=newest",
            "page=2",
        )
    ]
    return [
        *PAGES,
        *MACHINES,
        filtered,
        *lists,
        # Beyond the end, where the first page is shown after all.
        *(f"{address}&after=0001-01-01~A" for address in lists),
        f"{filtered}&after=9999-12-31T00:00:00Z~Z",
        *own,
        *beside,
        "/feed.atom",
        "/calendar.ics",
    ]


def too_many(client: Client) -> dict[str, int]:
    """Return which addresses ask more often than they may, and how often."""
    everywhere = [f"{language}{page}" for page in addresses() for language in ("", "/ar")]
    return {address: asked for address in everywhere if (asked := statements(client, address)) > MOST}


@pytest.mark.parametrize("count", [3, 60])
def test_at_most_eight_statements_a_page(client: Client, count: int) -> None:
    make_many(count)
    sweep(now=LAPSE)
    assert too_many(client) == {}


def test_at_most_eight_also_where_there_are_too_many(
    client: Client, many: list[Pledge], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("tally", "scorecard"):
        monkeypatch.setattr(f"tracker.public.{module}.MOST_COUNTED", 2)
    monkeypatch.setattr("tracker.public.filters.FREQUENT", 1)
    for name in ("FREQUENT", "LOOKED_UP"):
        monkeypatch.setattr(f"tracker.public.search.matching.{name}", 1)
    assert too_many(client) == {}


def test_a_choice_beyond_those_of_its_select_asks_no_more(
    client: Client, many: list[Pledge], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.public.listing.MOST_OFFERED", 1)
    case, body = Case.objects.order_by("-title")[0], Body.objects.order_by("-name")[0]
    address = f"/ar/pledges/?case={case.slug}&body={body.slug}&words=report"
    assert statements(client, address) <= MOST
    page = client.get(address).content.decode()
    for slug in (case.slug, body.slug):
        assert re.search(rf'<option value="{slug}"[^>]* selected>', page)


def test_more_rows_ask_no_more(client: Client, many: list[Pledge]) -> None:
    asked = {address: statements(client, address) for address in addresses()}
    make_many(30)
    again = {address: statements(client, address) for address in addresses()}
    assert again == asked


def test_a_long_history_asks_no_more(client: Client) -> None:
    pledge = make_many(3)[0]
    asked = statements(client, pledge.get_absolute_url())
    actor = make_user()
    for day in range(1, 8):
        record.add_update(
            pledge=pledge,
            kind="note",
            happened_on=date(2025, 4, day),
            text="One more.",
            sources=[make_source(actor=actor) for _ in range(3)],
            actor=actor,
            now=LAPSE,
        )
    assert statements(client, pledge.get_absolute_url()) == asked


def test_control_the_count_is_of_statements(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_many(10)
    seen = statements(client, "/pledges/")

    def unloaded(pledges: object) -> object:
        return pledges

    replacement: Callable[[object], object] = unloaded
    monkeypatch.setattr("tracker.public.filters.with_standing", replacement)
    assert statements(client, "/pledges/") > max(MOST, seen)


def test_every_subject_has_an_address() -> None:
    make_many(3)
    assert len(subject_addresses()) == 3 * (3 + 1 + 4)


@pytest.mark.postgresql
def test_no_worker_of_the_database_runs_ahead_of_a_page_and_a_search_has_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    name, _equals, value = gunicorn.raw_env[0].partition("=")
    monkeypatch.setenv(name, value)
    as_a_web_process = connection.copy()
    try:
        with as_a_web_process.cursor() as cursor:
            cursor.execute("SHOW max_parallel_workers_per_gather")
            assert cursor.fetchone() == ("0",)
            cursor.execute("SHOW work_mem")
            assert cursor.fetchone() == ("16MB",)
    finally:
        as_a_web_process.close()
