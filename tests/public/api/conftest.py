"""A record with something of every kind, and the API as a client sees it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from pledges import record
from tests.support import founding
from tests.support.founding import LAPSE, PRESENTED_AT, Founding, founding_case
from tests.support.records import make_pledge, make_reviewer

ROOT = "/api/v1"
NOW = PRESENTED_AT + timedelta(days=1)
Ask = Callable[..., Any]


@pytest.fixture
def recorded(db: None) -> Founding:
    """The founding case to its end, an overdue pledge, one that was taken off, and a checkpoint."""
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    make_pledge(title="Publish the list", now=LAPSE)
    off = make_pledge(title="Taken off", now=LAPSE)
    record.unpublish(pledge=off, reason="A relative asked.", actor=make_reviewer(), now=PRESENTED_AT)
    record.take_checkpoint(now=PRESENTED_AT)
    return case


@pytest.fixture
def ask(client: Client) -> Ask:
    """Ask at `NOW` and return what was answered, as JSON."""

    def asked(address: str, *, status: int = 200) -> Any:
        with time_machine.travel(NOW, tick=False):
            answer = client.get(address if address.startswith("/api/") else f"{ROOT}{address}")
        assert answer.status_code == status, (address, answer.content)
        return answer.json()

    return asked
