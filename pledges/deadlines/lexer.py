"""Words to tokens: a language's lexicon turns a phrase into kinds that every language shares."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from .expressions import Unit
from .text import Piece, pieces


class Kind(Enum):
    """What a word does in a deadline. Numbers, names and units carry a value; the rest only a role."""

    NUMBER = auto()
    ORDINAL = auto()
    NUMERIC_DATE = auto()
    NUMERIC_MONTH = auto()
    MONTH = auto()
    HIJRI_MONTH = auto()
    HIJRI_MARK = auto()
    COMMON_ERA_MARK = auto()
    WEEKDAY = auto()
    TODAY = auto()
    UNIT = auto()
    UNITS = auto()  # plural: "weeks" without a number is vague
    SPAN = auto()
    NAMED_PERIOD = auto()
    WORKING = auto()
    WITHIN = auto()
    BY = auto()
    BEFORE = auto()
    IN = auto()
    AFTER = auto()
    WHEN = auto()
    OF = auto()
    MOST = auto()
    LATEST = auto()  # a limit in front of a time, an echo behind it: "at the latest"
    EARLY = auto()
    MID = auto()  # somewhere inside
    LATE = auto()
    END = auto()
    NEXT = auto()
    THIS = auto()
    NOW = auto()
    ACT = auto()
    ISSUE = auto()
    EXTENSION = auto()
    CLOCK = auto()
    FEW = auto()
    VAGUE = auto()
    APPROXIMATE = auto()
    SEASON = auto()
    NOT = auto()
    FLOOR = auto()  # a start, not an end: "at the earliest"
    FISCAL = auto()
    AMBIGUOUS = auto()
    SEPARATOR = auto()
    FILLER = auto()
    WORD = auto()


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    start: int
    end: int
    value: int = 0
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """Forms of one meaning, separated by `|`. Forms are folded, so write them as they are spelt."""

    kind: Kind
    forms: str
    value: int = 0
    unit: Unit | None = None


@dataclass(frozen=True, slots=True)
class Grammar:
    """One language: its lexicon and the few habits in which it differs from the others.

    `articles` are prefixes a word may wear without changing its meaning; `pronouns` are suffixes, and
    `small_words` words, that say nothing when two names of an event are compared. Where "next Tuesday"
    may mean two days, the `next_..._is_ambiguous` flags keep the reader from choosing one.
    """

    code: str
    entries: tuple[Entry, ...]
    articles: tuple[str, ...] = ()
    pronouns: tuple[str, ...] = ()
    small_words: tuple[str, ...] = ()
    ordinal_suffixes: tuple[str, ...] = ()
    next_weekday_is_ambiguous: bool = False
    next_month_is_ambiguous: bool = False
    after_span_is_deadline: bool = False
    lexicon: dict[str, list[tuple[tuple[str, ...], Entry]]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.entries:
            for form in entry.forms.split("|"):
                words = tuple(piece.text for piece in pieces(form))
                self.lexicon.setdefault(words[0], []).append((words, entry))
        for forms in self.lexicon.values():
            forms.sort(key=lambda pair: -len(pair[0]))

    def variants(self, word: str) -> Iterator[str]:
        """Yield the word, then the word without each article it may be wearing."""
        yield word
        for article in self.articles:
            bare = word.removeprefix(article)
            if bare != word and len(bare) >= 3:
                yield bare

    def content_words(self, text: str) -> set[str]:
        """Return what is left of an event's name without articles, small words and pronouns."""
        small = (Kind.FILLER, Kind.OF, Kind.ISSUE, Kind.THIS, Kind.SEPARATOR)
        tokens = [token for token in tokenise(text, self) if token.kind not in small]
        return {self._stem(token.text) for token in tokens if token.text not in self.small_words}

    def _stem(self, word: str) -> str:
        bare = list(self.variants(word))[-1]
        for pronoun in self.pronouns:
            if bare.endswith(pronoun) and len(bare) - len(pronoun) >= 3:
                return bare.removesuffix(pronoun)
        return bare

    def match(self, run: list[Piece]) -> tuple[int, Entry] | None:
        """Return the longest lexicon form at the start of `run`, with its length in pieces."""
        best: tuple[int, Entry] | None = None
        for first in self.variants(run[0].text):
            for words, entry in self.lexicon.get(first, ()):
                if best is not None and len(words) <= best[0]:
                    break
                if self._fits(words, run):
                    best = len(words), entry
                    break
        return best

    def _fits(self, words: tuple[str, ...], run: list[Piece]) -> bool:
        rest = zip(words[1:], run[1:], strict=False)
        return len(words) <= len(run) and all(word in self.variants(piece.text) for word, piece in rest)


_SHAPE_KINDS = {
    "number": Kind.NUMBER,
    "numeric_date": Kind.NUMERIC_DATE,
    "numeric_month": Kind.NUMERIC_MONTH,
    "decade": Kind.AMBIGUOUS,
    "year_pair": Kind.FISCAL,
    "clock": Kind.CLOCK,
    "mark": Kind.SEPARATOR,
}


def tokenise(cleaned: str, grammar: Grammar) -> list[Token]:
    """Return every token of a cleaned phrase, fillers included."""
    return list(_merged(_tokens(pieces(cleaned), grammar)))


def _tokens(run: list[Piece], grammar: Grammar) -> Iterator[Token]:
    at = 0
    while at < len(run):
        piece = run[at]
        if _is_ordinal(run[at : at + 2], grammar):
            yield Token(Kind.ORDINAL, piece.text, piece.start, run[at + 1].end, int(piece.text))
            at += 2
            continue
        found = grammar.match(run[at:])
        if found is not None:
            length, entry = found
            text = " ".join(part.text for part in run[at : at + length])
            yield Token(entry.kind, text, piece.start, run[at + length - 1].end, entry.value, entry.unit)
            at += length
            continue
        value = int(piece.text) if piece.shape == "number" else 0
        yield Token(_SHAPE_KINDS.get(piece.shape, Kind.WORD), piece.text, piece.start, piece.end, value)
        at += 1


def _merged(tokens: Iterable[Token]) -> Iterator[Token]:
    """Drop the figure repeated in "thirty (30) days"."""
    run = list(tokens)
    at = 0
    while at < len(run):
        token, after = run[at], run[at + 1 : at + 4]
        yield token
        at += 4 if _repeats(token, after) else 1


def _is_ordinal(run: list[Piece], grammar: Grammar) -> bool:
    """Tell whether a number wears its suffix: 1st, 1er, 1º."""
    if len(run) < 2 or run[0].shape != "number":
        return False
    return run[1].start == run[0].end and run[1].text in grammar.ordinal_suffixes


def _repeats(token: Token, after: list[Token]) -> bool:
    if token.kind is not Kind.NUMBER or [part.text for part in after[::2]] != ["(", ")"]:
        return False
    return after[1].kind is Kind.NUMBER and after[1].value == token.value


def entries_of(kind: Kind, forms: Iterable[str], start: int = 1) -> tuple[Entry, ...]:
    """Return one entry a form, with values counted from `start`: months, weekdays, ordinals."""
    return tuple(Entry(kind, form, value) for value, form in enumerate(forms, start))


def number_entries(words: dict[str, int]) -> tuple[Entry, ...]:
    return tuple(Entry(Kind.NUMBER, word, value) for word, value in words.items())
