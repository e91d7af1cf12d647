"""A letter as a sheet of paper: its text in blocks, each in the direction of its own script."""

import re
from typing import NamedTuple

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .drafting import MARGIN

_ADDRESS = re.compile(r"(https?://\S+)")


class Block(NamedTuple):
    """A paragraph, or words set apart by a margin: those that are quoted."""

    is_quote: bool
    lines: list[SafeString]


def blocks(text: str) -> list[Block]:
    """Return the paragraphs of a letter. An empty line ends one; lines that begin with MARGIN are quoted."""
    found = []
    for part in re.split(r"\n\s*\n", text.strip("\n")):
        lines = [line for line in part.split("\n") if line.strip()]
        if lines:
            is_quote = all(line.startswith(MARGIN) for line in lines)
            found.append(Block(is_quote, [_line(line.strip()) for line in lines]))
    return found


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
