"""The deadline ledger as a table: every date that was in force, and how far each move went."""

from collections.abc import Iterable
from dataclasses import dataclass

from pledges.models import Deadline
from pledges.models.choices import DeadlineKind


@dataclass(frozen=True)
class LedgerLine:
    deadline: Deadline
    moved_days: int | None
    is_in_force: bool

    @property
    def is_correction(self) -> bool:
        return self.deadline.kind == DeadlineKind.CORRECTION


def ledger_lines(ledger: Iterable[Deadline]) -> list[LedgerLine]:
    """Read a ledger, given in its order; `moved_days` counts from the date of the line before."""
    rows = list(ledger)
    lines = []
    for before, row in zip([None, *rows], rows, strict=False):
        moved = (row.latest - before.latest).days if before and before.latest and row.latest else None
        lines.append(LedgerLine(row, moved, row is rows[-1]))
    return lines
