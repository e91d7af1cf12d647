"""The page of the data, and the dictionary: every column has a meaning, in one place."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from config.env import Licence
from pledges import record
from tests.public.conftest import make_many
from tests.public.data.files import ENDINGS, FILES, TABLES, fetch, read_csv, read_json
from tests.support import founding
from tests.support.founding import LAPSE, founding_case
from tests.support.records import make_draft, make_reviewer
from tracker.public import tally
from tracker.public.data.columns import Type
from tracker.public.data.tables import TABLES as DECLARED

pytestmark = pytest.mark.django_db
MOST = 8


def page(client: Client) -> str:
    return " ".join(fetch(client, "/data/").decode().split())


def read(client: Client, name: str) -> Any:
    return json.loads(fetch(client, f"/data/{name}.json"))


def test_the_page_counts_the_rows_and_links_every_file(client: Client) -> None:
    case = founding_case()
    founding.extend(case)
    make_draft()
    html = page(client)
    for address in FILES:
        assert f'href="{address}"' in html
        assert client.get(address).status_code == 200
    for table in TABLES:
        count = len(read_json(client, table))
        rows = "1 row<" if count == 1 else f"{count} rows<"
        assert f'{DECLARED[table].title} <span class="facts">{rows}' in html


@pytest.mark.parametrize(("most", "told"), [(3, "3 rows"), (2, "More than 2 rows"), (1, "More than 1 row")])
def test_the_page_counts_so_far(
    client: Client, monkeypatch: pytest.MonkeyPatch, most: int, told: str
) -> None:
    """To count all would take longer, the more there are, and tell a reader no more."""
    make_many(3)
    monkeypatch.setattr(tally, "MOST_COUNTED", most)
    assert f'{DECLARED["pledges"].title} <span class="facts">{told}</span>' in page(client)
    assert f'{DECLARED["cases"].title} <span class="facts">1 row</span>' in page(client)


def test_before_the_first_event_there_is_nothing_to_count(client: Client) -> None:
    assert page(client).count('<span class="facts">0 rows</span>') == len(TABLES)


def test_the_page_links_what_helps_to_check(client: Client) -> None:
    html = page(client)
    for address in ("/checkpoints/", "/corrections/", "/feed.atom", "/overdue.atom"):
        assert f'href="{address}"' in html.partition("<footer")[0]
    assert 'href="/data/"' in page(client).partition("<footer")[2]


def test_the_page_says_how_to_cite_as_of_the_last_change(client: Client) -> None:
    assert "as of" not in page(client).partition('id="cite"')[2].partition("<p>Say")[0]
    founding.present(founding_case())
    html = page(client)
    assert "<bdi>Pledge tracker</bdi>, as of 22 July 2025, " in html
    assert '<bdi dir="ltr">http://127.0.0.1:8000/data/</bdi>' in html
    assert "Last change on record: <bdi>" in html


def test_the_licence_is_that_of_the_settings(client: Client) -> None:
    assert "CC BY 4.0" in page(client)
    other = Licence("ODbL 1.0", "https://opendatacommons.org/licenses/odbl/1-0/")
    with override_settings(TRACKER_DATA_LICENCE=other):
        html = page(client)
        assert f'href="{other.url}" rel="license external noreferrer"><bdi>{other.name}</bdi>' in html
        assert "CC BY" not in html
        assert read(client, "datapackage")["licenses"] == [{"title": other.name, "path": other.url}]
        assert read(client, "dictionary")["licence"] == {"title": other.name, "path": other.url}


def test_every_column_of_every_file_is_explained(client: Client) -> None:
    founding.present(founding_case())
    html = page(client)
    told = {table["name"]: table for table in read(client, "dictionary")["tables"]}
    package = {each["name"]: each for each in read(client, "datapackage")["resources"]}
    assert list(told) == list(package) == list(TABLES)
    for name in TABLES:
        header = list(read_csv(client, name)[0])
        assert [column["name"] for column in told[name]["columns"]] == header
        assert [field["name"] for field in package[name]["schema"]["fields"]] == header
        own = html.partition(f'id="{name}"')[2].partition("</section>")[0]
        assert re.findall(r'<dt><code dir="ltr">(\w+)</code></dt>', own) == header
        assert all(column["meaning"].endswith(".") for column in told[name]["columns"])


def test_columns_hold_what_the_dictionary_says(client: Client) -> None:
    """By type, by code, and one row for each key."""
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    kinds: dict[str, Any] = {
        Type.TEXT: str,
        Type.NUMBER: int,
        Type.YES_NO: bool,
        Type.DAY: str,
        Type.INSTANT: str,
        Type.LIST: list,
        Type.JSON: list,
    }
    for table in read(client, "dictionary")["tables"]:
        rows = read_json(client, table["name"])
        assert len({tuple(row[name] for name in table["key"]) for row in rows}) == len(rows)
        for column in table["columns"]:
            values = [row[column["name"]] for row in rows]
            assert {type(value) for value in values if value is not None} <= {kinds[column["type"]]}, column
            if "codes" in column:
                assert set(values) - {""} <= set(column["codes"]), column


def test_the_data_package_names_the_files(client: Client) -> None:
    founding.present(founding_case())
    package = read(client, "datapackage")
    assert package["created"] == "2025-07-22T18:00:00.000000Z"
    for resource in package["resources"]:
        assert client.get(resource["path"].removeprefix("http://127.0.0.1:8000")).status_code == 200
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert set(resource["schema"]["primaryKey"]) <= set(fields)
        assert {field["type"] for field in fields.values()} <= {str(each) for each in Type}
        assert all(field["delimiter"] == ";" for field in fields.values() if field["type"] == "list")


def test_the_data_package_says_how_each_list_is_read(client: Client) -> None:
    """As its words tell a program, every cell of the CSV files is what JSON Lines has."""
    case = founding_case()
    founding.extend(case)
    founding.present(case)
    record.amend_pledge(
        pledge=case.report,
        changes={"note": "It may; be; split."},
        reason="A slip.",
        actor=make_reviewer(),
        now=LAPSE,
    )
    found = set()
    for resource in read(client, "datapackage")["resources"]:
        lists = [each for each in resource["schema"]["fields"] if each["type"] in ("list", "array")]
        rows = zip(read_csv(client, resource["name"]), read_json(client, resource["name"]), strict=True)
        for plain, exact in rows:
            for field in lists:
                assert as_declared(plain[field["name"]], field) == exact[field["name"]], field
                found |= {(field["type"], field.get("itemType"))} if exact[field["name"]] else set()
    assert found == {("list", "string"), ("list", "integer"), ("array", None)}


def as_declared(words: str, field: dict[str, str]) -> list[Any]:
    """Read a cell as Table Schema says that one reads it."""
    if not words:
        return []
    if field["type"] == "array":
        read_back: list[Any] = json.loads(words)
        return read_back
    parts = words.split(field["delimiter"])
    return [int(each) for each in parts] if field["itemType"] == "integer" else list(parts)


def test_the_page_asks_no_more_for_more_rows(client: Client) -> None:
    asked = []
    for count in (3, 30):
        make_many(count)
        with CaptureQueriesContext(connection) as captured:
            fetch(client, "/data/")
        asked.append(len(captured))
    assert asked[0] == asked[1] <= MOST


def test_the_dictionary_follows_the_language(client: Client) -> None:
    """Its texts are lazy: what the reader's language is, is known only when she asks."""
    with translation.override("ar"):
        labels = [str(label) for _code, label in DECLARED["pledges"].columns[4].codes]
    assert labels != ["Verbatim", "As reported, not word for word"]


@pytest.mark.parametrize("name", TABLES)
def test_the_page_offers_each_file_by_a_name_of_its_own(client: Client, name: str) -> None:
    """Who goes from link to link hears of which table a file is."""
    html = page(client)
    for ending in ENDINGS:
        [link] = re.findall(rf'<a href="/data/{name}\.{ending}">(.*?)</a>', html)
        assert str(DECLARED[name].title) in link
