"""Fixtures for all tests. The environment is set before any settings are read."""

from tests.support import environment

VAR_DIR = environment.prepare()

import django  # noqa: E402 - see above

django.setup()

from collections.abc import Iterator  # noqa: E402
from pathlib import Path  # noqa: E402

import pytest  # noqa: E402
from django.conf import settings  # noqa: E402

settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Put SQLite's test database into a file of this run's own, so that worker processes can open it."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = str(Path(VAR_DIR) / "test.sqlite3")
