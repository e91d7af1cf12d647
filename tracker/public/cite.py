"""How a pledge's entry is cited, in the forms that people and programs use. Pure: no queries, no clock.

A citation names the state of the record that was read: the number of the entry's last event and its hash,
which docs/verifying.md explains. Whoever checks it later sees whether anything was added since, or altered.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from pledges.deadlines.lapse import local_day
from pledges.models import Pledge
from pledges.readings import day

from .moment import Moment

UTC = "UTC"
# Enough of a hash to find it by; copies of the record have the whole of it.
DIGITS = 16


@dataclass(frozen=True, kw_only=True)
class Citation:
    """What is cited. `published_on` is a day in the pledge's zone, `accessed_on` one in UTC."""

    reference: str
    title: str
    site: str
    address: str
    language: str
    published_on: date
    accessed_on: date
    entry: int
    fingerprint: str

    @property
    def version(self) -> str:
        """The state that was read; in English, where programs pass it on as it is."""
        return f"{self.reference}, entry {self.entry}, SHA-256 {self.fingerprint[:DIGITS]}"


@dataclass(frozen=True)
class Form:
    """One way to cite, ready to be copied; `is_prose` where it is in the reader's own language."""

    name: str
    text: str
    is_prose: bool = False


def citation_of(pledge: Pledge, moment: Moment, *, site: str, address: str, language: str) -> Citation:
    """Cite a published pledge as it stands; `address` is its full address, `language` that of the page."""
    return Citation(
        reference=pledge.reference,
        title=pledge.name_here,
        site=site,
        address=address,
        language=language,
        published_on=local_day(pledge.published_at or pledge.created_at, pledge.time_zone),
        accessed_on=local_day(moment.now, UTC),
        entry=pledge.head_position,
        fingerprint=pledge.head_hash,
    )


def forms(citation: Citation) -> list[Form]:
    """Return a citation in every form, the one for readers first."""
    written: tuple[tuple[str, Callable[[Citation], str]], ...] = (
        ("BibTeX", bibtex),
        ("RIS", ris),
        ("Wikipedia", wikipedia),
    )
    as_text = Form(gettext("Text"), plain(citation), is_prose=True)
    return [as_text, *(Form(name, write(citation)) for name, write in written)]


def plain(citation: Citation) -> SafeString:
    """Cite in a sentence of the active language, after the manner of the APA.

    Words of another direction are kept apart by markup, not by signs: those would be copied with them.
    """
    return format_html(
        gettext(
            "{site}. ({published}). {title} ({reference}; entry {entry}, SHA-256 {fingerprint}). "
            "Retrieved {accessed}, from {address}"
        ),
        site=_apart(one_line(citation.site)),
        published=day(citation.published_on),
        title=_apart(one_line(citation.title)),
        reference=_apart(citation.reference),
        entry=citation.entry,
        fingerprint=_apart(citation.fingerprint[:DIGITS]),
        accessed=day(citation.accessed_on),
        address=_apart(citation.address),
    )


def _apart(words: str) -> SafeString:
    return format_html("<bdi>{}</bdi>", words)


# Braces are counted even behind a backslash, so that one in a title would swallow what comes after it.
_TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: rf"\{sign}" for sign in "$&#%_"},
}


def bibtex(citation: Citation) -> str:
    """Cite as BibTeX in UTF-8. The doubled braces keep capitals, and a site's name as one name."""
    fields = {
        "author": f"{{{_tex(citation.site)}}}",
        "title": f"{{{_tex(citation.title)}}}",
        "year": str(citation.published_on.year),
        "date": citation.published_on.isoformat(),
        "url": citation.address,
        "urldate": citation.accessed_on.isoformat(),
        "note": _tex(citation.version),
    }
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{citation.reference},\n{lines}\n}}"


def ris(citation: Citation) -> str:
    """Cite as RIS. A field is one line; what follows a line's end would be read as the next field."""
    fields = (
        ("TY", "ELEC"),
        ("TI", one_line(citation.title)),
        ("AU", one_line(citation.site)),
        ("PY", f"{citation.published_on:%Y}"),
        ("DA", f"{citation.published_on:%Y/%m/%d}"),
        ("UR", citation.address),
        ("Y2", f"{citation.accessed_on:%Y/%m/%d}"),
        ("N1", citation.version),
        ("LA", citation.language),
        ("ER", ""),
    )
    return "\n".join(f"{tag}  - {value}" for tag, value in fields)


# What ends a parameter, opens a template, a link or a tag, signs for the reader, or switches something.
_WIKI = {ord(sign): f"&#{ord(sign)};" for sign in "&<>[]{}|~_"}
_APOSTROPHES = re.compile("''+")


def wikipedia(citation: Citation) -> str:
    """Cite with the template {{cite web}} of the English Wikipedia."""
    fields = {
        "url": citation.address,
        "title": _wiki(citation.title),
        "website": _wiki(citation.site),
        "date": citation.published_on.isoformat(),
        "access-date": citation.accessed_on.isoformat(),
        "id": citation.version,
    }
    return "{{cite web |" + " |".join(f"{name}={value}" for name, value in fields.items()) + "}}"


def one_line(text: str) -> str:
    """Return a text with every run of spaces and line ends as one space."""
    return " ".join(text.split())


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in one_line(text))


def _wiki(text: str) -> str:
    escaped = one_line(text).translate(_WIKI)
    return _APOSTROPHES.sub(lambda run: "&#39;" * len(run[0]), escaped)
