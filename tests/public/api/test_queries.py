"""An answer asks the database at most eight times, whatever the number of rows."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Pledge
from tests.public.addresses import API
from tests.public.conftest import make_many
from tests.support.founding import LAPSE
from tests.support.records import make_reviewer, make_source, make_user
from tracker.public import filters
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db
MOST = 8


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code in (200, 410), address
    return len(captured)


def addresses() -> list[str]:
    first = Pledge.objects.published().order_by("pk")[0]
    case, body = first.case, first.bodies.order_by("pk")[0]
    off = Pledge.objects.get(publication="unpublished")
    filtered = f"pledges?case={case.slug}&body={body.slug}&timeliness=overdue&words=report&order=due&size=100"
    own = [f"pledges/{first.reference}", f"pledges/{first.reference}/events", f"cases/{case.slug}"]
    lists = [f"{name}?size=100" for name in ("pledges", "events", "cases", "bodies", "checkpoints")]
    rest = [f"bodies/{body.slug}", "checkpoints/1", f"pledges/{off.reference}", "openapi.json"]
    return [f"{API}/{each}" for each in [*lists, filtered, *own, *rest]]


def make_record(count: int) -> None:
    pledges = make_many(count)
    record.unpublish(pledge=pledges[-1], reason="Asked.", actor=make_reviewer(), now=LAPSE)
    record.take_checkpoint(now=LAPSE)
    sweep(now=LAPSE)


@pytest.mark.parametrize("count", [3, 60])
def test_at_most_eight_statements_an_answer(client: Client, count: int) -> None:
    make_record(count)
    asked = {address: statements(client, address) for address in addresses()}
    assert asked[f"{API}/openapi.json"] == 0
    for address in addresses()[:-1]:
        # Another language asks for the translations too.
        asked[f"lang=ar {address}"] = statements(client, f"{address}{'&' if '?' in address else '?'}lang=ar")
    assert {address: n for address, n in asked.items() if n > MOST} == {}


def test_more_rows_ask_no_more(client: Client) -> None:
    make_record(20)
    asked = {address: statements(client, address) for address in addresses()}
    make_many(30)
    assert {address: statements(client, address) for address in addresses()} == asked


def test_a_long_history_asks_no_more(client: Client) -> None:
    pledge = make_many(3)[0]
    own = [f"{API}/pledges/{pledge.reference}", f"{API}/pledges/{pledge.reference}/events?size=100"]
    asked = [statements(client, address) for address in own]
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
    assert [statements(client, address) for address in own] == asked


def test_control_the_count_is_of_statements(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    make_many(10)

    def unloaded(pledges: object) -> object:
        return pledges

    monkeypatch.setattr(filters, "with_standing", unloaded)
    assert statements(client, f"{API}/pledges") > MOST
