"""What was public and is not, and what staff keep to themselves, reaches no page. Drafts: test_twins.py."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from pledges import record
from pledges.models import Event, Pledge
from pledges.models.choices import PUBLIC_EVENT_KINDS, EventKind
from tests.public.addresses import all_addresses, without_versions
from tests.support import records
from tests.support.founding import LAPSE
from tests.support.records import make_draft, make_reviewer, make_source, make_user
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db
MARK = "zzmarker"


def marked_draft(**fields: Any) -> Pledge:
    """A draft that carries the marker in every field, with a ledger and an update of its own."""
    author = make_user(username=f"{MARK}-author")
    source = make_source(
        actor=author, title=f"{MARK} source", publisher=MARK, url=f"https://{MARK}.example/1"
    )
    draft = make_draft(
        actor=author,
        title=f"{MARK} title",
        quote=f"{MARK} quote",
        quote_translation=f"{MARK} translation",
        speaker=f"{MARK} speaker",
        note=f"{MARK} note",
        phrase=f"{MARK} phrase",
        source=source,
        source_locator=f"{MARK} page",
        other_sources=[make_source(actor=author, title=f"{MARK} other")],
        latest=date(2025, 4, 5),
        **fields,
    )
    record.extend_deadline(
        pledge=draft,
        terms=record.DeadlineTerms(latest=date(2025, 4, 7), announced_by=MARK, reason=MARK),
        source=source,
        announced_on=date(2025, 4, 5),
        actor=author,
        now=LAPSE,
    )
    update = record.add_update(
        pledge=draft,
        kind="progress",
        happened_on=date(2025, 4, 5),
        text=MARK,
        sources=[source],
        actor=author,
        now=LAPSE,
    )
    records.judge(
        pledge=draft,
        status="in_progress",
        effective_on=date(2025, 4, 5),
        reason=MARK,
        updates=[update],
        actor=author,
        now=LAPSE,
    )
    return draft


def leaks(client: Client) -> list[str]:
    queries = [f"/pledges/?words={MARK}&order=due", f"/pledges/?timeliness=overdue&case={MARK}"]
    found = []
    for address in [*all_addresses(), *queries]:
        text = without_versions(client.get(address).content.decode(errors="replace"))
        # The filters may repeat what the reader herself wrote.
        text = text.replace(f'value="{MARK}"', "").replace(f"Words: {MARK}", "")
        text = text.replace(f"words={MARK}", "").replace(f"“{MARK}” was not understood", "")
        if MARK in text:
            found.append(address)
    return found


def publish_with_its_own_subjects(draft: Pledge) -> Pledge:
    return record.publish(pledge=draft, actor=make_reviewer(), now=LAPSE)


def test_what_is_taken_off_the_pages_is_gone_from_them(client: Client) -> None:
    draft = marked_draft()
    published = publish_with_its_own_subjects(draft)
    sweep(now=LAPSE)
    record.unpublish(pledge=published, reason="A relative asked.", actor=make_reviewer(), now=LAPSE)
    assert leaks(client) == []


def test_every_form_of_it_is_gone_too(client: Client) -> None:
    published = publish_with_its_own_subjects(marked_draft())
    record.unpublish(pledge=published, reason="A relative asked.", actor=make_reviewer(), now=LAPSE)
    draft = make_draft()
    for form in ("feed.atom", "calendar.ics", "card/", "badge.svg", "share.png"):
        answer = client.get(f"{published.get_absolute_url()}{form}")
        assert answer.status_code == 410, form
        html = without_versions(answer.content.decode())
        assert not [each for each in (MARK, published.reference) if each in html], form
        assert client.get(f"{draft.get_absolute_url()}{form}").status_code == 404, form


def test_its_address_tells_the_day_and_the_reason_and_nothing_else(client: Client) -> None:
    published = publish_with_its_own_subjects(marked_draft())
    # 00:30 on 10 April in Damascus is still 9 April in UTC.
    off_at = LAPSE + timedelta(days=1, minutes=30)
    record.unpublish(pledge=published, reason="A relative asked.", actor=make_reviewer(), now=off_at)
    answer = client.get(published.get_absolute_url())
    assert answer.status_code == 410
    html = without_versions(answer.content.decode())
    assert "A relative asked." in html
    assert "10 April 2025</time>, for this reason" in html
    assert not [each for each in (MARK, published.reference) if each in html]
    # Published again, its page is back, and says that it was off.
    record.publish(pledge=published, actor=make_reviewer(), now=off_at + timedelta(days=1))
    answer = client.get(published.get_absolute_url())
    assert answer.status_code == 200
    assert "Taken off the public pages" in answer.content.decode()
    assert "A relative asked." in answer.content.decode()


def test_what_was_never_public_is_not_found(client: Client) -> None:
    assert client.get(marked_draft().get_absolute_url()).status_code == 404
    assert client.get("/pledges/SY-2025-9999/").status_code == 404


def test_a_published_pledge_does_not_name_the_draft_that_it_follows(client: Client) -> None:
    hidden = marked_draft()
    follower = make_draft(follows=hidden, title="Public follower")
    record.publish(pledge=follower, actor=make_reviewer(), now=LAPSE)
    html = client.get(follower.get_absolute_url()).content.decode()
    assert MARK not in html
    assert hidden.reference not in html
    assert hidden.reference not in client.get(follower.case.get_absolute_url()).content.decode()
    answer = client.get(f"/api/v1/pledges/{follower.reference}")
    assert answer.json()["follows"] is None
    assert hidden.reference not in answer.content.decode()


def test_what_staff_do_among_themselves_shows_nowhere(client: Client) -> None:
    """Changes of a draft, assignments and names of staff are on record, and are not public."""
    author = make_user(username=f"{MARK}-author", email=f"{MARK}@ngo.example")
    draft = make_draft(actor=author)
    record.amend_pledge(pledge=draft, changes={"note": MARK}, actor=author, now=LAPSE)
    record.amend_pledge(pledge=draft, changes={"note": "clean"}, actor=author, now=LAPSE)
    record.assign(pledge=draft, assignee=author, actor=author, now=LAPSE)
    record.publish(pledge=draft, actor=make_reviewer(username=f"{MARK}-reviewer"), now=LAPSE)
    kinds = set(Event.objects.filter(pledge=draft).values_list("kind", flat=True))
    assert {EventKind.AMENDED, EventKind.ASSIGNED} <= kinds - set(PUBLIC_EVENT_KINDS)
    assert leaks(client) == []
