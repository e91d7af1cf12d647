"""The record in the words of schema.org, for search engines and programs.

Nothing in it changes with the clock: copies of it are kept for long, and none may call a pledge late.
"""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from pledges.models import Body, Case, Pledge, Source
from pledges.models.choices import BodyKind, Precision
from tracker.public.data.tables import TABLES
from tracker.public.data.writers import CONTENT_TYPES
from tracker.public.feeds import absolute, site_title

from .subjects import Subject

Node = dict[str, Any]
CONTEXT = "https://schema.org"
# What HTML could take for the end of the block, and what old readers of JSON could take for a line's end.
ESCAPES = {ord(letter): f"\\u{ord(letter):04x}" for letter in "<>&\u2028\u2029"}
DIGITS = {Precision.YEAR: 4, Precision.MONTH: 7}


def block(node: Node) -> SafeString:
    """Return a data block for a page. Browsers never run it, so the policy against scripts stands."""
    text = json.dumps(node, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308 - escaped above


def about(subject: Subject) -> Node:
    """Describe a subject. A pledge needs its case, bodies, source and deadline in force loaded."""
    return {"@context": CONTEXT} | _described(subject)


def about_site() -> Node:
    return {"@context": CONTEXT, "@graph": [_site(), _record()]}


def about_record() -> Node:
    return {"@context": CONTEXT} | _record()


def _site() -> Node:
    home = absolute(reverse("public:overview"))
    return {"@type": "WebSite", "@id": home, "url": home, "name": site_title()}


def _record() -> Node:
    """Describe the whole record as data: who makes it, on which terms, and its files."""
    home, licence = absolute(reverse("public:overview")), settings.TRACKER_DATA_LICENCE
    return {
        "@type": "Dataset",
        "@id": absolute(reverse("public:data")),
        "name": _("%(site)s: official pledges") % {"site": site_title()},
        "description": promise(),
        "url": absolute(reverse("public:pledges")),
        "isAccessibleForFree": True,
        "license": licence.url,
        "creator": {"@type": "Organization", "name": site_title(), "url": home},
        "distribution": list(_files()),
    }


def _files() -> Iterator[Node]:
    yield _download(_("Everything"), "xlsx", reverse("public:data_record"))
    for table in TABLES.values():
        for kind in CONTENT_TYPES:
            yield _download(str(table.title), kind, reverse(f"public:data_{kind}", args=[table.name]))


def _download(name: str, kind: str, path: str) -> Node:
    return {
        "@type": "DataDownload",
        "name": name,
        "contentUrl": absolute(path),
        "encodingFormat": CONTENT_TYPES[kind].partition(";")[0],
    }


def promise() -> str:
    """Say what the record is."""
    return _(
        "What officials publicly promised, in their own words or as reported, with the source, the due date,"
        " every move of it, and what public evidence shows came of it."
    )


def _described(subject: Subject) -> Node:
    if isinstance(subject, Pledge):
        return _pledge(subject)
    return _case(subject) if isinstance(subject, Case) else _body(subject)


def _known(node: Node) -> Node:
    """Leave out what is not on record."""
    return {name: value for name, value in node.items() if value}


def _pledge(pledge: Pledge) -> Node:
    """Describe the words. Only words that were said in this form are a quotation of somebody."""
    address = absolute(pledge.get_absolute_url())
    facts = {
        "@type": "Quotation" if pledge.is_verbatim else "CreativeWork",
        "@id": address,
        "url": address,
        "identifier": pledge.reference,
        "name": pledge.title,
        "text" if pledge.is_verbatim else "abstract": pledge.quote,
        "inLanguage": _language(pledge.quote_language),
        # Whether it is an office or a person the source may not say: so it is a name, and no more.
        "spokenByCharacter": pledge.speaker if pledge.is_verbatim else "",
        "creditText": pledge.speaker,
        "dateCreated": _day(pledge.made_on, pledge.made_on_precision),
        "temporalCoverage": _period(pledge),
        "datePublished": pledge.published_at.isoformat() if pledge.published_at else "",
        "workTranslation": _translation(pledge),
        "citation": _source(pledge.source),
        "about": [_body(body) for body in pledge.bodies.all()],
        "isPartOf": _case(pledge.case),
    }
    return _known(facts)


def _period(pledge: Pledge) -> str:
    """Return from when to when the promise runs by the date in force, as ISO 8601 writes it."""
    due = pledge.due_on
    return f"{_day(pledge.made_on, pledge.made_on_precision)}/{due.isoformat()}" if due else ""


def _day(value: date, precision: str) -> str:
    return value.isoformat()[: DIGITS.get(Precision(precision), 10)]


def _language(code: str) -> str:
    return "" if code == "und" else code


def _translation(pledge: Pledge) -> Node | None:
    if not pledge.quote_translation:
        return None
    facts = {
        "@type": "CreativeWork",
        "text": pledge.quote_translation,
        "inLanguage": _language(pledge.translation_language),
    }
    return _known(facts)


def _source(source: Source) -> Node:
    facts = {
        "@type": "CreativeWork",
        "name": source.title,
        # The stored copy first: who follows one link should not depend on the other.
        "archivedAt": source.archived_url,
        "url": source.url,
        "publisher": {"@type": "Organization", "name": source.publisher} if source.publisher else "",
        "datePublished": source.published_on.isoformat() if source.published_on else "",
        "inLanguage": _language(source.language),
    }
    return _known(facts)


def _case(case: Case) -> Node:
    address = absolute(case.get_absolute_url())
    facts = {
        "@type": "CollectionPage",
        "@id": address,
        "url": address,
        "name": case.title,
        "description": case.summary,
        "contentLocation": _country(case.country),
    }
    return _known(facts)


def _body(body: Body) -> Node:
    address = absolute(body.get_absolute_url())
    is_of_a_state = body.kind != BodyKind.OTHER
    facts = {
        "@type": "GovernmentOrganization" if is_of_a_state else "Organization",
        "@id": address,
        "name": body.name,
        "description": body.description,
        "mainEntityOfPage": address,
        "areaServed": _country(body.country),
    }
    return _known(facts)


def _country(code: str) -> Node:
    return {"@type": "Country", "identifier": code}
