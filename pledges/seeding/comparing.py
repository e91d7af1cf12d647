"""Is what a file says already recorded, and the same?"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.db import models

from .problems import Place, Problem

RowT = TypeVar("RowT")
RecordedT = TypeVar("RecordedT", bound=models.Model)
LONGEST = 80


def differences(place: Place, wanted: dict[str, Any], recorded: models.Model) -> Iterator[Problem]:
    """Fields in which the record does not say what the file says. Nothing is changed."""
    for name, value in wanted.items():
        found = getattr(recorded, name)
        is_relation = isinstance(found, models.Manager)
        stated = _names(value) if is_relation else value
        kept = _names(found.all()) if is_relation else found
        if stated != kept:
            yield place.problem(
                name,
                f"The file says {_shown(stated)}, the record {_shown(kept)}. The record was left "
                "as it is: correct it there with a reason, or mend the file.",
            )


def _names(rows: Iterable[models.Model]) -> list[str]:
    return sorted(getattr(row, "url", None) or str(row) for row in rows)


def _shown(value: object) -> str:
    if value in (None, "", []):
        return "nothing"
    text = f"“{', '.join(value) if isinstance(value, list) else value}”"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 2]}…”"


@dataclass
class Pairing(Generic[RowT, RecordedT]):
    """Which rows of a file are recorded, which are new, and what is recorded and no longer there."""

    recorded: list[tuple[RowT, RecordedT]] = field(default_factory=list)
    new: list[RowT] = field(default_factory=list)
    gone: list[RecordedT] = field(default_factory=list)


def pair(
    rows: Sequence[RowT],
    recorded: Iterable[RecordedT],
    *,
    exact: Callable[[RowT | RecordedT], Hashable],
    rough: Callable[[RowT | RecordedT], Hashable],
) -> Pairing[RowT, RecordedT]:
    """Match rows with what is recorded: first word for word, then by what a rewording leaves.

    So an entry may be added anywhere in a file, and a reworded one is told from a new one.
    """
    result: Pairing[RowT, RecordedT] = Pairing(new=list(rows), gone=list(recorded))
    for likeness in (exact, rough):
        for row in list(result.new):
            match = next((one for one in result.gone if likeness(one) == likeness(row)), None)
            if match is not None:
                result.recorded.append((row, match))
                result.new.remove(row)
                result.gone.remove(match)
    return result
