"""Signs between words are those of the reader's language, also where no sentence is translated."""

import html
import re

import pytest
from django.test import Client
from django.utils import translation

from pledges.punctuation import changed, comma, in_clauses, listed
from tests.support.founding import founding_case

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
