"""Signs between words are those of the reader's language, also where no sentence is translated."""

import html
import re
from datetime import date

import pytest
from django.test import Client
from django.utils import translation

from pledges.punctuation import changed, colon, comma, headed, in_clauses, listed
from pledges.readings import day
from tests.support.founding import founding_case
from tracker.public.templatetags.public import plain_day

ARABIC = r"[\u0621-\u064a]"
# Words in another language keep their own signs, and so does BibTeX.
OF_OTHERS = re.compile(
    r'<(\w+)[^>]* lang="(?:en|fr|es)"[^>]*>.*?</\1>|<(script|style|pre)\b.*?</\2>', re.DOTALL
)
# Within a line, as the reader sees it: marks of what stands between tags count as nothing.
LATIN = re.compile(rf"{ARABIC}[\s\d+/.|]*[,;?]|[,;?][\s\d+/.|]*{ARABIC}")


@pytest.mark.parametrize(
    ("language", "two", "clauses"),
    [
        ("en", "a, b", "a; b"),
        ("fr", "a, b", "a\u00a0; b"),
        ("es", "a, b", "a; b"),
        ("ar", "a، b", "a؛ b"),
    ],
)
def test_each_language_has_its_signs(language: str, two: str, clauses: str) -> None:
    with translation.override(language):
        assert listed(["a", "", "b"]) == f"a{comma()}b" == two
        assert in_clauses(["a", "", "b"]) == clauses
        assert listed([]) == in_clauses([""]) == ""


def test_french_has_a_space_before_a_colon_too() -> None:
    assert headed("Action", "Reform") == f"Action{colon()}Reform" == "Action: Reform"
    with translation.override("fr"):
        assert headed("Action", "Réformer") == f"Action{colon()}Réformer" == "Action\u00a0: Réformer"


@pytest.mark.parametrize(("language", "first"), [("en", "1 May 2025"), ("fr", "1er mai 2025")])
def test_french_writes_the_first_of_a_month_as_an_ordinal(language: str, first: str) -> None:
    with translation.override(language):
        assert day(date(2025, 5, 1)) == plain_day(date(2025, 5, 1)) == first
        assert day(date(2025, 5, 11)).startswith("11 ")
        assert "1er" not in plain_day(date(2025, 5, 1), "month")


@pytest.mark.parametrize(
    ("language", "before", "after", "said"),
    [
        ("en", "3 May", "4 May", "3 May → 4 May"),
        ("ar", "3 أيار", "4 أيار", "3 أيار ← 4 أيار"),
        ("ar", "Old", "New", "\u2068Old\u2069 ← \u2068New\u2069"),
        ("en", "قديم", "New", "\u2068قديم\u2069 → New"),
    ],
)
def test_the_arrow_points_the_way_in_which_one_reads(
    language: str, before: str, after: str, said: str
) -> None:
    with translation.override(language):
        assert changed(before, after) == said


def seen(client: Client, address: str) -> str:
    page = OF_OTHERS.sub("", client.get(address).content.decode())
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "|", page)))


@pytest.mark.django_db
def test_no_latin_sign_stands_in_an_arabic_line(client: Client) -> None:
    case = founding_case()
    pages = [case.report.get_absolute_url(), "/pledges/", "/", "/overdue/", "/corrections/", "/data/"]
    subjects = [case.report.case.get_absolute_url(), case.report.bodies.all()[0].get_absolute_url()]
    for address in (*pages, *subjects):
        assert not LATIN.findall(seen(client, f"/ar{address}")), address


@pytest.mark.django_db
def test_the_lines_that_are_looked_at_have_signs(client: Client) -> None:
    report = founding_case().report
    text = seen(client, f"/ar{report.get_absolute_url()}")
    assert "؛" in text
    assert LATIN.search(text.replace("،", ","))
    assert LATIN.search("بيروت|, |جنيف")
