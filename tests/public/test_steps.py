"""A whole and its parts, and what follows what, as readers find them on the page of a pledge."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Pledge
from tests.support.records import NOON_4_APRIL, make_case, make_draft, make_pledge, make_user

pytestmark = pytest.mark.django_db
MARK = "zzmarker"


def page_of(client: Client, pledge: Pledge) -> str:
    return str(client.get(pledge.get_absolute_url()).content.decode())


def steps(html: str) -> str:
    start = html.index("Part of a chain")
    return html[start : html.index("</section>", start)]


def test_the_page_shows_the_chain_with_each_standing(client: Client) -> None:
    case = make_case(actor=make_user())
    whole = make_pledge(case=case, title="Whole")
    first = make_pledge(case=case, title="First step", parent=whole)
    second = make_pledge(case=case, title="Second step", parent=whole, follows=first, latest=None)
    make_pledge(case=case, title="Alone")
    for here in (whole, first, second):
        block = steps(page_of(client, here))
        places = [block.index(name) for name in ("Whole", "First step", "Second step")]
        assert places == sorted(places)
        assert "Alone" not in block
        assert block.count("mark-") >= 3
        assert f'{here.get_absolute_url()}" aria-current="page"' in block
        assert block.count("aria-current") == 1


def test_a_pledge_that_stands_alone_has_no_chain(client: Client) -> None:
    assert "Part of a chain" not in page_of(client, make_pledge())


def test_what_is_not_public_joins_nothing(client: Client) -> None:
    case = make_case(actor=make_user())
    hidden = make_draft(case=case, title=MARK)
    first, second = (
        make_pledge(case=case, title="One", parent=hidden),
        make_pledge(case=case, title="Two", parent=hidden),
    )
    part = make_draft(case=case, title=MARK, parent=first)
    between = make_draft(case=case, title=MARK, follows=first)
    make_pledge(case=case, title="Three", follows=between)
    for pledge in (first, second):
        html = page_of(client, pledge)
        assert "Part of a chain" not in html
        assert not [each for each in (MARK, hidden.reference, part.reference, "Three") if each in html]


def test_a_sequel_in_another_case_is_shown_on_both_pages(client: Client) -> None:
    first = make_pledge(title="First step")
    second = make_pledge(title="Second step", follows=first)
    for each in (first, second):
        assert "Second step" in steps(page_of(client, each))
        assert "First step" in steps(page_of(client, each))


def test_more_steps_ask_no_more(client: Client) -> None:
    case = make_case(actor=make_user())
    whole = make_pledge(case=case)

    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(whole.get_absolute_url())
        return len(captured)

    make_pledge(case=case, parent=whole)
    asked = statements()
    for _number in range(6):
        make_pledge(case=case, parent=whole)
    assert statements() == asked <= 10


def test_what_a_pledge_waits_for_has_a_date_of_its_own(client: Client) -> None:
    case = make_case(actor=make_user())
    waits = record.DeadlineTerms(
        phrase="30 days after the committee forms", no_date_reason="event_tied", latest=None
    )
    formed = make_pledge(case=case, title="Form the committee", latest=date(2025, 5, 4))
    waiting = make_pledge(case=case, title="Report", follows=formed, deadline=waits)
    html = page_of(client, waiting)
    assert "What it waits for was promised too:" in html
    told = html[html.index("What it waits for") :]
    told = told[: told.index("</p>")]
    assert formed.get_absolute_url() in told
    assert 'Due: <time datetime="2025-05-04">4 May 2025</time>.' in told
    assert "Overdue" in told
    dated = make_pledge(case=case, follows=formed)
    assert "What it waits for" not in page_of(client, dated)
    draft = make_draft(case=case, title=MARK)
    alone = make_pledge(case=case, follows=draft, deadline=waits)
    assert "What it waits for" not in page_of(client, alone)


def test_an_objection_without_an_answer_says_so(client: Client) -> None:
    pledge = make_pledge()
    stamp: dict[str, Any] = {
        "pledge": pledge,
        "happened_on": date(2025, 4, 4),
        "sources": [pledge.source],
        "actor": pledge.created_by,
        "now": NOON_4_APRIL,
    }
    words = "Nothing is on record yet of what was done about it."
    objection = record.add_update(kind="dispute", text="The date is wrong.", **stamp)
    assert page_of(client, pledge).count(words) == 1
    record.add_update(kind="note", text="It was checked and stands.", answers=objection, **stamp)
    assert words not in page_of(client, pledge)
