"""The corrections page: errors that readers could see, and nothing that they could not."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import feedparser
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Body, Case, Event, Pledge, Source
from pledges.models.choices import DeadlineKind
from tests.support.records import NOON_4_APRIL, make_body, make_draft, make_pledge, make_reviewer, make_source

pytestmark = pytest.mark.django_db
LATER = datetime(2025, 4, 6, 22, 0, tzinfo=UTC)  # the 7th in Damascus


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"/corrections/{query}")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def correct(pledge: Pledge, **changes: Any) -> None:
    record.amend_pledge(
        pledge=pledge, changes=changes, reason="A misprint of ours.", actor=pledge.created_by, now=LATER
    )


def amend(subject: Body | Case | Source, reason: str = "It was renamed.", **changes: Any) -> None:
    record.amend_subject(subject=subject, changes=changes, reason=reason, actor=subject.created_by, now=LATER)


def test_nothing_corrected_yet(client: Client) -> None:
    make_pledge()
    assert "Nothing has been corrected yet" in page(client)


def test_a_corrected_pledge_is_listed_with_before_after_and_why(client: Client) -> None:
    pledge = make_pledge()
    correct(pledge, title="A better title")
    shown = page(client)
    for words in (
        "Release a detailed report</del>",
        "A better title</ins>",
        "A misprint of ours.",
        "7 April 2025",
        pledge.reference,
        f'href="/pledges/{pledge.reference}/#event-4"',
    ):
        assert words in shown, words


def test_a_corrected_deadline_is_listed_but_an_extension_is_no_error(client: Client) -> None:
    pledge = make_pledge()
    for kind, latest, reason in (
        (DeadlineKind.EXTENSION, date(2025, 8, 4), "More time was asked for."),
        (DeadlineKind.CORRECTION, date(2025, 7, 4), "We misread the decree."),
    ):
        record.move_deadline(
            pledge=pledge,
            kind=kind,
            terms=record.DeadlineTerms(latest=latest, reason=reason),
            source=pledge.source,
            announced_on=date(2025, 4, 5),
            actor=pledge.created_by,
            now=LATER,
        )
    shown = page(client)
    assert "Our record of the deadline corrected" in shown
    assert "We misread the decree." in shown
    assert "More time" not in shown


@pytest.mark.parametrize(
    ("which", "changes", "shown"),
    [
        (lambda p: p.bodies.get(), {"name": "The new name"}, "The new name</ins>"),
        (lambda p: p.case, {"summary": "What the case is."}, "What the case is.</ins>"),
        (lambda p: p.source, {"publisher": "The Gazette"}, "The Gazette</ins>"),
    ],
)
def test_bodies_cases_and_sources_that_readers_see(
    client: Client, which: Callable[[Pledge], Any], changes: dict[str, str], shown: str
) -> None:
    subject = which(make_pledge())
    with pytest.raises(ValidationError) as caught:
        amend(subject, reason="  ", **changes)
    assert set(caught.value.message_dict) == {"reason"}
    amend(subject, **changes)
    text = page(client)
    assert shown in text
    assert "It was renamed." in text


def test_the_sources_of_a_case_can_be_amended(client: Client) -> None:
    case = make_pledge().case
    source = make_source(actor=case.created_by)
    amend(case, sources=[source])
    assert list(case.sources.all()) == [source]
    event = Event.objects.latest("pk")
    assert event.payload["changes"] == {"sources": {"before": [], "after": [source.stream]}}
    # Which source it is may not be public for long: that it changed is.
    assert "sources</span> changed" in page(client)
    amend(case, sources=[source])
    assert Event.objects.latest("pk") == event


def test_nothing_of_what_is_not_public(client: Client) -> None:
    draft = make_draft(title="A secret title")
    record.amend_pledge(pledge=draft, changes={"title": "Another secret"}, actor=draft.created_by, now=LATER)
    amend(draft.case, reason="Kept among us.", title="A secret case")
    body = make_body(actor=draft.created_by)
    amend(body, reason="", name="A secret body")
    hidden = make_pledge()
    correct(hidden, title="Hidden title")
    record.unpublish(pledge=hidden, reason="Risk.", actor=make_reviewer(), now=LATER)
    shown = page(client)
    for words in ("secret", "Hidden title", draft.reference, hidden.reference):
        assert words not in shown


def test_what_was_corrected_before_anybody_could_read_it_is_no_correction(client: Client) -> None:
    draft = make_draft()
    amend(draft.case, reason="", title="The case as published")
    record.move_deadline(
        pledge=draft,
        kind=DeadlineKind.CORRECTION,
        terms=record.DeadlineTerms(latest=date(2025, 5, 5), reason="A slip of the finger."),
        source=draft.source,
        announced_on=date(2025, 4, 5),
        actor=draft.created_by,
        now=LATER,
    )
    record.publish(pledge=draft, actor=make_reviewer(), now=LATER)
    assert "Nothing has been corrected yet" in page(client)


def test_the_feed_and_the_links(client: Client) -> None:
    pledge = make_pledge()
    correct(pledge, title="A better title")
    amend(pledge.source, publisher="The Gazette")
    feed = feedparser.parse(client.get("/corrections.atom").content)
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [
        f"Corrected: {Source.objects.get(pk=pledge.source.pk)}",
        "Corrected: A better title",
    ]
    assert len({entry.id for entry in feed.entries}) == 2
    about = client.get("/about/").content.decode()
    assert about.count('href="/corrections/"') == 2  # in the text and below every page


def test_statements_do_not_grow(client: Client) -> None:
    counts = []
    for number in range(2):
        for _ in range(1 + 5 * number):
            pledge = make_pledge(now=NOON_4_APRIL)
            correct(pledge, title="A better title")
            for subject in (pledge.case, pledge.source, pledge.bodies.get()):
                amend(subject, **{"publisher" if subject == pledge.source else "country": "JO"})
        with CaptureQueriesContext(connection) as captured:
            page(client)
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 9


def test_a_page_that_is_not_there_says_so(client: Client) -> None:
    correct(make_pledge(), title="A better title")
    assert "abc" in page(client, "?after=abc")


def test_a_corrected_update_is_told_as_it_stands_everywhere_and_as_it_was_beside_the_correction(
    client: Client,
) -> None:
    pledge = make_pledge()
    stamp: dict[str, Any] = {"actor": pledge.created_by, "now": NOON_4_APRIL + timedelta(hours=1)}
    update = record.add_update(
        pledge=pledge,
        kind="dispute",
        happened_on=date(2025, 4, 4),
        text="zzwrong",
        sources=[pledge.source],
        **stamp,
    )
    record.amend_update(
        update=update, changes={"text": "zzright", "kind": "note"}, reason="zzreason", **stamp
    )
    html = client.get(pledge.get_absolute_url()).content.decode()
    entry = html[html.index('id="event-4"') :]
    entry = entry[: entry.index("</li>")]
    assert "zzright" in entry
    assert "zzwrong" not in entry
    assert "Corrected:" in entry
    assert 'href="#event-5"' in entry
    mended = html[html.index('id="event-5"') :]
    assert '<del dir="auto">zzwrong</del> <ins dir="auto">zzright</ins>' in mended
    assert '<del dir="auto">Objection</del> <ins dir="auto">Note</ins>' in mended
    assert "zzreason" in mended
    assert "zzreason" in client.get("/corrections/").content.decode()
    for address in (
        "/",
        "/feed.atom",
        f"{pledge.get_absolute_url()}feed.atom",
        pledge.case.get_absolute_url(),
    ):
        page = client.get(address).content.decode()
        assert "zzwrong" not in page, address
        assert "zzright" in page, address
