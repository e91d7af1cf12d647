"""Which optional parts of the suite ran: kept in a file between pytest and `manage.py test`."""

import os
from dataclasses import dataclass, field
from pathlib import Path

VARIABLE = "TRACKER_TEST_REPORT"
PARTS = ("browser", "nginx", "redis", "smtp", "worker")
RAN, MISSING = "ran", "missing"


@dataclass
class Report:
    """The names of the parts that ran, and for each one that could not why, and how to get it."""

    ran: set[str] = field(default_factory=set)
    missing: dict[str, str] = field(default_factory=dict)

    @property
    def absent(self) -> list[str]:
        """The parts of which no test ran, whatever the cause."""
        return [part for part in PARTS if part not in self.ran]


def note_ran(part: str) -> None:
    _note(RAN, part, "")


def note_missing(part: str, reason: str) -> None:
    _note(MISSING, part, reason)


def _note(kind: str, part: str, words: str) -> None:
    path = os.environ.get(VARIABLE)
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(f"{kind}\t{part}\t{words}\n")


def read(path: Path) -> Report:
    """Return what the runs so far have noted; an absent file is an empty report."""
    report = Report()
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        kind, part, words = line.split("\t")
        if kind == RAN:
            report.ran.add(part)
        else:
            report.missing[part] = words
    return report
