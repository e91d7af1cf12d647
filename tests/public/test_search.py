"""A reader finds a pledge by its words as she would write them, on both databases alike."""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from pledges import record
from pledges.models import Pledge
from tests.support.records import (
    NOON_4_APRIL,
    make_body,
    make_case,
    make_draft,
    make_pledge,
    make_reviewer,
    make_user,
)
from tracker.public.models import SearchEntry
from tracker.public.search import index, matching
from tracker.public.search.folding import fold, words_of
from tracker.public.search.matching import find
from tracker.public.search.wanted import Wanted

NOW = NOON_4_APRIL
ARABIC = "ستسلّم اللجنةُ تقريرَها إلى رئاسة الجمهورية خلال ثلاثين يوماً"


def found(words: str) -> list[str]:
    return sorted(find(words).among(Pledge.objects.published()).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Enquête", "ENQUETE"),
        ("niño", "nino"),
        ("Straße", "STRASSE"),
        ("Łódź", "lodz"),
        ("İstanbul", "istanbul"),
        ("ﬁnal", "final"),
        ("أحمد إيمان آمال", "احمد ايمان امال"),
        ("مُحَمَّد", "محمد"),
        ("محـــمد", "محمد"),
        ("لجنة", "لجنه"),
        ("مستشفى", "مستشفي"),
        ("سؤال", "سوال"),
        ("کردی", "كردي"),
        ("٢٠٢٥", "2025"),
        ("۲۰۲۵", "2025"),
        ("a\u200bb", "ab"),
    ],
)
def test_two_spellings_of_one_word_are_folded_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("  … — ", []),
        ("SY-2025-0003", ["sy", "2025", "0003"]),
        ("snake_case", ["snake", "case"]),
        ("التقرير والتقرير بالتقرير للتقرير تقرير", ["تقرير"] * 5),
        # Too short to lose an article: these are words of their own.
        ("الله ال وال", ["الله", "ال", "وال"]),
    ],
)
def test_words(text: str, expected: list[str]) -> None:
    assert words_of(text) == expected


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    once = words_of(text)
    assert [each for word in once for each in words_of(word)] == once or any("ال" in word for word in once)


pytestmark = pytest.mark.django_db


@pytest.fixture
def pledges() -> dict[str, Pledge]:
    author = make_user()
    ministry = make_body(actor=author, name="Ministère de la Justice")
    coast = make_case(actor=author, title="Violence on the coast")
    return {
        "arabic": make_pledge(
            title="Hand in the report",
            quote=ARABIC,
            quote_language="ar",
            quote_translation="within thirty days",
        ),
        "french": make_pledge(
            title="Enquêter", quote="une enquête sera ouverte", quote_language="fr", bodies=[ministry]
        ),
        "coast": make_pledge(
            title="Investigate the killings", quote="we shall prosecute everyone", case=coast
        ),
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("", ["Enquêter", "Hand in the report", "Investigate the killings"]),
        ("report", ["Hand in the report"]),
        ("REPORT hand", ["Hand in the report"]),
        ("thirty", ["Hand in the report"]),
        ("التقرير", ["Hand in the report"]),
        ("تقريرها الى", ["Hand in the report"]),
        ("رئاسه", ["Hand in the report"]),
        ("enquete", ["Enquêter"]),
        ("ENQUÊTE ouverte", ["Enquêter"]),
        ("ministere justice", ["Enquêter"]),
        ("coast", ["Investigate the killings"]),
        ("invest", ["Investigate the killings"]),
        ("everyo", ["Investigate the killings"]),
        ("killings report", []),
        ("absent", []),
        ("…", []),
        ('"report"', ["Hand in the report"]),
        ("report OR absent", []),
        ("report NOT hand", []),
        ("-report*", ["Hand in the report"]),
        ("report:A & ! | ( <->", []),
        ("'; DROP TABLE public_searchentry --", []),
    ],
)
def test_a_reader_finds(pledges: dict[str, Pledge], words: str, expected: list[str]) -> None:
    assert found(words) == expected


def test_a_pledge_is_found_by_its_reference(pledges: dict[str, Pledge]) -> None:
    for pledge in pledges.values():
        assert found(pledge.reference.lower()) == [pledge.title]


@pytest.mark.parametrize("words", ["investigation", "prosecuted", "killing", "reports", "coasts"])
def test_both_know_the_forms_of_an_english_word(pledges: dict[str, Pledge], words: str) -> None:
    assert len(found(words)) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("enquêtes", "Enquêter"),
        ("ouverts", "Enquêter"),
        ("لجان", None),
        ("تقريرهم", "Hand in the report"),
    ],
)
def test_postgresql_knows_the_forms_of_a_word(
    pledges: dict[str, Pledge], words: str, title: str | None
) -> None:
    assert found(words) == ([title] if title else [])


@given(words=st.text(max_size=60))
def test_no_words_break_it(words: str) -> None:
    assert found(words) == []


def test_only_what_is_published_is_in_the_index() -> None:
    draft = make_draft(title="Secret inquiry")
    assert not SearchEntry.objects.exists()
    published = record.publish(pledge=draft, actor=make_reviewer(), now=NOW)
    assert found("secret") == ["Secret inquiry"]
    record.unpublish(pledge=published, reason="A relative asked.", actor=make_reviewer(), now=NOW)
    assert not SearchEntry.objects.exists()
    assert found("secret") == []


def test_a_corrected_title_is_found_and_the_old_one_is_not() -> None:
    pledge = make_pledge(title="Old words")
    record.amend_pledge(
        pledge=pledge, changes={"title": "New words"}, reason="Misread.", actor=make_reviewer(), now=NOW
    )
    assert found("old") == []
    assert found("new") == ["New words"]


def test_a_corrected_case_or_body_is_found_through_its_pledges() -> None:
    author = make_user()
    case, body = make_case(actor=author, title="Harbour"), make_body(actor=author, name="Board")
    make_pledge(title="One", case=case, bodies=[body])
    make_pledge(title="Other")
    for subject, changes in ((case, {"title": "Seaport"}), (body, {"name": "Council"})):
        record.amend_subject(
            subject=subject, changes=changes, reason="Renamed.", actor=make_reviewer(), now=NOW
        )
    assert found("harbour") == found("board") == []
    assert found("seaport council") == ["One"]


def test_an_index_that_was_lost_is_made_again(capsys: Any) -> None:
    make_pledge(title="Kept")
    make_draft(title="Not public")
    SearchEntry.objects.all().delete()
    assert found("kept") == []
    assert index.catch_up() == 1
    assert index.catch_up() == 0
    assert found("kept") == ["Kept"]
    SearchEntry.objects.update(title_words="nonsense")
    call_command("search_index")
    assert "1 published" in capsys.readouterr().out
    assert found("kept") == ["Kept"]
    assert found("nonsense") == []


@pytest.mark.parametrize("frequent", [0, 1, 2, 3])
@pytest.mark.parametrize("looked_up", [0, 1, 2, 3])
def test_what_many_pledges_have_is_found_all_the_same(
    pledges: dict[str, Pledge], monkeypatch: pytest.MonkeyPatch, frequent: int, looked_up: int
) -> None:
    monkeypatch.setattr(matching, "FREQUENT", frequent)
    monkeypatch.setattr(matching, "LOOKED_UP", looked_up)
    for words in ("2025", "202"):
        assert len(found(words)) == 3
        assert find(words).is_frequent == (min(3, looked_up + 1) > frequent)
    assert found("2025 thirty") == found("2025 thirt") == ["Hand in the report"]


@pytest.mark.parametrize("words", ["report hand thirty", "rep hand thirt", "nothing has these"])
def test_words_cost_one_statement_beside_the_list(pledges: dict[str, Pledge], words: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        found(words)
    assert len(queries) == (1 if "nothing" in words else 2)


def test_what_begins_like_the_words_counts_only_where_nothing_has_them(pledges: dict[str, Pledge]) -> None:
    make_pledge(title="Coastline")
    assert find("coast").wanted == Wanted(("coast",))
    assert "Coastline" not in found("coast")
    assert find("coastl").wanted == Wanted(("coastl",), ending="*")
    assert found("coastl") == ["Coastline"]


def test_the_page_finds_and_says_how_many(client: Client, pledges: dict[str, Pledge]) -> None:
    text = client.get("/pledges/", {"words": "التّقرير"}).content.decode()
    assert "Hand in the report" in text
    assert re.search(r"1 pledge\s*</h2>", text)
    assert "Enquêter" not in text
