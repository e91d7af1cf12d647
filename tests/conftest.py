"""Fixtures for all tests. The environment is set before any settings are read."""

from tests.support import environment

VAR_DIR = environment.prepare()

import django  # noqa: E402 - see above

django.setup()

from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import TYPE_CHECKING, Any, NoReturn  # noqa: E402

import hypothesis  # noqa: E402
import pytest  # noqa: E402
from django.conf import LazySettings, settings  # noqa: E402
from django.core.cache import cache  # noqa: E402
from django.core.signals import setting_changed  # noqa: E402
from django.db import connection  # noqa: E402
from django.dispatch import receiver  # noqa: E402
from django.test import TransactionTestCase  # noqa: E402
from django.urls import clear_url_caches  # noqa: E402

from config.cache import cache_url  # noqa: E402
from config.redis_server import HOW_TO_GET as HOW_TO_GET_REDIS  # noqa: E402
from config.redis_server import client_for, find_redis_server  # noqa: E402
from pledges import append_only  # noqa: E402
from pledges.roles import ensure_roles as ensure_record_roles  # noqa: E402
from tests.support import chromium, parts, processes  # noqa: E402
from tracker import silence  # noqa: E402
from tracker.alerts.ladders import ensure_default as ensure_default_ladder  # noqa: E402
from tracker.alerts.roles import ensure_ladder_roles  # noqa: E402
from tracker.alerts.roles import ensure_roles as ensure_alert_roles  # noqa: E402
from tracker.letters import kept  # noqa: E402
from tracker.letters.roles import ensure_roles as ensure_letter_roles  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# How long an example takes says nothing on a busy machine.
hypothesis.settings.register_profile("tests", deadline=None)
hypothesis.settings.load_profile("tests")
# Argon2 is slow on purpose; no test is about it but one, which names it.
# Most tests change the record within one transaction, of which a page that is kept would learn nothing.
settings.CACHES["default"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    *settings.PASSWORD_HASHERS,
]


@receiver(setting_changed)
def forget_addresses(*, setting: str, **_details: Any) -> None:
    """Django keeps what it worked out of the addresses; those of the site's own language have no prefix."""
    if setting == "LANGUAGE_CODE":
        clear_url_caches()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what is not for this run's database, and run what knows no database only once."""
    is_postgresql = settings.DATABASES["default"]["ENGINE"].endswith("postgresql")
    unwanted = "once" if is_postgresql else "postgresql"
    left_out = [item for item in items if item.get_closest_marker(unwanted)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        for part in parts.PARTS:
            if part in report.keywords:
                parts.note_ran(part)


def missing_part(part: str, reason: str) -> NoReturn:
    """Skip the test that needs a part that is not there, and tell `manage.py test` about it."""
    parts.note_missing(part, reason)
    pytest.skip(f"{part}: {reason}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Put SQLite's test database into a file of this run's own, so that worker processes can open it."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(VAR_DIR) / "test.sqlite3")


def _flush_ledgers_too(case: TransactionTestCase) -> None:
    """Empty the database although its ledgers refuse it, and put back what the migrations had put in."""
    with append_only.lifted(connection), kept.lifted(connection):
        _flush(case)
    ensure_record_roles()
    ensure_alert_roles()
    ensure_ladder_roles()
    ensure_letter_roles()
    ensure_default_ladder()


# Django has no public hook for what happens between the flush of one test and the next test.
_flush: Any = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]
TransactionTestCase._fixture_teardown = _flush_ledgers_too  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def redis_server() -> Iterator[processes.Running]:
    """A real Redis of this run's own, on the address that `settings.BROKER_URL` names."""
    if find_redis_server() is None:
        missing_part("redis", f"no redis-server found. {HOW_TO_GET_REDIS}")
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


@pytest.fixture(autouse=True)
def no_silence() -> None:
    """A cache that gave an earlier test no answer is asked again, and complained of anew."""
    silence.answered()
    silence._complaints.clear()


@pytest.fixture
def kept_in_redis(redis_url: str, settings: LazySettings) -> Iterator[None]:
    """Pages are kept as in production, in a Redis that holds none yet."""
    settings.CACHES = {
        "default": {
            "BACKEND": "config.cache.OneServerCache",
            "LOCATION": cache_url(redis_url),
            "OPTIONS": {"serializer": "config.cache.JsonSerializer", "socket_connect_timeout": 0.2},
        }
    }
    cache.clear()
    yield
    cache.clear()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """Chromium without a window. For one module: its event loop would stop others in this thread."""
    executable = chromium.find()
    if executable is None:
        missing_part("browser", f"no Chromium found. {chromium.HOW_TO_GET}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable, args=["--disable-dev-shm-usage"])
        yield running
        running.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A page in a browser context of its own: no cookies from another test."""
    context = browser.new_context()
    yield context.new_page()
    context.close()
