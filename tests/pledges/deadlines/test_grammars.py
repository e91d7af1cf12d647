"""What every language must have, and the text that all of them are read from."""

import pytest

from pledges.deadlines.expressions import Unit
from pledges.deadlines.languages import GRAMMARS, UnknownLanguageError, grammar_for
from pledges.deadlines.lexer import Entry, Grammar, Kind, tokenise
from pledges.deadlines.text import clean, fold, pieces
from pledges.deadlines.wording import WORDINGS

pytestmark = pytest.mark.once

# The lexer itself makes the first three; not every language has words or signs for the others.
WITHOUT_WORDS = {Kind.WORD, Kind.NUMERIC_DATE, Kind.NUMERIC_MONTH, Kind.AMBIGUOUS, Kind.NAMED_PERIOD}
LANGUAGES = sorted(GRAMMARS)


def forms(grammar: Grammar) -> list[tuple[tuple[str, ...], Entry]]:
    return [form for of_first_word in grammar.lexicon.values() for form in of_first_word]


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_form_has_two_meanings(code: str) -> None:
    meanings: dict[tuple[str, ...], set[tuple[Kind, int, Unit | None]]] = {}
    for words, entry in forms(GRAMMARS[code]):
        meanings.setdefault(words, set()).add((entry.kind, entry.value, entry.unit))
    assert {words: found for words, found in meanings.items() if len(found) > 1} == {}


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_kind_has_words(code: str) -> None:
    assert set(Kind) - WITHOUT_WORDS <= {entry.kind for _, entry in forms(GRAMMARS[code])}


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize(("kind", "count"), [(Kind.MONTH, 12), (Kind.HIJRI_MONTH, 12), (Kind.WEEKDAY, 7)])
def test_months_and_weekdays_are_complete(code: str, kind: Kind, count: int) -> None:
    assert len({entry.value for _, entry in forms(GRAMMARS[code]) if entry.kind is kind}) == count


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_number_below_a_hundred_has_a_word(code: str) -> None:
    numbers = {entry.value for _, entry in forms(GRAMMARS[code]) if entry.kind is Kind.NUMBER}
    # A lone "un" is an article in French and Spanish.
    assert set(range(2, 101)) <= numbers


def test_every_language_that_is_read_can_also_be_answered_in() -> None:
    assert sorted(WORDINGS) == LANGUAGES


@pytest.mark.parametrize("language", ["ar", "AR", "ar-SY", "ar_EG"])
def test_regions_of_a_language_share_its_grammar(language: str) -> None:
    assert grammar_for(language).code == "ar"


@pytest.mark.parametrize("language", ["de", "", "hi", "arabic"])
def test_an_unknown_language_is_named_with_the_known_ones(language: str) -> None:
    with pytest.raises(UnknownLanguageError, match="ar, en, es, fr"):
        grammar_for(language)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("  within\u00a0 one\tmonth ", "within one month"),
        ("٣٠ يوم", "30 يوم"),
        ("d’ici", "d'ici"),
        ("1.º", "1o"),
    ],
)
def test_cleaning_keeps_what_is_said(typed: str, expected: str) -> None:
    assert clean(typed) == expected


@pytest.mark.parametrize(
    ("word", "folded"),
    [("Été", "ete"), ("MAÑANA", "manana"), ("أيّار", "ايار"), ("جُمادى", "جمادي"), ("سنة", "سنه")],
)
def test_folding_takes_away_what_people_type_differently(word: str, folded: str) -> None:
    assert fold(word) == folded


@pytest.mark.parametrize(
    ("text", "shapes"),
    [
        ("2025-05-04", "numeric_date"),
        ("2025/26", "year_pair"),
        ("17:30", "clock"),
        ("4-6 weeks", "odd_number word"),
        ("30-day", "number word"),
        ("mid-2026", "word number"),
        ("May 4, 2025.", "word number mark number"),
    ],
)
def test_pieces(text: str, shapes: str) -> None:
    assert " ".join(piece.shape for piece in pieces(text)) == shapes


def test_tokens_know_where_they_stand_in_the_phrase() -> None:
    cleaned = clean("dans les TRENTE jours")
    number = next(token for token in tokenise(cleaned, GRAMMARS["fr"]) if token.kind is Kind.NUMBER)
    assert cleaned[number.start : number.end] == "TRENTE"
    assert number.value == 30


def test_the_longest_form_wins() -> None:
    kinds = [token.kind for token in tokenise("no later than 4 May", GRAMMARS["en"])]
    assert kinds == [Kind.BY, Kind.NUMBER, Kind.MONTH]
