"""Sources as answers."""

from datetime import date

from pledges.models import Source
from pledges.models.choices import SourceKind

from .answer import Answer


class SourceAnswer(Answer):
    """Where a fact was read: enough to find it again without us."""

    title: str
    """As the source names itself, in `language`."""
    language: str
    """Code of its language."""
    publisher: str
    """Who published it; empty where none is named."""
    kind: SourceKind
    """What sort of source it is."""
    kind_label: str
    """The same in words, in the language asked for."""
    url: str
    """The live page."""
    stored_copy_url: str | None
    """A stored copy of it; null where there is none yet."""
    published_on: date | None
    """Its own date."""
    locator: str
    """Page, paragraph or minute; empty where none is named."""

    @classmethod
    def of(cls, source: Source, locator: str = "") -> "SourceAnswer":
        kind = SourceKind(source.kind)
        return cls(
            title=source.title,
            language=source.language,
            publisher=source.publisher,
            kind=kind,
            kind_label=str(kind.label),
            url=source.url,
            stored_copy_url=source.archived_url or None,
            published_on=source.published_on,
            locator=locator,
        )
