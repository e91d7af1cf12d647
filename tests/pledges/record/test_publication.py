"""Publishing takes a Reviewer who did not write what is published."""

from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError

from pledges import record
from pledges.models import Body, Case, Event, Pledge
from pledges.models.choices import PUBLIC_EVENT_KINDS, EventKind, Publication
from pledges.roles import REVIEWER, ensure_roles
from tests.support.records import NOON_4_APRIL, make_draft, make_pledge, make_reviewer, make_user

pytestmark = pytest.mark.django_db


def test_a_second_person_publishes() -> None:
    pledge = make_pledge()
    assert pledge.is_published
    assert pledge.published_at == NOON_4_APRIL
    assert pledge.published_by != pledge.created_by
    assert list(Pledge.objects.published()) == [pledge]
    assert list(Body.objects.published()) == list(pledge.bodies.all())
    assert list(Case.objects.published()) == [pledge.case]


def test_the_author_can_not_publish_even_as_reviewer() -> None:
    author = make_reviewer()
    pledge = make_draft(actor=author)
    with pytest.raises(ValidationError) as caught:
        record.publish(pledge=pledge, actor=author, now=NOON_4_APRIL)
    assert caught.value.code == "two_people"
    assert not Pledge.objects.published().exists()


def test_who_amended_the_draft_is_an_author_too() -> None:
    pledge = make_draft()
    editor = make_reviewer()
    record.amend_pledge(pledge=pledge, changes={"title": "T"}, actor=editor, now=NOON_4_APRIL)
    with pytest.raises(ValidationError):
        record.publish(pledge=pledge, actor=editor, now=NOON_4_APRIL)
    record.publish(pledge=pledge, actor=make_reviewer(), now=NOON_4_APRIL)


def test_a_researcher_may_not_publish() -> None:
    with pytest.raises(PermissionDenied):
        record.publish(pledge=make_draft(), actor=make_user(), now=NOON_4_APRIL)


def test_nothing_of_a_draft_is_published() -> None:
    draft = make_draft()
    assert not Pledge.objects.published().exists()
    assert not Body.objects.published().exists()
    assert not Case.objects.published().exists()
    assert not Event.objects.published().exists()
    record.publish(pledge=draft, actor=make_reviewer(), now=NOON_4_APRIL)
    assert set(Event.objects.published().values_list("kind", flat=True)) == {
        "deadline_set",
        "published",
    }


def test_publishing_twice_is_refused() -> None:
    with pytest.raises(ValidationError):
        record.publish(pledge=make_pledge(), actor=make_reviewer(), now=NOON_4_APRIL)


def test_taking_off_needs_a_reason_and_keeps_the_record() -> None:
    pledge = make_pledge()
    reviewer = make_reviewer()
    with pytest.raises(ValidationError):
        record.unpublish(pledge=pledge, reason=" ", actor=reviewer, now=NOON_4_APRIL)
    with pytest.raises(PermissionDenied):
        record.unpublish(pledge=pledge, reason="Risk.", actor=make_user(), now=NOON_4_APRIL)
    record.unpublish(pledge=pledge, reason="Risk.", actor=reviewer, now=NOON_4_APRIL)
    pledge.refresh_from_db()
    assert pledge.publication == Publication.UNPUBLISHED
    assert not Event.objects.published().exists()
    assert Event.objects.get(kind=EventKind.UNPUBLISHED).payload == {"reason": "Risk."}
    with pytest.raises(ValidationError):
        record.unpublish(pledge=pledge, reason="Risk.", actor=reviewer, now=NOON_4_APRIL)


def test_the_roles_can_be_set_up_again() -> None:
    group = Group.objects.get(name=REVIEWER)
    of_the_record = group.permissions.filter(content_type__app_label="pledges")
    before = set(of_the_record.values_list("codename", flat=True))
    group.permissions.clear()
    ensure_roles()
    ensure_roles()
    assert set(of_the_record.values_list("codename", flat=True)) == before
    assert not any(name.startswith("delete_") for name in before)


def _assess(pledge: Pledge, user: User) -> None:
    record.assess(
        pledge=pledge,
        status="in_progress",
        effective_on=date(2025, 4, 4),
        reason="Begun.",
        sources=[pledge.source],
        actor=user,
        now=NOON_4_APRIL,
    )


def _update(pledge: Pledge, user: User) -> None:
    record.add_update(
        pledge=pledge,
        kind="progress",
        happened_on=date(2025, 4, 4),
        text="Begun.",
        sources=[pledge.source],
        actor=user,
        now=NOON_4_APRIL,
    )


def _extend(pledge: Pledge, user: User) -> None:
    record.extend_deadline(
        pledge=pledge,
        terms=record.DeadlineTerms(latest=date(2025, 8, 4)),
        source=pledge.source,
        announced_on=date(2025, 4, 4),
        actor=user,
        now=NOON_4_APRIL,
    )


def _amend(pledge: Pledge, user: User) -> None:
    record.amend_pledge(pledge=pledge, changes={"title": "T"}, actor=user, now=NOON_4_APRIL)


def _assign(pledge: Pledge, user: User) -> None:
    record.assign(pledge=pledge, assignee=user, actor=user, now=NOON_4_APRIL)


def _look(_pledge: Pledge, _user: User) -> None:
    """Reading a draft is no writing."""


@pytest.mark.parametrize(
    ("act", "may_publish"),
    [
        (_look, True),
        (_assign, True),
        (_amend, False),
        (_extend, False),
        (_update, False),
        (_assess, False),
    ],
)
def test_who_wrote_any_of_what_is_shown_can_not_publish_it(
    act: Callable[[Pledge, User], None], *, may_publish: bool
) -> None:
    pledge, user = make_draft(), make_reviewer()
    act(pledge, user)
    if may_publish:
        record.publish(pledge=pledge, actor=user, now=NOON_4_APRIL)
    else:
        with pytest.raises(ValidationError) as caught:
            record.publish(pledge=pledge, actor=user, now=NOON_4_APRIL)
        assert caught.value.code == "two_people"
    pledge.refresh_from_db()
    assert pledge.is_published is may_publish


def test_events_and_pledges_are_public_by_one_rule() -> None:
    make_draft()
    record.unpublish(pledge=make_pledge(), reason="Asked.", actor=make_reviewer(), now=NOON_4_APRIL)
    make_pledge()
    told_of = Event.objects.filter(kind__in=PUBLIC_EVENT_KINDS)
    public = told_of.filter(pledge__in=Pledge.objects.published())
    assert set(Event.objects.published()) == set(public)
    assert 0 < public.count() < told_of.count()
