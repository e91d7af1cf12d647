"""What every page says of the watch: when it last looked, and a banner while it is late."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.health.support import NOW, all_beat
from tests.public.addresses import PAGES, subject_addresses
from tests.public.conftest import make_many
from tracker.health.beats import beat
from tracker.health.models import Heartbeat, Part

pytestmark = pytest.mark.django_db
BANNER = 'class="late-watch" role="status"'
STALE = "The figures on these pages may be stale."
CHECKED = "Deadlines last checked: <bdi><time"
MINUTE = '<time datetime="2025-05-05T05:00:00+00:00">5 May 2025, 05:00 UTC</time>'


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_clock(now: Any) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    set_clock(NOW)
    return set_clock


def pages() -> list[str]:
    """Every page there is; those of errors are made without the database, and say nothing of it."""
    make_many(1)
    own = [address for address in subject_addresses() if address.endswith("/")]
    return [*(page for page in PAGES if page not in ("/no-such-page/", "/checkpoints/1/")), *own]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def test_every_page_says_when_deadlines_were_checked(client: Client, at: Any) -> None:
    all_beat(NOW)
    for address in pages():
        page = text(client, address)
        assert CHECKED in page, address
        assert page.count(MINUTE) == 1, address
        assert BANNER not in page, address


def test_every_page_says_that_it_may_be_stale(client: Client, at: Any) -> None:
    all_beat(NOW)
    addresses = pages()
    at(NOW + timedelta(hours=1))
    for address in addresses:
        page = text(client, address)
        assert page.count(BANNER) == page.count(STALE) == 1, address
        assert "Deadlines were last checked: <bdi><time" in page
        assert page.index(BANNER) < page.index('class="masthead"')


def test_before_the_first_sweep(client: Client) -> None:
    page = text(client, "/")
    assert STALE in page
    assert "Deadlines were never checked so far." in page
    assert CHECKED not in page


def test_late_mail_alone_says_that_the_figures_hold(client: Client, at: Any) -> None:
    all_beat(NOW)
    Heartbeat.objects.filter(name=Part.DELIVERY).update(failing_since=NOW - timedelta(hours=1))
    page = text(client, "/")
    assert BANNER in page
    assert STALE not in page
    assert "The figures on these pages are not affected." in page


def test_a_dead_worker_alone_is_no_matter_of_the_readers(client: Client, at: Any) -> None:
    beat(Part.SWEEP, now=NOW)
    beat(Part.DELIVERY, now=NOW)
    assert BANNER not in text(client, "/")


def test_pages_of_errors_ask_no_database(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        answer = client.get("/no-such-page/")
    assert answer.status_code == 404
    assert len(captured) == 0
    assert BANNER not in answer.content.decode()


def test_one_statement_a_page(client: Client, at: Any) -> None:
    with CaptureQueriesContext(connection) as captured:
        client.get("/")
    assert len([each for each in captured if "health_heartbeat" in each["sql"]]) == 1
