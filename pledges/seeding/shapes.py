"""What a seed file may hold. A field without a default must be written; see `seeds/README.md`."""

from dataclasses import dataclass
from datetime import date

from .problems import Place


@dataclass(frozen=True, kw_only=True)
class Row:
    place: Place


@dataclass(frozen=True, kw_only=True)
class SourceRow(Row):
    id: str
    title: str
    url: str
    publisher: str = ""
    kind: str = "press"
    language: str = "en"
    published_on: date | None = None
    archived_url: str = ""


@dataclass(frozen=True, kw_only=True)
class BodyWords(Row):
    language: str
    name: str = ""
    description: str = ""


@dataclass(frozen=True, kw_only=True)
class CaseWords(Row):
    language: str
    title: str = ""
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class PledgeWords(Row):
    language: str
    title: str = ""
    quote: str = ""
    speaker: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class UpdateWords(Row):
    language: str
    text: str


@dataclass(frozen=True, kw_only=True)
class ReasonWords(Row):
    language: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BodyRow(Row):
    slug: str
    name: str
    kind: str
    country: str
    time_zone: str
    description: str = ""
    original_language: str = "en"
    translations: tuple[BodyWords, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CaseRow(Row):
    slug: str
    title: str
    country: str
    summary: str = ""
    sources: tuple[str, ...] = ()
    original_language: str = "en"
    translations: tuple[CaseWords, ...] = ()


@dataclass(frozen=True, kw_only=True)
class DeadlineRow(Row):
    phrase: str = ""
    phrase_language: str = "en"
    anchor_on: date | None = None
    anchor_label: str = ""
    earliest: date | None = None
    latest: date | None = None
    precision: str = "day"
    no_date_reason: str = ""
    source: str = ""
    source_locator: str = ""
    announced_by: str = ""
    agreement: str = ""
    reason: str = ""
    translations: tuple[ReasonWords, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MoveRow(DeadlineRow):
    announced_on: date
    source: str
    kind: str = "extension"


@dataclass(frozen=True, kw_only=True)
class UpdateRow(Row):
    kind: str
    happened_on: date
    text: str
    sources: tuple[str, ...]
    happened_on_precision: str = "day"
    language: str = "en"
    id: str = ""
    translations: tuple[UpdateWords, ...] = ()


@dataclass(frozen=True, kw_only=True)
class AssessmentRow(Row):
    status: str
    effective_on: date
    reason: str
    updates: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    translations: tuple[ReasonWords, ...] = ()


@dataclass(frozen=True, kw_only=True)
class PledgeRow(Row):
    reference: str
    title: str
    quote: str
    quote_form: str
    action: str
    made_on: date
    case: str
    bodies: tuple[str, ...]
    source: str
    deadline: DeadlineRow
    quote_language: str = "en"
    quote_translation: str = ""
    translation_language: str = "en"
    speaker: str = ""
    made_on_precision: str = "day"
    source_locator: str = ""
    other_sources: tuple[str, ...] = ()
    note: str = ""
    follows: str = ""
    parent: str = ""
    publish: bool = True
    original_language: str = "en"
    translations: tuple[PledgeWords, ...] = ()
    moves: tuple[MoveRow, ...] = ()
    updates: tuple[UpdateRow, ...] = ()
    assessments: tuple[AssessmentRow, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeedFile(Row):
    sources: tuple[SourceRow, ...] = ()
    bodies: tuple[BodyRow, ...] = ()
    cases: tuple[CaseRow, ...] = ()
    pledges: tuple[PledgeRow, ...] = ()
