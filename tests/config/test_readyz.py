"""/readyz: whether readers get what they should, for whatever stands in front of the site."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.db import OperationalError
from django.test import Client
from django.utils import timezone

from config import views
from tests.health.support import ALLOWED, NOW, TICK, all_beat
from tracker.health.beats import beat
from tracker.health.models import Heartbeat, Part

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)


def ready(client: Client) -> tuple[int, str]:
    answer = client.get("/readyz")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    return answer.status_code, answer.content.decode()


def test_a_fresh_installation_says_that_nothing_was_checked(client: Client) -> None:
    assert ready(client) == (503, "sweep: late, never so far\ndelivery: late, never so far\n")


@pytest.mark.parametrize(("ago", "status"), [(ALLOWED - TICK, 200), (ALLOWED, 200), (ALLOWED + TICK, 503)])
def test_around_the_threshold(ago: timedelta, status: int, client: Client) -> None:
    all_beat(NOW - ago)
    assert ready(client)[0] == status


@pytest.mark.parametrize("language", ["en", "ar"])
def test_it_names_what_is_late_in_the_same_words_everywhere(
    language: str, client: Client, settings: Any
) -> None:
    settings.LANGUAGE_CODE = language
    all_beat(NOW)
    Heartbeat.objects.filter(name=Part.DELIVERY).update(failing_since=NOW - timedelta(hours=1))
    assert ready(client) == (503, "delivery: late, since 5 May 2025, 04:00 UTC\n")


def test_a_dead_worker_takes_no_page_away(client: Client) -> None:
    beat(Part.SWEEP, now=NOW)
    beat(Part.DELIVERY, now=NOW)
    assert ready(client) == (200, "ok\n")


def test_a_database_that_is_not_migrated(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    all_beat(NOW)
    monkeypatch.setattr(views, "_last_migrations", lambda: frozenset({("health", "9999_to_come")}))
    assert ready(client) == (503, "the database is not migrated: run manage.py migrate\n")


def test_a_database_that_does_not_answer(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(**options: Any) -> Iterator[str]:
        raise OperationalError("host 10.0.0.7 refused")

    monkeypatch.setattr(views, "read_health", fails)
    assert ready(client) == (503, "the database does not answer\n")


def test_it_is_asked_over_plain_http(client: Client, settings: Any) -> None:
    settings.SECURE_SSL_REDIRECT = True
    assert site_settings.SECURE_REDIRECT_EXEMPT
    assert ready(client)[0] == 503
    assert client.get("/").status_code == 301
