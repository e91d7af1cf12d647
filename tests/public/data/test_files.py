"""What the files say, read back: the same rows in three forms, as the pages show them."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from pledges import record
from pledges.models import Case, Event, Update
from pledges.models.choices import PUBLIC_EVENT_KINDS
from tests.public.conftest import make_many
from tests.public.data.files import ENDINGS, FILES, TABLES, fetch, read_csv, read_json, read_sheets
from tests.support import founding
from tests.support.founding import EXTENDED_AT, LAPSE, LAST_INSTANT, PRESENTED_AT, Founding, founding_case
from tests.support.records import make_draft, make_reviewer, make_user
from tracker.watch.sweep import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Iterator[Founding]:
    """The founding case as it stood on 22 July 2025, when the report came late."""
    made = founding_case()
    sweep(now=LAPSE)
    founding.extend(made)
    founding.present(made)
    with time_machine.travel(PRESENTED_AT, tick=False):
        yield made


def by(rows: list[dict[str, Any]], **wanted: str) -> dict[str, Any]:
    [found] = [row for row in rows if all(row[name] == value for name, value in wanted.items())]
    return found


def test_a_pledge_in_full(client: Client, case: Founding) -> None:
    report = by(read_json(client, "pledges"), reference=case.report.reference)
    assert report == {
        "reference": case.report.reference,
        "url": f"http://127.0.0.1:8000{case.report.get_absolute_url()}",
        "title": "Hand in the commission's report",
        "quote": founding.ARABIC,
        "quote_form": "verbatim",
        "quote_language": "ar",
        "quote_translation": founding.TRANSLATION,
        "translation_language": "en",
        "speaker": "Presidency of Syria, decision no. 3",
        "bodies": ["national-commission", "presidency-of-syria"],
        "case": "violence-on-the-coast",
        "action": "report",
        "made_on": "2025-03-09",
        "source": case.report.source_id,
        "source_locator": "Article 4",
        "source_url": "https://gazette.example/decree-3",
        "other_sources": [each.pk for each in case.report.other_sources.all()],
        "note": "The decision obliges the commission to report, not to publish.",
        "follows": "",
        "part_of": "",
        "due_on": "2025-07-10",
        "due_precision": "day",
        "no_date_reason": "",
        "time_zone": "Asia/Damascus",
        "lapses_at": "2025-07-10T21:00:00.000000Z",
        "first_due_on": "2025-04-08",
        "moves": 1,
        "status": "fulfilled",
        "met_on": "2025-07-22",
        "checked_on": "2025-07-22",
        "timeliness": "met_late",
        "days_late": 12,
        "days_past_first": 105,
        "as_of": "2025-07-22T18:00:00.000000Z",
        "flagged_overdue_at": None,
        "published_at": "2025-03-09T12:00:00.000000Z",
    }


def test_no_date_is_invented(client: Client, case: Founding) -> None:
    trials = by(read_json(client, "pledges"), reference=case.trials.reference)
    assert (trials["due_on"], trials["no_date_reason"], trials["timeliness"]) == (None, "vague", "no_date")
    assert (trials["days_late"], trials["lapses_at"], trials["due_precision"]) == (None, None, "")
    assert trials["made_on"] == "2025-03"
    assert trials["follows"] == case.report.reference
    assert trials["translation_language"] == ""


@pytest.mark.parametrize(
    ("now", "timeliness", "days"),
    [(LAST_INSTANT, "due_soon", "0"), (LAPSE, "overdue", "1"), (EXTENDED_AT, "overdue", "2")],
)
def test_nothing_is_late_before_its_last_day_has_ended(
    client: Client, now: datetime, timeliness: str, days: str
) -> None:
    """8 April ends in Damascus at 21:00 UTC. What a file says of lateness has the instant beside it."""
    report = founding_case().report
    with time_machine.travel(now, tick=False):
        row = by(read_csv(client, "pledges"), reference=report.reference)
    assert (row["timeliness"], row["days_late"]) == (timeliness, days)
    assert row["as_of"].startswith(now.isoformat()[:19])


def test_the_ledger_keeps_every_date(client: Client, case: Founding) -> None:
    rows = [row for row in read_csv(client, "deadlines") if row["pledge"] == case.report.reference]
    told = [(row["number"], row["kind"], row["due_on"], row["is_in_force"]) for row in rows]
    assert told == [("1", "original", "2025-04-08", "false"), ("2", "extension", "2025-07-10", "true")]
    assert rows[0]["phrase"] == "within 30 days"
    assert (rows[0]["anchor_on"], rows[0]["anchor_label"]) == ("2025-03-09", "the decree")
    assert rows[1]["announced_by"] == "President of Syria"
    assert rows[1]["recorded_at"] == "2025-04-10T12:00:00.000000Z"


def test_the_events_are_those_of_the_timeline(client: Client, case: Founding) -> None:
    rows = [row for row in read_json(client, "events") if row["pledge"] == case.report.reference]
    public = Event.objects.filter(pledge=case.report, kind__in=PUBLIC_EVENT_KINDS).order_by("position")
    assert [(row["number"], row["hash"]) for row in rows] == [(e.position, e.hash) for e in public]
    told = {row["update_kind"] or row["kind"]: row for row in rows}
    assert told["became_overdue"]["deadline"] == 1
    assert told["deadline_moved"]["text"].startswith("From 8 April 2025 to 10 July 2025 (+93 days).")
    assert (told["reply"]["by_body"], told["reply"]["language"]) == ("presidency-of-syria", "ar")
    judged = told["assessed"]
    assert (judged["status"], judged["is_confirmed"]) == ("fulfilled", False)
    assert judged["rests_on"] == [told["fulfilment"]["number"]]
    assert judged["url"].endswith(f"{case.report.get_absolute_url()}#event-{judged['number']}")
    numbers = {row["id"] for row in read_json(client, "sources")}
    assert {number for row in rows for number in row["sources"]} <= numbers


def test_an_update_is_told_as_it_stands_and_says_by_what_it_was_corrected(
    client: Client, case: Founding
) -> None:
    update = Update.objects.get(pledge=case.report, kind="fulfilment")
    record.amend_update(
        update=update,
        changes={"text": "The commission hands in its report.", "happened_on": date(2025, 7, 21)},
        reason="A slip of ours.",
        actor=make_user(),
        now=PRESENTED_AT,
    )
    rows = read_json(client, "events")
    entry = by(rows, update_kind="fulfilment")
    mend = by(rows, kind="corrected")
    assert (entry["text"], entry["happened_on"]) == ("The commission hands in its report.", "2025-07-21")
    assert (entry["corrected_by"], mend["corrects"]) == ([mend["number"]], entry["number"])
    assert mend["text"] == "A slip of ours."
    before = {"field": "text", "before": "The commission presents its findings."}
    assert before | {"after": "The commission hands in its report."} in mend["changes"]
    assert (
        '"after": "The commission hands in its report."'
        in by(read_csv(client, "events"), kind="corrected")["changes"]
    )


def test_a_mended_case_is_an_event_of_its_own(client: Client, case: Founding) -> None:
    record.amend_subject(
        subject=case.case,
        changes={"summary": "What happened from 7 March 2025."},
        reason="The day was wrong.",
        actor=make_reviewer(),
        now=PRESENTED_AT,
    )
    row = by(read_json(client, "events"), subject=f"case:{case.case.slug}")
    assert (row["pledge"], row["url"], row["text"]) == ("", "", "The day was wrong.")
    assert [change["field"] for change in row["changes"]] == ["summary"]


def test_cases_bodies_and_sources(client: Client, case: Founding) -> None:
    [row] = read_json(client, "cases")
    assert (row["slug"], row["country"]) == ("violence-on-the-coast", "SY")
    assert row["sources"] == [Case.objects.get().sources.get().pk]
    commission = by(read_csv(client, "bodies"), slug="national-commission")
    assert (commission["name"], commission["kind"]) == ("National commission", "commission")
    decree = by(read_csv(client, "sources"), url="https://gazette.example/decree-3")
    assert (decree["title"], decree["language"]) == ("نص القرار رقم ٣", "ar")
    assert decree["archived_url"] == "https://archive.example/decree-3"
    assert decree["published_on"] == "2025-03-09"


@pytest.mark.parametrize("table", TABLES)
def test_the_three_files_of_a_table_say_the_same(client: Client, case: Founding, table: str) -> None:
    rows = read_json(client, table)
    plain = read_csv(client, table)
    assert len(rows) == len(plain) > 0
    assert list(rows[0]) == list(plain[0])
    assert read_sheets(client, table) == {table: plain}
    assert read_sheets(client, "record")[table] == plain


def test_an_empty_record_has_files_too(client: Client) -> None:
    make_draft()
    for table in TABLES:
        assert (read_json(client, table), read_csv(client, table)) == ([], [])
    assert read_sheets(client, "record") == {table: [] for table in TABLES}
    answer = client.get("/data/pledges.csv")
    assert answer["Content-Disposition"] == 'attachment; filename="pledges.csv"'


def test_the_name_of_a_file_has_the_day_of_the_last_event(client: Client, case: Founding) -> None:
    for address in FILES[: len(TABLES) * len(ENDINGS)]:
        table, _, ending = address.removeprefix("/data/").partition(".")
        answer = client.get(address)
        assert answer["Content-Disposition"] == f'attachment; filename="{table}-2025-07-22.{ending}"'


def test_headers_alone_don_t_read_the_record(client: Client, case: Founding) -> None:
    for address in ("/data/events.csv", "/data/events.jsonl", "/data/record.xlsx"):
        with CaptureQueriesContext(connection) as captured:
            answer = client.head(address)
        asked = len(captured)
        assert (answer.status_code, answer.getvalue()) == (200, b"")
        assert "Content-Length" not in answer
        for name in ("Content-Type", "Content-Disposition"):
            assert answer[name] == client.get(address)[name]
        assert asked == 1, address


@pytest.mark.parametrize(
    "address", ["/data/users.csv", "/data/record.csv", "/data/pledges.xml", "/data/x.xlsx"]
)
def test_what_is_no_table_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_files_are_only_read(client: Client) -> None:
    assert {client.post(address).status_code for address in FILES} == {405}


def test_every_answer_is_as_safe_as_a_page(client: Client, case: Founding) -> None:
    client.force_login(make_reviewer())
    for address in FILES:
        answer = client.get(address, headers={"accept-encoding": "gzip"})
        assert not answer.cookies, address
        assert "Cookie" not in answer.get("Vary", ""), address
        assert answer["Content-Security-Policy"].startswith("default-src 'none'"), address
        assert answer["X-Content-Type-Options"] == "nosniff", address
        assert (answer.get("Content-Encoding") == "gzip") is not address.endswith(".xlsx"), address


@pytest.mark.parametrize("table", TABLES)
def test_more_rows_ask_no_more(client: Client, table: str) -> None:
    asked = []
    for _round in range(2):
        make_many(10)
        with CaptureQueriesContext(connection) as captured:
            fetch(client, f"/data/{table}.csv")
        asked.append(len(captured))
    assert asked[0] == asked[1] <= 5
