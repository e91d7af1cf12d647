"""A place in a run of tokens. Fillers are skipped; the text of the phrase stays within reach."""

from .lexer import Grammar, Kind, Token, tokenise

_REOPENS = (Kind.BY, Kind.WITHIN, Kind.MOST)


class Cursor:
    """Reads the tokens of one cleaned phrase from left to right; `at` may be set back to try again."""

    def __init__(self, cleaned: str, grammar: Grammar) -> None:
        self.cleaned = cleaned
        self.grammar = grammar
        self.tokens = [token for token in tokenise(cleaned, grammar) if token.kind is not Kind.FILLER]
        self.at = 0

    @property
    def is_done(self) -> bool:
        return self.at >= len(self.tokens)

    def next_is(self, *kinds: Kind) -> bool:
        return not self.is_done and self.tokens[self.at].kind in kinds

    def follows(self, *kinds: Kind) -> bool:
        """Tell whether the next tokens are of exactly these kinds."""
        return [token.kind for token in self.tokens[self.at : self.at + len(kinds)]] == list(kinds)

    def previous_is(self, kind: Kind) -> bool:
        return self.at > 0 and self.tokens[self.at - 1].kind is kind

    def has(self, kind: Kind) -> bool:
        return any(token.kind is kind for token in self.tokens)

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def take_one(self, *kinds: Kind) -> Token | None:
        return self.take() if self.next_is(*kinds) else None

    def skip(self, *kinds: Kind) -> bool:
        """Pass over tokens of these kinds; tell whether there were any."""
        start = self.at
        while self.next_is(*kinds):
            self.at += 1
        return self.at > start

    def text_since(self, start: int) -> str:
        """Return the phrase from token `start` to the last token taken."""
        return self.cleaned[self.tokens[start].start : self.tokens[self.at - 1].end]

    def rest(self) -> str:
        return "" if self.is_done else self.cleaned[self.tokens[self.at].start :]

    def event_text(self) -> str:
        """Take the words of an event: to the end, or to a mark behind which a new deadline opens."""
        start = self.tokens[self.at - 1].end if self.at else 0
        while not self.is_done and not self._reopens():
            self.at += 1
        end = len(self.cleaned) if self.is_done else self.tokens[self.at].start
        return self.cleaned[start:end].strip(" .,;:'\"()«»“”،؛")

    def _reopens(self) -> bool:
        behind = self.tokens[self.at + 1 : self.at + 2]
        return self.next_is(Kind.SEPARATOR) and bool(behind) and behind[0].kind in _REOPENS
