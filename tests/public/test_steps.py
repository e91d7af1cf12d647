"""A whole and its parts, and what follows what, as readers find them on the page of a pledge."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges.models import Pledge
from tests.support.records import make_case, make_draft, make_pledge, make_user

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
    assert statements() == asked <= 9
