"""The public files, fetched and read back by other programs than those that wrote them."""

import csv
import io
import json
from typing import Any

import openpyxl
from django.test import Client

TABLES = ("pledges", "deadlines", "events", "cases", "bodies", "sources")
ENDINGS = ("csv", "jsonl", "xlsx")
FILES = (
    *(f"/data/{table}.{ending}" for table in TABLES for ending in ENDINGS),
    "/data/record.xlsx",
    "/data/dictionary.json",
    "/data/datapackage.json",
)


def fetch(client: Client, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.getvalue()


def read_csv(client: Client, table: str) -> list[dict[str, str]]:
    text = fetch(client, f"/data/{table}.csv").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def read_json(client: Client, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in fetch(client, f"/data/{table}.jsonl").decode().splitlines()]


def read_sheets(client: Client, name: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of every sheet; an empty cell as an empty text."""
    book = openpyxl.load_workbook(io.BytesIO(fetch(client, f"/data/{name}.xlsx")))
    return {sheet.title: _rows(sheet) for sheet in book.worksheets}


def _rows(sheet: Any) -> list[dict[str, str]]:
    names, *rows = ([cell.value or "" for cell in row] for row in sheet.iter_rows())
    return [dict(zip(names, row, strict=True)) for row in rows]


def everything(client: Client, address: str) -> str:
    """Return all that a file says, unpacked, as one text."""
    if not address.endswith(".xlsx"):
        return fetch(client, address).decode()
    name = address.removeprefix("/data/").removesuffix(".xlsx")
    return json.dumps(read_sheets(client, name), ensure_ascii=False)
