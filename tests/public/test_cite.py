"""Citations: one form each for readers and programs, and no title can break out of any of them."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.conf import LazySettings
from django.test import Client
from django.utils import translation
from django.utils.html import strip_tags

from pledges.models import Pledge
from tests.support.records import make_pledge
from tracker.public.cite import Citation, bibtex, citation_of, forms, plain, ris, wikipedia
from tracker.public.moment import Moment

FINGERPRINT = "0123456789abcdef" * 4
ARABIC = "تسليم تقرير اللجنة"
CITED = Citation(
    reference="SY-2025-0001",
    title="Hand in the commission's report",
    site="Pledge tracker",
    address="https://pledges.example/pledges/SY-2025-0001/",
    language="en",
    published_on=date(2025, 3, 9),
    accessed_on=date(2026, 11, 27),
    entry=12,
    fingerprint=FINGERPRINT,
)


def titled(title: str) -> Citation:
    return replace(CITED, title=title)


def test_plain() -> None:
    assert unescape(strip_tags(plain(CITED))) == (
        "Pledge tracker. (9 March 2025). Hand in the commission's report (SY-2025-0001; entry 12, "
        "SHA-256 0123456789abcdef). Retrieved 27 November 2026, from "
        "https://pledges.example/pledges/SY-2025-0001/"
    )


def test_plain_keeps_words_of_another_direction_apart_by_markup_that_is_not_copied() -> None:
    text = plain(titled(ARABIC))
    assert f"<bdi>{ARABIC}</bdi> (<bdi>SY-2025-0001</bdi>;" in text
    assert not re.search("[\u2066-\u2069\u200e\u200f]", text)


def test_plain_shows_markup_as_words() -> None:
    assert "&lt;b&gt;{x}&lt;/b&gt;" in plain(titled("<b>{x}</b>"))


def test_plain_writes_days_as_the_reader_does() -> None:
    with translation.override("ar"):
        assert "27 تشرين الثاني/نوفمبر 2026" in plain(CITED)


def test_bibtex() -> None:
    assert bibtex(CITED) == (
        "@misc{SY-2025-0001,\n"
        "  author = {{Pledge tracker}},\n"
        "  title = {{Hand in the commission's report}},\n"
        "  year = {2025},\n"
        "  date = {2025-03-09},\n"
        "  url = {https://pledges.example/pledges/SY-2025-0001/},\n"
        "  urldate = {2026-11-27},\n"
        "  note = {SY-2025-0001, entry 12, SHA-256 0123456789abcdef}\n"
        "}"
    )


@pytest.mark.parametrize(
    ("title", "written"),
    [
        (ARABIC, ARABIC),
        ("50 % of $5 & more #1 a_b", r"50 \% of \$5 \& more \#1 a\_b"),
        ("}", r"\textbraceright{}"),
        ("{", r"\textbraceleft{}"),
        (r"\}", r"\textbackslash{}\textbraceright{}"),
        ("a~b^c", r"a\textasciitilde{}b\textasciicircum{}c"),
        ("two\n lines\u2028and more", "two lines and more"),
        (r"\input{/etc/passwd}", r"\textbackslash{}input\textbraceleft{}/etc/passwd\textbraceright{}"),
    ],
)
def test_bibtex_escapes(title: str, written: str) -> None:
    text = bibtex(titled(title))
    assert f"  title = {{{{{written}}}}},\n" in text


@pytest.mark.parametrize("title", ["}}}}, x = {", "{{{", "}", "\\{", "@misc{x,", '"'])
def test_bibtex_braces_are_balanced_whatever_the_title(title: str) -> None:
    """Counted as BibTeX counts them: a backslash before a brace changes nothing."""
    depth, text = 0, bibtex(titled(title))
    for place, sign in enumerate(text, 1):
        depth += (sign == "{") - (sign == "}")
        assert depth > 0 or place == len(text) or place <= len("@misc")
    assert depth == 0


def test_ris() -> None:
    assert ris(CITED).split("\n") == [
        "TY  - ELEC",
        "TI  - Hand in the commission's report",
        "AU  - Pledge tracker",
        "PY  - 2025",
        "DA  - 2025/03/09",
        "UR  - https://pledges.example/pledges/SY-2025-0001/",
        "Y2  - 2026/11/27",
        "N1  - SY-2025-0001, entry 12, SHA-256 0123456789abcdef",
        "LA  - en",
        "ER  - ",
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f"])
def test_ris_takes_no_field_from_a_title(end: str) -> None:
    text = ris(titled(f"Report{end}ER  - {end}TY  - BOOK"))
    assert len(text.splitlines()) == len(ris(CITED).splitlines())
    assert "TI  - Report ER - TY - BOOK" in text.splitlines()


def test_wikipedia() -> None:
    assert wikipedia(CITED) == (
        "{{cite web |url=https://pledges.example/pledges/SY-2025-0001/ "
        "|title=Hand in the commission's report |website=Pledge tracker |date=2025-03-09 "
        "|access-date=2026-11-27 |id=SY-2025-0001, entry 12, SHA-256 0123456789abcdef}}"
    )


@pytest.mark.parametrize(
    ("title", "written"),
    [
        (ARABIC, ARABIC),
        ("a|b", "a&#124;b"),
        ("}} {{delete}}", "&#125;&#125; &#123;&#123;delete&#125;&#125;"),
        ("[[x]] [y]", "&#91;&#91;x&#93;&#93; &#91;y&#93;"),
        ("<ref>", "&#60;ref&#62;"),
        ("~~~~", "&#126;" * 4),
        ("__NOTOC__", "&#95;&#95;NOTOC&#95;&#95;"),
        ("it's", "it's"),
        ("'''bold'''", "&#39;&#39;&#39;bold&#39;&#39;&#39;"),
        ("&#124;", "&#38;#124;"),
        ("two\nlines", "two lines"),
    ],
)
def test_wikipedia_escapes(title: str, written: str) -> None:
    assert f"|title={written} |website=" in wikipedia(titled(title))


def test_the_site_may_be_named_as_it_likes() -> None:
    """Its name comes from a setting, and is escaped like a title."""
    odd = replace(CITED, site="A|B {C}\nER  - ")
    assert "website=A&#124;B &#123;C&#125; ER -" in wikipedia(odd)
    assert "author = {{A|B \\textbraceleft{}C\\textbraceright{} ER -}}" in bibtex(odd)
    assert ris(odd).count("\nER  - ") == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "accessed"),
    [
        (datetime(2025, 5, 4, 23, 59, 59, tzinfo=UTC), date(2025, 5, 4)),
        (datetime(2025, 5, 5, 0, 0, tzinfo=UTC), date(2025, 5, 5)),
    ],
)
def test_the_day_of_access_is_that_of_utc_and_of_publication_that_of_the_pledge(
    now: datetime, accessed: date
) -> None:
    pledge = make_pledge(now=datetime(2025, 4, 10, 21, 30, tzinfo=UTC))
    moment = Moment(now=now, due_soon=timedelta(14), long_overdue=timedelta(30), stale=timedelta(90))
    cited = citation_of(pledge, moment, site="S", address="https://x.example/", language="en")
    assert (cited.accessed_on, cited.published_on) == (accessed, date(2025, 4, 11))


@pytest.mark.django_db
def test_the_page_offers_every_form_of_the_state_that_it_shows(
    client: Client, settings: LazySettings
) -> None:
    settings.TRACKER_SITE_URL = "https://pledges.example"
    pledge = make_pledge(title="<b>}} | 'x'")
    head = Pledge.objects.get(pk=pledge.pk)
    page = client.get(pledge.get_absolute_url()).content.decode()
    assert f"entry {head.head_position}, SHA-256 {head.head_hash[:16]}" in page
    assert head.head_position == head.events.count()
    assert f"UR  - https://pledges.example{pledge.get_absolute_url()}" in page
    assert "<b>" not in page
    names = [form.name for form in forms(CITED)]
    assert names == ["Text", "BibTeX", "RIS", "Wikipedia"]
    assert all(f"<h3>{name}</h3>" in page for name in names)
