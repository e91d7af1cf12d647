"""What the mails say."""

import re
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.utils import translation

from pledges import record
from pledges.models import Event, Pledge
from pledges.models.choices import EventKind
from tests.support import records
from tests.support.records import make_source, make_user
from tracker.alerts import claims, fan_out
from tracker.alerts.mails import Mail, compose
from tracker.alerts.models import Alert

from .conftest import DESK
from .events import NOW, extend, flag, overdue_pledge

pytestmark = pytest.mark.django_db
ARABIC = "تقديم تقرير مفصل\nخلال شهر"


def mail_of(pledge: Pledge, *, now: datetime = NOW, recipient: str = DESK) -> Mail:
    """Queue and write the mail of the pledge's last overdue event."""
    fan_out.queue_overdue_alerts(flag(now=now) or [pledge.events.latest("pk").pk], now=now)
    alert = Alert.objects.filter(recipient=recipient).latest("pk")
    return compose(alert, now=now)


def overdue_mail(*, recipient: str = DESK, now: datetime = NOW, **fields: Any) -> Mail:
    _pledge, event = overdue_pledge(**fields)
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    return compose(Alert.objects.get(event=event, recipient=recipient), now=now)


def words(html: str) -> str:
    found: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            found.append(data)

    Reader().feed(html)
    return " ".join(" ".join(found).split())


def test_it_says_what_by_whom_when_and_how_it_is_known() -> None:
    mail = overdue_mail(source_locator="page 2")
    pledge = Pledge.objects.get()
    for text in (mail.parts.text, words(mail.parts.html)):
        for fact in (
            "Overdue: no evidence of delivery is on record. Nobody has recorded a search for it yet.",
            "Please look for evidence before you rely on this.",
            pledge.reference,
            "Release a detailed report",
            "a detailed report within one month",
            "Said by: Government of Syria",
            pledge.bodies.get().name,
            pledge.case.title,
            "Made on: 4 April 2025",
            str(pledge.source),
            "page 2",
            "4 May 2025 · 1 day late",
            "said 4 April 2025 + “within one month” (rule within-period, version 1) =",
            "= 4 May 2025, end of day in Damascus",
        ):
            assert fact in text, fact
        assert "broken" not in text.lower()
    for link in (
        f"https://pledges.example/pledges/{pledge.reference}/",
        f"https://pledges.example/admin/pledges/pledge/{pledge.pk}/change/",
        pledge.source.url,
    ):
        assert link in mail.parts.text.splitlines()
        assert f'href="{link}"' in mail.parts.html
    assert mail.parts.subject == f"Overdue: {pledge.reference} Release a detailed report (due 4 May 2025)"


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("no_evidence", "Overdue: no public evidence of delivery found as of 2 May 2025."),
        (
            "in_progress",
            "Overdue: work is reported, but no public evidence of delivery found as of 2 May 2025.",
        ),
        (
            "partly_fulfilled",
            "Overdue: delivered in part; no public evidence of the rest found as of 2 May 2025.",
        ),
    ],
)
def test_the_clock_says_overdue_and_a_person_when_they_looked(status: str, says: str) -> None:
    pledge, event = overdue_pledge()
    records.judge(
        pledge=pledge,
        status=status,
        effective_on=date(2025, 5, 2),
        reason="Read the ministry's pages.",
        sources=[pledge.source],
        actor=pledge.created_by,
        now=NOW - timedelta(days=3),
    )
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    text = compose(Alert.objects.get(), now=NOW).parts.text
    assert says in text
    assert "Please look for newer evidence before you rely on this." in text


@pytest.mark.parametrize(
    ("now", "says"),
    [
        (datetime(2025, 5, 4, 21, 0, tzinfo=UTC), "4 May 2025 · 1 day late"),
        (datetime(2025, 5, 5, 20, 59, 59, tzinfo=UTC), "4 May 2025 · 1 day late"),
        (datetime(2025, 5, 5, 21, 0, tzinfo=UTC), "4 May 2025 · 2 days late"),
    ],
)
def test_days_are_those_of_the_pledges_zone(now: datetime, says: str) -> None:
    assert re.search(says, overdue_mail(now=now).parts.text, re.DOTALL)


def test_an_arabic_quote_runs_from_right_to_left_with_its_translation_beside_it() -> None:
    mail = overdue_mail(
        quote=ARABIC,
        quote_language="ar",
        quote_translation="to submit a detailed report within a month",
        speaker="الحكومة",
    )
    html = " ".join(mail.parts.html.split())
    assert re.search(r'lang="ar" dir="rtl"[^>]*>تقديم تقرير مفصل<br>خلال شهر</p>', html)
    assert re.search(r'lang="en" dir="ltr"[^>]*>to submit a detailed report', html)
    assert "<bdi>الحكومة</bdi>" in mail.parts.html
    assert "    تقديم تقرير مفصل\n    خلال شهر\n" in mail.parts.text
    assert "Translation (English):" in mail.parts.text


@pytest.mark.parametrize(("form", "is_marked"), [("verbatim", False), ("reported", True)])
def test_words_that_are_not_verbatim_are_marked(form: str, is_marked: bool) -> None:
    mail = overdue_mail(quote_form=form)
    assert ("as reported, not word for word" in mail.parts.text) is is_marked
    assert ("As reported, not word for word" in mail.parts.html) is is_marked


@pytest.mark.parametrize(
    ("precision", "says"), [("day", "4 April 2025"), ("month", "April 2025"), ("year", "2025")]
)
def test_a_date_is_told_as_exactly_as_it_is_known(precision: str, says: str) -> None:
    assert f"Made on: {says}\n" in overdue_mail(made_on_precision=precision).parts.text


def test_a_moved_date_is_counted_against_both() -> None:
    pledge, _event = overdue_pledge()
    extend(pledge)
    now = datetime(2025, 8, 10, 9, tzinfo=UTC)
    text = mail_of(pledge, now=now).parts.text
    assert "4 August 2025 · moved once, +92 days; 6 days late against the last date, 98 against" in text
    assert "The first date was 4 May 2025." in text
    assert "first date was" not in overdue_mail().parts.text


def test_the_source_of_the_date_is_named_when_it_is_another() -> None:
    actor = make_user()
    decree = make_source(actor=actor, title="The decree", publisher="SANA")
    other = overdue_mail(deadline_source=decree, actor=actor).parts
    assert "Source of the date: SANA: The decree" in other.text
    assert decree.url in other.html
    assert "Source of the date" not in overdue_mail().parts.text


def test_the_reader_learns_why_they_get_it() -> None:
    rana = make_user(email="rana@ngo.example")
    assert "is assigned to you." in overdue_mail(assignee=rana, recipient=rana.email).parts.text
    pledge = Pledge.objects.get()
    assert "on the staff list" in compose(Alert.objects.get(recipient=DESK), now=NOW).parts.text
    record.assign(pledge=pledge, assignee=make_user(), actor=pledge.created_by, now=NOW)
    later = compose(Alert.objects.get(user=rana), now=NOW).parts
    assert "was assigned to you when it became overdue." in later.text


EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)> & {{ settings.SECRET_KEY }}'


def test_words_of_the_record_stay_words() -> None:
    mail = overdue_mail(title=EVIL, quote=EVIL, speaker=EVIL, source_locator=EVIL)
    assert "<script" not in mail.parts.html
    assert "<img" not in mail.parts.html
    assert mail.parts.html.count("&lt;script&gt;alert(1)") >= 4
    assert EVIL in mail.parts.text
    assert EVIL in mail.parts.subject


def test_the_html_part_loads_nothing_and_runs_nothing() -> None:
    html = overdue_mail(quote=ARABIC, quote_language="ar").parts.html
    assert not re.search(
        r"<(script|img|link|iframe|form|object|embed|video|style)\b|url\(|@import| on\w+=", html
    )
    assert set(re.findall(r"(\w+)=\"https?:", html)) == {"href"}


def test_no_mail_carries_a_way_to_sign_in() -> None:
    parts = overdue_mail().parts
    assert not re.search(r"token|sesame|login|\?\w+=", parts.text + parts.html)


def test_the_last_checkpoint_stands_under_every_mail() -> None:
    _pledge, event = overdue_pledge()
    fan_out.queue_overdue_alerts([event.pk], now=NOW)
    assert "Checkpoint" not in compose(Alert.objects.get(), now=NOW).parts.text
    checkpoint = record.take_checkpoint(now=NOW)
    assert checkpoint is not None
    parts = compose(Alert.objects.get(), now=NOW).parts
    assert parts.text.endswith(f"Checkpoint of the record: {checkpoint}\n")
    assert str(checkpoint) in words(parts.html)
    assert f'href="https://pledges.example{checkpoint.get_absolute_url()}"' in parts.html


def test_the_mail_has_no_holes() -> None:
    text = overdue_mail().parts.text
    assert "\n\n\n" not in text
    assert "None" not in text
    assert not re.search(r"[{}]", text)
    assert [line for line in text.splitlines() if line != line.rstrip()] == ["-- "]


def test_a_pledge_without_a_named_speaker_names_its_bodies() -> None:
    text = overdue_mail(speaker="").parts.text
    assert "Said by" not in text
    assert "Responsible: Commission" in text


def test_mails_are_in_the_language_of_the_site(settings: Any) -> None:
    settings.LANGUAGE_CODE = "ar"
    with translation.override("en"):
        mail = overdue_mail()
        assert translation.get_language() == "en"
    assert '<html lang="ar" dir="rtl">' in " ".join(mail.parts.html.split())


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://pledges.example", "pledges.example"),
        ("http://127.0.0.1:8000", "[127.0.0.1]"),
        ("http://localhost:8000", "localhost"),
    ],
)
def test_the_message_id_is_well_formed(url: str, host: str, settings: Any) -> None:
    settings.TRACKER_SITE_URL = url
    mail = overdue_mail()
    alert = Alert.objects.get()
    assert mail.message_id == f"<alert-{alert.pk}.{Pledge.objects.get().reference}@{host}>"
    assert compose(alert, now=NOW + timedelta(days=3)).message_id == mail.message_id


def test_a_claimed_alert_is_written_like_a_queued_one() -> None:
    mail = overdue_mail()
    held = claims.claim(now=NOW, limit=1)
    loaded = claims.load(held, held.alert_ids[0])
    assert loaded is not None
    assert compose(loaded, now=NOW) == mail


class TestDigest:
    def digest(self) -> Mail:
        events = Event.objects.filter(kind=EventKind.BECAME_OVERDUE).values_list("pk", flat=True)
        fan_out.queue_backlog_digest(list(events), now=NOW, send_after=NOW)
        return compose(Alert.objects.get(kind="digest"), now=NOW)

    def test_those_most_late_come_first(self) -> None:
        overdue_pledge(title="Second", latest=date(2025, 5, 4), now=NOW)
        overdue_pledge(title="First", latest=date(2025, 4, 20), now=NOW)
        mail = self.digest()
        assert mail.parts.text.index("First") < mail.parts.text.index("Second")
        assert "Due: 20 April 2025 · 15 days late" in mail.parts.text
        assert mail.parts.subject == "2 pledges were overdue when they were published"
        assert not mail.is_empty

    def test_one_alone_is_told_in_the_singular(self) -> None:
        overdue_pledge(now=NOW)
        mail = self.digest()
        assert mail.parts.subject == "1 pledge was overdue when it was published"
        assert "This pledge was past its due date" in words(mail.parts.html)

    def test_each_has_its_links_and_stays_words(self) -> None:
        pledge, _ = overdue_pledge(title=EVIL)
        mail = self.digest()
        assert f"https://pledges.example/pledges/{pledge.reference}/" in mail.parts.text.splitlines()
        assert "<script" not in mail.parts.html
        assert EVIL in mail.parts.text
