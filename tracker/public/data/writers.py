"""The three kinds of files. Each is made row by row: the size of the record is not that of the memory."""

import csv
import json
import tempfile
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import IO, Any

import xlsxwriter
from django.conf import settings

from tracker.public.feeds import printable
from tracker.public.moment import Moment

from .cells import cell, csv_cell, exact
from .columns import Table, Value

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHUNK = 64 * 1024
# Python's splitlines() takes these for the end of a line, and a line must hold a whole row.
LINE_ENDS = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in "\x85\u2028\u2029"})
# What a sheet and a cell can hold, the header among the rows; a cell in units of UTF-16.
SHEET_ROWS = 1_048_576
CELL_UNITS = 32_767
CUT = " […]"
NEVER_GUESS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


class Echo:
    """What csv.writer writes into: it hands every line back."""

    def write(self, line: str) -> str:
        return line


def csv_file(table: Table[Any], moment: Moment) -> Iterator[bytes]:
    """Yield a table as RFC 4180 has it, in UTF-8.

    Without a byte order mark: programs would take it for a part of the first column's name. For
    spreadsheets, which need one to read Arabic, there is the workbook.
    """
    writer = csv.writer(Echo())
    rows = chain([table.names], (map(csv_cell, row) for row in table.rows(moment)))
    return _in_chunks(writer.writerow(row) for row in rows)


def json_lines(table: Table[Any], moment: Moment) -> Iterator[bytes]:
    """Yield a table as JSON Lines: one object a row, with the exact texts."""
    return _in_chunks(_json_line(table.names, row) for row in table.rows(moment))


def workbook(tables: Iterable[Table[Any]], moment: Moment) -> Iterator[bytes]:
    """Yield an Excel workbook with one sheet a table, made in temporary files instead of in memory.

    Every cell is a string: nothing is a formula, a link, or a number that loses its digits.
    """
    with tempfile.TemporaryFile() as file:
        _write_workbook(file, tables, moment)
        file.seek(0)
        yield from iter(partial(file.read, CHUNK), b"")


def _write_workbook(file: IO[bytes], tables: Iterable[Table[Any]], moment: Moment) -> None:
    with xlsxwriter.Workbook(file, {"constant_memory": True, **NEVER_GUESS}) as book:
        licence = settings.TRACKER_DATA_LICENCE
        book.set_properties(
            {
                "title": settings.TRACKER_SITE_NAME,
                "comments": f"{settings.TRACKER_SITE_URL} · {licence.name} · {licence.url}",
                "created": moment.now,
            }
        )
        for table in tables:
            _write_sheets(book, table, moment)


def _json_line(names: list[str], row: list[Value]) -> str:
    line = json.dumps(dict(zip(names, map(exact, row), strict=True)), ensure_ascii=False)
    return line.translate(LINE_ENDS) + "\n"


def _in_chunks(lines: Iterable[str]) -> Iterator[bytes]:
    """Join lines, so that not each becomes a packet of its own."""
    chunk = bytearray()
    for line in lines:
        chunk += line.encode()
        if len(chunk) >= CHUNK:
            yield bytes(chunk)
            chunk.clear()
    yield bytes(chunk)


def _write_sheets(book: xlsxwriter.Workbook, table: Table[Any], moment: Moment) -> None:
    """Write a table into a sheet, and what doesn't fit into further ones."""
    rows = table.rows(moment)
    first = next(rows, None)
    number = 1
    while first is not None or number == 1:
        sheet = book.add_worksheet(table.name if number == 1 else f"{table.name} {number}")
        sheet.freeze_panes(1, 0)
        here = chain([first] if first else [], islice(rows, SHEET_ROWS - 2))
        for position, row in enumerate(chain([list[Value](table.names)], here)):
            for column, value in enumerate(row):
                sheet.write_string(position, column, _in_a_sheet(cell(value)))
        first = next(rows, None)
        number += 1


def _in_a_sheet(words: str) -> str:
    """Return a text as a sheet can hold it: its line breaks, no sign that XML has not, cut visibly."""
    words = printable(words.replace("\r\n", "\n").replace("\r", "\n"))
    units = words.encode("utf-16-le")
    if len(units) <= 2 * CELL_UNITS:
        return words
    return units[: 2 * (CELL_UNITS - len(CUT))].decode("utf-16-le", errors="ignore") + CUT
