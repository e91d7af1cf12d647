"""Saying of a pledge what it is a part of."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from pledges.models import Pledge
from tests.support.records import make_draft, make_pledge

from .support import change, open_form


@pytest.fixture
def pledge(researcher: User) -> Pledge:
    return make_pledge(actor=researcher)


def test_a_pledge_is_made_part_of_another(desk: Client, pledge: Pledge, researcher: User) -> None:
    part = make_draft(actor=researcher, case=pledge.case)
    typed = open_form(desk, part) | {"parent": str(pledge.pk)}
    assert desk.post(change(part), typed).status_code == 302
    assert list(pledge.parts.all()) == [part]


def test_a_circle_is_said_at_the_field(desk: Client, pledge: Pledge, researcher: User) -> None:
    part = make_draft(actor=researcher, case=pledge.case, parent=pledge)
    typed = open_form(desk, pledge) | {"parent": str(part.pk), "reason": "r"}
    response = desk.post(change(pledge), typed)
    assert "A circle:" in " ".join(response.context["adminform"].form.errors["parent"])
    other = make_draft(actor=researcher)
    response = desk.post(change(part), open_form(desk, part) | {"parent": str(other.pk)})
    assert "answers another case" in " ".join(response.context["adminform"].form.errors["parent"])
