"""A small seed file to start from, and ways to change it."""

from pathlib import Path

SMALL = """\
sources:
  - id: decree
    title: The decree
    url: https://news.example/decree
  - id: extension
    title: The extension
    url: https://news.example/extension
  - id: findings
    title: The findings
    url: https://news.example/findings
bodies:
  - slug: commission
    name: Commission
    kind: commission
    country: SY
    time_zone: Asia/Damascus
cases:
  - slug: coast
    title: Coast
    country: SY
    sources: [decree]
pledges:
  - reference: SY-2025-0001
    title: Hand in the report
    quote: at most thirty days after the decision
    quote_form: reported
    bodies: [commission]
    case: coast
    action: report
    made_on: 2025-03-09
    source: decree
    deadline:
      phrase: thirty days
      anchor_on: 2025-03-09
      latest: 2025-04-08
    updates:
      - id: presented
        kind: fulfilment
        happened_on: 2025-07-22
        text: The findings are presented.
        sources: [findings]
    assessments:
      - status: in_progress
        effective_on: 2025-03-11
        reason: It is at work.
        sources: [decree]
  - reference: SY-2025-0002
    title: Hold to account
    quote: whoever took part
    quote_form: reported
    bodies: [commission]
    case: coast
    action: prosecute
    made_on: 2025-03-09
    source: decree
    publish: false
    deadline:
      no_date_reason: not_stated
"""
MOVE = """\
    moves:
      - phrase: three months
        anchor_on: 2025-04-10
        latest: 2025-07-10
        announced_on: 2025-04-10
        source: extension
"""
UPDATE = """\
      - kind: progress
        happened_on: 2025-03-11
        text: First press conference.
        sources: [decree]
"""
ASSESSMENT = """\
      - status: fulfilled
        effective_on: 2025-07-22
        reason: The findings were presented.
        updates: [presented]
"""


def write(folder: Path, text: str = SMALL, name: str = "small.yaml") -> Path:
    file = folder / name
    file.write_text(text, "utf-8")
    return file


def swap(text: str, old: str, new: str) -> str:
    """Replace the first `old`, which must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


def grown(text: str = SMALL) -> str:
    """The file with an extension, an earlier update and a second assessment more."""
    text = swap(text, "    updates:\n", MOVE + "    updates:\n" + UPDATE)
    return swap(text, "  - reference: SY-2025-0002", ASSESSMENT + "  - reference: SY-2025-0002")
