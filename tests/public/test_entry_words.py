"""What happened, and why it was judged so, in the reader's language; the original one tap away."""

import html
import re
from datetime import date

import feedparser
import pytest
from django.test import Client
from django.utils.translation import override

from pledges import record
from pledges.models import Event, Source
from pledges.models.choices import DeadlineKind
from pledges.wordings import originals
from tests.public.test_queries import addresses, statements
from tests.support.founding import LAPSE, MARCH, Founding, founding_case
from tests.support.records import judge, make_source, make_user
from tracker.alerts.context import news_facts, say_here
from tracker.public.languages import in_language
from tracker.public.templatetags.public import title_language
from tracker.watch.sweep import sweep

FOLDED = re.compile(r'<details class="original">.*?</details>|<p class="facts original">.*?</p>')
# Programs and citations take the words as they were written.
WHOLE = re.compile(r'<details class="cite">.*?</details>|<script.*?</script>')
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("undrawn")]
ORIGINALS = {
    "The commission meets in Latakia.": "اجتمعت اللجنة في اللاذقية.",
    "It met, and reported to nobody.": "اجتمعت، ولم ترفع تقريرًا إلى أحد.",
    "There were more sites than it had thought.": "تبيّن أن المواقع أكثر مما ظنّت.",
    "Presidency of Syria, decision no. 3": "رئاسة الجمهورية، القرار رقم 3",
}


def case_with_entries() -> Founding:
    """The founding case with a moved date, an update and an assessment."""
    met, judged, moved, _speaker = ORIGINALS
    found = founding_case()
    author = make_user()
    decision = make_source(actor=author, now=MARCH)
    record.move_deadline(
        pledge=found.report,
        kind=DeadlineKind.EXTENSION,
        terms=record.DeadlineTerms(latest=date(2025, 7, 10), reason=moved),
        source=decision,
        announced_on=MARCH.date(),
        actor=author,
        now=LAPSE,
    )
    update = record.add_update(
        pledge=found.report,
        kind="progress",
        text=met,
        happened_on=MARCH.date(),
        sources=[decision],
        actor=author,
        now=LAPSE,
    )
    judge(
        pledge=found.report,
        actor=author,
        now=LAPSE,
        status="in_progress",
        effective_on=MARCH.date(),
        reason=judged,
        updates=[update],
    )
    return found


def in_arabic() -> Founding:
    found = case_with_entries()
    for field, words in originals(found.report).items():
        if words.text in ORIGINALS:
            record.translate(
                subject=found.report,
                field=field,
                language="ar",
                text=ORIGINALS[words.text],
                actor=make_user(),
                now=LAPSE,
            )
    return found


def text_of(client: Client, address: str, language: str = "ar") -> str:
    return html.unescape(client.get(in_language(address, language)).content.decode())


def test_a_pledge_tells_its_story_in_arabic(client: Client) -> None:
    found = in_arabic()
    page = " ".join(text_of(client, found.report.get_absolute_url()).split())
    for original, arabic in ORIGINALS.items():
        assert arabic in page, original
    # Each original stands folded away below what translates it, and nowhere else.
    folded = "".join(FOLDED.findall(page))
    bare = WHOLE.sub("", FOLDED.sub("", page))
    for original in ORIGINALS:
        assert original in folded, original
        assert original not in bare, original
    assert f'<p lang="ar" dir="rtl">{ORIGINALS["The commission meets in Latakia."]}</p>' in page


def test_the_page_in_english_says_what_was_written_and_nothing_of_translations(client: Client) -> None:
    found = in_arabic()
    page = text_of(client, found.report.get_absolute_url(), "en")
    before_history = page.partition("History of this entry")[0]
    for original, arabic in ORIGINALS.items():
        assert original in before_history, original
        assert arabic not in before_history, arabic
    assert "Translated from" not in page


def test_what_nobody_translated_is_told_as_it_was_written_and_marked(client: Client) -> None:
    found = case_with_entries()
    page = text_of(client, found.report.get_absolute_url())
    assert '<p lang="en" dir="ltr">The commission meets in Latakia.</p>' in page
    assert '<p lang="en" dir="ltr">There were more sites than it had thought.</p>' in page
    assert '<span class="reason" lang="en" dir="ltr">There were more' in page
    assert '<bdi lang="en" dir="ltr">Presidency of Syria, decision no. 3</bdi>' in page


def test_the_case_tells_why_in_arabic(client: Client) -> None:
    found = in_arabic()
    page = " ".join(text_of(client, found.case.get_absolute_url()).split())
    assert f'<p class="gist" lang="ar" dir="rtl">{ORIGINALS["It met, and reported to nobody."]}</p>' in page
    assert '<p class="facts">مترجم من اللغة الإنجليزية</p>' in page


@pytest.mark.parametrize("where", ["overview", "case", "body"])
def test_news_are_told_in_arabic(client: Client, where: str) -> None:
    found = in_arabic()
    address = {
        "overview": "/",
        "case": found.case.get_absolute_url(),
        "body": found.commission.get_absolute_url(),
    }[where]
    page = text_of(client, address)
    assert f'<p lang="ar" dir="rtl">{ORIGINALS["The commission meets in Latakia."]}</p>' in page
    assert "The commission meets in Latakia." not in page
    assert '<p class="caption">مترجم من اللغة الإنجليزية: </p>' in page


def test_feeds_and_mails_tell_it_in_arabic(client: Client) -> None:
    found = in_arabic()
    for address in ("/feed.atom", f"{found.report.get_absolute_url()}feed.atom"):
        feed = feedparser.parse(client.get(in_language(address, "ar")).content)
        assert any(ORIGINALS["It met, and reported to nobody."] in entry.summary for entry in feed.entries)
    event = Event.objects.select_related("pledge__current_deadline").get(kind="update_added")
    facts = news_facts(event, now=LAPSE)
    assert facts.text == "The commission meets in Latakia."
    with override("ar"):
        say_here([facts.pledge])
        words = ORIGINALS["The commission meets in Latakia."]
        assert (facts.text, facts.language) == (f"مترجم من اللغة الإنجليزية: {words}", "ar")
        assert facts.pledge.speaker_here == ORIGINALS["Presidency of Syria, decision no. 3"]


@pytest.mark.parametrize(
    ("title", "language", "expected"),
    [
        ("Report on the decree", "en", "en"),
        # A title is ours, whatever the page that it names is written in.
        ("Report on the decree", "ar", "en"),
        ("Report on the decree", "fr", "en"),
        ("نص القرار", "ar", "ar"),
        ("نص القرار", "fr", "und"),
    ],
)
def test_the_title_of_a_source_is_in_our_language_unless_its_letters_show_another(
    title: str, language: str, expected: str
) -> None:
    assert title_language(Source(title=title, language=language)) == expected


def test_a_changed_translation_is_a_correction_of_a_named_entry(client: Client) -> None:
    found = in_arabic()
    [field] = [f for f, words in originals(found.report).items() if words.text.startswith("The commission")]
    record.translate(
        subject=found.report,
        field=field,
        language="ar",
        text="اجتمعت.",
        reason="Shorter.",
        actor=make_user(),
        now=LAPSE,
    )
    page = client.get("/corrections/").content.decode()
    assert f"entry {field.removeprefix('entry-')} in Arabic" in page
    assert '<ins dir="auto">اجتمعت.</ins>' in page


def test_it_costs_one_statement_at_most(client: Client) -> None:
    case_with_entries()
    sweep(now=LAPSE)
    before = {each: statements(client, in_language(each, "ar")) for each in addresses()}
    found = Event.objects.get(kind="update_added").pledge
    assert found is not None
    [field] = [f for f, words in originals(found).items() if words.text.startswith("The commission")]
    record.translate(subject=found, field=field, language="ar", text="نص", actor=make_user(), now=LAPSE)
    after = {each: statements(client, in_language(each, "ar")) for each in addresses()}
    assert after == before
