"""Text as a grammar compares it: one form for a word, however it was typed."""

import re
import unicodedata
from dataclasses import dataclass

# Bidi controls, zero-width marks and the tatweel change how text looks, never what it says.
_INVISIBLE = re.compile("[\u00ad\u0640\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SAME_LETTER = str.maketrans({"ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ٱ": "ا"})

_SHAPES = re.compile(
    r"(?P<numeric_date>\d{4}([-/.])\d{1,2}\2\d{1,2}(?!\d)|\d{1,2}([-/.])\d{1,2}\3(?:\d{4}|\d{2})(?!\d)|\d{1,2}/\d{1,2}(?![\d/]))"
    r"|(?P<numeric_month>\d{1,2}[-/.](?:19|20)\d{2}(?!\d))"
    r"|(?P<decade>\d{2,4}'?s\b)"
    r"|(?P<year_pair>(?:19|20)\d{2}\s?[-–/]\s?(?:(?:19|20)\d{2}|\d{2})(?!\d))"
    r"|(?P<clock>\d{1,2}[:h]\d{2}(?!\d)(?:\s?[ap]\.?m\b\.?)?|\d{1,2}\s?[ap]\.?m\b\.?)"
    r"|(?P<odd_number>\d+\s?[-–—]\s?\d+|\d+[.,٫٬]\d{1,3}(?!\d))"
    r"|(?P<number>\d+)"
    r"|(?P<word>(?:[^\W\d_][\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed]*)+)"
    r"|(?P<joint>(?<=\w)-(?=[^\W\d_])|(?<=[^\W\d_])-(?=\w)|['.\"°«»“”‘])"
    r"|(?P<mark>\S)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of the cleaned phrase: its shape, its folded text and where it stands."""

    shape: str
    text: str
    start: int
    end: int


def clean(phrase: str) -> str:
    """Return the phrase with one kind of digit, apostrophe and space, and nothing invisible."""
    spelt = phrase.replace(".º", "º").replace(".ª", "ª").replace("°", "º").replace("’", "'")
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", spelt))
    digits = (str(unicodedata.digit(char)) if char.isdecimal() else char for char in text)
    return " ".join("".join(digits).split())


def fold(word: str) -> str:
    """Return a word without case, accents, Arabic vowel signs and letter variants."""
    bare = unicodedata.normalize("NFD", word.casefold())
    return "".join(char for char in bare if not unicodedata.combining(char)).translate(_SAME_LETTER)


def pieces(cleaned: str) -> list[Piece]:
    """Cut a cleaned phrase into numbers, words and marks; points, quotes and joining hyphens fall away."""
    found = []
    for match in _SHAPES.finditer(cleaned):
        shape = match.lastgroup or ""
        if shape != "joint":
            found.append(Piece(shape, fold(match.group()), match.start(), match.end()))
    return found
