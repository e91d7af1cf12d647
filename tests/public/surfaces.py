"""All that the site says in public, in every language: each answer whole, with its headers, unpacked."""

import io
import zipfile
from urllib.parse import urlencode

from django.conf import settings
from django.test import Client

from pledges.models import Body, Case, Checkpoint, Pledge
from tests.public.addresses import (
    API,
    MACHINES,
    api_addresses,
    in_each_language,
    oembed_addresses,
    subject_addresses,
    without_versions,
)
from tests.public.data.files import FILES

PREFIXES = tuple("" if code == settings.LANGUAGE_CODE else f"/{code}" for code, _name in settings.LANGUAGES)
# None of them is the marker itself, which a page may repeat to whoever asks for it.
SEARCHED = ("title", "quote", "translation", "titl", "quote title")


def queries() -> list[str]:
    """Searches that a draft would answer, in every order, and filters that name what only drafts name."""
    words = [{"words": words} for words in SEARCHED]
    words += [{"words": SEARCHED[0], "order": order} for order in ("best", "newest", "due")]
    named = [{"case": case.slug} for case in Case.objects.order_by("pk")]
    named += [{"body": body.slug} for body in Body.objects.order_by("pk")]
    clock = [{"timeliness": "overdue"}, {"status": "in_progress"}, {"action": "report", "order": "due"}]
    return [urlencode(each) for each in words + named + clock]


def followed() -> list[str]:
    """The form to follow each pledge, case and body by mail: it names what is followed."""
    names = [f"pledge:{pledge.reference}" for pledge in Pledge.objects.order_by("pk")]
    names += [f"case:{case.slug}" for case in Case.objects.order_by("pk")]
    names += [f"body:{body.slug}" for body in Body.objects.order_by("pk")]
    return [f"/follow/?{urlencode({'what': name})}" for name in names]


def surfaces() -> list[str]:
    """Every address, of what is public and of what is not."""
    localised = [*in_each_language(), *FILES, *followed(), *(f"/pledges/?{query}" for query in queries())]
    localised += [f"/checkpoints/{each.number}.json" for each in Checkpoint.objects.all()]
    # Without the last slash: an address that answers with another one.
    localised += [page.rstrip("/") for page in subject_addresses() if page.endswith("/")]
    api = [*api_addresses(), *(f"{API}/pledges?{query}" for query in queries())]
    spoken = [
        f"{address}{'&' if '?' in address else '?'}lang={code}"
        for address in api
        for code, _name in settings.LANGUAGES
    ]
    once = [*MACHINES, *oembed_addresses(), *spoken, f"{API}/openapi.json", "/healthz", "/readyz"]
    return [f"{prefix}{address}" for prefix in PREFIXES for address in localised] + once


def said(client: Client, address: str) -> str:
    """Return the whole answer as text: headers, body, the parts of a packed file; not what it repeats."""
    answer = client.get(address)
    body: bytes = answer.getvalue()
    text = _unpacked(body) if body.startswith(b"PK") else body.decode(errors="replace")
    headers = "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    return _without(address, f"{answer.status_code}\n{headers}\n\n{without_versions(text)}")


def _unpacked(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return "\n".join(packed.read(name).decode() for name in packed.namelist())


def _without(address: str, text: str) -> str:
    """Leave out the address that was asked for, and the value of what was not understood in it."""
    path, _mark, query = address.partition("?")
    for echo in (address, path, *(each.partition("=")[2] for each in query.split("&"))):
        if len(echo) > 3:  # "/" and the like are nobody's secret, and all over the place.
            text = text.replace(echo, "")
    return text
