"""Pledges in the API: the facts of their pages, the same filters, the same order, the same pages."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from pledges import record
from pledges.deadlines.timeliness import Timeliness
from pledges.models import Pledge
from pledges.models.choices import Action, Status
from tests.public.api.conftest import NOW, Ask
from tests.support.founding import LAPSE, MARCH, Founding
from tests.support.records import make_draft, make_pledge, make_reviewer, make_source, make_user

SITE = "http://127.0.0.1:8000"


def references(answer: Any) -> list[str]:
    return [row["reference"] for row in answer["items"]]


def walk(ask: Ask, address: str, link: str = "next") -> list[list[str]]:
    """The references of each page, from the one at `address` along `link` to the end."""
    pages = []
    following: str | None = address
    while following:
        answer = ask(following.removeprefix(SITE))
        pages.append(references(answer))
        following = answer[link]
    return pages


def test_only_a_pledge_with_a_due_date_has_a_calendar(recorded: Founding, ask: Ask, client: Client) -> None:
    dated, undated = recorded.report.reference, recorded.trials.reference
    links = {row["reference"]: row["links"]["calendar"] for row in ask("/pledges")["items"]}
    assert (links[dated], links[undated]) == (f"{SITE}/pledges/{dated}/calendar.ics", None)
    assert ask(f"/pledges/{undated}")["links"]["calendar"] is None
    assert b"BEGIN:VEVENT" in client.get(links[dated].removeprefix(SITE)).content


def test_a_pledge_has_the_facts_of_its_page(recorded: Founding, ask: Ask) -> None:
    answer = ask(f"/pledges/{recorded.report.reference}")
    assert answer["title"]["text"] == "Hand in the commission's report"
    assert answer["quote"]["language"] == "ar"
    assert answer["quote"]["text"].startswith("ستسلّم اللجنة")
    assert (answer["quote"]["form"], answer["quote"]["form_label"]) == ("verbatim", "Verbatim")
    assert answer["quote"]["translation"]["language"] == "en"
    assert answer["speaker"] == "Presidency of Syria, decision no. 3"
    assert (answer["made_on"], answer["made_on_precision"]) == ("2025-03-09", "day")
    assert answer["case"]["slug"] == recorded.case.slug
    assert {body["name"]["text"] for body in answer["bodies"]} == {
        "National commission",
        "Presidency of Syria",
    }
    assert answer["note"]["text"] == "The decision obliges the commission to report, not to publish."
    assert (answer["timeliness"], answer["timeliness_label"]) == ("met_late", "Met late")
    assert (answer["status"], answer["met_on"]) == ("fulfilled", "2025-07-22")
    assert answer["lapses_at"] == "2025-07-10T21:00:00.000000Z"
    assert [each["reference"] for each in answer["followed_by"]] == [recorded.trials.reference]
    assert (answer["follows"], answer["part_of"], answer["parts"]) == (None, None, [])
    first, second = answer["sources"]
    assert (first["url"], first["locator"]) == ("https://gazette.example/decree-3", "Article 4")
    assert first["stored_copy_url"] == "https://archive.example/decree-3"
    assert (second["title"], second["stored_copy_url"]) == ("Press report on the decree", None)


def test_lateness_is_told_against_the_last_date_and_the_first(recorded: Founding, ask: Ask) -> None:
    late = ask(f"/pledges/{recorded.report.reference}")["lateness"]
    assert late == {
        "due_on": "2025-07-10",
        "first_due_on": "2025-04-08",
        "moves": 1,
        "slip_days": 93,
        "counted_until": "2025-07-22",
        "days": 12,
        "days_against_first": 105,
        "sentence": "moved once, +93 days; 12 days late against the last date, 105 against the first",
    }


def test_the_ledger_says_how_each_date_came_about(recorded: Founding, ask: Ask) -> None:
    first, second = ask(f"/pledges/{recorded.report.reference}")["deadlines"]
    assert (first["number"], first["kind"], first["is_in_force"]) == (1, "original", False)
    assert (first["latest"], first["moved_days"]) == ("2025-04-08", None)
    assert first["phrase"] == {"text": "within 30 days", "language": "en"}
    assert first["derivation"].endswith("= 8 April 2025, end of day in Damascus")
    assert (second["kind"], second["is_in_force"], second["moved_days"]) == ("extension", True, 93)
    assert (second["announced_by"], second["announced_on"]) == ("President of Syria", "2025-04-10")
    assert second["reason"] == "At the commission's request."
    assert second["source"]["title"] == "Report on decision no. 11"
    (undated,) = ask(f"/pledges/{recorded.trials.reference}")["deadlines"]
    assert (undated["latest"], undated["precision"], undated["lapses_at"]) == (None, None, None)
    assert undated["no_date_reason"] == "vague"


def test_what_was_judged_and_what_the_body_answered(recorded: Founding, ask: Ask) -> None:
    answer = ask(f"/pledges/{recorded.report.reference}")
    judged = answer["assessment"]
    assert (judged["status"], judged["on"]) == ("fulfilled", "2025-07-22")
    assert judged["reason"] == "The findings were presented that day."
    (evidence,) = judged["rests_on"]
    events = ask(f"/pledges/{recorded.report.reference}/events")["items"]
    assert next(e for e in events if e["number"] == evidence)["update_kind"] == "fulfilment"
    (reply,) = answer["replies"]
    assert reply["text"]["language"] == "ar"
    assert reply["body"]["slug"] in {body["slug"] for body in answer["bodies"]}
    assert ask(f"/pledges/{recorded.trials.reference}")["assessment"] is None


def test_the_fingerprint_is_the_head_of_the_chain(recorded: Founding, ask: Ask) -> None:
    recorded.report.refresh_from_db()
    answer = ask(f"/pledges/{recorded.report.reference}")
    assert answer["fingerprint"] == {
        "stream": f"pledge:{recorded.report.reference}",
        "number": recorded.report.head_position,
        "hash": recorded.report.head_hash,
    }
    last = ask(f"/pledges/{recorded.report.reference}/events")["items"][-1]
    assert last["hash"] == answer["fingerprint"]["hash"]


def test_every_link_leads_somewhere(recorded: Founding, ask: Ask, client: Client) -> None:
    answer = ask(f"/pledges/{recorded.report.reference}?lang=fr")
    links = [*answer["links"].values(), answer["address"], answer["case"]["address"]]
    links += [body["address"] for body in answer["bodies"]]
    for link in links:
        assert link.startswith(f"{SITE}/"), link
        assert client.get(link.removeprefix(SITE)).status_code == 200, link
    assert answer["links"]["page"] == f"{SITE}/fr/pledges/{recorded.report.reference}/"


def test_labels_and_sentences_come_in_the_language_asked_for(recorded: Founding, ask: Ask) -> None:
    address = f"/pledges/{recorded.report.reference}"
    english, arabic = ask(address), ask(f"{address}?lang=ar")
    told = ("timeliness_label", "status_label", "verdict", "action_label")
    for name in told:
        assert re.search("[\u0600-\u06ff]", arabic[name]), name
        assert not re.search("[\u0600-\u06ff]", english[name]), name
    assert arabic["deadlines"][0]["derivation"] != english["deadlines"][0]["derivation"]
    for name in ("quote", "timeliness", "status", "met_on", "title"):
        same = {**arabic[name], "form_label": ""} if name == "quote" else arabic[name]
        assert same == ({**english[name], "form_label": ""} if name == "quote" else english[name])


@pytest.mark.parametrize(
    ("after", "timeliness", "days"),
    [
        (timedelta(microseconds=-1), "due_soon", 0),
        (timedelta(0), "overdue", 1),
        (timedelta(days=30), "long_overdue", 31),
    ],
)
def test_the_clock_is_that_of_the_request(
    db: None, client: Client, after: timedelta, timeliness: str, days: int
) -> None:
    """8 April ends in Damascus at 21:00 UTC."""
    pledge = make_pledge(latest=date(2025, 4, 8))
    with time_machine.travel(LAPSE + after, tick=False):
        answer = client.get(f"/api/v1/pledges/{pledge.reference}").json()
        listed = client.get(f"/api/v1/pledges?timeliness={timeliness}").json()
    assert answer["timeliness"] == timeliness
    assert references(listed) == [pledge.reference]
    assert answer["lateness"]["days"] == days


def filter_queries(case: Founding) -> list[str]:
    choices: list[tuple[str, list[str]]] = [
        ("case", [case.case.slug]),
        ("body", [case.commission.slug, case.presidency.slug]),
        ("action", list(Action.values)),
        ("status", list(Status.values)),
        ("timeliness", list(Timeliness)),
        ("words", ["report", "LIST", "absent", "ثلاثين"]),
        ("order", ["best", "newest", "due"]),
    ]
    alone = [f"{name}={value}" for name, values in choices for value in values]
    return ["", *alone, f"case={case.case.slug}&body={case.presidency.slug}&order=due&words=commission"]


def test_the_filters_give_the_rows_of_the_page(recorded: Founding, ask: Ask, client: Client) -> None:
    found = {}
    for query in filter_queries(recorded):
        with time_machine.travel(NOW, tick=False):
            html = client.get(f"/pledges/?{query}").content.decode()
        shown = re.findall(r'<h3><a href="/pledges/([A-Z0-9-]+)/"', html)
        answer = ask(f"/pledges?{query}")
        assert references(answer) == shown, query
        assert answer["total"] == {"number": len(shown), "is_capped": False}, query
        found[query] = shown
    # They do filter: not all of them give the same.
    assert len({tuple(rows) for rows in found.values()}) > 4


def make_some(count: int) -> None:
    author = make_user()
    first = make_pledge(actor=author, latest=None)
    for number in range(1, count):
        make_pledge(
            actor=author,
            case=first.case,
            source=first.source,
            bodies=list(first.bodies.all()),
            latest=date(2025, 5, 1 + number % 3),
        )


@pytest.mark.parametrize("query", ["", "order=due&", "words=report&lang=es&"])
@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_the_pages_hold_all_pledges_once_forward_and_back(db: None, ask: Ask, query: str, size: int) -> None:
    make_some(7)
    pages = walk(ask, f"/pledges?{query}size={size}")
    rows = [reference for page in pages for reference in page]
    assert len(rows) == len(set(rows)) == Pledge.objects.published().count() == 7
    assert [len(page) for page in pages[:-1]] == [size] * (len(pages) - 1)
    answer = ask(f"/pledges?{query}size={size}")
    assert answer["previous"] is None
    while answer["next"]:
        answer = ask(answer["next"].removeprefix(SITE))
    back = walk(ask, answer["previous"].removeprefix(SITE), "previous") if answer["previous"] else []
    assert [*back[::-1], references(answer)] == pages


def test_a_page_has_25_rows_unless_asked_for_more(db: None, ask: Ask) -> None:
    make_some(26)
    assert len(ask("/pledges")["items"]) == 25
    assert len(ask("/pledges?size=26")["items"]) == 26


def test_what_was_taken_off_is_gone_and_what_never_was_public_unknown(recorded: Founding, ask: Ask) -> None:
    off = Pledge.objects.get(publication="unpublished")
    for address in (f"/pledges/{off.reference}", f"/pledges/{off.reference}/events"):
        answer = ask(address, status=410)
        assert (answer["status"], answer["off_on"]) == (410, "2025-07-22")
        assert answer["reason"] == "A relative asked."
        assert off.title not in str(answer)
    for reference in (make_draft(now=MARCH).reference, "SY-2025-9999"):
        for address in (f"/pledges/{reference}", f"/pledges/{reference}/events"):
            answer = ask(address, status=404)
            assert answer["problems"][0]["where"] == "reference"


def test_our_own_words_come_translated_with_what_they_translate(recorded: Founding, ask: Ask) -> None:
    actor = make_reviewer()
    for subject, field, text in (
        (recorded.report, "title", "تسليم تقرير اللجنة"),
        (recorded.report, "note", "القرار يلزم اللجنة بالتقرير لا بنشره."),
        (recorded.case, "title", "العنف في الساحل"),
        (recorded.commission, "name", "اللجنة الوطنية"),
    ):
        record.translate(subject=subject, field=field, language="ar", text=text, actor=actor, now=NOW)
    original = {"text": "Hand in the commission's report", "language": "en"}
    translated = {"text": "تسليم تقرير اللجنة", "language": "ar", "original": original}
    answer = ask(f"/pledges/{recorded.report.reference}?lang=ar")
    assert answer["title"] == translated
    assert answer["note"]["language"] == "ar"
    assert answer["case"]["title"]["text"] == "العنف في الساحل"
    assert "اللجنة الوطنية" in {body["name"]["text"] for body in answer["bodies"]}
    rows = ask("/pledges?lang=ar")["items"]
    assert next(row for row in rows if row["reference"] == recorded.report.reference)["title"] == translated
    # Named within another one too.
    assert ask(f"/pledges/{recorded.trials.reference}?lang=ar")["follows"]["title"] == translated
    for address in (f"/cases/{recorded.case.slug}", f"/bodies/{recorded.commission.slug}"):
        whole = ask(f"{address}?lang=ar")
        assert (whole.get("title") or whole["name"])["language"] == "ar"
        listed = ask(f"{address.rpartition('/')[0]}?lang=ar")["items"]
        assert [row for row in listed if (row.get("title") or row["name"])["language"] == "ar"]
    untranslated = {**original, "original": None}
    assert ask(f"/pledges/{recorded.report.reference}?lang=fr")["title"] == untranslated
    assert ask(f"/pledges/{recorded.report.reference}")["title"] == untranslated


def test_a_part_names_its_whole_and_the_whole_its_part(db: None, ask: Ask) -> None:
    whole = make_pledge()
    part = make_pledge(case=whole.case, parent=whole, source=make_source(actor=make_user()))
    draft = make_draft(case=whole.case, parent=whole)
    assert ask(f"/pledges/{part.reference}")["part_of"]["reference"] == whole.reference
    assert [each["reference"] for each in ask(f"/pledges/{whole.reference}")["parts"]] == [part.reference]
    record.publish(pledge=draft, actor=make_reviewer(), now=LAPSE)
    assert len(ask(f"/pledges/{whole.reference}")["parts"]) == 2
