"""Publishing takes two people, one by one or many at a time."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pledges import record
from pledges.models import Pledge
from tests.support.records import make_draft, make_user

from .conftest import NOW, signed_in
from .support import LIST, change, kinds, messages_of, seen, verb


@pytest.fixture
def draft(researcher: User) -> Pledge:
    return make_draft(actor=researcher)


def test_a_reviewer_publishes_what_another_wrote(review_desk: Client, reviewer: User, draft: Pledge) -> None:
    page = review_desk.get(verb("publish", draft)).content.decode()
    assert "a detailed report within one month" in page
    response = review_desk.post(verb("publish", draft), seen(draft), follow=True)
    draft.refresh_from_db()
    assert messages_of(response) == [f"{draft.reference} is published."]
    assert (draft.publication, draft.published_by, draft.published_at) == ("published", reviewer, NOW)
    assert kinds(draft) == ["recorded", "deadline_set", "published"]


def test_nobody_publishes_their_own_draft(review_desk: Client, reviewer: User) -> None:
    own = make_draft(actor=reviewer)
    response = review_desk.post(verb("publish", own), seen(own))
    assert f"{own.reference} carries your own words" in response.content.decode()
    own.refresh_from_db()
    assert own.publication == "draft"


def test_not_even_a_superuser_does(superuser: User, at: object) -> None:
    own = make_draft(actor=superuser)
    response = signed_in(superuser).post(verb("publish", own), seen(own))
    assert "carries your own words" in response.content.decode()


def test_a_researcher_neither_sees_nor_uses_it(desk: Client, draft: Pledge) -> None:
    assert verb("publish", draft) not in desk.get(change(draft)).content.decode()
    assert 'value="publish"' not in desk.get(LIST).content.decode()
    assert desk.get(verb("publish", draft)).status_code == 403
    assert desk.post(verb("publish", draft), seen(draft)).status_code == 403
    posted = desk.post(LIST, {"action": "publish", "_selected_action": [str(draft.pk)]})
    assert verb("publish", draft) not in posted.headers.get("Location", "")
    draft.refresh_from_db()
    assert draft.publication == "draft"


def test_what_changed_since_it_was_read_is_not_published(
    review_desk: Client, researcher: User, draft: Pledge
) -> None:
    old = seen(draft)
    record.amend_pledge(pledge=draft, changes={"title": "Another"}, actor=researcher, now=NOW)
    response = review_desk.post(verb("publish", draft), old)
    assert "Someone changed this" in response.content.decode()
    draft.refresh_from_db()
    assert draft.publication == "draft"


def test_many_at_once_do_what_can_be_done_and_name_the_rest(
    review_desk: Client, researcher: User, reviewer: User
) -> None:
    good = [make_draft(actor=researcher), make_draft(actor=make_user())]
    own = make_draft(actor=reviewer)
    chosen = [*good, own]
    start = review_desk.post(
        LIST, {"action": "publish", "_selected_action": [str(pledge.pk) for pledge in chosen]}
    )
    assert start.status_code == 302
    response = review_desk.post(start.headers["Location"], seen(*chosen))
    for pledge in chosen:
        pledge.refresh_from_db()
    assert [pledge.publication for pledge in chosen] == ["published", "published", "draft"]
    assert messages_of(response) == [f"{pledge.reference} is published." for pledge in reversed(good)]
    page = response.content.decode()
    assert f"{own.reference} carries your own words" in page
    assert f'action="?pk={own.pk}"' in page
    assert [len(kinds(pledge)) for pledge in chosen] == [3, 3, 2]


def test_a_button_sent_twice_publishes_once(review_desk: Client, draft: Pledge) -> None:
    sent = seen(draft)
    review_desk.post(verb("publish", draft), sent)
    review_desk.post(verb("publish", draft), sent)
    assert kinds(draft).count("published") == 1


def test_more_than_fit_into_one_request_are_refused_in_words(
    review_desk: Client, draft: Pledge, monkeypatch: pytest.MonkeyPatch, researcher: User
) -> None:
    monkeypatch.setattr("pledges.admin.actions.MOST_AT_ONCE", 1)
    chosen = [str(draft.pk), str(make_draft(actor=researcher).pk)]
    response = review_desk.post(LIST, {"action": "publish", "_selected_action": chosen}, follow=True)
    assert messages_of(response) == ["Choose at most 1 pledges at a time."]
