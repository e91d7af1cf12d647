"""What is not understood is refused, never left out: with where, what, and how to mend it."""

import pytest
from django.test import Client

from tests.public.api.conftest import ROOT, Ask
from tests.support.founding import Founding

UNKNOWN_PLACE = "Take “next” and “previous” of another answer as they are."


@pytest.mark.parametrize(
    ("address", "where", "mend"),
    [
        ("/pledges?lang=de", "lang", "Write one of: en, ar, fr, es."),
        ("/pledges?lang=", "lang", "Write one of: en, ar, fr, es."),
        ("/pledges?size=0", "size", "Write a whole number from 1 to 100."),
        ("/pledges?size=101", "size", "Write a whole number from 1 to 100."),
        ("/pledges?size=many", "size", "Write a whole number from 1 to 100."),
        ("/pledges?size=" + "9" * 5000, "size", "Write a whole number from 1 to 100."),
        ("/pledges?case=", "case", "Take the slug of one of the cases that this API lists."),
        ("/pledges?case=%00", "case", "Take the slug of one of the cases that this API lists."),
        ("/pledges?status=kept", "status", "Write one of: no_evidence, in_progress, partly_fulfilled,"),
        ("/pledges?timeliness=late", "timeliness", "Write one of: no_date, awaiting_trigger, upcoming,"),
        ("/pledges?action=%3Cscript%3E", "action", "Write one of: investigate, prosecute, report,"),
        ("/pledges?order=oldest", "order", "Write one of: best, newest, due."),
        ("/pledges?words=a+b+c+d+e+f+g+h+i", "words", "Write at most 8 words, 200 letters in all."),
        ("/pledges?words=" + "a" * 201, "words", "Write at most 8 words, 200 letters in all."),
        ("/pledges?words=+", "words", "Write at most 8 words, 200 letters in all."),
        ("/pledges?words=", "words", "Write at most 8 words, 200 letters in all."),
        ("/pledges?after=x", "after", UNKNOWN_PLACE),
        ("/pledges?before=x", "before", UNKNOWN_PLACE),
        ("/pledges?after=", "after", UNKNOWN_PLACE),
        ("/cases?after=%00~a", "after", UNKNOWN_PLACE),
        ("/events?kind=recorded", "kind", "Write one of: published, unpublished, deadline_set,"),
        ("/events?since=2025-04-04", "since", "Write an instant with its zone, such as"),
        ("/events?since=2025-04-04T12:00:00", "since", "Write an instant with its zone, such as"),
        ("/events?since=1743724800", "since", "Write an instant with its zone, such as"),
        ("/events?since=0001-01-01T00:00:00%2B14:00", "since", "Write an instant with its zone, such as"),
        ("/pledges/sy-2025-1", "reference", "Write country, year and number, such as SY-2025-0003."),
        ("/pledges/x/events", "reference", "Write country, year and number, such as SY-2025-0003."),
        ("/cases/%D8%A7", "slug", "Take the slug that a list of this API gives."),
        ("/checkpoints/0", "number", "Write the number of a checkpoint, from 1."),
        ("/checkpoints/first", "number", "Write the number of a checkpoint, from 1."),
        ("/pledges?statis=fulfilled", "statis", "Leave it out, or take one of: lang, size, after, before,"),
        ("/cases/violence-on-the-coast?size=1", "size", "Leave it out, or take one of: lang."),
        ("/pledges?size=1&size=2", "size", "Give it once."),
    ],
)
def test_a_bad_value_is_named_with_what_would_be_right(
    recorded: Founding, ask: Ask, address: str, where: str, mend: str
) -> None:
    answer = ask(address, status=422)
    (problem,) = answer["problems"]
    assert problem["where"] == where
    assert problem["mend"].startswith(mend)
    assert answer["status"] == 422
    assert answer["documentation"] == "http://127.0.0.1:8000/api/"


@pytest.mark.parametrize(
    ("address", "where", "mend"),
    [
        ("/pledges?case=nope", "case", "Take the slug of one of the cases that this API lists."),
        ("/pledges?body=nope", "body", "Take the slug of one of the bodies that this API lists."),
        ("/pledges?after=2025-13-04~SY-2025-0001", "after", UNKNOWN_PLACE),
        ("/pledges?order=due&after=2025-04-04~SY-2025-0001", "after", UNKNOWN_PLACE),
        ("/pledges?order=due&after=0001-01-01T00:00:00%2B14:00~SY-2025-0001", "after", UNKNOWN_PLACE),
        ("/checkpoints?after=2025-04-04T12:00:00~1", "after", UNKNOWN_PLACE),
        ("/pledges?words=%07", "words", "Write at most 8 words, 200 letters in all."),
    ],
)
def test_what_is_well_written_but_is_not_there_is_not_found(
    recorded: Founding, ask: Ask, address: str, where: str, mend: str
) -> None:
    (problem,) = ask(address, status=404)["problems"]
    assert problem["where"] == where
    assert problem["mend"].startswith(mend)


def test_all_that_is_wrong_is_said_at_once(recorded: Founding, ask: Ask) -> None:
    problems = ask("/pledges?size=0&status=kept&lang=de", status=422)["problems"]
    assert {each["where"] for each in problems} == {"size", "lang", "status"}
    assert {each["what"] for each in problems} == {f"“{v}” was not understood." for v in ("0", "kept", "de")}
    problems = ask("/pledges?case=nope&body=nowhere", status=404)["problems"]
    assert [each["where"] for each in problems] == ["case", "body"]


def test_an_error_comes_in_the_language_asked_for(recorded: Founding, ask: Ask) -> None:
    answer = ask("/pledges?lang=ar&size=0", status=422)
    assert answer["documentation"] == "http://127.0.0.1:8000/ar/api/"


def test_signs_that_can_not_be_shown_are_not_repeated(recorded: Founding, ask: Ask) -> None:
    answer = ask("/pledges?size=%1B%5B31m" + "x" * 500, status=422)
    assert answer["problems"][0]["what"].startswith("“�[31mx")
    assert len(answer["problems"][0]["what"]) < 100


@pytest.mark.parametrize("address", ["", "/nothing", "/pledges/", "/pledges/SY-2025-0001/", "/../pledges"])
def test_an_address_that_is_none(db: None, client: Client, address: str) -> None:
    answer = client.get(f"{ROOT}/{address.lstrip('/')}")
    assert answer.status_code == 404
    (problem,) = answer.json()["problems"]
    assert problem["where"] == "path"
    assert "/api/v1/openapi.json" in problem["mend"]


def test_the_longest_that_is_understood(recorded: Founding, ask: Ask) -> None:
    assert ask("/pledges?words=a+b+c+d+e+f+g+h")["items"] == []
    assert ask("/pledges?words=" + "a" * 200)["items"] == []
    assert ask("/events?since=9999-12-31T23:59:59Z")["items"] == []
    assert ask("/pledges?after=9999-12-31~x")["total"]["number"] > 0
