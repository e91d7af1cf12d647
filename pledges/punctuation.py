"""The signs between the parts of a line, in the active language: Arabic has a comma of its own."""

from collections.abc import Iterable

from django.utils.translation import get_language, get_language_bidi, gettext, pgettext

from pledges.deadlines.bidi import isolate


def comma() -> str:
    """Return what stands between the items of a list, its space included."""
    return pgettext("between the items of a list", ", ")


def colon() -> str:
    """Return what stands between a name and what it names, its spaces included: French has two."""
    return headed("", "")


def headed(what: object, words: object) -> str:
    """Return "what: words"."""
    return gettext("%(what)s: %(name)s") % {"what": what, "name": words}


def listed(items: Iterable[str]) -> str:
    """Return "one, another"; what is empty is left out."""
    return comma().join(filter(None, items))


def in_clauses(parts: Iterable[str]) -> str:
    """Return "one; another", for parts that have commas in them; what is empty is left out."""
    return pgettext("between the clauses of a line", "; ").join(filter(None, parts))


def changed(before: str, after: str) -> str:
    """Return "before → after", the arrow pointing the way in which the reader reads."""
    arrow = "\u2190" if get_language_bidi() else "\u2192"
    language = get_language() or "en"
    return f"{isolate(before, language)} {arrow} {isolate(after, language)}"
