"""A letter as a sheet of paper: its text in blocks, each in the direction of its own script."""

import re
from enum import StrEnum
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .drafting import MARGIN

ITEM = "- "
_ADDRESS = re.compile(r"(https?://\S+)")


class Kind(StrEnum):
    PARAGRAPH = "paragraph"
    # Words set apart by a margin.
    QUOTE = "quote"
    # Lines that begin with a dash.
    ITEMS = "items"


class Block(NamedTuple):
    kind: Kind
    lines: list[SafeString]


def blocks(text: str) -> list[Block]:
    """Return the parts of a letter. An empty line ends one, and so does another kind of line."""
    found: list[Block] = []
    is_new = True
    for line in text.split("\n"):
        kind = _kind(line)
        if line.strip():
            if is_new or found[-1].kind != kind:
                found.append(Block(kind, []))
            found[-1].lines.append(_line(line.strip().removeprefix(ITEM if kind is Kind.ITEMS else "")))
        is_new = not line.strip()
    return found


def _kind(line: str) -> Kind:
    if line.startswith(MARGIN):
        return Kind.QUOTE
    return Kind.ITEMS if line.startswith(ITEM) else Kind.PARAGRAPH


def _line(text: str) -> SafeString:
    """Set web addresses apart: in a line of Arabic their slashes would change sides."""
    pieces = _ADDRESS.split(text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<bdi dir="ltr">{}</bdi>', piece) if place % 2 else piece,)
            for place, piece in enumerate(pieces)
        ),
    )
