"""What a reader's words ask of the index, in the language of the database."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

# "simple" takes words as they stand; the others know the forms of words, in the languages of the pages.
STEMS = """
    SELECT array_agg(DISTINCT lexeme)
    FROM unnest(%s::text[]) WITH ORDINALITY AS wanted (word, place),
         unnest(ARRAY['simple', 'english', 'arabic', 'french', 'spanish']::regconfig[]) AS config,
         unnest(tsvector_to_array(to_tsvector(config, word))) AS lexeme
    GROUP BY place
"""


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


@dataclass(frozen=True)
class Wanted:
    """The forms in which each of the words may stand; with `ending` "*", what begins like one of them."""

    words: tuple[tuple[str, ...], ...]
    ending: str = ""

    def query(self) -> str:
        """Ask for all words, wherever they stand."""
        return _all(_any(self._term(form) for form in forms) for forms in self.words)

    def in_each_place(self) -> Iterator[tuple[int, str]]:
        """Ask for each word in each place, with the weight of the place."""
        for forms in self.words:
            for place in PLACES:
                yield place.weight, _any(self._term(form, place) for form in forms)

    def _term(self, form: str, place: Place | None = None) -> str:
        if connection.vendor == "sqlite":
            return f'{{{place.columns}}} : "{form}"{self.ending}' if place else f'"{form}"{self.ending}'
        flags = f"{self.ending}{place.label if place else ''}"
        return f"'{form}':{flags}" if flags else f"'{form}'"


def whole(words: list[str]) -> Wanted:
    """Want words in any of their forms. SQLite's index knows the English ones by itself."""
    if connection.vendor == "sqlite":
        return Wanted(tuple((word,) for word in words))
    # Asked for before, and not within the search: the database plans well only for words that it knows.
    with connection.cursor() as cursor:
        cursor.execute(STEMS, [words])
        return Wanted(tuple(tuple(forms) for (forms,) in cursor.fetchall()))


def beginnings(words: list[str]) -> Wanted:
    return Wanted(tuple((word,) for word in words), ending="*")


def _all(queries: Iterable[str]) -> str:
    return (" AND " if connection.vendor == "sqlite" else " & ").join(f"({each})" for each in queries)


def _any(queries: Iterable[str]) -> str:
    return (" OR " if connection.vendor == "sqlite" else " | ").join(queries)
