"""Our own texts on the pages of another language: translated and said to be, or marked as what they are."""

import html
import re
from urllib.parse import urlsplit

import feedparser
import pytest
from django.test import Client

from pledges import record
from pledges.models import Body, Case, Pledge
from tests.public.addresses import all_addresses
from tests.public.conftest import make_many
from tests.public.test_queries import addresses, statements
from tests.support.founding import LAPSE, MARCH, Founding, founding_case
from tests.support.records import make_draft, make_reviewer, make_user
from tracker.public.embeds.subjects import Embed
from tracker.public.languages import in_language
from tracker.watch.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]
TITLE = "تسليم تقرير اللجنة"
COAST = "أعمال العنف في الساحل"
SUMMARY = "ما حدث في الساحل منذ 6 آذار/مارس 2025."
COMMISSION = "اللجنة الوطنية"
SEVEN = "سبعة أعضاء."
WHOLE = re.compile(
    r'<(title|script|textarea)\b.*?</\1>|<details class="cite">.*?</details>|<(?:meta|link)\b[^>]*>',
    re.DOTALL,
)
NOTE = "يُلزم القرار اللجنة بتقديم التقرير لا بنشره."


def translate(subject: Pledge | Case | Body, field: str, text: str, reason: str = "") -> None:
    record.translate(
        subject=subject,
        field=field,
        language="ar",
        text=text,
        actor=make_user(),
        now=LAPSE,
        reason=reason,
    )


def in_arabic() -> Founding:
    """The founding case, all of it but the promise of trials and the presidency said in Arabic."""
    found = founding_case()
    for subject, field, text in (
        (found.report, "title", TITLE),
        (found.report, "note", NOTE),
        (found.case, "title", COAST),
        (found.case, "summary", SUMMARY),
        (found.commission, "name", COMMISSION),
        (found.commission, "description", SEVEN),
    ):
        translate(subject, field, text)
    return found


def text_of(client: Client, address: str) -> str:
    return html.unescape(client.get(in_language(address, "ar")).content.decode())


def test_a_pledge_is_called_by_its_translation_and_the_original_stands_below(client: Client) -> None:
    found = in_arabic()
    page = text_of(client, found.report.get_absolute_url())
    assert f"<h1><bdi>{TITLE}</bdi></h1>" in page
    assert f"<title>{found.report.reference} {TITLE} ·" in page
    assert f'<bdi lang="en" dir="ltr">{found.report.title}</bdi></p>' in page
    assert f"<bdi>{COAST}</bdi>" in page
    assert f"<bdi>{COMMISSION}</bdi>" in page
    # What nobody translated is shown as it was written, and marked.
    assert f'<bdi lang="en" dir="ltr">{found.presidency.name}</bdi>' in page
    assert f'<bdi lang="en" dir="ltr">{found.trials.title}</bdi>' in page


def test_a_long_text_has_its_original_folded_away(client: Client) -> None:
    found = in_arabic()
    for subject, text, original in (
        (found.report, NOTE, found.report.note),
        (found.case, SUMMARY, found.case.summary),
        (found.commission, SEVEN, found.commission.description),
    ):
        page = " ".join(text_of(client, subject.get_absolute_url()).split())
        assert re.search(rf'lang="ar" dir="rtl"><p>{re.escape(text)}</p>', page)
        folded = re.search(r'<details class="original">.*?</details>', page)
        assert folded is not None
        assert f'<div lang="en" dir="ltr"><p>{original}</p></div>' in folded[0]


def test_the_words_that_were_said_are_never_replaced(client: Client) -> None:
    found = in_arabic()
    assert found.report.quote in text_of(client, found.report.get_absolute_url())
    assert found.report.quote_translation in text_of(client, found.report.get_absolute_url())


def test_the_pages_in_the_language_of_the_originals_stay_as_they_are(client: Client) -> None:
    found = in_arabic()
    for address in all_addresses():
        page = html.unescape(client.get(address).content.decode())
        if address.startswith(found.report.get_absolute_url()):
            # Its history tells that a translation was added, and which.
            page = page.replace(TITLE, "", 1).replace(NOTE, "", 1)
        assert not [each for each in (TITLE, COAST, SUMMARY, COMMISSION, SEVEN) if each in page], address
        assert "Translated from" not in page


def test_no_page_in_arabic_shows_an_english_title_unmarked(client: Client) -> None:
    found = in_arabic()
    marked = re.compile(r'<(\w+)[^>]* lang="en" dir="ltr"[^>]*>.*?</\1>', re.DOTALL)
    originals = [found.trials.title, found.presidency.name]
    seen = set()
    for address in all_addresses():
        if not address.endswith("/"):
            continue
        page = text_of(client, address)
        seen |= {each for each in originals if each in page}
        # A speaker is what the source says, and no text of ours.
        bare = marked.sub("", page).replace(found.report.speaker, "")
        # Programs and citations take a title as a whole; what an attribute holds can have no language.
        bare = WHOLE.sub("", bare)
        assert not [each for each in originals if each in bare], address
        assert found.case.title not in bare, address
    assert seen == set(originals)


def test_a_stale_translation_is_shown_nowhere(client: Client) -> None:
    found = in_arabic()
    record.amend_pledge(
        pledge=found.report,
        changes={"title": "Hand in the report"},
        reason="Shorter.",
        actor=make_user(),
        now=LAPSE,
    )
    record.amend_subject(
        subject=found.case, changes={"title": "Coast"}, reason="Shorter.", actor=make_user(), now=LAPSE
    )
    for address in ("/", "/pledges/", "/cases/", "/feed.atom", found.case.get_absolute_url()):
        page = text_of(client, address)
        assert TITLE not in page, address
        assert COAST not in page, address
    assert '<h1><bdi lang="en" dir="ltr">Hand in the report</bdi></h1>' in text_of(
        client, found.report.get_absolute_url()
    )


def test_feeds_and_calendars_speak_the_readers_language(client: Client) -> None:
    found = in_arabic()
    for address, title in (
        (found.report.get_absolute_url(), f"{found.report.reference} {TITLE}"),
        (found.case.get_absolute_url(), COAST),
        (found.commission.get_absolute_url(), COMMISSION),
    ):
        feed = feedparser.parse(client.get(in_language(f"{address}feed.atom", "ar")).content)
        assert feed.feed.title == title
        assert any(TITLE in entry.title for entry in feed.entries)
    calendar = client.get("/ar/calendar.ics").content.decode().replace("\r\n ", "")
    assert TITLE in calendar
    assert found.report.title not in calendar


def test_cards_badges_and_citations_speak_it_too(client: Client) -> None:
    found = in_arabic()
    for subject, name in ((found.report, TITLE), (found.case, COAST), (found.commission, COMMISSION)):
        embed = Embed(subject)
        card = html.unescape(client.get(f"/ar{urlsplit(embed.card).path}").content.decode())
        assert f"<bdi>{name}</bdi>" in card
        assert name in client.get(f"/ar{urlsplit(embed.badge).path}").content.decode()
    page = text_of(client, found.report.get_absolute_url())
    assert f"title = {{{{{TITLE}}}}}" in page


def test_translations_are_no_news_and_changed_ones_are_corrections(client: Client) -> None:
    found = in_arabic()
    first = feedparser.parse(client.get("/feed.atom").content)
    assert not [entry for entry in first.entries if entry.category == "translated"]
    assert "Nothing has been corrected yet" in client.get("/corrections/").content.decode()
    translate(found.report, "title", "تسليم التقرير", reason="It said more than the original.")
    translate(found.case, "title", "الساحل", reason="Shorter.")
    page = client.get("/corrections/").content.decode()
    for words in (
        "Translation changed",
        "title in Arabic",
        f'<del dir="auto">{TITLE}</del> <ins dir="auto">تسليم التقرير</ins>',
        "It said more than the original.",
        f'<del dir="auto">{COAST}</del> <ins dir="auto">الساحل</ins>',
    ):
        assert words in page, words
    corrections = feedparser.parse(client.get("/corrections.atom").content)
    assert len(corrections.entries) == 2
    assert "It said more than the original." in client.get(found.report.get_absolute_url()).content.decode()
    assert "It said more" not in client.get("/").content.decode()


def test_a_correction_names_its_subject_in_the_readers_language(client: Client) -> None:
    found = in_arabic()
    translate(found.report, "note", "ملاحظة.", reason="Shorter.")
    assert f"<bdi>{TITLE}</bdi>" in text_of(client, "/corrections/")


def test_a_reader_chooses_and_searches_in_her_language(client: Client) -> None:
    found = in_arabic()
    page = text_of(client, f"/pledges/?case={found.case.slug}")
    assert f'<option value="{found.case.slug}" selected>{COAST}</option>' in page
    presidency = (
        f'<option value="{found.presidency.slug}" lang="en" dir="ltr">{found.presidency.name}</option>'
    )
    assert presidency in page
    for word in ("تسليم", "العنف", "الوطنية"):
        assert f"<bdi>{TITLE}</bdi>" in text_of(client, f"/pledges/?words={word}"), word


def test_what_is_stale_is_not_found(client: Client) -> None:
    found = in_arabic()
    assert TITLE in text_of(client, "/pledges/?words=تسليم")
    record.amend_pledge(
        pledge=found.report, changes={"title": "Other"}, reason="Other.", actor=make_user(), now=LAPSE
    )
    assert "SY-2025-0001" not in text_of(client, "/pledges/?words=تسليم")


def test_translations_of_drafts_show_nowhere(client: Client) -> None:
    draft = make_draft(now=MARCH)
    for subject, field in ((draft, "title"), (draft.case, "title"), (draft.bodies.get(), "name")):
        translate(subject, field, "زززز")
    for address in all_addresses():
        assert "زززز" not in text_of(client, address), address
    record.publish(pledge=draft, actor=make_reviewer(), now=LAPSE)
    assert "زززز" in text_of(client, "/pledges/")


@pytest.mark.parametrize("count", [3, 60])
def test_another_language_costs_one_statement_at_most(client: Client, count: int) -> None:
    for pledge in make_many(count):
        translate(pledge, "title", f"نشر التقرير {pledge.reference}")
    sweep(now=LAPSE)
    asked = {each: statements(client, each) for each in addresses()}
    again = {each: statements(client, in_language(each, "ar")) for each in asked}
    # A feed or a calendar of one subject looks for the name of that one before it has its entries.
    allowed = {each: 1 + each.endswith((".atom", ".ics")) for each in asked}
    assert {each: n for each, n in again.items() if n > asked[each] + allowed[each]} == {}
