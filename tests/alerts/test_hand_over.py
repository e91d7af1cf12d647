"""Handing over one message in turn and pipelined: whatever the server does, both come to the same end."""

import pytest

from tests.support.smtp_sink import DROP, HANG, Sink
from tracker.alerts import deliver
from tracker.alerts.models import Alert, AlertState

from .conftest import DESK, queue
from .events import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]


@pytest.fixture(params=[False, True], ids=["in turn", "pipelined"])
def server(sink: Sink, request: pytest.FixtureRequest) -> Sink:
    sink.is_pipelining = request.param
    return sink


def drain() -> Alert:
    deliver.drain(now=NOW, clock=lambda: NOW)
    return Alert.objects.order_by("pk")[0]


def test_one_connection_takes_many(server: Sink) -> None:
    queue(5)
    drain()
    assert server.recipients == [DESK] * 5
    assert server.connections == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA", "MESSAGE"])
@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("450 4.2.0 try later", AlertState.QUEUED),
        ("550 5.1.1 no such user", AlertState.FAILED),
    ],
)
def test_a_refusal_at_any_step_concerns_this_message_alone(
    server: Sink, step: str, reply: str, state: AlertState
) -> None:
    queue(2)

    def refuse_once(_argument: str) -> str:
        server.on.pop(step)
        return reply

    server.on[step] = refuse_once
    first = drain()
    assert first.state == state
    assert first.last_error == f"Refused by the mail server: {reply}"
    assert server.recipients == [DESK]
    assert Alert.objects.filter(state=AlertState.SENT).count() == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("wish", [DROP, HANG])
def test_a_connection_lost_before_the_message_is_tried_again(server: Sink, step: str, wish: str) -> None:
    queue()
    server.on[step] = lambda _argument: wish
    first = drain()
    assert (first.state, first.may_have_arrived) == (AlertState.QUEUED, False)
    assert server.accepted == []


@pytest.mark.parametrize("wish", [DROP, HANG])
def test_a_connection_lost_after_the_message_may_have_delivered_it(server: Sink, wish: str) -> None:
    queue()
    server.on["MESSAGE"] = lambda _argument: wish
    first = drain()
    assert (first.state, first.may_have_arrived) == (AlertState.QUEUED, True)
    assert len(server.accepted) == 1


def test_a_server_that_goes_away_with_421_is_found_again(server: Sink) -> None:
    queue(2)

    def leave(_argument: str) -> str:
        server.on.pop("RCPT")
        return "421 4.3.2 shutting down"

    server.on["RCPT"] = leave
    assert drain().state == AlertState.QUEUED
    assert server.recipients == [DESK]


def test_the_message_arrives_as_it_was_written(server: Sink) -> None:
    queue()
    alert = drain()
    assert server.accepted[0].part("plain").splitlines() == alert.text.splitlines()
    assert server.accepted[0].sender == "tracker@pledges.example"
