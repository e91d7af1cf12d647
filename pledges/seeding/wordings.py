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
    lines: list[tuple[str, UpdateWords | ReasonWords, str]] = [
        *(
            (line.reason, words, words.reason)
            for line in (row.deadline, *row.moves)
            for words in line.translations
        ),
        *((line.text, words, words.text) for line in row.updates for words in line.translations),
        *((line.reason, words, words.reason) for line in row.assessments for words in line.translations),
    ]
    if not lines:
        return
    fields = {words.text: field for field, words in originals(pledge).items() if field.startswith(ENTRY)}
    known = {(one.field, one.language): one for one in Wording.objects.of(pledge)}
    for original, words, text in lines:
        if field := fields.get(original):
            _replay(pledge, Translation(field, original, text, words), known, desk)


def _replay(subject: Pledge | Case | Body, given: Translation, known: Known, desk: Desk) -> None:
    recorded = known.get((given.field, given.row.language))
    if recorded and recorded.stands_for(given.original):
        desk.compare(given.row.place, {"text": given.text}, recorded)
        return
    desk.added["translation"] += 1
    with telling(given.row.place, Wording):
        record.translate(
            subject=subject, field=given.field, language=given.row.language, text=given.text, **desk.stamp
        )
