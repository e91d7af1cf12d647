"""What a reader's words ask of the index, in the language of the database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where words stand. Each place weighs more than those after it together.

    `label` is what PostgreSQL's vector says of a word, `columns` those of SQLite's full-text table.
    """

    weight: int
    label: str
    columns: str


PLACES = (
    Place(weight=4, label="A", columns="title_words"),
    Place(weight=2, label="B", columns="quote_words translation_words"),
    Place(weight=1, label="C", columns="subject_words"),
)


# "a.b.c" is one word of a reader, and three in the index. Each that is weighed takes time for each match.
MOST_WEIGHED = 8


@dataclass(frozen=True)
class Wanted:
    """Words, each of them in any of its forms; with `ending` "*", what begins like one of them.

    What it asks is given as parameters: on PostgreSQL those of `public_wanted`, on SQLite one of MATCH.
    """

    words: tuple[str, ...]
    ending: str = ""

    def everywhere(self) -> list[str]:
        """Ask for all words, wherever they stand."""
        return self._ask(self.words)

    def in_each_place(self) -> Iterator[tuple[int, list[str]]]:
        """Ask for each of the first words in each place, with the weight of the place."""
        for word in self.words[:MOST_WEIGHED]:
            for place in PLACES:
                yield place.weight, self._ask((word,), place)

    def _ask(self, words: Sequence[str], place: Place | None = None) -> list[str]:
        if connection.vendor == "postgresql":
            return [" ".join(words), f"{self.ending}{place.label if place else ''}"]
        columns = f"{{{place.columns}}} : " if place else ""
        return [" AND ".join(f'({columns}"{word}"{self.ending})' for word in words)]
