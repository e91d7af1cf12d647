"""Bodies, cases and sources: the writers of what pledges refer to."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pledges.models import Body, Case, Source
from pledges.models.choices import EventKind
from pledges.models.worded import site_language

from .events import Facts, append, fact, facts_of, lock, require_aware, require_unmoved

BODY_FACTS = ("name", "slug", "kind", "country", "time_zone", "description", "original_language")
CASE_FACTS = ("title", "slug", "country", "summary", "original_language")
SOURCE_FACTS = (
    "title",
    "publisher",
    "kind",
    "url",
    "archived_url",
    "language",
    "published_on",
)
# An address name is printed, cited and linked: it stays.
AMENDABLE = {
    Body: ("name", "kind", "country", "time_zone", "description", "original_language"),
    Case: ("title", "country", "summary", "sources", "original_language"),
    Source: ("title", "publisher", "kind", "archived_url", "language", "published_on"),
}


def subject_facts(subject: Body | Case | Source) -> Facts:
    """Return all that a body, case or source states."""
    if isinstance(subject, Case):
        return facts_of(subject, CASE_FACTS) | {"sources": fact(subject.sources.all())}
    return facts_of(subject, BODY_FACTS if isinstance(subject, Body) else SOURCE_FACTS)


def _slug(text: str, given: str) -> str:
    slug = given or slugify(text)[:80].strip("-")
    if not slug:
        raise ValidationError(
            {"slug": _("This name has no Latin letters. Write an address name such as “moj-sy”.")}
        )
    return slug


def _record(subject: Body | Case | Source, *, actor: User, now: datetime, **relations: Any) -> None:
    require_aware(now)
    subject.created_at = now
    subject.created_by = actor
    subject.full_clean()
    subject.save(force_insert=True)
    for name, rows in relations.items():
        getattr(subject, name).set(rows)
    append(
        subject,
        EventKind.RECORDED,
        subject_facts(subject),
        happened_on=now.date(),
        actor=actor,
        now=now,
    )


@transaction.atomic
def record_body(
    *,
    name: str,
    kind: str,
    country: str,
    time_zone: str,
    actor: User,
    now: datetime,
    slug: str = "",
    description: str = "",
    original_language: str = "",
) -> Body:
    body = Body(
        name=name,
        slug=_slug(name, slug),
        kind=kind,
        country=country,
        time_zone=time_zone,
        description=description,
        original_language=original_language or site_language(),
    )
    _record(body, actor=actor, now=now)
    return body


@transaction.atomic
def record_case(
    *,
    title: str,
    country: str,
    actor: User,
    now: datetime,
    slug: str = "",
    summary: str = "",
    sources: Sequence[Source] = (),
    original_language: str = "",
) -> Case:
    case = Case(
        title=title,
        slug=_slug(title, slug),
        country=country,
        summary=summary,
        original_language=original_language or site_language(),
    )
    _record(case, actor=actor, now=now, sources=sources)
    return case


@transaction.atomic
def record_source(
    *,
    title: str,
    url: str,
    actor: User,
    now: datetime,
    publisher: str = "",
    kind: str = "press",
    archived_url: str = "",
    language: str = "en",
    published_on: date | None = None,
) -> Source:
    source = Source(
        title=title,
        url=url,
        publisher=publisher,
        kind=kind,
        archived_url=archived_url,
        language=language,
        published_on=published_on,
    )
    _record(source, actor=actor, now=now)
    return source


@transaction.atomic
def amend_subject(
    *,
    subject: Body | Case | Source,
    changes: dict[str, Any],
    actor: User,
    now: datetime,
    reason: str = "",
    seen_position: int | None = None,
) -> None:
    """Change fields of a body, case or source; before and after go into its `corrected` event.

    What readers see needs a `reason`, which they see too. A body's time zone may change: it counts for
    pledges recorded later and moves no stored date. Raises ValidationError for a field that is fixed once
    recorded.
    """
    locked = lock(subject)
    require_unmoved(locked, seen_position)
    differences = _differences(locked, changes)
    if not differences:
        return
    if is_public(locked) and not reason.strip():
        words = _("A public page shows this: say why it is corrected. Readers see it.")
        raise ValidationError({"reason": words})
    for name in differences:
        if name == "sources" and isinstance(locked, Case):
            locked.sources.set(changes[name])
        else:
            setattr(locked, name, changes[name])
    locked.full_clean()
    locked.save()
    append(
        locked,
        EventKind.CORRECTED,
        {"changes": differences, "reason": reason.strip()},
        happened_on=now.date(),
        actor=actor,
        now=now,
    )


def is_public(subject: Body | Case | Source) -> bool:
    """Whether a page of the public shows this subject."""
    return type(subject).objects.published().filter(pk=subject.pk).exists()


def _differences(subject: Body | Case | Source, changes: dict[str, Any]) -> dict[str, Facts]:
    present = subject_facts(subject)
    differences = {}
    for name, value in changes.items():
        before, after = present[name], fact(list(value) if name == "sources" else value)
        if before == after:
            continue
        if name not in AMENDABLE[type(subject)]:
            raise ValidationError({name: _("This can't be changed once it is recorded.")})
        differences[name] = {"before": before, "after": after}
    return differences
