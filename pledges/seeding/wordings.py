"""The translations that a seed file gives of a title, a name, a summary or a note."""

from collections.abc import Sequence

from pledges import record
from pledges.models import Body, Case, Pledge, Wording

from .desk import Desk
from .problems import telling
from .shapes import BodyWords, CaseWords, PledgeWords

FileWords = BodyWords | CaseWords | PledgeWords


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
            if text and getattr(subject, field) == getattr(original, field):
                _replay(subject, field, row, known.get((field, row.language)), desk)


def _replay(
    subject: Pledge | Case | Body, field: str, row: FileWords, recorded: Wording | None, desk: Desk
) -> None:
    text = getattr(row, field)
    if recorded and recorded.stands_for(subject):
        desk.compare(row.place, {"text": text}, recorded)
        return
    desk.added["translation"] += 1
    with telling(row.place, Wording):
        record.translate(subject=subject, field=field, language=row.language, text=text, **desk.stamp)
