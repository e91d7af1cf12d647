"""Text of one direction inside a sentence of the other."""

import unicodedata

_RIGHT_TO_LEFT = ("R", "AL")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
RIGHT_TO_LEFT_LANGUAGES = frozenset({"ar"})


def isolate(text: str, language: str) -> str:
    """Return `text` for a sentence in `language`, closed off where it has letters of the other direction."""
    runs_left = language in RIGHT_TO_LEFT_LANGUAGES
    foreign = ("L",) if runs_left else _RIGHT_TO_LEFT
    if any(unicodedata.bidirectional(char) in foreign for char in text):
        return f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}"
    return text
