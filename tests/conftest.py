"""Fixtures for all tests. The environment is set before any settings are read."""

from tests.support import environment

VAR_DIR = environment.prepare()

import django  # noqa: E402 - see above

django.setup()

import os  # noqa: E402
from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402

import pytest  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from playwright.sync_api import Browser, Page, sync_playwright  # noqa: E402

from config.redis_server import HOW_TO_GET as HOW_TO_GET_REDIS  # noqa: E402
from config.redis_server import client_for, find_redis_server  # noqa: E402
from pledges import append_only, roles  # noqa: E402
from tests.support import chromium, processes  # noqa: E402

# Argon2 is slow on purpose; no test is about it but one, which names it.
settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    *settings.PASSWORD_HASHERS,
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if settings.DATABASES["default"]["ENGINE"].endswith("postgresql"):
        return
    for item in items:
        if item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.skip(reason="this run is on SQLite"))


def missing_part(reason: str) -> None:
    """Skip the test that needs a part that is not there, and tell `manage.py test` about it."""
    report = os.environ.get("TRACKER_TEST_REPORT")
    if report:
        with Path(report).open("a", encoding="utf-8") as file:
            file.write(reason + "\n")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Put SQLite's test database into a file of this run's own, so that worker processes can open it."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(VAR_DIR) / "test.sqlite3")


def _flush_ledgers_too(case: TransactionTestCase) -> None:
    """Empty the database although its ledgers refuse it, and put back what the migrations had put in."""
    with append_only.lifted(connection):
        _flush(case)
    roles.ensure_roles()


# Django has no public hook for what happens between the flush of one test and the next test.
_flush: Any = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
TransactionTestCase._fixture_teardown = _flush_ledgers_too  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def redis_server() -> Iterator[processes.Running]:
    """A real Redis of this run's own, on the address that `settings.BROKER_URL` names."""
    if find_redis_server() is None:
        missing_part(f"redis: no redis-server found. {HOW_TO_GET_REDIS}")
    with processes.redis_server() as running:
        yield running


@pytest.fixture(scope="session")
def redis_url(redis_server: processes.Running) -> str:
    """The address of a real Redis, as Celery writes it."""
    return str(settings.BROKER_URL)


@pytest.fixture
def empty_queue(redis_url: str) -> str:
    """The same, emptied: nothing that an earlier test sent is waiting."""
    with client_for(redis_url) as client:
        client.flushall()
    return redis_url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window, one for the whole run."""
    executable = chromium.find()
    if executable is None:
        missing_part(f"browser: no Chromium found. {chromium.HOW_TO_GET}")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=["--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a browser context of its own: no cookies from another test."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
