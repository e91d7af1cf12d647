"""What a message that came back does: to its alert, to its reader, and to what waits for them."""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from tests.support.smtp_sink import Sink
from tests.support.subscribers import follow, make_subscriber
from tracker.alerts import bounces, deliver, subscribing
from tracker.alerts.bounces import A_DAY, FORGOTTEN, Outcome, take_bounce
from tracker.alerts.models import Alert, AlertState, Bounce, Cadence, Subscriber
from tracker.alerts.return_path import return_path
from tracker.alerts.subscribing import allow, forget
from tracker.alerts.targets import everything
from tracker.alerts.telling import tell

from .bounced import HARD, READER, SOFT, complaint, plain, recipient, report
from .conftest import DESK, queue
from .events import NOW, overdue_pledge

pytestmark = pytest.mark.django_db
COMPLAINT = complaint()
NOBODY = "There is nobody at the address (5.1.1)."
FULL = "Mail came back on 3 days, last with 5.2.2."
A_SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def bounce_address(settings: Any) -> None:
    settings.TRACKER_BOUNCE_ADDRESS = "bounces@pledges.example"
    settings.TRACKER_SOFT_BOUNCES = 3


@pytest.fixture
def reader() -> Subscriber:
    """A follower of everything, at once."""
    reader = make_subscriber(address=READER)
    follow(reader)
    return reader


def sent(reader: Subscriber) -> Alert:
    """A mail to `reader` that the mail server took."""
    overdue_pledge()
    tell(now=NOW)
    alert = Alert.objects.filter(subscriber=reader).latest("pk")
    Alert.objects.filter(pk=alert.pk).update(state=AlertState.SENT, sent_at=NOW)
    return alert


def take(raw: bytes, alert: Alert, *, now: datetime = NOW) -> Outcome:
    return take_bounce(raw, recipient=return_path(alert.pk), now=now)


def seen(row: Any) -> Any:
    row.refresh_from_db()
    return row


@pytest.mark.parametrize(
    ("raw", "bounce", "words", "reason"),
    [
        (HARD, Bounce.HARD, "5.1.1", NOBODY),
        (COMPLAINT, Bounce.COMPLAINT, "abuse", "Its reader complained about the mail."),
    ],
)
def test_a_dead_address_and_a_complaint_end_mail_at_once(
    reader: Subscriber, raw: bytes, bounce: Bounce, words: str, reason: str, caplog: Any
) -> None:
    other = make_subscriber()
    follow(other)
    alert = sent(reader)
    overdue_pledge()
    tell(now=NOW)
    outcome = take(raw, alert)
    assert outcome == Outcome(f"{bounce}, {words}; mail to its reader was stopped", alert.pk, bounce, True)
    alert = seen(alert)
    assert (alert.state, alert.bounced_at, alert.bounce, alert.bounced_for) == ("sent", NOW, bounce, words)
    assert (seen(reader).suppressed_at, reader.suppressed_for) == (NOW, reason)
    waiting = Alert.objects.filter(subscriber=reader).exclude(pk=alert.pk).get()
    assert (waiting.state, waiting.cancel_reason) == (AlertState.CANCELLED, reason)
    assert seen(other).suppressed_at is None
    assert Alert.objects.filter(subscriber=other, state=AlertState.QUEUED).count() == 2
    kept = [alert.bounced_for, reader.suppressed_for, waiting.cancel_reason, caplog.text, str(outcome)]
    assert not any("@" in each or "amina" in each for each in kept)


def test_what_waits_in_a_digest_is_cancelled_with_it() -> None:
    reader = make_subscriber()
    follow(reader, cadence=Cadence.DAILY)
    overdue_pledge()
    tell(now=NOW)
    digest = Alert.objects.get(kind="digest")
    assert take(HARD, digest).has_stopped_mail
    told = Alert.objects.filter(subscriber=reader).values_list("kind", "state", "cancel_reason")
    assert set(told) == {("digest", "cancelled", NOBODY), ("overdue", "cancelled", NOBODY)}


def test_a_digest_that_was_sent_keeps_its_members() -> None:
    reader = make_subscriber()
    follow(reader, cadence=Cadence.DAILY)
    overdue_pledge()
    tell(now=NOW)
    digest = Alert.objects.get(kind="digest")
    Alert.objects.filter(pk=digest.pk).update(state=AlertState.SENT, sent_at=NOW, first_tried_at=NOW)
    take(HARD, digest)
    assert digest.members.get().state == AlertState.FOLDED


@pytest.mark.smtp
def test_nothing_more_is_queued_for_them_nor_sent(reader: Subscriber, sink: Sink) -> None:
    alert = sent(reader)
    overdue_pledge()
    tell(now=NOW)
    # The bounce comes while a worker holds the next one: that is asked again before it is sent.
    held = Alert.objects.filter(subscriber=reader, state=AlertState.QUEUED)
    assert held.update(state=AlertState.SENDING, claim="a worker that died", claimable_at=NOW) == 1
    take(HARD, alert)
    overdue_pledge()
    assert tell(now=NOW) == 0
    assert deliver.drain(now=NOW, clock=lambda: NOW) == {AlertState.CANCELLED: 1}
    assert sink.accepted == []
    assert Alert.objects.filter(cancel_reason="Mail to this reader was stopped.").count() == 1


@pytest.mark.smtp
def test_without_the_bounce_both_would_have_come(reader: Subscriber, sink: Sink) -> None:
    """The control of the test above."""
    sent(reader)
    overdue_pledge()
    tell(now=NOW)
    overdue_pledge()
    assert tell(now=NOW) == 1
    deliver.drain(now=NOW, clock=lambda: NOW)
    assert sink.recipients == [READER, READER]


@pytest.mark.parametrize(
    ("later", "count"),
    [
        (timedelta(0), 1),
        (A_SECOND, 1),
        (A_DAY - A_SECOND, 1),
        (A_DAY, 2),
        (A_DAY + A_SECOND, 2),
        (FORGOTTEN - A_SECOND, 2),
        (FORGOTTEN, 1),
        (FORGOTTEN + A_SECOND, 1),
        # A clock that was stepped back counts nothing.
        (-A_DAY, 1),
    ],
)
def test_soft_ones_count_once_a_day_until_they_are_forgotten(
    reader: Subscriber, later: timedelta, count: int
) -> None:
    first, second = sent(reader), sent(reader)
    assert not take(SOFT, first).has_stopped_mail
    assert (seen(reader).soft_bounces, reader.soft_bounced_at) == (1, NOW)
    take(SOFT, second, now=NOW + later)
    counted_last = NOW if (count, later < FORGOTTEN) == (1, True) else NOW + later
    assert (seen(reader).soft_bounces, reader.soft_bounced_at) == (count, counted_last)
    assert reader.suppressed_at is None
    # Counted or not, each stands on its own alert.
    assert (seen(second).bounce, second.bounced_for) == (Bounce.SOFT, "5.2.2")


def test_a_day_is_24_hours_in_every_zone(reader: Subscriber) -> None:
    first, second = sent(reader), sent(reader)
    take(SOFT, first, now=datetime.fromisoformat("2025-03-29T12:00:00+01:00"))
    # The clocks went forward that night: the same hour comes 23 hours later.
    take(SOFT, second, now=datetime.fromisoformat("2025-03-30T12:00:00+02:00"))
    assert seen(reader).soft_bounces == 1
    take(SOFT, sent(reader), now=datetime.fromisoformat("2025-03-30T13:00:00+02:00"))
    assert seen(reader).soft_bounces == 2


def test_the_last_of_the_soft_ones_ends_mail(reader: Subscriber) -> None:
    alerts = [sent(reader) for _ in range(4)]
    stopped = [take(SOFT, alert, now=NOW + day * A_DAY).has_stopped_mail for day, alert in enumerate(alerts)]
    assert stopped == [False, False, True, False]
    assert (seen(reader).suppressed_at, reader.suppressed_for) == (NOW + 2 * A_DAY, FULL)
    assert reader.soft_bounces == 3


def test_the_setting_says_how_many(reader: Subscriber, settings: Any) -> None:
    settings.TRACKER_SOFT_BOUNCES = 1
    assert take(SOFT, sent(reader)).has_stopped_mail
    assert seen(reader).suppressed_for == "Mail came back on 1 day, last with 5.2.2."


def test_one_that_comes_when_they_are_forgotten_begins_anew(reader: Subscriber) -> None:
    alerts = [sent(reader) for _ in range(5)]
    days = [0, 1, 91, 92, 93]
    stopped = [
        take(SOFT, alert, now=NOW + day * A_DAY).has_stopped_mail
        for day, alert in zip(days, alerts, strict=True)
    ]
    assert stopped == [False, False, False, False, True]


def test_a_mailed_link_that_is_used_makes_soft_ones_forgotten(reader: Subscriber) -> None:
    Subscriber.objects.update(address_key=subscribing.address_key(READER))
    take(SOFT, sent(reader))
    choices = subscribing.Choices(topics=frozenset({"overdue"}), cadence="at_once")
    subscribing.ask(READER, everything(), choices, language="en", network="x", now=NOW)
    assert seen(reader).soft_bounces == 1
    subscribing.confirm(reader.requests.get(), now=NOW)
    assert (seen(reader).soft_bounces, reader.soft_bounced_at) == (0, None)


@pytest.mark.parametrize("raw", [SOFT, HARD, COMPLAINT])
def test_the_same_message_again_changes_nothing(reader: Subscriber, raw: bytes) -> None:
    alert = sent(reader)
    take(raw, alert)
    before = Subscriber.objects.values().get(), list(Alert.objects.values())
    for later in (timedelta(0), A_DAY, FORGOTTEN):
        outcome = take(raw, alert, now=NOW + later)
        assert outcome == Outcome("ignored: it is known already that it came back", alert.pk)
    assert (Subscriber.objects.values().get(), list(Alert.objects.values())) == before


def test_after_the_desk_allowed_mail_again_the_old_message_does_not_end_it(reader: Subscriber) -> None:
    alert = sent(reader)
    take(HARD, alert)
    assert allow(reader.pk)
    take(HARD, alert, now=NOW + A_DAY)
    assert seen(reader).suppressed_at is None
    assert take(HARD, sent(reader)).has_stopped_mail


@pytest.mark.parametrize(
    ("first", "second", "is_news"),
    [
        (SOFT, SOFT, False),
        (SOFT, HARD, True),
        (SOFT, COMPLAINT, True),
        (HARD, SOFT, False),
        (HARD, HARD, False),
        (HARD, COMPLAINT, True),
        (COMPLAINT, SOFT, False),
        (COMPLAINT, HARD, False),
        (COMPLAINT, COMPLAINT, False),
    ],
)
def test_only_worse_is_news(reader: Subscriber, first: bytes, second: bytes, is_news: bool) -> None:
    alert = sent(reader)
    noted = take(first, alert).bounce
    Alert.objects.filter(pk=alert.pk).update(bounce_settled_at=NOW)
    outcome = take(second, alert, now=NOW + A_DAY)
    assert (outcome.bounce is not None) is is_news
    assert seen(alert).bounce == (outcome.bounce if is_news else noted)
    # What was dealt with is open again when it turned out worse.
    assert (alert.bounce_settled_at is None) is is_news
    assert (seen(reader).suppressed_at is None) is (first == second == SOFT)
    assert reader.soft_bounces == (first == SOFT)


def test_of_a_reader_whose_mail_was_stopped_the_reason_stays(reader: Subscriber) -> None:
    first, second = sent(reader), sent(reader)
    take(HARD, first)
    outcome = take(COMPLAINT, second, now=NOW + A_DAY)
    assert (outcome.bounce, outcome.has_stopped_mail) == (Bounce.COMPLAINT, False)
    assert (seen(reader).suppressed_at, reader.suppressed_for) == (NOW, NOBODY)
    assert seen(second).bounce == Bounce.COMPLAINT


def test_of_a_reader_who_was_forgotten_nothing_comes_back(reader: Subscriber) -> None:
    alert = sent(reader)
    forget(reader, now=NOW)
    for raw in (SOFT, HARD):
        take(raw, alert)
    assert seen(reader).address == ""
    assert (seen(alert).bounce, alert.recipient, alert.bounced_for) == (Bounce.HARD, "", "5.1.1")


@pytest.mark.parametrize(
    "address",
    [
        "bounces@pledges.example",
        "bounces+{name}-0000000000000000@pledges.example",
        "bounces+zz-{signature}@pledges.example",
        "bounces+{name}-{signature}@elsewhere.example",
        "{name}-{signature}@pledges.example",
        "desk@ngo.example",
        READER,
        "-",
    ],
)
def test_what_comes_to_a_forged_or_foreign_path_is_ignored(reader: Subscriber, address: str) -> None:
    alert = sent(reader)
    name, _dash, signature = return_path(alert.pk).partition("+")[2].partition("@")[0].partition("-")
    forged = address.format(name=name, signature=signature)
    # What stands in the headers counts for nothing where the envelope is known.
    raw = report(recipient(), to=return_path(alert.pk))
    outcome = take_bounce(raw, recipient=forged, now=NOW)
    assert outcome == Outcome("ignored: it came to no return path of ours")
    assert seen(alert).bounced_at is None
    assert seen(reader).suppressed_at is None
    assert take_bounce(raw, recipient=return_path(alert.pk), now=NOW).has_stopped_mail


@pytest.mark.parametrize("fold", [str.upper, str.title, "<{}>".format])
def test_a_path_may_come_in_other_letters(reader: Subscriber, fold: Callable[[str], str]) -> None:
    alert = sent(reader)
    assert take_bounce(HARD, recipient=fold(return_path(alert.pk)), now=NOW).alert_id == alert.pk
    assert seen(alert).bounced_at == NOW


def test_without_an_envelope_the_headers_say_to_whom_it_came(reader: Subscriber) -> None:
    alert = sent(reader)
    raw = report(recipient(), to=f"somebody@pledges.example, {return_path(alert.pk)}")
    assert take_bounce(raw, recipient=None, now=NOW).has_stopped_mail
    assert take_bounce(HARD, recipient=None, now=NOW) == Outcome("ignored: it came to no return path of ours")


@pytest.mark.parametrize("envelope", ["complaints@pledges.example", "bounces@pledges.example", None])
def test_a_feedback_loop_has_one_address_and_names_the_mail(reader: Subscriber, envelope: str | None) -> None:
    alert = sent(reader)
    raw = complaint(
        "abuse", f"Original-Mail-From: <{return_path(alert.pk)}>", to="complaints@pledges.example"
    )
    outcome = take_bounce(raw, recipient=envelope, now=NOW)
    assert (outcome.alert_id, outcome.bounce) == (alert.pk, Bounce.COMPLAINT)
    assert seen(reader).suppressed_at == NOW


def test_a_complaint_about_a_mail_of_somebody_else_counts_for_nothing(reader: Subscriber) -> None:
    alert = sent(reader)
    for sender in ("bounces@pledges.example", f"x{return_path(alert.pk)}"):
        raw = complaint("abuse", f"Original-Mail-From: <{sender}>", f"Original-Rcpt-To: {READER}")
        assert take_bounce(raw, recipient="complaints@pledges.example", now=NOW).alert_id is None
    assert seen(reader).suppressed_at is None


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (report(recipient("2.0.0", "relayed")), "no bounce: it was delivered"),
        (report(recipient("4.4.1", "delayed")), "no bounce: it is delayed"),
        (complaint("not-spam"), "no bounce: it is a report, and no complaint"),
        (plain(From=READER, Subject="Away", Auto_Submitted="auto-replied"), "no bounce: an automatic reply"),
        (plain("Thank you.", From=READER, Subject="Re: Overdue"), "no bounce: no report of a delivery"),
        (b"\xff" * 100, "no bounce: no report of a delivery"),
    ],
)
def test_what_is_no_bounce_changes_nothing(reader: Subscriber, raw: bytes, words: str) -> None:
    alert = sent(reader)
    before = Subscriber.objects.values().get(), list(Alert.objects.values())
    outcome = take(raw, alert)
    assert (outcome.words, outcome.alert_id) == (words, alert.pk)
    assert str(outcome) == f"alert {alert.pk}: {words}"
    assert (Subscriber.objects.values().get(), list(Alert.objects.values())) == before


def test_an_alert_that_is_not_there_is_ignored() -> None:
    outcome = take_bounce(HARD, recipient=return_path(123), now=NOW)
    assert outcome == Outcome("ignored: there is no such alert", 123)


def test_of_a_mail_to_staff_the_words_of_the_other_server_are_kept_without_addresses() -> None:
    [alert] = queue()
    said = f"550 5.1.1 <{DESK}>: no mailbox desk here; ask Postmaster@NGO.example"
    outcome = take(report(recipient("5.1.1", said=said, address=DESK)), alert)
    assert (outcome.bounce, outcome.has_stopped_mail) == (Bounce.HARD, False)
    assert seen(alert).bounced_for == (
        "5.1.1: 550 5.1.1 <[address]>: no mailbox [address] here; ask [address]"
    )
    # Staff are reached in another way: nothing is stopped.
    assert alert.state == AlertState.QUEUED


def test_endless_words_fit_the_column() -> None:
    [alert] = queue()
    take(report(recipient("5.1.1", said="550 5.1.1 " + "no " * 5000)), alert)
    assert len(seen(alert).bounced_for) == 300


def test_a_bounce_is_noted_and_counted_or_neither(
    reader: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    alert = sent(reader)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(bounces, "_count", lambda *_args, **_more: (_ for _ in ()).throw(KeyboardInterrupt))
        take(HARD, alert)
    assert seen(alert).bounced_at is None
    assert take(HARD, alert).has_stopped_mail


def test_the_instant_may_come_in_any_zone(reader: Subscriber) -> None:
    take(HARD, sent(reader), now=NOW.astimezone(timezone(timedelta(hours=14))))
    assert seen(reader).suppressed_at == NOW
