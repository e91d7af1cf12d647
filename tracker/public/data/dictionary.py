"""The data dictionary: what each table and column means, for programs. Made from the tables themselves."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from pledges.ledger.chain import instant
from tracker.public.feeds import absolute

from .cells import SEPARATOR
from .columns import Column, Table, Type
from .tables import TABLES

PROFILE = "https://datapackage.org/profiles/2.0/"


def dictionary() -> dict[str, Any]:
    """Return every table and column with its meaning and its codes, in the active language."""
    return {"about": notes(), "licence": _licence(), "tables": [_table(table) for table in TABLES.values()]}


def data_package(changed_at: datetime | None) -> dict[str, Any]:
    """Return the descriptor of the CSV files as Frictionless Data has it."""
    package: dict[str, Any] = {
        "$schema": f"{PROFILE}datapackage.json",
        "name": "pledges",
        "title": settings.TRACKER_SITE_NAME,
        "description": "\n".join(notes()),
        "homepage": absolute(reverse("public:data")),
        "licenses": [_licence()],
        "resources": [_resource(table) for table in TABLES.values()],
    }
    return package | ({"created": instant(changed_at)} if changed_at else {})


def notes() -> list[str]:
    """Say what holds for all the files."""
    return [
        _("Published rows only. Columns and codes keep their names; new columns come last."),
        _("Days and instants are written as in ISO 8601, instants in UTC."),
        _(
            "CSV is UTF-8 without a byte order mark, with commas, as RFC 4180 has it. Lists are joined by "
            "semicolons."
        ),
        _(
            "In CSV and XLSX a text that a spreadsheet could run as a formula has an apostrophe before it: "
            "one that starts with =, +, -, −, @, | or <r>, in any width, or with a tab or a line break; also "
            "after blanks, apostrophes or signs that can't be seen. Take one apostrophe off for the exact "
            "words."
        ),
        _(
            "In CSV such a sign has one too after each semicolon, tab or line break within a text, because "
            "some spreadsheets begin a cell there."
        ),
        _("JSON Lines has the exact words always, and real lists, numbers and nulls."),
        _(
            "In XLSX every cell is text, without the signs that XML can't carry. One that is too long for "
            "Excel is cut, and ends with […]."
        ),
    ]


def _licence() -> dict[str, str]:
    licence = settings.TRACKER_DATA_LICENCE
    return {"title": licence.name, "path": licence.url}


def _table(table: Table[Any]) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": str(table.title),
        "meaning": str(table.meaning),
        "key": list(table.key),
        "columns": [_column(column) for column in table.columns],
    }


def _column(column: Column[Any]) -> dict[str, Any]:
    told = {"name": column.name, "type": column.type, "meaning": str(column.meaning)}
    codes = {code: str(label) for code, label in column.codes}
    return told | ({"codes": codes} if codes else {})


def _resource(table: Table[Any]) -> dict[str, Any]:
    return {
        "name": table.name,
        "title": str(table.title),
        "description": str(table.meaning),
        "path": absolute(reverse("public:data_csv", args=[table.name])),
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": {
            "$schema": f"{PROFILE}tableschema.json",
            "fields": [_field(column) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }


def _field(column: Column[Any]) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": column.type, "description": str(column.meaning)}
    if column.type is Type.LIST:
        field |= {"delimiter": SEPARATOR, "itemType": column.items}
    codes = [code for code, _label in column.codes]
    return field | ({"constraints": {"enum": codes}} if codes else {})
