"""The page on which the API is explained, made from the same schema that programs read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .answer import api_address
from .queries import LARGEST
from .urls import api

REFERENCE = "#/components/schemas/"
# Formats that a reader knows; those of our own are explained by what stands beside them.
FORMATS = ("date", "date-time", "uri")


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A parameter or a field. `shape` names another schema, which `is_list` says it is a list of."""

    name: str
    text: SafeString
    kind: str
    shape: str = ""
    is_list: bool = False
    may_be_null: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Described:
    """An operation with its parameters and the schema of its answer, or a schema with its fields."""

    name: str
    text: SafeString
    entries: tuple[Entry, ...]
    address: str = ""
    answer: str = ""


def documentation(request: HttpRequest) -> HttpResponse:
    operations, schemas = reference()
    context = {
        "operations": operations,
        "schemas": schemas,
        "schema_address": api_address("openapi-json"),
        "example": api_address("pledges"),
        "hourly": settings.TRACKER_API_HOURLY,
        "largest": LARGEST,
    }
    return render(request, "public/api.html", context)


@cache
def reference() -> tuple[tuple[Described, ...], tuple[Described, ...]]:
    """Return all operations and all schemas. They change with the code alone."""
    whole: Mapping[str, Any] = api.get_openapi_schema()
    named: Mapping[str, Any] = whole["components"]["schemas"]
    operations = tuple(_operation(path, each["get"], named) for path, each in whole["paths"].items())
    shown = _met([each.answer for each in operations] + ["ErrorAnswer", "GoneAnswer"], named)
    schemas = tuple(_schema(name, named) for name in shown)
    return operations, schemas


def _operation(path: str, facts: Mapping[str, Any], named: Mapping[str, Any]) -> Described:
    parameters = [_entry(each["name"], each["schema"], named) for each in facts["parameters"]]
    answer = facts["responses"][200]["content"]["application/json"]["schema"]["$ref"]
    return Described(
        name=facts["operationId"],
        text=_coded(facts["description"]),
        address=path,
        entries=tuple(parameters),
        answer=answer.removeprefix(REFERENCE),
    )


def _met(names: Iterable[str], named: Mapping[str, Any]) -> list[str]:
    """Return `names` and the schemas of objects to which they lead, in the order in which they are met."""
    found: list[str] = []
    waiting = list(names)
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting += [each.shape for each in _schema(name, named).entries if each.shape]
    return found


def _schema(name: str, named: Mapping[str, Any]) -> Described:
    facts = named[name]
    fields = [_entry(field, each, named) for field, each in facts["properties"].items()]
    return Described(name=name, text=_coded(facts["description"]), entries=tuple(fields))


def _entry(name: str, facts: Mapping[str, Any], named: Mapping[str, Any]) -> Entry:
    variants = [
        each for each in facts.get("anyOf", facts.get("allOf", [facts])) if each.get("type") != "null"
    ]
    only = variants[0]
    is_list = only.get("type") == "array"
    inner = only["items"] if is_list else only
    target = inner.get("$ref", "").removeprefix(REFERENCE)
    meant = named[target] if target else inner
    is_object = "properties" in meant
    return Entry(
        name=name,
        text=_coded(facts.get("description", "")),
        kind="" if is_object else _kind(meant),
        shape=target if is_object else "",
        is_list=is_list,
        may_be_null={"type": "null"} in facts.get("anyOf", ()),
        choices=tuple(meant.get("enum", ())),
    )


def _kind(facts: Mapping[str, Any]) -> str:
    known = facts["format"] if facts.get("format") in FORMATS else facts["type"]
    if "minimum" not in facts or "maximum" not in facts:
        return str(known)
    return f"{known} from {facts['minimum']} to {facts['maximum']}, {facts['default']} without it"


def _coded(text: str) -> SafeString:
    """Show as code what stands between backticks."""
    parts = enumerate(text.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", p) if n % 2 else p,) for n, p in parts)
    )
