"""The list's filters: each narrows, bad values are named, pages and counts agree."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from tests.support import records
from tests.support.founding import LAPSE, founding_case
from tests.support.records import make_pledge, make_reviewer, make_source
from tracker.public import listing
from tracker.public.filters import Filters, read_filters
from tracker.public.moment import Moment
from tracker.public.tally import tally

pytestmark = pytest.mark.django_db
CASES = {"coast": "The coast"}
BODIES = {"presidency": "Presidency"}


def titles(client: Client, query: str) -> list[str]:
    with time_machine.travel(LAPSE, tick=False):
        answer = client.get(f"/pledges/{query}")
    assert answer.status_code == 200
    return re.findall(r"<h3><a [^>]*><bdi>(.*?)</bdi>", answer.content.decode())


def test_each_filter_narrows(client: Client) -> None:
    case = founding_case()
    other = make_pledge(title="Elsewhere", quote="an amnesty law", action="legislate")
    everything = {"Elsewhere", "Hold those responsible to account", "Hand in the commission&#x27;s report"}
    assert set(titles(client, "")) == everything
    assert titles(client, f"?case={other.case.slug}") == ["Elsewhere"]
    assert titles(client, f"?body={case.commission.slug}") == ["Hand in the commission&#x27;s report"]
    assert titles(client, "?action=prosecute") == ["Hold those responsible to account"]
    assert titles(client, "?timeliness=overdue") == ["Hand in the commission&#x27;s report"]
    assert titles(client, "?timeliness=no_date") == ["Hold those responsible to account"]
    assert set(titles(client, "?status=no_evidence")) == everything
    assert titles(client, "?status=fulfilled") == []
    assert titles(client, "?words=AMNESTY+law") == ["Elsewhere"]
    assert titles(client, "?words=thirty") == ["Hand in the commission&#x27;s report"]
    assert titles(client, "?words=ثلاثين") == ["Hand in the commission&#x27;s report"]
    assert titles(client, f"?words={other.reference.lower()}") == ["Elsewhere"]
    assert titles(client, "?words=amnesty+absent") == []
    assert titles(client, "?order=due")[-1] == "Hold those responsible to account"


def test_overdue_includes_the_long_overdue(client: Client) -> None:
    make_pledge(title="Long", latest=date(2025, 3, 1), made_on=date(2025, 2, 1))
    make_pledge(title="Late", latest=date(2025, 4, 8))
    assert set(titles(client, "?timeliness=overdue")) == {"Long", "Late"}
    assert titles(client, "?timeliness=long_overdue") == ["Long"]


@pytest.mark.parametrize(
    "query",
    [
        "?case=nope",
        "?body=nope",
        "?action=nope",
        "?status=nope",
        "?timeliness=nope",
        "?order=nope",
        "?after=0",
        "?after=2025-04-04",
        "?after=2025-04-04~",
        "?after=2025-13-04~SY-2025-0001",
        "?before=%00~1",
        "?after=9999-12-31~~~",
        "?order=due&after=2025-04-04T00:00:00~SY-2025-0001",
        "?order=due&after=2025-04-04~SY-2025-0001",
        "?case=%00",
        "?status=%3Cscript%3E",
    ],
)
def test_a_value_that_is_not_understood_is_named_and_left_out(client: Client, query: str) -> None:
    make_pledge(title="Shown")
    answer = client.get(f"/pledges/{query}")
    assert b"was not understood and is left out" in answer.content
    assert titles(client, query) == ["Shown"]
    assert b"<script" not in answer.content


def test_what_is_not_a_filter_is_let_be(client: Client) -> None:
    assert b"not understood" not in client.get("/pledges/?utm_source=x&words=&case=").content


def test_strange_words_do_no_harm(client: Client) -> None:
    make_pledge(title="Shown 100% of it")
    assert titles(client, "?words=%00100%25") == ["Shown 100% of it"]
    assert titles(client, "?words=_____") == []
    assert titles(client, "?words=" + "a" * 5000) == []
    assert b"only the first 8 words" in client.get("/pledges/?words=" + "+".join("abcdefghi")).content


def test_filters_survive_the_way_through_an_address() -> None:
    given = {"case": "coast", "body": "presidency", "status": "fulfilled", "words": "a & b=ü"}
    filters = read_filters(given, cases=CASES, bodies=BODIES)
    assert filters.problems == ()
    assert filters.address() == "?case=coast&body=presidency&status=fulfilled&words=a+%26+b%3D%C3%BC"
    assert filters.address(words="", body="") == "?case=coast&status=fulfilled"
    assert Filters().is_empty
    assert not filters.is_empty


def test_an_empty_result_says_what_to_try(client: Client) -> None:
    make_pledge()
    html = client.get("/pledges/?words=absent").content.decode()
    assert "No published pledge fits all of these filters." in html
    assert "Narrow down" not in html
    # A filter in force can be taken away.
    assert "Narrow down" in client.get("/pledges/?status=refused").content.decode()
    assert "Words: absent" in html


def test_pages_hold_all_pledges_once(client: Client) -> None:
    first = make_pledge(title="Title 0")
    for number in range(1, 30):
        make_pledge(
            title=f"Title {number}",
            case=first.case,
            source=first.source,
            bodies=list(first.bodies.all()),
            actor=first.created_by,
        )
    html = client.get("/pledges/?words=title").content.decode()
    following = unescape(re.findall(r'rel="next"\s+href="([^"]*)"', html)[0])
    assert "30 pledges" in html
    seen = [*titles(client, "?words=title"), *titles(client, following)]
    assert len(seen) == len(set(seen)) == 30
    html = client.get(f"/pledges/{following}").content.decode()
    back = unescape(re.findall(r'rel="prev"\s+href="([^"]*)"', html)[0])
    assert titles(client, back) == titles(client, "?words=title")
    assert 'href="?words=title"' in html
    assert 'rel="next"' not in html


def test_the_counts_beside_a_choice_are_what_it_shows(client: Client) -> None:
    founding_case()
    make_pledge(latest=date(2025, 4, 20))
    make_pledge(latest=date(2025, 3, 1), made_on=date(2025, 2, 1))
    with time_machine.travel(LAPSE, tick=False):
        html = client.get("/pledges/?status=no_evidence").content.decode()
    links = re.findall(r'<a href="(\?[^"]*)"><span>[^<]*</span> <span class="count">(\d+)</span>', html)
    assert len(links) > 4
    for address, count in links:
        assert len(titles(client, address.replace("&amp;", "&"))) == int(count), address


def test_the_tally_agrees_with_each_question_asked_alone() -> None:
    founding_case()
    kept = make_pledge(latest=date(2025, 4, 8))
    actor = make_reviewer()
    records.judge(
        pledge=kept,
        status="fulfilled",
        effective_on=date(2025, 4, 8),
        reason="Done.",
        sources=[make_source(actor=actor)],
        actor=actor,
        now=LAPSE,
    )
    make_pledge(latest=date(2025, 4, 20))
    published = Pledge.objects.published()
    for days in (-10, 0, 1, 40, 500):
        with time_machine.travel(LAPSE + timedelta(days=days), tick=False):
            moment = Moment.read()
        counts = tally(published, moment)
        assert counts.count() == published.count()
        for value in set(Timeliness) - {Timeliness.OVERDUE}:
            assert counts.count(timeliness=value) == moment.timely(published, value).count(), value
        assert counts.count(timeliness="overdue") == published.overdue(now=moment.now).count()


@pytest.mark.parametrize("off", [-1, 0, 1])
@pytest.mark.parametrize("ahead", [0, 14], ids=["it lapses", "it is due soon"])
def test_a_list_by_due_date_holds_what_the_others_hold(off: int, ahead: int) -> None:
    """It begins within its index: the instant before a bound, at it, and after it."""
    make_pledge(latest=date(2025, 4, 8))
    make_pledge(latest=date(2025, 4, 9))
    make_pledge(latest=None)
    make_pledge(latest=date(2025, 3, 1), made_on=date(2025, 2, 1))
    now = LAPSE - timedelta(days=ahead) + timedelta(microseconds=off)
    with time_machine.travel(now, tick=False):
        moment = Moment.read()
    assert moment.due_soon == timedelta(days=14)
    published = Pledge.objects.published()
    held = set()
    for value in Timeliness:
        newest = Filters(timeliness=value).apply(published, moment)
        due = Filters(timeliness=value, order="due").apply(published, moment)
        assert set(due) == set(newest)
        held |= {(value, each.pk) for each in due}
    assert len({pk for _value, pk in held}) == 4


@pytest.mark.parametrize("language", ["", "/ar", "/fr", "/es"])
def test_where_more_are_published_than_a_select_offers_their_own_list_is_named(
    client: Client, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(listing, "MOST_OFFERED", 2)
    first, second = make_pledge(title="First"), make_pledge(title="Second")
    records.make_draft(title="Not public")
    address = f"{language}/pledges/"
    html = client.get(address).content.decode()
    for pledge in (first, second):
        assert f'<option value="{pledge.case.slug}"' in html
        assert f'<option value="{pledge.bodies.get().slug}"' in html
    assert 'class="elsewhere"' not in html
    make_pledge(title="Third")
    html = client.get(address).content.decode()
    assert '<select id="case"' not in html
    assert '<select id="body"' not in html
    assert re.findall(r'class="elsewhere" href="([^"]*)"', html) == [
        f"{language}/cases/",
        f"{language}/bodies/",
    ]
    html = client.get(f"{address}?case={first.case.slug}").content.decode()
    assert re.findall(r'<option value="([^"]+)"[^>]* selected>', html) == [first.case.slug]
    assert html.count('class="elsewhere"') == 1
    assert 'class="entry"' in html
