"""The API is held to its own schema by schemathesis: every operation, good and bad values, all checks."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck
from schemathesis.core.failures import FailureGroup

from config.wsgi import application

pytestmark = pytest.mark.usefixtures("recorded", "one_connection")
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
Case = schemathesis.Case[Any]
SOME = hypothesis.settings(max_examples=25, suppress_health_check=list(HealthCheck))
# What only the record knows, and no schema can say.
KNOWN = {"case": "violence-on-the-coast", "body": "national-commission", "words": "report"}
PLACES = {
    "pledges": "2025-04-04~SY-2025-0001",
    "best": "4~2",
    "due": "2025-04-04T12:00:00+00:00~SY-2025-0001",
    "pledge_events": "2~2",
    "events": "2025-04-04T12:00:00+00:00~2",
    "cases": "A~a",
    "bodies": "A~a",
    "checkpoints": "2025-04-04T12:00:00+00:00~2",
}


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Keep the connection in whose transaction the record stands, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def order_of(case: Case) -> str:
    """In which order pledges come, where it is not their usual one."""
    asked = case.query.get("order", "best")
    return "due" if asked == "due" else "best" if asked == "best" and "words" in case.query else ""


def name_what_is_on_record(case: Case) -> None:
    """Put names that exist in place of made-up ones, which are not found."""
    operation = case.operation.definition.raw["operationId"]
    place = PLACES.get(order_of(case) or operation, "")
    known = KNOWN | {"after": place, "before": place}
    case.query = {name: known.get(name, value) for name, value in case.query.items()}


def leave_the_ends_of_time(case: Case) -> None:
    # Instants of these years may have no day in UTC.
    if str(case.query.get("since", "")).startswith(("0001-", "9999-")):
        case.query["since"] = "2025-04-04T12:00:00Z"


@schema.parametrize()
@SOME
def test_every_operation_does_what_the_schema_says(case: Case) -> None:
    leave_the_ends_of_time(case)
    case.call_and_validate(headers={"Accept-Encoding": "identity"})


@schema.parametrize()
@SOME
def test_so_it_does_for_what_is_on_record(case: Case) -> None:
    if case.meta and case.meta.generation.mode.is_positive:
        name_what_is_on_record(case)
    leave_the_ends_of_time(case)
    case.call_and_validate(headers={"Accept-Encoding": "identity"})


def test_control_all_operations_are_held_to_it() -> None:
    assert len(list(schema)) == 10
    assert "/api/v1/pledges/{reference}/events" in schema


def test_control_an_answer_that_the_schema_does_not_describe_is_found() -> None:
    raw = deepcopy(schema.raw_schema)
    raw["components"]["schemas"]["Total"]["properties"]["number"] = {"type": "string"}
    wrong = schemathesis.openapi.from_dict(raw)
    wrong.app = application
    case = wrong["/api/v1/cases"]["GET"].Case()
    with pytest.raises(FailureGroup, match="1 distinct failure"):
        case.call_and_validate(headers={"Accept-Encoding": "identity"})


@pytest.mark.parametrize(
    ("words", "is_allowed"),
    [
        ("report", True),
        ("\t a\x0bb\x0c c\r\n", True),
        # One word to some readers of a schema, two to others.
        ("\x1fa\x1fb", True),
        ("a\x85b\u2003c", True),
        ("\x1f".join("abcdefghi"), True),
        (" ".join("abcdefgh"), True),
        (" ".join("abcdefghi"), False),
        (" \t ", False),
    ],
)
def test_which_words_the_schema_allows_is_what_is_answered(words: str, is_allowed: bool) -> None:
    answer = Client().get("/api/v1/pledges", {"words": words})
    assert (answer.status_code in (200, 404)) is is_allowed
    pattern = next(
        each["schema"]["pattern"]
        for each in schema.raw_schema["paths"]["/api/v1/pledges"]["get"]["parameters"]
        if each["name"] == "words"
    )
    assert bool(re.search(pattern, words)) is is_allowed
