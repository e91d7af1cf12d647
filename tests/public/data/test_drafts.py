"""What was public and is not, and what hangs on drafts, reaches no file. Of drafts: test_twins.py."""

import pytest
from django.test import Client

from pledges import record
from pledges.models import Update
from tests.public.data.files import FILES, everything, read_json
from tests.public.test_drafts import MARK, marked_draft, publish_with_its_own_subjects
from tests.support.founding import LAPSE
from tests.support.records import make_body, make_draft, make_reviewer, make_user

pytestmark = pytest.mark.django_db


def leaks(client: Client) -> list[str]:
    return [address for address in FILES if MARK in everything(client, address)]


def test_what_is_taken_off_the_pages_is_taken_out_of_the_files(client: Client) -> None:
    published = publish_with_its_own_subjects(marked_draft())
    record.unpublish(pledge=published, reason=MARK, actor=make_reviewer(), now=LAPSE)
    assert leaks(client) == []
    assert [read_json(client, table) for table in ("pledges", "events", "sources")] == [[], [], []]


def test_what_a_draft_said_before_it_was_published_stays_unsaid(client: Client) -> None:
    author = make_user(username=f"{MARK}-author", email=f"{MARK}@ngo.example")
    draft = make_draft(actor=author, note=MARK)
    update = record.add_update(
        pledge=draft,
        kind="progress",
        happened_on=draft.made_on,
        text=MARK,
        sources=[draft.source],
        actor=author,
        now=LAPSE,
    )
    record.amend_update(update=update, changes={"text": "clean"}, reason="", actor=author, now=LAPSE)
    record.amend_pledge(pledge=draft, changes={"note": "clean"}, actor=author, now=LAPSE)
    record.assign(pledge=draft, assignee=author, actor=author, now=LAPSE)
    record.publish(pledge=draft, actor=make_reviewer(username=f"{MARK}-reviewer"), now=LAPSE)
    assert leaks(client) == []
    told = [row for row in read_json(client, "events") if row["kind"] == "update_added"]
    assert [row["text"] for row in told] == ["clean"]


def test_a_pledge_does_not_name_the_drafts_it_hangs_on(client: Client) -> None:
    hidden = make_draft(title=MARK)
    follower = make_draft(follows=hidden, parent=make_draft(case=hidden.case), case=hidden.case)
    record.publish(pledge=follower, actor=make_reviewer(), now=LAPSE)
    [row] = read_json(client, "pledges")
    assert (row["follows"], row["part_of"]) == ("", "")
    record.publish(pledge=hidden, actor=make_reviewer(), now=LAPSE)
    assert {row["follows"] for row in read_json(client, "pledges")} == {"", hidden.reference}


def test_a_correction_does_not_name_the_draft_it_points_to(client: Client) -> None:
    pledge = publish_with_its_own_subjects(make_draft())
    record.amend_pledge(
        pledge=pledge,
        changes={"follows": make_draft(), "bodies": [make_body(actor=make_user())]},
        reason="It follows another one.",
        actor=make_reviewer(),
        now=LAPSE,
    )
    [mend] = [row for row in read_json(client, "events") if row["kind"] == "corrected"]
    assert sorted(mend["changes"], key=lambda change: change["field"]) == [
        {"field": "bodies"},
        {"field": "follows"},
    ]


def test_a_body_that_replied_and_is_responsible_no_more_is_not_named(client: Client) -> None:
    author = make_user()
    body = make_body(actor=author, slug=f"{MARK}-body")
    pledge = publish_with_its_own_subjects(make_draft(bodies=[body]))
    record.add_update(
        pledge=pledge,
        kind="reply",
        happened_on=pledge.made_on,
        text="We are not responsible.",
        sources=[pledge.source],
        by_body=body,
        actor=author,
        now=LAPSE,
    )
    [reply] = [row for row in read_json(client, "events") if row["update_kind"] == "reply"]
    assert reply["by_body"] == body.slug
    record.amend_pledge(
        pledge=pledge,
        changes={"bodies": [make_body(actor=author)]},
        reason="It was another body.",
        actor=make_reviewer(),
        now=LAPSE,
    )
    assert Update.objects.get().by_body == body
    assert leaks(client) == []
