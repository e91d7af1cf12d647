"""What is wrong in a seed file: where, what, and how to mend it, on one line."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import models


@dataclass(frozen=True)
class Place:
    """Where a row stands: its file, what it is called there, and the lines of its fields."""

    file: Path
    line: int
    about: str = ""
    lines: dict[str, int] = field(default_factory=dict)

    def problem(self, name: str, message: str) -> "Problem":
        return Problem(self.file, self.lines.get(name, self.line), self.about, name, message)

    def refusal(self, name: str, message: str) -> "SeedsError":
        return SeedsError([self.problem(name, message)])


@dataclass(frozen=True)
class Problem:
    file: Path
    line: int
    about: str
    field: str
    message: str

    def __str__(self) -> str:
        # A file that can't be read has no lines.
        where = f"{self.file}:{self.line}" if self.line else str(self.file)
        parts = [where, self.about, self.field, self.message]
        return ": ".join(" ".join(part.split()) for part in parts if part)


class SeedsError(Exception):
    """The seeds can't be loaded; `problems` names every reason."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


@contextmanager
def telling(place: Place, *models_written: type[models.Model]) -> Iterator[None]:
    """Turn a writer's refusal into problems at the lines of the row it was given."""
    try:
        yield
    except PermissionDenied as error:
        raise place.refusal("", str(error)) from error
    except ValidationError as error:
        raise SeedsError(list(_problems(place, models_written, error))) from error


def _problems(
    place: Place, models_written: Sequence[type[models.Model]], error: ValidationError
) -> Iterator[Problem]:
    by_field = getattr(error, "error_dict", None) or {NON_FIELD_ERRORS: error.error_list}
    for name, errors in by_field.items():
        for one in errors:
            text = " ".join(one.messages) + _allowed(models_written, name, one)
            yield place.problem("" if name == NON_FIELD_ERRORS else name, text)


def _allowed(models_written: Sequence[type[models.Model]], name: str, error: ValidationError) -> str:
    if error.code != "invalid_choice":
        return ""
    fields = {one.name: one for model in models_written for one in model._meta.fields}
    values = [value for value, _label in fields[name].flatchoices if value]
    return f" Write one of: {', '.join(values)}."
