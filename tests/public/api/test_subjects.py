"""Cases, bodies and checkpoints in the API."""

from datetime import date

import pytest
from django.test import Client

from pledges import record
from pledges.models import Body, Case, Checkpoint
from tests.public.api.conftest import Ask
from tests.public.api.test_pledges import SITE
from tests.support.founding import LAPSE, PRESENTED_AT, Founding
from tests.support.records import make_case, make_pledge, make_user
from tracker.public.api.answer import Total
from tracker.public.tally import MOST_COUNTED
from tracker.public.tally import Total as Counted


def test_cases_by_title_with_their_numbers(recorded: Founding, ask: Ask) -> None:
    make_case(actor=make_user(), title="A case of drafts")
    make_pledge(case=recorded.case, latest=date(2025, 4, 5), now=LAPSE)
    rows = ask("/cases")["items"]
    titles = list(Case.objects.published().order_by("title").values_list("title", flat=True))
    assert [row["title"]["text"] for row in rows] == titles
    assert "A case of drafts" not in titles
    coast = next(row for row in rows if row["slug"] == recorded.case.slug)
    assert coast["numbers"] == {"pledges": 3, "is_capped": False, "overdue": 1}
    assert coast["country"] == "SY"
    assert coast["summary"] == {
        "text": "What happened on the coast from 6 March 2025.",
        "language": "en",
        "original": None,
    }


def test_a_case_has_its_sources_and_a_link_to_its_pledges(recorded: Founding, ask: Ask) -> None:
    answer = ask(f"/cases/{recorded.case.slug}")
    assert [source["title"] for source in answer["sources"]] == ["Report on the case"]
    pledges = ask(answer["links"]["pledges"].removeprefix(SITE))
    assert pledges["total"]["number"] == answer["numbers"]["pledges"] == 2


def test_bodies_by_name_with_their_numbers(recorded: Founding, ask: Ask) -> None:
    rows = ask("/bodies")["items"]
    names = list(Body.objects.published().order_by("name").values_list("name", flat=True))
    assert [row["name"]["text"] for row in rows] == names
    commission = ask(f"/bodies/{recorded.commission.slug}")
    assert commission in rows
    assert commission["numbers"] == {"pledges": 1, "is_capped": False, "overdue": 0}
    assert (commission["kind"], commission["kind_label"]) == ("commission", "Commission")
    assert (commission["time_zone"], commission["description"]["text"]) == ("Asia/Damascus", "Seven members.")
    pledges = ask(commission["links"]["pledges"].removeprefix(SITE))
    assert [row["reference"] for row in pledges["items"]] == [recorded.report.reference]


@pytest.mark.parametrize("name", ["cases", "bodies", "checkpoints"])
def test_the_pages_of_each_list_hold_all_of_it_once(recorded: Founding, ask: Ask, name: str) -> None:
    record.take_checkpoint(now=PRESENTED_AT, even_if_taken=True)
    whole = ask(f"/{name}?size=100")["items"]
    assert len(whole) > 1
    answer = ask(f"/{name}?size=1")
    rows = answer["items"]
    while answer["next"]:
        answer = ask(answer["next"].removeprefix(SITE))
        assert len(answer["items"]) == 1
        rows += answer["items"]
    assert rows == whole
    before = ask(answer["previous"].removeprefix(SITE))
    assert before["items"] == whole[-2:-1]


@pytest.mark.parametrize("address", ["/cases/no-such", "/bodies/no-such", "/checkpoints/99"])
def test_what_is_not_there_is_not_found(recorded: Founding, ask: Ask, address: str) -> None:
    answer = ask(address, status=404)
    assert answer["problems"][0]["what"] == "Nothing is published under this name."


def test_a_checkpoint_has_the_facts_of_its_file(recorded: Founding, ask: Ask, client: Client) -> None:
    number = Checkpoint.objects.get().number
    answer = ask(f"/checkpoints/{number}")
    file = client.get(f"/checkpoints/{number}.json").json()
    assert {name: answer[name] for name in file} == file
    assert ask("/checkpoints")["items"] == [answer]
    assert client.get(answer["links"]["file"].removeprefix(SITE)).json() == file


def test_the_newest_checkpoint_comes_first(recorded: Founding, ask: Ask) -> None:
    record.take_checkpoint(now=PRESENTED_AT, even_if_taken=True)
    rows = ask("/checkpoints")["items"]
    assert [row["number"] for row in rows] == [2, 1]
    assert rows[0]["prev_hash"] == rows[1]["hash"]


@pytest.mark.parametrize(
    ("counted", "is_capped"), [(Counted(MOST_COUNTED), False), (Counted(MOST_COUNTED, True), True)]
)
def test_a_count_says_whether_it_is_all(counted: Counted, is_capped: bool) -> None:
    assert Total.of(counted).model_dump() == {"number": MOST_COUNTED, "is_capped": is_capped}
