"""Letters about the report of the founding case: due 8 April 2025, in Damascus."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from pledges import record
from pledges.models import Pledge, Update
from tests.support.founding import extend, founding_case
from tests.support.records import make_pledge, make_source, make_user
from tracker.letters.drafting import Drafted, compose
from tracker.letters.models import LETTER_LANGUAGES, Letter
from tracker.letters.writing import attach_reply, draft_letter, mark_sent

# 8 April 2025 ends in Damascus at this instant.
LAPSE = datetime(2025, 4, 8, 21, 0, tzinfo=UTC)
NOW = LAPSE + timedelta(hours=12)
TODAY = date(2025, 4, 9)
LANGUAGES = sorted(code for code, _name in LETTER_LANGUAGES)
ISOLATES = "\u2066\u2067\u2068\u2069"


def late_pledge(**fields: Any) -> Pledge:
    """A public pledge that was due on 8 April 2025."""
    fields.setdefault("latest", date(2025, 4, 8))
    return make_pledge(**({"phrase": "", "quote": "A report will be handed in."} | fields))


def make_letter(*, pledge: Pledge | None = None, now: datetime = NOW, **fields: Any) -> Letter:
    pledge = pledge or late_pledge()
    usual: dict[str, Any] = {"body": pledge.bodies.all()[0], "actor": make_user(), "language": "en"}
    return draft_letter(pledge=pledge, now=now, **(usual | fields))


def send(letter: Letter, *, on: date = TODAY, now: datetime = NOW, **fields: Any) -> Letter:
    usual: dict[str, Any] = {"sent_how": "Registered post RR 1", "actor": make_user()}
    return mark_sent(letter=letter, sent_on=on, now=now, **(usual | fields))


def answer(letter: Letter, *, on: date = TODAY, now: datetime = NOW, **fields: Any) -> Letter:
    usual: dict[str, Any] = {"reply_text": "We are working on it."}
    return attach_reply(letter=letter, reply_on=on, now=now, **(usual | fields))


def public_reply(pledge: Pledge, *, on: date = TODAY, now: datetime = NOW, **fields: Any) -> Update:
    usual: dict[str, Any] = {"kind": "reply", "text": "We work on it.", "by_body": pledge.bodies.all()[0]}
    actor = make_user()
    given: dict[str, Any] = {"sources": [make_source(actor=actor, now=now)], "actor": actor, "now": now}
    return record.add_update(pledge=pledge, happened_on=on, **(usual | given | fields))


def draft(pledge: Pledge, *, language: str = "en", now: datetime = NOW, body: Any = None) -> Drafted:
    pledge = Pledge.objects.get(pk=pledge.pk)
    body = body or pledge.bodies.order_by("name")[0]
    earlier = Letter.objects.filter(pledge=pledge, body=body, sent_on__isnull=False).order_by("sent_on")
    return compose(pledge=pledge, body=body, language=language, earlier=list(earlier), now=now)


def plain(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, ISOLATES)))


def said(pledge: Pledge, **fields: Any) -> str:
    """Return subject and text without the marks that keep scripts apart."""
    drafted = draft(pledge, **fields)
    return plain(f"{drafted.subject}\n{drafted.text}")


def moved_report() -> Pledge:
    """Due 8 April 2025, moved on 10 April to 10 July; words in Arabic, with a stored copy of the source."""
    founding = founding_case()
    extend(founding)
    return founding.report
