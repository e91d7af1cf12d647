"""The mail server is told of the next message early: whatever it answers, that concerns that one alone."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from tests.support.smtp_sink import DROP, HANG, Sink
from tests.support.subscribers import make_followers
from tracker.alerts import deliver
from tracker.alerts.models import Alert, AlertState, Subscriber, Subscription
from tracker.alerts.telling import tell

from .events import NOW, overdue_pledge
from .test_broadcast import just_before_message

pytestmark = [pytest.mark.django_db, pytest.mark.smtp]
DAY = timedelta(days=1)
STEPS = ["MAIL", "RCPT", "DATA"]


@pytest.fixture
def server(sink: Sink) -> Sink:
    sink.is_pipelining = True
    return sink


@pytest.fixture
def readers(server: Sink) -> list[Subscriber]:
    """Four of them, about to be told one thing."""
    found = make_followers(4)
    overdue_pledge()
    tell(now=NOW)
    return found


def drain(now: datetime = NOW) -> dict[AlertState, int]:
    return dict(deliver.drain(now=now, clock=lambda: now))


def third_time(wish: str) -> Callable[[str], str | None]:
    calls: Iterator[int] = iter(range(1, 1000))
    return lambda _argument: wish if next(calls) == 3 else None


def addresses(readers: list[Subscriber], *numbers: int) -> list[str]:
    return sorted(readers[number].address for number in numbers)


def test_one_connection_takes_all_and_each_its_own(server: Sink, readers: list[Subscriber]) -> None:
    assert drain() == {AlertState.SENT: 4}
    assert server.connections == 1
    assert server.recipients == addresses(readers, 0, 1, 2, 3)
    for each in server.accepted:
        assert each.recipients == [str(each.message["To"])]


@pytest.mark.parametrize("step", [*STEPS, "MESSAGE"])
@pytest.mark.parametrize(
    ("reply", "state"), [("450 4.2.0 later", AlertState.QUEUED), ("550 5.1.1 no", AlertState.FAILED)]
)
def test_a_refusal_of_the_next_concerns_the_next_alone(
    server: Sink, readers: list[Subscriber], step: str, reply: str, state: AlertState
) -> None:
    server.on[step] = third_time(reply)
    drain()
    assert server.recipients == addresses(readers, 0, 1, 3)
    (refused,) = Alert.objects.exclude(state=AlertState.SENT)
    assert (refused.subscriber, refused.state) == (readers[2], state)
    assert not refused.may_have_arrived


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("wish", [DROP, HANG])
def test_a_connection_lost_at_the_next_leaves_the_one_before_known(
    server: Sink, readers: list[Subscriber], step: str, wish: str
) -> None:
    """HANG may come before the answer to the message itself: then its fate is as unknown as it is without."""
    server.on[step] = third_time(wish)
    drain()
    drain(NOW + DAY)
    assert set(server.recipients) == set(addresses(readers, 0, 1, 2, 3))
    assert not Alert.objects.exclude(state=AlertState.SENT).exists()
    assert len(server.accepted) - len(set(server.message_ids)) == 0


@pytest.mark.parametrize("wish", [DROP, HANG])
def test_a_connection_lost_after_a_message_makes_that_one_doubtful_alone(
    server: Sink, readers: list[Subscriber], wish: str
) -> None:
    server.on["MESSAGE"] = third_time(wish)
    drain()
    assert list(Alert.objects.filter(may_have_arrived=True).values_list("subscriber", flat=True)) == [
        readers[2].pk
    ]
    drain(NOW + DAY)
    assert server.recipients == addresses(readers, 0, 1, 2, 2, 3)
    assert len(set(server.message_ids)) == 4


def test_what_is_cancelled_in_between_never_reaches_the_server(
    server: Sink, readers: list[Subscriber]
) -> None:
    with just_before_message(3, lambda: Subscription.objects.filter(subscriber=readers[2]).delete()):
        assert drain() == {AlertState.SENT: 3, AlertState.CANCELLED: 1}
    assert server.recipients == addresses(readers, 0, 1, 3)
    # It had been told of the third, and was hung up on in the middle.
    assert server.connections == 2


def test_an_address_that_changes_in_between_is_the_one_that_is_written_to(
    server: Sink, readers: list[Subscriber]
) -> None:
    with just_before_message(
        3, lambda: Subscriber.objects.filter(pk=readers[2].pk).update(address="new@x.example")
    ):
        assert drain() == {AlertState.SENT: 4}
    assert server.recipients == sorted([*addresses(readers, 0, 1, 3), "new@x.example"])


def test_an_address_that_no_server_takes_stops_nobody(server: Sink, readers: list[Subscriber]) -> None:
    Subscriber.objects.filter(pk=readers[2].pk).update(address="x\r\nBcc: all@ngo.example")
    assert drain() == {AlertState.SENT: 3, AlertState.FAILED: 1}
    assert server.recipients == addresses(readers, 0, 1, 3)


def test_at_the_end_of_its_time_the_server_gets_no_half_message(
    server: Sink, readers: list[Subscriber]
) -> None:
    ticks = iter(range(1000))
    deliver.drain(now=NOW, clock=lambda: NOW + next(ticks) * timedelta(seconds=9))
    sent = Alert.objects.filter(state=AlertState.SENT).count()
    assert 0 < sent < 4
    assert len(server.accepted) == sent
    drain(NOW + DAY)
    assert server.recipients == addresses(readers, 0, 1, 2, 3)
