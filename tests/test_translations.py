"""Everything that is said, on pages, in mails, in the admin and by commands, is said in every language.

The sources are read as text: every message in them must stand translated in each catalogue, with the same
placeholders; and each compiled catalogue must be that of its source.
"""

import ast
import gettext
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation.template import templatize

from tests.support.architecture import BASE_DIR

pytestmark = pytest.mark.once
LANGUAGES = ("ar", "fr", "es")
READ = ("config", "pledges", "tracker")
CALLS = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
# What `templatize` makes of the tags of a template.
IN_TEMPLATE = re.compile(r"\b(n?gettext|pgettext|_)\(u?('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\")")
FIELD = re.compile(r'^(msgctxt|msgid_plural|msgid|msgstr)(?:\[\d\])? ((?:".*"\n?)+)', re.MULTILINE)
PLACEHOLDER = re.compile(r"%\(\w+\)[+]?[sd]|%[sd]|\{\w+\}")


def files() -> Iterator[Path]:
    for name in READ:
        each = (BASE_DIR / name).rglob("*")
        yield from sorted(path for path in each if path.suffix in (".py", ".html", ".txt", ".svg"))


def in_python(text: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            words = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
            position = 1 if node.func.id.startswith("pgettext") else 0
            if len(words) > position and isinstance(words[position], str):
                yield str(words[position])


def in_template(text: str) -> Iterator[str]:
    for _name, literal in IN_TEMPLATE.findall(templatize(text)):
        yield ast.literal_eval(literal)


def messages() -> set[str]:
    found: set[str] = set()
    for path in files():
        text = path.read_text(encoding="utf-8")
        found |= set(in_python(text) if path.suffix == ".py" else in_template(text))
    return found


def catalogue(language: str) -> dict[str, list[str]]:
    """Return what the compiled catalogue says for each message, in all its plural forms."""
    path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as compiled:
        translations = gettext.GNUTranslations(compiled)
    forms: dict[str, list[str]] = {}
    for key, said in translations._catalog.items():  # type: ignore[attr-defined]  # there is no other way
        message = (key[0] if isinstance(key, tuple) else key).rpartition("\x04")[2]
        forms.setdefault(message, []).append(said)
    return forms


def source(language: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield each message of a catalogue's source with its plural and its translations."""
    path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
    for block in path.read_text(encoding="utf-8").split("\n\n")[1:]:
        fields: dict[str, list[str]] = {}
        for name, literals in FIELD.findall(block):
            words = "".join(ast.literal_eval(line) for line in literals.strip().splitlines())
            fields.setdefault(name, []).append(words)
        if "msgid" in fields:
            yield fields["msgid"][0], "".join(fields.get("msgid_plural", [])), fields["msgstr"]


def test_the_collector_finds_what_is_known_to_be_there() -> None:
    found = messages()
    known = {"Follow by mail", "Still overdue: %(reference)s %(title)s (due %(due)s)", "%(days)d day"}
    assert known <= found
    assert len(found) > 1000


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_is_translated(language: str) -> None:
    known = catalogue(language)
    assert sorted(message for message in messages() if not all(known.get(message, [""]))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_message(language: str) -> None:
    wrong = []
    for message, plural, forms in source(language):
        allowed = set(PLACEHOLDER.findall(message + plural))
        for form in forms if all(forms) else []:
            used = set(PLACEHOLDER.findall(form))
            # "One day" and "two days" may leave the number out; nothing else may be left out.
            if used - allowed or (allowed - used and not plural):
                wrong.append((message, form))
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_that_of_its_source(language: str) -> None:
    """After a change of the source run `msgfmt` (package gettext): the README says how."""
    said: dict[str, set[str]] = {}
    for message, _plural, forms in source(language):
        if all(forms):
            said.setdefault(message, set()).update(forms)
    compiled = {message: set(forms) for message, forms in catalogue(language).items() if message}
    assert compiled == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_marked_as_doubtful(language: str) -> None:
    path = settings.LOCALE_PATHS[0] / language / "LC_MESSAGES" / "django.po"
    assert "fuzzy" not in path.read_text(encoding="utf-8")
