"""What one value looks like in a file, and how a text is kept from being run as a formula."""

import json
import re
import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from pledges.ledger.chain import instant
from pledges.models.choices import Precision

from .columns import Value

SEPARATOR = ";"
DEFUSED = "'"
# With these a spreadsheet takes a cell for a formula; the bar starts a program in some.
SIGNS = frozenset("=+-@|\N{MINUS SIGN}")
BREAKS = frozenset("\t\r\n")
# Where a spreadsheet begins a cell that takes another sign than the comma between them, as Excel does
# wherever numbers have a comma.
CELL_STARTS = re.compile("\r\n|[;\t\r\n]")
QUOTATION_MARK = '"'
# Whoever looks at a cell doesn't see these, and some spreadsheets pass over them.
UNSEEN_CATEGORIES = frozenset({"Cc", "Cf", "Zl", "Zp", "Zs"})
UNSEEN_LETTERS = frozenset("\u034f\u115f\u1160\u3164\uffa0")
# XlsxWriter puts a text that starts like this into the sheet as it is, unescaped.
MARKUP = "<r>"


def exact(value: Value) -> object:
    """Return a value as JSON carries it: days and instants in ISO 8601, everything else as it is."""
    if isinstance(value, datetime):
        return instant(value)
    return value.isoformat() if isinstance(value, date) else value


def text(value: Value) -> str:
    """Return a value as one cell. Nothing is an empty cell; a list is joined by semicolons."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _joined(value)
    return str(exact(value))


def cell(value: Value) -> str:
    """Return a value as a cell that no spreadsheet runs.

    A text that could be taken for a formula gets an apostrophe before it, and so does one that has
    apostrophes there already: taking one away always gives the exact words.
    """
    words = text(value)
    return DEFUSED + words if is_dangerous(words) else words


def csv_cell(value: Value) -> str:
    """Return a value as a cell of a file that no spreadsheet runs, wherever it begins its cells.

    What could be taken for a formula after a semicolon, a tab or a line break gets an apostrophe there too.
    """
    words = cell(value)
    pieces: list[str] = []
    written, reach, is_formula = 0, -1, False
    for found in CELL_STARTS.finditer(words):
        # Up to `reach` nothing is seen, so that the answer is that of the last one.
        if found.end() > reach:
            reach, is_formula = _look(words, found.end())
        if is_formula:
            pieces += [words[written : found.end()], DEFUSED]
            written = found.end()
    return "".join([*pieces, words[written:]])


def is_dangerous(words: str) -> bool:
    """Whether a spreadsheet could take this text for a formula, or break at its start."""
    if words.lstrip(DEFUSED).startswith(MARKUP):
        return True
    for letter in words:
        if letter in BREAKS:
            return True
        if letter != DEFUSED and not _is_unseen(letter):
            return _is_sign(letter)
    return False


def no_more_exact(day: date, precision: str) -> str:
    """Return a day as ISO 8601, cut to the month or the year where no more is known."""
    kept = {Precision.MONTH: len("2025-03"), Precision.YEAR: len("2025")}
    return day.isoformat()[: kept.get(Precision(precision))]


def _look(words: str, start: int) -> tuple[int, bool]:
    """Return where from `start` the first letter stands that a reader sees, and whether it is a sign.

    Marks that a spreadsheet takes off are passed over.
    """
    for place in range(start, len(words)):
        letter = words[place]
        if letter not in (DEFUSED, QUOTATION_MARK) and not _is_unseen(letter):
            return place, _is_sign(letter)
    return len(words), False


def _is_sign(letter: str) -> bool:
    # Full-width, small and raised signs become the plain ones.
    return unicodedata.normalize("NFKC", letter)[0] in SIGNS


def _is_unseen(letter: str) -> bool:
    if letter in UNSEEN_LETTERS or "VARIATION SELECTOR" in unicodedata.name(letter, ""):
        return True
    return unicodedata.category(letter) in UNSEEN_CATEGORIES


def _joined(values: Sequence[object]) -> str:
    if any(isinstance(each, dict) for each in values):
        return json.dumps(values, ensure_ascii=False)
    return SEPARATOR.join(map(str, values))
