"""Cases and bodies as answers: by name within other answers, in lists, and whole."""

from pledges.models import Body, Case
from pledges.models.choices import BodyKind
from tracker.public.tally import numbers_of

from .answer import Address, Answer, Listing, OurWords, api_address, name_of, ours, site_address
from .sources import SourceAnswer


class CaseName(Answer):
    """A case, named within another answer."""

    slug: str
    """Its address name, which the `case` filter takes."""
    title: OurWords
    """Its title."""
    address: Address
    """Where the whole of it is."""

    @classmethod
    def of(cls, case: Case) -> "CaseName":
        return cls(slug=case.slug, title=name_of(case), address=api_address("case", case.slug))


class BodyName(Answer):
    """A responsible body, named within another answer."""

    slug: str
    """Its address name, which the `body` filter takes."""
    name: OurWords
    """Its name."""
    address: Address
    """Where the whole of it is."""

    @classmethod
    def of(cls, body: Body) -> "BodyName":
        return cls(slug=body.slug, name=name_of(body), address=api_address("body", body.slug))


class Numbers(Answer):
    """How many published pledges something has."""

    pledges: int
    """All of them, or where they are capped: 10,000, in a list 200."""
    is_capped: bool
    """Whether there are more than `pledges`."""
    overdue: int | None
    """Those that are overdue or long overdue; null where not all were counted."""

    @classmethod
    def of(cls, subject: Case | Body) -> "Numbers":
        counted = numbers_of(subject)
        number = counted.pledges
        return cls(pledges=number.number, is_capped=number.is_capped, overdue=counted.overdue)


class SubjectLinks(Answer):
    """Where there is more."""

    pledges: Address
    """Its pledges, in this API."""
    page: Address
    """Its page, in the language asked for."""
    feed: Address
    """Its Atom feed."""
    calendar: Address
    """Its due dates as a calendar file."""


class CaseRow(CaseName):
    """A case: what pledges answer."""

    country: str
    """Code of its country (ISO 3166)."""
    summary: OurWords | None
    """What happened; null where nobody wrote it."""
    numbers: Numbers
    """How many pledges answer it."""
    links: SubjectLinks
    """Its pledges, its page, its feed and its calendar."""

    @classmethod
    def row(cls, case: Case) -> "CaseRow":
        return cls(
            **dict(CaseName.of(case)),
            country=case.country,
            summary=ours(case, "summary"),
            numbers=Numbers.of(case),
            links=_links("case", case.slug),
        )


class CaseAnswer(CaseRow):
    """A case with its sources."""

    sources: list[SourceAnswer]
    """Where it can be read."""

    @classmethod
    def whole(cls, case: Case) -> "CaseAnswer":
        sources = [SourceAnswer.of(each) for each in case.sources.all()]
        return cls(**dict(CaseRow.row(case)), sources=sources)


class BodyAnswer(BodyName):
    """A responsible body: an institution or office."""

    kind: BodyKind
    """What sort of body it is."""
    kind_label: str
    """The same in words, in the language asked for."""
    country: str
    """Code of its country (ISO 3166)."""
    time_zone: str
    """IANA name. Its days decide when a pledge is late."""
    description: OurWords | None
    """About it; null where nobody wrote it."""
    numbers: Numbers
    """How many pledges it has."""
    links: SubjectLinks
    """Its pledges, its page, its feed and its calendar."""

    @classmethod
    def whole(cls, body: Body) -> "BodyAnswer":
        kind = BodyKind(body.kind)
        return cls(
            **dict(BodyName.of(body)),
            kind=kind,
            kind_label=str(kind.label),
            country=body.country,
            time_zone=body.time_zone,
            description=ours(body, "description"),
            numbers=Numbers.of(body),
            links=_links("body", body.slug),
        )


class CaseList(Listing):
    """Cases by title."""

    items: list[CaseRow]
    """The cases of this page."""


class BodyList(Listing):
    """Bodies by name."""

    items: list[BodyAnswer]
    """The bodies of this page."""


def _links(kind: str, slug: str) -> SubjectLinks:
    return SubjectLinks(
        pledges=f"{api_address('pledges')}?{kind}={slug}",
        page=site_address(kind, slug),
        feed=site_address(f"feed_{kind}", slug),
        calendar=site_address(f"ical_{kind}", slug),
    )
