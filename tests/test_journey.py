"""The founding case, walked from the decree to the findings: the whole product in one test."""

from datetime import UTC, date, datetime, timedelta
from email.message import Message

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from pytest_django import Settings

from pledges import record
from pledges.models import Event, Pledge
from tests.support.records import make_reviewer, make_source, make_user
from tracker.alerts.deliver import drain
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db

RECORDED = datetime(2025, 4, 4, 9, 0, tzinfo=UTC)
END_OF_8_APRIL = datetime(2025, 4, 8, 21, 0, tzinfo=UTC)  # midnight in Damascus, UTC+3
END_OF_10_JULY = datetime(2025, 7, 10, 21, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def record_the_commissions_report() -> Pledge:
    researcher = make_user(email="researcher@ngo.example")
    body = record.record_body(
        name="National commission on the coastal events",
        kind="commission",
        country="SY",
        time_zone="Asia/Damascus",
        actor=researcher,
        now=RECORDED,
    )
    case = record.record_case(
        title="Killings on the Syrian coast", country="SY", actor=researcher, now=RECORDED
    )
    decree = record.record_source(
        title="Presidential decision no. 3",
        url="https://news.example/decision-3",
        actor=researcher,
        now=RECORDED,
    )
    draft = record.record_pledge(
        title="Report on what happened on the coast",
        quote="at most thirty days after the decision",
        quote_form="reported",
        bodies=[body],
        case=case,
        action="report",
        made_on=date(2025, 3, 9),
        source=decree,
        deadline=record.DeadlineTerms(
            phrase="thirty days",
            anchor_on=date(2025, 3, 9),
            anchor_label="the decision",
            latest=date(2025, 4, 8),
        ),
        assignee=researcher,
        actor=researcher,
        now=RECORDED,
    )
    return record.publish(pledge=draft, actor=make_reviewer(), now=RECORDED + timedelta(hours=1))


def tick(now: datetime) -> None:
    """What beat does every minute: sweep, then deliver."""
    sweep(now=now)
    drain(now=now)


def words_of(mail: EmailMultiAlternatives) -> str:
    """The text part, as a mail program shows it."""
    text = mail.message().get_payload(0)
    assert isinstance(text, Message)
    return bytes(text.get_payload(decode=True)).decode()


def subjects(mails: list[EmailMultiAlternatives]) -> list[str]:
    """What each mail is about, up to the colon."""
    return [str(mail.message()["Subject"]).partition(":")[0] for mail in mails]


def page(client: Client, path: str, now: datetime) -> str:
    with time_machine.travel(now, tick=False):
        response = client.get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def test_the_commissions_report(
    client: Client, mailoutbox: list[EmailMultiAlternatives], settings: Settings
) -> None:
    settings.TRACKER_STAFF_ALERTS = []
    pledge = record_the_commissions_report()
    public = pledge.get_absolute_url()

    # On 8 April in Damascus, up to its last instant, nothing is late; the assignee was told that it is due.
    tick(END_OF_8_APRIL - timedelta(hours=1))
    tick(END_OF_8_APRIL - TICK)
    assert subjects(mailoutbox) == ["Due on 8 April 2025"]
    assert pledge.reference not in page(client, "/overdue/", END_OF_8_APRIL - TICK)

    mailoutbox.clear()

    # Flagged at the next: one mail, page and feed show it.
    tick(END_OF_8_APRIL)
    tick(END_OF_8_APRIL + timedelta(minutes=1))
    assert [mail.to for mail in mailoutbox] == [["researcher@ngo.example"]]
    mail = mailoutbox[0]
    for words in (pledge.reference, pledge.quote, "thirty days", "8 April 2025", public):
        assert words in words_of(mail), words
    assert pledge.reference in page(client, "/overdue/", END_OF_8_APRIL)
    assert pledge.reference in page(client, "/overdue.atom", END_OF_8_APRIL)
    assert "no evidence of delivery is on record" in page(client, public, END_OF_8_APRIL)

    # Extended on 10 April by three months: the flag is cleared, the miss stays in the log.
    researcher = pledge.created_by
    tenth = datetime(2025, 4, 10, 18, 0, tzinfo=UTC)
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(
            phrase="three months",
            anchor_on=date(2025, 4, 10),
            anchor_label="decision no. 11",
            latest=date(2025, 7, 10),
            reason="At the commission's request.",
        ),
        source=make_source(actor=researcher, now=tenth),
        announced_on=date(2025, 4, 10),
        actor=researcher,
        now=tenth,
    )
    pledge.refresh_from_db()
    assert pledge.overdue_flagged_at is None
    tick(tenth)
    tick(END_OF_10_JULY - timedelta(hours=1))
    tick(END_OF_10_JULY - TICK)
    # By then nobody had recorded a search for evidence for ninety days.
    assert subjects(mailoutbox) == ["Overdue", "Due on 10 July 2025", "Not checked since 4 April 2025"]
    del mailoutbox[2]
    assert pledge.reference not in page(client, "/overdue/", END_OF_10_JULY - TICK)

    # Overdue again when 10 July ends.
    tick(END_OF_10_JULY)
    tick(END_OF_10_JULY)
    assert subjects(mailoutbox) == ["Overdue", "Due on 10 July 2025", "Overdue"]
    assert "10 July 2025" in words_of(mailoutbox[2])
    assert len({mail.message()["Message-ID"] for mail in mailoutbox}) == 3

    # Findings presented on 22 July: met late, against both dates.
    findings = datetime(2025, 7, 22, 15, 0, tzinfo=UTC)
    update = record.add_update(
        pledge=pledge,
        kind="fulfilment",
        happened_on=date(2025, 7, 22),
        text="The commission presents its findings in Damascus.",
        sources=[make_source(actor=researcher, now=findings)],
        actor=researcher,
        now=findings,
    )
    record.assess(
        pledge=pledge,
        status="fulfilled",
        effective_on=date(2025, 7, 22),
        reason="Findings were presented; the full text is withheld.",
        updates=[update],
        actor=researcher,
        now=findings,
    )
    tick(findings)
    text = page(client, public, findings)
    assert "met late" in text.lower()
    assert "12 days" in text
    assert "105" in text
    assert "+93 days" in text
    assert pledge.reference not in page(client, "/overdue/", findings)
    # Fulfilled, it is no matter of reminders any more.
    assert len(mailoutbox) == 3
    log = list(Event.objects.filter(pledge=pledge).values_list("kind", flat=True))
    assert log == [
        "recorded",
        "deadline_set",
        "published",
        "became_overdue",
        "deadline_moved",
        "became_overdue",
        "update_added",
        "assessed",
    ]
