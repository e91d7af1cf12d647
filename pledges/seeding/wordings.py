"""The translations that a seed file gives of a title, a name, a summary or a note, and of what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pledges import record
from pledges.models import Body, Case, Pledge, Wording
from pledges.models.wording import ENTRY
from pledges.wordings import originals

from .desk import Desk
from .problems import telling
from .shapes import BodyWords, CaseWords, PledgeRow, PledgeWords, ReasonWords, UpdateWords

FileWords = BodyWords | CaseWords | PledgeWords
Known = Mapping[tuple[str, str], Wording]


@dataclass(frozen=True)
class Translation:
    """One text of a file in another language, and the words that it translates."""

    field: str
    original: str
    text: str
    row: FileWords | UpdateWords | ReasonWords


def replay_wordings(
    subject: Pledge | Case | Body, original: object, rows: Sequence[FileWords], desk: Desk
) -> None:
    """Record the translations that are new; `original` is the row of the file that they stand in.

    They translate the words of the file: where the record has others, which is told already, none is
    recorded. One that is recorded otherwise is left alone, and told.
    """
    known = {(row.field, row.language): row for row in Wording.objects.of(subject)}
    for row in rows:
        for field in subject.worded:
            text = getattr(row, field)
            stands = getattr(subject, field)
            if text and stands == getattr(original, field):
                _replay(subject, Translation(field, stands, text, row), known, desk)


def replay_entries(pledge: Pledge, row: PledgeRow, desk: Desk) -> None:
    """Record the translations that are new of what happened, of dates and of assessments.

    An entry is found by its words: where the record has others, which is told already, none is recorded.
    """
    lines: list[tuple[str, Sequence[UpdateWords | ReasonWords]]] = [
        *((line.reason, line.translations) for line in (row.deadline, *row.moves)),
        *((line.text, line.translations) for line in row.updates),
        *((line.reason, line.translations) for line in row.assessments),
    ]
    if not any(translations for _original, translations in lines):
        return
    fields: dict[str, list[str]] = {}
    for field, words in originals(pledge).items():
        if field.startswith(ENTRY):
            fields.setdefault(words.text, []).append(field)
    known = {(one.field, one.language): one for one in Wording.objects.of(pledge)}
    for original, translations in lines:
        # Of entries with the same words each has its own.
        field = fields[original].pop(0) if fields.get(original) else ""
        for given in translations if field else ():
            text = given.text if isinstance(given, UpdateWords) else given.reason
            _replay(pledge, Translation(field, original, text, given), known, desk)


def _replay(subject: Pledge | Case | Body, given: Translation, known: Known, desk: Desk) -> None:
    recorded = known.get((given.field, given.row.language))
    # Also one that was taken back: what staff did is not undone from a file.
    if recorded and recorded.original == given.original:
        desk.compare(given.row.place, {"text": given.text}, recorded)
        return
    desk.added["translation"] += 1
    with telling(given.row.place, Wording):
        record.translate(
            subject=subject, field=given.field, language=given.row.language, text=given.text, **desk.stamp
        )
