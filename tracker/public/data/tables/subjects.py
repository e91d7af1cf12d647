"""The tables of cases, bodies and sources: what the pledges name."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pledges.models import Body, Case, Source
from pledges.models.choices import BodyKind, SourceKind
from tracker.public.data.columns import BATCH, Column, Table, Type
from tracker.public.feeds import absolute
from tracker.public.moment import Moment


def read(rows: "QuerySet[Any]", moment: Moment) -> Any:  # noqa: ANN401  (rows of three models)
    return rows.order_by("pk").iterator(BATCH)


def read_cases(rows: "QuerySet[Case]", moment: Moment) -> Any:  # noqa: ANN401  (as above)
    return read(rows.prefetch_related("sources"), moment)


CASES: Table[Case] = Table(
    name="cases",
    title=_("Cases"),
    meaning=_("What the pledges answer: one row for each case with a published pledge."),
    key=("slug",),
    select=Case.objects.published,
    read=read_cases,
    columns=(
        Column("slug", _("Its lasting name in addresses, by which pledges name it."), lambda row: row.slug),
        Column("url", _("Its page."), lambda row: absolute(row.get_absolute_url())),
        Column("title", _("What it is called."), lambda row: row.title),
        Column("country", _("Its country: two letters, ISO 3166."), lambda row: row.country),
        Column("summary", _("What happened."), lambda row: row.summary),
        Column(
            "sources",
            _("Their numbers in the table of sources."),
            lambda row: sorted(source.pk for source in row.sources.all()),
            Type.LIST,
            items=Type.NUMBER,
        ),
    ),
)

BODIES: Table[Body] = Table(
    name="bodies",
    title=_("Bodies"),
    meaning=_("Who promised: one row for each institution or office with a published pledge."),
    key=("slug",),
    select=Body.objects.published,
    read=read,
    columns=(
        Column("slug", _("Its lasting name in addresses, by which pledges name it."), lambda row: row.slug),
        Column("url", _("Its page."), lambda row: absolute(row.get_absolute_url())),
        Column("name", _("What it is called."), lambda row: row.name),
        Column("kind", _("What kind of body it is."), lambda row: row.kind, codes=BodyKind.choices),
        Column("country", _("Its country: two letters, ISO 3166."), lambda row: row.country),
        Column("time_zone", _("The clock by which its days end."), lambda row: row.time_zone),
        Column("description", _("What it is and does."), lambda row: row.description),
    ),
)

SOURCES: Table[Source] = Table(
    name="sources",
    title=_("Sources"),
    meaning=_("Where the facts were read: one row for each source that a public page names."),
    key=("id",),
    select=Source.objects.published,
    read=read,
    columns=(
        Column("id", _("The number by which the other tables name it."), lambda row: row.pk, Type.NUMBER),
        Column("title", _("Its title, in its own language."), lambda row: row.title),
        Column("publisher", _("Who published it."), lambda row: row.publisher),
        Column("kind", _("What kind of source it is."), lambda row: row.kind, codes=SourceKind.choices),
        Column("url", _("Its web address."), lambda row: row.url),
        Column("archived_url", _("The address of a stored copy."), lambda row: row.archived_url),
        Column(
            "language",
            _("Its language: the ISO 639 code, or “und” for another one."),
            lambda row: row.language,
        ),
        Column("published_on", _("The day on which it came out."), lambda row: row.published_on, Type.DAY),
    ),
)
