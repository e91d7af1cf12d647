"""Reading seed files: every value with its line, every mistake told, nothing guessed.

All scalars are read as text and turned into what the field needs, so that YAML's own ideas (`NO` is
false, 2025-02-30 is an exception) can't change what was written.
"""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import yaml

from .linking import unlinked
from .problems import Place, Problem, SeedsError
from .shapes import SeedFile

NAMING = ("reference", "slug", "id")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LOST = re.compile(r"\s+#[^\s#]")
FLAGS = {"true": True, "false": False}
KINDS = {yaml.ScalarNode: "a text", yaml.SequenceNode: "a list", yaml.MappingNode: "fields"}


def read_seeds(paths: Sequence[Path]) -> list[SeedFile]:
    """Read files and the `*.yaml` of folders, by name. Raises SeedsError with every problem."""
    problems: list[Problem] = []
    seeds = []
    for file in _files(paths, problems):
        reader = _Reader(file)
        found = reader.read()
        problems.extend(reader.problems)
        if found is not None:
            seeds.append(found)
            problems.extend(unlinked(found))
    problems.extend(_repeated_references(seeds))
    if problems:
        raise SeedsError(problems)
    return seeds


def _files(paths: Sequence[Path], problems: list[Problem]) -> Iterator[Path]:
    for path in paths:
        if not path.is_dir():
            yield path
            continue
        inside = sorted(path.glob("*.yaml"))
        if not inside:
            problems.append(Problem(path, 0, "", "", "No seed file (*.yaml) in this folder."))
        yield from inside


def _repeated_references(seeds: Sequence[SeedFile]) -> Iterator[Problem]:
    first: dict[str, Place] = {}
    for row in (pledge for file in seeds for pledge in file.pledges):
        earlier = first.setdefault(row.reference, row.place)
        if earlier is not row.place:
            yield row.place.problem(
                "reference",
                f"Already used in {earlier.file}, line {earlier.line}. Give each pledge its own.",
            )


class _Reader:
    """Reads one file into its shape and collects the problems on the way."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def read(self) -> SeedFile | None:
        try:
            root = yaml.compose(self.file.read_text("utf-8"), Loader=yaml.BaseLoader)
        except OSError as error:
            self._tell(0, f"Can't be read: {error.strerror}.")
        except UnicodeDecodeError:
            self._tell(0, "Not UTF-8 text. Save it as UTF-8.")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            said = getattr(error, "problem", None) or str(error)
            self._tell(mark.line + 1 if mark else 0, f"Not valid YAML: {said}.")
        else:
            if root is None:
                self._tell(1, "The file is empty.")
                return None
            found: SeedFile | None = self._row(SeedFile, root, about="")
            return found
        return None

    def _tell(self, line: int, message: str) -> None:
        self.problems.append(Problem(self.file, line, "", "", message))

    def _row(self, shape: type[Any], node: yaml.Node, *, about: str) -> Any:  # noqa: ANN401  (the shape's instance)
        before = len(self.problems)
        if not isinstance(node, yaml.MappingNode):
            self.problems.append(_wrong_kind(self._place(node, about), "", yaml.MappingNode, node))
            return None
        entries = self._entries(node, about)
        about = next((str(v.value) for n, (_, v) in entries.items() if n in NAMING), about)
        place = self._place(node, about, {name: line for name, (line, _) in entries.items()})
        hints = get_type_hints(shape)
        known = [one for one in fields(shape) if one.name != "place"]
        self.problems.extend(_unknown(place, entries, [one.name for one in known]))
        values: dict[str, Any] = {"place": place}
        for one in known:
            value = entries.get(one.name, (0, None))[1]
            if value is None or value.value == "":
                self.problems.extend(_missing(place, one))
            else:
                values[one.name] = self._value(hints[one.name], value, place, one.name)
        return shape(**values) if len(self.problems) == before else None

    def _entries(self, node: yaml.MappingNode, about: str) -> dict[str, tuple[int, yaml.Node]]:
        entries: dict[str, tuple[int, yaml.Node]] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if key.value in entries:
                said = "Written twice. Keep one of the two."
                self.problems.append(Problem(self.file, line, about, str(key.value), said))
            entries[str(key.value)] = (line, value)
        return entries

    def _place(self, node: yaml.Node, about: str, lines: dict[str, int] | None = None) -> Place:
        return Place(self.file, node.start_mark.line + 1, about, lines or {})

    def _value(self, hint: Any, node: yaml.Node, place: Place, name: str) -> Any:  # noqa: ANN401  (any field)
        if is_dataclass(hint) and isinstance(hint, type):
            return self._row(hint, node, about=place.about)
        is_list = get_origin(hint) is tuple
        if is_list and isinstance(node, yaml.SequenceNode):
            return tuple(self._value(get_args(hint)[0], item, place, name) for item in node.value)
        if is_list or not isinstance(node, yaml.ScalarNode):
            wanted = yaml.SequenceNode if is_list else yaml.ScalarNode
            self.problems.append(_wrong_kind(place, name, wanted, node))
            return None
        try:
            _refuse_cut(node)
            return _scalar(hint, node.value.strip())
        except ValueError as error:
            self.problems.append(place.problem(name, str(error)))
            return None


def _refuse_cut(node: yaml.ScalarNode) -> None:
    """Refuse a text that goes on with a “#word”: YAML would drop it without a word."""
    if node.style is None and node.end_mark.buffer is not None:
        rest = node.end_mark.buffer[node.end_mark.pointer :].split("\n", 1)[0]
        if LOST.match(rest):
            raise ValueError(
                "What follows “#” is lost. Put the text in double quotes, or a space after a comment's “#”."
            )


def _scalar(hint: Any, text: str) -> object:  # noqa: ANN401  (a type hint)
    if hint is bool:
        if text not in FLAGS:
            raise ValueError(f"“{text}” is neither true nor false.")
        return FLAGS[text]
    if hint in (date, date | None):
        return _day(text)
    return text


def _day(text: str) -> date:
    if not DAY.fullmatch(text):
        raise ValueError(f"“{text}” is no day. Write it as YEAR-MONTH-DAY, such as 2025-04-08.")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"There is no day {text} in the calendar.") from None


def _wrong_kind(place: Place, name: str, wanted: type[yaml.Node], found: yaml.Node) -> Problem:
    return place.problem(name, f"Here stands {KINDS[type(found)]}; write {KINDS[wanted]}.")


def _unknown(place: Place, entries: dict[str, Any], known: list[str]) -> Iterator[Problem]:
    for name in entries.keys() - set(known):
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"Did you mean “{near[0]}”?" if near else f"Known here: {', '.join(known)}."
        yield place.problem(name, f"No such field. {hint}")


def _missing(place: Place, one: Field[Any]) -> Iterator[Problem]:
    if one.default is MISSING:
        yield place.problem(one.name, "Missing. Every entry of this kind needs it.")
