"""A researcher at the screens of letters, and a clock that the tests set."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone

from tests.support.records import make_user

from .screens import signed_in
from .support import NOW


@pytest.fixture(autouse=True)
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Set what the screens read as the present instant."""

    def set_clock(now: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: now)

    set_clock(NOW)
    return set_clock


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user(username="amal"))
