"""People at the staff screens, and a clock that the tests set."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from tests.support.records import make_reviewer, make_user

NOW = datetime.fromisoformat("2025-04-20T12:00:00+00:00")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set what the screens read as the present instant."""

    def set_clock(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    set_clock(NOW)
    return set_clock


@pytest.fixture
def researcher(db: None) -> User:
    return make_user(username="amal")


@pytest.fixture
def reviewer(db: None) -> User:
    return make_reviewer(username="rana")


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("root", "root@ngo.example", "x")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(researcher: User, at: Callable[[datetime], None]) -> Client:
    """The researcher's browser, on 20 April 2025 at noon."""
    return signed_in(researcher)


@pytest.fixture
def review_desk(reviewer: User, at: Callable[[datetime], None]) -> Client:
    return signed_in(reviewer)
