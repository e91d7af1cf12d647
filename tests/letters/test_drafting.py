"""What a letter says, in each language, and that it says nothing that the record does not hold."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from pledges import record
from pledges.models import Deadline, Pledge
from pledges.models.choices import DeadlineKind
from tests.support.founding import ARABIC, TRANSLATION, extend, founding_case
from tests.support.records import make_body, make_pledge, make_source, make_user
from tracker.letters.drafting import Tone, tone_of

from .support import LANGUAGES, LAPSE, NOW, draft, late_pledge, moved_report, said

pytestmark = pytest.mark.django_db
BEFORE = datetime(2025, 6, 20, 9, 0, tzinfo=UTC)
AFTER = datetime(2025, 7, 12, 9, 0, tzinfo=UTC)
LONG_AFTER = datetime(2025, 9, 1, 9, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


# --- what for


@pytest.mark.parametrize(
    ("now", "tone"),
    [
        (LAPSE - timedelta(days=300), Tone.DUE),
        (LAPSE - INSTANT, Tone.DUE),
        (LAPSE, Tone.OVERDUE),
        (LAPSE + timedelta(days=30) - INSTANT, Tone.OVERDUE),
        (LAPSE + timedelta(days=30), Tone.LONG_OVERDUE),
    ],
)
def test_what_the_letter_is_for_follows_from_the_clock(now: datetime, tone: Tone) -> None:
    pledge = late_pledge(now=LAPSE - timedelta(days=301), made_on=date(2024, 6, 1))
    assert tone_of(pledge, now=now) is tone


def test_the_day_ends_where_the_body_is() -> None:
    author = make_user()
    body = make_body(actor=author, country="KI", time_zone="Pacific/Kiritimati")
    pledge = late_pledge(actor=author, bodies=[body])
    lapse = datetime(2025, 4, 8, 10, 0, tzinfo=UTC)
    assert tone_of(pledge, now=lapse - INSTANT) is Tone.DUE
    assert tone_of(pledge, now=lapse) is Tone.OVERDUE
    assert "As of 9 April 2025, it is 1 day late." in said(pledge, now=lapse)


def test_without_a_date_the_letter_asks_for_one() -> None:
    assert tone_of(make_pledge(latest=None), now=LONG_AFTER) is Tone.UNDATED


def test_a_closed_pledge_has_no_letter() -> None:
    pledge = late_pledge()
    Pledge.objects.filter(pk=pledge.pk).update(status="refused")
    pledge.refresh_from_db()
    with pytest.raises(KeyError):
        tone_of(pledge, now=NOW)


# --- every language


DUE = {"en": "10 July 2025", "fr": "10 juillet 2025", "es": "10 de julio de 2025", "ar": "10 تموز 2025"}
FIRST = {"en": "8 April 2025", "fr": "8 avril 2025", "es": "8 de abril de 2025", "ar": "8 نيسان 2025"}
LATE = {"en": "53 days", "fr": "53 jours", "es": "53 días", "ar": "53 يومًا"}
LATE_FIRST = {"en": "146 days", "fr": "146 jours", "es": "146 días", "ar": "146 يومًا"}
SENTENCES = {
    "en": ("It is due on", "has passed", "passed 53 days ago", "No date for its delivery is on our record"),
    "fr": (
        "Son échéance est fixée au",
        "est passée.",
        "est passée depuis 53 jours",
        "Aucune date de réalisation",
    ),
    "es": ("Su plazo vence el", "ha vencido.", "venció hace 53 días", "no consta ninguna fecha"),
    "ar": (
        "ويحل موعد تنفيذه في",
        "وقد انقضى الموعد المحدد له",
        "منذ مدة قدرها 53 يومًا",
        "ولم يرد في سجلنا موعد",
    ),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_stands_on_the_facts_of_the_record(language: str, settings: Any) -> None:
    settings.TRACKER_SITE_NAME, settings.TRACKER_SITE_URL = "Justice Watch", "https://pledges.example"
    pledge = moved_report()
    text = said(pledge, language=language, now=LONG_AFTER)
    for fact in (
        ARABIC,
        "Presidency of Syria, decision no. 3",
        "Official Gazette: نص القرار رقم ٣",
        "Article 4",
        "https://archive.example/decree-3",
        "https://gazette.example/decree-3",
        "decision no. 11",
        "three months",
        "within 30 days",
        "President of Syria",
        "At the commission's request",
        "Report on decision no. 11",
        DUE[language],
        FIRST[language],
        LATE[language],
        LATE_FIRST[language],
        f"https://pledges.example/pledges/{pledge.reference}/",
    ):
        assert fact in text, fact
    # The copy that won't change comes first.
    assert text.index("https://archive.example") < text.index("https://gazette.example")
    assert pledge.reference in draft(pledge, language=language, now=LONG_AFTER).subject
    assert text.endswith("\nJustice Watch")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_tone_is_that_of_the_moment(language: str) -> None:
    founding = founding_case()
    extend(founding)
    moments = ((founding.report, BEFORE), (founding.report, AFTER), (founding.report, LONG_AFTER))
    for place, (pledge, now) in enumerate((*moments, (founding.trials, AFTER))):
        text = said(pledge, language=language, now=now)
        assert SENTENCES[language][place] in text
        others = [words for words in SENTENCES[language] if words != SENTENCES[language][place]]
        # The Arabic sentence of the third moment goes on from that of the second.
        wrong = [words for words in others if words in text and not (place == 2 and words == others[1])]
        assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("now", [BEFORE, AFTER, LONG_AFTER])
def test_nothing_of_the_template_is_left_over(language: str, now: datetime) -> None:
    founding = founding_case()
    extend(founding)
    for pledge in (founding.report, founding.trials):
        drafted = draft(pledge, language=language, now=now)
        assert "\n" not in drafted.subject
        assert not re.search(r"[{}%]|None|\n\n\n| \n|  \S", drafted.text.replace("\n    ", "\n"))
        assert drafted.text.count("\u2068") == drafted.text.count("\u2069")


def test_a_letter_in_arabic_is_in_arabic(settings: Any) -> None:
    settings.TRACKER_SITE_NAME = "مرصد العدالة"
    author = make_user()
    pledge = late_pledge(
        actor=author,
        bodies=[make_body(actor=author, name="رئاسة الجمهورية", slug="presidency")],
        source=make_source(actor=author, title="القرار", publisher="الجريدة الرسمية"),
        quote=ARABIC,
        quote_language="ar",
        speaker="الرئاسة",
        phrase="خلال ثلاثين يوماً",
    )
    text = re.sub(r"https?://\S+", "", said(pledge, language="ar", now=LONG_AFTER)).replace(
        pledge.reference, ""
    )
    assert re.findall(r"[A-Za-z]+", text) == []


@pytest.mark.parametrize("language", ["fr", "es"])
def test_no_english_sentence_slips_into_another_language(language: str) -> None:
    pledge = late_pledge(quote="x", speaker="x", phrase="")
    text = said(pledge, language=language, now=LONG_AFTER)
    assert not re.search(r"\b(the|of|was|is|it|we|you|your|date was|due|days)\b", text)


def test_control_that_test_would_see_english() -> None:
    assert re.search(r"\b(the|of|was)\b", said(late_pledge(), language="en"))


def test_french_stops_are_kept_with_their_words() -> None:
    founding = founding_case()
    extend(founding)
    for now in (BEFORE, LONG_AFTER):
        text = draft(founding.report, language="fr", now=now).text
        stops = re.findall(r"(.)[:;»](?=\s)", re.sub(r"Gazette: .*|Example: .*", "", text))
        assert set(stops) == {"\u00a0"}


# --- the words


def test_what_was_reported_is_in_no_quotation_marks() -> None:
    verbatim, reported = late_pledge(), late_pledge(quote_form="reported")
    words = "A report will be handed in."
    assert f"The words of the commitment:\n\n    “{words}”\n" in said(verbatim)
    assert f"The commitment as it was reported, not word for word:\n\n    {words}\n" in said(reported)


@pytest.mark.parametrize(("language", "is_translated"), [("en", True), ("fr", True), ("ar", False)])
def test_a_translation_is_for_those_who_need_one(language: str, is_translated: bool) -> None:
    text = said(moved_report(), language=language, now=AFTER)
    assert (TRANSLATION in text) is is_translated
    assert ("In translation (English):" in text) is (language == "en")


def test_a_quotation_of_several_lines_stays_one() -> None:
    text = draft(late_pledge(quote="First line\nsecond line")).text
    assert "    “First line\n    second line”" in text


@pytest.mark.parametrize(
    ("precision", "words"), [("day", "4 April 2025"), ("month", "April 2025"), ("year", "2025")]
)
def test_a_day_that_is_known_roughly_is_said_roughly(precision: str, words: str) -> None:
    pledge = late_pledge(made_on=date(2025, 4, 4), made_on_precision=precision)
    drafted = draft(pledge)
    assert f"Public commitment of {words}, which" in drafted.subject
    assert f"\nDate: {words}\n" in drafted.text


# --- the date


def test_a_date_by_a_rule_is_explained_without_the_names_of_rules() -> None:
    pledge = make_pledge()
    assert Deadline.objects.get().rule_id == "within-period"
    text = said(pledge)
    follows = "said 4 April 2025: “within one month” = 4 May 2025, end of day in Damascus."
    assert f"The due date is 4 May 2025. It follows in this way: {follows}" in text
    assert "within-period" not in text


def test_a_date_without_words_is_only_stated() -> None:
    text = said(late_pledge())
    assert "The due date is 8 April 2025." in text
    assert "It follows" not in text
    assert "Source of this date" not in text


def test_a_date_with_a_source_of_its_own_names_it() -> None:
    author = make_user()
    other = make_source(actor=author, title="Gazette", archived_url="https://archive.example/g")
    text = said(late_pledge(actor=author, deadline_source=other))
    assert "Source of this date: News Example: Gazette\nhttps://archive.example/g" in text


@pytest.mark.parametrize(
    ("kind", "latest", "words"),
    [
        (DeadlineKind.EXTENSION, date(2025, 7, 10), "extended, from 8 April 2025 to 10 July 2025."),
        (DeadlineKind.SHORTENING, date(2025, 4, 6), "brought forward, from 8 April 2025 to 6 April 2025."),
        (
            "correction",
            date(2025, 4, 7),
            "an error in our record was corrected, from 8 April 2025 to 7 April 2025.",
        ),
        (DeadlineKind.EXTENSION, None, "extended; there is no date any more."),
    ],
)
def test_every_move_is_told_with_its_reason_and_source(
    kind: DeadlineKind, latest: date | None, words: str
) -> None:
    pledge, author = late_pledge(), make_user()
    source = make_source(actor=author, title="Notice", archived_url="https://archive.example/notice")
    record.move_deadline(
        pledge=pledge,
        kind=kind,
        terms=record.DeadlineTerms(
            phrase="later" if latest is None else "",
            latest=latest,
            no_date_reason="" if latest else "vague",
            reason="More time\nis needed.",
            announced_by="The minister",
        ),
        source=source,
        announced_on=date(2025, 4, 9),
        actor=author,
        now=NOW,
    )
    text = said(pledge)
    first = "What changed about the date:\n- First: 8 April 2025.\n"
    assert f"{first}- 9 April 2025: {words}" in text
    tail = " Announced by: The minister. Reason: More time is needed. Source: News Example: Notice,"
    assert f".{tail} https://archive.example/notice" in text


def test_the_event_that_starts_the_clock_is_told_as_such() -> None:
    author = make_user()
    waiting = record.DeadlineTerms(
        phrase="within 30 days of the formation of the committee", no_date_reason="event_tied"
    )
    pledge = make_pledge(actor=author, deadline=waiting, made_on=date(2025, 4, 1))
    before = said(pledge)
    assert "they wait for an event that is not on our record." in before
    assert "- whether that event has taken place, and on which day;" in before
    record.record_trigger(
        pledge=pledge,
        happened_on=date(2025, 4, 5),
        source=pledge.source,
        reason="The committee was formed.",
        actor=author,
        now=NOW,
    )
    after = said(pledge)
    assert (
        "- First: no date.\n- 5 April 2025: the event from which the date is counted; the date is 5 May 2025."
        in after
    )
    assert "It is due on 5 May 2025." in after


@pytest.mark.parametrize(
    ("reason", "phrase", "words"),
    [
        ("vague", "soon", "the words are “soon”: they name no date, and we infer none."),
        (
            "unreadable",
            "by 4/5",
            "the words are “by 4/5”: they allow more than one reading, and we choose none.",
        ),
        ("not_stated", "", "The words do not say by when, and we infer no date."),
    ],
)
def test_no_date_is_made_up(reason: str, phrase: str, words: str) -> None:
    terms = record.DeadlineTerms(phrase=phrase, no_date_reason=reason)
    text = said(make_pledge(deadline=terms), now=LONG_AFTER)
    assert words in text
    assert "late" not in text
    assert "- by which date it will be carried out;" in text


def test_lateness_is_counted_by_the_last_date_and_by_the_first() -> None:
    pledge = moved_report()
    late = "As of 12 July 2025, it is 2 days late; against the first date, 8 April 2025, it is 95 days late."
    assert late in said(pledge, now=AFTER)
    early = "As of 20 June 2025, it is 73 days late against the first date, 8 April 2025."
    assert early in said(pledge, now=BEFORE)
    assert "first date" not in said(late_pledge())
