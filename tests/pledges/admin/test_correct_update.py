"""Correcting an update at the staff screens, and the queue of objections that nobody answered."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.test import Client

from pledges import record
from pledges.admin.needs import needs_of
from pledges.models import Pledge, Update
from tests.support.records import make_pledge

from .conftest import NOW
from .support import as_shown, change, kinds, messages_of, seen, verb


def an_update(pledge: Pledge, kind: str = "progress", **fields: Any) -> Update:
    return record.add_update(
        pledge=pledge,
        kind=kind,
        happened_on=date(2025, 4, 10),
        text="Heard 11 witnesses.",
        sources=[pledge.source],
        actor=pledge.created_by,
        now=NOW,
        **fields,
    )


def address(pledge: Pledge, update: Update) -> str:
    return f"{verb('correct_update', pledge)}&update={update.pk}"


def test_the_form_opens_from_the_update_with_what_is_recorded(desk: Client, researcher: User) -> None:
    pledge = make_pledge(actor=researcher)
    update = an_update(pledge)
    link = address(pledge, update).replace("&", "&amp;")
    page = desk.get(change(pledge)).content.decode()
    assert link in page
    assert "Correct an update" not in page
    shown = as_shown(desk.get(address(pledge, update)))
    assert shown["text"] == "Heard 11 witnesses."
    assert shown["happened_on"] == "2025-04-10"
    assert shown["sources"] == [str(pledge.source.pk)]
    assert shown["update"] == str(update.pk)


def test_correcting_one(desk: Client, researcher: User) -> None:
    pledge = make_pledge(actor=researcher)
    update = an_update(pledge)
    typed = as_shown(desk.get(address(pledge, update))) | seen(pledge)
    typed |= {"text": "Heard 1 witness.", "reason": "We misread the figure."}
    # The form posts to the address without the update: the hidden field names it.
    answer = desk.post(verb("correct_update", pledge), typed, follow=True)
    assert messages_of(answer) == [f"The update of {pledge.reference} is corrected."]
    update.refresh_from_db()
    assert update.text == "Heard 1 witness."
    assert kinds(pledge)[-1] == "corrected"
    assert "what happened: from “Heard 11 witnesses.” to “Heard 1 witness.”" in answer.content.decode()


def test_without_a_reason_nothing_is_written_and_nothing_lost(desk: Client, researcher: User) -> None:
    pledge = make_pledge(actor=researcher)
    update = an_update(pledge)
    typed = as_shown(desk.get(address(pledge, update))) | seen(pledge) | {"text": "Heard 1 witness."}
    answer = desk.post(verb("correct_update", pledge), typed)
    assert answer.context["verb"].errors.keys() == {"reason"}
    assert "Heard 1 witness." in answer.content.decode()
    assert kinds(pledge)[-1] == "update_added"


def test_an_update_of_another_pledge_is_not_found(desk: Client, researcher: User) -> None:
    pledge, other = make_pledge(actor=researcher), make_pledge(actor=researcher)
    update = an_update(other)
    for query in ("", f"&update={update.pk}", "&update=x", "&update=99999999"):
        assert desk.get(verb("correct_update", pledge) + query).status_code == 404


def test_an_objection_waits_until_something_was_done_about_it(desk: Client, researcher: User) -> None:
    pledge = make_pledge(actor=researcher)
    make_pledge(actor=researcher)
    title = "Objections that nobody answered"

    def queue() -> dict[str, int]:
        request = desk.get("/admin/").wsgi_request
        return {need.title: need.count for need in needs_of(request) if need.title == title}

    def listed() -> int:
        rows = desk.get("/admin/pledges/pledge/?evidence=objection").context["cl"].result_count
        return int(rows)

    an_update(pledge, "reply", by_body=pledge.bodies.get())
    assert (queue(), listed()) == ({}, 0)
    objection = an_update(pledge, "dispute")
    second = an_update(pledge, "dispute")
    assert (queue(), listed()) == ({title: 1}, 1)
    an_update(pledge, "note", answers=objection)
    assert (queue(), listed()) == ({title: 1}, 1)
    an_update(pledge, "note", answers=second)
    assert (queue(), listed()) == ({}, 0)
